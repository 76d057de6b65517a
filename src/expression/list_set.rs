//! `item IN list`: a list that is the same for all rows becomes a set.

use std::sync::Arc;

use hashbrown::HashSet;
use smol_str::SmolStr;

use crate::value::equality::contains;
use crate::value::{GroupKey, Value};
use crate::vector::{Column, Dictionary};

use super::general::{cell, ternary, truth};
use super::{EvaluationCache, EvaluationError};

/// From how many rows on a set is worth its making.
const LEAST_ROWS: usize = 8;

/// The values of a list, by kind.
#[derive(Debug, Default)]
pub(super) struct ListSet {
    integers: HashSet<i64>,
    strings: HashSet<SmolStr>,
    others: HashSet<GroupKey>,
    has_null: bool,
    has_nested: bool,
}

impl ListSet {
    /// Returns the set of these values.
    pub(super) fn new(items: &[Value]) -> ListSet {
        let mut set = ListSet::default();
        for item in items {
            match item {
                Value::Null => set.has_null = true,
                Value::Integer(integer) => {
                    set.integers.insert(*integer);
                }
                Value::String(text) => {
                    set.strings.insert(text.clone());
                }
                // Not a number equals nothing, not even itself.
                Value::Float(float) if float.is_nan() => {}
                Value::Float(_) | Value::Boolean(_) | Value::Node(_) | Value::Relationship(_) => {
                    set.others.insert(GroupKey(item.clone()));
                }
                // Equality of these may be null for parts of them: they are compared one by one.
                _ => set.has_nested = true,
            }
        }
        set
    }

    /// Says whether some item equals the value, which is of a simple kind.
    fn has(&self, value: &Value) -> bool {
        match value {
            Value::Integer(integer) => {
                self.integers.contains(integer)
                    || (!self.others.is_empty() && self.others.contains(&GroupKey(value.clone())))
            }
            Value::String(text) => self.strings.contains(text),
            Value::Float(float) if float.is_nan() => false,
            Value::Float(float) => {
                let whole = *float as i64;
                let is_whole = whole as f64 == *float && *float < i64::MAX as f64;
                (is_whole && self.integers.contains(&whole)) || self.others.contains(&GroupKey(value.clone()))
            }
            other => self.others.contains(&GroupKey(other.clone())),
        }
    }

    /// Returns the truth of a value that no item equals.
    fn missing(&self) -> Option<bool> {
        if self.has_null { None } else { Some(false) }
    }

    fn is_simple(value: &Value) -> bool {
        matches!(
            value,
            Value::Integer(_)
                | Value::Float(_)
                | Value::String(_)
                | Value::Boolean(_)
                | Value::Node(_)
                | Value::Relationship(_)
        )
    }
}

/// Evaluates `item IN list` row by row.
///
/// # Errors
/// If the right side is neither a list nor null.
pub(super) fn is_in(items: &Column, lists: &Column, cache: &EvaluationCache) -> Result<Column, EvaluationError> {
    match lists {
        Column::Constant(Value::List(list), _) if items.len() >= LEAST_ROWS && !list.is_empty() => {
            let set = cache.list_set(list);
            if !set.has_nested && !matches!(items, Column::Constant(..)) {
                return Ok(in_set(items, &set, list));
            }
        }
        _ => {}
    }
    super::general::zip(items, lists, |item, list| match list {
        Value::List(list) => Ok(truth(contains(list, item))),
        Value::Null => Ok(Value::Null),
        other => Err(EvaluationError::wrong_kind(format!("`IN` needs a LIST, not {}", other.kind()))),
    })
}

fn in_set(items: &Column, set: &ListSet, list: &Arc<Vec<Value>>) -> Column {
    let found = |is_in: bool| if is_in { Some(true) } else { set.missing() };
    match items {
        Column::Code { codes, dictionary } => {
            let wanted: HashSet<u32> = set.strings.iter().filter_map(|text| dictionary.code(text)).collect();
            let mut truth = |code: &u32| if *code == Dictionary::NULL { None } else { found(wanted.contains(code)) };
            ternary(codes.iter().map(&mut truth))
        }
        Column::Integer { values, .. } if set.others.is_empty() => {
            let rows = values.iter().enumerate();
            ternary(rows.map(
                |(row, value)| {
                    if items.is_null(row) { None } else { found(set.integers.contains(value)) }
                },
            ))
        }
        Column::String { values, .. } => {
            let rows = values.iter().enumerate();
            ternary(rows.map(
                |(row, value)| {
                    if items.is_null(row) { None } else { found(set.strings.contains(value.as_str())) }
                },
            ))
        }
        items => ternary((0..items.len()).map(|row| {
            let item = cell(items, row);
            if ListSet::is_simple(&item) { found(set.has(&item)) } else { contains(list, &item) }
        })),
    }
}
