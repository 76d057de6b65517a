//! The one transaction that writes: its own copy of the state, which it alone sees until it commits.
//!
//! Clones share what is not touched, so that a savepoint is a clone and going back to it is an assignment. Every write goes through here
//! and keeps counts and indexes exact at once; [`Transaction::view`] is an ordinary snapshot with all of it.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::knowledge::{Schema, Subject};
use crate::value::limit::NESTING;
use crate::value::{NodeId, RelationshipId, Value};

use super::adjacency::Scratch;
use super::change::{Change, WriteCounters};
use super::error::GraphError;
use super::id::{Direction, LabelId, LabelSetId, PropertyKeyId, RelationshipTypeId};
use super::relationships::RelationshipRecord;
use super::snapshot::Snapshot;
use super::state::State;
use super::voice::Voice;

/// An open transaction. Dropped without [`Transaction::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Transaction {
    base: Snapshot,
    view: Snapshot,
    changes: Vec<Change>,
    counters: WriteCounters,
    /// Nodes deleted so far, in order; those before `checked` were found to have no relationships at the end of their statement.
    deleted: Vec<NodeId>,
    checked: usize,
    /// In whose name is written.
    pub(super) voice: Voice,
    /// How often a chunk could not be read when it began.
    failures: u64,
    /// Whether changes are noted, for a log or for whoever looks at them.
    keeps_changes: bool,
}

/// A state of a transaction to which it can go back.
#[derive(Clone, Debug)]
pub struct Savepoint {
    view: Snapshot,
    changes: usize,
    counters: WriteCounters,
    deleted: usize,
    checked: usize,
}

impl Transaction {
    /// Begins a transaction on a snapshot.
    pub fn begin(base: Snapshot) -> Transaction {
        let (view, failures) = (base.clone(), base.read_failures());
        let (changes, counters) = (Vec::new(), WriteCounters::default());
        let (deleted, voice) = (Vec::new(), Voice::Plain);
        Transaction { base, view, changes, counters, deleted, checked: 0, voice, failures, keeps_changes: true }
    }

    /// Begins a transaction that makes a graph of its own: nobody asks what it changed.
    pub fn begin_new() -> Transaction {
        Transaction::begin_load(Snapshot::empty())
    }

    /// Begins a transaction whose graph is to be written as a whole: nobody asks what it changed.
    pub fn begin_load(base: Snapshot) -> Transaction {
        Transaction { keeps_changes: false, ..Transaction::begin(base) }
    }

    /// Returns the graph with everything written so far.
    pub fn view(&self) -> &Snapshot {
        &self.view
    }

    /// Returns the snapshot that the transaction began on.
    pub fn base(&self) -> &Snapshot {
        &self.base
    }

    /// Returns what was written so far, in order.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Returns how often what was done so far.
    pub fn counters(&self) -> &WriteCounters {
        &self.counters
    }

    /// Marks the state of now.
    pub fn savepoint(&self) -> Savepoint {
        Savepoint {
            view: self.view.clone(),
            changes: self.changes.len(),
            counters: self.counters,
            deleted: self.deleted.len(),
            checked: self.checked,
        }
    }

    /// Goes back to a savepoint of this transaction; all written since is gone.
    pub fn rollback_to(&mut self, savepoint: &Savepoint) {
        self.view = savepoint.view.clone();
        self.changes.truncate(savepoint.changes);
        self.counters = savepoint.counters;
        self.deleted.truncate(savepoint.deleted);
        self.checked = savepoint.checked;
    }

    /// Ends the transaction: returns the new snapshot, and what a log needs to make it again from the old one.
    ///
    /// # Errors
    /// If a constraint does not hold, or if something that it rests on could not be read.
    pub fn commit(mut self) -> Result<(Snapshot, Vec<Change>), GraphError> {
        self.check_constraints()?;
        if let Some(failure) = self.base.read_failure_since(self.failures) {
            return Err(GraphError::Unreadable(failure));
        }
        if self.changes.is_empty() && self.keeps_changes {
            return Ok((self.base, self.changes));
        }
        let state = self.state();
        let (nodes, relationships) = (state.deleted_nodes.clone(), state.deleted_relationships.clone());
        if !nodes.is_empty() {
            state.nodes.release(&nodes);
            state.deleted_nodes = Arc::default();
        }
        if !relationships.is_empty() {
            state.relationships.release(&relationships);
            state.deleted_relationships = Arc::default();
        }
        state.adjacency.end_change();
        state.version += 1;
        Ok((self.view, self.changes))
    }

    /// Returns a deleted node that still has relationships, if there is one; asked at the end of each statement.
    pub fn dangling(&mut self) -> Option<NodeId> {
        let unchecked = &self.deleted[self.checked..];
        let has_any = |node: &&NodeId| !self.view.relationship_types_of(**node, Direction::Both).is_empty();
        let found = unchecked.iter().find(has_any).copied();
        if found.is_none() {
            self.checked = self.deleted.len();
        }
        found
    }

    /// Returns the id of a label, giving it one if it is new; an alias gives that of the name it stands for.
    pub fn label(&mut self, name: &str) -> Result<LabelId, GraphError> {
        if let Some(id) = self.view.catalogue().label_id(name) {
            return Ok(id);
        }
        let stored = SmolStr::new(self.view.catalogue().stored_label(name));
        let id = Arc::make_mut(&mut self.state().catalogue).intern_label(&stored)?;
        self.record(Change::Label(stored));
        Ok(id)
    }

    /// Returns the id of a relationship type, giving it one if it is new; an alias gives that of the name it stands for.
    pub fn relationship_type(&mut self, name: &str) -> Result<RelationshipTypeId, GraphError> {
        if let Some(id) = self.view.catalogue().relationship_type_id(name) {
            return Ok(id);
        }
        let stored = SmolStr::new(self.view.catalogue().stored_relationship_type(name));
        let id = Arc::make_mut(&mut self.state().catalogue).intern_relationship_type(&stored)?;
        self.record(Change::RelationshipType(stored));
        Ok(id)
    }

    /// Returns the id of a property key, giving it one if it is new; an alias gives that of the name it stands for.
    pub fn property_key(&mut self, name: &str) -> Result<PropertyKeyId, GraphError> {
        if let Some(id) = self.view.catalogue().property_key_id(name) {
            return Ok(id);
        }
        let stored = SmolStr::new(self.view.catalogue().stored_property_key(name));
        let id = Arc::make_mut(&mut self.state().catalogue).intern_property_key(&stored)?;
        self.record(Change::PropertyKey(stored));
        Ok(id)
    }

    /// Declares a schema in place of the one before.
    ///
    /// # Errors
    /// If it is closed and the graph has what it does not know.
    pub fn declare_schema(&mut self, schema: Schema) -> Result<(), GraphError> {
        self.put_schema(schema)?;
        self.view.state.check_closed()
    }

    /// Declares a schema that the graph is known to be as.
    pub(super) fn put_schema(&mut self, schema: Schema) -> Result<(), GraphError> {
        Arc::make_mut(&mut self.state().catalogue).declare(schema)?;
        self.state().settle_all();
        let declared = self.view.catalogue().schema().clone();
        self.record(Change::Schema(declared));
        Ok(())
    }

    /// Makes a node with these labels.
    pub fn create_node(&mut self, labels: &[LabelId]) -> Result<NodeId, GraphError> {
        self.check_voice()?;
        let labels = sorted(labels);
        let set = self.label_set(&labels);
        let state = self.state();
        let freed = state.deleted_nodes.clone();
        let node = state.nodes.create(set, &freed)?;
        state.note_written(Subject::Node(node));
        state.counts.change_nodes(set, 1);
        self.counters.nodes_created += 1;
        self.counters.labels_added += labels.len() as u64;
        self.record(Change::CreateNode { node, labels: labels.clone() });
        self.attest(Subject::Node(node), &labels)?;
        Ok(node)
    }

    /// Makes a relationship.
    ///
    /// # Errors
    /// If an end is not in the graph.
    pub fn create_relationship(
        &mut self,
        kind: RelationshipTypeId,
        start: NodeId,
        end: NodeId,
    ) -> Result<RelationshipId, GraphError> {
        self.check_voice()?;
        self.check_node(start)?;
        self.check_node(end)?;
        let state = self.state();
        let freed = state.deleted_relationships.clone();
        let relationship = state.relationships.create(RelationshipRecord { kind, start, end }, &freed)?;
        state.connect(kind, start, end, relationship);
        self.counters.relationships_created += 1;
        self.record(Change::CreateRelationship { relationship, kind, start, end });
        self.attest(Subject::Relationship(relationship), &[])?;
        Ok(relationship)
    }

    /// Sets a node's property; null takes it away.
    ///
    /// # Errors
    /// If the node is not in the graph, or the value cannot be kept.
    pub fn set_node_property(&mut self, node: NodeId, key: PropertyKeyId, value: Value) -> Result<(), GraphError> {
        self.check_node(node)?;
        self.check_voice()?;
        check_storable(&value)?;
        if self.claim_property(Subject::Node(node), key, &value)? {
            return Ok(());
        }
        self.check_unclaimed(Subject::Node(node), key, &value)?;
        let state = self.state();
        if state.set_node_value(node, key, value.clone()) {
            if !state.claims.is_empty() && state.publication_key() == Some(key) {
                state.settle_source(node);
            }
            self.counters.properties_set += 1;
            self.record(Change::SetNodeProperty { node, key, value });
        }
        Ok(())
    }

    /// Sets a relationship's property; null takes it away.
    ///
    /// # Errors
    /// If the relationship is not in the graph, or the value cannot be kept.
    pub fn set_relationship_property(
        &mut self,
        relationship: RelationshipId,
        key: PropertyKeyId,
        value: Value,
    ) -> Result<(), GraphError> {
        self.check_relationship(relationship)?;
        self.check_voice()?;
        check_storable(&value)?;
        if self.claim_property(Subject::Relationship(relationship), key, &value)? {
            return Ok(());
        }
        self.check_unclaimed(Subject::Relationship(relationship), key, &value)?;
        if self.state().set_relationship_value(relationship, key, value.clone()) {
            self.counters.properties_set += 1;
            self.record(Change::SetRelationshipProperty { relationship, key, value });
        }
        Ok(())
    }

    /// Gives a node a label; one that it has already changes nothing.
    pub fn add_label(&mut self, node: NodeId, label: LabelId) -> Result<(), GraphError> {
        self.check_node(node)?;
        self.check_voice()?;
        self.claim_label(node, label, true)?;
        let mut labels = self.view.labels(node).to_vec();
        let Err(place) = labels.binary_search(&label) else {
            return Ok(());
        };
        labels.insert(place, label);
        self.relabel(node, &labels);
        self.counters.labels_added += 1;
        self.record(Change::AddLabel { node, label });
        Ok(())
    }

    /// Takes a label from a node; one that it has not changes nothing.
    pub fn remove_label(&mut self, node: NodeId, label: LabelId) -> Result<(), GraphError> {
        self.check_node(node)?;
        self.check_voice()?;
        self.check_label_unclaimed(node, label)?;
        self.claim_label(node, label, false)?;
        if self.others_state_label(node, label) {
            return Ok(());
        }
        let mut labels = self.view.labels(node).to_vec();
        let Ok(place) = labels.binary_search(&label) else {
            return Ok(());
        };
        labels.remove(place);
        self.relabel(node, &labels);
        self.counters.labels_removed += 1;
        self.record(Change::RemoveLabel { node, label });
        Ok(())
    }

    /// Deletes a node; one that this transaction has deleted already changes nothing. Its relationships stay: see
    /// [`Transaction::dangling`].
    pub fn delete_node(&mut self, node: NodeId) -> Result<(), GraphError> {
        if self.view.is_deleted_node(node) {
            return Ok(());
        }
        self.check_node(node)?;
        self.check_voice()?;
        if self.unclaim(Subject::Node(node))? {
            return Ok(());
        }
        self.state().delete_node(node);
        self.deleted.push(node);
        self.counters.nodes_deleted += 1;
        self.record(Change::DeleteNode(node));
        Ok(())
    }

    /// Deletes a relationship; one that this transaction has deleted already changes nothing.
    pub fn delete_relationship(&mut self, relationship: RelationshipId) -> Result<(), GraphError> {
        if self.view.is_deleted_relationship(relationship) {
            return Ok(());
        }
        self.check_relationship(relationship)?;
        self.check_voice()?;
        if self.unclaim(Subject::Relationship(relationship))? {
            return Ok(());
        }
        self.state().delete_relationship(relationship);
        self.counters.relationships_deleted += 1;
        self.record(Change::DeleteRelationship(relationship));
        Ok(())
    }

    /// Deletes a node and all its relationships.
    pub fn detach_delete_node(&mut self, node: NodeId) -> Result<(), GraphError> {
        let mut scratch = Scratch::default();
        let mut relationships = Vec::new();
        for kind in self.view.relationship_types_of(node, Direction::Both) {
            let neighbours = self.view.neighbours(kind, Direction::Both, node, &mut scratch);
            neighbours.relationships_into(&mut relationships);
        }
        for relationship in relationships {
            self.delete_relationship(RelationshipId(relationship))?;
        }
        self.delete_node(node)
    }

    /// Returns the snapshot with everything written, as no commit of its own.
    pub(super) fn into_view(self) -> Snapshot {
        self.view
    }

    /// Returns the counters to change.
    pub(super) fn counters_mut(&mut self) -> &mut WriteCounters {
        &mut self.counters
    }

    /// Notes a change.
    pub(super) fn record(&mut self, change: Change) {
        if self.keeps_changes {
            self.changes.push(change);
        }
    }

    /// Says whether changes are noted.
    pub(super) fn keeps_changes(&self) -> bool {
        self.keeps_changes
    }

    /// Returns the state to change.
    pub(super) fn state(&mut self) -> &mut State {
        Arc::make_mut(&mut self.view.state)
    }

    fn label_set(&mut self, labels: &[LabelId]) -> LabelSetId {
        match self.view.state.label_sets.find(labels) {
            Some(set) => set,
            None => Arc::make_mut(&mut self.state().label_sets).intern(labels),
        }
    }

    fn relabel(&mut self, node: NodeId, labels: &[LabelId]) {
        let set = self.label_set(labels);
        self.state().relabel(node, set);
    }

    pub(super) fn check_node(&self, node: NodeId) -> Result<(), GraphError> {
        if self.view.node_exists(node) {
            return Ok(());
        }
        let deleted = self.view.is_deleted_node(node);
        Err(if deleted { GraphError::DeletedNode(node) } else { GraphError::NoSuchNode(node) })
    }

    pub(super) fn check_relationship(&self, relationship: RelationshipId) -> Result<(), GraphError> {
        if self.view.relationship_exists(relationship) {
            return Ok(());
        }
        let deleted = self.view.is_deleted_relationship(relationship);
        let error = if deleted { GraphError::DeletedRelationship } else { GraphError::NoSuchRelationship };
        Err(error(relationship))
    }
}

fn sorted(labels: &[LabelId]) -> Vec<LabelId> {
    let mut labels = labels.to_vec();
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// Says whether a value can be kept in a property: anything but graph elements, paths and maps, also within lists, and lists nested no
/// deeper than what reads them back goes.
pub fn check_storable(value: &Value) -> Result<(), GraphError> {
    check_storable_below(value, NESTING)
}

fn check_storable_below(value: &Value, levels: usize) -> Result<(), GraphError> {
    match (value, levels.checked_sub(1)) {
        (Value::Node(_) | Value::Relationship(_) | Value::Path(_) | Value::Map(_), _) => {
            Err(GraphError::Unstorable { kind: value.kind() })
        }
        (Value::List(_), None) => Err(GraphError::TooDeep),
        (Value::List(items), Some(left)) => items.iter().try_for_each(|item| check_storable_below(item, left)),
        _ => Ok(()),
    }
}
