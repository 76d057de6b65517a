//! Reading ahead: a thread that has the system bring a file into its memory, outward from what was touched.
//!
//! ```text
//!   regions of the file   · 4 1 3 · · · · 6 2 5 ·      touched: the ones numbered 1 and 2; then what lies beside them
//! ```
//! Chunks of one kind lie beside each other for the most part, so that what is asked next stands near what was asked before. A read that
//! waits for the disk takes a hundred times as long as one from the system's memory; here it is waited for beside the questions. Nothing
//! that is read is kept, looked at or reported: whoever needs it reads it again and verifies it then.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::storage::file::medium::Medium;

/// What is read at once. Regions are taken now behind and now before what was touched: what is read forward only the system takes for a
/// stream, of which it fetches megabytes, and a question that needs the disk waits for them.
const REGION_SIZE: u64 = 1 << 18;
/// No more than this is read ahead of a file: it may be larger than the system's memory.
const LIMIT_BYTES: u64 = 1 << 30;
/// A read that was faster than this came from the system's memory.
const MEMORY_TIME: Duration = Duration::from_micros(20);
/// How much is read of a place to learn that.
const PROBE_SIZE: u64 = 64;

/// A thread that reads ahead, and what it is told.
#[derive(Debug)]
pub(super) struct ReadAhead {
    shared: Arc<Shared>,
    wakes: SyncSender<()>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    size_bytes: u64,
    /// A bit for each region, set once something in it was read.
    touched: Vec<AtomicU64>,
    /// The thread waits for a touch.
    waits: AtomicBool,
    stop: AtomicBool,
}

impl ReadAhead {
    /// Begins with a file of so many bytes; none if the system has no thread for it.
    pub fn begin(medium: Weak<Medium>, size_bytes: u64) -> Option<ReadAhead> {
        let words = size_bytes.div_ceil(REGION_SIZE).div_ceil(64) as usize;
        let touched = (0..words).map(|_| AtomicU64::new(0)).collect();
        let (waits, stop) = Default::default();
        let shared = Arc::new(Shared { size_bytes, touched, waits, stop });
        let own = Arc::clone(&shared);
        let (wakes, woken) = sync_channel(1);
        let work = move || own.run(&medium, &woken);
        let thread = std::thread::Builder::new().name("yuanpu-ahead".to_owned()).spawn(work);
        Some(ReadAhead { shared, wakes, thread: Mutex::new(Some(thread.ok()?)) })
    }

    /// Notes that a place was read. What a file has grown by since is in the system's memory, as whoever wrote it has left it.
    #[inline]
    pub fn note(&self, offset: u64) {
        if offset >= self.shared.size_bytes {
            return;
        }
        let region = offset / REGION_SIZE;
        let Some(word) = self.shared.touched.get((region / 64) as usize) else { return };
        let bit = 1 << (region % 64);
        if word.load(Ordering::Relaxed) & bit == 0 {
            word.fetch_or(bit, Ordering::SeqCst);
            if self.shared.waits.load(Ordering::SeqCst) {
                self.wake();
            }
        }
    }

    fn wake(&self) {
        // One call that it has not heard yet is enough.
        let _ = self.wakes.try_send(());
    }

    /// Ends, and returns when nothing is read any more.
    pub fn end(&self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        self.wake();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // It reads only; there is nothing to say of how it ended.
            let _ = thread.join();
        }
    }
}

impl Drop for ReadAhead {
    /// Has the thread end by itself: it may be the one that drops the file.
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        self.wake();
    }
}

impl Shared {
    fn run(&self, medium: &Weak<Medium>, woken: &Receiver<()>) {
        let mut order = Outward::new(self.size_bytes.div_ceil(REGION_SIZE));
        let mut buffer = vec![0; REGION_SIZE as usize];
        let mut read_bytes = 0;
        while read_bytes < LIMIT_BYTES && !self.stop.load(Ordering::SeqCst) {
            order.touch(&self.touched);
            let Some(region) = order.next() else {
                if order.is_done() {
                    return;
                }
                if self.waits.swap(true, Ordering::SeqCst) {
                    if woken.recv().is_err() {
                        return;
                    }
                    self.waits.store(false, Ordering::SeqCst);
                }
                // What was touched before it was known that somebody waits is found now.
                continue;
            };
            let Some(medium) = medium.upgrade() else { return };
            let start = region * REGION_SIZE;
            let size = REGION_SIZE.min(self.size_bytes - start);
            if is_in_memory(&medium, start, size) {
                continue;
            }
            if medium.read_pages(start, &mut buffer[..size as usize]).is_err() {
                return;
            }
            read_bytes += size;
        }
    }
}

/// Says whether the system has a region in its memory, as far as two places in it tell.
fn is_in_memory(medium: &Medium, start: u64, size: u64) -> bool {
    let last = size.saturating_sub(PROBE_SIZE);
    [last / 4, last / 4 * 3].into_iter().all(|place| {
        let mut probe = [0; PROBE_SIZE as usize];
        let begin = Instant::now();
        let end = PROBE_SIZE.min(size) as usize;
        medium.read_pages(start + place, &mut probe[..end]).is_ok() && begin.elapsed() < MEMORY_TIME
    })
}

/// An order of regions: those that were touched, as soon as they are known, and then outward from them.
#[derive(Debug)]
struct Outward {
    count: u64,
    given: u64,
    /// A bit for each region that stands in a queue or was given.
    known: Vec<u64>,
    touched: VecDeque<u64>,
    beside: VecDeque<u64>,
}

impl Outward {
    fn new(count: u64) -> Outward {
        let (given, touched, beside) = Default::default();
        Outward { count, given, known: vec![0; count.div_ceil(64) as usize], touched, beside }
    }

    /// Takes in what was touched since.
    fn touch(&mut self, touched: &[AtomicU64]) {
        for (place, word) in touched.iter().enumerate() {
            let mut new = word.load(Ordering::Relaxed) & !self.known[place];
            self.known[place] |= new;
            while new != 0 {
                self.touched.push_back(place as u64 * 64 + u64::from(new.trailing_zeros()));
                new &= new - 1;
            }
        }
    }

    fn is_done(&self) -> bool {
        self.given == self.count
    }

    fn next(&mut self) -> Option<u64> {
        let region = self.touched.pop_front().or_else(|| self.beside.pop_front())?;
        self.given += 1;
        for beside in [Some(region + 1).filter(|behind| *behind < self.count), region.checked_sub(1)] {
            let Some(beside) = beside else { continue };
            let (word, bit) = (&mut self.known[(beside / 64) as usize], 1 << (beside % 64));
            if *word & bit == 0 {
                *word |= bit;
                self.beside.push_back(beside);
            }
        }
        Some(region)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_come_outward_from_what_was_touched_each_once() {
        let mut order = Outward::new(130);
        let touched: Vec<AtomicU64> = (0..3).map(|_| AtomicU64::new(0)).collect();
        order.touch(&touched);
        assert_eq!(order.next(), None, "nothing was touched");
        touched[0].store(1 << 5, Ordering::Relaxed);
        order.touch(&touched);
        let first: Vec<u64> = (0..5).filter_map(|_| order.next()).collect();
        assert_eq!(first, [5, 6, 4, 7, 3]);
        touched[2].store(2, Ordering::Relaxed);
        order.touch(&touched);
        assert_eq!(order.next(), Some(129), "what has just been touched comes first");
        let mut all: Vec<u64> = std::iter::from_fn(|| order.next()).collect();
        assert_eq!(all[..3], [8, 2, 128]);
        all.extend(first);
        all.push(129);
        all.sort_unstable();
        assert!(all.into_iter().eq(0..130), "each comes once");
    }
}
