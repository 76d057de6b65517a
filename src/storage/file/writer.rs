//! Writes the chunks of a checkpoint into its transaction.

use std::path::Path;

use redb::{Table, WriteTransaction};

use crate::storage::directory::{Directory, Entry};
use crate::storage::error::StorageError;
use crate::storage::file::tables::{CHUNKS, guarded, translate};
use crate::storage::frame::frame;
use crate::storage::key::ChunkKey;
use crate::storage::store::{ChunkWriter, check_size};

/// Writes the chunks of a checkpoint into its transaction.
pub(super) struct FileWriter<'t> {
    pub(super) path: &'t Path,
    pub(super) transaction: &'t WriteTransaction,
    pub(super) table: Option<Table<'t, &'static [u8], &'static [u8]>>,
    pub(super) directory: Directory,
}

impl<'t> FileWriter<'t> {
    fn with_table(
        &mut self,
        work: impl FnOnce(&mut Table<'t, &'static [u8], &'static [u8]>) -> Result<(), redb::StorageError>,
    ) -> Result<(), StorageError> {
        let (path, transaction, slot) = (self.path, self.transaction, &mut self.table);
        guarded(path, || {
            let table = match slot {
                Some(table) => table,
                None => slot.insert(transaction.open_table(CHUNKS).map_err(|error| translate("write", path, error))?),
            };
            work(table).map_err(|error| translate("write", path, error))
        })
    }

    /// Closes the table, and returns what is stored now.
    pub(super) fn into_directory(self) -> Result<Directory, StorageError> {
        let FileWriter { path, table, directory, .. } = self;
        guarded(path, || {
            drop(table);
            Ok(directory)
        })
    }
}

impl ChunkWriter for FileWriter<'_> {
    fn put(&mut self, key: ChunkKey, payload: &[u8]) -> Result<(), StorageError> {
        check_size("a chunk", payload)?;
        let framed = frame(key.kind(), key.as_bytes(), payload);
        self.with_table(|table| table.insert(key.as_bytes(), framed.as_slice()).map(drop))?;
        self.directory.chunks.insert(key, Entry::of(key.kind(), key.as_bytes(), payload));
        Ok(())
    }

    fn delete(&mut self, key: ChunkKey) -> Result<(), StorageError> {
        if self.directory.chunks.remove(&key).is_some() {
            self.with_table(|table| table.remove(key.as_bytes()).map(drop))?;
        }
        Ok(())
    }

    fn clear(&mut self) -> Result<(), StorageError> {
        let (path, transaction, table) = (self.path, self.transaction, self.table.take());
        self.directory.chunks.clear();
        guarded(path, || {
            drop(table);
            transaction.delete_table(CHUNKS).map(drop).map_err(|error| translate("write", path, error))
        })?;
        // The table must be there again even if nothing is written to it.
        self.with_table(|_| Ok(()))
    }
}
