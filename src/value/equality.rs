//! Two equalities: the ternary `=` of the language, and the equivalence that groups and makes distinct.
//!
//! They differ where something is not known: `null = null` is null and `NaN = NaN` is false, yet nulls are one group and NaNs are one
//! group (openCypher CIP2016-06-14). What is equivalent has the same hash.

use std::hash::{Hash, Hasher};

use super::number::{compare_integer_float, exact_integer, float_bits};
use super::order::order;
use super::temporal::PartialDate;
use super::{Map, Value};

/// Says whether `lhs = rhs`; `None` is null.
pub fn equals(lhs: &Value, rhs: &Value) -> Option<bool> {
    match (lhs, rhs) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Integer(lhs), Value::Integer(rhs)) => Some(lhs == rhs),
        (Value::String(lhs), Value::String(rhs)) => Some(lhs == rhs),
        (Value::Float(lhs), Value::Float(rhs)) => Some(lhs == rhs),
        (Value::Integer(integer), Value::Float(float)) | (Value::Float(float), Value::Integer(integer)) => {
            Some(compare_integer_float(*integer, *float).is_some_and(std::cmp::Ordering::is_eq))
        }
        (Value::Boolean(lhs), Value::Boolean(rhs)) => Some(lhs == rhs),
        (Value::List(lhs), Value::List(rhs)) => equal_lists(lhs, rhs),
        (Value::Map(lhs), Value::Map(rhs)) => equal_maps(lhs, rhs),
        (Value::Node(lhs), Value::Node(rhs)) => Some(lhs == rhs),
        (Value::Relationship(lhs), Value::Relationship(rhs)) => Some(lhs == rhs),
        (Value::Path(lhs), Value::Path(rhs)) => Some(lhs == rhs),
        (Value::Date(lhs), Value::Date(rhs)) => Some(lhs == rhs),
        (Value::LocalTime(lhs), Value::LocalTime(rhs)) => Some(lhs == rhs),
        (Value::Time(lhs), Value::Time(rhs)) => Some(lhs == rhs),
        (Value::LocalDateTime(lhs), Value::LocalDateTime(rhs)) => Some(lhs == rhs),
        (Value::DateTime(lhs), Value::DateTime(rhs)) => Some(lhs == rhs),
        (Value::Duration(lhs), Value::Duration(rhs)) => Some(lhs == rhs),
        (Value::Literal(lhs), Value::Literal(rhs)) => Some(lhs == rhs),
        (Value::PartialDate(lhs), Value::PartialDate(rhs)) => equal_partial_dates(*lhs, *rhs),
        (Value::PartialDate(partial), Value::Date(date)) | (Value::Date(date), Value::PartialDate(partial)) => {
            // A day within the month or year may be the day meant; a day outside cannot be.
            if partial.contains(*date) { None } else { Some(false) }
        }
        _ => Some(false),
    }
}

/// Lists of different length are unequal, whatever they hold.
fn equal_lists(lhs: &[Value], rhs: &[Value]) -> Option<bool> {
    if lhs.len() != rhs.len() {
        return Some(false);
    }
    all_equal(lhs.iter().zip(rhs))
}

/// Maps with different keys are unequal, whatever they hold.
fn equal_maps(lhs: &Map, rhs: &Map) -> Option<bool> {
    if lhs.len() != rhs.len() || lhs.iter().zip(rhs.iter()).any(|((lhs, _), (rhs, _))| lhs != rhs) {
        return Some(false);
    }
    all_equal(lhs.iter().zip(rhs.iter()).map(|((_, lhs), (_, rhs))| (lhs, rhs)))
}

/// The conjunction of ternary equalities: one false decides, else one null does.
fn all_equal<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
    let mut result = Some(true);
    for (lhs, rhs) in pairs {
        match equals(lhs, rhs) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
}

/// The same partial date is the same value; a year and a month within it may mean the same day or not.
fn equal_partial_dates(lhs: PartialDate, rhs: PartialDate) -> Option<bool> {
    if lhs == rhs {
        Some(true)
    } else if lhs.year == rhs.year && (lhs.month.is_none() || rhs.month.is_none()) {
        None
    } else {
        Some(false)
    }
}

/// Says whether `item IN list`; `None` is null.
pub fn contains(list: &[Value], item: &Value) -> Option<bool> {
    let mut result = Some(false);
    for candidate in list {
        match equals(candidate, item) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}

/// Says whether two values fall into one group, as grouping and DISTINCT see them.
pub fn equivalent(lhs: &Value, rhs: &Value) -> bool {
    match (lhs, rhs) {
        (Value::Integer(lhs), Value::Integer(rhs)) => lhs == rhs,
        (Value::String(lhs), Value::String(rhs)) => lhs == rhs,
        (Value::Node(lhs), Value::Node(rhs)) => lhs == rhs,
        // The total order and equivalence agree; stating the rules once keeps them agreeing.
        _ => order(lhs, rhs).is_eq(),
    }
}

/// Feeds a value to a hasher so that equivalent values give the same hash.
pub fn hash_equivalent<H: Hasher>(value: &Value, state: &mut H) {
    match value {
        Value::Null => state.write_u8(0),
        Value::Boolean(boolean) => (1u8, boolean).hash(state),
        Value::Integer(integer) => (2u8, integer).hash(state),
        Value::Float(float) => match exact_integer(*float) {
            Some(integer) => (2u8, integer).hash(state),
            None => (3u8, float_bits(*float)).hash(state),
        },
        Value::String(text) => (4u8, text.as_str()).hash(state),
        Value::List(items) => {
            (5u8, items.len()).hash(state);
            items.iter().for_each(|item| hash_equivalent(item, state));
        }
        Value::Map(map) => {
            (6u8, map.len()).hash(state);
            for (key, item) in map.iter() {
                key.as_str().hash(state);
                hash_equivalent(item, state);
            }
        }
        Value::Date(date) => (7u8, date).hash(state),
        Value::LocalTime(time) => (8u8, time).hash(state),
        Value::Time(time) => (9u8, time).hash(state),
        Value::LocalDateTime(moment) => (10u8, moment).hash(state),
        Value::DateTime(moment) => (11u8, moment).hash(state),
        Value::Duration(duration) => (12u8, duration).hash(state),
        Value::PartialDate(date) => (13u8, date).hash(state),
        Value::Literal(literal) => (14u8, literal).hash(state),
        Value::Node(node) => (15u8, node).hash(state),
        Value::Relationship(relationship) => (16u8, relationship).hash(state),
        Value::Path(path) => (17u8, path).hash(state),
    }
}

/// A value as a key of a group: `Eq` and `Hash` by equivalence.
#[derive(Clone, Debug)]
pub struct GroupKey(pub Value);

impl PartialEq for GroupKey {
    fn eq(&self, other: &Self) -> bool {
        equivalent(&self.0, &other.0)
    }
}

impl Eq for GroupKey {}

impl Hash for GroupKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_equivalent(&self.0, state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::temporal::Date;

    fn integers(items: &[i64]) -> Value {
        Value::list(items.iter().map(|item| Value::Integer(*item)).collect())
    }

    #[test]
    fn lists_are_compared_by_length_then_item_by_item() {
        let with_null = Value::list(vec![Value::Null]);
        assert_eq!(equals(&integers(&[1, 2]), &integers(&[1])), Some(false));
        assert_eq!(equals(&with_null, &integers(&[1])), None);
        let outer = |second: Value| Value::list(vec![integers(&[1]), second]);
        assert_eq!(equals(&outer(integers(&[2])), &outer(with_null.clone())), None);
        assert_eq!(equals(&outer(integers(&[2, 3])), &outer(with_null)), Some(false));
    }

    #[test]
    fn null_and_nan_differ_from_themselves_but_are_one_group() {
        let nan = Value::Float(f64::NAN);
        assert_eq!(equals(&Value::Null, &Value::Null), None);
        assert_eq!(equals(&nan, &nan), Some(false));
        assert!(equivalent(&Value::Null, &Value::Null));
        assert!(equivalent(&nan, &Value::Float(-f64::NAN)));
        assert!(equivalent(&Value::Integer(1), &Value::Float(1.0)));
        assert!(equivalent(&Value::Float(0.0), &Value::Float(-0.0)));
    }

    #[test]
    fn strings_and_numbers_are_unequal() {
        assert_eq!(equals(&Value::string("1"), &Value::Integer(1)), Some(false));
        assert_eq!(equals(&Value::Integer(1), &Value::Float(1.0)), Some(true));
    }

    #[test]
    fn maps_need_the_same_keys() {
        let map = |key: &str, value: Value| Value::Map([(key.into(), value)].into_iter().collect());
        assert_eq!(equals(&map("k", Value::Null), &map("k", Value::Null)), None);
        assert_eq!(equals(&map("k", Value::Null), &map("l", Value::Null)), Some(false));
        assert_eq!(equals(&map("k", Value::Integer(1)), &map("k", Value::Integer(1))), Some(true));
    }

    #[test]
    fn a_partial_date_may_equal_a_day_within_it() {
        let year = Value::PartialDate(PartialDate { year: 2017, month: None });
        let month = Value::PartialDate(PartialDate { year: 2017, month: Some(4) });
        let day = Value::Date(Date::from_ymd(2017, 4, 28).expect("a day of April"));
        let other = Value::Date(Date::from_ymd(2018, 4, 28).expect("a day of April"));
        assert_eq!(equals(&year, &day), None);
        assert_eq!(equals(&month, &day), None);
        assert_eq!(equals(&year, &month), None);
        assert_eq!(equals(&year, &other), Some(false));
        assert_eq!(equals(&month, &month), Some(true));
    }

    #[test]
    fn in_is_null_when_only_a_null_could_match() {
        let list = [Value::Integer(1), Value::Null];
        assert_eq!(contains(&list, &Value::Integer(1)), Some(true));
        assert_eq!(contains(&list, &Value::Integer(5)), None);
        assert_eq!(contains(&[], &Value::Null), Some(false));
    }
}
