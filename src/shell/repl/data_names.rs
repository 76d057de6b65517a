//! Names in the data, for a text that is being typed: which property and label it is compared with, and the names that it may mean.

use crate::engine::{Connection, Parameters};
use crate::syntax::{Token, TokenKind, tokens};

/// The most nodes that are searched at a key press.
const MOST_NODES: u64 = 200_000;

/// How many names are offered.
const MOST_NAMES: usize = 24;

/// A text in quotes that has no end yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The offset of what stands behind the opening quote.
    pub(super) start: usize,
    /// What was typed of it.
    pub(super) typed: String,
    /// The quote.
    pub(super) quote: char,
    /// The property that it is compared with.
    pub(super) key: String,
    /// The label of the node whose property it is, if it stands in a pattern.
    pub(super) label: Option<String>,
}

impl Place {
    /// Returns a name as it is written there, with the closing quote.
    pub(super) fn written(&self, name: &str) -> String {
        let escaped = name.replace('\\', "\\\\").replace(self.quote, &format!("\\{}", self.quote));
        format!("{escaped}{}", self.quote)
    }
}

/// Returns the place at the end of a text, if a text in quotes is open there.
pub(super) fn place_in(before: &str) -> Option<Place> {
    let all: Vec<Token> = tokens(before).into_iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let (open, rest) = all.split_last()?;
    let written = open.span.text(before);
    let quote = written.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    if open.kind != TokenKind::Unfinished {
        return None;
    }
    let text =
        |back: usize| rest.len().checked_sub(back).and_then(|at| rest.get(at)).map_or("", |t| t.span.text(before));
    // `{name: '`, `n.name = '`, `n.name CONTAINS '` and the like.
    let words = ["=", "<>", ":", "CONTAINS", "WITH", "=~"];
    let compares = words.iter().any(|word| word.eq_ignore_ascii_case(text(1)));
    let back = if text(1).eq_ignore_ascii_case("WITH") { 3 } else { 2 };
    let key = if compares && (text(1) == ":" || text(back + 1) == ".") { text(back) } else { "" };
    let label = if text(1) == ":" && text(3) == "{" && text(5) == ":" { Some(text(4).to_owned()) } else { None };
    let start = open.span.range().start + quote.len_utf8();
    let key = if key.is_empty() { "name" } else { key.trim_matches('`') }.to_owned();
    Some(Place { start, typed: before[start..].to_owned(), quote, key, label })
}

/// Returns the names that the text may mean, best first; nothing where the graph is too large to look through at a key press.
pub(super) fn find(connection: &mut Connection, place: &Place) -> Vec<String> {
    if place.typed.trim().is_empty() {
        return Vec::new();
    }
    let counted = connection.run("MATCH (n) RETURN count(*)", ());
    let count = counted.ok().and_then(|answer| answer.deserialize::<u64>().ok()?.first().copied());
    if count.is_none_or(|count| count > MOST_NODES) {
        return Vec::new();
    }
    let label = place.label.as_ref().map(|label| connection.database().stored_label(label.trim_matches('`')));
    let labelled = label.map(|label| format!(", labels: ['{}']", label.replace(['\'', '\\'], "")));
    let key = place.key.replace(['\'', '\\'], "");
    let mut search = |labels: &str| -> Option<Vec<String>> {
        let text = format!(
            "CALL search.names($text, {{properties: ['{key}'], limit: {MOST_NAMES}{labels}}}) YIELD name RETURN name"
        );
        let parameters = Parameters::from([("text", place.typed.as_str())]);
        connection.run(&text, parameters).ok()?.deserialize().ok()
    };
    let found = labelled.and_then(|labels| search(&labels)).or_else(|| search(""));
    let mut names = found.unwrap_or_default();
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_tells_property_and_label() {
        let place = |text: &str| place_in(text).map(|place| (place.key, place.label, place.typed));
        let found = |key: &str, label: Option<&str>, typed: &str| {
            Some((key.to_owned(), label.map(str::to_owned), typed.to_owned()))
        };
        assert_eq!(place("MATCH (p:Park {name: 'xx"), found("name", Some("Park"), "xx"));
        assert_eq!(place("MATCH (p) WHERE p.name_en = \"Xi"), found("name_en", None, "Xi"));
        assert_eq!(place("MATCH (p) WHERE p.title STARTS WITH '西"), found("title", None, "西"));
        assert_eq!(place("RETURN 'x"), found("name", None, "x"));
        assert_eq!(place("RETURN 'x'"), None);
    }

    #[test]
    fn names_are_written_with_their_quote() {
        let place = place_in("RETURN 'o").expect("a text is open");
        assert_eq!(place.written("O'Neil"), "O\\'Neil'");
    }
}
