//! The elements of the groups of a tally: which rows went to which key, and for relationships where they start and end.
//!
//! Elements of rows that follow each other are bits, a word for 64 of them, where keys are few; else each row adds its own.

use std::ops::Range;

use crate::expression::Expression;
use crate::function::ElementSet;
use crate::graph::Snapshot;
use crate::vector::Slot;

/// Up to how many keys each is looked for in all rows.
const FEWEST_CODES: usize = 8;

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
            let sets = &mut self.sets[place];
            each_run(codes, &self.ends, marks, |code, node| sets[code].add_node(node));
        }
        self.slots.clear();
    }

    fn add_own(&mut self, place: usize, (codes, count): (&[u16], usize), rows: &Elements<'_>, marks: Option<&[u8]>) {
        let sets = &mut self.sets[place];
        let are_nodes = rows.are_nodes;
        let add = |set: &mut ElementSet, slot: u32| match are_nodes {
            true => set.add_node(slot),
            false => set.add_relationship(slot),
        };
        match &rows.slots {
            Slots::Run(run) if count <= FEWEST_CODES => {
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
            }
            Slots::Run(run) => {
                let rows = codes.iter().zip(run.clone()).enumerate();
                rows.filter(|(row, _)| is_marked(marks, *row))
                    .for_each(|(_, (code, slot))| add(&mut sets[usize::from(*code)], slot));
            }
            Slots::Listed(listed) => {
                let rows = codes.iter().zip(listed.iter()).enumerate();
                rows.filter(|(row, _)| is_marked(marks, *row))
                    .for_each(|(_, (code, slot))| add(&mut sets[usize::from(*code)], *slot));
            }
        }
    }

    /// Returns the sets of the codes in this order, and begins anew.
    pub fn empty(&mut self, order: &[u16]) -> Vec<Vec<ElementSet>> {
        let mut all = std::mem::take(&mut self.sets);
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
