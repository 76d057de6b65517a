//! A store in memory: the same frames, directory and log as in a file, and nothing that outlives the process.
//!
//! Tests run every script on it and on a file. It also holds a private copy of a graph whose file is not to be touched.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::storage::directory::{ChunkChanges, ChunkTable, Directory, Entry};
use crate::storage::error::StorageError;
use crate::storage::frame::{CATALOGUE_KIND, FORMAT_VERSION, Header, Tail, frame, frame_record};
use crate::storage::key::ChunkKey;
use crate::storage::store::{ChunkWriter, Fill, Statistics, Store, check_size};
use crate::storage::view::{Bytes, Source, View};

/// A store that lives as long as its process.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

/// What the store holds; a view keeps a clone, whose parts are shared.
#[derive(Debug, Clone, Default)]
struct State {
    directory: Arc<Directory>,
    chunks: Arc<BTreeMap<ChunkKey, Bytes>>,
    catalogue: Option<Bytes>,
    log: Arc<Vec<Bytes>>,
    tail: Tail,
}

impl MemoryStore {
    /// Makes an empty store.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is replaced whole, so that a panic elsewhere cannot have left half of it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn view(&self) -> Result<View, StorageError> {
        let state = self.state().clone();
        Ok(View::new(self.path().to_path_buf(), state.directory.clone(), state.tail, Box::new(state)))
    }

    fn append_log(&self, record: &[u8]) -> Result<u64, StorageError> {
        check_size("a log record", record)?;
        let mut state = self.state();
        let tail = state.tail.after(record);
        Arc::make_mut(&mut state.log).push(Bytes::from(frame_record(&tail, record)));
        state.tail = tail;
        Ok(tail.last)
    }

    fn checkpoint(&self, fill: &mut Fill<'_>) -> Result<(), StorageError> {
        let before = self.state().clone();
        let mut writer = MemoryWriter {
            chunks: (*before.chunks).clone(),
            directory: (*before.directory).clone(),
            changes: ChunkChanges::new(),
        };
        let catalogue = fill(&mut writer)?;
        check_size("a catalogue", &catalogue)?;
        let MemoryWriter { chunks, mut directory, changes } = writer;
        directory.chunks.apply(changes);
        let tail = before.tail.after_checkpoint();
        directory.checkpoint = tail.checkpoint;
        directory.catalogue = Some(Entry::of(CATALOGUE_KIND, &[], &catalogue));
        *self.state() = State {
            directory: Arc::new(directory),
            chunks: Arc::new(chunks),
            catalogue: Some(Bytes::from(frame(CATALOGUE_KIND, &[], &catalogue))),
            log: Arc::default(),
            tail,
        };
        Ok(())
    }

    fn log_size_bytes(&self) -> u64 {
        self.state().tail.log_bytes
    }

    fn is_read_only(&self) -> bool {
        false
    }

    fn path(&self) -> &Path {
        Path::new(":memory:")
    }

    fn compact(&self) -> Result<bool, StorageError> {
        Ok(false)
    }

    fn statistics(&self) -> Result<Statistics, StorageError> {
        let counted = Statistics::of_view(&self.view()?);
        Ok(Statistics { format_version: FORMAT_VERSION, created_by: Header::current(0).created_by, ..counted })
    }

    fn close(&self) -> Result<(), StorageError> {
        Ok(())
    }
}

/// Collects the chunks of a checkpoint beside those of the one before.
struct MemoryWriter {
    chunks: BTreeMap<ChunkKey, Bytes>,
    directory: Directory,
    changes: ChunkChanges,
}

impl ChunkWriter for MemoryWriter {
    fn put(&mut self, key: ChunkKey, payload: &[u8]) -> Result<(), StorageError> {
        check_size("a chunk", payload)?;
        self.chunks.insert(key, Bytes::from(frame(key.kind(), key.as_bytes(), payload)));
        self.changes.insert(key, Some(Entry::of(key.kind(), key.as_bytes(), payload)));
        Ok(())
    }

    fn delete(&mut self, key: ChunkKey) -> Result<(), StorageError> {
        self.chunks.remove(&key);
        self.changes.insert(key, None);
        Ok(())
    }

    fn clear(&mut self) -> Result<(), StorageError> {
        self.chunks.clear();
        self.directory.chunks = ChunkTable::default();
        self.changes.clear();
        Ok(())
    }
}

impl Source for State {
    fn chunk(&self, key: &ChunkKey, look: &mut dyn FnMut(&[u8])) -> Result<bool, StorageError> {
        Ok(self.chunks.get(key).map(|bytes| look(bytes)).is_some())
    }

    fn catalogue(&self, look: &mut dyn FnMut(&[u8])) -> Result<bool, StorageError> {
        Ok(self.catalogue.as_ref().map(|bytes| look(bytes)).is_some())
    }

    fn log(&self, last: u64, look: &mut dyn FnMut(u64, &[u8])) -> Result<(), StorageError> {
        for (sequence, bytes) in (self.tail.base + 1..=last).zip(self.log.iter()) {
            look(sequence, bytes);
        }
        Ok(())
    }

    fn stored_keys(&self, look: &mut dyn FnMut(&[u8])) -> Result<(), StorageError> {
        self.chunks.keys().for_each(|key| look(key.as_bytes()));
        Ok(())
    }
}
