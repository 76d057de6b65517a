//! What a syntax cannot carry, value by value.

use std::fmt;

use crate::rdf::{Literal, Term, Triple};

use super::syntax::RdfSyntax;

/// A triple that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The triple.
    pub triple: Triple,
    /// Why the syntax cannot carry it.
    pub reason: String,
}

impl fmt::Display for Loss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "left out: {}: {}", self.triple, self.reason)
    }
}

/// Returns why a syntax cannot carry a triple; nothing if it can.
pub(super) fn obstacle(syntax: RdfSyntax, triple: &Triple) -> Option<String> {
    if syntax == RdfSyntax::RdfXml && local_name(&triple.predicate).is_none() {
        return Some(format!("`{}` does not end in a name of XML", triple.predicate));
    }
    obstacle_of_term(syntax, &triple.object)
}

fn obstacle_of_term(syntax: RdfSyntax, term: &Term) -> Option<String> {
    match term {
        Term::Literal(literal) => obstacle_of_literal(syntax, literal),
        Term::Triple(_) if syntax == RdfSyntax::JsonLd => Some("JSON-LD has no triple terms".to_owned()),
        Term::Triple(triple) => obstacle(syntax, triple),
        Term::Iri(_) | Term::Blank(_) => None,
    }
}

fn obstacle_of_literal(syntax: RdfSyntax, literal: &Literal) -> Option<String> {
    if let Some(language) = &literal.language {
        if !is_language(language) {
            return Some(format!("`{language}` is no language tag"));
        }
    } else if !crate::rdf::is_iri(&literal.datatype) {
        return Some(format!("the datatype `{}` is no IRI", literal.datatype));
    }
    let foreign = literal.text.chars().find(|character| !is_xml_character(*character));
    match foreign {
        Some(character) if syntax == RdfSyntax::RdfXml => {
            Some(format!("XML cannot hold the character U+{:04X}", u32::from(character)))
        }
        _ => None,
    }
}

/// Says whether a tag is well-formed (BCP 47, with the base direction of RDF 1.2).
pub(super) fn is_language(tag: &str) -> bool {
    let (language, direction) = tag.split_once("--").unwrap_or((tag, "ltr"));
    let mut subtags = language.split('-');
    let is_subtag =
        |subtag: &str| (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    subtags.next().is_some_and(|first| is_subtag(first) && first.bytes().all(|byte| byte.is_ascii_alphabetic()))
        && subtags.all(is_subtag)
        && matches!(direction, "ltr" | "rtl")
}

/// Says whether XML 1.0 can hold a character.
fn is_xml_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Returns an IRI as a namespace and the longest name of XML that it ends in; none if it ends in none.
pub(super) fn local_name(iri: &str) -> Option<(&str, &str)> {
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    let after = iri.char_indices().rev().take_while(|(_, character)| is_name(*character)).last()?.0;
    let start = iri[after..].find(|character: char| character.is_alphabetic() || character == '_')?;
    Some(iri.split_at(after + start)).filter(|(namespace, local)| !namespace.is_empty() && !local.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_xml_are_found_at_the_end() {
        assert_eq!(local_name("https://schema.org/name"), Some(("https://schema.org/", "name")));
        assert_eq!(local_name("http://x.example/湖#1a-b"), Some(("http://x.example/湖#1", "a-b")));
        assert_eq!(local_name("http://x.example/name%20"), None);
        assert_eq!(local_name("http://x.example/12"), None);
        assert_eq!(local_name("http://x.example/"), None);
    }

    #[test]
    fn what_xml_cannot_hold_is_named() {
        let triple = |predicate: &str, text: &str| Triple {
            subject: Term::Blank("b".into()),
            predicate: predicate.into(),
            object: Term::Literal(Literal::plain(text)),
        };
        let reason = |triple: &Triple| obstacle(RdfSyntax::RdfXml, triple);
        assert_eq!(reason(&triple("http://x.example/p", "a\r\n湖")), None);
        assert_eq!(
            reason(&triple("http://x.example/p", "a\u{1}")).as_deref(),
            Some("XML cannot hold the character U+0001")
        );
        assert!(reason(&triple("http://x.example/1", "a")).is_some());
        assert_eq!(obstacle(RdfSyntax::Turtle, &triple("http://x.example/1", "a\u{1}")), None);
    }
}
