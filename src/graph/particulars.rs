//! The particulars of sources: id, title, date and kind, read from the properties that the schema names.

use smol_str::SmolStr;

use crate::knowledge::SourceDeclaration;
use crate::value::{NodeId, Value};

use super::id::PropertyKeyId;
use super::snapshot::Snapshot;

/// What the schema says of sources, to read their particulars by.
#[derive(Clone, Copy, Debug)]
pub struct Particulars<'a> {
    snapshot: &'a Snapshot,
}

impl<'a> Particulars<'a> {
    /// Returns the particulars of the sources of a graph.
    pub fn new(snapshot: &'a Snapshot) -> Particulars<'a> {
        Particulars { snapshot }
    }

    /// Returns the graph.
    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// Returns a source's id.
    pub fn id(&self, source: NodeId) -> Value {
        self.read(source, |declared| &declared.id)
    }

    /// Returns a source's title.
    pub fn title(&self, source: NodeId) -> Value {
        self.read(source, |declared| &declared.title)
    }

    /// Returns the date on which a source was published.
    pub fn published(&self, source: NodeId) -> Value {
        self.read(source, |declared| &declared.date)
    }

    /// Returns a source's kind.
    pub fn kind(&self, source: NodeId) -> Value {
        self.read(source, |declared| &declared.kind)
    }

    /// Returns the source of an id.
    pub fn find(&self, id: &str) -> Option<NodeId> {
        let (label, key) = (self.label()?, self.key(|declared| &declared.id)?);
        if self.snapshot.has_index(label, key) {
            let found = self.snapshot.index_seek(label, key, &Value::string(id));
            return found.first().map(|slot| NodeId(*slot));
        }
        self.all().into_iter().find(|(known, _)| known == id).map(|(_, source)| source)
    }

    /// Returns the ids of all sources, with their nodes, in order of node.
    pub fn all(&self) -> Vec<(SmolStr, NodeId)> {
        let Some(label) = self.label() else { return Vec::new() };
        let mut slots = Vec::new();
        (0..self.snapshot.chunk_count()).for_each(|chunk| self.snapshot.scan_chunk(chunk, Some(label), &mut slots));
        let named = slots.into_iter().filter_map(|slot| match self.id(NodeId(slot)) {
            Value::String(id) => Some((id, NodeId(slot))),
            _ => None,
        });
        named.collect()
    }

    fn label(&self) -> Option<super::id::LabelId> {
        let catalogue = self.snapshot.catalogue();
        catalogue.schema().source.as_ref().and_then(|declared| catalogue.label_id(&declared.label))
    }

    fn key(&self, property: fn(&SourceDeclaration) -> &String) -> Option<PropertyKeyId> {
        let catalogue = self.snapshot.catalogue();
        let declared = catalogue.schema().source.as_ref().map(property);
        declared.and_then(|name| catalogue.property_key_id(name))
    }

    fn read(&self, source: NodeId, property: fn(&SourceDeclaration) -> &String) -> Value {
        self.key(property).map_or(Value::Null, |key| self.snapshot.node_property(source, key))
    }
}
