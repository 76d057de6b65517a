//! Elements written out: what a row that leaves the engine holds instead of ids.

use std::sync::Arc;

use hashbrown::HashMap;
use smol_str::{SmolStr, format_smolstr};

use crate::graph::{PropertyKeyId, Snapshot};
use crate::value::{Expand, NodeId, RelationshipId, ResultNode, ResultRelationship, ResultValue, Value};

/// Writes out the elements of one graph; an element that stands in many rows is written out once.
pub(super) struct WrittenOut<'a> {
    graph: &'a Snapshot,
    nodes: HashMap<NodeId, Arc<ResultNode>>,
    relationships: HashMap<RelationshipId, Arc<ResultRelationship>>,
    /// The bytes that were written out since this was asked for, roughly.
    size_bytes: usize,
}

impl<'a> WrittenOut<'a> {
    /// Returns a writer over a graph.
    pub(super) fn new(graph: &'a Snapshot) -> Self {
        WrittenOut { graph, nodes: HashMap::new(), relationships: HashMap::new(), size_bytes: 0 }
    }

    /// Returns how many bytes were written out since this was last asked, roughly.
    pub(super) fn take_size_bytes(&mut self) -> usize {
        std::mem::take(&mut self.size_bytes)
    }

    fn named(&mut self, properties: Vec<(PropertyKeyId, Value)>) -> Vec<(SmolStr, ResultValue)> {
        let catalogue = self.graph.catalogue();
        let mut named = Vec::with_capacity(properties.len());
        for (key, value) in properties {
            // What is stored is no element and nested less deep than a result may be.
            let value = ResultValue::expand(&value, self).unwrap_or_default();
            self.size_bytes += size_of::<(SmolStr, ResultValue)>() + text_size_bytes(&value);
            named.push((catalogue.property_key_name(key).clone(), value));
        }
        named
    }
}

impl Expand for WrittenOut<'_> {
    fn node(&mut self, id: NodeId) -> Arc<ResultNode> {
        if let Some(known) = self.nodes.get(&id) {
            return Arc::clone(known);
        }
        let gone = self.graph.is_deleted_node(id) || !self.graph.node_exists(id);
        let (mut labels, mut properties) = (Vec::new(), Vec::new());
        if !gone {
            let names = self.graph.labels(id).iter().map(|label| self.graph.catalogue().label_name(*label).clone());
            labels.extend(names);
            labels.sort();
            properties = self.named(self.graph.node_properties(id));
        }
        let node = Arc::new(ResultNode { element_id: node_id(id), labels, properties });
        self.size_bytes += size_of::<ResultNode>();
        self.nodes.insert(id, Arc::clone(&node));
        node
    }

    fn relationship(&mut self, id: RelationshipId) -> Arc<ResultRelationship> {
        if let Some(known) = self.relationships.get(&id) {
            return Arc::clone(known);
        }
        let mut written = ResultRelationship {
            element_id: relationship_id(id),
            kind: SmolStr::default(),
            start: SmolStr::default(),
            end: SmolStr::default(),
            properties: Vec::new(),
        };
        if let Some(record) = self.graph.relationship(id) {
            written.kind = self.graph.catalogue().relationship_type_name(record.kind).clone();
            written.start = node_id(record.start);
            written.end = node_id(record.end);
        }
        if !self.graph.is_deleted_relationship(id) && self.graph.relationship_exists(id) {
            written.properties = self.named(self.graph.relationship_properties(id));
        }
        let written = Arc::new(written);
        self.size_bytes += size_of::<ResultRelationship>();
        self.relationships.insert(id, Arc::clone(&written));
        written
    }
}

/// Returns what `elementId()` gives for a node.
pub(super) fn node_id(id: NodeId) -> SmolStr {
    format_smolstr!("n{}", id.0)
}

/// Returns what `elementId()` gives for a relationship.
pub(super) fn relationship_id(id: RelationshipId) -> SmolStr {
    format_smolstr!("r{}", id.0)
}

/// Returns the bytes that a value holds beside itself, roughly.
pub(super) fn text_size_bytes(value: &ResultValue) -> usize {
    match value {
        ResultValue::String(text) => text.len(),
        ResultValue::List(items) => items.iter().map(|item| size_of::<ResultValue>() + text_size_bytes(item)).sum(),
        ResultValue::Map(entries) => {
            let entry = size_of::<(SmolStr, ResultValue)>();
            entries.iter().map(|(key, item)| entry + key.len() + text_size_bytes(item)).sum()
        }
        _ => 0,
    }
}
