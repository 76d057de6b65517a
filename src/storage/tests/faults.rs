//! The disk fails while the process lives on: the commit that met the failure is refused, and once the disk works
//! again, so does the store, in the same process and with the same views.

use std::sync::Arc;

use crate::storage::tests::disk::{Fault, SimulatedDisk};
use crate::storage::tests::model::{Model, Step, narrow, workload};
use crate::storage::{FileStore, OpenOptions, StorageError, Store, Sync};

fn store_on_a_disk(steps: &[Step]) -> (Arc<SimulatedDisk>, FileStore, Model) {
    let disk = Arc::new(SimulatedDisk::default());
    let store = FileStore::open_disk(disk.clone(), narrow()).unwrap();
    let mut model = Model::default();
    for step in steps {
        step.run(&store).unwrap();
        model.apply(step);
    }
    (disk, store, model)
}

#[test]
fn after_a_fault_at_any_operation_of_a_commit_or_checkpoint_the_store_goes_on() {
    let steps = workload(11, 12, 5);
    let mut faults = 0;
    for next in [Step::Commit(vec![1; 300]), workload(12, 5, 5).remove(4)] {
        for fault in [Fault::Once, Fault::Broken, Fault::Full, Fault::SyncFails, Fault::Tears] {
            for delay in 0.. {
                let (disk, store, mut model) = store_on_a_disk(&steps);
                let view = store.view().unwrap();
                let before = model.clone();
                disk.fail(disk.attempts() + delay, fault);
                let outcome = next.run(&store);
                disk.mend();
                let place = format!("{fault:?} at operation {delay}");
                let finished = outcome.is_ok();
                match outcome {
                    Ok(()) => model.apply(&next),
                    Err(StorageError::Io { .. }) => {}
                    Err(other) => panic!("{place}: {other}"),
                }
                let found = Model::of(&store.view().unwrap()).unwrap();
                let kept_anyway = matches!(next, Step::Checkpoint { .. }) && {
                    let mut after = before.clone();
                    after.apply(&next);
                    found == after
                };
                assert!(found == model || kept_anyway, "{place}");
                model = found;
                if model.chunks == before.chunks {
                    assert_eq!(Model::of(&view).map(|seen| seen.chunks).unwrap(), before.chunks, "{place}");
                }
                let step = Step::Commit(b"again".to_vec());
                step.run(&store).unwrap_or_else(|error| panic!("{place}: {error}"));
                model.apply(&step);
                assert_eq!(Model::of(&store.view().unwrap()).unwrap(), model, "{place}");
                store.close().unwrap();
                let again = FileStore::open_disk(disk, narrow()).unwrap();
                assert_eq!(Model::of(&again.view().unwrap()).unwrap(), model, "{place}");
                if finished {
                    break;
                }
                faults += 1;
            }
        }
    }
    println!("figure: EIO, ENOSPC, torn writes and failing syncs at each operation: {faults} borne, the store goes on");
}

#[test]
fn a_commit_that_was_reported_as_failed_does_not_come_back() {
    for size in [100, 5_000] {
        for delay in 0..40 {
            let (disk, store, model) = store_on_a_disk(&workload(16, 3, 9));
            disk.fail(disk.attempts() + delay, Fault::SyncFails);
            let outcome = store.append_log(&vec![7; size]);
            disk.mend();
            if outcome.is_ok() {
                break;
            }
            // Nothing is written in its place: asking is enough.
            assert_eq!(Model::of(&store.view().unwrap()).unwrap(), model, "{size} bytes, operation {delay}");
            store.close().unwrap();
            let again = FileStore::open_disk(disk, narrow()).unwrap();
            assert_eq!(Model::of(&again.view().unwrap()).unwrap(), model, "{size} bytes, operation {delay}");
        }
    }
}

#[test]
fn a_full_disk_says_so() {
    let (disk, store, _) = store_on_a_disk(&workload(13, 3, 9));
    disk.fail(0, Fault::Full);
    let error = store.append_log(&[0; 100]).unwrap_err();
    assert!(error.is_out_of_room(), "{error}");
    assert!(error.hint().unwrap().contains("make room"));
    assert!(store.append_log(&[0; 100]).unwrap_err().is_out_of_room());
    disk.mend();
    assert_eq!(store.append_log(&[0; 100]).unwrap(), 4);
}

#[test]
fn a_disk_that_cannot_be_read_for_a_while_answers_again_later() {
    let steps = workload(14, 20, 10);
    let (disk, store, model) = store_on_a_disk(&steps);
    store.close().unwrap();
    let store = FileStore::open_disk(disk.clone(), OpenOptions { cache_bytes: 0, ..narrow() }).unwrap();
    let view = store.view().unwrap();
    disk.fail_reads(true);
    let failed = Model::of(&view).unwrap_err();
    assert!(matches!(failed, StorageError::Io { .. }), "{failed}");
    disk.mend();
    assert_eq!(Model::of(&view).unwrap().chunks, model.chunks);
    assert_eq!(Model::of(&store.view().unwrap()).unwrap(), model);
}

#[test]
fn without_syncs_a_close_keeps_everything_and_a_failure_is_final() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("loose.yuanpu");
    let options = OpenOptions { sync: Sync::Off, ..narrow() };
    let mut model = Model::default();
    let store = FileStore::open(&path, options.clone()).unwrap();
    for step in workload(15, 30, 8) {
        step.run(&store).unwrap();
        model.apply(&step);
    }
    assert_eq!(Model::of(&store.view().unwrap()).unwrap(), model);
    store.close().unwrap();
    assert!(matches!(store.append_log(b"late"), Err(StorageError::Io { .. })));
    let store = FileStore::open(&path, narrow()).unwrap();
    assert_eq!(Model::of(&store.view().unwrap()).unwrap(), model);
}
