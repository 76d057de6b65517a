//! Nodes: which slots are alive, and which labels each has, chunk by chunk.
//!
//! A chunk whose nodes all have one label set says so once; the first node with another set gives every slot its own. Label sets are
//! numbered, so that a label test on a uniform chunk is one test for 2,048 nodes.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::value::NodeId;

use super::allocator::Allocator;
use super::chunk_list::ChunkList;
use super::error::GraphError;
use super::id::{LabelId, LabelSetId};
use super::slots::{CHUNK_SLOTS, PlaceSet, chunk_of, first_slot, place_of};

/// How many chunks 32 bits can number, the last one left out because its last slot stands for null.
const MAX_CHUNKS: usize = (1 << (32 - super::slots::CHUNK_BITS)) - 1;

/// All nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Nodes {
    pub chunks: ChunkList<NodeChunk>,
    pub(super) allocator: Allocator,
    pub(super) live: u64,
}

/// The nodes of one chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct NodeChunk {
    pub(super) live: PlaceSet,
    /// How many places have ever been used; all above are free.
    pub(super) used: u16,
    pub(super) labels: ChunkLabels,
}

#[derive(Clone, Debug)]
pub(super) enum ChunkLabels {
    Uniform(LabelSetId),
    Each(Vec<LabelSetId>),
}

impl Default for ChunkLabels {
    fn default() -> Self {
        ChunkLabels::Uniform(LabelSetId::EMPTY)
    }
}

impl NodeChunk {
    /// Returns the places of live nodes.
    pub fn live(&self) -> &PlaceSet {
        &self.live
    }

    /// Returns how many places have ever been used.
    pub fn used(&self) -> usize {
        self.used as usize
    }

    /// Returns the label set of all nodes of the chunk, if they have one.
    pub fn uniform(&self) -> Option<LabelSetId> {
        match &self.labels {
            ChunkLabels::Uniform(set) => Some(*set),
            ChunkLabels::Each(_) => None,
        }
    }

    /// Returns the label set at a place; means nothing where no node ever was.
    #[inline]
    pub fn label_set(&self, place: usize) -> LabelSetId {
        match &self.labels {
            ChunkLabels::Uniform(set) => *set,
            ChunkLabels::Each(sets) => sets.get(place).copied().unwrap_or_default(),
        }
    }

    fn set_label_set(&mut self, place: usize, set: LabelSetId) {
        if let ChunkLabels::Uniform(all) = &self.labels {
            if *all == set {
                return;
            }
            if !self.live.any() || (self.live.count() == 1 && self.live.contains(place)) {
                self.labels = ChunkLabels::Uniform(set);
                return;
            }
            self.labels = ChunkLabels::Each(vec![*all; self.used as usize]);
        }
        if let ChunkLabels::Each(sets) = &mut self.labels {
            if sets.len() <= place {
                sets.resize(place + 1, LabelSetId::EMPTY);
            }
            sets[place] = set;
        }
    }

    fn put(&mut self, place: usize, set: LabelSetId) {
        self.used = self.used.max(place as u16 + 1);
        self.set_label_set(place, set);
        self.live.insert(place);
    }
}

impl Nodes {
    /// Returns how many nodes are alive.
    pub fn count(&self) -> u64 {
        self.live
    }

    /// Says whether a slot holds a live node.
    #[inline]
    pub fn contains(&self, node: NodeId) -> bool {
        self.chunks.get(chunk_of(node.0)).is_some_and(|chunk| chunk.live.contains(place_of(node.0)))
    }

    /// Returns the label set of a node; of a deleted one the set it had.
    #[inline]
    pub fn label_set(&self, node: NodeId) -> LabelSetId {
        self.chunks.get(chunk_of(node.0)).map_or(LabelSetId::EMPTY, |chunk| chunk.label_set(place_of(node.0)))
    }

    /// Makes a node in a free slot; slots in `freed` were freed by this very transaction and are left alone.
    pub fn create(&mut self, set: LabelSetId, freed: &FxHashSet<u32>) -> Result<NodeId, GraphError> {
        while let Some(chunk) = self.allocator.first_with_holes(set.0) {
            if let Some(place) = self.hole(chunk, freed) {
                return Ok(self.put(chunk, place, set));
            }
            self.allocator.forget_holes(set.0, chunk);
        }
        let open = self.allocator.open(set.0);
        let room = |chunk: usize| self.chunks.get(chunk).map_or(0, NodeChunk::used);
        if let Some(chunk) = open
            && room(chunk) < CHUNK_SLOTS
        {
            return Ok(self.put(chunk, room(chunk), set));
        }
        let chunk = self.new_chunk(set)?;
        Ok(self.put(chunk, 0, set))
    }

    /// Opens a new chunk for a label set and returns its place.
    fn new_chunk(&mut self, set: LabelSetId) -> Result<usize, GraphError> {
        self.new_chunk_from(set, 0)
    }

    /// Opens a new chunk for a label set, at or after a place, and returns its place.
    pub fn new_chunk_from(&mut self, set: LabelSetId, least: usize) -> Result<usize, GraphError> {
        let chunk = self.chunks.len().max(least);
        if chunk >= MAX_CHUNKS {
            return Err(GraphError::TooManyNodes);
        }
        self.allocator.set_open(set.0, chunk);
        Ok(chunk)
    }

    /// Makes a node in a slot that is known to be free.
    pub fn create_at(&mut self, node: NodeId, set: LabelSetId) {
        self.put(chunk_of(node.0), place_of(node.0), set);
        let chunk = chunk_of(node.0);
        if self.allocator.open(set.0).is_none_or(|open| open < chunk) {
            self.allocator.set_open(set.0, chunk);
        }
    }

    /// Fills a new chunk with `count` nodes of one label set.
    pub fn fill(&mut self, chunk: usize, count: usize, set: LabelSetId) {
        let mut live = PlaceSet::default();
        live.insert_first(count);
        let filled = NodeChunk { live, used: count as u16, labels: ChunkLabels::Uniform(set) };
        self.chunks.set(chunk, Some(filled));
        self.live += count as u64;
    }

    fn put(&mut self, chunk: usize, place: usize, set: LabelSetId) -> NodeId {
        self.chunks.make_mut(chunk).put(place, set);
        self.live += 1;
        NodeId(first_slot(chunk) + place as u32)
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

    /// Ends a node's life; its labels stay readable until its slot is used again.
    pub fn delete(&mut self, node: NodeId) {
        self.chunks.make_mut(chunk_of(node.0)).live.remove(place_of(node.0));
        self.live -= 1;
    }

    /// Gives a node another label set.
    pub fn set_label_set(&mut self, node: NodeId, set: LabelSetId) {
        self.chunks.make_mut(chunk_of(node.0)).set_label_set(place_of(node.0), set);
    }

    /// Lets later transactions use these slots again.
    pub fn release(&mut self, freed: &FxHashSet<u32>) {
        let mut slots: Vec<u32> = freed.iter().copied().collect();
        slots.sort_unstable();
        for slot in slots {
            let set = self.label_set(NodeId(slot));
            self.allocator.note_holes(set.0, chunk_of(slot));
        }
    }
}

/// The label sets that nodes have or had, numbered.
#[derive(Clone, Debug)]
pub(super) struct LabelSets {
    sets: Vec<Arc<[LabelId]>>,
    ids: FxHashMap<Arc<[LabelId]>, LabelSetId>,
}

impl Default for LabelSets {
    fn default() -> Self {
        let empty: Arc<[LabelId]> = Arc::new([]);
        LabelSets { sets: vec![empty.clone()], ids: FxHashMap::from_iter([(empty, LabelSetId::EMPTY)]) }
    }
}

impl LabelSets {
    /// Returns the labels of a set, ascending.
    #[inline]
    pub fn labels(&self, set: LabelSetId) -> &[LabelId] {
        &self.sets[set.0 as usize]
    }

    /// Says whether a set has a label.
    #[inline]
    pub fn contains(&self, set: LabelSetId, label: LabelId) -> bool {
        self.labels(set).contains(&label)
    }

    /// Returns how many sets there are.
    pub fn len(&self) -> usize {
        self.sets.len()
    }

    /// Returns the number of a set, if it has one; labels ascending, each once.
    pub fn find(&self, labels: &[LabelId]) -> Option<LabelSetId> {
        self.ids.get(labels).copied()
    }

    /// Returns the number of a set, giving it one if it is new; labels ascending, each once.
    pub fn intern(&mut self, labels: &[LabelId]) -> LabelSetId {
        if let Some(set) = self.find(labels) {
            return set;
        }
        let set = LabelSetId(self.sets.len() as u32);
        let labels: Arc<[LabelId]> = labels.into();
        self.sets.push(labels.clone());
        self.ids.insert(labels, set);
        set
    }
}
