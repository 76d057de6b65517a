//! Pictures of a graph: its schema, or what lies around one node, as boxes and arrows; drawn as DOT (graphviz) or Mermaid.

mod around;
mod dot;
mod mermaid;
mod schema;

use smol_str::SmolStr;

pub(super) use around::around;
pub(super) use dot::dot;
pub(super) use mermaid::mermaid;
pub(super) use schema::schema;

/// What is drawn around a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// The id or name of the node in the middle.
    pub name: String,
    /// How many steps away is still drawn.
    pub depth: usize,
}

/// A picture before it is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Picture {
    /// The boxes.
    pub(super) boxes: Vec<Box>,
    /// The arrows.
    pub(super) arrows: Vec<Arrow>,
    /// What is not in it, in words.
    pub(super) left_out: Vec<String>,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Box {
    /// What is written large.
    pub(super) title: String,
    /// What is written beside it.
    pub(super) subtitle: String,
    /// What it is made up of, a line each.
    pub(super) kinds: Vec<String>,
    /// What is written below, a line each.
    pub(super) lines: Vec<String>,
    /// Boxes of one group have one colour.
    pub(super) group: usize,
    /// Whether it is the one in the middle.
    pub(super) is_middle: bool,
}

/// An arrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrow {
    /// The place of the box that it starts at.
    pub(super) from: usize,
    /// The place of the box that it ends at.
    pub(super) to: usize,
    /// What is written at it, a line each.
    pub(super) lines: Vec<SmolStr>,
}
