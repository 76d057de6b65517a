//! An expression that follows from one property is evaluated once for each of its values, where a batch has few of them.
//!
//! ```text
//!   w.since           2019 2021 2019 2019 2021 …
//!   rows looked at       0    1                      date({year: w.since, month: 1, day: 1}) of these two rows
//!   value of each        0    1    0    0    1 …     the result of the first row with the same year
//! ```
//!
//! The rows looked at are rows of the batch, so that whatever would fail fails. Worth it for what is computed row by row: functions
//! without a kernel, CASE, lists and maps.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::vector::{Batch, Column, Dictionary, Slot};

use super::evaluate::evaluate;
use super::{EvaluationContext, EvaluationError, Expression, number_kernel};

/// From how many rows on it is worth it; tests try it with few.
const FEWEST_ROWS: usize = if cfg!(test) { 2 } else { 64 };

/// Up to how many values there may be for so many rows: one of them.
const ROWS_A_VALUE: usize = if cfg!(test) { 1 } else { 4 };

/// Evaluates an expression once for each value of the property that it follows from; nothing where it is to be evaluated row by row.
pub(super) fn evaluate_values(
    expression: &Expression,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Option<Arc<Column>>, EvaluationError> {
    if batch.rows() < FEWEST_ROWS || !context.values_once || !is_costly(expression) {
        return Ok(None);
    }
    let Some((slot, property, name)) = only_property(expression) else { return Ok(None) };
    let is_element = |column: &Column| column.node_slots().is_some() || column.relationship_slots().is_some();
    if context.cache.has_many_values(name) || !batch.get(slot).is_some_and(|column| is_element(column)) {
        return Ok(None);
    }
    let column = evaluate(property, batch, context)?;
    // Those looked at are fewer than all, so that these are not asked for their own values again and again.
    let Some((firsts, values)) = distinct(&column).filter(|(firsts, _)| firsts.len() < batch.rows()) else {
        context.cache.note_many_values(name);
        return Ok(None);
    };
    let column = evaluate(expression, &batch.gather_slots(&firsts, &[slot]), context)?;
    Ok(Some(Arc::new(spread(&column, &values))))
}

/// Says whether an expression is computed row by row.
fn is_costly(expression: &Expression) -> bool {
    let mut costly = false;
    let mut fixed = true;
    expression.visit(&mut |part| match part {
        Expression::Function(function, _) => {
            fixed &= function.deterministic;
            costly |= !number_kernel::has_kernel(function);
        }
        Expression::Case { .. } | Expression::Map(_) | Expression::Index(..) | Expression::Cast(..) => costly = true,
        Expression::Subquery(_) | Expression::Path(_) | Expression::HasLabel(..) => fixed = false,
        _ => {}
    });
    costly && fixed
}

/// Returns the only property that an expression reads, and of which variable, if it reads nothing else.
fn only_property(expression: &Expression) -> Option<(Slot, &Expression, &SmolStr)> {
    let mut found: Option<(Slot, &Expression, &SmolStr)> = None;
    let (mut slots, mut properties, mut is_only) = (0, 0, true);
    expression.visit(&mut |part| match part {
        Expression::Slot(_) => slots += 1,
        Expression::Property(target, name) => {
            if let Expression::Slot(slot) = target.as_ref() {
                properties += 1;
                is_only &= found.is_none_or(|(other, _, known)| other == *slot && known == name);
                found = Some((*slot, part, name));
            }
        }
        Expression::Comprehension { .. } | Expression::Quantifier { .. } | Expression::Reduce { .. } => is_only = false,
        _ => {}
    });
    found.filter(|_| is_only && slots == properties)
}

/// Returns the first row of each value, and for each row which of these values it has; nothing if there are many.
fn distinct(column: &Column) -> Option<(Vec<u32>, Vec<u32>)> {
    let rows = column.len();
    let most = rows / ROWS_A_VALUE;
    match column {
        Column::Code { codes, dictionary } if dictionary.len() < most => {
            Some(firsts(codes.iter().map(|code| code.wrapping_add(1)), dictionary.len() + 1))
        }
        Column::Boolean { values, .. } => {
            let number = |row: usize| if column.is_null(row) { 0 } else { 1 + u32::from(values[row]) };
            Some(firsts((0..rows).map(number), 3))
        }
        Column::Integer { values, .. } => {
            // What a null stands for is any number, perhaps a far one: then rows are looked at one by one.
            let least = *values.iter().min()?;
            let width = usize::try_from(values.iter().max()?.checked_sub(least)?).ok().filter(|width| *width < most)?;
            let number = |(row, value): (usize, &i64)| if column.is_null(row) { 0 } else { 1 + (value - least) as u32 };
            Some(firsts(values.iter().enumerate().map(number), width + 2))
        }
        _ => None,
    }
}

fn firsts(numbers: impl Iterator<Item = u32>, count: usize) -> (Vec<u32>, Vec<u32>) {
    const NOT_MET: u32 = u32::MAX;
    let mut places = vec![NOT_MET; count];
    let mut firsts = Vec::new();
    let place = |(row, number): (usize, u32)| {
        let place = &mut places[number as usize];
        if *place == NOT_MET {
            *place = firsts.len() as u32;
            firsts.push(row as u32);
        }
        *place
    };
    let values = numbers.enumerate().map(place).collect();
    (firsts, values)
}

/// Returns the column in which each row has the value at its place.
fn spread(column: &Column, places: &[u32]) -> Column {
    let Column::String { values, .. } = column else { return column.gather(places) };
    // Strings that come again and again are told apart by their codes.
    let mut dictionary = Dictionary::default();
    let mut code = |(row, text): (usize, &SmolStr)| match column.is_null(row) {
        true => Dictionary::NULL,
        false => dictionary.intern(text),
    };
    let codes: Vec<u32> = values.iter().enumerate().map(&mut code).collect();
    let codes = places.iter().map(|place| codes[*place as usize]).collect();
    Column::Code { codes, dictionary: Arc::new(dictionary) }
}
