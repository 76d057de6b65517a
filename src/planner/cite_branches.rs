//! A pattern cut at a node that is found by itself: what a group rests on is in its branches, whose rows need not be multiplied.
//!
//! ```text
//! (f)-[:A]->(x)-[:B]->(c {id: 7})<-[:C]-(p)     ──▶     (f)-[:A]->(x)-[:B]->(c {id: 7})   and   (c {id: 7})<-[:C]-(p)
//! ```
//! Every row of one branch goes with every row of the others: nothing is asked of two of them together, and no relationship of one can be
//! that of another. So an element is in a row of the pattern if it is in a row of its branch, where the pattern has a row at all.

use crate::binder::bound::{Pattern, PatternStep, StepKind};
use crate::expression::{Expression, LabelExpression};
use crate::vector::Slot;

use super::logical::LogicalPlan;

/// Returns the branches of a plan that is one pattern, cut at the node of a slot; nothing where there are no two.
pub(super) fn branches(plan: &LogicalPlan, root: Slot) -> Option<Vec<LogicalPlan>> {
    let LogicalPlan::Pattern { input, pattern, predicates, optional: false } = plan else { return None };
    let is_single = |step: &PatternStep| matches!(step.kind, StepKind::Single) && !step.bound;
    if !matches!(**input, LogicalPlan::Argument) || !pattern.paths.is_empty() || !pattern.steps.iter().all(is_single) {
        return None;
    }
    let root = pattern.nodes.iter().position(|node| node.slot == root)?;
    let branch_of = numbered(pattern, root);
    let count = branch_of.iter().flatten().max().map_or(0, |last| last + 1);
    if count < 2 || pattern.nodes.iter().any(|node| node.bound) || !are_apart(pattern, &branch_of, root) {
        return None;
    }
    let mut branches: Vec<LogicalPlan> = Vec::new();
    for number in 0..count {
        let pattern = branch(pattern, &branch_of, root, number);
        branches.push(LogicalPlan::Pattern { input: input.clone(), pattern, predicates: Vec::new(), optional: false });
    }
    for predicate in predicates {
        let read = predicate.slots();
        let mut own: Vec<usize> = Vec::new();
        if !predicate.subqueries().is_empty() {
            return None;
        }
        let nodes = pattern.nodes.iter().enumerate().filter(|(_, node)| read.contains(&node.slot));
        own.extend(nodes.filter_map(|(place, _)| branch_of[place]));
        let steps = pattern.steps.iter().filter(|step| read.contains(&step.slot));
        own.extend(steps.filter_map(|step| branch_of_step(step, &branch_of)));
        own.sort_unstable();
        own.dedup();
        match own.as_slice() {
            // What is asked of the root alone is asked in every branch.
            [] => branches.iter_mut().for_each(|branch| add(branch, predicate)),
            [one] => add(&mut branches[*one], predicate),
            _ => return None,
        }
    }
    Some(branches)
}

fn add(branch: &mut LogicalPlan, predicate: &Expression) {
    if let LogicalPlan::Pattern { predicates, .. } = branch {
        predicates.push(predicate.clone());
    }
}

/// Returns to which branch each node belongs; none for the root.
fn numbered(pattern: &Pattern, root: usize) -> Vec<Option<usize>> {
    let mut branch_of: Vec<Option<usize>> = vec![None; pattern.nodes.len()];
    let mut count = 0;
    for first in (0..pattern.nodes.len()).filter(|place| *place != root) {
        if branch_of[first].is_some() {
            continue;
        }
        let mut waiting = vec![first];
        while let Some(place) = waiting.pop() {
            if place == root || branch_of[place].is_some() {
                continue;
            }
            branch_of[place] = Some(count);
            let steps = pattern.steps.iter().filter(|step| step.from == place || step.to == place);
            waiting.extend(steps.flat_map(|step| [step.from, step.to]));
        }
        count += 1;
    }
    branch_of
}

fn branch_of_step(step: &PatternStep, branch_of: &[Option<usize>]) -> Option<usize> {
    branch_of[step.from].or(branch_of[step.to])
}

/// Says whether no relationship of one branch can be that of another, and no step leads from the root to itself.
fn are_apart(pattern: &Pattern, branch_of: &[Option<usize>], root: usize) -> bool {
    let differ = |one: &PatternStep, other: &PatternStep| match (&one.relationship.label, &other.relationship.label) {
        (Some(LabelExpression::Name(one)), Some(LabelExpression::Name(other))) => one != other,
        _ => false,
    };
    let apart = |one: &PatternStep, other: &PatternStep| {
        branch_of_step(one, branch_of) == branch_of_step(other, branch_of) || differ(one, other)
    };
    pattern.steps.iter().all(|step| step.from != root || step.to != root)
        && pattern.steps.iter().all(|one| pattern.steps.iter().all(|other| apart(one, other)))
}

/// Returns a branch with the root.
fn branch(pattern: &Pattern, branch_of: &[Option<usize>], root: usize, number: usize) -> Pattern {
    let kept: Vec<usize> =
        (0..pattern.nodes.len()).filter(|place| *place == root || branch_of[*place] == Some(number)).collect();
    let new_place = |place: usize| kept.iter().position(|kept| *kept == place).unwrap_or_default();
    let own: Vec<usize> = (0..pattern.steps.len())
        .filter(|place| branch_of_step(&pattern.steps[*place], branch_of) == Some(number))
        .collect();
    let steps = own.iter().map(|place| {
        let step = pattern.steps[*place].clone();
        PatternStep { from: new_place(step.from), to: new_place(step.to), ..step }
    });
    let distinct = pattern
        .distinct
        .iter()
        .map(|set| set.iter().filter_map(|place| own.iter().position(|own| own == place)).collect::<Vec<usize>>());
    Pattern {
        nodes: kept.iter().map(|place| pattern.nodes[*place].clone()).collect(),
        steps: steps.collect(),
        distinct: distinct.filter(|set| set.len() > 1).collect(),
        paths: Vec::new(),
    }
}
