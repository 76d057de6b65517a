//! One step while elements are marked: the nodes it leads to, the nodes from which it leads on, the relationships between what is left.

use std::ops::Range;

use crate::function::ElementSet;
use crate::graph::{Direction, Neighbours, RelationshipTypeId, Scratch, Walk};
use crate::planner::physical::ExpandStep;
use crate::value::NodeId;
use crate::vector::{Bitmap, Slot};

use super::context::Context;
use super::node_marks::NodeMarks;
use super::types::step_types;
use super::walk::adjacency_direction;

/// A step that was followed.
pub(super) struct MarkedStep<'a> {
    /// The node that it leads from.
    pub from: Slot,
    /// The node that it leads to.
    pub to: Slot,
    /// The relationship.
    pub relationship: Slot,
    walks: Vec<Walk<'a>>,
    types: Vec<RelationshipTypeId>,
    direction: Direction,
    /// The relationships one by one, where they are tested themselves.
    edges: Option<Edges>,
    /// How many nodes it led from when its ends were found.
    followed: usize,
}

/// Relationships with their ends.
#[derive(Debug, Default)]
pub(super) struct Edges {
    /// Where they lead from.
    pub from: Vec<u32>,
    /// Where they lead to.
    pub to: Vec<u32>,
    /// The relationships.
    pub relationships: Vec<u32>,
}

impl Edges {
    /// Keeps the edges at these places.
    pub fn keep(&mut self, places: &[u32]) {
        let kept = |ids: &[u32]| places.iter().map(|place| ids[*place as usize]).collect();
        *self = Edges { from: kept(&self.from), to: kept(&self.to), relationships: kept(&self.relationships) };
    }

    /// Returns the edges between nodes of two sets.
    fn between<'e>(&'e self, from: &'e Bitmap, to: &'e Bitmap) -> impl Iterator<Item = usize> + 'e {
        let holds = |set: &Bitmap, node: u32| set.contains(node as usize);
        (0..self.from.len()).filter(move |place| holds(from, self.from[*place]) && holds(to, self.to[*place]))
    }
}

/// Takes relationships, those that follow each other as one range.
#[derive(Default)]
pub(super) struct RelationshipMarks {
    /// The relationships taken so far, but for the last range.
    set: ElementSet,
    last: Range<u32>,
    slots: Vec<u32>,
}

impl RelationshipMarks {
    /// Adds the relationships to all neighbours, or to those that are wanted.
    #[inline]
    pub fn add(&mut self, neighbours: &Neighbours<'_>, wanted: Option<&Bitmap>) {
        match (neighbours.following(), wanted) {
            (Some(run), None) => self.add_run(run),
            (Some(run), Some(wanted)) => {
                for (slot, node) in run.zip(neighbours.nodes) {
                    if wanted.contains(*node as usize) {
                        self.add_run(slot..slot + 1);
                    }
                }
            }
            (None, _) => {
                self.slots.clear();
                match wanted {
                    None => neighbours.relationships_into(&mut self.slots),
                    Some(wanted) => {
                        neighbours.relationships_where(|node| wanted.contains(node as usize), &mut self.slots);
                    }
                }
                self.set.add_relationships(self.slots.iter().copied());
            }
        }
    }

    /// Adds relationships whose slots follow each other.
    #[inline]
    pub fn add_run(&mut self, run: Range<u32>) {
        if run.start == self.last.end {
            self.last.end = run.end;
        } else if !run.is_empty() {
            let last = std::mem::replace(&mut self.last, run);
            self.set.add_relationship_run(last);
        }
    }

    /// Returns all relationships.
    pub fn finish(mut self) -> ElementSet {
        self.set.add_relationship_run(self.last);
        self.set
    }
}

impl<'a> MarkedStep<'a> {
    pub fn new(step: &ExpandStep, context: &'a Context<'a>) -> MarkedStep<'a> {
        let direction = adjacency_direction(step.direction);
        let types = step_types(step.label.as_ref(), &context.snapshot);
        let walks = types.iter().map(|kind| context.snapshot.walk(*kind, direction)).collect();
        let (from, to, relationship) = (step.from, step.to, step.relationship);
        MarkedStep { from, to, relationship, walks, types, direction, edges: None, followed: 0 }
    }

    /// Calls back with the neighbours of nodes and their relationships.
    pub fn each_neighbours(&self, nodes: &[u32], mut visit: impl FnMut(u32, &Neighbours<'_>)) {
        let mut scratch = Scratch::default();
        self.walks.iter().for_each(|walk| walk.each_neighbours(nodes, &mut scratch, &mut visit));
    }

    /// Calls back with the neighbours of a node, a list for each type.
    pub fn each_list(&self, node: u32, scratch: &mut Scratch, mut visit: impl FnMut(&[u32])) {
        self.walks.iter().for_each(|walk| visit(walk.nodes(node, scratch)));
    }

    /// Returns the relationships of the step between two nodes.
    pub fn between(&self, start: u32, end: u32, context: &Context<'_>) -> Vec<u32> {
        let mut found = Vec::new();
        let (start, end) = (NodeId(start), NodeId(end));
        for kind in &self.types {
            if self.direction != Direction::Incoming {
                found.extend(context.snapshot.relationships_between(*kind, start, end).iter().map(|id| id.0));
            }
            if self.direction == Direction::Incoming || (self.direction == Direction::Both && start != end) {
                found.extend(context.snapshot.relationships_between(*kind, end, start).iter().map(|id| id.0));
            }
        }
        found
    }

    /// Says whether the step leads from one node to another.
    pub fn leads_to(&self, start: u32, end: u32, context: &Context<'_>) -> bool {
        let count = |kind| context.snapshot.count_between(kind, self.direction, NodeId(start), NodeId(end));
        self.types.iter().any(|kind| count(*kind) > 0)
    }

    /// Returns the ends of the step, and takes the nodes out that it leads nowhere from; says how many relationships were looked at.
    pub fn follow(&mut self, from: &mut NodeMarks, to: &mut NodeMarks) -> usize {
        let (mut scratch, mut looked_at) = (Scratch::default(), 0);
        let nodes = from.list();
        self.followed = nodes.len();
        let mut leads_on = vec![false; nodes.len()];
        for walk in &self.walks {
            walk.each_list(nodes, &mut scratch, |row, ends| {
                looked_at += ends.len();
                leads_on[row] |= !ends.is_empty();
                to.meet(ends);
                true
            });
        }
        if leads_on.contains(&false) {
            let mut row = 0;
            from.keep(|_| {
                row += 1;
                leads_on[row - 1]
            });
            self.followed = from.len();
        }
        looked_at
    }

    /// Returns the relationships of the step one by one.
    pub fn edges(&mut self, from: &mut NodeMarks) -> &mut Edges {
        let mut edges = Edges::default();
        self.followed = from.len();
        self.each_neighbours(from.list(), |node, neighbours| {
            edges.to.extend_from_slice(neighbours.nodes);
            edges.from.resize(edges.to.len(), node);
            neighbours.relationships_into(&mut edges.relationships);
        });
        self.edges.insert(edges)
    }

    /// Puts the ends of the relationships that are left into a set, and takes the nodes out that none leads from.
    pub fn follow_edges(&mut self, from: &mut NodeMarks, to: &mut NodeMarks) {
        let Some(edges) = &self.edges else { return };
        to.meet(&edges.to);
        let mut starts = NodeMarks::new(from.bits().len());
        starts.meet(&edges.from);
        from.keep(|node| starts.bits().contains(node as usize));
        self.followed = from.len();
    }

    /// Takes the nodes out from which the step leads to none that is left.
    pub fn reduce(&self, from: &mut NodeMarks, to: &NodeMarks) {
        if !to.is_reduced {
            return;
        }
        if let Some(edges) = &self.edges {
            let mut starts = NodeMarks::new(from.bits().len());
            starts.meet(&edges.between(from.bits(), to.bits()).map(|place| edges.from[place]).collect::<Vec<u32>>());
            from.keep(|node| starts.bits().contains(node as usize));
            return;
        }
        let mut scratch = Scratch::default();
        from.keep(|node| {
            let is_left = |end: &u32| to.bits().contains(*end as usize);
            self.walks.iter().any(|walk| walk.nodes(node, &mut scratch).iter().any(is_left))
        });
    }

    /// Takes the ends out that no node that is left leads to, and returns the relationships between what is left.
    pub fn mark(&self, from: &mut NodeMarks, to: &mut NodeMarks, wants_relationships: bool) -> ElementSet {
        let narrows = from.len() < self.followed;
        let mut marks = RelationshipMarks::default();
        if let Some(edges) = &self.edges {
            let places: Vec<usize> = edges.between(from.bits(), to.bits()).collect();
            marks.set.add_relationships(places.iter().map(|place| edges.relationships[*place]));
            self.narrow(narrows, to, |met| {
                met.meet(&places.iter().map(|place| edges.to[*place]).collect::<Vec<u32>>())
            });
            return marks.finish();
        }
        if wants_relationships {
            let wanted = to.is_reduced.then(|| to.bits());
            self.each_neighbours(from.list(), |_, neighbours| marks.add(neighbours, wanted));
        }
        let mut scratch = Scratch::default();
        self.narrow(narrows, to, |met| {
            from.list().iter().for_each(|node| self.each_list(*node, &mut scratch, |ends| met.meet(ends)));
        });
        marks.finish()
    }

    /// Takes the ends out that are not met again, if some may not be.
    fn narrow(&self, narrows: bool, to: &mut NodeMarks, meet: impl FnOnce(&mut NodeMarks)) {
        if narrows {
            let mut met = NodeMarks::new(to.bits().len());
            meet(&mut met);
            to.keep(|node| met.bits().contains(node as usize));
        }
    }
}
