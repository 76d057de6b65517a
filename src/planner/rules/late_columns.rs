//! Properties of groups that only the result shows are read after the first groups are chosen.
//!
//! ```text
//! Top by n, id                              Project id = c.id, name = c.name
//!   Project id = c.id, name = c.name   →      Top by n, c.id
//!     Aggregate by [c] n = count(*)             Aggregate by [c] n = count(*)
//! ```
//!
//! As the projections that a query writes ([`super::late_projection`]), those that grouping by a node leaves are moved above the order,
//! and so are other names for them. They are properties of variables, so that reading them for fewer rows hides no error; the order
//! reads what it needs itself.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::expression::Expression;
use crate::planner::lower::reads;
use crate::planner::physical::{Operator, PhysicalPlan, PhysicalQuery};
use crate::vector::Slot;

pub(super) fn rewrite(query: &mut PhysicalQuery) {
    let imports: Vec<Vec<Slot>> = query.subqueries.iter().map(|subquery| subquery.imports.clone()).collect();
    rewrite_plan(&mut query.root, &imports);
    query.subqueries.iter_mut().for_each(|subquery| rewrite_plan(&mut subquery.plan, &imports));
}

fn rewrite_plan(plan: &mut PhysicalPlan, imports: &[Vec<Slot>]) {
    plan.children.iter_mut().for_each(|child| rewrite_plan(child, imports));
    let Operator::Top { keys, .. } = &mut plan.operator else { return };
    let mut late: FxHashMap<Slot, Expression> = FxHashMap::default();
    let mut needed: FxHashSet<Slot> = FxHashSet::default();
    find(&plan.children[0], imports, &mut late, &mut needed);
    for key in keys.iter() {
        if !matches!(key.expression, Expression::Slot(_)) {
            needed.extend(reads(&key.expression, imports));
        }
    }
    late.retain(|slot, _| !needed.contains(slot));
    if late.is_empty() {
        return;
    }
    for key in keys {
        if let Expression::Slot(slot) = &key.expression
            && let Some(item) = late.get(slot)
        {
            key.expression = item.clone();
        }
    }
    take_out(&mut plan.children[0], &late);
    let mut items: Vec<(Slot, Expression)> = late.into_iter().collect();
    items.sort_by_key(|(slot, _)| *slot);
    let rows = plan.rows;
    let placeholder = PhysicalPlan::new(Operator::Unit, Vec::new(), 0.0);
    let top = std::mem::replace(plan, placeholder);
    *plan = PhysicalPlan::new(Operator::Project { items }, vec![top], rows);
}

/// Finds, from the lowest projection up, what could be read late, and what others read of it.
fn find(
    plan: &PhysicalPlan,
    imports: &[Vec<Slot>],
    late: &mut FxHashMap<Slot, Expression>,
    needed: &mut FxHashSet<Slot>,
) {
    let Operator::Project { items } = &plan.operator else { return };
    find(plan.input(), imports, late, needed);
    for (slot, item) in items {
        match item {
            Expression::Property(target, _) if matches!(target.as_ref(), Expression::Slot(of) if !late.contains_key(of)) =>
            {
                late.insert(*slot, item.clone());
            }
            Expression::Slot(other) if late.contains_key(other) => {
                let item = late[other].clone();
                late.insert(*slot, item);
            }
            other => needed.extend(reads(other, imports)),
        }
    }
}

fn take_out(plan: &mut PhysicalPlan, late: &FxHashMap<Slot, Expression>) {
    if let Operator::Project { items } = &mut plan.operator {
        items.retain(|(slot, _)| !late.contains_key(slot));
        take_out(&mut plan.children[0], late);
    }
}
