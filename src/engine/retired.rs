//! Graphs that were replaced while somebody read them: whoever writes frees them, not whoever read them last.
//!
//! What a commit has made is in the part of the system's allocator that its thread uses. A reader that frees it waits for that part, and
//! the writer for the reader: beside a writer that cost readers more than the reading.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use smallvec::SmallVec;

use crate::graph::Snapshot;

/// After so long without a commit no writer is waited for.
const WRITER_PAUSE: Duration = Duration::from_millis(50);

/// The graphs before the current one that somebody may still read.
#[derive(Debug, Default)]
pub(super) struct Retired {
    graphs: Mutex<Vec<Replaced>>,
    has_some: AtomicBool,
}

/// A graph that was replaced.
#[derive(Debug)]
struct Replaced {
    graph: Snapshot,
    since: Instant,
    /// The thread that replaced it.
    by: ThreadId,
}

impl Retired {
    /// Takes in a graph that this thread has just replaced, and frees those that nobody reads.
    pub fn add(&self, graph: Snapshot) {
        let mut graphs = self.graphs.lock().unwrap_or_else(PoisonError::into_inner);
        if graph.is_shared() {
            graphs.push(Replaced { graph, since: Instant::now(), by: thread::current().id() });
        }
        self.free(graphs, |_| true);
    }

    /// Frees graphs that nobody reads any more, those that another thread replaced only if that was a while ago; called where a statement
    /// ends.
    pub fn relieve(&self) {
        if !self.has_some.load(Ordering::Relaxed) {
            return;
        }
        // Whoever has the lock frees them.
        let Ok(graphs) = self.graphs.try_lock() else { return };
        let own = thread::current().id();
        self.free(graphs, |replaced| replaced.by == own || replaced.since.elapsed() > WRITER_PAUSE);
    }

    fn free(&self, mut graphs: MutexGuard<'_, Vec<Replaced>>, may_be: impl Fn(&Replaced) -> bool) {
        let freed = graphs.extract_if(.., |replaced| !replaced.graph.is_shared() && may_be(replaced));
        let freed: SmallVec<[Replaced; 4]> = freed.collect();
        self.has_some.store(!graphs.is_empty(), Ordering::Relaxed);
        // Nobody waits for the freeing.
        drop(graphs);
        drop(freed);
    }
}
