//! Writing to the state: each change with everything that follows from it, so that counts are exact at once.

use std::sync::Arc;

use crate::knowledge::Subject;
use crate::value::{NodeId, RelationshipId, Value};

use super::adjacency::Scratch;
use super::definition::IndexTarget;
use super::id::{Direction, LabelSetId, PropertyKeyId, RelationshipTypeId};
use super::state::State;

impl State {
    /// Makes a relationship that has its slot known to adjacency and counts.
    pub fn connect(&mut self, kind: RelationshipTypeId, start: NodeId, end: NodeId, relationship: RelationshipId) {
        let already = self.adjacency.count_between(kind, start, end) > 0;
        self.adjacency.add(kind, start, end, relationship);
        self.note_written(Subject::Relationship(relationship));
        let ends = (self.nodes.label_set(start), self.nodes.label_set(end));
        let counts = self.counts.kind_mut(kind);
        counts.total += 1;
        counts.self_loops += u64::from(start == end);
        counts.parallel += u64::from(already);
        counts.change_ends(ends.0, ends.1, 1);
    }

    /// Sets or takes away a node's value and says whether there was anything to do.
    pub fn set_node_value(&mut self, node: NodeId, key: PropertyKeyId, value: Value) -> bool {
        let is_null = value.is_null();
        if is_null && self.node_columns.value(key, node.0).is_null() {
            return false;
        }
        let indexed = self.indexes.any_over(key);
        let after = if indexed { value.clone() } else { Value::Null };
        let before = self.node_columns.make_mut(key).set(node.0, value);
        if indexed {
            let labels = self.label_sets.labels(self.nodes.label_set(node));
            let over = |target| matches!(target, IndexTarget::Node(label) if labels.contains(&label));
            let columns = &self.node_columns;
            self.indexes.change(over, node.0, (key, &before, &after), |other| columns.value(other, node.0));
        }
        self.note_written(Subject::Node(node));
        let delta = i64::from(before.is_null()) - i64::from(is_null);
        if delta != 0 {
            let set = self.nodes.label_set(node);
            self.counts.change_node_values(key, set, delta);
        }
        true
    }

    /// Sets or takes away a relationship's value and says whether there was anything to do.
    pub fn set_relationship_value(&mut self, relationship: RelationshipId, key: PropertyKeyId, value: Value) -> bool {
        let is_null = value.is_null();
        if is_null && self.relationship_columns.value(key, relationship.0).is_null() {
            return false;
        }
        let indexed = self.indexes.any_over(key);
        let after = if indexed { value.clone() } else { Value::Null };
        let before = self.relationship_columns.make_mut(key).set(relationship.0, value);
        let Some(record) = self.relationships.record(relationship) else {
            return true;
        };
        if indexed {
            let over = |target| target == IndexTarget::Relationship(record.kind);
            let columns = &self.relationship_columns;
            let value_of = |other| columns.value(other, relationship.0);
            self.indexes.change(over, relationship.0, (key, &before, &after), value_of);
        }
        self.note_written(Subject::Relationship(relationship));
        let delta = i64::from(before.is_null()) - i64::from(is_null);
        if delta != 0 {
            self.counts.change_relationship_values(key, record.kind, delta);
        }
        true
    }

    /// Gives a node another label set, and moves what is counted under the old one.
    pub fn relabel(&mut self, node: NodeId, set: LabelSetId) {
        let before = self.nodes.label_set(node);
        self.counts.change_nodes(before, -1);
        self.counts.change_nodes(set, 1);
        let keys: Vec<PropertyKeyId> = self.node_columns.keys_of(node.0).collect();
        for key in keys {
            self.counts.change_node_values(key, before, -1);
            self.counts.change_node_values(key, set, 1);
        }
        if !self.indexes.is_empty() {
            self.reindex(node, before, set);
        }
        self.note_written(Subject::Node(node));
        let mut scratch = Scratch::default();
        for kind in (0..self.adjacency.kind_count()).map(|kind| RelationshipTypeId(kind as u16)) {
            if self.adjacency.degree(kind, Direction::Both, node) > 0 {
                self.recount_ends(kind, node, before, set, &mut scratch);
            }
        }
        self.nodes.set_label_set(node, set);
    }

    fn reindex(&mut self, node: NodeId, before: LabelSetId, set: LabelSetId) {
        let (old, new) = (self.label_sets.labels(before), self.label_sets.labels(set));
        let lost = |target| matches!(target, IndexTarget::Node(label) if old.contains(&label) && !new.contains(&label));
        let won = |target| matches!(target, IndexTarget::Node(label) if new.contains(&label) && !old.contains(&label));
        let columns = &self.node_columns;
        self.indexes.retarget(lost, won, node.0, |key| columns.value(key, node.0));
    }

    fn recount_ends(
        &mut self,
        kind: RelationshipTypeId,
        node: NodeId,
        before: LabelSetId,
        set: LabelSetId,
        scratch: &mut Scratch,
    ) {
        for end in self.adjacency.neighbours(kind, Direction::Outgoing, node, scratch).nodes {
            let (old, new) = if *end == node.0 { (before, set) } else { same(self.nodes.label_set(NodeId(*end))) };
            let counts = self.counts.kind_mut(kind);
            counts.change_ends(before, old, -1);
            counts.change_ends(set, new, 1);
        }
        for start in self.adjacency.neighbours(kind, Direction::Incoming, node, scratch).nodes {
            // Those from the node to itself were moved with the outgoing ones.
            if *start != node.0 {
                let other = self.nodes.label_set(NodeId(*start));
                let counts = self.counts.kind_mut(kind);
                counts.change_ends(other, before, -1);
                counts.change_ends(other, set, 1);
            }
        }
    }

    /// Deletes a node with its properties; its relationships stay.
    pub fn delete_node(&mut self, node: NodeId) {
        self.drop_claims(Subject::Node(node));
        let keys: Vec<PropertyKeyId> = self.node_columns.keys_of(node.0).collect();
        for key in keys {
            self.set_node_value(node, key, Value::Null);
        }
        let set = self.nodes.label_set(node);
        self.counts.change_nodes(set, -1);
        self.nodes.delete(node);
        Arc::make_mut(&mut self.deleted_nodes).insert(node.0);
    }

    /// Deletes a relationship with its properties.
    pub fn delete_relationship(&mut self, relationship: RelationshipId) {
        self.drop_claims(Subject::Relationship(relationship));
        let keys: Vec<PropertyKeyId> = self.relationship_columns.keys_of(relationship.0).collect();
        for key in keys {
            self.set_relationship_value(relationship, key, Value::Null);
        }
        let Some(record) = self.relationships.record(relationship) else {
            return;
        };
        let (kind, start, end) = (record.kind, record.start, record.end);
        self.adjacency.remove(kind, start, end, relationship);
        let still = self.adjacency.count_between(kind, start, end) > 0;
        let ends = (self.nodes.label_set(start), self.nodes.label_set(end));
        let counts = self.counts.kind_mut(kind);
        counts.total -= 1;
        counts.self_loops -= u64::from(start == end);
        counts.parallel -= u64::from(still);
        counts.change_ends(ends.0, ends.1, -1);
        self.relationships.delete(relationship);
        Arc::make_mut(&mut self.deleted_relationships).insert(relationship.0);
    }
}

fn same(set: LabelSetId) -> (LabelSetId, LabelSetId) {
    (set, set)
}
