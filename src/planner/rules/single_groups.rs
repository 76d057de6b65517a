//! A count by a node that comes once needs no groups: each row is its own.
//!
//! ```text
//! Aggregate by [p] n = count(*) × d            Project n = d
//!   ExpandCount d = number of (p)<--()    →      ExpandCount d = number of (p)<--()
//!     NodeScan (p)                                 NodeScan (p)
//! ```
//!
//! Applies where the only key is a node of a scan, what lies between treats each row by itself and makes no further ones, and every
//! aggregate is `count(*)` or the sum of a number that every row has for an OPTIONAL MATCH. The meaning is kept because every group has exactly one row.

use crate::expression::{AggregateCall, Expression};
use crate::function::Aggregate;
use crate::planner::physical::{Operator, PhysicalPlan, PhysicalQuery};
use crate::value::Value;
use crate::vector::Slot;

pub(super) fn rewrite(query: &mut PhysicalQuery) {
    // Within subqueries many outer rows may go in together.
    rewrite_plan(&mut query.root);
}

fn rewrite_plan(plan: &mut PhysicalPlan) {
    // Only the way that begins with the one row of the whole query is followed.
    if let Some(input) = plan.children.first_mut() {
        rewrite_plan(input);
    }
    let Operator::Aggregate { keys, aggregates, factors } = &plan.operator else { return };
    let ([(key, Expression::Slot(node))], [] | [_]) = (&keys[..], &factors[..]) else { return };
    let number = match &plan.input().operator {
        Operator::ExpandCount { count, optional: true, .. } if factors.is_empty() => Some(*count),
        _ => None,
    };
    let of_one_row = |call: &AggregateCall| match (call.function, call.distinct, &call.argument) {
        (Aggregate::CountStar, false, _) => Some(match factors.first() {
            Some(factor) => Expression::Slot(*factor),
            None => Expression::Constant(Value::Integer(1)),
        }),
        (Aggregate::Sum, false, Some(Expression::Slot(slot))) if number == Some(*slot) => Some(Expression::Slot(*slot)),
        _ => None,
    };
    let items = aggregates.iter().map(|(slot, call)| Some((*slot, of_one_row(call)?))).collect::<Option<Vec<_>>>();
    let Some(items) = items.filter(|_| key == node && comes_once(plan.input(), *node)) else { return };
    plan.operator = Operator::Project { items };
}

fn comes_once(plan: &PhysicalPlan, node: Slot) -> bool {
    match &plan.operator {
        Operator::NodeScan { slot, .. } => {
            *slot == node && matches!(plan.input().operator, Operator::Argument | Operator::Unit)
        }
        Operator::ExpandCount { .. }
        | Operator::Filter { .. }
        | Operator::LabelFilter { .. }
        | Operator::SemiJoin { .. } => comes_once(plan.input(), node),
        _ => false,
    }
}
