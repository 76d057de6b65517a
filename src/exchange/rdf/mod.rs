//! The graph in and out of the six RDF file syntaxes.
//!
//! ```text
//!   View ── quads, in order of name ── Writer (a syntax) ──> file, and what the syntax could not carry
//!   file ── terms ── read as facts ──> Transaction; what cannot be read is refused, or put aside
//! ```

mod import;
mod loss;
mod quads;
mod rdf_xml;
mod read;
mod saved;
mod syntax;
mod write;

#[cfg(test)]
mod round_trip_test;

pub use import::RdfImport;
pub use saved::{SavedAnswer, SavedClaim, SavedRow};
pub use syntax::{ClaimMode, RdfSyntax};
pub use write::{RdfExport, export_rdf, prefixes, write_triples};
