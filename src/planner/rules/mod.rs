//! The rewrites of plans, a file each, in the order in which they are applied.
//!
//! Every rule keeps the answer; each can be switched off by name, and tests compare the answers with and without it.

mod asked_labels;
mod count_factor;
mod count_nodes;
mod distinct_count;
mod distinct_ends;
mod intersect;
mod late_columns;
mod late_projection;
mod meet_count;
mod merge_filters;
mod optional_count;
mod single_groups;
mod sort_limit;

use crate::binder::bound::SlotInformation;
use crate::vector::Slot;

use super::estimate::Estimator;
use super::logical::{LogicalPlan, LogicalQuery};
use super::physical::PhysicalQuery;

/// A rewrite of one node of a logical plan, applied from the leaves up; nothing where it does not apply.
type LogicalRule = (&'static str, fn(LogicalPlan) -> LogicalPlan);

/// A rewrite of a whole physical query.
type PhysicalRule = (&'static str, fn(&mut PhysicalQuery, &Estimator<'_>));

/// The logical rules, in order: a limit sinks into the sort first, then further rules see one operator.
const LOGICAL_RULES: &[LogicalRule] = &[
    ("asked_labels", asked_labels::rewrite),
    ("sort_limit", sort_limit::rewrite),
    ("late_projection", late_projection::rewrite),
];

/// The physical rules, in order: intersections first, so that then their number alone may count.
const PHYSICAL_RULES: &[PhysicalRule] = &[
    ("intersect", |query, _| intersect::rewrite(query)),
    ("count_factor", |query, _| count_factor::rewrite(query)),
    ("optional_count", |query, _| optional_count::rewrite(query)),
    ("meet_count", meet_count::rewrite),
    ("single_groups", |query, _| single_groups::rewrite(query)),
    ("late_columns", |query, _| late_columns::rewrite(query)),
    ("merge_filters", |query, _| merge_filters::rewrite(query)),
];

/// The physical rules that look at what is read above an operator, applied when that is marked.
const MARKED_RULES: &[PhysicalRule] = &[
    ("distinct_ends", |query, _| distinct_ends::rewrite(query)),
    ("distinct_count", distinct_count::rewrite),
    ("count_nodes", count_nodes::rewrite),
];

/// Returns the names of all rewrites, those of lowering and the shortcuts of running included.
#[cfg(test)]
pub fn names() -> Vec<&'static str> {
    let own = LOGICAL_RULES.iter().map(|(name, _)| *name).chain(PHYSICAL_RULES.iter().map(|(name, _)| *name));
    own.chain(MARKED_RULES.iter().map(|(name, _)| *name))
        .chain(["semi_join", "count_rows", "group_by_node", "cite_late", "parts", super::pattern_cycle::RULE])
        .chain([super::walk_predicate::RULE])
        .chain(super::semi_join::RULES)
        .chain(super::pattern_join::RULES)
        .chain(super::shortcut::ALL)
        .chain([super::pattern_proof::DIFFERENT_NODES, super::pattern_proof::DIFFERENT_ENDS])
        .collect()
}

/// Applies the logical rules that are not switched off.
pub(super) fn rewrite_logical(query: &mut LogicalQuery, switched_off: &[&str]) {
    for (_, rule) in LOGICAL_RULES.iter().filter(|(name, _)| !switched_off.contains(name)) {
        query.root = rewrite_below(std::mem::replace(&mut query.root, LogicalPlan::Argument), *rule);
        for subquery in &mut query.subqueries {
            subquery.plan = rewrite_below(std::mem::replace(&mut subquery.plan, LogicalPlan::Argument), *rule);
        }
    }
}

/// Applies the physical rules that are not switched off.
pub(super) fn rewrite_physical(query: &mut PhysicalQuery, estimator: &Estimator<'_>, switched_off: &[&str]) {
    for (_, rule) in PHYSICAL_RULES.iter().filter(|(name, _)| !switched_off.contains(name)) {
        rule(query, estimator);
    }
}

/// Applies the rules over marked plans that are not switched off.
pub(super) fn rewrite_marked(query: &mut PhysicalQuery, estimator: &Estimator<'_>, switched_off: &[&str]) {
    for (_, rule) in MARKED_RULES.iter().filter(|(name, _)| !switched_off.contains(name)) {
        rule(query, estimator);
    }
}

fn rewrite_below(mut plan: LogicalPlan, rule: fn(LogicalPlan) -> LogicalPlan) -> LogicalPlan {
    plan.for_each_child(&mut |child| {
        let taken = std::mem::replace(child, LogicalPlan::Argument);
        *child = rewrite_below(taken, rule);
    });
    rule(plan)
}

/// Adds a hidden slot for a number that aggregates multiply with.
fn count_slot(slots: &mut Vec<SlotInformation>) -> Slot {
    slots.push(SlotInformation { name: " count".into() });
    Slot(slots.len() as u32 - 1)
}
