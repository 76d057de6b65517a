//! Bound query to logical plan, to a better one, to the physical plan; prints both.
//!
//! Follows Selinger et al., "Access path selection in a relational database management system" (1979), for the order of a pattern; the
//! rewrites are a file each, in [`rules`].

mod aggregation;
mod assumption;
mod build;
mod counted;
mod cite;
mod cite_branches;
mod cite_exists;
mod cite_late;
mod cite_pending;
mod cite_reads;
mod estimate;
pub mod explain;
mod live;
pub mod logical;
mod lower;
pub mod marking;
mod node_set;
mod pattern;
mod pattern_counted;
mod pattern_cycle;
mod pattern_join;
mod pattern_proof;
mod pattern_seek;
mod pattern_step;
mod pattern_together;
pub mod physical;
mod rules;
mod semi_join;
mod walk_predicate;
pub mod shortcut;
mod why;

pub use assumption::Assumption;
pub use lower::is_batchable;
#[cfg(test)]
pub use rules::names as rule_names;

use crate::binder::bound::BoundQuery;
use crate::graph::Snapshot;

use crate::vector::Slot;

use cite_late::Looked;
use estimate::Estimator;
use logical::LogicalQuery;
use physical::PhysicalQuery;

/// Up to how many rows of all operators, as estimated, groups are cited by all their rows; few in tests, whose graphs are small.
const ROWS_CITED: f64 = if cfg!(test) { 40.0 } else { 20_000.0 };

/// Up to how many rows, as estimated, those of the groups that are left are all looked at.
const ROWS_COUNTED: f64 = if cfg!(test) { 4_000.0 } else { 5_000_000.0 };

/// Returns the plan of a query for a snapshot: made for its counts, right for any other of the same schema.
///
/// Rules named in `switched_off` are not applied; see `rules::names`.
pub fn plan(query: &BoundQuery, snapshot: &Snapshot, switched_off: &[&'static str]) -> PhysicalQuery {
    plan_with(query, snapshot, switched_off, false)
}

/// Returns the plan of a query as [`plan`] does, with the other ways that were weighed.
pub fn plan_explained(query: &BoundQuery, snapshot: &Snapshot) -> PhysicalQuery {
    plan_with(query, snapshot, &[], true)
}

fn plan_with(query: &BoundQuery, snapshot: &Snapshot, switched_off: &[&'static str], explained: bool) -> PhysicalQuery {
    let logical = build::build(query);
    let estimator = Estimator::new(snapshot, query.writes);
    let finish = |mut logical: LogicalQuery| {
        rules::rewrite_logical(&mut logical, switched_off);
        lower::lower(query, &logical, &estimator, switched_off, explained)
    };
    if !query.cite {
        return finish(logical);
    }
    let is_unique = |label: &str, key: &str| {
        let catalogue = snapshot.catalogue();
        let ids = catalogue.label_id(label).zip(catalogue.property_key_id(key));
        ids.is_some_and(|(label, key)| snapshot.is_unique(label, key))
    };
    let late_of = |logical: LogicalQuery, looked: Looked, by_node: Option<Slot>| {
        let is_on = !switched_off.contains(&"cite_late");
        is_on.then(|| cite::rewrite_late(logical, &is_unique, looked, by_node)).flatten()
    };
    let late = |bound: i64| late_of(logical.clone(), Looked { bound, in_branches: true }, None);
    // What is marked is looked at without making rows.
    let marked = || {
        let mut logical = logical.clone();
        let is_on = !switched_off.contains(&"group_by_node");
        let by_node = is_on.then(|| cite_late::group_by_node(&mut logical.root, &estimator)).flatten();
        let late = late_of(logical, Looked { bound: cite_late::ALL_ROWS, in_branches: false }, by_node)?;
        let planned = (!late.is_endless).then(|| finish(late.query))?;
        let is_little = planned.estimated_rows() <= ROWS_COUNTED;
        (is_little && marking::is_marked(&planned)).then_some(planned)
    };
    let is_marking = !switched_off.contains(&shortcut::MARKED_ELEMENTS);
    if let Some(planned) = is_marking.then(marked).flatten() {
        return planned;
    }
    let Some(all) = late(cite_late::ALL_ROWS) else {
        return finish(cite::rewritten(logical));
    };
    if !all.is_endless {
        // Of few groups that are found by their keys no estimate is needed: the others are never looked at.
        let planned = (!all.is_sought).then(|| finish(cite::rewritten(logical.clone())));
        if let Some(planned) = planned.filter(|planned| planned.estimated_rows() <= ROWS_CITED) {
            return planned;
        }
        let planned = finish(all.query);
        if planned.estimated_rows() <= ROWS_COUNTED {
            return planned;
        }
    }
    late(cite_late::FIRST_ROWS).map_or_else(|| finish(cite::rewritten(logical.clone())), |first| finish(first.query))
}
