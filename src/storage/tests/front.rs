//! The front of the file: what a commit costs there, when it is moved, what is told apart at its end, and who may read it meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::storage::tests::disk::{Operation, SimulatedDisk};
use crate::storage::tests::model::{Dice, Model, narrow};
use crate::storage::{FileStore, OpenOptions, StorageError, Store, Sync, backup, check};

const SECTOR: usize = 512;
const START: usize = 4096;
const MARK: usize = 2048;

fn loose() -> OpenOptions {
    OpenOptions { sync: Sync::Off, ..narrow() }
}

fn open(bytes: Vec<u8>, options: OpenOptions) -> (Arc<SimulatedDisk>, Result<FileStore, StorageError>) {
    let disk = Arc::new(SimulatedDisk::with_bytes(bytes));
    (disk.clone(), FileStore::open_disk(disk, options))
}

/// Commits texts, and returns the bytes that the process sees then; it is not closed in peace.
fn committed(bytes: Vec<u8>, options: OpenOptions, texts: &[&str]) -> Vec<u8> {
    let (disk, store) = open(bytes, options);
    let store = store.unwrap();
    texts.iter().for_each(|text| assert!(store.append_log(text.as_bytes()).is_ok()));
    disk.bytes()
}

fn texts(bytes: Vec<u8>) -> Vec<String> {
    let records = open(bytes, narrow()).1.unwrap().view().unwrap().log().unwrap();
    records.iter().map(|record| String::from_utf8_lossy(&record.bytes).into_owned()).collect()
}

#[test]
fn a_small_commit_is_one_write_and_one_sync_and_then_the_mark() {
    let disk = Arc::new(SimulatedDisk::default());
    let store = FileStore::open_disk(disk.clone(), OpenOptions::default()).unwrap();
    let before = disk.trace().len();
    store.append_log(&[7; 300]).unwrap();
    let trace = disk.trace().split_off(before);
    let [Operation::Write(4096, record), Operation::Sync, Operation::Write(2048, mark)] = trace.as_slice() else {
        panic!("{trace:?}")
    };
    assert_eq!((record.len(), mark.len()), (316, 28));
    let disk = Arc::new(SimulatedDisk::default());
    let store = FileStore::open_disk(disk.clone(), OpenOptions { sync: Sync::Off, ..OpenOptions::default() }).unwrap();
    let before = disk.trace().len();
    store.append_log(&[7; 300]).unwrap();
    assert!(matches!(disk.trace()[before..], [Operation::Write(4096, _)]));
}

#[test]
fn a_full_front_is_moved_whole_and_views_of_before_stay_what_they_are() {
    let disk = Arc::new(SimulatedDisk::default());
    let store = FileStore::open_disk(disk.clone(), narrow()).unwrap();
    let (mut dice, mut model, mut views) = (Dice(61), Model::default(), Vec::new());
    for number in 1..=200 {
        let size = if number % 37 == 0 { 5_000 } else { dice.below(600) };
        let record = dice.bytes(size);
        assert_eq!(store.append_log(&record).unwrap(), number);
        model.log.push((number, record));
        model.sequence = number;
        views.push((store.view().unwrap(), model.clone()));
    }
    views.iter().for_each(|(view, model)| assert_eq!(&Model::of(view).unwrap(), model));
    drop(views);
    let moves = disk.trace().iter().filter(|done| matches!(done, Operation::Write(4096, _))).count();
    assert!(moves > 5, "the front began again {moves} times");
    let (_, again) = open(disk.bytes(), narrow());
    assert_eq!(Model::of(&again.unwrap().view().unwrap()).unwrap(), model);
}

#[test]
fn a_flipped_bit_in_any_acknowledged_record_is_a_refusal_and_a_torn_one_that_was_not_is_an_end() {
    let sound = committed(Vec::new(), narrow(), &["one", "two", "three"]);
    assert_eq!(texts(sound.clone()), ["one", "two", "three"]);
    for (index, text) in ["one", "two", "three"].iter().enumerate() {
        let start = START + index * SECTOR;
        for bit in 8 * start..8 * (start + 16 + text.len()) {
            let mut bytes = sound.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let (disk, refused) = open(bytes.clone(), narrow());
            assert!(matches!(refused, Err(StorageError::Damaged { .. })), "bit {bit} of record {}", index + 1);
            assert!(disk.bytes() == bytes, "a refused file is left as it was");
        }
    }
    let mut zeroed = sound.clone();
    zeroed[START..16_384].fill(0);
    assert!(matches!(open(zeroed, narrow()).1, Err(StorageError::Damaged { .. })));
    // The third was written and not acknowledged: the mark is that of the second.
    let two = committed(Vec::new(), narrow(), &["one", "two"]);
    let mut torn = sound.clone();
    torn[MARK..MARK + 28].copy_from_slice(&two[MARK..MARK + 28]);
    assert_eq!(texts(torn.clone()), ["one", "two", "three"]);
    torn[START + 2 * SECTOR + 16] ^= 1;
    assert_eq!(texts(torn), ["one", "two"]);
}

#[test]
fn what_a_failure_left_behind_the_end_never_follows_a_commit_made_again() {
    for gone in 0..3 {
        let mut left = committed(Vec::new(), loose(), &["one", "two", "three", "four"]);
        let start = START + gone * SECTOR;
        // Without syncs the disk had the later ones sooner.
        left[start..start + SECTOR].fill(0);
        let lost = ["one", "two", "three"][gone];
        let expected = &["one", "two", "three"][..=gone];
        assert_eq!(texts(left.clone()), expected[..gone]);
        for options in [narrow(), loose()] {
            assert_eq!(texts(committed(left.clone(), options, &[lost])), expected);
        }
    }
}

#[test]
fn a_round_that_begins_again_shows_nothing_of_the_round_before() {
    let disk = Arc::new(SimulatedDisk::default());
    let store = FileStore::open_disk(disk.clone(), narrow()).unwrap();
    for number in 1..=60 {
        store.append_log(b"always the same").unwrap();
        let (_, again) = open(disk.bytes(), narrow());
        assert_eq!(again.unwrap().view().unwrap().log().unwrap().len(), number);
    }
    store.checkpoint(&mut |_| Ok(b"catalogue".to_vec())).unwrap();
    for number in 0..60 {
        let (_, again) = open(disk.bytes(), narrow());
        assert_eq!(again.unwrap().view().unwrap().log().unwrap().len(), number);
        store.append_log(b"always the same").unwrap();
    }
}

#[test]
fn a_reader_beside_a_writer_never_sees_less_than_was_acknowledged_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("beside.yuanpu");
    let writer = FileStore::open(&path, narrow()).unwrap();
    let (acknowledged, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let reader = FileStore::open(&path, OpenOptions { read_only: true, ..narrow() }).unwrap();
                let mut rounds = 0;
                while !is_over.load(Ordering::Acquire) || rounds == 0 {
                    let before = acknowledged.load(Ordering::Acquire);
                    let view = reader.view().unwrap();
                    let after = acknowledged.load(Ordering::Acquire);
                    assert!((before..=after + 1).contains(&view.sequence()), "{before}, {}, {after}", view.sequence());
                    let numbers = view.log().unwrap();
                    assert!(numbers.iter().all(|record| *record.bytes == record.sequence.to_le_bytes()));
                    rounds += 1;
                }
            });
        }
        for number in 1..=1_500_u64 {
            writer.append_log(&number.to_le_bytes()).unwrap();
            acknowledged.store(number, Ordering::Release);
            if number % 400 == 0 {
                writer.checkpoint(&mut |_| Ok(Vec::new())).unwrap();
            }
        }
        is_over.store(true, Ordering::Release);
    });
    let copy = folder.path().join("copy.yuanpu");
    backup(&writer.view().unwrap(), &copy).unwrap();
    assert_eq!(check(&copy, &mut |_| ()).unwrap().problems, []);
    let copied = FileStore::open(&copy, narrow()).unwrap();
    assert_eq!(copied.view().unwrap().log().unwrap(), writer.view().unwrap().log().unwrap());
}

#[test]
fn a_killed_process_without_syncs_has_lost_nothing() {
    let left = committed(Vec::new(), loose(), &["one", "two", "three"]);
    assert_eq!(texts(left), ["one", "two", "three"]);
}
