//! Rows that differ from all before them; rows whose relationships differ from each other.

use std::sync::Arc;

use hashbrown::HashSet;
use smallvec::SmallVec;

use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::{GroupKey, Value};
use crate::vector::{Batch, Bitmap, Column, Slot};

use super::context::{Context, Flow, Sink};
use super::expand::node_column;
use super::parts::{MANY_PARTS, Manner, PartSink, run_in_parts};
use super::{ExecutionError, give_all, give_rows, run};

type Row = SmallVec<[GroupKey; 2]>;

/// The rows of a part that come for the first time in it.
#[derive(Default)]
struct FirstRows<'a> {
    slots: &'a [Slot],
    /// What is handed on: the slots compared too, which need not be read above but are compared once more.
    held: &'a [Slot],
    seen: HashSet<Row>,
    batches: Vec<Batch>,
}

impl PartSink for FirstRows<'_> {
    fn take(&mut self, batch: Batch, context: &Context<'_>) -> Result<Flow, ExecutionError> {
        let rows = first_rows(&mut self.seen, &batch, self.slots, context)?;
        give_rows(&batch, &rows, self.held, &mut |batch| self.batches.take(batch, context))
    }
}

/// Within each part first, then over what is left of the parts.
pub(super) fn run_distinct(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Distinct { slots } = &plan.operator else { unreachable!("a distinct is run as one") };
    let mut seen = HashSet::new();
    let mut take = |batch: Batch| {
        let rows = first_rows(&mut seen, &batch, slots, context)?;
        give_rows(&batch, &rows, &plan.live, sink)
    };
    let held: Vec<Slot> =
        plan.live.iter().chain(slots.iter().filter(|slot| !plan.live.contains(slot))).copied().collect();
    let begin = || Ok(FirstRows { slots, held: &held, ..FirstRows::default() });
    let manner = Manner { most_parts: MANY_PARTS, exact: true };
    let mut done = |part: FirstRows<'_>| give_all(part.batches, &mut take);
    match run_in_parts(plan.input(), argument, context, &manner, &begin, &mut done)? {
        Some(flow) => Ok(flow),
        None => run(plan.input(), argument, context, &mut take),
    }
}

/// Returns the rows of a batch that come for the first time.
fn first_rows(
    seen: &mut HashSet<Row>,
    batch: &Batch,
    slots: &[Slot],
    context: &Context<'_>,
) -> Result<Vec<u32>, ExecutionError> {
    context.guard.tick(batch.rows())?;
    let columns: Vec<_> = slots.iter().map(|slot| batch.column(*slot).clone()).collect();
    let mut is_first = |row: usize| seen.insert(columns.iter().map(|column| GroupKey(column.value(row))).collect());
    let rows: Vec<u32> = (0..batch.rows()).filter(|row| is_first(*row)).map(|row| row as u32).collect();
    context.guard.charge(rows.len() * slots.len() * std::mem::size_of::<Value>())?;
    Ok(rows)
}

pub(super) fn run_distinct_nodes(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::DistinctNodes { slot } = &plan.operator else { unreachable!("a distinct is run as one") };
    let mut seen = Bitmap::default();
    let mut first: Option<Arc<Column>> = None;
    run(plan.input(), argument, context, &mut |batch: Batch| {
        context.guard.tick(batch.rows())?;
        if seen.is_empty() && first.is_none() {
            let nodes = node_column(&batch, *slot);
            // The neighbours of one node come in order: until others follow, nothing need be remembered of them.
            if nodes.windows(2).fold(true, |ascending, pair| ascending & (pair[0] < pair[1])) {
                first = Some(batch.column(*slot).clone());
                return sink(batch);
            }
        }
        if let Some(first) = first.take() {
            let mut before = Batch::new(first.len());
            before.set(*slot, first);
            new_rows(&mut seen, &node_column(&before, *slot));
        }
        let rows = new_rows(&mut seen, &node_column(&batch, *slot));
        give_rows(&batch, &rows, &plan.live, sink)
    })
}

/// Returns the rows whose node is not in the set yet, and puts it in. A null has place 0.
fn new_rows(seen: &mut Bitmap, nodes: &[u32]) -> Vec<u32> {
    let greatest = nodes.iter().map(|node| node.wrapping_add(1)).max().unwrap_or(0) as usize;
    if greatest >= seen.len() {
        seen.resize((greatest + 1).next_power_of_two());
    }
    let mut is_new = |node: u32| seen.insert(node.wrapping_add(1) as usize);
    let mut rows = Vec::with_capacity(nodes.len());
    rows.extend((0_u32..).zip(nodes).filter(|(_, node)| is_new(**node)).map(|(row, _)| row));
    rows
}

pub(super) fn run_distinct_relationships(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::DistinctRelationships { slots } = &plan.operator else { unreachable!("a check is run as a check") };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let columns: Vec<_> = slots.iter().map(|slot| batch.column(*slot).clone()).collect();
        let rows: Vec<u32> = match columns.as_slice() {
            [left, right] => match (left.as_ref(), right.as_ref()) {
                (Column::Relationship(left), Column::Relationship(right)) => {
                    (0..batch.rows() as u32).filter(|row| left[*row as usize] != right[*row as usize]).collect()
                }
                _ => (0..batch.rows() as u32).filter(|row| all_differ(&columns, *row as usize)).collect(),
            },
            _ => (0..batch.rows() as u32).filter(|row| all_differ(&columns, *row as usize)).collect(),
        };
        give_rows(&batch, &rows, &plan.live, sink)
    })
}

fn all_differ(columns: &[std::sync::Arc<Column>], row: usize) -> bool {
    let mut met = HashSet::new();
    columns.iter().all(|column| differs(&column.value(row), &mut met))
}

/// Says whether no relationship in a value has been met, and takes them down. Lists may hold lists of relationships (quantified
/// patterns); nodes among them do not matter.
fn differs(value: &Value, met: &mut HashSet<u32>) -> bool {
    match value {
        Value::Relationship(id) => met.insert(id.0),
        Value::List(items) => items.iter().all(|item| differs(item, met)),
        _ => true,
    }
}
