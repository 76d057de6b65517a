//! Work on the parts of a file by several threads, taken in the order of the file.
//!
//! ```text
//!            cut (one at a time)      work (all threads)         take (the caller's thread)
//!   file ── block 0 1 2 3 … ──> part 1, part 0, part 3, … ──> part 0, part 1, part 2, …
//! ```
//! What is taken, and in which order, does not depend on the number of threads. At most a few blocks are there at a time: a thread that is
//! far ahead waits, so that memory is bounded however slow one part is. The caller's thread works too while it has nothing to take; with
//! one thread it does everything, block by block.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::vector::Threads;

/// Cuts blocks, works on them with all threads, and takes the parts in order; stops at the first error of what takes them.
///
/// # Errors
/// Those of `take`.
pub(super) fn in_order<Block: Send, Part: Send, Error>(
    threads: &Threads,
    cut: impl Iterator<Item = Block> + Send,
    work: impl Fn(Block) -> Part + Sync,
    take: impl FnMut(Part) -> Result<(), Error>,
) -> Result<(), Error> {
    let line = Line {
        state: Mutex::new(State { cut, cut_count: 0, taken_count: 0, is_over: false, done: BTreeMap::new() }),
        changed: Condvar::new(),
        window: threads.count() * 2,
    };
    threads.share(&|| line.help(&work), || line.lead(&work, take))
}

/// The parts between cutting and taking.
struct Line<Blocks, Part> {
    state: Mutex<State<Blocks, Part>>,
    changed: Condvar,
    /// How many blocks may be cut and not taken.
    window: usize,
}

struct State<Blocks, Part> {
    cut: Blocks,
    cut_count: usize,
    taken_count: usize,
    /// Whether no more blocks are to be cut.
    is_over: bool,
    done: BTreeMap<usize, Part>,
}

/// Ends the work of all when a thread leaves, also by a panic: the others must not wait for it.
struct Leaving<'l, Blocks, Part> {
    line: &'l Line<Blocks, Part>,
    is_lead: bool,
}

impl<Blocks, Part> Drop for Leaving<'_, Blocks, Part> {
    fn drop(&mut self) {
        if self.is_lead || std::thread::panicking() {
            let mut state = self.line.state();
            state.is_over = true;
            // Nobody may wait for a part that will not come.
            state.cut_count = state.taken_count;
            self.line.changed.notify_all();
        }
    }
}

impl<Blocks, Part> Line<Blocks, Part> {
    fn state(&self) -> MutexGuard<'_, State<Blocks, Part>> {
        // What is done is put in whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waited<'l>(&self, state: MutexGuard<'l, State<Blocks, Part>>) -> MutexGuard<'l, State<Blocks, Part>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Block, Blocks: Iterator<Item = Block>, Part> Line<Blocks, Part> {
    /// Cuts the next block, if there is one and it may be cut now.
    fn next(&self, state: &mut State<Blocks, Part>) -> Option<(usize, Block)> {
        if state.is_over || state.cut_count >= state.taken_count + self.window {
            return None;
        }
        match state.cut.next() {
            Some(block) => {
                state.cut_count += 1;
                Some((state.cut_count - 1, block))
            }
            None => {
                state.is_over = true;
                self.changed.notify_all();
                None
            }
        }
    }

    fn help(&self, work: &impl Fn(Block) -> Part) {
        let _leaving = Leaving { line: self, is_lead: false };
        let mut state = self.state();
        while !state.is_over {
            state = match self.next(&mut state) {
                Some((place, block)) => {
                    drop(state);
                    self.put(place, work(block))
                }
                None if state.is_over => return,
                None => self.waited(state),
            };
        }
    }

    fn lead<Error>(
        &self,
        work: &impl Fn(Block) -> Part,
        mut take: impl FnMut(Part) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let _leaving = Leaving { line: self, is_lead: true };
        let mut state = self.state();
        loop {
            let place = state.taken_count;
            if let Some(part) = state.done.remove(&place) {
                state.taken_count += 1;
                self.changed.notify_all();
                drop(state);
                take(part)?;
                state = self.state();
            } else if let Some((place, block)) = self.next(&mut state) {
                drop(state);
                state = self.put(place, work(block));
            } else if state.is_over && state.cut_count <= state.taken_count {
                return Ok(());
            } else {
                state = self.waited(state);
            }
        }
    }

    fn put(&self, place: usize, part: Part) -> MutexGuard<'_, State<Blocks, Part>> {
        let mut state = self.state();
        state.done.insert(place, part);
        self.changed.notify_all();
        state
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn parts_are_taken_in_order_and_few_at_a_time() {
        for count in [1, 2, 5] {
            let (cut, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let blocks = (0..200).inspect(|_| {
                let ahead = cut.fetch_add(1, Ordering::SeqCst) - taken.load(Ordering::SeqCst);
                // What was taken is counted a moment after there is room for the next.
                assert!(ahead <= count * 2 + 1, "{ahead} blocks with {count} threads");
            });
            let mut found = Vec::new();
            let work = |block: u64| (0..(block % 7) * 1000).fold(block, |sum, _| std::hint::black_box(sum));
            let answer: Result<(), ()> = in_order(&Threads::new(count), blocks, work, |part| {
                taken.fetch_add(1, Ordering::SeqCst);
                found.push(part);
                Ok(())
            });
            assert_eq!((answer, found), (Ok(()), (0..200).collect()), "{count} threads");
        }
    }

    #[test]
    fn the_first_error_in_order_ends_it() {
        for count in [1, 2, 5] {
            let take = |part: u64| if part % 10 == 7 { Err(part) } else { Ok(()) };
            assert_eq!(in_order(&Threads::new(count), 0.., |block: u64| block, take), Err(7));
        }
    }

    #[test]
    fn a_panic_in_one_thread_ends_all() {
        for count in [1, 3] {
            let threads = Threads::new(count);
            let run = || in_order(&threads, 0..1000, |block| assert!(block < 50), |()| Ok::<(), ()>(()));
            assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).is_err());
        }
    }
}
