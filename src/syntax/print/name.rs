//! Names, texts, parameters: quoted where the grammar needs it.

use super::Printer;
use crate::syntax::ast::{Literal, Name, QualifiedName};
use crate::syntax::keyword;
use crate::syntax::parser::{Rule, matches_whole};

/// Returns a name as it is written in a query: with backticks if it is no plain word, or a word that the language needs.
pub fn quote_name(name: &str) -> String {
    match keyword::is_reserved(name) {
        true => in_backticks(name),
        false => schema_name(name),
    }
}

/// Returns a text in quotes, with escapes.
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
            _ if character.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(character))),
            _ => quoted.push(character),
        }
    }
    quoted.push('\'');
    quoted
}

/// Returns a label, type or key: any plain word needs no backticks.
pub(super) fn schema_name(name: &str) -> String {
    let mut characters = name.bytes();
    let is_ascii_word = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && characters.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match is_ascii_word || matches_whole(Rule::word, name) {
        true => name.to_owned(),
        false => in_backticks(name),
    }
}

fn in_backticks(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Function names with a call syntax of their own; a plain call of such a name needs backticks.
const SPECIAL_CALLS: [&str; 7] = ["all", "any", "none", "single", "reduce", "shortestpath", "allshortestpaths"];

impl Printer {
    /// Adds a variable.
    pub(super) fn variable(&mut self, name: &Name) {
        let quoted = quote_name(&name.text);
        self.put(&quoted);
    }

    /// Adds a label, type or key.
    pub(super) fn schema_name(&mut self, name: &Name) {
        let quoted = schema_name(&name.text);
        self.put(&quoted);
    }

    /// Adds a function's name.
    pub(super) fn function_name(&mut self, name: &QualifiedName) {
        match name.parts.as_slice() {
            [only] if only.text.eq_ignore_ascii_case("exists") => self.put(&only.text),
            [only] if SPECIAL_CALLS.contains(&only.text.to_ascii_lowercase().as_str()) => {
                self.put(&in_backticks(&only.text));
            }
            _ => self.qualified_name(name),
        }
    }

    /// Adds a name in parts.
    pub(super) fn qualified_name(&mut self, name: &QualifiedName) {
        for (index, part) in name.parts.iter().enumerate() {
            match index {
                0 => self.variable(part),
                _ => {
                    self.put(".");
                    self.schema_name(part);
                }
            }
        }
    }

    /// Adds a parameter.
    pub(super) fn parameter(&mut self, name: &str) {
        let is_plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let quoted = if is_plain { name.to_owned() } else { schema_name(name) };
        self.put("$");
        self.put(&quoted);
    }

    /// Adds a constant.
    pub(super) fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Null => self.put("null"),
            Literal::Boolean(true) => self.put("true"),
            Literal::Boolean(false) => self.put("false"),
            Literal::Integer(value) => self.put(&value.to_string()),
            // The shortest form that reads back as the same number; it always has a point or an exponent.
            Literal::Float(value) => self.put(&format!("{value:?}")),
            Literal::String(text) => self.put(&quote_string(text)),
        }
    }
}
