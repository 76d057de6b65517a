//! What CALL can call: the schema's names, claims, algorithms; and what the caller of a database registers.

mod signature;
// The room's main type stands in the file of its name.
#[allow(clippy::module_inception)]
mod procedure;
mod error;
mod registry;
mod schema;
mod claims;
mod claims_writing;
mod coverage;
mod options;
mod view;
mod acquaintances;
mod pagerank;
mod component;
mod centrality;
mod community;
mod algorithm;
mod way;
mod search;
mod search_text;
#[cfg(test)]
mod interrupt_test;
#[cfg(test)]
mod sample;

pub use error::ProcedureError;
#[cfg(test)]
pub use procedure::NoInterrupt;
pub use procedure::{BuiltinBody, Interrupt, Procedure, ProcedureBody, ProcedureContext};
pub use registry::Registry;
pub use signature::{Field, FieldKind, Signature};
