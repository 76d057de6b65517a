//! Values as text: the plain form that `toString()` gives, and the literal form that a query would be written with.

use std::borrow::Cow;
use std::fmt::{self, Display, Write};

use super::{Map, Path, RdfLiteral, Value};

/// Returns the shortest decimal that reads back as this float, always with a point: `1.0`, `1.5e-7`.
pub fn format_float(float: f64) -> String {
    if float.is_nan() {
        return "NaN".to_string();
    }
    if float.is_infinite() {
        return if float > 0.0 { "Infinity" } else { "-Infinity" }.to_string();
    }
    let text = format!("{float:?}");
    match text.split_once('e') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0e{exponent}"),
        _ => text,
    }
}

/// Returns the text as a string literal in single quotes.
pub fn quote_string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for character in text.chars() {
        match character {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            character if character.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            character => quoted.push(character),
        }
    }
    quoted.push('\'');
    quoted
}

/// Says whether the name can stand in a query without backticks.
pub fn is_plain_name(name: &str) -> bool {
    let mut characters = name.chars();
    let starts = characters.next().is_some_and(|first| first == '_' || first.is_alphabetic());
    starts && characters.all(|character| character == '_' || character.is_alphanumeric())
}

/// Returns the name as a query would write it: in backticks unless it is plain.
pub fn quote_name(name: &str) -> Cow<'_, str> {
    if is_plain_name(name) { Cow::Borrowed(name) } else { Cow::Owned(format!("`{}`", name.replace('`', "``"))) }
}

/// Returns the value as a query would write it: strings quoted, temporal values as calls.
///
/// Nodes, relationships and paths have no literal; they print as their ids.
pub fn literal(value: &Value) -> String {
    let call = |name: &str, text: &dyn fmt::Display| format!("{name}('{text}')");
    match value {
        Value::Float(float) if float.is_nan() => "(0.0 / 0.0)".to_string(),
        Value::Float(float) if float.is_infinite() => {
            if *float > 0.0 { "(1.0 / 0.0)" } else { "(-1.0 / 0.0)" }.to_string()
        }
        Value::String(text) => quote_string(text),
        Value::List(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            let entries: Vec<_> =
                map.iter().map(|(key, item)| format!("{}: {}", quote_name(key), literal(item))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Date(date) => call("date", date),
        Value::LocalTime(time) => call("localtime", time),
        Value::Time(time) => call("time", time),
        Value::LocalDateTime(moment) => call("localdatetime", moment),
        Value::DateTime(moment) => call("datetime", moment),
        Value::Duration(duration) => call("duration", duration),
        Value::PartialDate(date) => call("partialdate", date),
        _ => value.to_string(),
    }
}

/// The plain form: a string is its text, except inside of lists and maps, where it is quoted.
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => formatter.write_str("null"),
            Value::Boolean(boolean) => boolean.fmt(formatter),
            Value::Integer(integer) => integer.fmt(formatter),
            Value::Float(float) => formatter.write_str(&format_float(*float)),
            Value::String(text) => formatter.write_str(text),
            Value::List(items) => write_list(formatter, items),
            Value::Map(map) => write_map(formatter, map),
            Value::Date(date) => date.fmt(formatter),
            Value::LocalTime(time) => time.fmt(formatter),
            Value::Time(time) => time.fmt(formatter),
            Value::LocalDateTime(moment) => moment.fmt(formatter),
            Value::DateTime(moment) => moment.fmt(formatter),
            Value::Duration(duration) => duration.fmt(formatter),
            Value::PartialDate(date) => date.fmt(formatter),
            Value::Literal(literal) => literal.fmt(formatter),
            Value::Node(node) => write!(formatter, "(#{})", node.0),
            Value::Relationship(relationship) => write!(formatter, "[#{}]", relationship.0),
            Value::Path(path) => write_path(formatter, path),
        }
    }
}

/// Writes an item of a list or map: strings are quoted there.
fn write_item(formatter: &mut fmt::Formatter<'_>, item: &Value) -> fmt::Result {
    match item {
        Value::String(text) => formatter.write_str(&quote_string(text)),
        item => item.fmt(formatter),
    }
}

/// Writes `[1, 'a']`.
fn write_list(formatter: &mut fmt::Formatter<'_>, items: &[Value]) -> fmt::Result {
    formatter.write_str("[")?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            formatter.write_str(", ")?;
        }
        write_item(formatter, item)?;
    }
    formatter.write_str("]")
}

/// Writes `{key: 1}`.
fn write_map(formatter: &mut fmt::Formatter<'_>, map: &Map) -> fmt::Result {
    formatter.write_str("{")?;
    for (index, (key, item)) in map.iter().enumerate() {
        if index > 0 {
            formatter.write_str(", ")?;
        }
        write!(formatter, "{}: ", quote_name(key))?;
        write_item(formatter, item)?;
    }
    formatter.write_str("}")
}

/// Writes `<(#1)-[#4]-(#2)>`: the direction is not known without the graph.
fn write_path(formatter: &mut fmt::Formatter<'_>, path: &Path) -> fmt::Result {
    formatter.write_str("<")?;
    for (index, node) in path.nodes.iter().enumerate() {
        write!(formatter, "(#{})", node.0)?;
        if let Some(relationship) = path.relationships.get(index) {
            write!(formatter, "-[#{}]-", relationship.0)?;
        }
    }
    formatter.write_str(">")
}

/// Prints as Turtle writes it, with the full IRI.
impl fmt::Display for RdfLiteral {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r");
        match &self.language {
            Some(language) => write!(formatter, "\"{text}\"@{language}"),
            None => write!(formatter, "\"{text}\"^^<{}>", self.datatype),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_shortest_with_a_point() {
        let cases = [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (68_719_476_736.0, "68719476736.0"),
            (1e16, "1.0e16"),
            (1.5e-7, "1.5e-7"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ];
        for (float, text) in cases {
            assert_eq!(format_float(float), text);
        }
    }

    #[test]
    fn strings_are_quoted_inside_and_in_literals() {
        let list = Value::list(vec![Value::string("it's"), Value::Integer(1), Value::Null]);
        assert_eq!(list.to_string(), "['it\\'s', 1, null]");
        assert_eq!(Value::string("a\n").to_string(), "a\n");
        assert_eq!(literal(&Value::string("a\n湖\u{1}")), "'a\\n湖\\u0001'");
    }

    #[test]
    fn names_are_quoted_where_they_must_be() {
        let map =
            Value::Map([("名称".into(), Value::Integer(1)), ("a b".into(), Value::Integer(2))].into_iter().collect());
        assert_eq!(literal(&map), "{`a b`: 2, 名称: 1}");
    }
}
