//! Export by name: one entry for every format that is one stream of text.

use std::io::Write;
use std::path::Path;

use crate::diagnostic::nearest;
use crate::graph::{Particulars, Snapshot};
use crate::knowledge::{ClaimRule, Lens, last_day};
use crate::value::Value;

use super::ExchangeError;
use super::csv::write_csv;
use super::graphml::write_graphml;
use super::package::write_package;
pub use super::picture::Around;
use super::picture::{around, dot, mermaid, schema};
#[cfg(feature = "rdf")]
use super::rdf::{ClaimMode, RdfExport, RdfSyntax, export_rdf};

/// A format that a graph can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One of the syntaxes of RDF.
    #[cfg(feature = "rdf")]
    Rdf(RdfSyntax),
    /// GraphML.
    GraphMl,
    /// A picture for graphviz.
    Dot,
    /// A picture as Mermaid.
    Mermaid,
}

/// The names of all formats, for messages.
pub const EXPORT_FORMATS: &[&str] =
    &["turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml", "graphml", "dot", "mermaid"];

/// What is to be written, and how.
#[derive(Clone, Debug)]
pub struct Export {
    /// The format.
    pub format: ExportFormat,
    /// How claims are written; as is usual for the format if it is not said.
    #[cfg(feature = "rdf")]
    pub claims: Option<ClaimMode>,
    /// What a picture shows: what lies around a node, or else the schema.
    pub around: Option<Around>,
}

impl ExportFormat {
    /// Returns the format of a name.
    pub fn named(name: &str) -> Option<ExportFormat> {
        match name {
            "graphml" => return Some(ExportFormat::GraphMl),
            "dot" => return Some(ExportFormat::Dot),
            "mermaid" => return Some(ExportFormat::Mermaid),
            _ => {}
        }
        #[cfg(feature = "rdf")]
        if let Some(syntax) = RdfSyntax::named(name) {
            return Some(ExportFormat::Rdf(syntax));
        }
        None
    }

    /// Says whether it is a picture.
    pub fn is_picture(self) -> bool {
        matches!(self, ExportFormat::Dot | ExportFormat::Mermaid)
    }
}

/// Writes a graph; returns what the format could not carry, a line each.
///
/// # Errors
/// If the format cannot carry what was asked for, or the output fails.
pub fn export(snapshot: &Snapshot, export: &Export, mut output: impl Write) -> Result<Vec<String>, ExchangeError> {
    match export.format {
        #[cfg(feature = "rdf")]
        ExportFormat::Rdf(syntax) => {
            let exported = export_rdf(snapshot, RdfExport { syntax, claims: export.claims }, output)?;
            Ok(exported.losses.iter().map(ToString::to_string).collect())
        }
        ExportFormat::GraphMl => write_graphml(snapshot, output),
        ExportFormat::Dot | ExportFormat::Mermaid => {
            let picture = match &export.around {
                None => schema(snapshot),
                Some(wanted) => {
                    around(snapshot, wanted).ok_or_else(|| ExchangeError::NoSuchNode(wanted.name.clone()))?
                }
            };
            let text = if export.format == ExportFormat::Dot { dot(&picture) } else { mermaid(&picture) };
            output.write_all(text.as_bytes())?;
            output.flush()?;
            Ok(picture.left_out)
        }
    }
}

/// Writes a graph as a folder of files, `csv` or `package`; returns what the format could not carry, a line each.
///
/// # Errors
/// If the format cannot say something, the folder holds anything, or a file cannot be written.
pub fn export_folder(snapshot: &Snapshot, format: &str, folder: &Path) -> Result<Vec<String>, ExchangeError> {
    match format {
        "csv" => write_csv(snapshot, folder),
        _ => write_package(snapshot, folder).map(|()| Vec::new()),
    }
}

/// A lens as people write it.
#[derive(Clone, Copy, Debug, Default)]
pub struct WrittenLens<'w> {
    /// The last date of publication that counts.
    pub as_of: Option<&'w str>,
    /// The ids of the sources that count; all where none is named.
    pub according_to: &'w [String],
    /// Whether general knowledge counts only where it is named.
    pub only: bool,
    /// The rule by which claims win.
    pub resolve_by: Option<&'w str>,
}

impl WrittenLens<'_> {
    /// Returns the lens that it means over a graph.
    ///
    /// # Errors
    /// In words, where a date, a source or a rule is none.
    pub fn lens(&self, snapshot: &Snapshot) -> Result<Lens, String> {
        let mut lens = Lens { only: self.only, ..Lens::default() };
        if let Some(date) = self.as_of {
            let day = last_day(&Value::string(date));
            lens.as_of = Some(day.ok_or_else(|| format!("`{date}` is no date: write 2020, 2020-12 or 2020-12-31"))?);
        }
        if !self.according_to.is_empty() {
            let particulars = Particulars::new(snapshot);
            let source = |id: &String| {
                particulars.find(id.trim()).ok_or_else(|| {
                    let known = particulars.all();
                    let near = nearest(id, known.iter().map(|(known, _)| known.as_str()));
                    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    format!("no source has the id `{id}`{hint}")
                })
            };
            lens.sources = Some(self.according_to.iter().map(source).collect::<Result<_, String>>()?);
        }
        if let Some(rule) = self.resolve_by {
            let known = ClaimRule::named(rule);
            lens.rule = known.ok_or_else(|| format!("`{rule}` is none of rank, latest, earliest, majority, all"))?;
        }
        Ok(lens)
    }
}

/// Returns the graph as a lens shows it; without one as it is stored, with what is known to be wrong.
///
/// # Errors
/// In words, where a date, a source or a rule is none.
pub fn under(snapshot: &Snapshot, written: WrittenLens<'_>) -> Result<Snapshot, String> {
    let lens = written.lens(snapshot)?;
    Ok(if lens.is_default() { snapshot.clone() } else { snapshot.under(&lens) })
}
