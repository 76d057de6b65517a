//! Scans: every node of a label, every relationship of some types.

use crate::planner::physical::{Operator, PhysicalPlan, StepDirection};
use crate::planner::shortcut::RUNS;
use crate::value::NodeId;
use crate::vector::{Batch, Column};

use super::context::{Context, Flow, Sink};
use super::types::{LabelTest, step_types};
use super::{ExecutionError, run};

pub(super) fn run_node_scan(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::NodeScan { slot, label } = &plan.operator else { unreachable!("a scan is run as a scan") };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        let test = label.as_ref().map(|label| LabelTest::new(label, &snapshot));
        if test.as_ref().is_some_and(LabelTest::is_never) {
            return Ok(Flow::Continue);
        }
        let scan_label = test.as_ref().and_then(LabelTest::scan_label);
        let is_exact = test.as_ref().is_none_or(LabelTest::is_scan_label_only);
        for row in 0..batch.rows() as u32 {
            for chunk in context.chunks(plan, snapshot.chunk_count()) {
                let run = if is_exact && context.has(RUNS) { snapshot.node_run(chunk, scan_label) } else { None };
                let nodes = run.map(Column::NodeRun).unwrap_or_else(|| {
                    let mut nodes = Vec::new();
                    snapshot.scan_chunk(chunk, scan_label, &mut nodes);
                    if let (false, Some(test)) = (is_exact, &test) {
                        nodes.retain(|node| test.passes(NodeId(*node)));
                    }
                    Column::Node(nodes)
                });
                if nodes.is_empty() {
                    continue;
                }
                context.guard.tick(nodes.len())?;
                let mut found = batch.repeat_row(row, nodes.len(), &plan.live);
                found.set(*slot, nodes);
                if sink(found)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        Ok(Flow::Continue)
    })
}

pub(super) fn run_relationship_scan(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::RelationshipScan { step } = &plan.operator else { unreachable!("a scan is run as a scan") };
    let wants_ends = plan.live.contains(&step.from) || plan.live.contains(&step.to);
    let gives_lists = wants_ends || !context.has(RUNS);
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        for kind in step_types(step.label.as_ref(), &snapshot) {
            for row in 0..batch.rows() as u32 {
                for chunk in context.chunks(plan, snapshot.relationship_chunk_count()) {
                    if let (false, Some(run)) = (gives_lists, snapshot.relationship_run(kind, chunk)) {
                        if run.is_empty() {
                            continue;
                        }
                        context.guard.tick(run.len())?;
                        let mut found = batch.repeat_row(row, run.len(), &plan.live);
                        found.set(step.relationship, Column::RelationshipRun(run));
                        if sink(found)? == Flow::Stop {
                            return Ok(Flow::Stop);
                        }
                        continue;
                    }
                    let (mut relationships, mut starts, mut ends) = (Vec::new(), Vec::new(), Vec::new());
                    snapshot.scan_relationships(Some(kind), chunk, &mut relationships);
                    if relationships.is_empty() {
                        continue;
                    }
                    context.guard.tick(relationships.len())?;
                    let mut found = batch.repeat_row(row, relationships.len(), &plan.live);
                    if wants_ends {
                        snapshot.ends_of(&relationships, true, &mut starts);
                        snapshot.ends_of(&relationships, false, &mut ends);
                        let (from, to) = match step.direction {
                            StepDirection::Incoming => (ends, starts),
                            _ => (starts, ends),
                        };
                        found.set(step.from, Column::Node(from));
                        found.set(step.to, Column::Node(to));
                    }
                    found.set(step.relationship, Column::Relationship(relationships));
                    if sink(found)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
            }
        }
        Ok(Flow::Continue)
    })
}
