//! JSON text: how strings are written in all JSON formats, and values as plain JSON.
//!
//! | value | plain JSON |
//! |---|---|
//! | null, boolean, string, list, map | as JSON has them |
//! | integer | number without fraction: `42` |
//! | float | number with a point: `1.0`, `1.0e300`; `"NaN"`, `"Infinity"`, `"-Infinity"` |
//! | temporal | string |
//! | RDF literal | `{"value":…,"language":…}` or `{"value":…,"datatype":…}` |
//! | node | `{"id":…,"labels":[…],"properties":{…}}` |
//! | relationship | `{"id":…,"type":…,"start":…,"end":…,"properties":{…}}` |
//! | path | `{"nodes":[…],"relationships":[…]}` |
//!
//! Control and bidirectional characters are written as `\u` escapes, which every reader undoes; so JSON on a terminal does
//! not drive it.

use smol_str::SmolStr;

use super::notation::scalar;
use crate::value::{ResultNode, ResultRelationship, ResultValue, format_float};

/// Appends the value as plain JSON.
pub fn write_plain(json: &mut String, value: &ResultValue) {
    match value {
        ResultValue::Null => json.push_str("null"),
        ResultValue::Boolean(_) | ResultValue::Integer(_) => json.push_str(&scalar(value).unwrap_or_default()),
        ResultValue::Float(number) if number.is_finite() => json.push_str(&format_float(*number)),
        ResultValue::String(text) => write_string(json, text),
        ResultValue::List(items) => write_array(json, items, write_plain),
        ResultValue::Map(entries) => write_object(json, entries, write_plain),
        ResultValue::Literal(literal) => {
            json.push_str("{\"value\":");
            write_string(json, &literal.text);
            let (name, tag) = match &literal.language {
                Some(language) => ("language", language),
                None => ("datatype", &literal.datatype),
            };
            write_member(json, name, tag);
            json.push('}');
        }
        ResultValue::Node(node) => write_node(json, node),
        ResultValue::Relationship(relationship) => write_relationship(json, relationship),
        ResultValue::Path(path) => {
            json.push_str("{\"nodes\":");
            write_array(json, &path.nodes, |json, node| write_node(json, node));
            json.push_str(",\"relationships\":");
            write_array(json, &path.relationships, |json, relationship| write_relationship(json, relationship));
            json.push('}');
        }
        _ => write_string(json, &scalar(value).unwrap_or_default()),
    }
}

fn write_node(json: &mut String, node: &ResultNode) {
    json.push_str("{\"id\":");
    write_string(json, &node.element_id);
    json.push_str(",\"labels\":");
    write_array(json, &node.labels, |json, label| write_string(json, label));
    json.push_str(",\"properties\":");
    write_object(json, &node.properties, write_plain);
    json.push('}');
}

fn write_relationship(json: &mut String, relationship: &ResultRelationship) {
    json.push_str("{\"id\":");
    write_string(json, &relationship.element_id);
    write_member(json, "type", &relationship.kind);
    write_member(json, "start", &relationship.start);
    write_member(json, "end", &relationship.end);
    json.push_str(",\"properties\":");
    write_object(json, &relationship.properties, write_plain);
    json.push('}');
}

/// Appends one row as an object, the columns' names as keys.
pub(super) fn write_row(json: &mut String, columns: &[String], row: &[ResultValue]) {
    json.push('{');
    for (index, (column, value)) in columns.iter().zip(row).enumerate() {
        if index > 0 {
            json.push(',');
        }
        write_string(json, column);
        json.push(':');
        write_plain(json, value);
    }
    json.push('}');
}

/// Appends `,"name":"text"`.
pub(super) fn write_member(json: &mut String, name: &str, text: &str) {
    json.push_str(",\"");
    json.push_str(name);
    json.push_str("\":");
    write_string(json, text);
}

/// Appends an array of what `write_one` writes of each item.
pub(super) fn write_array<T>(json: &mut String, items: &[T], write_one: impl Fn(&mut String, &T)) {
    json.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        write_one(json, item);
    }
    json.push(']');
}

/// Appends an object of these entries, in their order.
pub(super) fn write_object(
    json: &mut String,
    entries: &[(SmolStr, ResultValue)],
    write_one: impl Fn(&mut String, &ResultValue),
) {
    json.push('{');
    for (index, (name, value)) in entries.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        write_string(json, name);
        json.push(':');
        write_one(json, value);
    }
    json.push('}');
}

/// Appends the text as a JSON string.
pub(super) fn write_string(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            ' '..='~' => json.push(character),
            _ if is_escaped(character) => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    json.push_str(&format!("\\u{unit:04x}"));
                }
            }
            _ => json.push(character),
        }
    }
    json.push('"');
}

/// Says whether a character is a control or changes the direction of those around it.
fn is_escaped(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::tests::{node, path};
    use super::*;
    use crate::value::RdfLiteral;

    fn plain(value: &ResultValue) -> String {
        let mut json = String::new();
        write_plain(&mut json, value);
        let _: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        json
    }

    #[test]
    fn writes_scalars() {
        for (value, expected) in [
            (ResultValue::Null, "null"),
            (ResultValue::Boolean(true), "true"),
            (ResultValue::Integer(i64::MIN), "-9223372036854775808"),
            (ResultValue::Float(1.0), "1.0"),
            (ResultValue::Float(1e300), "1.0e300"),
            (ResultValue::Float(f64::NAN), "\"NaN\""),
            (ResultValue::Float(f64::NEG_INFINITY), "\"-Infinity\""),
            (ResultValue::string("a\"\\\n\u{1}\u{202e}园\u{7f}"), "\"a\\\"\\\\\\n\\u0001\\u202e园\\u007f\""),
        ] {
            assert_eq!(plain(&value), expected);
        }
    }

    #[test]
    fn strings_read_back_the_same() {
        let text: String = ('\0'..='\u{2fff}').chain(['👨', '\u{e0001}', '\u{10ffff}']).collect();
        let mut json = String::new();
        write_string(&mut json, &text);
        assert_eq!(serde_json::from_str::<String>(&json).expect("it is a JSON string"), text);
    }

    #[test]
    fn writes_elements_and_literals() {
        let first = "{\"id\":\"1\",\"labels\":[\"市\"],\"properties\":{\"name\":\"杭州\"}}";
        assert_eq!(plain(&ResultValue::Node(node("1", "市", "杭州"))), first);
        let relationship = "{\"id\":\"3\",\"type\":\"IN\",\"start\":\"2\",\"end\":\"1\",\"properties\":{}}";
        let second = "{\"id\":\"2\",\"labels\":[\"A b\"],\"properties\":{\"name\":\"x\"}}";
        assert_eq!(plain(&path()), format!("{{\"nodes\":[{first},{second}],\"relationships\":[{relationship}]}}"));
        let literal = RdfLiteral { text: "园".into(), datatype: "d".into(), language: Some("zh".into()) };
        assert_eq!(plain(&ResultValue::Literal(Arc::new(literal))), "{\"value\":\"园\",\"language\":\"zh\"}");
    }
}
