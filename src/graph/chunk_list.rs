//! Lists of shared chunks: cheap to clone, and a change copies only the chunk touched and the way to it.
//!
//! ```text
//!   root ── group 0 ── chunk 0, chunk 1, …      A clone shares the root. A change copies the root's pointers,
//!       └── group 1 ── …                        one group's pointers and one chunk, unless nobody else holds them.
//! ```
//!
//! A chunk of a database file is read when it is first touched, and then held by all lists that share it; a group of stored chunks is a
//! set of places until one of them is touched. A chunk that cannot be read reads as empty; its source notes the failure, and whoever asked
//! the question is to look there before giving an answer.
//!
//! A chunk that stands in the file as it is held is *clean*. [`ChunkList::give_back`] puts unread ones in the place of clean ones: lists
//! that share the old ones keep what they read, and the memory is free once the last of them is gone.
//!
//! **Invariant**: a place is changed only through a chunk that has been read. An older list that shares it unread would else read from
//! the file what was written there later.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use crate::value::Value;

const GROUP_BITS: usize = 7;
const GROUP: usize = 1 << GROUP_BITS;

/// What reads the chunks of a list that nobody has asked for yet.
pub(super) struct Rest {
    /// How many chunks the list has at most.
    pub count: usize,
    /// Reads one more, and says whether there may be another.
    pub next: Box<dyn FnMut() -> bool + Send>,
}

/// Where the stored chunks of a list are read from.
pub(super) trait ChunkSource<T>: Debug + Send + Sync {
    /// Reads a chunk; none if it cannot be read, which the source has noted.
    fn read(&self, place: u32) -> Option<T>;
    /// Reads one value of a chunk and lets the chunk go; none where there is no such value, or it cannot be read, of which nothing is said.
    fn peek(&self, _place: u32, _inner: usize) -> Option<Value> {
        None
    }
    /// Hears that a single chunk of so many was touched and had to be read; `rest` reads the others.
    fn read_on(&self, _count: usize, _rest: &dyn Fn() -> Rest) {}
    /// Reads a chunk that nobody has asked for yet; none if it cannot be read, of which nothing is said.
    fn read_quietly(&self, place: u32) -> Option<T> {
        self.read(place)
    }
    /// Returns what stands for a chunk that cannot be read.
    fn empty(&self) -> &T;
    /// Counts a chunk that is held although it could be read again.
    fn charge(&self, chunk: &T) -> Charge;
}

/// How much of a file is held in memory and could be read again.
#[derive(Debug, Default)]
pub(super) struct Tally {
    bytes: AtomicUsize,
    reads: AtomicU64,
}

impl Tally {
    /// Returns how many bytes the clean chunks take that are held.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Counts a chunk in, until the charge is dropped.
    pub fn charge(self: &Arc<Self>, bytes: usize) -> Charge {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        Charge { bytes, turn: self.reads.fetch_add(1, Ordering::Relaxed), tally: Arc::clone(self) }
    }
}

/// A clean chunk that is held.
#[derive(Debug)]
pub(super) struct Charge {
    bytes: usize,
    /// Its place in the order in which chunks were read.
    turn: u64,
    tally: Arc<Tally>,
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.tally.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// A chunk: held, or stored and read when it is touched.
#[derive(Debug)]
pub(super) struct Chunk<T> {
    held: OnceLock<T>,
    /// Where it is stored, as long as nothing has changed it.
    stored: OnceLock<(Arc<dyn ChunkSource<T>>, u32)>,
    /// What it counts for while it is both.
    charge: OnceLock<Charge>,
    /// How many single values were read of it while it was not held.
    peeks: AtomicU8,
}

/// A chunk, or the one value of it that was asked for.
pub(super) enum Found<'a, T> {
    /// The chunk.
    Chunk(&'a T),
    /// The value.
    Value(Value),
}

/// A chunk of which so many single values were asked for is read as a whole.
const MOST_PEEKS: u8 = 4;

/// Up to 128 chunks beside each other.
#[derive(Debug)]
struct Group<T> {
    chunks: OnceLock<Vec<Option<Arc<Chunk<T>>>>>,
    /// Its chunks if all are clean and none has been touched.
    stored: Option<StoredGroup<T>>,
}

#[derive(Clone, Debug)]
struct StoredGroup<T> {
    source: Arc<dyn ChunkSource<T>>,
    first: u32,
    /// A bit for each place at which there is a chunk, the lowest for the first.
    places: u128,
}

/// A sparse list of shared chunks.
#[derive(Debug)]
pub(super) struct ChunkList<T> {
    groups: Arc<Vec<Arc<Group<T>>>>,
}

impl<T> Chunk<T> {
    fn new(chunk: T) -> Chunk<T> {
        let (stored, charge, peeks) = Default::default();
        Chunk { held: OnceLock::from(chunk), stored, charge, peeks }
    }

    fn unread(source: Arc<dyn ChunkSource<T>>, place: u32) -> Chunk<T> {
        let (held, charge, peeks) = Default::default();
        Chunk { held, stored: OnceLock::from((source, place)), charge, peeks }
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
        let (source, place) = self.stored.get().expect("a chunk that is not stored is held");
        let Some(chunk) = source.read(*place) else { return source.empty() };
        // Two that read at once hold the same.
        let chunk = self.held.get_or_init(|| chunk);
        self.charge.get_or_init(|| source.charge(chunk));
        chunk
    }

    /// Reads the chunk if it is not held, as nobody has asked for it yet; says whether it is held now.
    fn read_quietly(&self) -> bool {
        let (None, Some((source, place))) = (self.held.get(), self.stored.get()) else { return true };
        let Some(chunk) = source.read_quietly(*place) else { return false };
        let chunk = self.held.get_or_init(|| chunk);
        self.charge.get_or_init(|| source.charge(chunk));
        true
    }

    /// Gives the chunk; one that is not held is read and let go again.
    fn passing(&self, take: impl FnOnce(&T)) {
        match (self.held.get(), self.stored.get()) {
            (None, Some((source, place))) => match source.read(*place) {
                Some(chunk) => take(&chunk),
                None => take(source.empty()),
            },
            _ => take(self.get()),
        }
    }

    /// Says whether it stands in the file as it is.
    pub fn is_clean(&self) -> bool {
        self.stored.get().is_some()
    }

    /// Notes that it stands in the file as it is.
    fn settle(&self, source: &Arc<dyn ChunkSource<T>>, place: usize) {
        if self.stored.set((Arc::clone(source), place as u32)).is_ok()
            && let Some(chunk) = self.held.get()
        {
            self.charge.get_or_init(|| source.charge(chunk));
        }
    }

    /// Returns an unread one in its place, if it is clean and was read before a turn.
    fn given_back(&self, before: u64) -> Option<Chunk<T>> {
        let (source, place) = self.stored.get()?;
        let charge = self.charge.get()?;
        (charge.turn < before).then(|| Chunk::unread(Arc::clone(source), *place))
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
        (self.stored, self.charge) = (OnceLock::new(), OnceLock::new());
        self.held.get_mut().expect("it was held or has just been read")
    }
}

impl<T> Group<T> {
    fn new(chunks: Vec<Option<Arc<Chunk<T>>>>) -> Group<T> {
        Group { chunks: OnceLock::from(chunks), stored: None }
    }

    #[inline]
    fn chunks(&self) -> &[Option<Arc<Chunk<T>>>] {
        match self.chunks.get() {
            Some(chunks) => chunks,
            None => self.unfold(),
        }
    }

    #[cold]
    fn unfold(&self) -> &[Option<Arc<Chunk<T>>>] {
        self.chunks.get_or_init(|| {
            let Some(stored) = &self.stored else { return Vec::new() };
            let chunk = |place: u32| {
                let there = stored.places >> place & 1 == 1;
                there.then(|| Arc::new(Chunk::unread(Arc::clone(&stored.source), stored.first + place)))
            };
            (0..self.len() as u32).map(chunk).collect()
        })
    }

    fn len(&self) -> usize {
        match (self.chunks.get(), &self.stored) {
            (Some(chunks), _) => chunks.len(),
            (None, Some(stored)) => 128 - stored.places.leading_zeros() as usize,
            (None, None) => 0,
        }
    }

    fn has(&self, inner: usize) -> bool {
        match (self.chunks.get(), &self.stored) {
            (Some(chunks), _) => chunks.get(inner).is_some_and(Option::is_some),
            (None, Some(stored)) => stored.places >> inner & 1 == 1,
            (None, None) => false,
        }
    }
}

impl<T> Clone for Group<T> {
    /// Returns a group of its own, to be changed.
    fn clone(&self) -> Self {
        Group::new(self.chunks().to_vec())
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
    /// Returns a list of stored chunks at these places, ascending, each read when it is touched.
    pub fn of_stored(places: impl Iterator<Item = usize>, source: &Arc<dyn ChunkSource<T>>) -> ChunkList<T> {
        let mut bits: Vec<u128> = Vec::new();
        for place in places {
            let group = place >> GROUP_BITS;
            bits.resize(bits.len().max(group + 1), 0);
            bits[group] |= 1 << (place & (GROUP - 1));
        }
        let last = bits.len().saturating_sub(1);
        let groups = bits.into_iter().enumerate().map(|(group, places)| {
            // All groups but the last are full, so that `len` can be told from the last: an empty one must say so.
            if places == 0 && group != last {
                return Arc::new(Group::new(vec![None; GROUP]));
            }
            let stored = StoredGroup { source: Arc::clone(source), first: (group * GROUP) as u32, places };
            Arc::new(Group { chunks: OnceLock::new(), stored: Some(stored) })
        });
        ChunkList { groups: Arc::new(groups.collect()) }
    }

    /// Returns one more than the place of the last chunk.
    pub fn len(&self) -> usize {
        self.groups.last().map_or(0, |last| (self.groups.len() - 1) * GROUP + last.len())
    }

    /// Says whether there is a chunk at this place, without reading it.
    pub fn has(&self, place: usize) -> bool {
        self.groups.get(place >> GROUP_BITS).is_some_and(|group| group.has(place & (GROUP - 1)))
    }

    /// Puts a chunk at a place, or takes away the one that is there.
    pub fn set(&mut self, place: usize, chunk: Option<T>) {
        if chunk.is_none() && place >= self.len() {
            return;
        }
        *self.entry(place) = chunk.map(|chunk| Arc::new(Chunk::new(chunk)));
    }

    /// Returns the chunks that are there with their places, ascending; reads them all.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        self.all().map(|(place, chunk)| (place, chunk.get()))
    }

    /// Gives each chunk that is there with its place, ascending; those that are not held are read and let go again.
    pub fn for_each_passing(&self, mut take: impl FnMut(usize, &T)) {
        self.all().for_each(|(place, chunk)| chunk.passing(|chunk| take(place, chunk)));
    }

    /// Returns the places at which there is a chunk, ascending.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        let places = self.groups.iter().enumerate();
        places.flat_map(|(outer, group)| {
            (0..group.len()).filter(|inner| group.has(*inner)).map(move |inner| outer * GROUP + inner)
        })
    }

    /// Returns the chunks that the file does not have as they are, with their places.
    pub fn unsaved(&self) -> impl Iterator<Item = (usize, &T)> {
        self.touched().filter(|(_, chunk)| !chunk.is_clean()).map(|(place, chunk)| (place, chunk.get()))
    }

    /// Returns how many chunks are held.
    #[cfg(test)]
    pub fn held_count(&self) -> usize {
        self.touched().filter(|(_, chunk)| chunk.held.get().is_some()).count()
    }

    /// Notes that all chunks stand in the file as they are.
    pub fn settle(&self, source: &Arc<dyn ChunkSource<T>>) {
        self.touched().filter(|(_, chunk)| !chunk.is_clean()).for_each(|(place, chunk)| chunk.settle(source, place));
    }

    /// Appends the turn and the bytes of each clean chunk that is held.
    pub fn charges(&self, out: &mut Vec<(u64, usize)>) {
        let charges = self.touched().filter_map(|(_, chunk)| chunk.charge.get());
        out.extend(charges.map(|charge| (charge.turn, charge.bytes)));
    }

    /// Puts unread chunks in the place of clean ones that were read before a turn.
    pub fn give_back(&mut self, before: u64) {
        let found = |chunk: &Option<Arc<Chunk<T>>>| chunk.as_ref().and_then(|chunk| chunk.given_back(before));
        for place in 0..self.groups.len() {
            let Some(chunks) = self.groups[place].chunks.get() else { continue };
            if !chunks.iter().any(|chunk| found(chunk).is_some()) {
                continue;
            }
            let left = chunks.iter().map(|chunk| found(chunk).map(Arc::new).or_else(|| chunk.clone())).collect();
            Arc::make_mut(&mut self.groups)[place] = Arc::new(Group::new(left));
        }
    }

    fn all(&self) -> impl Iterator<Item = (usize, &Arc<Chunk<T>>)> {
        self.groups.iter().enumerate().flat_map(|(outer, group)| numbered(outer, group.chunks()))
    }

    /// Returns the chunks of the groups of which one was ever touched; those of the others are clean and not held.
    fn touched(&self) -> impl Iterator<Item = (usize, &Arc<Chunk<T>>)> {
        let groups = self.groups.iter().enumerate();
        groups.flat_map(|(outer, group)| numbered(outer, group.chunks.get().map_or(&[][..], Vec::as_slice)))
    }

    fn entry(&mut self, place: usize) -> &mut Option<Arc<Chunk<T>>> {
        let groups = Arc::make_mut(&mut self.groups);
        let (outer, inner) = (place >> GROUP_BITS, place & (GROUP - 1));
        while groups.len() <= outer {
            // All groups but the last are full, so that `len` can be told from the last.
            if let Some(last) = groups.last_mut()
                && last.len() < GROUP
            {
                owned(last).resize_with(GROUP, || None);
            }
            groups.push(Arc::new(Group::new(Vec::new())));
        }
        let group = owned(&mut groups[outer]);
        if group.len() <= inner {
            group.resize_with(inner + 1, || None);
        }
        &mut group[inner]
    }
}

fn numbered<T>(outer: usize, chunks: &[Option<Arc<Chunk<T>>>]) -> impl Iterator<Item = (usize, &Arc<Chunk<T>>)> {
    let chunks = chunks.iter().enumerate();
    chunks.filter_map(move |(inner, chunk)| chunk.as_ref().map(|chunk| (outer * GROUP + inner, chunk)))
}

/// Returns the chunks of a group to change.
fn owned<T>(group: &mut Arc<Group<T>>) -> &mut Vec<Option<Arc<Chunk<T>>>> {
    let group = Arc::make_mut(group);
    group.chunks();
    group.stored = None;
    group.chunks.get_mut().expect("the chunks have just been unfolded")
}

impl<T: Send + Sync + 'static> ChunkList<T> {
    /// Returns a chunk, if there is one at this place.
    #[inline]
    pub fn get(&self, place: usize) -> Option<&T> {
        let group = self.groups.get(place >> GROUP_BITS)?;
        let chunk = group.chunks().get(place & (GROUP - 1))?.as_ref()?;
        Some(match chunk.held.get() {
            Some(held) => held,
            None => self.touch(chunk, place),
        })
    }

    /// Returns a chunk, or the value at a place in it, which costs less to read alone while few were asked for.
    #[inline]
    pub fn get_or_peek(&self, place: usize, inner: usize) -> Option<Found<'_, T>> {
        let group = self.groups.get(place >> GROUP_BITS)?;
        let chunk = group.chunks().get(place & (GROUP - 1))?.as_ref()?;
        Some(match chunk.held.get() {
            Some(held) => Found::Chunk(held),
            None => self.peek(chunk, place, inner),
        })
    }

    #[cold]
    fn peek<'a>(&self, chunk: &'a Chunk<T>, place: usize, inner: usize) -> Found<'a, T> {
        let peeks = chunk.peeks.load(Ordering::Relaxed);
        if peeks < MOST_PEEKS
            && let Some((source, at)) = chunk.stored.get()
            && let Some(value) = source.peek(*at, inner)
        {
            chunk.peeks.store(peeks + 1, Ordering::Relaxed);
            source.read_on(self.len(), &|| self.rest(place));
            return Found::Value(value);
        }
        Found::Chunk(self.touch(chunk, place))
    }

    #[cold]
    fn touch<'a>(&self, chunk: &'a Chunk<T>, place: usize) -> &'a T {
        let held = chunk.read();
        if let Some((source, _)) = chunk.stored.get() {
            source.read_on(self.len(), &|| self.rest(place));
        }
        held
    }

    /// Returns what reads the chunks that are not held, as long as the list is somebody's. It goes to and fro: who goes through the chunks
    /// in order seldom meets it, and a disk does not take it for a stream, for which single reads would have to wait.
    fn rest(&self, place: usize) -> Rest {
        let (groups, count) = (Arc::downgrade(&self.groups), self.len());
        // Every place comes once: the step is odd, and places beyond the count are left out.
        let (places, mut steps) = (count.next_power_of_two(), 0..count.next_power_of_two());
        let stride = (places * 5 / 8) | 1;
        let next = move || {
            let Some(groups) = groups.upgrade() else { return false };
            let chunk = |place: usize| groups.get(place >> GROUP_BITS)?.chunks().get(place & (GROUP - 1))?.as_ref();
            let mut unread = steps.by_ref().filter_map(|step| chunk((place + step * stride) % places));
            let unread = unread.find(|chunk| chunk.held.get().is_none());
            unread.is_some_and(|chunk| chunk.read_quietly())
        };
        Rest { count, next: Box::new(next) }
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
    use std::sync::atomic::AtomicU32;

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
    struct Counting {
        reads: AtomicU32,
        tally: Arc<Tally>,
    }

    impl ChunkSource<u32> for Counting {
        fn read(&self, place: u32) -> Option<u32> {
            // The first attempt fails.
            (self.reads.fetch_add(1, Ordering::Relaxed) > 0).then_some(place * 10)
        }

        fn empty(&self) -> &u32 {
            &0
        }

        fn charge(&self, _: &u32) -> Charge {
            self.tally.charge(4)
        }
    }

    fn stored(places: &[usize]) -> (Arc<Counting>, Arc<dyn ChunkSource<u32>>, ChunkList<u32>) {
        let counting = Arc::new(Counting::default());
        let source: Arc<dyn ChunkSource<u32>> = counting.clone();
        let list = ChunkList::of_stored(places.iter().copied(), &source);
        (counting, source, list)
    }

    #[test]
    fn a_stored_chunk_is_read_once_it_is_touched_and_held_by_all_clones() {
        let (source, _, list) = stored(&[5, 400]);
        let mut changed = list.clone();
        assert_eq!((list.len(), list.places().collect::<Vec<_>>()), (401, vec![5, 400]));
        assert_eq!((list.has(5), list.has(6), list.has(400), list.has(130)), (true, false, true, false));
        assert_eq!(source.reads.load(Ordering::Relaxed), 0, "nothing of this reads");
        assert_eq!(list.get(5), Some(&0), "what cannot be read is empty");
        assert_eq!(list.get(5), Some(&50), "and is tried again");
        *changed.make_mut(5) += 1;
        assert_eq!((list.get(5), changed.get(5)), (Some(&50), Some(&51)));
        assert_eq!(source.reads.load(Ordering::Relaxed), 2, "nothing is read twice");
        assert_eq!(changed.unsaved().collect::<Vec<_>>(), [(5, &51)]);
    }

    #[test]
    fn the_rest_of_a_list_is_read_once_and_only_while_the_list_is_somebodys() {
        let (source, _, list) = stored(&[0, 5, 7, 8, 300, 400]);
        list.get(5);
        list.get(5);
        let mut rest = list.rest(5);
        assert_eq!(rest.count, 401);
        let steps = std::iter::from_fn(|| (rest.next)().then_some(())).count();
        assert_eq!((steps, list.held_count()), (5, 6));
        assert_eq!(source.reads.load(Ordering::Relaxed), 7, "the first attempt failed, and nothing was read twice");
        let mut rest = list.rest(5);
        assert!(!(rest.next)(), "all are held");
        let (_, _, other) = stored(&[0, 5]);
        let mut rest = other.rest(0);
        drop(other);
        assert!(!(rest.next)(), "the list is nobody's any more");
    }

    #[test]
    fn clean_chunks_are_given_back_and_changed_ones_stay() {
        let (counting, source, mut list) = stored(&[1, 2, 200]);
        list.get(1);
        assert_eq!((list.get(1), list.get(200)), (Some(&10), Some(&2000)));
        *list.make_mut(2) = 7;
        assert_eq!(counting.tally.bytes(), 8, "a changed chunk is no copy of the file's");
        let older = list.clone();
        let mut charges = Vec::new();
        list.charges(&mut charges);
        list.give_back(charges.iter().map(|(turn, _)| *turn).max().unwrap());
        assert_eq!(counting.tally.bytes(), 8, "an older list still holds what it read");
        drop(older);
        assert_eq!(counting.tally.bytes(), 4, "the one that was read last stays");
        let reads = counting.reads.load(Ordering::Relaxed);
        assert_eq!((list.get(1), list.get(2), list.get(200)), (Some(&10), Some(&7), Some(&2000)));
        assert_eq!(counting.reads.load(Ordering::Relaxed), reads + 1);
        list.settle(&source);
        assert_eq!((list.unsaved().count(), counting.tally.bytes()), (0, 12), "saved, it could be read again");
        list.give_back(u64::MAX);
        assert_eq!((counting.tally.bytes(), list.len()), (0, 201));
    }
}
