//! What an embedder may choose when opening a database; everything has a default.

use std::path::PathBuf;
use std::time::Duration;

use crate::function::system_nanoseconds;

/// How a database behaves.
///
/// ```
/// use std::time::Duration;
/// let options = yuanpu::Options::default().timeout(Duration::from_secs(5)).memory_limit_bytes(1 << 30);
/// let database = yuanpu::Database::in_memory_with(options);
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    pub(super) threads: Option<usize>,
    pub(super) memory_limit_bytes: Option<usize>,
    pub(super) timeout: Option<Duration>,
    pub(super) lock_timeout: Duration,
    pub(super) csv_folder: Option<PathBuf>,
    pub(super) read_only: bool,
    pub(super) create: bool,
    pub(super) sync: bool,
    pub(super) clock: fn() -> i128,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            threads: None,
            memory_limit_bytes: None,
            timeout: None,
            lock_timeout: Duration::from_secs(10),
            csv_folder: None,
            read_only: false,
            create: true,
            sync: true,
            clock: system_nanoseconds,
        }
    }
}

impl Options {
    /// Returns them with the number of threads that one statement may use; otherwise as many as there are processors.
    #[must_use]
    pub fn threads(mut self, count: usize) -> Self {
        self.threads = Some(count.max(1));
        self
    }

    /// Returns them with the memory that one statement may use, in bytes; otherwise half of the machine's.
    #[must_use]
    pub fn memory_limit_bytes(mut self, limit: usize) -> Self {
        self.memory_limit_bytes = Some(limit);
        self
    }

    /// Returns them with the time that one statement may take; otherwise there is no limit.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Returns them with the time that a write waits for another connection's transaction to end; otherwise 10 seconds.
    #[must_use]
    pub fn lock_timeout(mut self, limit: Duration) -> Self {
        self.lock_timeout = limit;
        self
    }

    /// Returns them with the folder below which `LOAD CSV` may read; otherwise it may read nothing.
    #[must_use]
    pub fn csv_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.csv_folder = Some(folder.into());
        self
    }

    /// Returns them with writing refused.
    #[must_use]
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.read_only = read_only;
        self
    }

    /// Returns them with a missing file refused or made; otherwise it is made.
    #[must_use]
    pub fn create(mut self, create: bool) -> Self {
        self.create = create;
        self
    }

    /// Returns them with commits that wait until the disk has them, or do not; otherwise they wait.
    ///
    /// Without waiting, a crash of the machine may lose the last commits, all after some point; one of the program loses none. The file stays whole.
    #[must_use]
    pub fn sync(mut self, sync: bool) -> Self {
        self.sync = sync;
        self
    }

    /// Returns them with another clock, in nanoseconds since 1970-01-01T00:00Z; otherwise the system's.
    #[must_use]
    pub fn clock(mut self, clock: fn() -> i128) -> Self {
        self.clock = clock;
        self
    }
}
