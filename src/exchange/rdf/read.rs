//! The quads of a file in one of the six syntaxes, one by one.

use std::io::{self, Read};

use oxrdf::GraphName;
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfParseError, RdfParser};

use crate::exchange::ExchangeError;
use crate::rdf::{Quad, Term, Triple, is_iri};

use super::loss::is_language;
use super::syntax::RdfSyntax;
use crate::rdf::library::{subject_from_library, term_from_library};

/// Why a quad could not be read.
pub(super) enum SyntaxFault {
    /// The input could not be read.
    Read(io::Error),
    /// The text is not of its syntax.
    Text {
        /// The line and the column in characters, both counted from 1, where the reader says so.
        place: Option<(u64, u64)>,
        /// What is wrong.
        message: String,
    },
}

/// Returns the quads of a file, one by one.
///
/// # Errors
/// If the base is no IRI.
pub(super) fn quads_of(
    syntax: RdfSyntax,
    base: Option<&str>,
    input: impl Read,
) -> Result<impl Iterator<Item = Result<Quad, SyntaxFault>>, ExchangeError> {
    Ok(parser_of(syntax, base)?.for_reader(input).map(|quad| quad.map(quad_from_library).map_err(fault)))
}

/// Returns the quads of a file, one by one, without a look at whether IRIs and language tags are well-formed: see [`flaw`].
///
/// # Errors
/// If the base is no IRI.
pub(super) fn quads_unchecked(
    syntax: RdfSyntax,
    base: Option<&str>,
    input: impl Read,
) -> Result<impl Iterator<Item = Result<Quad, SyntaxFault>>, ExchangeError> {
    let parser = parser_of(syntax, base)?.lenient();
    Ok(parser.for_reader(input).map(|quad| quad.map(quad_from_library).map_err(fault)))
}

/// Returns what is wrong with the terms of a triple.
pub(super) fn flaw(triple: &Triple) -> Option<&'static str> {
    let is_bad_iri = |iri: &str| !is_iri(iri);
    if is_bad_iri(&triple.predicate) {
        return Some("its predicate is no IRI");
    }
    match (&triple.subject, &triple.object) {
        (Term::Iri(iri), _) if is_bad_iri(iri) => Some("its subject is no IRI"),
        (_, Term::Iri(iri)) if is_bad_iri(iri) => Some("its object is no IRI"),
        (_, Term::Literal(literal)) if is_bad_iri(&literal.datatype) => Some("its datatype is no IRI"),
        (_, Term::Literal(literal)) if literal.language.as_deref().is_some_and(|tag| !is_language(tag)) => {
            Some("its language tag is none")
        }
        (_, Term::Triple(inner)) => flaw(inner),
        _ => None,
    }
}

fn parser_of(syntax: RdfSyntax, base: Option<&str>) -> Result<RdfParser, ExchangeError> {
    let mut parser = RdfParser::from_format(format_of(syntax));
    if let Some(base) = base {
        parser = parser.with_base_iri(base).map_err(|error| ExchangeError::Syntax {
            syntax: syntax.name(),
            place: String::new(),
            message: format!("the base `{base}` is no IRI: {error}"),
        })?;
    }
    Ok(parser)
}

/// Returns the library's name of a syntax.
pub(super) fn format_of(syntax: RdfSyntax) -> RdfFormat {
    match syntax {
        RdfSyntax::Turtle => RdfFormat::Turtle,
        RdfSyntax::NTriples => RdfFormat::NTriples,
        RdfSyntax::NQuads => RdfFormat::NQuads,
        RdfSyntax::TriG => RdfFormat::TriG,
        RdfSyntax::JsonLd => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
        RdfSyntax::RdfXml => RdfFormat::RdfXml,
    }
}

fn quad_from_library(quad: oxrdf::Quad) -> Quad {
    let graph = match &quad.graph_name {
        GraphName::DefaultGraph => None,
        GraphName::NamedNode(iri) => Some(Term::Iri(iri.as_str().into())),
        GraphName::BlankNode(node) => Some(Term::Blank(node.as_str().into())),
    };
    let triple = Triple {
        subject: subject_from_library(&quad.subject),
        predicate: quad.predicate.as_str().into(),
        object: term_from_library(&quad.object),
    };
    Quad { graph, triple }
}

fn fault(error: RdfParseError) -> SyntaxFault {
    match error {
        RdfParseError::Io(cause) => SyntaxFault::Read(cause),
        RdfParseError::Syntax(error) => {
            let place = error.location().map(|range| (range.start.line + 1, range.start.column + 1));
            let text = error.to_string();
            // The library writes the place into its words too.
            let words = text.strip_prefix("Parser error ").and_then(|text| Some(text.split_once(": ")?.1));
            SyntaxFault::Text { place, message: words.unwrap_or(&text).trim_end_matches('.').to_owned() }
        }
    }
}
