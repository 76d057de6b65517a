//! The mark: how far commits have been reported as done, written into the front of the file after each of them, without a sync.
//!
//! A record at the end of the front that is not whole may be a commit that never ended, or one that was done and is damaged; the store
//! crate's header names the current one of its two last transactions by one bit, so that a flipped bit brings back the one before. The
//! bytes themselves cannot tell. The mark can: it is only written once the commit is durable, and a file whose mark knows a later commit
//! than its log has lost one. The next commit's sync makes the mark safe too, so that at most the last one is not covered by it. A mark
//! that is missing or torn says nothing. Without syncs it is written at the end only: the disk may have it sooner than the commit.
//!
//! ```text
//! offset  width  meaning
//!   2048      8  "yuanpu" 0x1A 0x0C
//!   2056      8  number of the checkpoint that the log follows
//!   2064      8  number of the last commit
//!   2072      4  checksum of bytes 2048 to 2072
//! ```
//!
//! It stands within one sector, which holds nothing else.

use std::io;

use crate::storage::file::medium::Medium;
use crate::storage::frame::{Tail, read_u32, read_u64};

const OFFSET: u64 = 2048;
const SIZE: usize = 28;
const MAGIC: [u8; 8] = *b"yuanpu\x1a\x0c";

/// How far commits have been reported as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    checkpoint: u64,
    last: u64,
}

impl Mark {
    /// Reads the mark of a file; none if it has none that can be read.
    pub(super) fn read(medium: &Medium) -> io::Result<Option<Mark>> {
        let mut bytes = [0; SIZE];
        medium.read_front(OFFSET, &mut bytes)?;
        let sound = bytes.starts_with(&MAGIC) && crc32c::crc32c(&bytes[..24]) == read_u32(&bytes, 24);
        Ok(sound.then(|| Mark { checkpoint: read_u64(&bytes, 8), last: read_u64(&bytes, 16) }))
    }

    /// Writes the mark of a commit that is durable. If that fails, nothing is lost but the mark.
    pub(super) fn write(medium: &Medium, tail: &Tail) {
        let mut bytes = [0; SIZE];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..16].copy_from_slice(&tail.checkpoint.to_le_bytes());
        bytes[16..24].copy_from_slice(&tail.last.to_le_bytes());
        let checksum = crc32c::crc32c(&bytes[..24]);
        bytes[24..].copy_from_slice(&checksum.to_le_bytes());
        let _ = medium.write_front(OFFSET, &bytes);
    }

    /// Returns the number of the last commit.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Says whether a file that has this mark and this tail has lost a commit.
    pub(super) fn is_ahead_of(&self, tail: &Tail) -> bool {
        self.checkpoint > tail.checkpoint || self.last > tail.last
    }
}
