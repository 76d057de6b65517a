//! The order of rows by numbers: each key becomes a number a row, these are put into one, and numbers are sorted.
//!
//! ```text
//!   age  descending     31 44 31 …    greatest - value, in 6 bits
//!   name                 b  a  a …    place among the sorted strings, in as many bits as there are rows
//!   row                  0  1  2 …    so that equal rows keep their order
//! ```
//! Where all that does not fit 128 bits, the rows are ranked by the keys so far, and go on with their ranks.

use std::cmp::Ordering;

use crate::binder::bound::SortKey;
use crate::value::Value;
use crate::value::order::order;
use crate::vector::{Column, Dictionary};

/// What one key says of each row: the greater, the later.
struct Numbers {
    values: Vec<u64>,
    greatest: u64,
}

/// Returns the rows in order of their keys, a column each.
pub(super) fn sorted_rows(columns: &[Column], keys: &[SortKey], rows: usize) -> Vec<u32> {
    let row_bits = bits(rows.saturating_sub(1) as u64);
    let mut sorted = Packed { values: vec![0; rows], bits: 0 };
    for (column, key) in columns.iter().zip(keys) {
        let mut numbers = Numbers::of(column);
        if key.descending {
            numbers.values.iter_mut().for_each(|value| *value = numbers.greatest - *value);
        }
        let own = bits(numbers.greatest);
        if sorted.bits + own + row_bits > u128::BITS {
            sorted.rank(row_bits);
        }
        for (value, number) in sorted.values.iter_mut().zip(&numbers.values) {
            *value = *value << own | u128::from(*number);
        }
        sorted.bits += own;
    }
    sorted.into_rows(row_bits)
}

/// How many bits a number takes.
fn bits(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

/// The keys of each row in one number.
struct Packed {
    values: Vec<u128>,
    bits: u32,
}

impl Packed {
    /// Puts the place among the different numbers in place of each number.
    fn rank(&mut self, row_bits: u32) {
        let values = std::mem::take(&mut self.values);
        let rows = Packed { values: values.clone(), bits: self.bits }.into_rows(row_bits);
        self.values = vec![0; values.len()];
        let (mut rank, mut before) = (0, None);
        for row in rows {
            let value = values[row as usize];
            rank += u128::from(before.is_some_and(|before| before != value));
            before = Some(value);
            self.values[row as usize] = rank;
        }
        self.bits = row_bits;
    }

    fn into_rows(self, row_bits: u32) -> Vec<u32> {
        let rows = self.values.into_iter().enumerate();
        let mask = (1_u128 << row_bits) - 1;
        if self.bits + row_bits <= u64::BITS {
            let mut packed: Vec<u64> = rows.map(|(row, value)| (value << row_bits) as u64 | row as u64).collect();
            packed.sort_unstable();
            return packed.into_iter().map(|value| (value & mask as u64) as u32).collect();
        }
        let mut packed: Vec<u128> = rows.map(|(row, value)| value << row_bits | row as u128).collect();
        packed.sort_unstable();
        packed.into_iter().map(|value| (value & mask) as u32).collect()
    }
}

impl Numbers {
    fn of(column: &Column) -> Numbers {
        match column {
            Column::Constant(_, rows) => Numbers { values: vec![0; *rows], greatest: 0 },
            Column::Boolean { values, .. } => Numbers::from(column, values.iter().map(|value| u64::from(*value))),
            // Flipped so that the least integer is 0.
            Column::Integer { values, .. } => {
                Numbers::from(column, values.iter().map(|value| *value as u64 ^ 1 << (u64::BITS - 1)))
            }
            Column::Float { values, .. } => Numbers::from(column, values.iter().map(|value| float_number(*value))),
            Column::Code { codes, dictionary } => Numbers::of_codes(codes, dictionary),
            Column::String { values, .. } => {
                let prefix = |text: &str| {
                    let mut bytes = [0; 8];
                    let count = text.len().min(8);
                    bytes[..count].copy_from_slice(&text.as_bytes()[..count]);
                    u64::from_be_bytes(bytes)
                };
                let by = |row: u32| (prefix(&values[row as usize]), row);
                let mut found: Vec<(u64, u32)> =
                    (0..values.len() as u32).filter(|row| !column.is_null(*row as usize)).map(by).collect();
                let text = |row: u32| values[row as usize].as_str();
                let compare = |left: &(u64, u32), right: &(u64, u32)| {
                    left.0.cmp(&right.0).then_with(|| text(left.1).cmp(text(right.1)))
                };
                found.sort_unstable_by(compare);
                Numbers::ranked(&found, values.len(), compare)
            }
            Column::Node(ids) | Column::Relationship(ids) => {
                // Null is the greatest id.
                Numbers::between(ids.iter().map(|id| u64::from(*id)).collect())
            }
            Column::NodeRun(run) | Column::RelationshipRun(run) => {
                Numbers::between(run.clone().map(u64::from).collect())
            }
            Column::Any(values) => {
                let compare = |left: &u32, right: &u32| order(&values[*left as usize], &values[*right as usize]);
                let mut found: Vec<u32> = (0..values.len() as u32).collect();
                found.retain(|row| !matches!(values[*row as usize], Value::Null));
                found.sort_unstable_by(compare);
                let found: Vec<(u64, u32)> = found.into_iter().map(|row| (0, row)).collect();
                Numbers::ranked(&found, values.len(), |left, right| compare(&left.1, &right.1))
            }
        }
    }

    /// Returns the numbers of a typed column; null comes after all.
    fn from(column: &Column, values: impl Iterator<Item = u64>) -> Numbers {
        let values: Vec<u64> = values.collect();
        let is_null = |row: usize| column.is_null(row);
        let set = || values.iter().enumerate().filter(|(row, _)| !is_null(*row)).map(|(_, value)| *value);
        let (Some(least), Some(greatest)) = (set().min(), set().max()) else {
            return Numbers { values: vec![0; values.len()], greatest: 0 };
        };
        let has_nulls = (0..values.len()).any(is_null);
        let Some(greatest) = (greatest - least).checked_add(u64::from(has_nulls)) else {
            // All 64 bits are taken by the values already.
            let mut found: Vec<(u64, u32)> = (0..).zip(&values).map(|(row, value)| (*value, row)).collect();
            found.retain(|(_, row)| !is_null(*row as usize));
            found.sort_unstable();
            return Numbers::ranked(&found, values.len(), |left, right| left.0.cmp(&right.0));
        };
        let number = |(row, value): (usize, &u64)| if is_null(row) { greatest } else { value - least };
        Numbers { values: values.iter().enumerate().map(number).collect(), greatest }
    }

    /// Returns numbers less the least of them.
    fn between(mut values: Vec<u64>) -> Numbers {
        let least = values.iter().min().copied().unwrap_or(0);
        let greatest = values.iter().max().copied().unwrap_or(0) - least;
        values.iter_mut().for_each(|value| *value -= least);
        Numbers { values, greatest }
    }

    fn of_codes(codes: &[u32], dictionary: &Dictionary) -> Numbers {
        let strings = dictionary.strings();
        let mut sorted: Vec<u32> = (0..strings.len() as u32).collect();
        sorted.sort_unstable_by(|left, right| strings[*left as usize].as_str().cmp(strings[*right as usize].as_str()));
        let mut ranks = vec![0; strings.len()];
        for (rank, code) in (0..).zip(sorted) {
            ranks[code as usize] = rank;
        }
        let null = strings.len() as u64;
        let values = codes.iter().map(|code| ranks.get(*code as usize).copied().unwrap_or(null)).collect();
        Numbers { values, greatest: null }
    }

    /// Returns the places of sorted rows among the different ones; null, which is none of them, comes last.
    fn ranked(sorted: &[(u64, u32)], rows: usize, compare: impl Fn(&(u64, u32), &(u64, u32)) -> Ordering) -> Numbers {
        let mut ranks = vec![u64::MAX; rows];
        let mut rank = 0;
        for (place, entry) in sorted.iter().enumerate() {
            rank += u64::from(place > 0 && compare(&sorted[place - 1], entry).is_ne());
            ranks[entry.1 as usize] = rank;
        }
        let greatest = rank + 1;
        ranks.iter_mut().for_each(|value| *value = (*value).min(greatest));
        Numbers { values: ranks, greatest }
    }
}

/// Returns a number that is greater the greater a float is; what is no number comes after all, and the two zeros are one.
fn float_number(float: f64) -> u64 {
    let float = if float.is_nan() { f64::NAN } else { float + 0.0 };
    let bits = float.to_bits();
    if bits >> (u64::BITS - 1) == 1 { !bits } else { bits | 1 << (u64::BITS - 1) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use smol_str::SmolStr;

    use super::*;
    use crate::expression::Expression;
    use crate::vector::Slot;

    fn codes(texts: &[Option<&str>]) -> Column {
        let mut dictionary = Dictionary::default();
        let codes =
            texts.iter().map(|text| text.map_or(Dictionary::NULL, |text| dictionary.intern(&SmolStr::new(text))));
        Column::Code { codes: codes.collect(), dictionary: Arc::new(dictionary) }
    }

    fn samples() -> Vec<Column> {
        let texts = [Some("b"), None, Some("a"), Some("aaaaaaaab"), Some("aaaaaaaaa"), Some("a"), Some("园"), Some("")];
        let string = |text: &Option<&str>| text.map_or(Value::Null, Value::string);
        let floats = [0.0, f64::NAN, -0.0, 1e300, -1.5, f64::INFINITY, f64::NEG_INFINITY, 1.0];
        let float = |(row, float): (usize, &f64)| if row == 3 { Value::Null } else { Value::Float(*float) };
        let integers = [i64::MIN, 3, 0, i64::MAX, 3, -1, 5, 3];
        let integer = |(row, value): (usize, &i64)| if row == 6 { Value::Null } else { Value::Integer(*value) };
        let mixed = [Value::Integer(1), Value::Float(1.0), Value::string("x"), Value::Null, Value::Float(0.5)];
        vec![
            codes(&texts),
            Column::from_values(texts.iter().map(string)),
            Column::from_values(floats.iter().enumerate().map(float)),
            Column::from_values(integers.iter().enumerate().map(integer)),
            Column::integers(integers.to_vec()),
            Column::from_values((0..8).map(|row| mixed[row % 5].clone())),
            Column::from_values((0..8).map(|row| if row == 2 { Value::Null } else { Value::Boolean(row % 3 == 0) })),
            Column::Node(vec![7, 3, u32::MAX, 3, 0, 9, 7, 7]),
            Column::NodeRun(4..12),
            Column::Constant(Value::Integer(3), 8),
        ]
    }

    #[test]
    fn rows_come_as_the_total_order_has_them() {
        let columns = samples();
        let mut checked = 0;
        for first in 0..columns.len() {
            for second in 0..columns.len() {
                for third in [0, 2, 3] {
                    for descending in 0..4 {
                        let places = [first, second, third];
                        let keys = places.map(|_| Expression::Slot(Slot(0)));
                        let keys: Vec<SortKey> = (0..)
                            .zip(keys)
                            .map(|(place, expression)| SortKey { expression, descending: descending >> place & 1 == 1 })
                            .collect();
                        let columns = places.map(|place| columns[place].clone());
                        let mut wanted: Vec<u32> = (0..8).collect();
                        wanted.sort_by(|left, right| {
                            let by = |(column, key): (&Column, &SortKey)| {
                                let found = order(&column.value(*left as usize), &column.value(*right as usize));
                                if key.descending { found.reverse() } else { found }
                            };
                            columns.iter().zip(&keys).map(by).find(|found| found.is_ne()).unwrap_or(Ordering::Equal)
                        });
                        assert_eq!(sorted_rows(&columns, &keys, 8), wanted, "{places:?} {descending}");
                        checked += 1;
                    }
                }
            }
        }
        assert_eq!(checked, 1200);
        assert_eq!(sorted_rows(&[], &[], 0), [0; 0]);
    }
}
