//! Values as people read them in a cell: `西溪谷`, `1.5`, `[1, 'a']`, `(:Park {name: '西溪谷'})`, `NULL`.
//!
//! A string stands for itself unless it could be taken for something else (`'NULL'`, `''`, `' x'`); inside of lists, maps and
//! elements it is quoted. Control and bidirectional characters are shown as escapes, so a cell is always one line.

use crate::text::visible;
use crate::value::{
    RdfLiteral, ResultNode, ResultPath, ResultRelationship, ResultValue, format_float, quote_name, quote_string,
};
use smol_str::SmolStr;

/// Returns the value as one line for a cell.
pub fn cell(value: &ResultValue) -> String {
    let text = match value {
        ResultValue::Null => return "NULL".to_owned(),
        ResultValue::String(text) if speaks_for_itself(text) => text.to_string(),
        _ => {
            let mut text = String::new();
            write(&mut text, value);
            text
        }
    };
    match visible(&text) {
        std::borrow::Cow::Borrowed(_) => text,
        std::borrow::Cow::Owned(shown) => shown,
    }
}

/// Returns a value that is neither null, text nor made of others as the text that every format writes.
pub(super) fn scalar(value: &ResultValue) -> Option<String> {
    Some(match value {
        ResultValue::Boolean(truth) => truth.to_string(),
        ResultValue::Integer(number) => number.to_string(),
        ResultValue::Float(number) => format_float(*number),
        ResultValue::Date(date) => date.to_string(),
        ResultValue::LocalTime(time) => time.to_string(),
        ResultValue::Time(time) => time.to_string(),
        ResultValue::LocalDateTime(moment) => moment.to_string(),
        ResultValue::DateTime(moment) => moment.to_string(),
        ResultValue::Duration(duration) => duration.to_string(),
        ResultValue::PartialDate(date) => date.to_string(),
        ResultValue::Null
        | ResultValue::String(_)
        | ResultValue::List(_)
        | ResultValue::Map(_)
        | ResultValue::Literal(_)
        | ResultValue::Node(_)
        | ResultValue::Relationship(_)
        | ResultValue::Path(_) => return None,
    })
}

/// Says whether a string cannot be taken for null, for nothing or for a quoted string.
fn speaks_for_itself(text: &str) -> bool {
    !text.is_empty()
        && text != "NULL"
        && !text.starts_with('\'')
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
}

fn write(text: &mut String, value: &ResultValue) {
    match value {
        ResultValue::Null => text.push_str("null"),
        ResultValue::String(string) => text.push_str(&quote_string(string)),
        ResultValue::List(items) => {
            text.push('[');
            separated(text, items, write);
            text.push(']');
        }
        ResultValue::Map(entries) => write_entries(text, entries),
        ResultValue::Literal(literal) => write_literal(text, literal),
        ResultValue::Node(node) => write_node(text, node),
        ResultValue::Relationship(relationship) => write_relationship(text, relationship),
        ResultValue::Path(path) => write_path(text, path),
        _ => text.push_str(&scalar(value).unwrap_or_default()),
    }
}

fn separated<T>(text: &mut String, items: &[T], write_one: impl Fn(&mut String, &T)) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        write_one(text, item);
    }
}

fn write_entries(text: &mut String, entries: &[(SmolStr, ResultValue)]) {
    text.push('{');
    separated(text, entries, |text, (name, value)| {
        text.push_str(&quote_name(name));
        text.push_str(": ");
        write(text, value);
    });
    text.push('}');
}

fn write_literal(text: &mut String, literal: &RdfLiteral) {
    text.push_str(&quote_string(&literal.text));
    match &literal.language {
        Some(language) => text.push_str(&format!("@{language}")),
        None => text.push_str(&format!("^^<{}>", literal.datatype)),
    }
}

fn write_node(text: &mut String, node: &ResultNode) {
    text.push('(');
    for label in &node.labels {
        text.push(':');
        text.push_str(&quote_name(label));
    }
    if !node.properties.is_empty() {
        if !node.labels.is_empty() {
            text.push(' ');
        }
        write_entries(text, &node.properties);
    }
    text.push(')');
}

fn write_relationship(text: &mut String, relationship: &ResultRelationship) {
    text.push_str("[:");
    text.push_str(&quote_name(&relationship.kind));
    if !relationship.properties.is_empty() {
        text.push(' ');
        write_entries(text, &relationship.properties);
    }
    text.push(']');
}

fn write_path(text: &mut String, path: &ResultPath) {
    for (index, node) in path.nodes.iter().enumerate() {
        write_node(text, node);
        if let Some(relationship) = path.relationships.get(index) {
            let along = relationship.start == node.element_id;
            text.push_str(if along { "-" } else { "<-" });
            write_relationship(text, relationship);
            text.push_str(if along { "->" } else { "-" });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::tests::{node, path};
    use super::*;

    #[test]
    fn null_and_the_string_null_differ() {
        for (text, expected) in [
            ("NULL", "'NULL'"),
            ("", "''"),
            ("'NULL'", "'\\'NULL\\''"),
            (" x", "' x'"),
            ("null", "null"),
            ("西溪谷", "西溪谷"),
            ("a\nb\u{202e}\u{1b}[2J", "a\\nb\\u{202e}\\u{1b}[2J"),
        ] {
            assert_eq!(cell(&ResultValue::string(text)), expected);
        }
        assert_eq!(cell(&ResultValue::Null), "NULL");
    }

    #[test]
    fn elements_read_as_patterns() {
        assert_eq!(cell(&ResultValue::Node(node("1", "Place", "谷\u{202e}"))), "(:Place {name: '谷\\u{202e}'})");
        assert_eq!(cell(&path()), "(:市 {name: '杭州'})<-[:IN]-(:`A b` {name: 'x'})");
        let bare = ResultNode { element_id: "1".into(), labels: Vec::new(), properties: Vec::new() };
        assert_eq!(cell(&ResultValue::Node(Arc::new(bare))), "()");
    }

    #[test]
    fn lists_and_maps_quote_their_strings() {
        let list = ResultValue::List(vec![ResultValue::string("NULL"), ResultValue::Null, ResultValue::Float(1.0)]);
        let map = ResultValue::Map(vec![("a b".into(), list)]);
        assert_eq!(cell(&map), "{`a b`: ['NULL', null, 1.0]}");
    }
}
