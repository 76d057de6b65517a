//! Databases in files: opening one, loading it in bulk, copying, compacting and closing it.

use std::path::Path;
use std::sync::Arc;

use crate::graph::{GraphError, Snapshot};
use crate::storage::{StorageError, Store};

use super::database_file::DatabaseFile;
use super::error::{Error, StateError};
use super::stack::with_ample_stack;
use super::{CancelHandle, Database, FileStatistics, Options, machine};

/// So much of a file may be held before a question has asked for it.
const AHEAD_BYTES: usize = 64 << 20;
/// And no more than this share of the memory limit.
const AHEAD_SHARE: usize = 16;

/// Asserts that all could be read since there were so many failures.
pub(super) fn check_reads(snapshot: &Snapshot, failures: u64) -> Result<(), Error> {
    match snapshot.read_failure_since(failures) {
        Some(failure) => Err(GraphError::Unreadable(failure).into()),
        None => Ok(()),
    }
}

/// What is wrong with a database file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFindings {
    /// Each thing in words; none for a sound file.
    pub findings: Vec<String>,
    /// Whether the pages of the store were looked at too; not while another process writes to the file.
    pub pages_verified: bool,
}

impl Database {
    /// Opens a database file, or makes it. One handle at a time may write it; its clones and connections share it.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("cities.yuanpu");
    /// use yuanpu::{Database, Options};
    /// let database = Database::open(&path, Options::default())?;
    /// database.connect().run("CREATE (:City {name: 'Suzhou'})", ())?;
    /// drop(database);
    ///
    /// let database = Database::open(&path, Options::default().read_only(true))?;
    /// let answer = database.connect().run("MATCH (c:City) RETURN c.name", ())?;
    /// assert_eq!(answer.rows.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the file is in use by another writer, is no database, was written by a later program, is damaged, or cannot be read or made;
    /// it is left as it was then, byte for byte.
    #[cfg(feature = "redb")]
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Database, Error> {
        use crate::storage::{FileStore, OpenOptions, Sync};
        let sync = if options.sync { Sync::Full } else { Sync::Off };
        let opening =
            OpenOptions { read_only: options.read_only, create: options.create, sync, ..OpenOptions::default() };
        let store = FileStore::open(path.as_ref(), opening)?;
        Database::open_store(Arc::new(store), options)
    }

    /// Opens the database that a store holds.
    pub(crate) fn open_store(store: Arc<dyn Store>, mut options: Options) -> Result<Database, Error> {
        let memory_limit_bytes = *options.memory_limit_bytes.get_or_insert_with(machine::half_of_memory_bytes);
        let ahead_bytes = AHEAD_BYTES.min(memory_limit_bytes / AHEAD_SHARE);
        let (file, snapshot) = with_ample_stack(|| DatabaseFile::open(store, ahead_bytes))?;
        Ok(Database::new(snapshot, Some(file), options))
    }

    /// Returns the path of the file that the graph is kept in; none if in memory only.
    pub fn path(&self) -> Option<&Path> {
        self.file().map(DatabaseFile::path)
    }

    /// Replaces the graph by what a load makes of it, all at once or not at all. While it loads, others read the graph of before.
    pub(super) fn load<Report>(
        &self,
        load: impl FnOnce(&Snapshot) -> Result<(Snapshot, Report), Error>,
    ) -> Result<Report, Error> {
        let permit = self.acquire_writer(&CancelHandle::default())?;
        let base = self.snapshot();
        let failures = base.read_failures();
        let (snapshot, report) = load(&base)?;
        check_reads(&base, failures)?;
        if let Some(file) = self.file() {
            with_ample_stack(|| file.write(&snapshot))?;
        }
        self.replace(snapshot, true);
        drop(permit);
        Ok(report)
    }

    /// Hands the graph as it is now to `read`, and says so if a part of the file could not be read for it: what it did is void then.
    pub(crate) fn reading<Outcome>(&self, read: impl FnOnce(&Snapshot) -> Outcome) -> Result<Outcome, Error> {
        let snapshot = self.snapshot();
        let failures = snapshot.read_failures();
        let outcome = with_ample_stack(|| read(&snapshot));
        check_reads(&snapshot, failures)?;
        Ok(outcome)
    }

    /// Writes a copy of the database file as it is now, while it is in use.
    ///
    /// # Errors
    /// If there is a file of that name already, if the database is in memory only, or if the disk fails.
    #[cfg(feature = "redb")]
    pub fn back_up(&self, target: impl AsRef<Path>) -> Result<(), Error> {
        Ok(self.in_file()?.back_up(target.as_ref())?)
    }

    /// Writes the log into chunks and makes the file as small as it can be; returns whether any room was gained.
    ///
    /// # Errors
    /// If somebody is reading the file, if the database is in memory only or read only, or if the disk fails.
    pub fn compact(&self) -> Result<bool, Error> {
        let file = self.in_file()?;
        let _permit = self.acquire_writer(&CancelHandle::default())?;
        let snapshot = self.snapshot();
        Ok(with_ample_stack(|| file.compact(&snapshot))?)
    }

    /// Counts what the file holds.
    ///
    /// # Errors
    /// If the database is in memory only, or the disk fails.
    pub fn file_statistics(&self) -> Result<FileStatistics, Error> {
        Ok(self.in_file()?.statistics()?)
    }

    /// Lets go of the file; what other handles and connections ask of it afterwards is refused. Dropping the last handle does the same,
    /// without the error.
    ///
    /// # Errors
    /// If the disk fails; what was committed is in the file all the same.
    pub fn close(self) -> Result<(), Error> {
        let Some(file) = self.file() else { return Ok(()) };
        let closing = |snapshot: &Snapshot| -> Result<(), StorageError> { file.close(snapshot) };
        if self.options().read_only {
            return Ok(closing(&self.snapshot())?);
        }
        let _permit = self.acquire_writer(&CancelHandle::default())?;
        Ok(with_ample_stack(|| closing(&self.snapshot()))?)
    }

    /// Reads and verifies all of a database file without changing it: the store's pages, every chunk and record, and that they make a
    /// graph.
    ///
    /// # Errors
    /// If the file cannot be looked at at all: it is no database, of a later program, or in use by somebody who shares it with nobody.
    #[cfg(feature = "redb")]
    pub fn check_file(path: impl AsRef<Path>) -> Result<FileFindings, Error> {
        use crate::storage::{FileStore, OpenOptions, check};
        let path = path.as_ref();
        let report = check(path, &mut |_| {})?;
        let mut findings: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
        if findings.is_empty() {
            // Bytes that are what was written may still say what no graph says.
            let options = OpenOptions { read_only: true, create: false, ..OpenOptions::default() };
            let store = FileStore::open(path, options)?;
            findings = with_ample_stack(|| match DatabaseFile::open(Arc::new(store), 0) {
                Ok((_file, graph)) => graph.verify(),
                Err(error) => vec![error.to_string()],
            });
        }
        Ok(FileFindings { findings, pages_verified: report.pages_verified })
    }

    /// Returns about how many bytes of memory hold parts of the file unchanged, which could be read again; 0 if in memory only.
    pub fn held_size_bytes(&self) -> usize {
        self.file().map_or(0, DatabaseFile::clean_size_bytes)
    }

    fn in_file(&self) -> Result<&DatabaseFile, Error> {
        self.file().ok_or_else(|| StateError::InMemory.into())
    }
}
