//! When two stated values contradict each other. To be less precise is not to disagree: `2017` and `2017-04-28` may both be true, and so
//! may "more than 100" and 130.

use crate::value::{Value, equivalent};

use super::Comparator;

/// Says whether two values, each with how it relates to the true one, can both be true.
pub fn compatible(lhs: (&Value, Comparator), rhs: (&Value, Comparator)) -> bool {
    if lhs.1 == rhs.1 && equivalent(lhs.0, rhs.0) {
        return true;
    }
    if let (Some(left), Some(right)) = (days_meant(lhs.0), days_meant(rhs.0)) {
        return contains(left, right) || contains(right, left);
    }
    match (bounds(lhs), bounds(rhs)) {
        (Some(left), Some(right)) => left.meets(right),
        _ => equivalent(lhs.0, rhs.0),
    }
}

/// Returns the first and the last day that a date may mean; nothing of other values.
pub fn days_meant(value: &Value) -> Option<(i64, i64)> {
    match value {
        Value::Date(date) => Some((date.days, date.days)),
        Value::PartialDate(date) => Some((date.first_day().days, date.last_day().days)),
        _ => None,
    }
}

/// Says whether a span of days lies within another, or is the same.
pub(super) fn contains(outer: (i64, i64), inner: (i64, i64)) -> bool {
    outer.0 <= inner.0 && inner.1 <= outer.1
}

/// Between which numbers the true one lies; an open end does not belong to it.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    low: f64,
    high: f64,
    low_open: bool,
    high_open: bool,
}

impl Bounds {
    fn meets(self, other: Bounds) -> bool {
        let above = |low: Bounds, high: Bounds| {
            low.low < high.high || (low.low == high.high && !low.low_open && !high.high_open)
        };
        above(self, other) && above(other, self)
    }
}

/// How far a number that is said to be about so much may be from the true one.
const ABOUT: f64 = 0.1;

fn bounds((value, comparator): (&Value, Comparator)) -> Option<Bounds> {
    let number = match value {
        Value::Integer(number) => *number as f64,
        Value::Float(number) => *number,
        _ => return None,
    };
    let closed = |low, high| Bounds { low, high, low_open: false, high_open: false };
    let far = number.abs() * ABOUT;
    Some(match comparator {
        Comparator::Exact | Comparator::Range => closed(number, number),
        Comparator::About => closed(number - far, number + far),
        Comparator::Nearly => Bounds { high_open: true, ..closed(number - far, number) },
        Comparator::MoreThan => Bounds { low_open: true, ..closed(number, f64::INFINITY) },
        Comparator::LessThan => Bounds { high_open: true, ..closed(f64::NEG_INFINITY, number) },
        Comparator::AtLeast => closed(number, f64::INFINITY),
        Comparator::AtMost => closed(f64::NEG_INFINITY, number),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::temporal::{Date, PartialDate};

    #[test]
    fn precision_is_no_conflict() {
        let year = Value::PartialDate(PartialDate::new(2017, None).expect("there is such a year"));
        let month = |month| Value::PartialDate(PartialDate::new(2017, Some(month)).expect("there is such a month"));
        let day = Value::Date(Date::parse("2017-04-28").expect("there is such a day"));
        let agree = |lhs: &Value, rhs: &Value| compatible((lhs, Comparator::Exact), (rhs, Comparator::Exact));
        assert!(agree(&year, &day) && agree(&day, &month(4)) && agree(&year, &month(9)));
        assert!(!agree(&day, &month(5)) && !agree(&month(4), &month(5)));
    }

    #[test]
    fn what_is_said_of_a_number_counts() {
        let agree = |lhs: (i64, Comparator), rhs: (i64, Comparator)| {
            compatible((&Value::Integer(lhs.0), lhs.1), (&Value::Integer(rhs.0), rhs.1))
        };
        assert!(agree((100, Comparator::MoreThan), (130, Comparator::Exact)));
        assert!(!agree((100, Comparator::MoreThan), (100, Comparator::Exact)));
        assert!(agree((100, Comparator::AtMost), (100, Comparator::AtLeast)));
        assert!(agree((200, Comparator::About), (190, Comparator::Exact)));
        assert!(!agree((200, Comparator::Exact), (190, Comparator::Exact)));
        assert!(!agree((200, Comparator::Nearly), (200, Comparator::AtLeast)));
    }
}
