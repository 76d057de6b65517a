//! Computed columns.

use crate::expression::evaluate;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::vector::Batch;

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, run};

pub(super) fn run_project(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Project { items } = &plan.operator else { unreachable!("a projection is run as one") };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        let evaluation = context.evaluation(&snapshot);
        context.guard.tick(batch.rows())?;
        // Items are computed over the rows below, none sees another's result.
        let mut projected = Batch::new(batch.rows());
        for slot in &plan.live {
            if let Some(column) = batch.get(*slot) {
                projected.set(*slot, column.clone());
            }
        }
        for (slot, item) in items {
            projected.set(*slot, evaluate(item, &batch, &evaluation)?);
        }
        sink(projected)
    })
}
