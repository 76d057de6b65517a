//! The first rows, the rows after the first, no rows.

use crate::expression::{Expression, evaluate};
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::Value;
use crate::vector::Batch;

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, run};

/// Returns the number of rows that an expression without variables of the rows gives; it is not less than `least`.
pub(super) fn row_count(
    expression: &Expression,
    (clause, least): (&'static str, usize),
    argument: &Batch,
    context: &Context<'_>,
) -> Result<usize, ExecutionError> {
    let one = if argument.rows() == 1 { argument.clone() } else { Batch::new(1) };
    let snapshot = context.graph();
    let column = evaluate(expression, &one, &context.evaluation(&snapshot))?;
    match column.value(0) {
        Value::Integer(count) if count >= least as i64 => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
        other => Err(ExecutionError::InvalidCount {
            clause,
            least,
            negative: matches!(other, Value::Integer(_)),
            value: other.to_string(),
        }),
    }
}

pub(super) fn run_skip(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Skip { count } = &plan.operator else { unreachable!("a skip is run as a skip") };
    let mut left = row_count(count, ("SKIP", 0), argument, context)?;
    run(plan.input(), argument, context, &mut |batch: Batch| {
        if left >= batch.rows() {
            left -= batch.rows();
            return Ok(Flow::Continue);
        }
        let dropped = std::mem::take(&mut left);
        sink(batch.slice(dropped, batch.rows() - dropped))
    })
}

pub(super) fn run_limit(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Limit { count } = &plan.operator else { unreachable!("a limit is run as a limit") };
    let mut left = row_count(count, ("LIMIT", 0), argument, context)?;
    if left == 0 {
        // What is written below is written all the same.
        if super::apply::writes(plan) {
            run(plan.input(), argument, context, &mut |_| Ok(Flow::Continue))?;
        }
        return Ok(Flow::Continue);
    }
    let mut above = Flow::Continue;
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let taken = left.min(batch.rows());
        left -= taken;
        above = sink(batch.slice(0, taken))?;
        Ok(if left == 0 { Flow::Stop } else { above })
    })?;
    Ok(above)
}

pub(super) fn run_finish(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    _: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    run(plan.input(), argument, context, &mut |_| Ok(Flow::Continue))
}
