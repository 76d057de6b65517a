//! Stopping a statement from another thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Stops the statement that its connection is running; may be cloned into any thread.
///
/// ```
/// use yuanpu::{Database, ErrorClass};
/// let mut connection = Database::in_memory().connect();
/// let handle = connection.cancel_handle();
/// std::thread::spawn(move || {
///     std::thread::sleep(std::time::Duration::from_millis(50));
///     handle.cancel();
/// });
/// let endless = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b WITH a WHERE a < 0 RETURN count(*)";
/// let error = connection.run(endless, ()).unwrap_err();
/// assert_eq!(error.class(), ErrorClass::Cancelled);
/// // The connection goes on.
/// assert!(connection.run("RETURN 1", ()).is_ok());
/// ```
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
