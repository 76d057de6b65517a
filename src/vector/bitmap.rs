//! Bitmaps: sets of small integers as words of 64 bits; used for nulls, live slots and frontiers.

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
