//! Selecting slots by a property, on the packed values themselves: nothing is gathered, cloned or widened on the way.
//!
//! A test is put to the values of a whole chunk at once where the slots follow each other, as those of a scan do; to each slot's value
//! else. What lies in a delta is asked value by value.

use crate::value::Value;
use crate::vector::{Bitmap, Dictionary};

use super::id::PropertyKeyId;
use super::packed::{Packed, PackedIntegers, PackedValues};
use super::property_column::PropertyColumn;
use super::slots::{chunk_of, place_of};
use super::snapshot::Snapshot;

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
}

impl Selected<'_> {
    /// Takes in rows of a slice of values, counted from `first`.
    #[inline]
    fn take_slice<T: Copy>(&mut self, values: &[T], first: usize, passes: impl Fn(T) -> bool) {
        match self {
            Selected::Count(count) => **count += values.iter().map(|value| usize::from(passes(*value))).sum::<usize>(),
            Selected::Rows(rows) => {
                // Every row is written, and kept only if it passes: no branch hangs on the values.
                let start = rows.len();
                rows.resize(start + values.len(), 0);
                let mut kept = start;
                for (row, value) in (first as u32..).zip(values) {
                    rows[kept] = row;
                    kept += usize::from(passes(*value));
                }
                rows.truncate(kept);
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
        }
    }
}

impl Snapshot {
    /// Selects the rows whose node's property passes; says whether it could: only a property of one fitting kind can be asked so.
    pub fn select_nodes(
        &self,
        key: PropertyKeyId,
        nodes: &[u32],
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
        relationships: &[u32],
        test: &PropertyTest<'_>,
        selected: Selected<'_>,
    ) -> bool {
        let column = self.state.relationship_columns.get(key);
        column.is_some_and(|column| column.select(relationships, test, selected))
    }

    /// Returns the dictionary of a node property's strings, or of a relationship's, if it has one.
    pub fn property_dictionary(&self, key: PropertyKeyId, of_nodes: bool) -> Option<&std::sync::Arc<Dictionary>> {
        let columns = if of_nodes { &self.state.node_columns } else { &self.state.relationship_columns };
        columns.get(key)?.dictionary()
    }
}

impl PropertyColumn {
    fn select(&self, slots: &[u32], test: &PropertyTest<'_>, mut selected: Selected<'_>) -> bool {
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
        while first < slots.len() {
            let chunk = chunk_of(slots[first]);
            let rest = &slots[first..];
            let run = match rest.last() {
                // The slots of a scan are all of one chunk.
                Some(last) if is_ascending_by_one(rest) && chunk_of(*last) == chunk => rest.len(),
                _ => rest.iter().take_while(|slot| chunk_of(**slot) == chunk).count(),
            };
            self.select_run(chunk, &rest[..run], first, test, &mut selected);
            first += run;
        }
        true
    }

    /// Selects slots of one chunk; `first` is the row of the first of them.
    fn select_run(
        &self,
        chunk: usize,
        run: &[u32],
        first: usize,
        test: &PropertyTest<'_>,
        selected: &mut Selected<'_>,
    ) {
        let Some(chunk) = self.chunks.get(chunk) else { return };
        let Some(packed) = chunk.plain() else {
            for (row, slot) in (first..).zip(run) {
                selected
                    .take(row, self.passes(&chunk.value(place_of(*slot), self.dictionary().map(AsRef::as_ref)), test));
            }
            return;
        };
        if is_ascending_by_one(run)
            && packed.present.is_none()
            && place_of(run[0]) + run.len() <= packed.len()
            && select_slice(packed, place_of(run[0])..place_of(run[0]) + run.len(), first, test, selected)
        {
            return;
        }
        for (row, slot) in (first..).zip(run) {
            let place = place_of(*slot);
            selected.take(row, packed.contains(place) && self.passes_packed(packed, place, test));
        }
    }

    #[inline]
    fn passes_packed(&self, packed: &Packed, place: usize, test: &PropertyTest<'_>) -> bool {
        match (&packed.values, test) {
            (PackedValues::Integer(values), PropertyTest::Integers { from, to, outside }) => {
                let value = values.get(place);
                (*from <= value && value <= *to) != *outside
            }
            (PackedValues::Boolean(values), PropertyTest::Boolean(wanted)) => values[place] == *wanted,
            (PackedValues::String(values), PropertyTest::Strings { passes, .. }) => passes(&values[place]),
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

/// Selects a range of places that are all set, if there is a loop for it.
fn select_slice(
    packed: &Packed,
    range: std::ops::Range<usize>,
    first: usize,
    test: &PropertyTest<'_>,
    selected: &mut Selected<'_>,
) -> bool {
    match (&packed.values, test) {
        (PackedValues::Integer(values), PropertyTest::Integers { from, to, outside }) => {
            let (from, to, outside) = (*from, *to, *outside);
            match values {
                PackedIntegers::One(least, values) => {
                    let (low, width) = distances(*least, from, to, u64::from(u8::MAX));
                    select_within(&values[range], first, low as u8, width.map(|width| width as u8), outside, selected);
                }
                PackedIntegers::Two(least, values) => {
                    let (low, width) = distances(*least, from, to, u64::from(u16::MAX));
                    select_within(
                        &values[range],
                        first,
                        low as u16,
                        width.map(|width| width as u16),
                        outside,
                        selected,
                    );
                }
                PackedIntegers::Four(least, values) => {
                    let (low, width) = distances(*least, from, to, u64::from(u32::MAX));
                    select_within(
                        &values[range],
                        first,
                        low as u32,
                        width.map(|width| width as u32),
                        outside,
                        selected,
                    );
                }
                PackedIntegers::Eight(values) => {
                    selected.take_slice(&values[range], first, |value| (from <= value && value <= to) != outside);
                }
            }
            true
        }
        (PackedValues::Boolean(values), PropertyTest::Boolean(wanted)) => {
            selected.take_slice(&values[range], first, |value| value == *wanted);
            true
        }
        (PackedValues::Code(values), PropertyTest::Strings { codes: Some(codes), .. }) => {
            selected.take_slice(&values[range], first, |code| codes.contains(usize::from(code)));
            true
        }
        (PackedValues::String(values), PropertyTest::Strings { passes, .. }) => {
            for (row, text) in (first..).zip(&values[range]) {
                selected.take(row, passes(text));
            }
            true
        }
        _ => false,
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
    first: usize,
    low: T,
    width: Option<T>,
    outside: bool,
    selected: &mut Selected<'_>,
) {
    match (width, outside) {
        (Some(width), false) => selected.take_slice(values, first, |value| value.minus(low) <= width),
        (Some(width), true) => selected.take_slice(values, first, |value| value.minus(low) > width),
        (None, outside) => selected.take_slice(values, first, |_| outside),
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
                    select_within(&[distance], 7, low as u8, width, false, &mut Selected::Rows(&mut found));
                    assert_eq!(found == [7], from <= value && value <= to, "{value} in {from}..={to} above {least}");
                }
            }
        }
    }
}
