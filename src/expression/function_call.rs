//! Calls of built-in functions: arguments by the column, bodies by the row; once where nothing can differ between rows.

use crate::function::{Function, FunctionContext};
use crate::value::Value;
use crate::vector::{Batch, Column, ColumnBuilder};

use super::evaluate::evaluate;
use super::number_kernel;
use super::property::character_counts;
use super::text_kernel::part_of_text;
use super::{EvaluationContext, EvaluationError, Expression};

/// Evaluates a call.
///
/// # Errors
/// What the arguments or the function itself fail with.
pub(super) fn call(
    function: &Function,
    arguments: &[Expression],
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    if let [Expression::Property(target, key)] = arguments
        && number_kernel::counts_characters(function)
        && let Expression::Slot(slot) = target.as_ref()
        && let Some(element) = batch.get(*slot)
        && let Some(counts) = character_counts(element, key, context.snapshot)
    {
        return Ok(counts);
    }
    let columns = arguments.iter().map(|argument| evaluate(argument, batch, context)).collect::<Result<Vec<_>, _>>()?;
    if let [only] = &columns[..]
        && let Some(column) = number_kernel::compute(function, only)
    {
        return Ok(column);
    }
    if let Some(column) = part_of_text(function, &columns, context)? {
        return Ok(column);
    }
    let constant = columns.iter().all(|column| matches!(column.as_ref(), Column::Constant(..)));
    let seed = context.cache.next_seed(context.clock);
    let functions = FunctionContext::new(context.snapshot, *context.clock, seed);
    let mut row_arguments: Vec<Value> = Vec::with_capacity(columns.len());
    let mut call_row = |row: usize| {
        row_arguments.clear();
        row_arguments.extend(columns.iter().map(|column| column.value(row)));
        let result = function.call(&row_arguments, &functions)?;
        context.note(&result)?;
        Ok::<Value, EvaluationError>(result)
    };
    if constant && function.deterministic {
        return Ok(Column::Constant(call_row(0)?, batch.rows()));
    }
    let mut builder = ColumnBuilder::default();
    for row in 0..batch.rows() {
        builder.push(call_row(row)?);
    }
    Ok(builder.finish())
}
