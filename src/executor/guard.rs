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

/// What may stop a statement from outside.
#[derive(Debug)]
pub struct Guard {
    cancelled: Arc<AtomicBool>,
    deadline: Option<(Instant, u64)>,
    memory_limit: usize,
    memory_used: AtomicUsize,
    ticks: AtomicUsize,
    /// What reads the file's chunks, and how many bytes of them were held when the statement began.
    reading: Option<(Arc<Loader>, usize)>,
}

impl Guard {
    /// Returns a guard that watches a flag, a time limit from when the statement began, and a memory limit in bytes.
    pub fn new(cancelled: Arc<AtomicBool>, began: Instant, timeout: Option<Duration>, memory_limit: usize) -> Self {
        // A limit beyond what the clock can count is none.
        let deadline = timeout.and_then(|timeout| Some((began.checked_add(timeout)?, timeout.as_millis() as u64)));
        Guard {
            cancelled,
            deadline,
            memory_limit,
            memory_used: AtomicUsize::new(0),
            ticks: AtomicUsize::new(0),
            reading: None,
        }
    }

    /// Returns it counting, towards the memory limit, what is read of a file from now on too.
    #[must_use]
    pub fn counting(self, loader: Option<&Arc<Loader>>) -> Self {
        let reading = loader.map(|loader| (Arc::clone(loader), loader.held_size_bytes()));
        Guard { reading, ..self }
    }

    fn read_bytes(&self) -> usize {
        self.reading.as_ref().map_or(0, |(loader, before)| loader.held_size_bytes().saturating_sub(*before))
    }

    /// Counts work done and looks, from time to time, whether the statement must stop.
    ///
    /// # Errors
    /// `Cancelled` and `TimedOut`.
    #[inline]
    pub fn tick(&self, work: usize) -> Result<(), ExecutionError> {
        let before = self.ticks.fetch_add(work + 1, Ordering::Relaxed);
        if before / TICKS_A_LOOK != (before + work + 1) / TICKS_A_LOOK { self.look() } else { Ok(()) }
    }

    /// Looks whether the statement must stop.
    ///
    /// # Errors
    /// `Cancelled`, `TimedOut` and `OutOfMemory`.
    pub fn look(&self) -> Result<(), ExecutionError> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(ExecutionError::Cancelled);
        }
        self.charge(0)?;
        match self.deadline {
            Some((deadline, limit_ms)) if Instant::now() >= deadline => Err(ExecutionError::TimedOut { limit_ms }),
            _ => Ok(()),
        }
    }

    /// Charges memory that is held until the statement ends.
    ///
    /// # Errors
    /// `OutOfMemory` beyond the limit.
    pub fn charge(&self, bytes: usize) -> Result<(), ExecutionError> {
        let used = self.memory_used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if used + self.read_bytes() > self.memory_limit {
            return Err(ExecutionError::OutOfMemory { limit_bytes: self.memory_limit });
        }
        Ok(())
    }
}

impl Guard {
    /// Takes back what was charged for memory that is free again.
    pub fn release(&self, bytes: usize) {
        self.memory_used.fetch_sub(bytes, Ordering::Relaxed);
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
