//! Lists of shared chunks: cheap to clone, and a change copies only the chunk touched and the way to it.
//!
//! ```text
//!   root ── group 0 ── chunk 0, chunk 1, …      A clone shares the root. A change copies the root's pointers,
//!       └── group 1 ── …                        one group's pointers and one chunk, unless nobody else holds them.
//! ```
//!
//! A chunk of a database file is read when it is first touched, and then held by all lists that share it. One that cannot be read
//! reads as empty; its source notes the failure, and whoever asked the question is to look there before giving an answer.

use std::fmt::Debug;
use std::sync::{Arc, OnceLock};

const GROUP_BITS: usize = 7;
const GROUP: usize = 1 << GROUP_BITS;

type Group<T> = Vec<Option<Arc<Chunk<T>>>>;

/// Where the stored chunks of a list are read from.
pub(super) trait ChunkSource<T>: Debug + Send + Sync {
    /// Reads a chunk; none if it cannot be read, which the source has noted.
    fn read(&self, place: u32) -> Option<T>;
    /// Returns what stands for a chunk that cannot be read.
    fn empty(&self) -> &T;
}

/// A chunk: held, or stored and read when it is touched.
#[derive(Debug)]
pub(super) struct Chunk<T> {
    held: OnceLock<T>,
    /// Where it is stored, as long as nothing has changed it.
    stored: Option<(Arc<dyn ChunkSource<T>>, u32)>,
}

/// A sparse list of shared chunks.
#[derive(Debug)]
pub(super) struct ChunkList<T> {
    groups: Arc<Vec<Arc<Group<T>>>>,
}

impl<T> Chunk<T> {
    fn new(chunk: T) -> Chunk<T> {
        Chunk { held: OnceLock::from(chunk), stored: None }
    }

    /// Returns the chunk, read if it is not held yet.
    #[inline]
    pub fn get(&self) -> &T {
        match self.held.get() {
            Some(chunk) => chunk,
            None => self.read(),
        }
    }

    #[cold]
    fn read(&self) -> &T {
        let (source, place) = self.stored.as_ref().expect("a chunk that is not stored is held");
        match source.read(*place) {
            // Two that read at once hold the same.
            Some(chunk) => self.held.get_or_init(|| chunk),
            None => source.empty(),
        }
    }
}

impl<T: Clone> Clone for Chunk<T> {
    /// Returns a chunk of its own, to be changed.
    fn clone(&self) -> Self {
        Chunk::new(self.get().clone())
    }
}

impl<T: Clone> Chunk<T> {
    fn get_mut(&mut self) -> &mut T {
        if self.held.get().is_none() {
            self.held = OnceLock::from(self.get().clone());
        }
        self.stored = None;
        self.held.get_mut().expect("it was held or has just been read")
    }
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
        self.groups.get(place >> GROUP_BITS)?.get(place & (GROUP - 1))?.as_ref().map(|chunk| chunk.get())
    }

    /// Returns a shared handle of a chunk, if there is one at this place. Two handles of one chunk are the same pointer.
    pub fn shared(&self, place: usize) -> Option<&Arc<Chunk<T>>> {
        self.groups.get(place >> GROUP_BITS)?.get(place & (GROUP - 1))?.as_ref()
    }

    /// Puts a chunk at a place, or takes away the one that is there.
    pub fn set(&mut self, place: usize, chunk: Option<T>) {
        if chunk.is_none() && place >= self.len() {
            return;
        }
        *self.entry(place) = chunk.map(|chunk| Arc::new(Chunk::new(chunk)));
    }

    /// Puts a chunk at a place that is read when it is touched.
    pub fn set_stored(&mut self, place: usize, source: Arc<dyn ChunkSource<T>>) {
        let stored = Some((source, place as u32));
        *self.entry(place) = Some(Arc::new(Chunk { held: OnceLock::new(), stored }));
    }

    /// Returns the chunks that are there with their places, ascending; reads them all.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        self.all().map(|(place, chunk)| (place, chunk.get()))
    }

    /// Returns the places at which there is a chunk, ascending.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        self.all().map(|(place, _)| place)
    }

    fn all(&self) -> impl Iterator<Item = (usize, &Arc<Chunk<T>>)> {
        self.groups.iter().enumerate().flat_map(|(outer, group)| {
            let chunks = group.iter().enumerate();
            chunks.filter_map(move |(inner, chunk)| chunk.as_ref().map(|chunk| (outer * GROUP + inner, chunk)))
        })
    }

    fn entry(&mut self, place: usize) -> &mut Option<Arc<Chunk<T>>> {
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
        let chunk = self.entry(place).get_or_insert_with(|| Arc::new(Chunk::new(T::default())));
        Arc::make_mut(chunk).get_mut()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

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
        assert_eq!(list.places().collect::<Vec<_>>(), [2, 300]);
    }

    #[derive(Debug, Default)]
    struct Counting(AtomicU32);

    impl ChunkSource<u32> for Counting {
        fn read(&self, place: u32) -> Option<u32> {
            // The first attempt fails.
            (self.0.fetch_add(1, Ordering::Relaxed) > 0).then_some(place * 10)
        }

        fn empty(&self) -> &u32 {
            &0
        }
    }

    #[test]
    fn a_stored_chunk_is_read_once_it_is_touched_and_held_by_all_clones() {
        let source = Arc::new(Counting::default());
        let mut list: ChunkList<u32> = ChunkList::default();
        list.set_stored(5, source.clone());
        let mut changed = list.clone();
        assert_eq!((list.len(), source.0.load(Ordering::Relaxed)), (6, 0));
        assert_eq!(list.get(5), Some(&0), "what cannot be read is empty");
        assert_eq!(list.get(5), Some(&50), "and is tried again");
        *changed.make_mut(5) += 1;
        assert_eq!((list.get(5), changed.get(5)), (Some(&50), Some(&51)));
        assert_eq!(source.0.load(Ordering::Relaxed), 2, "nothing is read twice");
    }
}
