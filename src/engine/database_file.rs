//! The file that a database is kept in: what a commit writes to it before anyone sees it, and when its log is folded into chunks.
//!
//! ```text
//!   commit   changes ── one log record, durable ──> then the snapshot is published
//!   load     a whole snapshot ── a checkpoint ────> then the snapshot is published
//!   fold     the log has grown, or the file is closed ── a checkpoint of what differs from the one before
//! ```

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::graph::{Change, Loader, OpenError, Snapshot, encode_changes};
use crate::storage::{Statistics, StorageError, Store};

/// A log beyond this size is folded into chunks, so that opening stays quick.
const LOG_LIMIT_BYTES: u64 = 4 << 20;
/// A log below this size is left as it is when the file is closed: to read it again costs less than to write chunks.
const CLOSING_LIMIT_BYTES: u64 = 16 << 10;
/// A commit beyond this size goes straight into chunks: it would have to be written there at once anyway.
const RECORD_LIMIT_BYTES: usize = 32 << 20;

/// A database's file.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    store: Arc<dyn Store>,
    /// What was last read or written of it.
    known: Mutex<Known>,
    folded: Mutex<Folded>,
    /// How many bytes may be held of what no question has asked for yet.
    ahead_bytes: usize,
}

/// The moment of the file that the graph shows.
#[derive(Debug, Default)]
struct Known {
    /// Reads chunks of the store when they are touched.
    loader: Option<Arc<Loader>>,
    /// The numbers of checkpoint and commit that a reader has seen.
    moment: (u64, u64),
}

/// What the last checkpoint holds.
#[derive(Debug, Default)]
struct Folded {
    /// Its graph, which says which chunks are there; none if that is not known.
    snapshot: Option<Snapshot>,
    /// Its number, if that is known.
    checkpoint: Option<u64>,
    /// The size of the log at which the next one is due; more than the limit after one that failed.
    due_bytes: u64,
}

impl DatabaseFile {
    /// Takes a store and returns it with the graph that was last committed to it. What is asked for next is read ahead until so many
    /// bytes are held, nothing if it is 0.
    ///
    /// # Errors
    /// If the store cannot be read, or holds what this program does not write.
    pub(super) fn open(store: Arc<dyn Store>, ahead_bytes: usize) -> Result<(DatabaseFile, Snapshot), StorageError> {
        let moment = moment(&*store)?;
        let (snapshot, current) = read(&store)?;
        let known = Mutex::new(Known { loader: current.loader().cloned(), moment });
        let file = DatabaseFile { store, known, folded: Mutex::default(), ahead_bytes };
        *file.folded() = Folded { snapshot, checkpoint: file.checkpoint(), due_bytes: LOG_LIMIT_BYTES };
        file.release();
        if ahead_bytes > 0 {
            file.store.read_ahead();
            file.read_on();
        }
        Ok((file, current))
    }

    fn read_on(&self) {
        if let Some(loader) = self.loader() {
            loader.read_on(self.ahead_bytes);
        }
    }

    fn end_reading_on(&self) {
        if let Some(loader) = self.loader() {
            loader.end_reading_on();
        }
    }

    /// Returns what reads chunks of the file.
    pub(super) fn loader(&self) -> Option<Arc<Loader>> {
        self.known().loader.clone()
    }

    /// Hands on the graph of now, if the file is only read here and another process has committed since it was last asked.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn follow(&self, take: impl FnOnce(Snapshot)) -> Result<(), StorageError> {
        if !self.store.is_read_only() {
            return Ok(());
        }
        let mut known = self.known();
        let moment = moment(&*self.store)?;
        if known.moment != moment {
            // A commit that comes in between is read twice, never missed.
            let (_, current) = read(&self.store)?;
            let loader = current.loader().cloned();
            if let Some(before) = &known.loader {
                before.end_reading_on();
            }
            if let Some(loader) = &loader {
                loader.read_on(self.ahead_bytes);
            }
            *known = Known { loader, moment };
            take(current);
        }
        Ok(())
    }

    /// Returns about how many bytes of memory hold what could be read from the file again.
    pub(super) fn clean_size_bytes(&self) -> usize {
        self.loader().map_or(0, |loader| loader.held_size_bytes())
    }

    /// Lets go of what the graph of the last checkpoint holds in memory.
    pub(super) fn forget(&self) {
        let mut folded = self.folded();
        folded.snapshot = folded.snapshot.as_ref().map(|snapshot| snapshot.give_back(0));
    }

    /// Lets go of the view through which chunks are read: a writer's would keep pages of the file from being used again. A reader keeps
    /// its own, for another process may write.
    fn release(&self) {
        if let (false, Some(loader)) = (self.store.is_read_only(), self.loader()) {
            loader.release();
        }
    }

    /// Returns where the file is.
    pub(super) fn path(&self) -> &Path {
        self.store.path()
    }

    /// Writes what a transaction changed; once this has returned, it is there whatever happens.
    ///
    /// # Errors
    /// The disk's errors; the file is then as it was.
    pub(super) fn commit(&self, changes: &[Change], after: &Snapshot) -> Result<(), StorageError> {
        let record = encode_changes(changes);
        if record.len() > RECORD_LIMIT_BYTES {
            return self.write(after);
        }
        let outcome = self.store.append_log(&record).map(drop);
        self.release();
        outcome
    }

    /// Writes a graph as a whole, as far as it differs from that of the last checkpoint; the log is empty then.
    ///
    /// # Errors
    /// The disk's errors; the file then says what it said before.
    pub(super) fn write(&self, graph: &Snapshot) -> Result<(), StorageError> {
        let mut folded = self.folded();
        let before = folded.snapshot.clone();
        let outcome = self.store.checkpoint(&mut |writer| graph.write_checkpoint(before.as_ref(), writer));
        self.release();
        match outcome {
            Ok(()) => {
                // From now on what was written can be given back and read again.
                graph.settle();
                folded.checkpoint = self.checkpoint();
                folded.snapshot = Some(graph.clone());
                folded.due_bytes = LOG_LIMIT_BYTES;
            }
            Err(_) => {
                // A checkpoint that failed may be there all the same; what it is compared with next must not be guessed.
                if folded.checkpoint.is_none() || self.checkpoint() != folded.checkpoint {
                    folded.snapshot = None;
                    folded.checkpoint = None;
                }
                folded.due_bytes = self.store.log_size_bytes().saturating_add(LOG_LIMIT_BYTES);
            }
        }
        outcome
    }

    /// Folds the log into chunks if it has grown long. A failure is no error: the log has all that was committed, and the next time
    /// comes.
    pub(super) fn fold_if_due(&self, graph: &Snapshot) {
        let due_bytes = self.folded().due_bytes;
        if self.store.log_size_bytes() > due_bytes {
            let _ = self.write(graph);
        }
    }

    /// Folds what is worth it and lets go of the file.
    ///
    /// # Errors
    /// The disk's errors; what was committed is there.
    pub(super) fn close(&self, graph: &Snapshot) -> Result<(), StorageError> {
        self.end_reading_on();
        let is_due = !self.store.is_read_only() && self.store.log_size_bytes() > CLOSING_LIMIT_BYTES;
        let folded = if is_due { self.write(graph) } else { Ok(()) };
        folded.and(self.store.close())
    }

    /// Writes the graph into chunks and gives back room in the file that nothing uses; returns whether any was gained.
    ///
    /// # Errors
    /// The disk's errors, and if somebody reads the file meanwhile.
    pub(super) fn compact(&self, graph: &Snapshot) -> Result<bool, StorageError> {
        // What is read keeps the store from being compacted.
        self.end_reading_on();
        self.write(graph)?;
        let compacted = self.store.compact();
        self.read_on();
        compacted
    }

    /// Writes a copy of the file as it is now.
    ///
    /// # Errors
    /// If there is a file already, and the disk's errors.
    #[cfg(feature = "redb")]
    pub(super) fn back_up(&self, target: &Path) -> Result<(), StorageError> {
        crate::storage::backup(&self.store.view()?, target)
    }

    /// Counts what the file holds.
    ///
    /// # Errors
    /// The disk's errors.
    pub(super) fn statistics(&self) -> Result<Statistics, StorageError> {
        self.store.statistics()
    }

    fn checkpoint(&self) -> Option<u64> {
        self.store.view().ok().map(|view| view.checkpoint())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // It is replaced whole.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folded(&self) -> MutexGuard<'_, Folded> {
        // It is replaced field by field only after what can fail.
        self.folded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the numbers of the checkpoint and of the commit that a store shows now.
fn moment(store: &dyn Store) -> Result<(u64, u64), StorageError> {
    let view = store.view()?;
    Ok((view.checkpoint(), view.sequence()))
}

/// Reads the graph of the last checkpoint, and that of now.
fn read(store: &Arc<dyn Store>) -> Result<(Option<Snapshot>, Snapshot), StorageError> {
    Snapshot::open(Arc::clone(store)).map_err(|error| match error {
        OpenError::Storage(error) => error,
        other => StorageError::damaged(store.path(), other.to_string()),
    })
}
