//! Damaged files: flipped bits, zeroed and swapped blocks, cut and lengthened files. The answer is right or a refusal,
//! and a file that is refused at opening is left as it was.

use std::sync::Arc;

use crate::storage::file::is_guarded;
use crate::storage::tests::disk::SimulatedDisk;
use crate::storage::tests::model::{Dice, Model, Step, narrow, workload};
use crate::storage::{FileStore, StorageError, Store, check};

const BLOCK_SIZE: usize = 4096;
/// Where the store crate's pages begin in a narrow file.
const PAGES: usize = 16_384;

/// Returns the bytes of a database that was closed in peace, or left by a killed process, and what it holds.
fn sample(closed: bool) -> (Vec<u8>, Model) {
    let disk = Arc::new(SimulatedDisk::default());
    let store = FileStore::open_disk(disk.clone(), narrow()).unwrap();
    let mut model = Model::default();
    for step in workload(31, 70, 12) {
        step.run(&store).unwrap();
        model.apply(&step);
    }
    if closed {
        store.close().unwrap();
    }
    (disk.bytes(), model)
}

/// What became of a damaged file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    RefusedAtOpening,
    RefusedAtReading,
    Right,
}

/// Opens damaged bytes, reads all, commits, and reads all again; anything wrong is told in words.
fn outcome(bytes: &[u8], model: &Model) -> Result<Outcome, String> {
    let disk = Arc::new(SimulatedDisk::with_bytes(bytes.to_vec()));
    let store = match FileStore::open_disk(disk.clone(), narrow()) {
        Ok(store) => store,
        Err(error @ (StorageError::Damaged { .. } | StorageError::Foreign { .. })) => {
            let untouched = disk.bytes() == bytes;
            return untouched.then_some(Outcome::RefusedAtOpening).ok_or(format!("changed, though refused: {error}"));
        }
        Err(StorageError::NewerVersion { .. }) => return Ok(Outcome::RefusedAtOpening),
        // A flipped bit in the magic number or the page size.
        Err(error) => return Err(format!("an error that is none of damage: {error:?}")),
    };
    match store.view().and_then(|view| Model::of(&view)) {
        Ok(found) if found == *model => {}
        Ok(found) => return Err(difference(&found, model)),
        Err(StorageError::Damaged { .. }) => return Ok(Outcome::RefusedAtReading),
        Err(error) => return Err(format!("an error that is none of damage: {error:?}")),
    }
    // Damage to what says which pages are free shows only when something is written.
    let mut after = model.clone();
    for step in workload(32, 14, 6) {
        match step.run(&store) {
            Ok(()) => after.apply(&step),
            Err(StorageError::Damaged { .. }) => return Ok(Outcome::RefusedAtReading),
            Err(error) => return Err(format!("writing: an error that is none of damage: {error:?}")),
        }
    }
    drop(store);
    let again = FileStore::open_disk(disk, narrow());
    match again.and_then(|store| Model::of(&store.view()?)) {
        Ok(found) if found == after => Ok(Outcome::Right),
        Ok(found) => Err(format!("after writing: {}", difference(&found, &after))),
        Err(StorageError::Damaged { .. }) => Ok(Outcome::RefusedAtReading),
        Err(error) => Err(format!("after writing: an error that is none of damage: {error:?}")),
    }
}

fn difference(found: &Model, expected: &Model) -> String {
    format!(
        "a wrong answer: at commit {} instead of {}, {} chunks instead of {}",
        found.sequence,
        expected.sequence,
        found.chunks.len(),
        expected.chunks.len()
    )
}

/// Keeps panics that the store turns into refusals out of the tests' output, as a program's own hook would.
fn hush() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !is_guarded() {
                loud(panic);
            }
        }));
    });
}

/// Tries damaged files, and counts what became of them.
struct Trial {
    bytes: Vec<u8>,
    model: Model,
    counts: [usize; 3],
    faults: Vec<String>,
}

impl Trial {
    fn new(closed: bool) -> Trial {
        hush();
        let (bytes, model) = sample(closed);
        assert_eq!(outcome(&bytes, &model), Ok(Outcome::Right));
        Trial { bytes, model, counts: [0; 3], faults: Vec::new() }
    }

    fn of(&mut self, what: String, damage: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = self.bytes.clone();
        damage(&mut bytes);
        match outcome(&bytes, &self.model) {
            Ok(outcome) => self.counts[outcome as usize] += 1,
            Err(fault) => self.faults.push(format!("{what}: {fault}")),
        }
    }

    /// Returns the numbers of the blocks that hold something.
    fn used_blocks(&self) -> Vec<usize> {
        let blocks = self.bytes.chunks(BLOCK_SIZE).enumerate();
        blocks.filter(|(_, block)| block.iter().any(|byte| *byte != 0)).map(|(number, _)| number).collect()
    }

    /// Flips a bit in each byte of the headers, ours and the store crate's, and each of the flags that say which of its transactions is
    /// the last: without the mark, that one would be lost without a word.
    fn flip_in_headers(&mut self, dice: &mut Dice) {
        for byte in (0..40).chain(PAGES..PAGES + 320) {
            let bit = 8 * byte + dice.below(8) as usize;
            self.of(format!("bit {} of byte {byte} of a header", bit % 8), |bytes| flip(bytes, bit));
        }
        for bit in 8 * PAGES + 72..8 * PAGES + 80 {
            self.of(format!("flag {} of the header", bit - 72), |bytes| flip(bytes, bit));
        }
    }

    fn finish(self, what: &str) {
        assert!(self.faults.is_empty(), "{} of {:?}:\n{}", self.faults.len(), self.counts, self.faults.join("\n"));
        let [at_opening, at_reading, right] = self.counts;
        assert!(at_opening > 0 && at_reading + right > 0, "{:?}", self.counts);
        let count: usize = self.counts.iter().sum();
        println!("figure: {what}: {count} files, {right} answered rightly, the others refused");
    }
}

fn flip(bytes: &mut [u8], bit: usize) {
    bytes[bit / 8] ^= 1 << (bit % 8);
}

#[test]
fn a_flipped_bit_anywhere_is_harmless_or_noticed() {
    let mut trial = Trial::new(true);
    let mut dice = Dice(33);
    trial.flip_in_headers(&mut dice);
    for block in trial.used_blocks() {
        for _ in 0..12 {
            // Most bytes of a page that says where others are stand at its beginning.
            let range = if dice.below(2) == 0 { 64 } else { BLOCK_SIZE as u64 };
            let bit = 8 * (block * BLOCK_SIZE + dice.below(range) as usize) + dice.below(8) as usize;
            trial.of(format!("bit {} of byte {}", bit % 8, bit / 8), |bytes| flip(bytes, bit));
        }
    }
    trial.finish("bits flipped in a file closed in peace");
}

#[test]
fn a_flipped_bit_in_what_a_killed_process_left_is_harmless_or_noticed() {
    let mut trial = Trial::new(false);
    let mut dice = Dice(34);
    trial.flip_in_headers(&mut dice);
    for bit in 2048 * 8..2076 * 8 {
        trial.of(format!("bit {} of byte {} of the mark", bit % 8, bit / 8), |bytes| flip(bytes, bit));
    }
    for block in trial.used_blocks() {
        let bit = 8 * (block * BLOCK_SIZE + dice.below(64) as usize) + dice.below(8) as usize;
        trial.of(format!("bit {} of byte {}", bit % 8, bit / 8), |bytes| flip(bytes, bit));
    }
    trial.finish("bits flipped in what a killed process left");
}

#[test]
fn a_zeroed_or_swapped_block_is_harmless_or_noticed() {
    let mut trial = Trial::new(true);
    let mut dice = Dice(35);
    let blocks = trial.used_blocks();
    for block in &blocks {
        let start = block * BLOCK_SIZE;
        trial.of(format!("block {block} zeroed"), |bytes| bytes[start..start + BLOCK_SIZE].fill(0));
        trial.of(format!("half of block {block} zeroed"), |bytes| bytes[start..start + BLOCK_SIZE / 2].fill(0));
        let other = blocks[dice.below(blocks.len() as u64) as usize];
        trial.of(format!("block {block} is block {other}"), |bytes| {
            bytes.copy_within(other * BLOCK_SIZE..(other + 1) * BLOCK_SIZE, start);
        });
        let noise = dice.bytes(BLOCK_SIZE as u64);
        trial.of(format!("block {block} is noise"), |bytes| bytes[start..start + BLOCK_SIZE].copy_from_slice(&noise));
    }
    trial.finish("blocks zeroed, swapped, noise");
}

#[test]
fn a_cut_or_lengthened_file_is_noticed() {
    for closed in [true, false] {
        let mut trial = Trial::new(closed);
        let size = trial.bytes.len();
        let mut sizes: Vec<usize> = (1..size / BLOCK_SIZE).map(|block| block * BLOCK_SIZE).collect();
        sizes.extend([1, 5, 9, 10, 100, 319, 320, 321, 4095, 4097, size - 1, size - 2048, size + 1, size + 5000]);
        for cut in sizes {
            trial.of(format!("{cut} of {size} bytes"), |bytes| bytes.resize(cut, 0));
        }
        assert!(trial.faults.is_empty(), "{:?}", trial.faults);
        assert!(trial.counts[0] > 10, "{:?}", trial.counts);
    }
}

#[test]
fn a_check_finds_what_reading_finds_and_changes_nothing() {
    let trial = Trial::new(true);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.yuanpu");
    let mut found = 0;
    for block in trial.used_blocks() {
        let mut bytes = trial.bytes.clone();
        bytes[block * BLOCK_SIZE + 8..(block + 1) * BLOCK_SIZE].fill(0);
        std::fs::write(&path, &bytes).unwrap();
        let problems = match check(&path, &mut |_| ()) {
            Ok(report) => report.problems.len(),
            Err(StorageError::Foreign { .. } | StorageError::NewerVersion { .. }) => 1,
            Err(error) => panic!("block {block}: {error}"),
        };
        let is_right = outcome(&bytes, &trial.model) == Ok(Outcome::Right);
        assert!(is_right || problems > 0, "block {block}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "block {block}");
        found += problems;
    }
    assert!(found > 10);
}

#[test]
fn damage_is_named() {
    let (bytes, _) = sample(true);
    let disk = Arc::new(SimulatedDisk::with_bytes(bytes));
    let store = FileStore::open_disk(disk.clone(), narrow()).unwrap();
    let view = store.view().unwrap();
    let key = view.scan(1)[0];
    let payload = view.read(&key).unwrap().unwrap();
    drop(view);
    store.close().unwrap();
    let mut bytes = disk.bytes();
    let place = bytes.windows(payload.len()).position(|window| *window == *payload).unwrap();
    bytes[place] ^= 1;
    let disk = Arc::new(SimulatedDisk::with_bytes(bytes));
    let store = FileStore::open_disk(disk, narrow()).unwrap();
    let expected = format!("`:disk:` is damaged: chunk {key}: the checksum is wrong");
    assert_eq!(store.view().unwrap().read(&key).unwrap_err().to_string(), expected);
    let problems = store.verify(&mut |_| ()).unwrap();
    assert_eq!(problems.iter().map(|problem| problem.to_string()).collect::<Vec<_>>(), [expected]);
    let step = Step::Commit(b"the rest is usable".to_vec());
    step.run(&store).unwrap();
}
