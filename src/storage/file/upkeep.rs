//! Upkeep of database files: a backup of what a view shows, compaction, and the deep check.

use std::path::Path;

use redb::CompactionError;

use crate::storage::directory::Directory;
use crate::storage::error::StorageError;
use crate::storage::file::FileStore;
use crate::storage::file::open::{Handle, Opened, Origin, open_verifying, publish, write_new};
use crate::storage::file::shared::{Shared, begin_write};
use crate::storage::file::tables::{CATALOGUE_KEY, CHUNKS, DIRECTORY_KEY, LOG, META, TAIL_KEY, guarded, translate};
use crate::storage::file::temporary::{remove_left_behind, temporary_name};
use crate::storage::frame::{CATALOGUE_KIND, DIRECTORY_KIND, Tail, frame, frame_record};
use crate::storage::store::{OpenOptions, Store};
use crate::storage::verify::{Problem, VerifyProgress};
use crate::storage::view::View;

/// Compaction moves pages towards the beginning of the file in rounds; it is done when a round moves nothing.
const MAXIMUM_COMPACTION_ROUNDS: u32 = 64;

/// Writes what a view shows into a new file, all of it or nothing; the store may be in use meanwhile. The view may be
/// of a store in memory.
///
/// # Errors
/// [`StorageError::AlreadyExists`], [`StorageError::Damaged`] if what is copied is, and the disk's errors.
pub fn backup(view: &View, path: &Path) -> Result<(), StorageError> {
    if path.symlink_metadata().is_ok() {
        return Err(StorageError::AlreadyExists { path: path.to_path_buf() });
    }
    remove_left_behind(path);
    let temporary = temporary_name(path);
    let options = OpenOptions::default();
    let outcome = write_new(&temporary, &options, |opened| copy(view, opened, &temporary));
    let outcome = outcome.and_then(|()| publish(&temporary, path, false));
    let _ = std::fs::remove_file(&temporary);
    outcome.map_err(|error| error.about(path))
}

/// Copies chunks, catalogue and log, verified on the way.
fn copy(view: &View, opened: &Opened, path: &Path) -> Result<(), StorageError> {
    let Handle::Write(database) = &opened.handle else {
        return Err(StorageError::ReadOnly { path: path.to_path_buf() });
    };
    let written = |error: redb::Error| translate("write", path, error);
    let transaction = begin_write(path, database)?;
    {
        let mut chunks = transaction.open_table(CHUNKS).map_err(|error| written(error.into()))?;
        for key in view.directory().chunks.keys() {
            let payload = view.read(key)?.unwrap_or_default();
            let framed = frame(key.kind(), key.as_bytes(), &payload);
            chunks.insert(key.as_bytes(), framed.as_slice()).map_err(|error| written(error.into()))?;
        }
        let mut meta = transaction.open_table(META).map_err(|error| written(error.into()))?;
        if let Some(catalogue) = view.catalogue()? {
            let framed = frame(CATALOGUE_KIND, &[], &catalogue);
            meta.insert(CATALOGUE_KEY, framed.as_slice()).map_err(|error| written(error.into()))?;
        }
        let directory: &Directory = view.directory();
        let framed = frame(DIRECTORY_KIND, &[], &directory.encode());
        meta.insert(DIRECTORY_KEY, framed.as_slice()).map_err(|error| written(error.into()))?;
        let mut log = transaction.open_table(LOG).map_err(|error| written(error.into()))?;
        let mut tail = Tail { last: view.tail().base, log_bytes: 0, chain: 0, ..*view.tail() };
        for record in view.log()? {
            tail = tail.after(&record.bytes);
            let framed = frame_record(&tail, &record.bytes);
            log.insert(tail.last, framed.as_slice()).map_err(|error| written(error.into()))?;
        }
        log.insert(TAIL_KEY, tail.encode().as_slice()).map_err(|error| written(error.into()))?;
    }
    guarded(path, || transaction.commit().map_err(|error| written(error.into())))
}

impl Shared {
    /// Compacts the file, which nobody may be reading.
    pub(super) fn compact(&self) -> Result<bool, StorageError> {
        let path = &self.path;
        let _writer = self.lock_writer();
        self.recover()?;
        let mut state = self.state_mut();
        let opened = state.opened.as_mut().ok_or_else(|| self.closed())?;
        let Opened { handle: Handle::Write(database), medium, .. } = opened else {
            return Err(StorageError::ReadOnly { path: path.clone() });
        };
        if self.options.read_only {
            return Err(StorageError::ReadOnly { path: path.clone() });
        }
        let size = |failed: &'static str| medium.size_bytes().map_err(|source| StorageError::io(failed, path, source));
        let before = size("read")?;
        let outcome = guarded(path, || {
            for _ in 0..MAXIMUM_COMPACTION_ROUNDS {
                match database.compact() {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(CompactionError::Storage(error)) => return Err(translate("write", path, error)),
                    Err(_) => return Err(StorageError::Busy { path: path.clone() }),
                }
            }
            // Compaction saves no allocator's state; with one, a crash from here on needs no walk through the file.
            let transaction = begin_write(path, database)?;
            transaction.commit().map_err(|error| translate("write", path, error))
        });
        let after = size("read");
        if matches!(outcome, Err(StorageError::Io { .. } | StorageError::Damaged { .. })) {
            state.failed = true;
        }
        outcome?;
        Ok(after? < before)
    }
}

/// What a deep check of a file found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckReport {
    /// Whether the store crate's own pages were verified too; not while another process writes to the file.
    pub pages_verified: bool,
    /// What is wrong; nothing for a sound file.
    pub problems: Vec<Problem>,
}

/// Reads and verifies all of a file without changing it: the store crate's pages, every chunk, catalogue and log.
///
/// # Errors
/// If the file cannot be looked at at all: it is foreign, newer, or held by a process that shares it with nobody.
pub fn check(path: &Path, progress: &mut dyn FnMut(VerifyProgress)) -> Result<CheckReport, StorageError> {
    let options = OpenOptions { read_only: true, create: false, ..OpenOptions::default() };
    match open_verifying(path, &options) {
        Ok(opened) => {
            let store = FileStore::of_opened(opened, Origin::Path(path.to_path_buf()), path, options);
            Ok(CheckReport { pages_verified: true, problems: store.verify(progress)? })
        }
        Err(StorageError::InUse { .. }) => {
            let problems = FileStore::open(path, options)?.verify(progress)?;
            Ok(CheckReport { pages_verified: false, problems })
        }
        Err(error @ StorageError::Damaged { .. }) => {
            Ok(CheckReport { pages_verified: true, problems: vec![Problem { what: error.to_string() }] })
        }
        Err(error) => Err(error),
    }
}
