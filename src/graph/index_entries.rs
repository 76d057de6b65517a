//! The entries of an index: a sorted run cut into chunks, and a delta above it.
//!
//! ```text
//!   delta    added: (7, slot 12)   removed: (3, slot 4)            the writer changes this
//!   base     [1 2 3] [3 4 5] [8 9 9] …   fences 1 3 8 …           shared, stored chunk by chunk, read when touched
//! ```
//! A delta beyond a share of its base is folded in. The fences, each the first entry of its chunk, say which chunk to read.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::value::Value;
use crate::value::order::order;

use super::chunk_list::ChunkList;
use super::index_chunk::IndexChunk;
use super::ordered_set::{Iter, OrderedSet};

/// Entries of one chunk: few, since most are read for one value.
const CHUNK: usize = 512;
/// A delta up to this size is never folded.
const LEAST_DELTA: usize = 4096;
/// Beyond this share of the base a delta is folded.
const SHARE: usize = 32;

/// A value, and a slot that has it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The value.
    pub value: Value,
    /// The slot.
    pub slot: u32,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        order(&self.value, &other.value).then(self.slot.cmp(&other.slot))
    }
}

/// Entries in order.
#[derive(Clone, Debug, Default)]
pub(super) struct IndexEntries {
    /// The base.
    pub base: ChunkList<IndexChunk>,
    /// The first entry of each chunk.
    pub fences: Arc<Vec<Entry>>,
    /// How many entries the base has.
    pub base_len: usize,
    /// The delta: one chunk, or none.
    pub delta: ChunkList<IndexDelta>,
}

/// What was added to a base and taken from it.
#[derive(Clone, Debug, Default)]
pub(super) struct IndexDelta {
    /// Entries that the base does not have.
    pub added: OrderedSet<Entry>,
    /// Entries that the base has and that are gone.
    pub removed: OrderedSet<Entry>,
}

impl IndexEntries {
    /// Returns entries that are in order, each once.
    pub fn from_sorted(entries: Vec<Entry>) -> IndexEntries {
        let base_len = entries.len();
        let (mut base, mut fences) = (ChunkList::default(), Vec::new());
        let mut rest = entries.into_iter();
        loop {
            let chunk: Vec<Entry> = rest.by_ref().take(CHUNK).collect();
            let Some(first) = chunk.first() else { break };
            fences.push(first.clone());
            base.set(fences.len() - 1, Some(IndexChunk::of(chunk)));
        }
        IndexEntries { base, fences: Arc::new(fences), base_len, delta: ChunkList::default() }
    }

    /// Adds an entry that is not there.
    pub fn insert(&mut self, entry: Entry) {
        let delta = self.delta.make_mut(0);
        if !delta.removed.remove(&entry) {
            delta.added.insert(entry);
        }
        self.fold_if_large();
    }

    /// Takes an entry out that is there.
    pub fn remove(&mut self, entry: &Entry) {
        let delta = self.delta.make_mut(0);
        if !delta.added.remove(entry) {
            delta.removed.insert(entry.clone());
        }
        self.fold_if_large();
    }

    fn fold_if_large(&mut self) {
        let size = self.delta.get(0).map_or(0, |delta| delta.added.len() + delta.removed.len());
        if size > LEAST_DELTA.max(self.base_len / SHARE) {
            let entries = self.iter_from(|_| false).collect();
            *self = IndexEntries::from_sorted(entries);
        }
    }

    /// Returns the entries in order, from the first that is not `before`.
    ///
    /// `before` holds for a first part of all entries and for none after it.
    pub fn iter_from(&self, before: impl Fn(&Entry) -> bool) -> Merged<'_> {
        let chunk = self.fences.partition_point(&before).saturating_sub(1);
        let current = self.base.get(chunk);
        let place = current.map_or(0, |current| current.partition_point(&before));
        let base = BaseIter { list: &self.base, next: chunk + 1, current, place };
        let delta = self.delta.get(0);
        let added = delta.map(|delta| delta.added.iter_from(&before));
        let removed = delta.map(|delta| delta.removed.iter_from(&before));
        let mut merged = Merged { base, added, removed, next_base: None, next_added: None, next_removed: None };
        merged.next_added = merged.added.as_mut().and_then(Iterator::next);
        merged.next_removed = merged.removed.as_mut().and_then(Iterator::next);
        merged.step_base();
        merged
    }
}

/// The entries of a base, chunk by chunk.
struct BaseIter<'a> {
    list: &'a ChunkList<IndexChunk>,
    next: usize,
    current: Option<&'a IndexChunk>,
    place: usize,
}

impl Iterator for BaseIter<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            if let Some(entry) = self.current.and_then(|current| current.get(self.place)) {
                self.place += 1;
                return Some(entry);
            }
            if self.next >= self.list.len() {
                return None;
            }
            (self.current, self.place) = (self.list.get(self.next), 0);
            self.next += 1;
        }
    }
}

/// The entries of base and delta in order.
pub(super) struct Merged<'a> {
    base: BaseIter<'a>,
    added: Option<Iter<'a, Entry>>,
    removed: Option<Iter<'a, Entry>>,
    next_base: Option<Entry>,
    next_added: Option<&'a Entry>,
    next_removed: Option<&'a Entry>,
}

impl Merged<'_> {
    /// Goes to the next entry of the base that was not removed.
    fn step_base(&mut self) {
        loop {
            self.next_base = self.base.next();
            // What is not in the base waits for nothing.
            self.skip_removed_before();
            if self.next_removed.is_none() || self.next_removed != self.next_base.as_ref() {
                return;
            }
            self.next_removed = self.removed.as_mut().and_then(Iterator::next);
        }
    }

    fn skip_removed_before(&mut self) {
        while let (Some(entry), Some(removed)) = (&self.next_base, self.next_removed)
            && removed < entry
        {
            self.next_removed = self.removed.as_mut().and_then(Iterator::next);
        }
    }
}

impl Iterator for Merged<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let from_base = match (&self.next_base, self.next_added) {
            (Some(base), Some(added)) => base < added,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if from_base {
            let entry = self.next_base.take();
            self.step_base();
            return entry;
        }
        let entry = self.next_added.cloned();
        self.next_added = self.added.as_mut().and_then(Iterator::next);
        entry
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn entry((value, slot): (i64, u32)) -> Entry {
        Entry { value: Value::Integer(value), slot }
    }

    proptest! {
        #[test]
        fn base_and_delta_hold_what_a_plain_set_holds(
            loaded in proptest::collection::btree_set((0i64..300, 0u32..60), 0..6000),
            steps in proptest::collection::vec(((0i64..300, 0u32..60), any::<bool>()), 0..9000),
            from in 0i64..300,
        ) {
            let mut plain: BTreeSet<(i64, u32)> = loaded.clone();
            let mut entries = IndexEntries::from_sorted(loaded.into_iter().map(entry).collect());
            for (pair, add) in steps {
                if add && plain.insert(pair) {
                    entries.insert(entry(pair));
                } else if !add && plain.remove(&pair) {
                    entries.remove(&entry(pair));
                }
            }
            let read = |entry: Entry| (if let Value::Integer(value) = entry.value { value } else { -1 }, entry.slot);
            let all: Vec<(i64, u32)> = entries.iter_from(|_| false).map(read).collect();
            prop_assert!(all.iter().eq(plain.iter()));
            let before = Value::Integer(from);
            let rest = entries.iter_from(|entry| order(&entry.value, &before) == Ordering::Less).map(read);
            prop_assert!(rest.eq(plain.range((from, 0)..).copied()));
        }
    }
}
