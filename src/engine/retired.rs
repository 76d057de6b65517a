//! Graphs that were replaced while somebody read them: whoever writes frees them, not whoever read them last.
//!
//! What a commit has made is in the part of the system's allocator that its thread uses. A reader that frees it waits for that part, and
//! the writer for the reader: beside a writer that cost readers more than the reading.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use smallvec::SmallVec;

use crate::graph::Snapshot;

/// After so many milliseconds without a commit no writer is waited for.
const WRITER_PAUSE_MS: u64 = 50;

/// The graphs before the current one that somebody may still read.
#[derive(Debug)]
pub(super) struct Retired {
    graphs: Mutex<Vec<Replaced>>,
    /// When the last of them was replaced, in milliseconds after `began`, and one more; 0 if there are none. Whoever reads looks at this
    /// alone while a writer is at work.
    last: AtomicU64,
    /// By which thread.
    by: AtomicUsize,
    began: Instant,
}

/// A graph that was replaced.
#[derive(Debug)]
struct Replaced {
    graph: Snapshot,
    /// The thread that replaced it.
    by: usize,
}

thread_local! {
    static THREAD: u8 = const { 0 };
}

/// Returns a number that no other thread has now.
fn own_thread() -> usize {
    THREAD.with(|place| std::ptr::from_ref(place).addr())
}

impl Default for Retired {
    fn default() -> Self {
        let (graphs, last, by) = Default::default();
        Retired { graphs, last, by, began: Instant::now() }
    }
}

impl Retired {
    /// Takes in a graph that this thread has just replaced, and frees those that nobody reads.
    pub fn add(&self, graph: Snapshot) {
        let mut graphs = self.graphs.lock().unwrap_or_else(PoisonError::into_inner);
        let by = own_thread();
        if graph.is_shared() {
            graphs.push(Replaced { graph, by });
            self.last.store(self.now() + 1, Ordering::Relaxed);
            self.by.store(by, Ordering::Relaxed);
        }
        self.free(graphs, |_| true);
    }

    /// Frees graphs that nobody reads any more; while another thread replaces them those are left to it. Called where a statement ends.
    pub fn relieve(&self) {
        let last = self.last.load(Ordering::Relaxed);
        if last == 0 {
            return;
        }
        let own = own_thread();
        let is_paused = self.now() > last + WRITER_PAUSE_MS;
        if self.by.load(Ordering::Relaxed) != own && !is_paused {
            return;
        }
        // Whoever has the lock frees them.
        let Ok(graphs) = self.graphs.try_lock() else { return };
        self.free(graphs, |replaced| is_paused || replaced.by == own);
    }

    fn now(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }

    fn free(&self, mut graphs: MutexGuard<'_, Vec<Replaced>>, may_be: impl Fn(&Replaced) -> bool) {
        let freed = graphs.extract_if(.., |replaced| !replaced.graph.is_shared() && may_be(replaced));
        let freed: SmallVec<[Replaced; 4]> = freed.collect();
        if graphs.is_empty() {
            self.last.store(0, Ordering::Relaxed);
        }
        // Nobody waits for the freeing.
        drop(graphs);
        drop(freed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Transaction;
    use std::time::Duration;

    fn graph() -> Snapshot {
        let mut graph = Transaction::begin(Snapshot::empty());
        graph.create_node(&[]).expect("there is room");
        graph.commit().expect("nothing is left hanging").0
    }

    fn count(retired: &Retired) -> usize {
        retired.graphs.lock().expect("nobody panics").len()
    }

    #[test]
    fn a_graph_is_kept_while_it_is_read_and_freed_by_who_replaced_it() {
        let retired = Retired::default();
        retired.add(graph());
        assert_eq!(count(&retired), 0, "nobody reads it");
        let read = graph();
        retired.add(read.clone());
        retired.relieve();
        assert_eq!(count(&retired), 1, "somebody reads it");
        drop(read);
        std::thread::scope(|scope| {
            scope.spawn(|| retired.relieve());
        });
        assert_eq!(count(&retired), 1, "who replaced it is at work");
        retired.relieve();
        assert_eq!((count(&retired), retired.last.load(Ordering::Relaxed)), (0, 0), "its own thread frees it");
    }

    #[test]
    fn after_a_pause_whoever_comes_frees_it() {
        let retired = Retired::default();
        let read = graph();
        std::thread::scope(|scope| {
            scope.spawn(|| retired.add(read.clone()));
        });
        drop(read);
        std::thread::sleep(Duration::from_millis(WRITER_PAUSE_MS + 10));
        retired.relieve();
        assert_eq!(count(&retired), 0);
    }
}
