//! Where a view of a file finds its bytes: a read transaction, or after a failure another that shows the same.

use std::sync::Arc;

use redb::ReadableTable;

use crate::storage::error::StorageError;
use crate::storage::file::front::Front;
use crate::storage::file::shared::Shared;
use crate::storage::file::tables::{CATALOGUE_KEY, Tables, drop_tables, guarded, translate};
use crate::storage::key::ChunkKey;
use crate::storage::view::Source;

/// Where a view of a file finds its bytes.
pub(super) struct FileSource {
    pub(super) shared: Arc<Shared>,
    /// The log of the view; what its table held then is read from the tables, the rest stands here.
    pub(super) front: Front,
    /// How often the file had been reopened.
    pub(super) generation: u64,
    /// None only while it is dropped.
    pub(super) tables: Option<Tables>,
}

impl Drop for FileSource {
    fn drop(&mut self) {
        drop_tables(&self.shared.path, self.tables.take());
    }
}

impl std::fmt::Debug for FileSource {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("FileSource").field("tail", self.front.tail()).finish_non_exhaustive()
    }
}

impl FileSource {
    /// Reads from this view's transaction; if the file was reopened since, from a new one that shows the same chunks.
    fn read(&self, work: &mut dyn FnMut(&Tables) -> Result<bool, StorageError>) -> Result<bool, StorageError> {
        let error = match self.tables.as_ref().map(&mut *work) {
            Some(Err(error @ StorageError::Io { .. })) => error,
            Some(outcome) => return outcome,
            None => return Err(self.shared.closed()),
        };
        let shared = &self.shared;
        // Whoever writes just now finds the failure too; waiting for it could be waiting for ourselves.
        let Ok(_writer) = shared.writer.try_lock() else { return Err(error) };
        {
            let mut state = shared.state_mut();
            if state.generation == self.generation {
                state.failed = true;
            }
        }
        shared.recover()?;
        let tables = {
            let state = shared.state();
            state.opened.as_ref().ok_or_else(|| shared.closed())?.handle.tables(&shared.path)?
        };
        let outcome =
            tables.tail(&shared.path).and_then(|tail| match tail.checkpoint == self.front.tail().checkpoint {
                true => work(&tables),
                false => Err(StorageError::Stale { path: shared.path.clone() }),
            });
        drop_tables(&shared.path, Some(tables));
        outcome
    }
}

impl Source for FileSource {
    fn chunk(&self, key: &ChunkKey, look: &mut dyn FnMut(&[u8])) -> Result<bool, StorageError> {
        let path = &self.shared.path;
        self.read(&mut |tables| {
            guarded(path, || {
                let found = tables.chunks.get(key.as_bytes()).map_err(|error| translate("read", path, error))?;
                Ok(found.map(|value| look(value.value())).is_some())
            })
        })
    }

    fn catalogue(&self, look: &mut dyn FnMut(&[u8])) -> Result<bool, StorageError> {
        self.read(&mut |tables| tables.meta_value(CATALOGUE_KEY, &self.shared.path, look))
    }

    fn log(&self, last: u64, look: &mut dyn FnMut(u64, &[u8])) -> Result<(), StorageError> {
        let path = &self.shared.path;
        let mut records = Vec::new();
        // Of a file reopened since, the table may have more.
        let in_table = last.min(self.front.table().last);
        self.read(&mut |tables| {
            records.clear();
            guarded(path, || {
                for entry in tables.log.range(..=in_table).map_err(|error| translate("read", path, error))? {
                    let (sequence, record) = entry.map_err(|error| translate("read", path, error))?;
                    records.push((sequence.value(), record.value().to_vec()));
                }
                Ok(true)
            })
        })?;
        records.iter().for_each(|(sequence, record)| look(*sequence, record));
        self.front.each(in_table + 1, last, look);
        Ok(())
    }

    fn stored_keys(&self, look: &mut dyn FnMut(&[u8])) -> Result<(), StorageError> {
        let path = &self.shared.path;
        let tables = self.tables.as_ref().ok_or_else(|| self.shared.closed())?;
        guarded(path, || {
            for entry in tables.chunks.iter().map_err(|error| translate("read", path, error))? {
                look(entry.map_err(|error| translate("read", path, error))?.0.value());
            }
            Ok(())
        })
    }
}
