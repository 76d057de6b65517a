//! Statistics: exact counts, which may answer a query, and estimates, which never do.

use super::counts::KindCount;
use super::estimate::Estimate;
use super::id::{LabelId, LabelSetId, PropertyKeyId, RelationshipTypeId};
use super::state::State;
use crate::value::Kind;

/// The counts of one snapshot, its open transaction's writes included.
#[derive(Clone, Copy, Debug)]
pub struct Statistics<'a> {
    state: &'a State,
}

impl<'a> Statistics<'a> {
    pub(super) fn new(state: &'a State) -> Statistics<'a> {
        Statistics { state }
    }

    /// Returns the exact number of nodes.
    pub fn nodes(&self) -> u64 {
        self.state.nodes.count()
    }

    /// Returns the exact number of nodes with a label.
    pub fn nodes_with(&self, label: LabelId) -> u64 {
        self.nodes_where(|set| self.has(set, label))
    }

    /// Returns the exact number of nodes whose label set passes; serves any label expression.
    pub fn nodes_where(&self, passes: impl Fn(LabelSetId) -> bool) -> u64 {
        let counts = self.state.counts.nodes().iter().enumerate();
        counts.filter(|(set, count)| **count > 0 && passes(LabelSetId(*set as u32))).map(|(_, count)| count).sum()
    }

    /// Returns the exact number of relationships.
    pub fn relationships(&self) -> u64 {
        self.state.relationships.count()
    }

    /// Returns the exact number of relationships of a type.
    pub fn relationships_of(&self, kind: RelationshipTypeId) -> u64 {
        self.kind(kind, |count| count.total)
    }

    /// Returns the exact number of relationships of a type (of any where none is given) from a label to a label (or any).
    pub fn relationships_between(
        &self,
        kind: Option<RelationshipTypeId>,
        start: Option<LabelId>,
        end: Option<LabelId>,
    ) -> u64 {
        if start.is_none() && end.is_none() {
            return kind.map_or_else(|| self.relationships(), |kind| self.relationships_of(kind));
        }
        let passes = |set: LabelSetId, label: Option<LabelId>| label.is_none_or(|label| self.has(set, label));
        let count = |counts: &KindCount| -> u64 {
            let ends = counts.ends.iter().filter(|((from, to), _)| passes(*from, start) && passes(*to, end));
            ends.map(|(_, count)| count).sum()
        };
        match kind {
            Some(kind) => self.kind(kind, count),
            None => self.state.counts.kinds().map(count).sum(),
        }
    }

    /// Returns the exact number of relationships of a type that lead from a node to itself.
    pub fn self_loops(&self, kind: RelationshipTypeId) -> u64 {
        self.kind(kind, |count| count.self_loops)
    }

    /// Returns the exact number of relationships of a type beyond the first from one node to another.
    pub fn parallel(&self, kind: RelationshipTypeId) -> u64 {
        self.kind(kind, |count| count.parallel)
    }

    /// Returns the exact number of nodes, with the label if one is given, on which a property is set.
    pub fn node_values(&self, label: Option<LabelId>, key: PropertyKeyId) -> u64 {
        let counts = self.state.counts.node_values(key).iter();
        let passing = counts.filter(|(set, _)| label.is_none_or(|label| self.has(LabelSetId(*set), label)));
        passing.map(|(_, count)| count).sum()
    }

    /// Returns the exact number of relationships, of the type if one is given, on which a property is set.
    pub fn relationship_values(&self, kind: Option<RelationshipTypeId>, key: PropertyKeyId) -> u64 {
        let counts = self.state.counts.relationship_values(key).iter();
        let passing = counts.filter(|(other, _)| kind.is_none_or(|kind| u32::from(kind.0) == *other));
        passing.map(|(_, count)| count).sum()
    }

    /// Estimates the values of a node property: how many differ, the least and the greatest.
    pub fn estimate_node_values(&self, key: PropertyKeyId) -> Estimate {
        self.state.node_columns.get(key).map_or_else(Estimate::default, |column| column.estimate())
    }

    /// Estimates the values of a relationship property.
    pub fn estimate_relationship_values(&self, key: PropertyKeyId) -> Estimate {
        self.state.relationship_columns.get(key).map_or_else(Estimate::default, |column| column.estimate())
    }

    /// Returns of which kinds the values of a property are on nodes, on relationships or on both: booleans, integers, floats and strings, in
    /// this order; and whether some are of other kinds, which are not counted one by one.
    pub fn kinds_of(&self, key: PropertyKeyId, nodes: bool, relationships: bool) -> (Vec<Kind>, bool) {
        let columns = [
            nodes.then(|| self.state.node_columns.get(key)),
            relationships.then(|| self.state.relationship_columns.get(key)),
        ];
        let mut others = false;
        let mut kinds = [(Kind::Boolean, 0), (Kind::Integer, 0), (Kind::Float, 0), (Kind::String, 0)];
        for counts in columns.into_iter().flatten().flatten().map(|column| column.counts()) {
            others |= counts.others > 0;
            let found = [counts.booleans, counts.integers, counts.floats, counts.strings];
            kinds.iter_mut().zip(found).for_each(|((_, total), count)| *total += count);
        }
        (kinds.into_iter().filter(|(_, count)| *count > 0).map(|(kind, _)| kind).collect(), others)
    }

    fn has(&self, set: LabelSetId, label: LabelId) -> bool {
        self.state.label_sets.contains(set, label)
    }

    fn kind(&self, kind: RelationshipTypeId, read: impl Fn(&KindCount) -> u64) -> u64 {
        self.state.counts.kind(kind).map_or(0, read)
    }
}
