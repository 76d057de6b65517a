//! Lists as JSON texts (`rdf:JSON`) and back: for values that RDF would lose the order, the repetitions or the absence of.
//!
//! Text, integers, finite floats and booleans are JSON's own; other values are objects with `@value`, `@type` and `@language`, as in JSON-LD.

use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;

use crate::knowledge::ValueType;
use crate::value::Value;

use super::literal;
use super::term::Literal;

/// Returns items as a JSON text; none if one of them is no data.
pub fn json_of(items: &[Value]) -> Option<String> {
    let items: Option<Vec<Json>> = items.iter().map(item).collect();
    Some(Json::Array(items?).to_string())
}

fn item(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => Json::Null,
        Value::Boolean(truth) => json!(truth),
        Value::Integer(integer) => json!(integer),
        Value::Float(float) if float.is_finite() => json!(float),
        Value::String(text) => json!(text.as_str()),
        Value::List(items) => Json::Array(items.iter().map(item).collect::<Option<_>>()?),
        other => {
            let literal = literal::literal_of(other, None)?;
            let mut object = Map::new();
            object.insert("@value".to_owned(), json!(literal.text.as_str()));
            match &literal.language {
                Some(language) => object.insert("@language".to_owned(), json!(language.as_str())),
                None => object.insert("@type".to_owned(), json!(literal.datatype.as_str())),
            };
            Json::Object(object)
        }
    })
}

/// Returns the list that a JSON text writes; none if it is no list of ours.
pub fn value_of(text: &str) -> Option<Value> {
    match serde_json::from_str(text).ok()? {
        Json::Array(items) => read_list(items),
        _ => None,
    }
}

fn read_list(items: Vec<Json>) -> Option<Value> {
    items.into_iter().map(read).collect::<Option<Vec<Value>>>().map(Value::list)
}

fn read(json: Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Boolean(truth),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Value::Integer(integer),
            None => Value::Float(number.as_f64().filter(|_| number.is_f64())?),
        },
        Json::String(text) => Value::string(text),
        Json::Array(items) => read_list(items)?,
        Json::Object(object) => {
            let text = |name: &str| object.get(name).and_then(Json::as_str);
            let literal = match (text("@value")?, text("@language"), text("@type")) {
                (value, Some(language), _) => Literal::tagged(value, language),
                (value, None, Some(datatype)) => {
                    Literal { text: SmolStr::new(value), datatype: SmolStr::new(datatype), language: None }
                }
                _ => return None,
            };
            literal::value_of(&literal, ValueType::Any, None)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::literal as literal_form;
    use crate::value::temporal::PartialDate;

    #[test]
    fn lists_keep_order_repetition_and_kinds() {
        let year = Value::PartialDate(PartialDate { year: 2017, month: None });
        let items = vec![
            Value::Integer(1),
            Value::Float(1.0),
            Value::Integer(1),
            Value::Null,
            Value::string("湖"),
            year,
            Value::list(vec![Value::Float(f64::INFINITY)]),
        ];
        let text = json_of(&items).expect("a list of data");
        assert!(text.starts_with("[1,1.0,1,null,\"湖\",{\"@value\":\"2017\""), "{text}");
        let back = value_of(&text).expect("a list of ours");
        assert_eq!(literal_form(&back), literal_form(&Value::list(items)));
    }
}
