//! Rows for which an EXISTS holds, or does not: by the nodes found for it once, by the ends of its one step, by degrees, or asked of
//! each row.

use std::sync::Arc;

use crate::graph::{Scratch, Snapshot};
use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan, StepDirection};
use crate::vector::{Batch, Bitmap, NO_ID, Slot};

use super::apply::run_subquery;
use super::context::{Context, Flow, Sink};
use super::expand::{node_column, node_ids, rows_where};
use super::steps::Steps;
use super::types::step_types;
use super::{ExecutionError, run};

pub(super) fn run_semi_join(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::SemiJoin { subquery, anti, step } = &plan.operator else { unreachable!("a semi-join is run as one") };
    let subquery = &context.query.subqueries[subquery.0 as usize];
    if let (Some(step), [_, ends]) = (step, &plan.children[..]) {
        return run_by_ends(plan, (ends, step, *anti), argument, context, sink);
    }
    if let [_, found] = &plan.children[..] {
        return run_found_once(plan, (found, subquery.imports[0], *anti), argument, context, sink);
    }
    if let Operator::ExpandCount { step, .. } = &subquery.plan.operator
        && matches!(subquery.plan.input().operator, Operator::Argument)
    {
        return run_degree_test(plan, (step, *anti), argument, context, sink);
    }
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let found = run_subquery(subquery, &batch, context)?;
        let wanted = |row: &u32| (found.counts[*row as usize] > 0) != *anti;
        let rows: Vec<u32> = (0..batch.rows() as u32).filter(wanted).collect();
        super::give_rows(&batch, &rows, &plan.live, sink)
    })
}

/// Keeps the rows whose node is, or is not, among those that a plan finds; they are found when the first row comes.
fn run_found_once(
    plan: &PhysicalPlan,
    (found, slot, anti): (&PhysicalPlan, Slot, bool),
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let mut marks: Option<Arc<Bitmap>> = None;
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let marks = match &mut marks {
            Some(marks) => marks,
            none => none.insert(context.built(plan, || mark_nodes(found, slot, context))?),
        };
        context.guard.tick(batch.rows())?;
        let nodes = node_ids(&batch, slot);
        let wanted = |row: &u32| marks.contains(nodes[*row as usize] as usize) != anti;
        let rows: Vec<u32> = (0..batch.rows() as u32).filter(wanted).collect();
        super::give_rows(&batch, &rows, &plan.live, sink)
    })
}

fn mark_nodes(plan: &PhysicalPlan, slot: Slot, context: &Context<'_>) -> Result<Bitmap, ExecutionError> {
    let mut marks = Bitmap::default();
    run(plan, &Batch::new(1), context, &mut |batch: Batch| {
        mark_all(&mut marks, &node_column(&batch, slot));
        Ok(Flow::Continue)
    })?;
    Ok(marks)
}

fn mark_all(marks: &mut Bitmap, nodes: &[u32]) {
    if let Some(greatest) = nodes.iter().filter(|node| **node != NO_ID).max()
        && *greatest as usize >= marks.len()
    {
        marks.resize((*greatest as usize + 1).next_power_of_two());
    }
    nodes.iter().filter(|node| **node != NO_ID).for_each(|node| {
        marks.insert(*node as usize);
    });
}

/// Keeps the rows whose node has, or has not, a relationship of a step.
fn run_degree_test(
    plan: &PhysicalPlan,
    (step, anti): (&ExpandStep, bool),
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let steps = Steps::new(step, context);
    run(plan.input(), argument, context, &mut |batch: Batch| {
        context.guard.tick(batch.rows())?;
        let degrees = steps.degrees(&batch);
        if plan.live.is_empty() {
            let count = degrees.iter().filter(|degree| (**degree > 0) != anti).count();
            return if count == 0 { Ok(Flow::Continue) } else { sink(Batch::new(count)) };
        }
        let rows = rows_where(&degrees, |degree| (degree > 0) != anti);
        super::give_rows(&batch, &rows, &plan.live, sink)
    })
}

/// Which nodes an EXISTS of one step holds for.
struct ByEnds {
    marks: Bitmap,
    /// Whether the nodes themselves are marked, not the ends that they may lead to.
    are_starts: bool,
}

impl ByEnds {
    /// Marks the ends of a step, or, where that is less work than to look at what all rows lead to, the nodes that lead to them.
    fn mark(
        (ends, step, rows): (&PhysicalPlan, &ExpandStep, f64),
        context: &Context<'_>,
    ) -> Result<ByEnds, ExecutionError> {
        let marks = mark_nodes(ends, step.to, context)?;
        let back_step = step.turned();
        let back = Steps::new(&back_step, context);
        back.read(|snapshot, walks| {
            let found: Vec<u32> = marks.iter().map(|node| node as u32).collect();
            let mut degrees = vec![0; found.len()];
            walks.iter().for_each(|walk| walk.add_degrees(&found, &mut degrees));
            let leading: i64 = degrees.iter().sum();
            context.guard.tick(found.len())?;
            if leading as f64 > rows * looked_at(step, found.len(), snapshot) {
                return Ok(ByEnds { marks, are_starts: false });
            }
            context.guard.tick(leading as usize)?;
            let (mut starts, mut scratch) = (Bitmap::default(), Scratch::default());
            for node in found {
                for walk in walks {
                    mark_all(&mut starts, walk.nodes(node, &mut scratch));
                }
            }
            Ok(ByEnds { marks: starts, are_starts: true })
        })
    }
}

/// Returns about how many ends of a node are looked at before one is met that is among so many.
fn looked_at(step: &ExpandStep, ends: usize, snapshot: &Snapshot) -> f64 {
    let (nodes, statistics) = (snapshot.statistics().nodes().max(1) as f64, snapshot.statistics());
    let types = step_types(step.label.as_ref(), snapshot);
    let all: u64 = types.into_iter().map(|kind| statistics.relationships_of(kind)).sum();
    let both = if step.direction == StepDirection::Both { 2.0 } else { 1.0 };
    (both * all as f64 / nodes).min(nodes / ends.max(1) as f64).max(1.0)
}

/// Keeps the rows whose node leads, or does not lead, to one of the ends that a plan finds; they are found when the first row comes.
fn run_by_ends(
    plan: &PhysicalPlan,
    (ends, step, anti): (&PhysicalPlan, &ExpandStep, bool),
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let steps = Steps::new(step, context);
    let mut found: Option<Arc<ByEnds>> = None;
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let found = match &mut found {
            Some(found) => found,
            none => {
                let mark = || ByEnds::mark((ends, step, plan.input().rows), context);
                none.insert(context.built(plan, mark)?)
            }
        };
        context.guard.tick(batch.rows())?;
        let nodes = node_column(&batch, step.from);
        let marks = &found.marks;
        let rows: Vec<u32> = if found.are_starts {
            let wanted = |row: &u32| marks.contains(nodes[*row as usize] as usize) != anti;
            (0..batch.rows() as u32).filter(wanted).collect()
        } else {
            steps.read(|_, walks| {
                let (mut scratch, mut seen) = (Scratch::default(), 0);
                let mut leads = |node: u32| {
                    node != NO_ID
                        && walks.iter().any(|walk| {
                            let ends = walk.nodes(node, &mut scratch);
                            let place = ends.iter().position(|end| marks.contains(*end as usize));
                            seen += place.unwrap_or(ends.len());
                            place.is_some()
                        })
                };
                let wanted = |row: &u32| leads(nodes[*row as usize]) != anti;
                let rows: Vec<u32> = (0..batch.rows() as u32).filter(wanted).collect();
                context.guard.tick(seen).map(|()| rows)
            })?
        };
        super::give_rows(&batch, &rows, &plan.live, sink)
    })
}
