//! What an OPTIONAL MATCH of one step finds is not made when only its number counts.
//!
//! ```text
//! Aggregate by [p] n = count(f)             Aggregate by [p] n = sum(d)
//!   OptionalExpand (p)-[f:KNOWS]->()   →      ExpandCount d = number of (p)-[f:KNOWS]->(), or 0
//!     …(p)                                      …(p)
//! ```
//!
//! Applies where the step bears no further condition, its ends are read in plain counts only, and no other aggregate minds how often a
//! row comes. The meaning is kept because a row without a match counts 0, as a null does, and one with several counts as many.

use crate::binder::bound::SlotInformation;
use crate::expression::{AggregateCall, Expression};
use crate::function::Aggregate;
use crate::planner::lower::reads;
use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan, PhysicalQuery};
use crate::vector::Slot;

use super::count_slot;

pub(super) fn rewrite(query: &mut PhysicalQuery) {
    let imports: Vec<Vec<Slot>> = query.subqueries.iter().map(|subquery| subquery.imports.clone()).collect();
    let slots = &mut query.slots;
    let mut plans: Vec<&mut PhysicalPlan> = vec![&mut query.root];
    plans.extend(query.subqueries.iter_mut().map(|subquery| &mut subquery.plan));
    for plan in plans {
        rewrite_plan(plan, &imports, slots);
    }
}

fn rewrite_plan(plan: &mut PhysicalPlan, imports: &[Vec<Slot>], slots: &mut Vec<SlotInformation>) {
    for child in &mut plan.children {
        rewrite_plan(child, imports, slots);
    }
    let Operator::Aggregate { keys, aggregates, factors } = &mut plan.operator else { return };
    let Operator::OptionalExpand { step, label: None, predicate: None } = &plan.children[0].operator else { return };
    let reads_ends = |part: &Expression| {
        let read = reads(part, imports);
        read.contains(&step.to) || read.contains(&step.relationship)
    };
    let is_fit = |call: &AggregateCall| {
        let parts = call.argument.iter().chain(&call.parameter);
        let minds_number = !call.distinct && !matches!(call.function, Aggregate::Min | Aggregate::Max);
        counts_ends(call, step) || (!minds_number && !parts.into_iter().any(reads_ends))
    };
    let counts = aggregates.iter().any(|(_, call)| counts_ends(call, step));
    let fits = aggregates.iter().all(|(_, call)| is_fit(call));
    if !counts || !fits || !factors.is_empty() || keys.iter().any(|(_, key)| reads_ends(key)) {
        return;
    }
    let (step, count) = (step.clone(), count_slot(slots));
    for (_, call) in aggregates.iter_mut().filter(|(_, call)| counts_ends(call, &step)) {
        (call.function, call.argument) = (Aggregate::Sum, Some(Expression::Slot(count)));
    }
    let input = &mut plan.children[0];
    input.rows = input.input().rows;
    input.operator = Operator::ExpandCount { step, count, optional: true };
}

/// Says whether a call is a plain count of what the step finds.
fn counts_ends(call: &AggregateCall, step: &ExpandStep) -> bool {
    let is_end = |argument: &Expression| matches!(argument, Expression::Slot(slot) if [step.to, step.relationship].contains(slot));
    call.function == Aggregate::Count && !call.distinct && call.argument.as_ref().is_some_and(is_end)
}
