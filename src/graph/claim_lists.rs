//! Which claims speak of an element: found by its slot, without a search.
//!
//! ```text
//!   slots 0..128     starts  0 2 2 5 …      entries  (existence, claim 9) (`name`, claim 2) | (`name`, claim 7) …
//!   pieces 0..128    source 3: 40 claims in pieces 0 1 7; source 5: …     in which pieces claims meet on a property, or are deprecated
//! ```
//! Nodes and relationships have lists of their own, cut by slots into pieces, so that a single claim copies little and a question reads
//! little. An entry repeats of its claim what a citation asks of each: its property, its source and whether it is deprecated; most are
//! never read further. A summary says of 128 pieces what is in them, so that a lens, whose work is what some sources say, finds it without
//! looking at all.

use std::cell::Cell;
use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use crate::knowledge::{ClaimId, Rank, Subject};
use crate::value::{NodeId, RelationshipId};

use super::chunk_list::ChunkList;
use super::claim_summary::{PIECES, Summary};
use super::claims::ClaimRecord;
use super::id::PropertyKeyId;
use super::ordered_set::OrderedSet;

/// Elements of one piece.
pub(super) const SLOTS: usize = 128;

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
pub(super) struct ClaimLists {
    pub nodes: ListsOfKind,
    pub relationships: ListsOfKind,
    /// The sources that have claims; collected when they are first asked for.
    sources: OnceLock<OrderedSet<NodeId>>,
}

/// Claims on nodes, or on relationships, by slot.
#[derive(Clone, Debug, Default)]
pub(super) struct ListsOfKind {
    pub pieces: ChunkList<Piece>,
    /// One for so many pieces that follow each other.
    pub summaries: ChunkList<Summary>,
}

/// The claims on a range of slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where the entries of each slot begin, and where those of the last one end; nothing where there is no entry.
    pub starts: Vec<u32>,
    /// In order of slot, property, claim.
    pub entries: Vec<ClaimEntry>,
}

impl Piece {
    fn range(&self, place: usize) -> std::ops::Range<usize> {
        match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// Returns the entries of each slot that has some, with its place.
    pub fn by_slot(&self) -> impl Iterator<Item = (usize, &[ClaimEntry])> {
        let slots = (0..SLOTS).map(|place| (place, &self.entries[self.range(place)]));
        slots.filter(|(_, entries)| !entries.is_empty())
    }

    /// Says whether several claims speak of one property of an element.
    pub fn is_contested(&self) -> bool {
        self.by_slot().any(|(_, entries)| meet(entries).next().is_some())
    }

    /// Returns the piece without the claims of some sources; nothing where none is left.
    fn without(&self, silenced: &FxHashSet<NodeId>) -> Option<Piece> {
        let mut kept = Piece { starts: vec![0], entries: Vec::new() };
        for place in 0..SLOTS {
            let own = &self.entries[self.range(place)];
            kept.entries.extend(own.iter().filter(|entry| !silenced.contains(&entry.source)));
            kept.starts.push(kept.entries.len() as u32);
        }
        (!kept.entries.is_empty()).then_some(kept)
    }
}

/// Returns the properties of an element of which several of its claims speak.
fn meet(entries: &[ClaimEntry]) -> impl Iterator<Item = (PropertyKeyId, &[ClaimEntry])> {
    let matters = entries.chunk_by(|lhs, rhs| lhs.key == rhs.key);
    matters.filter(|matter| matter.len() > 1).filter_map(|matter| Some((matter[0].key?, matter)))
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
    pub fn finish(self) -> ClaimLists {
        let listed = |pieces: Vec<Vec<(u8, ClaimEntry)>>| {
            let mut lists = ListsOfKind::default();
            for (number, mut own) in pieces.into_iter().enumerate().filter(|(_, own)| !own.is_empty()) {
                own.sort_unstable();
                let mut piece =
                    Piece { starts: vec![0; SLOTS + 1], entries: own.iter().map(|(_, entry)| *entry).collect() };
                own.iter().for_each(|(place, _)| piece.starts[*place as usize + 1] += 1);
                (0..SLOTS).for_each(|place| piece.starts[place + 1] += piece.starts[place]);
                lists.summaries.make_mut(number / PIECES).add_piece(number % PIECES, &piece);
                lists.pieces.set(number, Some(piece));
            }
            lists
        };
        ClaimLists { nodes: listed(self.nodes), relationships: listed(self.relationships), sources: OnceLock::new() }
    }
}

fn place_of(subject: Subject) -> (usize, usize) {
    let (Subject::Node(NodeId(slot)) | Subject::Relationship(RelationshipId(slot))) = subject;
    (slot as usize / SLOTS, slot as usize % SLOTS)
}

fn node(slot: usize) -> Subject {
    Subject::Node(NodeId(slot as u32))
}

fn relationship(slot: usize) -> Subject {
    Subject::Relationship(RelationshipId(slot as u32))
}

impl ListsOfKind {
    fn insert(&mut self, number: usize, place: usize, entry: ClaimEntry) {
        let piece = self.pieces.make_mut(number);
        if piece.starts.is_empty() {
            piece.starts.resize(SLOTS + 1, 0);
        }
        let own = piece.range(place);
        let before = piece.entries[own.clone()].partition_point(|other| other < &entry);
        piece.entries.insert(own.start + before, entry);
        piece.starts[place + 1..].iter_mut().for_each(|start| *start += 1);
        self.summaries.make_mut(number / PIECES).add(number % PIECES, entry.source, piece);
    }

    /// Takes a claim out; says of which source it was where no other of these pieces has one of it.
    fn remove(&mut self, number: usize, place: usize, claim: ClaimId) -> Option<NodeId> {
        if !self.pieces.has(number) {
            return None;
        }
        let piece = self.pieces.make_mut(number);
        let own = piece.range(place);
        let found = piece.entries[own.clone()].iter().position(|entry| entry.claim == claim)?;
        let entry = piece.entries.remove(own.start + found);
        piece.starts[place + 1..].iter_mut().for_each(|start| *start -= 1);
        let summary = self.summaries.make_mut(number / PIECES);
        let is_last = summary.remove(number % PIECES, entry.source, piece);
        if piece.entries.is_empty() {
            self.pieces.set(number, None);
        }
        if self.summaries.get(number / PIECES).is_some_and(Summary::is_empty) {
            self.summaries.set(number / PIECES, None);
        }
        is_last.then_some(entry.source)
    }

    fn without(&self, silenced: &FxHashSet<NodeId>) -> ListsOfKind {
        let mut kept = self.clone();
        for (group, summary) in self.summaries.iter() {
            let touched = summary.pieces_of(|source| silenced.contains(&source));
            if touched == 0 {
                continue;
            }
            let mut left = summary.without(silenced);
            for place in bits(touched) {
                let number = group * PIECES + place;
                // Where nobody else speaks, nothing needs to be read.
                let piece = if left.is_empty() { None } else { self.pieces.get(number) };
                let piece = piece.and_then(|piece| piece.without(silenced));
                left.look_at(place, piece.as_ref());
                kept.pieces.set(number, piece);
            }
            kept.summaries.set(group, (!left.is_empty()).then_some(left));
        }
        kept
    }

    /// Calls back with the entries of each element in the pieces that are wanted of each summary.
    fn for_each(&self, wanted: impl Fn(&Summary) -> u128, mut visit: impl FnMut(usize, &[ClaimEntry])) {
        for (group, summary) in self.summaries.iter() {
            for number in bits(wanted(summary)).map(|place| group * PIECES + place) {
                let Some(piece) = self.pieces.get(number) else { continue };
                piece.by_slot().for_each(|(place, entries)| visit(number * SLOTS + place, entries));
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = (usize, ClaimEntry)> + '_ {
        self.pieces.iter().flat_map(|(number, piece)| {
            let slots = piece.by_slot();
            slots.flat_map(move |(place, entries)| entries.iter().map(move |entry| (number * SLOTS + place, *entry)))
        })
    }
}

/// Finds the claims on many elements, of which those that follow each other mostly lie together.
#[derive(Debug)]
pub struct ClaimReader<'a> {
    lists: Option<&'a ClaimLists>,
    /// The piece that was read last, of nodes and of relationships.
    last: [Cell<Option<(usize, &'a Piece)>>; 2],
}

impl<'a> ClaimReader<'a> {
    pub(super) fn new(lists: Option<&'a ClaimLists>) -> ClaimReader<'a> {
        ClaimReader { lists, last: Default::default() }
    }

    /// Returns what is told of each claim on an element: those of existence first, then by property key, then by id.
    #[inline]
    pub fn entries(&self, subject: Subject) -> &'a [ClaimEntry] {
        let Some(lists) = self.lists else { return &[] };
        let (number, place) = place_of(subject);
        let last = &self.last[usize::from(matches!(subject, Subject::Relationship(_)))];
        let piece = match last.get() {
            Some((known, piece)) if known == number => piece,
            _ => {
                let Some(piece) = lists.of_kind(subject).pieces.get(number) else { return &[] };
                last.set(Some((number, piece)));
                piece
            }
        };
        &piece.entries[piece.range(place)]
    }
}

/// Returns the places of the bits that are set, ascending.
fn bits(mut places: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = places.trailing_zeros() as usize;
        places &= places.wrapping_sub(1);
        (place < PIECES).then_some(place)
    })
}

impl ClaimLists {
    fn of_kind(&self, subject: Subject) -> &ListsOfKind {
        match subject {
            Subject::Node(_) => &self.nodes,
            Subject::Relationship(_) => &self.relationships,
        }
    }

    fn of_kind_mut(&mut self, subject: Subject) -> &mut ListsOfKind {
        match subject {
            Subject::Node(_) => &mut self.nodes,
            Subject::Relationship(_) => &mut self.relationships,
        }
    }

    /// Returns the claims on an element: those of existence first, then by property key, then by id.
    #[inline]
    pub fn of(&self, subject: Subject) -> &[ClaimEntry] {
        let (piece, place) = place_of(subject);
        self.of_kind(subject).pieces.get(piece).map_or(&[], |piece| &piece.entries[piece.range(place)])
    }

    /// Adds a claim.
    pub fn insert(&mut self, subject: Subject, entry: ClaimEntry) {
        let (piece, place) = place_of(subject);
        self.of_kind_mut(subject).insert(piece, place, entry);
        if let Some(sources) = self.sources.get_mut() {
            sources.insert(entry.source);
        }
    }

    /// Takes a claim out.
    pub fn remove(&mut self, subject: Subject, claim: ClaimId) {
        let (piece, place) = place_of(subject);
        let Some(source) = self.of_kind_mut(subject).remove(piece, place, claim) else { return };
        if self.sources.get().is_some() && self.count_of(source) == 0 {
            self.sources.get_mut().into_iter().for_each(|sources| {
                sources.remove(&source);
            });
        }
    }

    /// Returns the lists without the claims of some sources; pieces that hold none of them are shared.
    pub fn without(&self, silenced: &FxHashSet<NodeId>) -> ClaimLists {
        let (nodes, relationships) = (self.nodes.without(silenced), self.relationships.without(silenced));
        ClaimLists { nodes, relationships, sources: OnceLock::new() }
    }

    /// Returns all claims in order of subject, nodes before relationships.
    pub fn iter(&self) -> impl Iterator<Item = (Subject, ClaimEntry)> + '_ {
        let nodes = self.nodes.iter().map(|(slot, entry)| (node(slot), entry));
        nodes.chain(self.relationships.iter().map(|(slot, entry)| (relationship(slot), entry)))
    }

    fn summaries(&self) -> impl Iterator<Item = &Summary> {
        [&self.nodes, &self.relationships].into_iter().flat_map(|lists| lists.summaries.iter()).map(|(_, own)| own)
    }

    /// Returns the sources that have claims.
    pub fn sources(&self) -> &OrderedSet<NodeId> {
        self.sources.get_or_init(|| {
            let mut sources: Vec<NodeId> = self.summaries().flat_map(Summary::sources).collect();
            sources.sort_unstable();
            sources.dedup();
            OrderedSet::from_sorted(sources)
        })
    }

    /// Returns how many claims a source has.
    pub fn count_of(&self, source: NodeId) -> u64 {
        self.summaries().map(|summary| u64::from(summary.count_of(source))).sum()
    }

    /// Calls back with each element of which sources speak that are wanted, in order, and with what all say of it.
    pub fn for_each_of(&self, wanted: &dyn Fn(NodeId) -> bool, visit: &mut dyn FnMut(Subject, &[ClaimEntry])) {
        self.for_each(
            |summary| summary.pieces_of(wanted),
            |subject, entries| {
                if entries.iter().any(|entry| wanted(entry.source)) {
                    visit(subject, entries);
                }
            },
        );
    }

    /// Returns what claims speak of that are known to be wrong, in order, once for each.
    pub fn deprecated(&self) -> Vec<Subject> {
        let mut found = Vec::new();
        self.for_each(
            |summary| summary.deprecated,
            |subject, entries| {
                found.extend(entries.iter().any(|entry| entry.deprecated).then_some(subject));
            },
        );
        found
    }

    /// Says whether a claim is known to be wrong.
    pub fn has_deprecated(&self) -> bool {
        self.summaries().any(|summary| summary.deprecated != 0)
    }

    /// Returns the properties of elements of which several claims speak, in order, with these claims.
    pub fn contested(&self) -> Vec<(Subject, PropertyKeyId, Vec<ClaimId>)> {
        let mut found = Vec::new();
        self.for_each(
            |summary| summary.contested,
            |subject, entries| {
                let claims = |matter: &[ClaimEntry]| matter.iter().map(|entry| entry.claim).collect();
                found.extend(meet(entries).map(|(key, matter)| (subject, key, claims(matter))));
            },
        );
        found
    }

    fn for_each(&self, wanted: impl Fn(&Summary) -> u128, mut visit: impl FnMut(Subject, &[ClaimEntry])) {
        self.nodes.for_each(&wanted, |slot, entries| visit(node(slot), entries));
        self.relationships.for_each(&wanted, |slot, entries| visit(relationship(slot), entries));
    }

    /// Says whether other lists say the same.
    pub fn says_the_same(&self, other: &ClaimLists) -> bool {
        let same = |own: &ListsOfKind, other: &ListsOfKind| {
            own.pieces.iter().eq(other.pieces.iter()) && own.summaries.iter().eq(other.summaries.iter())
        };
        same(&self.nodes, &other.nodes) && same(&self.relationships, &other.relationships)
    }
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
        let mut changed = ClaimLists::default();
        assert_eq!(changed.sources().len(), 0);
        (0..2_000).rev().for_each(|number| changed.insert(subject(number), entry(number)));
        assert_eq!(changed.sources().len(), 5);
        (0..2_000).step_by(5).for_each(|number| changed.remove(subject(number), ClaimId(number)));
        assert_eq!(made.iter().collect::<Vec<_>>(), sorted);
        assert_eq!(changed.iter().collect::<Vec<_>>(), sorted);
        assert!(made.says_the_same(&changed), "summaries too");
        assert!(made.sources().iter().chain(changed.sources().iter()).eq([1, 2, 3, 4, 1, 2, 3, 4].map(NodeId).iter()));
        let silenced: FxHashSet<NodeId> = [NodeId(3)].into_iter().collect();
        let (without, left): (ClaimLists, Vec<(Subject, ClaimEntry)>) =
            (made.without(&silenced), sorted.iter().copied().filter(|(_, entry)| entry.source != NodeId(3)).collect());
        let mut collector = ClaimCollector::default();
        left.iter().for_each(|(subject, entry)| collector.push(*subject, *entry));
        assert!(without.says_the_same(&collector.finish()));
        let all: FxHashSet<NodeId> = (0..5).map(NodeId).collect();
        assert!(made.without(&all).says_the_same(&ClaimLists::default()));
        for number in 0..700 {
            for subject in [Subject::Node(NodeId(number)), Subject::Relationship(RelationshipId(number))] {
                let own: Vec<ClaimEntry> =
                    sorted.iter().filter(|(of, _)| *of == subject).map(|(_, entry)| *entry).collect();
                assert_eq!((made.of(subject), changed.of(subject)), (&own[..], &own[..]));
            }
        }
    }
    #[test]
    fn what_summaries_lead_to_is_what_a_look_at_all_finds() {
        let mut state = 7_u64;
        let mut draw = |below: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32 % below
        };
        let (mut lists, mut plain) = (ClaimLists::default(), Vec::new());
        for number in 0..3_000 {
            // Far from each other, so that most pieces hold little and some summaries nothing.
            let slot = draw(40) * 977;
            let subject = if draw(2) == 0 { node(slot as usize) } else { relationship(slot as usize) };
            let key = (draw(4) > 0).then_some(PropertyKeyId(draw(30)));
            let entry = ClaimEntry { key, claim: ClaimId(number), source: NodeId(draw(9)), deprecated: draw(50) == 0 };
            lists.insert(subject, entry);
            plain.push((subject, entry));
            if draw(3) > 0 {
                let (subject, entry) = plain.swap_remove(draw(plain.len() as u32) as usize);
                lists.remove(subject, entry.claim);
            }
        }
        plain.sort_unstable();
        assert_eq!(lists.iter().collect::<Vec<_>>(), plain);
        let matters = plain.chunk_by(|lhs, rhs| (lhs.0, lhs.1.key) == (rhs.0, rhs.1.key));
        let contested: Vec<(Subject, PropertyKeyId, Vec<ClaimId>)> = matters
            .filter(|matter| matter.len() > 1)
            .filter_map(|matter| {
                Some((matter[0].0, matter[0].1.key?, matter.iter().map(|(_, entry)| entry.claim).collect()))
            })
            .collect();
        assert!(!contested.is_empty());
        assert_eq!(lists.contested(), contested);
        let mut deprecated: Vec<Subject> =
            plain.iter().filter(|(_, entry)| entry.deprecated).map(|(subject, _)| *subject).collect();
        deprecated.dedup();
        assert_eq!((lists.deprecated(), lists.has_deprecated()), (deprecated.clone(), !deprecated.is_empty()));
        for source in (0..9).map(NodeId) {
            let own: Vec<(Subject, ClaimEntry)> =
                plain.iter().copied().filter(|(_, entry)| entry.source == source).collect();
            let mut found = Vec::new();
            lists.for_each_of(&|other| other == source, &mut |subject, entries| {
                found.extend(entries.iter().filter(|entry| entry.source == source).map(|entry| (subject, *entry)));
            });
            assert_eq!((found, lists.count_of(source)), (own.clone(), own.len() as u64));
        }
    }
}
