//! One piece of adjacency: the neighbours of 256 nodes along one relationship type in one direction. Nodes have many neighbours, so that
//! fewer of them than a chunk has make a piece: a walk from one node reads no more than that.
//!
//! ```text
//!   offsets      0  2  2  5 …          one a node, and one more
//!   neighbours   4 9 | | 1 1 7 …       sorted within each node
//!   slots        consecutive from the first, or one a neighbour, or to be found on the outgoing side
//!   added        (node, neighbour, slot) sorted            the delta of the writer
//!   removed      positions in neighbours, sorted
//! ```
//! A delta beyond a share of its base is folded in. Without a delta a node's neighbours are a plain slice.

use std::ops::Range;
use std::sync::Arc;

use super::slots::PlaceSet;
use super::words::Words;

/// How many bits of a node's number name its place in the piece.
const PIECE_BITS: u32 = 8;
/// How many nodes a piece is for; they are those of one chunk.
pub(super) const PIECE_NODES: usize = 1 << PIECE_BITS;

/// A delta up to this size is never folded.
const LEAST_DELTA: usize = 64;
/// A delta never grows beyond this: every commit copies the delta it adds to, and every reader searches it.
const GREATEST_DELTA: usize = 4096;

/// Returns the piece of a node.
#[inline]
pub(super) fn piece_of(node: u32) -> usize {
    (node >> PIECE_BITS) as usize
}

/// Returns the place of a node in its piece.
#[inline]
pub(super) fn place_in_piece(node: u32) -> usize {
    node as usize & (PIECE_NODES - 1)
}

/// The neighbours of the nodes of one piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    base: Arc<PieceBase>,
    added: Vec<Added>,
    removed: Vec<u32>,
    /// The nodes that the delta touches, or touched once; all others read the base alone.
    touched: Option<Arc<PlaceSet>>,
}

/// The part of a piece that snapshots share.
#[derive(Clone, Debug)]
pub(super) struct PieceBase {
    /// Where each node's neighbours begin; ends with the total. May be shorter than the piece: nodes beyond have none.
    pub offsets: Arc<[u32]>,
    /// The neighbours.
    pub neighbours: Words,
    /// The relationships' slots.
    pub slots: PieceSlots,
}

/// Where the slots of a piece's relationships stand.
#[derive(Clone, Debug)]
pub(super) enum PieceSlots {
    /// They follow each other from this one on.
    Consecutive(u32),
    /// One for each neighbour.
    Listed(Words),
    /// On the outgoing side: the relationships to one neighbour stand there in the same order.
    Elsewhere,
}

impl Default for PieceBase {
    fn default() -> Self {
        let none = || Words::from(Arc::from([]));
        PieceBase { offsets: Arc::from([]), neighbours: none(), slots: PieceSlots::Listed(none()) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Added {
    node: u16,
    neighbour: u32,
    slot: u32,
}

/// A node's neighbours as a piece gives them.
pub(super) enum Listing<'a> {
    /// A slice of the base.
    Plain(&'a [u32], SlotListing<'a>),
    /// Merged or unpacked into the vectors given.
    Merged,
}

/// The slots that belong to a slice of neighbours.
#[derive(Clone, Copy, Debug)]
pub(super) enum SlotListing<'a> {
    /// They follow each other from this one on.
    Consecutive(u32),
    /// One for each neighbour.
    Listed(&'a [u32]),
    /// On the outgoing side.
    Elsewhere,
}

impl Piece {
    /// Returns a piece without delta.
    pub fn new(base: PieceBase) -> Piece {
        Piece { base: Arc::new(base), ..Piece::default() }
    }

    /// Returns the part without delta.
    pub fn base(&self) -> &PieceBase {
        &self.base
    }

    /// Says whether there is a delta.
    pub fn has_delta(&self) -> bool {
        !self.added.is_empty() || !self.removed.is_empty()
    }

    /// Says whether the delta may change a node's neighbours.
    #[inline]
    pub fn is_touched(&self, node: usize) -> bool {
        self.touched.as_ref().is_some_and(|touched| touched.contains(node))
    }

    /// Returns the nodes that the delta may change.
    pub fn touched(&self) -> Option<&Arc<PlaceSet>> {
        self.touched.as_ref()
    }

    fn touch(&mut self, node: usize) {
        Arc::make_mut(self.touched.get_or_insert_default()).insert(node);
    }

    /// Returns how many relationships there are.
    pub fn len(&self) -> usize {
        self.base.neighbours.len() - self.removed.len() + self.added.len()
    }

    #[inline]
    fn range(&self, node: usize) -> Range<usize> {
        let offsets = &self.base.offsets;
        match (offsets.get(node), offsets.get(node + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    fn added_to(&self, node: usize) -> &[Added] {
        if !self.is_touched(node) {
            return &[];
        }
        let start = self.added.partition_point(|added| (added.node as usize) < node);
        let count = self.added[start..].partition_point(|added| added.node as usize == node);
        &self.added[start..start + count]
    }

    fn removed_from(&self, range: &Range<usize>) -> &[u32] {
        if self.removed.is_empty() {
            return &[];
        }
        let start = self.removed.partition_point(|position| (*position as usize) < range.start);
        let count = self.removed[start..].partition_point(|position| (*position as usize) < range.end);
        &self.removed[start..start + count]
    }

    /// Returns how many neighbours a node has.
    #[inline]
    pub fn degree(&self, node: usize) -> usize {
        let range = self.range(node);
        if !self.is_touched(node) {
            return range.len();
        }
        range.len() - self.removed_from(&range).len() + self.added_to(node).len()
    }

    /// Returns a node's neighbours: a slice where no delta touches the node, else merged into `nodes` and `slots`.
    ///
    /// Where slots stand elsewhere, `slots` is left empty.
    #[inline]
    pub fn list<'a>(&'a self, node: usize, nodes: &mut Vec<u32>, slots: &mut Vec<u32>) -> Listing<'a> {
        let range = self.range(node);
        if self.is_touched(node) {
            let (added, removed) = (self.added_to(node), self.removed_from(&range));
            if !added.is_empty() || !removed.is_empty() {
                self.merge(range, added, removed, nodes, slots);
                return Listing::Merged;
            }
        }
        if !self.base.neighbours.is_held() {
            return self.base.unpack(range, nodes, slots);
        }
        Listing::Plain(&self.base.neighbours.as_slice()[range.clone()], self.base.slot_listing(range))
    }

    /// Says whether slots stand on the outgoing side.
    pub fn slots_elsewhere(&self) -> bool {
        matches!(self.base.slots, PieceSlots::Elsewhere)
    }

    fn merge(&self, range: Range<usize>, added: &[Added], removed: &[u32], nodes: &mut Vec<u32>, slots: &mut Vec<u32>) {
        nodes.clear();
        slots.clear();
        let keep_slots = !self.slots_elsewhere();
        let neighbours = self.base.neighbours.as_slice();
        let mut added = added.iter().peekable();
        let mut removed = removed.iter().peekable();
        let mut push = |neighbour: u32, slot: u32| {
            nodes.push(neighbour);
            if keep_slots {
                slots.push(slot);
            }
        };
        for position in range {
            if removed.next_if(|gone| **gone as usize == position).is_some() {
                continue;
            }
            let own = (neighbours[position], self.base.slot(position));
            while let Some(new) = added.next_if(|new| (new.neighbour, new.slot) < own) {
                push(new.neighbour, new.slot);
            }
            push(own.0, own.1);
        }
        added.for_each(|new| push(new.neighbour, new.slot));
    }

    /// Returns how many relationships lead from a node to a neighbour.
    pub fn count_between(&self, node: usize, neighbour: u32) -> usize {
        let range = self.range(node);
        let run = self.base.run(range, neighbour);
        let removed = self.removed_from(&run).len();
        let added = self.added_to(node);
        let start = added.partition_point(|new| new.neighbour < neighbour);
        run.len() - removed + added[start..].partition_point(|new| new.neighbour == neighbour)
    }

    /// Appends the slots of the relationships from a node to a neighbour; nothing where slots stand elsewhere.
    pub fn slots_between(&self, node: usize, neighbour: u32, out: &mut Vec<u32>) {
        let from = out.len();
        let run = self.base.run(self.range(node), neighbour);
        let removed = self.removed_from(&run);
        let kept = run.filter(|position| removed.binary_search(&(*position as u32)).is_err());
        out.extend(kept.map(|position| self.base.slot(position)));
        let added = self.added_to(node);
        let start = added.partition_point(|new| new.neighbour < neighbour);
        out.extend(added[start..].iter().take_while(|new| new.neighbour == neighbour).map(|new| new.slot));
        out[from..].sort_unstable();
    }

    /// Adds a relationship.
    pub fn add(&mut self, node: usize, neighbour: u32, slot: u32) {
        let new = Added { node: node as u16, neighbour, slot };
        self.touch(node);
        let place = self.added.partition_point(|other| *other < new);
        self.added.insert(place, new);
        self.fold_if_large();
    }

    /// Takes a relationship away.
    ///
    /// Where slots stand elsewhere, relationships to one neighbour cannot be told apart and need not be: any of them goes.
    pub fn remove(&mut self, node: usize, neighbour: u32, slot: u32) {
        let elsewhere = self.slots_elsewhere();
        self.touch(node);
        let gone = Added { node: node as u16, neighbour, slot };
        if let Ok(place) = self.added.binary_search(&gone) {
            self.added.remove(place);
            return;
        }
        let run = self.base.run(self.range(node), neighbour);
        let position = run.clone().find(|position| {
            (elsewhere || self.base.slot(*position) == slot) && self.removed.binary_search(&(*position as u32)).is_err()
        });
        if let Some(position) = position {
            let place = self.removed.partition_point(|other| (*other as usize) < position);
            self.removed.insert(place, position as u32);
            self.fold_if_large();
        } else if elsewhere {
            let twin = self.added.iter().position(|new| (new.node, new.neighbour) == (gone.node, neighbour));
            if let Some(twin) = twin {
                self.added.remove(twin);
            }
        }
    }

    /// Returns the piece without some relationships, given in order as node, neighbour and slot; nothing where none is left.
    ///
    /// Where slots stand elsewhere, as many go of those to one neighbour as are given.
    pub fn without(&self, mut gone: &[(u32, u32, u32)]) -> Option<Piece> {
        if gone.len() >= self.len() {
            return None;
        }
        let mut whole = self.clone();
        if whole.has_delta() {
            whole.fold();
        }
        let (base, elsewhere) = (&whole.base, self.slots_elsewhere());
        let all = base.neighbours.as_slice();
        let (mut offsets, mut neighbours, mut slots) = (vec![0], Vec::new(), Vec::new());
        for node in 0..base.offsets.len().saturating_sub(1) {
            let mut first = whole.range(node).start;
            for run in all[whole.range(node)].chunk_by(|lhs, rhs| lhs == rhs) {
                let key = (node as u32, run[0]);
                gone = &gone[gone.partition_point(|link| (link.0, link.1) < key)..];
                let (own, rest) = gone.split_at(gone.partition_point(|link| (link.0, link.1) == key));
                gone = rest;
                for position in first..first + run.len() {
                    let goes = match elsewhere {
                        true => position - first < own.len(),
                        false => own.iter().any(|link| link.2 == base.slot(position)),
                    };
                    if !goes {
                        neighbours.push(run[0]);
                        if !elsewhere {
                            slots.push(base.slot(position));
                        }
                    }
                }
                first += run.len();
            }
            offsets.push(neighbours.len() as u32);
        }
        let slots = if elsewhere { PieceSlots::Elsewhere } else { PieceSlots::Listed(Words::from(Arc::from(slots))) };
        let neighbours = Words::from(Arc::from(neighbours));
        Some(Piece::new(PieceBase { offsets: offsets.into(), neighbours, slots }))
    }

    fn fold_if_large(&mut self) {
        let delta = self.added.len() + self.removed.len();
        if delta > (self.base.neighbours.len() / 64).clamp(LEAST_DELTA, GREATEST_DELTA) {
            self.fold();
        }
    }

    /// Brings the delta into the base.
    pub fn fold(&mut self) {
        let elsewhere = self.slots_elsewhere();
        let count = self.len();
        let last_added = self.added.last().map_or(0, |added| added.node as usize + 1);
        let nodes = last_added.max(self.base.offsets.len().saturating_sub(1)).min(PIECE_NODES);
        let mut offsets = Vec::with_capacity(nodes + 1);
        let mut neighbours = Vec::with_capacity(count);
        let mut listed = Vec::with_capacity(if elsewhere { 0 } else { count });
        let (mut merged, mut merged_slots) = (Vec::new(), Vec::new());
        offsets.push(0);
        for node in 0..nodes {
            match self.list(node, &mut merged, &mut merged_slots) {
                Listing::Plain(slice, slots) => {
                    neighbours.extend_from_slice(slice);
                    match slots {
                        SlotListing::Consecutive(first) => listed.extend(first..first + slice.len() as u32),
                        SlotListing::Listed(slots) => listed.extend_from_slice(slots),
                        SlotListing::Elsewhere => {}
                    }
                }
                Listing::Merged => {
                    neighbours.extend_from_slice(&merged);
                    listed.extend_from_slice(&merged_slots);
                }
            }
            offsets.push(neighbours.len() as u32);
        }
        let slots = if elsewhere { PieceSlots::Elsewhere } else { PieceSlots::Listed(Words::from(Arc::from(listed))) };
        *self =
            Piece::new(PieceBase { offsets: offsets.into(), neighbours: Words::from(Arc::from(neighbours)), slots });
    }
}

impl PieceBase {
    /// Returns the positions of a neighbour within a node's range.
    #[inline]
    fn run(&self, range: Range<usize>, neighbour: u32) -> Range<usize> {
        let slice = self.neighbours.range(range.clone());
        let start = slice.partition_point(|other| *other < neighbour);
        let count = slice[start..].iter().take_while(|other| **other == neighbour).count();
        range.start + start..range.start + start + count
    }

    /// Unpacks the neighbours of a range of a piece of which few have been asked for, and their slots.
    #[cold]
    fn unpack(&self, range: Range<usize>, nodes: &mut Vec<u32>, slots: &mut Vec<u32>) -> Listing<'_> {
        nodes.clear();
        slots.clear();
        self.neighbours.extend_range(range.clone(), nodes);
        match &self.slots {
            PieceSlots::Consecutive(first) => slots.extend(first + range.start as u32..first + range.end as u32),
            PieceSlots::Listed(listed) => listed.extend_range(range, slots),
            PieceSlots::Elsewhere => {}
        }
        Listing::Merged
    }

    #[inline]
    fn slot(&self, position: usize) -> u32 {
        match &self.slots {
            PieceSlots::Consecutive(first) => first + position as u32,
            PieceSlots::Listed(slots) => slots.get(position),
            PieceSlots::Elsewhere => 0,
        }
    }

    #[inline]
    fn slot_listing(&self, range: Range<usize>) -> SlotListing<'_> {
        match &self.slots {
            PieceSlots::Consecutive(first) => SlotListing::Consecutive(first + range.start as u32),
            PieceSlots::Listed(slots) => SlotListing::Listed(&slots.as_slice()[range]),
            PieceSlots::Elsewhere => SlotListing::Elsewhere,
        }
    }
}
