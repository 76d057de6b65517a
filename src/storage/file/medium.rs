//! The bytes of a database file: a real file, or a disk of ours that can be made to fail, behind one adapter.
//!
//! The file begins with a **front** of our own (front.rs); the store crate's pages follow it, and the store crate sees them only, as if
//! its file began there.
//!
//! A medium begins **on probation**: what the store crate writes while it opens a file (a flag in its header, a repair
//! after a crash) is kept in memory, and reads see it there. Only when the file has proved to be ours and sound are the
//! writes played to the file, in their order and with their syncs. So a refused file is left as it was, byte for byte,
//! and a file on read-only media that a crash left unrepaired can still be read: its repair never leaves memory.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};

use crate::storage::file::ahead::ReadAhead;
use crate::storage::frame::Header;

const BLOCK_SIZE: u64 = 4096;

/// How the store crate's locks are taken on the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locking {
    /// As it asks.
    AsAsked,
    /// Exclusive locks become shared ones: the writes will never reach the file.
    SharedOnly,
}

/// Where the bytes are.
#[derive(Debug)]
pub enum Floor {
    /// In a file.
    File(FileBackend),
    /// In something of ours.
    Disk(Arc<dyn Disk>),
}

/// The store crate's pages: the bytes behind the front.
#[derive(Debug)]
struct Ground {
    floor: Floor,
    front_size: u64,
}

/// The bytes under one open database.
#[derive(Debug)]
pub struct Medium {
    ground: Ground,
    header: Header,
    is_new: bool,
    locking: Locking,
    probation: RwLock<Option<Overlay>>,
    ahead: OnceLock<ReadAhead>,
}

/// What was written while on probation.
#[derive(Debug)]
struct Overlay {
    /// The size that the store crate sees.
    size: u64,
    /// Bytes of the ground that still show through: those before this offset, where no block lies above.
    ground_size: u64,
    /// Changed blocks by number.
    blocks: BTreeMap<u64, Vec<u8>>,
    /// What was done, in order.
    journal: Vec<Step>,
}

/// One thing that the store crate did.
#[derive(Debug)]
enum Step {
    Write(u64, Vec<u8>),
    SetSize(u64),
    Sync,
}

/// Something with the bytes of a file, which is not a file: tests make it fail, tear and stop.
pub trait Disk: std::fmt::Debug + Send + Sync {
    /// Returns the size in bytes.
    fn size_bytes(&self) -> io::Result<u64>;
    /// Fills `out` from an offset; bytes beyond the end are an error.
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;
    /// Writes at an offset.
    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts off, or adds zeros.
    fn set_size(&self, size_bytes: u64) -> io::Result<()>;
    /// Returns when all that was written would survive a power failure.
    fn sync(&self) -> io::Result<()>;
}

impl Medium {
    /// Takes a file or a disk, on probation. A new one gets its header when probation ends.
    pub fn on_probation(floor: Floor, header: Header, is_new: bool, locking: Locking) -> io::Result<Arc<Medium>> {
        let ground = Ground { floor, front_size: u64::from(header.front_size) };
        let size = ground.size()?;
        let overlay = Overlay { size, ground_size: size, blocks: BTreeMap::new(), journal: Vec::new() };
        let probation = RwLock::new(Some(overlay));
        Ok(Arc::new(Medium { ground, header, is_new, locking, probation, ahead: OnceLock::new() }))
    }

    /// Begins to read ahead of what the store crate asks for, where the bytes are in a file.
    pub fn read_ahead(self: &Arc<Medium>) {
        let Floor::File(_) = &self.ground.floor else { return };
        if self.ahead.get().is_some() {
            return;
        }
        let begun = self.ground.size().ok().and_then(|size| ReadAhead::begin(Arc::downgrade(self), size));
        if let Some(begun) = begun {
            let _ = self.ahead.set(begun);
        }
    }

    /// Ends reading ahead, and returns when nothing is read any more.
    pub fn end_reading_ahead(&self) {
        if let Some(ahead) = self.ahead.get() {
            ahead.end();
        }
    }

    /// Returns what the file says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Returns whether the file had nothing in it when it was opened.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Ends probation: plays what was written to the file, and lets writes through from now on.
    pub fn accept(&self) -> io::Result<()> {
        let mut probation = self.probation.write().unwrap_or_else(PoisonError::into_inner);
        let Some(overlay) = probation.as_ref() else { return Ok(()) };
        if self.is_new {
            self.ground.floor.write(0, &self.header.encode())?;
        }
        for step in &overlay.journal {
            match step {
                Step::Write(offset, bytes) => self.ground.write(*offset, bytes)?,
                Step::SetSize(size) => self.ground.set_size(*size)?,
                Step::Sync => self.ground.sync()?,
            }
        }
        *probation = None;
        Ok(())
    }

    /// Ends probation if nothing was written: what is read then is the file as it is now, however far it has grown since.
    pub fn look_through(&self) {
        let mut probation = self.probation.write().unwrap_or_else(PoisonError::into_inner);
        if probation.as_ref().is_some_and(|overlay| overlay.journal.is_empty()) {
            *probation = None;
        }
    }

    /// Reads the store crate's pages as they are on the ground, whatever was written on probation.
    pub fn read_pages(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.ground.read(offset, out)
    }

    /// Reads bytes of the front; that of a new file is zeros until probation ends.
    pub fn read_front(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if self.is_new && self.assert_accepted().is_err() {
            out.fill(0);
            return Ok(());
        }
        self.ground.floor.read(offset, out)
    }

    /// Writes bytes of the front, off probation.
    pub fn write_front(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.assert_accepted()?;
        self.ground.floor.write(offset, bytes)
    }

    /// Returns when all that was written would survive a power failure.
    pub fn sync(&self) -> io::Result<()> {
        self.assert_accepted()?;
        self.ground.sync()
    }

    fn assert_accepted(&self) -> io::Result<()> {
        match *self.probation.read().unwrap_or_else(PoisonError::into_inner) {
            Some(_) => Err(io::Error::from(io::ErrorKind::PermissionDenied)),
            None => Ok(()),
        }
    }

    /// Returns the size of the whole file on the ground.
    pub fn size_bytes(&self) -> io::Result<u64> {
        self.ground.floor.size()
    }

    /// Returns the size of the store crate's pages on the ground.
    pub fn pages_size_bytes(&self) -> io::Result<u64> {
        self.ground.size()
    }

    /// Runs on the overlay while on probation, and on the ground after.
    fn change(
        &self,
        on_overlay: impl FnOnce(&mut Overlay, &Ground) -> io::Result<()>,
        on_ground: impl FnOnce(&Ground) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.probation.read().unwrap_or_else(PoisonError::into_inner).is_none() {
            return on_ground(&self.ground);
        }
        let mut probation = self.probation.write().unwrap_or_else(PoisonError::into_inner);
        match probation.as_mut() {
            Some(overlay) => on_overlay(overlay, &self.ground),
            None => on_ground(&self.ground),
        }
    }
}

impl Overlay {
    fn read(&self, ground: &Ground, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(out.len() as u64).filter(|end| *end <= self.size);
        let Some(end) = end else {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends too early"));
        };
        out.fill(0);
        if offset < self.ground_size {
            let shown = (end.min(self.ground_size) - offset) as usize;
            ground.read(offset, &mut out[..shown])?;
        }
        for (number, block) in self.blocks.range(offset / BLOCK_SIZE..end.div_ceil(BLOCK_SIZE)) {
            let start = number * BLOCK_SIZE;
            let (from, to) = (start.max(offset), (start + BLOCK_SIZE).min(end));
            out[(from - offset) as usize..(to - offset) as usize]
                .copy_from_slice(&block[(from - start) as usize..(to - start) as usize]);
        }
        Ok(())
    }

    fn write(&mut self, ground: &Ground, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let end = offset + bytes.len() as u64;
        self.size = self.size.max(end);
        for number in offset / BLOCK_SIZE..end.div_ceil(BLOCK_SIZE) {
            let start = number * BLOCK_SIZE;
            if !self.blocks.contains_key(&number) {
                let mut block = vec![0; BLOCK_SIZE as usize];
                let shown = self.ground_size.saturating_sub(start).min(BLOCK_SIZE) as usize;
                if shown > 0 {
                    ground.read(start, &mut block[..shown])?;
                }
                self.blocks.insert(number, block);
            }
            let (from, to) = (start.max(offset), (start + BLOCK_SIZE).min(end));
            if let Some(block) = self.blocks.get_mut(&number) {
                block[(from - start) as usize..(to - start) as usize]
                    .copy_from_slice(&bytes[(from - offset) as usize..(to - offset) as usize]);
            }
        }
        self.journal.push(Step::Write(offset, bytes.to_vec()));
        Ok(())
    }

    fn set_size(&mut self, size: u64) {
        // What was cut off comes back as zeros if the file grows again, in a block that was cut through as well.
        self.ground_size = self.ground_size.min(size);
        self.blocks.split_off(&size.div_ceil(BLOCK_SIZE));
        if let Some(block) = self.blocks.get_mut(&(size / BLOCK_SIZE)) {
            block[(size % BLOCK_SIZE) as usize..].fill(0);
        }
        self.size = size;
        self.journal.push(Step::SetSize(size));
    }
}

impl Ground {
    fn size(&self) -> io::Result<u64> {
        Ok(self.floor.size()?.saturating_sub(self.front_size))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.floor.read(self.front_size + offset, out)
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.floor.write(self.front_size + offset, bytes)
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        let size = self.front_size + size;
        match &self.floor {
            Floor::File(file) => file.set_len(size),
            Floor::Disk(disk) => disk.set_size(size),
        }
    }

    fn sync(&self) -> io::Result<()> {
        match &self.floor {
            Floor::File(file) => file.sync_data(),
            Floor::Disk(disk) => disk.sync(),
        }
    }
}

impl Floor {
    /// Returns the size in bytes.
    pub fn size(&self) -> io::Result<u64> {
        match self {
            Floor::File(file) => file.len(),
            Floor::Disk(disk) => disk.size_bytes(),
        }
    }

    /// Fills `out` from an offset; bytes beyond the end are an error.
    pub fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        match self {
            Floor::File(file) => file.read(offset, out),
            Floor::Disk(disk) => disk.read(offset, out),
        }
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        match self {
            Floor::File(file) => file.write(offset, bytes),
            Floor::Disk(disk) => disk.write(offset, bytes),
        }
    }
}

/// What the store crate gets: it owns its backend, and we keep hold of the medium.
#[derive(Debug)]
pub struct Backend(pub Arc<Medium>);

type Edge = Bound<u64>;

impl Backend {
    fn file(&self) -> Option<&FileBackend> {
        match &self.0.ground.floor {
            Floor::File(file) => Some(file),
            Floor::Disk(_) => None,
        }
    }

    fn shared_only(&self) -> bool {
        self.0.locking == Locking::SharedOnly
    }
}

impl StorageBackend for Backend {
    fn len(&self) -> io::Result<u64> {
        let probation = self.0.probation.read().unwrap_or_else(PoisonError::into_inner);
        match probation.as_ref() {
            Some(overlay) => Ok(overlay.size),
            None => self.0.ground.size(),
        }
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if let Some(ahead) = self.0.ahead.get() {
            ahead.note(offset);
        }
        let probation = self.0.probation.read().unwrap_or_else(PoisonError::into_inner);
        match probation.as_ref() {
            Some(overlay) => overlay.read(&self.0.ground, offset, out),
            None => self.0.ground.read(offset, out),
        }
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.change(|overlay, ground| overlay.write(ground, offset, bytes), |ground| ground.write(offset, bytes))
    }

    fn set_len(&self, size: u64) -> io::Result<()> {
        let on_overlay = |overlay: &mut Overlay, _: &Ground| {
            overlay.set_size(size);
            Ok(())
        };
        self.0.change(on_overlay, |ground| ground.set_size(size))
    }

    fn sync_data(&self) -> io::Result<()> {
        let on_overlay = |overlay: &mut Overlay, _: &Ground| {
            overlay.journal.push(Step::Sync);
            Ok(())
        };
        self.0.change(on_overlay, Ground::sync)
    }

    fn close(&self) -> io::Result<()> {
        self.file().map_or(Ok(()), FileBackend::close)
    }

    fn try_lock_range(&self, start: Edge, end: Edge) -> Result<bool, BackendError> {
        match self.file() {
            Some(file) if self.shared_only() => file.try_lock_shared_range(start, end),
            Some(file) => file.try_lock_range(start, end),
            None => Ok(true),
        }
    }

    fn try_lock_shared_range(&self, start: Edge, end: Edge) -> Result<bool, BackendError> {
        self.file().map_or(Ok(true), |file| file.try_lock_shared_range(start, end))
    }

    fn lock_range(&self, start: Edge, end: Edge) -> Result<(), BackendError> {
        match self.file() {
            Some(file) if self.shared_only() => file.lock_shared_range(start, end),
            Some(file) => file.lock_range(start, end),
            None => Ok(()),
        }
    }

    fn lock_shared_range(&self, start: Edge, end: Edge) -> Result<(), BackendError> {
        self.file().map_or(Ok(()), |file| file.lock_shared_range(start, end))
    }

    fn unlock_range(&self, start: Edge, end: Edge) -> Result<(), BackendError> {
        self.file().map_or(Ok(()), |file| file.unlock_range(start, end))
    }

    fn query_lock_range(&self, start: Edge, end: Edge) -> Result<bool, BackendError> {
        self.file().map_or(Ok(false), |file| file.query_lock_range(start, end))
    }
}
