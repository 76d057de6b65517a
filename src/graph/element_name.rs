//! What people call an element where only text will do: a node by the key of one of its labels, a relationship by its ends.

use smol_str::{SmolStr, format_smolstr};

use crate::knowledge::Subject;
use crate::value::{NodeId, Value};

use super::snapshot::Snapshot;

impl Snapshot {
    /// Returns what people call an element: `park/a`, `park/a -[PART_OF]-> city/b`, `n5` where no label of a node has a key.
    pub fn name_of(&self, subject: Subject) -> SmolStr {
        let Subject::Relationship(relationship) = subject else {
            let Subject::Node(node) = subject else { return SmolStr::default() };
            return self.name_of_node(node);
        };
        match self.relationship(relationship) {
            Some(record) => {
                let kind = self.catalogue().relationship_type_name(record.kind);
                format_smolstr!("{} -[{kind}]-> {}", self.name_of_node(record.start), self.name_of_node(record.end))
            }
            None => format_smolstr!("r{}", relationship.0),
        }
    }

    fn name_of_node(&self, node: NodeId) -> SmolStr {
        let catalogue = self.catalogue();
        let labels = self.labels(node).iter().map(|label| catalogue.label_name(*label));
        let mut keys = labels.filter_map(|label| catalogue.schema().key_of(label));
        let name = keys.find_map(|key| match self.node_property(node, catalogue.property_key_id(key)?) {
            Value::String(text) => Some(text),
            _ => None,
        });
        name.unwrap_or_else(|| format_smolstr!("n{}", node.0))
    }
}
