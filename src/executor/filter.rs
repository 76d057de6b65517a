//! Filters: rows for which a predicate is true, rows whose node has certain labels.

use crate::expression::{filter, filter_count};
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::NodeId;
use crate::vector::{Batch, NO_ID};

use super::context::{Context, Flow, Sink};
use super::expand::node_ids;
use super::types::LabelTest;
use super::{ExecutionError, give_rows, run};

pub(super) fn run_filter(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Filter { predicate } = &plan.operator else { unreachable!("a filter is run as a filter") };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        context.guard.tick(batch.rows())?;
        if plan.live.is_empty() {
            // Nobody reads anything of the rows but how many there are.
            let count = filter_count(predicate, &batch, &context.evaluation(&snapshot))?;
            return if count == 0 { Ok(Flow::Continue) } else { sink(Batch::new(count)) };
        }
        let rows = filter(predicate, &batch, &context.evaluation(&snapshot))?;
        give_rows(&batch, &rows, &plan.live, sink)
    })
}

pub(super) fn run_label_filter(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::LabelFilter { slot, label } = &plan.operator else { unreachable!("a filter is run as a filter") };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        let test = LabelTest::new(label, &snapshot);
        let nodes = node_ids(&batch, *slot);
        let passes = |row: &u32| {
            let node = nodes[*row as usize];
            node != NO_ID && test.passes(NodeId(node))
        };
        let rows: Vec<u32> = (0..batch.rows() as u32).filter(passes).collect();
        give_rows(&batch, &rows, &plan.live, sink)
    })
}
