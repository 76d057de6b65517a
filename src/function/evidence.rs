//! The set of graph elements, or of claims by number, that rows rest on, gathered over a group: what CITE asks for of each column and group.
//!
//! A set of ids is a short sorted list as long as it is small and a bitmap from then on, so that neither a group of one row nor a group
//! of all rows costs more than it must.

use std::ops::Range;

use smol_str::SmolStr;

use crate::value::{Map, NodeId, RelationshipId, Value};
use crate::vector::Bitmap;

/// How many elements of a kind a set gives out; of the others only the number.
const GIVEN: usize = 1_000;

/// The key of a map that says how many elements were left out; no name of a language begins with a blank.
const MORE: &str = " more";

/// Up to how many ids a set is a list.
const SHORT: usize = 64;

/// Up to how many, where they come in order.
const LONG: usize = 4096;

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
    /// How many elements other sets left out.
    more: u64,
}

impl ElementSet {
    /// Adds every element and number that a value is or holds.
    pub fn add(&mut self, value: &Value) {
        match value {
            Value::Node(node) => self.nodes.insert(node.0),
            Value::Relationship(relationship) => self.relationships.insert(relationship.0),
            Value::Integer(number) => self.numbers.extend(u32::try_from(*number)),
            Value::List(items) => items.iter().for_each(|item| self.add(item)),
            Value::Map(map) => match map.get(MORE) {
                Some(Value::Integer(more)) => self.more += more.unsigned_abs(),
                _ => map.iter().for_each(|(_, item)| self.add(item)),
            },
            Value::Path(path) => {
                path.nodes.iter().for_each(|node| self.nodes.insert(node.0));
                path.relationships.iter().for_each(|relationship| self.relationships.insert(relationship.0));
            }
            _ => {}
        }
    }

    /// Says whether a map is what a list of elements ends with where some were left out.
    pub fn is_more(map: &Map) -> bool {
        matches!(map.get(MORE), Some(Value::Integer(_)))
    }

    /// Adds a node by its slot.
    pub fn add_node(&mut self, slot: u32) {
        self.nodes.insert(slot);
    }

    /// Adds nodes by their slots.
    pub fn add_nodes(&mut self, slots: impl IntoIterator<Item = u32>) {
        self.nodes.extend(slots);
    }

    /// Adds the nodes whose bits are set, 64 slots a word.
    pub fn add_node_words(&mut self, words: &[u64]) {
        self.nodes.insert_words(words);
    }

    /// Adds all nodes of a range of slots.
    pub fn add_node_run(&mut self, slots: Range<u32>) {
        self.nodes.insert_run(slots);
    }

    /// Adds a relationship by its slot.
    pub fn add_relationship(&mut self, slot: u32) {
        self.relationships.insert(slot);
    }

    /// Adds relationships by their slots.
    pub fn add_relationships(&mut self, slots: impl IntoIterator<Item = u32>) {
        self.relationships.extend(slots);
    }

    /// Adds all relationships of a range of slots.
    pub fn add_relationship_run(&mut self, slots: Range<u32>) {
        self.relationships.insert_run(slots);
    }

    /// Adds the nodes, or relationships, from a slot on whose marks are 1; the others have 0.
    pub fn add_marked(&mut self, first: u32, marks: &[u8], are_nodes: bool) {
        let set = if are_nodes { &mut self.nodes } else { &mut self.relationships };
        if !first.is_multiple_of(BITS) {
            let marked = marks.iter().zip(first..).filter(|(mark, _)| **mark == 1);
            return set.extend(marked.map(|(_, slot)| slot));
        }
        let mut bits = Bitmap::new(marks.len());
        bits.insert_marked(0, marks);
        set.add_words(first, bits.words());
    }

    /// Adds the nodes, or relationships, from a slot on whose bits are set; that slot is the first of a block.
    pub fn add_words(&mut self, first: u32, words: &[u64], are_nodes: bool) {
        let set = if are_nodes { &mut self.nodes } else { &mut self.relationships };
        set.add_words(first, words);
    }

    /// Returns how many elements were left out of what was added.
    pub fn left_out(&self) -> u64 {
        self.more
    }

    /// Adds what another set holds.
    pub fn merge(&mut self, other: &ElementSet) {
        self.more += other.more;
        self.nodes.merge(&other.nodes);
        self.relationships.merge(&other.relationships);
        self.numbers.merge(&other.numbers);
    }

    /// Returns how many elements and numbers it holds, with those that were left out before.
    pub fn total(&self) -> u64 {
        (self.nodes.len() + self.relationships.len() + self.numbers.len()) as u64 + self.more
    }

    /// Says whether [`ElementSet::into_list`] gives all of it.
    pub fn is_given_whole(&self) -> bool {
        self.more == 0 && [&self.nodes, &self.relationships, &self.numbers].iter().all(|set| set.len() <= GIVEN)
    }

    /// Returns how many elements several sets hold together, each counted once; null where [`ElementSet::into_list`] gives all of each.
    pub fn total_of<'s>(sets: impl Iterator<Item = &'s ElementSet> + Clone) -> Value {
        if sets.clone().all(ElementSet::is_given_whole) {
            return Value::Null;
        }
        let mut all = ElementSet::default();
        sets.for_each(|set| all.merge(set));
        Value::Integer(i64::try_from(all.total()).unwrap_or(i64::MAX))
    }

    /// Says whether it holds nothing.
    #[cfg(test)]
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

    /// Returns it as a list: nodes first, then relationships, then numbers, each kind ascending; of many the first ones and how many more
    /// there are.
    pub fn into_list(self) -> Value {
        let mut more = self.more;
        let mut list = Vec::new();
        let mut give = |set: &IdSet, value: fn(u32) -> Value| {
            list.extend(set.first(GIVEN).into_iter().map(value));
            more += set.len().saturating_sub(GIVEN) as u64;
        };
        give(&self.nodes, |id| Value::Node(NodeId(id)));
        give(&self.relationships, |id| Value::Relationship(RelationshipId(id)));
        give(&self.numbers, |id| Value::Integer(id.into()));
        if more > 0 {
            let more = Value::Integer(i64::try_from(more).unwrap_or(i64::MAX));
            list.push(Value::Map(Map::from_iter([(SmolStr::new_static(MORE), more)])));
        }
        Value::list(list)
    }
}

/// A set of ids.
#[derive(Clone, Debug)]
enum IdSet {
    /// Few: ascending.
    Few(Vec<u32>),
    /// Many: a bit for each id, in blocks of which only those with a bit exist.
    Many(Box<Blocks>),
}

/// Blocks of bits, in order of their making, and where each is.
#[derive(Clone, Debug, Default)]
struct Blocks {
    bits: Vec<[u64; WORDS]>,
    /// Where each block is, by its number; [`NONE`] where there is none.
    places: Vec<u32>,
    len: usize,
}

/// The place of a block that does not exist.
const NONE: u32 = u32::MAX;

impl Blocks {
    /// Returns a block to change, made if there is none.
    #[inline]
    fn block(&mut self, block: usize) -> &mut [u64; WORDS] {
        if self.places.len() <= block {
            self.places.resize(block + 1, NONE);
        }
        if self.places[block] == NONE {
            self.places[block] = self.bits.len() as u32;
            self.bits.push([0; WORDS]);
        }
        &mut self.bits[self.places[block] as usize]
    }

    #[inline]
    fn insert(&mut self, id: u32) {
        let bit = id % BITS;
        let word = &mut self.block((id / BITS) as usize)[(bit / 64) as usize];
        let mask = 1 << (bit % 64);
        let is_new = *word & mask == 0;
        *word |= mask;
        self.len += usize::from(is_new);
    }

    /// Adds ids; those that follow each other are mostly of one block.
    #[inline]
    fn extend(&mut self, ids: impl Iterator<Item = u32>) {
        let mut ids = ids.peekable();
        while let Some(first) = ids.peek().copied() {
            let number = first / BITS;
            let words = self.block(number as usize);
            let mut added = 0;
            while let Some(id) = ids.next_if(|id| id / BITS == number) {
                let word = &mut words[(id % BITS / 64) as usize];
                added += usize::from(*word >> (id % 64) & 1 == 0);
                *word |= 1 << (id % 64);
            }
            self.len += added;
        }
    }

    /// Adds all ids of a range, a word at a time.
    fn insert_run(&mut self, ids: Range<u32>) {
        let mut next = ids.start;
        while next < ids.end {
            let end = ids.end.min((next / 64 + 1).saturating_mul(64));
            let mask = (u64::MAX >> (64 - (end - next))) << (next % 64);
            let word = &mut self.block((next / BITS) as usize)[(next % BITS / 64) as usize];
            let added = (mask & !*word).count_ones() as usize;
            *word |= mask;
            self.len += added;
            next = end;
        }
    }

    /// Adds the ids whose bits are set, 64 ids a word.
    fn insert_words(&mut self, words: &[u64]) {
        self.insert_words_at(0, words);
    }

    /// Adds the ids whose bits are set, from a block on.
    fn insert_words_at(&mut self, first: usize, words: &[u64]) {
        for (number, more) in (first..).zip(words.chunks(WORDS)) {
            if more.iter().all(|word| *word == 0) {
                continue;
            }
            let mut added = 0;
            for (word, more) in self.block(number).iter_mut().zip(more) {
                added += (more & !*word).count_ones() as usize;
                *word |= more;
            }
            self.len += added;
        }
    }

    /// Adds all that others hold.
    fn merge(&mut self, other: &Blocks) {
        for (number, place) in other.numbered() {
            let mut added = 0;
            for (word, more) in self.block(number).iter_mut().zip(&other.bits[place]) {
                added += (more & !*word).count_ones() as usize;
                *word |= more;
            }
            self.len += added;
        }
    }

    /// Returns the blocks by number with their places, ascending.
    fn numbered(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let places = self.places.iter().enumerate();
        places.filter(|(_, place)| **place != NONE).map(|(number, place)| (number, *place as usize))
    }

    fn ids(&self) -> impl Iterator<Item = u32> + '_ {
        self.numbered().flat_map(|(number, place)| {
            let words = self.bits[place].iter().enumerate().filter(|(_, word)| **word != 0);
            words.flat_map(move |(at, word)| {
                let (first, mut rest) = (number as u32 * BITS + at as u32 * 64, *word);
                std::iter::from_fn(move || {
                    let bit = rest.trailing_zeros();
                    rest &= rest.wrapping_sub(1);
                    (bit < 64).then(|| first + bit)
                })
            })
        })
    }
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
                if ids.last().is_none_or(|last| *last < id) {
                    ids.push(id);
                    if ids.len() > LONG {
                        self.widen();
                    }
                    return;
                }
                let Err(place) = ids.binary_search(&id) else { return };
                ids.insert(place, id);
                if ids.len() > SHORT {
                    self.widen();
                }
            }
            IdSet::Many(blocks) => blocks.insert(id),
        }
    }

    /// Becomes a bitmap and returns it.
    fn widen(&mut self) -> &mut Blocks {
        if let IdSet::Few(ids) = self {
            let mut blocks = Box::<Blocks>::default();
            blocks.extend(ids.iter().copied());
            *self = IdSet::Many(blocks);
        }
        match self {
            IdSet::Many(blocks) => blocks,
            IdSet::Few(_) => unreachable!("it has just become a bitmap"),
        }
    }

    fn insert_words(&mut self, words: &[u64]) {
        self.widen().insert_words(words);
    }

    /// Adds the ids from the first of a block on whose bits are set, 64 ids a word.
    fn add_words(&mut self, first: u32, words: &[u64]) {
        let count: usize = words.iter().map(|word| word.count_ones() as usize).sum();
        if count > SHORT || matches!(self, IdSet::Many(_)) {
            return self.widen().insert_words_at((first / BITS) as usize, words);
        }
        for (word, start) in words.iter().zip((first..).step_by(64)) {
            self.extend((0..64).filter(|bit| word >> bit & 1 == 1).map(|bit| start + bit));
        }
    }

    fn insert_run(&mut self, ids: Range<u32>) {
        if ids.len() > SHORT { self.widen().insert_run(ids) } else { self.extend(ids) }
    }

    fn len(&self) -> usize {
        match self {
            IdSet::Few(ids) => ids.len(),
            IdSet::Many(blocks) => blocks.len,
        }
    }

    fn first(&self, count: usize) -> Vec<u32> {
        match self {
            IdSet::Few(ids) => ids.iter().copied().take(count).collect(),
            IdSet::Many(blocks) => {
                let mut first = Vec::with_capacity(count.min(blocks.len));
                first.extend(blocks.ids().take(count));
                first
            }
        }
    }

    fn merge(&mut self, other: &IdSet) {
        match (&mut *self, other) {
            (IdSet::Many(blocks), IdSet::Many(more)) => blocks.merge(more),
            (IdSet::Few(ids), IdSet::Many(more)) => {
                let mut merged = more.clone();
                ids.iter().for_each(|id| merged.insert(*id));
                *self = IdSet::Many(merged);
            }
            (_, IdSet::Few(ids)) => self.extend(ids.iter().copied()),
        }
    }

    fn extend(&mut self, ids: impl IntoIterator<Item = u32>) {
        let mut ids = ids.into_iter();
        while let IdSet::Few(few) = self {
            let Some(id) = ids.next() else { return };
            match few.last() {
                Some(last) if *last >= id => self.insert(id),
                _ if few.len() >= LONG => self.insert(id),
                _ => few.push(id),
            }
        }
        if let IdSet::Many(blocks) = self {
            blocks.extend(ids);
        }
    }

    #[cfg(test)]
    fn is_empty(&self) -> bool {
        matches!(self, IdSet::Few(ids) if ids.is_empty())
    }

    fn ids(&self) -> Vec<u32> {
        match self {
            IdSet::Few(ids) => ids.clone(),
            IdSet::Many(blocks) => blocks.ids().collect(),
        }
    }
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
        assert_eq!((other.total(), other.is_given_whole()), (1_003, false));
        assert_eq!(other.relationships().collect::<Vec<_>>(), [RelationshipId(7)]);
        let Value::List(items) = other.into_list() else { panic!("a set is a list") };
        assert_eq!(items.len(), 1_003, "the first nodes, a relationship, a number, and how many more");
        let mut again = ElementSet::default();
        items.iter().for_each(|item| again.add(item));
        assert_eq!((again.nodes().count(), again.left_out()), (1_000, 1));
    }

    #[test]
    fn ranges_and_lists_add_what_one_by_one_adds() {
        let runs = [0..3, 60..70, 100..100, 1_000..5_000, 1_020..1_030, 64..128, 4_294_967_200..4_294_967_295];
        let (mut runs_at_once, mut lists, mut singly) = Default::default();
        let add = |set: &mut ElementSet, way: usize| {
            for run in runs.clone() {
                match way {
                    0 => {
                        set.add_node_run(run.clone());
                        set.add_relationship_run(run);
                    }
                    1 => {
                        set.add_nodes(run.clone());
                        set.add_relationships(run.rev());
                    }
                    _ => run.for_each(|id| {
                        set.add_node(id);
                        set.add_relationship(id);
                    }),
                }
            }
        };
        [(&mut runs_at_once, 0), (&mut lists, 1), (&mut singly, 2)].into_iter().for_each(|(set, way)| add(set, way));
        let told =
            |set: &ElementSet| (set.total(), set.nodes().collect::<Vec<_>>(), set.relationships().collect::<Vec<_>>());
        assert_eq!(told(&singly).0, 2 * (3 + 10 + 58 + 4_000 + 95));
        assert_eq!(told(&runs_at_once), told(&singly));
        assert_eq!(told(&lists), told(&singly));
    }
}
