//! The tables of a database file, and reading them: what the store crate keeps under which name.
//!
//! ```text
//! table   key                     value
//! yuanpu  "catalogue"             the catalogue in its frame; missing before the first checkpoint
//!         "directory"             the list of chunks in its frame (directory.rs)
//! chunk   the key's bytes         the chunk in its frame
//! log     a commit's number       the commit's record, once it was moved here from the front (front.rs)
//!         18446744073709551615    the tail of the log
//! ```

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use redb::{ReadOnlyTable, ReadTransaction, TableDefinition};

use crate::storage::directory::Directory;
use crate::storage::error::StorageError;
use crate::storage::frame::{DIRECTORY_KIND, Tail, unframe};

pub(super) const META: TableDefinition<&str, &[u8]> = TableDefinition::new("yuanpu");
pub(super) const CHUNKS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("chunk");
pub(super) const LOG: TableDefinition<u64, &[u8]> = TableDefinition::new("log");
pub(super) const TAIL_KEY: u64 = u64::MAX;
pub(super) const CATALOGUE_KEY: &str = "catalogue";
pub(super) const DIRECTORY_KEY: &str = "directory";

/// The tables as one read transaction shows them; they keep it alive.
pub(super) struct Tables {
    pub(super) meta: ReadOnlyTable<&'static str, &'static [u8]>,
    pub(super) chunks: ReadOnlyTable<&'static [u8], &'static [u8]>,
    pub(super) log: ReadOnlyTable<u64, &'static [u8]>,
}

impl Tables {
    /// Opens the tables.
    ///
    /// # Errors
    /// [`StorageError::Damaged`] if the file lacks one.
    pub(super) fn open(transaction: &ReadTransaction, path: &Path) -> Result<Tables, StorageError> {
        let meta = transaction.open_table(META).map_err(|error| translate("read", path, error))?;
        let chunks = transaction.open_table(CHUNKS).map_err(|error| translate("read", path, error))?;
        let log = transaction.open_table(LOG).map_err(|error| translate("read", path, error))?;
        Ok(Tables { meta, chunks, log })
    }

    /// Reads the tail of the log.
    pub(super) fn tail(&self, path: &Path) -> Result<Tail, StorageError> {
        guarded(path, || {
            let found = self.log.get(TAIL_KEY).map_err(|error| translate("read", path, error))?;
            let found = found.ok_or_else(|| StorageError::damaged(path, "the log has no tail"))?;
            Tail::decode(found.value()).map_err(|what| StorageError::damaged(path, what))
        })
    }

    /// Reads the directory of the checkpoint that the tail names.
    pub(super) fn directory(&self, tail: &Tail, path: &Path) -> Result<Arc<Directory>, StorageError> {
        let mut outcome = Err("it is missing".to_string());
        self.meta_value(DIRECTORY_KEY, path, &mut |bytes| {
            outcome = unframe(DIRECTORY_KIND, &[], bytes).and_then(|framed| Directory::decode(framed.payload));
        })?;
        match outcome {
            Ok(directory) if directory.checkpoint == tail.checkpoint => Ok(Arc::new(directory)),
            Ok(_) => Err(StorageError::damaged(path, "directory: it is that of another checkpoint")),
            Err(what) => Err(StorageError::damaged(path, format!("directory: {what}"))),
        }
    }

    /// Hands a value of the table `yuanpu` to `look`; returns whether it is there.
    pub(super) fn meta_value(&self, key: &str, path: &Path, look: &mut dyn FnMut(&[u8])) -> Result<bool, StorageError> {
        guarded(path, || {
            let found = self.meta.get(key).map_err(|error| translate("read", path, error))?;
            Ok(found.map(|value| look(value.value())).is_some())
        })
    }
}

/// Ends a read transaction, which panics if the store crate met damage elsewhere.
pub(super) fn drop_tables(path: &Path, tables: Option<Tables>) {
    let _ = guarded(path, || {
        drop(tables);
        Ok(())
    });
}

thread_local! {
    static GUARDED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Returns whether this thread is inside the store crate, where a panic means a damaged file and is turned into an
/// error: a program's panic hook has nothing to say then.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Runs a piece of work in the store crate, which panics on some kinds of damage instead of answering.
pub(super) fn guarded<T>(path: &Path, work: impl FnOnce() -> Result<T, StorageError>) -> Result<T, StorageError> {
    let outer = GUARDED.replace(true);
    // Unwind safety: after a panic the caller reopens the file or refuses it, and looks at nothing that was shared.
    let outcome = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    outcome.unwrap_or_else(|_| Err(StorageError::damaged(path, "its pages contradict each other")))
}

/// Turns an error of the store crate into ours.
pub(super) fn translate(action: &'static str, path: &Path, error: impl Into<redb::Error>) -> StorageError {
    match error.into() {
        redb::Error::Io(source) if source.kind() == std::io::ErrorKind::UnexpectedEof => {
            StorageError::damaged(path, "it ends too early")
        }
        redb::Error::Io(source) if source.kind() == std::io::ErrorKind::InvalidData => {
            StorageError::Foreign { path: path.to_path_buf(), reason: "it begins otherwise".to_string() }
        }
        redb::Error::Io(source) => StorageError::io(action, path, source),
        redb::Error::PreviousIo | redb::Error::DatabaseClosed => {
            StorageError::io(action, path, std::io::Error::other("an earlier operation on it failed"))
        }
        redb::Error::ValueTooLarge(size) => StorageError::TooLarge {
            what: "a value",
            size_bytes: size as u64,
            limit_bytes: crate::storage::frame::MAXIMUM_PAYLOAD_BYTES,
        },
        redb::Error::Corrupted(what) => StorageError::damaged(path, what.trim_end_matches('.').to_string()),
        redb::Error::UpgradeRequired(version) => StorageError::Foreign {
            path: path.to_path_buf(),
            reason: format!("it is a redb file of the old version {version}"),
        },
        other => StorageError::damaged(path, other.to_string()),
    }
}
