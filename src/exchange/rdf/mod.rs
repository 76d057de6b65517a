//! The graph in and out of the six RDF file syntaxes.
//!
//! ```text
//!   View ── quads, in order of name ── Writer (a syntax) ──> file, and what the syntax could not carry
//!   file ── terms ── read as facts ──> Transaction, or findings
//! ```

mod convert;
mod loss;
mod quads;
mod rdf_xml;
mod syntax;
mod write;

pub use syntax::{ClaimMode, RdfSyntax};
pub use write::{RdfExport, export_rdf};
