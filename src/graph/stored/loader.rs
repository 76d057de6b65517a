//! Reading chunks of a store when they are touched: which moment of the store is read, and what could not be read.
//!
//! A chunk that nothing has changed since it was stored is the same in every later checkpoint, so that it may be read from the store of
//! now. A view of the store keeps pages of the file from being used again; it is therefore let go after every write.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::storage::{ChunkKey, StorageError, Store, View};
use crate::value::Value;

use super::super::chunk_list::{Charge, ChunkSource, Rest, Tally};
use super::ahead::ReadingOn;
use super::checkpoint::kind;
use super::lists::{Decode, Stored};

/// Lists of no more chunks than this are read as a whole soon after one was touched, whatever they hold.
const FEW_CHUNKS: usize = 1024;

/// Reads chunks of one store.
#[derive(Debug)]
pub struct Loader {
    store: Arc<dyn Store>,
    view: Mutex<Option<Arc<View>>>,
    failures: AtomicU64,
    last: Mutex<Option<Arc<StorageError>>>,
    /// Something that is made of chunks, and kept, was made without one of them.
    spoilt: AtomicBool,
    tally: Arc<Tally>,
    reading_on: ReadingOn,
}

impl Loader {
    /// Returns a loader over a store.
    pub(super) fn new(store: Arc<dyn Store>) -> Loader {
        let (view, failures, last, spoilt, tally, reading_on) = Default::default();
        Loader { store, view, failures, last, spoilt, tally, reading_on }
    }

    /// Returns the view that is read from, opened if there is none.
    pub(super) fn view(&self) -> Result<Arc<View>, StorageError> {
        let mut held = lock(&self.view);
        if let Some(view) = &*held {
            return Ok(Arc::clone(view));
        }
        let view = Arc::new(self.store.view()?);
        *held = Some(Arc::clone(&view));
        Ok(view)
    }

    /// Lets go of the view, after a write to the store.
    pub fn release(&self) {
        *lock(&self.view) = None;
    }

    /// Returns about how many bytes of memory the chunks take that are held and could be read again.
    pub fn held_size_bytes(&self) -> usize {
        self.tally.bytes()
    }

    /// Has the rest of a column read beside the questions once one has touched a part of it, until so many bytes are held.
    pub fn read_on(&self, limit_bytes: usize) {
        self.reading_on.allow(limit_bytes);
    }

    /// Ends that, and returns when nothing is read any more.
    pub fn end_reading_on(&self) {
        self.reading_on.end();
    }

    /// Returns how often a chunk could not be read. Where it differs before and after a question, the answer is void.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Acquire)
    }

    /// Returns why a chunk could not be read since there were so many failures; none if all could.
    pub fn failure_since(&self, failures: u64) -> Option<Arc<StorageError>> {
        let failed = self.failures() != failures || self.spoilt.load(Ordering::Acquire);
        failed.then(|| lock(&self.last).clone()).flatten()
    }

    fn note(&self, error: StorageError, spoils: bool) {
        *lock(&self.last) = Some(Arc::new(error));
        self.failures.fetch_add(1, Ordering::AcqRel);
        if spoils {
            self.spoilt.store(true, Ordering::Release);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What stands there is replaced whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The keys of a list of chunks: a kind, up to three numbers, and last the place in the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Under {
    kind: u8,
    parts: [u32; 3],
    count: usize,
}

impl Under {
    /// Returns the keys that begin so.
    pub fn new<const COUNT: usize>(kind: u8, first: [u32; COUNT]) -> Under {
        let mut parts = [0; 3];
        parts[..COUNT].copy_from_slice(&first);
        Under { kind, parts, count: COUNT }
    }

    /// Returns the key of the chunk at a place.
    pub fn key(&self, place: usize) -> ChunkKey {
        let mut parts = [0; 4];
        parts[..self.count].copy_from_slice(&self.parts[..self.count]);
        parts[self.count] = place as u32;
        ChunkKey::new(self.kind, &parts[..=self.count])
    }

    /// Returns the key that all of them begin with.
    pub fn prefix(&self) -> ChunkKey {
        ChunkKey::new(self.kind, &self.parts[..self.count])
    }
}

/// The stored chunks of one list.
pub(super) struct StoredChunks<T, F> {
    pub loader: Arc<Loader>,
    pub under: Under,
    pub decode: F,
    /// What stands for a chunk that cannot be read.
    pub empty: T,
    /// The rest of the list has been begun to be read.
    pub begun: AtomicBool,
}

impl<T, F> std::fmt::Debug for StoredChunks<T, F> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("StoredChunks").field("under", &self.under).finish_non_exhaustive()
    }
}

impl<T: Stored, F: Decode<T>> StoredChunks<T, F> {
    fn decoded(&self, place: u32) -> Result<T, StorageError> {
        let key = self.under.key(place as usize);
        let damaged = |what: String| StorageError::damaged(self.loader.store.path(), format!("chunk {key}: {what}"));
        let read = self.loader.view()?.look(&key, |bytes| self.decode.decode(bytes))?;
        read.ok_or_else(|| damaged("it is missing".to_owned()))?.map_err(|error| damaged(error.to_string()))
    }
}

impl<T: Stored, F: Decode<T>> ChunkSource<T> for StoredChunks<T, F> {
    fn read(&self, place: u32) -> Option<T> {
        // The lists of claims are made of all claims, and kept.
        let spoils = kind::is_of_claims(self.under.kind);
        self.decoded(place).map_err(|error| self.loader.note(error, spoils)).ok()
    }

    fn peek(&self, place: u32, inner: usize) -> Option<Value> {
        let view = self.loader.view().ok()?;
        view.look(&self.under.key(place as usize), |bytes| self.decode.peek(bytes, inner)).ok()??
    }

    fn read_on(&self, count: usize, rest: &dyn Fn() -> Rest) {
        let is_worth_it = match self.under.kind {
            // The columns of nodes are what single elements are asked for.
            kind::NODE_VALUES => true,
            kind::NODES | kind::OUTGOING | kind::INCOMING | kind::INDEX_ENTRIES => count <= FEW_CHUNKS,
            _ => false,
        };
        if is_worth_it && !self.begun.swap(true, Ordering::Relaxed) {
            self.loader.reading_on.begin(&self.loader.tally, rest);
        }
    }

    fn read_quietly(&self, place: u32) -> Option<T> {
        self.decoded(place).ok()
    }

    fn empty(&self) -> &T {
        &self.empty
    }

    fn charge(&self, chunk: &T) -> Charge {
        self.loader.tally.charge(chunk.held_size_bytes())
    }
}
