//! Moving rows between operators: collecting an input whole, handing on some rows of a batch, handing on many batches.

use crate::planner::physical::PhysicalPlan;
use crate::vector::{Batch, Slot};

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, run};

/// Runs a plan to its end and returns its batches.
pub(super) fn collect(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
) -> Result<Vec<Batch>, ExecutionError> {
    let mut batches = Vec::new();
    run(plan, argument, context, &mut |batch: Batch| {
        // A value of a column takes some bytes; the exact number matters less than that growth is noticed.
        context.guard.charge(batch.rows() * batch.slots().count() * 8)?;
        batches.push(batch);
        Ok(Flow::Continue)
    })?;
    Ok(batches)
}

/// Hands on the rows named of a batch, with the live slots only; nothing if there are none.
pub(super) fn give_rows(
    batch: &Batch,
    rows: &[u32],
    live: &[Slot],
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    if rows.is_empty() {
        return Ok(Flow::Continue);
    }
    if rows.len() == batch.rows() {
        return sink(batch.clone());
    }
    sink(batch.gather_slots(rows, live))
}

/// Hands on batches until no more are wanted.
pub(super) fn give_all(batches: Vec<Batch>, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
    for batch in batches {
        if !batch.is_empty() && sink(batch)? == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::Continue)
}
