//! A store in one file, on the store crate redb: the one door to it.
//!
//! A commit writes one record of the log into the front of the file; one that finds no room there goes into the table
//! `log` with all that stand in the front, in one transaction of the store crate. A checkpoint is a transaction that writes
//! chunks and empties the log. Transactions commit in two phases and save the allocator's state (quick repair), so that
//! opening after a crash costs no walk through the file. A failed write closes and reopens the file: what the disk holds then
//! is compared with what was promised, and a record whose commit was reported as failed is taken out again.

mod holder;
mod ahead;
pub mod medium;
mod mark;
mod front;
mod tables;
mod moment;
mod temporary;
mod open;
mod shared;
mod source;
mod writer;
mod upkeep;

use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use crate::storage::directory::{ChunkChanges, Directory, Entry};
use crate::storage::error::StorageError;
use crate::storage::frame::{CATALOGUE_KIND, DIRECTORY_KIND, Header, frame, frame_record};
use crate::storage::store::{Fill, OpenOptions, Statistics, Store, Sync, check_size};
use crate::storage::view::View;

use front::Front;
use mark::Mark;
use moment::{directory_of, read_moment};
use open::{Opened, Origin};
use shared::{Shared, State, Written};
use source::FileSource;
use tables::{CATALOGUE_KEY, DIRECTORY_KEY, LOG, META, TAIL_KEY, guarded, translate};
use writer::FileWriter;

pub use tables::is_guarded;
pub use upkeep::{backup, check};

/// A database file.
#[derive(Debug)]
pub struct FileStore {
    shared: Arc<Shared>,
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
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "a disk that fails on purpose stands in for a file in tests alone")
    )]
    pub fn open_disk(disk: Arc<dyn medium::Disk>, options: OpenOptions) -> Result<FileStore, StorageError> {
        FileStore::of_origin(Origin::Disk(disk), Path::new(":disk:"), options)
    }

    fn of_origin(origin: Origin, path: &Path, options: OpenOptions) -> Result<FileStore, StorageError> {
        let opened = open::open(&origin, path, &options)?;
        Ok(FileStore::of_opened(opened, origin, path, options))
    }

    fn of_opened(opened: Opened, origin: Origin, path: &Path, options: OpenOptions) -> FileStore {
        let promised = *opened.front.tail();
        let state = State { opened: Some(opened), generation: 0, promised, failed: false, closed: false };
        let state = RwLock::new(state);
        let shared = Shared { path: path.to_path_buf(), origin, options, writer: Mutex::new(()), state };
        FileStore { shared: Arc::new(shared) }
    }

    /// Writes once. If it fails, the file is reopened, so that the next one finds it sound.
    fn write(&self, work: &mut dyn FnMut(&Opened) -> Result<Written, StorageError>) -> Result<u64, StorageError> {
        let shared = &*self.shared;
        if shared.options.read_only {
            return Err(StorageError::ReadOnly { path: shared.path.clone() });
        }
        let _writer = shared.lock_writer();
        shared.recover()?;
        let outcome = {
            let state = shared.state();
            work(state.opened.as_ref().ok_or_else(|| shared.closed())?)
        };
        match outcome {
            Ok(Written { front, directory, is_durable }) => {
                let (mut state, tail) = (shared.state_mut(), *front.tail());
                state.promised = tail;
                if let Some(opened) = state.opened.as_mut() {
                    (opened.front, opened.directory) = (front, directory);
                    if is_durable {
                        Mark::write(&opened.medium, &tail);
                    }
                }
                Ok(tail.last)
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

    /// Moves the records of the front into the table, and adds one for which the front had no room.
    fn append_to_table(&self, opened: &Opened, record: &[u8]) -> Result<Front, StorageError> {
        let path = &self.shared.path;
        let before = opened.front.tail();
        let tail = before.after(record);
        self.shared.transact(opened, |transaction| {
            let add = || -> Result<(), redb::Error> {
                let mut log = transaction.open_table(LOG)?;
                let mut outcome = Ok(());
                opened.front.each(before.base + 1, before.last, &mut |number, record| {
                    if outcome.is_ok() {
                        outcome = log.insert(number, record).map(drop);
                    }
                });
                outcome?;
                log.insert(tail.last, frame_record(&tail, record).as_slice())?;
                log.insert(TAIL_KEY, tail.encode().as_slice())?;
                Ok(())
            };
            guarded(path, || add().map_err(|error| translate("write", path, error)))
        })?;
        Ok(Front::empty(&opened.medium, tail))
    }

    /// Returns what a view shows now, and the directory of its checkpoint.
    fn source_of_now(&self) -> Result<(FileSource, Arc<Directory>), StorageError> {
        let shared = &self.shared;
        let path = &shared.path;
        let state = shared.state();
        let opened = state.opened.as_ref().ok_or_else(|| shared.closed())?;
        let (tables, front, known) = if shared.options.read_only {
            let moment = read_moment(path, &opened.handle, &opened.medium, Some(&opened.front))?;
            (moment.tables, moment.front, Some(moment.known))
        } else {
            (opened.handle.tables(path)?, opened.front.clone(), None)
        };
        let mut source =
            FileSource { shared: shared.clone(), front, generation: state.generation, tables: Some(tables) };
        let tables = source.tables.as_ref().ok_or_else(|| shared.closed())?;
        if !shared.options.read_only {
            let table = tables.tail(path)?;
            // A write that ends just now has changed the table, and all that stood in the front is in it.
            if table != *source.front.table() {
                source.front = Front::empty(&opened.medium, table);
            }
        }
        let directory = directory_of(path, tables, &source.front, Some(&opened.directory))?;
        drop(state);
        // Whoever writes may read meanwhile, for a checkpoint, and holds the state then.
        if let Some(known) = known
            && let Some(opened) = shared.state_mut().opened.as_mut()
        {
            (opened.front, opened.directory) = (known, directory.clone());
        }
        Ok((source, directory))
    }
}

impl Store for FileStore {
    fn view(&self) -> Result<View, StorageError> {
        let shared = &self.shared;
        if shared.state().failed {
            let _writer = shared.lock_writer();
            shared.recover()?;
        }
        let (source, directory) = self.source_of_now()?;
        let tail = *source.front.tail();
        Ok(View::new(shared.path.clone(), directory, tail, Box::new(source)))
    }

    fn read_ahead(&self) {
        if let Some(opened) = &self.shared.state().opened {
            opened.medium.read_ahead();
        }
    }

    fn append_log(&self, record: &[u8]) -> Result<u64, StorageError> {
        check_size("a log record", record)?;
        let is_synced = self.shared.options.sync == Sync::Full;
        self.write(&mut |opened| {
            let directory = opened.directory.clone();
            if !opened.front.has_room_for(record) {
                return Ok(Written { front: self.append_to_table(opened, record)?, directory, is_durable: true });
            }
            let front = opened.front.append(&opened.medium, record, is_synced);
            let front = front.map_err(|source| StorageError::io("write", &self.shared.path, source))?;
            Ok(Written { front, directory, is_durable: is_synced })
        })
    }

    fn checkpoint(&self, fill: &mut Fill<'_>) -> Result<(), StorageError> {
        let path = &self.shared.path;
        self.write(&mut |opened| {
            let tail = opened.front.tail().after_checkpoint();
            let directory = self.shared.transact(opened, |transaction| {
                let directory = (*opened.directory).clone();
                let mut writer = FileWriter { path, transaction, table: None, directory, changes: ChunkChanges::new() };
                let catalogue = fill(&mut writer)?;
                check_size("a catalogue", &catalogue)?;
                let mut directory = writer.into_directory()?;
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
                Ok(Arc::new(directory))
            })?;
            Ok(Written { front: Front::empty(&opened.medium, tail), directory, is_durable: true })
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
        let Header { version, created_by, .. } = opened.medium.header().clone();
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
