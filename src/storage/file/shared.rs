//! What a store and its views share: the open file, and bringing it back after a failure.
//!
//! After a failed operation the store crate does nothing more with its handle. The file is opened anew, and what it
//! holds is compared with what was promised: a record whose commit was reported as failed is taken out again.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use redb::{Database, Durability, WriteTransaction};

use crate::storage::directory::Directory;
use crate::storage::error::StorageError;
use crate::storage::file::mark::Mark;
use crate::storage::file::open::{self, Handle, Opened, Origin};
use crate::storage::file::tables::{LOG, TAIL_KEY, guarded, translate};
use crate::storage::frame::Tail;
use crate::storage::store::{OpenOptions, Sync};

/// What the store and its views share.
pub(super) struct Shared {
    pub(super) path: PathBuf,
    pub(super) origin: Origin,
    pub(super) options: OpenOptions,
    /// Held while writing; taken before `state`.
    pub(super) writer: Mutex<()>,
    pub(super) state: RwLock<State>,
}

/// What a transaction writes; it returns what the store holds once it is committed.
pub(super) type Work<'a> = dyn FnMut(&WriteTransaction, &Opened) -> Result<(Tail, Arc<Directory>), StorageError> + 'a;

/// The open file, or what became of it.
pub(super) struct State {
    /// None once the store is closed, and after a failure to reopen it.
    pub(super) opened: Option<Opened>,
    /// How often the file has been reopened.
    pub(super) generation: u64,
    /// The log as far as commits have been reported as done.
    pub(super) promised: Tail,
    /// The store crate met a failure, after which it does nothing more until the file is reopened.
    pub(super) failed: bool,
    pub(super) closed: bool,
}

impl Shared {
    pub(super) fn lock_writer(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn closed(&self) -> StorageError {
        StorageError::io("use", &self.path, std::io::Error::other("it has been closed"))
    }

    pub(super) fn transact(
        &self,
        durability: Durability,
        work: &mut Work<'_>,
    ) -> Result<(Tail, Arc<Directory>), StorageError> {
        let path = &self.path;
        let state = self.state();
        let opened = state.opened.as_ref().ok_or_else(|| self.closed())?;
        let Handle::Write(database) = &opened.handle else {
            return Err(StorageError::ReadOnly { path: path.clone() });
        };
        let transaction = begin_write(path, database, durability)?;
        match work(&transaction, opened) {
            Ok(outcome) => {
                guarded(path, || transaction.commit().map_err(|error| translate("write", path, error)))?;
                Ok(outcome)
            }
            Err(error) => {
                let _ = guarded(path, || transaction.abort().map_err(|error| translate("write", path, error)));
                Err(error)
            }
        }
    }

    /// Reopens the file after a failure, and takes out what a commit that was reported as failed may have left; the
    /// caller holds the writer's lock.
    pub(super) fn recover(&self) -> Result<(), StorageError> {
        let mut state = self.state_mut();
        if state.closed {
            return Err(self.closed());
        }
        if !state.failed {
            return Ok(());
        }
        if let Some(opened) = state.opened.take() {
            // The handle has failed, so that closing it writes nothing; its error would say nothing new.
            let _ = guarded(&self.path, || {
                drop(opened);
                Ok(())
            });
        }
        let options = OpenOptions { create: false, ..self.options.clone() };
        let mut opened = open::open(&self.origin, &self.path, &options)?;
        let (found, promised) = (opened.tail, state.promised);
        if found.checkpoint == promised.checkpoint && found.last == promised.last + 1 {
            self.take_back(&opened, found.last, &promised)?;
            opened.tail = promised;
        } else if found.last < promised.last {
            // Without syncs the disk may know less than was said. What stands above the store knows more than the
            // store, and must be opened anew.
            state.closed = true;
            return Err(StorageError::Stale { path: self.path.clone() });
        }
        // A checkpoint that was reported as failed and is there says the same as the log that it dropped.
        state.promised = opened.tail;
        state.opened = Some(opened);
        state.generation += 1;
        state.failed = false;
        Ok(())
    }

    /// Removes the record of a commit that was reported as failed.
    pub(super) fn take_back(&self, opened: &Opened, sequence: u64, promised: &Tail) -> Result<(), StorageError> {
        let Handle::Write(database) = &opened.handle else { return Ok(()) };
        let transaction = begin_write(&self.path, database, Durability::Immediate)?;
        let remove = || -> Result<(), redb::Error> {
            let mut log = transaction.open_table(LOG)?;
            log.remove(sequence)?;
            log.insert(TAIL_KEY, promised.encode().as_slice())?;
            drop(log);
            transaction.commit()?;
            Ok(())
        };
        guarded(&self.path, || remove().map_err(|error| translate("write", &self.path, error)))
    }

    pub(super) fn close(&self) -> Result<(), StorageError> {
        let mut state = self.state_mut();
        state.closed = true;
        let Some(Opened { handle, medium, tail, .. }) = state.opened.take() else { return Ok(()) };
        let path = &self.path;
        guarded(path, || match handle {
            Handle::Write(database) if !self.options.read_only && !state.failed => {
                if self.options.sync == Sync::Off {
                    begin_write(path, &database, Durability::Immediate)?
                        .commit()
                        .map_err(|error| translate("write", path, error))?;
                    Mark::write(&medium, &tail);
                }
                database.close().map_err(|error| translate("write", path, error))
            }
            handle => {
                drop(handle);
                Ok(())
            }
        })?;
        drop(medium);
        Ok(())
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Shared").field("path", &self.path).field("options", &self.options).finish_non_exhaustive()
    }
}

/// Begins a transaction; a durable one saves the allocator's state.
pub(super) fn begin_write(
    path: &Path,
    database: &Database,
    durability: Durability,
) -> Result<WriteTransaction, StorageError> {
    guarded(path, || {
        let mut transaction = database.begin_write().map_err(|error| translate("write", path, error))?;
        transaction.set_durability(durability).map_err(|error| translate("write", path, error))?;
        // Only a durable commit can save the allocator's state.
        transaction.set_quick_repair(matches!(durability, Durability::Immediate));
        Ok(transaction)
    })
}
