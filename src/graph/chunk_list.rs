//! Lists of shared chunks: cheap to clone, and a change copies only the chunk touched and the way to it.
//!
//! ```text
//!   root ── group 0 ── chunk 0, chunk 1, …      A clone shares the root. A change copies the root's pointers,
//!       └── group 1 ── …                        one group's pointers and one chunk, unless nobody else holds them.
//! ```

use std::sync::Arc;

const GROUP_BITS: usize = 7;
const GROUP: usize = 1 << GROUP_BITS;

type Group<T> = Vec<Option<Arc<T>>>;

/// A sparse list of shared chunks.
#[derive(Debug)]
pub(super) struct ChunkList<T> {
    groups: Arc<Vec<Arc<Group<T>>>>,
}

impl<T> Clone for ChunkList<T> {
    fn clone(&self) -> Self {
        ChunkList { groups: self.groups.clone() }
    }
}

impl<T> Default for ChunkList<T> {
    fn default() -> Self {
        ChunkList { groups: Arc::new(Vec::new()) }
    }
}

impl<T> ChunkList<T> {
    /// Returns one more than the place of the last chunk.
    pub fn len(&self) -> usize {
        self.groups.last().map_or(0, |last| (self.groups.len() - 1) * GROUP + last.len())
    }

    /// Returns a chunk, if there is one at this place.
    #[inline]
    pub fn get(&self, place: usize) -> Option<&T> {
        self.groups.get(place >> GROUP_BITS)?.get(place & (GROUP - 1))?.as_deref()
    }

    /// Returns a shared handle of a chunk, if there is one at this place.
    pub fn shared(&self, place: usize) -> Option<&Arc<T>> {
        self.groups.get(place >> GROUP_BITS)?.get(place & (GROUP - 1))?.as_ref()
    }

    /// Puts a chunk at a place, or takes away the one that is there.
    pub fn set(&mut self, place: usize, chunk: Option<Arc<T>>) {
        if chunk.is_none() && place >= self.len() {
            return;
        }
        *self.entry(place) = chunk;
    }

    /// Returns the chunks that are there with their places, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Arc<T>)> {
        self.groups.iter().enumerate().flat_map(|(outer, group)| {
            let chunks = group.iter().enumerate();
            chunks.filter_map(move |(inner, chunk)| chunk.as_ref().map(|chunk| (outer * GROUP + inner, chunk)))
        })
    }

    fn entry(&mut self, place: usize) -> &mut Option<Arc<T>> {
        let groups = Arc::make_mut(&mut self.groups);
        let (outer, inner) = (place >> GROUP_BITS, place & (GROUP - 1));
        while groups.len() <= outer {
            // All groups but the last are full, so that `len` can be told from the last.
            if let Some(last) = groups.last_mut()
                && last.len() < GROUP
            {
                Arc::make_mut(last).resize_with(GROUP, || None);
            }
            groups.push(Arc::new(Vec::new()));
        }
        let group = Arc::make_mut(&mut groups[outer]);
        if group.len() <= inner {
            group.resize_with(inner + 1, || None);
        }
        &mut group[inner]
    }
}

impl<T: Clone + Default> ChunkList<T> {
    /// Returns a chunk to change, made if there is none, copied if it is shared.
    #[inline]
    pub fn make_mut(&mut self, place: usize) -> &mut T {
        Arc::make_mut(self.entry(place).get_or_insert_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_not_seen_through_an_older_clone() {
        let mut list: ChunkList<u32> = ChunkList::default();
        *list.make_mut(300) = 7;
        let older = list.clone();
        *list.make_mut(300) = 8;
        *list.make_mut(2) = 1;
        assert_eq!((older.get(300), older.get(2), older.len()), (Some(&7), None, 301));
        assert_eq!((list.get(300), list.get(2), list.len()), (Some(&8), Some(&1), 301));
        assert_eq!(list.iter().map(|(place, _)| place).collect::<Vec<_>>(), [2, 300]);
    }
}
