//! Neighbours that two known nodes have in common: how triangles and denser cycles close.
//!
//! Both lists are sorted, so they are merged; where the same node stands on one side in many rows in a row, as it does after an
//! expansion from it, its list is marked in a bitmap once and the other lists are looked up in it. Parallel relationships multiply.
//! (Ngo, Ré, Rudra: "Skew strikes back", 2013, explains why joins of cycles are done so.)

use rustc_hash::FxHashMap;

use crate::graph::{Scratch, Snapshot, Walk};
use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan};
use crate::value::NodeId;
use crate::vector::{Batch, Bitmap, Column, NO_ID, Slot};

use super::context::{Context, Flow, Sink};
use super::expand::node_ids;
use super::steps::Steps;
use super::types::step_types;
use super::walk::adjacency_direction;
use super::{ExecutionError, run};

/// How many times longer a list must be to be searched, not looked through.
const MUCH_LONGER: usize = 16;

pub(super) fn run_intersect(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::ExpandIntersect { fixed, moving, count } = &plan.operator else {
        unreachable!("an intersection is run as one")
    };
    let (fixed_steps, moving_steps) = (Steps::new(fixed, context), Steps::new(moving, context));
    let mut intersect = |batch: Batch, snapshot: &Snapshot, fixed_walks: &[Walk<'_>], moving_walks: &[Walk<'_>]| {
        let (fixed_ids, moving_ids) = (node_ids(&batch, fixed.from), node_ids(&batch, moving.from));
        let mut common = Common::new(fixed_walks, moving_walks);
        let mut found = Found {
            batch: &batch,
            plan,
            fixed,
            moving,
            count: *count,
            rows: Vec::new(),
            ends: Vec::new(),
            counts: Vec::new(),
        };
        let mut start = 0;
        while start < batch.rows() {
            let same = fixed_ids[start..].iter().take_while(|id| **id == fixed_ids[start]).count();
            let run_ids = &moving_ids[start..start + same];
            context.guard.tick(common.find(fixed_ids[start], run_ids, start as u32, &mut found))?;
            start += same;
            if found.is_full() && found.give(snapshot, sink)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        found.give(snapshot, sink)
    };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        fixed_steps.read(|snapshot, fixed| moving_steps.read(|_, moving| intersect(batch, snapshot, fixed, moving)))
    })
}

/// Looks for common neighbours.
struct Common<'a, 'fixed, 'moving> {
    fixed: &'a [Walk<'fixed>],
    moving: &'a [Walk<'moving>],
    scratch: Scratch,
    other_scratch: Scratch,
    marks: Bitmap,
    marked: Vec<u32>,
}

impl<'a, 'fixed, 'moving> Common<'a, 'fixed, 'moving> {
    fn new(fixed: &'a [Walk<'fixed>], moving: &'a [Walk<'moving>]) -> Self {
        Common {
            fixed,
            moving,
            scratch: Scratch::default(),
            other_scratch: Scratch::default(),
            marks: Bitmap::default(),
            marked: Vec::new(),
        }
    }

    /// Finds the common neighbours of one node with each of several; says how much work it was.
    fn find(&mut self, fixed: u32, moving: &[u32], first_row: u32, found: &mut Found<'_>) -> usize {
        if fixed == NO_ID {
            return 1;
        }
        let mut work = moving.len();
        for walk in self.fixed {
            let list = walk.nodes(fixed, &mut self.scratch);
            // Marking pays when the list is looked into several times, and needs each neighbour once.
            let is_marked = moving.len() > 3 && !list.windows(2).any(|pair| pair[0] == pair[1]);
            if is_marked {
                if let Some(last) = list.last()
                    && *last as usize >= self.marks.len()
                {
                    self.marks.resize((*last as usize + 1).next_power_of_two());
                }
                list.iter().for_each(|node| {
                    self.marks.insert(*node as usize);
                });
                self.marked.extend_from_slice(list);
            }
            for (place, node) in moving.iter().enumerate().filter(|(_, node)| **node != NO_ID) {
                for other in self.moving {
                    let others = other.nodes(*node, &mut self.other_scratch);
                    let row = first_row + place as u32;
                    // A much longer list is better searched for the few than looked through.
                    if is_marked && others.len() < list.len().saturating_mul(MUCH_LONGER) {
                        work += others.len();
                        found.add_marked(row, others, &self.marks);
                    } else {
                        work += others.len().min(list.len());
                        found.add_common(row, list, others);
                    }
                }
            }
            self.marked.drain(..).for_each(|node| self.marks.remove(node as usize));
        }
        work
    }
}

/// Rows made by intersections.
struct Found<'a> {
    batch: &'a Batch,
    plan: &'a PhysicalPlan,
    fixed: &'a ExpandStep,
    moving: &'a ExpandStep,
    count: Option<Slot>,
    rows: Vec<u32>,
    ends: Vec<u32>,
    counts: Vec<i64>,
}

impl Found<'_> {
    fn is_full(&self) -> bool {
        self.rows.len() >= Batch::TARGET_ROWS
    }

    fn add_marked(&mut self, row: u32, others: &[u32], marks: &Bitmap) {
        if self.count.is_some() {
            let common = marks.count_of(others);
            self.add_count(row, common);
            return;
        }
        for node in others.iter().filter(|node| marks.contains(**node as usize)) {
            self.rows.push(row);
            self.ends.push(*node);
        }
    }

    fn add_common(&mut self, row: u32, left: &[u32], right: &[u32]) {
        let (mut left, mut right, mut common) = (left, right, 0);
        while let (Some(one), Some(other)) = (left.first(), right.first()) {
            if one < other {
                left = &left[skip(left, *other)..];
            } else if other < one {
                right = &right[skip(right, *one)..];
            } else {
                let node = *one;
                let lefts = left.iter().take_while(|next| **next == node).count();
                let rights = right.iter().take_while(|next| **next == node).count();
                common += lefts * rights;
                if self.count.is_none() {
                    for _ in 0..lefts * rights {
                        self.rows.push(row);
                        self.ends.push(node);
                    }
                }
                left = &left[lefts..];
                right = &right[rights..];
            }
        }
        if self.count.is_some() {
            self.add_count(row, common);
        }
    }

    fn add_count(&mut self, row: u32, common: usize) {
        if common > 0 {
            self.rows.push(row);
            self.counts.push(common as i64);
        }
    }

    fn give(&mut self, snapshot: &Snapshot, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
        if self.rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let (rows, ends) = (std::mem::take(&mut self.rows), std::mem::take(&mut self.ends));
        let own = [self.fixed.to, self.fixed.relationship, self.moving.relationship];
        let live = self.plan.live.iter().copied();
        let kept: Vec<Slot> = live.filter(|slot| !own.contains(slot) && Some(*slot) != self.count).collect();
        let mut given = self.batch.gather_slots(&rows, &kept);
        if let Some(count) = self.count {
            given.set(count, Column::integers(std::mem::take(&mut self.counts)));
            return sink(given);
        }
        let wanted: Vec<&ExpandStep> =
            [self.fixed, self.moving].into_iter().filter(|step| self.plan.live.contains(&step.relationship)).collect();
        for step in wanted {
            given.set(step.relationship, self.relationships(step, &rows, &ends, snapshot));
        }
        given.set(self.fixed.to, Column::Node(ends));
        sink(given)
    }

    /// Returns the relationships of one side. Of parallel ones each common neighbour stands once for every pair, the moving side's
    /// turning fastest, so the place among equal rows says which it is.
    fn relationships(&self, step: &ExpandStep, rows: &[u32], ends: &[u32], snapshot: &Snapshot) -> Column {
        let starts = node_ids(self.batch, step.from);
        let is_moving = step.relationship == self.moving.relationship;
        let type_count = |step: &ExpandStep| step_types(step.label.as_ref(), snapshot).len();
        if type_count(self.fixed) > 1 || type_count(self.moving) > 1 {
            return self.relationships_of_types(step, rows, ends, snapshot);
        }
        let mut found = Vec::with_capacity(rows.len());
        let mut start = 0;
        while start < rows.len() {
            let (row, end) = (rows[start], ends[start]);
            let count = (start..rows.len()).take_while(|place| rows[*place] == row && ends[*place] == end).count();
            let between = between(step, starts[row as usize], end, snapshot);
            let repeat = if is_moving { 1 } else { count / between.len().max(1) };
            for place in 0..count {
                let index = (place / repeat.max(1)) % between.len().max(1);
                found.push(between.get(index).copied().unwrap_or(NO_ID));
            }
            start += count;
        }
        Column::Relationship(found)
    }
}

impl Found<'_> {
    /// Returns the relationships of one side where there are several types: a pair of ends then comes once for each pair of types, not
    /// in a row, so that it is counted how often it has come.
    fn relationships_of_types(&self, step: &ExpandStep, rows: &[u32], ends: &[u32], snapshot: &Snapshot) -> Column {
        let (fixed, moving) = (node_ids(self.batch, self.fixed.from), node_ids(self.batch, self.moving.from));
        let is_moving = step.relationship == self.moving.relationship;
        let mut met: FxHashMap<(u32, u32), usize> = FxHashMap::default();
        let relationship = |(row, end): (&u32, &u32)| {
            let times = met.entry((*row, *end)).or_default();
            let time = *times;
            *times += 1;
            let moving = between(self.moving, moving[*row as usize], *end, snapshot);
            let found = if is_moving {
                moving.get(time % moving.len().max(1)).copied()
            } else {
                let fixed = between(self.fixed, fixed[*row as usize], *end, snapshot);
                fixed.get(time / moving.len().max(1)).copied()
            };
            found.unwrap_or(NO_ID)
        };
        Column::Relationship(rows.iter().zip(ends).map(relationship).collect())
    }
}

fn between(step: &ExpandStep, from: u32, to: u32, snapshot: &Snapshot) -> Vec<u32> {
    let (from, to) = match adjacency_direction(step.direction) {
        crate::graph::Direction::Incoming => (NodeId(to), NodeId(from)),
        _ => (NodeId(from), NodeId(to)),
    };
    let types = step_types(step.label.as_ref(), snapshot);
    types.into_iter().flat_map(|kind| snapshot.relationships_between(kind, from, to)).map(|id| id.0).collect()
}

/// Returns how many leading values are less than `value`, by doubling steps and then halving.
fn skip(list: &[u32], value: u32) -> usize {
    let mut step = 1;
    while step < list.len() && list[step] < value {
        step *= 2;
    }
    let low = step / 2;
    let high = (step + 1).min(list.len());
    low + list[low..high].partition_point(|next| *next < value)
}
