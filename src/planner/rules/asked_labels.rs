//! What a predicate asks of an element's labels or type is asked where the element is found.
//!
//! ```text
//! Pattern (c) where c:Town and c.n > 3   →   Pattern (c:Town) where c.n > 3
//! Pattern ()-[r]->() where type(r) = 'R' →   Pattern ()-[r:R]->()
//! ```
//!
//! Applies to conjuncts on a lone node, or on the relationship of a single step, that the pattern itself finds: it matches where the
//! conjunct is true, and nowhere else. Scans, indexes and counts know labels; of a predicate they know nothing.

use crate::binder::bound::{Pattern, StepKind};
use crate::expression::{ComparisonOperator, Expression, LabelExpression};
use crate::value::Value;
use crate::vector::Slot;

use super::LogicalPlan;

pub(super) fn rewrite(plan: LogicalPlan) -> LogicalPlan {
    let LogicalPlan::Pattern { input, mut pattern, predicates, optional } = plan else { return plan };
    let conjuncts = predicates.into_iter().flat_map(Expression::conjuncts);
    let predicates = conjuncts.filter_map(|predicate| take(&mut pattern, predicate)).collect();
    LogicalPlan::Pattern { input, pattern, predicates, optional }
}

/// Puts a predicate into the pattern; gives back one that has no place there.
fn take(pattern: &mut Pattern, predicate: Expression) -> Option<Expression> {
    let (slot, label) = match &predicate {
        Expression::HasLabel(of, label) => match of.as_ref() {
            Expression::Slot(slot) => (*slot, label.clone()),
            _ => return Some(predicate),
        },
        Expression::Comparison(ComparisonOperator::Equal, left, right) => {
            match type_asked(left, right).or_else(|| type_asked(right, left)) {
                Some(asked) => asked,
                None => return Some(predicate),
            }
        }
        _ => return Some(predicate),
    };
    if let Some(node) = pattern.nodes.iter_mut().find(|node| node.slot == slot && !node.bound) {
        node.label = Some(LabelExpression::all_of(node.label.take().into_iter().chain([label])));
        return None;
    }
    let mut steps = pattern.steps.iter_mut().filter(|step| matches!(step.kind, StepKind::Single) && !step.bound);
    let Some(step) = steps.find(|step| step.slot == slot) else { return Some(predicate) };
    let own = &mut step.relationship.label;
    // A relationship has one type: of alternatives one is left, and of two that differ the predicate tells.
    let narrows = match own.as_ref() {
        None => true,
        Some(LabelExpression::Or(names)) => names.contains(&label),
        Some(own) => *own == label,
    };
    if !narrows {
        return Some(predicate);
    }
    *own = Some(label);
    None
}

/// Returns the relationship whose type is compared with a text, and the type.
fn type_asked(left: &Expression, right: &Expression) -> Option<(Slot, LabelExpression)> {
    match (left, right) {
        (Expression::Function(function, arguments), Expression::Constant(Value::String(name)))
            if function.name == "type" =>
        {
            match arguments.as_slice() {
                [Expression::Slot(slot)] => Some((*slot, LabelExpression::Name(name.as_str().into()))),
                _ => None,
            }
        }
        _ => None,
    }
}
