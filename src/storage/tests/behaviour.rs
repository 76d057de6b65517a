//! What every store does, on disk and in memory.

use crate::storage::tests::model::{Model, Step, workload};
use crate::storage::{ChunkKey, MemoryStore, StorageError, Store};

/// Runs a case on a store in memory and on one in a file.
fn on_each_store(case: impl Fn(&dyn Store)) {
    case(&MemoryStore::new());
    #[cfg(feature = "redb")]
    {
        use crate::storage::{FileStore, OpenOptions};
        let folder = tempfile::tempdir().unwrap();
        case(&FileStore::open(&folder.path().join("store.yuanpu"), OpenOptions::default()).unwrap());
    }
}

#[test]
fn a_new_store_is_empty() {
    on_each_store(|store| {
        let view = store.view().unwrap();
        assert_eq!(Model::of(&view).unwrap(), Model::default());
        assert_eq!(view.read(&ChunkKey::new(1, &[])).unwrap(), None);
        assert_eq!(store.statistics().unwrap().created_by, concat!("yuanpu ", env!("CARGO_PKG_VERSION")));
        assert_eq!(store.verify(&mut |_| ()).unwrap(), []);
    });
}

#[test]
fn a_workload_leaves_what_the_model_says_after_every_step() {
    on_each_store(|store| {
        let mut model = Model::default();
        for step in workload(1, 120, 10) {
            step.run(store).unwrap();
            model.apply(&step);
            assert_eq!(Model::of(&store.view().unwrap()).unwrap(), model);
        }
        assert_eq!(store.verify(&mut |_| ()).unwrap(), []);
        let statistics = store.statistics().unwrap();
        assert_eq!((statistics.checkpoint, statistics.sequence), (12, 108));
        assert_eq!(statistics.chunk_count(), model.chunks.len() as u64);
        assert_eq!(statistics.chunk_size_bytes(), model.chunks.values().map(|bytes| bytes.len() as u64).sum::<u64>());
        assert_eq!(statistics.log_record_count, 0);
    });
}

#[test]
fn a_view_stays_what_it_is() {
    on_each_store(|store| {
        let mut model = Model::default();
        let mut views = Vec::new();
        for step in workload(2, 60, 7) {
            step.run(store).unwrap();
            model.apply(&step);
            views.push((store.view().unwrap(), model.clone()));
        }
        for (view, model) in &views {
            assert_eq!(&Model::of(view).unwrap(), model);
        }
    });
}

#[test]
fn a_checkpoint_that_fails_has_not_happened() {
    on_each_store(|store| {
        let mut model = Model::default();
        for step in workload(3, 21, 10) {
            step.run(store).unwrap();
            model.apply(&step);
        }
        let failed = store.checkpoint(&mut |writer| {
            writer.clear()?;
            writer.put(ChunkKey::new(9, &[9]), b"never")?;
            Err(StorageError::ReadOnly { path: "elsewhere".into() })
        });
        assert!(matches!(failed, Err(StorageError::ReadOnly { .. })));
        assert_eq!(Model::of(&store.view().unwrap()).unwrap(), model);
        let step = Step::Commit(b"after".to_vec());
        step.run(store).unwrap();
        model.apply(&step);
        assert_eq!(Model::of(&store.view().unwrap()).unwrap(), model);
    });
}

#[test]
fn a_checkpoint_may_read_the_store_that_it_is_written_to() {
    on_each_store(|store| {
        workload(4, 25, 10).iter().for_each(|step| step.run(store).unwrap());
        let before = Model::of(&store.view().unwrap()).unwrap();
        // What is not in memory is read while it is written, by a view opened then.
        let fill = &mut |_: &mut dyn crate::storage::ChunkWriter| {
            assert_eq!(Model::of(&store.view()?)?, before);
            Ok(vec![1])
        };
        store.checkpoint(fill).unwrap();
        assert_eq!(Model::of(&store.view().unwrap()).unwrap().chunks, before.chunks);
    });
}

#[test]
fn all_chunks_can_be_replaced_at_once() {
    on_each_store(|store| {
        workload(4, 30, 10).iter().for_each(|step| step.run(store).unwrap());
        let key = ChunkKey::new(7, &[1, 2, 3, 4]);
        let fill = &mut |writer: &mut dyn crate::storage::ChunkWriter| {
            writer.clear()?;
            writer.put(key, b"")?;
            Ok(Vec::new())
        };
        store.checkpoint(fill).unwrap();
        let model = Model::of(&store.view().unwrap()).unwrap();
        assert_eq!(model.chunks, [(key, Vec::new())].into());
        assert_eq!((model.catalogue, model.log, model.sequence), (Some(Vec::new()), Vec::new(), 27));
        assert_eq!(store.verify(&mut |_| ()).unwrap(), []);
    });
}
