//! A property graph as plain maps: what the naive evaluator reads and writes.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::function::GraphReader;
use crate::value::{Map, NodeId, RelationshipId, Value};

/// Properties by name; none of them null.
pub type Properties = BTreeMap<SmolStr, Value>;

/// A node.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Its labels.
    pub labels: BTreeSet<SmolStr>,
    /// Its properties.
    pub properties: Properties,
}

/// A relationship.
#[derive(Clone, Debug)]
pub struct Relationship {
    /// Its type.
    pub kind: SmolStr,
    /// Where it starts.
    pub start: NodeId,
    /// Where it ends.
    pub end: NodeId,
    /// Its properties.
    pub properties: Properties,
}

/// The first number of nodes and relationships that the naive evaluator makes; the engine's are far below.
pub const FIRST_NEW: u32 = 1 << 30;

/// A graph.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The nodes.
    pub nodes: BTreeMap<u32, Node>,
    /// The relationships.
    pub relationships: BTreeMap<u32, Relationship>,
    /// The labels in the order in which they were first met.
    pub known_labels: Vec<SmolStr>,
    /// What was deleted, which may still be named but not read.
    pub deleted_nodes: BTreeSet<u32>,
    /// What was deleted; a type may still be read.
    pub deleted_relationships: BTreeMap<u32, Relationship>,
    /// How many elements were made.
    pub made: u32,
}

impl Model {
    /// Makes a node.
    pub fn create_node(&mut self, labels: &[SmolStr]) -> NodeId {
        for label in labels {
            self.know_label(label);
        }
        let id = FIRST_NEW + self.made;
        self.made += 1;
        self.nodes.insert(id, Node { labels: labels.iter().cloned().collect(), properties: Properties::new() });
        NodeId(id)
    }

    /// Makes a relationship between nodes that are there.
    pub fn create_relationship(&mut self, kind: &str, start: NodeId, end: NodeId) -> Option<RelationshipId> {
        if !self.nodes.contains_key(&start.0) || !self.nodes.contains_key(&end.0) {
            return None;
        }
        let id = FIRST_NEW + self.made;
        self.made += 1;
        let made = Relationship { kind: SmolStr::new(kind), start, end, properties: Properties::new() };
        self.relationships.insert(id, made);
        Some(RelationshipId(id))
    }

    /// Takes down a label, so that labels list in the order in which they came.
    pub fn know_label(&mut self, label: &SmolStr) {
        if !self.known_labels.contains(label) {
            self.known_labels.push(label.clone());
        }
    }

    /// Deletes a relationship; again does nothing.
    pub fn delete_relationship(&mut self, relationship: RelationshipId) {
        if let Some(gone) = self.relationships.remove(&relationship.0) {
            self.deleted_relationships.insert(relationship.0, gone);
        }
    }

    /// Deletes a node, with its relationships if they are to go; again does nothing.
    pub fn delete_node(&mut self, node: NodeId, detach: bool) {
        if detach {
            let touching = self.relationships.iter().filter(|(_, held)| held.start == node || held.end == node);
            let touching: Vec<u32> = touching.map(|(id, _)| *id).collect();
            touching.into_iter().for_each(|id| self.delete_relationship(RelationshipId(id)));
        }
        if self.nodes.remove(&node.0).is_some() {
            self.deleted_nodes.insert(node.0);
        }
    }

    /// Says whether a relationship has lost one of its ends.
    pub fn dangles(&self) -> bool {
        let is_gone = |node: NodeId| !self.nodes.contains_key(&node.0);
        self.relationships.values().any(|held| is_gone(held.start) || is_gone(held.end))
    }
}

fn as_map(properties: &Properties) -> Map {
    properties.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

impl GraphReader for Model {
    fn labels(&self, node: NodeId) -> Option<Vec<SmolStr>> {
        let node = self.nodes.get(&node.0)?;
        Some(self.known_labels.iter().filter(|label| node.labels.contains(*label)).cloned().collect())
    }

    fn relationship_type(&self, relationship: RelationshipId) -> Option<SmolStr> {
        let gone = || self.deleted_relationships.get(&relationship.0);
        self.relationships.get(&relationship.0).or_else(gone).map(|held| held.kind.clone())
    }

    fn endpoints(&self, relationship: RelationshipId) -> Option<(NodeId, NodeId)> {
        let gone = || self.deleted_relationships.get(&relationship.0);
        self.relationships.get(&relationship.0).or_else(gone).map(|held| (held.start, held.end))
    }

    fn node_properties(&self, node: NodeId) -> Option<Map> {
        self.nodes.get(&node.0).map(|node| as_map(&node.properties))
    }

    fn relationship_properties(&self, relationship: RelationshipId) -> Option<Map> {
        self.relationships.get(&relationship.0).map(|held| as_map(&held.properties))
    }
}
