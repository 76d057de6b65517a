//! Reading on: a thread that reads the rest of a column once a question has touched a part of it.
//!
//! Who asks for one element after another touches another chunk each time, and waits for it to be read and unpacked. The columns that are
//! asked for are few and soon told; their other chunks are read beside the questions, as far as a limit of memory allows. What cannot be
//! read is left: the question that touches it says so.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::super::chunk_list::{Rest, Tally};

/// How many chunks of one list are read before others are looked at.
const CHUNKS_A_TURN: usize = 16;
/// A value within a list needs a stack for each list around it.
const STACK_SIZE: usize = 16 << 20;

/// The thread that reads on, begun when there is something for it.
#[derive(Debug, Default)]
pub(super) struct ReadingOn {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Nothing is read on once so many bytes are held that could be read again; 0 if nothing ever is.
    limit_bytes: usize,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    rests: Sender<Rest>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl ReadingOn {
    /// Allows to read on until so many bytes are held.
    pub fn allow(&self, limit_bytes: usize) {
        self.state().limit_bytes = limit_bytes;
    }

    /// Begins to read the rest of a list, if that is allowed.
    pub fn begin(&self, tally: &Arc<Tally>, rest: &dyn Fn() -> Rest) {
        let mut state = self.state();
        if state.limit_bytes == 0 {
            return;
        }
        if state.running.is_none() {
            state.running = run(Arc::clone(tally), state.limit_bytes);
        }
        if let Some(running) = &state.running {
            // It ends only when it is told to.
            let _ = running.rests.send(rest());
        }
    }

    /// Ends, and returns when nothing is read any more.
    pub fn end(&self) {
        let mut state = self.state();
        state.limit_bytes = 0;
        let Some(Running { rests, stop, thread }) = state.running.take() else { return };
        drop(state);
        stop.store(true, Ordering::Relaxed);
        drop(rests);
        // What it could not read, a question will meet.
        let _ = thread.join();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each field is replaced whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ReadingOn {
    /// Has the thread end by itself: it may be the one that drops the last chunk.
    fn drop(&mut self) {
        if let Some(running) = &self.state().running {
            running.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// Begins the thread; none if the system has none.
fn run(tally: Arc<Tally>, limit_bytes: usize) -> Option<Running> {
    let (rests, incoming): (Sender<Rest>, Receiver<Rest>) = channel();
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    let work = move || {
        let mut waiting: Vec<Rest> = Vec::new();
        while let Some(mut rest) = next(&incoming, &mut waiting) {
            let goes_on = || !told.load(Ordering::Relaxed) && tally.bytes() < limit_bytes;
            // Now and then it is asked whether there is a shorter one.
            if (0..CHUNKS_A_TURN).all(|_| goes_on() && (rest.next)()) {
                waiting.push(rest);
            }
        }
    };
    let thread = std::thread::Builder::new().name("yuanpu-on".to_owned()).stack_size(STACK_SIZE).spawn(work);
    Some(Running { rests, stop, thread: thread.ok()? })
}

/// Returns the list with the fewest chunks, of which one more read helps the next question most; waits if there is none, and returns none
/// at the end.
fn next(incoming: &Receiver<Rest>, waiting: &mut Vec<Rest>) -> Option<Rest> {
    if waiting.is_empty() {
        waiting.push(incoming.recv().ok()?);
    }
    waiting.extend(incoming.try_iter());
    let (place, _) = waiting.iter().enumerate().min_by_key(|(_, rest)| rest.count)?;
    Some(waiting.remove(place))
}
