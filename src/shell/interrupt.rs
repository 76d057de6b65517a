//! Ctrl-C: stops the statement that runs; a second one ends the program, as does one while a program without a person runs nothing.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::engine::CancelHandle;

use super::ending::Ending;

/// What the next Ctrl-C does.
enum State {
    /// Nothing runs; the program ends.
    Idle,
    /// Nothing runs; the person at the prompt is left alone.
    AtPrompt,
    /// A statement runs; it is stopped.
    Running(CancelHandle),
    /// A statement was told to stop and still runs; the program ends.
    Stopping,
}

/// A program has one keyboard, so there is one state.
static STATE: Mutex<State> = Mutex::new(State::Idle);

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Files that say nothing if the program ends now.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file that goes if Ctrl-C ends the program as long as this lives.
#[derive(Debug)]
pub(super) struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    /// Returns it, from now on.
    pub(super) fn new(path: &Path) -> Unfinished {
        unfinished().push(path.to_owned());
        Unfinished { path: path.to_owned() }
    }

    /// Returns the file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let mut files = unfinished();
        if let Some(place) = files.iter().position(|file| *file == self.path) {
            files.remove(place);
        }
    }
}

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn end() -> ! {
    for file in unfinished().iter() {
        let _ = std::fs::remove_file(file);
    }
    std::process::exit(i32::from(Ending::Interrupted.status()))
}

/// Begins to listen. Where that is not possible, Ctrl-C ends the program as ever.
pub(super) fn listen() {
    let _ = ctrlc::set_handler(|| {
        let mut state = state();
        match &*state {
            State::Running(handle) => {
                handle.cancel();
                *state = State::Stopping;
            }
            State::AtPrompt => {}
            State::Idle | State::Stopping => end(),
        }
    });
}

/// Says that a person types: what runs between two statements is not to be ended by a late Ctrl-C.
pub(super) fn spare_the_prompt() {
    *state() = State::AtPrompt;
}

/// Runs a task that Ctrl-C stops through a handle.
pub(super) fn stoppable<Answer>(handle: CancelHandle, task: impl FnOnce() -> Answer) -> Answer {
    let before = std::mem::replace(&mut *state(), State::Running(handle));
    let answer = task();
    *state() = before;
    answer
}
