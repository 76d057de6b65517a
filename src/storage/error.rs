//! What can go wrong with a store, by name: it is in use, foreign, newer, damaged, read-only, or the disk failed.
//!
//! Every message names the file. None of these is a mistake in a query; all are the world's.

use std::io;
use std::path::{Path, PathBuf};

/// A process that holds a database file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The process number.
    pub process_id: u32,
    /// The name of its program, where the system tells.
    pub name: Option<String>,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            _ if self.process_id == std::process::id() => out.write_str("this process"),
            Some(name) => write!(out, "process {} ({name})", self.process_id),
            None => write!(out, "process {}", self.process_id),
        }
    }
}

/// An error of the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// Another handle holds the file; a second writer is refused at once.
    #[error("`{}` is in use by {}", path.display(), holder.as_ref().map_or("another process".to_string(), Holder::to_string))]
    InUse {
        /// The database file.
        path: PathBuf,
        /// Who holds it, where the system tells.
        holder: Option<Holder>,
    },
    /// The file is something else than a database of ours; it was not touched.
    #[error("`{}` is not a yuanpu database: {reason}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it looks like instead.
        reason: String,
    },
    /// The file was written in a later format; it was not touched.
    #[error(
        "`{}` has format {found}, written by {written_by}; this program reads formats up to {supported}",
        path.display()
    )]
    NewerVersion {
        /// The database file.
        path: PathBuf,
        /// The format that the file says.
        found: u16,
        /// The newest format that this program reads.
        supported: u16,
        /// The program that made the file.
        written_by: String,
    },
    /// Bytes of the file are not what was written.
    #[error("`{}` is damaged: {what}", path.display())]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// The store was opened for reading only.
    #[error("`{}` is open for reading only", path.display())]
    ReadOnly {
        /// The database file.
        path: PathBuf,
    },
    /// The system lets us read the file but not write it.
    #[error("`{}` cannot be written", path.display())]
    NotWritable {
        /// The database file.
        path: PathBuf,
        /// The system's refusal.
        source: io::Error,
    },
    /// The file was opened anew after a failed write, and the version that this view shows is gone.
    #[error("`{}` was reopened after a failed write; read it again", path.display())]
    Stale {
        /// The database file.
        path: PathBuf,
    },
    /// Something that needs the file alone was asked while readers look at it.
    #[error("`{}` cannot be compacted while it is being read", path.display())]
    Busy {
        /// The database file.
        path: PathBuf,
    },
    /// A file that would be made is there already.
    #[error("`{}` exists already", path.display())]
    AlreadyExists {
        /// The file.
        path: PathBuf,
    },
    /// A chunk, catalogue or log record beyond the size that one may have.
    #[error("{what} of {size_bytes} bytes is larger than {limit_bytes} bytes")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size.
        size_bytes: u64,
        /// The greatest size.
        limit_bytes: u64,
    },
    /// The disk or the system refused.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was being done, as a verb: `read`, `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

impl StorageError {
    /// Returns what to try, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            StorageError::InUse { .. } | StorageError::NotWritable { .. } => {
                Some("open it with --read-only".to_string())
            }
            StorageError::NewerVersion { .. } => Some("use a newer yuanpu".to_string()),
            StorageError::Damaged { path, .. } => {
                Some(format!("run `yuanpu check {}`, or restore a backup", path.display()))
            }
            StorageError::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Some("make room on the disk and try again; nothing that was committed is lost".to_string())
            }
            _ => None,
        }
    }

    /// Returns whether the disk is full.
    pub fn is_out_of_room(&self) -> bool {
        matches!(self, StorageError::Io { source, .. }
            if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
    }

    /// Names another file than the one that the system refused: the user asked for `path`, not for the temporary one.
    pub(crate) fn about(self, path: &Path) -> StorageError {
        match self {
            StorageError::Io { action, source, .. } => StorageError::io(action, path, source),
            other => other,
        }
    }

    /// Returns an error that says the same, for whoever meets a failure that was kept.
    pub(crate) fn again(&self) -> StorageError {
        match self {
            StorageError::Damaged { path, what } => StorageError::damaged(path, what.clone()),
            StorageError::Stale { path } => StorageError::Stale { path: path.clone() },
            StorageError::Io { action, path, source } => {
                StorageError::io(action, path, io::Error::new(source.kind(), source.to_string()))
            }
            other => StorageError::damaged(Path::new(""), other.to_string()),
        }
    }

    /// Makes the error of damage found in a file.
    pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> StorageError {
        StorageError::Damaged { path: path.to_path_buf(), what: what.into() }
    }

    /// Makes the error of a system call on a file.
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> StorageError {
        StorageError::Io { action, path: path.to_path_buf(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_file_and_the_holder() {
        let holder = |name: Option<&str>| Some(Holder { process_id: 1, name: name.map(str::to_string) });
        let error = |holder| StorageError::InUse { path: "a.yuanpu".into(), holder };
        assert_eq!(error(holder(Some("yuanpu"))).to_string(), "`a.yuanpu` is in use by process 1 (yuanpu)");
        assert_eq!(error(holder(None)).to_string(), "`a.yuanpu` is in use by process 1");
        assert_eq!(error(None).to_string(), "`a.yuanpu` is in use by another process");
        assert_eq!(error(None).hint().as_deref(), Some("open it with --read-only"));
        let own = Some(Holder { process_id: std::process::id(), name: None });
        assert_eq!(error(own).to_string(), "`a.yuanpu` is in use by this process");
    }
}
