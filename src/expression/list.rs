//! Lists and maps: made from parts, indexed, sliced.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::value::limit::check_nesting;
use crate::value::{self, Value, ValueError, ValueErrorDetail, ValueErrorKind};
use crate::vector::{Batch, Column};

use super::evaluate::evaluate;
use super::general::{cell, zip};
use super::property::{properties_of, property_of};
use super::{EvaluationContext, EvaluationError, Expression, MapEntry};

/// Evaluates `[a, b, …]`.
pub(super) fn make_list(
    items: &[Expression],
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    let columns = items.iter().map(|item| evaluate(item, batch, context)).collect::<Result<Vec<_>, _>>()?;
    if columns.iter().all(|column| matches!(column.as_ref(), Column::Constant(..))) {
        let items = columns.iter().map(|column| column.value(0)).collect();
        return Ok(Column::Constant(not_too_deep(Value::list(items))?, batch.rows()));
    }
    context.note_bytes(batch.rows() * (columns.len() + 1) * size_of::<Value>())?;
    let row_list = |row| not_too_deep(Value::list(columns.iter().map(|column| column.value(row)).collect()));
    Ok(Column::Any((0..batch.rows()).map(row_list).collect::<Result<_, EvaluationError>>()?))
}

/// Each clause may wrap what the one before has made; whatever walks a value must not be led deeper than the limit.
fn not_too_deep(value: Value) -> Result<Value, EvaluationError> {
    check_nesting(&value)?;
    Ok(value)
}

/// Evaluates `{key: a, …}` and map projections; a projection of null is null.
pub(super) fn make_map(
    entries: &[MapEntry],
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    let mut columns = Vec::with_capacity(entries.len());
    for entry in entries {
        columns.push(match entry {
            MapEntry::Pair(key, value) => (Some(key), evaluate(value, batch, context)?),
            MapEntry::All(target) => (None, evaluate(target, batch, context)?),
        });
    }
    let row_map = |row: usize| {
        let mut map: Vec<(SmolStr, Value)> = Vec::with_capacity(columns.len());
        for (key, column) in &columns {
            match key {
                Some(key) => map.push(((*key).clone(), column.value(row))),
                None => match properties_of(&cell(column, row), context)? {
                    Some(properties) => map.extend(properties.iter().map(|(key, value)| (key.clone(), value.clone()))),
                    None => return Ok(Value::Null),
                },
            }
        }
        not_too_deep(Value::Map(map.into_iter().collect()))
    };
    if columns.iter().all(|(_, column)| matches!(column.as_ref(), Column::Constant(..))) {
        return Ok(Column::Constant(row_map(0)?, batch.rows()));
    }
    Ok(Column::Any((0..batch.rows()).map(row_map).collect::<Result<_, EvaluationError>>()?))
}

/// Evaluates `target[index]`.
pub(super) fn index(
    target: &Column,
    index: &Column,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    zip(target, index, |target, index| index_value(target, index, context))
}

/// Elements are looked into through the graph, all else by the laws of values.
fn index_value(target: &Value, index: &Value, context: &EvaluationContext<'_>) -> Result<Value, EvaluationError> {
    match (target, index) {
        (Value::Node(_) | Value::Relationship(_), Value::String(key)) => property_of(target, key, context),
        (Value::Node(_) | Value::Relationship(_), Value::Null) => Ok(Value::Null),
        (Value::Node(_) | Value::Relationship(_), other) => Err(EvaluationError::Value(ValueError::new(
            ValueErrorKind::TypeError,
            ValueErrorDetail::MapElementAccessByNonString,
            format!("a property is named by a STRING, not {}", other.kind()),
        ))),
        _ => Ok(value::index(target, index)?),
    }
}

/// Evaluates `target[from..to]`; an end that is not written is the list's own.
pub(super) fn slice(
    target: &Column,
    from: Option<Arc<Column>>,
    to: Option<Arc<Column>>,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    let row_slice = |row: usize| {
        let from = from.as_ref().map(|column| cell(column, row));
        let to = to.as_ref().map(|column| cell(column, row));
        let part = value::slice(&cell(target, row), from.as_deref(), to.as_deref())?;
        context.note(&part)?;
        Ok::<Value, EvaluationError>(part)
    };
    let is_constant = |column: &Column| matches!(column, Column::Constant(..));
    let ends = [from.as_deref(), to.as_deref()];
    if is_constant(target) && ends.into_iter().flatten().all(is_constant) {
        return Ok(Column::Constant(row_slice(0)?, target.len()));
    }
    Ok(Column::Any((0..target.len()).map(row_slice).collect::<Result<_, EvaluationError>>()?))
}
