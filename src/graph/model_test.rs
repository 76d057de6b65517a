//! Random writes against a plain model: every read of the graph must say what maps of maps say.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::value::{NodeId, RelationshipId, Value};
use crate::vector::{Column, NO_ID};

use super::model_check::check;
use super::{BulkLoader, Change, IndexDefinition, IndexKind, IndexTarget, LabelId, PropertyKeyId, RelationshipTypeId};
use super::{Savepoint, Snapshot, Transaction};

pub(super) const LABELS: u16 = 3;
pub(super) const KINDS: u16 = 2;
pub(super) const KEYS: u32 = 3;

/// The graph as maps of maps.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub nodes: BTreeMap<u32, ModelNode>,
    pub relationships: BTreeMap<u32, ModelRelationship>,
    pub deleted_nodes: BTreeSet<u32>,
    pub deleted_relationships: BTreeSet<u32>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct ModelNode {
    pub labels: BTreeSet<LabelId>,
    pub properties: BTreeMap<PropertyKeyId, Value>,
}

#[derive(Clone, Debug)]
pub(super) struct ModelRelationship {
    pub kind: RelationshipTypeId,
    pub start: u32,
    pub end: u32,
    pub properties: BTreeMap<PropertyKeyId, Value>,
}

/// One random write. Numbers pick among what is there.
#[derive(Clone, Debug)]
enum Step {
    CreateNode(u8),
    CreateRelationships(u16, Vec<(usize, usize)>),
    SetNode(usize, u32, Value),
    SetManyNodes(u32, Value),
    SetRelationship(usize, u32, Value),
    AddLabel(usize, u16),
    RemoveLabel(usize, u16),
    DetachDelete(usize),
    DeleteRelationship(usize),
    DeleteRelationshipsOf(usize),
    CreateIndex(u16, u32),
    DropIndex,
    Savepoint,
    Rollback,
    Commit,
    Abandon,
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        (-3i64..3).prop_map(Value::Integer),
        (0i64..3).prop_map(|value| Value::Integer(value << 40)),
        (-2i32..3).prop_map(|value| Value::Float(f64::from(value) / 2.0)),
        Just(Value::Float(f64::NAN)),
        any::<bool>().prop_map(Value::Boolean),
        "[ab]{0,2}".prop_map(Value::string),
        (0i64..3).prop_map(|value| Value::list(vec![Value::Integer(value), Value::Null])),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let any = any::<usize>;
    prop_oneof![
        4 => (0u8..8).prop_map(Step::CreateNode),
        4 => (0..KINDS, proptest::collection::vec((any(), any()), 1..40))
            .prop_map(|(kind, ends)| Step::CreateRelationships(kind, ends)),
        8 => (any(), 0..KEYS, value()).prop_map(|(node, key, value)| Step::SetNode(node, key, value)),
        1 => (0..KEYS, value()).prop_map(|(key, value)| Step::SetManyNodes(key, value)),
        6 => (any(), 0..KEYS, value()).prop_map(|(one, key, value)| Step::SetRelationship(one, key, value)),
        3 => (any(), 0..LABELS).prop_map(|(node, label)| Step::AddLabel(node, label)),
        3 => (any(), 0..LABELS).prop_map(|(node, label)| Step::RemoveLabel(node, label)),
        1 => any().prop_map(Step::DetachDelete),
        4 => any().prop_map(Step::DeleteRelationship),
        1 => any().prop_map(Step::DeleteRelationshipsOf),
        1 => (0..LABELS, 0..KEYS).prop_map(|(label, key)| Step::CreateIndex(label, key)),
        1 => Just(Step::DropIndex),
        2 => Just(Step::Savepoint),
        1 => Just(Step::Rollback),
        3 => Just(Step::Commit),
        1 => Just(Step::Abandon),
    ]
}

/// Commits one after another: each snapshot, the changes that made it (none for a bulk load) and the model of it.
pub(super) fn random_history() -> impl Strategy<Value = Vec<(Snapshot, Option<Vec<Change>>, Model)>> {
    let nodes = proptest::collection::vec((0u8..8, value()), 0..40);
    let ends = proptest::collection::vec((any::<usize>(), any::<usize>(), value()), 0..120);
    let steps = proptest::collection::vec(step(), 1..50);
    (nodes, ends, any::<bool>(), steps).prop_map(|(nodes, ends, with_values, steps)| {
        let (snapshot, model) = loaded(&nodes, &ends, with_values);
        let mut history = vec![(snapshot.clone(), None, model.clone())];
        let mut pair = Pair::new(snapshot, model);
        for step in steps {
            let commits = matches!(step, Step::Commit);
            let changes = pair.transaction.changes().to_vec();
            pair.apply(step);
            if commits && !changes.is_empty() {
                history.push((pair.committed.0.clone(), Some(changes), pair.committed.1.clone()));
            }
        }
        history
    })
}

fn pick<K: Copy, V>(map: &BTreeMap<K, V>, number: usize) -> Option<K> {
    map.keys().nth(number.checked_rem(map.len())?).copied()
}

pub(super) fn labels_of(bits: u8) -> Vec<LabelId> {
    (0..LABELS).filter(|label| bits >> label & 1 == 1).map(LabelId).collect()
}

/// A graph under test beside its model.
struct Pair {
    committed: (Snapshot, Model),
    transaction: Transaction,
    model: Model,
    savepoint: Option<(Savepoint, Model)>,
}

impl Pair {
    fn new(snapshot: Snapshot, model: Model) -> Pair {
        let mut transaction = Transaction::begin(snapshot.clone());
        for label in 0..LABELS {
            transaction.label(&format!("L{label}")).expect("room for a label");
        }
        for kind in 0..KINDS {
            transaction.relationship_type(&format!("T{kind}")).expect("room for a type");
        }
        // Ids and names in different order, so that a mix-up shows.
        for key in 0..KEYS {
            transaction.property_key(&format!("k{}", KEYS - key)).expect("room for a key");
        }
        Pair { committed: (snapshot, model.clone()), transaction, model, savepoint: None }
    }

    fn apply(&mut self, step: Step) {
        match step {
            Step::CreateNode(bits) => self.create_node(bits),
            Step::CreateRelationships(kind, ends) => {
                for (start, end) in ends {
                    self.create_relationship(RelationshipTypeId(kind), start, end);
                }
            }
            Step::SetNode(node, key, value) => {
                if let Some(node) = pick(&self.model.nodes, node) {
                    self.set_node(node, PropertyKeyId(key), &value);
                }
            }
            Step::SetManyNodes(key, value) => {
                let nodes: Vec<u32> = self.model.nodes.keys().copied().collect();
                nodes.into_iter().for_each(|node| self.set_node(node, PropertyKeyId(key), &value));
            }
            Step::SetRelationship(one, key, value) => self.set_relationship(one, PropertyKeyId(key), value),
            Step::AddLabel(node, label) => self.relabel(node, LabelId(label), true),
            Step::RemoveLabel(node, label) => self.relabel(node, LabelId(label), false),
            Step::DetachDelete(node) => self.detach_delete(node),
            Step::DeleteRelationship(one) => {
                if let Some(slot) = pick(&self.model.relationships, one) {
                    self.delete_relationship(slot);
                }
            }
            Step::DeleteRelationshipsOf(node) => {
                if let Some(node) = pick(&self.model.nodes, node) {
                    let own = self.model.relationships.iter().filter(|(_, one)| one.start == node || one.end == node);
                    let slots: Vec<u32> = own.map(|(slot, _)| *slot).collect();
                    slots.into_iter().for_each(|slot| self.delete_relationship(slot));
                }
            }
            Step::CreateIndex(label, key) => {
                let name = format!("i{label}{key}").into();
                let target = IndexTarget::Node(LabelId(label));
                let definition = IndexDefinition::single(name, target, PropertyKeyId(key), IndexKind::Range);
                // It may be there already.
                let _ = self.transaction.create_index(definition);
            }
            Step::DropIndex => {
                let first = self.transaction.view().catalogue().indexes().first().map(|index| index.name.clone());
                if let Some(name) = first {
                    self.transaction.drop_index(&name).expect("the index is there");
                }
            }
            Step::Savepoint => self.savepoint = Some((self.transaction.savepoint(), self.model.clone())),
            Step::Rollback => {
                if let Some((savepoint, model)) = &self.savepoint {
                    self.transaction.rollback_to(savepoint);
                    self.model = model.clone();
                }
            }
            Step::Commit => self.commit(),
            Step::Abandon => {
                self.transaction = Transaction::begin(self.committed.0.clone());
                self.model = self.committed.1.clone();
                self.savepoint = None;
            }
        }
    }

    fn commit(&mut self) {
        assert_eq!(self.transaction.dangling(), None);
        let next = Transaction::begin(Snapshot::empty());
        let transaction = std::mem::replace(&mut self.transaction, next);
        let base = transaction.base().clone();
        let (snapshot, changes) = transaction.commit().expect("no constraint");
        self.model.deleted_nodes.clear();
        self.model.deleted_relationships.clear();
        check(&snapshot, &self.model);
        let replayed = base.replay(&changes).expect("what was done can be done again");
        check(&replayed, &self.model);
        assert_eq!(replayed.version(), snapshot.version());
        // The snapshot that readers still hold has not moved.
        check(&self.committed.0, &self.committed.1);
        self.committed = (snapshot.clone(), self.model.clone());
        self.transaction = Transaction::begin(snapshot);
        self.savepoint = None;
    }

    fn create_node(&mut self, bits: u8) {
        let labels = labels_of(bits);
        let node = self.transaction.create_node(&labels).expect("room for a node");
        assert!(!self.model.deleted_nodes.contains(&node.0), "a slot freed in this transaction was used again");
        let made = ModelNode { labels: labels.into_iter().collect(), ..ModelNode::default() };
        assert!(self.model.nodes.insert(node.0, made).is_none());
    }

    fn create_relationship(&mut self, kind: RelationshipTypeId, start: usize, end: usize) {
        // Few ends, so that parallel ones and loops are common.
        let (start, end) = (pick(&self.model.nodes, start % 7), pick(&self.model.nodes, end % 11));
        if let (Some(start), Some(end)) = (start, end) {
            let made = self.transaction.create_relationship(kind, NodeId(start), NodeId(end)).expect("both ends live");
            assert!(!self.model.deleted_relationships.contains(&made.0));
            let properties = BTreeMap::new();
            let made = self.model.relationships.insert(made.0, ModelRelationship { kind, start, end, properties });
            assert!(made.is_none());
        }
    }

    fn set_node(&mut self, node: u32, key: PropertyKeyId, value: &Value) {
        self.transaction.set_node_property(NodeId(node), key, value.clone()).expect("the node lives");
        if let Some(held) = self.model.nodes.get_mut(&node) {
            put(&mut held.properties, key, value.clone());
        }
    }

    fn set_relationship(&mut self, number: usize, key: PropertyKeyId, value: Value) {
        if let Some(slot) = pick(&self.model.relationships, number) {
            let set = self.transaction.set_relationship_property(RelationshipId(slot), key, value.clone());
            set.expect("the relationship lives");
            if let Some(held) = self.model.relationships.get_mut(&slot) {
                put(&mut held.properties, key, value);
            }
        }
    }

    fn relabel(&mut self, number: usize, label: LabelId, add: bool) {
        let Some(node) = pick(&self.model.nodes, number) else { return };
        let Some(held) = self.model.nodes.get_mut(&node) else { return };
        if add {
            held.labels.insert(label);
            self.transaction.add_label(NodeId(node), label).expect("the node lives");
        } else {
            held.labels.remove(&label);
            self.transaction.remove_label(NodeId(node), label).expect("the node lives");
        }
    }

    fn delete_relationship(&mut self, slot: u32) {
        self.transaction.delete_relationship(RelationshipId(slot)).expect("the relationship lives");
        self.model.relationships.remove(&slot);
        self.model.deleted_relationships.insert(slot);
    }

    fn detach_delete(&mut self, number: usize) {
        let Some(node) = pick(&self.model.nodes, number) else { return };
        let own = self.model.relationships.iter().filter(|(_, one)| one.start == node || one.end == node);
        let slots: Vec<u32> = own.map(|(slot, _)| *slot).collect();
        if number.is_multiple_of(2) {
            self.transaction.detach_delete_node(NodeId(node)).expect("the node lives");
        } else {
            // The node first and its relationships after it, as DELETE may do.
            self.transaction.delete_node(NodeId(node)).expect("the node lives");
            assert_eq!(self.transaction.dangling(), (!slots.is_empty()).then_some(NodeId(node)));
            for slot in &slots {
                self.transaction.delete_relationship(RelationshipId(*slot)).expect("the relationship lives");
            }
        }
        for slot in slots {
            self.model.relationships.remove(&slot);
            self.model.deleted_relationships.insert(slot);
        }
        self.model.nodes.remove(&node);
        self.model.deleted_nodes.insert(node);
    }
}

fn put(properties: &mut BTreeMap<PropertyKeyId, Value>, key: PropertyKeyId, value: Value) {
    if value.is_null() {
        properties.remove(&key);
    } else {
        properties.insert(key, value);
    }
}

/// Loads nodes and relationships in bulk, into the graph and the model.
fn loaded(nodes: &[(u8, Value)], ends: &[(usize, usize, Value)], with_values: bool) -> (Snapshot, Model) {
    let mut loader = BulkLoader::begin(&Snapshot::empty());
    let mut model = Model::default();
    (0..LABELS).for_each(|label| assert!(loader.label(&format!("L{label}")).is_ok()));
    (0..KINDS).for_each(|kind| assert!(loader.relationship_type(&format!("T{kind}")).is_ok()));
    (0..KEYS).for_each(|key| assert!(loader.property_key(&format!("k{}", KEYS - key)).is_ok()));
    for bits in 0..8 {
        let values: Vec<Value> = nodes.iter().filter(|(own, _)| *own == bits).map(|(_, value)| value.clone()).collect();
        let column = Column::from_values(values.clone());
        let slots = loader.add_nodes(&labels_of(bits), values.len(), &[(PropertyKeyId(0), column)]);
        for (slot, value) in slots.expect("room for nodes").into_iter().zip(values) {
            let mut made = ModelNode { labels: labels_of(bits).into_iter().collect(), ..ModelNode::default() };
            put(&mut made.properties, PropertyKeyId(0), value);
            model.nodes.insert(slot, made);
        }
    }
    let picked = ends.iter().filter_map(|(start, end, value)| {
        Some((pick(&model.nodes, start % 9)?, pick(&model.nodes, end % 13)?, value.clone()))
    });
    let picked: Vec<(u32, u32, Value)> = picked.collect();
    let starts: Vec<u32> = picked.iter().map(|(start, ..)| *start).collect();
    let ends: Vec<u32> = picked.iter().map(|(_, end, _)| *end).collect();
    let column = Column::from_values(picked.iter().map(|(.., value)| value.clone()));
    let columns = if with_values { vec![(PropertyKeyId(1), column)] } else { Vec::new() };
    loader.add_relationships(RelationshipTypeId(0), &starts, &ends, &columns).expect("the ends are there");
    let snapshot = loader.finish().expect("nothing to refuse");
    let mut sorted = picked;
    sorted.sort_by_key(|(start, end, _)| (*start, *end));
    for (slot, (start, end, value)) in sorted.into_iter().enumerate() {
        let mut properties = BTreeMap::new();
        if with_values {
            put(&mut properties, PropertyKeyId(1), value);
        }
        let kind = RelationshipTypeId(0);
        model.relationships.insert(slot as u32, ModelRelationship { kind, start, end, properties });
    }
    (snapshot, model)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn random_writes_read_as_the_model_says(
        nodes in proptest::collection::vec((0u8..8, value()), 0..60),
        ends in proptest::collection::vec((any::<usize>(), any::<usize>(), value()), 0..200),
        with_values in any::<bool>(),
        steps in proptest::collection::vec(step(), 1..60),
    ) {
        let (snapshot, model) = loaded(&nodes, &ends, with_values);
        check(&snapshot, &model);
        let mut pair = Pair::new(snapshot, model);
        for (place, step) in steps.into_iter().enumerate() {
            pair.apply(step);
            if place % 8 == 0 {
                check(pair.transaction.view(), &pair.model);
            }
        }
        check(pair.transaction.view(), &pair.model);
        pair.commit();
    }
}

#[test]
fn ids_that_nothing_has_read_as_absent() {
    let snapshot = Snapshot::empty();
    check(&snapshot, &Model::default());
    assert!(!snapshot.node_exists(NodeId(NO_ID)));
    assert!(snapshot.labels(NodeId(NO_ID)).is_empty());
    assert!(snapshot.relationship(RelationshipId(NO_ID)).is_none());
    assert!(snapshot.node_property(NodeId(NO_ID), PropertyKeyId(7)).is_null());
}
