//! The adjacency that a step reads, looked up once a statement where the statement does not write, else once a batch.

use std::cell::OnceCell;

use crate::graph::{Snapshot, Walk};
use crate::planner::physical::ExpandStep;
use crate::vector::{Batch, Column, Slot};

use super::context::Context;
use super::expand::node_column;
use super::types::step_types;
use super::walk::adjacency_direction;

/// The walks of a step's types.
pub(super) struct Steps<'a> {
    step: &'a ExpandStep,
    context: &'a Context<'a>,
    /// Those of the graph that a reading statement sees from its first batch to its last.
    kept: OnceCell<Vec<Walk<'a>>>,
}

impl<'a> Steps<'a> {
    /// Returns the walks of a step; they are looked up when the first batch comes.
    pub(super) fn new(step: &'a ExpandStep, context: &'a Context<'a>) -> Self {
        Steps { step, context, kept: OnceCell::new() }
    }

    /// Calls `read` with the graph as it is now and the walks in it.
    pub(super) fn read<Read>(&self, read: impl FnOnce(&Snapshot, &[Walk<'_>]) -> Read) -> Read {
        if self.context.transaction.is_none() {
            let snapshot = &self.context.snapshot;
            return read(snapshot, self.kept.get_or_init(|| walks(self.step, snapshot)));
        }
        let snapshot = self.context.graph();
        let walks = walks(self.step, &snapshot);
        read(&snapshot, &walks)
    }

    /// Returns the slot of the node that the step starts from.
    pub(super) fn from(&self) -> Slot {
        self.step.from
    }

    /// Returns how many neighbours the step's node of each row has.
    pub(super) fn degrees(&self, batch: &Batch) -> Vec<i64> {
        let mut degrees = vec![0; batch.rows()];
        self.read(|_, walks| match batch.column(self.step.from).as_ref() {
            Column::NodeRun(run) => walks.iter().for_each(|walk| walk.add_degrees_of_run(run.clone(), &mut degrees)),
            _ => {
                let nodes = node_column(batch, self.step.from);
                walks.iter().for_each(|walk| walk.add_degrees(&nodes, &mut degrees));
            }
        });
        degrees
    }
}

fn walks<'a>(step: &ExpandStep, snapshot: &'a Snapshot) -> Vec<Walk<'a>> {
    let direction = adjacency_direction(step.direction);
    let types = step_types(step.label.as_ref(), snapshot);
    types.into_iter().map(|kind| snapshot.walk(kind, direction)).collect()
}
