//! Physical plan to batches, one operator a file. Rows are pushed: an operator runs its input and hands what it makes to its sink.
//!
//! ```text
//! run(Aggregate) ── runs ──▶ run(Expand) ── runs ──▶ run(NodeScan)
//!        ◀── batches ──            ◀── batches ──
//! ```
//!
//! The executor never sees a syntax tree, and never a name in the text: a label or key is looked up in the snapshot when a batch comes.

mod aggregate;
mod aggregate_state;
mod apply;
mod apply_in_parts;
mod bound_step;
mod builds;
mod call;
pub mod cite;
mod coder;
mod context;
mod count_nodes;
mod create;
mod delete;
mod distinct;
mod error;
mod evidence;
mod expand;
mod expand_into;
mod expand_variable;
mod extremes;
mod filter;
mod flood;
mod grouping;
mod guard;
mod intersect;
mod join;
mod key_rows;
mod limit;
mod load_csv;
mod marked_step;
mod marked_walk;
mod marking;
mod meet;
mod merge;
mod node_marks;
mod optional;
mod parts;
mod project;
mod quantified;
mod rows;
mod run;
mod scan;
mod seek;
mod seen;
mod semi_join;
mod set;
mod shortest;
mod sort;
mod sort_keys;
mod steps;
mod tally;
mod tally_add;
mod tally_elements;
mod types;
mod union;
mod unwind;
mod walk;
mod way_back;

pub use context::{Context, Flow, Parts, ProfileCell};
pub use error::ExecutionError;
pub use guard::Guard;
pub use run::{run, run_whole};

use rows::{collect, give_all, give_rows};
