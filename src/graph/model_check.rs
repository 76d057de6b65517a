//! The comparison of a snapshot with a plain model, read by read.

use std::collections::{BTreeMap, BTreeSet};

use crate::value::comparison::{less, less_or_equal};
use crate::value::{NodeId, RelationshipId, Value, equals};
use crate::vector::NO_ID;

use super::model_test::{KEYS, KINDS, LABELS, Model, ModelNode, ModelRelationship};
use super::zone::Zone;
use super::{Bound, Direction, LabelId, PropertyKeyId, RelationshipTypeId, Scratch, Snapshot};

/// Asserts that every read of the snapshot says what the model says.
pub(super) fn check(snapshot: &Snapshot, model: &Model) {
    check_elements(snapshot, model);
    check_scans(snapshot, model);
    for node in model.nodes.keys() {
        check_adjacency(snapshot, model, *node);
    }
    check_pairs(snapshot, model);
    check_columns(snapshot, model);
    check_statistics(snapshot, model);
    check_indexes(snapshot, model);
}

fn text(value: &Value) -> String {
    format!("{value:?}")
}

fn labels() -> impl Iterator<Item = LabelId> {
    (0..LABELS).map(LabelId)
}

fn kinds() -> impl Iterator<Item = RelationshipTypeId> {
    (0..KINDS).map(RelationshipTypeId)
}

fn keys() -> impl Iterator<Item = PropertyKeyId> {
    (0..KEYS).map(PropertyKeyId)
}

fn check_elements(snapshot: &Snapshot, model: &Model) {
    assert_eq!(snapshot.node_count(), model.nodes.len() as u64);
    assert_eq!(snapshot.relationship_count(), model.relationships.len() as u64);
    for (slot, node) in &model.nodes {
        let id = NodeId(*slot);
        assert!(snapshot.node_exists(id) && !snapshot.is_deleted_node(id));
        assert!(snapshot.labels(id).iter().eq(node.labels.iter()));
        labels().for_each(|label| assert_eq!(snapshot.has_label(id, label), node.labels.contains(&label)));
        check_properties(snapshot, snapshot.node_properties(id), &node.properties);
        for key in keys() {
            let wanted = node.properties.get(&key).cloned().unwrap_or_default();
            assert_eq!(text(&snapshot.node_property(id, key)), text(&wanted));
        }
    }
    for (slot, one) in &model.relationships {
        let id = RelationshipId(*slot);
        assert!(snapshot.relationship_exists(id) && !snapshot.is_deleted_relationship(id));
        let record = snapshot.relationship(id).expect("it is in the model");
        assert_eq!((record.kind, record.start.0, record.end.0), (one.kind, one.start, one.end));
        check_properties(snapshot, snapshot.relationship_properties(id), &one.properties);
    }
    for slot in &model.deleted_nodes {
        let id = NodeId(*slot);
        assert!(!snapshot.node_exists(id) && snapshot.is_deleted_node(id) && snapshot.has_deletions());
        assert!(snapshot.node_properties(id).is_empty());
    }
    for slot in &model.deleted_relationships {
        let id = RelationshipId(*slot);
        assert!(!snapshot.relationship_exists(id) && snapshot.is_deleted_relationship(id));
        assert!(snapshot.relationship(id).is_some(), "type and ends of a deleted relationship stay readable");
    }
}

fn check_properties(snapshot: &Snapshot, read: Vec<(PropertyKeyId, Value)>, wanted: &BTreeMap<PropertyKeyId, Value>) {
    let name = |key: &PropertyKeyId| snapshot.catalogue().property_key_name(*key).clone();
    assert!(read.is_sorted_by_key(|(key, _)| name(key)));
    let read: BTreeMap<PropertyKeyId, String> = read.iter().map(|(key, value)| (*key, text(value))).collect();
    let wanted = wanted.iter().map(|(key, value)| (*key, text(value))).collect();
    assert_eq!(read, wanted);
}

fn check_scans(snapshot: &Snapshot, model: &Model) {
    for label in labels().map(Some).chain([None]) {
        let mut read = Vec::new();
        (0..snapshot.chunk_count()).for_each(|chunk| snapshot.scan_chunk(chunk, label, &mut read));
        let has = |node: &ModelNode| label.is_none_or(|label| node.labels.contains(&label));
        let wanted: Vec<u32> = model.nodes.iter().filter(|(_, node)| has(node)).map(|(slot, _)| *slot).collect();
        assert_eq!(read, wanted);
    }
    for kind in kinds().map(Some).chain([None]) {
        let mut read = Vec::new();
        (0..snapshot.relationship_chunk_count()).for_each(|chunk| snapshot.scan_relationships(kind, chunk, &mut read));
        let is = |one: &ModelRelationship| kind.is_none_or(|kind| one.kind == kind);
        let wanted: Vec<u32> = model.relationships.iter().filter(|(_, one)| is(one)).map(|(slot, _)| *slot).collect();
        assert_eq!(read, wanted);
    }
}

fn check_adjacency(snapshot: &Snapshot, model: &Model, node: u32) {
    let id = NodeId(node);
    for direction in [Direction::Outgoing, Direction::Incoming, Direction::Both] {
        let mut types = Vec::new();
        for kind in kinds() {
            let mut wanted: Vec<(u32, u32)> = Vec::new();
            for (slot, one) in model.relationships.iter().filter(|(_, one)| one.kind == kind) {
                let forward = direction != Direction::Incoming && one.start == node;
                let backward = direction != Direction::Outgoing && one.end == node;
                if forward {
                    wanted.push((one.end, *slot));
                }
                // From the node to itself it counts once for both directions.
                if backward && !(forward && one.start == one.end) {
                    wanted.push((one.start, *slot));
                }
            }
            wanted.sort_unstable();
            let mut scratch = Scratch::default();
            let read = snapshot.neighbours(kind, direction, id, &mut scratch);
            assert!(read.nodes.is_sorted());
            let mut bulk = Vec::new();
            read.relationships_into(&mut bulk);
            let single: Vec<u32> = (0..read.len()).map(|place| read.relationship(place).0).collect();
            assert_eq!(bulk, single);
            let mut pairs: Vec<(u32, u32)> = read.nodes.iter().copied().zip(single).collect();
            pairs.sort_unstable();
            assert_eq!(pairs, wanted);
            assert_eq!(snapshot.degree(kind, direction, id), wanted.len());
            let walk = snapshot.walk(kind, direction);
            assert_eq!(walk.degree(node), wanted.len());
            assert!(walk.nodes(node, &mut Scratch::default()).iter().eq(wanted.iter().map(|(other, _)| other)));
            assert_eq!(walk.neighbours(node, &mut Scratch::default()).len(), wanted.len());
            if !wanted.is_empty() {
                types.push(kind);
            }
        }
        assert_eq!(snapshot.relationship_types_of(id, direction), types);
    }
}

fn check_pairs(snapshot: &Snapshot, model: &Model) {
    for kind in kinds() {
        let mut wanted: BTreeMap<(u32, u32), Vec<RelationshipId>> = BTreeMap::new();
        for (slot, one) in model.relationships.iter().filter(|(_, one)| one.kind == kind) {
            wanted.entry((one.start, one.end)).or_default().push(RelationshipId(*slot));
        }
        for start in model.nodes.keys().take(12) {
            for end in model.nodes.keys().take(16) {
                let own = wanted.get(&(*start, *end)).cloned().unwrap_or_default();
                assert_eq!(snapshot.has_edge(kind, NodeId(*start), NodeId(*end)), !own.is_empty());
                assert_eq!(snapshot.relationships_between(kind, NodeId(*start), NodeId(*end)), own);
            }
        }
    }
}

fn check_columns(snapshot: &Snapshot, model: &Model) {
    let mut nodes: Vec<u32> = model.nodes.keys().copied().collect();
    let mut relationships: Vec<u32> = model.relationships.keys().copied().collect();
    for round in 0..2 {
        for key in keys() {
            let column = snapshot.gather_node_property(key, &nodes);
            assert_eq!(column.len(), nodes.len());
            for (row, slot) in nodes.iter().enumerate() {
                let wanted = model.nodes.get(slot).and_then(|node| node.properties.get(&key)).cloned();
                assert_eq!(text(&column.value(row)), text(&wanted.unwrap_or_default()));
            }
            let column = snapshot.gather_relationship_property(key, &relationships);
            for (row, slot) in relationships.iter().enumerate() {
                let wanted = model.relationships.get(slot).and_then(|one| one.properties.get(&key)).cloned();
                assert_eq!(text(&column.value(row)), text(&wanted.unwrap_or_default()));
            }
        }
        if round == 0 {
            // Out of order, with gaps and ids that nothing has.
            nodes.reverse();
            nodes.insert(0, NO_ID);
            relationships.reverse();
            relationships.push(NO_ID);
        }
    }
    for (slot, node) in &model.nodes {
        for (key, value) in &node.properties {
            assert!(covers(&snapshot.node_zone(*key, (*slot >> 11) as usize), value));
        }
    }
}

fn covers(zone: &Zone, value: &Value) -> bool {
    match (zone, value) {
        (Zone::Any, _) => true,
        (Zone::Integers(least, greatest), Value::Integer(value)) => (least..=greatest).contains(&value),
        (Zone::Floats(least, greatest), Value::Integer(value)) => (*least..=*greatest).contains(&(*value as f64)),
        (Zone::Floats(least, greatest), Value::Float(value)) => (least..=greatest).contains(&value),
        (Zone::Strings(least, greatest), Value::String(value)) => (least..=greatest).contains(&value),
        _ => false,
    }
}

fn check_statistics(snapshot: &Snapshot, model: &Model) {
    let statistics = snapshot.statistics();
    let labelled = |slot: u32, label: Option<LabelId>| {
        label.is_none_or(|label| model.nodes.get(&slot).is_some_and(|node| node.labels.contains(&label)))
    };
    let options = || labels().map(Some).chain([None]);
    for label in labels() {
        let wanted = model.nodes.keys().filter(|slot| labelled(**slot, Some(label))).count();
        assert_eq!(statistics.nodes_with(label), wanted as u64);
    }
    for kind in kinds() {
        let own: Vec<&ModelRelationship> = model.relationships.values().filter(|one| one.kind == kind).collect();
        assert_eq!(statistics.relationships_of(kind), own.len() as u64);
        assert_eq!(statistics.self_loops(kind), own.iter().filter(|one| one.start == one.end).count() as u64);
        let pairs: BTreeSet<(u32, u32)> = own.iter().map(|one| (one.start, one.end)).collect();
        assert_eq!(statistics.parallel(kind), (own.len() - pairs.len()) as u64);
        for start in options() {
            for end in options() {
                let fits = |one: &&&ModelRelationship| labelled(one.start, start) && labelled(one.end, end);
                let wanted = own.iter().filter(fits).count() as u64;
                assert_eq!(statistics.relationships_between(Some(kind), start, end), wanted);
            }
        }
    }
    for key in keys() {
        for label in options() {
            let own = model.nodes.iter().filter(|(slot, _)| labelled(**slot, label));
            let wanted = own.filter(|(_, node)| node.properties.contains_key(&key)).count();
            assert_eq!(statistics.node_values(label, key), wanted as u64);
        }
        for kind in kinds().map(Some).chain([None]) {
            let own = model.relationships.values().filter(|one| kind.is_none_or(|kind| one.kind == kind));
            let wanted = own.filter(|one| one.properties.contains_key(&key)).count();
            assert_eq!(statistics.relationship_values(kind, key), wanted as u64);
        }
        let estimate = statistics.estimate_node_values(key);
        assert!(estimate.distinct <= statistics.node_values(None, key).max(1) as f64 * 1.4 + 1.0);
    }
}

fn check_indexes(snapshot: &Snapshot, model: &Model) {
    let sought = [
        Value::Integer(0),
        Value::Float(1.0),
        Value::Float(f64::NAN),
        Value::string("a"),
        Value::Boolean(true),
        Value::list(vec![Value::Integer(1), Value::Integer(1)]),
    ];
    for (label, key) in labels().flat_map(|label| keys().map(move |key| (label, key))) {
        if !snapshot.has_index(label, key) {
            continue;
        }
        let held: Vec<(u32, &Value)> = model
            .nodes
            .iter()
            .filter(|(_, node)| node.labels.contains(&label))
            .filter_map(|(slot, node)| node.properties.get(&key).map(|value| (*slot, value)))
            .collect();
        let where_value = |passes: &dyn Fn(&Value) -> bool| -> Vec<u32> {
            held.iter().filter(|(_, value)| passes(value)).map(|(slot, _)| *slot).collect()
        };
        let sorted = |mut slots: Vec<u32>| {
            slots.sort_unstable();
            slots
        };
        for value in &sought {
            let equal = where_value(&|held| equals(held, value) == Some(true));
            assert_eq!(snapshot.index_seek(label, key, value), equal);
            let above = snapshot.index_range(label, key, Bound::Excluded(value), Bound::Open);
            assert_eq!(sorted(above), where_value(&|held| less(value, held) == Some(true)));
            let below = snapshot.index_range(label, key, Bound::Open, Bound::Included(value));
            assert_eq!(sorted(below), where_value(&|held| less_or_equal(held, value) == Some(true)));
        }
        let between =
            snapshot.index_range(label, key, Bound::Included(&Value::Integer(-1)), Bound::Excluded(&Value::Float(1.5)));
        let inside = |held: &Value| {
            less_or_equal(&Value::Integer(-1), held) == Some(true) && less(held, &Value::Float(1.5)) == Some(true)
        };
        assert_eq!(sorted(between), where_value(&inside));
        let begins = |held: &Value| matches!(held, Value::String(text) if text.starts_with('a'));
        assert_eq!(sorted(snapshot.index_prefix(label, key, "a")), where_value(&begins));
    }
}
