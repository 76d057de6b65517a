//! Calls of procedures: each row's arguments give rows, which the row goes on with.

use crate::expression::evaluate;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::procedure::ProcedureContext;
use crate::value::Value;
use crate::vector::{Batch, ColumnBuilder};

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, run};

pub(super) fn run_call(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Call { call } = &plan.operator else { unreachable!("a call is run as a call") };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        let evaluation = context.evaluation(&snapshot);
        let arguments =
            call.arguments.iter().map(|part| evaluate(part, &batch, &evaluation)).collect::<Result<Vec<_>, _>>()?;
        let mut rows = Vec::new();
        let mut yields: Vec<ColumnBuilder> = call.yields.iter().map(|_| ColumnBuilder::default()).collect();
        for row in 0..batch.rows() {
            context.guard.tick(1)?;
            let arguments: Vec<Value> = arguments.iter().map(|column| column.value(row)).collect();
            let procedure = context.procedures.find(&call.name);
            let procedure = procedure.ok_or_else(|| ExecutionError::ProcedureGone { name: call.name.to_string() })?;
            let surroundings = ProcedureContext {
                snapshot: &snapshot,
                registry: context.procedures,
                interrupt: context.guard,
                threads: context.threads,
                writer: context.transaction,
            };
            let found = procedure.call(&arguments, &surroundings)?;
            if call.is_void {
                rows.push(row as u32);
                continue;
            }
            rows.resize(rows.len() + found.first().map_or(0, |column| column.len()), row as u32);
            for (builder, (place, _)) in yields.iter_mut().zip(&call.yields) {
                builder.append(&found[*place]);
            }
        }
        if rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let mut called = batch.gather_slots(&rows, &plan.live);
        for (builder, (_, slot)) in yields.into_iter().zip(&call.yields) {
            called.set(*slot, builder.finish());
        }
        sink(called)
    })
}
