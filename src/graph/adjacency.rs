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
#[derive(Clone, Debug, Default)]
pub(super) struct TypeAdjacency {
    /// By start node.
    pub outgoing: ChunkList<Piece>,
    /// By end node.
    pub incoming: ChunkList<Piece>,
    /// The pieces of both sides side by side, once a walk went so far that it was worth it.
    tables: [PieceTable; 2],
}

/// All pieces of one side: what a walk looks up at each step lies in one table.
///
/// ```text
///   version   41 ─── 42 ─── 43 ─── …      all of them share the table of version 41, whichever of their readers makes it;
///   changed   none   piece 7  7 and 2     what has changed since is looked up in its piece
/// ```
/// So who reads beside a writer need not make a table after each commit. When a quarter of the pieces has changed, the next table is that
/// of the version then.
#[derive(Clone, Debug, Default)]
struct PieceTable {
    /// What the table is made of, and the table once it is made; neither while a change goes on.
    shared: OnceLock<Arc<SharedTable>>,
    /// What differs from it.
    changed: ChangedPieces,
}

#[derive(Debug)]
struct SharedTable {
    side: ChunkList<Piece>,
    pieces: OnceLock<Vec<ReadyPiece>>,
}

/// A table that is there, as one version sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadyTable<'a> {
    pieces: &'a [ReadyPiece],
    changed: &'a ChangedPieces,
}

/// Which pieces have changed since a table was made, a bit each.
#[derive(Clone, Debug, Default)]
struct ChangedPieces {
    words: Vec<u64>,
    count: usize,
}

impl ChangedPieces {
    #[inline]
    fn contains(&self, piece: usize) -> bool {
        self.words.get(piece / 64).is_some_and(|word| word >> (piece % 64) & 1 == 1)
    }

    fn insert(&mut self, piece: usize) {
        if self.words.len() <= piece / 64 {
            self.words.resize(piece / 64 + 1, 0);
        }
        self.count += usize::from(!self.contains(piece));
        self.words[piece / 64] |= 1 << (piece % 64);
    }
}

/// What a walk needs of a piece.
#[derive(Clone, Debug, Default)]
struct ReadyPiece {
    offsets: Arc<[u32]>,
    neighbours: Arc<[u32]>,
    /// The slot of the first relationship, where those that follow have the next ones.
    first: Option<u32>,
    touched: Option<Box<PlaceSet>>,
}

impl SharedTable {
    fn of(side: &ChunkList<Piece>) -> Arc<SharedTable> {
        Arc::new(SharedTable { side: side.clone(), pieces: OnceLock::new() })
    }

    fn make(&self) -> Vec<ReadyPiece> {
        let mut pieces = vec![ReadyPiece::default(); self.side.len()];
        for (place, piece) in self.side.iter() {
            let (offsets, neighbours) = (Arc::clone(&piece.base().offsets), Arc::clone(piece.base().neighbours.all()));
            let first = match piece.base().slots {
                PieceSlots::Consecutive(first) => Some(first),
                PieceSlots::Listed(_) | PieceSlots::Elsewhere => None,
            };
            pieces[place] = ReadyPiece { offsets, neighbours, first, touched: piece.touched().cloned().map(Box::new) };
        }
        pieces
    }
}

impl PieceTable {
    /// Notes that a piece of the side has changed.
    fn note_change(&mut self, piece: usize) {
        let Some(shared) = self.shared.get() else { return };
        self.changed.insert(piece);
        if self.changed.count * 4 > shared.side.len() {
            *self = PieceTable::default();
        }
    }

    /// Notes that a side does not change any more.
    fn begin(&mut self, side: &ChunkList<Piece>) {
        self.shared.get_or_init(|| SharedTable::of(side));
    }

    #[inline]
    fn ready(&self) -> Option<ReadyTable<'_>> {
        Some(ReadyTable { pieces: self.shared.get()?.pieces.get()?, changed: &self.changed })
    }

    fn made(&self, side: &ChunkList<Piece>) -> ReadyTable<'_> {
        let shared = self.shared.get_or_init(|| SharedTable::of(side));
        ReadyTable { pieces: shared.pieces.get_or_init(|| shared.make()), changed: &self.changed }
    }
}

impl<'a> ReadyTable<'a> {
    /// Returns a piece, and nothing for one without relationships; none if it has changed since.
    #[inline]
    fn piece(self, piece: usize) -> Option<Option<&'a ReadyPiece>> {
        (!self.changed.contains(piece)).then(|| self.pieces.get(piece))
    }

    /// Returns a node's neighbours, unless they must be merged.
    #[inline]
    pub fn plain(self, node: u32) -> Option<&'a [u32]> {
        let Some(piece) = self.piece(piece_of(node))? else { return Some(&[]) };
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
    pub fn whole(self, piece: usize) -> Option<(&'a [u32], &'a [u32])> {
        match self.piece(piece)? {
            Some(piece) => piece.touched.is_none().then_some((&*piece.offsets, &*piece.neighbours)),
            None => Some((&[], &[])),
        }
    }

    /// Returns a node's neighbours with their relationships, where nothing must be merged and the relationships follow each other.
    #[inline]
    pub fn following(self, node: u32) -> Option<Neighbours<'a>> {
        let Some(piece) = self.piece(piece_of(node))? else { return Some(Neighbours::NONE) };
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
    pub fn offsets(self, piece: usize) -> Option<&'a [u32]> {
        match self.piece(piece)? {
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

#[cfg(test)]
mod tests {
    use super::super::snapshot::Snapshot;
    use super::super::transaction::Transaction;
    use super::*;

    const NODES: u32 = 16 * 256;

    /// The neighbours of every node on both sides, by the table as far as it tells.
    fn listed(snapshot: &Snapshot, kind: RelationshipTypeId, by_table: bool) -> Vec<Vec<u32>> {
        let adjacency = snapshot.state.adjacency.of(kind).expect("it was made");
        let mut scratch = Scratch::default();
        let mut all = Vec::new();
        for (incoming, direction) in [(false, Direction::Outgoing), (true, Direction::Incoming)] {
            for node in 0..NODES {
                let plain = by_table.then(|| adjacency.made_table(incoming).plain(node)).flatten();
                let listed = adjacency.neighbours(direction, NodeId(node), &mut scratch);
                all.push(plain.map_or_else(|| listed.nodes.to_vec(), <[u32]>::to_vec));
            }
        }
        all
    }

    fn table(snapshot: &Snapshot, kind: RelationshipTypeId) -> *const ReadyPiece {
        snapshot.state.adjacency.of(kind).expect("it was made").made_table(false).pieces.as_ptr()
    }

    #[test]
    fn versions_share_a_table_until_much_has_changed() {
        let mut graph = Transaction::begin(Snapshot::empty());
        let kind = graph.relationship_type("T").expect("a name");
        (0..NODES).for_each(|_| drop(graph.create_node(&[]).expect("there is room")));
        let mut slots = Vec::new();
        for node in 0..NODES {
            let end = NodeId(node * 7 % NODES);
            slots.push(graph.create_relationship(kind, NodeId(node), end).expect("both ends are there"));
        }
        let mut versions = vec![graph.commit().expect("nothing is left hanging").0];
        let mut tables = Vec::new();
        for change in 0..24 {
            let mut graph = Transaction::begin(versions[versions.len() - 1].clone());
            // The reader is later than the writer's beginning.
            let node = change * 131 % NODES;
            graph.create_relationship(kind, NodeId(node), NodeId(node / 2)).expect("both ends are there");
            tables.push(table(&versions[versions.len() - 1], kind));
            graph.delete_relationship(slots[(node + 1) as usize]).expect("it is there");
            versions.push(graph.commit().expect("nothing is left hanging").0);
        }
        tables.dedup();
        assert!((2..10).contains(&tables.len()), "{} tables for 24 versions", tables.len());
        for (place, version) in versions.iter().enumerate() {
            assert_eq!(listed(version, kind, true), listed(version, kind, false), "version {place}");
        }
    }
}
