//! The values of one property in one chunk, lent as they lie: for loops that read several properties of the same elements at once.
//!
//! Only what is set on every element and lies in one or two bytes is lent; everything else is gathered, see [`super::gather`].

use std::ops::Range;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::vector::{Column, Dictionary};

use super::id::PropertyKeyId;
use super::packed::{PackedIntegers, PackedValues};
use super::property_column::{KindCounts, PropertyColumn};
use super::select::chunk_runs;
use super::snapshot::Snapshot;

/// The values of a chunk's elements, the element at place 0 first; as many as are set, without a hole.
#[derive(Clone, Copy, Debug)]
pub enum ChunkValues<'a> {
    /// Booleans.
    Booleans(&'a [bool]),
    /// Strings as codes of a dictionary.
    Codes(&'a [u16], &'a Arc<Dictionary>),
    /// Integers as distances from the least.
    Bytes(i64, &'a [u8]),
    /// Integers as distances from the least.
    Shorts(i64, &'a [u16]),
}

impl ChunkValues<'_> {
    /// Returns how many there are.
    pub fn count(&self) -> usize {
        match self {
            ChunkValues::Booleans(values) => values.len(),
            ChunkValues::Codes(values, _) | ChunkValues::Shorts(_, values) => values.len(),
            ChunkValues::Bytes(_, values) => values.len(),
        }
    }
}

impl Snapshot {
    /// Returns the values of a property of the nodes of a chunk, or of its relationships, if they can be lent.
    pub fn chunk_values(&self, key: PropertyKeyId, of_nodes: bool, chunk: usize) -> Option<ChunkValues<'_>> {
        self.property_column(key, of_nodes)?.chunk_values(chunk)
    }

    /// Returns one property of nodes whose slots follow each other, or of relationships.
    pub fn gather_run(&self, key: PropertyKeyId, run: Range<u32>, of_nodes: bool) -> Column {
        match self.property_column(key, of_nodes) {
            Some(column) => column.gather_run(run),
            None => Column::nulls(run.len()),
        }
    }

    /// Returns how many characters each text of a property has, as a column that says null where the property is not set; nothing where not
    /// all its values are texts that lie as such.
    pub fn gather_character_counts(&self, key: PropertyKeyId, slots: &[u32], of_nodes: bool) -> Option<Column> {
        self.property_column(key, of_nodes)?.gather_character_counts(slots)
    }

    /// Says whether all values of a property are integers.
    pub fn holds_only_integers(&self, key: PropertyKeyId, of_nodes: bool) -> bool {
        let counts = self.property_column(key, of_nodes).map(PropertyColumn::counts);
        counts.is_none_or(|counts| counts.integers == counts.total())
    }

    fn property_column(&self, key: PropertyKeyId, of_nodes: bool) -> Option<&PropertyColumn> {
        if of_nodes { self.state.node_columns.get(key) } else { self.state.relationship_columns.get(key) }
    }
}

impl PropertyColumn {
    fn chunk_values(&self, chunk: usize) -> Option<ChunkValues<'_>> {
        let counts = self.counts();
        let packed = self.chunks.get(chunk)?.plain().filter(|packed| packed.present.is_none())?;
        match (&packed.values, self.dictionary()) {
            (PackedValues::Boolean(values), _) if counts.booleans == counts.total() => {
                Some(ChunkValues::Booleans(values))
            }
            (PackedValues::Code(values), Some(dictionary)) if counts.strings == counts.total() => {
                Some(ChunkValues::Codes(values, dictionary))
            }
            (PackedValues::Integer(values), _) if counts.integers == counts.total() => match values {
                PackedIntegers::One(least, values) => Some(ChunkValues::Bytes(*least, values)),
                PackedIntegers::Two(least, values) => Some(ChunkValues::Shorts(*least, values)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the values of slots that follow each other; those of one chunk without holes are copied as a slice.
    fn gather_run(&self, run: Range<u32>) -> Column {
        self.gather_slice(&run).unwrap_or_else(|| self.gather(&run.collect::<Vec<u32>>()))
    }

    fn gather_slice(&self, run: &Range<u32>) -> Option<Column> {
        let mut chunks = chunk_runs(run.clone());
        let ((chunk, places), None) = (chunks.next()?, chunks.next()) else { return None };
        let packed = self.chunks.get(chunk)?.plain().filter(|packed| packed.present.is_none())?;
        if places.end > packed.len() {
            return None;
        }
        let counts = *self.counts();
        let total = counts.total();
        match (&packed.values, counts) {
            (PackedValues::Integer(values), KindCounts { integers, .. }) if integers == total => {
                Some(Column::integers(match values {
                    PackedIntegers::One(least, values) => widened(*least, &values[places]),
                    PackedIntegers::Two(least, values) => widened(*least, &values[places]),
                    PackedIntegers::Four(least, values) => widened(*least, &values[places]),
                    PackedIntegers::Eight(values) => values[places].to_vec(),
                }))
            }
            (PackedValues::Float(values), KindCounts { floats, .. }) if floats == total => {
                Some(Column::floats(values[places].to_vec()))
            }
            (PackedValues::Boolean(values), KindCounts { booleans, .. }) if booleans == total => {
                Some(Column::booleans(values[places].to_vec()))
            }
            (PackedValues::String(values), KindCounts { strings, .. })
                if strings == total && self.dictionary().is_none() =>
            {
                Some(Column::String { values: values.range(places).map(SmolStr::new).collect(), nulls: None })
            }
            (PackedValues::Code(values), KindCounts { strings, .. }) if strings == total => {
                let dictionary = self.dictionary()?.clone();
                let codes = values[places].iter().map(|code| u32::from(*code)).collect();
                Some(Column::Code { codes, dictionary })
            }
            _ => None,
        }
    }
}

/// Returns integers of their distances from the least.
fn widened<T: Copy + Into<i64>>(least: i64, distances: &[T]) -> Vec<i64> {
    distances.iter().map(|distance| least.wrapping_add((*distance).into())).collect()
}
