//! What evaluation needs beside the batch: the graph, the parameters, the clock, and whoever can run a subquery.

use std::cell::Cell;

use crate::function::Clock;
use crate::graph::Snapshot;
use crate::value::Value;
use crate::vector::{Batch, Column, Slot};

use super::{EvaluationCache, EvaluationError, Expression, SubqueryId};

/// What an expression is evaluated against. Cheap to make; one for each evaluation.
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
    /// Whether what follows from one property may be evaluated once for each of its values.
    pub values_once: bool,
    /// What the values made so far take.
    pub made: Made,
}

/// How many bytes the values take that an evaluation has made. They are charged until it is over: then whoever keeps them charges them,
/// and what was made on the way is gone.
#[derive(Debug, Default)]
pub struct Made {
    /// Not charged yet.
    new_bytes: Cell<usize>,
    charged_bytes: Cell<usize>,
}

/// How many bytes are charged together.
const CHARGED_TOGETHER: usize = 1 << 16;

impl Drop for EvaluationContext<'_> {
    fn drop(&mut self) {
        let charged_bytes = self.made.charged_bytes.get();
        if charged_bytes > 0 {
            self.subqueries.release(charged_bytes);
        }
    }
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

    /// Hears that values of so many bytes were made.
    ///
    /// # Errors
    /// As [`EvaluationError::Host`], if the statement may not hold so much.
    fn charge(&self, bytes: usize) -> Result<(), EvaluationError>;

    /// Hears that values of so many bytes are charged no more.
    fn release(&self, bytes: usize);
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

    fn charge(&self, _: usize) -> Result<(), EvaluationError> {
        Ok(())
    }

    fn release(&self, _: usize) {}
}

impl EvaluationContext<'_> {
    /// Takes note of a value that was made, by what is new of it: the items of a list were noted when they were made.
    ///
    /// # Errors
    /// If the statement is to stop, or may not hold so much.
    #[inline]
    pub(super) fn note(&self, value: &Value) -> Result<(), EvaluationError> {
        let own = match value {
            Value::List(items) => items.len() * size_of::<Value>(),
            Value::String(text) if text.is_heap_allocated() => text.len(),
            _ => 0,
        };
        self.note_bytes(size_of::<Value>() + own)
    }

    /// Takes note of a value that was made, with all that is in it.
    ///
    /// # Errors
    /// If the statement is to stop, or may not hold so much.
    pub(super) fn note_whole(&self, value: &Value) -> Result<(), EvaluationError> {
        match value {
            Value::List(items) => items.iter().try_for_each(|item| self.note_whole(item))?,
            Value::Map(entries) => entries.iter().try_for_each(|(_, entry)| self.note_whole(entry))?,
            _ => {}
        }
        self.note(value)
    }

    /// Returns what has been charged so far.
    pub(super) fn charged_bytes(&self) -> usize {
        self.made.charged_bytes.get()
    }

    /// Gives back what was charged since, when all of it is gone.
    pub(super) fn back_to(&self, charged_bytes: usize) {
        self.made.new_bytes.set(0);
        let since = self.made.charged_bytes.replace(charged_bytes).saturating_sub(charged_bytes);
        self.subqueries.release(since);
    }

    /// Takes note of so many bytes that were made.
    ///
    /// # Errors
    /// If the statement is to stop, or may not hold so much.
    #[inline]
    pub(super) fn note_bytes(&self, bytes: usize) -> Result<(), EvaluationError> {
        let new = self.made.new_bytes.get() + bytes;
        self.made.new_bytes.set(new);
        if new >= CHARGED_TOGETHER { self.charge(new) } else { Ok(()) }
    }

    fn charge(&self, bytes: usize) -> Result<(), EvaluationError> {
        self.made.new_bytes.set(0);
        self.made.charged_bytes.set(self.made.charged_bytes.get() + bytes);
        self.subqueries.charge(bytes)?;
        self.subqueries.tick(bytes / size_of::<Value>())
    }

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
