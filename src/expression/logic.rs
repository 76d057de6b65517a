//! Three-valued logic: AND, OR, XOR, NOT, IS NULL.
//!
//! AND and OR look at later operands only for the rows that earlier ones leave open: an operand may fail (overflow, a wrong kind) and
//! must not for a row that is decided.

use std::sync::Arc;

use crate::vector::{Batch, Column};

use super::evaluate::evaluate;
use super::general::{cell, ternary};
use super::{EvaluationContext, EvaluationError, Expression};
use crate::value::Value;

/// A truth of three-valued logic; none is null.
pub(super) type Truth = Option<bool>;

/// Returns the truths of a column.
///
/// # Errors
/// If a value is neither boolean nor null.
pub(super) fn truths(column: &Column) -> Result<Vec<Truth>, EvaluationError> {
    match column {
        Column::Constant(value, rows) => Ok(vec![truth_of(value)?; *rows]),
        Column::Boolean { values, nulls: None } => Ok(values.iter().map(|value| Some(*value)).collect()),
        Column::Boolean { values, nulls: Some(nulls) } => {
            let rows = values.iter().enumerate();
            Ok(rows.map(|(row, value)| (!nulls.contains(row)).then_some(*value)).collect())
        }
        other => (0..other.len()).map(|row| truth_of(&cell(other, row))).collect(),
    }
}

/// Returns the truth that a value is.
///
/// # Errors
/// If it is neither boolean nor null.
pub(super) fn truth_of(value: &Value) -> Result<Truth, EvaluationError> {
    match value {
        Value::Boolean(truth) => Ok(Some(*truth)),
        Value::Null => Ok(None),
        other => Err(EvaluationError::wrong_kind(format!("a BOOLEAN is needed here, not {}", other.kind()))),
    }
}

/// Evaluates `a AND b AND …` (`decided` false) or `a OR b OR …` (`decided` true): one operand that is `decided` decides its row.
pub(super) fn chain(
    operands: &[Expression],
    decided: bool,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Arc<Column>, EvaluationError> {
    let mut result = vec![Some(!decided); batch.rows()];
    for operand in operands {
        let open: Vec<u32> = (0..batch.rows() as u32).filter(|row| result[*row as usize] != Some(decided)).collect();
        if open.is_empty() {
            break;
        }
        let column = if open.len() == batch.rows() {
            evaluate(operand, batch, context)?
        } else {
            evaluate(operand, &context.part(batch, &open, operand), context)?
        };
        for (row, truth) in open.iter().zip(truths(&column)?) {
            let so_far = &mut result[*row as usize];
            // A row that is still open is undecided or null; null stays null unless it is decided now.
            if truth == Some(decided) || (truth.is_none() && so_far.is_some()) {
                *so_far = truth;
            }
        }
    }
    Ok(Arc::new(ternary(result.into_iter())))
}

/// Returns `left XOR right`.
pub(super) fn exclusive(left: &Column, right: &Column) -> Result<Column, EvaluationError> {
    let (left, right) = (truths(left)?, truths(right)?);
    Ok(ternary(left.into_iter().zip(right).map(|(left, right)| Some(left? != right?))))
}

/// Returns `NOT column`.
pub(super) fn negation(column: &Column) -> Result<Column, EvaluationError> {
    if let Column::Boolean { values, nulls } = column {
        return Ok(Column::Boolean { values: values.iter().map(|value| !value).collect(), nulls: nulls.clone() });
    }
    Ok(ternary(truths(column)?.into_iter().map(|truth| truth.map(|truth| !truth))))
}

/// Returns `column IS NULL`.
pub(super) fn is_null(column: &Column) -> Column {
    match column {
        Column::Constant(value, rows) => Column::Constant(Value::Boolean(value.is_null()), *rows),
        Column::Boolean { nulls: None, .. }
        | Column::Integer { nulls: None, .. }
        | Column::Float { nulls: None, .. }
        | Column::String { nulls: None, .. } => Column::Constant(Value::Boolean(false), column.len()),
        other => Column::booleans((0..other.len()).map(|row| other.is_null(row)).collect()),
    }
}
