//! The general path: one value at a time, for whatever has no kernel. It states what every kernel must agree with.

use std::borrow::Cow;
use std::sync::Arc;

use crate::value::Value;
use crate::vector::{Bitmap, Column, ColumnBuilder};

use super::EvaluationError;

/// Returns the value of a row, borrowed where the column holds values.
#[inline]
pub(super) fn cell(column: &Column, row: usize) -> Cow<'_, Value> {
    match column {
        Column::Constant(value, _) => Cow::Borrowed(value),
        Column::Any(values) => Cow::Borrowed(&values[row]),
        typed => Cow::Owned(typed.value(row)),
    }
}

/// Returns the string of a row, if it is one.
#[inline]
pub(super) fn text(column: &Column, row: usize) -> Option<&str> {
    if column.is_null(row) {
        return None;
    }
    match column {
        Column::String { values, .. } => Some(&values[row]),
        Column::Code { codes, dictionary } => Some(dictionary.string(codes[row])),
        Column::Constant(Value::String(text), _) => Some(text),
        Column::Any(values) => match &values[row] {
            Value::String(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// Applies a function to every value; once if the column is constant.
pub(super) fn map(
    column: &Column,
    apply: impl Fn(&Value) -> Result<Value, EvaluationError>,
) -> Result<Column, EvaluationError> {
    if let Column::Constant(value, rows) = column {
        return Ok(Column::Constant(apply(value)?, *rows));
    }
    let mut builder = ColumnBuilder::default();
    for row in 0..column.len() {
        builder.push(apply(&cell(column, row))?);
    }
    Ok(builder.finish())
}

/// Applies a function to the values of two columns, row by row; once if both are constant.
pub(super) fn zip(
    left: &Column,
    right: &Column,
    apply: impl Fn(&Value, &Value) -> Result<Value, EvaluationError>,
) -> Result<Column, EvaluationError> {
    if let (Column::Constant(left, rows), Column::Constant(right, _)) = (left, right) {
        return Ok(Column::Constant(apply(left, right)?, *rows));
    }
    let mut builder = ColumnBuilder::default();
    for row in 0..left.len() {
        builder.push(apply(&cell(left, row), &cell(right, row))?);
    }
    Ok(builder.finish())
}

/// Applies a ternary predicate to the values of two columns, row by row; `None` is null.
pub(super) fn test(left: &Column, right: &Column, holds: impl Fn(&Value, &Value) -> Option<bool>) -> Column {
    if let (Column::Constant(left, rows), Column::Constant(right, _)) = (left, right) {
        return Column::Constant(truth(holds(left, right)), *rows);
    }
    ternary((0..left.len()).map(|row| holds(&cell(left, row), &cell(right, row))))
}

/// Returns a ternary truth as a value.
pub(super) fn truth(holds: Option<bool>) -> Value {
    holds.map_or(Value::Null, Value::Boolean)
}

/// Returns a column of booleans from ternary truths.
pub(super) fn ternary(truths: impl ExactSizeIterator<Item = Option<bool>>) -> Column {
    let mut nulls: Option<Bitmap> = None;
    let rows = truths.len();
    let mut values = Vec::with_capacity(rows);
    for (row, truth) in truths.enumerate() {
        if truth.is_none() {
            nulls.get_or_insert_with(|| Bitmap::new(rows)).insert(row);
        }
        values.push(truth.unwrap_or(false));
    }
    Column::Boolean { values, nulls }
}

/// Returns the rows that are null in one of two columns.
pub(super) fn union_nulls(left: &Option<Bitmap>, right: &Option<Bitmap>) -> Option<Bitmap> {
    match (left, right) {
        (Some(left), Some(right)) => {
            let mut both = left.clone();
            both.union(right);
            Some(both)
        }
        (one, other) => one.as_ref().or(other.as_ref()).cloned(),
    }
}

/// Puts columns that each hold some of the rows back together: `parts` names for each column the rows that it holds.
///
/// Rows that no part names are null.
pub(super) fn scatter(rows: usize, mut parts: Vec<(Vec<u32>, Arc<Column>)>) -> Arc<Column> {
    parts.retain(|(part, _)| !part.is_empty());
    if let [(only, column)] = parts.as_slice()
        && only.len() == rows
    {
        return Arc::clone(column);
    }
    if let Some(column) = scatter_typed(rows, &parts) {
        return Arc::new(column);
    }
    const NOWHERE: (u32, u32) = (u32::MAX, 0);
    let mut places = vec![NOWHERE; rows];
    for (part, (part_rows, _)) in parts.iter().enumerate() {
        for (place, row) in part_rows.iter().enumerate() {
            places[*row as usize] = (part as u32, place as u32);
        }
    }
    let mut builder = ColumnBuilder::default();
    for (part, place) in places {
        builder.push(parts.get(part as usize).map_or(Value::Null, |(_, column)| column.value(place as usize)));
    }
    Arc::new(builder.finish())
}

/// Numbers or truths of a part: a list of them, the same for all of its rows, or only nulls.
enum Piece<'a, T> {
    List(&'a [T], Option<&'a Bitmap>),
    Same(T),
    Nulls,
}

/// Does what [`scatter`] does where all parts are of one kind of numbers or truths, without values in between.
fn scatter_typed(rows: usize, parts: &[(Vec<u32>, Arc<Column>)]) -> Option<Column> {
    let of_kind = |column: &Column| match column {
        Column::Constant(Value::Integer(_), _) | Column::Integer { .. } => Some(0),
        Column::Constant(Value::Float(_), _) | Column::Float { .. } => Some(1),
        Column::Constant(Value::Boolean(_), _) | Column::Boolean { .. } => Some(2),
        _ => None,
    };
    match parts.iter().find_map(|(_, column)| of_kind(column))? {
        0 => {
            let (values, nulls) = put(rows, parts, |column| match column {
                Column::Integer { values, nulls } => Some(Piece::List(values, nulls.as_ref())),
                Column::Constant(Value::Integer(value), _) => Some(Piece::Same(*value)),
                column => nulls_only(column),
            })?;
            Some(Column::Integer { values, nulls })
        }
        1 => {
            let (values, nulls) = put(rows, parts, |column| match column {
                Column::Float { values, nulls } => Some(Piece::List(values, nulls.as_ref())),
                Column::Constant(Value::Float(value), _) => Some(Piece::Same(*value)),
                column => nulls_only(column),
            })?;
            Some(Column::Float { values, nulls })
        }
        _ => {
            let (values, nulls) = put(rows, parts, |column| match column {
                Column::Boolean { values, nulls } => Some(Piece::List(values, nulls.as_ref())),
                Column::Constant(Value::Boolean(value), _) => Some(Piece::Same(*value)),
                column => nulls_only(column),
            })?;
            Some(Column::Boolean { values, nulls })
        }
    }
}

fn nulls_only<'a, T>(column: &Column) -> Option<Piece<'a, T>> {
    matches!(column, Column::Constant(Value::Null, _)).then_some(Piece::Nulls)
}

/// Puts the values of all parts to their rows, those of later parts over those of earlier ones.
fn put<T: Copy + Default>(
    rows: usize,
    parts: &[(Vec<u32>, Arc<Column>)],
    piece: impl Fn(&Column) -> Option<Piece<'_, T>>,
) -> Option<(Vec<T>, Option<Bitmap>)> {
    let mut values = vec![T::default(); rows];
    let mut is_set = vec![false; rows];
    for (part, column) in parts {
        match piece(column)? {
            Piece::List(list, nulls) => {
                for (place, row) in part.iter().enumerate() {
                    values[*row as usize] = list[place];
                    is_set[*row as usize] = !nulls.is_some_and(|nulls| nulls.contains(place));
                }
            }
            Piece::Same(value) => {
                for row in part {
                    (values[*row as usize], is_set[*row as usize]) = (value, true);
                }
            }
            Piece::Nulls => part.iter().for_each(|row| is_set[*row as usize] = false),
        }
    }
    let missing = is_set.iter().enumerate().filter(|(_, is_set)| !**is_set).map(|(row, _)| row);
    let mut nulls: Option<Bitmap> = None;
    missing.for_each(|row| _ = nulls.get_or_insert_with(|| Bitmap::new(rows)).insert(row));
    Some((values, nulls))
}
