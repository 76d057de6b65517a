//! What a store holds at one moment: the chunks and the catalogue of a checkpoint, and the log since.
//!
//! A view stays what it is while others commit and write checkpoints; it costs the file the pages that it keeps. All
//! verification of what is read happens here, for every kind of store: against the frame, and against the directory.

use std::path::PathBuf;
use std::sync::Arc;

use crate::storage::directory::Directory;
use crate::storage::error::StorageError;
use crate::storage::frame::{CATALOGUE_KIND, Tail, unframe, unframe_record};
use crate::storage::key::ChunkKey;

/// Bytes that many may hold.
pub type Bytes = Arc<[u8]>;

/// One commit in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRecord {
    /// The number of the commit, counted from 1 over the life of the database.
    pub sequence: u64,
    /// The bytes that the commit gave.
    pub bytes: Bytes,
}

/// Where a view finds its framed bytes.
pub(super) trait Source: Send + Sync + std::fmt::Debug {
    /// Hands a chunk's framed bytes to `look`; returns whether the chunk is there.
    fn chunk(&self, key: &ChunkKey, look: &mut dyn FnMut(&[u8])) -> Result<bool, StorageError>;
    /// Hands the catalogue's framed bytes to `look`; returns whether there is one.
    fn catalogue(&self, look: &mut dyn FnMut(&[u8])) -> Result<bool, StorageError>;
    /// Hands the number and the framed bytes of each log record up to the one numbered `last` to `look`, in order.
    fn log(&self, last: u64, look: &mut dyn FnMut(u64, &[u8])) -> Result<(), StorageError>;
    /// Hands the bytes of each key in the table of chunks to `look`, in order.
    fn stored_keys(&self, look: &mut dyn FnMut(&[u8])) -> Result<(), StorageError>;
}

/// A store as it was at one moment.
#[derive(Debug)]
pub struct View {
    path: PathBuf,
    directory: Arc<Directory>,
    tail: Tail,
    source: Box<dyn Source>,
}

impl View {
    /// Makes a view; directory and tail have been verified.
    pub(super) fn new(path: PathBuf, directory: Arc<Directory>, tail: Tail, source: Box<dyn Source>) -> View {
        View { path, directory, tail, source }
    }

    /// Returns a chunk's payload, verified; none if the checkpoint has no such chunk.
    ///
    /// # Errors
    /// As [`View::look`].
    pub fn read(&self, key: &ChunkKey) -> Result<Option<Bytes>, StorageError> {
        self.look(key, |payload| Bytes::from(payload))
    }

    /// Lends a chunk's payload, verified, and returns what is made of it; none if the checkpoint has no such chunk. Nothing is copied.
    ///
    /// # Errors
    /// [`StorageError::Damaged`] if the chunk is not what was written, and the disk's errors.
    pub fn look<T>(&self, key: &ChunkKey, mut make: impl FnMut(&[u8]) -> T) -> Result<Option<T>, StorageError> {
        let Some(entry) = self.directory.chunks.get(key) else { return Ok(None) };
        let mut outcome = Err("it is missing".to_string());
        self.source.chunk(key, &mut |bytes| {
            outcome = unframe(key.kind(), key.as_bytes(), bytes).and_then(|framed| {
                if framed.checksum == entry.checksum && framed.payload.len() == entry.length as usize {
                    Ok(make(framed.payload))
                } else {
                    Err("it is an older version".to_string())
                }
            });
        })?;
        outcome.map(Some).map_err(|what| self.damaged(format!("chunk {key}: {what}")))
    }

    /// Returns a chunk's length in bytes without reading it; none if there is no such chunk.
    #[cfg(test)]
    pub fn length(&self, key: &ChunkKey) -> Option<u32> {
        self.directory.chunks.get(key).map(|entry| entry.length)
    }

    /// Returns the keys of a kind, in order, without reading the chunks.
    #[cfg(test)]
    pub fn scan(&self, kind: u8) -> &[ChunkKey] {
        self.scan_under(ChunkKey::new(kind, &[]))
    }

    /// Returns the keys that begin with a prefix, in order, without reading the chunks.
    pub fn scan_under(&self, prefix: ChunkKey) -> &[ChunkKey] {
        self.directory.under(prefix)
    }

    /// Returns the catalogue that the checkpoint wrote, verified; none before the first checkpoint.
    ///
    /// # Errors
    /// [`StorageError::Damaged`] if it is not what was written, and the disk's errors.
    pub fn catalogue(&self) -> Result<Option<Bytes>, StorageError> {
        let Some(entry) = self.directory.catalogue else { return Ok(None) };
        let mut outcome = Err("it is missing".to_string());
        self.source.catalogue(&mut |bytes| {
            outcome = unframe(CATALOGUE_KIND, &[], bytes).and_then(|framed| {
                if framed.checksum == entry.checksum && framed.payload.len() == entry.length as usize {
                    Ok(Bytes::from(framed.payload))
                } else {
                    Err("it is an older version".to_string())
                }
            });
        })?;
        outcome.map(Some).map_err(|what| self.damaged(format!("catalogue: {what}")))
    }

    /// Returns the commits since the checkpoint, in order, verified to be all of them.
    ///
    /// # Errors
    /// [`StorageError::Damaged`] if a record is missing or is not what was written, and the disk's errors.
    pub fn log(&self) -> Result<Vec<LogRecord>, StorageError> {
        let mut records = Vec::new();
        let mut at = Tail { last: self.tail.base, log_bytes: 0, chain: 0, ..self.tail };
        let mut fault = None;
        self.source.log(self.tail.last, &mut |sequence, bytes| {
            if fault.is_some() {
                return;
            }
            match unframe_record(&at, bytes) {
                Ok((payload, after)) if after.last == sequence => {
                    records.push(LogRecord { sequence, bytes: Bytes::from(payload) });
                    at = after;
                }
                Ok(_) => fault = Some(format!("log record {sequence} stands in the wrong place")),
                Err(what) => fault = Some(what),
            }
        })?;
        if fault.is_none() && at != self.tail {
            fault = Some(format!("the log ends at commit {} instead of {}", at.last, self.tail.last));
        }
        match fault {
            Some(what) => Err(self.damaged(what)),
            None => Ok(records),
        }
    }

    /// Returns the number of the last commit that this view shows.
    pub fn sequence(&self) -> u64 {
        self.tail.last
    }

    /// Returns the number of the checkpoint that this view shows; 0 before the first.
    pub fn checkpoint(&self) -> u64 {
        self.tail.checkpoint
    }

    pub(super) fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }

    pub(super) fn tail(&self) -> &Tail {
        &self.tail
    }

    pub(super) fn source(&self) -> &dyn Source {
        &*self.source
    }

    fn damaged(&self, what: String) -> StorageError {
        StorageError::damaged(&self.path, what)
    }
}
