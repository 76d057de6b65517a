//! Steps of one relationship to a neighbour that is known: which of the rows have one, and how many.
//!
//! Where one of the two nodes stands in many rows in a row, its neighbours are marked in a bitmap once, and the other nodes are looked up
//! in it; else each pair is looked for by itself.

use std::ops::Range;

use crate::graph::{Direction, RelationshipTypeId, Scratch, Snapshot, Walk};
use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan};
use crate::planner::shortcut::MARKED_NEIGHBOURS;
use crate::value::NodeId;
use crate::vector::{Batch, Bitmap, NO_ID};

use super::context::{Context, Flow, Sink};
use super::expand::{Expanded, node_column};
use super::steps::Steps;
use super::types::step_types;
use super::walk::adjacency_direction;
use super::{ExecutionError, run};

/// In fewer rows than this it does not pay to mark the neighbours of the node that they share.
const LEAST_SHARED: usize = 4;

pub(super) fn run_expand_into(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Expand { step, .. } = &plan.operator else { unreachable!("an expand is run as an expand") };
    let turned = step.turned();
    let (ahead, behind) = (Steps::new(step, context), Steps::new(&turned, context));
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let mut expanded = Expanded::new(&batch, plan, step, true);
        let (starts, ends) = (node_column(&batch, step.from), node_column(&batch, step.to));
        let is_marked = !expanded.wants_relationship && context.has(MARKED_NEIGHBOURS);
        ahead.read(|snapshot, ahead| {
            behind.read(|_, behind| {
                let mut pairs = Pairs::new(step, snapshot);
                let mut first = 0;
                while first < batch.rows() {
                    let from_start = if is_marked { shared(&starts[first..]) } else { 1 };
                    let from_end = if is_marked { shared(&ends[first..]) } else { 1 };
                    let rows = first..first + from_start.max(from_end);
                    context.guard.tick(rows.len())?;
                    first = rows.end;
                    if rows.len() < LEAST_SHARED {
                        for row in rows {
                            pairs.look_for(row, starts[row], ends[row], &mut expanded);
                        }
                    } else if from_start >= from_end {
                        pairs.look_up(ahead, starts[rows.start], &ends, rows, &mut expanded);
                    } else {
                        pairs.look_up(behind, ends[rows.start], &starts, rows, &mut expanded);
                    }
                }
                Ok::<(), ExecutionError>(())
            })
        })?;
        expanded.give(sink)
    })
}

/// Returns how many nodes at the beginning are the same.
fn shared(nodes: &[u32]) -> usize {
    nodes.iter().take_while(|node| **node == nodes[0]).count()
}

/// Finds what leads from one node to another.
struct Pairs<'a> {
    types: Vec<RelationshipTypeId>,
    direction: Direction,
    snapshot: &'a Snapshot,
    scratch: Scratch,
    marks: Bitmap,
    found: Vec<u32>,
}

impl<'a> Pairs<'a> {
    fn new(step: &ExpandStep, snapshot: &'a Snapshot) -> Self {
        Pairs {
            types: step_types(step.label.as_ref(), snapshot),
            direction: adjacency_direction(step.direction),
            snapshot,
            scratch: Scratch::default(),
            marks: Bitmap::default(),
            found: Vec::new(),
        }
    }

    /// Adds a row for each relationship between two nodes.
    fn look_for(&mut self, row: usize, start: u32, end: u32, expanded: &mut Expanded<'_>) {
        if start == NO_ID || end == NO_ID {
            return;
        }
        let (start, end, direction) = (NodeId(start), NodeId(end), self.direction);
        if !expanded.wants_relationship {
            let count = |kind: &RelationshipTypeId| self.snapshot.count_between(*kind, direction, start, end);
            let between = self.types.iter().map(count).sum();
            expanded.rows.extend(std::iter::repeat_n(row as u32, between));
            return;
        }
        self.found.clear();
        for kind in &self.types {
            if direction != Direction::Incoming {
                self.found.extend(self.snapshot.relationships_between(*kind, start, end).iter().map(|id| id.0));
            }
            if direction == Direction::Incoming || (direction == Direction::Both && start != end) {
                self.found.extend(self.snapshot.relationships_between(*kind, end, start).iter().map(|id| id.0));
            }
        }
        expanded.rows.resize(expanded.rows.len() + self.found.len(), row as u32);
        expanded.relationships.extend_from_slice(&self.found);
    }

    /// Adds a row for each relationship of one node with each of several.
    fn look_up(
        &mut self,
        walks: &[Walk<'_>],
        node: u32,
        others: &[u32],
        rows: Range<usize>,
        expanded: &mut Expanded<'_>,
    ) {
        if node == NO_ID {
            return;
        }
        let first = expanded.rows.len();
        for walk in walks {
            let list = walk.nodes(node, &mut self.scratch);
            let Some(greatest) = list.last() else { continue };
            // Relationships side by side count each; then their number is searched for.
            if list.windows(2).any(|pair| pair[0] == pair[1]) {
                for row in rows.clone() {
                    let other = others[row];
                    let from = list.partition_point(|neighbour| *neighbour < other);
                    let between = list[from..].iter().take_while(|neighbour| **neighbour == other).count();
                    expanded.rows.extend(std::iter::repeat_n(row as u32, between));
                }
                continue;
            }
            let size = (*greatest as usize + 1).next_power_of_two();
            if self.marks.len() < size {
                self.marks.resize(size);
            }
            list.iter().for_each(|neighbour| {
                self.marks.insert(*neighbour as usize);
            });
            let is_neighbour = |row: &usize| others[*row] <= *greatest && self.marks.contains(others[*row] as usize);
            expanded.rows.extend(rows.clone().filter(is_neighbour).map(|row| row as u32));
            list.iter().for_each(|neighbour| self.marks.remove(*neighbour as usize));
        }
        if walks.len() > 1 {
            // Row by row, as each by itself would be.
            expanded.rows[first..].sort_unstable();
        }
    }
}
