//! A step that may lead nowhere: the neighbours of a node that pass, or a null where there is none.

use crate::expression::filter;
use crate::graph::{Scratch, Snapshot, Walk};
use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan};
use crate::value::NodeId;
use crate::vector::{Batch, Column, NO_ID, Slot};

use super::context::{Context, Flow, Sink};
use super::expand::node_column;
use super::steps::Steps;
use super::types::LabelTest;
use super::{ExecutionError, run};

pub(super) fn run_optional_expand(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::OptionalExpand { step, .. } = &plan.operator else { unreachable!("it is run as what it is") };
    let steps = Steps::new(step, context);
    run(plan.input(), argument, context, &mut |batch: Batch| {
        steps.read(|snapshot, walks| {
            let mut found = Found::new(plan, step, &batch, snapshot, context);
            let nodes = node_column(&batch, step.from);
            if let [walk] = walks
                && !found.is_tested
                && !found.wants_relationship
            {
                return found.add_all(&nodes, walk, sink);
            }
            let mut scratch = Scratch::default();
            for (row, node) in (0_u32..).zip(nodes.iter().copied()) {
                found.add(row, node, walks, &mut scratch);
                if found.rows.len() >= Batch::TARGET_ROWS && found.give(sink)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
            found.give(sink)
        })
    })
}

/// The rows made of some outer rows, which follow each other.
struct Found<'a> {
    plan: &'a PhysicalPlan,
    step: &'a ExpandStep,
    batch: &'a Batch,
    snapshot: &'a Snapshot,
    context: &'a Context<'a>,
    /// Whether a neighbour must pass a test, so that rows without any are known only after it.
    is_tested: bool,
    wants_relationship: bool,
    rows: Vec<u32>,
    ends: Vec<u32>,
    relationships: Vec<u32>,
    /// The outer rows that have been looked at: from the first to before the second.
    seen: (u32, u32),
}

impl<'a> Found<'a> {
    fn new(
        plan: &'a PhysicalPlan,
        step: &'a ExpandStep,
        batch: &'a Batch,
        snapshot: &'a Snapshot,
        context: &'a Context<'a>,
    ) -> Self {
        let Operator::OptionalExpand { label, predicate, .. } = &plan.operator else {
            unreachable!("it is run as what it is")
        };
        let is_read = |slot: Slot| predicate.as_ref().is_some_and(|predicate| predicate.slots().contains(&slot));
        Found {
            plan,
            step,
            batch,
            snapshot,
            context,
            is_tested: label.is_some() || predicate.is_some(),
            wants_relationship: plan.live.contains(&step.relationship) || is_read(step.relationship),
            rows: Vec::new(),
            ends: Vec::new(),
            relationships: Vec::new(),
            seen: (0, 0),
        }
    }

    /// Adds all rows, where only their ends are wanted, along one type.
    fn add_all(&mut self, nodes: &[u32], walk: &Walk<'_>, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
        let mut scratch = Scratch::default();
        self.rows.reserve(nodes.len());
        self.ends.reserve(nodes.len());
        for (row, node) in (0_u32..).zip(nodes) {
            match walk.nodes(*node, &mut scratch) {
                [] => {
                    self.rows.push(row);
                    self.ends.push(NO_ID);
                }
                [end] => {
                    self.rows.push(row);
                    self.ends.push(*end);
                }
                ends => {
                    self.ends.extend_from_slice(ends);
                    self.rows.resize(self.ends.len(), row);
                    if self.rows.len() >= Batch::TARGET_ROWS && self.give(sink)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
            }
        }
        self.give(sink)
    }

    #[inline]
    fn add(&mut self, row: u32, node: u32, walks: &[Walk<'_>], scratch: &mut Scratch) {
        self.seen.1 = row + 1;
        let before = self.rows.len();
        if node != NO_ID {
            for walk in walks {
                if self.wants_relationship {
                    let neighbours = walk.neighbours(node, scratch);
                    self.ends.extend_from_slice(neighbours.nodes);
                    neighbours.relationships_into(&mut self.relationships);
                } else {
                    self.ends.extend_from_slice(walk.nodes(node, scratch));
                }
            }
            self.rows.resize(self.ends.len(), row);
        }
        if self.rows.len() == before && !self.is_tested {
            self.add_null(row);
        }
    }

    fn add_null(&mut self, row: u32) {
        self.rows.push(row);
        self.ends.push(NO_ID);
        if self.wants_relationship {
            self.relationships.push(NO_ID);
        }
    }

    /// Keeps the neighbours that pass, and puts a null where none did.
    fn test(&mut self) -> Result<(), ExecutionError> {
        let Operator::OptionalExpand { label, predicate, .. } = &self.plan.operator else { return Ok(()) };
        let mut kept: Vec<u32> = (0..self.rows.len() as u32).collect();
        if let Some(label) = label {
            let test = LabelTest::new(label, self.snapshot);
            kept.retain(|place| test.passes(NodeId(self.ends[*place as usize])));
        }
        if let Some(predicate) = predicate
            && !kept.is_empty()
        {
            let of = |values: &[u32]| kept.iter().map(|place| values[*place as usize]).collect::<Vec<u32>>();
            let mut tested = self.batch.gather_slots(&of(&self.rows), &predicate.slots());
            tested.set(self.step.to, Column::Node(of(&self.ends)));
            if self.wants_relationship {
                tested.set(self.step.relationship, Column::Relationship(of(&self.relationships)));
            }
            let passed = filter(predicate, &tested, &self.context.evaluation(self.snapshot))?;
            kept = passed.into_iter().map(|place| kept[place as usize]).collect();
        }
        let rows = std::mem::take(&mut self.rows);
        let ends = std::mem::take(&mut self.ends);
        let relationships = std::mem::take(&mut self.relationships);
        let mut kept = kept.into_iter().map(|place| place as usize).peekable();
        for row in self.seen.0..self.seen.1 {
            let before = self.rows.len();
            while let Some(place) = kept.next_if(|place| rows[*place] == row) {
                self.rows.push(row);
                self.ends.push(ends[place]);
                if self.wants_relationship {
                    self.relationships.push(relationships[place]);
                }
            }
            if self.rows.len() == before {
                self.add_null(row);
            }
        }
        Ok(())
    }

    fn give(&mut self, sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
        self.context.guard.tick(self.rows.len())?;
        if self.is_tested {
            self.test()?;
        }
        self.seen.0 = self.seen.1;
        if self.rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let rows = std::mem::take(&mut self.rows);
        let own = [self.step.to, self.step.relationship];
        let kept: Vec<Slot> = self.plan.live.iter().copied().filter(|slot| !own.contains(slot)).collect();
        let mut given = self.batch.gather_slots(&rows, &kept);
        given.set(self.step.to, Column::Node(std::mem::take(&mut self.ends)));
        if self.wants_relationship {
            given.set(self.step.relationship, Column::Relationship(std::mem::take(&mut self.relationships)));
        }
        sink(given)
    }
}
