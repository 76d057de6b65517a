//! Making, dropping and reading indexes and constraints.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::knowledge::Subject;
use crate::value::{NodeId, RelationshipId, Value};

use super::change::Change;
use super::definition::{IndexDefinition, IndexKind, IndexTarget};
use super::error::GraphError;
use super::id::{LabelId, PropertyKeyId};
use super::index::{Index, entry_values, not_unique};
#[cfg(test)]
use super::index_probe::Bound;
use super::index_probe::IndexProbe;
use super::slots::first_slot;
use super::snapshot::Snapshot;
use super::state::{Columns, State};
use super::transaction::Transaction;

impl Snapshot {
    /// Says whether an index orders these elements by these properties.
    pub fn has_index_over(&self, target: IndexTarget, keys: &[PropertyKeyId]) -> bool {
        self.state.indexes.find(target, keys).is_some()
    }

    /// Says whether there is an index of the texts that these elements have under a property.
    pub fn has_text_index(&self, target: IndexTarget, key: PropertyKeyId) -> bool {
        self.state.indexes.find_text(target, key).is_some()
    }

    /// Says whether an index orders the nodes of a label by a property.
    pub fn has_index(&self, label: LabelId, key: PropertyKeyId) -> bool {
        self.has_index_over(IndexTarget::Node(label), &[key])
    }

    /// Says whether every node of a label has its own value of a property, by constraint.
    pub fn is_unique(&self, label: LabelId, key: PropertyKeyId) -> bool {
        let (target, keys) = (IndexTarget::Node(label), [key]);
        let mut definitions = self.catalogue().indexes().iter();
        definitions.any(|one| one.kind.is_unique() && one.target == target && one.keys == keys)
    }

    /// Returns the slots of the elements that an index finds; nothing if there is no such index, or it cannot narrow what is looked for.
    pub fn probe_index(&self, target: IndexTarget, keys: &[PropertyKeyId], probe: IndexProbe<'_>) -> Option<Vec<u32>> {
        let index = match (probe, keys) {
            (IndexProbe::Containing(_), [key]) => self.state.indexes.find_text(target, *key),
            _ => self.state.indexes.find(target, keys),
        };
        index?.probe(probe)
    }

    /// Returns the elements of which a text index holds some of a text's bigrams, ascending, each with how many; nothing if there is none.
    pub fn text_overlap(&self, target: IndexTarget, key: PropertyKeyId, text: &str) -> Option<Vec<(u32, u32)>> {
        Some(self.state.indexes.find_text(target, key)?.overlapping(text))
    }

    /// Returns the nodes of a label whose property equals a value, ascending; none if there is no index.
    pub fn index_seek(&self, label: LabelId, key: PropertyKeyId, value: &Value) -> Vec<u32> {
        self.read_index(label, key, IndexProbe::Equal(value))
    }

    /// Returns the nodes of a label whose property lies between two bounds, in order of value; none if there is no index.
    #[cfg(test)]
    pub fn index_range(&self, label: LabelId, key: PropertyKeyId, low: Bound<'_>, high: Bound<'_>) -> Vec<u32> {
        self.read_index(label, key, IndexProbe::Range(low, high))
    }

    /// Returns the nodes of a label whose property is a string that begins so, in order of value; none if there is no index.
    #[cfg(test)]
    pub fn index_prefix(&self, label: LabelId, key: PropertyKeyId, prefix: &str) -> Vec<u32> {
        self.read_index(label, key, IndexProbe::Prefix(prefix))
    }

    fn read_index(&self, label: LabelId, key: PropertyKeyId, probe: IndexProbe<'_>) -> Vec<u32> {
        self.probe_index(IndexTarget::Node(label), &[key], probe).unwrap_or_default()
    }
}

impl Transaction {
    /// Makes an index or constraint.
    ///
    /// # Errors
    /// If its name is taken, if the same one is there, or if the graph breaks the constraint.
    pub fn create_index(&mut self, definition: IndexDefinition) -> Result<(), GraphError> {
        self.view().state.check_definition(&definition)?;
        let index = self.view().state.built_index(definition.clone())?;
        self.view().state.check_rule(&definition)?;
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
    /// If a value is there twice where each element wants its own, or an element is not as a constraint or the closed schema wants it.
    pub fn check_constraints(&mut self) -> Result<(), GraphError> {
        if self.view().state.indexes.has_suspects() {
            let checked = self.state().indexes.check_unique();
            checked
                .map_err(|(definition, value, slots)| not_unique(self.view().catalogue(), &definition, value, slots))?;
        }
        if !self.view().state.unchecked.is_empty() {
            let elements = std::mem::take(&mut self.state().unchecked);
            self.view().state.check_elements(&elements)?;
        }
        Ok(())
    }
}

impl State {
    /// Makes all indexes anew from the columns, after a load that went past them.
    ///
    /// # Errors
    /// If an element is not as a constraint wants it.
    pub fn rebuild_indexes(&mut self) -> Result<(), GraphError> {
        let definitions = self.catalogue.indexes().to_vec();
        for definition in definitions {
            self.check_rule(&definition)?;
            let index = self.built_index(definition)?;
            self.indexes.drop(&index.definition().name);
            self.indexes.add(index);
        }
        Ok(())
    }

    /// Returns the index of a definition over what the graph holds now.
    fn built_index(&self, definition: IndexDefinition) -> Result<Index, GraphError> {
        let entries = self.index_entries(&definition);
        let index = Index::build(definition, entries);
        let definition = index.definition();
        if definition.kind.is_unique()
            && let Some(value) = index.duplicate()
        {
            let slots = index.seek(&value);
            return Err(not_unique(&self.catalogue, definition, value, slots));
        }
        Ok(index)
    }

    /// Returns the values and slots that an index holds.
    pub fn index_entries(&self, definition: &IndexDefinition) -> Vec<(Value, u32)> {
        let Some(first) = definition.keys.first().filter(|_| definition.kind.has_entries()) else { return Vec::new() };
        let mut entries = self.indexed_values(definition.target, *first);
        if definition.keys.len() > 1 {
            let columns = self.columns_of(definition.target);
            for (value, slot) in &mut entries {
                *value = definition.value(|key| columns.value(key, *slot));
            }
            entries.retain(|(value, _)| !value.is_null());
        }
        if definition.kind == IndexKind::Text {
            let each = |(value, slot)| entry_values(IndexKind::Text, value).into_iter().map(move |value| (value, slot));
            entries = entries.into_iter().flat_map(each).collect();
        }
        entries
    }

    /// Returns the columns of the elements that an index is over.
    pub fn columns_of(&self, target: IndexTarget) -> &Columns {
        match target {
            IndexTarget::Node(_) => &self.node_columns,
            IndexTarget::Relationship(_) => &self.relationship_columns,
        }
    }

    /// Says whether an element is one of those that an index is over.
    pub fn is_target(&self, target: IndexTarget, slot: u32) -> bool {
        match target {
            IndexTarget::Node(label) => {
                let node = NodeId(slot);
                self.nodes.contains(node) && self.label_sets.contains(self.nodes.label_set(node), label)
            }
            IndexTarget::Relationship(kind) => {
                let relationship = RelationshipId(slot);
                let record = self.relationships.record(relationship);
                self.relationships.contains(relationship) && record.is_some_and(|record| record.kind == kind)
            }
        }
    }

    /// Says whether some elements of a chunk may be of those that an index is over.
    fn may_be_target(&self, target: IndexTarget, chunk: usize) -> bool {
        match target {
            IndexTarget::Node(label) => {
                let set = self.nodes.chunks.get(chunk).and_then(|nodes| nodes.uniform());
                set.is_none_or(|set| self.label_sets.contains(set, label))
            }
            IndexTarget::Relationship(kind) => {
                let all = self.relationships.chunks.get(chunk).and_then(|held| held.uniform());
                all.is_none_or(|all| all == kind)
            }
        }
    }

    /// Returns the values and slots of elements that have a property.
    pub fn indexed_values(&self, target: IndexTarget, key: PropertyKeyId) -> Vec<(Value, u32)> {
        let Some(column) = self.columns_of(target).get(key) else { return Vec::new() };
        let mut values = Vec::new();
        for (chunk, held) in column.chunks.iter().filter(|(chunk, _)| self.may_be_target(target, *chunk)) {
            let own = (0..held.len()).filter(|place| self.is_target(target, first_slot(chunk) + *place as u32));
            let own =
                own.map(|place| (held.value(place, column.dictionary.as_deref()), first_slot(chunk) + place as u32));
            values.extend(own.filter(|(value, _)| !value.is_null()));
        }
        values
    }

    /// Notes that an element was written, where constraints ask something of elements.
    pub fn note_written(&mut self, subject: Subject) {
        // What was written last is written most: its properties come one after the other.
        if self.catalogue.has_rules() && self.unchecked.last() != Some(&subject) {
            Arc::make_mut(&mut self.unchecked).push(subject);
        }
    }
}
