//! Some nodes of a pattern: the orders of a pattern are weighed by what is known in each.

use smallvec::SmallVec;

/// Some nodes of a pattern, by place; a pattern has as many as its text has room for, and those of most fit one word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeSet(SmallVec<[u64; 1]>);

impl NodeSet {
    /// Says whether a node is one of them.
    pub(super) fn contains(&self, node: usize) -> bool {
        self.0.get(node / 64).is_some_and(|word| word >> (node % 64) & 1 == 1)
    }

    /// Returns them and one more.
    pub(super) fn with(&self, node: usize) -> NodeSet {
        let mut more = self.clone();
        more.insert(node);
        more
    }

    fn insert(&mut self, node: usize) {
        if self.0.len() <= node / 64 {
            self.0.resize(node / 64 + 1, 0);
        }
        self.0[node / 64] |= 1 << (node % 64);
    }

    /// Says whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<usize> for NodeSet {
    fn from_iter<Nodes: IntoIterator<Item = usize>>(nodes: Nodes) -> Self {
        let mut set = NodeSet::default();
        nodes.into_iter().for_each(|node| set.insert(node));
        set
    }
}
