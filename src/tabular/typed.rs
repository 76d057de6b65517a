//! The text of a field as a value of a declared type, and lists in one field.
//!
//! | type | text |
//! |---|---|
//! | string | any |
//! | integer | `-12`, 64 bits |
//! | float | `1`, `1.5`, `1.5e3`, `NaN`, `Infinity`, `-Infinity` |
//! | boolean | `true`, `false`, without case |
//! | date | `2017-04-28` |
//! | partial date | `2017`, `2017-04`, or a date |
//! | list of one of them | items between `|`; the empty text is the empty list |
//!
//! Within a list `\|` is a plain bar and `\\` a plain backslash.

use crate::value::Value;
use crate::value::temporal::{Date, PartialDate};

/// The declared type of a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// Text.
    String,
    /// A 64-bit integer.
    Integer,
    /// A 64-bit float.
    Float,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A day, a month or a year; a day gives a date, the others a partial date.
    PartialDate,
    /// Several of a type between bars.
    List(Box<ColumnType>),
}

/// Why a text is not of a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotOfType {
    /// It does not read as one.
    #[error("`{text}` is not {expected}")]
    Unreadable {
        /// The text.
        text: String,
        /// The type with its article.
        expected: &'static str,
    },
    /// It is an integer beyond 64 bits.
    #[error("integer `{0}` does not fit into 64 bits")]
    IntegerTooLarge(String),
    /// It is written like a date, but the calendar does not have it.
    #[error("there is no date `{0}` in the calendar")]
    NoSuchDate(String),
    /// A backslash before something else than a bar or a backslash.
    #[error("in `{0}` a backslash must be followed by `|` or `\\`")]
    StrayBackslash(String),
    /// A bar in a text that is not a list.
    #[error("`{0}` has a bar, but the column holds one value; write `\\|` for a plain bar")]
    StrayBar(String),
}

impl ColumnType {
    /// Returns the type of this name: `string`, `integer`, `float`, `boolean`, `date`, `partial date`, `list of …`.
    pub fn named(name: &str) -> Option<ColumnType> {
        Some(match name {
            "string" => ColumnType::String,
            "integer" => ColumnType::Integer,
            "float" => ColumnType::Float,
            "boolean" => ColumnType::Boolean,
            "date" => ColumnType::Date,
            "partial date" => ColumnType::PartialDate,
            _ => ColumnType::List(Box::new(ColumnType::named(name.strip_prefix("list of ")?)?)),
        })
    }

    /// Returns the value that the text writes. Nothing is trimmed; only lists know escapes.
    ///
    /// # Errors
    /// If the text is not of this type.
    pub fn parse(&self, text: &str) -> Result<Value, NotOfType> {
        match self {
            ColumnType::String => Ok(Value::string(text)),
            ColumnType::Integer => integer(text),
            ColumnType::Float => float(text),
            ColumnType::Boolean if text.eq_ignore_ascii_case("true") => Ok(Value::Boolean(true)),
            ColumnType::Boolean if text.eq_ignore_ascii_case("false") => Ok(Value::Boolean(false)),
            ColumnType::Boolean => Err(unreadable(text, "a boolean")),
            ColumnType::Date => match date(text)? {
                Some(day @ Value::Date(_)) => Ok(day),
                _ => Err(unreadable(text, "a date")),
            },
            ColumnType::PartialDate => date(text)?.ok_or_else(|| unreadable(text, "a date, a month or a year")),
            ColumnType::List(of) => {
                let items: Result<Vec<Value>, NotOfType> =
                    split_list(text)?.iter().map(|item| of.parse(item)).collect();
                Ok(Value::list(items?))
            }
        }
    }
}

fn unreadable(text: &str, expected: &'static str) -> NotOfType {
    NotOfType::Unreadable { text: text.to_owned(), expected }
}

fn integer(text: &str) -> Result<Value, NotOfType> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(unreadable(text, "an integer"));
    }
    text.parse().map(Value::Integer).map_err(|_| NotOfType::IntegerTooLarge(text.to_owned()))
}

fn float(text: &str) -> Result<Value, NotOfType> {
    let number = match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        // Rust reads words of its own ("inf"), and no digit at all is no number.
        _ if text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) => {
            text.parse().ok().filter(|number: &f64| number.is_finite())
        }
        _ => None,
    };
    number.map(Value::Float).ok_or_else(|| unreadable(text, "a float"))
}

/// Reads a date, a month or a year; nothing if the text is written otherwise.
fn date(text: &str) -> Result<Option<Value>, NotOfType> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let mut parts = rest.split('-');
    let number = |part: &str, digits: std::ops::RangeInclusive<usize>| {
        let good = digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if good { part.parse::<i64>().ok() } else { None }
    };
    let Some(year) = parts.next().and_then(|part| number(part, 4..=9)) else { return Ok(None) };
    let year = sign * year;
    let value = match (parts.next(), parts.next(), parts.next()) {
        (None, _, _) => PartialDate::new(year, None).map(Value::PartialDate),
        (Some(month), None, _) => match number(month, 2..=2) {
            Some(month) => PartialDate::new(year, Some(month)).map(Value::PartialDate),
            None => return Ok(None),
        },
        (Some(month), Some(day), None) => match (number(month, 2..=2), number(day, 2..=2)) {
            (Some(month), Some(day)) => Date::from_ymd(year, month, day).map(Value::Date),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    value.map(Some).ok_or_else(|| NotOfType::NoSuchDate(text.to_owned()))
}

/// Returns the items of a list in one field; the empty text has none.
///
/// # Errors
/// If a backslash stands before something else than a bar or a backslash.
pub fn split_list(text: &str) -> Result<Vec<String>, NotOfType> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut items = vec![String::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let plain = match character {
            '|' => {
                items.push(String::new());
                continue;
            }
            '\\' => match characters.next() {
                Some(escaped @ ('|' | '\\')) => escaped,
                _ => return Err(NotOfType::StrayBackslash(text.to_owned())),
            },
            _ => character,
        };
        if let Some(item) = items.last_mut() {
            item.push(plain);
        }
    }
    Ok(items)
}

/// Returns one field that holds these items; the reverse of [`split_list`], but that one empty item reads as none.
#[cfg(test)]
pub fn join_list<'i>(items: impl IntoIterator<Item = &'i str>) -> String {
    items.into_iter().map(escape_bar).collect::<Vec<_>>().join("|")
}

/// Returns the text with its bars and backslashes escaped.
pub fn escape_bar(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|")
}

/// Returns the one text that a field of a file with escapes writes.
///
/// # Errors
/// If a backslash stands before something else, or a bar stands alone: then the field holds several.
pub fn unescape_bar(text: &str) -> Result<String, NotOfType> {
    let mut items = split_list(text)?;
    match (items.pop(), items.is_empty()) {
        (None, _) => Ok(String::new()),
        (Some(item), true) => Ok(item),
        _ => Err(NotOfType::StrayBar(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, text: &str) -> String {
        match ColumnType::named(name).expect("the type is known").parse(text) {
            Ok(value) => format!("{} {value}", value.kind()),
            Err(problem) => problem.to_string(),
        }
    }

    #[test]
    fn reads_each_type() {
        for (name, text, expected) in [
            ("string", " a|\\ ", "STRING  a|\\ "),
            ("integer", "-12", "INTEGER -12"),
            ("integer", "-9223372036854775808", "INTEGER -9223372036854775808"),
            ("integer", "1.0", "`1.0` is not an integer"),
            ("integer", "", "`` is not an integer"),
            ("integer", "9223372036854775808", "integer `9223372036854775808` does not fit into 64 bits"),
            ("float", "1", "FLOAT 1.0"),
            ("float", "-1.5e3", "FLOAT -1500.0"),
            ("float", "Infinity", "FLOAT Infinity"),
            ("float", "inf", "`inf` is not a float"),
            ("float", "1e999", "`1e999` is not a float"),
            ("boolean", "True", "BOOLEAN true"),
            ("boolean", "yes", "`yes` is not a boolean"),
            ("date", "2017-04-28", "DATE 2017-04-28"),
            ("date", "2017-04", "`2017-04` is not a date"),
            ("date", "2017-02-29", "there is no date `2017-02-29` in the calendar"),
            ("partial date", "2017", "PARTIAL DATE 2017"),
            ("partial date", "2017-04", "PARTIAL DATE 2017-04"),
            ("partial date", "2017-04-28", "DATE 2017-04-28"),
            ("partial date", "2017-13", "there is no date `2017-13` in the calendar"),
            ("partial date", "17-4", "`17-4` is not a date, a month or a year"),
            ("partial date", "2017年", "`2017年` is not a date, a month or a year"),
            ("list of integer", "1|2", "LIST [1, 2]"),
            ("list of string", "", "LIST []"),
            ("list of string", "a\\|b||c\\\\", "LIST ['a|b', '', 'c\\\\']"),
            ("list of string", "a\\n", "in `a\\n` a backslash must be followed by `|` or `\\`"),
        ] {
            assert_eq!(shown(name, text), expected, "{name} of {text}");
        }
        assert_eq!(ColumnType::named("money"), None);
    }

    #[test]
    fn lists_read_back_what_was_joined() {
        for items in [&["a", "b|c", "\\", ""][..], &[], &["园区"], &["", ""]] {
            assert_eq!(split_list(&join_list(items.iter().copied())).expect("it was joined"), items);
        }
        assert_eq!(unescape_bar("a\\|b\\\\"), Ok("a|b\\".to_owned()));
        assert_eq!(unescape_bar(""), Ok(String::new()));
        assert!(unescape_bar("a|b").is_err());
    }
}
