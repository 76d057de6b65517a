//! What evaluation needs beside the batch: the graph, the parameters, the clock, and whoever can run a subquery.

use crate::function::Clock;
use crate::graph::Snapshot;
use crate::value::Value;
use crate::vector::{Batch, Column, Slot};

use super::{EvaluationCache, EvaluationError, Expression, SubqueryId};

/// What an expression is evaluated against. Cheap to make; one for each statement and thread.
#[derive(Clone, Copy)]
pub struct EvaluationContext<'a> {
    /// The graph that ids are looked up in.
    pub snapshot: &'a Snapshot,
    /// The parameters' values, by their place.
    pub parameters: &'a [Value],
    /// When the statement and its transaction began.
    pub clock: &'a Clock,
    /// Whoever runs the subqueries of the query.
    pub subqueries: &'a dyn SubqueryRunner,
    /// What is worth keeping between batches of the statement.
    pub cache: &'a EvaluationCache,
}

/// Whoever runs a query and evaluates its expressions: knows the plans behind the subqueries, and when to stop.
pub trait SubqueryRunner {
    /// Returns the subquery's value for every row of the batch.
    ///
    /// # Errors
    /// What the subquery's plan fails with, as [`EvaluationError::Host`].
    fn run(&self, id: SubqueryId, batch: &Batch) -> Result<Column, EvaluationError>;

    /// Returns the slots that the subquery reads from a row, so that a batch of some rows can be made for it.
    fn imports(&self, id: SubqueryId) -> &[Slot];

    /// Hears that `rows` more rows are to be evaluated inside an expression; stops a statement that was cancelled or is over its limit.
    ///
    /// # Errors
    /// As [`EvaluationError::Host`], if the statement is to stop.
    fn tick(&self, rows: usize) -> Result<(), EvaluationError>;
}

/// A runner for expressions without subqueries.
#[cfg(test)]
pub struct NoSubqueries;

#[cfg(test)]
impl SubqueryRunner for NoSubqueries {
    fn run(&self, id: SubqueryId, _: &Batch) -> Result<Column, EvaluationError> {
        unreachable!("subquery {} stands where the binder allows none", id.0)
    }

    fn imports(&self, _: SubqueryId) -> &[Slot] {
        &[]
    }

    fn tick(&self, _: usize) -> Result<(), EvaluationError> {
        Ok(())
    }
}

impl EvaluationContext<'_> {
    /// Returns the slots that an expression reads from its row, those of its subqueries included.
    pub(super) fn inputs(&self, expression: &Expression) -> Vec<Slot> {
        let mut slots = expression.slots();
        let subqueries = expression.subqueries();
        if !subqueries.is_empty() {
            slots.extend(subqueries.iter().flat_map(|id| self.subqueries.imports(*id)));
            slots.sort();
            slots.dedup();
        }
        slots
    }

    /// Returns a batch of some rows with what an expression reads.
    pub(super) fn part(&self, batch: &Batch, rows: &[u32], expression: &Expression) -> Batch {
        batch.gather_slots(rows, &self.inputs(expression))
    }
}
