//! Our terms as those of the library that file syntaxes and SPARQL are read by, and back.

use oxrdf::{BaseDirection, BlankNode, NamedNode, NamedOrBlankNode};
use smol_str::SmolStr;

use super::term::{Literal, Term, Triple};

/// Returns a triple for the library; none if its subject is a literal or a triple.
pub fn to_library(triple: &Triple) -> Option<oxrdf::Triple> {
    let subject = subject_to_library(&triple.subject)?;
    let predicate = NamedNode::new_unchecked(triple.predicate.as_str());
    Some(oxrdf::Triple::new(subject, predicate, term_to_library(&triple.object)?))
}

/// Returns a term that can be a subject or the name of a graph.
pub fn subject_to_library(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::Iri(iri) => Some(NamedNode::new_unchecked(iri.as_str()).into()),
        Term::Blank(label) => Some(BlankNode::new_unchecked(label.as_str()).into()),
        Term::Literal(_) | Term::Triple(_) => None,
    }
}

/// Returns a term for the library; none of a triple whose subject is a literal or a triple.
pub fn term_to_library(term: &Term) -> Option<oxrdf::Term> {
    Some(match term {
        Term::Iri(iri) => NamedNode::new_unchecked(iri.as_str()).into(),
        Term::Blank(label) => BlankNode::new_unchecked(label.as_str()).into(),
        Term::Literal(literal) => literal_to_library(literal).into(),
        Term::Triple(triple) => to_library(triple)?.into(),
    })
}

fn literal_to_library(literal: &Literal) -> oxrdf::Literal {
    let text = literal.text.as_str();
    match literal.language.as_deref().map(|tag| tag.split_once("--").unwrap_or((tag, ""))) {
        None => oxrdf::Literal::new_typed_literal(text, NamedNode::new_unchecked(literal.datatype.as_str())),
        Some((language, "")) => oxrdf::Literal::new_language_tagged_literal_unchecked(text, language),
        Some((language, direction)) => {
            let direction = if direction == "rtl" { BaseDirection::Rtl } else { BaseDirection::Ltr };
            oxrdf::Literal::new_directional_language_tagged_literal_unchecked(text, language, direction)
        }
    }
}

/// Returns one of the library's triples as ours.
pub fn from_library(triple: &oxrdf::Triple) -> Triple {
    Triple {
        subject: subject_from_library(&triple.subject),
        predicate: SmolStr::new(triple.predicate.as_str()),
        object: term_from_library(&triple.object),
    }
}

/// Returns one of the library's subjects or names of graphs as ours.
pub fn subject_from_library(subject: &NamedOrBlankNode) -> Term {
    match subject {
        NamedOrBlankNode::NamedNode(iri) => Term::Iri(SmolStr::new(iri.as_str())),
        NamedOrBlankNode::BlankNode(node) => Term::Blank(SmolStr::new(node.as_str())),
    }
}

/// Returns one of the library's terms as ours.
pub fn term_from_library(term: &oxrdf::Term) -> Term {
    match term {
        oxrdf::Term::NamedNode(iri) => Term::Iri(SmolStr::new(iri.as_str())),
        oxrdf::Term::BlankNode(node) => Term::Blank(SmolStr::new(node.as_str())),
        oxrdf::Term::Literal(literal) => {
            let direction = match literal.direction() {
                Some(BaseDirection::Ltr) => "--ltr",
                Some(BaseDirection::Rtl) => "--rtl",
                None => "",
            };
            let text = literal.value();
            Term::Literal(match literal.language() {
                Some(language) => Literal::tagged(text, &format!("{language}{direction}")),
                None => {
                    let datatype = SmolStr::new(literal.datatype().as_str());
                    Literal { text: SmolStr::new(text), datatype, language: None }
                }
            })
        }
        oxrdf::Term::Triple(triple) => Term::Triple(Box::new(from_library(triple))),
    }
}
