//! A SPARQL query, read from text; what is wrong with the text, with its place.

use spargebra::{Query, SparqlParser};

use crate::diagnostic::Span;

use super::{SparqlError, limit};

/// A SPARQL query that has been read.
#[derive(Clone, Debug)]
pub struct SparqlQuery {
    pub(super) query: Query,
}

impl SparqlQuery {
    /// Reads a query; the prefixes hold where it declares no others, and relative IRIs lie below the base.
    ///
    /// # Errors
    /// If the text is no SPARQL query, or an update.
    pub fn read<'a>(
        text: &str,
        base: &str,
        prefixes: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<SparqlQuery, SparqlError> {
        limit::check(text)?;
        match with_prefixes(base, prefixes).parse_query(text) {
            Ok(query) => Ok(SparqlQuery { query }),
            Err(_) if is_update(text, base) => Err(SparqlError::Unsupported {
                what: "a SPARQL update is not run here: SPARQL reads the graph".to_owned(),
                hint: "write in Cypher: `CREATE`, `SET`, `MERGE`, `DELETE`",
            }),
            Err(error) => Err(refused(text, &error.to_string())),
        }
    }
}

fn is_update(text: &str, base: &str) -> bool {
    let parser = SparqlParser::new();
    parser.clone().with_base_iri(base).unwrap_or(parser).parse_update(text).is_ok()
}

fn with_prefixes<'a>(base: &str, prefixes: impl Iterator<Item = (&'a str, &'a str)>) -> SparqlParser {
    let mut parser = SparqlParser::new();
    if let Ok(with_base) = parser.clone().with_base_iri(base) {
        parser = with_base;
    }
    for (prefix, namespace) in prefixes {
        // A namespace that is no IRI is written out in full by whoever means it.
        if let Ok(with_prefix) = parser.clone().with_prefix(prefix, namespace) {
            parser = with_prefix;
        }
    }
    parser
}

/// The library says `error at LINE:COLUMN: expected one of …`, columns by character.
fn refused(text: &str, words: &str) -> SparqlError {
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
    let start = found.start;
    let found = &text[found];
    let message = match found {
        "" => "the query ends too early".to_owned(),
        found if expected.contains("Prefix not found") => format!("the prefix of `{found}` is not declared"),
        found => format!("`{found}` cannot stand here"),
    };
    let hint = hint_of(found, expected);
    SparqlError::Syntax { message, span: Span::new(start, start + found.len()), hint }
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
    let first = rest.chars().next().map_or(0, char::len_utf8);
    match rest.find(ends) {
        // A bracket that cannot stand here is a word of its own.
        Some(0) if start == place => place..place + first,
        Some(end) => start..place + end,
        None => start..text.len(),
    }
}

/// The library looks at as many letters as a keyword has before it finds that they are others, and names the place behind them.
fn looked_ahead(expected: &str) -> usize {
    let list = expected.strip_prefix("expected one of ").or_else(|| expected.strip_prefix("expected "));
    let words: Vec<&str> = list.unwrap_or_default().split(", ").map(|word| word.trim_matches('"')).collect();
    let are_keywords =
        words.iter().all(|word| word.len() > 1 && word.chars().all(|letter| letter.is_ascii_alphabetic()));
    if are_keywords { words[0].len() } else { 0 }
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
    let cypher = ["MATCH", "OPTIONAL", "RETURN", "CREATE", "MERGE", "UNWIND", "CITE", "CALL"];
    if cypher.iter().any(|word| found.eq_ignore_ascii_case(word)) {
        return Some("this looks like Cypher: run it with `query`, or at the prompt without `:sparql`".to_owned());
    }
    shortened(expected)
}

/// Returns a few of the many things that the grammar would take.
fn shortened(expected: &str) -> Option<String> {
    let list = expected.strip_prefix("expected one of ").or_else(|| expected.strip_prefix("expected "))?;
    let words: Vec<&str> = list.split(", ").filter(|word| !word.contains("['")).collect();
    match words.len() {
        0 => None,
        _ if words.len() <= 8 => Some(format!("expected {}", words.join(", "))),
        // So many that they name no cure.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> (String, String, Option<String>) {
        match SparqlQuery::read(text, "http://x.example/", [("x", "http://x.example/ns#")].into_iter()) {
            Err(SparqlError::Syntax { message, span, hint }) => (message, text[span.start..span.end].to_owned(), hint),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_unknown_prefix_is_named() {
        let (message, place, hint) = refusal("SELECT ?园 WHERE { ?园 foo:bar 1 }");
        assert_eq!((message.as_str(), place.as_str()), ("the prefix of `foo:bar` is not declared", "foo:bar"));
        assert!(hint.is_some_and(|hint| hint.contains("PREFIX foo:")));
    }

    #[test]
    fn a_cypher_query_is_told_so() {
        let (_, place, hint) = refusal("MATCH (n) RETURN n");
        assert_eq!(place, "MATCH");
        assert!(hint.is_some_and(|hint| hint.contains("Cypher")));
    }

    #[test]
    fn an_end_too_early_is_told() {
        assert_eq!(refusal("SELECT ?x WHERE { ?x a ").0, "the query ends too early");
    }

    #[test]
    fn what_the_limits_allow_is_read() {
        // As much stack as a statement is given.
        let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(read_what_the_limits_allow);
        thread.expect("a thread can be begun").join().expect("all is read");
    }

    fn read_what_the_limits_allow() {
        let read = |text: &str| SparqlQuery::read(text, "http://x.example/", std::iter::empty()).is_ok();
        let nested = |depth: usize| format!("ASK {}{}", "{".repeat(depth), "}".repeat(depth));
        assert!(read(&nested(limit::SPARQL_NESTING_LIMIT)));
        assert!(refusal(&nested(limit::SPARQL_NESTING_LIMIT + 1)).0.contains("100 deep"));
        assert!(read(&format!("ASK {{ FILTER({}true) }}", "!".repeat(98))));
        // Operators in a row become a tree as deep as there are operators.
        assert!(read(&format!("ASK {{ FILTER(1{}) }}", "+1".repeat(2_400))));
        assert!(read(&format!("ASK {{ {{}}{} }}", " UNION {}".repeat(1_600))));
    }

    #[test]
    fn an_update_is_refused_with_its_cure() {
        let refused = SparqlQuery::read("INSERT DATA { <a> <b> <c> }", "http://x.example/", std::iter::empty());
        assert!(matches!(refused, Err(SparqlError::Unsupported { hint, .. }) if hint.contains("CREATE")));
    }
}
