//! What is wrong with a text that is no SPARQL query, where, and what to write.
//!
//! The library names the furthest place that it came to and the rules that failed there, which is seldom the place of the slip: so the
//! commonest slips are looked for in the words themselves ([`super::slip`]), and only what is none of them is told by the library's place.

use crate::diagnostic::Span;

use super::SparqlError;
use super::slip::{Slip, slip};

/// Returns why a text was refused; the library says `error at LINE:COLUMN: expected one of …`, columns by character.
pub(super) fn refusal(text: &str, words: &str) -> SparqlError {
    let place = words.strip_prefix("error at ").and_then(|rest| rest.split_once(": "));
    let read = place.and_then(|(place, rest)| {
        let (line, column) = place.split_once(':')?;
        Some((line.parse::<usize>().ok()?, column.parse::<usize>().ok()?, rest))
    });
    let Some((line, column, expected)) = read else {
        let span = Span::new(0, text.len());
        return SparqlError::Syntax { message: words.to_owned(), span, hint: None };
    };
    let place = place_of(text, line, column.saturating_sub(looked_ahead(expected)));
    let found = word_at(text, place);
    let is_prefix = expected.contains("Prefix not found");
    if !is_prefix && let Some(Slip { message, place, hint }) = slip(text, found.start) {
        return SparqlError::Syntax { message, span: Span::new(place.start, place.end), hint };
    }
    let start = found.start;
    let found = &text[found];
    let message = match found {
        "" if is_closed(text) => "a part of the query is not SPARQL".to_owned(),
        "" => "the query ends too early".to_owned(),
        found if is_prefix => format!("the prefix of `{found}` is not declared"),
        found => format!("`{found}` cannot stand here"),
    };
    let span = match found {
        "" if is_closed(text) => Span::new(0, text.len()),
        found => Span::new(start, start + found.len()),
    };
    SparqlError::Syntax { message, span, hint: hint_of(found, expected) }
}

/// Says whether a text ends where a query may end.
fn is_closed(text: &str) -> bool {
    text.trim_end().ends_with(['}', ')'])
}

/// Returns the word around a place; the one before it where the place is the space behind a word.
fn word_at(text: &str, place: usize) -> std::ops::Range<usize> {
    let ends = |letter: char| letter.is_whitespace() || "{}();,".contains(letter);
    if text[place..].trim().is_empty() {
        return text.trim_end().len()..text.trim_end().len();
    }
    let start =
        text[..place].rfind(ends).map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
    let rest = &text[place..];
    match rest.chars().next() {
        // A bracket that cannot stand here is a word of its own, whatever stands before it.
        Some(first) if ends(first) && (start == place || !first.is_whitespace()) => place..place + first.len_utf8(),
        _ => start..rest.find(ends).map_or(text.len(), |end| place + end),
    }
}

/// The library looks at as many letters as a keyword has before it finds that they are others, and names the place behind them.
fn looked_ahead(expected: &str) -> usize {
    let words = listed(expected);
    let are_keywords =
        words.iter().all(|word| word.len() > 1 && word.chars().all(|letter| letter.is_ascii_alphabetic()));
    if are_keywords { words.first().map_or(0, |word| word.len()) } else { 0 }
}

fn place_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[before..];
    rest.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(place, _)| before + place)
}

/// Names the cure of the commonest slips, else a few of the things that would do.
fn hint_of(found: &str, expected: &str) -> Option<String> {
    if expected.contains("Prefix not found") {
        let prefix = found.split(':').next().unwrap_or_default();
        return Some(format!(
            "write `PREFIX {prefix}: <IRI>` before the query; the graph's own prefixes are declared already"
        ));
    }
    shortened(expected)
}

/// Returns the few things that the grammar would take, if they are all keywords and marks: a part of a longer list would mislead, and the
/// names of its rules mean nothing.
fn shortened(expected: &str) -> Option<String> {
    let words = listed(expected);
    let is_written = |word: &&str| {
        let mark = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
        let is_keyword = |word: &str| word.len() > 1 && word.chars().all(|letter| letter.is_ascii_uppercase());
        mark.is_some_and(|mark| !mark.contains('\\')) || is_keyword(word)
    };
    let marks: Vec<&str> = words.iter().filter(|word| **word != "[_]").copied().collect();
    let are_few = !marks.is_empty() && marks.len() <= 8 && marks.iter().all(is_written);
    let quoted = marks.iter().map(|word| format!("`{}`", word.trim_matches('"')));
    // One keyword of the many that could follow says as little as none.
    let is_one_keyword = marks.len() == 1 && words.len() == 1 && !marks[0].starts_with('"') && marks[0] != "BY";
    (are_few && !is_one_keyword).then(|| format!("expected {}", quoted.collect::<Vec<_>>().join(", ")))
}

fn listed(expected: &str) -> Vec<&str> {
    let list = expected.strip_prefix("expected one of ").or_else(|| expected.strip_prefix("expected "));
    list.unwrap_or_default().split(", ").filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::SparqlQuery;
    use super::*;

    fn refusal_of(text: &str) -> (String, String, String) {
        match SparqlQuery::read(text, "http://x.example/", [("x", "http://x.example/ns#")].into_iter()) {
            Err(SparqlError::Syntax { message, span, hint }) => {
                (message, text[span.start..span.end].to_owned(), hint.unwrap_or_default())
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn an_unknown_prefix_is_named() {
        let (message, place, hint) = refusal_of("SELECT ?园 WHERE { ?园 foo:bar 1 }");
        assert_eq!((message.as_str(), place.as_str()), ("the prefix of `foo:bar` is not declared", "foo:bar"));
        assert!(hint.contains("PREFIX foo:"));
    }

    #[test]
    fn a_cypher_query_is_told_so() {
        let (_, place, hint) = refusal_of("MATCH (n) RETURN n");
        assert_eq!(place, "MATCH");
        assert!(hint.contains("Cypher"));
    }

    #[test]
    fn an_end_too_early_is_told() {
        assert_eq!(refusal_of("SELECT ?x WHERE { ?x a ").0, "`{` is never closed");
        assert_eq!(refusal_of("SELECT ?x WHERE").0, "the query ends too early");
        assert_eq!(refusal_of("ASK { ?x x:name 'abc }").0, "this text is never closed");
    }

    #[test]
    fn slips_are_named_at_their_place() {
        for (text, message, place) in [
            ("SELECT ?p (COUNT(?f) AS ?n) { ?f x:backs ?p }", "`?p` is neither grouped nor counted", "?p"),
            ("SELECT (STR(?y) AS ?z) { ?x x:name ?y } GROUP BY ?x", "`?y` is neither grouped nor counted", "?y"),
            ("SELECT * { ?x x:name ?y } GROUP BY ?x", "`SELECT *` cannot stand with groups", "*"),
            ("SELECT (1 AS ?x) (2 AS ?x) {}", "`SELECT` names `?x` twice", "?x"),
            ("SELECT ?x (STR(?y) AS ?y) { ?x x:name ?y }", "`?y` has a value already", "?y"),
            ("SELECT ?f { ?f a x:Fund . BIND(?f AS ?f) }", "`?f` has a value already", "?f"),
            ("SELECT ?f { ?f a x:Fund } LIMIT abc", "`abc` is no number of rows", "abc"),
            ("SELECT p { ?p a x:Park }", "`p` cannot stand here", "p"),
            ("SELECT ?x { ?x x:in{1,2} ?y }", "`{` cannot stand here", "{"),
            ("SELECT ?x { VALUES (?x ?y) { (1) } }", "a row of `VALUES` has 1 value for 2 variables", "(1)"),
            ("SELECT ?x { ?x a x:Park, }", "`,` needs another object behind it", ","),
            ("SELECT ?x { ?x x:name ?y FILTER(FOO(?y)) }", "there is no function `FOO`", "FOO"),
            ("SELECT （?x） { ?x a x:Park }", "`（` is a full-width bracket", "（"),
            ("SELECT ?x { ?x a x:Park； x:name ?y }", "`；` is a full-width semicolon", "；"),
            ("SELECT ?x { ?x x:name “a” }", "`“` is a curly quotation mark", "“"),
        ] {
            let refusal = refusal_of(text);
            assert_eq!((refusal.0.as_str(), refusal.1.as_str()), (message, place), "{text}");
            assert!(!refusal.2.contains("[_]") && !refusal.2.contains("The "), "{text}: {}", refusal.2);
        }
        assert_eq!(refusal_of("SELECT ?x { ?x a x:Park； x:name ?y }").2, "write `;`");
        assert!(refusal_of("SELECT p { ?p a x:Park }").2.contains("`?p`"));
        assert!(refusal_of("SELECT ?x { ?x x:in{1,2} ?y }").2.contains("`*`, `+`"));
    }
}
