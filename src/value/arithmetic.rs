//! The arithmetic operators: `+ - * / % ^` and the sign.
//!
//! Null with anything is null. Integers are checked: a result beyond 64 bits, or a division by zero, is an error; floats follow
//! IEEE 754. `+` also joins strings and lists, and moves temporal values by durations.

use std::sync::Arc;

use smol_str::format_smolstr;

use super::limit::{check_list_length, check_string_bytes};
use super::temporal::Duration;
use super::{Value, ValueError};

/// Returns `lhs + rhs`.
pub fn add(lhs: &Value, rhs: &Value) -> Result<Value, ValueError> {
    match (lhs, rhs) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Integer(lhs), Value::Integer(rhs)) => checked(lhs.checked_add(*rhs), lhs, "+", rhs),
        (Value::List(lhs), rhs) => join_lists(lhs, rhs),
        (lhs, Value::List(rhs)) => prepend(lhs, rhs),
        (Value::String(lhs), Value::String(rhs)) => join_text(lhs, rhs),
        // Text and a number or boolean: the literal form is appended, as openCypher's reference implementation does.
        (Value::String(lhs), Value::Integer(_) | Value::Float(_) | Value::Boolean(_)) => {
            join_text(lhs, &rhs.to_string())
        }
        (Value::Integer(_) | Value::Float(_) | Value::Boolean(_), Value::String(rhs)) => {
            join_text(&lhs.to_string(), rhs)
        }
        (Value::Duration(lhs), Value::Duration(rhs)) => duration(lhs.plus(rhs)),
        (Value::Duration(duration), moment) if is_moment(moment) => moment_plus(moment, duration),
        (moment, Value::Duration(duration)) if is_moment(moment) => moment_plus(moment, duration),
        _ => floats(lhs, rhs, "+", |lhs, rhs| lhs + rhs),
    }
}

/// Returns `lhs - rhs`.
pub fn subtract(lhs: &Value, rhs: &Value) -> Result<Value, ValueError> {
    match (lhs, rhs) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Integer(lhs), Value::Integer(rhs)) => checked(lhs.checked_sub(*rhs), lhs, "-", rhs),
        (Value::Duration(lhs), Value::Duration(rhs)) => duration(rhs.negated().and_then(|rhs| lhs.plus(&rhs))),
        (moment, Value::Duration(duration)) if is_moment(moment) => {
            moment_plus(moment, &duration.negated().ok_or_else(duration_overflow)?)
        }
        (lhs, rhs) if is_moment(lhs) && is_moment(rhs) => {
            Err(ValueError::operator("-", lhs.kind(), rhs.kind()).with_hint("use `duration.between(from, to)`"))
        }
        _ => floats(lhs, rhs, "-", |lhs, rhs| lhs - rhs),
    }
}

/// Returns `lhs * rhs`.
pub fn multiply(lhs: &Value, rhs: &Value) -> Result<Value, ValueError> {
    match (lhs, rhs) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Integer(lhs), Value::Integer(rhs)) => checked(lhs.checked_mul(*rhs), lhs, "*", rhs),
        (Value::Duration(lhs), Value::Integer(rhs)) | (Value::Integer(rhs), Value::Duration(lhs)) => {
            duration(lhs.times_integer(*rhs))
        }
        (Value::Duration(lhs), Value::Float(rhs)) | (Value::Float(rhs), Value::Duration(lhs)) => {
            duration(lhs.times(*rhs))
        }
        _ => floats(lhs, rhs, "*", |lhs, rhs| lhs * rhs),
    }
}

/// Returns `lhs / rhs`; integers divide towards zero.
pub fn divide(lhs: &Value, rhs: &Value) -> Result<Value, ValueError> {
    match (lhs, rhs) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Integer(_) | Value::Duration(_), Value::Integer(0)) => Err(ValueError::division_by_zero()),
        (Value::Integer(lhs), Value::Integer(rhs)) => checked(lhs.checked_div(*rhs), lhs, "/", rhs),
        (Value::Duration(lhs), Value::Integer(rhs)) => duration(lhs.divided_by_integer(*rhs)),
        (Value::Duration(lhs), Value::Float(rhs)) => duration(lhs.divided_by(*rhs)),
        _ => floats(lhs, rhs, "/", |lhs, rhs| lhs / rhs),
    }
}

/// Returns `lhs % rhs`, with the sign of `lhs`.
pub fn modulo(lhs: &Value, rhs: &Value) -> Result<Value, ValueError> {
    match (lhs, rhs) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Integer(_), Value::Integer(0)) => Err(ValueError::division_by_zero()),
        // The smallest integer modulo -1 is 0, although the division overflows.
        (Value::Integer(lhs), Value::Integer(rhs)) => Ok(Value::Integer(lhs.wrapping_rem(*rhs))),
        _ => floats(lhs, rhs, "%", |lhs, rhs| lhs % rhs),
    }
}

/// Returns `lhs ^ rhs`, always a float.
pub fn power(lhs: &Value, rhs: &Value) -> Result<Value, ValueError> {
    match (lhs, rhs) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        _ => floats(lhs, rhs, "^", f64::powf),
    }
}

/// Returns `lhs || rhs`: two strings or two lists joined (ISO GQL).
pub fn concatenate(lhs: &Value, rhs: &Value) -> Result<Value, ValueError> {
    match (lhs, rhs) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::String(lhs), Value::String(rhs)) => join_text(lhs, rhs),
        (Value::List(lhs), Value::List(_)) => join_lists(lhs, rhs),
        _ => Err(ValueError::operator("||", lhs.kind(), rhs.kind()).with_hint("`||` joins two strings or two lists")),
    }
}

/// Returns `-value`.
pub fn negate(value: &Value) -> Result<Value, ValueError> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Integer(integer) => integer
            .checked_neg()
            .map(Value::Integer)
            .ok_or_else(|| ValueError::integer_overflow(format!("-({integer})"))),
        Value::Float(float) => Ok(Value::Float(-float)),
        Value::Duration(value) => duration(value.negated()),
        _ => Err(ValueError::wrong_kind(format!("`-` needs a number or a duration, not {}", value.kind()))),
    }
}

/// The number as a float, if the value is one.
fn float_of(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(integer) => Some(*integer as f64),
        Value::Float(float) => Some(*float),
        _ => None,
    }
}

/// Two numbers of which one is a float compute as floats; all other kinds have no such operator.
fn floats(lhs: &Value, rhs: &Value, operator: &str, compute: fn(f64, f64) -> f64) -> Result<Value, ValueError> {
    match (float_of(lhs), float_of(rhs)) {
        (Some(lhs), Some(rhs)) => Ok(Value::Float(compute(lhs, rhs))),
        _ => Err(ValueError::operator(operator, lhs.kind(), rhs.kind())),
    }
}

/// The integer result, or the overflow in words.
fn checked(result: Option<i64>, lhs: &i64, operator: &str, rhs: &i64) -> Result<Value, ValueError> {
    result.map(Value::Integer).ok_or_else(|| ValueError::integer_overflow(format!("{lhs} {operator} {rhs}")))
}

/// The duration result, or its overflow.
fn duration(result: Option<Duration>) -> Result<Value, ValueError> {
    result.map(|duration| Value::Duration(Arc::new(duration))).ok_or_else(duration_overflow)
}

/// The error of a duration with a part beyond 64 bits.
fn duration_overflow() -> ValueError {
    ValueError::out_of_range("the duration has a part that does not fit a 64-bit integer")
}

/// Two texts as one.
fn join_text(lhs: &str, rhs: &str) -> Result<Value, ValueError> {
    check_string_bytes(lhs.len().saturating_add(rhs.len()))?;
    Ok(Value::String(format_smolstr!("{lhs}{rhs}")))
}

/// A list and what follows it: the items of a list, or one item.
fn join_lists(lhs: &[Value], rhs: &Value) -> Result<Value, ValueError> {
    let more = if let Value::List(rhs) = rhs { rhs.len() } else { 1 };
    check_list_length(lhs.len().saturating_add(more))?;
    let mut items = Vec::with_capacity(lhs.len() + more);
    items.extend_from_slice(lhs);
    match rhs {
        Value::List(rhs) => items.extend(rhs.iter().cloned()),
        item => items.push(item.clone()),
    }
    Ok(Value::list(items))
}

/// An item in front of a list.
fn prepend(item: &Value, list: &[Value]) -> Result<Value, ValueError> {
    check_list_length(list.len().saturating_add(1))?;
    Ok(Value::list(std::iter::once(item).chain(list).cloned().collect()))
}

/// Says whether a duration can be added to the value.
fn is_moment(value: &Value) -> bool {
    matches!(
        value,
        Value::Date(_) | Value::LocalTime(_) | Value::Time(_) | Value::LocalDateTime(_) | Value::DateTime(_)
    )
}

/// A moment moved by a duration.
fn moment_plus(moment: &Value, duration: &Duration) -> Result<Value, ValueError> {
    let moved = match moment {
        Value::Date(date) => date.plus(duration).map(Value::Date),
        Value::LocalTime(time) => Some(Value::LocalTime(time.plus(duration))),
        Value::Time(time) => Some(Value::Time(time.plus(duration))),
        Value::LocalDateTime(local) => local.plus(duration).map(Value::LocalDateTime),
        Value::DateTime(moment) => moment.plus(duration).map(|moment| Value::DateTime(Arc::new(moment))),
        _ => None,
    };
    moved.ok_or_else(|| ValueError::out_of_range("the result lies outside of the years -999999999 to 999999999"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::ValueErrorDetail;

    fn text(result: Result<Value, ValueError>) -> String {
        result.map_or_else(|error| error.detail.name().to_string(), |value| value.to_string())
    }

    #[test]
    fn integers_stay_integers_and_are_checked() {
        let (max, one) = (Value::Integer(i64::MAX), Value::Integer(1));
        assert_eq!(add(&max, &one).map_err(|error| error.detail).err(), Some(ValueErrorDetail::IntegerOverflow));
        assert_eq!(text(multiply(&max, &Value::Integer(2))), "IntegerOverflow");
        assert_eq!(text(divide(&one, &Value::Integer(0))), "DivisionByZero");
        assert_eq!(text(divide(&Value::Integer(i64::MIN), &Value::Integer(-1))), "IntegerOverflow");
        assert_eq!(text(modulo(&Value::Integer(i64::MIN), &Value::Integer(-1))), "0");
        assert_eq!(text(divide(&Value::Integer(-7), &Value::Integer(2))), "-3");
        assert_eq!(text(modulo(&Value::Integer(-7), &Value::Integer(2))), "-1");
        assert_eq!(text(negate(&Value::Integer(i64::MIN))), "IntegerOverflow");
    }

    #[test]
    fn floats_follow_ieee() {
        assert_eq!(text(divide(&Value::Float(1.0), &Value::Integer(0))), "Infinity");
        assert_eq!(text(divide(&Value::Float(0.0), &Value::Float(0.0))), "NaN");
        assert_eq!(text(power(&Value::Integer(2), &Value::Integer(3))), "8.0");
    }

    #[test]
    fn plus_joins_strings_and_lists() {
        let list = Value::list(vec![Value::Integer(1)]);
        assert_eq!(text(add(&Value::string("a"), &Value::string("b"))), "ab");
        assert_eq!(text(add(&Value::string("a"), &Value::Integer(1))), "a1");
        assert_eq!(text(add(&list, &Value::Integer(2))), "[1, 2]");
        assert_eq!(text(add(&Value::Integer(0), &list)), "[0, 1]");
        assert_eq!(text(add(&list, &list)), "[1, 1]");
        assert_eq!(text(add(&Value::Boolean(true), &Value::Integer(1))), "InvalidArgumentType");
    }

    #[test]
    fn null_with_anything_is_null() {
        for operator in [add, subtract, multiply, divide, modulo, power] {
            assert!(operator(&Value::Null, &Value::Boolean(true)).is_ok_and(|value| value.is_null()));
        }
    }
}
