//! Which claims speak of an element: found by its slot, without a search.
//!
//! ```text
//!   slots 0..128   starts  0 2 2 5 …      entries  (existence, claim 9) (`name`, claim 2) | (`name`, claim 7) …
//! ```
//! Nodes and relationships have lists of their own, cut by slots, so that a single claim copies little. An entry repeats of its claim what
//! a citation asks of each: its property, its source and whether it is deprecated; most are never read further.

use crate::knowledge::{ClaimId, Rank, Subject};
use crate::value::{NodeId, RelationshipId};

use super::chunk_list::ChunkList;
use super::claims::ClaimRecord;
use super::id::PropertyKeyId;

/// Elements of one piece.
const SLOTS: usize = 128;

/// What the list of an element says of a claim on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimEntry {
    /// The property it speaks of; none where existence is.
    pub key: Option<PropertyKeyId>,
    /// The claim.
    pub claim: ClaimId,
    /// The node of its source.
    pub source: NodeId,
    /// Whether it is known to be wrong.
    pub deprecated: bool,
}

impl ClaimEntry {
    /// Returns the entry of a claim.
    pub(super) fn of(claim: ClaimId, record: &ClaimRecord) -> ClaimEntry {
        let deprecated = record.details.rank == Rank::Deprecated;
        ClaimEntry { key: record.stated.key(), claim, source: record.source, deprecated }
    }
}

/// Claims by the element they speak of.
#[derive(Clone, Debug, Default)]
pub(super) struct ClaimsBySubject {
    nodes: ChunkList<Piece>,
    relationships: ChunkList<Piece>,
}

/// The claims on a range of slots.
#[derive(Clone, Debug, Default)]
struct Piece {
    /// Where the entries of each slot begin, and where those of the last one end; nothing where there is no entry.
    starts: Vec<u32>,
    /// In order of slot, property, claim.
    entries: Vec<ClaimEntry>,
}

impl Piece {
    fn range(&self, place: usize) -> std::ops::Range<usize> {
        match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// Returns the piece without some of its claims; nothing where none is left.
    fn without(&self, is_left_out: &impl Fn(&ClaimEntry) -> bool) -> Option<Piece> {
        let mut kept = Piece { starts: vec![0], entries: Vec::new() };
        for place in 0..SLOTS {
            kept.entries.extend(self.entries[self.range(place)].iter().filter(|entry| !is_left_out(entry)));
            kept.starts.push(kept.entries.len() as u32);
        }
        (!kept.entries.is_empty()).then_some(kept)
    }
}

/// Collects many claims in any order.
#[derive(Debug, Default)]
pub(super) struct ClaimCollector {
    nodes: Vec<Vec<(u8, ClaimEntry)>>,
    relationships: Vec<Vec<(u8, ClaimEntry)>>,
}

impl ClaimCollector {
    /// Adds a claim.
    pub fn push(&mut self, subject: Subject, entry: ClaimEntry) {
        let (piece, place) = place_of(subject);
        let pieces = match subject {
            Subject::Node(_) => &mut self.nodes,
            Subject::Relationship(_) => &mut self.relationships,
        };
        if pieces.len() <= piece {
            pieces.resize_with(piece + 1, Vec::new);
        }
        pieces[piece].push((place as u8, entry));
    }

    /// Returns the lists.
    pub fn finish(self) -> ClaimsBySubject {
        let listed = |pieces: Vec<Vec<(u8, ClaimEntry)>>| {
            let mut list = ChunkList::default();
            for (number, mut own) in pieces.into_iter().enumerate().filter(|(_, own)| !own.is_empty()) {
                own.sort_unstable();
                let mut piece =
                    Piece { starts: vec![0; SLOTS + 1], entries: own.iter().map(|(_, entry)| *entry).collect() };
                own.iter().for_each(|(place, _)| piece.starts[*place as usize + 1] += 1);
                (0..SLOTS).for_each(|place| piece.starts[place + 1] += piece.starts[place]);
                list.set(number, Some(piece));
            }
            list
        };
        ClaimsBySubject { nodes: listed(self.nodes), relationships: listed(self.relationships) }
    }
}

fn place_of(subject: Subject) -> (usize, usize) {
    let (Subject::Node(NodeId(slot)) | Subject::Relationship(RelationshipId(slot))) = subject;
    (slot as usize / SLOTS, slot as usize % SLOTS)
}

impl ClaimsBySubject {
    fn of_kind(&self, subject: Subject) -> &ChunkList<Piece> {
        match subject {
            Subject::Node(_) => &self.nodes,
            Subject::Relationship(_) => &self.relationships,
        }
    }

    fn of_kind_mut(&mut self, subject: Subject) -> &mut ChunkList<Piece> {
        match subject {
            Subject::Node(_) => &mut self.nodes,
            Subject::Relationship(_) => &mut self.relationships,
        }
    }

    /// Returns the claims on an element: those of existence first, then by property key, then by id.
    #[inline]
    pub fn of(&self, subject: Subject) -> &[ClaimEntry] {
        let (piece, place) = place_of(subject);
        self.of_kind(subject).get(piece).map_or(&[], |piece| &piece.entries[piece.range(place)])
    }

    /// Adds a claim.
    pub fn insert(&mut self, subject: Subject, entry: ClaimEntry) {
        let (piece, place) = place_of(subject);
        let piece = self.of_kind_mut(subject).make_mut(piece);
        if piece.starts.is_empty() {
            piece.starts.resize(SLOTS + 1, 0);
        }
        let own = piece.range(place);
        let before = piece.entries[own.clone()].partition_point(|other| other < &entry);
        piece.entries.insert(own.start + before, entry);
        piece.starts[place + 1..].iter_mut().for_each(|start| *start += 1);
    }

    /// Takes a claim out.
    pub fn remove(&mut self, subject: Subject, claim: ClaimId) {
        let (piece, place) = place_of(subject);
        if !self.of_kind(subject).has(piece) {
            return;
        }
        let piece = self.of_kind_mut(subject).make_mut(piece);
        let own = piece.range(place);
        if let Some(found) = piece.entries[own.clone()].iter().position(|entry| entry.claim == claim) {
            piece.entries.remove(own.start + found);
            piece.starts[place + 1..].iter_mut().for_each(|start| *start -= 1);
        }
    }

    /// Returns the lists without some of the claims; pieces that hold none of them are shared.
    pub fn without(&self, is_left_out: impl Fn(&ClaimEntry) -> bool) -> ClaimsBySubject {
        let kept = |list: &ChunkList<Piece>| {
            let mut kept = list.clone();
            for (number, piece) in list.iter() {
                if piece.entries.iter().any(&is_left_out) {
                    kept.set(number, piece.without(&is_left_out));
                }
            }
            kept
        };
        ClaimsBySubject { nodes: kept(&self.nodes), relationships: kept(&self.relationships) }
    }

    /// Returns all claims in order of subject, nodes before relationships.
    pub fn iter(&self) -> impl Iterator<Item = (Subject, ClaimEntry)> + '_ {
        let nodes = entries(&self.nodes).map(|(slot, entry)| (Subject::Node(NodeId(slot)), entry));
        let relationships =
            entries(&self.relationships).map(|(slot, entry)| (Subject::Relationship(RelationshipId(slot)), entry));
        nodes.chain(relationships)
    }
}

fn entries(list: &ChunkList<Piece>) -> impl Iterator<Item = (u32, ClaimEntry)> + '_ {
    list.iter().flat_map(|(number, piece)| {
        (0..SLOTS).flat_map(move |place| {
            let slot = (number * SLOTS + place) as u32;
            piece.entries[piece.range(place)].iter().map(move |entry| (slot, *entry))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_changed_one_by_one_are_those_made_at_once() {
        let subject = |number: u32| match number % 3 {
            0 => Subject::Relationship(RelationshipId(number % 300)),
            _ => Subject::Node(NodeId(number % 700)),
        };
        let entry = |number: u32| ClaimEntry {
            key: (!number.is_multiple_of(4)).then_some(PropertyKeyId(number % 4)),
            claim: ClaimId(number),
            source: NodeId(number % 5),
            deprecated: number.is_multiple_of(7),
        };
        let mut sorted: Vec<(Subject, ClaimEntry)> =
            (0..2_000).filter(|number| number % 5 != 0).map(|number| (subject(number), entry(number))).collect();
        sorted.sort_unstable();
        let mut collector = ClaimCollector::default();
        sorted.iter().rev().for_each(|(subject, entry)| collector.push(*subject, *entry));
        let made = collector.finish();
        let mut changed = ClaimsBySubject::default();
        (0..2_000).rev().for_each(|number| changed.insert(subject(number), entry(number)));
        (0..2_000).step_by(5).for_each(|number| changed.remove(subject(number), ClaimId(number)));
        assert_eq!(made.iter().collect::<Vec<_>>(), sorted);
        assert_eq!(changed.iter().collect::<Vec<_>>(), sorted);
        let left: Vec<(Subject, ClaimEntry)> =
            sorted.iter().copied().filter(|(_, entry)| entry.source != NodeId(3)).collect();
        assert_eq!(made.without(|entry| entry.source == NodeId(3)).iter().collect::<Vec<_>>(), left);
        assert_eq!(made.without(|_| true).iter().count(), 0);
        for number in 0..700 {
            for subject in [Subject::Node(NodeId(number)), Subject::Relationship(RelationshipId(number))] {
                let own: Vec<ClaimEntry> =
                    sorted.iter().filter(|(of, _)| *of == subject).map(|(_, entry)| *entry).collect();
                assert_eq!((made.of(subject), changed.of(subject)), (&own[..], &own[..]));
            }
        }
    }
}
