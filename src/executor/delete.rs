//! Deleting nodes, relationships and paths.

use crate::expression::evaluate;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::Value;
use crate::vector::Batch;

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, collect, give_all};

pub(super) fn run_delete(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Delete { targets, detach } = &plan.operator else { unreachable!("a DELETE is run as one") };
    let batches = collect(plan.input(), argument, context)?;
    // What is to be deleted is found before anything is: `DELETE n, n.next` must not read a deleted node.
    let mut found = Vec::new();
    for batch in &batches {
        let snapshot = context.graph();
        for target in targets {
            found.extend(evaluate(target, batch, &context.evaluation(&snapshot))?.iter());
        }
    }
    for value in &found {
        context.guard.tick(1)?;
        delete(value, *detach, context)?;
    }
    context.check_constraints()?;
    give_all(batches, sink)
}

fn delete(value: &Value, detach: bool, context: &Context<'_>) -> Result<(), ExecutionError> {
    let mut writer = context.writer();
    match value {
        Value::Null => {}
        Value::Node(id) if detach => writer.detach_delete_node(*id)?,
        Value::Node(id) => writer.delete_node(*id)?,
        Value::Relationship(id) => writer.delete_relationship(*id)?,
        Value::Path(path) => {
            for relationship in &path.relationships {
                writer.delete_relationship(*relationship)?;
            }
            for node in &path.nodes {
                if detach {
                    writer.detach_delete_node(*node)?;
                } else {
                    writer.delete_node(*node)?;
                }
            }
        }
        other => return Err(ExecutionError::InvalidDelete { kind: format!("{:?}", other.kind()) }),
    }
    Ok(())
}
