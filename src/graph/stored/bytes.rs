//! Writing and reading numbers, texts and lists; all numbers little-endian, counts and small numbers as variable-length integers.
//!
//! ```text
//!   number      seven bits a byte, lowest first, the high bit set on all but the last
//!   text        its length as a number, then UTF-8
//!   list        its length as a number, then the items
//!   words       u32 each: their count, the least of them, the bits of a distance, then the distances from the least, lowest bit first
//! ```

use smol_str::SmolStr;
use thiserror::Error;

use super::super::words::PackedWords;

/// Bytes that are not what this program writes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct DecodeError(pub String);

/// Returns an error that names what was read.
pub(super) fn damaged(what: &str) -> DecodeError {
    DecodeError(format!("{what} is damaged"))
}

/// Collects bytes.
#[derive(Debug, Default)]
pub(super) struct Encoder(pub Vec<u8>);

impl Encoder {
    /// Appends one byte.
    pub fn byte(&mut self, value: u8) {
        self.0.push(value);
    }

    /// Appends a number.
    pub fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// Appends a number that may be negative, small ones in few bytes.
    pub fn signed(&mut self, value: i64) {
        self.number((value << 1 ^ value >> 63) as u64);
    }

    /// Appends a text.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Appends bytes after their count.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// Appends words after their count, each in as many bits as the greatest distance from the least needs.
    pub fn words(&mut self, words: &[u32]) {
        self.number(words.len() as u64);
        let least = words.iter().copied().min().unwrap_or(0);
        let range = words.iter().map(|word| word - least).max().unwrap_or(0);
        let width = (32 - range.leading_zeros()).max(1);
        self.number(least.into());
        self.byte(width as u8);
        self.0.reserve((words.len() * width as usize).div_ceil(8) + 8);
        let (mut bits, mut count) = (0u64, 0);
        for word in words {
            bits |= u64::from(word - least) << count;
            count += width;
            if count >= 32 {
                self.0.extend_from_slice(&(bits as u32).to_le_bytes());
                (bits, count) = (bits >> 32, count - 32);
            }
        }
        self.0.extend_from_slice(&bits.to_le_bytes()[..(count as usize).div_ceil(8)]);
    }

    /// Appends eight-byte words after their count.
    pub fn long_words(&mut self, words: impl ExactSizeIterator<Item = u64>) {
        self.number(words.len() as u64);
        words.for_each(|word| self.0.extend_from_slice(&word.to_le_bytes()));
    }

    /// Appends a list.
    pub fn list<T>(&mut self, items: impl ExactSizeIterator<Item = T>, mut item: impl FnMut(&mut Encoder, T)) {
        self.number(items.len() as u64);
        items.for_each(|one| item(self, one));
    }
}

/// Reads bytes from the front.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decoder<'a>(pub &'a [u8]);

impl<'a> Decoder<'a> {
    /// Says whether all has been read.
    pub fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// Asserts that all has been read.
    pub fn end(&self, what: &str) -> Result<(), DecodeError> {
        if self.is_at_end() { Ok(()) } else { Err(damaged(what)) }
    }

    /// Reads `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(|| DecodeError("bytes end too early".into()))?;
        self.0 = rest;
        Ok(taken)
    }

    /// Reads one byte.
    pub fn byte(&mut self) -> Result<u8, DecodeError> {
        Ok(self.take(1)?[0])
    }

    /// Reads a number.
    pub fn number(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(damaged("a number"))
    }

    /// Reads a number that may be negative.
    pub fn signed(&mut self) -> Result<i64, DecodeError> {
        let value = self.number()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// Reads a number of 32 bits.
    pub fn word(&mut self) -> Result<u32, DecodeError> {
        u32::try_from(self.number()?).map_err(|_| damaged("a number"))
    }

    /// Reads a number of 16 bits.
    pub fn short(&mut self) -> Result<u16, DecodeError> {
        u16::try_from(self.number()?).map_err(|_| damaged("a number"))
    }

    /// Reads the count of what follows, each thing at least one byte.
    pub fn count(&mut self) -> Result<usize, DecodeError> {
        let count = usize::try_from(self.number()?).map_err(|_| damaged("a count"))?;
        if count > self.0.len() { Err(damaged("a count")) } else { Ok(count) }
    }

    /// Reads a text.
    pub fn text(&mut self) -> Result<&'a str, DecodeError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| damaged("a text"))
    }

    /// Reads a text as values keep it.
    pub fn string(&mut self) -> Result<SmolStr, DecodeError> {
        self.text().map(SmolStr::new)
    }

    /// Reads bytes after their count.
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let count = self.count()?;
        self.take(count)
    }

    /// Reads words after their count.
    pub fn words(&mut self) -> Result<Vec<u32>, DecodeError> {
        Ok(self.packed_words()?.unpack())
    }

    /// Reads words after their count, and leaves them packed.
    pub fn packed_words(&mut self) -> Result<PackedWords, DecodeError> {
        let wrong = || damaged("a count");
        let count = usize::try_from(self.number()?).map_err(|_| wrong())?;
        let (least, width) = (self.word()?, usize::from(self.byte()?));
        let bits = count.checked_mul(width).filter(|_| width > 0).ok_or_else(wrong)?;
        let bytes = self.take(bits.div_ceil(8))?;
        PackedWords::new(least, width, count, bytes).ok_or_else(wrong)
    }

    /// Reads eight-byte words after their count.
    pub fn long_words(&mut self) -> Result<Vec<u64>, DecodeError> {
        let count = self.count()?;
        let bytes = self.take(count.checked_mul(8).ok_or_else(|| damaged("a count"))?)?;
        Ok(bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }

    /// Reads a list.
    pub fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Decoder<'a>) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let count = self.count()?;
        (0..count).map(|_| item(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_come_back_in_every_width(
            words in proptest::collection::vec(any::<u32>(), 0..200), shift in 0u32..32, least in any::<u32>(),
        ) {
            let words: Vec<u32> = words.iter().map(|word| (word >> shift).saturating_add(least)).collect();
            let mut to = Encoder::default();
            to.words(&words);
            to.byte(7);
            let mut from = Decoder(&to.0);
            prop_assert_eq!(from.words(), Ok(words));
            prop_assert_eq!(from.byte(), Ok(7));
            for size in 0..to.0.len() {
                let _ = Decoder(&to.0[..size]).words();
            }
        }
    }
}
