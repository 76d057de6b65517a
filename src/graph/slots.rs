//! Slots and chunks: how a slot's number splits into chunk and place, and sets of places of one chunk.

/// How many bits of a slot's number name its place in the chunk.
pub(super) const CHUNK_BITS: u32 = 11;

/// How many slots a chunk has.
pub const CHUNK_SLOTS: usize = 1 << CHUNK_BITS;

const WORDS: usize = CHUNK_SLOTS / 64;

/// Returns the chunk of a slot.
#[inline]
pub(super) fn chunk_of(slot: u32) -> usize {
    (slot >> CHUNK_BITS) as usize
}

/// Returns the place of a slot in its chunk.
#[inline]
pub(super) fn place_of(slot: u32) -> usize {
    slot as usize & (CHUNK_SLOTS - 1)
}

/// Returns the first slot of a chunk.
#[inline]
pub(super) fn first_slot(chunk: usize) -> u32 {
    (chunk << CHUNK_BITS) as u32
}

/// A set of places of one chunk: one bit a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlaceSet([u64; WORDS]);

impl Default for PlaceSet {
    fn default() -> Self {
        PlaceSet([0; WORDS])
    }
}

impl PlaceSet {
    /// Says whether a place is in the set.
    #[inline]
    pub fn contains(&self, place: usize) -> bool {
        self.0[place / 64] >> (place % 64) & 1 == 1
    }

    /// Puts a place into the set.
    #[inline]
    pub fn insert(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    /// Puts all places below `count` into the set.
    pub fn insert_first(&mut self, count: usize) {
        for place in 0..count / 64 {
            self.0[place] = u64::MAX;
        }
        if !count.is_multiple_of(64) {
            self.0[count / 64] |= (1 << (count % 64)) - 1;
        }
    }

    /// Takes a place out of the set.
    #[inline]
    pub fn remove(&mut self, place: usize) {
        self.0[place / 64] &= !(1 << (place % 64));
    }

    /// Returns how many places are in the set.
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Says whether any place is in the set.
    pub fn any(&self) -> bool {
        self.0.iter().any(|word| *word != 0)
    }

    /// Returns the first place from `from` and below `limit` that is not in the set.
    pub fn first_absent(&self, from: usize, limit: usize) -> Option<usize> {
        let mut word = from / 64;
        let mut mask = u64::MAX << (from % 64);
        while word * 64 < limit {
            let absent = !self.0[word] & mask;
            if absent != 0 {
                let place = word * 64 + absent.trailing_zeros() as usize;
                return (place < limit).then_some(place);
            }
            word += 1;
            mask = u64::MAX;
        }
        None
    }

    /// Calls back with each place in the set, ascending.
    #[inline]
    pub fn for_each(&self, mut visit: impl FnMut(usize)) {
        for (place, word) in self.0.iter().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                visit(place * 64 + rest.trailing_zeros() as usize);
                rest &= rest - 1;
            }
        }
    }

    /// Returns the words, lowest place first.
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    /// Returns the set with these words; words beyond the chunk are dropped.
    pub fn from_words(words: &[u64]) -> Self {
        let mut set = PlaceSet::default();
        for (own, word) in set.0.iter_mut().zip(words) {
            *own = *word;
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_absent_place_is_found_across_words() {
        let mut set = PlaceSet::default();
        set.insert_first(130);
        assert_eq!(set.first_absent(0, 2048), Some(130));
        assert_eq!(set.first_absent(0, 130), None);
        set.remove(64);
        assert_eq!(set.first_absent(0, 2048), Some(64));
        assert_eq!(set.first_absent(65, 2048), Some(130));
        set.insert_first(CHUNK_SLOTS);
        assert_eq!(set.first_absent(0, CHUNK_SLOTS), None);
        assert_eq!(set.count(), CHUNK_SLOTS);
    }
}
