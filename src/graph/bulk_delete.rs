//! Many relationships deleted at once, as a lens deletes what nobody supports: every chunk and piece is written anew once for all that
//! goes from it, where one after the other would write to each again and again.

use std::collections::BTreeMap;

use crate::knowledge::Subject;
use crate::value::{NodeId, RelationshipId, Value};

use super::chunk_list::ChunkList;
use super::id::{LabelSetId, PropertyKeyId, RelationshipTypeId};
use super::piece::{Piece, piece_of, place_in_piece};
use super::slots::chunk_of;
use super::state::State;

/// Up to how many are deleted one by one.
const FEW: usize = if cfg!(test) { 2 } else { 64 };

/// A relationship by start, end and slot.
type Link = (u32, u32, u32);

impl State {
    /// Deletes relationships, given in order of their slots, with their properties. Which they were is not noted: no transaction asks.
    pub fn delete_relationships(&mut self, gone: &[RelationshipId]) {
        if gone.len() <= FEW {
            return gone.iter().for_each(|relationship| self.delete_relationship(*relationship));
        }
        for relationship in gone {
            let subject = Subject::Relationship(*relationship);
            if !self.claims.entries(subject).is_empty() {
                self.drop_claims(subject);
            }
        }
        self.take_relationship_values(gone);
        let mut by_kind: BTreeMap<u16, Vec<Link>> = BTreeMap::new();
        for relationship in gone {
            let Some(record) = self.relationships.record(*relationship) else { continue };
            by_kind.entry(record.kind.0).or_default().push((record.start.0, record.end.0, relationship.0));
        }
        by_kind.into_iter().for_each(|(kind, links)| self.unlink(RelationshipTypeId(kind), links));
        gone.iter().for_each(|relationship| self.relationships.delete(*relationship));
    }

    fn take_relationship_values(&mut self, gone: &[RelationshipId]) {
        let keys: Vec<PropertyKeyId> = self.relationship_columns.iter().map(|(key, _)| key).collect();
        for key in keys {
            for run in gone.chunk_by(|lhs, rhs| chunk_of(lhs.0) == chunk_of(rhs.0)) {
                let column = self.relationship_columns.get(key);
                let set = run.iter().filter(|one| column.is_some_and(|column| column.contains(one.0)));
                let set: Vec<u32> = set.map(|one| one.0).collect();
                if set.len() <= FEW || self.indexes.any_over(key) {
                    for slot in set {
                        self.set_relationship_value(RelationshipId(slot), key, Value::Null);
                    }
                    continue;
                }
                self.relationship_columns.make_mut(key).take_all(&set);
                let mut counts: BTreeMap<u16, i64> = BTreeMap::new();
                for record in set.iter().filter_map(|slot| self.relationships.record(RelationshipId(*slot))) {
                    *counts.entry(record.kind.0).or_default() -= 1;
                }
                for (kind, count) in counts {
                    self.counts.change_relationship_values(key, RelationshipTypeId(kind), count);
                }
            }
        }
    }

    /// Takes links of one type out of adjacency and counts.
    fn unlink(&mut self, kind: RelationshipTypeId, mut links: Vec<Link>) {
        links.sort_unstable();
        let adjacency = self.adjacency.make_mut(kind);
        take_links(&mut adjacency.outgoing, &links);
        let mut incoming: Vec<Link> = links.iter().map(|(start, end, slot)| (*end, *start, *slot)).collect();
        incoming.sort_unstable();
        take_links(&mut adjacency.incoming, &incoming);
        let (mut parallel, mut self_loops) = (0, 0);
        let mut by_ends: BTreeMap<(LabelSetId, LabelSetId), i64> = BTreeMap::new();
        for run in links.chunk_by(|lhs, rhs| (lhs.0, lhs.1) == (rhs.0, rhs.1)) {
            let (start, end) = (NodeId(run[0].0), NodeId(run[0].1));
            let is_still_linked = self.adjacency.count_between(kind, start, end) > 0;
            parallel += run.len() as u64 - u64::from(!is_still_linked);
            self_loops += if start == end { run.len() as u64 } else { 0 };
            *by_ends.entry((self.nodes.label_set(start), self.nodes.label_set(end))).or_default() += run.len() as i64;
        }
        let counts = self.counts.kind_mut(kind);
        counts.total -= links.len() as u64;
        counts.self_loops -= self_loops;
        counts.parallel -= parallel;
        by_ends.into_iter().for_each(|((start, end), count)| counts.change_ends(start, end, -count));
    }
}

/// Takes links, given in order, out of one side.
fn take_links(side: &mut ChunkList<Piece>, links: &[Link]) {
    for run in links.chunk_by(|lhs, rhs| piece_of(lhs.0) == piece_of(rhs.0)) {
        let number = piece_of(run[0].0);
        let gone: Vec<Link> =
            run.iter().map(|(node, neighbour, slot)| (place_in_piece(*node) as u32, *neighbour, *slot)).collect();
        let left = side.get(number).and_then(|piece| piece.without(&gone));
        side.set(number, left);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::adjacency::Scratch;
    use super::super::id::Direction;
    use super::super::{BulkLoader, Snapshot, Transaction};
    use super::*;
    use crate::vector::Column;

    /// Two types of which one has values, with parallel relationships and some from a node to itself, and a few added by a transaction.
    fn graph() -> Snapshot {
        let mut loader = BulkLoader::begin(&Snapshot::empty());
        let label = loader.label("L").expect("room");
        let kinds = ["A", "B"].map(|name| loader.relationship_type(name).expect("room"));
        let key = loader.property_key("k").expect("room");
        let nodes = loader.add_nodes(&[label], 300, &[]).expect("room");
        let pick = |number: usize, times: usize| nodes[number * times % 17 * 31 % nodes.len()];
        let starts: Vec<u32> = (0..3_000).map(|number| pick(number, 7)).collect();
        let ends: Vec<u32> = (0..3_000).map(|number| pick(number / 3, 5)).collect();
        loader.add_relationships(kinds[0], &starts, &ends, &[]).expect("the ends are there");
        let values = Column::from_values((0..3_000).map(|number| match number % 5 {
            0 => Value::Null,
            _ => Value::string(["x", "y", "z"][number % 3]),
        }));
        loader.add_relationships(kinds[1], &ends, &starts, &[(key, values)]).expect("the ends are there");
        let mut transaction = Transaction::begin(loader.finish().expect("nothing to refuse"));
        for number in 0..40 {
            let (start, end) = (NodeId(pick(number, 3)), NodeId(pick(number, 11)));
            transaction.create_relationship(kinds[number % 2], start, end).expect("both ends live");
        }
        transaction.commit().expect("nothing to refuse").0
    }

    fn told(state: &State) -> Vec<String> {
        let mut told = vec![format!("{:?} {:?}", state.counts.kinds().collect::<Vec<_>>(), state.relationships.live)];
        for (key, column) in state.relationship_columns.iter() {
            let counts: Vec<_> = state.counts.relationship_values(key).iter().filter(|(_, count)| *count > 0).collect();
            told.push(format!("{:?} {counts:?} {:?}", column.counts(), column.iter().collect::<Vec<_>>()));
        }
        for kind in [0, 1].map(RelationshipTypeId) {
            for direction in [Direction::Outgoing, Direction::Incoming, Direction::Both] {
                for node in (0..2_048).map(NodeId) {
                    let (mut scratch, mut slots) = (Scratch::default(), Vec::new());
                    let neighbours = state.adjacency.neighbours(kind, direction, node, &mut scratch);
                    neighbours.relationships_into(&mut slots);
                    told.push(format!("{kind:?} {direction:?} {node:?}: {:?} {slots:?}", neighbours.nodes));
                }
            }
        }
        told
    }

    #[test]
    fn deleted_at_once_is_as_deleted_one_by_one() {
        let snapshot = graph();
        for keeps in
            [|_: u32| false, |slot: u32| slot.is_multiple_of(3), |slot: u32| slot > 2_100, |slot: u32| slot % 100 > 1]
        {
            let all = (0..8_192).map(RelationshipId).filter(|one| snapshot.state.relationships.record(*one).is_some());
            let gone: Vec<RelationshipId> = all.filter(|one| !keeps(one.0)).collect();
            let (mut singly, mut at_once) = (State::clone(&snapshot.state), State::clone(&snapshot.state));
            gone.iter().for_each(|one| singly.delete_relationship(*one));
            at_once.delete_relationships(&gone);
            assert_eq!(told(&at_once), told(&singly));
            assert!(gone.iter().all(|one| !at_once.relationships.contains(*one)));
            Arc::make_mut(&mut singly.deleted_relationships).clear();
        }
    }
}
