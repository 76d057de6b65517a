//! Properties that only the result shows are read after the first rows are chosen.
//!
//! ```text
//! Top by n                               Project name = c.name
//!   Project n = …, name = c.name   →       Top by n
//!     input                                  Project n = …
//!                                              input
//! ```
//!
//! Applies to items that are properties of variables and that the order does not read: they cannot fail, so that reading them for
//! fewer rows hides no error.

use crate::expression::Expression;
use crate::vector::Slot;

use super::LogicalPlan;

pub(super) fn rewrite(plan: LogicalPlan) -> LogicalPlan {
    let LogicalPlan::Top { input, keys, skip, limit } = plan else { return plan };
    let LogicalPlan::Project { input, items, scope } = *input else {
        return LogicalPlan::Top { input, keys, skip, limit };
    };
    let ordered: Vec<Slot> = keys.iter().flat_map(|key| key.expression.slots()).collect();
    let has_subquery = keys.iter().any(|key| !key.expression.subqueries().is_empty());
    let is_late = |(slot, item): &(Slot, Expression)| match item {
        Expression::Property(target, _) => {
            matches!(target.as_ref(), Expression::Slot(_)) && !ordered.contains(slot) && !has_subquery
        }
        _ => false,
    };
    let (late, early): (Vec<_>, Vec<_>) = items.into_iter().partition(is_late);
    let input = Box::new(LogicalPlan::Project { input, items: early, scope: scope.clone() });
    let top = LogicalPlan::Top { input, keys, skip, limit };
    if late.is_empty() { top } else { LogicalPlan::Project { input: Box::new(top), items: late, scope } }
}
