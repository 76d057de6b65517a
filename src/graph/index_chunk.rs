//! One chunk of an index's base: values in order with the slots that have them, side by side and searched as they lie.

use crate::value::Value;

use super::index_entries::Entry;
use super::packed::{Packed, PackedValues};

/// Entries in order.
#[derive(Clone, Debug, Default)]
pub(super) struct IndexChunk {
    values: PackedValues,
    slots: Vec<u32>,
}

impl IndexChunk {
    /// Returns a chunk of entries that are in order.
    pub fn of(entries: Vec<Entry>) -> IndexChunk {
        let slots = entries.iter().map(|entry| entry.slot).collect();
        let values = entries.into_iter().map(|entry| entry.value).collect();
        IndexChunk { values: Packed::pack(values, None).values, slots }
    }

    /// Returns a chunk of values and their slots; none if they are not entries in order.
    pub fn of_columns(values: PackedValues, slots: Vec<u32>) -> Option<IndexChunk> {
        // Codes mean something to a dictionary only, which an index does not have.
        if values.len() != slots.len() || slots.is_empty() || matches!(values, PackedValues::Code(_)) {
            return None;
        }
        let chunk = IndexChunk { values, slots };
        chunk.is_sorted().then_some(chunk)
    }

    /// Returns the values.
    pub fn values(&self) -> &PackedValues {
        &self.values
    }

    /// Returns the slots.
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns an entry, if there are so many.
    #[inline]
    pub fn get(&self, place: usize) -> Option<Entry> {
        let slot = *self.slots.get(place)?;
        Some(Entry { value: self.values.value(place, None), slot })
    }

    /// Returns how many entries come first that are `before`.
    pub fn partition_point(&self, before: impl Fn(&Entry) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(|entry| before(&entry)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn is_sorted(&self) -> bool {
        match &self.values {
            PackedValues::Integer(values) => {
                (0..values.len()).map(|place| values.get(place)).zip(&self.slots).is_sorted()
            }
            PackedValues::String(values) => values.range(0..values.len()).zip(&self.slots).is_sorted(),
            PackedValues::Mixed(values) if values.iter().any(Value::is_null) => false,
            _ => (0..self.len()).map(|place| self.get(place)).is_sorted(),
        }
    }
}
