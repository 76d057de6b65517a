//! Measures what is said about speed and size; prints it when `YUANPU_MEASURE` names a folder on the disk to measure.
//!
//! `YUANPU_MEASURE=/tmp cargo test --lib storage::tests::measure -- --nocapture`

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::storage::tests::disk::{Operation, SimulatedDisk};
use crate::storage::tests::model::Dice;
use crate::storage::{ChunkKey, ChunkWriter, FileStore, OpenOptions, StorageError, Store, Sync};

const CHUNK_COUNT: u32 = 10_000;
const CHUNK_SIZE: u64 = 8_000;

#[test]
fn speed_and_size() {
    let Ok(folder) = std::env::var("YUANPU_MEASURE") else { return };
    let folder = tempfile::tempdir_in(folder).unwrap();
    commits(&folder.path().join("commits.yuanpu"), Sync::Full);
    commits(&folder.path().join("loose.yuanpu"), Sync::Off);
    bytes_written();
    large_file(&folder.path().join("large.yuanpu"));
}

fn commits(path: &Path, sync: Sync) {
    let store = FileStore::open(path, OpenOptions { sync, ..OpenOptions::default() }).unwrap();
    let mut dice = Dice(1);
    let mut times: Vec<Duration> = (0..2_000)
        .map(|_| {
            let record = dice.bytes(300);
            let start = Instant::now();
            store.append_log(&record).unwrap();
            start.elapsed()
        })
        .collect();
    times.sort();
    let size = store.statistics().unwrap().file_size_bytes;
    let [median, late] = [times[times.len() / 2], times[times.len() * 99 / 100]];
    println!("commit of 300 bytes, sync {sync:?}: median {median:?}, 99 of 100 within {late:?}; file {size} bytes");
}

fn bytes_written() {
    let disk = Arc::new(SimulatedDisk::default());
    let store = FileStore::open_disk(disk.clone(), OpenOptions::default()).unwrap();
    fill(&store, 200).unwrap();
    let before = disk.trace().len();
    (0..1_000).for_each(|_| assert!(store.append_log(&[7; 300]).is_ok()));
    let trace = disk.trace().split_off(before);
    let written: usize =
        trace.iter().map(|done| if let Operation::Write(_, bytes) = done { bytes.len() } else { 0 }).sum();
    let syncs = trace.iter().filter(|done| matches!(done, Operation::Sync)).count();
    let operations = trace.len();
    println!("1000 commits of 300 bytes: {written} bytes in {} writes, {syncs} syncs", operations - syncs);
}

fn fill(store: &dyn Store, count: u32) -> Result<(), StorageError> {
    let mut dice = Dice(2);
    store.checkpoint(&mut |writer: &mut dyn ChunkWriter| {
        for index in 0..count {
            writer.put(ChunkKey::new(1, &[index / 64, index % 64]), &dice.bytes(CHUNK_SIZE))?;
        }
        Ok(dice.bytes(100_000))
    })
}

fn large_file(path: &Path) {
    let timed = |what: &str, work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        println!("{what}: {:?}", start.elapsed());
    };
    let store = FileStore::open(path, OpenOptions::default()).unwrap();
    timed("checkpoint of 10 000 chunks, 80 MB", &mut || fill(&store, CHUNK_COUNT).unwrap());
    println!("{} bytes of file", store.statistics().unwrap().file_size_bytes);
    timed("1000 commits beside them", &mut || (0..1_000).for_each(|_| assert!(store.append_log(&[7; 300]).is_ok())));
    let one = ChunkKey::new(1, &[5, 5]);
    timed("checkpoint of 1 chunk of 10 000", &mut || {
        store
            .checkpoint(&mut |writer: &mut dyn ChunkWriter| writer.put(one, b"new").map(|()| vec![0; 100_000]))
            .unwrap()
    });
    timed("clean close", &mut || store.close().unwrap());
    println!("{} bytes of file", std::fs::metadata(path).unwrap().len());
    let copy = path.with_extension("copy");
    timed("open, 10 000 chunks", &mut || drop(FileStore::open(path, OpenOptions::default()).unwrap().view().unwrap()));
    let store = FileStore::open(path, OpenOptions::default()).unwrap();
    store.append_log(b"so that it is not closed in peace").unwrap();
    std::fs::copy(path, &copy).unwrap();
    timed("open after a crash", &mut || drop(FileStore::open(&copy, OpenOptions::default()).unwrap()));
    let view = store.view().unwrap();
    timed("read 10 000 chunks", &mut || view.scan(1).iter().for_each(|key| drop(view.read(key).unwrap())));
    drop(view);
    timed("compact and close", &mut || assert!(store.compact().and_then(|_| store.close()).is_ok()));
    println!("{} bytes of file", std::fs::metadata(path).unwrap().len());
}
