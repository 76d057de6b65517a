//! An expansion that is checked right away against another known node is an intersection of two sorted lists.
//!
//! ```text
//! ExpandInto (a)-->(c)                 ExpandIntersect (a)-->(c), (b)-->(c)
//!   Expand (b)-->(c)           →         …(a), (b)
//!     …(a), (b)
//! ```
//!
//! Applies to directed steps of one relationship that end at the same node, from nodes that are both known below. The meaning is kept
//! because the common neighbours, each as often as there are pairs of relationships, are what the two operators give. Filters between
//! the two say nothing of the relationship that closes, so they come after it; unless they leave so little that there is hardly anything
//! to close.

use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan, PhysicalQuery, StepDirection};

pub(super) fn rewrite(query: &mut PhysicalQuery) {
    rewrite_plan(&mut query.root);
    query.subqueries.iter_mut().for_each(|subquery| rewrite_plan(&mut subquery.plan));
}

/// With less than this share left by the filters between, each row is better closed by itself.
const LEAST_SHARE: f64 = 0.1;

fn rewrite_plan(plan: &mut PhysicalPlan) {
    plan.children.iter_mut().for_each(rewrite_plan);
    let Operator::Expand { step: closing, into: true } = &plan.operator else { return };
    let Some(filtered) = plan.children.first() else { return };
    let mut between = filtered;
    while let Operator::Filter { .. } = between.operator {
        between = between.input();
    }
    let Operator::Expand { step: opening, into: false } = &between.operator else { return };
    let Some(closing) = towards(closing, opening) else { return };
    let is_directed = |step: &ExpandStep| step.direction != StepDirection::Both;
    if !is_directed(&closing) || !is_directed(opening) || closing.from == opening.to {
        return;
    }
    let share = if between.rows > 0.0 { (filtered.rows / between.rows).min(1.0) } else { 1.0 };
    if share < LEAST_SHARE {
        return;
    }
    // What was known before the last expansion stays the same over more rows than what it started from.
    let operator = Operator::ExpandIntersect { fixed: closing, moving: opening.clone(), count: None };
    let mut below = plan.children.remove(0);
    let mut filters = Vec::new();
    while let Operator::Filter { .. } = below.operator {
        let input = below.children.remove(0);
        filters.push(std::mem::replace(&mut below, input));
    }
    let mut closed = PhysicalPlan::new(operator, below.children, plan.rows / share);
    while let Some(filter) = filters.pop() {
        closed = PhysicalPlan { children: vec![closed], rows: plan.rows, ..filter };
    }
    *plan = closed;
}

/// Returns the closing step as one that ends where the opening step ends.
fn towards(closing: &ExpandStep, opening: &ExpandStep) -> Option<ExpandStep> {
    if closing.to == opening.to {
        return Some(closing.clone());
    }
    (closing.from == opening.to).then(|| closing.turned())
}
