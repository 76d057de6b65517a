//! The elements of the groups of a tally: which rows went to which key, and for relationships where they start and end.
//!
//! The rows of a batch lie in one chunk, so that their own elements are some words of bits for each key, put to its set once a batch. The
//! ends of relationships lie anywhere: they are bits of a map of all nodes for each key, as long as keys are few.

use std::ops::Range;

use smallvec::SmallVec;

use crate::expression::Expression;
use crate::function::ElementSet;
use crate::graph::{CHUNK_SLOTS, Snapshot};
use crate::vector::Slot;

/// Up to how many keys each is looked for in all rows.
const FEWEST_CODES: usize = 8;

/// Up to how many keys have a map of all nodes.
const MOST_MAPS: usize = 64;

/// Which elements of a row are gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gathered {
    /// The row's own.
    Own,
    /// Where its relationship starts.
    Starts,
    /// Where its relationship ends.
    Ends,
}

/// Returns which element of the rows of a slot an expression is.
pub(super) fn gathered(expression: &Expression) -> Option<(Slot, Gathered)> {
    if let Expression::Slot(slot) = expression {
        return Some((*slot, Gathered::Own));
    }
    end_of(expression).map(|(slot, are_starts)| (slot, if are_starts { Gathered::Starts } else { Gathered::Ends }))
}

/// Returns of which relationship an expression is an end, and whether it is its start.
pub(super) fn end_of(expression: &Expression) -> Option<(Slot, bool)> {
    let Expression::Function(function, arguments) = expression else { return None };
    match (function.name, &arguments[..]) {
        ("startNode", [Expression::Slot(slot)]) => Some((*slot, true)),
        ("endNode", [Expression::Slot(slot)]) => Some((*slot, false)),
        _ => None,
    }
}

/// Gathers elements by key.
#[derive(Debug, Default)]
pub(super) struct TallyElements {
    wanted: Vec<Gathered>,
    /// For each that is wanted the sets by code.
    sets: Vec<Vec<ElementSet>>,
    /// For each that is wanted the ends by code, where these have maps.
    maps: Vec<EndMaps>,
    batch: Rows,
    marks: Vec<u8>,
    slots: Vec<u32>,
    ends: Vec<u32>,
}

/// The rows of a batch.
#[derive(Debug, Default)]
struct Rows {
    /// Their codes; those of rows that are not marked are the number of codes, which no row has.
    codes: Vec<u16>,
    /// A 1 for each code that a row may have, so that none is looked for in all.
    seen: Vec<u8>,
    /// Which these are, ascending.
    met: Vec<u16>,
    /// The bits of a chunk for each code; all 0 between batches.
    own: Vec<u64>,
}

/// A map of all nodes for some codes, one behind the other; the first is for what is thrown away.
#[derive(Debug, Default)]
struct EndMaps {
    /// Which map each code has; 0 for none.
    places: Vec<u16>,
    words: Vec<u64>,
    /// How many nodes each covers.
    nodes: usize,
}

/// The words of one chunk.
const CHUNK_WORDS: usize = CHUNK_SLOTS / 64;

impl TallyElements {
    /// Adds something that is wanted; returns its place.
    pub fn want(&mut self, gathered: Gathered) -> usize {
        self.wanted.push(gathered);
        self.wanted.len() - 1
    }

    /// Says whether ends of relationships are wanted.
    pub fn wants_ends(&self) -> bool {
        self.wanted.iter().any(|wanted| *wanted != Gathered::Own)
    }

    /// Takes in rows by their codes, of which there are so many; only those marked with 1 where there are marks.
    pub fn add(
        &mut self,
        (codes, count): (&[u16], usize),
        rows: &Elements<'_>,
        marks: Option<&[u8]>,
        snapshot: &Snapshot,
    ) {
        if self.wanted.is_empty() {
            return;
        }
        self.sets.resize_with(self.wanted.len(), Vec::new);
        self.sets.iter_mut().for_each(|sets| sets.resize_with(count.max(sets.len()), ElementSet::default));
        self.maps.resize_with(self.wanted.len(), EndMaps::default);
        self.batch.set(codes, count, marks);
        for place in 0..self.wanted.len() {
            if self.wanted[place] == Gathered::Own {
                self.add_own(place, (codes, count), rows, marks);
                continue;
            }
            if self.slots.is_empty() {
                match &rows.slots {
                    Slots::Run(run) => self.slots.extend(run.clone()),
                    Slots::Listed(listed) => self.slots.extend_from_slice(listed),
                }
            }
            self.ends.clear();
            snapshot.ends_of(&self.slots, self.wanted[place] == Gathered::Starts, &mut self.ends);
            let (sets, maps) = (&mut self.sets[place], &mut self.maps[place]);
            if maps.make(&self.batch.met, count, snapshot.chunk_count() * CHUNK_SLOTS) {
                maps.insert(&self.batch.codes, &self.ends);
            } else {
                each_run(codes, &self.ends, marks, |code, node| sets[code].add_node(node));
            }
        }
        self.slots.clear();
    }

    fn add_own(&mut self, place: usize, (codes, count): (&[u16], usize), rows: &Elements<'_>, marks: Option<&[u8]>) {
        let (sets, are_nodes) = (&mut self.sets[place], rows.are_nodes);
        if let Slots::Run(run) = &rows.slots
            && count <= FEWEST_CODES
        {
            for (code, set) in sets.iter_mut().enumerate() {
                let wanted = code as u16;
                self.marks.clear();
                match marks {
                    None => self.marks.extend(codes.iter().map(|code| u8::from(*code == wanted))),
                    Some(marks) => {
                        let both = codes.iter().zip(marks).map(|(code, mark)| u8::from(*code == wanted) & mark);
                        self.marks.extend(both);
                    }
                }
                set.add_marked(run.start, &self.marks, are_nodes);
            }
            return;
        }
        let first = match &rows.slots {
            Slots::Run(run) => {
                self.batch.set_bits(run.clone());
                run.start
            }
            Slots::Listed(listed) => {
                self.batch.set_bits(listed.iter().copied());
                listed.first().copied().unwrap_or(0)
            }
        };
        let chunk = first as usize / CHUNK_SLOTS * CHUNK_SLOTS;
        self.batch.take_bits(|code, bits| sets[code].add_words(chunk as u32, bits, are_nodes));
    }

    /// Returns the sets of the codes in this order, and begins anew.
    pub fn empty(&mut self, order: &[u16]) -> Vec<Vec<ElementSet>> {
        let mut all = std::mem::take(&mut self.sets);
        for (sets, maps) in all.iter_mut().zip(&mut self.maps) {
            std::mem::take(maps).empty(|code, words| sets[code].add_node_words(words));
        }
        let of_order = |sets: &mut Vec<ElementSet>| -> Vec<ElementSet> {
            order.iter().map(|code| sets.get_mut(usize::from(*code)).map(std::mem::take).unwrap_or_default()).collect()
        };
        all.iter_mut().map(of_order).collect()
    }
}

impl Rows {
    /// Begins with the rows of a batch.
    fn set(&mut self, codes: &[u16], count: usize, marks: Option<&[u8]>) {
        self.codes.clear();
        match marks {
            Some(marks) => {
                let marked = |(code, mark): (&u16, &u8)| if *mark == 1 { *code } else { count as u16 };
                self.codes.extend(codes.iter().zip(marks).map(marked));
            }
            None => self.codes.extend_from_slice(codes),
        }
        self.seen.resize(count + 1, 0);
        self.codes.iter().for_each(|code| self.seen[usize::from(*code)] = 1);
        self.met.clear();
        self.met.extend((0..count as u16).filter(|code| self.seen[usize::from(*code)] == 1));
        self.seen.fill(0);
    }

    /// Sets the bit of each row's element among those of its code. No branch hangs on the rows.
    fn set_bits(&mut self, slots: impl Iterator<Item = u32>) {
        self.own.resize(self.seen.len() * CHUNK_WORDS, 0);
        for (code, slot) in self.codes.iter().zip(slots) {
            let place = slot as usize % CHUNK_SLOTS;
            self.own[usize::from(*code) * CHUNK_WORDS + place / 64] |= 1 << (place % 64);
        }
    }

    /// Gives the bits of each code, and clears them.
    fn take_bits(&mut self, mut give: impl FnMut(usize, &[u64])) {
        let thrown_away = self.seen.len() - 1;
        for code in self.met.iter().map(|code| usize::from(*code)) {
            give(code, &self.own[code * CHUNK_WORDS..][..CHUNK_WORDS]);
            self.own[code * CHUNK_WORDS..][..CHUNK_WORDS].fill(0);
        }
        self.own[thrown_away * CHUNK_WORDS..].fill(0);
    }
}

impl EndMaps {
    /// Makes the maps that codes have not yet; says whether all have one then.
    fn make(&mut self, codes: &[u16], count: usize, nodes: usize) -> bool {
        self.nodes = nodes;
        self.places.resize(count + 1, 0);
        let stride = self.stride();
        let mut maps = (self.words.len() / stride).max(1);
        let new = codes.iter().filter(|code| self.places[usize::from(**code)] == 0);
        let new: SmallVec<[u16; 16]> = new.copied().collect();
        for code in new.iter().take((MOST_MAPS + 1).saturating_sub(maps)) {
            self.places[usize::from(*code)] = maps as u16;
            maps += 1;
        }
        self.words.resize(maps * stride, 0);
        codes.iter().all(|code| self.places[usize::from(*code)] != 0)
    }

    /// How many words a map has: one more than its nodes take, for what is no node.
    fn stride(&self) -> usize {
        self.nodes.div_ceil(64) + 1
    }

    /// Sets the bit of each node in its code's map. No branch hangs on the rows.
    fn insert(&mut self, codes: &[u16], ends: &[u32]) {
        let stride = self.stride();
        for (code, node) in codes.iter().zip(ends) {
            let node = (*node as usize).min(self.nodes);
            self.words[usize::from(self.places[usize::from(*code)]) * stride + node / 64] |= 1 << (node % 64);
        }
    }

    /// Gives the words of each code's map.
    fn empty(self, mut give: impl FnMut(usize, &[u64])) {
        let stride = self.stride();
        for (code, place) in self.places.iter().enumerate().filter(|(_, place)| **place != 0) {
            give(code, &self.words[usize::from(*place) * stride..][..stride - 1]);
        }
    }
}

/// Calls back with the code and the node of each marked row; of rows in a row that have both alike once.
fn each_run(codes: &[u16], nodes: &[u32], marks: Option<&[u8]>, mut visit: impl FnMut(usize, u32)) {
    let mut last = None;
    for (row, pair) in codes.iter().zip(nodes).enumerate() {
        if marks.is_none_or(|marks| marks[row] == 1) && last != Some(pair) {
            last = Some(pair);
            visit(usize::from(*pair.0), *pair.1);
        }
    }
}

/// The elements of a tally's rows.
pub(super) struct Elements<'a> {
    /// Which they are.
    pub slots: Slots<'a>,
    /// Whether they are nodes.
    pub are_nodes: bool,
}

/// Elements by slot.
pub(super) enum Slots<'a> {
    /// They follow each other.
    Run(Range<u32>),
    /// One by one.
    Listed(&'a [u32]),
}
