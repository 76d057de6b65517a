//! Ordered sets that share: a tree whose clones cost nothing and whose changes copy only the way to one leaf.
//!
//! Leaves hold entries in order; above them stand separators, each not above the least entry of its branch and above all entries of the
//! branch before. Indexes and the lists of claims are such sets. A branch that runs empty goes; branches are not joined otherwise, for what
//! is deleted is mostly put back.

use std::sync::Arc;

/// The most entries of a leaf and branches of a node.
const WIDTH: usize = 64;

/// A set of entries in order.
#[derive(Clone, Debug)]
pub(super) struct OrderedSet<K> {
    root: Arc<Node<K>>,
    len: usize,
}

#[derive(Clone, Debug)]
enum Node<K> {
    Leaf(Vec<K>),
    Inner(Vec<Branch<K>>),
}

/// A separator and what lies behind it.
type Branch<K> = (K, Arc<Node<K>>);

impl<K> Default for OrderedSet<K> {
    fn default() -> Self {
        OrderedSet { root: Arc::new(Node::Leaf(Vec::new())), len: 0 }
    }
}

impl<K: Ord + Clone> OrderedSet<K> {
    /// Returns a set of entries that are in order, each once.
    pub fn from_sorted(entries: Vec<K>) -> OrderedSet<K> {
        let len = entries.len();
        // Leaves are left a quarter empty, so that the first entries to come split nothing.
        let fill = WIDTH * 3 / 4;
        let mut level: Vec<(K, Arc<Node<K>>)> = Vec::new();
        let mut rest = entries.into_iter().peekable();
        while let Some(first) = rest.peek().cloned() {
            level.push((first, Arc::new(Node::Leaf(rest.by_ref().take(fill).collect()))));
        }
        while level.len() > 1 {
            let mut above = Vec::new();
            let mut rest = level.into_iter().peekable();
            while let Some((first, _)) = rest.peek() {
                let first = first.clone();
                above.push((first, Arc::new(Node::Inner(rest.by_ref().take(fill).collect()))));
            }
            level = above;
        }
        level.pop().map_or_else(OrderedSet::default, |(_, root)| OrderedSet { root, len })
    }

    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Adds an entry and says whether it was new.
    pub fn insert(&mut self, entry: K) -> bool {
        let (added, split) = Arc::make_mut(&mut self.root).insert(entry);
        if let Some((separator, right)) = split {
            let left = std::mem::replace(&mut self.root, Arc::new(Node::Leaf(Vec::new())));
            // The first separator is never read; any entry will do.
            self.root = Arc::new(Node::Inner(vec![(separator.clone(), left), (separator, right)]));
        }
        self.len += usize::from(added);
        added
    }

    /// Takes an entry out and says whether it was there.
    pub fn remove(&mut self, entry: &K) -> bool {
        let removed = Arc::make_mut(&mut self.root).remove(entry);
        self.len -= usize::from(removed);
        while let Node::Inner(branches) = &*self.root {
            match branches.as_slice() {
                [] => self.root = Arc::new(Node::Leaf(Vec::new())),
                [only] => self.root = only.1.clone(),
                _ => break,
            }
        }
        removed
    }

    /// Returns the entries in order, from the first that is not `before`.
    ///
    /// `before` holds for a first part of all entries and for none after it.
    pub fn iter_from(&self, before: impl Fn(&K) -> bool) -> Iter<'_, K> {
        let mut path = Vec::new();
        let mut node = &*self.root;
        loop {
            match node {
                Node::Inner(branches) => {
                    let place = branches[1..].partition_point(|(separator, _)| before(separator));
                    path.push((branches.as_slice(), place + 1));
                    node = &branches[place].1;
                }
                Node::Leaf(entries) => {
                    let place = entries.partition_point(before);
                    return Iter { path, leaf: &entries[place..] };
                }
            }
        }
    }

    /// Returns all entries in order.
    pub fn iter(&self) -> Iter<'_, K> {
        self.iter_from(|_| false)
    }
}

type Split<K> = Option<Branch<K>>;

impl<K: Ord + Clone> Node<K> {
    fn insert(&mut self, entry: K) -> (bool, Split<K>) {
        match self {
            Node::Leaf(entries) => {
                let Err(place) = entries.binary_search(&entry) else {
                    return (false, None);
                };
                entries.insert(place, entry);
                if entries.len() <= WIDTH {
                    return (true, None);
                }
                // Entries that arrive in order leave full leaves behind, not half empty ones.
                let at = if place + 1 == entries.len() { entries.len() - 1 } else { entries.len() / 2 };
                let right = entries.split_off(at);
                (true, Some((right[0].clone(), Arc::new(Node::Leaf(right)))))
            }
            Node::Inner(branches) => {
                let place = branches[1..].partition_point(|(separator, _)| *separator <= entry);
                let (added, split) = Arc::make_mut(&mut branches[place].1).insert(entry);
                let Some(branch) = split else {
                    return (added, None);
                };
                branches.insert(place + 1, branch);
                if branches.len() <= WIDTH {
                    return (added, None);
                }
                let right = branches.split_off(branches.len() / 2);
                (added, Some((right[0].0.clone(), Arc::new(Node::Inner(right)))))
            }
        }
    }

    fn remove(&mut self, entry: &K) -> bool {
        match self {
            Node::Leaf(entries) => match entries.binary_search(entry) {
                Ok(place) => {
                    entries.remove(place);
                    true
                }
                Err(_) => false,
            },
            Node::Inner(branches) => {
                let place = branches[1..].partition_point(|(separator, _)| separator <= entry);
                let branch = Arc::make_mut(&mut branches[place].1);
                let removed = branch.remove(entry);
                let empty = match branch {
                    Node::Leaf(entries) => entries.is_empty(),
                    Node::Inner(branches) => branches.is_empty(),
                };
                if empty {
                    branches.remove(place);
                }
                removed
            }
        }
    }
}

/// Entries in order.
pub(super) struct Iter<'a, K> {
    /// On the way down: the branches of each node and the next of them to read.
    path: Vec<(&'a [Branch<K>], usize)>,
    leaf: &'a [K],
}

impl<'a, K> Iterator for Iter<'a, K> {
    type Item = &'a K;

    fn next(&mut self) -> Option<&'a K> {
        loop {
            if let Some((first, rest)) = self.leaf.split_first() {
                self.leaf = rest;
                return Some(first);
            }
            let (branches, place) = self.path.last_mut()?;
            let Some((_, node)) = branches.get(*place) else {
                self.path.pop();
                continue;
            };
            *place += 1;
            match &**node {
                Node::Leaf(entries) => self.leaf = entries,
                Node::Inner(branches) => self.path.push((branches, 0)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_a_plain_set_holds(
            loaded in proptest::collection::btree_set(0u16..3000, 0..600),
            steps in proptest::collection::vec((0u16..3000, any::<bool>()), 0..1500),
            from in 0u16..3000,
        ) {
            let mut plain: BTreeSet<u16> = loaded.clone();
            let mut set = OrderedSet::from_sorted(loaded.into_iter().collect());
            let older = (set.clone(), plain.clone());
            for (entry, add) in steps {
                if add {
                    prop_assert_eq!(set.insert(entry), plain.insert(entry));
                } else {
                    prop_assert_eq!(set.remove(&entry), plain.remove(&entry));
                }
            }
            for (set, plain) in [(set, plain), older] {
                prop_assert_eq!(set.len(), plain.len());
                prop_assert!(set.iter().eq(plain.iter()));
                prop_assert!(set.iter_from(|entry| *entry < from).eq(plain.range(from..)));
            }
        }
    }

    #[test]
    fn entries_in_order_and_all_taken_out_again() {
        let mut set = OrderedSet::default();
        (0..10_000).for_each(|entry| assert!(set.insert(entry)));
        assert!(set.iter().copied().eq(0..10_000));
        (0..10_000).rev().for_each(|entry| assert!(set.remove(&entry)));
        assert_eq!((set.len(), set.iter().next()), (0, None));
        assert!(set.insert(5));
    }
}
