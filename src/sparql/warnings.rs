//! Warnings about a query that can be answered and hardly means what it says: terms that the graph does not know, and marks of other keyboards
//! within names.

use spargebra::term::NamedNode;

use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::rdf::View;
use crate::syntax::look_alike;

use super::SparqlQuery;
use super::rewrite::rewritten;
use super::slip::foreign;
use super::words::{Kind, Word, words};

/// Returns what is to be said of a query over a graph; `prefixes` shorten IRIs as the text may.
pub fn warnings(view: &View, query: &SparqlQuery, text: &str, prefixes: &[(&str, &str)]) -> Vec<Diagnostic> {
    let met = rewritten(&query.query, view);
    let words = words(text, |letter| look_alike(letter).is_some());
    let names = Names { view, prefixes, words: &words };
    let predicates = met.predicates.iter().filter_map(|predicate| names.unknown(predicate, false));
    let classes = met.classes.iter().filter_map(|class| names.unknown(class, true));
    predicates.chain(classes).chain(marks_in_names(&words)).collect()
}

struct Names<'a> {
    view: &'a View,
    prefixes: &'a [(&'a str, &'a str)],
    words: &'a [Word<'a>],
}

impl Names<'_> {
    /// Returns a warning about a predicate or a class that no triple has.
    fn unknown(&self, node: &NamedNode, is_class: bool) -> Option<Diagnostic> {
        let (mapping, iri) = (self.view.mapping(), node.as_str());
        if mapping.term(iri).is_some() {
            return None;
        }
        let name = self.short(iri);
        let relative = iri.strip_prefix(mapping.base().as_str()).map(|path| format!("<{path}>"));
        let written = [Some(name.clone()), Some(format!("<{iri}>")), relative];
        let word = self.words.iter().find(|word| written.iter().flatten().any(|written| written == word.text));
        let (detail, message, list) = match is_class {
            true => (
                "UnknownLabel",
                format!("nothing is of the class `{name}`"),
                "SELECT DISTINCT ?class { ?thing a ?class }",
            ),
            false => {
                ("UnknownProperty", format!("no triple has the predicate `{name}`"), "SELECT DISTINCT ?p { ?s ?p ?o }")
            }
        };
        let hint = match self.near(iri, is_class) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`{list}` lists what there is"),
        };
        let warning = Diagnostic::warning(detail, message).with_hint(hint);
        Some(match word {
            Some(word) => warning.at(Span::new(word.range().start, word.range().end)),
            None => warning,
        })
    }

    /// Returns the nearest term of the same namespace.
    fn near(&self, iri: &str, is_class: bool) -> Option<String> {
        let mapping = self.view.mapping();
        let local = iri.rfind(['#', '/'])? + 1;
        let (namespace, local) = iri.split_at(local);
        let mut known: Vec<&str> = mapping
            .terms()
            .filter(|term| mapping.label_of(*term).is_some() == is_class)
            .filter_map(|term| mapping.iri(term).strip_prefix(namespace))
            .collect();
        known.sort_unstable();
        nearest(local, known).map(|near| self.short(&format!("{namespace}{near}")))
    }

    fn short(&self, iri: &str) -> String {
        let fitting =
            self.prefixes.iter().filter(|(_, namespace)| iri.len() > namespace.len() && iri.starts_with(namespace));
        match fitting.max_by_key(|(_, namespace)| namespace.len()) {
            Some((prefix, namespace)) => format!("{prefix}:{}", &iri[namespace.len()..]),
            None => format!("<{iri}>"),
        }
    }
}

/// Returns warnings about marks that the standard takes for letters of a name: `?x，` is one variable.
fn marks_in_names(words: &[Word<'_>]) -> Vec<Diagnostic> {
    let pairs = words.windows(2).filter(|pair| pair[1].kind == Kind::Mark && pair[0].range().end == pair[1].start);
    let names = pairs.filter(|pair| matches!(pair[0].kind, Kind::Variable | Kind::Name));
    names
        .filter_map(|pair| {
            let (what, meant) = foreign(pair[1].text.chars().next()?)?;
            let message = format!("`{}` is a {what} and a part of the name `{}{0}`", pair[1].text, pair[0].text);
            let span = Span::new(pair[0].start, pair[1].range().end);
            let hint = format!("names end before a space; a mark of SPARQL is `{meant}`");
            Some(Diagnostic::warning("ForeignMark", message).with_hint(hint).at(span))
        })
        .collect()
}
