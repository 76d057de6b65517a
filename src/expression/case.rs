//! CASE and coalesce: each result is evaluated only for the rows that take it.

use std::sync::Arc;

use crate::value::equals;
use crate::vector::{Batch, Column};

use super::evaluate::evaluate;
use super::filter::filter;
use super::general::{cell, scatter};
use super::{Branch, EvaluationContext, EvaluationError, Expression};

/// Evaluates a CASE.
pub(super) fn evaluate_case(
    operand: Option<&Expression>,
    branches: &[Branch],
    otherwise: Option<&Expression>,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Arc<Column>, EvaluationError> {
    let operand = operand.map(|operand| evaluate(operand, batch, context)).transpose()?;
    let mut open: Vec<u32> = (0..batch.rows() as u32).collect();
    let mut parts = Vec::with_capacity(branches.len() + 1);
    for Branch { condition, result } in branches {
        if open.is_empty() {
            break;
        }
        let places: Vec<u32> = match &operand {
            None => filter_part(condition, batch, &open, context)?,
            Some(operand) => {
                let condition = evaluate_part(condition, batch, &open, context)?;
                let pairs = open.iter().enumerate();
                let is_equal = |(place, row): (usize, &u32)| {
                    equals(&cell(operand, *row as usize), &cell(&condition, place)) == Some(true)
                };
                pairs.filter(|pair| is_equal(*pair)).map(|(place, _)| place as u32).collect()
            }
        };
        let taken = split_off(&mut open, &places);
        if !taken.is_empty() {
            let column = evaluate_part(result, batch, &taken, context)?;
            parts.push((taken, column));
        }
    }
    if let Some(otherwise) = otherwise
        && !open.is_empty()
    {
        let column = evaluate_part(otherwise, batch, &open, context)?;
        parts.push((open, column));
    }
    Ok(scatter(batch.rows(), parts))
}

/// Takes the rows at some places, ascending, out of a list.
fn split_off(rows: &mut Vec<u32>, places: &[u32]) -> Vec<u32> {
    let taken = places.iter().map(|place| rows[*place as usize]).collect();
    let mut next = places.iter().copied().peekable();
    let mut place = 0;
    rows.retain(|_| {
        place += 1;
        next.next_if_eq(&(place - 1)).is_none()
    });
    taken
}

/// Evaluates `coalesce(a, b, …)`.
pub(super) fn coalesce(
    operands: &[Expression],
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Arc<Column>, EvaluationError> {
    let mut open: Vec<u32> = (0..batch.rows() as u32).collect();
    let mut parts = Vec::with_capacity(operands.len());
    for operand in operands {
        if open.is_empty() {
            break;
        }
        let column = evaluate_part(operand, batch, &open, context)?;
        let left: Vec<u32> =
            open.iter().enumerate().filter(|(place, _)| column.is_null(*place)).map(|(_, row)| *row).collect();
        // Rows that are still null are named again by a later part, which then counts.
        parts.push((std::mem::replace(&mut open, left), column));
    }
    Ok(scatter(batch.rows(), parts))
}

/// Returns the places of those of some rows for which a condition is true.
fn filter_part(
    condition: &Expression,
    batch: &Batch,
    rows: &[u32],
    context: &EvaluationContext<'_>,
) -> Result<Vec<u32>, EvaluationError> {
    if rows.len() == batch.rows() {
        filter(condition, batch, context)
    } else {
        filter(condition, &context.part(batch, rows, condition), context)
    }
}

/// Evaluates an expression for some rows.
fn evaluate_part(
    expression: &Expression,
    batch: &Batch,
    rows: &[u32],
    context: &EvaluationContext<'_>,
) -> Result<Arc<Column>, EvaluationError> {
    if rows.len() == batch.rows() {
        evaluate(expression, batch, context)
    } else {
        evaluate(expression, &context.part(batch, rows, expression), context)
    }
}
