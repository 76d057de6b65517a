//! Selecting slots by a property, on the packed values themselves: nothing is gathered, cloned or widened on the way.
//!
//! A test is put to the values of a whole chunk at once where the slots follow each other, as those of a scan do; to each slot's value
//! else. What lies in a delta is asked value by value.

use std::ops::Range;

use crate::value::Value;
use crate::vector::{Bitmap, Dictionary};

use super::id::PropertyKeyId;
use super::packed::{Packed, PackedIntegers, PackedValues};
use super::property_column::PropertyColumn;
use super::slots::{chunk_of, first_slot, place_of};
use super::snapshot::Snapshot;

/// How many values are looked at together.
const BLOCK: usize = 64;

/// Fewer slots of one chunk that stand together are looked at one by one.
const SHORT_RUN: usize = 8;

/// A dictionary of up to so many strings is looked through to see whether only one of its codes passes.
const SHORT_DICTIONARY: usize = 1024;

/// The slots that are asked.
#[derive(Clone, Debug)]
pub enum Slots<'a> {
    /// Slots that follow each other.
    Run(Range<u32>),
    /// Slots in any order.
    Listed(&'a [u32]),
}

/// Places of one chunk.
#[derive(Clone, Debug)]
enum Places<'a> {
    Range(Range<usize>),
    /// Those of these slots.
    Of(&'a [u32]),
}

/// What the value of a property must be; a slot without a value never passes.
pub enum PropertyTest<'a> {
    /// An integer from the first to the second, or, where said so, one outside of them.
    Integers {
        /// The least.
        from: i64,
        /// The greatest.
        to: i64,
        /// Whether those outside pass instead.
        outside: bool,
    },
    /// This truth value.
    Boolean(bool),
    /// A string that passes.
    Strings {
        /// The test.
        passes: &'a (dyn Fn(&str) -> bool + 'a),
        /// The codes of the property's dictionary whose strings pass, where they were looked up already.
        codes: Option<&'a Bitmap>,
    },
}

/// What becomes of the slots that pass.
pub enum Selected<'a> {
    /// Their rows are listed.
    Rows(&'a mut Vec<u32>),
    /// They are counted.
    Count(&'a mut usize),
    /// Their rows are marked with 1, those of others with 0; what lies where nothing is set keeps its mark.
    Marks(&'a mut [u8]),
}

impl Selected<'_> {
    /// Takes in rows of the values at some places, counted from `first`.
    #[inline]
    fn take_places<T: Copy>(&mut self, values: &[T], places: Places<'_>, first: usize, passes: impl Fn(T) -> bool) {
        match places {
            Places::Range(range) => self.take_slice(&values[range], first, passes),
            Places::Of(slots) => self.take_listed(values, slots, first, passes),
        }
    }

    /// Takes in rows of a slice of values, a block at a time: most blocks of a narrow test have none that passes.
    #[inline]
    fn take_slice<T: Copy>(&mut self, values: &[T], first: usize, passes: impl Fn(T) -> bool) {
        if let Selected::Marks(marks) = self {
            let marks = marks[first..first + values.len()].iter_mut();
            return marks.zip(values).for_each(|(mark, value)| *mark = u8::from(passes(*value)));
        }
        for (place, block) in values.chunks(BLOCK).enumerate() {
            // A block's count fits the narrowest number, so that as many are counted at once as a register holds.
            let passed = usize::from(block.iter().fold(0_u8, |count, value| count + u8::from(passes(*value))));
            match self {
                Selected::Count(count) => **count += passed,
                Selected::Rows(rows) => {
                    let row = (first + place * BLOCK) as u32;
                    if passed == block.len() {
                        rows.extend(row..row + passed as u32);
                    } else if passed > 0 {
                        let mut found = Block::default();
                        block.iter().zip(row..).for_each(|(value, row)| found.take(row, passes(*value)));
                        rows.extend_from_slice(found.kept());
                    }
                }
                Selected::Marks(_) => {}
            }
        }
    }

    /// Takes in rows of the values at the places of slots.
    #[inline]
    fn take_listed<T: Copy>(&mut self, values: &[T], slots: &[u32], first: usize, passes: impl Fn(T) -> bool) {
        if let Selected::Marks(marks) = self {
            let marks = marks[first..first + slots.len()].iter_mut();
            return marks.zip(slots).for_each(|(mark, slot)| *mark = u8::from(passes(values[place_of(*slot)])));
        }
        for (place, block) in slots.chunks(BLOCK).enumerate() {
            match self {
                Selected::Count(count) => {
                    **count += block.iter().map(|slot| usize::from(passes(values[place_of(*slot)]))).sum::<usize>();
                }
                Selected::Rows(rows) => {
                    let row = (first + place * BLOCK) as u32;
                    let mut found = Block::default();
                    block.iter().zip(row..).for_each(|(slot, row)| found.take(row, passes(values[place_of(*slot)])));
                    rows.extend_from_slice(found.kept());
                }
                Selected::Marks(_) => {}
            }
        }
    }

    #[inline]
    fn take(&mut self, row: usize, passes: bool) {
        match self {
            Selected::Count(count) => **count += usize::from(passes),
            Selected::Rows(rows) => {
                if passes {
                    rows.push(row as u32);
                }
            }
            Selected::Marks(marks) => marks[row] = u8::from(passes),
        }
    }
}

/// The rows of a block that pass. Every row is written, and kept only if it passes: no branch hangs on the values.
struct Block {
    rows: [u32; BLOCK],
    kept: usize,
}

impl Default for Block {
    fn default() -> Self {
        Block { rows: [0; BLOCK], kept: 0 }
    }
}

impl Block {
    #[inline]
    fn take(&mut self, row: u32, passes: bool) {
        self.rows[self.kept % BLOCK] = row;
        self.kept += usize::from(passes);
    }

    fn kept(&self) -> &[u32] {
        &self.rows[..self.kept]
    }
}

impl Snapshot {
    /// Selects the rows whose node's property passes; says whether it could: only a property of one fitting kind can be asked so.
    pub fn select_nodes(
        &self,
        key: PropertyKeyId,
        nodes: Slots<'_>,
        test: &PropertyTest<'_>,
        selected: Selected<'_>,
    ) -> bool {
        let column = self.state.node_columns.get(key);
        column.is_some_and(|column| column.select(nodes, test, selected))
    }

    /// Does the same with relationships.
    pub fn select_relationships(
        &self,
        key: PropertyKeyId,
        relationships: Slots<'_>,
        test: &PropertyTest<'_>,
        selected: Selected<'_>,
    ) -> bool {
        let column = self.state.relationship_columns.get(key);
        column.is_some_and(|column| column.select(relationships, test, selected))
    }

    /// Says whether a node of each of these slots has a value of a property, where that can be told without looking at each.
    pub fn have_property(&self, key: PropertyKeyId, nodes: Range<u32>) -> bool {
        let Some(column) = self.state.node_columns.get(key) else { return false };
        let mut runs = chunk_runs(nodes);
        runs.all(|(chunk, places)| {
            let packed = column.chunks.get(chunk).and_then(|chunk| chunk.plain());
            packed.is_some_and(|packed| packed.present.is_none() && places.end <= packed.len())
        })
    }

    /// Returns the dictionary of a node property's strings, or of a relationship's, if it has one.
    pub fn property_dictionary(&self, key: PropertyKeyId, of_nodes: bool) -> Option<&std::sync::Arc<Dictionary>> {
        let columns = if of_nodes { &self.state.node_columns } else { &self.state.relationship_columns };
        columns.get(key)?.dictionary()
    }
}

impl PropertyColumn {
    fn select(&self, slots: Slots<'_>, test: &PropertyTest<'_>, mut selected: Selected<'_>) -> bool {
        let counts = self.counts();
        let of_kind = match test {
            PropertyTest::Integers { .. } => counts.integers,
            PropertyTest::Boolean(_) => counts.booleans,
            PropertyTest::Strings { .. } => counts.strings,
        };
        if of_kind != counts.total() {
            return false;
        }
        let mut first = 0;
        match slots {
            Slots::Run(run) => {
                for (chunk, places) in chunk_runs(run) {
                    let count = places.len();
                    self.select_places(chunk, Places::Range(places), first, test, &mut selected);
                    first += count;
                }
            }
            Slots::Listed(slots) => {
                // All may be of one chunk; that is found out without a branch for each slot.
                let differing = slots.iter().fold(0, |bits, slot| bits | (slot ^ slots[0]));
                let is_single = chunk_of(differing) == 0;
                while first < slots.len() {
                    let rest = &slots[first..];
                    let chunk = chunk_of(rest[0]);
                    let run = if is_single { rest } else { rest.split_at(leading(rest, chunk)).0 };
                    if run.len() < SHORT_RUN {
                        self.select_few(chunk, run, first, test, &mut selected);
                        first += run.len();
                        continue;
                    }
                    let places = match is_ascending_by_one(run) {
                        true => Places::Range(place_of(run[0])..place_of(run[0]) + run.len()),
                        false => Places::Of(run),
                    };
                    self.select_places(chunk, places, first, test, &mut selected);
                    first += run.len();
                }
            }
        }
        true
    }

    /// Selects a few slots of one chunk, without a loop made for its values.
    #[inline]
    fn select_few(
        &self,
        chunk: usize,
        slots: &[u32],
        first: usize,
        test: &PropertyTest<'_>,
        selected: &mut Selected<'_>,
    ) {
        let Some(chunk) = self.chunks.get(chunk) else { return };
        for (row, place) in (first..).zip(slots.iter().map(|slot| place_of(*slot))) {
            let passes = match chunk.plain() {
                Some(packed) => packed.contains(place) && self.passes_packed(packed, place, test),
                None => self.passes(&chunk.value(place, self.dictionary().map(AsRef::as_ref)), test),
            };
            selected.take(row, passes);
        }
    }

    /// Selects places of one chunk; `first` is the row of the first of them.
    fn select_places(
        &self,
        chunk: usize,
        places: Places<'_>,
        first: usize,
        test: &PropertyTest<'_>,
        selected: &mut Selected<'_>,
    ) {
        let Some(chunk) = self.chunks.get(chunk) else { return };
        let Some(packed) = chunk.plain() else {
            let dictionary = self.dictionary().map(AsRef::as_ref);
            places.for_each(first, |row, place| selected.take(row, self.passes(&chunk.value(place, dictionary), test)));
            return;
        };
        if packed.present.is_none()
            && places.end() <= packed.len()
            && select_packed(packed, places.clone(), first, test, selected)
        {
            return;
        }
        places.for_each(first, |row, place| {
            selected.take(row, packed.contains(place) && self.passes_packed(packed, place, test));
        });
    }

    #[inline]
    fn passes_packed(&self, packed: &Packed, place: usize, test: &PropertyTest<'_>) -> bool {
        match (&packed.values, test) {
            (PackedValues::Integer(values), PropertyTest::Integers { from, to, outside }) => {
                let value = values.get(place);
                (*from <= value && value <= *to) != *outside
            }
            (PackedValues::Boolean(values), PropertyTest::Boolean(wanted)) => values[place] == *wanted,
            (PackedValues::String(values), PropertyTest::Strings { passes, .. }) => passes(values.get(place)),
            (PackedValues::Code(codes), PropertyTest::Strings { passes, codes: known }) => {
                match (known, self.dictionary()) {
                    (Some(known), _) => known.contains(usize::from(codes[place])),
                    (None, Some(dictionary)) => passes(dictionary.string(u32::from(codes[place]))),
                    (None, None) => false,
                }
            }
            (PackedValues::Mixed(values), _) => self.passes(&values[place], test),
            _ => false,
        }
    }

    fn passes(&self, value: &Value, test: &PropertyTest<'_>) -> bool {
        match (value, test) {
            (Value::Integer(value), PropertyTest::Integers { from, to, outside }) => {
                (from <= value && value <= to) != *outside
            }
            (Value::Boolean(value), PropertyTest::Boolean(wanted)) => value == wanted,
            (Value::String(text), PropertyTest::Strings { passes, .. }) => passes(text),
            _ => false,
        }
    }
}

/// Says whether each slot is one more than the one before it.
fn is_ascending_by_one(slots: &[u32]) -> bool {
    let (Some(first), Some(last)) = (slots.first(), slots.last()) else { return true };
    // The check of the ends refuses most lists before each slot is looked at.
    last.wrapping_sub(*first) as usize + 1 == slots.len()
        && slots.iter().zip(*first..).fold(0, |bits, (slot, wanted)| bits | (slot ^ wanted)) == 0
}

impl Places<'_> {
    /// Returns a place that lies after all of them.
    fn end(&self) -> usize {
        match self {
            Places::Range(range) => range.end,
            Places::Of(slots) => slots.iter().fold(0, |greatest, slot| place_of(*slot).max(greatest)) + 1,
        }
    }

    /// Calls back with each place and its row, counted from `first`.
    #[inline]
    fn for_each(self, first: usize, mut visit: impl FnMut(usize, usize)) {
        match self {
            Places::Range(range) => (first..).zip(range).for_each(|(row, place)| visit(row, place)),
            Places::Of(slots) => (first..).zip(slots).for_each(|(row, slot)| visit(row, place_of(*slot))),
        }
    }
}

/// Returns slots that follow each other chunk by chunk, as places.
pub(super) fn chunk_runs(run: Range<u32>) -> impl Iterator<Item = (usize, Range<usize>)> {
    let chunks = if run.is_empty() { 0..0 } else { chunk_of(run.start)..chunk_of(run.end - 1) + 1 };
    chunks.map(move |chunk| {
        let (start, end) = (run.start.max(first_slot(chunk)), run.end.min(first_slot(chunk + 1)));
        (chunk, place_of(start)..place_of(start) + (end - start) as usize)
    })
}

/// Returns how many slots at the beginning are of a chunk.
#[inline]
fn leading(slots: &[u32], chunk: usize) -> usize {
    slots.iter().position(|slot| chunk_of(*slot) != chunk).unwrap_or(slots.len())
}

/// Selects places that are all set, if there is a loop for it.
fn select_packed(
    packed: &Packed,
    places: Places<'_>,
    first: usize,
    test: &PropertyTest<'_>,
    selected: &mut Selected<'_>,
) -> bool {
    match (&packed.values, test) {
        (PackedValues::Integer(values), PropertyTest::Integers { from, to, outside }) => {
            select_integers(values, places, first, (*from, *to, *outside), selected);
        }
        (PackedValues::Boolean(values), PropertyTest::Boolean(wanted)) => {
            selected.take_places(values, places, first, |value| value == *wanted);
        }
        (PackedValues::Code(values), PropertyTest::Strings { codes: Some(codes), .. }) => match only_one(codes) {
            Some(only) => selected.take_places(values, places, first, |code| code == only),
            None => selected.take_places(values, places, first, |code| codes.contains(usize::from(code))),
        },
        (PackedValues::String(values), PropertyTest::Strings { passes, .. }) => {
            places.for_each(first, |row, place| selected.take(row, passes(values.get(place))));
        }
        _ => return false,
    }
    true
}

/// Returns the code that alone is in a set, if the set is small enough to be looked through.
fn only_one(codes: &Bitmap) -> Option<u16> {
    let mut all = codes.iter();
    let only = if codes.len() <= SHORT_DICTIONARY { all.next()? } else { return None };
    all.next().is_none().then_some(only as u16)
}

fn select_integers(
    values: &PackedIntegers,
    places: Places<'_>,
    first: usize,
    (from, to, outside): (i64, i64, bool),
    selected: &mut Selected<'_>,
) {
    match values {
        PackedIntegers::One(least, values) => {
            let (low, width) = distances(*least, from, to, u64::from(u8::MAX));
            let within = (low as u8, width.map(|width| width as u8), outside);
            select_within(values, places, first, within, selected);
        }
        PackedIntegers::Two(least, values) => {
            let (low, width) = distances(*least, from, to, u64::from(u16::MAX));
            let within = (low as u16, width.map(|width| width as u16), outside);
            select_within(values, places, first, within, selected);
        }
        PackedIntegers::Four(least, values) => {
            let (low, width) = distances(*least, from, to, u64::from(u32::MAX));
            let within = (low as u32, width.map(|width| width as u32), outside);
            select_within(values, places, first, within, selected);
        }
        PackedIntegers::Eight(values) => {
            selected.take_places(values, places, first, |value| (from <= value && value <= to) != outside);
        }
    }
}

/// Returns the least distance that passes and how many follow it, of integers packed as distances from `least`.
fn distances(least: i64, from: i64, to: i64, greatest: u64) -> (u64, Option<u64>) {
    if to < least || from > to {
        return (0, None);
    }
    let low = if from <= least { 0 } else { from.wrapping_sub(least) as u64 };
    let high = (to.wrapping_sub(least) as u64).min(greatest);
    if low > high { (0, None) } else { (low, Some(high - low)) }
}

/// An unsigned integer whose differences wrap.
trait Wrapping: Copy + PartialOrd {
    fn minus(self, other: Self) -> Self;
}

macro_rules! wrapping {
    ($($kind:ty)*) => {
        $(impl Wrapping for $kind {
            #[inline]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
        })*
    };
}

wrapping!(u8 u16 u32);

fn select_within<T: Wrapping>(
    values: &[T],
    places: Places<'_>,
    first: usize,
    (low, width, outside): (T, Option<T>, bool),
    selected: &mut Selected<'_>,
) {
    match (width, outside) {
        (Some(width), false) => selected.take_places(values, places, first, |value| value.minus(low) <= width),
        (Some(width), true) => selected.take_places(values, places, first, |value| value.minus(low) > width),
        (None, outside) => selected.take_places(values, places, first, |_| outside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_hold_what_the_range_holds() {
        for least in [-3_i64, 0, 250, i64::MIN, i64::MAX - 300] {
            for (from, to) in [(0, 5), (-10, -1), (5, 4), (i64::MIN, i64::MAX), (255, 256), (i64::MAX, i64::MAX)] {
                let (low, width) = distances(least, from, to, 255);
                for distance in 0..=255_u8 {
                    let Some(value) = least.checked_add(i64::from(distance)) else { break };
                    let mut found = Vec::new();
                    let width = width.map(|width| width as u8);
                    let within = (low as u8, width, false);
                    select_within(&[distance], Places::Range(0..1), 7, within, &mut Selected::Rows(&mut found));
                    assert_eq!(found == [7], from <= value && value <= to, "{value} in {from}..={to} above {least}");
                }
            }
        }
    }

    #[test]
    fn blocks_and_lists_select_what_each_value_does() {
        let values: Vec<u8> = (0..200_u32).map(|place| (place * 37 % 256) as u8).collect();
        let slots: Vec<u32> = (0..200).rev().collect();
        for bound in [0, 1, 100, 255] {
            let passes = |value: u8| value <= bound;
            let wanted: Vec<u32> = (0..200).filter(|place| passes(values[*place as usize])).collect();
            let (mut found, mut count) = (Vec::new(), 0);
            Selected::Rows(&mut found).take_places(&values, Places::Range(0..200), 5, passes);
            Selected::Count(&mut count).take_places(&values, Places::Range(0..200), 5, passes);
            assert_eq!(found, wanted.iter().map(|place| place + 5).collect::<Vec<_>>());
            assert_eq!(count, wanted.len());
            let mut marks = vec![9; 210];
            Selected::Marks(&mut marks).take_places(&values, Places::Range(0..200), 5, passes);
            assert_eq!(marks[..5], [9; 5]);
            assert!((0..200).all(|place| (marks[place + 5] == 1) == wanted.contains(&(place as u32))));
            Selected::Marks(&mut marks).take_places(&values, Places::Of(&slots), 0, passes);
            assert!((0..200).all(|place| (marks[199 - place] == 1) == wanted.contains(&(place as u32))));
            found.clear();
            Selected::Rows(&mut found).take_places(&values, Places::Of(&slots), 0, passes);
            assert_eq!(found, wanted.iter().rev().map(|place| 199 - place).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_run_is_cut_at_the_ends_of_chunks() {
        let runs: Vec<_> = chunk_runs(2040..4100).collect();
        assert_eq!(runs, [(0, 2040..2048), (1, 0..2048), (2, 0..4)]);
        assert_eq!(chunk_runs(7..7).count(), 0);
        assert_eq!(chunk_runs(0..2048).collect::<Vec<_>>(), [(0, 0..2048)]);
    }
}
