//! A snapshot: the graph as it was at one commit, for any number of readers, for as long as they like.
//!
//! An open transaction's view is a snapshot too, so that the same code reads both. Ids that nothing has read as absent: no labels, no
//! neighbours, null properties.

use std::ops::Range;
use std::sync::Arc;

use crate::knowledge::Subject;
use crate::storage::StorageError;
use crate::value::{NodeId, RelationshipId, Value};
use crate::vector::{Column, NO_ID};

use super::adjacency::{Neighbours, Scratch};
use super::catalogue::Catalogue;
use super::id::{Direction, LabelId, LabelSetId, PropertyKeyId, RelationshipTypeId};
use super::relationships::RelationshipRecord;
use super::slots::{PlaceSet, chunk_of, first_slot, place_of};
use super::state::State;
use super::statistics::Statistics;
use super::stored::Loader;
#[cfg(test)]
use super::zone::Zone;

/// The graph at one version. A clone shares everything.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub(super) state: Arc<State>,
}

impl Snapshot {
    /// Returns the empty graph.
    pub fn empty() -> Snapshot {
        Snapshot::default()
    }

    /// Says whether somebody else holds the same state.
    pub fn is_shared(&self) -> bool {
        Arc::strong_count(&self.state) > 1
    }

    /// Returns the number of commits that made it.
    pub fn version(&self) -> u64 {
        self.state.version
    }

    /// Returns how often a part of the database file could not be read so far.
    pub fn read_failures(&self) -> u64 {
        self.state.loader.as_ref().map_or(0, |loader| loader.failures())
    }

    /// Returns why a part of the database file could not be read since there were so many failures. What was asked since is void then.
    pub fn read_failure_since(&self, failures: u64) -> Option<Arc<StorageError>> {
        self.state.loader.as_ref()?.failure_since(failures)
    }

    /// Returns what reads its stored parts; none if it is in memory only.
    pub fn loader(&self) -> Option<&Arc<Loader>> {
        self.state.loader.as_ref()
    }

    /// Returns names, schema and definitions.
    #[inline]
    pub fn catalogue(&self) -> &Catalogue {
        &self.state.catalogue
    }

    /// Returns exact counts and estimates.
    pub fn statistics(&self) -> Statistics<'_> {
        Statistics::new(&self.state)
    }

    /// Returns the number of nodes.
    pub fn node_count(&self) -> u64 {
        self.state.nodes.count()
    }

    /// Returns the number of relationships.
    pub fn relationship_count(&self) -> u64 {
        self.state.relationships.count()
    }

    /// Says whether a node is in the graph.
    #[inline]
    pub fn node_exists(&self, node: NodeId) -> bool {
        self.state.nodes.contains(node)
    }

    /// Says whether a relationship is in the graph.
    #[inline]
    pub fn relationship_exists(&self, relationship: RelationshipId) -> bool {
        self.state.relationships.contains(relationship)
    }

    /// Says whether the open transaction has deleted anything.
    #[inline]
    pub fn has_deletions(&self) -> bool {
        !self.state.deleted_nodes.is_empty() || !self.state.deleted_relationships.is_empty()
    }

    /// Says whether the open transaction has deleted this node. Its labels and properties must not be read.
    #[inline]
    pub fn is_deleted_node(&self, node: NodeId) -> bool {
        !self.state.deleted_nodes.is_empty() && self.state.deleted_nodes.contains(&node.0)
    }

    /// Says whether the open transaction has deleted this relationship. Its properties must not be read; type and ends may.
    #[inline]
    pub fn is_deleted_relationship(&self, relationship: RelationshipId) -> bool {
        !self.state.deleted_relationships.is_empty() && self.state.deleted_relationships.contains(&relationship.0)
    }

    /// Returns a node's labels, in order of id.
    #[inline]
    pub fn labels(&self, node: NodeId) -> &[LabelId] {
        self.state.label_sets.labels(self.label_set_of(node))
    }

    /// Says whether a node has a label.
    #[inline]
    pub fn has_label(&self, node: NodeId, label: LabelId) -> bool {
        self.node_exists(node) && self.state.label_sets.contains(self.label_set_of(node), label)
    }

    /// Returns the number of a node's label set. A test of labels can be made once a set instead of once a node.
    #[inline]
    pub fn label_set_of(&self, node: NodeId) -> LabelSetId {
        if self.node_exists(node) { self.state.nodes.label_set(node) } else { LabelSetId::EMPTY }
    }

    /// Returns how many label sets are numbered; the numbers are below this.
    pub fn label_set_count(&self) -> usize {
        self.state.label_sets.len()
    }

    /// Returns the labels of a set, in order of id.
    pub fn label_set(&self, set: LabelSetId) -> &[LabelId] {
        self.state.label_sets.labels(set)
    }

    /// Returns the label set of all nodes of a chunk, if they have one.
    pub fn chunk_label_set(&self, chunk: usize) -> Option<LabelSetId> {
        self.state.nodes.chunks.get(chunk)?.uniform()
    }

    /// Returns what a relationship is; of one that the open transaction deleted, what it was.
    #[inline]
    pub fn relationship(&self, relationship: RelationshipId) -> Option<RelationshipRecord> {
        let exists = self.relationship_exists(relationship) || self.is_deleted_relationship(relationship);
        exists.then(|| self.state.relationships.record(relationship)).flatten()
    }

    /// Returns how many chunks of nodes there are; a scan reads each.
    pub fn chunk_count(&self) -> usize {
        self.state.nodes.chunks.len()
    }

    /// Appends the nodes of a chunk, ascending, only those with the label if one is given.
    pub fn scan_chunk(&self, chunk: usize, label: Option<LabelId>, out: &mut Vec<u32>) {
        match label {
            None => self.scan_chunk_where(chunk, |_| true, out),
            Some(label) => self.scan_chunk_where(chunk, |set| self.state.label_sets.contains(set, label), out),
        }
    }

    /// Appends the nodes of a chunk whose label set passes, ascending.
    pub fn scan_chunk_where(&self, chunk: usize, passes: impl Fn(LabelSetId) -> bool, out: &mut Vec<u32>) {
        let Some(nodes) = self.state.nodes.chunks.get(chunk) else {
            return;
        };
        let first = first_slot(chunk);
        match nodes.uniform() {
            Some(set) if !passes(set) => {}
            Some(_) => list_places(nodes.live(), first, out),
            None => nodes.live().for_each(|place| {
                if passes(nodes.label_set(place)) {
                    out.push(first + place as u32);
                }
            }),
        }
    }

    /// Returns the nodes of a chunk with a label, where it is known without looking at each that their slots follow each other.
    pub fn node_run(&self, chunk: usize, label: Option<LabelId>) -> Option<Range<u32>> {
        let nodes = self.state.nodes.chunks.get(chunk)?;
        let all_pass = label
            .is_none_or(|label| nodes.uniform().is_some_and(|labels| self.state.label_sets.contains(labels, label)));
        if all_pass { run_of(nodes.live(), first_slot(chunk)) } else { None }
    }

    /// Returns the relationships of a chunk of a type, where it is known without looking at each that their slots follow each other.
    pub fn relationship_run(&self, kind: RelationshipTypeId, chunk: usize) -> Option<Range<u32>> {
        let held = self.state.relationships.chunks.get(chunk)?;
        if held.uniform() == Some(kind) { run_of(held.live(), first_slot(chunk)) } else { None }
    }

    /// Says whether a chunk may hold nodes with a label.
    pub fn may_hold_label(&self, chunk: usize, label: LabelId) -> bool {
        let nodes = self.state.nodes.chunks.get(chunk);
        nodes.is_some_and(|nodes| nodes.uniform().is_none_or(|set| self.state.label_sets.contains(set, label)))
    }

    /// Says whether a chunk may hold relationships of a type.
    pub fn may_hold_type(&self, chunk: usize, kind: RelationshipTypeId) -> bool {
        let held = self.state.relationships.chunks.get(chunk);
        held.is_some_and(|held| held.uniform().is_none_or(|all| all == kind))
    }

    /// Appends where relationships start, or end; those that never were have the mark of no node. Those of one chunk that stand together
    /// look it up once.
    pub fn ends_of(&self, relationships: &[u32], are_starts: bool, out: &mut Vec<u32>) {
        for run in relationships.chunk_by(|lhs, rhs| chunk_of(*lhs) == chunk_of(*rhs)) {
            let held = self.state.relationships.chunks.get(chunk_of(run[0]));
            let nodes = held.map_or(&[][..], |held| if are_starts { &held.starts } else { &held.ends });
            let follow = run.iter().zip(run[0]..).fold(0, |bits, (slot, own)| bits | (slot ^ own)) == 0;
            let first = place_of(run[0]);
            match nodes.get(first..first + run.len()) {
                Some(nodes) if follow => out.extend_from_slice(nodes),
                _ => out.extend(run.iter().map(|slot| nodes.get(place_of(*slot)).copied().unwrap_or(NO_ID))),
            }
        }
    }

    /// Returns how many chunks of relationships there are; a scan reads each.
    pub fn relationship_chunk_count(&self) -> usize {
        self.state.relationships.chunks.len()
    }

    /// Appends the relationships of a chunk, ascending, only those of the type if one is given.
    pub fn scan_relationships(&self, kind: Option<RelationshipTypeId>, chunk: usize, out: &mut Vec<u32>) {
        let Some(held) = self.state.relationships.chunks.get(chunk) else {
            return;
        };
        let first = first_slot(chunk);
        match (kind, held.uniform()) {
            (Some(kind), Some(all)) if kind != all => {}
            (Some(kind), None) => held.live().for_each(|place| {
                if held.kind(place) == kind {
                    out.push(first + place as u32);
                }
            }),
            _ => list_places(held.live(), first, out),
        }
    }

    /// Returns a node's neighbours along a type: a plain slice where no write has touched them lately, else merged into `scratch`.
    #[inline]
    pub fn neighbours<'a>(
        &'a self,
        kind: RelationshipTypeId,
        direction: Direction,
        node: NodeId,
        scratch: &'a mut Scratch,
    ) -> Neighbours<'a> {
        self.state.adjacency.neighbours(kind, direction, node, scratch)
    }

    /// Returns how many relationships of a type a node has; for both directions one from the node to itself counts once.
    #[inline]
    pub fn degree(&self, kind: RelationshipTypeId, direction: Direction, node: NodeId) -> usize {
        self.state.adjacency.degree(kind, direction, node)
    }

    /// Returns the types of the relationships that a node has in a direction, in order of id.
    pub fn relationship_types_of(&self, node: NodeId, direction: Direction) -> Vec<RelationshipTypeId> {
        let kinds = (0..self.state.adjacency.kind_count()).map(|kind| RelationshipTypeId(kind as u16));
        kinds.filter(|kind| self.degree(*kind, direction, node) > 0).collect()
    }

    /// Says whether a relationship of a type leads from one node to another.
    #[inline]
    pub fn has_edge(&self, kind: RelationshipTypeId, start: NodeId, end: NodeId) -> bool {
        self.state.adjacency.count_between(kind, start, end) > 0
    }

    /// Returns how many relationships of a type join two nodes, seen from the first; one from a node to itself counts once.
    pub fn count_between(&self, kind: RelationshipTypeId, direction: Direction, from: NodeId, to: NodeId) -> usize {
        let count = |start: NodeId, end: NodeId| self.state.adjacency.count_between(kind, start, end);
        match direction {
            Direction::Outgoing => count(from, to),
            Direction::Incoming => count(to, from),
            Direction::Both if from == to => count(from, to),
            Direction::Both => count(from, to) + count(to, from),
        }
    }

    /// Returns the relationships of a type that lead from one node to another, ascending.
    pub fn relationships_between(&self, kind: RelationshipTypeId, start: NodeId, end: NodeId) -> Vec<RelationshipId> {
        let mut slots = Vec::new();
        self.state.adjacency.slots_between(kind, start, end, &mut slots);
        slots.into_iter().map(RelationshipId).collect()
    }

    /// Returns a node's property; null if it is not set.
    #[inline]
    pub fn node_property(&self, node: NodeId, key: PropertyKeyId) -> Value {
        self.state.node_columns.value(key, node.0)
    }

    /// Returns a relationship's property; null if it is not set.
    #[inline]
    pub fn relationship_property(&self, relationship: RelationshipId, key: PropertyKeyId) -> Value {
        self.state.relationship_columns.value(key, relationship.0)
    }

    /// Says whether an element has a property.
    #[inline]
    pub fn has_property(&self, subject: Subject, key: PropertyKeyId) -> bool {
        let (columns, slot) = match subject {
            Subject::Node(node) => (&self.state.node_columns, node.0),
            Subject::Relationship(relationship) => (&self.state.relationship_columns, relationship.0),
        };
        columns.get(key).is_some_and(|column| column.contains(slot))
    }

    /// Returns a node's properties, in order of the keys' names.
    pub fn node_properties(&self, node: NodeId) -> Vec<(PropertyKeyId, Value)> {
        let keys = self.state.node_columns.keys_of(node.0).collect();
        self.by_name(keys, |key| self.node_property(node, key))
    }

    /// Returns a relationship's properties, in order of the keys' names.
    pub fn relationship_properties(&self, relationship: RelationshipId) -> Vec<(PropertyKeyId, Value)> {
        let keys = self.state.relationship_columns.keys_of(relationship.0).collect();
        self.by_name(keys, |key| self.relationship_property(relationship, key))
    }

    fn by_name(
        &self,
        mut keys: Vec<PropertyKeyId>,
        value: impl Fn(PropertyKeyId) -> Value,
    ) -> Vec<(PropertyKeyId, Value)> {
        keys.sort_unstable_by_key(|key| self.catalogue().property_key_name(*key));
        keys.into_iter().map(|key| (key, value(key))).collect()
    }

    /// Returns one property of many nodes; null where it is not set and for [`crate::vector::NO_ID`].
    ///
    /// A property with few distinct strings over the whole graph comes as codes of one dictionary, the same for every call.
    pub fn gather_node_property(&self, key: PropertyKeyId, nodes: &[u32]) -> Column {
        let column = self.state.node_columns.get(key);
        column.map_or_else(|| Column::nulls(nodes.len()), |column| column.gather(nodes))
    }

    /// Returns one property of many relationships, as [`Snapshot::gather_node_property`] does of nodes.
    pub fn gather_relationship_property(&self, key: PropertyKeyId, relationships: &[u32]) -> Column {
        let column = self.state.relationship_columns.get(key);
        column.map_or_else(|| Column::nulls(relationships.len()), |column| column.gather(relationships))
    }

    /// Says whether all values of a node property are integers, or all are strings.
    pub fn node_values_have_one_order(&self, key: PropertyKeyId) -> bool {
        self.state.node_columns.get(key).is_some_and(|column| {
            let counts = column.counts();
            [counts.integers, counts.strings].contains(&counts.total())
        })
    }

    /// Returns what is known of all values of a node property in a chunk.
    #[cfg(test)]
    pub fn node_zone(&self, key: PropertyKeyId, chunk: usize) -> Zone {
        self.state.node_columns.get(key).map_or(Zone::Empty, |column| column.zone(chunk).clone())
    }
}

/// Returns the slots of a chunk's places, if they are the first ones.
fn run_of(places: &PlaceSet, first: u32) -> Option<Range<u32>> {
    let count = places.count();
    places.first_absent(0, count).is_none().then(|| first..first + count as u32)
}

/// Appends the slots of a chunk's places; those of a chunk without holes are a range.
fn list_places(places: &PlaceSet, first: u32, out: &mut Vec<u32>) {
    match run_of(places, first) {
        Some(run) => out.extend(run),
        None => places.for_each(|place| out.push(first + place as u32)),
    }
}
