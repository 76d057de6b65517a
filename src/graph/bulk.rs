//! The bulk loader: nodes and relationships by the million, straight into packed columns and sorted adjacency, without deltas.
//!
//! ```text
//!   add_nodes (a batch of one label set)          -> chunks of that label set, packed as they fill
//!   add_relationships (a batch of one type)       -> kept until the end, then sorted by start and end
//!   finish                                        -> the last chunks, adjacency, unique keys: a snapshot
//! ```
//! It works on its own copy of a snapshot, as a transaction does; given up, it leaves nothing behind. What it loads cannot be logged: the
//! snapshot is to be written as a whole.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::value::Value;
use crate::vector::{Column, ColumnBuilder};

use super::bulk_pack::pack_rows;
use super::bulk_relationships::PendingRelationships;
use super::definition::{IndexDefinition, IndexKind, IndexTarget};
use super::error::GraphError;
use super::id::{LabelId, LabelSetId, PropertyKeyId, RelationshipTypeId};
use super::key_map::KeyMap;
use super::slots::{CHUNK_SLOTS, first_slot};
use super::snapshot::Snapshot;
use super::state::State;
use super::transaction::{Transaction, check_storable};

/// Loads nodes and relationships in bulk.
#[derive(Debug)]
pub struct BulkLoader {
    state: State,
    open: BTreeMap<LabelSetId, OpenChunk>,
    relationships: BTreeMap<RelationshipTypeId, PendingRelationships>,
    indexes: Vec<IndexDefinition>,
}

/// The chunk of a label set that is being filled.
#[derive(Debug, Default)]
struct OpenChunk {
    chunk: usize,
    rows: usize,
    columns: BTreeMap<PropertyKeyId, ColumnBuilder>,
}

impl BulkLoader {
    /// Begins loading into a snapshot.
    pub fn begin(base: &Snapshot) -> BulkLoader {
        let state = State::clone(&base.state);
        BulkLoader { state, open: BTreeMap::new(), relationships: BTreeMap::new(), indexes: Vec::new() }
    }

    /// Returns the id of a label, giving it one if it is new.
    pub fn label(&mut self, name: &str) -> Result<LabelId, GraphError> {
        Arc::make_mut(&mut self.state.catalogue).intern_label(name)
    }

    /// Returns the id of a relationship type, giving it one if it is new.
    pub fn relationship_type(&mut self, name: &str) -> Result<RelationshipTypeId, GraphError> {
        Arc::make_mut(&mut self.state.catalogue).intern_relationship_type(name)
    }

    /// Returns the id of a property key, giving it one if it is new.
    pub fn property_key(&mut self, name: &str) -> Result<PropertyKeyId, GraphError> {
        Arc::make_mut(&mut self.state.catalogue).intern_property_key(name)
    }

    /// Asks for an index or constraint, made when loading is finished.
    pub fn create_index(&mut self, definition: IndexDefinition) {
        self.indexes.push(definition);
    }

    /// Asks that every node of a label have its own value of a property, and that it be indexed.
    pub fn make_unique(&mut self, label: LabelId, key: PropertyKeyId) {
        let catalogue = &self.state.catalogue;
        let name = format!("{}_{}_key", catalogue.label_name(label), catalogue.property_key_name(key));
        let target = IndexTarget::Node(label);
        self.create_index(IndexDefinition::single(SmolStr::new(name), target, key, IndexKind::Unique));
    }

    /// Adds `count` nodes with these labels and columns of their properties; returns their slots, row by row.
    ///
    /// # Errors
    /// If a column has another number of rows, or a value that cannot be kept.
    pub fn add_nodes(
        &mut self,
        labels: &[LabelId],
        count: usize,
        columns: &[(PropertyKeyId, Column)],
    ) -> Result<Vec<u32>, GraphError> {
        check_columns(columns, count)?;
        let mut labels = labels.to_vec();
        labels.sort_unstable();
        labels.dedup();
        let set = Arc::make_mut(&mut self.state.label_sets).intern(&labels);
        let mut slots = Vec::with_capacity(count);
        let mut row = 0;
        while row < count {
            let (chunk, filled) = self.open_chunk(set)?;
            let taken = (CHUNK_SLOTS - filled).min(count - row);
            let first = first_slot(chunk) + filled as u32;
            slots.extend(first..first + taken as u32);
            if filled == 0 && taken == CHUNK_SLOTS {
                self.put_nodes(set, chunk, columns, row..row + taken);
                self.open.remove(&set);
            } else {
                self.extend_open(set, columns, row..row + taken);
            }
            row += taken;
        }
        Ok(slots)
    }

    /// Adds relationships of one type, from `starts[i]` to `ends[i]`, with columns of their properties.
    ///
    /// # Errors
    /// If an end is not a node, a column has another number of rows, or a value cannot be kept.
    pub fn add_relationships(
        &mut self,
        kind: RelationshipTypeId,
        starts: &[u32],
        ends: &[u32],
        columns: &[(PropertyKeyId, Column)],
    ) -> Result<(), GraphError> {
        if starts.len() != ends.len() {
            return Err(GraphError::UnevenColumns { given: ends.len(), wanted: starts.len() });
        }
        check_columns(columns, starts.len())?;
        self.close_chunks();
        for slot in starts.iter().chain(ends) {
            let node = crate::value::NodeId(*slot);
            if !self.state.nodes.contains(node) {
                return Err(GraphError::NoSuchNode(node));
            }
        }
        self.relationships.entry(kind).or_default().append(starts, ends, columns);
        Ok(())
    }

    /// Returns a map from the values of a label's property to nodes, of all nodes added so far.
    pub fn keys(&mut self, label: LabelId, key: PropertyKeyId) -> KeyMap {
        self.close_chunks();
        KeyMap::new(self.state.indexed_values(IndexTarget::Node(label), key))
    }

    /// Ends loading.
    ///
    /// # Errors
    /// If an element is not as a constraint or the closed schema wants it, or the graph is full.
    pub fn finish(mut self) -> Result<Snapshot, GraphError> {
        self.close_chunks();
        for (kind, pending) in std::mem::take(&mut self.relationships) {
            pending.build(&mut self.state, kind)?;
        }
        self.state.rebuild_indexes()?;
        self.state.check_closed()?;
        self.state.unchecked = Arc::default();
        self.state.version += 1;
        let mut transaction = Transaction::begin(Snapshot { state: Arc::new(self.state) });
        for definition in self.indexes {
            let mut existing = transaction.view().catalogue().indexes().iter();
            // What is wanted and is there already, from an earlier load, is kept.
            if !existing.any(|other| other.is_same(&definition)) {
                transaction.create_index(definition)?;
            }
        }
        Ok(transaction.into_view())
    }

    fn open_chunk(&mut self, set: LabelSetId) -> Result<(usize, usize), GraphError> {
        if let Some(open) = self.open.get(&set) {
            return Ok((open.chunk, open.rows));
        }
        // Chunks that are open take their places before they are filled.
        let highest = self.open.values().map(|open| open.chunk + 1).max().unwrap_or(0);
        let chunk = self.state.nodes.new_chunk_from(set, highest)?;
        self.open.insert(set, OpenChunk { chunk, ..OpenChunk::default() });
        Ok((chunk, 0))
    }

    fn extend_open(&mut self, set: LabelSetId, columns: &[(PropertyKeyId, Column)], rows: Range<usize>) {
        let Some(open) = self.open.get_mut(&set) else {
            return;
        };
        for (key, column) in columns {
            let builder = open.columns.entry(*key).or_default();
            (builder.len()..open.rows).for_each(|_| builder.push(Value::Null));
            rows.clone().for_each(|row| builder.push(column.value(row)));
        }
        open.rows += rows.len();
        if open.rows == CHUNK_SLOTS {
            self.close_chunk(set);
        }
    }

    fn close_chunks(&mut self) {
        let sets: Vec<LabelSetId> = self.open.keys().copied().collect();
        sets.into_iter().for_each(|set| self.close_chunk(set));
    }

    fn close_chunk(&mut self, set: LabelSetId) {
        let Some(open) = self.open.remove(&set) else {
            return;
        };
        if open.rows == 0 {
            return;
        }
        let finished = open.columns.into_iter().map(|(key, mut builder)| {
            (builder.len()..open.rows).for_each(|_| builder.push(Value::Null));
            (key, builder.finish())
        });
        let columns: Vec<(PropertyKeyId, Column)> = finished.collect();
        self.put_nodes(set, open.chunk, &columns, 0..open.rows);
    }

    fn put_nodes(&mut self, set: LabelSetId, chunk: usize, columns: &[(PropertyKeyId, Column)], rows: Range<usize>) {
        self.state.nodes.fill(chunk, rows.len(), set);
        self.state.counts.change_nodes(set, rows.len() as i64);
        for (key, column) in columns {
            let counts = pack_rows(self.state.node_columns.make_mut(*key), chunk, column, rows.clone());
            if counts.total() > 0 {
                self.state.counts.change_node_values(*key, set, counts.total() as i64);
            }
        }
    }
}

fn check_columns(columns: &[(PropertyKeyId, Column)], wanted: usize) -> Result<(), GraphError> {
    for (_, column) in columns {
        if column.len() != wanted {
            return Err(GraphError::UnevenColumns { given: column.len(), wanted });
        }
        match column {
            Column::Any(values) => values.iter().try_for_each(check_storable)?,
            Column::Constant(value, _) => check_storable(value)?,
            Column::Node(_) | Column::NodeRun(_) => {
                return Err(GraphError::Unstorable { kind: crate::value::Kind::Node });
            }
            Column::Relationship(_) | Column::RelationshipRun(_) => {
                return Err(GraphError::Unstorable { kind: crate::value::Kind::Relationship });
            }
            _ => {}
        }
    }
    Ok(())
}
