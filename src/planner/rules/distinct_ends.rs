//! Where equal rows count once, walks are not told apart and nodes go on once.
//!
//! ```text
//! Aggregate count(DISTINCT d)                 Aggregate count(DISTINCT d)
//!   Expand (c)-->(d)                            DistinctNodes d
//!     Expand (b)-->(c)               →            Expand (c)-->(d)
//!       …                                           DistinctNodes c
//!                                                     Expand (b)-->(c)
//! ```
//!
//! Applies below an aggregation whose every aggregate is `DISTINCT`, `min` or `max`, below DISTINCT, and below EXISTS, as long as only
//! operators lie between that treat each row by itself. A chain of variable length whose relationships nobody reads is then searched
//! breadth first, each node once: whoever is reached by any walk is reached by one without a repetition. The meaning is kept because
//! the rows left out are equal in all that is read above.

use crate::binder::bound::{PathMode, SubqueryKind};
use crate::function::Aggregate;
use crate::planner::physical::{Operator, PhysicalPlan, PhysicalQuery};

pub(super) fn rewrite(query: &mut PhysicalQuery) {
    rewrite_plan(&mut query.root, false, &mut query.operator_count);
    for subquery in &mut query.subqueries {
        // Inner rows of EXISTS are told apart by their outer row only, which is live and so compared too.
        rewrite_plan(&mut subquery.plan, subquery.kind == SubqueryKind::Exists, &mut query.operator_count);
    }
}

/// Rewrites a plan; `once` says that equal rows count once above it.
fn rewrite_plan(plan: &mut PhysicalPlan, once: bool, next_id: &mut u32) {
    let below = match &plan.operator {
        Operator::Aggregate { aggregates, .. } => {
            aggregates.iter().all(|(_, call)| call.distinct || matches!(call.function, Aggregate::Min | Aggregate::Max))
        }
        Operator::Distinct { .. } => true,
        Operator::Expand { .. }
        | Operator::ExpandVariable { selector: None, .. }
        | Operator::Filter { .. }
        | Operator::LabelFilter { .. }
        | Operator::SemiJoin { .. }
        | Operator::DistinctRelationships { .. } => once,
        // A projection may call a function that gives another value each time.
        Operator::Project { items } => once && items.iter().all(|(_, item)| is_deterministic(item)),
        _ => false,
    };
    for (place, child) in plan.children.iter_mut().enumerate() {
        rewrite_plan(child, below && place == 0, next_id);
    }
    if !once {
        return;
    }
    match &mut plan.operator {
        Operator::ExpandVariable {
            step,
            min,
            mode: PathMode::Trail,
            selector: None,
            distinct_ends,
            into: false,
            ..
        } => {
            *distinct_ends = *min <= 1 && !plan.live.contains(&step.relationship);
        }
        Operator::Expand { step, into: false } if plan.live == [step.to] => {
            let operator = Operator::DistinctNodes { slot: step.to };
            let placeholder = PhysicalPlan::new(Operator::Unit, Vec::new(), 0.0);
            let expand = std::mem::replace(plan, placeholder);
            let live = expand.live.clone();
            let rows = expand.rows;
            *plan = PhysicalPlan { operator, children: vec![expand], rows, live, id: *next_id };
            *next_id += 1;
        }
        _ => {}
    }
}

fn is_deterministic(expression: &crate::expression::Expression) -> bool {
    let mut deterministic = true;
    expression.visit(&mut |part| {
        if let crate::expression::Expression::Function(function, _) = part {
            deterministic &= function.deterministic;
        }
    });
    deterministic
}
