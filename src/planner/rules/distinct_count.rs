//! Ends that come once need not be told apart again to be counted.
//!
//! ```text
//! Aggregate count(DISTINCT b.id)                    Aggregate count(*)
//!   ExpandVariable (a)-->*(b) distinct ends   →       ExpandVariable (a)-->*(b) distinct ends
//!     IndexSeek (a) id = 1                              IndexSeek (a) id = 1
//! ```
//!
//! Applies where the walk begins at one node at most, by a property that is unique, and what is counted is the end itself or a property
//! that every end has for its own, by constraint and count. The meaning is kept because then the rows are the distinct values.

use smol_str::SmolStr;

use crate::expression::{AggregateCall, Expression};
use crate::function::Aggregate;
use crate::planner::assumption::Assumption;
use crate::planner::estimate::Estimator;
use crate::planner::physical::{
    ExpandStep, Operator, PhysicalPlan, PhysicalQuery, SeekKind, SoughtElement, StepDirection,
};
use crate::vector::Slot;

pub(super) fn rewrite(query: &mut PhysicalQuery, estimator: &Estimator<'_>) {
    // Within subqueries many outer rows may go in together.
    rewrite_plan(&mut query.root, estimator);
}

fn rewrite_plan(plan: &mut PhysicalPlan, estimator: &Estimator<'_>) {
    if let Some(input) = plan.children.first_mut() {
        rewrite_plan(input, estimator);
    }
    let Operator::Aggregate { keys, aggregates, factors } = &plan.operator else { return };
    let counted: Option<Vec<(Slot, Option<SmolStr>)>> = aggregates.iter().map(|(_, call)| counted(call)).collect();
    let Some(counted) = counted.filter(|counted| !counted.is_empty()) else { return };
    let Some(step) = distinct_step(plan.input(), estimator) else { return };
    let tells_apart = |(slot, key): &(Slot, Option<SmolStr>)| {
        *slot == step.to && key.as_ref().is_none_or(|key| is_own(key, step, estimator))
    };
    if !keys.is_empty() || !factors.is_empty() || !counted.iter().all(tells_apart) {
        return;
    }
    if let Operator::Aggregate { aggregates, .. } = &mut plan.operator {
        for (_, call) in aggregates {
            *call = AggregateCall { function: Aggregate::CountStar, argument: None, parameter: None, distinct: false };
        }
    }
}

/// Returns the variable whose distinct values a call counts, and the property of it that is meant.
fn counted(call: &AggregateCall) -> Option<(Slot, Option<SmolStr>)> {
    match (&call.function, call.distinct, &call.argument) {
        (Aggregate::Count, true, Some(Expression::Slot(slot))) => Some((*slot, None)),
        (Aggregate::Count, true, Some(Expression::Property(target, key))) => match target.as_ref() {
            Expression::Slot(slot) => Some((*slot, Some(key.clone()))),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the walk below whose ends come once, if it begins at one node at most.
fn distinct_step<'a>(plan: &'a PhysicalPlan, estimator: &Estimator<'_>) -> Option<&'a ExpandStep> {
    match &plan.operator {
        Operator::Filter { .. } | Operator::LabelFilter { .. } => distinct_step(plan.input(), estimator),
        Operator::ExpandVariable { step, min: 1.., distinct_ends: true, into: false, .. } => {
            is_one_row(plan.input(), estimator).then_some(step)
        }
        _ => None,
    }
}

/// Says whether a plan gives one row at most: a seek by a property that is unique.
pub(super) fn is_one_row(plan: &PhysicalPlan, estimator: &Estimator<'_>) -> bool {
    match &plan.operator {
        Operator::Filter { .. } | Operator::LabelFilter { .. } => is_one_row(plan.input(), estimator),
        Operator::IndexSeek { element: SoughtElement::Node, label, keys, seek: SeekKind::Equal(_), .. } => {
            let is_unique =
                |key: &SmolStr| estimator.assume(Assumption::Unique { label: label.clone(), key: key.clone() });
            matches!(plan.input().operator, Operator::Argument | Operator::Unit) && keys.first().is_some_and(is_unique)
        }
        _ => false,
    }
}

/// Says whether every end of a step has its own value of a property, as the counts of one of the graph's labels prove.
fn is_own(key: &SmolStr, step: &ExpandStep, estimator: &Estimator<'_>) -> bool {
    let sides: &[bool] = match step.direction {
        StepDirection::Outgoing => &[false],
        StepDirection::Incoming => &[true],
        StepDirection::Both => &[true, false],
    };
    let catalogue = estimator.snapshot().catalogue();
    let labels: Vec<SmolStr> = catalogue.labels().map(|(_, name)| name.clone()).collect();
    labels.into_iter().any(|label| {
        let ends = sides.iter().map(|starts| Assumption::AllEnds {
            types: step.label.clone(),
            label: label.clone(),
            starts: *starts,
        });
        let own = [
            Assumption::Unique { label: label.clone(), key: key.clone() },
            Assumption::AlwaysSet { label: label.clone(), key: key.clone() },
        ];
        let facts: Vec<Assumption> = own.into_iter().chain(ends).collect();
        facts.iter().all(|fact| estimator.may_assume(fact)) && facts.into_iter().all(|fact| estimator.assume(fact))
    })
}
