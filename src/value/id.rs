//! Identities of graph elements: a slot each, as newtypes so that they cannot be mixed up.

use serde::{Deserialize, Serialize};

/// The slot of a node in its graph; stable for the node's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The slot that no node has; stands for null in dense columns of ids.
    pub const NONE: NodeId = NodeId(u32::MAX);
}

/// The slot of a relationship in its graph; stable for the relationship's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RelationshipId(pub u32);

impl RelationshipId {
    /// The slot that no relationship has; stands for null in dense columns of ids.
    pub const NONE: RelationshipId = RelationshipId(u32::MAX);
}
