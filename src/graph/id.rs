//! Identities of names and of sets of labels, as newtypes, and the direction of a step.

use serde::{Deserialize, Serialize};

/// A label's place in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LabelId(pub u16);

/// A relationship type's place in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RelationshipTypeId(pub u16);

/// A property key's place in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PropertyKeyId(pub u32);

/// A set of labels that some node has had, as one number; the empty set is [`LabelSetId::EMPTY`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LabelSetId(pub u32);

impl LabelSetId {
    /// The set without labels.
    pub const EMPTY: LabelSetId = LabelSetId(0);
}

/// Which way relationships are walked from a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// From start to end.
    Outgoing,
    /// From end to start.
    Incoming,
    /// Both ways; a relationship from a node to itself counts once.
    Both,
}

impl Direction {
    /// Returns the direction as seen from the other end.
    pub fn reversed(self) -> Direction {
        match self {
            Direction::Outgoing => Direction::Incoming,
            Direction::Incoming => Direction::Outgoing,
            Direction::Both => Direction::Both,
        }
    }
}
