//! Where the graph of a test is kept: in memory, or in a file that is closed and opened again after every statement.

use std::path::PathBuf;

use yuanpu::{Connection, Database, Options};

/// Where a graph is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// In memory.
    Memory,
    /// In a file.
    File,
}

/// A graph, and the file that it is kept in.
pub struct Kept {
    /// The connection to it.
    pub connection: Connection,
    file: Option<(tempfile::TempDir, PathBuf)>,
    reopened: usize,
}

fn options() -> Options {
    Options::default().memory_limit_bytes(1 << 30).sync(false)
}

impl Kept {
    /// Returns an empty graph.
    pub fn empty(store: Store) -> Kept {
        let file = (store == Store::File).then(|| {
            let folder = tempfile::tempdir().expect("there is room for a folder");
            let path = folder.path().join("graph.yuanpu");
            (folder, path)
        });
        let database = match &file {
            Some((_, path)) => Database::open(path, options()).expect("the file is new"),
            None => Database::in_memory_with(options()),
        };
        Kept { connection: database.connect(), file, reopened: 0 }
    }

    /// Closes the file and opens it again, unless the graph is in memory or in the middle of a transaction.
    ///
    /// # Errors
    /// In words, if the file is not what was written.
    pub fn reopen(&mut self) -> Result<(), String> {
        let Some((_, path)) = &self.file else { return Ok(()) };
        if self.connection.in_transaction() {
            return Ok(());
        }
        self.reopened += 1;
        if self.reopened.is_multiple_of(2) {
            // Every other time the graph comes from chunks instead of the log.
            self.connection.database().compact().map_err(|error| error.to_string())?;
        }
        self.connection = Database::in_memory().connect();
        let database = Database::open(path, options()).map_err(|error| format!("opening again: {error}"))?;
        self.connection = database.connect();
        Ok(())
    }
}
