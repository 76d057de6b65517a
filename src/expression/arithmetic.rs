//! Arithmetic: kernels for columns of numbers, the laws of values for all else.

use crate::value::{Value, ValueError, arithmetic};
use crate::vector::{Bitmap, Column};

use super::general::{map, union_nulls, zip};
use super::{ArithmeticOperator, EvaluationError};

/// Computes with two columns row by row.
///
/// # Errors
/// If the kinds do not allow it, an integer overflows or is divided by zero.
pub(super) fn compute(
    operator: ArithmeticOperator,
    left: &Column,
    right: &Column,
    note: impl Fn(&Value) -> Result<(), EvaluationError>,
) -> Result<Column, EvaluationError> {
    let rows = left.len();
    if let (Some(lhs), Some(rhs)) = (Numbers::of(left), Numbers::of(right))
        && !(lhs.is_constant() && rhs.is_constant())
    {
        let nulls = || union_nulls(&nulls_of(left), &nulls_of(right));
        match (&lhs, &rhs) {
            (Numbers::Integers(_) | Numbers::Integer(_), Numbers::Integers(_) | Numbers::Integer(_)) => {
                if let Some(checked) = integer_kernel(operator) {
                    let values = match all_integers(operator, &lhs, &rhs) {
                        Some(values) => values,
                        None => integers(rows, &lhs, &rhs, nulls(), checked, law(operator))?,
                    };
                    return Ok(Column::Integer { values, nulls: nulls() });
                }
            }
            _ => {
                if let Some(values) = floats(operator, rows, &lhs, &rhs) {
                    return Ok(Column::Float { values, nulls: nulls() });
                }
            }
        }
    }
    let law = law(operator);
    zip(left, right, |left, right| {
        let result = law(left, right)?;
        note(&result)?;
        Ok(result)
    })
}

/// Returns `-column`.
///
/// # Errors
/// If the kind has no sign, or an integer overflows.
pub(super) fn negate(column: &Column) -> Result<Column, EvaluationError> {
    if let Column::Float { values, nulls } = column {
        return Ok(Column::Float { values: values.iter().map(|value| -value).collect(), nulls: nulls.clone() });
    }
    map(column, |value| Ok(arithmetic::negate(value)?))
}

/// An operator between two values.
type Law = fn(&Value, &Value) -> Result<Value, ValueError>;

fn law(operator: ArithmeticOperator) -> Law {
    match operator {
        ArithmeticOperator::Add => arithmetic::add,
        ArithmeticOperator::Subtract => arithmetic::subtract,
        ArithmeticOperator::Multiply => arithmetic::multiply,
        ArithmeticOperator::Divide => arithmetic::divide,
        ArithmeticOperator::Modulo => arithmetic::modulo,
        ArithmeticOperator::Power => arithmetic::power,
        ArithmeticOperator::Concatenate => arithmetic::concatenate,
    }
}

/// Numbers of a column, or the one number of all its rows.
enum Numbers<'a> {
    Integers(&'a [i64]),
    Integer(i64),
    Floats(&'a [f64]),
    Float(f64),
}

impl<'a> Numbers<'a> {
    fn of(column: &'a Column) -> Option<Numbers<'a>> {
        match column {
            Column::Integer { values, .. } => Some(Numbers::Integers(values)),
            Column::Float { values, .. } => Some(Numbers::Floats(values)),
            Column::Constant(Value::Integer(value), _) => Some(Numbers::Integer(*value)),
            Column::Constant(Value::Float(value), _) => Some(Numbers::Float(*value)),
            _ => None,
        }
    }

    fn is_constant(&self) -> bool {
        matches!(self, Numbers::Integer(_) | Numbers::Float(_))
    }

    #[inline]
    fn integer(&self, row: usize) -> i64 {
        match self {
            Numbers::Integers(values) => values[row],
            Numbers::Integer(value) => *value,
            Numbers::Floats(_) | Numbers::Float(_) => unreachable!("only integers come to the integer kernels"),
        }
    }

    #[inline]
    fn float(&self, row: usize) -> f64 {
        match self {
            Numbers::Floats(values) => values[row],
            Numbers::Float(value) => *value,
            Numbers::Integers(values) => values[row] as f64,
            Numbers::Integer(value) => *value as f64,
        }
    }
}

fn nulls_of(column: &Column) -> Option<Bitmap> {
    match column {
        Column::Integer { nulls, .. } | Column::Float { nulls, .. } => nulls.clone(),
        _ => None,
    }
}

/// A checked operation on integers; none on overflow or division by zero.
type Checked = fn(i64, i64) -> Option<i64>;

fn integer_kernel(operator: ArithmeticOperator) -> Option<Checked> {
    match operator {
        ArithmeticOperator::Add => Some(i64::checked_add),
        ArithmeticOperator::Subtract => Some(i64::checked_sub),
        ArithmeticOperator::Multiply => Some(i64::checked_mul),
        ArithmeticOperator::Divide => Some(i64::checked_div),
        // The least integer modulo -1 is 0, although the division overflows.
        ArithmeticOperator::Modulo => Some(|left, right| (right != 0).then(|| left.wrapping_rem(right))),
        ArithmeticOperator::Power | ArithmeticOperator::Concatenate => None,
    }
}

/// Computes with integers many at a time; nothing where one does not fit or is divided by zero, if only in a row that is null: then it is
/// done row by row.
fn all_integers(operator: ArithmeticOperator, left: &Numbers<'_>, right: &Numbers<'_>) -> Option<Vec<i64>> {
    // What is wrong has a mark below 0: signs say so of a sum, many at a time, where a flag would be asked for row by row.
    let mark = |(value, wrong): (i64, bool)| (value, -i64::from(wrong));
    match operator {
        ArithmeticOperator::Add => each_pair(left, right, |left, right| {
            let sum = left.wrapping_add(right);
            (sum, (left ^ sum) & (right ^ sum))
        }),
        ArithmeticOperator::Subtract => each_pair(left, right, |left, right| {
            let difference = left.wrapping_sub(right);
            (difference, (left ^ right) & (left ^ difference))
        }),
        ArithmeticOperator::Multiply => each_pair(left, right, |left, right| mark(left.overflowing_mul(right))),
        ArithmeticOperator::Divide => {
            each_pair(left, right, |left, right| mark(if right == 0 { (0, true) } else { left.overflowing_div(right) }))
        }
        ArithmeticOperator::Modulo => each_pair(left, right, |left, right| {
            mark(if right == 0 { (0, true) } else { (left.wrapping_rem(right), false) })
        }),
        ArithmeticOperator::Power | ArithmeticOperator::Concatenate => None,
    }
}

fn each_pair(left: &Numbers<'_>, right: &Numbers<'_>, compute: impl Fn(i64, i64) -> (i64, i64)) -> Option<Vec<i64>> {
    let mut marks = 0;
    let mut compute = |left: i64, right: i64| {
        let (value, mark) = compute(left, right);
        marks |= mark;
        value
    };
    let values: Vec<i64> = match (left, right) {
        (Numbers::Integers(left), Numbers::Integers(right)) => {
            left.iter().zip(right.iter()).map(|(left, right)| compute(*left, *right)).collect()
        }
        (Numbers::Integers(left), Numbers::Integer(right)) => left.iter().map(|left| compute(*left, *right)).collect(),
        (Numbers::Integer(left), Numbers::Integers(right)) => {
            right.iter().map(|right| compute(*left, *right)).collect()
        }
        _ => return None,
    };
    (marks >= 0).then_some(values)
}

fn integers(
    rows: usize,
    left: &Numbers<'_>,
    right: &Numbers<'_>,
    nulls: Option<Bitmap>,
    checked: Checked,
    law: Law,
) -> Result<Vec<i64>, EvaluationError> {
    let mut values = Vec::with_capacity(rows);
    for row in 0..rows {
        let (lhs, rhs) = (left.integer(row), right.integer(row));
        let value = match checked(lhs, rhs) {
            Some(value) => value,
            // What stands in a null row means nothing, so nothing can go wrong there.
            None if nulls.as_ref().is_some_and(|nulls| nulls.contains(row)) => 0,
            // The law finds the words for what went wrong.
            None => match law(&Value::Integer(lhs), &Value::Integer(rhs))? {
                Value::Integer(value) => value,
                _ => unreachable!("integers give integers"),
            },
        };
        values.push(value);
    }
    Ok(values)
}

fn floats(operator: ArithmeticOperator, rows: usize, left: &Numbers<'_>, right: &Numbers<'_>) -> Option<Vec<f64>> {
    match operator {
        ArithmeticOperator::Add => Some(each_float(rows, left, right, |left, right| left + right)),
        ArithmeticOperator::Subtract => Some(each_float(rows, left, right, |left, right| left - right)),
        ArithmeticOperator::Multiply => Some(each_float(rows, left, right, |left, right| left * right)),
        ArithmeticOperator::Divide => Some(each_float(rows, left, right, |left, right| left / right)),
        ArithmeticOperator::Modulo => Some(each_float(rows, left, right, |left, right| left % right)),
        ArithmeticOperator::Power => Some(each_float(rows, left, right, f64::powf)),
        ArithmeticOperator::Concatenate => None,
    }
}

fn each_float(rows: usize, left: &Numbers<'_>, right: &Numbers<'_>, compute: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    match (left, right) {
        (Numbers::Floats(left), Numbers::Floats(right)) => {
            left.iter().zip(right.iter()).map(|(left, right)| compute(*left, *right)).collect()
        }
        _ => (0..rows).map(|row| compute(left.float(row), right.float(row))).collect(),
    }
}
