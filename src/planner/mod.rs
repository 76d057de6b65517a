//! Bound query to logical plan, to a better one, to the physical plan; prints both.
//!
//! Follows Selinger et al., "Access path selection in a relational database management system" (1979), for the order of a pattern; the
//! rewrites are a file each, in [`rules`].

mod aggregation;
mod assumption;
mod build;
mod cite;
mod cite_pending;
mod cite_reads;
mod estimate;
pub mod explain;
mod live;
pub mod logical;
mod lower;
mod pattern;
mod pattern_cycle;
mod pattern_proof;
mod pattern_seek;
mod pattern_step;
pub mod physical;
mod rules;
mod semi_join;

pub use assumption::Assumption;
pub use lower::is_batchable;
pub use rules::names as rule_names;

use crate::binder::bound::BoundQuery;
use crate::graph::Snapshot;

use estimate::Estimator;
use physical::PhysicalQuery;

/// Returns the plan of a query for a snapshot: made for its counts, right for any other of the same schema.
///
/// Rules named in `switched_off` are not applied; see [`rule_names`].
pub fn plan(query: &BoundQuery, snapshot: &Snapshot, switched_off: &[&'static str]) -> PhysicalQuery {
    let mut logical = build::build(query);
    if query.cite {
        cite::rewrite(&mut logical);
    }
    rules::rewrite_logical(&mut logical, switched_off);
    lower::lower(query, &logical, &Estimator::new(snapshot, query.writes), switched_off)
}
