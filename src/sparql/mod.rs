//! SPARQL over the stored graph: text to query, patterns to triples, solutions to rows; the one door to the SPARQL crates.
//!
//! ```text
//!   text ── SparqlQuery ──┐
//!   View ── Dataset ──────┴─ evaluate ──> SparqlAnswer ── write ──> SPARQL results in JSON, XML, CSV, TSV
//! ```
//! The graph is lent, never copied: a pattern is answered by [`crate::rdf::Triples`]. The default graph is what holds under the lens; a named
//! graph is what one source says (SPARQL 1.1 Query Language, section 13).
#![cfg(feature = "rdf")]

mod answer;
mod columns;
mod dataset;
mod error;
mod evaluate;
mod join;
mod limit;
mod query;
mod refusal;
mod rewrite;
mod slip;
mod warnings;
mod words;

pub use answer::{ResultsFormat, SparqlAnswer};
pub use error::SparqlError;
pub use evaluate::evaluate;
pub use query::SparqlQuery;
pub use warnings::warnings;
