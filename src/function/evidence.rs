//! The set of graph elements, or of claims by number, that rows rest on, gathered over a group: what CITE asks for of each column and group.
//!
//! A set of ids is a short sorted list as long as it is small and a bitmap from then on, so that neither a group of one row nor a group
//! of all rows costs more than it must.

use std::collections::BTreeMap;

use crate::value::{NodeId, RelationshipId, Value};

/// Up to how many ids a set is a list.
const SHORT: usize = 64;

/// How many ids a block of a bitmap covers.
const BITS: u32 = 1024;

/// How many words these are.
const WORDS: usize = BITS as usize / 64;

/// Nodes and relationships, and numbers of claims, each once.
#[derive(Clone, Debug, Default)]
pub struct ElementSet {
    nodes: IdSet,
    relationships: IdSet,
    numbers: IdSet,
}

impl ElementSet {
    /// Adds every element and number that a value is or holds.
    pub fn add(&mut self, value: &Value) {
        match value {
            Value::Node(node) => self.nodes.insert(node.0),
            Value::Relationship(relationship) => self.relationships.insert(relationship.0),
            Value::Integer(number) => self.numbers.extend(u32::try_from(*number)),
            Value::List(items) => items.iter().for_each(|item| self.add(item)),
            Value::Map(map) => map.iter().for_each(|(_, item)| self.add(item)),
            Value::Path(path) => {
                path.nodes.iter().for_each(|node| self.nodes.insert(node.0));
                path.relationships.iter().for_each(|relationship| self.relationships.insert(relationship.0));
            }
            _ => {}
        }
    }

    /// Adds what another set holds.
    pub fn merge(&mut self, other: &ElementSet) {
        other.nodes.ids().into_iter().for_each(|id| self.nodes.insert(id));
        other.relationships.ids().into_iter().for_each(|id| self.relationships.insert(id));
        self.numbers.extend(other.numbers.ids());
    }

    /// Says whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.relationships.is_empty() && self.numbers.is_empty()
    }

    /// Returns the nodes, ascending.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        self.nodes.ids().into_iter().map(NodeId)
    }

    /// Returns the relationships, ascending.
    pub fn relationships(&self) -> impl Iterator<Item = RelationshipId> + use<> {
        self.relationships.ids().into_iter().map(RelationshipId)
    }

    /// Returns the numbers, ascending.
    pub fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        self.numbers.ids().into_iter()
    }

    /// Returns it as a list: nodes first, then relationships, then numbers, each kind ascending.
    pub fn into_list(self) -> Value {
        let relationships = self.relationships().map(Value::Relationship);
        let numbers = self.numbers().map(|number| Value::Integer(number.into()));
        Value::list(self.nodes().map(Value::Node).chain(relationships).chain(numbers).collect())
    }
}

/// A set of ids.
#[derive(Clone, Debug)]
enum IdSet {
    /// Few: ascending.
    Few(Vec<u32>),
    /// Many: a bit for each id, in blocks of which only those with a bit exist.
    Many(BTreeMap<u32, [u64; WORDS]>),
}

impl Default for IdSet {
    fn default() -> Self {
        IdSet::Few(Vec::new())
    }
}

impl IdSet {
    fn insert(&mut self, id: u32) {
        match self {
            IdSet::Few(ids) => {
                let Err(place) = ids.binary_search(&id) else { return };
                ids.insert(place, id);
                if ids.len() > SHORT {
                    let mut blocks = BTreeMap::new();
                    ids.iter().for_each(|id| set_bit(&mut blocks, *id));
                    *self = IdSet::Many(blocks);
                }
            }
            IdSet::Many(blocks) => set_bit(blocks, id),
        }
    }

    fn extend(&mut self, ids: impl IntoIterator<Item = u32>) {
        ids.into_iter().for_each(|id| self.insert(id));
    }

    fn is_empty(&self) -> bool {
        matches!(self, IdSet::Few(ids) if ids.is_empty())
    }

    fn ids(&self) -> Vec<u32> {
        match self {
            IdSet::Few(ids) => ids.clone(),
            IdSet::Many(blocks) => {
                let bits = blocks.iter().flat_map(|(block, words)| {
                    let set = (0..BITS).filter(|bit| words[(bit / 64) as usize] >> (bit % 64) & 1 == 1);
                    set.map(move |bit| block * BITS + bit)
                });
                bits.collect()
            }
        }
    }
}

fn set_bit(blocks: &mut BTreeMap<u32, [u64; WORDS]>, id: u32) {
    let bit = id % BITS;
    blocks.entry(id / BITS).or_insert([0; WORDS])[(bit / 64) as usize] |= 1 << (bit % 64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_kept_once_whether_few_or_many() {
        let mut set = ElementSet::default();
        assert!(set.is_empty());
        for id in (0..1_000).rev().chain(0..1_000) {
            set.add(&Value::Node(NodeId(id * 2)));
        }
        set.add(&Value::list(vec![Value::Relationship(RelationshipId(7)), Value::Null, Value::Integer(3)]));
        let mut other = ElementSet::default();
        other.add(&Value::Node(NodeId(4_000_000)));
        other.merge(&set);
        assert_eq!(other.nodes().count(), 1_001);
        assert_eq!(other.nodes().last(), Some(NodeId(4_000_000)));
        assert_eq!(other.relationships().collect::<Vec<_>>(), [RelationshipId(7)]);
        let Value::List(items) = other.into_list() else { panic!("a set is a list") };
        assert_eq!(items.len(), 1_003, "nodes, a relationship, a number");
    }
}
