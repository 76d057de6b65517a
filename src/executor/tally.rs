//! Groups found and integers summed in one pass over values as they lie in a chunk.
//!
//! ```text
//!   key a       1 0 1 1 …    codes of a dictionary, booleans, integers in a byte
//!   key b       0 0 1 0 …
//!   code        2 0 3 2 …    one number a row: a × values of b + b
//!   argument    9 7 4 5 …    totals[code] += 1 row and its argument, as one number
//! ```
//! Works where every key and argument is a property of the same elements, keys have few values together, and what is wanted of the rows
//! are their number, sums, averages, least or greatest. Whatever else comes is left to the general way; both may take turns, since what is
//! gathered here becomes groups in order of their first rows.

use std::ops::Range;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::expression::{AggregateCall, Expression};
use crate::function::{Aggregate, ElementSet};
use crate::graph::{CHUNK_SLOTS, ChunkValues, Snapshot};
use crate::vector::{Batch, Column, Dictionary, Slot};

use super::tally_add::{LANES, add_extremes, add_few, add_totals, add_values};
use super::tally_elements::{Elements, Slots, TallyElements, gathered};

/// How many different keys there may be.
const MOST_CODES: usize = 4096;

/// Up to how many keys have several totals each, so that rows of one key need not wait for each other.
const FEW_CODES: usize = 512;

/// Up to how many keys each is looked for in all rows, many at a time, instead of each row adding to the total of its key.
const FEWEST_CODES: usize = 6;

/// Where the number of rows stands in a total; the sum of the arguments stands below.
const COUNT_SHIFT: u32 = 40;

/// After how many rows totals are emptied: their sums, of numbers of up to 17 bits and a sign, cannot have reached the count.
const MOST_ROWS: usize = 1 << 21;

/// How far from the first the least of an argument's values may lie in a later chunk.
const MOST_SHIFT: i64 = 1 << 16;

/// How many values an integer key may have: those of a byte, from a least one that differs from chunk to chunk.
const INTEGER_CODES: usize = 512;

/// What one aggregate takes of what was gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Take {
    /// The number of rows.
    Rows,
    /// The sum of an argument, and the number of rows.
    Sum(usize),
    /// The least value of an argument.
    Least(usize),
    /// The greatest.
    Greatest(usize),
    /// The elements, of one kind of those that are gathered.
    Elements(usize),
    /// Nothing: what it is follows from the others.
    Nothing,
}

/// What was gathered of each group, in order of their first rows.
#[derive(Debug, Default)]
pub(super) struct Tallied {
    /// The keys, a column each.
    pub keys: Vec<Arc<Column>>,
    /// The numbers of rows.
    pub counts: Vec<u64>,
    /// For each argument the sums.
    pub sums: Vec<Vec<i128>>,
    /// For each argument the least and greatest values, where they are wanted.
    pub extremes: Vec<Vec<(i64, i64)>>,
    /// For each kind of elements that is gathered the sets.
    pub elements: Vec<Vec<ElementSet>>,
}

/// Gathers the groups of one aggregation.
pub(super) struct Tally<'a> {
    slot: Slot,
    keys: Vec<&'a str>,
    arguments: Vec<Argument<'a>>,
    /// What each aggregate takes.
    pub takes: Vec<Take>,
    elements: TallyElements,
    codes: Vec<u16>,
    space: Option<Space>,
}

struct Argument<'a> {
    name: &'a str,
    has_extremes: bool,
}

/// The numbers of the keys met so far, and the totals of each.
struct Space {
    domains: Vec<Domain>,
    lanes: usize,
    /// The keys met, in order.
    order: Vec<u16>,
    is_known: Vec<bool>,
    unknown: usize,
    /// For each argument the totals since they were emptied last, several a key where keys are few; for rows alone if there is none.
    totals: Vec<Vec<i64>>,
    /// The least value of each argument in the first chunk: totals hold distances from it.
    bases: Vec<i64>,
    rows: usize,
    counts: Vec<u64>,
    sums: Vec<Vec<i128>>,
    extremes: Vec<Vec<(i64, i64)>>,
}

/// The values that a key may have.
enum Domain {
    Booleans,
    Codes(Arc<Dictionary>),
    /// From this integer on.
    Integers(i64),
}

/// The rows of one chunk.
pub(super) enum Rows<'a> {
    /// They follow each other: their places.
    Range(Range<usize>),
    /// Their slots.
    Of(&'a [u32]),
}

pub(super) fn place_of(slot: u32) -> usize {
    slot as usize % CHUNK_SLOTS
}

impl<'a> Tally<'a> {
    /// Returns a tally for keys and aggregates, if they are such as it takes.
    pub(super) fn new(keys: &'a [(Slot, Expression)], aggregates: &'a [(Slot, AggregateCall)]) -> Option<Tally<'a>> {
        let mut slots: SmallVec<[Slot; 4]> = SmallVec::new();
        let mut names = Vec::new();
        for (_, key) in keys {
            let (slot, name) = key.as_property()?;
            slots.push(slot);
            names.push(name);
        }
        let mut arguments: Vec<Argument<'a>> = Vec::new();
        let (mut takes, mut elements) = (Vec::new(), TallyElements::default());
        for (_, call) in aggregates {
            if call.function == Aggregate::Evidence {
                takes.push(match &call.argument {
                    None => Take::Nothing,
                    Some(argument) => {
                        let (slot, element) = gathered(argument)?;
                        slots.push(slot);
                        Take::Elements(elements.want(element))
                    }
                });
                continue;
            }
            let argument = match (&call.argument, call.function, call.distinct, &call.parameter) {
                (None, Aggregate::CountStar, false, None) => {
                    takes.push(Take::Rows);
                    continue;
                }
                (Some(argument), _, false, None) => argument,
                _ => return None,
            };
            let (slot, name) = argument.as_property()?;
            slots.push(slot);
            let known = arguments.iter().position(|argument| argument.name == name);
            let place = known.unwrap_or(arguments.len());
            if known.is_none() {
                arguments.push(Argument { name, has_extremes: false });
            }
            takes.push(match call.function {
                // Only properties that every row has are taken.
                Aggregate::Count => Take::Rows,
                Aggregate::Sum | Aggregate::Avg => Take::Sum(place),
                Aggregate::Min => Take::Least(place),
                Aggregate::Max => Take::Greatest(place),
                _ => return None,
            });
            arguments[place].has_extremes |= matches!(call.function, Aggregate::Min | Aggregate::Max);
        }
        let slot = *slots.first()?;
        let is_single = slots.iter().all(|other| *other == slot);
        is_single.then(|| Tally { slot, keys: names, arguments, takes, elements, codes: Vec::new(), space: None })
    }

    /// Takes in a batch, or only its rows that are marked with 1 among those with 0; says whether it could.
    pub(super) fn take(&mut self, batch: &Batch, marks: Option<&[u8]>, snapshot: &Snapshot) -> bool {
        let Some((chunk, rows, of_nodes)) = rows_of(batch, self.slot) else { return false };
        if self.elements.wants_ends() && of_nodes {
            return false;
        }
        let asks_rows = marks.is_some() && self.arguments.iter().any(|argument| argument.has_extremes);
        if snapshot.has_deletions() || rows.is_empty() || asks_rows {
            return false;
        }
        let end = rows.end();
        let values = |name: &str| {
            let key = snapshot.catalogue().property_key_id(name)?;
            snapshot.chunk_values(key, of_nodes, chunk).filter(|values| end <= values.count())
        };
        let keys: Option<SmallVec<[ChunkValues<'_>; 4]>> = self.keys.iter().map(|name| values(name)).collect();
        let arguments = self.arguments.iter().map(|argument| values(argument.name).and_then(Integers::of));
        let arguments: Option<SmallVec<[Integers<'_>; 4]>> = arguments.collect();
        let (Some(keys), Some(arguments)) = (keys, arguments) else { return false };
        if self.space.is_none() {
            self.space = Space::new(&keys, &arguments, &self.arguments);
        }
        let Some(space) = &mut self.space else { return false };
        if !space.set_codes(&keys, &rows, &mut self.codes) || !space.admits(&arguments) {
            return false;
        }
        space.add(&self.codes, &arguments, &rows, marks);
        space.note_new(&self.codes, marks);
        let slots = match &rows {
            Rows::Range(range) => Slots::Run(run_of(chunk, range)),
            Rows::Of(slots) => Slots::Listed(slots),
        };
        let rows = Elements { slots, are_nodes: of_nodes };
        self.elements.add((&self.codes, space.is_known.len()), &rows, marks, snapshot);
        true
    }

    /// Returns what was gathered, and begins anew.
    pub(super) fn empty(&mut self) -> Option<Tallied> {
        let space = self.space.take()?;
        let elements = self.elements.empty(&space.order);
        Some(Tallied { elements, ..space.finish() })
    }
}

/// Returns the slots of the places of a chunk.
fn run_of(chunk: usize, places: &Range<usize>) -> Range<u32> {
    let first = (chunk * CHUNK_SLOTS) as u32;
    first + places.start as u32..first + places.end as u32
}

/// Returns the chunk that the rows of a batch are all of, their places, and whether they are nodes.
fn rows_of(batch: &Batch, slot: Slot) -> Option<(usize, Rows<'_>, bool)> {
    let (slots, of_nodes) = match batch.get(slot)?.as_ref() {
        Column::Node(ids) => (ids, true),
        Column::Relationship(ids) => (ids, false),
        Column::NodeRun(run) => return run_rows(run, true),
        Column::RelationshipRun(run) => return run_rows(run, false),
        _ => return None,
    };
    let first = *slots.first()?;
    let differing = slots.iter().fold(0, |bits, slot| bits | (slot ^ first));
    ((differing as usize) < CHUNK_SLOTS).then(|| (first as usize / CHUNK_SLOTS, Rows::Of(slots), of_nodes))
}

fn run_rows(run: &Range<u32>, of_nodes: bool) -> Option<(usize, Rows<'_>, bool)> {
    let start = place_of(run.start);
    let rows = start..start + run.len();
    (rows.end <= CHUNK_SLOTS).then_some((run.start as usize / CHUNK_SLOTS, Rows::Range(rows), of_nodes))
}

impl Rows<'_> {
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the values of the rows, if these follow each other.
    fn slice<'b, T>(&self, values: &'b [T]) -> Option<&'b [T]> {
        match self {
            Rows::Range(range) => Some(&values[range.clone()]),
            Rows::Of(_) => None,
        }
    }

    fn len(&self) -> usize {
        match self {
            Rows::Range(range) => range.len(),
            Rows::Of(slots) => slots.len(),
        }
    }

    /// Returns a place after all of them.
    fn end(&self) -> usize {
        match self {
            Rows::Range(range) => range.end,
            Rows::Of(slots) => slots.iter().fold(0, |greatest, slot| place_of(*slot).max(greatest)) + 1,
        }
    }

    /// Calls back with the number of each row and its value.
    #[inline]
    pub(super) fn for_each<T: Copy>(&self, values: &[T], mut visit: impl FnMut(usize, T)) {
        match self {
            Rows::Range(range) => {
                values[range.clone()].iter().enumerate().for_each(|(row, value)| visit(row, *value));
            }
            Rows::Of(slots) => {
                slots.iter().enumerate().for_each(|(row, slot)| visit(row, values[place_of(*slot)]));
            }
        }
    }

    /// Adds to each code that of its row's value.
    #[inline]
    fn add_codes<T: Copy>(&self, values: &[T], codes: &mut [u16], code: impl Fn(T) -> u16) {
        match self {
            Rows::Range(range) => {
                let rows = codes.iter_mut().zip(&values[range.clone()]);
                rows.for_each(|(own, value)| *own = own.wrapping_add(code(*value)));
            }
            Rows::Of(slots) => {
                let rows = codes.iter_mut().zip(slots.iter());
                rows.for_each(|(own, slot)| *own = own.wrapping_add(code(values[place_of(*slot)])));
            }
        }
    }
}

/// Integers of a chunk as distances from the least.
#[derive(Clone, Copy)]
enum Integers<'a> {
    Bytes(i64, &'a [u8]),
    Shorts(i64, &'a [u16]),
}

impl<'a> Integers<'a> {
    fn of(values: ChunkValues<'a>) -> Option<Integers<'a>> {
        match values {
            ChunkValues::Bytes(least, values) => Some(Integers::Bytes(least, values)),
            ChunkValues::Shorts(least, values) => Some(Integers::Shorts(least, values)),
            ChunkValues::Booleans(_) | ChunkValues::Codes(..) => None,
        }
    }

    fn least(&self) -> i64 {
        match self {
            Integers::Bytes(least, _) | Integers::Shorts(least, _) => *least,
        }
    }
}

impl Domain {
    fn of(values: &ChunkValues<'_>) -> Option<Domain> {
        match values {
            ChunkValues::Booleans(_) => Some(Domain::Booleans),
            ChunkValues::Codes(_, dictionary) => Some(Domain::Codes(Arc::clone(dictionary))),
            // The least of later chunks may lie below that of the first.
            ChunkValues::Bytes(least, _) => Some(Domain::Integers(least.checked_sub(128)?)),
            ChunkValues::Shorts(..) => None,
        }
    }

    fn len(&self) -> usize {
        match self {
            Domain::Booleans => 2,
            Domain::Codes(dictionary) => dictionary.len(),
            Domain::Integers(_) => INTEGER_CODES,
        }
    }

    /// Adds the codes of a chunk's values, each times `stride`; says whether they are all of this domain.
    fn add_codes(&self, values: &ChunkValues<'_>, stride: u16, rows: &Rows<'_>, codes: &mut [u16]) -> bool {
        match (self, values) {
            (Domain::Booleans, ChunkValues::Booleans(values)) => {
                rows.add_codes(values, codes, |value| u16::from(value).wrapping_mul(stride));
            }
            (Domain::Codes(known), ChunkValues::Codes(values, dictionary)) if Dictionary::same(known, dictionary) => {
                rows.add_codes(values, codes, |code| code.wrapping_mul(stride));
            }
            (Domain::Integers(from), ChunkValues::Bytes(least, values)) => {
                let shift = least.wrapping_sub(*from);
                if !(0..=INTEGER_CODES as i64 - 256).contains(&shift) {
                    return false;
                }
                let shift = shift as u16;
                rows.add_codes(values, codes, |value| (u16::from(value) + shift).wrapping_mul(stride));
            }
            _ => return false,
        }
        true
    }

    /// Returns the keys of codes.
    fn column(&self, codes: impl Iterator<Item = usize>) -> Column {
        match self {
            Domain::Booleans => Column::booleans(codes.map(|code| code == 1).collect()),
            Domain::Codes(dictionary) => {
                Column::Code { codes: codes.map(|code| code as u32).collect(), dictionary: Arc::clone(dictionary) }
            }
            Domain::Integers(from) => Column::integers(codes.map(|code| from.wrapping_add(code as i64)).collect()),
        }
    }
}

impl Space {
    fn new(keys: &[ChunkValues<'_>], arguments: &[Integers<'_>], names: &[Argument<'_>]) -> Option<Space> {
        let domains: Vec<Domain> = keys.iter().map(Domain::of).collect::<Option<_>>()?;
        let size = domains.iter().try_fold(1_usize, |size, domain| size.checked_mul(domain.len()))?;
        if size == 0 || size > MOST_CODES {
            return None;
        }
        let lanes = if size <= FEW_CODES { LANES } else { 1 };
        let extremes = |argument: &Argument<'_>| match argument.has_extremes {
            true => vec![(i64::MAX, i64::MIN); size],
            false => Vec::new(),
        };
        Some(Space {
            domains,
            lanes,
            order: Vec::new(),
            is_known: vec![false; size],
            unknown: size,
            totals: vec![vec![0; size * lanes]; arguments.len().max(1)],
            bases: arguments.iter().map(Integers::least).collect(),
            rows: 0,
            counts: vec![0; size],
            sums: vec![vec![0; size]; arguments.len()],
            extremes: names.iter().map(extremes).collect(),
        })
    }

    /// Sets the code of each row; says whether all keys are of the domains.
    fn set_codes(&self, keys: &[ChunkValues<'_>], rows: &Rows<'_>, codes: &mut Vec<u16>) -> bool {
        codes.clear();
        codes.resize(rows.len(), 0);
        let mut stride = self.is_known.len();
        self.domains.iter().zip(keys).all(|(domain, values)| {
            stride /= domain.len().max(1);
            domain.add_codes(values, stride as u16, rows, codes)
        })
    }

    /// Says whether arguments lie close enough to those before.
    fn admits(&self, arguments: &[Integers<'_>]) -> bool {
        let is_close = |(argument, base): (&Integers<'_>, &i64)| argument.least().abs_diff(*base) <= MOST_SHIFT as u64;
        arguments.iter().zip(&self.bases).all(is_close)
    }

    fn add(&mut self, codes: &[u16], arguments: &[Integers<'_>], rows: &Rows<'_>, marks: Option<&[u8]>) {
        if self.rows + codes.len() > MOST_ROWS {
            self.drain();
        }
        self.rows += codes.len();
        let one = 1 << COUNT_SHIFT;
        let size = self.is_known.len();
        if arguments.is_empty() {
            let ones = codes.iter().map(|_| one);
            add_totals(&mut self.totals[0], self.lanes, codes, ones, marks);
        }
        for (place, argument) in arguments.iter().enumerate() {
            // Never overflows: the distance between the bases was looked at.
            let more = one + argument.least().wrapping_sub(self.bases[place]);
            let totals = (&mut self.totals[place][..], self.lanes);
            match argument {
                Integers::Bytes(_, values)
                    if size <= FEWEST_CODES
                        && marks.is_none()
                        && let Some(values) = rows.slice(values) =>
                {
                    add_few(totals, size, codes, values, more);
                }
                Integers::Bytes(_, values) => add_values(totals, codes, values, rows, more, marks),
                Integers::Shorts(_, values) => add_values(totals, codes, values, rows, more, marks),
            }
            let extremes = &mut self.extremes[place];
            if !extremes.is_empty() {
                match argument {
                    Integers::Bytes(least, values) => add_extremes(extremes, codes, values, rows, *least),
                    Integers::Shorts(least, values) => add_extremes(extremes, codes, values, rows, *least),
                }
            }
        }
    }

    /// Takes down the keys that came for the first time, in order.
    fn note_new(&mut self, codes: &[u16], marks: Option<&[u8]>) {
        let (lanes, totals) = (self.lanes, &self.totals[0]);
        if self.unknown == 0 {
            return;
        }
        // Keys of few values are looked up one by one; many would take longer than the rows.
        let is_met = |code: usize| totals[code * lanes..(code + 1) * lanes].iter().any(|total| *total != 0);
        let bounds = codes.iter().fold((u16::MAX, 0), |(low, high), code| (low.min(*code), high.max(*code)));
        let (low, high) = (usize::from(bounds.0), usize::from(bounds.1));
        if (high - low) * lanes < codes.len() && !(low..=high).any(|code| !self.is_known[code] && is_met(code)) {
            return;
        }
        for (row, code) in codes.iter().enumerate() {
            let is_known = &mut self.is_known[usize::from(*code)];
            if !*is_known && marks.is_none_or(|marks| marks[row] == 1) {
                *is_known = true;
                self.unknown -= 1;
                self.order.push(*code);
            }
        }
    }

    /// Empties the totals into counts and sums.
    fn drain(&mut self) {
        self.rows = 0;
        for (place, totals) in self.totals.iter_mut().enumerate() {
            for (code, lanes) in totals.chunks_exact_mut(self.lanes).enumerate() {
                for total in lanes {
                    // The sum is what is left of a number with a sign in the lower bits.
                    let sum = *total << (64 - COUNT_SHIFT) >> (64 - COUNT_SHIFT);
                    let count = (*total - sum) >> COUNT_SHIFT;
                    *total = 0;
                    if place == 0 {
                        self.counts[code] += count as u64;
                    }
                    if let Some(sums) = self.sums.get_mut(place) {
                        sums[code] += i128::from(sum) + i128::from(self.bases[place]) * i128::from(count);
                    }
                }
            }
        }
    }

    fn finish(mut self) -> Tallied {
        self.drain();
        let order = || self.order.iter().map(|code| usize::from(*code));
        let mut stride = self.is_known.len();
        let mut keys = Vec::new();
        for domain in &self.domains {
            let size = domain.len().max(1);
            stride /= size;
            keys.push(Arc::new(domain.column(order().map(|code| code / stride % size))));
        }
        let of_order = |extremes: &Vec<(i64, i64)>| match extremes.is_empty() {
            true => Vec::new(),
            false => order().map(|code| extremes[code]).collect(),
        };
        Tallied {
            keys,
            counts: order().map(|code| self.counts[code]).collect(),
            sums: self.sums.iter().map(|sums| order().map(|code| sums[code]).collect()).collect(),
            extremes: self.extremes.iter().map(of_order).collect(),
            elements: Vec::new(),
        }
    }
}
