//! Bulk relationships of one type: sorted by start and end, so that a relationship's slot is its place in the outgoing order.
//!
//! ```text
//!   as added     7→2  1→9  1→3  7→2        counting sort by start, then each start's ends in order
//!   outgoing     1→3  1→9  7→2  7→2        slots follow each other: outgoing pieces store none
//!   incoming     2←7  2←7  3←1  9←1        counting sort of that by end: starts come out in order by themselves
//! ```

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::value::{NodeId, RelationshipId, Value};
use crate::vector::{Column, ColumnBuilder};

use super::bulk_pack::pack_rows;
use super::chunk_list::ChunkList;
use super::error::GraphError;
use super::id::{LabelSetId, PropertyKeyId, RelationshipTypeId};
use super::piece::{PIECE_NODES, Piece, PieceBase, PieceSlots};
use super::relationships::RelationshipRecord;
use super::slots::{CHUNK_SLOTS, chunk_of};
use super::state::State;
use super::words::Words;

/// Relationships of one type, as added.
#[derive(Debug, Default)]
pub(super) struct PendingRelationships {
    starts: Vec<u32>,
    ends: Vec<u32>,
    columns: std::collections::BTreeMap<PropertyKeyId, ColumnBuilder>,
}

impl PendingRelationships {
    /// Adds relationships; ends and lengths were checked.
    pub fn append(&mut self, starts: &[u32], ends: &[u32], columns: &[(PropertyKeyId, Column)]) {
        for (key, column) in columns {
            let builder = self.columns.entry(*key).or_default();
            (builder.len()..self.starts.len()).for_each(|_| builder.push(Value::Null));
            builder.append(column);
        }
        self.starts.extend_from_slice(starts);
        self.ends.extend_from_slice(ends);
    }

    /// Puts the relationships into the state.
    pub fn build(self, state: &mut State, kind: RelationshipTypeId) -> Result<(), GraphError> {
        let count = self.starts.len();
        if count == 0 {
            return Ok(());
        }
        let finished = self.columns.into_iter().map(|(key, mut builder)| {
            (builder.len()..count).for_each(|_| builder.push(Value::Null));
            (key, builder.finish())
        });
        let columns: Vec<(PropertyKeyId, Column)> = finished.collect();
        if state.counts.kind(kind).is_some_and(|counts| counts.total > 0) {
            return add_one_by_one(state, kind, &self.starts, &self.ends, &columns);
        }
        let nodes = state.nodes.chunks.len() * CHUNK_SLOTS;
        let (offsets, order) = counting_sort(&self.starts, nodes, |place| place as u32);
        let (starts, ends, order) = sort_runs(&self.ends, offsets.as_slice(), order);
        // What was added is not needed any more; by the million it is worth giving back before the rest is built.
        drop((self.starts, self.ends));
        let first = state.relationships.append(kind, &starts, &ends)?;
        let parallel = count_all(state, kind, &starts, &ends);
        let adjacency = state.adjacency.make_mut(kind);
        adjacency.outgoing = cut(&offsets, &ends, |from, _| PieceSlots::Consecutive(first + from as u32));
        let (offsets, places) = counting_sort(&ends, nodes, |place| place as u32);
        let incoming: Vec<u32> = places.iter().map(|place| starts[*place as usize]).collect();
        let listed = parallel || !columns.is_empty();
        adjacency.incoming = cut(&offsets, &incoming, |from, to| {
            if !listed {
                return PieceSlots::Elsewhere;
            }
            let slots: Arc<[u32]> = places[from..to].iter().map(|place| first + place).collect();
            PieceSlots::Listed(slots.into())
        });
        drop((incoming, places));
        for (key, column) in &columns {
            put_column(state, kind, *key, &column.gather(&order), first);
        }
        Ok(())
    }
}

/// Returns where each key's places begin, and the places in order of key; equal keys keep their order.
fn counting_sort(keys: &[u32], limit: usize, place_of: impl Fn(usize) -> u32) -> (Vec<u32>, Vec<u32>) {
    let mut offsets = vec![0u32; limit + 1];
    keys.iter().for_each(|key| offsets[*key as usize + 1] += 1);
    for key in 0..limit {
        offsets[key + 1] += offsets[key];
    }
    let mut next = offsets.clone();
    let mut places = vec![0u32; keys.len()];
    for (place, key) in keys.iter().enumerate() {
        let slot = &mut next[*key as usize];
        places[*slot as usize] = place_of(place);
        *slot += 1;
    }
    (offsets, places)
}

/// Sorts each start's relationships by end and then by arrival; returns starts, ends and places of arrival in that order.
fn sort_runs(ends: &[u32], offsets: &[u32], mut order: Vec<u32>) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let mut starts = Vec::with_capacity(order.len());
    let mut sorted = Vec::with_capacity(order.len());
    let mut run: Vec<u64> = Vec::new();
    for (start, bounds) in offsets.windows(2).enumerate() {
        let range = bounds[0] as usize..bounds[1] as usize;
        starts.resize(range.end, start as u32);
        run.clear();
        // End and arrival in one integer: sorting them compares nothing else.
        run.extend(order[range.clone()].iter().map(|place| u64::from(ends[*place as usize]) << 32 | u64::from(*place)));
        run.sort_unstable();
        for (place, pair) in order[range].iter_mut().zip(&run) {
            sorted.push((pair >> 32) as u32);
            *place = *pair as u32;
        }
    }
    (starts, sorted, order)
}

/// Cuts neighbours into pieces of so many nodes each.
fn cut(offsets: &[u32], neighbours: &[u32], slots: impl Fn(usize, usize) -> PieceSlots) -> ChunkList<Piece> {
    let mut pieces = ChunkList::default();
    for (place, first) in (0..offsets.len() - 1).step_by(PIECE_NODES).enumerate() {
        let last = (first + PIECE_NODES).min(offsets.len() - 1);
        let (from, to) = (offsets[first] as usize, offsets[last] as usize);
        if from == to {
            continue;
        }
        let own = offsets[first..=last].iter().map(|offset| offset - from as u32).collect();
        let base = PieceBase {
            offsets: own,
            neighbours: Words::from(Arc::from(&neighbours[from..to])),
            slots: slots(from, to),
        };
        pieces.set(place, Some(Piece::new(base)));
    }
    pieces
}

/// Counts relationships in order of start and end, and says whether any are parallel.
fn count_all(state: &mut State, kind: RelationshipTypeId, starts: &[u32], ends: &[u32]) -> bool {
    let sets: Vec<LabelSetId> =
        (0..state.nodes.chunks.len() * CHUNK_SLOTS).map(|slot| state.nodes.label_set(NodeId(slot as u32))).collect();
    let mut by_ends: FxHashMap<(LabelSetId, LabelSetId), u64> = FxHashMap::default();
    let (mut self_loops, mut parallel) = (0, 0);
    let mut current = ((LabelSetId::EMPTY, LabelSetId::EMPTY), 0u64);
    let mut before = None;
    for pair in starts.iter().copied().zip(ends.iter().copied()) {
        self_loops += u64::from(pair.0 == pair.1);
        parallel += u64::from(before == Some(pair));
        before = Some(pair);
        let key = (sets[pair.0 as usize], sets[pair.1 as usize]);
        if key != current.0 {
            *by_ends.entry(current.0).or_default() += current.1;
            current = (key, 0);
        }
        current.1 += 1;
    }
    *by_ends.entry(current.0).or_default() += current.1;
    let counts = state.counts.kind_mut(kind);
    counts.total += starts.len() as u64;
    counts.self_loops += self_loops;
    counts.parallel += parallel;
    for ((start, end), count) in by_ends.into_iter().filter(|(_, count)| *count > 0) {
        counts.change_ends(start, end, count as i64);
    }
    parallel > 0
}

/// Packs a column whose rows are the relationships from a chunk's first slot on.
fn put_column(state: &mut State, kind: RelationshipTypeId, key: PropertyKeyId, column: &Column, first: u32) {
    let target = state.relationship_columns.make_mut(key);
    let mut total = 0;
    for (place, row) in (0..column.len()).step_by(CHUNK_SLOTS).enumerate() {
        let rows = row..(row + CHUNK_SLOTS).min(column.len());
        total += pack_rows(target, chunk_of(first) + place, column, rows).total();
    }
    if total > 0 {
        state.counts.change_relationship_values(key, kind, total as i64);
    }
}

/// Adds relationships of a type that has some already, through its deltas.
fn add_one_by_one(
    state: &mut State,
    kind: RelationshipTypeId,
    starts: &[u32],
    ends: &[u32],
    columns: &[(PropertyKeyId, Column)],
) -> Result<(), GraphError> {
    let freed = state.deleted_relationships.clone();
    for (row, (start, end)) in starts.iter().zip(ends).enumerate() {
        let (start, end) = (NodeId(*start), NodeId(*end));
        let relationship: RelationshipId =
            state.relationships.create(RelationshipRecord { kind, start, end }, &freed)?;
        state.connect(kind, start, end, relationship);
        for (key, column) in columns {
            state.set_relationship_value(relationship, *key, column.value(row));
        }
    }
    Ok(())
}
