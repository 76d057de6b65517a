//! Moving rows between operators: collecting an input whole, handing on some rows of a batch, handing on many batches.

use crate::planner::physical::PhysicalPlan;
use crate::vector::{Batch, Slot};

use super::context::{Context, Flow, Sink};
use super::parts::{MANY_PARTS, Manner, PartSink, run_in_parts};
use super::{ExecutionError, run};

/// Runs a plan to its end and returns its batches.
pub(super) fn collect(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
) -> Result<Vec<Batch>, ExecutionError> {
    let mut batches: Vec<Batch> = Vec::new();
    let manner = Manner { most_parts: MANY_PARTS, exact: true };
    let mut done = |part: Vec<Batch>| {
        batches.extend(part);
        Ok(Flow::Continue)
    };
    if run_in_parts(plan, argument, context, &manner, &|| Ok(Vec::new()), &mut done)?.is_none() {
        run(plan, argument, context, &mut |batch: Batch| batches.take(batch, context))?;
    }
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
