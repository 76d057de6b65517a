//! The values of one column of a file, collected by type, so that no value is made where a number will do.

use smol_str::SmolStr;

use crate::tabular::{ColumnType, CsvRow, TabularError};
use crate::vector::{Bitmap, Column, ColumnBuilder};

/// A column that grows row by row.
pub(in crate::exchange) struct GrowingColumn {
    column_type: ColumnType,
    index: usize,
    values: Values,
}

enum Values {
    Integers { values: Vec<i64>, nulls: Option<Bitmap> },
    Strings { values: Vec<SmolStr>, nulls: Option<Bitmap> },
    Any(ColumnBuilder),
}

impl GrowingColumn {
    /// Returns an empty column that takes the field at `index`.
    pub(in crate::exchange) fn new(column_type: ColumnType, index: usize) -> Self {
        let values = match column_type {
            ColumnType::Integer => Values::Integers { values: Vec::new(), nulls: None },
            ColumnType::String => Values::Strings { values: Vec::new(), nulls: None },
            _ => Values::Any(ColumnBuilder::default()),
        };
        GrowingColumn { column_type, index, values }
    }

    /// Takes in a row.
    ///
    /// # Errors
    /// If the field is not of the column's type; the column is then as it was.
    pub(in crate::exchange) fn push(&mut self, row: &CsvRow<'_>) -> Result<(), TabularError> {
        let text = row.field(self.index).text;
        match (&mut self.values, text) {
            (Values::Integers { values, nulls }, None) => push_null(values, nulls),
            (Values::Strings { values, nulls }, None) => push_null(values, nulls),
            (Values::Integers { values, nulls }, Some(text)) => {
                let value = match plain_integer(text) {
                    Some(value) => value,
                    None => match row.value(self.index, &self.column_type)? {
                        crate::value::Value::Integer(value) => value,
                        _ => {
                            push_null(values, nulls);
                            return Ok(());
                        }
                    },
                };
                push(values, nulls, value);
            }
            (Values::Strings { values, nulls }, Some(text)) => push(values, nulls, SmolStr::new(text)),
            (Values::Any(builder), _) => builder.push(row.value(self.index, &self.column_type)?),
        }
        Ok(())
    }

    /// Drops what was taken in beyond `rows` rows.
    pub(in crate::exchange) fn truncate(&mut self, rows: usize) {
        match &mut self.values {
            Values::Integers { values, nulls } => {
                values.truncate(rows);
                nulls.iter_mut().for_each(|nulls| nulls.resize(rows));
            }
            Values::Strings { values, nulls } => {
                values.truncate(rows);
                nulls.iter_mut().for_each(|nulls| nulls.resize(rows));
            }
            Values::Any(builder) if builder.len() > rows => {
                let kept = std::mem::take(builder).finish();
                kept.iter().take(rows).for_each(|value| builder.push(value));
            }
            Values::Any(_) => {}
        }
    }

    /// Returns the values and leaves the column empty.
    pub(in crate::exchange) fn take(&mut self) -> Column {
        match &mut self.values {
            Values::Integers { values, nulls } => {
                Column::Integer { values: std::mem::take(values), nulls: nulls.take() }
            }
            Values::Strings { values, nulls } => Column::String { values: std::mem::take(values), nulls: nulls.take() },
            Values::Any(builder) => std::mem::take(builder).finish(),
        }
    }
}

fn push<T>(values: &mut Vec<T>, nulls: &mut Option<Bitmap>, value: T) {
    values.push(value);
    if let Some(nulls) = nulls {
        nulls.push(false);
    }
}

fn push_null<T: Default>(values: &mut Vec<T>, nulls: &mut Option<Bitmap>) {
    nulls.get_or_insert_with(|| Bitmap::new(values.len())).push(true);
    values.push(T::default());
}

/// Reads an integer of up to 18 digits; anything else is left to the slower way.
pub(in crate::exchange) fn plain_integer(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (-1, digits),
        digits => (1, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some(sign * value)
}
