//! A SPARQL query, read from text; what is wrong with the text, with its place.

use spargebra::{Query, SparqlParser};

use super::columns::in_order_of_text;
use super::refusal::refusal;
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
            Ok(query) => Ok(SparqlQuery { query: in_order_of_text(query, text) }),
            Err(_) if is_update(text, base) => Err(SparqlError::Unsupported {
                what: "a SPARQL update is not run here: SPARQL reads the graph".to_owned(),
                hint: "write in Cypher: `CREATE`, `SET`, `MERGE`, `DELETE`",
            }),
            Err(error) => Err(refusal(text, &error.to_string())),
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
