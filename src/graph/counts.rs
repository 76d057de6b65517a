//! Exact counts, kept with every write: nodes by label set, relationships by type and ends, values by property.
//!
//! Counting by label *set* and not by label keeps one number an element, so that any combination of labels can be answered.

use std::sync::Arc;

use super::id::{LabelSetId, PropertyKeyId, RelationshipTypeId};

/// All counts of a graph.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pub(super) nodes: Arc<Vec<u64>>,
    pub(super) kinds: Arc<Vec<Arc<KindCount>>>,
    pub(super) node_values: ValueCounts,
    pub(super) relationship_values: ValueCounts,
}

/// What is counted of one relationship type.
#[derive(Clone, Debug, Default)]
pub(super) struct KindCount {
    /// All relationships of the type.
    pub total: u64,
    /// Those from a node to itself.
    pub self_loops: u64,
    /// Those beyond the first between the same two nodes in the same direction.
    pub parallel: u64,
    /// By label sets of start and end, sorted.
    pub ends: Vec<((LabelSetId, LabelSetId), u64)>,
}

/// Values that are set, by property key and then by label set or relationship type, sorted.
#[derive(Clone, Debug, Default)]
pub(super) struct ValueCounts(pub(super) Arc<Vec<Arc<GroupCounts>>>);

/// A count for each label set or relationship type, sorted.
pub(super) type GroupCounts = Vec<(u32, u64)>;

impl ValueCounts {
    fn change(&mut self, key: PropertyKeyId, group: u32, delta: i64) {
        let keys = Arc::make_mut(&mut self.0);
        if keys.len() <= key.0 as usize {
            keys.resize_with(key.0 as usize + 1, Arc::default);
        }
        change(Arc::make_mut(&mut keys[key.0 as usize]), group, delta);
    }

    fn of(&self, key: PropertyKeyId) -> &[(u32, u64)] {
        self.0.get(key.0 as usize).map_or(&[], |groups| groups.as_slice())
    }
}

fn change<K: Ord>(counts: &mut Vec<(K, u64)>, key: K, delta: i64) {
    match counts.binary_search_by(|(other, _)| other.cmp(&key)) {
        Ok(place) => counts[place].1 = counts[place].1.saturating_add_signed(delta),
        Err(place) => counts.insert(place, (key, delta.max(0) as u64)),
    }
}

impl Counts {
    /// Counts nodes of a label set in or out.
    pub fn change_nodes(&mut self, set: LabelSetId, delta: i64) {
        let nodes = Arc::make_mut(&mut self.nodes);
        if nodes.len() <= set.0 as usize {
            nodes.resize(set.0 as usize + 1, 0);
        }
        nodes[set.0 as usize] = nodes[set.0 as usize].saturating_add_signed(delta);
    }

    /// Returns a type's counts to change.
    pub fn kind_mut(&mut self, kind: RelationshipTypeId) -> &mut KindCount {
        let kinds = Arc::make_mut(&mut self.kinds);
        if kinds.len() <= kind.0 as usize {
            kinds.resize_with(kind.0 as usize + 1, Arc::default);
        }
        Arc::make_mut(&mut kinds[kind.0 as usize])
    }

    /// Counts node values in or out.
    pub fn change_node_values(&mut self, key: PropertyKeyId, set: LabelSetId, delta: i64) {
        self.node_values.change(key, set.0, delta);
    }

    /// Counts relationship values in or out.
    pub fn change_relationship_values(&mut self, key: PropertyKeyId, kind: RelationshipTypeId, delta: i64) {
        self.relationship_values.change(key, u32::from(kind.0), delta);
    }

    /// Returns the number of nodes of each label set.
    pub fn nodes(&self) -> &[u64] {
        &self.nodes
    }

    /// Returns a type's counts.
    pub fn kind(&self, kind: RelationshipTypeId) -> Option<&KindCount> {
        self.kinds.get(kind.0 as usize).map(Arc::as_ref)
    }

    /// Returns the counts of all types, in order of id.
    pub fn kinds(&self) -> impl Iterator<Item = &KindCount> {
        self.kinds.iter().map(Arc::as_ref)
    }

    /// Returns the number of a property's values by label set.
    pub fn node_values(&self, key: PropertyKeyId) -> &[(u32, u64)] {
        self.node_values.of(key)
    }

    /// Returns the number of a property's values by relationship type.
    pub fn relationship_values(&self, key: PropertyKeyId) -> &[(u32, u64)] {
        self.relationship_values.of(key)
    }
}

impl KindCount {
    /// Counts relationships between nodes of two label sets in or out.
    pub fn change_ends(&mut self, start: LabelSetId, end: LabelSetId, delta: i64) {
        change(&mut self.ends, (start, end), delta);
    }
}
