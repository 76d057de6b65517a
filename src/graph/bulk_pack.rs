//! Packing rows of a column into one chunk of a property, typed rows without a detour through values.

use std::ops::Range;

use smol_str::SmolStr;

use crate::value::Value;
use crate::vector::Column;

use super::packed::{Packed, PackedIntegers, PackedValues};
use super::property_chunk::PropertyChunk;
use super::property_column::{KindCounts, PropertyColumn};
use super::texts::Texts;
use super::zone::Zone;

/// Packs rows of a column into an empty chunk of a property and returns how many values of each kind they are.
pub(super) fn pack_rows(target: &mut PropertyColumn, chunk: usize, column: &Column, rows: Range<usize>) -> KindCounts {
    let count = rows.len() as u64;
    // How many values there will be is known only as far as this batch goes.
    let (packed, zone, counts) = match column {
        Column::Integer { values, nulls: None } => {
            let values = &values[rows];
            let ends = values.iter().min().zip(values.iter().max());
            let zone = ends.map_or(Zone::Empty, |(least, greatest)| Zone::Integers(*least, *greatest));
            let packed = PackedValues::Integer(PackedIntegers::pack(values));
            (packed, zone, KindCounts { integers: count, ..KindCounts::default() })
        }
        Column::Float { values, nulls: None } => {
            let values = values[rows].to_vec();
            let zone = float_zone(&values);
            (PackedValues::Float(values), zone, KindCounts { floats: count, ..KindCounts::default() })
        }
        Column::String { values, nulls: None } => {
            let values = &values[rows];
            let zone = string_zone(values);
            let total = target.counts().strings + column.len() as u64;
            let packed = match target.intern_all(values.iter(), total) {
                Some(dictionary) => {
                    let code =
                        |text: &SmolStr| dictionary.code(text).expect("the strings were just given codes") as u16;
                    PackedValues::Code(values.iter().map(code).collect())
                }
                None => match Texts::of(values.iter().map(SmolStr::as_str)) {
                    Some(texts) => PackedValues::String(texts),
                    None => PackedValues::Mixed(values.iter().cloned().map(Value::String).collect()),
                },
            };
            (packed, zone, KindCounts { strings: count, ..KindCounts::default() })
        }
        _ => return pack_values(target, chunk, rows.map(|row| column.value(row)).collect()),
    };
    target.put_chunk(chunk, PropertyChunk::from_packed(Packed { values: packed, present: None }, Some(zone)), &counts);
    counts
}

fn pack_values(target: &mut PropertyColumn, chunk: usize, mut values: Vec<Value>) -> KindCounts {
    while values.last().is_some_and(Value::is_null) {
        values.pop();
    }
    let mut counts = KindCounts::default();
    values.iter().for_each(|value| counts.add(value));
    if counts.total() == 0 {
        return counts;
    }
    let strings = values.iter().filter_map(|value| if let Value::String(text) = value { Some(text) } else { None });
    let total = target.counts().strings + counts.strings;
    let dictionary = target.intern_all(strings, total).cloned();
    let packed = PropertyChunk::new(values, dictionary.as_deref());
    target.put_chunk(chunk, packed, &counts);
    counts
}

fn float_zone(values: &[f64]) -> Zone {
    if values.iter().any(|value| value.is_nan()) {
        return Zone::Any;
    }
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if values.is_empty() { Zone::Empty } else { Zone::Floats(least, greatest) }
}

fn string_zone(values: &[SmolStr]) -> Zone {
    let ends = values.iter().min().zip(values.iter().max());
    ends.map_or(Zone::Empty, |(least, greatest)| Zone::Strings(least.clone(), greatest.clone()))
}
