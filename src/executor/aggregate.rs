//! One row a group: rows find their group by their keys, aggregates take in a column at a time.

use std::sync::Arc;

use crate::expression::{AggregateCall, Expression, evaluate};
use crate::function::Aggregate;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::vector::{Batch, Column, Slot};

use super::aggregate_state::{AggregateStates, evidence_totals};
use super::context::{Context, Flow, Sink};
use super::grouping::Grouping;
use super::parts::{FEW_PARTS, MANY_PARTS, Manner, PartSink, run_in_parts};
use super::{ExecutionError, run};

/// Up to how many groups each of many parts may hold: putting them together is little work then.
const FEW_GROUPS: f64 = 1000.0;

/// The groups of the rows taken in so far.
struct Groups<'a> {
    keys: &'a [(Slot, Expression)],
    aggregates: &'a [(Slot, AggregateCall)],
    factors: &'a [Slot],
    grouping: Grouping,
    states: Vec<AggregateStates>,
}

impl<'a> Groups<'a> {
    fn new(operator: &'a Operator, argument: &Batch, context: &Context<'_>) -> Result<Self, ExecutionError> {
        let Operator::Aggregate { keys, aggregates, factors } = operator else {
            unreachable!("an aggregation is run as one")
        };
        let grouping = Grouping::new(keys.len());
        let mut states = Vec::new();
        for (_, call) in aggregates {
            states.push(AggregateStates::new(call, grouping.count(), argument, context)?);
        }
        Ok(Groups { keys, aggregates, factors, grouping, states })
    }

    /// Takes in the groups of the rows that follow.
    fn merge(&mut self, other: Groups<'a>, context: &Context<'_>) -> Result<(), ExecutionError> {
        let count = other.grouping.count();
        let columns: Vec<Arc<Column>> = other.grouping.finish().into_iter().map(Arc::new).collect();
        let places = self.grouping.places(&columns, count, context)?;
        for (state, more) in self.states.iter_mut().zip(other.states) {
            state.grow(self.grouping.count())?;
            state.merge(more, &places)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Batch, ExecutionError> {
        let mut all = Batch::new(self.grouping.count());
        for ((slot, _), column) in self.keys.iter().zip(self.grouping.finish()) {
            all.set(*slot, column);
        }
        let totals = |call: &AggregateCall| call.function == Aggregate::Evidence && call.argument.is_none();
        if let Some((slot, _)) = self.aggregates.iter().find(|(_, call)| totals(call)) {
            all.set(*slot, evidence_totals(&self.states, all.rows()));
        }
        for ((slot, call), state) in self.aggregates.iter().zip(self.states) {
            if !totals(call) {
                all.set(*slot, state.finish()?);
            }
        }
        Ok(all)
    }
}

impl PartSink for Groups<'_> {
    fn take(&mut self, batch: Batch, context: &Context<'_>) -> Result<Flow, ExecutionError> {
        context.guard.tick(batch.rows())?;
        let snapshot = context.graph();
        let evaluation = context.evaluation(&snapshot);
        let keys = self.keys.iter().map(|(_, key)| evaluate(key, &batch, &evaluation));
        let places = self.grouping.places(&keys.collect::<Result<Vec<_>, _>>()?, batch.rows(), context)?;
        for state in &mut self.states {
            state.grow(self.grouping.count())?;
        }
        let factors = row_factors(&batch, self.factors);
        for (state, (_, call)) in self.states.iter_mut().zip(self.aggregates) {
            let column = match &call.argument {
                Some(expression) => Some(evaluate(expression, &batch, &evaluation)?),
                None => None,
            };
            if let Some(parameter) = call.parameter.as_ref().filter(|parameter| is_row_wise(parameter)) {
                state.set_parameters(&*evaluate(parameter, &batch, &evaluation)?, &places)?;
            }
            state.add(column.as_deref(), &places, factors.as_deref(), context)?;
        }
        Ok(Flow::Continue)
    }
}

pub(super) fn run_aggregate(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let mut groups = Groups::new(&plan.operator, argument, context)?;
    let aggregates = groups.aggregates;
    let is_in_parts = pays_in_parts(plan, aggregates) && {
        let most_parts = if plan.rows <= FEW_GROUPS { MANY_PARTS } else { FEW_PARTS };
        let manner = Manner { most_parts, exact: aggregates.iter().all(|(_, call)| is_exact(call)) };
        let begin = || Groups::new(&plan.operator, argument, context);
        let mut done = |part| groups.merge(part, context).map(|()| Flow::Continue);
        run_in_parts(plan.input(), argument, context, &manner, &begin, &mut done)?.is_some()
    };
    if !is_in_parts {
        run(plan.input(), argument, context, &mut |batch: Batch| groups.take(batch, context))?;
    }
    give_groups(groups.finish()?, sink)
}

/// Says whether groups of parts are put together with less work than parts save: not where there are nearly as many groups as rows.
fn pays_in_parts(plan: &PhysicalPlan, aggregates: &[(Slot, AggregateCall)]) -> bool {
    aggregates.iter().all(|(_, call)| can_merge(call)) && plan.rows * 4.0 <= plan.input().rows.max(4.0)
}

/// Says whether the parts give to the bit what the whole gives; sums of floats need not.
fn is_exact(call: &AggregateCall) -> bool {
    !matches!(call.function, Aggregate::Sum | Aggregate::Avg | Aggregate::StDev | Aggregate::StDevP)
}

/// Says whether what an aggregate gathered over some rows and over others can be put together. Of distinct values only their set is kept,
/// so that what depends on their order cannot.
fn can_merge(call: &AggregateCall) -> bool {
    !call.distinct || matches!(call.function, Aggregate::Count | Aggregate::Min | Aggregate::Max)
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
