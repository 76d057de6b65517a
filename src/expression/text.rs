//! Predicates on strings: STARTS WITH, ENDS WITH, CONTAINS, `=~`. Anything that is no string makes them null.

use smol_str::SmolStr;

use crate::value::Value;
use crate::vector::{Bitmap, Column, Dictionary};

use super::general::{ternary, text};
use super::text_test::TextTest;
use super::{EvaluationCache, EvaluationError, StringOperator};

/// Applies a string predicate row by row.
///
/// # Errors
/// If the right side of `=~` is no regular expression.
pub(super) fn compare_text(
    operator: StringOperator,
    left: &Column,
    right: &Column,
    cache: &EvaluationCache,
) -> Result<Column, EvaluationError> {
    if let Column::Constant(right, rows) = right {
        let Value::String(constant) = right else { return Ok(Column::nulls(*rows)) };
        return Ok(apply(&text_test(operator, constant, cache)?, left, cache));
    }
    let mut truths = Vec::with_capacity(left.len());
    for row in 0..left.len() {
        truths.push(match (text(left, row), text(right, row)) {
            (Some(left), Some(right)) => Some(holds(operator, left, right, cache)?),
            _ => None,
        });
    }
    Ok(ternary(truths.into_iter()))
}

fn text_test(
    operator: StringOperator,
    constant: &SmolStr,
    cache: &EvaluationCache,
) -> Result<TextTest, EvaluationError> {
    Ok(match operator {
        StringOperator::Matches => TextTest::Pattern(cache.pattern(constant)?),
        operator => TextTest::Part(operator, constant.clone()),
    })
}

fn holds(operator: StringOperator, left: &str, right: &str, cache: &EvaluationCache) -> Result<bool, EvaluationError> {
    Ok(match operator {
        StringOperator::StartsWith => left.starts_with(right),
        StringOperator::EndsWith => left.ends_with(right),
        StringOperator::Contains => left.contains(right),
        StringOperator::Matches => cache.pattern(right)?.is_match(left),
    })
}

/// Applies a test to every string of a column; other values give null.
pub(super) fn apply(test: &TextTest, column: &Column, cache: &EvaluationCache) -> Column {
    match column {
        Column::Constant(Value::String(text), rows) => Column::Constant(Value::Boolean(test.holds(text)), *rows),
        Column::Constant(_, rows) => Column::nulls(*rows),
        Column::Code { codes, dictionary } => {
            let nulls = code_nulls(codes);
            let values = match cache.matching_codes(dictionary, test, codes.len()) {
                Some(matching) => codes.iter().map(|code| matching.contains(*code as usize)).collect(),
                None => {
                    let mut holds = |code: &u32| *code != Dictionary::NULL && test.holds(dictionary.string(*code));
                    codes.iter().map(&mut holds).collect()
                }
            };
            Column::Boolean { values, nulls }
        }
        Column::String { values, nulls } => {
            Column::Boolean { values: values.iter().map(|value| test.holds(value)).collect(), nulls: nulls.clone() }
        }
        other => ternary((0..other.len()).map(|row| text(other, row).map(|text| test.holds(text)))),
    }
}

/// Returns the rows of a column of codes that are null.
pub(super) fn code_nulls(codes: &[u32]) -> Option<Bitmap> {
    if !codes.contains(&Dictionary::NULL) {
        return None;
    }
    let mut nulls = Bitmap::new(codes.len());
    for (row, code) in codes.iter().enumerate() {
        if *code == Dictionary::NULL {
            nulls.insert(row);
        }
    }
    Some(nulls)
}
