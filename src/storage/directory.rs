//! The list of all chunks of one checkpoint: what must be there, how long it is, and its checksum.
//!
//! It is what makes "no such chunk" a certain answer. A damaged page of the store crate can hide a chunk or bring back
//! an old one with a correct checksum of its own; the directory knows better, and the read is refused.
//!
//! The payload of the frame with kind 255:
//!
//! ```text
//! offset  width  meaning
//!      0      8  number of the checkpoint
//!      8      4  length of the catalogue's payload in bytes (this and the next are 0 in checkpoint 0, which has none)
//!     12      4  checksum in the catalogue's frame
//!     16      8  number of chunks
//!     24      …  one entry a chunk, in the order of keys:
//!                1  bytes of the key shared with the key before
//!                1  s, bytes of the key that follow
//!                s  the rest of the key
//!                4  length of the chunk's payload in bytes
//!                4  checksum in the chunk's frame
//! ```

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::storage::frame::{frame_checksum, read_u32, read_u64};
use crate::storage::key::ChunkKey;

/// What the directory knows of one chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The length of the payload in bytes.
    pub length: u32,
    /// The checksum in the chunk's frame.
    pub checksum: u32,
}

impl Entry {
    /// Returns what the directory keeps of a payload, whose size has been checked.
    pub fn of(kind: u8, key: &[u8], payload: &[u8]) -> Entry {
        Entry { length: payload.len() as u32, checksum: frame_checksum(kind, key, payload) }
    }

    /// Returns what the directory keeps of a frame that has just been made, with a key of this size.
    pub fn of_framed(key_size: usize, framed: &[u8]) -> Entry {
        Entry { length: read_u32(framed, 2 + key_size), checksum: read_u32(framed, 6 + key_size) }
    }
}

/// Entries in the order of their keys, side by side: tens of thousands of them are read at every opening.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChunkTable {
    keys: Vec<ChunkKey>,
    entries: Vec<Entry>,
}

/// What a checkpoint does to chunks: an entry that is put, or none where the chunk goes.
pub type ChunkChanges = BTreeMap<ChunkKey, Option<Entry>>;

impl ChunkTable {
    /// Returns the number of chunks.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns what is known of a chunk.
    pub fn get(&self, key: &ChunkKey) -> Option<&Entry> {
        self.keys.binary_search(key).ok().map(|place| &self.entries[place])
    }

    /// Says whether there is such a chunk.
    pub fn contains_key(&self, key: &ChunkKey) -> bool {
        self.keys.binary_search(key).is_ok()
    }

    /// Returns the keys in order.
    pub fn keys(&self) -> &[ChunkKey] {
        &self.keys
    }

    /// Returns keys and entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&ChunkKey, &Entry)> {
        self.keys.iter().zip(&self.entries)
    }

    /// Adds an entry behind all others.
    fn push(&mut self, key: ChunkKey, entry: Entry) {
        self.keys.push(key);
        self.entries.push(entry);
    }

    /// Brings in what a checkpoint changes.
    pub fn apply(&mut self, changes: ChunkChanges) {
        let old = std::mem::take(self);
        let mut old = old.keys.into_iter().zip(old.entries).peekable();
        for (key, entry) in changes {
            while let Some((before, kept)) = old.next_if(|(before, _)| *before < key) {
                self.push(before, kept);
            }
            old.next_if(|(same, _)| same.cmp(&key) == Ordering::Equal);
            if let Some(entry) = entry {
                self.push(key, entry);
            }
        }
        old.for_each(|(key, entry)| self.push(key, entry));
    }
}

/// The chunks of one checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Directory {
    /// The number of the checkpoint.
    pub checkpoint: u64,
    /// The catalogue's length and checksum.
    pub catalogue: Option<Entry>,
    /// The chunks in the order of their keys.
    pub chunks: ChunkTable,
}

impl Directory {
    /// Returns the keys that begin with a prefix, in order.
    pub fn under(&self, prefix: ChunkKey) -> &[ChunkKey] {
        let keys = self.chunks.keys();
        let from = keys.partition_point(|key| *key < prefix);
        let count = keys[from..].partition_point(|key| key.starts_with(&prefix));
        &keys[from..from + count]
    }

    /// Returns the payload of the directory's frame.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(24 + 16 * self.chunks.len());
        let catalogue = self.catalogue.unwrap_or(Entry { length: 0, checksum: 0 });
        bytes.extend_from_slice(&self.checkpoint.to_le_bytes());
        bytes.extend_from_slice(&catalogue.length.to_le_bytes());
        bytes.extend_from_slice(&catalogue.checksum.to_le_bytes());
        bytes.extend_from_slice(&(self.chunks.len() as u64).to_le_bytes());
        let mut before: &[u8] = &[];
        for (key, entry) in self.chunks.iter() {
            let key = key.as_bytes();
            let shared = before.iter().zip(key).take_while(|(left, right)| left == right).count();
            bytes.push(shared as u8);
            bytes.push((key.len() - shared) as u8);
            bytes.extend_from_slice(&key[shared..]);
            bytes.extend_from_slice(&entry.length.to_le_bytes());
            bytes.extend_from_slice(&entry.checksum.to_le_bytes());
            before = key;
        }
        bytes
    }

    /// Reads a directory.
    ///
    /// # Errors
    /// In words, if the bytes are not a directory; their checksum has been verified, so this is a fault of the writer.
    pub fn decode(bytes: &[u8]) -> Result<Directory, String> {
        let broken = || "the directory of chunks is malformed".to_string();
        if bytes.len() < 24 {
            return Err(broken());
        }
        let checkpoint = read_u64(bytes, 0);
        let catalogue = Entry { length: read_u32(bytes, 8), checksum: read_u32(bytes, 12) };
        let mut directory =
            Directory { checkpoint, catalogue: (checkpoint > 0).then_some(catalogue), chunks: ChunkTable::default() };
        let count = read_u64(bytes, 16);
        let mut rest = &bytes[24..];
        let mut key = Vec::new();
        for _ in 0..count {
            let [shared, suffix_size, tail @ ..] = rest else { return Err(broken()) };
            let (shared, suffix_size) = (usize::from(*shared), usize::from(*suffix_size));
            if shared > key.len() || tail.len() < suffix_size + 8 {
                return Err(broken());
            }
            key.truncate(shared);
            key.extend_from_slice(&tail[..suffix_size]);
            let entry = Entry { length: read_u32(tail, suffix_size), checksum: read_u32(tail, suffix_size + 4) };
            let chunk_key = ChunkKey::from_bytes(&key).ok_or_else(broken)?;
            if directory.chunks.keys.last().is_some_and(|last| *last >= chunk_key) {
                return Err(broken());
            }
            directory.chunks.push(chunk_key, entry);
            rest = &tail[suffix_size + 8..];
        }
        if rest.is_empty() { Ok(directory) } else { Err(broken()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Directory {
        let keys =
            [ChunkKey::new(1, &[]), ChunkKey::new(1, &[0, 1]), ChunkKey::new(1, &[0, 2]), ChunkKey::new(9, &[1])];
        let entry = |index: usize| Entry { length: 100 + index as u32, checksum: 7 * index as u32 };
        let mut chunks = ChunkTable::default();
        chunks.apply(keys.into_iter().enumerate().map(|(index, key)| (key, Some(entry(index)))).collect());
        Directory { checkpoint: 12, catalogue: Some(Entry { length: 5, checksum: 6 }), chunks }
    }

    #[test]
    fn a_directory_is_read_back() {
        let directory = sample();
        let bytes = directory.encode();
        assert_eq!(Directory::decode(&bytes), Ok(directory));
        for size in 0..bytes.len() {
            assert!(Directory::decode(&bytes[..size]).is_err(), "{size} bytes");
        }
    }

    #[test]
    fn a_prefix_selects_a_range() {
        let directory = sample();
        let keys = |prefix| directory.under(prefix).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(keys(ChunkKey::new(1, &[])), ["1", "1/0/1", "1/0/2"]);
        assert_eq!(keys(ChunkKey::new(1, &[0, 2])), ["1/0/2"]);
        assert!(keys(ChunkKey::new(2, &[])).is_empty());
    }

    #[test]
    fn changes_are_merged_in_order() {
        let mut chunks = sample().chunks;
        let entry = |length| Entry { length, checksum: 0 };
        let (first, gone, stranger, last) =
            (ChunkKey::new(1, &[]), ChunkKey::new(1, &[0, 1]), ChunkKey::new(3, &[1]), ChunkKey::new(9, &[2]));
        let changes = [
            (first, Some(entry(1))),
            (gone, None),
            (ChunkKey::new(2, &[]), Some(entry(2))),
            (stranger, None),
            (last, Some(entry(3))),
        ];
        chunks.apply(changes.into_iter().collect());
        let keys: Vec<String> = chunks.keys().iter().map(ToString::to_string).collect();
        assert_eq!(keys, ["1", "1/0/2", "2", "9/1", "9/2"]);
        let lengths = [first, gone, stranger, last].map(|key| chunks.get(&key).map(|entry| entry.length));
        assert_eq!(lengths, [Some(1), None, None, Some(3)]);
    }
}
