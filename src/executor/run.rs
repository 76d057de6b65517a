//! Runs an operator: the one place that knows them all.

use std::time::Instant;

use crate::planner::physical::{Operator, PhysicalPlan};
use crate::vector::Batch;

use super::context::{Context, Flow, Sink};
use super::parts::{MANY_PARTS, Manner, Passing, run_in_parts};
use super::{
    ExecutionError, aggregate, apply, bound_step, call, count_nodes, create, delete, distinct, expand, expand_into,
    expand_variable, filter, give_all, intersect, join, limit, load_csv, meet, merge, optional, project, quantified,
    scan, seek, semi_join, set, shortest, sort, union, unwind,
};

/// Runs a plan over the rows of `argument` and hands its batches to `sink`, until there are no more or none is wanted.
///
/// # Errors
/// Whatever stops the statement; batches handed on before it are void.
pub fn run(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    if let Some(batches) = context.given_rows(plan) {
        return give_all(batches.to_vec(), sink);
    }
    let Some(cells) = &context.profile else { return dispatch(plan, argument, context, sink) };
    let started = Instant::now();
    let (mut rows, mut above_ns) = (0, 0);
    let result = dispatch(plan, argument, context, &mut |batch: Batch| {
        rows += batch.rows() as u64;
        let given = Instant::now();
        let flow = sink(batch);
        above_ns += given.elapsed().as_nanos() as u64;
        flow
    });
    let elapsed_ns = started.elapsed().as_nanos() as u64;
    cells[plan.id as usize].add(rows, elapsed_ns.saturating_sub(above_ns));
    result
}

/// Runs a plan as [`run`] does, in parts on several threads where that is worth it; batches come in the same order.
///
/// # Errors
/// As [`run`].
pub fn run_whole(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let manner = Manner { most_parts: MANY_PARTS, exact: true };
    let mut done = |passing: Passing| {
        context.guard.release(passing.size_bytes);
        give_all(passing.batches, sink)
    };
    match run_in_parts(plan, argument, context, &manner, &|| Ok(Passing::default()), &mut done)? {
        Some(flow) => Ok(flow),
        None => run(plan, argument, context, sink),
    }
}

fn dispatch(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    context.guard.tick(1)?;
    let operator: fn(&PhysicalPlan, &Batch, &Context<'_>, &mut Sink<'_>) -> Result<Flow, ExecutionError> =
        match &plan.operator {
            Operator::Argument => {
                return if argument.is_empty() { Ok(Flow::Continue) } else { sink(argument.clone()) };
            }
            Operator::Unit => return sink(Batch::new(1)),
            Operator::NodeScan { .. } => scan::run_node_scan,
            Operator::IndexSeek { .. } => seek::run_index_seek,
            Operator::RelationshipScan { .. } => scan::run_relationship_scan,
            Operator::Expand { into: false, .. } => expand::run_expand,
            Operator::Expand { into: true, .. } => expand_into::run_expand_into,
            Operator::ExpandIntersect { .. } => intersect::run_intersect,
            Operator::OptionalExpand { .. } => optional::run_optional_expand,
            Operator::ExpandMeet { .. } => meet::run_meet,
            Operator::ExpandCount { .. } => expand::run_expand_count,
            Operator::ExpandVariable { selector: Some(_), .. } => shortest::run_shortest,
            Operator::ExpandVariable { selector: None, .. } => expand_variable::run_expand_variable,
            Operator::ExpandQuantified { .. } => quantified::run_quantified,
            Operator::BoundStep { .. } => bound_step::run_bound_step,
            Operator::LabelFilter { .. } => filter::run_label_filter,
            Operator::Filter { .. } => filter::run_filter,
            Operator::DistinctNodes { .. } => distinct::run_distinct_nodes,
            Operator::Distinct { .. } => distinct::run_distinct,
            Operator::CountNodes { .. } => count_nodes::run_count_nodes,
            Operator::DistinctRelationships { .. } => distinct::run_distinct_relationships,
            Operator::Project { .. } => project::run_project,
            Operator::Aggregate { .. } => aggregate::run_aggregate,
            Operator::Sort { .. } => sort::run_sort,
            Operator::Top { .. } => sort::run_top,
            Operator::Skip { .. } => limit::run_skip,
            Operator::Limit { .. } => limit::run_limit,
            Operator::Unwind { .. } => unwind::run_unwind,
            Operator::Union { .. } => union::run_union,
            Operator::CartesianProduct => join::run_cartesian_product,
            Operator::HashJoin { .. } => join::run_hash_join,
            Operator::Apply { .. } => apply::run_apply,
            Operator::SemiJoin { .. } => semi_join::run_semi_join,
            Operator::Create { .. } => create::run_create,
            Operator::Merge { .. } => merge::run_merge,
            Operator::Set { .. } => set::run_set,
            Operator::Remove { .. } => set::run_remove,
            Operator::Delete { .. } => delete::run_delete,
            Operator::ForEach { .. } => apply::run_for_each,
            Operator::Call { .. } => call::run_call,
            Operator::LoadCsv { .. } => load_csv::run_load_csv,
            Operator::Finish => limit::run_finish,
        };
    operator(plan, argument, context, sink)
}
