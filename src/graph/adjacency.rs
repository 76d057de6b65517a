//! Adjacency: for each relationship type its outgoing and its incoming pieces, and what a walk reads of them.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::value::{NodeId, RelationshipId};

use super::chunk_list::ChunkList;
use super::id::{Direction, RelationshipTypeId};
use super::piece::{Listing, Piece, PieceSlots, SlotListing, piece_of, place_in_piece};
use super::slots::PlaceSet;

/// The adjacency of all types.
#[derive(Clone, Debug, Default)]
pub(super) struct Adjacency {
    kinds: Arc<Vec<Arc<TypeAdjacency>>>,
}

/// The adjacency of one type.
#[derive(Debug, Default)]
pub(super) struct TypeAdjacency {
    /// By start node.
    pub outgoing: ChunkList<Piece>,
    /// By end node.
    pub incoming: ChunkList<Piece>,
    /// The pieces of both sides side by side, once a walk went so far that it was worth it. A change gives them up.
    tables: [OnceLock<PieceTable>; 2],
}

impl Clone for TypeAdjacency {
    /// Returns an adjacency of its own, to be changed.
    fn clone(&self) -> Self {
        TypeAdjacency { outgoing: self.outgoing.clone(), incoming: self.incoming.clone(), tables: Default::default() }
    }
}

/// All pieces of one side: what a walk looks up at each step lies in one table.
#[derive(Debug)]
pub(super) struct PieceTable(Vec<ReadyPiece>);

/// What a walk needs of a piece.
#[derive(Clone, Debug, Default)]
struct ReadyPiece {
    offsets: Arc<[u32]>,
    neighbours: Arc<[u32]>,
    /// The slot of the first relationship, where those that follow have the next ones.
    first: Option<u32>,
    touched: Option<Box<PlaceSet>>,
}

impl PieceTable {
    fn of(side: &ChunkList<Piece>) -> PieceTable {
        let mut pieces = vec![ReadyPiece::default(); side.len()];
        for (place, piece) in side.iter() {
            let (offsets, neighbours) = (Arc::clone(&piece.base().offsets), Arc::clone(piece.base().neighbours.all()));
            let first = match piece.base().slots {
                PieceSlots::Consecutive(first) => Some(first),
                PieceSlots::Listed(_) | PieceSlots::Elsewhere => None,
            };
            pieces[place] = ReadyPiece { offsets, neighbours, first, touched: piece.touched().cloned().map(Box::new) };
        }
        PieceTable(pieces)
    }

    /// Returns a node's neighbours, unless they must be merged.
    #[inline]
    pub fn plain(&self, node: u32) -> Option<&[u32]> {
        let Some(piece) = self.0.get(piece_of(node)) else { return Some(&[]) };
        let place = place_in_piece(node);
        if piece.touched.as_ref().is_some_and(|touched| touched.contains(place)) {
            return None;
        }
        match (piece.offsets.get(place), piece.offsets.get(place + 1)) {
            (Some(start), Some(end)) => Some(&piece.neighbours[*start as usize..*end as usize]),
            _ => Some(&[]),
        }
    }

    /// Returns a piece's offsets and neighbours, unless some must be merged.
    pub fn whole(&self, piece: usize) -> Option<(&[u32], &[u32])> {
        match self.0.get(piece) {
            Some(piece) => piece.touched.is_none().then_some((&*piece.offsets, &*piece.neighbours)),
            None => Some((&[], &[])),
        }
    }

    /// Returns a node's neighbours with their relationships, where nothing must be merged and the relationships follow each other.
    #[inline]
    pub fn following(&self, node: u32) -> Option<Neighbours<'_>> {
        let Some(piece) = self.0.get(piece_of(node)) else { return Some(Neighbours::NONE) };
        let (first, place) = (piece.first?, place_in_piece(node));
        if piece.touched.as_ref().is_some_and(|touched| touched.contains(place)) {
            return None;
        }
        let (Some(start), Some(end)) = (piece.offsets.get(place), piece.offsets.get(place + 1)) else {
            return Some(Neighbours::NONE);
        };
        let nodes = &piece.neighbours[*start as usize..*end as usize];
        Some(Neighbours { nodes, slots: NeighbourSlots::Consecutive(first + start) })
    }

    /// Returns where the neighbours of each node of a piece begin, unless some must be merged.
    pub fn offsets(&self, piece: usize) -> Option<&[u32]> {
        match self.0.get(piece) {
            Some(piece) => piece.touched.is_none().then_some(&*piece.offsets),
            None => Some(&[]),
        }
    }
}

/// Room for neighbours that are not a plain slice; one for each walk, used again and again.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    nodes: Vec<u32>,
    slots: Vec<u32>,
    other: Vec<u32>,
    other_slots: Vec<u32>,
}

/// A node's neighbours along one type: each relationship once, sorted by neighbour.
#[derive(Clone, Copy, Debug)]
pub struct Neighbours<'a> {
    /// The neighbours' slots, ascending; a neighbour reached by several relationships stands several times.
    pub nodes: &'a [u32],
    slots: NeighbourSlots<'a>,
}

#[derive(Clone, Copy, Debug)]
enum NeighbourSlots<'a> {
    Consecutive(u32),
    Listed(&'a [u32]),
    /// These are starts; the slots stand in the outgoing pieces, under this end.
    Elsewhere(&'a TypeAdjacency, u32),
}

impl<'a> Neighbours<'a> {
    pub(super) const NONE: Neighbours<'static> = Neighbours { nodes: &[], slots: NeighbourSlots::Consecutive(0) };

    /// Returns how many relationships there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns the relationship that leads to the neighbour at `place`.
    #[cfg(test)]
    pub fn relationship(&self, place: usize) -> RelationshipId {
        match self.slots {
            NeighbourSlots::Consecutive(first) => RelationshipId(first + place as u32),
            NeighbourSlots::Listed(slots) => RelationshipId(slots[place]),
            NeighbourSlots::Elsewhere(adjacency, end) => {
                let start = self.nodes[place];
                let mut between = Vec::new();
                adjacency.slots_between(start, end, &mut between);
                let first = self.nodes[..place].partition_point(|other| *other < start);
                // The outgoing side has as many, unless it could not be read.
                RelationshipId(between.get(place - first).copied().unwrap_or(crate::vector::NO_ID))
            }
        }
    }

    /// Says whether the relationships are found among those of the neighbours, which are starts.
    pub(super) fn are_told_by_starts(&self) -> bool {
        matches!(self.slots, NeighbourSlots::Elsewhere(..))
    }

    /// Returns the relationships' slots, where they follow each other.
    pub fn following(&self) -> Option<Range<u32>> {
        match self.slots {
            NeighbourSlots::Consecutive(first) => Some(first..first + self.nodes.len() as u32),
            NeighbourSlots::Listed(_) | NeighbourSlots::Elsewhere(..) => None,
        }
    }

    /// Appends the relationships' slots in order of neighbour.
    pub fn relationships_into(&self, out: &mut Vec<u32>) {
        match self.slots {
            NeighbourSlots::Consecutive(first) => out.extend(first..first + self.nodes.len() as u32),
            NeighbourSlots::Listed(slots) => out.extend_from_slice(slots),
            NeighbourSlots::Elsewhere(..) => self.relationships_where(|_| true, out),
        }
    }

    /// Appends the slots of the relationships to the neighbours that are wanted, in order of neighbour.
    pub fn relationships_where(&self, is_wanted: impl Fn(u32) -> bool, out: &mut Vec<u32>) {
        match self.slots {
            NeighbourSlots::Consecutive(first) => {
                let slots = self.nodes.iter().zip(first..).filter(|(node, _)| is_wanted(**node));
                out.extend(slots.map(|(_, slot)| slot));
            }
            NeighbourSlots::Listed(slots) => {
                let slots = self.nodes.iter().zip(slots).filter(|(node, _)| is_wanted(**node));
                out.extend(slots.map(|(_, slot)| *slot));
            }
            NeighbourSlots::Elsewhere(adjacency, end) => {
                for run in self.nodes.chunk_by(|lhs, rhs| lhs == rhs).filter(|run| is_wanted(run[0])) {
                    adjacency.slots_between(run[0], end, out);
                }
            }
        }
    }
}

impl TypeAdjacency {
    /// Returns the table of a side, if there is one.
    #[inline]
    pub fn table(&self, incoming: bool) -> Option<&PieceTable> {
        self.tables[usize::from(incoming)].get()
    }

    /// Returns the table of a side, made by reading every piece if there is none.
    pub fn made_table(&self, incoming: bool) -> &PieceTable {
        self.tables[usize::from(incoming)].get_or_init(|| PieceTable::of(self.side(incoming)))
    }

    pub(super) fn side(&self, incoming: bool) -> &ChunkList<Piece> {
        if incoming { &self.incoming } else { &self.outgoing }
    }

    #[inline]
    fn list<'a>(
        &'a self,
        incoming: bool,
        node: u32,
        nodes: &'a mut Vec<u32>,
        slots: &'a mut Vec<u32>,
    ) -> Neighbours<'a> {
        let Some(piece) = self.side(incoming).get(piece_of(node)) else {
            return Neighbours::NONE;
        };
        let slots = match piece.list(place_in_piece(node), nodes, slots) {
            Listing::Plain(nodes, SlotListing::Consecutive(first)) => {
                return Neighbours { nodes, slots: NeighbourSlots::Consecutive(first) };
            }
            Listing::Plain(nodes, SlotListing::Listed(slots)) => {
                return Neighbours { nodes, slots: NeighbourSlots::Listed(slots) };
            }
            Listing::Plain(nodes, SlotListing::Elsewhere) => {
                return Neighbours { nodes, slots: NeighbourSlots::Elsewhere(self, node) };
            }
            Listing::Merged if piece.slots_elsewhere() => NeighbourSlots::Elsewhere(self, node),
            Listing::Merged => NeighbourSlots::Listed(slots),
        };
        Neighbours { nodes, slots }
    }

    fn slots_between(&self, start: u32, end: u32, out: &mut Vec<u32>) {
        if let Some(list) = self.table(false).and_then(|table| table.following(start)) {
            let before = list.nodes.partition_point(|node| *node < end);
            let run = list.nodes[before..].iter().take_while(|node| **node == end).count();
            out.extend(list.following().into_iter().flatten().skip(before).take(run));
            return;
        }
        if let Some(piece) = self.outgoing.get(piece_of(start)) {
            piece.slots_between(place_in_piece(start), end, out);
        }
    }

    fn degree(&self, incoming: bool, node: u32) -> usize {
        self.side(incoming).get(piece_of(node)).map_or(0, |piece| piece.degree(place_in_piece(node)))
    }

    fn count_between(&self, start: u32, end: u32) -> usize {
        self.outgoing.get(piece_of(start)).map_or(0, |piece| piece.count_between(place_in_piece(start), end))
    }
}

impl Adjacency {
    /// Returns the adjacency of a type, if it ever had a relationship.
    #[inline]
    pub fn of(&self, kind: RelationshipTypeId) -> Option<&TypeAdjacency> {
        self.kinds.get(kind.0 as usize).map(Arc::as_ref)
    }

    /// Returns the adjacency of a type to change.
    pub fn make_mut(&mut self, kind: RelationshipTypeId) -> &mut TypeAdjacency {
        let kinds = Arc::make_mut(&mut self.kinds);
        while kinds.len() <= kind.0 as usize {
            kinds.push(Arc::default());
        }
        let adjacency = Arc::make_mut(&mut kinds[kind.0 as usize]);
        adjacency.tables = Default::default();
        adjacency
    }

    /// Returns how many types may have relationships.
    pub fn kind_count(&self) -> usize {
        self.kinds.len()
    }

    /// Returns a node's neighbours along a type.
    #[inline]
    pub fn neighbours<'a>(
        &'a self,
        kind: RelationshipTypeId,
        direction: Direction,
        node: NodeId,
        scratch: &'a mut Scratch,
    ) -> Neighbours<'a> {
        match self.of(kind) {
            Some(adjacency) => adjacency.neighbours(direction, node, scratch),
            None => Neighbours::NONE,
        }
    }

    /// Returns how many relationships of a type a node has; one from the node to itself counts once each way and once for both.
    #[inline]
    pub fn degree(&self, kind: RelationshipTypeId, direction: Direction, node: NodeId) -> usize {
        self.of(kind).map_or(0, |adjacency| adjacency.degree_towards(direction, node.0))
    }

    /// Returns how many relationships of a type lead from one node to another.
    #[inline]
    pub fn count_between(&self, kind: RelationshipTypeId, start: NodeId, end: NodeId) -> usize {
        self.of(kind).map_or(0, |adjacency| adjacency.count_between(start.0, end.0))
    }

    /// Appends the slots of the relationships of a type that lead from one node to another, ascending.
    pub fn slots_between(&self, kind: RelationshipTypeId, start: NodeId, end: NodeId, out: &mut Vec<u32>) {
        if let Some(adjacency) = self.of(kind) {
            adjacency.slots_between(start.0, end.0, out);
        }
    }

    /// Adds a relationship.
    pub fn add(&mut self, kind: RelationshipTypeId, start: NodeId, end: NodeId, slot: RelationshipId) {
        let adjacency = self.make_mut(kind);
        adjacency.outgoing.make_mut(piece_of(start.0)).add(place_in_piece(start.0), end.0, slot.0);
        adjacency.incoming.make_mut(piece_of(end.0)).add(place_in_piece(end.0), start.0, slot.0);
    }

    /// Takes a relationship away.
    pub fn remove(&mut self, kind: RelationshipTypeId, start: NodeId, end: NodeId, slot: RelationshipId) {
        let adjacency = self.make_mut(kind);
        adjacency.outgoing.make_mut(piece_of(start.0)).remove(place_in_piece(start.0), end.0, slot.0);
        adjacency.incoming.make_mut(piece_of(end.0)).remove(place_in_piece(end.0), start.0, slot.0);
    }
}

impl TypeAdjacency {
    /// Returns a node's neighbours.
    #[inline]
    pub fn neighbours<'a>(&'a self, direction: Direction, node: NodeId, scratch: &'a mut Scratch) -> Neighbours<'a> {
        match direction {
            Direction::Outgoing => self.list(false, node.0, &mut scratch.nodes, &mut scratch.slots),
            Direction::Incoming => self.list(true, node.0, &mut scratch.nodes, &mut scratch.slots),
            Direction::Both => self.list_both(node.0, scratch),
        }
    }

    /// Returns how many relationships a node has.
    #[inline]
    pub fn degree_towards(&self, direction: Direction, node: u32) -> usize {
        match direction {
            Direction::Outgoing => self.degree(false, node),
            Direction::Incoming => self.degree(true, node),
            Direction::Both => self.degree(false, node) + self.degree(true, node) - self.count_between(node, node),
        }
    }

    /// Merges both sides, taking a relationship from the node to itself once.
    fn list_both<'a>(&'a self, node: u32, scratch: &'a mut Scratch) -> Neighbours<'a> {
        if self.degree(true, node) == 0 {
            return self.list(false, node, &mut scratch.nodes, &mut scratch.slots);
        }
        let Scratch { nodes, slots, other, other_slots } = scratch;
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for incoming in [false, true] {
            let side = self.list(incoming, node, nodes, slots);
            other.clear();
            other.extend_from_slice(side.nodes);
            other_slots.clear();
            side.relationships_into(other_slots);
            let both = other.iter().copied().zip(other_slots.iter().copied());
            pairs.extend(both.filter(|(neighbour, _)| !incoming || *neighbour != node));
        }
        pairs.sort_unstable();
        nodes.clear();
        slots.clear();
        nodes.extend(pairs.iter().map(|(neighbour, _)| *neighbour));
        slots.extend(pairs.iter().map(|(_, slot)| *slot));
        Neighbours { nodes, slots: NeighbourSlots::Listed(slots) }
    }
}
