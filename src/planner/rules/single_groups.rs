//! A count by a node that comes once needs no groups: each row is its own.
//!
//! ```text
//! Aggregate by [p] n = count(*) × d            Project n = d
//!   ExpandCount d = number of (p)<--()    →      ExpandCount d = number of (p)<--()
//!     NodeScan (p)                                 NodeScan (p)
//! ```
//!
//! Applies where the only key is a node of a scan, what lies between treats each row by itself and makes no further ones, and every
//! aggregate is `count(*)`. The meaning is kept because every group has exactly one row.

use crate::expression::Expression;
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
    let counts_rows = aggregates.iter().all(|(_, call)| call.function == Aggregate::CountStar && !call.distinct);
    if !counts_rows || key != node || !comes_once(plan.input(), *node) {
        return;
    }
    let count = match factors.first() {
        Some(factor) => Expression::Slot(*factor),
        None => Expression::Constant(Value::Integer(1)),
    };
    let items = aggregates.iter().map(|(slot, _)| (*slot, count.clone())).collect();
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
