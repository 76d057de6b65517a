//! Yuanpu, an embedded knowledge graph with a query language: one library, one program, no server.
//!
//! ```
//! use yuanpu::{Database, Parameters};
//!
//! #[derive(serde::Deserialize)]
//! struct Town {
//!     name: String,
//!     people: i64,
//! }
//!
//! let database = Database::in_memory(); // Or `Database::open("towns.db", options)`, kept in a file; `Database::builtin()`, the graph within.
//! let mut connection = database.connect();
//! connection.run("CREATE (:Town {name: 'Suzhou', people: 13})-[:NEAR]->(:Town {name: 'Wuxi', people: 7})", ())?;
//!
//! let parameters = Parameters::new().with("least", 10)?;
//! let answer = connection.run("MATCH (t:Town) WHERE t.people >= $least RETURN t.name AS name, t.people AS people", parameters)?;
//! let towns: Vec<Town> = answer.deserialize()?; // Or `answer.rows[0][1]`, or `row.named("people")` of `answer.iter()`.
//! assert_eq!((towns[0].name.as_str(), towns[0].people), ("Suzhou", 13));
//!
//! let error = connection.run("MATCH (t:Town) RETURN tt.name", ()).unwrap_err();
//! assert_eq!((error.kind(), error.detail(), error.span()), ("SyntaxError", "UndefinedVariable", Some(22..24)));
//! # Ok::<(), yuanpu::Error>(())
//! ```
//!
//! From here: [`Connection::stream`] hands rows on one by one, [`Connection::prepare`] plans a statement once, [`Connection::transaction`]
//! holds several together, [`CancelHandle`] stops what runs, and [`Error`] says what is wrong, where, and what to try.
//!
//! The rooms are declared in the order in which they stand on each other; see ARCHITECTURE.md.
#![deny(unsafe_code)]
#![warn(missing_docs)]
// Rooms serve the program, RDF and files: without one of these, some of what they offer has no caller.
#![cfg_attr(not(all(feature = "cli", feature = "rdf", feature = "redb")), allow(dead_code, unused_imports))]

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
    Answer, CancelHandle, Citations, ClaimRecord, ClaimState, Connection, Counters, Database, Error, ErrorClass,
    FileFindings, FileStatistics, ImportHints, ImportProgress, ImportReport, ImportSource, Options, Parameters,
    PlanLine, Row, Statement, Support, Transaction,
};
pub use value::{ResultNode, ResultPath, ResultRelationship, ResultValue};

#[cfg(feature = "rdf")]
pub use engine::{RdfLiteral, RdfSyntax, RdfTerm, RdfTriple, ResultsFormat, SparqlAnswer, WrittenLens};

#[cfg(feature = "cli")]
#[doc(hidden)]
pub use shell::main_program;

/// The Rust of README.md, run as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
