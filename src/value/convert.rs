//! Conversions between kinds: `toInteger`, `toFloat`, `toBoolean`, `toString`.
//!
//! Text that is no number or boolean gives null; a kind that has no conversion is an error (openCypher's `TypeError`,
//! `InvalidArgumentValue`).

use smol_str::ToSmolStr;

use super::{Value, ValueError};

/// `toInteger(value)`; floats are cut off towards zero.
pub fn to_integer(value: &Value) -> Result<Value, ValueError> {
    match value {
        Value::Null | Value::Integer(_) => Ok(value.clone()),
        Value::Float(float) => whole(*float),
        Value::String(text) => {
            let text = text.trim();
            match (text.parse::<i64>(), parse_float(text)) {
                (Ok(integer), _) => Ok(Value::Integer(integer)),
                (Err(_), Some(float)) if !float.is_nan() => whole(float),
                (Err(_), _) => Ok(Value::Null),
            }
        }
        _ => Err(no_conversion("toInteger", value)),
    }
}

/// `toFloat(value)`.
pub fn to_float(value: &Value) -> Result<Value, ValueError> {
    match value {
        Value::Null | Value::Float(_) => Ok(value.clone()),
        Value::Integer(integer) => Ok(Value::Float(*integer as f64)),
        Value::String(text) => Ok(parse_float(text.trim()).map_or(Value::Null, Value::Float)),
        _ => Err(no_conversion("toFloat", value)),
    }
}

/// `toBoolean(value)`; an integer is true unless it is zero.
pub fn to_boolean(value: &Value) -> Result<Value, ValueError> {
    match value {
        Value::Null | Value::Boolean(_) => Ok(value.clone()),
        Value::Integer(integer) => Ok(Value::Boolean(*integer != 0)),
        Value::String(text) => Ok(match text.trim() {
            text if text.eq_ignore_ascii_case("true") => Value::Boolean(true),
            text if text.eq_ignore_ascii_case("false") => Value::Boolean(false),
            _ => Value::Null,
        }),
        _ => Err(no_conversion("toBoolean", value)),
    }
}

/// `toString(value)`.
pub fn to_string(value: &Value) -> Result<Value, ValueError> {
    match value {
        Value::Null | Value::String(_) => Ok(value.clone()),
        Value::Literal(literal) => Ok(Value::String(literal.text.clone())),
        Value::List(_) | Value::Map(_) | Value::Node(_) | Value::Relationship(_) | Value::Path(_) => {
            Err(no_conversion("toString", value))
        }
        _ => Ok(Value::String(value.to_smolstr())),
    }
}

/// A decimal number, or one of the words that floats without digits print as. Others that Rust would read are none.
fn parse_float(text: &str) -> Option<f64> {
    let numeric = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let is_word = ["NaN", "Infinity", "+Infinity", "-Infinity"].contains(&text);
    if numeric || is_word { text.parse().ok() } else { None }
}

/// The whole part of a float.
fn whole(float: f64) -> Result<Value, ValueError> {
    super::number::exact_integer(float.trunc())
        .map(Value::Integer)
        .ok_or_else(|| ValueError::integer_overflow(format!("toInteger({})", Value::Float(float))))
}

/// The error of a kind that cannot be converted.
fn no_conversion(function: &str, value: &Value) -> ValueError {
    ValueError::wrong_value(format!("`{function}` does not take {}", value.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_no_number_is_null() {
        let cases = [
            ("42", "42"),
            ("2.9", "2"),
            (" 7 ", "7"),
            ("foo", "null"),
            ("", "null"),
            ("inf", "null"),
            ("NaN", "null"),
            ("1e3", "1000"),
        ];
        for (text, expected) in cases {
            assert_eq!(
                to_integer(&Value::string(text)).map(|value| value.to_string()),
                Ok(expected.to_string()),
                "{text}"
            );
        }
        assert_eq!(to_float(&Value::string("5")).map(|value| value.to_string()), Ok("5.0".to_string()));
        assert_eq!(to_float(&Value::string("nan")).map(|value| value.to_string()), Ok("null".to_string()));
        // What a float prints as is read again.
        for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.5] {
            let printed = Value::Float(float).to_string();
            let read = to_float(&Value::string(printed.as_str())).map(|value| value.to_string());
            assert_eq!(read, Ok(printed));
        }
    }

    #[test]
    fn kinds_without_conversion_are_errors() {
        let list = Value::list(vec![]);
        for convert in [to_integer, to_float, to_boolean, to_string] {
            assert!(convert(&list).is_err());
            assert!(convert(&Value::Null).is_ok_and(|value| value.is_null()));
        }
        assert!(to_boolean(&Value::Float(1.0)).is_err());
        assert!(to_integer(&Value::Boolean(true)).is_err());
        assert!(to_integer(&Value::Float(1e300)).is_err());
    }
}
