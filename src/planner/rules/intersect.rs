//! An expansion that is checked right away against another known node is an intersection of two sorted lists.
//!
//! ```text
//! ExpandInto (a)-->(c)                 ExpandIntersect (a)-->(c), (b)-->(c)
//!   Expand (b)-->(c)           →         …(a), (b)
//!     …(a), (b)
//! ```
//!
//! Applies to directed steps of one relationship that end at the same node, from nodes that are both known below. The meaning is kept
//! because the common neighbours, each as often as there are pairs of relationships, are what the two operators give.

use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan, PhysicalQuery, StepDirection};

pub(super) fn rewrite(query: &mut PhysicalQuery) {
    rewrite_plan(&mut query.root);
    query.subqueries.iter_mut().for_each(|subquery| rewrite_plan(&mut subquery.plan));
}

fn rewrite_plan(plan: &mut PhysicalPlan) {
    plan.children.iter_mut().for_each(rewrite_plan);
    let Operator::Expand { step: closing, into: true } = &plan.operator else { return };
    let Some(PhysicalPlan { operator: Operator::Expand { step: opening, into: false }, .. }) = plan.children.first()
    else {
        return;
    };
    let Some(closing) = towards(closing, opening) else { return };
    let is_directed = |step: &ExpandStep| step.direction != StepDirection::Both;
    if !is_directed(&closing) || !is_directed(opening) || closing.from == opening.to {
        return;
    }
    // What was known before the last expansion stays the same over more rows than what it started from.
    let operator = Operator::ExpandIntersect { fixed: closing, moving: opening.clone(), count: None };
    let below = plan.children.remove(0).children;
    plan.operator = operator;
    plan.children = below;
}

/// Returns the closing step as one that ends where the opening step ends.
fn towards(closing: &ExpandStep, opening: &ExpandStep) -> Option<ExpandStep> {
    if closing.to == opening.to {
        return Some(closing.clone());
    }
    if closing.from != opening.to {
        return None;
    }
    let direction = match closing.direction {
        StepDirection::Outgoing => StepDirection::Incoming,
        StepDirection::Incoming => StepDirection::Outgoing,
        StepDirection::Both => StepDirection::Both,
    };
    let (from, to) = (closing.to, closing.from);
    Some(ExpandStep { from, to, direction, ..closing.clone() })
}
