//! A value as the text of a cell that reads back as it.

use crate::knowledge::{PropertyDeclaration, ValueType};
use crate::tabular::escape_bar;
use crate::value::{Kind, Value};

/// Returns the text that a cell of a property holds for a value; none if the property's type cannot say it.
pub fn value_text(value: &Value, declared: &PropertyDeclaration) -> Option<String> {
    match value {
        Value::List(items) if declared.many && !items.is_empty() => {
            let items: Option<Vec<String>> = items.iter().map(|item| item_text(item, declared)).collect();
            Some(items?.join("|"))
        }
        _ => item_text(value, declared),
    }
}

fn item_text(value: &Value, declared: &PropertyDeclaration) -> Option<String> {
    if type_of(value.kind())? != declared.value && declared.value != ValueType::Any {
        return None;
    }
    // Of an undeclared type only text reads back as what it was.
    if declared.value == ValueType::Any && value.kind() != Kind::String {
        return None;
    }
    match value {
        // An empty cell says nothing, so that an empty text cannot be said.
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(escape_bar(text)),
        _ => Some(value.to_string()),
    }
}

/// Returns the declared type that values of a kind have.
pub fn type_of(kind: Kind) -> Option<ValueType> {
    Some(match kind {
        Kind::Boolean => ValueType::Boolean,
        Kind::Integer => ValueType::Integer,
        Kind::Float => ValueType::Float,
        Kind::String => ValueType::String,
        Kind::Date | Kind::PartialDate => ValueType::Date,
        Kind::LocalTime => ValueType::LocalTime,
        Kind::Time => ValueType::Time,
        Kind::LocalDateTime => ValueType::LocalDateTime,
        Kind::DateTime => ValueType::DateTime,
        Kind::Duration => ValueType::Duration,
        _ => return None,
    })
}
