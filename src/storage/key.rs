//! The name of a chunk: a kind and up to four numbers, whose bytes sort as the numbers do.
//!
//! ```text
//! offset  width  meaning
//!      0      1  kind, 1 to 250 (what the numbers mean is the business of the room above)
//!      1    4·n  n numbers (0 to 4), each a big-endian u32, so that the order of bytes is the order of numbers
//! ```

use std::fmt;

/// The greatest number of numbers in a key.
pub const MAXIMUM_PARTS: usize = 4;
/// The greatest kind that the rooms above may use; the kinds beyond it are the store's own.
pub const MAXIMUM_KIND: u8 = 250;
const MAXIMUM_SIZE: usize = 1 + 4 * MAXIMUM_PARTS;

/// Names one chunk of a store.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChunkKey {
    bytes: [u8; MAXIMUM_SIZE],
    size: u8,
}

impl ChunkKey {
    /// Makes the key of a kind and its numbers.
    ///
    /// # Panics
    /// If the kind is 0 or above [`MAXIMUM_KIND`], or there are more than [`MAXIMUM_PARTS`] numbers: kinds and
    /// shapes of keys are constants of the room above, never data.
    pub fn new(kind: u8, parts: &[u32]) -> ChunkKey {
        assert!((1..=MAXIMUM_KIND).contains(&kind), "a chunk's kind is from 1 to {MAXIMUM_KIND}");
        assert!(parts.len() <= MAXIMUM_PARTS, "a chunk's key has at most {MAXIMUM_PARTS} numbers");
        let mut bytes = [0; MAXIMUM_SIZE];
        bytes[0] = kind;
        for (index, part) in parts.iter().enumerate() {
            bytes[1 + 4 * index..5 + 4 * index].copy_from_slice(&part.to_be_bytes());
        }
        ChunkKey { bytes, size: (1 + 4 * parts.len()) as u8 }
    }

    /// Reads a key back from its bytes; none if they are not the bytes of a key.
    pub fn from_bytes(source: &[u8]) -> Option<ChunkKey> {
        let fits = (1..=MAXIMUM_SIZE).contains(&source.len()) && source.len() % 4 == 1;
        if !fits || !(1..=MAXIMUM_KIND).contains(&source[0]) {
            return None;
        }
        let mut bytes = [0; MAXIMUM_SIZE];
        bytes[..source.len()].copy_from_slice(source);
        Some(ChunkKey { bytes, size: source.len() as u8 })
    }

    /// Returns the kind.
    pub fn kind(&self) -> u8 {
        self.bytes[0]
    }

    /// Returns the numbers in order.
    pub fn parts(&self) -> impl Iterator<Item = u32> + '_ {
        self.as_bytes()[1..].chunks_exact(4).map(|part| u32::from_be_bytes([part[0], part[1], part[2], part[3]]))
    }

    /// Returns the number at an index; none beyond the last.
    #[cfg(test)]
    pub fn part(&self, index: usize) -> Option<u32> {
        self.parts().nth(index)
    }

    /// Returns the last number; none if there is no number.
    pub fn last_part(&self) -> Option<u32> {
        let part = self.as_bytes()[1..].last_chunk::<4>()?;
        Some(u32::from_be_bytes(*part))
    }

    /// Returns the key's bytes, as the file holds them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.size)]
    }

    /// Returns whether this key begins with all of another: same kind, same first numbers.
    pub fn starts_with(&self, prefix: &ChunkKey) -> bool {
        self.as_bytes().starts_with(prefix.as_bytes())
    }
}

impl Ord for ChunkKey {
    fn cmp(&self, other: &ChunkKey) -> std::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl PartialOrd for ChunkKey {
    fn partial_cmp(&self, other: &ChunkKey) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for ChunkKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.kind())?;
        for part in self.parts() {
            write!(out, "/{part}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ChunkKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ChunkKey({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_their_numbers() {
        let keys = [
            ChunkKey::new(1, &[]),
            ChunkKey::new(1, &[0]),
            ChunkKey::new(1, &[0, 7]),
            ChunkKey::new(1, &[1]),
            ChunkKey::new(1, &[255, 1]),
            ChunkKey::new(1, &[256]),
            ChunkKey::new(2, &[0, 0, 0, u32::MAX]),
        ];
        let mut sorted = keys;
        sorted.sort();
        assert_eq!(sorted, keys);
        for key in keys {
            assert_eq!(ChunkKey::from_bytes(key.as_bytes()), Some(key));
        }
        assert_eq!(keys[4].to_string(), "1/255/1");
        assert_eq!(keys[4].part(1), Some(1));
        assert!(keys[2].starts_with(&keys[1]) && !keys[3].starts_with(&keys[1]));
    }

    #[test]
    fn other_bytes_are_no_key() {
        for bytes in [&[][..], &[0], &[251], &[1, 2], &[1; 21]] {
            assert_eq!(ChunkKey::from_bytes(bytes), None, "{bytes:?}");
        }
    }
}
