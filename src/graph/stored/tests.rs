//! A graph written to a store and opened again is the same graph; bytes that were changed are refused, never misread as a panic.

use std::sync::Arc;

use proptest::prelude::*;

use crate::knowledge::{Claim, Statement, Subject};
use crate::storage::{ChunkKey, ChunkWriter, MemoryStore, StorageError, Store};
use crate::value::{NodeId, Value};

use super::super::model_check::check;
use super::super::model_test::{Model, random_history};
use super::super::{Direction, Scratch, Snapshot, Transaction};
use super::changes::{decode_changes, encode_changes};
use super::checkpoint::kind;

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
        if let Some(loader) = current.loader() {
            // Half of the histories are read with a thread that reads on beside the questions.
            loader.read_on(shown.0.version() as usize % 2 * (1 << 20));
        }
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

/// Writes what a program wrote that knew no lists of claims.
struct Older<'a>(&'a mut dyn ChunkWriter);

impl ChunkWriter for Older<'_> {
    fn put(&mut self, key: ChunkKey, payload: &[u8]) -> Result<(), StorageError> {
        if (kind::CLAIMS_OF_NODES..=kind::RELATIONSHIP_SUMMARIES).contains(&key.kind()) {
            return Ok(());
        }
        self.0.put(key, payload)
    }

    fn delete(&mut self, key: ChunkKey) -> Result<(), StorageError> {
        self.0.delete(key)
    }

    fn clear(&mut self) -> Result<(), StorageError> {
        self.0.clear()
    }
}

/// Three sources that state things of each other, of 2,000 nodes, and of the relationships between them.
fn claimed() -> Transaction {
    let mut transaction = Transaction::begin(Snapshot::empty());
    let (label, kind) = (transaction.label("L").expect("room"), transaction.relationship_type("T").expect("room"));
    let sources: Vec<NodeId> = (0..3).map(|_| transaction.create_node(&[label]).expect("room")).collect();
    let nodes: Vec<NodeId> = (0..2_000).map(|_| transaction.create_node(&[label]).expect("room")).collect();
    for (place, pair) in nodes.windows(2).enumerate() {
        let relationship = transaction.create_relationship(kind, pair[0], pair[1]).expect("both ends live");
        let of_node = Statement::Property { key: "size".into(), value: Value::Integer(place as i64) };
        let existence = Statement::Existence { labels: Vec::new() };
        let claims = [
            Claim::new(Subject::Node(pair[0]), of_node.clone(), sources[place % 3]),
            Claim::new(Subject::Node(pair[place % 2]), of_node, sources[2]),
            Claim::new(Subject::Relationship(relationship), existence, sources[place % 2]),
        ];
        for claim in claims {
            transaction.add_claim(claim).expect("all of it is there");
        }
    }
    transaction
}

#[test]
fn lists_of_claims_are_read_as_far_as_they_are_asked_for_and_written_as_far_as_they_change() {
    let store = Arc::new(MemoryStore::new());
    write(&store, &claimed().commit().expect("nothing to refuse").0, None);
    let open = || Snapshot::open(Arc::<MemoryStore>::clone(&store)).expect("it was just written");
    let (checkpoint, current) = open();
    let subject = Subject::Node(NodeId(701));
    assert_eq!(current.claims_of(subject).len(), 3);
    let read = current.state.loader.as_ref().map(|loader| loader.held_size_bytes());
    assert!(read.is_some_and(|bytes| (1..20_000).contains(&bytes)), "one piece is read: {read:?}");
    assert_eq!(current.verify(), [""; 0]);
    let mut transaction = Transaction::begin(open().1);
    let statement = Statement::Existence { labels: Vec::new() };
    transaction.add_claim(Claim::new(subject, statement, NodeId(1))).expect("all of it is there");
    let retracted = transaction.view().claims_by_source(NodeId(0))[5];
    transaction.retract_claim(retracted).expect("it is there");
    let (changed, changes) = transaction.commit().expect("nothing to refuse");
    let mut differs = Differs::default();
    changed.write_checkpoint(checkpoint.as_ref(), &mut differs).expect("nothing is written");
    assert!(differs.0 <= 12, "two chunks of claims, two pieces, their summary, columns: {}", differs.0);
    store.append_log(&encode_changes(&changes)).expect("a log in memory grows");
    assert_eq!(open().1.verify(), [""; 0]);
    write(&store, &changed, checkpoint.as_ref());
    let again = open().1;
    assert_eq!(again.verify(), [""; 0]);
    assert!(again.state.claims.lists().says_the_same(changed.state.claims.lists()));
}

#[test]
fn a_file_without_lists_of_claims_is_read_and_gets_them() {
    let store = Arc::new(MemoryStore::new());
    let snapshot = claimed().commit().expect("nothing to refuse").0;
    let written = store.checkpoint(&mut |writer| {
        let mut catalogue = snapshot.write_checkpoint(None, &mut Older(writer))?;
        assert_eq!(catalogue.pop(), Some(1));
        Ok(catalogue)
    });
    written.expect("a store in memory takes everything");
    let open = || Snapshot::open(Arc::<MemoryStore>::clone(&store)).expect("it was just written");
    let (checkpoint, current) = open();
    assert!(current.state.claims.lists.get().is_none(), "made when they are asked for");
    assert_eq!(current.claims_of(Subject::Node(NodeId(701))).len(), 3);
    assert_eq!(current.verify(), [""; 0]);
    write(&store, &current, checkpoint.as_ref());
    let again = open().1;
    assert!(again.state.claims.lists.get().is_some(), "they stand in the file");
    assert!(again.state.claims.lists().says_the_same(snapshot.state.claims.lists()));
}

/// Returns a graph of five chunks of nodes with names, in a chain, whose last chunk of names the store has not.
fn chain_without_a_chunk() -> Arc<MemoryStore> {
    let mut transaction = Transaction::begin(Snapshot::empty());
    let (label, kind) = (transaction.label("L").expect("room"), transaction.relationship_type("T").expect("room"));
    let key = transaction.property_key("name").expect("room");
    let nodes: Vec<NodeId> = (0..10_000).map(|_| transaction.create_node(&[label]).expect("room")).collect();
    for node in &nodes {
        transaction.set_node_property(*node, key, Value::String(format!("name {}", node.0).into())).expect("it lives");
    }
    for pair in nodes.windows(2) {
        transaction.create_relationship(kind, pair[0], pair[1]).expect("both ends live");
    }
    let store = Arc::new(MemoryStore::new());
    let snapshot = transaction.commit().expect("nothing to refuse").0;
    let broken = store.checkpoint(&mut |writer| {
        let catalogue = snapshot.write_checkpoint(None, writer)?;
        writer.put(ChunkKey::new(kind::NODE_VALUES, &[key.0, 4]), &[77])?;
        Ok(catalogue)
    });
    broken.expect("a store in memory takes everything");
    store
}

#[test]
fn a_column_is_read_on_beside_questions_and_what_is_damaged_is_left_to_them() {
    let (_, current) = Snapshot::open(chain_without_a_chunk()).expect("it was just written");
    let loader = current.loader().expect("it is read from a store");
    let key = current.catalogue().property_key_id("name").expect("it was set");
    loader.read_on(1 << 20);
    assert!(matches!(current.node_property(NodeId(0), key), Value::String(name) if name == "name 0"));
    let list = &current.state.node_columns.get(key).expect("it was set").chunks;
    // The chunks are read to and fro; those before the damaged one are there in the end.
    let begin = std::time::Instant::now();
    while list.held_count() < 2 && begin.elapsed().as_secs() < 20 {
        std::thread::yield_now();
    }
    assert!(list.held_count() >= 2, "nobody has asked for more than one");
    loader.end_reading_on();
    assert_eq!(loader.failures(), 0, "nobody has asked for what is damaged");
    assert!(current.node_property(NodeId(9_999), key).is_null());
    assert_eq!(loader.failures(), 1, "now somebody has");
}

#[test]
fn a_chunk_is_held_once_several_of_its_values_were_asked_for_and_read_on_only_if_that_is_allowed() {
    let (_, current) = Snapshot::open(chain_without_a_chunk()).expect("it was just written");
    let key = current.catalogue().property_key_id("name").expect("it was set");
    let held = || current.state.node_columns.get(key).map(|column| column.chunks.held_count());
    let ask = |node: u32| match current.node_property(NodeId(node), key) {
        Value::String(name) => assert_eq!(name, format!("name {node}")),
        other => panic!("node {node} has {other:?}"),
    };
    (0..4).for_each(ask);
    assert_eq!(held(), Some(0), "four values are read alone");
    (4..9).for_each(ask);
    assert_eq!(held(), Some(1), "the chunk they are of, and no other");
}

#[test]
fn a_step_from_one_node_reads_one_piece() {
    let (_, current) = Snapshot::open(chain_without_a_chunk()).expect("it was just written");
    let kind = current.catalogue().relationship_type_id("T").expect("it was made");
    let walk = current.walk(kind, Direction::Outgoing);
    assert_eq!(walk.nodes(3, &mut Scratch::default()), [4]);
    let pieces = &current.state.adjacency.of(kind).expect("it was made").outgoing;
    assert_eq!(pieces.held_count(), 1, "of {}", pieces.len());
}
