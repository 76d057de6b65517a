//! Evaluation of an expression over a batch: each form goes to the file of its theme.

use std::sync::Arc;

use crate::value::Value;
use crate::vector::{Batch, Column};

use super::comprehension::{Reduce, comprehension, quantifier, reduce};
use super::function_call::call;
use super::text_kernel::piece_of_split;
use super::values_once::evaluate_values;
use super::{EvaluationContext, EvaluationError, Expression};
use super::{arithmetic, case, compare, label_test, list, list_set, logic, path, property, text, type_test};

/// Returns the value of an expression for every row of a batch.
///
/// # Errors
/// If the values do not allow what the expression does with them; never for rows whose value does not matter: of AND, OR, CASE and
/// coalesce only what a row needs is evaluated for it, and nothing for a batch without rows.
pub fn evaluate(
    expression: &Expression,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Arc<Column>, EvaluationError> {
    if batch.is_empty() {
        return Ok(Arc::new(Column::nulls(0)));
    }
    if let Some(column) = evaluate_values(expression, batch, context)? {
        return Ok(column);
    }
    let column = match expression {
        Expression::Slot(slot) => Ok(Arc::clone(batch.column(*slot))),
        Expression::And(operands) => logic::chain(operands, false, batch, context),
        Expression::Or(operands) => logic::chain(operands, true, batch, context),
        Expression::Case { operand, branches, otherwise } => {
            case::evaluate_case(operand.as_deref(), branches, otherwise.as_deref(), batch, context)
        }
        Expression::Coalesce(operands) => case::coalesce(operands, batch, context),
        other => evaluate_column(other, batch, context).map(Arc::new),
    };
    column.map_err(|error| error.at(expression))
}

fn evaluate_column(
    expression: &Expression,
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    if batch.rows() > 1 && unwinds(expression) && is_same_for_all_rows(expression) {
        let once = evaluate_column(expression, &Batch::new(1), context)?;
        return Ok(Column::Constant(once.value(0), batch.rows()));
    }
    let part = |part: &Expression| evaluate(part, batch, context);
    match expression {
        Expression::Constant(value) => Ok(Column::Constant(value.clone(), batch.rows())),
        Expression::Parameter(place) => Ok(Column::Constant(parameter(*place, context), batch.rows())),
        Expression::Property(target, key) => property::property(&*part(target)?, key, context),
        Expression::HasLabel(target, label) => label_test::has_label(&*part(target)?, label, context),
        Expression::Not(operand) => logic::negation(&*part(operand)?),
        Expression::Xor(left, right) => logic::exclusive(&*part(left)?, &*part(right)?),
        Expression::Comparison(operator, left, right) => {
            Ok(compare::compare(*operator, &*part(left)?, &*part(right)?, context.cache))
        }
        Expression::Arithmetic(operator, left, right) => {
            arithmetic::compute(*operator, &*part(left)?, &*part(right)?, |value| context.note(value))
        }
        Expression::Negate(operand) => arithmetic::negate(&*part(operand)?),
        Expression::Text(operator, left, right) => {
            text::compare_text(*operator, &*part(left)?, &*part(right)?, context.cache)
        }
        Expression::In(item, list) => list_set::is_in(&*part(item)?, &*part(list)?, context.cache),
        Expression::IsNull(operand) => Ok(logic::is_null(&*part(operand)?)),
        Expression::IsTyped(operand, value_type) => Ok(type_test::is_typed(&*part(operand)?, value_type)),
        Expression::Cast(operand, value_type) => type_test::cast_column(&*part(operand)?, value_type),
        Expression::List(items) => list::make_list(items, batch, context),
        Expression::Map(entries) => list::make_map(entries, batch, context),
        Expression::Index(target, index) => {
            if let Some(column) = piece_of_split(target, index, batch, context)? {
                return Ok(column);
            }
            list::index(&*part(target)?, &*part(index)?, context)
        }
        Expression::Slice(target, from, to) => {
            let end = |end: &Option<Box<Expression>>| end.as_deref().map(part).transpose();
            list::slice(&*part(target)?, end(from)?, end(to)?, context)
        }
        Expression::Function(function, arguments) => call(function, arguments, batch, context),
        Expression::Comprehension { variable, list, predicate, projection } => {
            comprehension(*variable, list, predicate.as_deref(), projection.as_deref(), batch, context)
        }
        Expression::Quantifier { kind, variable, list, predicate } => {
            quantifier(*kind, *variable, list, predicate, batch, context)
        }
        Expression::Reduce { accumulator, initial, variable, list, step } => {
            let (accumulator, variable) = (*accumulator, *variable);
            reduce(&Reduce { accumulator, initial, variable, list, step }, batch, context)
        }
        Expression::Subquery(id) => context.subqueries.run(*id, batch),
        Expression::Path(slots) => path::make_path(slots, batch, context),
        Expression::Slot(_)
        | Expression::And(_)
        | Expression::Or(_)
        | Expression::Case { .. }
        | Expression::Coalesce(_) => evaluate(expression, batch, context).map(Arc::unwrap_or_clone),
    }
}

/// A parameter that was not given was refused before the query began.
fn parameter(place: u32, context: &EvaluationContext<'_>) -> Value {
    context.parameters.get(place as usize).cloned().unwrap_or_default()
}

/// Says whether an expression unwinds lists: then it is worth asking whether all rows would unwind the same.
fn unwinds(expression: &Expression) -> bool {
    matches!(expression, Expression::Comprehension { .. } | Expression::Quantifier { .. } | Expression::Reduce { .. })
}

fn is_same_for_all_rows(expression: &Expression) -> bool {
    let mut same = expression.slots().is_empty();
    expression.visit(&mut |part| match part {
        Expression::Function(function, _) => same &= function.deterministic,
        Expression::Subquery(_) => same = false,
        _ => {}
    });
    same
}
