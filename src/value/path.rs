//! Paths: alternating nodes and relationships in walking order.

use super::{NodeId, RelationshipId};

/// A path of `n` relationships and `n + 1` nodes, in walking order.
///
/// Whether a relationship was walked along or against its direction follows from its own start and end in the graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The nodes, one more than relationships.
    pub nodes: Vec<NodeId>,
    /// The relationships between neighbouring nodes.
    pub relationships: Vec<RelationshipId>,
}

impl Path {
    /// Returns a path, checking that nodes and relationships alternate.
    pub fn new(nodes: Vec<NodeId>, relationships: Vec<RelationshipId>) -> Self {
        assert_eq!(nodes.len(), relationships.len() + 1, "a path has one node more than relationships");
        Path { nodes, relationships }
    }
}
