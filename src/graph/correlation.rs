//! How the degrees of two types go together at the nodes of a label; it guides the planner and never answers a query.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::value::NodeId;

use super::id::{Direction, LabelId, RelationshipTypeId};
use super::snapshot::Snapshot;

/// Up to how many nodes all are looked at; a sample of more would miss the few that have most of the relationships.
const FEW_NODES: u64 = 16_384;

/// Relationships at a node: of a type, on one side or on both.
pub type Side = (RelationshipTypeId, Direction);

/// What was found out, by label and two sides in order; shared by all versions of a graph.
#[derive(Clone, Debug, Default)]
pub(super) struct Correlations(Arc<RwLock<KeptBySides>>);

type KeptBySides = FxHashMap<(LabelId, Side, Side), Kept>;

/// What was found out of two sides, and when.
#[derive(Clone, Copy, Debug)]
struct Kept {
    /// How many nodes and relationships of the two types there were.
    counts: [u64; 3],
    correlation: f64,
}

impl Snapshot {
    /// Says whether the degrees of all nodes of a label can be looked at.
    pub fn has_few_nodes(&self, label: LabelId) -> bool {
        self.statistics().nodes_with(label) <= FEW_NODES
    }

    /// Returns how many times as many rows two steps from a node of a label make together as their mean degrees tell: the mean of the
    /// products of their degrees over the product of the means.
    ///
    /// It is 1 if the degrees have nothing to do with each other, and more if nodes that have many of one have many of the other. All nodes
    /// are looked at, and again when a count has changed by more than a quarter.
    pub fn degree_correlation(&self, label: LabelId, one: Side, other: Side) -> f64 {
        let statistics = self.statistics();
        let nodes = statistics.nodes_with(label);
        let (one, other) = if one <= other { (one, other) } else { (other, one) };
        let counts = [nodes, statistics.relationships_of(one.0), statistics.relationships_of(other.0)];
        let fits = |kept: &&Kept| kept.counts.iter().zip(counts).all(|(kept, now)| kept.abs_diff(now) <= kept / 4);
        let kept = &self.state.correlations.0;
        if let Some(kept) = kept.read().unwrap_or_else(PoisonError::into_inner).get(&(label, one, other)).filter(fits) {
            return kept.correlation;
        }
        let correlation = self.weigh_degrees(label, one, other);
        kept.write().unwrap_or_else(PoisonError::into_inner).insert((label, one, other), Kept { counts, correlation });
        correlation
    }

    fn weigh_degrees(&self, label: LabelId, one: Side, other: Side) -> f64 {
        let (mut nodes, mut of_one, mut of_other, mut of_both) = (0.0, 0.0, 0.0, 0.0);
        let mut found = Vec::new();
        for chunk in (0..self.chunk_count()).filter(|chunk| self.may_hold_label(*chunk, label)) {
            found.clear();
            self.scan_chunk(chunk, Some(label), &mut found);
            for node in &found {
                let degree = |(kind, direction): Side| self.degree(kind, direction, NodeId(*node)) as f64;
                let (first, second) = (degree(one), degree(other));
                nodes += 1.0;
                of_one += first;
                of_other += second;
                of_both += first * second;
            }
        }
        if of_one * of_other == 0.0 { 1.0 } else { of_both * nodes / (of_one * of_other) }
    }
}
