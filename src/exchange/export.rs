//! Export by name: one entry for every format that is one stream of text.

use std::io::Write;

use crate::graph::Snapshot;
use crate::knowledge::{Lens, last_day};
use crate::value::Value;

use super::ExchangeError;
#[cfg(feature = "rdf")]
use super::rdf::{ClaimMode, RdfExport, RdfSyntax, export_rdf};

/// A format that a graph can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One of the syntaxes of RDF.
    #[cfg(feature = "rdf")]
    Rdf(RdfSyntax),
}

/// The names of all formats, for messages.
pub const EXPORT_FORMATS: &[&str] = &["turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml"];

/// What is to be written, and how.
#[derive(Clone, Debug)]
pub struct Export {
    /// The format.
    pub format: ExportFormat,
    /// How claims are written; as is usual for the format if it is not said.
    #[cfg(feature = "rdf")]
    pub claims: Option<ClaimMode>,
}

impl ExportFormat {
    /// Returns the format of a name.
    pub fn named(name: &str) -> Option<ExportFormat> {
        #[cfg(feature = "rdf")]
        if let Some(syntax) = RdfSyntax::named(name) {
            return Some(ExportFormat::Rdf(syntax));
        }
        let _ = name;
        None
    }
}

/// Writes a graph; returns what the format could not carry, a line each.
///
/// # Errors
/// If the format cannot carry what was asked for, or the output fails.
pub fn export(snapshot: &Snapshot, export: &Export, output: impl Write) -> Result<Vec<String>, ExchangeError> {
    match export.format {
        #[cfg(feature = "rdf")]
        ExportFormat::Rdf(syntax) => {
            let exported = export_rdf(snapshot, RdfExport { syntax, claims: export.claims }, output)?;
            Ok(exported.losses.iter().map(ToString::to_string).collect())
        }
    }
}

/// Returns the graph as sources published until a date tell of it; none if the text is no date.
pub fn as_of(snapshot: &Snapshot, date: &str) -> Option<Snapshot> {
    let day = last_day(&Value::string(date))?;
    Some(snapshot.under(&Lens { as_of: Some(day), ..Lens::default() }))
}
