//! Comprehensions, quantifiers and `reduce`: the lists of many rows are unwound into one inner batch, evaluated there, and folded back.
//!
//! ```text
//!   outer row 0  [7, 8]          inner row 0  outer 0  item 7
//!   outer row 1  []        ->    inner row 1  outer 0  item 8        ends: 2, 2, 3
//!   outer row 2  [9]             inner row 2  outer 2  item 9
//! ```

use std::sync::Arc;

use crate::value::Value;
use crate::value::limit::check_nesting;
use crate::vector::{Batch, Column, ColumnBuilder, Slot};

use super::evaluate::evaluate;
use super::filter::select_where;
use super::general::cell;
use super::logic::{Truth, truths};
use super::{EvaluationContext, EvaluationError, Expression, QuantifierKind};

/// How many items are evaluated at a time, where no single list has more.
const TARGET_ITEMS: usize = 16 * Batch::TARGET_ROWS;

/// The lists of some outer rows, item by item.
struct Unwound {
    /// For each item, its outer row.
    rows: Vec<u32>,
    /// The items.
    items: Column,
    /// For each outer row, where its items end; none if its list is null.
    ends: Vec<Option<usize>>,
}

impl Unwound {
    /// Unwinds the lists from row `from` on, until there are enough items.
    fn next(lists: &Column, from: usize) -> Result<Unwound, EvaluationError> {
        let (mut rows, mut items, mut ends) = (Vec::new(), ColumnBuilder::default(), Vec::new());
        let mut row = from;
        while row < lists.len() && (row == from || rows.len() < TARGET_ITEMS) {
            let list = cell(lists, row);
            if let Some(list) = list_of(&list)? {
                rows.extend(std::iter::repeat_n(row as u32, list.len()));
                list.iter().for_each(|item| items.push(item.clone()));
                ends.push(Some(rows.len()));
            } else {
                ends.push(None);
            }
            row += 1;
        }
        Ok(Unwound { rows, items: items.finish(), ends })
    }

    /// Returns the inner batch: what the expressions read from the outer rows, and the items in their slot.
    fn batch(
        &self,
        variable: Slot,
        inner: &[&Expression],
        batch: &Batch,
        context: &EvaluationContext<'_>,
    ) -> Result<Batch, EvaluationError> {
        context.subqueries.tick(self.rows.len())?;
        context.note_bytes(self.rows.len() * (size_of::<Value>() + size_of::<u32>()))?;
        let mut slots: Vec<Slot> = inner.iter().flat_map(|expression| context.inputs(expression)).collect();
        slots.retain(|slot| *slot != variable);
        let mut unwound = batch.gather_slots(&self.rows, &slots);
        unwound.set(variable, self.items.clone());
        Ok(unwound)
    }

    /// Returns for each outer row the range of its items; none if its list is null.
    fn ranges(&self) -> impl Iterator<Item = Option<std::ops::Range<usize>>> + '_ {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let range = start..(*end)?;
            start = range.end;
            Some(range)
        })
    }
}

/// Returns the items of a list; none of null.
fn list_of(list: &Value) -> Result<Option<&Arc<Vec<Value>>>, EvaluationError> {
    match list {
        Value::List(list) => Ok(Some(list)),
        Value::Null => Ok(None),
        other => Err(EvaluationError::wrong_kind(format!("a LIST is needed here, not {}", other.kind()))),
    }
}

/// Evaluates `[variable IN list WHERE predicate | projection]`.
pub(super) fn comprehension(
    variable: Slot,
    list: &Expression,
    predicate: Option<&Expression>,
    projection: Option<&Expression>,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    let lists = evaluate(list, batch, context)?;
    let inner: Vec<&Expression> = predicate.into_iter().chain(projection).collect();
    let mut results = Vec::with_capacity(batch.rows());
    while results.len() < batch.rows() {
        let unwound = Unwound::next(&lists, results.len())?;
        let mut items = unwound.batch(variable, &inner, batch, context)?;
        let kept = match predicate {
            Some(predicate) => {
                let charged_bytes = context.charged_bytes();
                let selection = select_where(predicate, &items, context)?;
                context.back_to(charged_bytes);
                items = selection.apply(&items);
                selection.into_rows(unwound.rows.len())
            }
            None => (0..unwound.rows.len() as u32).collect(),
        };
        let column = match projection {
            Some(projection) => evaluate(projection, &items, context)?,
            None => Arc::clone(items.column(variable)),
        };
        let mut place = 0;
        for range in unwound.ranges() {
            let result = range.map_or(Value::Null, |range| {
                let first = place;
                while kept.get(place).is_some_and(|item| (*item as usize) < range.end) {
                    place += 1;
                }
                Value::list((first..place).map(|item| column.value(item)).collect())
            });
            context.note(&result)?;
            results.push(result);
        }
    }
    Ok(Column::from_values(results))
}

/// Evaluates `all(variable IN list WHERE predicate)` and its kin.
pub(super) fn quantifier(
    kind: QuantifierKind,
    variable: Slot,
    list: &Expression,
    predicate: &Expression,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    let lists = evaluate(list, batch, context)?;
    let mut results = Vec::with_capacity(batch.rows());
    while results.len() < batch.rows() {
        let unwound = Unwound::next(&lists, results.len())?;
        let items = unwound.batch(variable, &[predicate], batch, context)?;
        let truths = truths(evaluate(predicate, &items, context)?.as_ref())?;
        results.extend(unwound.ranges().map(|range| range.and_then(|range| quantify(kind, &truths[range]))));
    }
    Ok(super::general::ternary(results.into_iter()))
}

/// Folds the truths of one list: what is known decides, what is not known leaves the rest unknown.
fn quantify(kind: QuantifierKind, truths: &[Truth]) -> Truth {
    let count = |wanted: Truth| truths.iter().filter(|truth| **truth == wanted).count();
    let (holding, unknown) = (count(Some(true)), count(None));
    let failing = truths.len() - holding - unknown;
    match kind {
        QuantifierKind::All if failing > 0 => Some(false),
        QuantifierKind::Any if holding > 0 => Some(true),
        QuantifierKind::None if holding > 0 => Some(false),
        QuantifierKind::Single if holding > 1 => Some(false),
        _ if unknown > 0 => None,
        QuantifierKind::All | QuantifierKind::None => Some(true),
        QuantifierKind::Any => Some(false),
        QuantifierKind::Single => Some(holding == 1),
    }
}

/// The parts of a `reduce(accumulator = initial, variable IN list | step)`.
pub(super) struct Reduce<'a> {
    /// The slot of the accumulator.
    pub(super) accumulator: Slot,
    /// Its first value.
    pub(super) initial: &'a Expression,
    /// The slot of the item.
    pub(super) variable: Slot,
    /// The list.
    pub(super) list: &'a Expression,
    /// The accumulator's next value.
    pub(super) step: &'a Expression,
}

/// Evaluates a `reduce`: the first items of all rows together, then the second ones, and so on.
pub(super) fn reduce(
    parts: &Reduce<'_>,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    let lists = evaluate(parts.list, batch, context)?;
    let initial = evaluate(parts.initial, batch, context)?;
    let mut results: Vec<Value> = Vec::with_capacity(batch.rows());
    let mut items: Vec<Arc<Vec<Value>>> = Vec::with_capacity(batch.rows());
    for row in 0..batch.rows() {
        let list = list_of(&cell(&lists, row))?.cloned();
        // A null list has no steps to take; its result is null, not the first value.
        results.push(if list.is_some() { initial.value(row) } else { Value::Null });
        items.push(list.unwrap_or_default());
    }
    let mut slots = context.inputs(parts.step);
    slots.retain(|slot| *slot != parts.variable && *slot != parts.accumulator);
    let mut open: Vec<u32> = (0..batch.rows() as u32).collect();
    let charged_bytes = context.charged_bytes();
    for place in 0.. {
        open.retain(|row| items[*row as usize].len() > place);
        if open.is_empty() {
            break;
        }
        context.subqueries.tick(open.len())?;
        let mut inner = batch.gather_slots(&open, &slots);
        let taken = |row: &u32| std::mem::take(&mut results[*row as usize]);
        inner.set(parts.accumulator, Column::from_values(open.iter().map(taken)));
        inner.set(parts.variable, Column::from_values(open.iter().map(|row| items[*row as usize][place].clone())));
        let next = evaluate(parts.step, &inner, context)?;
        // What the steps before made is gone but for what is in their results.
        context.back_to(charged_bytes);
        for (inner_row, row) in open.iter().enumerate() {
            let value = next.value(inner_row);
            context.note_whole(&value)?;
            // Each step may nest the last one's result once more; a value nested without end could not even be dropped.
            check_nesting(&value)?;
            results[*row as usize] = value;
        }
    }
    Ok(Column::from_values(results))
}
