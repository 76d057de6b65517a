//! The threads that work on values by the thousand: one pool a database, made when it is first wanted.

use std::sync::{Mutex, OnceLock, PoisonError};

use rayon::ThreadPool;

use super::Arrays;

/// How much stack a thread has: as much as a statement at the nesting limit needs. A page that is never touched costs nothing.
const STACK_SIZE_BYTES: usize = 256 << 20;

/// From how many rows or relationships on a second thread is worth it.
const WORTH_ROWS: f64 = 50_000.0;

/// How many threads there may be, and the pool of them.
#[derive(Debug)]
pub struct Threads {
    count: usize,
    worth_rows: f64,
    pool: OnceLock<Option<ThreadPool>>,
    arrays: Arrays,
}

impl Threads {
    /// Returns so many threads, the caller's own among them.
    pub fn new(count: usize) -> Threads {
        Threads { count: count.max(1), worth_rows: WORTH_ROWS, pool: OnceLock::new(), arrays: Arrays::default() }
    }

    /// Returns so many threads that are used for the smallest task too, so that tests with small graphs meet them.
    #[cfg(test)]
    pub fn for_any_task(count: usize) -> Threads {
        Threads { worth_rows: 0.0, ..Threads::new(count) }
    }

    /// Says whether a task of about so many rows or relationships is worth cutting into parts.
    ///
    /// It does not depend on the number of threads: the same task is cut into the same parts, so that sums of floats are the same.
    pub fn are_worth(&self, rows: f64) -> bool {
        rows >= self.worth_rows
    }

    /// Returns about how many rows a part should have at least.
    pub fn rows_a_part(&self) -> usize {
        if self.worth_rows > 0.0 { 4096 } else { 1 }
    }

    /// Returns the pool; none for one thread only, or where the system gives no threads.
    pub fn pool(&self) -> Option<&ThreadPool> {
        if self.count < 2 {
            return None;
        }
        let make = || rayon::ThreadPoolBuilder::new().num_threads(self.count).stack_size(STACK_SIZE_BYTES).build().ok();
        self.pool.get_or_init(make).as_ref()
    }

    /// Runs `lead` on the caller's thread, and `help` at the same time on each of the others; returns when all have ended. Where there
    /// is no other thread, `lead` is left to do all the work.
    pub fn share<Answer>(&self, help: &(dyn Fn() + Sync), lead: impl FnOnce() -> Answer) -> Answer {
        match self.pool() {
            None => lead(),
            Some(pool) => pool.in_place_scope(|scope| {
                (1..self.count).for_each(|_| scope.spawn(|_| help()));
                lead()
            }),
        }
    }

    /// Returns the arrays that those who work share.
    pub fn arrays(&self) -> &Arrays {
        &self.arrays
    }

    /// Returns how many threads there may be.
    pub fn count(&self) -> usize {
        self.count
    }
}

/// As many threads as the machine has processors.
impl Default for Threads {
    fn default() -> Self {
        Threads::new(std::thread::available_parallelism().map_or(1, usize::from))
    }
}

/// Results that come in any order and are taken in the order of their parts.
#[derive(Debug)]
pub struct InOrder<Part> {
    parts: Vec<Mutex<Option<Part>>>,
}

impl<Part> InOrder<Part> {
    /// Returns room for so many parts.
    pub fn new(count: usize) -> Self {
        InOrder { parts: (0..count).map(|_| Mutex::new(None)).collect() }
    }

    /// Puts a part in its place.
    pub fn put(&self, place: usize, part: Part) {
        *self.parts[place].lock().unwrap_or_else(PoisonError::into_inner) = Some(part);
    }

    /// Takes a part out, if it is there.
    pub fn take(&self, place: usize) -> Option<Part> {
        self.parts[place].lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_shared_task_is_done_once_and_whole() {
        for count in [1, 2, 5] {
            let threads = Threads::new(count);
            let (next, found) = (AtomicUsize::new(0), InOrder::new(100));
            let work = || {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    if place >= 100 {
                        break;
                    }
                    found.put(place, place * place);
                }
            };
            threads.share(&work, work);
            let all: Vec<usize> = (0..100).filter_map(|place| found.take(place)).collect();
            assert_eq!(all, (0..100).map(|place| place * place).collect::<Vec<_>>());
            assert_eq!(found.take(0), None);
        }
    }

    #[test]
    fn small_tasks_are_not_worth_a_thread() {
        assert!(!Threads::new(2).are_worth(10.0) && Threads::new(1).are_worth(1e6));
        assert!(Threads::for_any_task(2).are_worth(1.0));
    }
}
