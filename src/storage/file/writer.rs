//! Writes the chunks of a checkpoint into its transaction.

use std::path::Path;

use redb::{Table, WriteTransaction};

use crate::storage::directory::{ChunkChanges, ChunkTable, Directory, Entry};
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
    /// What the checkpoint before holds, or nothing once that has been cleared.
    pub(super) directory: Directory,
    pub(super) changes: ChunkChanges,
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
        let FileWriter { path, table, mut directory, changes, .. } = self;
        directory.chunks.apply(changes);
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
        self.changes.insert(key, Some(Entry::of_framed(key.as_bytes().len(), &framed)));
        Ok(())
    }

    fn delete(&mut self, key: ChunkKey) -> Result<(), StorageError> {
        let is_there = match self.changes.get(&key) {
            Some(changed) => changed.is_some(),
            None => self.directory.chunks.contains_key(&key),
        };
        if is_there {
            self.with_table(|table| table.remove(key.as_bytes()).map(drop))?;
            self.changes.insert(key, None);
        }
        Ok(())
    }

    fn clear(&mut self) -> Result<(), StorageError> {
        let (path, transaction, table) = (self.path, self.transaction, self.table.take());
        self.directory.chunks = ChunkTable::default();
        self.changes.clear();
        guarded(path, || {
            drop(table);
            transaction.delete_table(CHUNKS).map(drop).map_err(|error| translate("write", path, error))
        })?;
        // The table must be there again even if nothing is written to it.
        self.with_table(|_| Ok(()))
    }
}
