//! The guard of a running statement: cancellation, time and memory, asked by every inner loop.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::graph::Loader;
use crate::procedure::Interrupt;

use super::ExecutionError;

/// After how much work the clock is asked.
const TICKS_A_LOOK: usize = 1 << 14;

/// What may stop a statement from outside, as one plan of it sees it.
#[derive(Debug)]
pub struct Guard {
    watch: Arc<Watch>,
    /// What an inner plan holds; none of the whole statement, which ends with all that it holds.
    held: Option<AtomicUsize>,
}

/// What is watched of a whole statement.
#[derive(Debug)]
struct Watch {
    cancelled: Arc<AtomicBool>,
    deadline: Option<(Instant, u64)>,
    memory_limit: usize,
    memory_used: AtomicUsize,
    ticks: AtomicUsize,
    /// What reads the file's chunks, and how many bytes of them were held when the statement began.
    reading: Option<(Arc<Loader>, usize)>,
}

impl Guard {
    /// Returns a guard that watches a flag, a time limit from when the statement began, and a memory limit in bytes; what is read of a file
    /// from now on counts towards it too.
    pub fn new(
        cancelled: Arc<AtomicBool>,
        (began, timeout): (Instant, Option<Duration>),
        memory_limit: usize,
        loader: Option<&Arc<Loader>>,
    ) -> Self {
        // A limit beyond what the clock can count is none.
        let deadline = timeout.and_then(|timeout| Some((began.checked_add(timeout)?, timeout.as_millis() as u64)));
        let watch = Watch {
            cancelled,
            deadline,
            memory_limit,
            memory_used: AtomicUsize::new(0),
            ticks: AtomicUsize::new(0),
            reading: loader.map(|loader| (Arc::clone(loader), loader.held_size_bytes())),
        };
        Guard { watch: Arc::new(watch), held: None }
    }

    /// Returns the guard of an inner plan, which is run again and again: what it holds is free when it ends.
    pub(super) fn inner(&self) -> Guard {
        Guard { watch: Arc::clone(&self.watch), held: Some(AtomicUsize::new(0)) }
    }

    /// Takes back all that was charged for an inner plan.
    pub(super) fn release_all(&self) {
        if let Some(held) = &self.held {
            self.watch.memory_used.fetch_sub(held.swap(0, Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    /// Does what leaves something behind that an inner plan uses again when it is run again: what is charged meanwhile stays charged.
    pub(super) fn keeping<Thing>(&self, make: impl FnOnce() -> Thing) -> Thing {
        let Some(held) = &self.held else { return make() };
        let before = held.load(Ordering::Relaxed);
        let made = make();
        held.store(before, Ordering::Relaxed);
        made
    }

    /// Counts work done and looks, from time to time, whether the statement must stop.
    ///
    /// # Errors
    /// `Cancelled` and `TimedOut`.
    #[inline]
    pub fn tick(&self, work: usize) -> Result<(), ExecutionError> {
        let before = self.watch.ticks.fetch_add(work + 1, Ordering::Relaxed);
        if before / TICKS_A_LOOK != (before + work + 1) / TICKS_A_LOOK { self.look() } else { Ok(()) }
    }

    /// Looks whether the statement must stop.
    ///
    /// # Errors
    /// `Cancelled`, `TimedOut` and `OutOfMemory`.
    pub fn look(&self) -> Result<(), ExecutionError> {
        if self.watch.cancelled.load(Ordering::Relaxed) {
            return Err(ExecutionError::Cancelled);
        }
        self.charge(0)?;
        match self.watch.deadline {
            Some((deadline, limit_ms)) if Instant::now() >= deadline => Err(ExecutionError::TimedOut { limit_ms }),
            _ => Ok(()),
        }
    }

    /// Charges memory that is held until the plan ends.
    ///
    /// # Errors
    /// `OutOfMemory` beyond the limit.
    pub fn charge(&self, bytes: usize) -> Result<(), ExecutionError> {
        if let Some(held) = &self.held {
            held.fetch_add(bytes, Ordering::Relaxed);
        }
        let watch = &*self.watch;
        let used = watch.memory_used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let read = |(loader, before): &(Arc<Loader>, usize)| loader.held_size_bytes().saturating_sub(*before);
        if used + watch.reading.as_ref().map_or(0, read) > watch.memory_limit {
            return Err(ExecutionError::OutOfMemory { limit_bytes: watch.memory_limit });
        }
        Ok(())
    }

    /// Takes back what was charged for memory that is free again.
    pub fn release(&self, bytes: usize) {
        if let Some(held) = &self.held {
            held.fetch_sub(bytes, Ordering::Relaxed);
        }
        self.watch.memory_used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.release_all();
    }
}

/// Memory that is charged for as long as this lives.
pub(super) struct Charged<'a> {
    guard: &'a Guard,
    size_bytes: usize,
}

impl<'a> Charged<'a> {
    /// Returns a charge of nothing yet.
    pub(super) fn new(guard: &'a Guard) -> Self {
        Charged { guard, size_bytes: 0 }
    }

    /// Charges more.
    pub(super) fn add(&mut self, bytes: usize) -> Result<(), ExecutionError> {
        self.size_bytes += bytes;
        self.guard.charge(bytes)
    }
}

impl Drop for Charged<'_> {
    fn drop(&mut self) {
        self.guard.release(self.size_bytes);
    }
}

impl Interrupt for Guard {
    fn tick(&self, work: usize) -> Result<(), Box<dyn Error + Send + Sync>> {
        Guard::tick(self, work).map_err(|error| Box::new(error) as Box<dyn Error + Send + Sync>)
    }
}
