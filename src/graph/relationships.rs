//! Relationships by slot: which are alive, their type, start and end, chunk by chunk.
//!
//! Adjacency answers where a walk can go; this answers what a relationship is. What a deleted relationship was stays readable until its
//! slot is used again, which no statement of the deleting transaction does.

use rustc_hash::FxHashSet;

use crate::value::{NodeId, RelationshipId};

use super::allocator::Allocator;
use super::chunk_list::ChunkList;
use super::error::GraphError;
use super::id::RelationshipTypeId;
use super::slots::{CHUNK_SLOTS, PlaceSet, chunk_of, first_slot, place_of};

const MAX_CHUNKS: usize = (1 << (32 - super::slots::CHUNK_BITS)) - 1;

/// What a relationship is: its type and its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelationshipRecord {
    /// The type.
    pub kind: RelationshipTypeId,
    /// The node it starts at.
    pub start: NodeId,
    /// The node it ends at.
    pub end: NodeId,
}

/// All relationships.
#[derive(Clone, Debug, Default)]
pub(super) struct Relationships {
    pub chunks: ChunkList<RelationshipChunk>,
    pub(super) allocator: Allocator,
    pub(super) live: u64,
}

/// The relationships of one chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct RelationshipChunk {
    pub(super) live: PlaceSet,
    pub(super) kinds: ChunkKinds,
    pub(super) starts: Vec<u32>,
    pub(super) ends: Vec<u32>,
}

#[derive(Clone, Debug)]
pub(super) enum ChunkKinds {
    Uniform(RelationshipTypeId),
    Each(Vec<RelationshipTypeId>),
}

impl Default for ChunkKinds {
    fn default() -> Self {
        ChunkKinds::Uniform(RelationshipTypeId(0))
    }
}

impl RelationshipChunk {
    /// Returns the places of live relationships.
    pub fn live(&self) -> &PlaceSet {
        &self.live
    }

    /// Returns how many places have ever been used.
    pub fn used(&self) -> usize {
        self.starts.len()
    }

    /// Returns the type of all relationships of the chunk, if they have one.
    pub fn uniform(&self) -> Option<RelationshipTypeId> {
        match &self.kinds {
            ChunkKinds::Uniform(kind) => Some(*kind),
            ChunkKinds::Each(_) => None,
        }
    }

    /// Returns the type at a place; means nothing where no relationship ever was.
    #[inline]
    pub fn kind(&self, place: usize) -> RelationshipTypeId {
        match &self.kinds {
            ChunkKinds::Uniform(kind) => *kind,
            ChunkKinds::Each(kinds) => kinds.get(place).copied().unwrap_or(RelationshipTypeId(0)),
        }
    }

    /// Returns what the relationship at a place is or was.
    #[inline]
    pub fn record(&self, place: usize) -> Option<RelationshipRecord> {
        let (start, end) = (*self.starts.get(place)?, *self.ends.get(place)?);
        Some(RelationshipRecord { kind: self.kind(place), start: NodeId(start), end: NodeId(end) })
    }

    fn put(&mut self, place: usize, record: RelationshipRecord) {
        if let ChunkKinds::Uniform(kind) = &self.kinds
            && *kind != record.kind
        {
            self.kinds = match self.used() {
                0 => ChunkKinds::Uniform(record.kind),
                used => ChunkKinds::Each(vec![*kind; used]),
            };
        }
        if self.starts.len() <= place {
            self.starts.resize(place + 1, u32::MAX);
            self.ends.resize(place + 1, u32::MAX);
        }
        if let ChunkKinds::Each(kinds) = &mut self.kinds {
            kinds.resize(self.starts.len(), record.kind);
            kinds[place] = record.kind;
        }
        self.starts[place] = record.start.0;
        self.ends[place] = record.end.0;
        self.live.insert(place);
    }
}

impl Relationships {
    /// Returns how many relationships are alive.
    pub fn count(&self) -> u64 {
        self.live
    }

    /// Says whether a slot holds a live relationship.
    #[inline]
    pub fn contains(&self, relationship: RelationshipId) -> bool {
        let chunk = self.chunks.get(chunk_of(relationship.0));
        chunk.is_some_and(|chunk| chunk.live.contains(place_of(relationship.0)))
    }

    /// Returns what a relationship is; of a deleted one what it was.
    #[inline]
    pub fn record(&self, relationship: RelationshipId) -> Option<RelationshipRecord> {
        self.chunks.get(chunk_of(relationship.0))?.record(place_of(relationship.0))
    }

    /// Makes a relationship in a free slot; slots in `freed` were freed by this very transaction and are left alone.
    pub fn create(&mut self, record: RelationshipRecord, freed: &FxHashSet<u32>) -> Result<RelationshipId, GraphError> {
        let group = u32::from(record.kind.0);
        while let Some(chunk) = self.allocator.first_with_holes(group) {
            if let Some(place) = self.hole(chunk, freed) {
                return Ok(self.put(chunk, place, record));
            }
            self.allocator.forget_holes(group, chunk);
        }
        let used = |chunk: usize| self.chunks.get(chunk).map_or(0, RelationshipChunk::used);
        if let Some(chunk) = self.allocator.open(group)
            && used(chunk) < CHUNK_SLOTS
        {
            return Ok(self.put(chunk, used(chunk), record));
        }
        let chunk = self.chunks.len();
        if chunk >= MAX_CHUNKS {
            return Err(GraphError::TooManyRelationships);
        }
        self.allocator.set_open(group, chunk);
        Ok(self.put(chunk, 0, record))
    }

    /// Makes a relationship in a slot that is known to be free.
    pub fn create_at(&mut self, relationship: RelationshipId, record: RelationshipRecord) {
        let chunk = chunk_of(relationship.0);
        self.put(chunk, place_of(relationship.0), record);
        let group = u32::from(record.kind.0);
        if self.allocator.open(group).is_none_or(|open| open < chunk) {
            self.allocator.set_open(group, chunk);
        }
    }

    /// Appends relationships of one type in new chunks and returns the slot of the first; slots follow each other.
    pub fn append(&mut self, kind: RelationshipTypeId, starts: &[u32], ends: &[u32]) -> Result<u32, GraphError> {
        let first = self.chunks.len();
        if first + starts.len().div_ceil(CHUNK_SLOTS) > MAX_CHUNKS {
            return Err(GraphError::TooManyRelationships);
        }
        for (place, (starts, ends)) in starts.chunks(CHUNK_SLOTS).zip(ends.chunks(CHUNK_SLOTS)).enumerate() {
            let mut live = PlaceSet::default();
            live.insert_first(starts.len());
            let kinds = ChunkKinds::Uniform(kind);
            let chunk = RelationshipChunk { live, kinds, starts: starts.to_vec(), ends: ends.to_vec() };
            self.chunks.set(first + place, Some(chunk));
            self.allocator.set_open(u32::from(kind.0), first + place);
        }
        self.live += starts.len() as u64;
        Ok(first_slot(first))
    }

    fn put(&mut self, chunk: usize, place: usize, record: RelationshipRecord) -> RelationshipId {
        self.chunks.make_mut(chunk).put(place, record);
        self.live += 1;
        RelationshipId(first_slot(chunk) + place as u32)
    }

    fn hole(&self, chunk: usize, freed: &FxHashSet<u32>) -> Option<usize> {
        let held = self.chunks.get(chunk)?;
        let mut from = 0;
        while let Some(place) = held.live.first_absent(from, held.used()) {
            if !freed.contains(&(first_slot(chunk) + place as u32)) {
                return Some(place);
            }
            from = place + 1;
        }
        None
    }

    /// Ends a relationship's life; what it was stays readable until its slot is used again.
    pub fn delete(&mut self, relationship: RelationshipId) {
        self.chunks.make_mut(chunk_of(relationship.0)).live.remove(place_of(relationship.0));
        self.live -= 1;
    }

    /// Lets later transactions use these slots again.
    pub fn release(&mut self, freed: &FxHashSet<u32>) {
        let mut slots: Vec<u32> = freed.iter().copied().collect();
        slots.sort_unstable();
        for slot in slots {
            if let Some(record) = self.record(RelationshipId(slot)) {
                self.allocator.note_holes(u32::from(record.kind.0), chunk_of(slot));
            }
        }
    }
}
