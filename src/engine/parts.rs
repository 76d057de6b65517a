//! A statement that commits part by part: `CALL … IN TRANSACTIONS`, outside of an explicit transaction.

use std::sync::{Mutex, PoisonError};

use crate::executor::{ExecutionError, Parts};
use crate::graph;

use super::error::Error;
use super::session::check_statement;
use super::writer::WritePermit;
use super::{Counters, Database};

/// Commits the parts of one statement, whose connection has the right to write as long as it runs.
pub(super) struct CommittedParts<'a> {
    database: &'a Database,
    permit: &'a WritePermit,
    done: Mutex<Done>,
}

/// What the parts did so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Done {
    /// How many were committed.
    pub(super) parts: u64,
    /// How often they changed what.
    pub(super) counters: Counters,
}

impl<'a> CommittedParts<'a> {
    /// Returns what commits the parts of a statement.
    pub(super) fn new(database: &'a Database, permit: &'a WritePermit) -> Self {
        CommittedParts { database, permit, done: Mutex::default() }
    }

    /// Returns what the parts did.
    pub(super) fn done(&self) -> Done {
        *self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end_part(&self, transaction: &mut graph::Transaction) -> Result<(), Error> {
        check_statement(transaction)?;
        let base = transaction.base().clone();
        let finished = std::mem::replace(transaction, graph::Transaction::begin(base));
        let (counters, voice) = (*finished.counters(), finished.voice().clone());
        self.database.publish(finished, self.permit)?;
        *transaction = graph::Transaction::begin(self.database.snapshot());
        transaction.speak(voice);
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.parts += 1;
        done.counters = done.counters.plus(&counters);
        Ok(())
    }
}

impl Parts for CommittedParts<'_> {
    fn abandon(&self, transaction: &mut graph::Transaction) {
        let voice = transaction.voice().clone();
        *transaction = graph::Transaction::begin(self.database.snapshot());
        transaction.speak(voice);
    }

    fn commit(&self, transaction: &mut graph::Transaction) -> Result<(), ExecutionError> {
        self.end_part(transaction).map_err(Error::into_execution)
    }
}
