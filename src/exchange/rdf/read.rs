//! The quads of a file in one of the six syntaxes, one by one.

use std::io::{self, Read};

use oxrdf::GraphName;
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfParseError, RdfParser};

use crate::exchange::ExchangeError;
use crate::rdf::{Quad, Term, Triple};

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
    let mut parser = RdfParser::from_format(format_of(syntax));
    if let Some(base) = base {
        parser = parser.with_base_iri(base).map_err(|error| ExchangeError::Syntax {
            syntax: syntax.name(),
            place: String::new(),
            message: format!("the base `{base}` is no IRI: {error}"),
        })?;
    }
    Ok(parser.for_reader(input).map(|quad| quad.map(quad_from_library).map_err(fault)))
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
