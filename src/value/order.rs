//! The total order of values, for ORDER BY, `min` and `max`, and sorted indexes.
//!
//! Ascending: map, node, relationship, list, path, date-time, local date-time, date, time, local time, duration, string, literal,
//! boolean, number, NaN, null. A partial date stands among the dates, as its last day: so one property that holds both sorts by
//! time. Two values are equal in this order exactly if they are equivalent.

use std::cmp::Ordering;

use super::number::{order_floats, order_integer_float};
use super::temporal::{Date, PartialDate};
use super::{Map, Path, Value};

/// Compares two values in the total order.
pub fn order(lhs: &Value, rhs: &Value) -> Ordering {
    match (lhs, rhs) {
        (Value::Integer(lhs), Value::Integer(rhs)) => lhs.cmp(rhs),
        (Value::String(lhs), Value::String(rhs)) => lhs.as_str().cmp(rhs.as_str()),
        (Value::Float(lhs), Value::Float(rhs)) => order_floats(*lhs, *rhs),
        (Value::Integer(lhs), Value::Float(rhs)) => order_integer_float(*lhs, *rhs),
        (Value::Float(lhs), Value::Integer(rhs)) => order_integer_float(*rhs, *lhs).reverse(),
        (Value::Boolean(lhs), Value::Boolean(rhs)) => lhs.cmp(rhs),
        (Value::Node(lhs), Value::Node(rhs)) => lhs.cmp(rhs),
        (Value::Relationship(lhs), Value::Relationship(rhs)) => lhs.cmp(rhs),
        (Value::Path(lhs), Value::Path(rhs)) => order_paths(lhs, rhs),
        (Value::List(lhs), Value::List(rhs)) => order_lists(lhs, rhs),
        (Value::Map(lhs), Value::Map(rhs)) => order_maps(lhs, rhs),
        (Value::Date(lhs), Value::Date(rhs)) => lhs.cmp(rhs),
        (Value::PartialDate(lhs), Value::PartialDate(rhs)) => partial_key(*lhs).cmp(&partial_key(*rhs)),
        (Value::PartialDate(lhs), Value::Date(rhs)) => partial_key(*lhs).cmp(&(*rhs, 0)),
        (Value::Date(lhs), Value::PartialDate(rhs)) => (*lhs, 0).cmp(&partial_key(*rhs)),
        (Value::LocalTime(lhs), Value::LocalTime(rhs)) => lhs.cmp(rhs),
        (Value::Time(lhs), Value::Time(rhs)) => lhs.cmp(rhs),
        (Value::LocalDateTime(lhs), Value::LocalDateTime(rhs)) => lhs.cmp(rhs),
        (Value::DateTime(lhs), Value::DateTime(rhs)) => lhs.cmp(rhs),
        (Value::Duration(lhs), Value::Duration(rhs)) => lhs.order(rhs),
        (Value::Literal(lhs), Value::Literal(rhs)) => lhs.cmp(rhs),
        _ => rank(lhs).cmp(&rank(rhs)),
    }
}

/// The place of a value's kind in the order of kinds.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Map(_) => 0,
        Value::Node(_) => 1,
        Value::Relationship(_) => 2,
        Value::List(_) => 3,
        Value::Path(_) => 4,
        Value::DateTime(_) => 5,
        Value::LocalDateTime(_) => 6,
        Value::Date(_) | Value::PartialDate(_) => 7,
        Value::Time(_) => 8,
        Value::LocalTime(_) => 9,
        Value::Duration(_) => 10,
        Value::String(_) => 11,
        Value::Literal(_) => 12,
        Value::Boolean(_) => 13,
        Value::Integer(_) | Value::Float(_) => 14,
        Value::Null => 15,
    }
}

/// A list comes after its own beginning; nulls inside come last, as outside.
fn order_lists(lhs: &[Value], rhs: &[Value]) -> Ordering {
    let differing = lhs.iter().zip(rhs).map(|(lhs, rhs)| order(lhs, rhs)).find(|ordering| ordering.is_ne());
    differing.unwrap_or_else(|| lhs.len().cmp(&rhs.len()))
}

/// Maps are ordered as lists of their entries, sorted by key.
fn order_maps(lhs: &Map, rhs: &Map) -> Ordering {
    let entries = lhs.iter().zip(rhs.iter());
    let differing = entries
        .map(|((lhs_key, lhs), (rhs_key, rhs))| lhs_key.cmp(rhs_key).then_with(|| order(lhs, rhs)))
        .find(|ordering| ordering.is_ne());
    differing.unwrap_or_else(|| lhs.len().cmp(&rhs.len()))
}

/// Paths are ordered step by step, in walking order.
fn order_paths(lhs: &Path, rhs: &Path) -> Ordering {
    lhs.nodes.cmp(&rhs.nodes).then_with(|| lhs.relationships.cmp(&rhs.relationships))
}

/// A partial date's last day, then the day itself before the month before the year that ends on it.
fn partial_key(partial: PartialDate) -> (Date, u8) {
    (partial.last_day(), if partial.month.is_some() { 1 } else { 2 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::temporal::{DateTime, Duration, LocalDateTime, LocalTime, Time};
    use crate::value::{NodeId, RdfLiteral, RelationshipId};
    use std::sync::Arc;

    #[test]
    fn kinds_ascend_in_the_stated_order() {
        let date = Date { days: 17_000 };
        let time = LocalTime { nanoseconds: 0 };
        let local = LocalDateTime { date, time };
        let text = |text: &str| smol_str::SmolStr::new(text);
        let ascending = vec![
            Value::Map(Map::default()),
            Value::Node(NodeId(1)),
            Value::Relationship(RelationshipId(1)),
            Value::list(vec![]),
            Value::Path(Arc::new(Path::new(vec![NodeId(1)], vec![]))),
            Value::DateTime(Arc::new(DateTime { local, offset_seconds: 0, zone: None })),
            Value::LocalDateTime(local),
            Value::Date(date),
            Value::PartialDate(PartialDate { year: 2020, month: None }),
            Value::Time(Time { local: time, offset_seconds: 0 }),
            Value::LocalTime(time),
            Value::Duration(Arc::new(Duration::default())),
            Value::string("a"),
            Value::Literal(Arc::new(RdfLiteral { text: text("a"), datatype: text("b"), language: None })),
            Value::Boolean(false),
            Value::Boolean(true),
            Value::Float(f64::NEG_INFINITY),
            Value::Integer(1),
            Value::Float(1.5),
            Value::Float(f64::INFINITY),
            Value::Float(f64::NAN),
            Value::Null,
        ];
        for (index, lhs) in ascending.iter().enumerate() {
            for (other, rhs) in ascending.iter().enumerate() {
                assert_eq!(order(lhs, rhs), index.cmp(&other), "{lhs:?} against {rhs:?}");
            }
        }
    }

    #[test]
    fn partial_dates_sort_among_dates_as_their_last_day() {
        let day = |month, day| Value::Date(Date::from_ymd(2017, month, day).expect("a day of 2017"));
        let partial = |month| Value::PartialDate(PartialDate { year: 2017, month });
        let ascending = [day(4, 28), day(4, 30), partial(Some(4)), day(5, 1), day(12, 31), partial(None)];
        assert!(ascending.is_sorted_by(|lhs, rhs| order(lhs, rhs).is_lt()));
    }
}
