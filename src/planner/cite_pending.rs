//! The subqueries of an expression whose findings CITE has still to gather, with the lists that they hang on.
//!
//! ```text
//! [x IN list WHERE EXISTS { … x … } | COUNT { … x … }]     ──▶     Items x of list, kept by EXISTS { … }, then COUNT { … }
//! ```
//! A subquery that reads a variable of a comprehension is asked for each item of its list; one that reads the accumulator of a `reduce` for
//! each item with what the accumulator was there.

use crate::binder::bound::SubqueryKind;
use crate::expression::{Expression, SubqueryId};
use crate::vector::Slot;

use super::logical::LogicalSubquery;

/// Something below an expression that found elements.
#[derive(Clone, Debug)]
pub(super) enum Pending {
    /// A subquery that reads nothing but the row.
    Subquery(SubqueryId),
    /// Subqueries that are asked for each item of a list.
    Items(Box<Items>),
}

/// A list, and what is asked for each of its items.
#[derive(Clone, Debug)]
pub(super) struct Items {
    /// The item.
    pub variable: Slot,
    /// The list.
    pub list: Expression,
    /// The accumulator of a `reduce` with its first value and its step, where it is read.
    pub accumulator: Option<(Slot, Expression, Expression)>,
    /// What decides whether an item is kept.
    pub deciding: Vec<Pending>,
    /// Which items are kept.
    pub predicate: Option<Expression>,
    /// What is asked for items that are kept.
    pub kept: Vec<Pending>,
}

/// Returns what is pending below an expression, each subquery once.
pub(super) fn pending(expression: &Expression, subqueries: &[LogicalSubquery]) -> Vec<Pending> {
    let mut found = Vec::new();
    let mut seen = Vec::new();
    for one in below(expression, subqueries) {
        if let Pending::Subquery(id) = one {
            if seen.contains(&id) {
                continue;
            }
            seen.push(id);
        }
        found.push(one);
    }
    found
}

/// Says whether an expression holds a negated EXISTS.
pub(super) fn denies(expression: &Expression, subqueries: &[LogicalSubquery]) -> bool {
    let mut denies = false;
    expression.visit(&mut |part| {
        if let Expression::Not(negated) = part
            && let Expression::Subquery(id) = negated.as_ref()
        {
            denies |= subqueries[id.0 as usize].kind == SubqueryKind::Exists;
        }
    });
    denies
}

fn below(expression: &Expression, subqueries: &[LogicalSubquery]) -> Vec<Pending> {
    let below = |part: &Expression| below(part, subqueries);
    match expression {
        Expression::Subquery(id) => vec![Pending::Subquery(*id)],
        Expression::Comprehension { variable, list, predicate, projection } => {
            let deciding = predicate.as_deref().map(below).unwrap_or_default();
            let kept = projection.as_deref().map(below).unwrap_or_default();
            let predicate = predicate.as_deref().filter(|_| !kept.is_empty() || !deciding.is_empty()).cloned();
            let items =
                Items { variable: *variable, list: (**list).clone(), accumulator: None, deciding, predicate, kept };
            below(list).into_iter().chain(parted(items, subqueries)).collect()
        }
        Expression::Quantifier { variable, list, predicate, .. } => {
            let (list, deciding, own) = ((**list).clone(), below(predicate), below(list));
            let items =
                Items { variable: *variable, list, accumulator: None, deciding, predicate: None, kept: Vec::new() };
            own.into_iter().chain(parted(items, subqueries)).collect()
        }
        Expression::Reduce { accumulator, initial, variable, list, step } => {
            let deciding = below(step);
            let reads = deciding.iter().any(|one| reads(one, *accumulator, subqueries));
            let accumulator = reads.then(|| (*accumulator, (**initial).clone(), (**step).clone()));
            let own = below(initial).into_iter().chain(below(list));
            let list = (**list).clone();
            let items = Items { variable: *variable, list, accumulator, deciding, predicate: None, kept: Vec::new() };
            own.chain(parted(items, subqueries)).collect()
        }
        other => {
            let mut found = Vec::new();
            other.for_each_part(&mut |part| found.extend(below(part)));
            found
        }
    }
}

/// Returns what hangs on the items of a list, and apart from it what does not.
fn parted(items: Items, subqueries: &[LogicalSubquery]) -> Vec<Pending> {
    let own: Vec<Slot> =
        [items.variable].into_iter().chain(items.accumulator.as_ref().map(|(slot, ..)| *slot)).collect();
    let hangs = |one: &Pending| own.iter().any(|slot| reads(one, *slot, subqueries));
    let (deciding, free): (Vec<Pending>, Vec<Pending>) = items.deciding.into_iter().partition(hangs);
    let (kept, free_kept): (Vec<Pending>, Vec<Pending>) = items.kept.into_iter().partition(hangs);
    let mut found: Vec<Pending> = free.into_iter().chain(free_kept).collect();
    if !deciding.is_empty() || !kept.is_empty() {
        found.push(Pending::Items(Box::new(Items { deciding, kept, ..items })));
    }
    found
}

/// Says whether something pending reads a slot.
fn reads(pending: &Pending, slot: Slot, subqueries: &[LogicalSubquery]) -> bool {
    let expression_reads = |expression: &Expression| {
        let imported = |id: &SubqueryId| subqueries[id.0 as usize].imports.contains(&slot);
        expression.slots().contains(&slot) || expression.subqueries().iter().any(imported)
    };
    match pending {
        Pending::Subquery(id) => subqueries[id.0 as usize].imports.contains(&slot),
        Pending::Items(items) => {
            expression_reads(&items.list)
                || items.predicate.as_ref().is_some_and(expression_reads)
                || items
                    .accumulator
                    .as_ref()
                    .is_some_and(|(_, initial, step)| expression_reads(initial) || expression_reads(step))
                || items.deciding.iter().chain(&items.kept).any(|one| reads(one, slot, subqueries))
        }
    }
}
