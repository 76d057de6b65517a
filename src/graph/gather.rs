//! Gathering: the values of one property for many slots, as a typed column.
//!
//! The type is the column's, not the batch's: a property that is an integer on every node gathers as integers whatever nodes are asked
//! for. Slots of one chunk are read together; slots that follow each other are copied as a slice.

use std::ops::Range;

use smol_str::SmolStr;

use crate::value::Value;
use crate::vector::{Bitmap, Column, Dictionary};

use super::packed::PackedValues;
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
                let (values, nulls) = self.gather_typed(slots, &INTEGERS);
                Column::Integer { values, nulls }
            }
            KindCounts { floats, .. } if floats == total => {
                let (values, nulls) = self.gather_typed(slots, &FLOATS);
                Column::Float { values, nulls }
            }
            KindCounts { booleans, .. } if booleans == total => {
                let (values, nulls) = self.gather_typed(slots, &BOOLEANS);
                Column::Boolean { values, nulls }
            }
            KindCounts { strings, .. } if strings == total => match self.dictionary() {
                Some(dictionary) => {
                    let codes = self.gather_codes(slots, dictionary);
                    Column::Code { codes, dictionary: dictionary.clone() }
                }
                None => {
                    let (values, nulls) = self.gather_typed(slots, &STRINGS);
                    Column::String { values, nulls }
                }
            },
            _ => Column::from_values(slots.iter().map(|slot| self.value(*slot))),
        }
    }

    fn gather_typed<T: Clone + Default>(&self, slots: &[u32], reader: &Reader<T>) -> (Vec<T>, Option<Bitmap>) {
        let mut out: Vec<T> = Vec::with_capacity(slots.len());
        let mut nulls: Option<Bitmap> = None;
        for run in Runs::of(slots) {
            let chunk = self.chunks.get(chunk_of(run[0]));
            let packed = chunk.and_then(|chunk| chunk.plain());
            if let Some(packed) = packed
                && packed.present.is_none()
                && let Some(range) = contiguous(run)
                && range.end <= packed.len()
                && (reader.slice)(&packed.values, range, &mut out)
            {
                continue;
            }
            for slot in run {
                let place = place_of(*slot);
                let value = match (packed, chunk) {
                    // A mixed chunk may hold this type only, once the others have gone.
                    (Some(packed), _) if packed.contains(place) => {
                        (reader.one)(&packed.values, place).or_else(|| (reader.convert)(self.value(*slot)))
                    }
                    (None, Some(_)) => (reader.convert)(self.value(*slot)),
                    _ => None,
                };
                let value = value.unwrap_or_else(|| {
                    nulls.get_or_insert_with(|| Bitmap::new(slots.len())).insert(out.len());
                    T::default()
                });
                out.push(value);
            }
        }
        (out, nulls)
    }

    fn gather_codes(&self, slots: &[u32], dictionary: &Dictionary) -> Vec<u32> {
        let mut codes = Vec::with_capacity(slots.len());
        for run in Runs::of(slots) {
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
            codes.extend(run.iter().map(|slot| match self.value(*slot) {
                Value::String(text) => dictionary.code(&text).unwrap_or(Dictionary::NULL),
                _ => Dictionary::NULL,
            }));
        }
        codes
    }
}

/// How values of one type are read out of packed ones.
struct Reader<T> {
    /// Appends a range, if the packed values are of this type.
    slice: fn(&PackedValues, Range<usize>, &mut Vec<T>) -> bool,
    /// Returns one value that is set.
    one: fn(&PackedValues, usize) -> Option<T>,
    /// Returns the value within a general one.
    convert: fn(Value) -> Option<T>,
}

const INTEGERS: Reader<i64> = Reader {
    slice: |values, range, out| match values {
        PackedValues::Integer(values) => {
            values.extend_range(out, range);
            true
        }
        _ => false,
    },
    one: |values, place| if let PackedValues::Integer(values) = values { Some(values.get(place)) } else { None },
    convert: |value| if let Value::Integer(value) = value { Some(value) } else { None },
};

const FLOATS: Reader<f64> = Reader {
    slice: |values, range, out| match values {
        PackedValues::Float(values) => {
            out.extend_from_slice(&values[range]);
            true
        }
        _ => false,
    },
    one: |values, place| if let PackedValues::Float(values) = values { Some(values[place]) } else { None },
    convert: |value| if let Value::Float(value) = value { Some(value) } else { None },
};

const BOOLEANS: Reader<bool> = Reader {
    slice: |values, range, out| match values {
        PackedValues::Boolean(values) => {
            out.extend_from_slice(&values[range]);
            true
        }
        _ => false,
    },
    one: |values, place| if let PackedValues::Boolean(values) = values { Some(values[place]) } else { None },
    convert: |value| if let Value::Boolean(value) = value { Some(value) } else { None },
};

const STRINGS: Reader<SmolStr> = Reader {
    slice: |values, range, out| match values {
        PackedValues::String(values) => {
            out.extend_from_slice(&values[range]);
            true
        }
        _ => false,
    },
    one: |values, place| if let PackedValues::String(values) = values { Some(values[place].clone()) } else { None },
    convert: |value| if let Value::String(value) = value { Some(value) } else { None },
};

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
