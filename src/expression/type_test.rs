//! Tests of and conversions to a type: `a IS :: INTEGER`, `CAST(a AS INTEGER)`.

use crate::value::{Value, ValueType, cast};
use crate::vector::Column;

use super::EvaluationError;
use super::general::{cell, map};

/// Evaluates `column IS :: type`.
pub(super) fn is_typed(column: &Column, value_type: &ValueType) -> Column {
    if let Column::Constant(value, rows) = column {
        return Column::Constant(Value::Boolean(value_type.has(value)), *rows);
    }
    Column::booleans((0..column.len()).map(|row| value_type.has(&cell(column, row))).collect())
}

/// Evaluates `CAST(column AS type)`.
///
/// # Errors
/// If a value cannot be converted.
pub(super) fn cast_column(column: &Column, value_type: &ValueType) -> Result<Column, EvaluationError> {
    map(column, |value| Ok(cast(value, value_type)?))
}
