//! The whole graph in and out of other people's formats, and of the package that people edit and review.
//!
//! ```text
//!   package folder ── PackageFiles ── Package (rows) ── Facts (typed, resolved) ── load ──> Snapshot
//!   built in ─────────────────────────^                                        └─ check ─> findings
//!   Snapshot ── export ──> files of a package; RDF in six syntaxes; CSV, GraphML; pictures as DOT and Mermaid
//!   folder with import.toml ── FolderImport ──> Snapshot
//!   file of rows ── TableImport ──> Snapshot
//!   nodes.csv, relationships.csv ── CsvImport ──> Snapshot
//! ```

mod error;
mod elements;
mod csv;
mod graphml;
mod picture;
pub mod export;
mod finding;
mod key_guard;
mod progress;
mod in_order;
mod row_part;
mod course;
mod folder;
mod table;
pub mod package;
#[cfg(feature = "rdf")]
pub mod rdf;

pub use csv::CsvImport;
pub(crate) use csv::{NODES_FILE, is_part};
pub use error::ExchangeError;
pub use finding::Finding;
pub use folder::{FolderImport, ImportError};
pub use progress::{ImportProgress, ImportReport};
pub use table::{TableFormat, TableImport};
