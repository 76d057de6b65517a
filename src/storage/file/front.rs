//! The front: the first bytes of the file, where small commits are written one behind the other until there is no more room.
//!
//! A transaction of the store crate writes a page for each level of its trees and its allocator's state, which grows with the file; a
//! record here costs its own bytes and one sync. When the next record finds no room, one transaction moves those that are here into the
//! table `log`, and the front begins again.
//!
//! ```text
//! offset  width  meaning
//!      0         the header (frame.rs)
//!   2048     28  the mark (mark.rs)
//!   4096         records, each at the next multiple of 512; the header says where the front ends
//!
//! a record:
//!      0      4  n, the length of the payload in bytes
//!      4     12  number of the commit and chain, as in the table (frame.rs)
//!     16      n  payload
//! ```
//!
//! The first record follows the tail in the table `log`: it has the next number and continues the chain, as does each one the record
//! before. The first one that does not is the end; what stands behind it is older, or was never acknowledged. A record begins a sector of its
//! own, so that what was acknowledged is not written again, and a sector is written whole or not at all.
//!
//! Numbers only grow, so that records of earlier rounds never fit. What a failure left of a later one might: the same commit, made again,
//! would be followed by it. Whoever opens the file to write therefore begins by writing zeros over all that stands behind the end.
//!
//! The idea is a write-ahead log with a fixed place, as in SQLite's `wal.c`; the checksums chained as there.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use crate::storage::file::medium::Medium;
use crate::storage::frame::{FRONT_HEAD_BYTES, Tail, frame_record, read_u32, read_u64, unframe_record};
use crate::storage::view::Bytes;

const START: u64 = FRONT_HEAD_BYTES as u64;
const SECTOR_SIZE: u64 = 512;
const ZEROS: [u8; SECTOR_SIZE as usize] = [0; SECTOR_SIZE as usize];
/// Length, number and chain.
const RECORD_HEAD_SIZE: u64 = 16;
/// How much is read at once to find records.
const WINDOW_SIZE: u64 = 64 << 10;
/// A record beyond this part of the room is not worth being written twice.
const LARGEST_PART: u64 = 8;

/// The records in front of the store crate's pages, as far as they are known.
#[derive(Debug, Clone)]
pub(super) struct Front {
    /// What the table says; the first record follows it.
    table: Tail,
    /// The last record, or the table's.
    tail: Tail,
    /// Where the next record begins.
    end: u64,
    /// Where the front ends.
    limit: u64,
    /// The records in the form of the table; only added to. Views know how many are theirs.
    records: Arc<RwLock<Vec<Bytes>>>,
}

/// One record found in the front.
struct Found {
    record: Bytes,
    tail: Tail,
    end: u64,
}

impl Front {
    /// Returns a front without records, behind what the table says.
    pub(super) fn empty(medium: &Medium, table: Tail) -> Front {
        Front { table, tail: table, end: START, limit: u64::from(medium.header().front_size), records: Arc::default() }
    }

    /// Returns what the table says.
    pub(super) fn table(&self) -> &Tail {
        &self.table
    }

    /// Returns the state of the log with the records of the front.
    pub(super) fn tail(&self) -> &Tail {
        &self.tail
    }

    /// Returns whether there is room for a record of this length.
    pub(super) fn has_room_for(&self, payload: &[u8]) -> bool {
        let size = RECORD_HEAD_SIZE + payload.len() as u64;
        size <= (self.limit - START) / LARGEST_PART && self.end + size <= self.limit
    }

    /// Writes a record that there is room for, and waits for it if `is_synced`; what it returns is to be used in place of this.
    pub(super) fn append(&self, medium: &Medium, payload: &[u8], is_synced: bool) -> io::Result<Front> {
        let tail = self.tail.after(payload);
        let record = frame_record(&tail, payload);
        let mut bytes = Vec::with_capacity(4 + record.len());
        bytes.extend_from_slice(&(payload.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&record);
        medium.write_front(self.end, &bytes)?;
        if is_synced {
            medium.sync()?;
        }
        let end = (self.end + bytes.len() as u64).next_multiple_of(SECTOR_SIZE);
        let mut after = self.clone();
        after.push(Found { record: Bytes::from(record), tail, end });
        Ok(after)
    }

    /// Hands the records numbered from `first` to `last` to `look`, in order.
    pub(super) fn each(&self, first: u64, last: u64, look: &mut dyn FnMut(u64, &[u8])) {
        let records = self.records.read().unwrap_or_else(PoisonError::into_inner);
        let numbered = (self.table.last + 1..=last.min(self.tail.last)).zip(records.iter());
        numbered.filter(|(number, _)| *number >= first).for_each(|(number, record)| look(number, record));
    }

    /// Reads records that stand behind those known. Those that are known to have been acknowledged are kept in what this shares with
    /// others, so that they are read once; one behind them may still be taken back.
    pub(super) fn read_on(&mut self, medium: &Medium, acknowledged: u64) -> io::Result<Front> {
        let found = self.find(medium)?;
        let kept = found.iter().take_while(|found| found.tail.last <= acknowledged).count();
        let mut found = found.into_iter();
        found.by_ref().take(kept).for_each(|found| self.push(found));
        let mut shown = self.clone();
        if found.len() > 0 {
            let mut records = self.records.read().unwrap_or_else(PoisonError::into_inner).clone();
            records.truncate((self.tail.last - self.table.last) as usize);
            shown.records = Arc::new(RwLock::new(records));
            found.for_each(|found| shown.push(found));
        }
        Ok(shown)
    }

    /// Takes back the last record, whose commit was reported as failed.
    pub(super) fn take_back(self, medium: &Medium, promised: &Tail) -> io::Result<Front> {
        let mut shorter = Front::empty(medium, self.table);
        let records = self.records.read().unwrap_or_else(PoisonError::into_inner);
        for record in records.iter() {
            match unframe_record(&shorter.tail, record) {
                Ok((_, tail)) if tail.last <= promised.last => {
                    let end = (shorter.end + 4 + record.len() as u64).next_multiple_of(SECTOR_SIZE);
                    shorter.push(Found { record: record.clone(), tail, end });
                }
                _ => break,
            }
        }
        shorter.clear_rest(medium)?;
        Ok(shorter)
    }

    /// Writes zeros over what stands behind the end, so that nothing of it can follow a record to come.
    pub(super) fn clear_rest(&self, medium: &Medium) -> io::Result<()> {
        let mut rest = vec![0; (self.limit - self.end) as usize];
        medium.read_front(self.end, &mut rest)?;
        let mut sectors = rest.chunks(SECTOR_SIZE as usize);
        let Some(last) = sectors.rposition(|sector| *sector != ZEROS[..sector.len()]) else { return Ok(()) };
        rest.truncate((last + 1) * SECTOR_SIZE as usize);
        rest.fill(0);
        medium.write_front(self.end, &rest)?;
        medium.sync()
    }

    fn push(&mut self, found: Found) {
        let mut records = self.records.write().unwrap_or_else(PoisonError::into_inner);
        // A reader's other thread may have found it too.
        if records.len() as u64 == self.tail.last - self.table.last {
            records.push(found.record);
        }
        drop(records);
        (self.tail, self.end) = (found.tail, found.end);
    }

    /// Looks for records behind those known.
    fn find(&self, medium: &Medium) -> io::Result<Vec<Found>> {
        let mut all = Vec::new();
        let (mut tail, mut end) = (self.tail, self.end);
        // Most often there is none, and one sector says so.
        let mut size = SECTOR_SIZE;
        while end + RECORD_HEAD_SIZE <= self.limit {
            let mut window = vec![0; size.min(self.limit - end) as usize];
            medium.read_front(end, &mut window)?;
            let (found, wanted) = parse(&window, &tail, end);
            let Some(last) = found.last() else {
                // The next one is longer than the window, or there is none.
                match wanted {
                    Some(wanted) if wanted > size && wanted <= self.limit - end => size = wanted,
                    _ => break,
                }
                continue;
            };
            (tail, end) = (last.tail, last.end);
            all.extend(found);
            size = WINDOW_SIZE;
        }
        Ok(all)
    }
}

/// Takes records out of bytes as long as they are whole and continue the log; then says how many bytes the next one wants, if it has the
/// right number.
fn parse(window: &[u8], before: &Tail, offset: u64) -> (Vec<Found>, Option<u64>) {
    let (mut all, mut tail, mut at) = (Vec::new(), *before, 0_usize);
    loop {
        let Some(rest) = window.get(at..).filter(|rest| rest.len() as u64 >= RECORD_HEAD_SIZE) else {
            return (all, None);
        };
        if read_u64(rest, 4) != tail.last + 1 {
            return (all, None);
        }
        let size = RECORD_HEAD_SIZE + u64::from(read_u32(rest, 0));
        if size > rest.len() as u64 {
            return (all, Some(size));
        }
        let record = &rest[4..size as usize];
        let Ok((_, after)) = unframe_record(&tail, record) else { return (all, None) };
        at += size.next_multiple_of(SECTOR_SIZE) as usize;
        all.push(Found { record: Bytes::from(record), tail: after, end: offset + at as u64 });
        tail = after;
    }
}
