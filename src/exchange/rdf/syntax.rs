//! The file syntaxes of RDF, what each can carry, and the ways in which claims can be written.

use std::fmt;

use crate::rdf::ClaimForm;

/// A file syntax of RDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RdfSyntax {
    /// Turtle 1.2.
    Turtle,
    /// N-Triples 1.2.
    NTriples,
    /// N-Quads 1.2.
    NQuads,
    /// TriG 1.2.
    TriG,
    /// JSON-LD 1.1.
    JsonLd,
    /// RDF/XML.
    RdfXml,
}

const SYNTAXES: [(RdfSyntax, &str, &[&str]); 6] = [
    (RdfSyntax::Turtle, "turtle", &["ttl"]),
    (RdfSyntax::NTriples, "ntriples", &["nt"]),
    (RdfSyntax::NQuads, "nquads", &["nq"]),
    (RdfSyntax::TriG, "trig", &["trig"]),
    (RdfSyntax::JsonLd, "jsonld", &["jsonld"]),
    (RdfSyntax::RdfXml, "rdfxml", &["rdf", "xml", "owl"]),
];

impl RdfSyntax {
    /// Returns the syntax of a name.
    pub fn named(name: &str) -> Option<RdfSyntax> {
        SYNTAXES.iter().find(|(_, known, _)| *known == name).map(|(syntax, ..)| *syntax)
    }

    /// Returns the syntax whose files end so.
    pub fn of_extension(extension: &str) -> Option<RdfSyntax> {
        let extension = extension.to_ascii_lowercase();
        SYNTAXES.iter().find(|(.., known)| known.contains(&extension.as_str())).map(|(syntax, ..)| *syntax)
    }

    /// Returns the name.
    pub fn name(self) -> &'static str {
        SYNTAXES.iter().find(|(syntax, ..)| *syntax == self).map_or("", |(_, name, _)| name)
    }

    /// Says whether its reader finds the next statement behind a fault. In lines and sentences it does. In JSON-LD a fault without a place
    /// is in what well-formed JSON says, and what follows can be read; JSON or XML that is not well-formed cannot.
    pub fn goes_on_after(self, has_place: bool) -> bool {
        self.has_triple_terms() || self == RdfSyntax::JsonLd && !has_place
    }

    /// Says whether it carries named graphs.
    pub fn has_graphs(self) -> bool {
        matches!(self, RdfSyntax::NQuads | RdfSyntax::TriG | RdfSyntax::JsonLd)
    }

    /// Says whether it carries triple terms, and is usually read with them.
    pub fn has_triple_terms(self) -> bool {
        matches!(self, RdfSyntax::Turtle | RdfSyntax::NTriples | RdfSyntax::NQuads | RdfSyntax::TriG)
    }
}

impl fmt::Display for RdfSyntax {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// How claims are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimMode {
    /// As reifiers of triple terms (RDF 1.2).
    Reifiers,
    /// As reified statements, and one named graph a source with all that it says.
    NamedGraphs,
    /// As reified statements (RDF 1.1).
    Reification,
    /// Not at all: only what wins.
    None,
}

const MODES: [(ClaimMode, &str); 4] = [
    (ClaimMode::Reifiers, "reifiers"),
    (ClaimMode::NamedGraphs, "named-graphs"),
    (ClaimMode::Reification, "reification"),
    (ClaimMode::None, "none"),
];

impl ClaimMode {
    /// Returns the mode of a name.
    pub fn named(name: &str) -> Option<ClaimMode> {
        MODES.iter().find(|(_, known)| *known == name).map(|(mode, _)| *mode)
    }

    /// Returns the name.
    pub fn name(self) -> &'static str {
        MODES.iter().find(|(mode, _)| *mode == self).map_or("", |(_, name)| name)
    }

    /// Returns how claims are written in a syntax where nothing else is asked for.
    pub fn usual(syntax: RdfSyntax) -> ClaimMode {
        match syntax {
            // What came in as a graph goes out as one.
            syntax if syntax.has_graphs() => ClaimMode::NamedGraphs,
            syntax if syntax.has_triple_terms() => ClaimMode::Reifiers,
            _ => ClaimMode::Reification,
        }
    }

    /// Says whether a syntax can carry claims written so.
    pub fn fits(self, syntax: RdfSyntax) -> bool {
        match self {
            ClaimMode::Reifiers => syntax != RdfSyntax::JsonLd,
            ClaimMode::NamedGraphs => syntax.has_graphs(),
            ClaimMode::Reification | ClaimMode::None => true,
        }
    }

    /// Returns how a claim is tied to its triple.
    pub(super) fn form(self) -> ClaimForm {
        match self {
            ClaimMode::Reifiers => ClaimForm::Reifier,
            ClaimMode::NamedGraphs | ClaimMode::Reification => ClaimForm::Statement,
            ClaimMode::None => ClaimForm::None,
        }
    }
}
