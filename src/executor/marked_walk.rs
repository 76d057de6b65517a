//! Walks of several relationships from one node while elements are marked: which nodes they end at, which relationships are on one of them.
//!
//! A shortest way to a node takes no relationship that leaves it, so each relationship that leaves a node near enough is on a walk that
//! ends with it. Where that end is not wanted, a way on to one that is must be found that takes no relationship of the way there.

use rustc_hash::FxHashSet;

use crate::function::ElementSet;
use crate::graph::{CHUNK_SLOTS, Scratch};
use crate::planner::physical::ExpandStep;
use crate::vector::{Bitmap, Slot};

use super::ExecutionError;
use super::context::Context;
use super::marked_step::{MarkedStep, RelationshipMarks};
use super::node_marks::NodeMarks;

/// What walks from a node reach.
pub(super) struct MarkedWalk<'a> {
    /// The node where they end.
    pub to: Slot,
    /// Their relationships.
    pub relationship: Slot,
    /// The nodes where they end; those that are not wanted are taken out.
    pub ends: NodeMarks,
    step: MarkedStep<'a>,
    max: u32,
    /// The nodes that walks may go on from, in order of their distance, each with the place of the one before it.
    order: Vec<(u32, u32)>,
    /// Where those of each distance end in that order.
    levels: Vec<usize>,
}

impl<'a> MarkedWalk<'a> {
    /// Finds the ends of all walks from a node.
    pub fn new(
        step: &ExpandStep,
        (min, max): (u32, Option<u32>),
        start: u32,
        context: &'a Context<'a>,
    ) -> Result<MarkedWalk<'a>, ExecutionError> {
        let slots = context.snapshot.chunk_count() * CHUNK_SLOTS;
        let mut walk = MarkedWalk {
            to: step.to,
            relationship: step.relationship,
            ends: NodeMarks::new(slots),
            step: MarkedStep::new(step, context),
            max: max.unwrap_or(u32::MAX),
            order: vec![(start, 0)],
            levels: vec![1],
        };
        if min == 0 {
            walk.ends.meet(&[start]);
        }
        let mut met = Bitmap::new(slots.max(start as usize + 1));
        met.insert(start as usize);
        walk.find(&mut met, context)?;
        Ok(walk)
    }

    fn find(&mut self, met: &mut Bitmap, context: &Context<'_>) -> Result<(), ExecutionError> {
        let mut scratch = Scratch::default();
        let MarkedWalk { ends, step, max, order, levels, .. } = self;
        let mut first = 0;
        for depth in 1..=*max {
            let level = first..order.len();
            first = level.end;
            // Nothing leads on from the ends of the longest walks.
            let goes_on = depth < *max;
            for place in level {
                let mut looked_at = 0;
                step.each_list(order[place].0, &mut scratch, |nodes| {
                    looked_at += nodes.len();
                    ends.meet(nodes);
                    if goes_on {
                        let new =
                            nodes.iter().filter(|node| (**node as usize) < met.len() && met.insert(**node as usize));
                        order.extend(new.map(|node| (*node, place as u32)));
                    }
                });
                context.guard.tick(looked_at)?;
            }
            if order.len() == first {
                break;
            }
            levels.push(order.len());
        }
        Ok(())
    }

    /// Returns the relationships that are on a walk to an end that is left; nothing where that cannot be told this way.
    pub fn relationships(&self, context: &Context<'_>) -> Result<Option<ElementSet>, ExecutionError> {
        let mut marks = RelationshipMarks::default();
        let mut distance = 0;
        let mut doubtful: Vec<(usize, u32, u32, u32)> = Vec::new();
        for (place, (node, _)) in self.order.iter().enumerate() {
            while place >= self.levels[distance] {
                distance += 1;
            }
            context.guard.tick(1)?;
            let mut slots = Vec::new();
            self.step.each_neighbours(&[*node], |_, neighbours| {
                if !self.ends.is_reduced || self.ends.bits().count_of(neighbours.nodes) == neighbours.nodes.len() {
                    return marks.add(neighbours, None);
                }
                marks.add(neighbours, Some(self.ends.bits()));
                let is_out = |end: u32| !self.ends.bits().contains(end as usize);
                slots.clear();
                neighbours.relationships_where(is_out, &mut slots);
                let ends = neighbours.nodes.iter().copied().filter(|end| is_out(*end));
                doubtful.extend(ends.zip(&slots).map(|(end, slot)| (place, end, *slot, distance as u32 + 1)));
            });
        }
        for (place, end, slot, length) in doubtful {
            match self.leads_on(place, end, self.max - length, context)? {
                Some(true) => marks.add_run(slot..slot + 1),
                Some(false) => {}
                None => return Ok(None),
            }
        }
        Ok(Some(marks.finish()))
    }

    /// Says whether from `node`, reached from the node at a place, at most so many relationships lead on to an end that is left, none of
    /// which is on the way there; nothing where only another way there could tell.
    fn leads_on(
        &self,
        place: usize,
        node: u32,
        left: u32,
        context: &Context<'_>,
    ) -> Result<Option<bool>, ExecutionError> {
        let mut met: FxHashSet<u32> = FxHashSet::from_iter([node]);
        let (mut level, mut scratch, mut shuns) = (vec![node], Scratch::default(), false);
        for _ in 0..left {
            let mut next = Vec::new();
            for from in level {
                let taken = self.taken_from(place, node, from);
                let mut found = false;
                self.step.each_list(from, &mut scratch, |nodes| {
                    for end in nodes {
                        if taken.contains(&Some(*end)) {
                            shuns = true;
                        } else {
                            found |= self.ends.bits().contains(*end as usize);
                            if met.insert(*end) {
                                next.push(*end);
                            }
                        }
                    }
                });
                context.guard.tick(1)?;
                if found {
                    return Ok(Some(true));
                }
            }
            level = next;
        }
        Ok((!shuns).then_some(false))
    }

    /// Returns where the way to the node at a place, and from there to `node`, goes from another node.
    fn taken_from(&self, place: usize, node: u32, from: u32) -> [Option<u32>; 2] {
        let last = (self.order[place].0 == from).then_some(node);
        let mut place = place;
        while place > 0 {
            let before = self.order[place].1 as usize;
            if self.order[before].0 == from {
                return [last, Some(self.order[place].0)];
            }
            place = before;
        }
        [last, None]
    }
}
