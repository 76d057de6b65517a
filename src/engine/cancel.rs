//! Stopping a statement from another thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Stops the statement that its connection is running; may be cloned into any thread.
#[derive(Clone, Debug, Default)]
pub struct CancelHandle {
    flag: Arc<AtomicBool>,
}

impl CancelHandle {
    /// Stops the running statement; without one, nothing happens.
    pub fn cancel(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }

    /// Says whether the running statement was told to stop.
    pub fn is_cancelled(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }

    /// Forgets an order to stop that came before a statement began.
    pub(super) fn clear(&self) {
        self.flag.store(false, Ordering::Relaxed);
    }

    /// Returns the flag that a running statement watches.
    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag)
    }
}
