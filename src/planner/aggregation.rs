//! What an aggregation over a pattern can leave out, because the schema and the counts tell: values that are never null, keys that
//! follow from a node.

use crate::binder::bound::Pattern;
use crate::expression::{AggregateCall, Expression, LabelExpression};
use crate::function::Aggregate;
use crate::vector::Slot;

use super::assumption::Assumption;
use super::estimate::Estimator;

/// Turns `count(x)` into `count(*)` where `x` is never null: a node or relationship of the pattern, or a property that every node of
/// the label has.
pub(super) fn count_rows(call: &mut AggregateCall, pattern: &Pattern, estimator: &Estimator<'_>) {
    if call.function != Aggregate::Count || call.distinct {
        return;
    }
    let is_set = match &call.argument {
        Some(Expression::Slot(slot)) => {
            pattern.nodes.iter().any(|node| node.slot == *slot && !node.bound)
                || pattern.steps.iter().any(|step| step.slot == *slot && !step.bound)
        }
        Some(Expression::Property(target, key)) => match target.as_ref() {
            Expression::Slot(slot) => label_of(*slot, pattern)
                .is_some_and(|label| estimator.assume(Assumption::AlwaysSet { label: label.into(), key: key.clone() })),
            _ => false,
        },
        _ => false,
    };
    if is_set {
        *call = AggregateCall { function: Aggregate::CountStar, argument: None, parameter: None, distinct: false };
    }
}

/// Turns `count(w.x)` into `count(w)` where every node that an optional pattern finds has `x`.
pub(super) fn count_found(call: &mut AggregateCall, pattern: &Pattern, estimator: &Estimator<'_>) {
    let (Aggregate::Count, false, Some(Expression::Property(target, key))) =
        (&call.function, call.distinct, &call.argument)
    else {
        return;
    };
    let Expression::Slot(slot) = target.as_ref() else { return };
    let is_set = label_of(*slot, pattern)
        .is_some_and(|label| estimator.assume(Assumption::AlwaysSet { label: label.into(), key: key.clone() }));
    if is_set {
        call.argument = Some(Expression::Slot(*slot));
    }
}

/// Groups by a node instead of by its properties, where one of them is unique to the node; returns what is then computed a group.
pub(super) fn group_by_node(
    keys: &mut Vec<(Slot, Expression)>,
    pattern: &Pattern,
    estimator: &Estimator<'_>,
) -> Vec<(Slot, Expression)> {
    let property = |key: &Expression| match key {
        Expression::Property(target, name) => match target.as_ref() {
            Expression::Slot(slot) => Some((*slot, name.clone())),
            _ => None,
        },
        _ => None,
    };
    let Some(properties) = keys.iter().map(|(_, key)| property(key)).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let Some((node, _)) = properties.first().cloned() else { return Vec::new() };
    let Some(label) = label_of(node, pattern) else { return Vec::new() };
    if properties.iter().any(|(slot, _)| *slot != node) {
        return Vec::new();
    }
    // Nodes without the property would be one group by its null, and several by themselves.
    let tells_apart = properties.iter().any(|(_, key)| {
        let facts = [
            Assumption::Unique { label: label.into(), key: key.clone() },
            Assumption::AlwaysSet { label: label.into(), key: key.clone() },
        ];
        facts.iter().all(|fact| estimator.may_assume(fact)) && facts.into_iter().all(|fact| estimator.assume(fact))
    });
    if !tells_apart {
        return Vec::new();
    }
    std::mem::replace(keys, vec![(node, Expression::Slot(node))])
}

fn label_of(slot: Slot, pattern: &Pattern) -> Option<&str> {
    pattern.nodes.iter().filter(|node| node.slot == slot && !node.bound).find_map(|node| match &node.label {
        Some(LabelExpression::Name(name)) => Some(name.as_str()),
        _ => None,
    })
}
