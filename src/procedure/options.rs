//! The options of a procedure: a map whose keys are known, so that a slip of the pen is an error and not a default.

use crate::value::{Map, NodeId, Value, ValueError};

/// The options given in one call.
pub(super) struct Options<'a> {
    map: Option<&'a Map>,
}

impl<'a> Options<'a> {
    /// Reads the options; null means none.
    ///
    /// # Errors
    /// If a key is not one of those allowed.
    pub(super) fn new(value: &'a Value, allowed: &[&str]) -> Result<Options<'a>, ValueError> {
        let map = match value {
            Value::Null => return Ok(Options { map: None }),
            Value::Map(map) => map,
            other => return Err(ValueError::wrong_kind(format!("options stand in a MAP, not in {}", other.kind()))),
        };
        match map.iter().find(|(key, _)| !allowed.contains(&key.as_str())) {
            Some((key, _)) => Err(ValueError::bad_argument(format!("there is no option `{key}`"))
                .with_hint(format!("the options are {}", quoted(allowed)))),
            None => Ok(Options { map: Some(map) }),
        }
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.map?.get(key).filter(|value| !value.is_null())
    }

    /// Returns an integer within a range.
    pub(super) fn integer(
        &self,
        key: &str,
        default: i64,
        range: std::ops::RangeInclusive<i64>,
    ) -> Result<i64, ValueError> {
        match self.get(key) {
            None => Ok(default),
            Some(Value::Integer(integer)) if range.contains(integer) => Ok(*integer),
            Some(Value::Integer(integer)) => Err(ValueError::out_of_range(format!(
                "`{key}` lies between {} and {}, not at {integer}",
                range.start(),
                range.end()
            ))),
            Some(other) => Err(wrong_kind(key, "an INTEGER", other)),
        }
    }

    /// Returns a number from 0 to 1.
    pub(super) fn share(&self, key: &str, default: f64) -> Result<f64, ValueError> {
        let number = match self.get(key) {
            None => return Ok(default),
            Some(Value::Float(float)) => *float,
            Some(Value::Integer(integer)) => *integer as f64,
            Some(other) => return Err(wrong_kind(key, "a number", other)),
        };
        if (0.0..=1.0).contains(&number) {
            return Ok(number);
        }
        Err(ValueError::out_of_range(format!("`{key}` lies between 0 and 1, not at {number}")))
    }

    /// Returns a text.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>, ValueError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_kind(key, "a STRING", other)),
        }
    }

    /// Returns one of some words; the first is the default.
    pub(super) fn choice(&self, key: &str, words: &[&'static str]) -> Result<&'static str, ValueError> {
        let Some(text) = self.text(key)? else { return Ok(words[0]) };
        let known = words.iter().find(|word| word.eq_ignore_ascii_case(text));
        known.copied().ok_or_else(|| {
            ValueError::bad_argument(format!("`{text}` is no `{key}`"))
                .with_hint(format!("it is one of {}", quoted(words)))
        })
    }

    /// Returns a list of texts; a single text is a list of one.
    pub(super) fn texts(&self, key: &str) -> Result<Option<Vec<&'a str>>, ValueError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(vec![text])),
            Some(Value::List(items)) => {
                let text = |item: &'a Value| match item {
                    Value::String(text) => Ok(text.as_str()),
                    other => Err(wrong_kind(key, "a list of STRINGs", other)),
                };
                items.iter().map(text).collect::<Result<_, _>>().map(Some)
            }
            Some(other) => Err(wrong_kind(key, "a list of STRINGs", other)),
        }
    }

    /// Returns a node that must be given.
    pub(super) fn node(&self, key: &str) -> Result<NodeId, ValueError> {
        match self.get(key) {
            Some(Value::Node(node)) => Ok(*node),
            Some(other) => Err(wrong_kind(key, "a NODE", other)),
            None => Err(ValueError::bad_argument(format!("the option `{key}` must be given, and is a NODE"))),
        }
    }
}

fn wrong_kind(key: &str, wanted: &str, found: &Value) -> ValueError {
    ValueError::wrong_kind(format!("`{key}` is {wanted}, not {}", found.kind()))
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
