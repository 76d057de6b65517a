//! A store in one file, on the store crate redb: the one door to it.
//!
//! A commit is one transaction that adds a record to the log; a checkpoint is one that writes chunks and empties the
//! log. Both commit in two phases and save the allocator's state (quick repair), so that opening after a crash costs
//! no walk through the file. A failed write closes and reopens the file: what the disk holds then is compared with
//! what was promised, and a record whose commit was reported as failed is taken out again.

mod holder;
pub mod medium;
mod mark;
mod tables;
mod open;
mod shared;
mod source;
mod writer;
mod upkeep;

use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use redb::Durability;

use crate::storage::directory::{ChunkChanges, Entry};
use crate::storage::error::StorageError;
use crate::storage::frame::{CATALOGUE_KIND, DIRECTORY_KIND, Header, Tail, frame, frame_record};
use crate::storage::store::{Fill, OpenOptions, Statistics, Store, Sync, check_size};
use crate::storage::view::View;

use mark::Mark;
use open::{Opened, Origin};
use shared::{Shared, State, Work};
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
        let promised = opened.tail;
        let state = State { opened: Some(opened), generation: 0, promised, failed: false, closed: false };
        let state = RwLock::new(state);
        let shared = Shared { path: path.to_path_buf(), origin, options, writer: Mutex::new(()), state };
        FileStore { shared: Arc::new(shared) }
    }

    /// Writes one transaction. If it fails, the file is reopened, so that the next one finds it sound.
    fn write(&self, durability: Durability, work: &mut Work<'_>) -> Result<Tail, StorageError> {
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
                    if matches!(durability, Durability::Immediate) {
                        Mark::write(&opened.medium, &tail);
                    }
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
        let (source, tail, directory) = {
            let state = shared.state();
            let opened = state.opened.as_ref().ok_or_else(|| shared.closed())?;
            let tables = opened.handle.tables(&shared.path)?;
            let (shared, generation) = (shared.clone(), state.generation);
            let mut source = FileSource { shared, checkpoint: 0, generation, tables: Some(tables) };
            let (tail, directory) = source.moment(&opened.directory)?;
            source.checkpoint = tail.checkpoint;
            (source, tail, directory)
        };
        if shared.options.read_only
            && let Some(opened) = shared.state_mut().opened.as_mut()
        {
            opened.directory = directory.clone();
        }
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
            let mut writer = FileWriter { path, transaction, table: None, directory, changes: ChunkChanges::new() };
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
