//! The text of a cell as the value that a property is declared to have.

use smol_str::SmolStr;

use crate::knowledge::{PropertyDeclaration, ValueType};
use crate::tabular::{ColumnType, split_list, unescape_bar};
use crate::value::Value;
use crate::value::temporal::{DateTime, Duration, LocalDateTime, LocalTime, Time};

/// Returns the values that a cell states of a property: one, or for a property of many values one an item.
///
/// # Errors
/// What does not fit, in words.
pub fn read_values(text: &SmolStr, property: &PropertyDeclaration) -> Result<Vec<Value>, String> {
    if !text.contains(['|', '\\']) {
        return Ok(vec![read_value(text, property)?]);
    }
    let items = match property.many {
        true => split_list(text).map_err(|problem| problem.to_string())?,
        false => vec![unescape_bar(text).map_err(|problem| problem.to_string())?],
    };
    items.iter().map(|item| read_value(&SmolStr::new(item), property)).collect()
}

/// Returns the value that a text states of a property.
///
/// # Errors
/// What does not fit, in words.
pub fn read_value(text: &SmolStr, property: &PropertyDeclaration) -> Result<Value, String> {
    let unreadable = |kind: &str| format!("`{text}` is not {kind}");
    if !property.values.is_empty() && !property.values.contains_key(text.as_str()) {
        let words: Vec<String> = property.values.keys().map(|word| format!("`{word}`")).collect();
        return Err(format!("`{text}` is none of the words allowed: {}", words.join(", ")));
    }
    let typed = |column: ColumnType| column.parse(text).map_err(|problem| problem.to_string());
    match property.value {
        ValueType::Any | ValueType::String | ValueType::Literal => Ok(Value::String(text.clone())),
        ValueType::Boolean => typed(ColumnType::Boolean),
        ValueType::Integer => typed(ColumnType::Integer),
        ValueType::Float => typed(ColumnType::Float),
        ValueType::Date => typed(ColumnType::PartialDate),
        ValueType::LocalTime => LocalTime::parse(text).map(Value::LocalTime).ok_or_else(|| unreadable("a local time")),
        ValueType::Time => Time::parse(text).map(Value::Time).ok_or_else(|| unreadable("a time")),
        ValueType::LocalDateTime => {
            LocalDateTime::parse(text).map(Value::LocalDateTime).ok_or_else(|| unreadable("a local date and time"))
        }
        ValueType::DateTime => {
            let read = DateTime::parse(text).map(|moment| Value::DateTime(moment.into()));
            read.ok_or_else(|| unreadable("a date and time"))
        }
        ValueType::Duration => {
            let read = Duration::parse(text).map(|duration| Value::Duration(duration.into()));
            read.ok_or_else(|| unreadable("a duration"))
        }
    }
}
