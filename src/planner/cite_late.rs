//! CITE of an aggregation over many rows: what its groups rest on is looked for afterwards, group by group.
//!
//! ```text
//! Top 3                                          Apply                                  for each group that is left
//!   Aggregate keys [p.id] count(*)       ──▶       Top 3
//!     Pattern (a)-[:R]->(p)                          Aggregate keys [p.id] count(*)     as without CITE: no rows are made to be counted
//!                                                      Pattern (a)-[:R]->(p)
//!                                                  Aggregate evidence(a), evidence(p)   of its rows
//!                                                    Limit                              a bound that few reach
//!                                                      Pattern (a)-[:R]->(p) where p.id = the group's
//! ```
//! It is done where few groups can be left: one without keys, as many as a small LIMIT lets through. The planner takes it where the usual
//! rewriting would make many rows.

use crate::binder::bound::{Pattern, StepKind};
use crate::expression::{AggregateCall, ComparisonOperator, Expression, LabelExpression};
use crate::function::{Aggregate, EQUIVALENT};
use crate::value::Value;
use crate::vector::Slot;

use super::estimate::Estimator;
use super::logical::LogicalPlan;
use super::{aggregation, cite_branches};

/// Of how many rows of a group the elements are looked at, where all may be.
pub(super) const ALL_ROWS: i64 = 10_000_000;

/// Of how many where the graph has more than are worth it.
pub(super) const FIRST_ROWS: i64 = 2_000;

/// How many groups may be left.
const GROUPS: i64 = 100;

/// The rows of one group.
#[derive(Clone, Debug)]
pub(super) struct RowsOfGroup {
    /// The plans that find them, each a part of what they rest on.
    pub plans: Vec<LogicalPlan>,
    /// Whether groups have keys.
    pub has_key: bool,
    /// Whether they begin at the group's key, so that no others are looked at.
    pub is_sought: bool,
    /// Whether they walk as far as the graph goes.
    pub is_endless: bool,
}

/// Says whether a plan walks as far as the graph goes: there is no end to such walks that is worth waiting for.
pub(super) fn is_endless(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Pattern { input, pattern, .. } => {
            let endless = |kind: &StepKind| match kind {
                StepKind::Variable { max, .. } => max.is_none(),
                StepKind::Quantified(quantified) => quantified.max.is_none(),
                StepKind::Single | StepKind::Shortest { .. } => false,
            };
            pattern.steps.iter().any(|step| endless(&step.kind)) || is_endless(input)
        }
        LogicalPlan::Filter { input, .. }
        | LogicalPlan::Unwind { input, .. }
        | LogicalPlan::Limit { input, .. }
        | LogicalPlan::Project { input, .. } => is_endless(input),
        _ => false,
    }
}

/// Lets the topmost aggregation group by a node where the properties that it groups by are one node's; says by which.
pub(super) fn group_by_node(plan: &mut LogicalPlan, estimator: &Estimator<'_>) -> Option<Slot> {
    match plan {
        LogicalPlan::Project { input, .. }
        | LogicalPlan::Sort { input, .. }
        | LogicalPlan::Filter { input, .. }
        | LogicalPlan::Skip { input, .. }
        | LogicalPlan::Limit { input, .. } => group_by_node(input, estimator),
        LogicalPlan::Aggregate { input, keys, aggregates } => {
            let LogicalPlan::Pattern { pattern, optional: false, .. } = &**input else { return None };
            let items = aggregation::group_by_node(keys, pattern, estimator);
            let (node, _) = *keys.first().filter(|_| !items.is_empty())?;
            let scope = items.iter().chain(keys.iter()).map(|(slot, _)| *slot);
            let scope = scope.chain(aggregates.iter().map(|(slot, _)| *slot)).collect();
            let input = Box::new(std::mem::replace(plan, LogicalPlan::Argument));
            *plan = LogicalPlan::Project { input, items, scope };
            Some(node)
        }
        _ => None,
    }
}

/// How the rows of a group are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looked {
    /// At how many it ends.
    pub bound: i64,
    /// Whether a pattern is cut where the group's node is.
    pub in_branches: bool,
}

/// Returns the first rows of the topmost aggregation, as a plan for one of its groups; nothing where it cannot be, or where many groups may
/// be left. `is_unique` says whether a property names one node of a label.
pub(super) fn rows_of_a_group(
    root: &LogicalPlan,
    is_unique: &dyn Fn(&str, &str) -> bool,
    Looked { bound, in_branches }: Looked,
) -> Option<RowsOfGroup> {
    let (mut plan, mut is_limited) = (root, false);
    let (input, keys) = loop {
        plan = match plan {
            LogicalPlan::Project { input, items, .. } if items.iter().all(|(_, item)| is_simple(item)) => input,
            LogicalPlan::Sort { input, keys } if keys.iter().all(|key| is_simple(&key.expression)) => input,
            LogicalPlan::Filter { input, predicate } if is_simple(predicate) => input,
            LogicalPlan::Skip { input, .. } => input,
            LogicalPlan::Limit { input, count } => {
                is_limited |= is_small(count);
                input
            }
            LogicalPlan::Aggregate { input, keys, aggregates } => {
                let calls = aggregates.iter().flat_map(|(_, call)| call.argument.iter().chain(&call.parameter));
                let simple = calls.chain(keys.iter().map(|(_, key)| key)).all(is_simple);
                if !simple || !is_plain(input) || !(is_limited || keys.is_empty()) {
                    return None;
                }
                break (input, keys);
            }
            _ => return None,
        };
    };
    let mut rows = (**input).clone();
    let mut sought = Vec::new();
    for (slot, key) in keys {
        if keep_group(&mut rows, *slot, key, is_unique) {
            sought.push(key);
        }
    }
    let is_endless = is_endless(&rows);
    let bounded = |rows: LogicalPlan| {
        let count = Expression::Constant(Value::Integer(bound));
        LogicalPlan::Limit { input: Box::new(rows), count }
    };
    let roots = sought.iter().filter_map(|key| property_of(key));
    let branches =
        roots.filter(|_| in_branches && bound == ALL_ROWS).find_map(|root| cite_branches::branches(&rows, root));
    let plans = branches.unwrap_or_else(|| vec![rows]).into_iter().map(bounded).collect();
    Some(RowsOfGroup { plans, has_key: !keys.is_empty(), is_sought: !sought.is_empty(), is_endless })
}

/// Returns what counts the rows that were looked at.
pub(super) fn row_count() -> AggregateCall {
    AggregateCall { function: Aggregate::CountStar, argument: None, parameter: None, distinct: false }
}

fn is_small(count: &Expression) -> bool {
    matches!(count, Expression::Constant(Value::Integer(count)) if *count <= GROUPS)
}

/// Says whether an expression has the same value again, and looks for nothing.
fn is_simple(expression: &Expression) -> bool {
    let mut simple = true;
    expression.visit(&mut |part| match part {
        Expression::Subquery(_) => simple = false,
        Expression::Function(function, _) => simple &= !matches!(function.name, "rand" | "randomUUID"),
        _ => {}
    });
    simple
}

/// Says whether the rows of a plan can be made again, fewer of them.
fn is_plain(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Argument => true,
        LogicalPlan::Pattern { input, .. } => is_plain(input),
        LogicalPlan::Filter { input, predicate } => is_simple(predicate) && is_plain(input),
        LogicalPlan::Unwind { input, list, .. } => is_simple(list) && is_plain(input),
        _ => false,
    }
}

/// Keeps only the rows of the group that has a key's value in a slot; says whether they are found by it.
fn keep_group(rows: &mut LogicalPlan, slot: Slot, key: &Expression, is_unique: &dyn Fn(&str, &str) -> bool) -> bool {
    let group = || Box::new(Expression::Slot(slot));
    if let Expression::Slot(variable) = key
        && bind(rows, *variable)
    {
        if *variable != slot {
            begin_with(rows, *variable, slot);
        }
        return true;
    }
    let same = Expression::Comparison(ComparisonOperator::Equal, Box::new(key.clone()), group());
    let is_sought = is_sought(rows, key, is_unique);
    let predicate = if is_sought {
        same
    } else {
        let missing = Expression::And(vec![Expression::IsNull(Box::new(key.clone())), Expression::IsNull(group())]);
        // NaN, and lists and maps with a null, are not equal to themselves but one group all the same.
        let itself = || Expression::Comparison(ComparisonOperator::Equal, group(), group());
        let is_unequal =
            Expression::Or(vec![Expression::IsNull(Box::new(itself())), Expression::Not(Box::new(itself()))]);
        let is_equivalent = Expression::Function(&EQUIVALENT, vec![key.clone(), Expression::Slot(slot)]);
        Expression::Or(vec![same, missing, Expression::And(vec![is_unequal, is_equivalent])])
    };
    match rows {
        LogicalPlan::Pattern { predicates, optional: false, .. } => predicates.push(predicate),
        other => {
            let input = Box::new(std::mem::replace(other, LogicalPlan::Argument));
            *other = LogicalPlan::Filter { input, predicate };
        }
    }
    is_sought
}

/// Says whether a key is a property that names one node of a pattern; where it is missing the group is not found again.
fn is_sought(rows: &LogicalPlan, key: &Expression, is_unique: &dyn Fn(&str, &str) -> bool) -> bool {
    let (LogicalPlan::Pattern { pattern, .. }, Some(variable), Expression::Property(_, name)) =
        (rows, property_of(key), key)
    else {
        return false;
    };
    pattern.nodes.iter().filter(|node| node.slot == variable).any(|node| match &node.label {
        Some(LabelExpression::Name(label)) => is_unique(label, name),
        _ => false,
    })
}

/// Returns the variable of which an expression is a property.
fn property_of(key: &Expression) -> Option<Slot> {
    let Expression::Property(target, _) = key else { return None };
    if let Expression::Slot(variable) = target.as_ref() { Some(*variable) } else { None }
}

/// Takes a node that patterns find as given; says whether there is one.
fn bind(rows: &mut LogicalPlan, variable: Slot) -> bool {
    let bind_in = |pattern: &mut Pattern| {
        let own = pattern.nodes.iter_mut().filter(|node| node.slot == variable && !node.bound);
        own.fold(false, |_, node| {
            node.bound = true;
            true
        })
    };
    match rows {
        // What an optional pattern did not find is null, which no pattern finds again.
        LogicalPlan::Pattern { input, pattern, optional, .. } => {
            let below = bind(input, variable);
            if below { true } else { !*optional && bind_in(pattern) }
        }
        LogicalPlan::Filter { input, .. } | LogicalPlan::Unwind { input, .. } => bind(input, variable),
        _ => false,
    }
}

/// Lets rows begin with a variable that has the value of a slot.
fn begin_with(rows: &mut LogicalPlan, variable: Slot, slot: Slot) {
    match rows {
        LogicalPlan::Argument => {
            let input = Box::new(LogicalPlan::Argument);
            *rows =
                LogicalPlan::Project { input, items: vec![(variable, Expression::Slot(slot))], scope: vec![variable] };
        }
        LogicalPlan::Project { items, scope, .. } => {
            items.push((variable, Expression::Slot(slot)));
            scope.push(variable);
        }
        other => other.for_each_child(&mut |child| begin_with(child, variable, slot)),
    }
}
