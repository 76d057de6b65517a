//! Filters right above each other are one, so that its parts are tried together and only the rows left at the end are copied.
//!
//! ```text
//! Filter b               Filter a AND b
//!   Filter a       →       input
//!     input
//! ```
//!
//! Applies always: the parts of a conjunction are tried in order, each on the rows that are left.

use crate::expression::Expression;
use crate::planner::physical::{Operator, PhysicalPlan, PhysicalQuery};

pub(super) fn rewrite(query: &mut PhysicalQuery) {
    rewrite_plan(&mut query.root);
    query.subqueries.iter_mut().for_each(|subquery| rewrite_plan(&mut subquery.plan));
}

fn rewrite_plan(plan: &mut PhysicalPlan) {
    plan.children.iter_mut().for_each(rewrite_plan);
    let [PhysicalPlan { operator: Operator::Filter { predicate: first }, .. }] = &plan.children[..] else { return };
    let Operator::Filter { predicate: second } = &plan.operator else { return };
    let parts = [first, second].into_iter().cloned().flat_map(Expression::conjuncts).collect();
    plan.operator = Operator::Filter { predicate: Expression::And(parts) };
    plan.children = std::mem::take(&mut plan.children[0].children);
}
