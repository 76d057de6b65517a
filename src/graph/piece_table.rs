//! All pieces of one side of a type's adjacency as one table, for walks that go far; versions of a graph share it.

use std::sync::{Arc, OnceLock};

use super::chunk_list::ChunkList;
use super::piece::{Piece, PieceSlots, piece_of, place_in_piece};
use super::slots::PlaceSet;

/// All pieces of one side: what a walk looks up at each step lies in one table.
///
/// ```text
///   version   41 ─── 42 ─── 43 ─── …      all of them share the table of version 41, whichever of their readers makes it;
///   changed   none   piece 7  7 and 2     what has changed since is looked up in its piece
/// ```
/// So who reads beside a writer need not make a table after each commit. When a quarter of the pieces has changed, the next table is that
/// of the version then.
#[derive(Clone, Debug, Default)]
pub(super) struct PieceTable {
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
    touched: Option<Arc<PlaceSet>>,
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
            pieces[place] = ReadyPiece { offsets, neighbours, first, touched: piece.touched().cloned() };
        }
        pieces
    }
}

impl PieceTable {
    /// Notes that a piece of the side has changed.
    pub fn note_change(&mut self, piece: usize) {
        let Some(shared) = self.shared.get() else { return };
        self.changed.insert(piece);
        if self.changed.count * 4 > shared.side.len() {
            *self = PieceTable::default();
        }
    }

    /// Notes that a side does not change any more.
    pub fn begin(&mut self, side: &ChunkList<Piece>) {
        self.shared.get_or_init(|| SharedTable::of(side));
    }

    #[inline]
    /// Returns the table, if it is there.
    pub fn ready(&self) -> Option<ReadyTable<'_>> {
        Some(ReadyTable { pieces: self.shared.get()?.pieces.get()?, changed: &self.changed })
    }

    /// Returns the table of a side, made if it is not there.
    pub fn made(&self, side: &ChunkList<Piece>) -> ReadyTable<'_> {
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

    /// Returns a node's neighbours with the first of their relationships, where nothing must be merged and these follow each other.
    #[inline]
    pub fn following(self, node: u32) -> Option<(&'a [u32], u32)> {
        let Some(piece) = self.piece(piece_of(node))? else { return Some((&[], 0)) };
        let (first, place) = (piece.first?, place_in_piece(node));
        if piece.touched.as_ref().is_some_and(|touched| touched.contains(place)) {
            return None;
        }
        let (Some(start), Some(end)) = (piece.offsets.get(place), piece.offsets.get(place + 1)) else {
            return Some((&[], 0));
        };
        Some((&piece.neighbours[*start as usize..*end as usize], first + start))
    }

    /// Returns where the neighbours of each node of a piece begin, unless some must be merged.
    pub fn offsets(self, piece: usize) -> Option<&'a [u32]> {
        match self.piece(piece)? {
            Some(piece) => piece.touched.is_none().then_some(&*piece.offsets),
            None => Some(&[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::adjacency::Scratch;
    use super::super::id::{Direction, RelationshipTypeId};
    use super::super::snapshot::Snapshot;
    use super::super::transaction::Transaction;
    use super::*;
    use crate::value::NodeId;

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
        for _ in 0..NODES {
            graph.create_node(&[]).expect("there is room");
        }
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
