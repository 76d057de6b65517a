//! The embedder's face: open a database, connect, send text, get rows; and the errors of all rooms below in one sum.
//!
//! ```text
//! Database ── connect ──> Connection ── run(text, parameters) ──> Answer { columns, rows, counters, warnings }
//! ```
//!
//! A [`Database`] is a handle that may be cloned into any thread. Its connections read snapshots and never wait; one of them at a time
//! writes. Nothing here prints, reads the environment or asks a clock other than the one in [`Options`].

mod options;
mod machine;
mod database;
mod database_file;
mod upkeep;
mod import;
mod writer;
mod plan_cache;
mod environment;

mod connection;
mod place;
mod prepare;
mod view;
mod lens;
mod execute;
mod session;
mod parts;
mod transaction;
mod schema;
mod graph_type;
mod show;
mod explain;
#[cfg(feature = "rdf")]
mod sparql;
mod cancel;
mod stack;

mod answer;
mod cited;
mod written_out;
mod retired;
mod row_reader;
mod parameters;
mod parameter_writer;

mod error;

#[cfg(test)]
mod claim_tests;
#[cfg(test)]
mod limit_tests;
#[cfg(test)]
mod load_csv_tests;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Row};
pub use cancel::CancelHandle;
pub(crate) use cited::ToldClaim;
pub use cited::{Citations, Support};
pub use connection::Connection;
pub use database::Database;
pub use error::{Error, ErrorClass};
pub use import::{ImportHints, ImportSource};
pub use options::Options;
pub use parameters::Parameters;
pub use prepare::Statement;
pub use transaction::Transaction;
pub use upkeep::FileFindings;

pub use crate::exchange::{ImportProgress, ImportReport};
pub(crate) use crate::graph::chunk_kind_name;
#[cfg(feature = "rdf")]
pub use crate::rdf::{Literal as RdfLiteral, Term as RdfTerm, Triple as RdfTriple};
#[cfg(feature = "rdf")]
pub use crate::sparql::{ResultsFormat, SparqlAnswer};
pub use crate::storage::Statistics as FileStatistics;
#[cfg(feature = "redb")]
pub(crate) use crate::storage::file::is_guarded as is_reading_store;
#[cfg(feature = "rdf")]
pub use sparql::{RdfSyntax, WrittenLens};

pub use crate::graph::WriteCounters as Counters;
pub use crate::knowledge::{ClaimRecord, ClaimState};
pub use crate::planner::explain::{Measured, PlanLine};
