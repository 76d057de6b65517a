//! An EXISTS joined to the pattern that asks for it: where only the elements of rows are wanted, a row for each match says the same.
//!
//! ```text
//! (p:Person) WHERE EXISTS { (p)-[:LIKES]->(t {name: 'tea'}) }     ──▶     (p:Person)-[:LIKES]->(t {name: 'tea'})
//! ```
//! The rows then begin wherever the whole is found with least work, and what the EXISTS found is in them. No relationship of the one must
//! differ from those of the other: each part keeps its own sets of steps that differ.

use crate::binder::bound::{Pattern, PatternStep, StepKind, SubqueryKind};
use crate::expression::{Expression, LabelExpression, SubqueryId};

use super::logical::{LogicalPlan, LogicalSubquery};

/// Joins the first EXISTS of a pattern, below a limit, that can be joined to it.
pub(super) fn join_exists(rows: &mut LogicalPlan, subqueries: &[LogicalSubquery]) {
    if let LogicalPlan::Limit { input, .. } = rows {
        return join_exists(input, subqueries);
    }
    let LogicalPlan::Pattern { pattern, predicates, optional: false, .. } = rows else { return };
    let joined = predicates.iter().enumerate().find_map(|(place, predicate)| match predicate {
        Expression::Subquery(id) => Some((place, joined(pattern, *id, subqueries)?)),
        _ => None,
    });
    if let Some((place, (whole, asked))) = joined {
        predicates.remove(place);
        predicates.extend(asked);
        *pattern = whole;
    }
}

/// Returns a pattern with that of an EXISTS, and what the EXISTS asks; nothing where it is more than a plain pattern.
fn joined(outer: &Pattern, id: SubqueryId, subqueries: &[LogicalSubquery]) -> Option<(Pattern, Vec<Expression>)> {
    let subquery = &subqueries[id.0 as usize];
    let LogicalPlan::Pattern { input, pattern, predicates, optional: false } = &subquery.plan else { return None };
    let is_single = |step: &PatternStep| matches!(step.kind, StepKind::Single) && !step.bound;
    let is_plain = subquery.kind == SubqueryKind::Exists
        && matches!(**input, LogicalPlan::Argument)
        && pattern.paths.is_empty()
        && pattern.steps.iter().all(is_single)
        && predicates.iter().all(|predicate| predicate.subqueries().is_empty());
    if !is_plain {
        return None;
    }
    let mut whole = outer.clone();
    let mut places = Vec::new();
    for node in &pattern.nodes {
        let known = outer.nodes.iter().position(|known| known.slot == node.slot);
        let Some(place) = known else {
            places.push(whole.nodes.len());
            whole.nodes.push(node.clone());
            continue;
        };
        places.push(place);
        let label = &mut whole.nodes[place].label;
        *label = match (label.take(), node.label.clone()) {
            (Some(own), Some(asked)) => Some(LabelExpression::all_of([own, asked])),
            (own, asked) => own.or(asked),
        };
    }
    let first = whole.steps.len();
    whole.steps.extend(pattern.steps.iter().map(|step| PatternStep {
        from: places[step.from],
        to: places[step.to],
        ..step.clone()
    }));
    let sets = pattern.distinct.iter().map(|steps| steps.iter().map(|step| first + step).collect());
    whole.distinct.extend(sets);
    Some((whole, predicates.clone()))
}
