//! One row a group: rows find their group by their keys, aggregates take in a column at a time.

use crate::expression::{Expression, evaluate};
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::vector::{Batch, Column, Slot};

use super::aggregate_state::AggregateStates;
use super::context::{Context, Flow, Sink};
use super::grouping::Grouping;
use super::{ExecutionError, run};

pub(super) fn run_aggregate(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Aggregate { keys, aggregates, factors } = &plan.operator else {
        unreachable!("an aggregation is run as one")
    };
    let mut grouping = Grouping::new(keys.len());
    let mut states = Vec::new();
    for (_, call) in aggregates {
        states.push(AggregateStates::new(call, grouping.count(), argument, context)?);
    }
    run(plan.input(), argument, context, &mut |batch: Batch| {
        context.guard.tick(batch.rows())?;
        let snapshot = context.graph();
        let evaluation = context.evaluation(&snapshot);
        let columns = keys.iter().map(|(_, key)| evaluate(key, &batch, &evaluation)).collect::<Result<Vec<_>, _>>()?;
        let places = grouping.places(&columns, batch.rows(), context)?;
        for state in &mut states {
            state.grow(grouping.count())?;
        }
        let factors = row_factors(&batch, factors);
        for (number, (_, call)) in aggregates.iter().enumerate() {
            let column = match &call.argument {
                Some(expression) => Some(evaluate(expression, &batch, &evaluation)?),
                None => None,
            };
            if let Some(parameter) = call.parameter.as_ref().filter(|parameter| is_row_wise(parameter)) {
                states[number].set_parameters(&*evaluate(parameter, &batch, &evaluation)?, &places)?;
            }
            states[number].add(column.as_deref(), &places, factors.as_deref(), context)?;
        }
        Ok(Flow::Continue)
    })?;
    let mut all = Batch::new(grouping.count());
    for ((slot, _), column) in keys.iter().zip(grouping.finish()) {
        all.set(*slot, column);
    }
    for ((slot, _), state) in aggregates.iter().zip(states) {
        all.set(*slot, state.finish()?);
    }
    give_groups(all, sink)
}

/// Hands the groups on, so many at a time that a limit above need not see them all.
fn give_groups(all: Batch, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
    let mut start = 0;
    while start < all.rows() {
        let count = (all.rows() - start).min(Batch::TARGET_ROWS * 8);
        if sink(all.slice(start, count))? == Flow::Stop {
            return Ok(Flow::Stop);
        }
        start += count;
    }
    Ok(Flow::Continue)
}

/// Says whether the second argument of an aggregate has a value of its own in every row.
pub(super) fn is_row_wise(parameter: &Expression) -> bool {
    !parameter.slots().is_empty() || !parameter.subqueries().is_empty()
}

/// Returns how often each row counts, where it is not once.
fn row_factors(batch: &Batch, slots: &[Slot]) -> Option<Vec<i64>> {
    let mut factors: Option<Vec<i64>> = None;
    for slot in slots {
        let Column::Integer { values, .. } = batch.column(*slot).as_ref() else { continue };
        match &mut factors {
            None => factors = Some(values.clone()),
            Some(factors) => {
                factors.iter_mut().zip(values).for_each(|(factor, value)| *factor = factor.saturating_mul(*value));
            }
        }
    }
    factors
}
