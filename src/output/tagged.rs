//! The tagged JSON of `stdio`, both directions: results go out so that no two values look alike, parameters come in.
//!
//! | value | JSON |
//! |---|---|
//! | null, boolean, string, list | as JSON has them |
//! | integer | number without fraction or exponent |
//! | float | `{"$float":"1.5"}`, also `NaN`, `Infinity`, `-Infinity` |
//! | map | `{"$map":{…}}` |
//! | node | `{"$node":{"id":…,"labels":[…],"props":{…}}}` |
//! | relationship | `{"$rel":{"id":…,"type":…,"start":…,"end":…,"props":{…}}}` |
//! | path | `{"$path":{"nodes":[…],"rels":[…]}}`, nodes and relationships tagged in turn |
//! | temporal | `{"$temporal":{"type":"date","text":…}}`; type also `localtime`, `time`, `localdatetime`, `datetime`, `duration`, and our own `partialdate` |
//! | RDF literal | `{"$literal":{"text":…,"datatype":…,"language":…}}`, our own |
//!
//! Parameters use the same forms without elements and temporals. JSON as people write it is read by
//! [`from_json`](crate::value::from_json).

use serde_json::Value as Json;
use smol_str::SmolStr;

use super::json_text::{write_array, write_member, write_object, write_string};
use super::notation::scalar;
use crate::value::{
    IntegerTooLarge, RdfLiteral, ResultNode, ResultRelationship, ResultValue, Value, format_float, from_json,
};

/// Appends the value as tagged JSON.
pub fn write(json: &mut String, value: &ResultValue) {
    match value {
        ResultValue::Null => json.push_str("null"),
        ResultValue::Boolean(_) | ResultValue::Integer(_) => json.push_str(&scalar(value).unwrap_or_default()),
        ResultValue::Float(number) => {
            json.push_str("{\"$float\":");
            write_string(json, &format_float(*number));
            json.push('}');
        }
        ResultValue::String(text) => write_string(json, text),
        ResultValue::List(items) => write_array(json, items, write),
        ResultValue::Map(entries) => {
            json.push_str("{\"$map\":");
            write_object(json, entries, write);
            json.push('}');
        }
        ResultValue::Date(_) => write_temporal(json, "date", value),
        ResultValue::LocalTime(_) => write_temporal(json, "localtime", value),
        ResultValue::Time(_) => write_temporal(json, "time", value),
        ResultValue::LocalDateTime(_) => write_temporal(json, "localdatetime", value),
        ResultValue::DateTime(_) => write_temporal(json, "datetime", value),
        ResultValue::Duration(_) => write_temporal(json, "duration", value),
        ResultValue::PartialDate(_) => write_temporal(json, "partialdate", value),
        ResultValue::Literal(literal) => write_literal(json, literal),
        ResultValue::Node(node) => write_node(json, node),
        ResultValue::Relationship(relationship) => write_relationship(json, relationship),
        ResultValue::Path(path) => {
            json.push_str("{\"$path\":{\"nodes\":");
            write_array(json, &path.nodes, |json, node| write_node(json, node));
            json.push_str(",\"rels\":");
            write_array(json, &path.relationships, |json, relationship| write_relationship(json, relationship));
            json.push_str("}}");
        }
    }
}

/// Appends a row as an array of tagged values.
pub fn write_row(json: &mut String, row: &[ResultValue]) {
    write_array(json, row, write);
}

fn write_temporal(json: &mut String, kind: &str, value: &ResultValue) {
    json.push_str("{\"$temporal\":{\"type\":");
    write_string(json, kind);
    write_member(json, "text", &scalar(value).unwrap_or_default());
    json.push_str("}}");
}

fn write_literal(json: &mut String, literal: &RdfLiteral) {
    json.push_str("{\"$literal\":{\"text\":");
    write_string(json, &literal.text);
    write_member(json, "datatype", &literal.datatype);
    if let Some(language) = &literal.language {
        write_member(json, "language", language);
    }
    json.push_str("}}");
}

fn write_node(json: &mut String, node: &ResultNode) {
    json.push_str("{\"$node\":{\"id\":");
    write_string(json, &node.element_id);
    json.push_str(",\"labels\":");
    write_array(json, &node.labels, |json, label| write_string(json, label));
    json.push_str(",\"props\":");
    write_object(json, &node.properties, write);
    json.push_str("}}");
}

fn write_relationship(json: &mut String, relationship: &ResultRelationship) {
    json.push_str("{\"$rel\":{\"id\":");
    write_string(json, &relationship.element_id);
    write_member(json, "type", &relationship.kind);
    write_member(json, "start", &relationship.start);
    write_member(json, "end", &relationship.end);
    json.push_str(",\"props\":");
    write_object(json, &relationship.properties, write);
    json.push_str("}}");
}

/// Why JSON is not a parameter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// An integer outside of 64 bits.
    #[error(transparent)]
    IntegerTooLarge(#[from] IntegerTooLarge),
    /// A number with a fraction or an exponent where only tagged floats are.
    #[error("number `{0}` has a fraction or an exponent; a float is written {{\"$float\":\"{0}\"}}")]
    UntaggedFloat(String),
    /// A `$float` that holds no float.
    #[error("`{0}` is not a float")]
    NotAFloat(String),
    /// An object without a known tag.
    #[error("an object must be tagged `$map` or `$float`; found {0}")]
    UnknownObject(String),
}

/// Reads tagged JSON as a parameter.
///
/// # Errors
/// If it is not of one of the forms in the table above, or is an element or a temporal value.
pub fn read(json: &Json) -> Result<Value, ReadError> {
    match json {
        Json::Number(number) if !number.is_i64() && !number.is_u64() => {
            Err(ReadError::UntaggedFloat(number.to_string()))
        }
        Json::Array(items) => Ok(Value::list(items.iter().map(read).collect::<Result<_, _>>()?)),
        Json::Object(members) => {
            let mut members_left = members.iter();
            match (members_left.next(), members_left.next()) {
                (Some((tag, Json::String(text))), None) if tag == "$float" => read_float(text),
                (Some((tag, Json::Object(entries))), None) if tag == "$map" => read_map(entries, read),
                (Some((name, _)), None) => Err(ReadError::UnknownObject(format!("`{name}`"))),
                (None, _) => Err(ReadError::UnknownObject("no member".to_owned())),
                _ => Err(ReadError::UnknownObject(format!("{} members", members.len()))),
            }
        }
        _ => Ok(from_json(json)?),
    }
}

fn read_map(
    entries: &serde_json::Map<String, Json>,
    read_one: impl Fn(&Json) -> Result<Value, ReadError>,
) -> Result<Value, ReadError> {
    let entries: Result<Vec<(SmolStr, Value)>, ReadError> =
        entries.iter().map(|(name, value)| Ok((SmolStr::new(name), read_one(value)?))).collect();
    Ok(Value::Map(entries?.into_iter().collect()))
}

fn read_float(text: &str) -> Result<Value, ReadError> {
    // Rust reads more words ("inf", "nan") than the protocol knows.
    let float = match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ if text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E')) => {
            text.parse().ok().filter(|float: &f64| float.is_finite())
        }
        _ => None,
    };
    float.map(Value::Float).ok_or_else(|| ReadError::NotAFloat(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{node, path};
    use super::*;
    use crate::value::temporal::Date;

    fn tagged(value: &ResultValue) -> String {
        let mut json = String::new();
        write(&mut json, value);
        let _: Json = serde_json::from_str(&json).expect("it is JSON");
        json
    }

    fn parsed(json: &str) -> Result<Value, ReadError> {
        read(&serde_json::from_str(json).expect("it is JSON"))
    }

    #[test]
    fn tags_what_json_would_mix_up() {
        for (value, expected) in [
            (ResultValue::Integer(42), "42"),
            (ResultValue::Float(1.5), "{\"$float\":\"1.5\"}"),
            (ResultValue::Float(f64::NAN), "{\"$float\":\"NaN\"}"),
            (ResultValue::List(vec![ResultValue::Null, ResultValue::Boolean(false)]), "[null,false]"),
            (ResultValue::Map(vec![("k".into(), ResultValue::Float(1.0))]), "{\"$map\":{\"k\":{\"$float\":\"1.0\"}}}"),
            (ResultValue::Date(Date { days: 5397 }), "{\"$temporal\":{\"type\":\"date\",\"text\":\"1984-10-11\"}}"),
        ] {
            assert_eq!(tagged(&value), expected);
        }
        let first = "{\"$node\":{\"id\":\"1\",\"labels\":[\"市\"],\"props\":{\"name\":\"杭州\"}}}";
        assert_eq!(tagged(&ResultValue::Node(node("1", "市", "杭州"))), first);
        let second = "{\"$node\":{\"id\":\"2\",\"labels\":[\"A b\"],\"props\":{\"name\":\"x\"}}}";
        let relationship = "{\"$rel\":{\"id\":\"3\",\"type\":\"IN\",\"start\":\"2\",\"end\":\"1\",\"props\":{}}}";
        let expected = format!("{{\"$path\":{{\"nodes\":[{first},{second}],\"rels\":[{relationship}]}}}}");
        assert_eq!(tagged(&path()), expected);
    }

    #[test]
    fn reads_parameters_back() {
        let json = "{\"$map\":{\"a\":[1,{\"$float\":\"1.0\"},null,true,\"园\"],\"b\":{\"$map\":{}}}}";
        let Ok(Value::Map(map)) = parsed(json) else { panic!("it is a map") };
        let Some(Value::List(items)) = map.get("a") else { panic!("a list is under a") };
        assert!(matches!(items[0], Value::Integer(1)));
        assert!(matches!(items[1], Value::Float(float) if float == 1.0));
        assert!(matches!(&items[4], Value::String(text) if text == "园"));
        assert!(matches!(parsed("{\"$float\":\"-Infinity\"}"), Ok(Value::Float(float)) if float == f64::NEG_INFINITY));
        assert!(matches!(parsed("-9223372036854775808"), Ok(Value::Integer(i64::MIN))));
    }

    #[test]
    fn refuses_what_is_not_of_the_protocol() {
        for (json, message) in [
            ("1.5", "number `1.5` has a fraction or an exponent; a float is written {\"$float\":\"1.5\"}"),
            ("9223372036854775808", "integer `9223372036854775808` does not fit into 64 bits"),
            ("{\"$float\":\"inf\"}", "`inf` is not a float"),
            ("{\"$float\":\"1e999\"}", "`1e999` is not a float"),
            ("{\"a\":1}", "an object must be tagged `$map` or `$float`; found `a`"),
            ("{}", "an object must be tagged `$map` or `$float`; found no member"),
            ("[{\"$node\":{}}]", "an object must be tagged `$map` or `$float`; found `$node`"),
        ] {
            assert_eq!(parsed(json).map_err(|error| error.to_string()).err().as_deref(), Some(message));
        }
    }
}
