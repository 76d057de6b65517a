//! Words: numbers of 32 bits, held as they are, or packed as a file keeps them until it is worth unpacking them all.
//!
//! Packed, each is its distance from the least of them in so many bits, the first in the lowest. Who asks for few of many has only those
//! unpacked; once an eighth of them has been asked for, all are, and the packed ones are given up.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Eight bytes are read from where a word begins, and so many stand behind the last.
const PADDING: usize = 8;

/// Words as a file keeps them.
#[derive(Clone, Debug)]
pub(super) struct PackedWords {
    /// The bits, and some bytes of nothing behind them.
    bytes: Vec<u8>,
    least: u32,
    width: usize,
    count: usize,
}

impl PackedWords {
    /// Returns so many words of a width from 1 to 32; none if the bytes are not just those of them.
    pub fn new(least: u32, width: usize, count: usize, bytes: &[u8]) -> Option<PackedWords> {
        if !(1..=32).contains(&width) || count.checked_mul(width)?.div_ceil(8) != bytes.len() {
            return None;
        }
        let mut padded = Vec::with_capacity(bytes.len() + PADDING);
        padded.extend_from_slice(bytes);
        padded.extend_from_slice(&[0; PADDING]);
        Some(PackedWords { bytes: padded, least, width, count })
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Returns the word at a place.
    #[inline]
    pub fn get(&self, place: usize) -> u32 {
        let bit = place * self.width;
        let eight = self.bytes.get(bit / 8..).and_then(|bytes| bytes.first_chunk::<8>()).copied().unwrap_or_default();
        let distance = u64::from_le_bytes(eight) >> (bit % 8) & (u64::MAX >> (64 - self.width));
        self.least.wrapping_add(distance as u32)
    }

    /// Returns all of them.
    pub fn unpack(&self) -> Vec<u32> {
        macro_rules! widths {
            ($($width:literal)*) => {
                match self.width {
                    $($width => self.unpack_width::<$width>(),)*
                    _ => Vec::new(),
                }
            };
        }
        widths!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32)
    }

    /// Unpacks eight at a time: together they take as many bytes as one has bits, so that each begins at a bit known beforehand.
    fn unpack_width<const WIDTH: usize>(&self) -> Vec<u32> {
        let mut words = vec![0; self.count];
        let (eights, rest) = words.as_chunks_mut::<8>();
        let mut at = 0;
        for eight in eights {
            // The widest eight take 32 bytes, and the last of them is read up to eight bytes behind its own.
            let mut block = [0; 40];
            let end = (at + WIDTH + PADDING).min(self.bytes.len());
            match self.bytes.get(at..at + WIDTH + PADDING) {
                Some(bytes) => block[..WIDTH + PADDING].copy_from_slice(bytes),
                None => block[..end - at].copy_from_slice(&self.bytes[at..end]),
            }
            for (place, word) in eight.iter_mut().enumerate() {
                let bit = place * WIDTH;
                let mut bits = 0;
                for byte in 0..8 {
                    bits |= u64::from(block[bit / 8 + byte]) << (8 * byte);
                }
                *word = self.least.wrapping_add((bits >> (bit % 8) & (u64::MAX >> (64 - WIDTH))) as u32);
            }
            at += WIDTH;
        }
        let first = self.count - rest.len();
        rest.iter_mut().enumerate().for_each(|(place, word)| *word = self.get(first + place));
        words
    }
}

/// Words that are held, or packed until then.
#[derive(Debug, Default)]
pub(super) struct Words {
    count: usize,
    held: OnceLock<Arc<[u32]>>,
    /// The same words, until they are held.
    packed: Mutex<Option<PackedWords>>,
    /// How many were asked for while they were packed.
    asked: AtomicUsize,
}

impl From<Arc<[u32]>> for Words {
    fn from(words: Arc<[u32]>) -> Words {
        Words { count: words.len(), held: OnceLock::from(words), ..Words::default() }
    }
}

impl From<PackedWords> for Words {
    fn from(packed: PackedWords) -> Words {
        Words { count: packed.count, packed: Mutex::new(Some(packed)), ..Words::default() }
    }
}

impl Clone for Words {
    fn clone(&self) -> Words {
        Words::from(Arc::clone(self.all()))
    }
}

impl Words {
    /// Returns how many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Says whether they are held as they are.
    #[inline]
    pub fn is_held(&self) -> bool {
        self.held.get().is_some()
    }

    /// Returns all of them, unpacked if they are not yet.
    #[inline]
    pub fn as_slice(&self) -> &[u32] {
        self.all()
    }

    /// Returns all of them to share, unpacked if they are not yet.
    #[inline]
    pub fn all(&self) -> &Arc<[u32]> {
        match self.held.get() {
            Some(words) => words,
            None => self.unpack(),
        }
    }

    #[cold]
    fn unpack(&self) -> &Arc<[u32]> {
        self.held.get_or_init(|| {
            let packed = self.packed().take();
            packed.map(|packed| packed.unpack()).unwrap_or_default().into()
        })
    }

    fn packed(&self) -> MutexGuard<'_, Option<PackedWords>> {
        self.packed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the word at a place.
    pub fn get(&self, place: usize) -> u32 {
        if self.few_are_asked(1)
            && let Some(packed) = &*self.packed()
        {
            return packed.get(place);
        }
        self.as_slice()[place]
    }

    /// Returns the words of a range.
    pub fn range(&self, range: Range<usize>) -> Cow<'_, [u32]> {
        if self.few_are_asked(range.len())
            && let Some(packed) = &*self.packed()
        {
            return range.map(|place| packed.get(place)).collect();
        }
        Cow::Borrowed(&self.as_slice()[range])
    }

    /// Appends the words of a range.
    pub fn extend_range(&self, range: Range<usize>, out: &mut Vec<u32>) {
        if self.few_are_asked(range.len())
            && let Some(packed) = &*self.packed()
        {
            return out.extend(range.map(|place| packed.get(place)));
        }
        out.extend_from_slice(&self.as_slice()[range]);
    }

    /// Counts words asked for, and says whether those are still too few to unpack all.
    fn few_are_asked(&self, count: usize) -> bool {
        !self.is_held() && self.asked.fetch_add(count, Ordering::Relaxed) <= self.count / 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_packed_and_held() {
        for width in 1..=32usize {
            let bits: Vec<u32> = (0..61u32).map(|place| place.wrapping_mul(2_654_435_761) >> (32 - width)).collect();
            let mut bytes = vec![0u8; (61 * width).div_ceil(8)];
            for (place, word) in bits.iter().enumerate() {
                for bit in (0..width).filter(|bit| word >> bit & 1 == 1) {
                    bytes[(place * width + bit) / 8] |= 1 << ((place * width + bit) % 8);
                }
            }
            let wanted: Vec<u32> = bits.iter().map(|word| word.wrapping_add(7)).collect();
            let packed = || PackedWords::new(7, width, 61, &bytes).expect("the bytes are just those");
            assert_eq!(packed().unpack(), wanted, "width {width}");
            let words = Words::from(packed());
            assert_eq!(words.get(60), wanted[60]);
            assert_eq!(*words.range(3..6), wanted[3..6]);
            assert!(!words.is_held(), "four of 61 were asked for");
            let mut out = Vec::new();
            words.extend_range(0..61, &mut out);
            words.extend_range(5..61, &mut out);
            assert!(words.is_held() && out[..61] == wanted && out[61..] == wanted[5..]);
            assert_eq!((words.get(60), &*words.range(3..6)), (wanted[60], &wanted[3..6]));
            assert!(PackedWords::new(7, width, 61, &bytes[1..]).is_none());
        }
        assert!(PackedWords::new(0, 33, 8, &[0; 33]).is_none() && PackedWords::new(0, 0, 8, &[]).is_none());
    }
}
