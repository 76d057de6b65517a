//! A disk in memory that remembers what was done to it, fails on demand, and tells what a power failure could leave.

use std::io;
use std::sync::{Mutex, MutexGuard};

use crate::storage::file::medium::Disk;
use crate::storage::tests::model::Dice;

/// One thing that was done to a disk.
#[derive(Debug, Clone)]
pub enum Operation {
    Write(u64, Vec<u8>),
    SetSize(u64),
    Sync,
}

/// How the disk fails from some operation on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every operation that changes something, and every sync.
    Broken,
    /// That one operation only, which does nothing.
    Once,
    /// Writes and growth: there is no room.
    Full,
    /// Only syncs; what was written is seen by readers.
    SyncFails,
    /// Writes are cut in the middle, and fail.
    Tears,
}

#[derive(Debug, Default)]
struct State {
    bytes: Vec<u8>,
    trace: Vec<Operation>,
    attempts: usize,
    fault: Option<(usize, Fault)>,
    read_fault: bool,
}

/// A disk that can be told to fail.
#[derive(Debug, Default)]
pub struct SimulatedDisk {
    state: Mutex<State>,
}

impl SimulatedDisk {
    /// Makes a disk with bytes on it.
    pub fn with_bytes(bytes: Vec<u8>) -> SimulatedDisk {
        SimulatedDisk { state: Mutex::new(State { bytes, ..State::default() }) }
    }

    /// Returns all that was done, in order.
    pub fn trace(&self) -> Vec<Operation> {
        self.state().trace.clone()
    }

    /// Returns how many operations were tried.
    pub fn attempts(&self) -> usize {
        self.state().attempts
    }

    /// Returns the bytes as a process sees them.
    pub fn bytes(&self) -> Vec<u8> {
        self.state().bytes.clone()
    }

    /// Makes the operation number `at` fail (counted from 0 over the disk's life), and maybe those after it.
    pub fn fail(&self, at: usize, fault: Fault) {
        self.state().fault = Some((at, fault));
    }

    /// Makes all reads fail, or none.
    pub fn fail_reads(&self, fails: bool) {
        self.state().read_fault = fails;
    }

    /// Makes the disk work again.
    pub fn mend(&self) {
        let mut state = self.state();
        state.fault = None;
        state.read_fault = false;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds the disk")
    }

    fn change(&self, operation: Operation) -> io::Result<()> {
        let mut state = self.state();
        let attempt = state.attempts;
        state.attempts += 1;
        let grows = match &operation {
            Operation::Write(..) => true,
            Operation::SetSize(size) => *size > state.bytes.len() as u64,
            Operation::Sync => false,
        };
        let is_sync = matches!(operation, Operation::Sync);
        match state.fault.filter(|(at, _)| attempt >= *at) {
            Some((_, Fault::Broken)) => return Err(io::Error::from_raw_os_error(5)),
            Some((at, Fault::Once)) if attempt == at => return Err(io::Error::from_raw_os_error(5)),
            Some((_, Fault::Full)) if grows => return Err(io::Error::from_raw_os_error(28)),
            Some((_, Fault::SyncFails)) if is_sync => return Err(io::Error::from_raw_os_error(5)),
            Some((_, Fault::Tears)) => {
                if let Operation::Write(offset, bytes) = &operation {
                    let half = Operation::Write(*offset, bytes[..bytes.len() / 2].to_vec());
                    apply(&mut state.bytes, &half);
                    state.trace.push(half);
                }
                return Err(io::Error::from_raw_os_error(5));
            }
            _ => {}
        }
        apply(&mut state.bytes, &operation);
        state.trace.push(operation);
        Ok(())
    }
}

impl Disk for SimulatedDisk {
    fn size_bytes(&self) -> io::Result<u64> {
        Ok(self.state().bytes.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.state();
        if state.read_fault {
            return Err(io::Error::from_raw_os_error(5));
        }
        let start = offset as usize;
        let bytes = start.checked_add(out.len()).and_then(|end| state.bytes.get(start..end));
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.change(Operation::Write(offset, bytes.to_vec()))
    }

    fn set_size(&self, size_bytes: u64) -> io::Result<()> {
        self.change(Operation::SetSize(size_bytes))
    }

    fn sync(&self) -> io::Result<()> {
        self.change(Operation::Sync)
    }
}

fn apply(bytes: &mut Vec<u8>, operation: &Operation) {
    match operation {
        Operation::Write(offset, data) => {
            let end = *offset as usize + data.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*offset as usize..end].copy_from_slice(data);
        }
        Operation::SetSize(size) => bytes.resize(*size as usize, 0),
        Operation::Sync => {}
    }
}

/// What a power failure leaves of the writes that were not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// None of them reached the disk.
    All,
    /// All of them did (a killed process loses nothing that was written).
    Nothing,
    /// Some did, in any combination.
    Some(u64),
    /// Some did, and the last one in part, by sectors of 512 bytes.
    Torn(u64),
}

/// Builds the disk as failures at one point after another would leave it; points only go forward.
#[derive(Debug, Default)]
pub struct Replay {
    synced: Vec<u8>,
    pending: Vec<Operation>,
}

impl Replay {
    /// Begins with bytes that are safe.
    pub fn from_bytes(bytes: Vec<u8>) -> Replay {
        Replay { synced: bytes, pending: Vec::new() }
    }

    /// Does one more operation.
    pub fn advance(&mut self, operation: &Operation) {
        match operation {
            Operation::Sync => {
                let Replay { synced, pending } = self;
                pending.drain(..).for_each(|done| apply(synced, &done));
            }
            other => self.pending.push(other.clone()),
        }
    }

    /// Returns the disk after a failure now.
    pub fn image(&self, loss: Loss) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        let mut dice = match loss {
            Loss::All => return bytes,
            Loss::Nothing => {
                self.pending.iter().for_each(|operation| apply(&mut bytes, operation));
                return bytes;
            }
            Loss::Some(seed) | Loss::Torn(seed) => Dice(seed),
        };
        let kept: Vec<bool> = self.pending.iter().map(|_| dice.below(2) == 0).collect();
        for (index, operation) in self.pending.iter().enumerate() {
            let is_last = index + 1 == self.pending.len();
            match operation {
                // File systems keep the order of changes of a file's size and of what is written after them.
                Operation::SetSize(_) if kept[index..].contains(&true) => apply(&mut bytes, operation),
                Operation::Write(offset, data) if is_last && matches!(loss, Loss::Torn(_)) => {
                    let sectors = dice.below(data.len() as u64 / 512 + 1) as usize;
                    let part = data[..(sectors * 512).min(data.len())].to_vec();
                    apply(&mut bytes, &Operation::Write(*offset, part));
                }
                Operation::Write(..) if kept[index] => apply(&mut bytes, operation),
                _ => {}
            }
        }
        bytes
    }
}
