//! Yuanpu, an embedded knowledge graph with a query language: one library, one program, no server.
//!
//! The rooms are declared in the order in which they stand on each other; see ARCHITECTURE.md.
#![deny(unsafe_code)]
#![warn(missing_docs)]
// A room's face is larger than what the rooms above call today: tests and optional features call the rest.
#![allow(dead_code, unused_imports)]

pub(crate) mod binder;
pub(crate) mod text;
pub(crate) mod diagnostic;
pub(crate) mod engine;
pub(crate) mod exchange;
pub(crate) mod executor;
pub(crate) mod expression;
pub(crate) mod function;
pub(crate) mod graph;
pub(crate) mod knowledge;
pub(crate) mod output;
pub(crate) mod planner;
pub(crate) mod procedure;
pub(crate) mod rdf;
#[cfg(feature = "cli")]
pub(crate) mod shell;
pub(crate) mod sparql;
pub(crate) mod storage;
pub(crate) mod syntax;
pub(crate) mod tabular;
pub(crate) mod value;
pub(crate) mod vector;

#[cfg(test)]
#[path = "../tests/oracle/mod.rs"]
mod oracle;

#[cfg(test)]
#[path = "../tests/lens/mod.rs"]
mod lens_algebra;

#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;

pub use diagnostic::{Diagnostic, Severity, Span};
pub use engine::{
    Answer, CancelHandle, ClaimRecord, ClaimState, Connection, Counters, Database, Error, ErrorClass, FileFindings,
    FileStatistics, ImportHints, ImportProgress, ImportReport, ImportSource, Options, Parameters, PlanLine, Row,
    Statement, Support, Transaction,
};
pub use value::{ResultNode, ResultPath, ResultRelationship, ResultValue};

#[cfg(feature = "rdf")]
pub use engine::{RdfLiteral, RdfSyntax, RdfTerm, RdfTriple, ResultsFormat, SparqlAnswer};

#[cfg(feature = "cli")]
#[doc(hidden)]
pub use shell::main_program;
