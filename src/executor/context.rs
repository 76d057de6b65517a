//! What every operator of a running statement shares: the graph, the parameters, the guard, the measurements.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::binder::bound::SubqueryKind;
use crate::expression::{EvaluationCache, EvaluationContext, EvaluationError, Made, SubqueryId, SubqueryRunner};
use crate::function::Clock;
use crate::graph::{Snapshot, Transaction};
use crate::planner::explain::Measured;
use crate::planner::physical::PhysicalQuery;
use crate::planner::shortcut::VALUES_ONCE;
use crate::procedure::Registry;
use crate::value::Value;
use crate::vector::{Batch, Column, Slot, Threads};

use super::apply::run_subquery;
use super::builds::Builds;
use super::parts::Part;
use super::{ExecutionError, Guard};

/// The surroundings of a running statement.
pub struct Context<'a> {
    /// The query.
    pub query: &'a PhysicalQuery,
    /// The graph as it was when the statement began.
    pub snapshot: Snapshot,
    /// The transaction that the statement writes to, if it writes.
    pub transaction: Option<&'a Mutex<Transaction>>,
    /// The parameters' values, by their place.
    pub parameters: &'a [Value],
    /// The statement's clock.
    pub clock: Clock,
    /// What may stop the statement.
    pub guard: &'a Guard,
    /// The procedures that can be called.
    pub procedures: &'a Registry,
    /// The folder below which `LOAD CSV` may read, if it may at all.
    pub csv_folder: Option<&'a Path>,
    /// What expressions keep between batches.
    pub cache: Arc<EvaluationCache>,
    /// What was measured of each operator, where it is asked for.
    pub profile: Option<Arc<[ProfileCell]>>,
    /// Who commits a statement part by part, where it may be: `CALL … IN TRANSACTIONS` outside of an explicit transaction.
    pub parts: Option<&'a dyn Parts>,
    /// The threads that long work is shared among.
    pub threads: &'a Threads,
    /// The part of the driving rows that this run is for; none where it is for all of them.
    pub part: Option<Part>,
    /// What is built once for all parts of this run.
    pub builds: Arc<Builds>,
}

/// Whoever can commit what a statement has written so far, while it goes on.
pub trait Parts: Sync {
    /// Makes what was written take effect, and puts a transaction that goes on from there in its place.
    ///
    /// # Errors
    /// If what was written may not be: nothing of this part takes effect then.
    fn commit(&self, transaction: &mut Transaction) -> Result<(), ExecutionError>;

    /// Takes back what was written since the last commit, and puts a transaction that goes on from there in its place.
    fn abandon(&self, transaction: &mut Transaction);
}

/// The measurements of one operator.
#[derive(Debug, Default)]
pub struct ProfileCell {
    rows: AtomicU64,
    elapsed_ns: AtomicU64,
}

impl ProfileCell {
    /// Adds what one run gave.
    pub fn add(&self, rows: u64, elapsed_ns: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.elapsed_ns.fetch_add(elapsed_ns, Ordering::Relaxed);
    }

    /// Returns what was measured so far.
    pub fn measured(&self) -> Measured {
        Measured { rows: self.rows.load(Ordering::Relaxed), elapsed_us: self.elapsed_ns.load(Ordering::Relaxed) / 1000 }
    }
}

impl<'a> Context<'a> {
    /// Returns the surroundings of one part of a statement that only reads.
    pub(super) fn for_part(&self, part: Part, builds: Arc<Builds>) -> Context<'a> {
        assert!(self.transaction.is_none(), "a statement that writes is not run in parts");
        Context {
            query: self.query,
            snapshot: self.snapshot.clone(),
            transaction: None,
            parameters: self.parameters,
            clock: self.clock,
            guard: self.guard,
            procedures: self.procedures,
            csv_folder: self.csv_folder,
            cache: Arc::clone(&self.cache),
            profile: self.profile.clone(),
            parts: None,
            threads: self.threads,
            part: Some(part),
            builds,
        }
    }

    /// Returns the surroundings of an inner plan, whose memory is charged to a guard of its own: what it held is free when it ends, while
    /// the operators above, which take its rows, hold what they hold.
    pub(super) fn inside<'b>(&'b self, guard: &'b Guard) -> Context<'b> {
        Context {
            query: self.query,
            snapshot: self.snapshot.clone(),
            transaction: self.transaction,
            parameters: self.parameters,
            clock: self.clock,
            guard,
            procedures: self.procedures,
            csv_folder: self.csv_folder,
            cache: Arc::clone(&self.cache),
            profile: self.profile.clone(),
            parts: self.parts,
            threads: self.threads,
            part: self.part.clone(),
            builds: Arc::clone(&self.builds),
        }
    }

    /// Says whether a shortcut may be taken, see [`crate::planner::shortcut`].
    pub(super) fn has(&self, shortcut: &'static str) -> bool {
        !self.query.switched_off.contains(&shortcut)
    }

    /// Returns the graph as the clauses so far have left it.
    pub fn graph(&self) -> Snapshot {
        match self.transaction {
            Some(transaction) => lock(transaction).view().clone(),
            None => self.snapshot.clone(),
        }
    }

    /// Returns the transaction that the statement writes to.
    ///
    /// # Panics
    /// If the statement does not write: the planner promises that a writing operator stands in a writing query only.
    pub fn writer(&self) -> MutexGuard<'_, Transaction> {
        lock(self.transaction.expect("a writing operator runs in a writing statement"))
    }

    /// Checks what the constraints ask, at the end of a writing clause.
    ///
    /// # Errors
    /// The constraint that does not hold.
    pub fn check_constraints(&self) -> Result<(), ExecutionError> {
        Ok(self.writer().check_constraints()?)
    }

    /// Makes what was written so far take effect, and goes on from there.
    ///
    /// # Errors
    /// If an explicit transaction is open, and what stops the commit.
    pub fn commit_part(&self) -> Result<(), ExecutionError> {
        let parts = self.parts.ok_or(ExecutionError::PartsInTransaction)?;
        parts.commit(&mut self.writer())
    }

    /// Takes back what was written since the last part was committed.
    pub fn abandon_part(&self) {
        if let (Some(parts), Some(transaction)) = (self.parts, self.transaction) {
            parts.abandon(&mut lock(transaction));
        }
    }

    /// Returns what expressions are evaluated against.
    pub fn evaluation<'b>(&'b self, snapshot: &'b Snapshot) -> EvaluationContext<'b> {
        EvaluationContext {
            snapshot,
            parameters: self.parameters,
            clock: &self.clock,
            subqueries: self,
            cache: &self.cache,
            values_once: self.has(VALUES_ONCE),
            made: Made::default(),
        }
    }

    /// Returns the variable's name of a slot.
    pub fn name(&self, slot: Slot) -> String {
        self.query.slots[slot.0 as usize].name.trim().to_owned()
    }
}

fn lock(transaction: &Mutex<Transaction>) -> MutexGuard<'_, Transaction> {
    transaction.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SubqueryRunner for Context<'_> {
    fn run(&self, id: SubqueryId, batch: &Batch) -> Result<Column, EvaluationError> {
        let subquery = &self.query.subqueries[id.0 as usize];
        match subquery.kind {
            SubqueryKind::Exists => run_subquery(subquery, batch, self)?.exists(),
            SubqueryKind::Count => run_subquery(subquery, batch, self)?.counts(),
            SubqueryKind::Collect(_) => run_subquery(subquery, batch, self)?.lists(),
        }
        .map_err(EvaluationError::from)
    }

    fn imports(&self, id: SubqueryId) -> &[Slot] {
        &self.query.subqueries[id.0 as usize].imports
    }

    fn tick(&self, rows: usize) -> Result<(), EvaluationError> {
        self.guard.tick(rows).map_err(EvaluationError::from)
    }

    fn charge(&self, bytes: usize) -> Result<(), EvaluationError> {
        self.guard.charge(bytes).map_err(EvaluationError::from)
    }

    fn release(&self, bytes: usize) {
        self.guard.release(bytes);
    }
}

/// Whether an operator above wants more rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// More rows are welcome.
    Continue,
    /// No further row is read.
    Stop,
}

/// What takes the batches that an operator gives.
pub type Sink<'a> = dyn FnMut(Batch) -> Result<Flow, ExecutionError> + 'a;
