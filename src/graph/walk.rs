//! Walks: the adjacency of one type in one direction, made ready for a loop over many nodes.
//!
//! A snapshot finds a node's piece through a tree of shared pointers; a walk has all pieces side by side, so that a step costs one look at
//! a table and one at the offsets.

use std::ops::Range;

use crate::value::NodeId;

use super::adjacency::{Neighbours, Scratch, TypeAdjacency};
use super::id::{Direction, RelationshipTypeId};
use super::piece::Piece;
use super::select::chunk_runs;
use super::slots::{chunk_of, place_of};
use super::snapshot::Snapshot;

/// The adjacency of one type in one direction.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    adjacency: Option<&'a TypeAdjacency>,
    direction: Direction,
    pieces: Vec<Ready<'a>>,
}

/// One piece, looked up beforehand.
#[derive(Clone, Copy, Debug)]
struct Ready<'a> {
    offsets: &'a [u32],
    neighbours: &'a [u32],
    piece: Option<&'a Piece>,
}

impl Snapshot {
    /// Returns the adjacency of a type in a direction, for a loop over many nodes.
    pub fn walk(&self, kind: RelationshipTypeId, direction: Direction) -> Walk<'_> {
        let adjacency = self.state.adjacency.of(kind);
        let side = match (adjacency, direction) {
            (Some(adjacency), Direction::Outgoing) => Some(&adjacency.outgoing),
            (Some(adjacency), Direction::Incoming) => Some(&adjacency.incoming),
            _ => None,
        };
        let none = Ready { offsets: &[], neighbours: &[], piece: None };
        let mut pieces = vec![none; side.map_or(0, |side| side.len())];
        for (place, piece) in side.into_iter().flat_map(|side| side.iter()) {
            let base = piece.base();
            pieces[place] = Ready { offsets: &base.offsets, neighbours: &base.neighbours, piece: Some(piece) };
        }
        Walk { adjacency, direction, pieces }
    }
}

impl<'a> Walk<'a> {
    /// Returns a node's neighbours, ascending: a plain slice where no write has touched them lately, else merged into `scratch`.
    #[inline]
    pub fn nodes<'b>(&'b self, node: u32, scratch: &'b mut Scratch) -> &'b [u32]
    where
        'a: 'b,
    {
        match self.plain(node) {
            Some((ready, start, end)) => &ready.neighbours[start..end],
            None => self.neighbours(node, scratch).nodes,
        }
    }

    /// Returns how many relationships a node has; for both directions one from the node to itself counts once.
    #[inline]
    pub fn degree(&self, node: u32) -> usize {
        match self.plain(node) {
            Some((_, start, end)) => end - start,
            None => self.adjacency.map_or(0, |adjacency| adjacency.degree_towards(self.direction, node)),
        }
    }

    /// Adds how many relationships each node has to its number. Nodes of one chunk that stand together are looked up together.
    pub fn add_degrees(&self, nodes: &[u32], degrees: &mut [i64]) {
        let mut first = 0;
        while first < nodes.len() {
            let chunk = chunk_of(nodes[first]);
            let rest = &nodes[first..];
            let is_single = chunk_of(rest.iter().fold(0, |bits, node| bits | (node ^ rest[0]))) == 0;
            let run = match is_single {
                true => rest.len(),
                false => rest.iter().take_while(|node| chunk_of(**node) == chunk).count(),
            };
            self.add_degrees_of_chunk(chunk, &rest[..run], &mut degrees[first..first + run]);
            first += run;
        }
    }

    /// Returns the neighbours of nodes of one chunk that follow each other, all in one stretch, and how many of these nodes have none;
    /// nothing where they are to be asked one by one.
    pub fn neighbours_of_run(&self, run: Range<u32>) -> Option<(&[u32], usize)> {
        let mut chunks = chunk_runs(run);
        let ((chunk, places), None) = (chunks.next()?, chunks.next()) else { return None };
        let Some(ready) = self.pieces.get(chunk) else {
            return (self.direction != Direction::Both).then_some((&[][..], places.len()));
        };
        if self.direction == Direction::Both || ready.piece.is_some_and(Piece::has_delta) {
            return None;
        }
        let end = places.end.min(ready.offsets.len().saturating_sub(1));
        if places.start >= end {
            return Some((&[], places.len()));
        }
        let offsets = &ready.offsets[places.start..=end];
        let (starts, ends) = (&offsets[..offsets.len() - 1], &offsets[1..]);
        let alone = starts.iter().zip(ends).map(|(start, end)| u32::from(start == end)).sum::<u32>() as usize;
        let neighbours = &ready.neighbours[offsets[0] as usize..offsets[offsets.len() - 1] as usize];
        Some((neighbours, alone + places.end - end))
    }

    /// Adds how many relationships each of some nodes has whose slots follow each other.
    pub fn add_degrees_of_run(&self, run: Range<u32>, degrees: &mut [i64]) {
        let mut first = 0;
        for (chunk, places) in chunk_runs(run.clone()) {
            let degrees = &mut degrees[first..first + places.len()];
            let ready = self.pieces.get(chunk);
            let is_plain = ready.is_none_or(|ready| ready.piece.is_none_or(|piece| !piece.has_delta()));
            if self.direction == Direction::Both || !is_plain {
                let nodes = run.start + first as u32..;
                nodes.zip(degrees).for_each(|(node, degree)| *degree += self.degree(node) as i64);
            } else if let Some(Ready { offsets, .. }) = ready {
                add_differences(offsets, places.clone(), degrees);
            }
            first += places.len();
        }
    }

    fn add_degrees_of_chunk(&self, chunk: usize, nodes: &[u32], degrees: &mut [i64]) {
        let ready = self.pieces.get(chunk);
        let is_plain = ready.is_none_or(|ready| ready.piece.is_none_or(|piece| !piece.has_delta()));
        if self.direction == Direction::Both || !is_plain {
            nodes.iter().zip(degrees).for_each(|(node, degree)| *degree += self.degree(*node) as i64);
            return;
        }
        let Some(Ready { offsets, .. }) = ready else { return };
        let (low, count) = (place_of(nodes[0]), nodes.len());
        let follow = nodes.iter().zip(nodes[0]..).fold(0, |bits, (node, own)| bits | (node ^ own)) == 0;
        if follow {
            return add_differences(offsets, low..low + count, degrees);
        }
        for (node, degree) in nodes.iter().zip(degrees) {
            let place = place_of(*node);
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
        match self.adjacency {
            Some(adjacency) => adjacency.neighbours(self.direction, NodeId(node), scratch),
            None => Neighbours::NONE,
        }
    }

    /// Returns the piece of a node and its range in it, unless the node's neighbours must be merged.
    #[inline]
    fn plain(&self, node: u32) -> Option<(&Ready<'a>, usize, usize)> {
        const NOTHING: Ready<'static> = Ready { offsets: &[], neighbours: &[], piece: None };
        if self.direction == Direction::Both {
            return None;
        }
        let Some(ready) = self.pieces.get(chunk_of(node)) else {
            return Some((&NOTHING, 0, 0));
        };
        let place = place_of(node);
        if ready.piece.is_some_and(|piece| piece.is_touched(place)) {
            return None;
        }
        match (ready.offsets.get(place), ready.offsets.get(place + 1)) {
            (Some(start), Some(end)) => Some((ready, *start as usize, *end as usize)),
            _ => Some((ready, 0, 0)),
        }
    }
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
