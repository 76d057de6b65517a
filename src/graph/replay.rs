//! Doing changes again: from a snapshot and the changes of a transaction that began on it, the snapshot that it ended with.

use std::sync::Arc;

use super::change::Change;
use super::error::GraphError;
use super::id::LabelId;
use super::relationships::RelationshipRecord;
use super::snapshot::Snapshot;
use super::transaction::Transaction;

impl Snapshot {
    /// Returns the snapshot that a committed transaction made of this one, by its changes.
    ///
    /// # Errors
    /// If the changes do not fit this snapshot.
    pub fn replay(&self, changes: &[Change]) -> Result<Snapshot, GraphError> {
        let mut transaction = Transaction::begin(self.clone());
        for change in changes {
            transaction.redo(change)?;
        }
        // Whoever wrote has asked.
        transaction.state().unchecked = Arc::default();
        Ok(transaction.commit()?.0)
    }
}

impl Transaction {
    fn redo(&mut self, change: &Change) -> Result<(), GraphError> {
        match change {
            Change::Label(name) => self.label(name).map(drop),
            Change::RelationshipType(name) => self.relationship_type(name).map(drop),
            Change::PropertyKey(name) => self.property_key(name).map(drop),
            Change::Schema(schema) => self.put_schema(schema.as_ref().clone()),
            Change::CreateIndex(definition) => self.create_index(definition.clone()),
            Change::DropIndex(name) => self.drop_index(name),
            Change::CreateNode { node, labels } => {
                self.redo_node(*node, labels);
                self.record(change.clone());
                Ok(())
            }
            Change::CreateRelationship { relationship, kind, start, end } => {
                let record = RelationshipRecord { kind: *kind, start: *start, end: *end };
                self.check_node(*start)?;
                self.check_node(*end)?;
                let state = self.state();
                state.relationships.create_at(*relationship, record);
                state.connect(*kind, *start, *end, *relationship);
                self.record(change.clone());
                Ok(())
            }
            Change::DeleteNode(node) => self.delete_node(*node),
            Change::DeleteRelationship(relationship) => self.delete_relationship(*relationship),
            Change::SetNodeProperty { node, key, value } => self.set_node_property(*node, *key, value.clone()),
            Change::SetRelationshipProperty { relationship, key, value } => {
                self.set_relationship_property(*relationship, *key, value.clone())
            }
            Change::AddLabel { node, label } => self.add_label(*node, *label),
            Change::RemoveLabel { node, label } => self.remove_label(*node, *label),
            Change::AddClaim { claim, record } => self.put_claim(*claim, record.as_ref().clone()),
            Change::RetractClaim(claim) => self.retract_claim(*claim),
        }
    }

    fn redo_node(&mut self, node: crate::value::NodeId, labels: &[LabelId]) {
        let state = self.state();
        let set = match state.label_sets.find(labels) {
            Some(set) => set,
            None => Arc::make_mut(&mut state.label_sets).intern(labels),
        };
        state.nodes.create_at(node, set);
        state.counts.change_nodes(set, 1);
    }
}
