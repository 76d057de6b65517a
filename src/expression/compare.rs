//! Comparisons: kernels for columns of one kind, the laws of values for all else.

use crate::value::{Value, comparison, equals};
use crate::vector::{Bitmap, Column, Dictionary};

use super::general::{test, union_nulls};
use super::text::{apply, code_nulls};
use super::text_test::TextTest;
use super::{ComparisonOperator, EvaluationCache};

/// The whole numbers up to here are floats exactly.
const EXACT_FLOAT_LIMIT: i64 = 1 << 53;

/// Compares two columns row by row.
pub(super) fn compare(operator: ComparisonOperator, left: &Column, right: &Column, cache: &EvaluationCache) -> Column {
    let (left, right) = (&*left.listed(), &*right.listed());
    let kernel = match (left, right) {
        (Column::Constant(..), Column::Constant(..)) => None,
        (column, Column::Constant(value, _)) => against_constant(operator, column, value, cache),
        (Column::Constant(value, _), column) => against_constant(operator.flipped(), column, value, cache),
        (left, right) => pairwise_columns(operator, left, right),
    };
    kernel.unwrap_or_else(|| test(left, right, |left, right| compare_values(operator, left, right)))
}

/// Compares two values; `None` is null.
pub(super) fn compare_values(operator: ComparisonOperator, left: &Value, right: &Value) -> Option<bool> {
    match operator {
        ComparisonOperator::Equal => equals(left, right),
        ComparisonOperator::NotEqual => equals(left, right).map(|equal| !equal),
        ComparisonOperator::Less => comparison::less(left, right),
        ComparisonOperator::LessOrEqual => comparison::less_or_equal(left, right),
        ComparisonOperator::Greater => comparison::greater(left, right),
        ComparisonOperator::GreaterOrEqual => comparison::greater_or_equal(left, right),
    }
}

/// Compares a column with a constant, where there is a kernel for it.
fn against_constant(
    operator: ComparisonOperator,
    column: &Column,
    constant: &Value,
    cache: &EvaluationCache,
) -> Option<Column> {
    match (column, constant) {
        (_, Value::Null) => Some(Column::nulls(column.len())),
        (Column::Integer { values, nulls }, Value::Integer(constant)) => {
            Some(boolean(against(operator, values, *constant), nulls.clone()))
        }
        (Column::Float { values, nulls }, Value::Float(constant)) => {
            Some(boolean(against(operator, values, *constant), nulls.clone()))
        }
        (Column::Float { values, nulls }, Value::Integer(constant))
            if constant.abs_diff(0) <= EXACT_FLOAT_LIMIT as u64 =>
        {
            Some(boolean(against(operator, values, *constant as f64), nulls.clone()))
        }
        (Column::Boolean { values, nulls }, Value::Boolean(constant)) => {
            Some(boolean(against(operator, values, *constant), nulls.clone()))
        }
        (Column::Code { codes, dictionary }, Value::String(constant)) if is_equality(operator) => {
            // What the dictionary does not know equals no code; the code of null is set apart by the nulls.
            let code = dictionary.code(constant);
            let wanted = operator == ComparisonOperator::Equal;
            let values = match code {
                Some(code) => codes.iter().map(|other| (*other == code) == wanted).collect(),
                None => vec![!wanted; codes.len()],
            };
            Some(boolean(values, code_nulls(codes)))
        }
        (Column::Code { .. } | Column::String { .. }, Value::String(constant)) => {
            Some(apply(&TextTest::Compare(operator, constant.clone()), column, cache))
        }
        (Column::Node(ids), Value::Node(id)) if is_equality(operator) => {
            Some(boolean(against(operator, ids, id.0), id_nulls(ids)))
        }
        (Column::Relationship(ids), Value::Relationship(id)) if is_equality(operator) => {
            Some(boolean(against(operator, ids, id.0), id_nulls(ids)))
        }
        _ => None,
    }
}

/// Compares two columns that vary, where there is a kernel for it.
fn pairwise_columns(operator: ComparisonOperator, left: &Column, right: &Column) -> Option<Column> {
    match (left, right) {
        (Column::Integer { values: left, nulls }, Column::Integer { values: right, nulls: others }) => {
            Some(boolean(pairwise(operator, left, right), union_nulls(nulls, others)))
        }
        (Column::Float { values: left, nulls }, Column::Float { values: right, nulls: others }) => {
            Some(boolean(pairwise(operator, left, right), union_nulls(nulls, others)))
        }
        (Column::Node(left), Column::Node(right)) | (Column::Relationship(left), Column::Relationship(right))
            if is_equality(operator) =>
        {
            Some(boolean(pairwise(operator, left, right), union_nulls(&id_nulls(left), &id_nulls(right))))
        }
        (Column::Code { codes: left, dictionary }, Column::Code { codes: right, dictionary: other })
            if is_equality(operator) && Dictionary::same(dictionary, other) =>
        {
            Some(boolean(pairwise(operator, left, right), union_nulls(&code_nulls(left), &code_nulls(right))))
        }
        _ => None,
    }
}

fn is_equality(operator: ComparisonOperator) -> bool {
    matches!(operator, ComparisonOperator::Equal | ComparisonOperator::NotEqual)
}

fn boolean(values: Vec<bool>, nulls: Option<Bitmap>) -> Column {
    Column::Boolean { values, nulls }
}

/// Returns the rows of a column of ids that are null.
pub(super) fn id_nulls(ids: &[u32]) -> Option<Bitmap> {
    // No element and no string: both are marked by the greatest number.
    code_nulls(ids)
}

/// The operator is chosen outside of the loop, so that each loop compares and nothing else.
fn against<T: PartialOrd + Copy>(operator: ComparisonOperator, values: &[T], constant: T) -> Vec<bool> {
    let values = values.iter().copied();
    match operator {
        ComparisonOperator::Equal => values.map(|value| value == constant).collect(),
        ComparisonOperator::NotEqual => values.map(|value| value != constant).collect(),
        ComparisonOperator::Less => values.map(|value| value < constant).collect(),
        ComparisonOperator::LessOrEqual => values.map(|value| value <= constant).collect(),
        ComparisonOperator::Greater => values.map(|value| value > constant).collect(),
        ComparisonOperator::GreaterOrEqual => values.map(|value| value >= constant).collect(),
    }
}

fn pairwise<T: PartialOrd>(operator: ComparisonOperator, left: &[T], right: &[T]) -> Vec<bool> {
    let pairs = left.iter().zip(right);
    match operator {
        ComparisonOperator::Equal => pairs.map(|(left, right)| left == right).collect(),
        ComparisonOperator::NotEqual => pairs.map(|(left, right)| left != right).collect(),
        ComparisonOperator::Less => pairs.map(|(left, right)| left < right).collect(),
        ComparisonOperator::LessOrEqual => pairs.map(|(left, right)| left <= right).collect(),
        ComparisonOperator::Greater => pairs.map(|(left, right)| left > right).collect(),
        ComparisonOperator::GreaterOrEqual => pairs.map(|(left, right)| left >= right).collect(),
    }
}
