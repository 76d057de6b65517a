//! What every store can do, on disk or in memory: views to read, one log record a commit, checkpoints, upkeep.
//!
//! ```text
//! time →   commit  commit  commit   checkpoint   commit
//! log      1       1 2     1 2 3    (empty)      4
//! chunks   old     old     old      new          new      ← what a view that began here shows
//! ```
//!
//! One writes at a time: the caller orders its writers. Any number read, none waits.

use std::collections::BTreeMap;
use std::path::Path;

use crate::storage::error::StorageError;
use crate::storage::frame::MAXIMUM_PAYLOAD_BYTES;
use crate::storage::key::ChunkKey;
use crate::storage::verify::{Problem, VerifyProgress};
use crate::storage::view::View;

/// How a commit reaches the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sync {
    /// A commit that has returned survives a power failure.
    #[default]
    Full,
    /// A commit that has returned survives the death of the process. A power failure may take commits since the last checkpoint or
    /// close, all after some point; the file stays whole.
    Off,
}

/// How a file is opened.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// Whether the file is only read; many processes may, and one may write meanwhile.
    pub read_only: bool,
    /// Whether a missing file is made.
    pub create: bool,
    /// How commits reach the disk.
    pub sync: Sync,
    /// Memory for pages of the file in bytes; decoded chunks live above.
    pub cache_bytes: usize,
    /// In a file that is made, the room in front of the store crate's pages, where small commits are written, in bytes.
    pub front_size: u32,
}

impl Default for OpenOptions {
    fn default() -> OpenOptions {
        OpenOptions { read_only: false, create: true, sync: Sync::Full, cache_bytes: 2 << 20, front_size: 1 << 20 }
    }
}

/// Takes the chunks of a checkpoint.
pub trait ChunkWriter {
    /// Writes a chunk in place of the one with the same key.
    ///
    /// # Errors
    /// [`StorageError::TooLarge`], and the disk's errors.
    fn put(&mut self, key: ChunkKey, payload: &[u8]) -> Result<(), StorageError>;
    /// Removes a chunk; one that is not there is no error.
    ///
    /// # Errors
    /// The disk's errors.
    fn delete(&mut self, key: ChunkKey) -> Result<(), StorageError>;
    /// Removes all chunks.
    ///
    /// # Errors
    /// The disk's errors.
    fn clear(&mut self) -> Result<(), StorageError>;
}

/// What fills a checkpoint: it gives the chunks that changed and returns the catalogue.
pub type Fill<'a> = dyn FnMut(&mut dyn ChunkWriter) -> Result<Vec<u8>, StorageError> + 'a;

/// Keeps named chunks, a catalogue and a log, all or nothing.
pub trait Store: Send + std::marker::Sync + std::fmt::Debug {
    /// Returns the store as it is now.
    ///
    /// # Errors
    /// [`StorageError::Damaged`], and the disk's errors.
    fn view(&self) -> Result<View, StorageError>;

    /// Begins to bring what lies near to what is read into the system's memory, where that takes time.
    fn read_ahead(&self) {}

    /// Commits one record and returns its number. Once it has returned, the record is durable, unless sync is off;
    /// if it fails, the record is not there and never will be (save after a crash, where it may be).
    ///
    /// # Errors
    /// [`StorageError::ReadOnly`], [`StorageError::TooLarge`], and the disk's errors.
    fn append_log(&self, record: &[u8]) -> Result<u64, StorageError>;

    /// Writes changed chunks and the catalogue, and drops the log, in one transaction. What `fill` gives must say all
    /// that the log's records said. If `fill` or the disk fails, nothing has happened.
    ///
    /// # Errors
    /// Those of `fill`, [`StorageError::ReadOnly`], and the disk's errors.
    fn checkpoint(&self, fill: &mut Fill<'_>) -> Result<(), StorageError>;

    /// Returns the payload bytes of the log, from which the caller decides that a checkpoint is due.
    fn log_size_bytes(&self) -> u64;

    /// Returns whether the store can only be read.
    fn is_read_only(&self) -> bool;

    /// Returns the file; of a store in memory `:memory:`.
    fn path(&self) -> &Path;

    /// Gives back room in the file that nothing uses; returns whether anything was gained.
    ///
    /// # Errors
    /// [`StorageError::Busy`] while a view is alive here or in another process; the disk's errors.
    fn compact(&self) -> Result<bool, StorageError>;

    /// Counts what the store holds.
    ///
    /// # Errors
    /// As [`Store::view`].
    fn statistics(&self) -> Result<Statistics, StorageError>;

    /// Reads and verifies everything; returns the problems, none for a sound store.
    ///
    /// # Errors
    /// As [`Store::view`].
    fn verify(&self, progress: &mut dyn FnMut(VerifyProgress)) -> Result<Vec<Problem>, StorageError> {
        Ok(crate::storage::verify::verify_view(&self.view()?, progress))
    }

    /// Makes what was committed durable and lets go of the file. Dropping the store does the same, without the error.
    ///
    /// # Errors
    /// The disk's errors.
    fn close(&self) -> Result<(), StorageError>;
}

/// Counts of chunks and of their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KindStatistics {
    /// The number of chunks.
    pub chunk_count: u64,
    /// The bytes of their payloads.
    pub size_bytes: u64,
}

/// What a store holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statistics {
    /// The size of the file in bytes; 0 in memory.
    pub file_size_bytes: u64,
    /// The format of the file.
    pub format_version: u16,
    /// The program that made it.
    pub created_by: String,
    /// The number of checkpoints so far.
    pub checkpoint: u64,
    /// The number of the last commit.
    pub sequence: u64,
    /// The number of records in the log.
    pub log_record_count: u64,
    /// Their bytes.
    pub log_size_bytes: u64,
    /// The bytes of the catalogue.
    pub catalogue_size_bytes: u64,
    /// Chunks by kind.
    pub kinds: BTreeMap<u8, KindStatistics>,
}

impl Statistics {
    /// Counts a view; the file's size and header are the store's to fill.
    pub(super) fn of_view(view: &View) -> Statistics {
        let mut kinds: BTreeMap<u8, KindStatistics> = BTreeMap::new();
        for (key, entry) in view.directory().chunks.iter() {
            let counts = kinds.entry(key.kind()).or_default();
            counts.chunk_count += 1;
            counts.size_bytes += u64::from(entry.length);
        }
        let tail = view.tail();
        Statistics {
            checkpoint: tail.checkpoint,
            sequence: tail.last,
            log_record_count: tail.last - tail.base,
            log_size_bytes: tail.log_bytes,
            catalogue_size_bytes: view.directory().catalogue.map_or(0, |entry| u64::from(entry.length)),
            kinds,
            ..Statistics::default()
        }
    }

    /// Returns the number of chunks of all kinds.
    pub fn chunk_count(&self) -> u64 {
        self.kinds.values().map(|kind| kind.chunk_count).sum()
    }

    /// Returns the payload bytes of all chunks.
    pub fn chunk_size_bytes(&self) -> u64 {
        self.kinds.values().map(|kind| kind.size_bytes).sum()
    }
}

/// Refuses a payload beyond the greatest size.
pub(super) fn check_size(what: &'static str, payload: &[u8]) -> Result<(), StorageError> {
    let size_bytes = payload.len() as u64;
    if size_bytes > MAXIMUM_PAYLOAD_BYTES {
        return Err(StorageError::TooLarge { what, size_bytes, limit_bytes: MAXIMUM_PAYLOAD_BYTES });
    }
    Ok(())
}
