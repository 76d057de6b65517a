//! The elements of the groups of a tally: which rows went to which key, and for relationships where they start and end.
//!
//! The rows of a batch lie in one chunk, so that their own elements are some words of bits for each key, put to its set once a batch. The
//! ends of relationships lie anywhere: they are bits of a map of all nodes for each key, as long as keys are few.

use std::ops::Range;

use crate::expression::Expression;
use crate::function::ElementSet;
use crate::graph::{CHUNK_SLOTS, Snapshot};
use crate::vector::{Bitmap, Slot};

/// Up to how many keys each is looked for in all rows.
const FEWEST_CODES: usize = 8;

/// Up to how many keys have a map of all nodes.
const MOST_MAPS: usize = 64;

/// The bits of one chunk.
type ChunkBits = [u64; CHUNK_SLOTS / 64];

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
    maps: Vec<Vec<Option<Bitmap>>>,
    /// How many maps there are.
    map_count: usize,
    /// The elements of a batch by code, and the codes that have some.
    own: Vec<ChunkBits>,
    is_touched: Vec<bool>,
    touched: Vec<u16>,
    marks: Vec<u8>,
    slots: Vec<u32>,
    ends: Vec<u32>,
}

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
        self.maps.resize_with(self.wanted.len(), Vec::new);
        self.maps.iter_mut().for_each(|maps| maps.resize_with(count.max(maps.len()), || None));
        let nodes = snapshot.chunk_count() * CHUNK_SLOTS;
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
            let (sets, maps, map_count) = (&mut self.sets[place], &mut self.maps[place], &mut self.map_count);
            each_run(codes, &self.ends, marks, |code, node| {
                if maps[code].is_none() && *map_count < MOST_MAPS {
                    *map_count += 1;
                    maps[code] = Some(Bitmap::new(nodes));
                }
                match &mut maps[code] {
                    Some(map) if (node as usize) < nodes => {
                        map.insert(node as usize);
                    }
                    _ => sets[code].add_node(node),
                }
            });
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
        self.own.resize(count.max(self.own.len()), [0; CHUNK_SLOTS / 64]);
        self.is_touched.resize(self.own.len(), false);
        let mut add = |row: usize, slot: u32| {
            if is_marked(marks, row) {
                let code = usize::from(codes[row]);
                if !std::mem::replace(&mut self.is_touched[code], true) {
                    self.touched.push(codes[row]);
                }
                let bits = &mut self.own[code];
                let place = slot as usize % CHUNK_SLOTS;
                bits[place / 64] |= 1 << (place % 64);
            }
        };
        let first = match &rows.slots {
            Slots::Run(run) => {
                run.clone().enumerate().for_each(|(row, slot)| add(row, slot));
                run.start
            }
            Slots::Listed(listed) => {
                listed.iter().enumerate().for_each(|(row, slot)| add(row, *slot));
                listed.first().copied().unwrap_or(0)
            }
        };
        let chunk = first as usize / CHUNK_SLOTS * CHUNK_SLOTS;
        for code in self.touched.drain(..) {
            self.is_touched[usize::from(code)] = false;
            let bits = std::mem::replace(&mut self.own[usize::from(code)], [0; CHUNK_SLOTS / 64]);
            sets[usize::from(code)].add_words(chunk as u32, &bits, are_nodes);
        }
    }

    /// Returns the sets of the codes in this order, and begins anew.
    pub fn empty(&mut self, order: &[u16]) -> Vec<Vec<ElementSet>> {
        let mut all = std::mem::take(&mut self.sets);
        for (sets, maps) in all.iter_mut().zip(&mut self.maps) {
            let maps = sets.iter_mut().zip(std::mem::take(maps));
            maps.filter_map(|(set, map)| Some((set, map?))).for_each(|(set, map)| set.add_node_words(map.words()));
        }
        self.map_count = 0;
        let of_order = |sets: &mut Vec<ElementSet>| -> Vec<ElementSet> {
            order.iter().map(|code| sets.get_mut(usize::from(*code)).map(std::mem::take).unwrap_or_default()).collect()
        };
        all.iter_mut().map(of_order).collect()
    }
}

fn is_marked(marks: Option<&[u8]>, row: usize) -> bool {
    marks.is_none_or(|marks| marks[row] == 1)
}

/// Calls back with the code and the node of each marked row; of rows in a row that have both alike once.
fn each_run(codes: &[u16], nodes: &[u32], marks: Option<&[u8]>, mut visit: impl FnMut(usize, u32)) {
    let mut last = None;
    for (row, pair) in codes.iter().zip(nodes).enumerate() {
        if is_marked(marks, row) && last != Some(pair) {
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
