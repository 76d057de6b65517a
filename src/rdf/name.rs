//! Names of nodes: the IRI that a node's key gives, and the node that an IRI names.
//!
//! | node | IRI |
//! | --- | --- |
//! | with text under the graph's key | base, and the text as a path |
//! | with another value there, or with a key of its label only | base, `?`, key, `=`, value |
//! | with an IRI under `iri` | that |
//! | with none of these | none: it is a blank node |
//!
//! Several nodes of one name are told apart by a number, in order of slot; that order is the only one they have.

use hashbrown::HashMap;
use smol_str::{SmolStr, format_smolstr};

use crate::graph::{PropertyKeyId, Snapshot};
use crate::value::{NodeId, Value, literal};

use super::iri::{encode, encode_path, is_iri};
use super::mapping::Mapping;

/// The property that holds the IRI of a node without key.
pub const IRI_PROPERTY: &str = "iri";

/// The names of a graph's nodes.
#[derive(Clone, Debug, Default)]
pub struct NodeNames {
    base: SmolStr,
    key: Option<PropertyKeyId>,
    /// Keys of single labels, in order of name.
    label_keys: Vec<(SmolStr, PropertyKeyId)>,
    iri_key: Option<PropertyKeyId>,
    node_of: HashMap<SmolStr, NodeId>,
    numbers: HashMap<NodeId, u32>,
}

impl NodeNames {
    /// Returns the names of a graph's nodes.
    pub fn of(snapshot: &Snapshot, mapping: &Mapping) -> NodeNames {
        let catalogue = snapshot.catalogue();
        let schema = mapping.schema();
        let mut label_keys: Vec<(SmolStr, PropertyKeyId)> = schema
            .labels
            .values()
            .filter_map(|label| {
                let key = label.key.as_deref().filter(|key| *key != schema.graph.key)?;
                Some((SmolStr::new(key), catalogue.property_key_id(key)?))
            })
            .collect();
        label_keys.sort_unstable();
        label_keys.dedup();
        let mut names = NodeNames {
            base: mapping.base().clone(),
            key: catalogue.property_key_id(&schema.graph.key),
            label_keys,
            iri_key: catalogue.property_key_id(IRI_PROPERTY),
            ..NodeNames::default()
        };
        names.fill(snapshot);
        names
    }

    fn fill(&mut self, snapshot: &Snapshot) {
        let mut counts: HashMap<SmolStr, u32> = HashMap::new();
        let mut slots = Vec::new();
        for chunk in 0..snapshot.chunk_count() {
            slots.clear();
            snapshot.scan_chunk(chunk, None, &mut slots);
            for node in slots.iter().map(|slot| NodeId(*slot)) {
                let Some(iri) = self.plain(snapshot, node) else { continue };
                let count = counts.entry(iri.clone()).or_default();
                *count += 1;
                if *count == 1 {
                    self.node_of.insert(iri, node);
                } else {
                    self.numbers.insert(node, *count);
                    self.node_of.insert(below(&iri, &format!("={count}")), node);
                }
            }
        }
    }

    /// Returns the node that an IRI names.
    pub fn node(&self, iri: &str) -> Option<NodeId> {
        self.node_of.get(iri).copied()
    }

    /// Returns a node's IRI; none if it is a blank node.
    pub fn iri(&self, snapshot: &Snapshot, node: NodeId) -> Option<SmolStr> {
        let iri = self.plain(snapshot, node)?;
        match self.numbers.get(&node) {
            Some(number) => Some(below(&iri, &format!("={number}"))),
            None => Some(iri),
        }
    }

    /// Returns how a node is named within another's IRI.
    pub fn short(&self, iri: &str) -> String {
        let path = iri.strip_prefix(self.base.as_str()).filter(|path| !path.contains(['?', '#']));
        path.map_or_else(|| format!(":{}", encode(iri)), str::to_owned)
    }

    fn plain(&self, snapshot: &Snapshot, node: NodeId) -> Option<SmolStr> {
        let base = &self.base;
        let value = |key: Option<PropertyKeyId>| key.map_or(Value::Null, |key| snapshot.node_property(node, key));
        match value(self.key) {
            Value::Null => {}
            Value::String(id) if id.is_empty() => return Some(format_smolstr!("{base}?id=")),
            Value::String(id) => return Some(format_smolstr!("{base}{}", encode_path(&id))),
            other => return Some(format_smolstr!("{base}?={}", encode(&literal(&other)))),
        }
        for (name, key) in &self.label_keys {
            match value(Some(*key)) {
                Value::Null => {}
                Value::String(id) => return Some(format_smolstr!("{base}?{}={}", encode(name), encode(&id))),
                other => return Some(format_smolstr!("{base}?{}:={}", encode(name), encode(&literal(&other)))),
            }
        }
        match value(self.iri_key) {
            Value::String(iri) if is_iri(&iri) => Some(iri),
            _ => None,
        }
    }
}

/// Returns an IRI for a part of what another names.
pub fn below(iri: &str, part: &str) -> SmolStr {
    // An IRI has one fragment only; parts of a fragment are set off by semicolons, which no encoded name has.
    let join = if iri.contains('#') { ';' } else { '#' };
    format_smolstr!("{iri}{join}{part}")
}
