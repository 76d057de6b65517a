//! Properties that only the result shows are read after the first rows are chosen.
//!
//! ```text
//! Top by n                               Project name = c.name
//!   Project n = …, name = c.name   →       Top by n
//!     input                                  Project n = …
//!                                              input
//! ```
//!
//! Applies to items that are properties of variables: they cannot fail, so that reading them for fewer rows hides no error. Where the
//! order reads such an item, it reads the property itself: for its second key only of rows that the first key leaves.

use crate::expression::Expression;
use crate::vector::Slot;

use super::LogicalPlan;

pub(super) fn rewrite(plan: LogicalPlan) -> LogicalPlan {
    let LogicalPlan::Top { input, keys, skip, limit } = plan else { return plan };
    let LogicalPlan::Project { input, items, scope } = *input else {
        return LogicalPlan::Top { input, keys, skip, limit };
    };
    // A key that is a property is read by the order itself, so that it too can be shown late.
    let mut keys = keys;
    for key in &mut keys {
        if let Expression::Slot(slot) = &key.expression
            && let Some((_, item @ Expression::Property(target, _))) = items.iter().find(|(own, _)| own == slot)
            && matches!(target.as_ref(), Expression::Slot(_))
        {
            key.expression = item.clone();
        }
    }
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
