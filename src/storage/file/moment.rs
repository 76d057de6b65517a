//! Which moment a file shows: what its tables say, and the records of the front that follow.
//!
//! The process that writes knows the records of the front. Another one reads them beside it: the writer may move them into the table
//! between the reading of the table and of the front, so that something seems to be missing. The mark, read first, says how far commits had
//! been acknowledged before; a moment that is behind it is read again, unless nothing has changed since, which is damage.

use std::path::Path;
use std::sync::Arc;

use crate::storage::directory::Directory;
use crate::storage::error::StorageError;
use crate::storage::file::front::Front;
use crate::storage::file::mark::Mark;
use crate::storage::file::medium::Medium;
use crate::storage::file::open::Handle;
use crate::storage::file::tables::{Tables, drop_tables};

/// What is said of a file that has lost a commit.
pub(super) const LOST_COMMIT: &str = "its header names a commit that is not the last";

/// A moment of a file.
pub(super) struct Moment {
    pub(super) tables: Tables,
    /// The log as it is then.
    pub(super) front: Front,
    /// What need not be read again for the next moment.
    pub(super) known: Front,
}

/// Reads the moment of now; `known` is the front of an earlier one.
pub(super) fn read_moment(
    path: &Path,
    handle: &Handle,
    medium: &Medium,
    known: Option<&Front>,
) -> Result<Moment, StorageError> {
    let failed = |source| StorageError::io("read", path, source);
    let mut before = None;
    loop {
        let mark = Mark::read(medium).map_err(failed)?;
        let tables = handle.tables(path)?;
        let mut read = || {
            let table = tables.tail(path)?;
            let mut known = match known {
                Some(known) if *known.table() == table => known.clone(),
                _ => Front::empty(medium, table),
            };
            let front = known.read_on(medium, mark.map_or(0, |mark| mark.last())).map_err(failed)?;
            let is_lost = mark.is_some_and(|mark| mark.is_ahead_of(front.tail()));
            if is_lost && before == Some((mark, table)) {
                return Err(StorageError::damaged(path, LOST_COMMIT));
            }
            before = Some((mark, table));
            Ok((!is_lost).then_some((front, known)))
        };
        match read() {
            Ok(Some((front, known))) => return Ok(Moment { tables, front, known }),
            Ok(None) => drop_tables(path, Some(tables)),
            Err(error) => {
                drop_tables(path, Some(tables));
                return Err(error);
            }
        }
    }
}

/// Returns the directory of the checkpoint that a moment shows; `known` is one that need not be read again.
pub(super) fn directory_of(
    path: &Path,
    tables: &Tables,
    front: &Front,
    known: Option<&Arc<Directory>>,
) -> Result<Arc<Directory>, StorageError> {
    match known {
        Some(known) if known.checkpoint == front.tail().checkpoint => Ok(known.clone()),
        // Another process has written a checkpoint since this one opened the file.
        _ => tables.directory(front.tail(), path),
    }
}
