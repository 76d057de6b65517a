//! Values out of plain JSON as people write it: an object is a map, a number with a fraction or an exponent a float.

use serde_json::Value as Json;
use smol_str::SmolStr;

use super::Value;

/// An integer of JSON that does not fit into 64 bits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("integer `{0}` does not fit into 64 bits")]
pub struct IntegerTooLarge(pub String);

/// Returns the value that plain JSON writes.
///
/// # Errors
/// If an integer does not fit into 64 bits.
pub fn from_json(json: &Json) -> Result<Value, IntegerTooLarge> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Boolean(*truth),
        Json::String(text) => Value::string(text),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Value::Integer(integer),
            (None, Some(float)) if !number.is_u64() => Value::Float(float),
            _ => return Err(IntegerTooLarge(number.to_string())),
        },
        Json::Array(items) => Value::list(items.iter().map(from_json).collect::<Result<_, _>>()?),
        Json::Object(members) => {
            let entries: Result<Vec<(SmolStr, Value)>, IntegerTooLarge> =
                members.iter().map(|(name, value)| Ok((SmolStr::new(name), from_json(value)?))).collect();
            Value::Map(entries?.into_iter().collect())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_integers_and_floats_apart() {
        let json = serde_json::json!({ "a": 1, "b": [1.0, null, { "c": "湖" }], "d": i64::MIN });
        let value = from_json(&json).map(|value| value.to_string());
        assert_eq!(value.as_deref(), Ok("{a: 1, b: [1.0, null, {c: '湖'}], d: -9223372036854775808}"));
        assert!(from_json(&serde_json::json!(u64::MAX)).is_err());
    }
}
