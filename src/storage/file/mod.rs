//! A store in one file, on the store crate redb: the one door to it.
//!
//! A commit is one transaction that adds a record to the log; a checkpoint is one that writes chunks and empties the
//! log. Both commit in two phases and save the allocator's state (quick repair), so that opening after a crash costs
//! no walk through the file. A failed write closes and reopens the file: what the disk holds then is compared with
//! what was promised, and a record whose commit was reported as failed is taken out again.

mod holder;
pub mod medium;
mod open;
mod tables;
mod upkeep;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use redb::{Database, Durability, ReadableTable, Table, WriteTransaction};

use crate::storage::directory::{Directory, Entry};
use crate::storage::error::StorageError;
use crate::storage::frame::{CATALOGUE_KIND, DIRECTORY_KIND, Header, Tail, frame, frame_record};
use crate::storage::key::ChunkKey;
use crate::storage::store::{ChunkWriter, Fill, OpenOptions, Statistics, Store, Sync, check_size};
use crate::storage::view::{Source, View};

use open::{Handle, Opened, Origin};
use tables::{CATALOGUE_KEY, CHUNKS, DIRECTORY_KEY, LOG, META, TAIL_KEY, Tables, guarded, translate};

pub use tables::is_guarded;
pub use upkeep::{CheckReport, backup, check};

/// A database file.
#[derive(Debug)]
pub struct FileStore {
    shared: Arc<Shared>,
}

/// What the store and its views share.
struct Shared {
    path: PathBuf,
    origin: Origin,
    options: OpenOptions,
    /// Held while writing; taken before `state`.
    writer: Mutex<()>,
    state: RwLock<State>,
}

struct State {
    /// None once the store is closed, and after a failure to reopen it.
    opened: Option<Opened>,
    /// How often the file has been reopened.
    generation: u64,
    /// The log as far as commits have been reported as done.
    promised: Tail,
    /// The store crate met a failure, after which it does nothing more until the file is reopened.
    failed: bool,
    closed: bool,
}

impl FileStore {
    /// Opens a database file, or makes it.
    ///
    /// # Errors
    /// By name: in use, foreign, newer, damaged, not writable; a refused file is left as it was, byte for byte.
    pub fn open(path: &Path, options: OpenOptions) -> Result<FileStore, StorageError> {
        FileStore::of_origin(Origin::Path(path.to_path_buf()), path, options)
    }

    /// Opens a disk that is not a file; an empty one becomes a new database.
    ///
    /// # Errors
    /// As [`FileStore::open`].
    pub fn open_disk(disk: Arc<dyn medium::Disk>, options: OpenOptions) -> Result<FileStore, StorageError> {
        FileStore::of_origin(Origin::Disk(disk), Path::new(":disk:"), options)
    }

    fn of_origin(origin: Origin, path: &Path, options: OpenOptions) -> Result<FileStore, StorageError> {
        let opened = open::open(&origin, path, &options)?;
        Ok(FileStore::of_opened(opened, origin, path, options))
    }

    fn of_opened(opened: Opened, origin: Origin, path: &Path, options: OpenOptions) -> FileStore {
        let promised = opened.tail;
        let state = State { opened: Some(opened), generation: 0, promised, failed: false, closed: false };
        let state = RwLock::new(state);
        let shared = Shared { path: path.to_path_buf(), origin, options, writer: Mutex::new(()), state };
        FileStore { shared: Arc::new(shared) }
    }

    /// Writes one transaction. If it fails, the file is reopened, so that the next one finds it sound.
    fn write(
        &self,
        durability: Durability,
        work: &mut dyn FnMut(&WriteTransaction, &Opened) -> Result<(Tail, Arc<Directory>), StorageError>,
    ) -> Result<Tail, StorageError> {
        let shared = &*self.shared;
        if shared.options.read_only {
            return Err(StorageError::ReadOnly { path: shared.path.clone() });
        }
        let _writer = shared.lock_writer();
        shared.recover()?;
        let outcome = shared.transact(durability, work);
        match outcome {
            Ok((tail, directory)) => {
                let mut state = shared.state_mut();
                state.promised = tail;
                if let Some(opened) = state.opened.as_mut() {
                    (opened.tail, opened.directory) = (tail, directory);
                }
                Ok(tail)
            }
            Err(error) => {
                if matches!(error, StorageError::Io { .. } | StorageError::Damaged { .. }) {
                    shared.state_mut().failed = true;
                    // If even this fails, the next call tries again; the first error is the one to report.
                    let _ = shared.recover();
                }
                Err(error)
            }
        }
    }
}

impl Store for FileStore {
    fn view(&self) -> Result<View, StorageError> {
        let shared = &self.shared;
        if shared.state().failed {
            let _writer = shared.lock_writer();
            shared.recover()?;
        }
        let (tables, tail, directory, generation) = {
            let state = shared.state();
            let opened = state.opened.as_ref().ok_or_else(|| shared.closed())?;
            let tables = Tables::open(&opened.handle.begin_read(&shared.path)?, &shared.path)?;
            let tail = tables.tail(&shared.path)?;
            let known = (opened.directory.checkpoint == tail.checkpoint).then(|| opened.directory.clone());
            // Another process may have written a checkpoint since this one opened the file.
            let directory = known.map_or_else(|| tables.directory(&tail, &shared.path), Ok)?;
            (tables, tail, directory, state.generation)
        };
        if shared.options.read_only {
            if let Some(opened) = shared.state_mut().opened.as_mut() {
                opened.directory = directory.clone();
            }
        }
        let source = FileSource { shared: shared.clone(), checkpoint: tail.checkpoint, generation, tables };
        Ok(View::new(shared.path.clone(), directory, tail, Box::new(source)))
    }

    fn append_log(&self, record: &[u8]) -> Result<u64, StorageError> {
        check_size("a log record", record)?;
        let path = &self.shared.path;
        let durability = match self.shared.options.sync {
            Sync::Full => Durability::Immediate,
            Sync::Off => Durability::None,
        };
        let tail = self.write(durability, &mut |transaction, opened| {
            let tail = opened.tail.after(record);
            let add = || -> Result<(), redb::Error> {
                let mut log = transaction.open_table(LOG)?;
                log.insert(tail.last, frame_record(&tail, record).as_slice())?;
                log.insert(TAIL_KEY, tail.encode().as_slice())?;
                Ok(())
            };
            guarded(path, || add().map_err(|error| translate("write", path, error)))?;
            Ok((tail, opened.directory.clone()))
        })?;
        Ok(tail.last)
    }

    fn checkpoint(&self, fill: &mut Fill<'_>) -> Result<(), StorageError> {
        let path = &self.shared.path;
        self.write(Durability::Immediate, &mut |transaction, opened| {
            let directory = (*opened.directory).clone();
            let mut writer = FileWriter { path, transaction, table: None, directory };
            let catalogue = fill(&mut writer)?;
            check_size("a catalogue", &catalogue)?;
            let mut directory = writer.into_directory()?;
            let tail = opened.tail.after_checkpoint();
            directory.checkpoint = tail.checkpoint;
            directory.catalogue = Some(Entry::of(CATALOGUE_KIND, &[], &catalogue));
            let finish = || -> Result<(), redb::Error> {
                let mut meta = transaction.open_table(META)?;
                meta.insert(CATALOGUE_KEY, frame(CATALOGUE_KIND, &[], &catalogue).as_slice())?;
                meta.insert(DIRECTORY_KEY, frame(DIRECTORY_KIND, &[], &directory.encode()).as_slice())?;
                transaction.delete_table(LOG)?;
                transaction.open_table(LOG)?.insert(TAIL_KEY, tail.encode().as_slice())?;
                Ok(())
            };
            guarded(path, || finish().map_err(|error| translate("write", path, error)))?;
            Ok((tail, Arc::new(directory)))
        })?;
        Ok(())
    }

    fn log_size_bytes(&self) -> u64 {
        self.shared.state().promised.log_bytes
    }

    fn is_read_only(&self) -> bool {
        self.shared.options.read_only
    }

    fn path(&self) -> &Path {
        &self.shared.path
    }

    fn compact(&self) -> Result<bool, StorageError> {
        self.shared.compact()
    }

    fn statistics(&self) -> Result<Statistics, StorageError> {
        let counted = Statistics::of_view(&self.view()?);
        let state = self.shared.state();
        let opened = state.opened.as_ref().ok_or_else(|| self.shared.closed())?;
        let size = opened.medium.size_bytes();
        let Header { version, created_by } = opened.header.clone();
        Ok(Statistics {
            file_size_bytes: size.map_err(|source| StorageError::io("read", &self.shared.path, source))?,
            format_version: version,
            created_by,
            ..counted
        })
    }

    fn close(&self) -> Result<(), StorageError> {
        let _writer = self.shared.lock_writer();
        self.shared.close()
    }
}

impl Drop for FileStore {
    fn drop(&mut self) {
        // Who wants the error calls `close`.
        let _ = self.close();
    }
}

impl Shared {
    fn lock_writer(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn closed(&self) -> StorageError {
        StorageError::io("use", &self.path, std::io::Error::other("it has been closed"))
    }

    fn transact(
        &self,
        durability: Durability,
        work: &mut dyn FnMut(&WriteTransaction, &Opened) -> Result<(Tail, Arc<Directory>), StorageError>,
    ) -> Result<(Tail, Arc<Directory>), StorageError> {
        let path = &self.path;
        let state = self.state();
        let opened = state.opened.as_ref().ok_or_else(|| self.closed())?;
        let Handle::Write(database) = &opened.handle else {
            return Err(StorageError::ReadOnly { path: path.clone() });
        };
        let transaction = begin_write(path, database, durability)?;
        let (tail, directory) = work(&transaction, opened)?;
        guarded(path, || transaction.commit().map_err(|error| translate("write", path, error)))?;
        Ok((tail, directory))
    }

    /// Reopens the file after a failure, and takes out what a commit that was reported as failed may have left; the
    /// caller holds the writer's lock.
    fn recover(&self) -> Result<(), StorageError> {
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
    fn take_back(&self, opened: &Opened, sequence: u64, promised: &Tail) -> Result<(), StorageError> {
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

    fn close(&self) -> Result<(), StorageError> {
        let mut state = self.state_mut();
        state.closed = true;
        let Some(Opened { handle, medium, .. }) = state.opened.take() else { return Ok(()) };
        let path = &self.path;
        guarded(path, || match handle {
            Handle::Write(database) if !self.options.read_only && !state.failed => {
                if self.options.sync == Sync::Off {
                    begin_write(path, &database, Durability::Immediate)?
                        .commit()
                        .map_err(|error| translate("write", path, error))?;
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

fn begin_write(path: &Path, database: &Database, durability: Durability) -> Result<WriteTransaction, StorageError> {
    guarded(path, || {
        let mut transaction = database.begin_write().map_err(|error| translate("write", path, error))?;
        transaction.set_durability(durability).map_err(|error| translate("write", path, error))?;
        // Only a durable commit can save the allocator's state.
        transaction.set_quick_repair(matches!(durability, Durability::Immediate));
        Ok(transaction)
    })
}

/// Writes the chunks of a checkpoint into its transaction.
struct FileWriter<'t> {
    path: &'t Path,
    transaction: &'t WriteTransaction,
    table: Option<Table<'t, &'static [u8], &'static [u8]>>,
    directory: Directory,
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
    fn into_directory(self) -> Result<Directory, StorageError> {
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

/// Where a view of a file finds its bytes.
struct FileSource {
    shared: Arc<Shared>,
    checkpoint: u64,
    generation: u64,
    tables: Tables,
}

impl std::fmt::Debug for FileSource {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("FileSource").field("checkpoint", &self.checkpoint).finish_non_exhaustive()
    }
}

impl FileSource {
    /// Reads from this view's transaction; if the file was reopened since, from a new one that shows the same chunks.
    fn read(&self, work: &mut dyn FnMut(&Tables) -> Result<bool, StorageError>) -> Result<bool, StorageError> {
        let error = match work(&self.tables) {
            Err(error @ StorageError::Io { .. }) => error,
            outcome => return outcome,
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
            let opened = state.opened.as_ref().ok_or_else(|| shared.closed())?;
            let tables = Tables::open(&opened.handle.begin_read(&shared.path)?, &shared.path)?;
            if tables.tail(&shared.path)?.checkpoint != self.checkpoint {
                return Err(StorageError::Stale { path: shared.path.clone() });
            }
            tables
        };
        work(&tables)
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
        self.read(&mut |tables| {
            records.clear();
            guarded(path, || {
                for entry in tables.log.range(..=last).map_err(|error| translate("read", path, error))? {
                    let (sequence, record) = entry.map_err(|error| translate("read", path, error))?;
                    records.push((sequence.value(), record.value().to_vec()));
                }
                Ok(true)
            })
        })?;
        records.iter().for_each(|(sequence, record)| look(*sequence, record));
        Ok(())
    }

    fn stored_keys(&self, look: &mut dyn FnMut(&[u8])) -> Result<(), StorageError> {
        let path = &self.shared.path;
        guarded(path, || {
            for entry in self.tables.chunks.iter().map_err(|error| translate("read", path, error))? {
                look(entry.map_err(|error| translate("read", path, error))?.0.value());
            }
            Ok(())
        })
    }
}
