//! Walks: the adjacency of one type in one direction, made ready for a loop over many nodes.
//!
//! A snapshot finds a node's piece through a tree of shared pointers. A walk that goes far has all pieces side by side, so that a step costs
//! one look at a table and one at the offsets. Making the table reads every piece, and it is kept until the type is written to: a walk makes
//! it once it has looked at a share of as many nodes as there are pieces, so that a few steps from one node read only what they ask for.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::value::NodeId;
use crate::vector::NO_ID;

use super::adjacency::{Neighbours, Scratch, TypeAdjacency};
use super::id::{Direction, RelationshipTypeId};
use super::piece::{PIECE_NODES, piece_of, place_in_piece};
use super::piece_table::ReadyTable;
use super::snapshot::Snapshot;

/// A walk that has looked at one node for so many pieces makes the table.
const PIECES_A_LOOK: usize = 256;

/// The adjacency of one type in one direction.
#[derive(Debug)]
pub struct Walk<'a> {
    adjacency: Option<&'a TypeAdjacency>,
    direction: Direction,
    /// The pieces side by side, if they were when the walk began.
    table: Option<ReadyTable<'a>>,
    /// How many nodes were looked at without the table.
    looked_at: AtomicUsize,
    /// How many starts were asked for relationships that ends do not tell.
    starts_asked: AtomicUsize,
}

impl Snapshot {
    /// Returns the adjacency of a type in a direction, for a loop over many nodes.
    pub fn walk(&self, kind: RelationshipTypeId, direction: Direction) -> Walk<'_> {
        let adjacency = self.state.adjacency.of(kind);
        let table = match (adjacency, direction) {
            (Some(adjacency), Direction::Outgoing) => adjacency.table(false),
            (Some(adjacency), Direction::Incoming) => adjacency.table(true),
            _ => None,
        };
        Walk { adjacency, direction, table, looked_at: AtomicUsize::new(0), starts_asked: AtomicUsize::new(0) }
    }
}

impl<'a> Walk<'a> {
    /// Returns a node's neighbours, ascending: a plain slice where no write has touched them lately, else merged into `scratch`.
    #[inline]
    pub fn nodes<'b>(&'b self, node: u32, scratch: &'b mut Scratch) -> &'b [u32]
    where
        'a: 'b,
    {
        if self.direction == Direction::Both {
            return self.on_both_sides(node, scratch);
        }
        match self.plain(node) {
            Some(nodes) => nodes,
            // The node has been counted, and counting it again would take one step from one node for a walk that goes far.
            None => self
                .adjacency
                .map_or(&[], |adjacency| adjacency.neighbours(self.direction, NodeId(node), scratch).nodes),
        }
    }

    fn on_both_sides<'b>(&'b self, node: u32, scratch: &'b mut Scratch) -> &'b [u32] {
        let Some(adjacency) = self.adjacency else { return &[] };
        for incoming in [false, true] {
            if adjacency.table(incoming).is_none() && self.is_far(adjacency, incoming) {
                adjacency.made_table(incoming);
            }
        }
        adjacency.nodes_on_both_sides(node, scratch)
    }

    /// Calls back with the neighbours of nodes and the place of each node, in order, until `visit` wants no more; returns how many nodes it
    /// was called for. Nodes of one piece that stand together look it up once, and what stands for no node has no neighbours.
    #[inline]
    pub fn each_list(
        &self,
        nodes: &[u32],
        scratch: &mut Scratch,
        mut visit: impl FnMut(usize, &[u32]) -> bool,
    ) -> usize {
        let mut row = 0;
        while row < nodes.len() {
            let piece = piece_of(nodes[row]);
            let Some((offsets, neighbours)) = self.whole(piece) else {
                let list: &[u32] = if nodes[row] == NO_ID { &[] } else { self.nodes(nodes[row], scratch) };
                row += 1;
                if !visit(row - 1, list) {
                    return row;
                }
                continue;
            };
            while let Some(node) = nodes.get(row)
                && piece_of(*node) == piece
            {
                let place = place_in_piece(*node);
                let list: &[u32] = match offsets.get(place..place + 2) {
                    Some(ends) => &neighbours[ends[0] as usize..ends[1] as usize],
                    None => &[],
                };
                row += 1;
                if !visit(row - 1, list) {
                    return row;
                }
            }
        }
        row
    }

    /// Returns a piece's offsets and neighbours, if the table is there and none must be merged.
    #[inline]
    fn whole(&self, piece: usize) -> Option<(&'a [u32], &'a [u32])> {
        let table = match (self.table, self.direction) {
            (Some(table), _) => table,
            (None, Direction::Outgoing) => self.adjacency?.table(false)?,
            (None, Direction::Incoming) => self.adjacency?.table(true)?,
            (None, Direction::Both) => return None,
        };
        table.whole(piece)
    }

    /// Returns how many relationships a node has; for both directions one from the node to itself counts once.
    #[inline]
    pub fn degree(&self, node: u32) -> usize {
        match self.plain(node) {
            Some(nodes) => nodes.len(),
            None => self.adjacency.map_or(0, |adjacency| adjacency.degree_towards(self.direction, node)),
        }
    }

    /// Adds how many relationships each node has to its number. Nodes of one piece that stand together are looked up together.
    pub fn add_degrees(&self, nodes: &[u32], degrees: &mut [i64]) {
        let mut first = 0;
        while first < nodes.len() {
            let (rest, piece) = (&nodes[first..], piece_of(nodes[first]));
            // As many as are left in the piece, if they follow each other.
            let window = &rest[..rest.len().min(PIECE_NODES - place_in_piece(rest[0]))];
            let is_single = window.last().is_some_and(|last| piece_of(*last) == piece)
                && piece_of(window.iter().fold(0, |bits, node| bits | (node ^ rest[0]))) == 0;
            let run = match is_single {
                true => window.len(),
                false => window.iter().take_while(|node| piece_of(**node) == piece).count(),
            };
            self.add_degrees_of_piece(piece, &rest[..run], &mut degrees[first..first + run]);
            first += run;
        }
    }

    /// Returns the neighbours of nodes that follow each other, those of each piece in one stretch, with how many of its nodes have none;
    /// nothing where they are to be asked one by one.
    pub fn neighbours_of_run(&self, run: Range<u32>) -> Option<Vec<(&'a [u32], usize)>> {
        if self.direction == Direction::Both {
            return None;
        }
        let table = self.table.or_else(|| self.later_table())?;
        let stretch = |(piece, places): (usize, Range<usize>)| {
            let (offsets, neighbours) = table.whole(piece)?;
            let end = places.end.min(offsets.len().saturating_sub(1));
            if places.start >= end {
                return Some((&[][..], places.len()));
            }
            let own = &offsets[places.start..=end];
            let alone = own.windows(2).map(|ends| u32::from(ends[0] == ends[1])).sum::<u32>() as usize;
            Some((&neighbours[own[0] as usize..own[own.len() - 1] as usize], alone + places.end - end))
        };
        piece_runs(run).map(stretch).collect()
    }

    /// Adds how many relationships each of some nodes has whose slots follow each other.
    pub fn add_degrees_of_run(&self, run: Range<u32>, degrees: &mut [i64]) {
        let mut first = 0;
        for (piece, places) in piece_runs(run.clone()) {
            let degrees = &mut degrees[first..first + places.len()];
            match self.offsets(piece) {
                Some(offsets) => add_differences(offsets, places.clone(), degrees),
                None => {
                    let nodes = run.start + first as u32..;
                    nodes.zip(degrees).for_each(|(node, degree)| *degree += self.degree(node) as i64);
                }
            }
            first += places.len();
        }
    }

    fn add_degrees_of_piece(&self, piece: usize, nodes: &[u32], degrees: &mut [i64]) {
        let Some(offsets) = self.offsets(piece) else {
            nodes.iter().zip(degrees).for_each(|(node, degree)| *degree += self.degree(*node) as i64);
            return;
        };
        let (low, count) = (place_in_piece(nodes[0]), nodes.len());
        // Nothing follows the mark of a row without a node.
        let follow =
            nodes[0] != NO_ID && nodes.iter().zip(nodes[0]..).fold(0, |bits, (node, own)| bits | (node ^ own)) == 0;
        if follow {
            return add_differences(offsets, low..low + count, degrees);
        }
        for (node, degree) in nodes.iter().zip(degrees) {
            let place = place_in_piece(*node);
            if let Some(ends) = offsets.get(place..place + 2) {
                *degree += i64::from(ends[1] - ends[0]);
            }
        }
    }

    /// Returns a node's neighbours with their relationships.
    pub fn neighbours<'b>(&'b self, node: u32, scratch: &'b mut Scratch) -> Neighbours<'b>
    where
        'a: 'b,
    {
        let Some(adjacency) = self.adjacency else { return Neighbours::NONE };
        if self.table.is_none() {
            // The table does not tell relationships, but once it is there all pieces have been read.
            self.later_table();
        }
        let neighbours = adjacency.neighbours(self.direction, NodeId(node), scratch);
        if neighbours.are_told_by_starts() && adjacency.table(false).is_none() {
            self.look_at_starts(adjacency, neighbours.nodes.len());
        }
        neighbours
    }

    /// Calls back with the neighbours of each node and their relationships, in order.
    #[inline]
    pub fn each_neighbours(&self, nodes: &[u32], scratch: &mut Scratch, mut visit: impl FnMut(u32, &Neighbours<'_>)) {
        for node in nodes {
            let table = match (self.table, self.direction) {
                (_, Direction::Both) => None,
                (Some(table), _) => Some(table),
                (None, direction) => {
                    self.adjacency.and_then(|adjacency| adjacency.table(direction == Direction::Incoming))
                }
            };
            match table.and_then(|table| table.following(*node)).map(Neighbours::consecutive) {
                Some(neighbours) => visit(*node, &neighbours),
                None => visit(*node, &self.neighbours(*node, scratch)),
            }
        }
    }

    /// Counts starts that are asked for their relationships; reads the pieces of all, once those are many.
    #[cold]
    fn look_at_starts(&self, adjacency: &TypeAdjacency, count: usize) {
        let asked = self.starts_asked.fetch_add(count, Ordering::Relaxed) + count;
        if asked > 1 + adjacency.side(false).len() / PIECES_A_LOOK {
            adjacency.made_table(false);
        }
    }

    /// Returns where the neighbours of each node of a piece begin, unless some must be merged.
    fn offsets(&self, piece: usize) -> Option<&'a [u32]> {
        if self.direction == Direction::Both {
            return None;
        }
        if let Some(table) = self.table.or_else(|| self.later_table()) {
            return table.offsets(piece);
        }
        let side = self.adjacency.map(|adjacency| adjacency.side(self.direction == Direction::Incoming));
        match side.and_then(|side| side.get(piece)) {
            Some(piece) => (!piece.has_delta()).then(|| &*piece.base().offsets),
            None => Some(&[]),
        }
    }

    /// Returns a node's neighbours from the table, unless they must be merged or there is no table yet.
    #[inline]
    fn plain(&self, node: u32) -> Option<&'a [u32]> {
        match self.table {
            Some(table) => table.plain(node),
            None => self.later_table()?.plain(node),
        }
    }

    /// Returns the table, if it was made since the walk began or if it is time to make it.
    #[inline(never)]
    fn later_table(&self) -> Option<ReadyTable<'a>> {
        let (adjacency, incoming) = (self.adjacency?, self.direction == Direction::Incoming);
        if self.direction == Direction::Both {
            return None;
        }
        if let Some(table) = adjacency.table(incoming) {
            return Some(table);
        }
        self.is_far(adjacency, incoming).then(|| adjacency.made_table(incoming))
    }

    /// Counts a node that is looked at; says whether they are so many that a table of all is worth it.
    fn is_far(&self, adjacency: &TypeAdjacency, incoming: bool) -> bool {
        let looked_at = self.looked_at.fetch_add(1, Ordering::Relaxed);
        looked_at > 0 && looked_at >= adjacency.side(incoming).len() / PIECES_A_LOOK
    }
}

/// Cuts slots that follow each other into the places of each piece.
fn piece_runs(run: Range<u32>) -> impl Iterator<Item = (usize, Range<usize>)> {
    let pieces = if run.is_empty() { 0..0 } else { piece_of(run.start)..piece_of(run.end - 1) + 1 };
    pieces.map(move |piece| {
        let first = (piece * PIECE_NODES) as u32;
        let (start, end) = (run.start.max(first), run.end.min(first + PIECE_NODES as u32));
        (piece, place_in_piece(start)..place_in_piece(start) + (end - start) as usize)
    })
}

/// Adds to each number how far the next offset lies from that of its place; places beyond the offsets have nothing.
fn add_differences(offsets: &[u32], places: Range<usize>, degrees: &mut [i64]) {
    let end = places.end.min(offsets.len().saturating_sub(1));
    if places.start >= end {
        return;
    }
    let (starts, ends) = (&offsets[places.start..end], &offsets[places.start + 1..=end]);
    for ((degree, start), end) in degrees.iter_mut().zip(starts).zip(ends) {
        *degree += i64::from(end - start);
    }
}
