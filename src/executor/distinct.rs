//! Rows that differ from all before them; rows whose relationships differ from each other.

use std::sync::Arc;

use hashbrown::HashSet;

use crate::expression::Expression;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::planner::shortcut::DISTINCT_KEYS;
use crate::value::Value;
use crate::vector::{Batch, Bitmap, Column, Slot};

use super::context::{Context, Flow, Sink};
use super::expand::node_column;
use super::grouping::Grouping;
use super::key_rows::{KeyRows, Source};
use super::parts::{MANY_PARTS, Manner, PartSink, run_in_parts};
use super::{ExecutionError, give_rows, run};

/// What tells rows apart.
struct Told<'a> {
    slots: &'a [Slot],
    /// How each slot is computed over the rows that are taken in, where it is not there.
    keys: Option<Vec<(Slot, Expression)>>,
    live: &'a [Slot],
    grouping: Grouping,
    /// Whether a row has come.
    has_met: bool,
}

impl<'a> Told<'a> {
    fn new(slots: &'a [Slot], keys: Option<Vec<(Slot, Expression)>>, live: &'a [Slot], context: &Context<'_>) -> Self {
        Told { slots, keys, live, grouping: Grouping::new(slots.len(), context), has_met: false }
    }

    /// Hands on the rows of a batch that come for the first time.
    fn give(&mut self, batch: &Batch, context: &Context<'_>, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
        context.guard.tick(batch.rows())?;
        let snapshot = context.graph();
        let evaluation = context.evaluation(&snapshot);
        // Rows of nothing are one group, which is there before the first of them.
        let has_met = std::mem::replace(&mut self.has_met, true);
        let before = if self.slots.is_empty() && !has_met { 0 } else { self.grouping.count() };
        let Some(expressions) = &self.keys else {
            let columns: Vec<_> = self.slots.iter().map(|slot| batch.column(*slot).clone()).collect();
            let places = self.grouping.places(&mut KeyRows::of_columns(&columns), batch.rows(), context)?;
            return give_rows(batch, &first_rows(&places, before), self.live, sink);
        };
        let mut keys = KeyRows::of(Source { expressions, batch, evaluation: &evaluation });
        let places = self.grouping.places(&mut keys, batch.rows(), context)?;
        let rows = first_rows(&places, before);
        if rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let mut first = Batch::new(rows.len());
        for (place, slot) in self.slots.iter().enumerate() {
            first.set(*slot, keys.gather(place, &rows)?);
        }
        sink(first)
    }
}

/// Returns the rows whose group is new: groups have numbers in order of their first rows.
fn first_rows(places: &[u32], before: usize) -> Vec<u32> {
    let mut next = before as u32;
    let mut rows = Vec::new();
    for (row, place) in places.iter().enumerate() {
        if *place == next {
            rows.push(row as u32);
            next += 1;
        }
    }
    rows
}

/// The rows of a part that come for the first time in it.
struct FirstRows<'a> {
    told: Told<'a>,
    batches: Vec<Batch>,
}

impl PartSink for FirstRows<'_> {
    fn take(&mut self, batch: Batch, context: &Context<'_>) -> Result<Flow, ExecutionError> {
        self.told.give(&batch, context, &mut |batch| self.batches.take(batch, context))
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
    // What is handed on within a part: the slots compared too, which need not be read above but are compared once more.
    let held: Vec<Slot> =
        plan.live.iter().chain(slots.iter().filter(|slot| !plan.live.contains(slot))).copied().collect();
    let keys = computed_keys(plan, slots, context);
    let input = if keys.is_some() { plan.input().input() } else { plan.input() };
    let mut whole = Told::new(slots, None, &plan.live, context);
    let begin = || Ok(FirstRows { told: Told::new(slots, keys.clone(), &held, context), batches: Vec::new() });
    let manner = Manner { most_parts: MANY_PARTS, exact: true };
    let mut done = |part: FirstRows<'_>| {
        for batch in &part.batches {
            if whole.give(batch, context, sink)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::Continue)
    };
    match run_in_parts(input, argument, context, &manner, &begin, &mut done)? {
        Some(flow) => Ok(flow),
        None => {
            let mut told = Told::new(slots, keys.clone(), &plan.live, context);
            run(input, argument, context, &mut |batch: Batch| told.give(&batch, context, sink))
        }
    }
}

/// Returns how what rows are told apart by is computed, where the projection below computes nothing else that is read.
fn computed_keys(plan: &PhysicalPlan, slots: &[Slot], context: &Context<'_>) -> Option<Vec<(Slot, Expression)>> {
    let Operator::Project { items } = &plan.input().operator else { return None };
    // Whoever measures the operators wants to see what each gives.
    if context.profile.is_some() || !context.has(DISTINCT_KEYS) || plan.live.iter().any(|slot| !slots.contains(slot)) {
        return None;
    }
    let key = |slot: &Slot| match items.iter().find(|(own, _)| own == slot) {
        Some((_, expression)) => (*slot, expression.clone()),
        None => (*slot, Expression::Slot(*slot)),
    };
    Some(slots.iter().map(key).collect())
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
