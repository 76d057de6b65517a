//! Changes: what a transaction did, one by one and in order, so that a log can do it again.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::knowledge::{ClaimId, Schema};
use crate::value::{NodeId, RelationshipId, Value};

use super::claims::ClaimRecord;
use super::definition::IndexDefinition;
use super::id::{LabelId, PropertyKeyId, RelationshipTypeId};

/// One change. Applied in order to the snapshot that the transaction began from, changes give the snapshot that it ended with.
#[derive(Clone, Debug)]
pub enum Change {
    /// A label got the next id.
    Label(SmolStr),
    /// A relationship type got the next id.
    RelationshipType(SmolStr),
    /// A property key got the next id.
    PropertyKey(SmolStr),
    /// A schema was declared.
    Schema(Arc<Schema>),
    /// An index or constraint was made.
    CreateIndex(IndexDefinition),
    /// An index or constraint was dropped.
    DropIndex(SmolStr),
    /// A node was made.
    CreateNode {
        /// Its slot.
        node: NodeId,
        /// Its labels.
        labels: Vec<LabelId>,
    },
    /// A node was deleted.
    DeleteNode(NodeId),
    /// A relationship was made.
    CreateRelationship {
        /// Its slot.
        relationship: RelationshipId,
        /// Its type.
        kind: RelationshipTypeId,
        /// The node it starts at.
        start: NodeId,
        /// The node it ends at.
        end: NodeId,
    },
    /// A relationship was deleted.
    DeleteRelationship(RelationshipId),
    /// A node's property was set, or taken away by null.
    SetNodeProperty {
        /// The node.
        node: NodeId,
        /// The key.
        key: PropertyKeyId,
        /// The value.
        value: Value,
    },
    /// A relationship's property was set, or taken away by null.
    SetRelationshipProperty {
        /// The relationship.
        relationship: RelationshipId,
        /// The key.
        key: PropertyKeyId,
        /// The value.
        value: Value,
    },
    /// A node got a label.
    AddLabel {
        /// The node.
        node: NodeId,
        /// The label.
        label: LabelId,
    },
    /// A node lost a label.
    RemoveLabel {
        /// The node.
        node: NodeId,
        /// The label.
        label: LabelId,
    },
    /// A claim was added.
    AddClaim {
        /// Its id.
        claim: ClaimId,
        /// What it says.
        record: Box<ClaimRecord>,
    },
    /// A claim was retracted.
    RetractClaim(ClaimId),
}

/// How often a transaction did what, as a statement's summary tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteCounters {
    /// Nodes made.
    pub nodes_created: u64,
    /// Nodes deleted.
    pub nodes_deleted: u64,
    /// Relationships made.
    pub relationships_created: u64,
    /// Relationships deleted.
    pub relationships_deleted: u64,
    /// Properties set or taken away.
    pub properties_set: u64,
    /// Labels added to nodes, those of new nodes included.
    pub labels_added: u64,
    /// Labels taken from nodes.
    pub labels_removed: u64,
    /// Indexes made.
    pub indexes_added: u64,
    /// Indexes dropped.
    pub indexes_removed: u64,
    /// Constraints made.
    pub constraints_added: u64,
    /// Constraints dropped.
    pub constraints_removed: u64,
    /// Claims added.
    pub claims_added: u64,
    /// Claims retracted.
    pub claims_retracted: u64,
}

impl WriteCounters {
    /// Says whether anything was counted.
    pub fn any(&self) -> bool {
        *self != WriteCounters::default()
    }

    /// Returns what both counted together.
    pub fn plus(&self, other: &WriteCounters) -> WriteCounters {
        WriteCounters {
            nodes_created: self.nodes_created + other.nodes_created,
            nodes_deleted: self.nodes_deleted + other.nodes_deleted,
            relationships_created: self.relationships_created + other.relationships_created,
            relationships_deleted: self.relationships_deleted + other.relationships_deleted,
            properties_set: self.properties_set + other.properties_set,
            labels_added: self.labels_added + other.labels_added,
            labels_removed: self.labels_removed + other.labels_removed,
            indexes_added: self.indexes_added + other.indexes_added,
            indexes_removed: self.indexes_removed + other.indexes_removed,
            constraints_added: self.constraints_added + other.constraints_added,
            constraints_removed: self.constraints_removed + other.constraints_removed,
            claims_added: self.claims_added + other.claims_added,
            claims_retracted: self.claims_retracted + other.claims_retracted,
        }
    }

    /// Returns what was counted since an earlier state of the same counters.
    pub fn since(&self, earlier: &WriteCounters) -> WriteCounters {
        WriteCounters {
            nodes_created: self.nodes_created - earlier.nodes_created,
            nodes_deleted: self.nodes_deleted - earlier.nodes_deleted,
            relationships_created: self.relationships_created - earlier.relationships_created,
            relationships_deleted: self.relationships_deleted - earlier.relationships_deleted,
            properties_set: self.properties_set - earlier.properties_set,
            labels_added: self.labels_added - earlier.labels_added,
            labels_removed: self.labels_removed - earlier.labels_removed,
            indexes_added: self.indexes_added - earlier.indexes_added,
            indexes_removed: self.indexes_removed - earlier.indexes_removed,
            constraints_added: self.constraints_added - earlier.constraints_added,
            constraints_removed: self.constraints_removed - earlier.constraints_removed,
            claims_added: self.claims_added - earlier.claims_added,
            claims_retracted: self.claims_retracted - earlier.claims_retracted,
        }
    }
}
