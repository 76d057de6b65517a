//! The right to write: one connection at a time has it, the others wait for a while and then say so.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::CancelHandle;
use super::error::{Error, StateError};

/// Who may write: nobody, or the holder of the one [`WritePermit`].
#[derive(Debug, Default)]
pub(super) struct Writer {
    turn: Mutex<Turn>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Turn {
    is_taken: bool,
    /// How many wait. Where nobody does, nobody is called: a call is the system's, even if none hears it.
    waiting: usize,
}

/// The right to write, given back when it is dropped.
#[derive(Debug)]
pub(super) struct WritePermit {
    writer: Arc<Writer>,
}

/// How long a wait goes on before it looks whether it was cancelled.
const LOOK_EVERY: Duration = Duration::from_millis(20);

impl Writer {
    /// Waits until nobody else writes.
    ///
    /// # Errors
    /// If that takes longer than `limit`, or if the statement is cancelled meanwhile.
    pub(super) fn acquire(self: &Arc<Self>, limit: Duration, cancel: &CancelHandle) -> Result<WritePermit, Error> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if turn.is_taken {
            turn.waiting += 1;
            let waited = self.wait(turn, limit, cancel);
            turn = waited.0;
            turn.waiting -= 1;
            waited.1?;
        }
        turn.is_taken = true;
        Ok(WritePermit { writer: Arc::clone(self) })
    }

    fn wait<'a>(
        &self,
        mut turn: MutexGuard<'a, Turn>,
        limit: Duration,
        cancel: &CancelHandle,
    ) -> (MutexGuard<'a, Turn>, Result<(), Error>) {
        let deadline = Instant::now() + limit;
        while turn.is_taken {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return (turn, Err(StateError::Busy { waited_ms: limit.as_millis() as u64 }.into()));
            }
            if cancel.is_cancelled() {
                return (turn, Err(crate::executor::ExecutionError::Cancelled.into()));
            }
            let wait = self.freed.wait_timeout(turn, left.min(LOOK_EVERY));
            turn = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
        (turn, Ok(()))
    }
}

impl Writer {
    /// Returns the right to write, if nobody has it just now.
    pub(super) fn try_acquire(self: &Arc<Self>) -> Option<WritePermit> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let free = !std::mem::replace(&mut turn.is_taken, true);
        free.then(|| WritePermit { writer: Arc::clone(self) })
    }
}

impl Drop for WritePermit {
    fn drop(&mut self) {
        let mut turn = self.writer.turn.lock().unwrap_or_else(PoisonError::into_inner);
        turn.is_taken = false;
        if turn.waiting > 0 {
            self.writer.freed.notify_one();
        }
    }
}
