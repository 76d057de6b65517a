//! Gathering: the values of one property for many slots, as a typed column.
//!
//! The type is the column's, not the batch's: a property that is an integer on every node gathers as integers whatever nodes are asked
//! for. Slots of one chunk are read together; slots that follow each other are copied as a slice.

use std::ops::Range;

use smol_str::SmolStr;

use crate::value::{Value, character_count};
use crate::vector::{Bitmap, Column, Dictionary, NO_ID};

use super::chunk_list::Found;
use super::packed::{Packed, PackedIntegers, PackedValues};
use super::property_chunk::PropertyChunk;
use super::property_column::{KindCounts, PropertyColumn};
use super::slots::{chunk_of, place_of};

impl PropertyColumn {
    /// Returns the values of these slots; null where not set and for slots that nothing has.
    pub fn gather(&self, slots: &[u32]) -> Column {
        let counts = *self.counts();
        let total = counts.total();
        match counts {
            _ if total == 0 => Column::nulls(slots.len()),
            KindCounts { integers, .. } if integers == total => {
                let (values, nulls) = self.gather_narrow(slots).unwrap_or_else(|| self.gather_typed(slots));
                Column::Integer { values, nulls }
            }
            KindCounts { floats, .. } if floats == total => {
                let (values, nulls) = self.gather_typed(slots);
                Column::Float { values, nulls }
            }
            KindCounts { booleans, .. } if booleans == total => {
                let (values, nulls) = self.gather_typed(slots);
                Column::Boolean { values, nulls }
            }
            KindCounts { strings, .. } if strings == total => match self.dictionary() {
                Some(dictionary) => {
                    let codes = self.gather_codes(slots, dictionary);
                    Column::Code { codes, dictionary: dictionary.clone() }
                }
                None => {
                    let (values, nulls) = self.gather_typed(slots);
                    Column::String { values, nulls }
                }
            },
            _ => Column::from_values(slots.iter().map(|slot| self.value(*slot))),
        }
    }

    /// Returns how many characters the texts of these slots have, without making the texts; nothing where other values are among them, or
    /// where each is a code.
    pub fn gather_character_counts(&self, slots: &[u32]) -> Option<Column> {
        let is_plain = self.counts().strings == self.counts().total() && self.dictionary().is_none();
        is_plain.then(|| {
            let (counts, nulls) = self.gather_typed::<Characters>(slots);
            Column::Integer { values: counts.into_iter().map(|Characters(count)| count).collect(), nulls }
        })
    }

    fn gather_typed<T: Typed>(&self, slots: &[u32]) -> (Vec<T>, Option<Bitmap>) {
        let mut out: Vec<T> = Vec::with_capacity(slots.len());
        let mut nulls: Option<Bitmap> = None;
        let runs = Runs::of(slots);
        if !runs.single && is_scattered(slots) {
            self.gather_scattered(slots, &mut out, &mut nulls);
            return (out, nulls);
        }
        for run in runs {
            let place = chunk_of(run[0]);
            let found = match run {
                [slot] => self.chunks.get_or_peek(place, place_of(*slot)),
                _ => self.chunks.get(place).map(Found::Chunk),
            };
            let chunk = match found {
                Some(Found::Value(value)) => {
                    let row = out.len();
                    out.push(T::within(value).unwrap_or_else(|| null(&mut nulls, slots.len(), row)));
                    continue;
                }
                Some(Found::Chunk(chunk)) => Some(chunk),
                None => None,
            };
            if let Some(packed) = chunk.and_then(|chunk| chunk.plain())
                && packed.present.is_none()
                && T::run(packed, run, &mut out)
            {
                continue;
            }
            for slot in run {
                let row = out.len();
                out.push(self.one(chunk, *slot).unwrap_or_else(|| null(&mut nulls, slots.len(), row)));
            }
        }
        (out, nulls)
    }

    /// Gathers slots that lie here and there: the chunks are looked up once each, in a table.
    fn gather_scattered<T: Typed>(&self, slots: &[u32], out: &mut Vec<T>, nulls: &mut Option<Bitmap>) {
        let mut table: Vec<Option<Option<&Packed>>> = vec![None; self.chunks.len()];
        let plain = |place: usize| self.chunks.get(place)?.plain().filter(|packed| packed.present.is_none());
        for slot in slots {
            if *slot == NO_ID {
                let row = out.len();
                out.push(null(nulls, slots.len(), row));
                continue;
            }
            let place = chunk_of(*slot);
            let packed = table.get_mut(place).and_then(|known| *known.get_or_insert_with(|| plain(place)));
            let value = match packed.and_then(|packed| T::at(packed, place_of(*slot))) {
                Some(value) => Some(value),
                None => self.one(self.chunks.get(chunk_of(*slot)), *slot),
            };
            let row = out.len();
            out.push(value.unwrap_or_else(|| null(nulls, slots.len(), row)));
        }
    }

    /// Gathers integers that lie here and there, where those of a chunk are a byte each, as years and ages are.
    fn gather_narrow(&self, slots: &[u32]) -> Option<(Vec<i64>, Option<Bitmap>)> {
        let narrow = |place: usize| match self.chunks.get(place).and_then(PropertyChunk::plain) {
            Some(Packed { values: PackedValues::Integer(PackedIntegers::One(least, values)), present: None }) => {
                Some((*least, values.as_slice()))
            }
            _ => None,
        };
        if slots.len() < SCATTERED || Runs::of(slots).single || !is_scattered(slots) {
            return None;
        }
        narrow(chunk_of(slots[0]))?;
        let mut table: Vec<Option<(i64, &[u8])>> = vec![None; self.chunks.len()];
        let mut nulls: Option<Bitmap> = None;
        let mut out = Vec::with_capacity(slots.len());
        for (row, slot) in slots.iter().enumerate() {
            let place = chunk_of(*slot);
            let known =
                table.get_mut(place).map(|known| known.get_or_insert_with(|| narrow(place).unwrap_or((0, &[]))));
            let byte =
                known.and_then(|(least, values)| Some(least.wrapping_add(i64::from(*values.get(place_of(*slot))?))));
            let value = byte.or_else(|| self.one(self.chunks.get(place), *slot));
            out.push(value.unwrap_or_else(|| null(&mut nulls, slots.len(), row)));
        }
        Some((out, nulls))
    }

    fn one<T: Typed>(&self, chunk: Option<&PropertyChunk>, slot: u32) -> Option<T> {
        let chunk = chunk?;
        match chunk.plain() {
            Some(packed) if !packed.contains(place_of(slot)) => None,
            // A mixed chunk may hold this type only, once the others have gone.
            Some(packed) => T::at(packed, place_of(slot)).or_else(|| T::within(self.value(slot))),
            None => T::within(self.value(slot)),
        }
    }

    fn gather_codes(&self, slots: &[u32], dictionary: &Dictionary) -> Vec<u32> {
        let mut codes = Vec::with_capacity(slots.len());
        let runs = Runs::of(slots);
        if !runs.single && is_scattered(slots) {
            let mut table: Vec<Option<&[u16]>> = vec![None; self.chunks.len()];
            let plain = |place: usize| match self.chunks.get(place).and_then(PropertyChunk::plain) {
                Some(Packed { values: PackedValues::Code(values), present: None }) => values.as_slice(),
                _ => &[],
            };
            codes.extend(slots.iter().map(|slot| {
                let place = chunk_of(*slot);
                let values = table.get_mut(place).map_or(&[][..], |known| known.get_or_insert_with(|| plain(place)));
                match values.get(place_of(*slot)) {
                    Some(code) => u32::from(*code),
                    None => self.code(*slot, dictionary),
                }
            }));
            return codes;
        }
        for run in runs {
            let chunk = self.chunks.get(chunk_of(run[0]));
            let packed = chunk.and_then(|chunk| chunk.plain());
            if let Some(packed) = packed
                && let PackedValues::Code(values) = &packed.values
            {
                if packed.present.is_none()
                    && let Some(range) = contiguous(run)
                    && range.end <= values.len()
                {
                    codes.extend(values[range].iter().map(|code| u32::from(*code)));
                    continue;
                }
                codes.extend(run.iter().map(|slot| match place_of(*slot) {
                    place if packed.contains(place) => u32::from(values[place]),
                    _ => Dictionary::NULL,
                }));
                continue;
            }
            codes.extend(run.iter().map(|slot| self.code(*slot, dictionary)));
        }
        codes
    }

    fn code(&self, slot: u32, dictionary: &Dictionary) -> u32 {
        match self.value(slot) {
            Value::String(text) => dictionary.code(&text).unwrap_or(Dictionary::NULL),
            _ => Dictionary::NULL,
        }
    }
}

/// From how many slots on it pays to have a table of all chunks.
const SCATTERED: usize = 64;

/// Says whether slots lie here and there, and are many; those in order that fill their chunks well are not.
fn is_scattered(slots: &[u32]) -> bool {
    let (Some(first), Some(last)) = (slots.first(), slots.last()) else { return false };
    let ascend = slots.windows(2).fold(true, |ascend, pair| ascend & (pair[0] <= pair[1]));
    let chunks = chunk_of(last.wrapping_sub(*first));
    slots.len() >= SCATTERED && !(ascend && chunks * 16 < slots.len())
}

/// Marks a row as null and returns what stands there instead.
fn null<T: Default>(nulls: &mut Option<Bitmap>, rows: usize, row: usize) -> T {
    nulls.get_or_insert_with(|| Bitmap::new(rows)).insert(row);
    T::default()
}

/// A type of values that lie packed densely.
trait Typed: Clone + Default {
    /// Appends the values of slots of one chunk, if all are of this type; every slot within the values is set.
    fn run(packed: &Packed, run: &[u32], out: &mut Vec<Self>) -> bool;

    /// Returns the value at a place that is set, if it is of this type and within the values.
    fn at(packed: &Packed, place: usize) -> Option<Self>;

    /// Returns the value within a general one.
    fn within(value: Value) -> Option<Self>;
}

/// Appends the values of slots of one chunk; says whether none lies beyond the values.
#[inline]
fn append<T: Clone, U>(values: &[T], run: &[u32], out: &mut Vec<U>, turn: impl Fn(T) -> U) -> bool {
    if let Some(range) = contiguous(run) {
        return values.get(range).map(|values| out.extend(values.iter().cloned().map(turn))).is_some();
    }
    if run.iter().fold(0, |greatest, slot| place_of(*slot).max(greatest)) >= values.len() {
        return false;
    }
    out.extend(run.iter().map(|slot| turn(values[place_of(*slot)].clone())));
    true
}

impl Typed for i64 {
    fn run(packed: &Packed, run: &[u32], out: &mut Vec<Self>) -> bool {
        let PackedValues::Integer(values) = &packed.values else { return false };
        match values {
            PackedIntegers::One(least, values) => {
                append(values, run, out, |value| least.wrapping_add(i64::from(value)))
            }
            PackedIntegers::Two(least, values) => {
                append(values, run, out, |value| least.wrapping_add(i64::from(value)))
            }
            PackedIntegers::Four(least, values) => {
                append(values, run, out, |value| least.wrapping_add(i64::from(value)))
            }
            PackedIntegers::Eight(values) => append(values, run, out, |value| value),
        }
    }

    #[inline]
    fn at(packed: &Packed, place: usize) -> Option<Self> {
        match &packed.values {
            PackedValues::Integer(values) if place < values.len() => Some(values.get(place)),
            _ => None,
        }
    }

    fn within(value: Value) -> Option<Self> {
        if let Value::Integer(value) = value { Some(value) } else { None }
    }
}

macro_rules! typed {
    ($($kind:ty, $packed:ident, $value:ident;)*) => {
        $(impl Typed for $kind {
            fn run(packed: &Packed, run: &[u32], out: &mut Vec<Self>) -> bool {
                match &packed.values {
                    PackedValues::$packed(values) => append(values, run, out, |value| value),
                    _ => false,
                }
            }

            #[inline]
            fn at(packed: &Packed, place: usize) -> Option<Self> {
                if let PackedValues::$packed(values) = &packed.values { values.get(place).cloned() } else { None }
            }

            fn within(value: Value) -> Option<Self> {
                if let Value::$value(value) = value { Some(value) } else { None }
            }
        })*
    };
}

typed! {
    f64, Float, Float;
    bool, Boolean, Boolean;
}

impl Typed for SmolStr {
    fn run(packed: &Packed, run: &[u32], out: &mut Vec<Self>) -> bool {
        let PackedValues::String(values) = &packed.values else { return false };
        if let Some(range) = contiguous(run).filter(|range| range.end <= values.len()) {
            out.extend(values.range(range).map(SmolStr::new));
            return true;
        }
        if run.iter().fold(0, |greatest, slot| place_of(*slot).max(greatest)) >= values.len() {
            return false;
        }
        out.extend(run.iter().map(|slot| values.string(place_of(*slot))));
        true
    }

    #[inline]
    fn at(packed: &Packed, place: usize) -> Option<Self> {
        match &packed.values {
            PackedValues::String(values) if place < values.len() => Some(values.string(place)),
            _ => None,
        }
    }

    fn within(value: Value) -> Option<Self> {
        if let Value::String(value) = value { Some(value) } else { None }
    }
}

/// How many characters a text has.
#[derive(Clone, Default)]
struct Characters(i64);

impl Typed for Characters {
    fn run(packed: &Packed, run: &[u32], out: &mut Vec<Self>) -> bool {
        let PackedValues::String(values) = &packed.values else { return false };
        let Some(range) = contiguous(run).filter(|range| range.end <= values.len()) else { return false };
        let mut counts = Vec::with_capacity(run.len());
        values.character_counts(range, &mut counts);
        out.extend(counts.into_iter().map(Characters));
        true
    }

    #[inline]
    fn at(packed: &Packed, place: usize) -> Option<Self> {
        match &packed.values {
            PackedValues::String(values) if place < values.len() => {
                Some(Characters(character_count(values.get(place)) as i64))
            }
            _ => None,
        }
    }

    fn within(value: Value) -> Option<Self> {
        if let Value::String(text) = value { Some(Characters(character_count(&text) as i64)) } else { None }
    }
}

/// Cuts slots into runs of one chunk each.
struct Runs<'a> {
    rest: &'a [u32],
    /// All are of one chunk, as those of a scan are; found out once, without a branch for each slot.
    single: bool,
}

impl<'a> Runs<'a> {
    fn of(slots: &'a [u32]) -> Runs<'a> {
        let first = slots.first().copied().unwrap_or(0);
        let differing = slots.iter().fold(0, |bits, slot| bits | (slot ^ first));
        Runs { rest: slots, single: chunk_of(differing) == 0 }
    }
}

impl<'a> Iterator for Runs<'a> {
    type Item = &'a [u32];

    #[inline]
    fn next(&mut self) -> Option<&'a [u32]> {
        let chunk = chunk_of(*self.rest.first()?);
        if self.single {
            return Some(std::mem::take(&mut self.rest));
        }
        let end = self.rest.iter().position(|slot| chunk_of(*slot) != chunk).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(run)
    }
}

/// Returns the places of a run, if its slots follow each other.
fn contiguous(run: &[u32]) -> Option<Range<usize>> {
    let (first, last) = (place_of(run[0]), place_of(run[run.len() - 1]));
    // The check of the ends refuses most runs before each slot is looked at.
    if last + 1 != first + run.len() {
        return None;
    }
    let wanted = run[0]..;
    let differing = run.iter().zip(wanted).fold(0, |bits, (slot, wanted)| bits | (slot ^ wanted));
    (differing == 0).then_some(first..last + 1)
}
