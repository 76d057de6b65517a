//! A graph written to a store and opened again is the same graph; bytes that were changed are refused, never misread as a panic.

use std::sync::Arc;

use proptest::prelude::*;

use crate::storage::{ChunkKey, ChunkWriter, MemoryStore, StorageError, Store};

use super::super::Snapshot;
use super::super::model_check::check;
use super::super::model_test::{Model, random_history};
use super::changes::{decode_changes, encode_changes};

fn write(store: &MemoryStore, snapshot: &Snapshot, last: Option<&Snapshot>) {
    let written = store.checkpoint(&mut |writer| snapshot.write_checkpoint(last, writer));
    written.expect("a store in memory takes everything");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_was_committed_is_there_again(history in random_history()) {
        let store = Arc::new(MemoryStore::new());
        let mut last: Option<Snapshot> = None;
        let mut shown = (Snapshot::empty(), Model::default());
        for (place, (snapshot, changes, model)) in history.into_iter().enumerate() {
            match changes {
                // What was loaded in bulk cannot be logged.
                None => {
                    write(&store, &snapshot, last.as_ref());
                    last = Some(snapshot.clone());
                }
                Some(changes) => {
                    store.append_log(&encode_changes(&changes)).expect("a log in memory grows");
                }
            }
            if place % 3 == 2 {
                write(&store, &snapshot, last.as_ref());
                last = Some(snapshot.clone());
            }
            shown = (snapshot, model);
        }
        let (checkpoint, current) = Snapshot::open(store).expect("it was just written");
        check(&current, &shown.1);
        prop_assert_eq!(current.version(), shown.0.version());
        // Written from what was read, nothing differs from what is there.
        let mut differs = Differs::default();
        if let Some(checkpoint) = &checkpoint {
            checkpoint.write_checkpoint(Some(checkpoint), &mut differs).expect("nothing is written");
        }
        prop_assert_eq!(differs.0, 0);
    }

    #[test]
    fn changed_bytes_of_a_log_are_refused_or_read(history in random_history(), place in any::<usize>(), byte in any::<u8>()) {
        for (_, changes, _) in history {
            let mut bytes = encode_changes(&changes.unwrap_or_default());
            if !bytes.is_empty() {
                let place = place % bytes.len();
                bytes[place] = byte;
                let _ = decode_changes(&bytes);
                let _ = decode_changes(&bytes[..place]);
            }
        }
    }
}

#[derive(Default)]
struct Differs(usize);

impl ChunkWriter for Differs {
    fn put(&mut self, _: ChunkKey, _: &[u8]) -> Result<(), StorageError> {
        self.0 += 1;
        Ok(())
    }

    fn delete(&mut self, _: ChunkKey) -> Result<(), StorageError> {
        Ok(())
    }

    fn clear(&mut self) -> Result<(), StorageError> {
        self.0 += 1;
        Ok(())
    }
}
