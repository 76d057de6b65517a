//! The column of one property over all nodes or all relationships: its chunks, its dictionary and the count of values of each kind.
//!
//! As long as a property has few distinct strings over the whole graph they are kept as codes of one dictionary, so that grouping and
//! joins compare integers. Once there are too many the column gives its dictionary up and keeps the strings themselves.

use std::sync::{Arc, RwLock};

use crate::value::Value;
use crate::vector::Dictionary;

use super::chunk_list::{ChunkList, Found};
use super::estimate::Estimate;
use super::packed::PackedValues;
use super::property_chunk::PropertyChunk;
use super::slots::{chunk_of, first_slot, place_of};
use super::zone::Zone;

/// A dictionary of at most this many strings is kept whatever the number of values.
const SMALL_DICTIONARY: usize = 1024;
/// No dictionary grows beyond this, so that codes fit 16 bits.
const LARGEST_DICTIONARY: usize = 16_384;
/// A dictionary beyond the small size is kept if each of its strings stands for this many values on average.
const VALUES_PER_STRING: u64 = 16;

/// One property's values.
#[derive(Clone, Debug)]
pub(super) struct PropertyColumn {
    pub(super) chunks: ChunkList<PropertyChunk>,
    pub(super) dictionary: Option<Arc<Dictionary>>,
    pub(super) counts: KindCounts,
    pub(super) estimate: Arc<RwLock<Option<Estimate>>>,
}

impl Default for PropertyColumn {
    fn default() -> Self {
        PropertyColumn {
            chunks: ChunkList::default(),
            dictionary: Some(Arc::default()),
            counts: KindCounts::default(),
            estimate: Arc::default(),
        }
    }
}

/// How many values of each kind a column has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct KindCounts {
    /// Booleans.
    pub booleans: u64,
    /// Integers.
    pub integers: u64,
    /// Floats.
    pub floats: u64,
    /// Strings.
    pub strings: u64,
    /// All others.
    pub others: u64,
}

impl KindCounts {
    /// Returns the number of values.
    pub fn total(&self) -> u64 {
        self.booleans + self.integers + self.floats + self.strings + self.others
    }

    fn of(&mut self, value: &Value) -> Option<&mut u64> {
        match value {
            Value::Null => None,
            Value::Boolean(_) => Some(&mut self.booleans),
            Value::Integer(_) => Some(&mut self.integers),
            Value::Float(_) => Some(&mut self.floats),
            Value::String(_) => Some(&mut self.strings),
            _ => Some(&mut self.others),
        }
    }

    /// Counts a value in.
    pub fn add(&mut self, value: &Value) {
        if let Some(count) = self.of(value) {
            *count += 1;
        }
    }

    /// Counts a value out.
    pub fn subtract(&mut self, value: &Value) {
        if let Some(count) = self.of(value) {
            *count -= 1;
        }
    }
}

impl PropertyColumn {
    /// Returns how many values of each kind there are.
    pub fn counts(&self) -> &KindCounts {
        &self.counts
    }

    /// Returns the dictionary, if the column has one.
    pub fn dictionary(&self) -> Option<&Arc<Dictionary>> {
        self.dictionary.as_ref()
    }

    /// Returns the value of a slot; null if it is not set.
    #[inline]
    pub fn value(&self, slot: u32) -> Value {
        match self.chunks.get_or_peek(chunk_of(slot), place_of(slot)) {
            Some(Found::Chunk(chunk)) => chunk.value(place_of(slot), self.dictionary.as_deref()),
            Some(Found::Value(value)) => value,
            None => Value::Null,
        }
    }

    /// Says whether a slot is set.
    #[inline]
    pub fn contains(&self, slot: u32) -> bool {
        self.chunks.get(chunk_of(slot)).is_some_and(|chunk| chunk.contains(place_of(slot)))
    }

    /// Returns all slots that are set with their values, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (u32, Value)> + '_ {
        let dictionary = self.dictionary.as_deref();
        self.chunks.iter().flat_map(move |(place, chunk)| {
            let values = chunk.values(dictionary).into_iter().enumerate();
            values
                .filter(|(_, value)| !value.is_null())
                .map(move |(inner, value)| (first_slot(place) + inner as u32, value))
        })
    }

    /// Returns the least and greatest value of a chunk.
    pub fn zone(&self, chunk: usize) -> &Zone {
        static EMPTY: Zone = Zone::Empty;
        self.chunks.get(chunk).map_or(&EMPTY, |chunk| chunk.zone(self.dictionary.as_deref()))
    }

    /// Sets the value of a slot and returns the one before; null takes it away.
    pub fn set(&mut self, slot: u32, value: Value) -> Value {
        let before = self.value(slot);
        if before.is_null() && value.is_null() {
            return before;
        }
        self.counts.subtract(&before);
        self.counts.add(&value);
        if let Value::String(text) = &value
            && let Some(dictionary) = &mut self.dictionary
            && dictionary.code(text).is_none()
        {
            Arc::make_mut(dictionary).intern(text);
            let distinct = dictionary.len();
            self.judge_dictionary(distinct);
        }
        let dictionary = self.dictionary.as_deref();
        self.chunks.make_mut(chunk_of(slot)).set(place_of(slot), value, dictionary);
        before
    }

    /// Takes away the values of slots of one chunk, given in order.
    pub fn take_all(&mut self, slots: &[u32]) {
        let Some(chunk) = slots.first().map(|slot| chunk_of(*slot)) else { return };
        let dictionary = self.dictionary.as_deref();
        let Some(mut values) = self.chunks.get(chunk).map(|chunk| chunk.values(dictionary)) else { return };
        for slot in slots {
            if let Some(value) = values.get_mut(place_of(*slot)) {
                self.counts.subtract(&std::mem::take(value));
            }
        }
        while values.last().is_some_and(Value::is_null) {
            values.pop();
        }
        self.chunks.set(chunk, (!values.is_empty()).then(|| PropertyChunk::new(values, dictionary)));
    }

    /// Puts a loaded chunk into a place where none was; its strings are in the dictionary if the column has one.
    pub fn put_chunk(&mut self, place: usize, chunk: PropertyChunk, counts: &KindCounts) {
        self.chunks.set(place, Some(chunk));
        self.counts.booleans += counts.booleans;
        self.counts.integers += counts.integers;
        self.counts.floats += counts.floats;
        self.counts.strings += counts.strings;
        self.counts.others += counts.others;
    }

    /// Gives strings codes and returns the dictionary, unless they are too many for one.
    pub fn intern_all<'a>(
        &mut self,
        strings: impl Iterator<Item = &'a smol_str::SmolStr>,
        total: u64,
    ) -> Option<&Arc<Dictionary>> {
        if let Some(dictionary) = &mut self.dictionary {
            let dictionary = Arc::make_mut(dictionary);
            for text in strings {
                dictionary.intern(text);
                if !worth_it(dictionary.len(), total) {
                    break;
                }
            }
            let distinct = dictionary.len();
            if !worth_it(distinct, total) {
                self.give_dictionary_up();
            }
        }
        self.dictionary.as_ref()
    }

    fn judge_dictionary(&mut self, distinct: usize) {
        if !worth_it(distinct, self.counts.strings) {
            self.give_dictionary_up();
        }
    }

    fn give_dictionary_up(&mut self) {
        let Some(dictionary) = self.dictionary.take() else {
            return;
        };
        let coded: Vec<(usize, Vec<Value>)> = self
            .chunks
            .iter()
            .filter(|(_, chunk)| matches!(chunk.packed().values, PackedValues::Code(_)))
            .map(|(place, chunk)| (place, chunk.values(Some(&dictionary))))
            .collect();
        for (place, values) in coded {
            self.chunks.set(place, Some(PropertyChunk::new(values, None)));
        }
    }
}

fn worth_it(distinct: usize, values: u64) -> bool {
    distinct <= SMALL_DICTIONARY || (distinct <= LARGEST_DICTIONARY && distinct as u64 * VALUES_PER_STRING <= values)
}
