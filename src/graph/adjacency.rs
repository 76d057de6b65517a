//! Adjacency: for each relationship type its outgoing and its incoming pieces, and what a walk reads of them.

use std::ops::Range;
use std::sync::Arc;

use crate::value::{NodeId, RelationshipId};

use super::chunk_list::ChunkList;
use super::id::{Direction, RelationshipTypeId};
use super::piece::{Listing, Piece, SlotListing, piece_of, place_in_piece};
use super::piece_table::{PieceTable, ReadyTable};

/// The adjacency of all types.
#[derive(Clone, Debug, Default)]
pub(super) struct Adjacency {
    kinds: Arc<Vec<Arc<TypeAdjacency>>>,
}

/// The adjacency of one type.
#[derive(Clone, Debug, Default)]
pub(super) struct TypeAdjacency {
    /// By start node.
    pub outgoing: ChunkList<Piece>,
    /// By end node.
    pub incoming: ChunkList<Piece>,
    /// The pieces of both sides side by side, once a walk went so far that it was worth it.
    tables: [PieceTable; 2],
}

/// Room for neighbours that are not a plain slice; one for each walk, used again and again.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    nodes: Vec<u32>,
    slots: Vec<u32>,
    other: Vec<u32>,
    other_slots: Vec<u32>,
    both: Vec<u32>,
    both_slots: Vec<u32>,
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

    /// Returns neighbours whose relationships follow each other.
    #[inline]
    pub(super) fn consecutive((nodes, first): (&'a [u32], u32)) -> Neighbours<'a> {
        Neighbours { nodes, slots: NeighbourSlots::Consecutive(first) }
    }

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
    pub fn table(&self, incoming: bool) -> Option<ReadyTable<'_>> {
        self.tables[usize::from(incoming)].ready()
    }

    /// Returns the table of a side, made by reading every piece if there is none.
    pub fn made_table(&self, incoming: bool) -> ReadyTable<'_> {
        self.tables[usize::from(incoming)].made(self.side(incoming))
    }

    /// Returns the piece of a node, to be changed; the table of its side takes note.
    fn changed_piece(&mut self, incoming: bool, node: u32) -> &mut Piece {
        self.tables[usize::from(incoming)].note_change(piece_of(node));
        let side = if incoming { &mut self.incoming } else { &mut self.outgoing };
        side.make_mut(piece_of(node))
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
        if let Some((nodes, first)) = self.table(false).and_then(|table| table.following(start)) {
            let before = nodes.partition_point(|node| *node < end);
            let run = nodes[before..].iter().take_while(|node| **node == end).count();
            out.extend((first..).skip(before).take(run));
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

    /// Returns the adjacency of a type to change any of its pieces.
    pub fn make_mut(&mut self, kind: RelationshipTypeId) -> &mut TypeAdjacency {
        let adjacency = self.own(kind);
        adjacency.tables = Default::default();
        adjacency
    }

    /// Notes that a change has ended, so that versions to come can share what is made of this one.
    pub fn end_change(&mut self) {
        // What somebody else holds as well was not changed.
        for adjacency in Arc::get_mut(&mut self.kinds).into_iter().flatten().filter_map(Arc::get_mut) {
            adjacency.tables[0].begin(&adjacency.outgoing);
            adjacency.tables[1].begin(&adjacency.incoming);
        }
    }

    fn own(&mut self, kind: RelationshipTypeId) -> &mut TypeAdjacency {
        let kinds = Arc::make_mut(&mut self.kinds);
        while kinds.len() <= kind.0 as usize {
            kinds.push(Arc::default());
        }
        Arc::make_mut(&mut kinds[kind.0 as usize])
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
        let adjacency = self.own(kind);
        adjacency.changed_piece(false, start.0).add(place_in_piece(start.0), end.0, slot.0);
        adjacency.changed_piece(true, end.0).add(place_in_piece(end.0), start.0, slot.0);
    }

    /// Takes a relationship away.
    pub fn remove(&mut self, kind: RelationshipTypeId, start: NodeId, end: NodeId, slot: RelationshipId) {
        let adjacency = self.own(kind);
        adjacency.changed_piece(false, start.0).remove(place_in_piece(start.0), end.0, slot.0);
        adjacency.changed_piece(true, end.0).remove(place_in_piece(end.0), start.0, slot.0);
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

    /// Returns the neighbours on both sides, ascending, one reached by a relationship from the node to itself once for it.
    pub fn nodes_on_both_sides<'a>(&'a self, node: u32, scratch: &'a mut Scratch) -> &'a [u32] {
        let Scratch { nodes, slots, other, other_slots, both, .. } = scratch;
        let outgoing = match self.table(false).and_then(|table| table.plain(node)) {
            Some(plain) => plain,
            None => self.list(false, node, nodes, slots).nodes,
        };
        let incoming = match self.table(true).and_then(|table| table.plain(node)) {
            Some(plain) => plain,
            None => self.list(true, node, other, other_slots).nodes,
        };
        if incoming.is_empty() {
            return outgoing;
        }
        both.clear();
        let mut outgoing = outgoing.iter().copied().peekable();
        for neighbour in incoming.iter().copied().filter(|neighbour| *neighbour != node) {
            both.extend(std::iter::from_fn(|| outgoing.next_if(|other| *other < neighbour)));
            both.push(neighbour);
        }
        both.extend(outgoing);
        both
    }

    /// Merges both sides, taking a relationship from the node to itself once.
    fn list_both<'a>(&'a self, node: u32, scratch: &'a mut Scratch) -> Neighbours<'a> {
        let Scratch { nodes, slots, other, other_slots, both, both_slots } = scratch;
        if self.degree(true, node) == 0 {
            return self.list(false, node, nodes, slots);
        }
        let sides = [self.list(false, node, nodes, slots), self.list(true, node, other, other_slots)];
        // All relationships of the outgoing side stand first, then those of the incoming side.
        both_slots.clear();
        sides.iter().for_each(|side| side.relationships_into(both_slots));
        let (outgoing_slots, incoming_slots) = both_slots.split_at(sides[0].nodes.len());
        let mut outgoing = sides[0].nodes.iter().copied().zip(outgoing_slots.iter().copied()).peekable();
        let incoming = sides[1].nodes.iter().copied().zip(incoming_slots.iter().copied());
        both.clear();
        let mut merged = Vec::with_capacity(both_slots.len());
        let mut put = |(neighbour, slot)| {
            both.push(neighbour);
            merged.push(slot);
        };
        for pair in incoming.filter(|(neighbour, _)| *neighbour != node) {
            while let Some(before) = outgoing.next_if(|before| *before < pair) {
                put(before);
            }
            put(pair);
        }
        outgoing.for_each(put);
        *both_slots = merged;
        Neighbours { nodes: both, slots: NeighbourSlots::Listed(both_slots) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::Snapshot;
    use super::super::transaction::Transaction;
    use super::*;

    #[test]
    fn both_sides_are_merged_by_neighbour_and_circles_counted_once() {
        let mut graph = Transaction::begin(Snapshot::empty());
        let kind = graph.relationship_type("T").expect("a name");
        for _ in 0..300 {
            graph.create_node(&[]).expect("there is room");
        }
        let ends: Vec<(u32, u32)> = (0..900).map(|at| (at * 7 % 300, at * at % 300)).collect();
        for (start, end) in &ends {
            graph.create_relationship(kind, NodeId(*start), NodeId(*end)).expect("both ends are there");
        }
        let snapshot = graph.commit().expect("nothing is left hanging").0;
        let adjacency = snapshot.state.adjacency.of(kind).expect("it was made");
        let (mut scratch, mut other) = (Scratch::default(), Scratch::default());
        for by_table in [false, true] {
            for node in 0..300 {
                let at = ends.iter().zip(0..).filter(|((start, end), _)| *start == node || *end == node);
                let mut expected: Vec<(u32, u32)> =
                    at.map(|((start, end), slot)| (if *start == node { *end } else { *start }, slot)).collect();
                expected.sort_unstable();
                let nodes = adjacency.nodes_on_both_sides(node, &mut scratch);
                assert!(nodes.iter().eq(expected.iter().map(|(neighbour, _)| neighbour)), "node {node}");
                let both = adjacency.neighbours(Direction::Both, NodeId(node), &mut other);
                let mut slots = Vec::new();
                both.relationships_into(&mut slots);
                assert!(both.nodes.iter().copied().zip(slots).eq(expected), "node {node}, table {by_table}");
            }
            for incoming in [false, true] {
                adjacency.made_table(incoming);
            }
        }
    }
}
