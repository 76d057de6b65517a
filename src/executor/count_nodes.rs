//! Equal rows put together: for each node how many rows have it, in an array by the node's number.
//!
//! The expansion right below is not made: its neighbours are counted where they lie. The array comes from a stock of cleared ones and
//! goes back to it, so that little is done for few rows in a large graph.

use std::sync::Arc;

use crate::graph::{CHUNK_SLOTS, Scratch, Walk};
use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan};
use crate::planner::shortcut::COUNTED_ENDS;
use crate::vector::{Batch, Column, NO_ID, Slot};

use super::context::{Context, Flow, Sink};
use super::expand::node_column;
use super::parts::{Manner, PartSink, run_in_parts};
use super::steps::Steps;
use super::{ExecutionError, run};

/// Into how many parts the rows are cut: each has an array.
const MOST_PARTS: usize = 4;

/// Up to how many slots for each node met are looked through to give the nodes in order of their slots, as their properties lie.
const SLOTS_A_NODE: usize = 8;

pub(super) fn run_count_nodes(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let (step, input) = match &plan.input().operator {
        // Whoever measures the operators wants to see what each gives.
        _ if context.profile.is_some() || !context.has(COUNTED_ENDS) => (None, plan.input()),
        Operator::Expand { step, into: false } => (Some((step, false)), plan.input().input()),
        Operator::OptionalExpand { step, label: None, predicate: None } => (Some((step, true)), plan.input().input()),
        _ => (None, plan.input()),
    };
    let begin = || Counts::new(&plan.operator, step, context);
    let mut counts = begin()?;
    let manner = Manner { most_parts: MOST_PARTS, exact: true };
    let mut done = |part: Counts<'_>| {
        counts.merge(part, context);
        Ok(Flow::Continue)
    };
    if run_in_parts(input, argument, context, &manner, &begin, &mut done)?.is_none() {
        run(input, argument, context, &mut |batch: Batch| counts.take(batch, context))?;
    }
    counts.give(plan, context, sink)
}

/// The nodes met, with how many rows have each.
struct Counts<'a> {
    slot: Slot,
    weights: &'a [Slot],
    constants: &'a [Slot],
    /// The expansion that is not made, and whether a node without neighbours has a row.
    step: Option<(Steps<'a>, bool)>,
    counts: Vec<u64>,
    /// The nodes in the order in which they were met.
    met: Vec<u32>,
    /// How many rows have none.
    nulls: u64,
    /// What all rows have in common.
    common: Vec<Option<Arc<Column>>>,
}

impl<'a> Counts<'a> {
    fn new(
        operator: &'a Operator,
        step: Option<(&'a ExpandStep, bool)>,
        context: &'a Context<'a>,
    ) -> Result<Self, ExecutionError> {
        let Operator::CountNodes { slot, weights, constants, .. } = operator else {
            unreachable!("nodes are counted as they are to be")
        };
        let nodes = context.graph().chunk_count() * CHUNK_SLOTS;
        context.guard.charge(nodes * size_of::<u64>())?;
        Ok(Counts {
            slot: *slot,
            weights,
            constants,
            step: step.map(|(step, is_optional)| (Steps::new(step, context), is_optional)),
            counts: context.threads.arrays().take(nodes),
            met: Vec::new(),
            nulls: 0,
            common: vec![None; constants.len()],
        })
    }

    #[inline]
    fn add(&mut self, node: u32, times: u64) {
        if let Some(count) = self.counts.get_mut(node as usize) {
            if *count == 0 {
                self.met.push(node);
            }
            *count = count.saturating_add(times);
        }
    }

    fn add_rows(&mut self, nodes: &[u32], weights: Option<&[u64]>) {
        for (row, node) in nodes.iter().enumerate() {
            let times = weights.map_or(1, |weights| weights[row]);
            if *node == NO_ID { self.nulls += times } else { self.add(*node, times) }
        }
    }

    /// Counts the neighbours of the node of each row.
    fn add_neighbours(
        &mut self,
        (batch, from): (&Batch, Slot),
        weights: Option<&[u64]>,
        (walks, is_optional): (&[Walk<'_>], bool),
    ) {
        // The neighbours of nodes that follow each other lie in one stretch.
        if let (Column::NodeRun(run), [walk], None) = (batch.column(from).as_ref(), walks, weights)
            && let Some(stretches) = walk.neighbours_of_run(run.clone())
        {
            for (neighbours, alone) in stretches {
                neighbours.iter().for_each(|node| self.add(*node, 1));
                self.nulls += if is_optional { alone as u64 } else { 0 };
            }
            return;
        }
        let mut scratch = Scratch::default();
        if let [walk] = walks {
            walk.each_list(&node_column(batch, from), &mut scratch, |row, ends| {
                let times = weights.map_or(1, |weights| weights[row]);
                ends.iter().for_each(|end| self.add(*end, times));
                self.nulls += if is_optional && ends.is_empty() { times } else { 0 };
                true
            });
            return;
        }
        for (row, node) in node_column(batch, from).iter().enumerate() {
            let times = weights.map_or(1, |weights| weights[row]);
            let mut is_alone = true;
            for walk in walks.iter().filter(|_| *node != NO_ID) {
                for end in walk.nodes(*node, &mut scratch) {
                    is_alone = false;
                    self.add(*end, times);
                }
            }
            self.nulls += if is_optional && is_alone { times } else { 0 };
        }
    }

    /// Takes in what was counted over the rows that follow.
    fn merge(&mut self, mut other: Counts<'_>, context: &Context<'_>) {
        for node in &other.met {
            self.add(*node, other.counts[*node as usize]);
        }
        self.nulls += other.nulls;
        for (own, others) in self.common.iter_mut().zip(std::mem::take(&mut other.common)) {
            *own = own.take().or(others);
        }
        other.leave(context);
    }

    /// Puts the array back to the stock.
    fn leave(self, context: &Context<'_>) {
        context.guard.release(self.counts.len() * size_of::<u64>());
        context.threads.arrays().give_back(self.counts, &self.met);
    }

    /// Puts the nodes met in order, if they lie close enough together.
    fn order(&mut self) {
        let (Some(least), Some(greatest)) = (self.met.iter().min(), self.met.iter().max()) else { return };
        let (first, last) = (*least as usize, *greatest as usize);
        if last - first <= self.met.len() * SLOTS_A_NODE {
            self.met.clear();
            for (node, count) in (first as u32..).zip(&self.counts[first..=last]) {
                if *count > 0 {
                    self.met.push(node);
                }
            }
        }
    }

    fn give(mut self, plan: &PhysicalPlan, context: &Context<'_>, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
        let Operator::CountNodes { count, .. } = &plan.operator else { return Ok(Flow::Continue) };
        self.order();
        let mut flow = Flow::Continue;
        let null = (self.nulls > 0).then_some(NO_ID);
        let nodes: Vec<u32> = self.met.iter().copied().chain(null).collect();
        for nodes in nodes.chunks(Batch::TARGET_ROWS) {
            let times = |node: &u32| if *node == NO_ID { self.nulls } else { self.counts[*node as usize] };
            let times = nodes.iter().map(|node| i64::try_from(times(node)).unwrap_or(i64::MAX));
            let mut batch = Batch::new(nodes.len());
            batch.set(*count, Column::integers(times.collect()));
            batch.set(self.slot, Column::Node(nodes.to_vec()));
            for (slot, column) in self.constants.iter().zip(&self.common) {
                if let Some(column) = column {
                    batch.set(*slot, column.gather(&vec![0; nodes.len()]));
                }
            }
            context.guard.tick(nodes.len())?;
            flow = sink(batch)?;
            if flow == Flow::Stop {
                break;
            }
        }
        self.leave(context);
        Ok(flow)
    }
}

impl PartSink for Counts<'_> {
    fn take(&mut self, batch: Batch, context: &Context<'_>) -> Result<Flow, ExecutionError> {
        context.guard.tick(batch.rows())?;
        let weights = weights(&batch, self.weights);
        for (place, slot) in self.constants.iter().enumerate() {
            let common = &mut self.common[place];
            if common.is_none() {
                *common = batch.get(*slot).map(|column| Arc::new(column.gather(&[0])));
            }
        }
        let Some((steps, is_optional)) = self.step.take() else {
            self.add_rows(&node_column(&batch, self.slot), weights.as_deref());
            return Ok(Flow::Continue);
        };
        let from = steps.from();
        let before = self.met.len();
        steps.read(|_, walks| self.add_neighbours((&batch, from), weights.as_deref(), (walks, is_optional)));
        context.guard.charge((self.met.len() - before) * size_of::<u32>())?;
        self.step = Some((steps, is_optional));
        Ok(Flow::Continue)
    }
}

/// Returns how many rows each row stands for, where it is not one.
fn weights(batch: &Batch, slots: &[Slot]) -> Option<Vec<u64>> {
    let mut weights: Option<Vec<u64>> = None;
    for slot in slots {
        let Column::Integer { values, .. } = batch.column(*slot).as_ref() else { continue };
        let values = values.iter().map(|value| u64::try_from(*value).unwrap_or(0));
        weights = Some(match weights {
            None => values.collect(),
            Some(weights) => weights.iter().zip(values).map(|(weight, value)| weight.saturating_mul(value)).collect(),
        });
    }
    weights
}
