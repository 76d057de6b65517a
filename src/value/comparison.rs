//! The ternary `<`, `<=`, `>`, `>=`: what can be compared is, anything else is null.
//!
//! NaN beside a number is no unknown: each of the four is false (openCypher CIP2016-06-14, "Comparability").

use std::cmp::Ordering;

use super::Value;
use super::number::compare_integer_float;
use super::temporal::{Date, PartialDate};

/// How two values stand to each other under `<`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparability {
    /// They have an order.
    Ordered(Ordering),
    /// They have none, and that is known: one is NaN.
    Unordered,
    /// It is not known: a null, or kinds that do not compare.
    Unknown,
}

impl Comparability {
    /// Applies a test of the order: false if there is none, null if it is not known.
    fn test(self, holds: impl FnOnce(Ordering) -> bool) -> Option<bool> {
        match self {
            Comparability::Ordered(ordering) => Some(holds(ordering)),
            Comparability::Unordered => Some(false),
            Comparability::Unknown => None,
        }
    }
}

impl From<Ordering> for Comparability {
    fn from(ordering: Ordering) -> Self {
        Comparability::Ordered(ordering)
    }
}

/// Says how two values stand to each other under `<`.
pub fn comparability(lhs: &Value, rhs: &Value) -> Comparability {
    let float = |ordering: Option<Ordering>| ordering.map_or(Comparability::Unordered, Comparability::Ordered);
    match (lhs, rhs) {
        (Value::Integer(lhs), Value::Integer(rhs)) => lhs.cmp(rhs).into(),
        (Value::Float(lhs), Value::Float(rhs)) => float(lhs.partial_cmp(rhs)),
        (Value::Integer(lhs), Value::Float(rhs)) => float(compare_integer_float(*lhs, *rhs)),
        (Value::Float(lhs), Value::Integer(rhs)) => float(compare_integer_float(*rhs, *lhs).map(Ordering::reverse)),
        (Value::String(lhs), Value::String(rhs)) => lhs.as_str().cmp(rhs.as_str()).into(),
        (Value::Boolean(lhs), Value::Boolean(rhs)) => lhs.cmp(rhs).into(),
        (Value::Date(lhs), Value::Date(rhs)) => lhs.cmp(rhs).into(),
        (Value::LocalTime(lhs), Value::LocalTime(rhs)) => lhs.cmp(rhs).into(),
        (Value::Time(lhs), Value::Time(rhs)) => lhs.cmp(rhs).into(),
        (Value::LocalDateTime(lhs), Value::LocalDateTime(rhs)) => lhs.cmp(rhs).into(),
        (Value::DateTime(lhs), Value::DateTime(rhs)) => lhs.cmp(rhs).into(),
        (Value::PartialDate(lhs), Value::PartialDate(rhs)) if lhs == rhs => Ordering::Equal.into(),
        (Value::PartialDate(lhs), Value::PartialDate(rhs)) => compare_spans(days(*lhs), days(*rhs)),
        (Value::PartialDate(lhs), Value::Date(rhs)) => compare_spans(days(*lhs), (*rhs, *rhs)),
        (Value::Date(lhs), Value::PartialDate(rhs)) => compare_spans((*lhs, *lhs), days(*rhs)),
        (Value::List(lhs), Value::List(rhs)) => compare_lists(lhs, rhs),
        _ => Comparability::Unknown,
    }
}

/// The first pair of items that is not equal decides; a list comes after its own beginning.
fn compare_lists(lhs: &[Value], rhs: &[Value]) -> Comparability {
    for (lhs, rhs) in lhs.iter().zip(rhs) {
        match comparability(lhs, rhs) {
            Comparability::Ordered(Ordering::Equal) => {}
            decided => return decided,
        }
    }
    lhs.len().cmp(&rhs.len()).into()
}

/// The days that a partial date may mean, first and last.
fn days(partial: PartialDate) -> (Date, Date) {
    (partial.first_day(), partial.last_day())
}

/// Two days known only to lie within spans have an order if the spans do not touch.
fn compare_spans(lhs: (Date, Date), rhs: (Date, Date)) -> Comparability {
    if lhs.1 < rhs.0 {
        Ordering::Less.into()
    } else if rhs.1 < lhs.0 {
        Ordering::Greater.into()
    } else {
        Comparability::Unknown
    }
}

/// Returns the order of two values under `<`, if there is one and it is known.
#[cfg(test)]
pub fn compare(lhs: &Value, rhs: &Value) -> Option<Ordering> {
    match comparability(lhs, rhs) {
        Comparability::Ordered(ordering) => Some(ordering),
        Comparability::Unordered | Comparability::Unknown => None,
    }
}

/// Says whether `lhs < rhs`; `None` is null.
pub fn less(lhs: &Value, rhs: &Value) -> Option<bool> {
    comparability(lhs, rhs).test(Ordering::is_lt)
}

/// Says whether `lhs <= rhs`; `None` is null.
pub fn less_or_equal(lhs: &Value, rhs: &Value) -> Option<bool> {
    comparability(lhs, rhs).test(Ordering::is_le)
}

/// Says whether `lhs > rhs`; `None` is null.
pub fn greater(lhs: &Value, rhs: &Value) -> Option<bool> {
    comparability(lhs, rhs).test(Ordering::is_gt)
}

/// Says whether `lhs >= rhs`; `None` is null.
pub fn greater_or_equal(lhs: &Value, rhs: &Value) -> Option<bool> {
    comparability(lhs, rhs).test(Ordering::is_ge)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[Option<i64>]) -> Value {
        Value::list(items.iter().map(|item| item.map_or(Value::Null, Value::Integer)).collect())
    }

    #[test]
    fn lists_compare_by_the_first_difference() {
        assert_eq!(greater_or_equal(&list(&[Some(1), Some(0)]), &list(&[Some(1)])), Some(true));
        assert_eq!(greater_or_equal(&list(&[Some(1), None]), &list(&[Some(1)])), Some(true));
        assert_eq!(greater_or_equal(&list(&[Some(1), Some(2)]), &list(&[Some(1), None])), None);
        assert_eq!(greater_or_equal(&list(&[Some(1), Some(2)]), &list(&[Some(3), None])), Some(false));
    }

    #[test]
    fn nan_is_unordered_beside_numbers_only() {
        let nan = Value::Float(f64::NAN);
        for test in [less, less_or_equal, greater, greater_or_equal] {
            assert_eq!(test(&nan, &Value::Integer(1)), Some(false));
            assert_eq!(test(&nan, &nan), Some(false));
            assert_eq!(test(&nan, &Value::string("a")), None);
        }
    }

    #[test]
    fn kinds_that_do_not_compare_give_null() {
        assert_eq!(less(&Value::string("1"), &Value::Integer(1)), None);
        assert_eq!(less(&Value::Null, &Value::Integer(1)), None);
        assert_eq!(less(&Value::Boolean(false), &Value::Boolean(true)), Some(true));
    }

    #[test]
    fn partial_dates_compare_where_every_day_of_them_does() {
        let year = Value::PartialDate(PartialDate { year: 2017, month: None });
        let day = |year| Value::Date(Date::from_ymd(year, 4, 28).expect("a day of April"));
        assert_eq!(less(&year, &day(2017)), None);
        assert_eq!(less(&year, &day(2018)), Some(true));
        assert_eq!(greater(&year, &day(2016)), Some(true));
        let month = |month| Value::PartialDate(PartialDate { year: 2017, month: Some(month) });
        assert_eq!(less(&month(3), &month(4)), Some(true));
        assert_eq!(less(&month(3), &year), None);
        assert_eq!(less_or_equal(&month(3), &month(3)), Some(true));
    }
}
