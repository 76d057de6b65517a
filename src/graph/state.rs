//! The state of a graph: everything that a snapshot shows, in parts that clones share.
//!
//! A clone copies a handful of pointers. A transaction changes its own clone; what it does not touch stays shared with all snapshots.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::knowledge::{ClaimRule, Subject};
use crate::value::Value;

use super::adjacency::Adjacency;
use super::catalogue::Catalogue;
use super::claims::Claims;
use super::correlation::Correlations;
use super::counts::Counts;
use super::id::PropertyKeyId;
use super::index::Indexes;
use super::nodes::{LabelSets, Nodes};
use super::property_column::PropertyColumn;
use super::relationships::Relationships;
use super::stored::Loader;

/// The parts of a graph.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub version: u64,
    pub catalogue: Arc<Catalogue>,
    pub label_sets: Arc<LabelSets>,
    pub nodes: Nodes,
    pub relationships: Relationships,
    pub node_columns: Columns,
    pub relationship_columns: Columns,
    pub adjacency: Adjacency,
    pub counts: Counts,
    pub correlations: Correlations,
    pub indexes: Indexes,
    pub claims: Claims,
    /// Reads the chunks that are stored; none if nothing is.
    pub loader: Option<Arc<Loader>>,
    /// By which rule claims were resolved; the default but under a lens.
    pub rule: ClaimRule,
    /// What was written and not yet asked whether it is as constraints want it; empty in every committed snapshot.
    pub unchecked: Arc<Vec<Subject>>,
    /// What the open transaction deleted; empty in every committed snapshot.
    pub deleted_nodes: Arc<FxHashSet<u32>>,
    /// What the open transaction deleted; empty in every committed snapshot.
    pub deleted_relationships: Arc<FxHashSet<u32>>,
}

/// The columns of all properties, by key.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns(Arc<Vec<Option<Arc<PropertyColumn>>>>);

impl Columns {
    /// Returns a property's column, if anything ever had it.
    #[inline]
    pub fn get(&self, key: PropertyKeyId) -> Option<&PropertyColumn> {
        self.0.get(key.0 as usize)?.as_deref()
    }

    /// Returns the columns that are there, in order of key.
    pub fn iter(&self) -> impl Iterator<Item = (PropertyKeyId, &Arc<PropertyColumn>)> {
        let columns = self.0.iter().enumerate();
        columns.filter_map(|(key, column)| Some((PropertyKeyId(key as u32), column.as_ref()?)))
    }

    /// Returns a property's column to change.
    pub fn make_mut(&mut self, key: PropertyKeyId) -> &mut PropertyColumn {
        let columns = Arc::make_mut(&mut self.0);
        if columns.len() <= key.0 as usize {
            columns.resize(key.0 as usize + 1, None);
        }
        Arc::make_mut(columns[key.0 as usize].get_or_insert_default())
    }

    /// Returns a slot's value; null if it is not set.
    #[inline]
    pub fn value(&self, key: PropertyKeyId, slot: u32) -> Value {
        self.get(key).map_or(Value::Null, |column| column.value(slot))
    }

    /// Returns the keys that are set on a slot, in order of id.
    pub fn keys_of(&self, slot: u32) -> impl Iterator<Item = PropertyKeyId> + '_ {
        let columns = self.0.iter().enumerate();
        columns.filter_map(move |(key, column)| column.as_ref()?.contains(slot).then_some(PropertyKeyId(key as u32)))
    }
}
