//! The rows of several plans over the same rows, under common slots.

use crate::planner::physical::{Operator, PhysicalPlan};
use crate::vector::{Batch, Slot};

use super::apply::{run_numbered, writes};
use super::context::{Context, Flow, Sink};
use super::{ExecutionError, run};

pub(super) fn run_union(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Union { columns, output, row } = &plan.operator else { unreachable!("a union is run as a union") };
    let outer: Vec<Slot> = plan.live.iter().copied().filter(|slot| !output.contains(slot)).collect();
    let mut stopped = Flow::Continue;
    run(plan.input(), argument, context, &mut |batch: Batch| {
        for (branch, columns) in plan.children[1..].iter().zip(columns) {
            let batched = branch_is_batched(branch);
            let is_writing = writes(branch);
            run_numbered(branch, &batch, *row, batched, context, &mut |inner, numbers| {
                if stopped == Flow::Stop {
                    return Ok(if is_writing { Flow::Continue } else { Flow::Stop });
                }
                let mut united = batch.gather_slots(numbers, &outer);
                for (slot, column) in output.iter().zip(columns) {
                    united.set(*slot, inner.column(*column).clone());
                }
                stopped = sink(united)?;
                Ok(stopped)
            })?;
        }
        Ok(stopped)
    })
}

/// A branch is run for many rows at a time if its row numbers come through, which the planner has seen to for such plans only.
fn branch_is_batched(branch: &PhysicalPlan) -> bool {
    crate::planner::is_batchable(branch)
}
