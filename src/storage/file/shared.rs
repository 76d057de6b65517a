//! What a store and its views share: the open file, and bringing it back after a failure.
//!
//! After a failed operation the store crate does nothing more with its handle, and what a failed sync left of the front is not known. The file is opened anew, and what it
//! holds is compared with what was promised: a record whose commit was reported as failed is taken out again.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use redb::{Database, Durability, WriteTransaction};

use crate::storage::directory::Directory;
use crate::storage::error::StorageError;
use crate::storage::file::front::Front;
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

/// What the store holds after a write.
pub(super) struct Written {
    pub(super) front: Front,
    pub(super) directory: Arc<Directory>,
    /// Whether it would survive a power failure.
    pub(super) is_durable: bool,
}

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

    /// Writes one transaction of the store crate.
    pub(super) fn transact<T>(
        &self,
        opened: &Opened,
        work: impl FnOnce(&WriteTransaction) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let path = &self.path;
        let Handle::Write(database) = &opened.handle else {
            return Err(StorageError::ReadOnly { path: path.clone() });
        };
        let transaction = begin_write(path, database)?;
        match work(&transaction) {
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
        let (found, promised) = (*opened.front.tail(), state.promised);
        if found.checkpoint == promised.checkpoint && found.last == promised.last + 1 && !options.read_only {
            opened.front = self.take_back(&opened, &promised)?;
        } else if found.last < promised.last {
            // Without syncs the disk may know less than was said. What stands above the store knows more than the
            // store, and must be opened anew.
            state.closed = true;
            return Err(StorageError::Stale { path: self.path.clone() });
        }
        // A checkpoint that was reported as failed and is there says the same as the log that it dropped.
        state.promised = *opened.front.tail();
        state.opened = Some(opened);
        state.generation += 1;
        state.failed = false;
        Ok(())
    }

    /// Removes the record of a commit that was reported as failed; returns the front without it.
    fn take_back(&self, opened: &Opened, promised: &Tail) -> Result<Front, StorageError> {
        let failed = |source| StorageError::io("write", &self.path, source);
        if opened.front.table().last <= promised.last {
            return opened.front.clone().take_back(&opened.medium, promised).map_err(failed);
        }
        self.transact(opened, |transaction| {
            let remove = || -> Result<(), redb::Error> {
                let mut log = transaction.open_table(LOG)?;
                log.remove(promised.last + 1)?;
                log.insert(TAIL_KEY, promised.encode().as_slice())?;
                Ok(())
            };
            guarded(&self.path, || remove().map_err(|error| translate("write", &self.path, error)))
        })?;
        Ok(Front::empty(&opened.medium, *promised))
    }

    pub(super) fn close(&self) -> Result<(), StorageError> {
        let mut state = self.state_mut();
        state.closed = true;
        let Some(Opened { handle, medium, front, .. }) = state.opened.take() else { return Ok(()) };
        let path = &self.path;
        medium.end_reading_ahead();
        guarded(path, || match handle {
            Handle::Write(database) if !self.options.read_only && !state.failed => {
                if self.options.sync == Sync::Off {
                    medium.sync().map_err(|source| StorageError::io("write", path, source))?;
                    Mark::write(&medium, front.tail());
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

/// Begins a transaction, which is durable and saves the allocator's state.
pub(super) fn begin_write(path: &Path, database: &Database) -> Result<WriteTransaction, StorageError> {
    guarded(path, || {
        let mut transaction = database.begin_write().map_err(|error| translate("write", path, error))?;
        transaction.set_durability(Durability::Immediate).map_err(|error| translate("write", path, error))?;
        transaction.set_quick_repair(true);
        Ok(transaction)
    })
}
