//! Syntax tree and catalogue to bound query: every name resolved, every kind of value checked as far as the text tells.
//!
//! ```text
//! ast::Statement ── Binder::bind ──> Binding { query: BoundQuery, warnings }
//! ```
//!
//! One clause a file, each an `impl Binder` block; the state that they share is in `binder.rs`. The binder decides nothing about how a query
//! is run, and it looks at no data: from the graph it wants names only ([`KnownNames`]).

pub mod bound;

mod environment;
mod error;
mod types;

mod scope;
#[allow(clippy::module_inception)] // The room and its one doer bear the same word.
mod binder;

mod bind_query;
mod bind_next;
mod bind_lens;

mod bind_match;
mod bind_pattern;
mod bind_path;
mod bind_selected;
mod bind_shortest;
mod bind_step;

mod bind_projection;
mod bind_order;
mod aggregation;

mod bind_unwind;
mod bind_create;
mod bind_merge;
mod bind_set;
mod bind_call;
mod bind_call_subquery;

mod bind_expression;
mod bind_operator;
mod comparison;
mod bind_typed;
mod bind_function;
mod bind_comprehension;
mod bind_subquery;
mod imports;
mod bind_label;

mod function_name;
mod names;
mod parts;

#[cfg(test)]
mod print;
#[cfg(test)]
mod tests;

pub use binder::Binder;
pub use comparison::PROPERTY_KIND_DIFFERS;
pub use environment::{Environment, KnownNames, KnownProcedures, NameKind};
pub use error::BindError;
pub use types::Type;
