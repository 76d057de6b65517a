//! Bitmaps: sets of small integers as words of 64 bits; used for nulls, live slots and frontiers.

use std::ops::Range;

/// A set of indexes below a fixed length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    words: Vec<u64>,
    len: usize,
}

impl Bitmap {
    /// Returns the empty set over `0..len`.
    pub fn new(len: usize) -> Self {
        Bitmap { words: vec![0; len.div_ceil(64)], len }
    }

    /// Returns the full set over `0..len`.
    pub fn full(len: usize) -> Self {
        let mut bitmap = Bitmap { words: vec![u64::MAX; len.div_ceil(64)], len };
        bitmap.clear_tail();
        bitmap
    }

    /// Returns the length: one more than the greatest index that fits.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Says whether the length is zero.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Says whether `index` is in the set; false beyond the length.
    #[inline]
    pub fn contains(&self, index: usize) -> bool {
        index < self.len && self.words[index / 64] >> (index % 64) & 1 == 1
    }

    /// Puts `index` into the set and says whether it was new.
    ///
    /// # Panics
    /// If `index` is not below the length.
    #[inline]
    pub fn insert(&mut self, index: usize) -> bool {
        assert!(index < self.len, "a bitmap's index lies below its length");
        let word = &mut self.words[index / 64];
        let bit = 1 << (index % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Puts a range of indexes into the set.
    ///
    /// # Panics
    /// If they do not lie below the length.
    pub fn insert_run(&mut self, run: Range<usize>) {
        assert!(run.end <= self.len, "a bitmap's index lies below its length");
        let mut next = run.start;
        while next < run.end {
            let end = run.end.min((next / 64 + 1) * 64);
            self.words[next / 64] |= (u64::MAX >> (64 - (end - next))) << (next % 64);
            next = end;
        }
    }

    /// Puts the indexes from `start` on into the set whose marks are 1; the others have 0.
    ///
    /// # Panics
    /// If they do not lie below the length.
    pub fn insert_marked(&mut self, start: usize, marks: &[u8]) {
        assert!(start + marks.len() <= self.len, "a bitmap's index lies below its length");
        if !start.is_multiple_of(64) {
            let marked = marks.iter().enumerate().filter(|(_, mark)| **mark == 1);
            marked.for_each(|(place, _)| self.words[(start + place) / 64] |= 1 << ((start + place) % 64));
            return;
        }
        for (word, marks) in self.words[start / 64..].iter_mut().zip(marks.chunks(64)) {
            for (place, eight) in marks.chunks(8).enumerate() {
                let mut bytes = [0; 8];
                bytes[..eight.len()].copy_from_slice(eight);
                // The lowest bits of eight bytes come together in the highest byte of the product.
                let packed = u64::from_le_bytes(bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56;
                *word |= packed << (place * 8);
            }
        }
    }

    /// Returns the words, 64 indexes each.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Returns how many indexes are in the set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Takes `index` out of the set.
    #[inline]
    pub fn remove(&mut self, index: usize) {
        if index < self.len {
            self.words[index / 64] &= !(1 << (index % 64));
        }
    }

    /// Returns how many of the indexes listed are in the set.
    #[inline]
    pub fn count_of(&self, listed: &[u32]) -> usize {
        let bit = |index: &u32| self.words.get(*index as usize / 64).map_or(0, |word| word >> (index % 64) & 1);
        listed.iter().map(bit).sum::<u64>() as usize
    }

    /// Takes all indexes out, keeping the length.
    pub fn clear(&mut self) {
        self.words.fill(0);
    }

    /// Changes the length; new indexes are not in the set.
    pub fn resize(&mut self, len: usize) {
        self.words.resize(len.div_ceil(64), 0);
        self.len = len;
        self.clear_tail();
    }

    /// Appends one index, in the set or not.
    pub fn push(&mut self, value: bool) {
        self.resize(self.len + 1);
        if value {
            self.insert(self.len - 1);
        }
    }

    /// Adds all indexes of `other`, which has the same length.
    pub fn union(&mut self, other: &Bitmap) {
        assert_eq!(self.len, other.len, "united bitmaps have one length");
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Returns the indexes in the set, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(place, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(place * 64 + bit)
            })
        })
    }

    fn clear_tail(&mut self) {
        if !self.len.is_multiple_of(64)
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << (self.len % 64)) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_marks_are_what_one_by_one_gives() {
        for (start, len) in [(0, 200), (64, 70), (3, 130), (128, 9), (60, 0)] {
            let marks: Vec<u8> = (0..len).map(|place| u8::from(place * 7 % 5 < 2)).collect();
            let (mut marked, mut run, mut singly, mut each) =
                (Bitmap::new(300), Bitmap::new(300), Bitmap::new(300), Bitmap::new(300));
            marked.insert_marked(start, &marks);
            run.insert_run(start..start + len);
            (0..len).for_each(|place| {
                each.insert(start + place);
                if marks[place] == 1 {
                    singly.insert(start + place);
                }
            });
            assert_eq!((&marked, &run), (&singly, &each), "{start} {len}");
            assert_eq!(run.count(), len);
        }
    }
}
