//! The graph seen as RDF: which triple says which fact, both ways; terms and their codes.
//!
//! ```text
//!   Schema ── Mapping ─┐
//!   Snapshot ──────────┴─ View ── describe(subject) ──> predicates and objects, as codes ── View::term ──> terms
//! ```
//! Export, import and SPARQL see the same triples because all of them ask here. File syntaxes are `exchange/`'s business.

mod term;
mod vocabulary;
mod iri;
mod literal;
mod list;
mod error;
mod mapping;
mod name;
mod claim_name;
mod code;
mod view;
mod describe;
mod describe_claim;
mod describe_schema;
mod read;
mod uses;
mod candidates;
mod find;
#[cfg(feature = "rdf")]
pub mod library;

pub use code::{Code, CodeTriple};
pub use describe::{ClaimForm, describe, outgoing, parts_of};
pub use describe_claim::reified;
pub use error::MappingError;
pub use find::Triples;
pub use iri::{is_iri, source_base};
pub use literal::literal_of;
pub use mapping::Mapping;
#[cfg(test)]
pub use read::ReadReport;
#[cfg(test)]
pub use read::read_quads;
pub use read::{Quad, ReadError, Unread, read_long};
pub use term::{Literal, Term, Triple};
pub use view::View;
pub use vocabulary::{ANSWERS, PREFIXES, answer as answer_terms, rdf::LANG_STRING, rdf::TYPE};
