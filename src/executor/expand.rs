//! Steps of one relationship: to the neighbours, or only their number.

use std::borrow::Cow;

use crate::graph::{Neighbours, Scratch, Walk};
use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan};
use crate::vector::{Batch, Column, NO_ID, Slot};

use super::context::{Context, Flow, Sink};
use super::steps::Steps;
use super::{ExecutionError, run};

/// Returns the nodes of a slot; null where the value is no node.
pub(super) fn node_ids(batch: &Batch, slot: Slot) -> Vec<u32> {
    match batch.column(slot).as_ref() {
        Column::Node(ids) => ids.clone(),
        Column::NodeRun(run) => run.clone().collect(),
        other => {
            other.iter().map(|value| if let crate::value::Value::Node(id) = value { id.0 } else { NO_ID }).collect()
        }
    }
}

/// Returns the nodes of a slot, shared where they are a column of nodes already.
pub(super) fn node_column(batch: &Batch, slot: Slot) -> Cow<'_, [u32]> {
    match batch.column(slot).as_ref() {
        Column::Node(ids) => Cow::Borrowed(ids),
        _ => Cow::Owned(node_ids(batch, slot)),
    }
}

/// Returns the rows whose number passes.
pub(super) fn rows_where(numbers: &[i64], passes: impl Fn(i64) -> bool) -> Vec<u32> {
    // Every row is written, and kept only if it passes: no branch hangs on the numbers.
    let mut rows = vec![0; numbers.len()];
    let mut kept = 0;
    for (row, number) in numbers.iter().enumerate() {
        rows[kept] = row as u32;
        kept += usize::from(passes(*number));
    }
    rows.truncate(kept);
    rows
}

/// Rows made by an expansion, gathered until they are worth handing on.
pub(super) struct Expanded<'a> {
    batch: &'a Batch,
    plan: &'a PhysicalPlan,
    step: &'a ExpandStep,
    into: bool,
    pub(super) rows: Vec<u32>,
    ends: Vec<u32>,
    pub(super) relationships: Vec<u32>,
    pub(super) wants_relationship: bool,
    wants_end: bool,
}

impl<'a> Expanded<'a> {
    pub(super) fn new(batch: &'a Batch, plan: &'a PhysicalPlan, step: &'a ExpandStep, into: bool) -> Self {
        Expanded {
            batch,
            plan,
            step,
            into,
            rows: Vec::new(),
            ends: Vec::new(),
            relationships: Vec::new(),
            wants_relationship: plan.live.contains(&step.relationship),
            wants_end: plan.live.contains(&step.to) && !into,
        }
    }

    fn add(&mut self, row: u32, neighbours: &Neighbours<'_>) {
        self.add_ends(row, neighbours.nodes);
        neighbours.relationships_into(&mut self.relationships);
    }

    #[inline]
    fn add_ends(&mut self, row: u32, ends: &[u32]) {
        if let [end] = ends {
            // Many steps lead to one node only.
            self.rows.push(row);
            if self.wants_end {
                self.ends.push(*end);
            }
            return;
        }
        self.rows.resize(self.rows.len() + ends.len(), row);
        if self.wants_end {
            self.ends.extend_from_slice(ends);
        }
    }

    pub(super) fn give(&mut self, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
        if self.rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let rows = std::mem::take(&mut self.rows);
        let kept: Vec<Slot> = self
            .plan
            .live
            .iter()
            .copied()
            .filter(|slot| *slot != self.step.relationship && (self.into || *slot != self.step.to))
            .collect();
        let mut found = self.batch.gather_slots(&rows, &kept);
        if self.wants_end {
            found.set(self.step.to, Column::Node(std::mem::take(&mut self.ends)));
        }
        if self.wants_relationship {
            found.set(self.step.relationship, Column::Relationship(std::mem::take(&mut self.relationships)));
        }
        sink(found)
    }
}

pub(super) fn run_expand(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Expand { step, .. } = &plan.operator else { unreachable!("an expand is run as an expand") };
    let steps = Steps::new(step, context);
    run(plan.input(), argument, context, &mut |batch: Batch| {
        steps.read(|_, walks| expand_batch((plan, step), &batch, walks, context, sink))
    })
}

fn expand_batch(
    (plan, step): (&PhysicalPlan, &ExpandStep),
    batch: &Batch,
    walks: &[Walk<'_>],
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let mut scratch = Scratch::default();
    let mut expanded = Expanded::new(batch, plan, step, false);
    if let ([walk], false) = (walks, expanded.wants_relationship) {
        let nodes = node_column(batch, step.from);
        let mut first = 0;
        while first < nodes.len() {
            first += walk.each_list(&nodes[first..], &mut scratch, |row, ends| {
                expanded.add_ends((first + row) as u32, ends);
                expanded.rows.len() < Batch::TARGET_ROWS
            });
            context.guard.tick(expanded.rows.len())?;
            if expanded.give(sink)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        return Ok(Flow::Continue);
    }
    for (row, node) in node_column(batch, step.from).iter().copied().enumerate() {
        if node == NO_ID {
            continue;
        }
        for walk in walks {
            if expanded.wants_relationship {
                expanded.add(row as u32, &walk.neighbours(node, &mut scratch));
            } else {
                expanded.add_ends(row as u32, walk.nodes(node, &mut scratch));
            }
        }
        if expanded.rows.len() >= Batch::TARGET_ROWS {
            context.guard.tick(expanded.rows.len())?;
            if expanded.give(sink)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
    }
    expanded.give(sink)
}

pub(super) fn run_expand_count(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::ExpandCount { step, count, optional } = &plan.operator else {
        unreachable!("a count is run as a count")
    };
    let steps = Steps::new(step, context);
    run(plan.input(), argument, context, &mut |mut batch: Batch| {
        let mut counts = steps.degrees(&batch);
        context.guard.tick(batch.rows())?;
        // Rows without any are dropped; often there are none.
        if *optional || !counts.contains(&0) {
            batch.set(*count, Column::integers(counts));
            return sink(batch);
        }
        let rows = rows_where(&counts, |count| count > 0);
        counts.retain(|count| *count > 0);
        if rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let kept: Vec<Slot> = plan.live.iter().copied().filter(|slot| slot != count).collect();
        let mut found = batch.gather_slots(&rows, &kept);
        found.set(*count, Column::integers(counts));
        sink(found)
    })
}
