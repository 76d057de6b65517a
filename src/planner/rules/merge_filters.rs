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
use crate::value::Value;

pub(super) fn rewrite(query: &mut PhysicalQuery) {
    rewrite_plan(&mut query.root);
    query.subqueries.iter_mut().for_each(|subquery| rewrite_plan(&mut subquery.plan));
}

fn rewrite_plan(plan: &mut PhysicalPlan) {
    if let Operator::Filter { predicate } = &mut plan.operator
        && matches!(&plan.children[..], [PhysicalPlan { operator: Operator::Filter { .. }, .. }])
    {
        // All at once: a text may have thousands, and joining them two by two would copy the first ones as often.
        let mut predicates = vec![taken(predicate)];
        while let Some((below, children)) = take_filter(&mut plan.children) {
            predicates.push(below);
            plan.children = children;
        }
        let parts = predicates.into_iter().rev().flat_map(Expression::conjuncts).collect();
        plan.operator = Operator::Filter { predicate: Expression::And(parts) };
    }
    plan.children.iter_mut().for_each(rewrite_plan);
}

/// Takes out what an only input filters by, and its own inputs.
fn take_filter(children: &mut [PhysicalPlan]) -> Option<(Expression, Vec<PhysicalPlan>)> {
    let [PhysicalPlan { operator: Operator::Filter { predicate }, children: below, .. }] = children else {
        return None;
    };
    Some((taken(predicate), std::mem::take(below)))
}

fn taken(predicate: &mut Expression) -> Expression {
    std::mem::replace(predicate, Expression::Constant(Value::Null))
}
