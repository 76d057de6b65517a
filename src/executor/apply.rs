//! Runs an inner plan for each outer row: `CALL { … }`, OPTIONAL MATCH, and the subqueries of expressions.
//!
//! The outer rows of a batch go in together, each with its number in a column of its own, wherever the inner plan treats rows one by
//! one; the number says to which outer row an inner row belongs. Other inner plans are run row by row.

use crate::binder::bound::SubqueryKind;
use crate::expression::evaluate;
use crate::planner::logical::ApplyKind;
use crate::planner::physical::{Operator, PhysicalPlan, PhysicalSubquery};
use crate::value::Value;
use crate::vector::{Batch, Column, Slot};

use super::context::{Context, Flow, Sink};
use super::steps::Steps;
use super::{ExecutionError, run};

/// Returns the batch with the number of each row, counted from 0, under `row`.
pub(super) fn number_rows(batch: &Batch, row: Slot) -> Batch {
    let mut numbered = batch.clone();
    numbered.set(row, Column::integers((0..batch.rows() as i64).collect()));
    numbered
}

/// What takes the batches of an inner plan, each with the outer row number of every row.
pub(super) type NumberedSink<'a> = dyn FnMut(Batch, &[u32]) -> Result<Flow, ExecutionError> + 'a;

/// Runs an inner plan for every row of a batch and gives each of its batches with the outer row numbers.
pub(super) fn run_numbered(
    plan: &PhysicalPlan,
    batch: &Batch,
    row: Slot,
    batched: bool,
    context: &Context<'_>,
    sink: &mut NumberedSink<'_>,
) -> Result<Flow, ExecutionError> {
    let guard = context.guard.inner();
    let inside = context.inside(&guard);
    if batched {
        let numbered = number_rows(batch, row);
        return run(plan, &numbered, &inside, &mut |inner: Batch| {
            let numbers = row_numbers(&inner, row);
            sink(inner, &numbers)
        });
    }
    for outer in 0..batch.rows() as u32 {
        let single = batch.gather(&[outer]);
        let mut single_numbered = single;
        single_numbered.set(row, Column::integers(vec![i64::from(outer)]));
        // A limit inside the inner plan ends that plan only.
        let _ = run(plan, &single_numbered, &inside, &mut |inner: Batch| {
            let numbers = vec![outer; inner.rows()];
            sink(inner, &numbers)
        })?;
        guard.release_all();
    }
    Ok(Flow::Continue)
}

/// Returns the outer row numbers that a batch carries.
pub(super) fn row_numbers(batch: &Batch, row: Slot) -> Vec<u32> {
    match batch.column(row).as_ref() {
        Column::Integer { values, .. } => values.iter().map(|value| *value as u32).collect(),
        other => other.iter().map(|value| if let Value::Integer(value) = value { value as u32 } else { 0 }).collect(),
    }
}

pub(super) fn run_apply(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Apply { kind, outputs, row, batched, transactions } = &plan.operator else {
        unreachable!("an apply is run as an apply")
    };
    if let Some(transactions) = transactions {
        return super::apply_in_parts::run_in_parts(plan, transactions, argument, context, sink);
    }
    let how = (*kind, outputs.as_slice(), *row, *batched);
    if writes(&plan.children[1]) {
        // A writing clause takes in all its rows before it begins and gives out none before it ends.
        let batches = super::collect(plan.input(), argument, context)?;
        let mut given = Vec::new();
        for batch in &batches {
            apply_batch(plan, how, batch, context, &mut |batch: Batch| {
                given.push(batch);
                Ok(Flow::Continue)
            })?;
        }
        return super::give_all(given, sink);
    }
    run(plan.input(), argument, context, &mut |batch: Batch| apply_batch(plan, how, &batch, context, sink))
}

/// Runs the inner plan for the rows of a batch, and joins what it gives to them.
pub(super) fn apply_batch(
    plan: &PhysicalPlan,
    (kind, outputs, row, batched): (ApplyKind, &[Slot], Slot, bool),
    batch: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let mut matched = vec![false; batch.rows()];
    let mut stopped = Flow::Continue;
    run_numbered(&plan.children[1], batch, row, batched, context, &mut |inner, numbers| {
        if stopped == Flow::Stop {
            return Ok(Flow::Stop);
        }
        numbers.iter().for_each(|number| matched[*number as usize] = true);
        if kind == ApplyKind::Unit {
            return Ok(Flow::Continue);
        }
        let outer: Vec<Slot> = plan.live.iter().copied().filter(|slot| !outputs.contains(slot)).collect();
        let mut joined = batch.gather_slots(numbers, &outer);
        for slot in outputs {
            if let Some(column) = inner.get(*slot) {
                joined.set(*slot, column.clone());
            }
        }
        stopped = sink(joined)?;
        Ok(stopped)
    })?;
    if stopped == Flow::Stop {
        return Ok(Flow::Stop);
    }
    match kind {
        ApplyKind::Inner => Ok(Flow::Continue),
        ApplyKind::Unit => sink(batch.clone()),
        ApplyKind::Left => {
            let missing: Vec<u32> = (0..batch.rows() as u32).filter(|row| !matched[*row as usize]).collect();
            if missing.is_empty() {
                return Ok(Flow::Continue);
            }
            let mut unmatched = batch.gather_slots(&missing, &plan.live);
            for slot in outputs {
                unmatched.set(*slot, Column::nulls(missing.len()));
            }
            sink(unmatched)
        }
    }
}

/// Says whether a plan writes.
pub(super) fn writes(plan: &PhysicalPlan) -> bool {
    let own = matches!(
        plan.operator,
        Operator::Create { .. }
            | Operator::Merge { .. }
            | Operator::Set { .. }
            | Operator::Remove { .. }
            | Operator::Delete { .. }
            | Operator::ForEach { .. }
    );
    own || plan.children.iter().any(writes)
}

/// What a subquery of an expression gave for the rows of a batch.
pub(super) struct SubqueryResult {
    /// How many inner rows each row had.
    pub(super) counts: Vec<i64>,
    values: Vec<Vec<Value>>,
}

impl SubqueryResult {
    /// Returns whether each row had an inner row.
    pub(super) fn exists(self) -> Result<Column, ExecutionError> {
        Ok(Column::booleans(self.counts.into_iter().map(|count| count > 0).collect()))
    }

    /// Returns how many inner rows each row had.
    pub(super) fn counts(self) -> Result<Column, ExecutionError> {
        Ok(Column::integers(self.counts))
    }

    /// Returns the inner values of each row as lists.
    pub(super) fn lists(self) -> Result<Column, ExecutionError> {
        Ok(Column::Any(self.values.into_iter().map(Value::list).collect()))
    }
}

/// Runs a subquery of an expression for every row of a batch.
pub(super) fn run_subquery(
    subquery: &PhysicalSubquery,
    batch: &Batch,
    context: &Context<'_>,
) -> Result<SubqueryResult, ExecutionError> {
    let number = match &subquery.plan.operator {
        Operator::ExpandCount { step, .. }
            if subquery.kind == SubqueryKind::Count && matches!(subquery.plan.input().operator, Operator::Argument) =>
        {
            context.guard.tick(batch.rows())?;
            return Ok(SubqueryResult { counts: Steps::new(step, context).degrees(batch), values: Vec::new() });
        }
        Operator::ExpandCount { count, .. } if subquery.kind == SubqueryKind::Count => Some(*count),
        _ => None,
    };
    let is_collect = matches!(subquery.kind, SubqueryKind::Collect(_));
    let mut result = SubqueryResult {
        counts: vec![0; batch.rows()],
        values: if is_collect { vec![Vec::new(); batch.rows()] } else { Vec::new() },
    };
    run_numbered(&subquery.plan, batch, subquery.row, subquery.batched, context, &mut |inner, numbers| {
        if let SubqueryKind::Collect(slot) = subquery.kind {
            let column = inner.column(slot);
            for (place, number) in numbers.iter().enumerate() {
                result.values[*number as usize].push(column.value(place));
            }
        } else if let Some(Column::Integer { values, .. }) = number.map(|number| inner.column(number).as_ref()) {
            let rows = numbers.iter().zip(values);
            rows.for_each(|(number, more)| result.counts[*number as usize] += more);
        } else {
            numbers.iter().for_each(|number| result.counts[*number as usize] += 1);
        }
        let is_single = subquery.kind == SubqueryKind::Exists && batch.rows() == 1 && !numbers.is_empty();
        Ok(if is_single { Flow::Stop } else { Flow::Continue })
    })?;
    Ok(result)
}

pub(super) fn run_for_each(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::ForEach { variable, list } = &plan.operator else { unreachable!("FOREACH is run as one") };
    let batches = super::collect(plan.input(), argument, context)?;
    let guard = context.guard.inner();
    let inside = context.inside(&guard);
    for batch in &batches {
        for row in 0..batch.rows() as u32 {
            let single = batch.gather(&[row]);
            let snapshot = context.graph();
            let lists = evaluate(list, &single, &context.evaluation(&snapshot))?;
            drop(snapshot);
            let items = match lists.value(0) {
                Value::Null => continue,
                Value::List(items) => items,
                other => {
                    return Err(crate::value::ValueError::wrong_kind(format!(
                        "FOREACH needs a list, not {:?}",
                        other.kind()
                    ))
                    .into());
                }
            };
            for item in items.iter() {
                context.guard.tick(1)?;
                let mut inner = single.clone();
                inner.set(*variable, Column::from_values([item.clone()]));
                run(&plan.children[1], &inner, &inside, &mut |_| Ok(Flow::Continue))?;
                guard.release_all();
            }
        }
    }
    super::give_all(batches, sink)
}
