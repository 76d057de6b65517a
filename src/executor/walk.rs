//! What walks of several relationships share: the steps that can be taken from a node, and the rows that walks become.

use rustc_hash::FxHashMap;

use crate::expression::{Expression, filter};
use crate::graph::{CHUNK_SLOTS, Direction, RelationshipTypeId, Scratch, Snapshot, Walk};
use crate::planner::physical::{ExpandStep, StepDirection};
use crate::value::{RelationshipId, Value};
use crate::vector::{Batch, Column, Slot};

use super::context::{Context, Flow, Sink};
use super::types::step_types;
use super::{ExecutionError, Guard};

/// A relationship taken from a node, and where it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// The node that it leads to.
    pub node: u32,
    /// The relationship.
    pub relationship: u32,
}

/// Finds the steps that can be taken from nodes for the rows of one batch.
pub(super) struct Walker<'a> {
    snapshot: &'a Snapshot,
    context: &'a Context<'a>,
    batch: &'a Batch,
    types: Vec<RelationshipTypeId>,
    direction: Direction,
    predicate: Option<&'a (Slot, Expression)>,
    walks: Vec<Walk<'a>>,
    scratch: Scratch,
    relationships: Vec<u32>,
}

/// Returns the direction of adjacency that a step reads.
pub(super) fn adjacency_direction(direction: StepDirection) -> Direction {
    match direction {
        StepDirection::Outgoing => Direction::Outgoing,
        StepDirection::Incoming => Direction::Incoming,
        StepDirection::Both => Direction::Both,
    }
}

impl<'a> Walker<'a> {
    /// Returns a walker along a step.
    pub(super) fn new(
        step: &ExpandStep,
        predicate: Option<&'a (Slot, Expression)>,
        snapshot: &'a Snapshot,
        batch: &'a Batch,
        context: &'a Context<'a>,
    ) -> Self {
        let types = step_types(step.label.as_ref(), snapshot);
        let direction = adjacency_direction(step.direction);
        let walks = types.iter().map(|kind| snapshot.walk(*kind, direction)).collect();
        let (scratch, relationships) = Default::default();
        Walker { snapshot, context, batch, types, direction, predicate, walks, scratch, relationships }
    }

    /// Returns a walker the other way.
    pub(super) fn reversed(&self) -> Self {
        let direction = self.direction.reversed();
        Walker {
            snapshot: self.snapshot,
            context: self.context,
            batch: self.batch,
            types: self.types.clone(),
            direction,
            predicate: self.predicate,
            walks: self.types.iter().map(|kind| self.snapshot.walk(*kind, direction)).collect(),
            scratch: Scratch::default(),
            relationships: Vec::new(),
        }
    }

    /// Returns a walker the other way that takes every relationship, whatever this one asks of them.
    pub(super) fn backwards(&self) -> Self {
        Walker { predicate: None, ..self.reversed() }
    }

    /// Returns what may stop the walk.
    pub(super) fn guard(&self) -> &'a Guard {
        self.context.guard
    }

    /// Appends the steps that can be taken from a node for a row.
    pub(super) fn steps(&mut self, node: u32, row: u32, out: &mut Vec<Taken>) -> Result<(), ExecutionError> {
        let before = out.len();
        for walk in &self.walks {
            let relationships = &mut self.relationships;
            walk.each_neighbours(&[node], &mut self.scratch, |_, neighbours| {
                relationships.clear();
                neighbours.relationships_into(relationships);
                let pairs = neighbours.nodes.iter().zip(&*relationships);
                out.extend(pairs.map(|(node, relationship)| Taken { node: *node, relationship: *relationship }));
            });
        }
        self.context.guard.tick(out.len() - before)?;
        match self.predicate {
            Some((slot, predicate)) if out.len() > before => self.keep_admitted(*slot, predicate, row, before, out),
            _ => Ok(()),
        }
    }

    /// Appends the nodes that can be stepped to from a node for a row.
    pub(super) fn ends(&mut self, node: u32, row: u32, out: &mut Vec<u32>) -> Result<(), ExecutionError> {
        if self.predicate.is_some() {
            let mut taken = Vec::new();
            self.steps(node, row, &mut taken)?;
            out.extend(taken.iter().map(|taken| taken.node));
            return Ok(());
        }
        let before = out.len();
        for walk in &self.walks {
            out.extend_from_slice(walk.nodes(node, &mut self.scratch));
        }
        self.context.guard.tick(out.len() - before)
    }

    /// Calls `visit` with each node that can be stepped to from a node for a row, until it wants no more.
    #[inline]
    pub(super) fn for_each_end(
        &mut self,
        node: u32,
        row: u32,
        mut visit: impl FnMut(u32) -> bool,
    ) -> Result<(), ExecutionError> {
        if self.predicate.is_some() {
            let mut ends = Vec::new();
            self.ends(node, row, &mut ends)?;
            ends.into_iter().all(visit);
            return Ok(());
        }
        let mut seen = 0;
        for walk in &self.walks {
            let ends = walk.nodes(node, &mut self.scratch);
            seen += ends.len();
            if !ends.iter().all(|end| visit(*end)) {
                break;
            }
        }
        self.context.guard.tick(seen)
    }

    /// Calls `visit` with the nodes that can be stepped to from a node for a row, a list for each type.
    #[inline]
    pub(super) fn for_each_list(
        &mut self,
        node: u32,
        row: u32,
        mut visit: impl FnMut(&[u32]),
    ) -> Result<(), ExecutionError> {
        if self.predicate.is_some() {
            let mut ends = Vec::new();
            self.ends(node, row, &mut ends)?;
            visit(&ends);
            return Ok(());
        }
        let mut seen = 0;
        for walk in &self.walks {
            let ends = walk.nodes(node, &mut self.scratch);
            seen += ends.len();
            visit(ends);
        }
        self.context.guard.tick(seen)
    }

    /// Says whether it walks one way only.
    pub(super) fn is_directed(&self) -> bool {
        self.direction != Direction::Both
    }

    /// Returns a number that is greater than every node's.
    pub(super) fn node_limit(&self) -> usize {
        self.snapshot.chunk_count() * CHUNK_SLOTS
    }

    /// Returns the length of the shortest walks that lead back to a node without taking a relationship twice, if there are any so
    /// short: a breadth-first search in which every node remembers over which relationship its way left the start, so that two ways
    /// that meet close a circle only if they left apart.
    pub(super) fn circle_length(&mut self, start: u32, row: u32, max: u32) -> Result<Option<u32>, ExecutionError> {
        let mut met: FxHashMap<u32, (u32, u32)> = FxHashMap::default();
        let (mut frontier, mut steps, mut depth, mut best) = (vec![start], Vec::new(), 0, None::<u32>);
        while !frontier.is_empty() && depth < max && best.is_none_or(|best| depth + 1 < best) {
            let mut next = Vec::new();
            for node in frontier {
                let left_over = met.get(&node).map(|(_, branch)| *branch);
                steps.clear();
                self.steps(node, row, &mut steps)?;
                for taken in &steps {
                    let branch = left_over.unwrap_or(taken.relationship);
                    let length = match met.get(&taken.node) {
                        _ if taken.node == start => (left_over != Some(taken.relationship)).then_some(depth + 1),
                        // Against a direction nobody walks back, so ways that meet close nothing.
                        Some((other, apart)) => {
                            let closes = self.direction == Direction::Both && *apart != branch;
                            closes.then_some(depth + 1 + other)
                        }
                        None => {
                            met.insert(taken.node, (depth + 1, branch));
                            next.push(taken.node);
                            None
                        }
                    };
                    if let Some(length) = length {
                        best = Some(best.map_or(length, |best| best.min(length)));
                    }
                }
            }
            frontier = next;
            depth += 1;
        }
        Ok(best.filter(|best| *best <= max))
    }

    fn keep_admitted(
        &self,
        slot: Slot,
        predicate: &Expression,
        row: u32,
        before: usize,
        out: &mut Vec<Taken>,
    ) -> Result<(), ExecutionError> {
        let found = out.split_off(before);
        let mut batch = self.batch.gather(&vec![row; found.len()]);
        batch.set(slot, Column::Relationship(found.iter().map(|taken| taken.relationship).collect()));
        let admitted = filter(predicate, &batch, &self.context.evaluation(self.snapshot))?;
        out.extend(admitted.into_iter().map(|place| found[place as usize]));
        Ok(())
    }
}

/// Rows made by walks: the row that each began with, its end and its relationships.
pub(super) struct WalkedRows<'a> {
    step: &'a ExpandStep,
    live: &'a [Slot],
    into: bool,
    reversed: bool,
    wants_list: bool,
    rows: Vec<u32>,
    ends: Vec<u32>,
    lists: Vec<Value>,
}

impl<'a> WalkedRows<'a> {
    /// Returns rows for a step; lists are turned around where the walk ran against the pattern.
    pub(super) fn new(step: &'a ExpandStep, live: &'a [Slot], into: bool, reversed: bool) -> Self {
        let wants_list = live.contains(&step.relationship);
        WalkedRows { step, live, into, reversed, wants_list, rows: Vec::new(), ends: Vec::new(), lists: Vec::new() }
    }

    /// Adds a walk.
    pub(super) fn push(&mut self, row: u32, end: u32, relationships: impl DoubleEndedIterator<Item = u32>) {
        self.rows.push(row);
        self.ends.push(end);
        if self.wants_list {
            let value = |id: u32| Value::Relationship(RelationshipId(id));
            let list = if self.reversed {
                relationships.rev().map(value).collect()
            } else {
                relationships.map(value).collect()
            };
            self.lists.push(Value::list(list));
        }
    }

    /// Says whether the relationships of walks are listed.
    pub(super) fn wants_lists(&self) -> bool {
        self.wants_list
    }

    /// Adds walks from one row to many ends, whose relationships nobody reads.
    pub(super) fn push_ends(&mut self, row: u32, ends: &[u32]) {
        self.rows.resize(self.rows.len() + ends.len(), row);
        self.ends.extend_from_slice(ends);
    }

    /// Says whether there are enough rows to hand on.
    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= Batch::TARGET_ROWS
    }

    /// Hands the rows on.
    pub(super) fn give(&mut self, batch: &Batch, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
        if self.rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let rows = std::mem::take(&mut self.rows);
        let own = |slot: &Slot| *slot == self.step.relationship || (!self.into && *slot == self.step.to);
        let kept: Vec<Slot> = self.live.iter().copied().filter(|slot| !own(slot)).collect();
        let mut walked = batch.gather_slots(&rows, &kept);
        let ends = std::mem::take(&mut self.ends);
        if !self.into {
            walked.set(self.step.to, Column::Node(ends));
        }
        if self.wants_list {
            walked.set(self.step.relationship, Column::Any(std::mem::take(&mut self.lists)));
        }
        sink(walked)
    }
}
