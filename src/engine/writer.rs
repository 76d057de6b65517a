//! The right to write: one connection at a time has it, the others wait for a while and then say so.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::CancelHandle;
use super::error::{Error, StateError};

/// Who may write: nobody, or the holder of the one [`WritePermit`].
#[derive(Debug, Default)]
pub(super) struct Writer {
    taken: Mutex<bool>,
    freed: Condvar,
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
        let deadline = Instant::now() + limit;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(StateError::Busy { waited_ms: limit.as_millis() as u64 }.into());
            }
            if cancel.is_cancelled() {
                return Err(crate::executor::ExecutionError::Cancelled.into());
            }
            let wait = self.freed.wait_timeout(taken, left.min(LOOK_EVERY));
            taken = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
        *taken = true;
        Ok(WritePermit { writer: Arc::clone(self) })
    }
}

impl Writer {
    /// Returns the right to write, if nobody has it just now.
    pub(super) fn try_acquire(self: &Arc<Self>) -> Option<WritePermit> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let free = !std::mem::replace(&mut *taken, true);
        free.then(|| WritePermit { writer: Arc::clone(self) })
    }
}

impl Drop for WritePermit {
    fn drop(&mut self) {
        *self.writer.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.writer.freed.notify_one();
    }
}
