//! Ctrl-C: stops the statement that runs; a second one, or one while nothing runs, ends the program.

use std::sync::{Mutex, PoisonError};

use crate::engine::CancelHandle;

use super::ending::Ending;

/// What the next Ctrl-C stops; a program has one keyboard, so there is one.
static RUNNING: Mutex<Option<CancelHandle>> = Mutex::new(None);

/// Begins to listen. Where that is not possible, Ctrl-C ends the program as ever.
pub(super) fn listen() {
    let _ = ctrlc::set_handler(|| {
        // Taken out: where the statement does not stop, the next one ends the program.
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).take();
        match running {
            Some(handle) => handle.cancel(),
            None => std::process::exit(i32::from(Ending::Interrupted.status())),
        }
    });
}

/// Runs a task that Ctrl-C stops through a handle.
pub(super) fn stoppable<Answer>(handle: CancelHandle, task: impl FnOnce() -> Answer) -> Answer {
    *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = Some(handle);
    let answer = task();
    *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = None;
    answer
}
