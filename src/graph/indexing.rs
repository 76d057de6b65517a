//! Making, dropping and reading indexes and constraints.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::value::{NodeId, Value};

use super::catalogue::{IndexDefinition, IndexKind, IndexTarget};
use super::change::Change;
use super::error::GraphError;
use super::id::{LabelId, PropertyKeyId};
use super::index::{Bound, Index, not_unique};
use super::snapshot::Snapshot;
use super::state::State;
use super::transaction::Transaction;

impl Snapshot {
    /// Says whether an index orders the nodes of a label by a property.
    pub fn has_index(&self, label: LabelId, key: PropertyKeyId) -> bool {
        self.state.indexes.find(IndexTarget::Node(label), key).is_some()
    }

    /// Says whether every node of a label has its own value of a property, by constraint.
    pub fn is_unique(&self, label: LabelId, key: PropertyKeyId) -> bool {
        let definitions = self.catalogue().indexes().iter();
        let wanted = (IndexTarget::Node(label), key, IndexKind::Unique);
        definitions.map(|definition| (definition.target, definition.key, definition.kind)).any(|one| one == wanted)
    }

    /// Returns the nodes of a label whose property equals a value, ascending; none if there is no index.
    pub fn index_seek(&self, label: LabelId, key: PropertyKeyId, value: &Value) -> Vec<u32> {
        self.read_index(label, key, |index| index.seek(value))
    }

    /// Returns the nodes of a label whose property lies between two bounds, in order of value; none if there is no index.
    pub fn index_range(&self, label: LabelId, key: PropertyKeyId, low: Bound<'_>, high: Bound<'_>) -> Vec<u32> {
        self.read_index(label, key, |index| index.range(low, high))
    }

    /// Returns the nodes of a label whose property is a string that begins so, in order of value; none if there is no index.
    pub fn index_prefix(&self, label: LabelId, key: PropertyKeyId, prefix: &str) -> Vec<u32> {
        self.read_index(label, key, |index| index.prefix(prefix))
    }

    /// Returns the nodes of a label on which a property is set, in order of value; none if there is no index.
    pub fn index_scan(&self, label: LabelId, key: PropertyKeyId) -> Vec<u32> {
        self.read_index(label, key, Index::all)
    }

    fn read_index(&self, label: LabelId, key: PropertyKeyId, read: impl Fn(&Index) -> Vec<u32>) -> Vec<u32> {
        self.state.indexes.find(IndexTarget::Node(label), key).map_or_else(Vec::new, read)
    }
}

impl Transaction {
    /// Makes an index or constraint.
    ///
    /// # Errors
    /// If its name is taken, if the same one is there, or if it is to be unique and a value is there twice.
    pub fn create_index(&mut self, definition: IndexDefinition) -> Result<(), GraphError> {
        let entries = self.view().state.indexed_values(definition.target, definition.key);
        let index = Index::build(definition.clone(), entries);
        if definition.kind == IndexKind::Unique
            && let Some(value) = index.duplicate()
        {
            let slots = index.seek(&value);
            return Err(not_unique(self.view().catalogue(), &definition, value, slots));
        }
        let state = self.state();
        Arc::make_mut(&mut state.catalogue).add_index(definition.clone())?;
        state.indexes.add(index);
        let counters = self.counters_mut();
        if definition.kind.is_constraint() {
            counters.constraints_added += 1;
        } else {
            counters.indexes_added += 1;
        }
        self.record(Change::CreateIndex(definition));
        Ok(())
    }

    /// Drops an index or constraint.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn drop_index(&mut self, name: &str) -> Result<(), GraphError> {
        let state = self.state();
        let definition = Arc::make_mut(&mut state.catalogue).remove_index(name)?;
        state.indexes.drop(name);
        let counters = self.counters_mut();
        if definition.kind.is_constraint() {
            counters.constraints_removed += 1;
        } else {
            counters.indexes_removed += 1;
        }
        self.record(Change::DropIndex(SmolStr::new(name)));
        Ok(())
    }

    /// Says whether all constraints hold; asked at the end of each writing clause and at commit.
    ///
    /// # Errors
    /// If a value is there twice where each element wants its own.
    pub fn check_constraints(&mut self) -> Result<(), GraphError> {
        if !self.view().state.indexes.has_suspects() {
            return Ok(());
        }
        let checked = self.state().indexes.check_unique();
        checked.map_err(|(definition, value, slots)| not_unique(self.view().catalogue(), &definition, value, slots))
    }
}

impl State {
    /// Makes all indexes anew from the columns, after a load that went past them.
    ///
    /// # Errors
    /// If a value is there twice where each element wants its own.
    pub fn rebuild_indexes(&mut self) -> Result<(), GraphError> {
        let definitions = self.catalogue.indexes().to_vec();
        for definition in definitions {
            let entries = self.indexed_values(definition.target, definition.key);
            let index = Index::build(definition, entries);
            let definition = index.definition();
            if definition.kind == IndexKind::Unique
                && let Some(value) = index.duplicate()
            {
                let slots = index.seek(&value);
                return Err(not_unique(&self.catalogue, definition, value, slots));
            }
            self.indexes.drop(&definition.name);
            self.indexes.add(index);
        }
        Ok(())
    }

    /// Returns the values and slots that an index over these elements holds.
    pub fn indexed_values(&self, target: IndexTarget, key: PropertyKeyId) -> Vec<(Value, u32)> {
        let columns = match target {
            IndexTarget::Node(_) => &self.node_columns,
            IndexTarget::Relationship(_) => &self.relationship_columns,
        };
        let Some(column) = columns.get(key) else {
            return Vec::new();
        };
        let wanted = |slot: u32| match target {
            IndexTarget::Node(label) => {
                let node = NodeId(slot);
                self.nodes.contains(node) && self.label_sets.contains(self.nodes.label_set(node), label)
            }
            IndexTarget::Relationship(kind) => {
                let relationship = crate::value::RelationshipId(slot);
                let record = self.relationships.record(relationship);
                self.relationships.contains(relationship) && record.is_some_and(|record| record.kind == kind)
            }
        };
        column.iter().filter(|(slot, _)| wanted(*slot)).map(|(slot, value)| (value, slot)).collect()
    }
}
