//! The elements of a graph one after the other, and which kinds of values each property has, for formats that want to know beforehand.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::graph::{PropertyKeyId, RelationshipRecord, Snapshot};
use crate::value::{Kind, NodeId, RelationshipId, Value};

/// The kinds of values of each property, by its name.
pub(super) type Kinds = BTreeMap<SmolStr, BTreeSet<Kind>>;

/// Returns all nodes, in order of slot.
pub(super) fn nodes(graph: &Snapshot) -> Vec<NodeId> {
    let mut slots = Vec::new();
    (0..graph.chunk_count()).for_each(|chunk| graph.scan_chunk(chunk, None, &mut slots));
    slots.into_iter().map(NodeId).collect()
}

/// Returns all relationships, in order of slot.
pub(super) fn relationships(graph: &Snapshot) -> Vec<(RelationshipId, RelationshipRecord)> {
    let mut slots = Vec::new();
    (0..graph.relationship_chunk_count()).for_each(|chunk| graph.scan_relationships(None, chunk, &mut slots));
    let found = slots.into_iter().map(RelationshipId);
    found.filter_map(|relationship| Some((relationship, graph.relationship(relationship)?))).collect()
}

/// Returns the names of a node's labels, in order.
pub(super) fn labels(graph: &Snapshot, node: NodeId) -> Vec<&SmolStr> {
    let mut labels: Vec<&SmolStr> =
        graph.labels(node).iter().map(|label| graph.catalogue().label_name(*label)).collect();
    labels.sort();
    labels
}

/// Returns properties by name, in order.
pub(super) fn named(graph: &Snapshot, properties: Vec<(PropertyKeyId, Value)>) -> Vec<(SmolStr, Value)> {
    let name = |key: PropertyKeyId| graph.catalogue().property_key_name(key).clone();
    let mut named: Vec<(SmolStr, Value)> = properties.into_iter().map(|(key, value)| (name(key), value)).collect();
    named.sort_by(|left, right| left.0.cmp(&right.0));
    named
}

/// Returns the kinds of values that the properties of nodes have.
pub(super) fn node_kinds(graph: &Snapshot) -> Kinds {
    let mut kinds = Kinds::new();
    nodes(graph).into_iter().for_each(|node| learn(&mut kinds, named(graph, graph.node_properties(node))));
    kinds
}

/// Returns the kinds of values that the properties of relationships have.
pub(super) fn relationship_kinds(graph: &Snapshot) -> Kinds {
    let mut kinds = Kinds::new();
    for (relationship, _) in relationships(graph) {
        learn(&mut kinds, named(graph, graph.relationship_properties(relationship)));
    }
    kinds
}

/// Returns the kinds of the items of lists, of the properties of nodes and of relationships.
pub(super) fn item_kinds(graph: &Snapshot) -> (Kinds, Kinds) {
    let (mut of_nodes, mut of_relationships) = (Kinds::new(), Kinds::new());
    for node in nodes(graph) {
        learn_items(&mut of_nodes, named(graph, graph.node_properties(node)));
    }
    for (relationship, _) in relationships(graph) {
        learn_items(&mut of_relationships, named(graph, graph.relationship_properties(relationship)));
    }
    (of_nodes, of_relationships)
}

fn learn_items(kinds: &mut Kinds, properties: Vec<(SmolStr, Value)>) {
    for (name, value) in properties {
        if let Value::List(items) = value
            && !items.is_empty()
        {
            kinds.entry(name).or_default().extend(items.iter().map(Value::kind));
        }
    }
}

fn learn(kinds: &mut Kinds, properties: Vec<(SmolStr, Value)>) {
    for (name, value) in properties {
        kinds.entry(name).or_default().insert(value.kind());
    }
}
