//! What is inside of a value: `value.key`, `value[index]`, `value[from..to]`.
//!
//! Nodes and relationships are looked into where the graph is; here they are errors.

use std::sync::Arc;

use super::component::{component, component_names};
use super::{Kind, Value, ValueError, ValueErrorDetail, ValueErrorKind};

/// Returns `value.key` of a map, temporal value or literal; null of null, and of a key that a map does not have.
pub fn value_property(value: &Value, key: &str) -> Result<Value, ValueError> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Map(map) => Ok(map.get(key).cloned().unwrap_or_default()),
        _ => {
            let names = component_names(value.kind());
            if names.is_empty() {
                return Err(ValueError::wrong_kind(format!(
                    "{} has no properties; `{key}` is asked of it",
                    value.kind()
                )));
            }
            match component(value, key) {
                Some(component) => component,
                None => Err(unknown_component(value.kind(), key, names)),
            }
        }
    }
}

/// Returns `value[index]`: an item of a list (from the end where negative), or an entry of a map.
pub fn index(value: &Value, index: &Value) -> Result<Value, ValueError> {
    match (value, index) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::List(items), Value::Integer(index)) => {
            let place = place_in(items.len(), *index);
            Ok(place.and_then(|place| items.get(place)).cloned().unwrap_or_default())
        }
        (Value::List(_), index) => {
            Err(ValueError::wrong_kind(format!("a list is indexed by INTEGER, not {}", index.kind())))
        }
        (Value::Map(_), Value::String(key)) => value_property(value, key),
        (Value::Map(_), index) => Err(ValueError::new(
            ValueErrorKind::TypeError,
            ValueErrorDetail::MapElementAccessByNonString,
            format!("a map is indexed by STRING, not {}", index.kind()),
        )),
        (_, Value::String(key)) if !component_names(value.kind()).is_empty() => value_property(value, key),
        (Value::String(_), _) => Err(ValueError::wrong_kind(format!("{} cannot be indexed", value.kind()))
            .with_hint("take a part of a text with `substring(text, start, length)`")),
        _ => Err(ValueError::wrong_kind(format!("{} cannot be indexed", value.kind()))),
    }
}

/// Returns `value[from..to]` of a list; a bound that is not given is the list's own.
pub fn slice(value: &Value, from: Option<&Value>, to: Option<&Value>) -> Result<Value, ValueError> {
    let items = match value {
        Value::Null => return Ok(Value::Null),
        Value::List(items) => items,
        _ => return Err(ValueError::wrong_kind(format!("{} cannot be sliced", value.kind()))),
    };
    let bound = |bound: Option<&Value>, default: usize| match bound {
        None => Ok(Some(default)),
        Some(Value::Null) => Ok(None),
        Some(Value::Integer(index)) => Ok(Some(clamp(items.len(), *index))),
        Some(other) => Err(ValueError::wrong_kind(format!("a list is sliced by INTEGER, not {}", other.kind()))),
    };
    let (Some(from), Some(to)) = (bound(from, 0)?, bound(to, items.len())?) else {
        return Ok(Value::Null);
    };
    if from == 0 && to == items.len() {
        return Ok(Value::List(Arc::clone(items)));
    }
    Ok(Value::list(items.get(from..to).map(<[Value]>::to_vec).unwrap_or_default()))
}

/// The place of an index, counted from the end where negative.
fn place_in(length: usize, index: i64) -> Option<usize> {
    let size = usize::try_from(index.unsigned_abs()).ok()?;
    if index < 0 { length.checked_sub(size) } else { Some(size) }
}

/// The place of a bound, counted from the end where negative, at most the length.
fn clamp(length: usize, index: i64) -> usize {
    place_in(length, index).map_or(if index < 0 { 0 } else { length }, |place| place.min(length))
}

/// The error of a component that the kind does not have.
fn unknown_component(kind: Kind, key: &str, names: &[&str]) -> ValueError {
    ValueError::wrong_value(format!("{kind} has no component `{key}`"))
        .with_hint(format!("it has {}", names.join(", ")))
}

/// Returns how many characters a text has.
pub fn character_count(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Value {
        Value::list((1..=4).map(Value::Integer).collect())
    }

    #[test]
    fn lists_are_indexed_from_both_ends() {
        let at = |place: i64| index(&list(), &Value::Integer(place)).map(|value| value.to_string());
        assert_eq!(at(0), Ok("1".to_string()));
        assert_eq!(at(-1), Ok("4".to_string()));
        assert_eq!(at(4), Ok("null".to_string()));
        assert_eq!(at(-5), Ok("null".to_string()));
        assert!(index(&list(), &Value::string("a")).is_err());
        assert!(index(&Value::Integer(1), &Value::Integer(0)).is_err());
    }

    #[test]
    fn slices_are_clamped() {
        let cut = |from: Option<i64>, to: Option<i64>| {
            let (from, to) = (from.map(Value::Integer), to.map(Value::Integer));
            slice(&list(), from.as_ref(), to.as_ref()).map(|value| value.to_string()).unwrap_or_default()
        };
        assert_eq!(cut(Some(1), Some(3)), "[2, 3]");
        assert_eq!(cut(Some(-2), None), "[3, 4]");
        assert_eq!(cut(None, Some(-1)), "[1, 2, 3]");
        assert_eq!(cut(Some(3), Some(1)), "[]");
        assert_eq!(cut(Some(0), Some(i64::MAX)), "[1, 2, 3, 4]");
        assert_eq!(cut(Some(i64::MIN), Some(2)), "[1, 2]");
        assert!(slice(&list(), Some(&Value::Null), None).is_ok_and(|value| value.is_null()));
    }

    #[test]
    fn maps_are_indexed_by_strings_only() {
        let map = Value::Map([("k".into(), Value::Integer(1))].into_iter().collect());
        assert!(index(&map, &Value::string("x")).is_ok_and(|value| value.is_null()));
        let error = index(&map, &Value::Integer(0)).map_err(|error| error.detail).err();
        assert_eq!(error, Some(ValueErrorDetail::MapElementAccessByNonString));
    }
}
