//! How far an import has come, what it brought, and the bytes that it has read of its files.

use std::fs::File;
use std::io::{BufReader, Read, Result};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How far an import has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// The file that is being read.
    pub file: String,
    /// The bytes read of all files.
    pub bytes_read: u64,
    /// The bytes of all files.
    pub bytes_total: u64,
    /// The rows read so far.
    pub rows: u64,
}

/// What an import brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// The nodes made.
    pub nodes: u64,
    /// The relationships made.
    pub relationships: u64,
    /// The rows put aside.
    pub bad_rows: u64,
}

impl std::ops::AddAssign for ImportReport {
    fn add_assign(&mut self, other: ImportReport) {
        self.nodes += other.nodes;
        self.relationships += other.relationships;
        self.bad_rows += other.bad_rows;
    }
}

/// Counts the bytes that are read of several files.
#[derive(Clone, Debug, Default)]
pub(super) struct ByteCount(Arc<AtomicU64>);

/// A file whose bytes are counted as they are read.
pub(super) type CountedFile = BufReader<Counted>;

/// See [`CountedFile`].
pub(super) struct Counted {
    file: File,
    count: ByteCount,
}

impl ByteCount {
    /// Opens a file whose bytes are counted here.
    pub(super) fn open(&self, path: &Path) -> Result<CountedFile> {
        let file = File::open(path)?;
        Ok(BufReader::with_capacity(1 << 20, Counted { file, count: self.clone() }))
    }

    /// Returns how many bytes were read.
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let size = self.file.read(buffer)?;
        self.count.0.fetch_add(size as u64, Ordering::Relaxed);
        Ok(size)
    }
}
