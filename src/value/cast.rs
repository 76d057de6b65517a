//! `CAST(value AS type)`: a value of the type asked for, or an error, never a silent null.
//!
//! It is as strict as `toInteger` and its kin are lenient: text that is no number is refused.

use super::value_type::ValueType;
use super::{Kind, Value, ValueError, construct, convert, quote_string};

/// How much of a text an error shows.
const SHOWN_CHARACTERS: usize = 40;

/// Returns the value as one of a type.
///
/// # Errors
/// If the value neither belongs to the type nor can be turned into one of it; null, if the type refuses null.
pub fn cast(value: &Value, value_type: &ValueType) -> Result<Value, ValueError> {
    if value_type.has(value) {
        return Ok(value.clone());
    }
    match value_type {
        ValueType::NotNull(_) if value.is_null() => {
            let message = format!("`CAST` to {value_type} met null");
            Err(ValueError::wrong_value(message).with_hint("leave `NOT NULL` away, or give a value with `coalesce(…)`"))
        }
        ValueType::NotNull(inner) => cast(value, inner),
        ValueType::OneOf(types) => {
            types.iter().find_map(|one| cast(value, one).ok()).ok_or_else(|| no_cast(value, value_type))
        }
        ValueType::List(inner) => match value {
            Value::List(items) => {
                Ok(Value::list(items.iter().map(|item| cast(item, inner)).collect::<Result<Vec<_>, _>>()?))
            }
            _ => Err(no_cast(value, value_type)),
        },
        ValueType::Of(kind) => to_kind(value, *kind, value_type),
        ValueType::Any | ValueType::Property | ValueType::Nothing => Err(no_cast(value, value_type)),
    }
}

fn to_kind(value: &Value, kind: Kind, value_type: &ValueType) -> Result<Value, ValueError> {
    let made = match kind {
        Kind::Integer => convert::to_integer(value),
        Kind::Float => convert::to_float(value),
        Kind::Boolean => convert::to_boolean(value),
        Kind::String => convert::to_string(value),
        // What is no moment and no text has no date in it, and the constructors would say so of themselves, not of CAST.
        _ if matches!(value, Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::List(_)) => {
            return Err(no_cast(value, value_type));
        }
        Kind::Date => construct::date(value),
        Kind::LocalTime => construct::local_time(value),
        Kind::Time => construct::time(value),
        Kind::LocalDateTime => construct::local_date_time(value),
        Kind::DateTime => construct::date_time(value),
        Kind::Duration => construct::duration(value),
        Kind::PartialDate => construct::partial_date(value),
        Kind::Null | Kind::List | Kind::Map | Kind::Literal | Kind::Node | Kind::Relationship | Kind::Path => {
            return Err(no_cast(value, value_type));
        }
    };
    match made {
        Ok(made) if !made.is_null() => Ok(made),
        Err(error) if is_too_great(&error) => Err(error),
        _ => Err(no_cast(value, value_type)),
    }
}

/// Says whether an error tells more than that there is no conversion.
fn is_too_great(error: &ValueError) -> bool {
    error.kind != super::ValueErrorKind::TypeError
}

fn no_cast(value: &Value, value_type: &ValueType) -> ValueError {
    let shown = match value {
        Value::String(text) if text.chars().count() <= SHOWN_CHARACTERS => format!("`{}`", quote_string(text)),
        other => format!("a value of kind {}", other.kind()),
    };
    let error = ValueError::wrong_value(format!("`CAST` cannot turn {shown} into {value_type}"));
    let lenient = match value_type {
        ValueType::Of(Kind::Integer) => "toIntegerOrNull",
        ValueType::Of(Kind::Float) => "toFloatOrNull",
        ValueType::Of(Kind::Boolean) => "toBooleanOrNull",
        ValueType::Of(Kind::String) => "toStringOrNull",
        _ => return error.with_hint(format!("test before with `IS :: {value_type}`")),
    };
    error.with_hint(format!("`{lenient}(…)` gives null for what cannot be converted"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast_to(value: Value, kind: Kind) -> Result<String, String> {
        let outcome = cast(&value, &ValueType::Of(kind));
        outcome.map(|value| value.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_has_no_conversion_is_refused_and_null_is_not() {
        assert_eq!(cast_to(Value::string("12"), Kind::Integer), Ok("12".to_owned()));
        assert_eq!(cast_to(Value::Null, Kind::Integer), Ok("null".to_owned()));
        assert_eq!(
            cast_to(Value::string("twelve"), Kind::Integer),
            Err("`CAST` cannot turn `'twelve'` into INTEGER".to_owned())
        );
        assert!(cast_to(Value::list(Vec::new()), Kind::String).is_err());
        assert!(cast(&Value::Null, &ValueType::NotNull(Box::new(ValueType::Of(Kind::Integer)))).is_err());
    }

    #[test]
    fn every_item_of_a_list_is_converted() {
        let list = Value::list(vec![Value::string("1"), Value::Float(2.0)]);
        let integers = ValueType::List(Box::new(ValueType::Of(Kind::Integer)));
        assert_eq!(cast(&list, &integers).map(|list| list.to_string()), Ok("[1, 2]".to_owned()));
    }
}
