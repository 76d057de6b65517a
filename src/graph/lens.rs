//! A snapshot under a lens: what the graph is if only some claims count, or if another rule says which of them win.
//!
//! It is an ordinary snapshot. Uncounted claims are taken out of a clone, what they bore on is settled anew, and elements that nothing
//! counted supports go; chunks in which none of that happens stay shared with the snapshot it was made from.
//!
//! A node is supported by a counted claim on it or on a relationship at it, a relationship by a counted claim on it. What no claim
//! speaks of at all is there under every lens; what only claims speak of that are known to be wrong is there under none, not even the default
//! one: there only a query that writes still sees it.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::knowledge::{ClaimRule, Lens, Rank, Subject};
use crate::value::{NodeId, RelationshipId, Value};

use super::adjacency::Scratch;
use super::claim_lists::ClaimEntry;
use super::claims::{ClaimRecord, Stated};
use super::id::{Direction, LabelId, PropertyKeyId, RelationshipTypeId};
use super::snapshot::Snapshot;
use super::state::State;

/// How far a source counts.
#[derive(Clone, Copy, Debug)]
struct Weight {
    /// Its claims count as values.
    counts: bool,
    /// Its claims support that elements are there.
    speaks: bool,
}

impl Snapshot {
    /// Returns the relationships of all types at a node, in both directions, in order of type.
    pub fn relationships_of(&self, node: NodeId) -> Vec<RelationshipId> {
        relationships_at(&self.state, node)
    }

    /// Says whether a claim is known to be wrong, so that what nothing else speaks of is not there.
    pub fn has_deprecated_claims(&self) -> bool {
        self.state.claims.has_deprecated()
    }

    /// Returns this snapshot as the lens shows it.
    pub fn under(&self, lens: &Lens) -> Snapshot {
        let base = &self.state;
        if lens.is_default() && !self.has_deprecated_claims() {
            return self.clone();
        }
        let mut state = State::clone(base);
        state.rule = lens.rule;
        let weights: FxHashMap<NodeId, Weight> =
            base.claims.sources().into_iter().map(|source| (source, weigh(base, lens, source))).collect();
        let silenced: FxHashSet<NodeId> =
            weights.iter().filter(|(_, weight)| !weight.counts).map(|(source, _)| *source).collect();
        let mut touched = Touched::default();
        if !silenced.is_empty() {
            base.claims.lists().for_each_of(&|source| silenced.contains(&source), &mut |subject, entries| {
                let uncounted = entries.iter().filter(|entry| silenced.contains(&entry.source));
                uncounted.for_each(|entry| touched.note(base, subject, entry));
            });
            state.claims = base.claims.without(silenced);
        }
        base.claims.deprecated().into_iter().for_each(|subject| touched.note_element(base, subject));
        touched.sort();
        let shown = Shown { base, weights };
        state.settle_under(&touched.matters, lens.rule);
        shown.relabel(&mut state, &touched.labelled);
        if !shown.hide(&mut state, &touched) && lens.is_default() {
            return self.clone();
        }
        state.deleted_nodes = Arc::default();
        state.deleted_relationships = Arc::default();
        state.unchecked = Arc::default();
        Snapshot { state: Arc::new(state) }
    }
}

/// Says how far a source counts under a lens.
fn weigh(state: &State, lens: &Lens, source: NodeId) -> Weight {
    let schema = state.catalogue.schema();
    let key = schema.source.as_ref().and_then(|declared| state.catalogue.property_key_id(&declared.kind));
    let kind = key.map_or(Value::Null, |key| state.node_columns.value(key, source.0));
    let kind = if let Value::String(kind) = &kind { kind.as_str() } else { "" };
    let named = lens.sources.as_ref().is_none_or(|sources| sources.contains(&source));
    let in_time = lens.as_of.is_none_or(|day| state.published(source).is_some_and(|published| published <= day));
    let background = schema.is_background(kind) && !lens.only;
    Weight { counts: background || (named && in_time), speaks: !schema.is_silent(kind) }
}

/// What uncounted claims bore on.
#[derive(Debug, Default)]
struct Touched {
    matters: Vec<(Subject, PropertyKeyId)>,
    nodes: Vec<NodeId>,
    relationships: Vec<RelationshipId>,
    labelled: Vec<NodeId>,
}

impl Touched {
    fn note(&mut self, base: &State, subject: Subject, entry: &ClaimEntry) {
        match (subject, entry.key) {
            (_, Some(key)) => self.matters.push((subject, key)),
            (Subject::Node(node), None) => self.labelled.push(node),
            (Subject::Relationship(_), None) => {}
        }
        self.note_element(base, subject);
    }

    /// Notes that an element may have lost its support.
    fn note_element(&mut self, base: &State, subject: Subject) {
        match subject {
            Subject::Node(node) => self.nodes.push(node),
            Subject::Relationship(relationship) => {
                self.relationships.push(relationship);
                if let Some(record) = base.relationships.record(relationship) {
                    self.nodes.extend([record.start, record.end]);
                }
            }
        }
    }

    fn sort(&mut self) {
        self.matters.sort_unstable();
        self.matters.dedup();
        self.nodes.sort_unstable();
        self.nodes.dedup();
        self.relationships.sort_unstable();
        self.relationships.dedup();
        self.labelled.sort_unstable();
        self.labelled.dedup();
    }
}

impl State {
    fn settle_under(&mut self, matters: &[(Subject, PropertyKeyId)], rule: ClaimRule) {
        // What has lost all its claims is among the matters only.
        match rule {
            ClaimRule::Rank => {}
            // Every value becomes a list.
            ClaimRule::All => self.settle_all(),
            // The only claim on a matter wins by any rule.
            _ => {
                let contested = self.claims.lists().contested();
                contested.into_iter().for_each(|(subject, key, _)| self.settle(subject, key));
            }
        }
        matters.iter().for_each(|(subject, key)| self.settle(*subject, *key));
    }
}

/// What is there, judged by claims of the snapshot that the lens looks at.
struct Shown<'a> {
    base: &'a State,
    weights: FxHashMap<NodeId, Weight>,
}

impl Shown<'_> {
    /// Takes away labels that only uncounted claims of existence state.
    fn relabel(&self, state: &mut State, nodes: &[NodeId]) {
        for node in nodes {
            let stated = |claims: &super::claims::Claims| -> Vec<LabelId> {
                let existence = claims.on(Subject::Node(*node), None);
                let labels = existence.filter_map(|claim| match claims.get(claim)? {
                    ClaimRecord { stated: Stated::Existence(labels), details, .. }
                        if details.rank != Rank::Deprecated =>
                    {
                        Some(labels.clone())
                    }
                    _ => None,
                });
                labels.flatten().collect()
            };
            let (before, after) = (stated(&self.base.claims), stated(&state.claims));
            let set = self.base.nodes.label_set(*node);
            let kept = self.base.label_sets.labels(set).iter().copied();
            let kept: Vec<LabelId> = kept.filter(|label| after.contains(label) || !before.contains(label)).collect();
            if kept.len() < self.base.label_sets.labels(set).len() {
                let set = Arc::make_mut(&mut state.label_sets).intern(&kept);
                state.relabel(*node, set);
            }
        }
    }

    /// Takes away the elements that have lost their support; says whether there were any.
    fn hide(&self, state: &mut State, touched: &Touched) -> bool {
        let is_gone = |relationship: &RelationshipId| {
            let subject = Subject::Relationship(*relationship);
            self.is_claimed(subject) && !self.spoken_of(state, subject)
        };
        let gone: Vec<RelationshipId> = touched.relationships.iter().copied().filter(is_gone).collect();
        state.delete_relationships(&gone);
        let (mut nodes, mut left_hanging) = (Vec::new(), Vec::new());
        for node in &touched.nodes {
            // Whoever speaks is there: what its claims weigh is read from its node.
            if self.weights.get(node).is_some_and(|weight| weight.counts) {
                continue;
            }
            let was_there = || self.is_claimed(Subject::Node(*node)) || self.is_supported(self.base, *node);
            if !self.is_supported(state, *node) && was_there() {
                left_hanging.extend(relationships_at(state, *node));
                nodes.push(*node);
            }
        }
        left_hanging.sort_unstable();
        left_hanging.dedup();
        state.delete_relationships(&left_hanging);
        nodes.iter().for_each(|node| state.delete_node(*node));
        !gone.is_empty() || !nodes.is_empty()
    }

    /// Says whether a claim that supports speaks of a subject.
    fn spoken_of(&self, state: &State, subject: Subject) -> bool {
        let entries = state.claims.entries(subject);
        entries.iter().any(|entry| !entry.deprecated && self.speaks(entry.source))
    }

    /// Says whether the graph has a claim on a subject that supports it, or would if it were not known to be wrong.
    fn is_claimed(&self, subject: Subject) -> bool {
        self.base.claims.entries(subject).iter().any(|entry| self.speaks(entry.source))
    }

    fn speaks(&self, source: NodeId) -> bool {
        self.weights.get(&source).is_none_or(|weight| weight.speaks)
    }

    /// Says whether a claim that supports speaks of a node or of a relationship at it.
    fn is_supported(&self, state: &State, node: NodeId) -> bool {
        self.spoken_of(state, Subject::Node(node))
            || kinds(state).any(|kind| {
                relationships_along(state, node, kind)
                    .into_iter()
                    .any(|relationship| self.spoken_of(state, Subject::Relationship(RelationshipId(relationship))))
            })
    }
}

fn kinds(state: &State) -> impl Iterator<Item = RelationshipTypeId> + use<> {
    (0..state.adjacency.kind_count()).map(|kind| RelationshipTypeId(kind as u16))
}

fn relationships_at(state: &State, node: NodeId) -> Vec<RelationshipId> {
    kinds(state).flat_map(|kind| relationships_along(state, node, kind)).map(RelationshipId).collect()
}

fn relationships_along(state: &State, node: NodeId, kind: RelationshipTypeId) -> Vec<u32> {
    let (mut scratch, mut slots) = (Scratch::default(), Vec::new());
    if state.adjacency.degree(kind, Direction::Both, node) > 0 {
        state.adjacency.neighbours(kind, Direction::Both, node, &mut scratch).relationships_into(&mut slots);
    }
    slots
}
