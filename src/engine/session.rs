//! Transactions of a connection: the one that is open between statements, and the one that a statement makes for itself.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::graph::{self, GraphError, Snapshot};
use crate::syntax::ast::TransactionStatement;

use super::answer::Summary;
use super::database::{Published, is_of_catalogue};
use super::database_file::DatabaseFile;
use super::error::{Error, StateError};
use super::parts::CommittedParts;
use super::writer::WritePermit;
use super::{CancelHandle, Connection, Counters, Database};
use crate::executor::ExecutionError;

/// A transaction that stays open between statements.
#[derive(Debug)]
pub(super) struct OpenTransaction {
    base: Published,
    /// What it wrote so far. While a statement runs it is lent to it, and an unchanged one stands here.
    transaction: graph::Transaction,
    /// The right to write, from the first write on.
    permit: Option<WritePermit>,
    read_only: bool,
    began: i128,
}

impl OpenTransaction {
    fn begin(database: &Database, read_only: bool) -> OpenTransaction {
        let base = database.published();
        let transaction = graph::Transaction::begin(base.snapshot.clone());
        OpenTransaction { base, transaction, permit: None, read_only, began: (database.options().clock)() }
    }

    /// Returns the graph as the transaction has left it so far.
    pub(super) fn graph(&self) -> &Snapshot {
        self.transaction.view()
    }

    /// Returns the version of names and indexes; none where the transaction has changed them.
    pub(super) fn catalogue_version(&self) -> Option<u64> {
        let changed = self.transaction.changes().iter().any(is_of_catalogue);
        (!changed).then_some(self.base.catalogue_version)
    }

    /// Says whether it has written nothing so far.
    pub(super) fn is_unchanged(&self) -> bool {
        self.transaction.changes().is_empty()
    }

    /// Returns the instant at which it began.
    pub(super) fn began(&self) -> i128 {
        self.began
    }

    /// Makes sure that it may write: nobody else does, and nobody else has since it began.
    fn ensure_writer(&mut self, database: &Database, cancel: &CancelHandle) -> Result<(), Error> {
        if self.read_only {
            return Err(StateError::ReadOnlyTransaction.into());
        }
        if self.permit.is_some() {
            return Ok(());
        }
        let permit = database.acquire_writer(cancel)?;
        let published = database.published();
        if published.snapshot.version() != self.base.snapshot.version() {
            return Err(StateError::Conflict.into());
        }
        // It is the same graph; but of two that hold different chunks of the file, only the one that others read may be written on.
        self.transaction = graph::Transaction::begin(published.snapshot.clone());
        self.base = published;
        self.permit = Some(permit);
        Ok(())
    }

    fn commit(self, database: &Database) -> Result<(), Error> {
        match &self.permit {
            Some(permit) => database.publish(self.transaction, permit),
            None => Ok(()),
        }
    }
}

impl Connection {
    /// Says whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.open.is_some()
    }

    /// Begins a transaction; statements are part of it until it is committed or rolled back.
    pub(super) fn begin(&mut self, read_only: bool) -> Result<(), Error> {
        if self.open.is_some() {
            return Err(StateError::TransactionOpen.into());
        }
        self.database().follow()?;
        self.open = Some(OpenTransaction::begin(self.database(), read_only));
        Ok(())
    }

    /// Ends the open transaction; all that it wrote takes effect at once.
    pub(super) fn commit(&mut self) -> Result<(), Error> {
        let open = self.open.take().ok_or(StateError::NoTransaction)?;
        open.commit(self.database())
    }

    /// Ends the open transaction; nothing that it wrote takes effect.
    pub(super) fn roll_back(&mut self) -> Result<(), Error> {
        let open = self.open.take().ok_or(StateError::NoTransaction)?;
        drop(open);
        Ok(())
    }

    /// Runs `BEGIN`, `COMMIT` or `ROLLBACK`.
    pub(super) fn change_transaction(&mut self, statement: TransactionStatement) -> Result<Summary, Error> {
        match statement {
            TransactionStatement::Begin { read_only } => self.begin(read_only)?,
            TransactionStatement::Commit => self.commit()?,
            TransactionStatement::Rollback => self.roll_back()?,
        }
        Ok(Summary::default())
    }

    /// Lets a statement write, in the open transaction or in one of its own; where it fails, all that it wrote is gone.
    ///
    /// `write` gets what commits it part by part, where that may be, and gives the transaction back, whatever happened. Returns what it answers and how often what was changed.
    pub(super) fn within_transaction<Outcome>(
        &mut self,
        write: impl FnOnce(
            &mut Self,
            graph::Transaction,
            Option<&CommittedParts<'_>>,
        ) -> (Result<Outcome, Error>, graph::Transaction),
    ) -> Result<(Outcome, Counters), Error> {
        let (database, cancel) = (self.database().clone(), self.cancel_handle());
        let Some(open) = &mut self.open else {
            let permit = database.acquire_writer(&cancel)?;
            let transaction = graph::Transaction::begin(database.snapshot());
            let parts = CommittedParts::new(&database, &permit);
            let (outcome, mut transaction) = write(self, transaction, Some(&parts));
            let outcome = outcome.and_then(|outcome| check_statement(&mut transaction).map(|()| outcome));
            let done = parts.done();
            let outcome = outcome.map_err(|error| error.after_parts(done.parts))?;
            let counters = done.counters.plus(transaction.counters());
            database.publish(transaction, &permit)?;
            return Ok((outcome, counters));
        };
        open.ensure_writer(&database, &cancel)?;
        let unchanged = graph::Transaction::begin(open.base.snapshot.clone());
        let lent = std::mem::replace(&mut open.transaction, unchanged);
        let savepoint = lent.savepoint();
        let before = *lent.counters();
        // Where the statement ends in a fault of ours, what it was lent is lost, and with it what the transaction wrote before.
        let written = catch_unwind(AssertUnwindSafe(|| write(self, lent, None)));
        let (outcome, mut transaction) = written.unwrap_or_else(|fault| {
            self.open = None;
            resume_unwind(fault)
        });
        let outcome = outcome.and_then(|outcome| check_statement(&mut transaction).map(|()| outcome));
        if outcome.is_err() {
            transaction.rollback_to(&savepoint);
        }
        let counters = transaction.counters().since(&before);
        if let Some(open) = &mut self.open {
            open.transaction = transaction;
        }
        Ok((outcome?, counters))
    }
}

impl Connection {
    /// Runs a statement over a graph whose parts are read from a file as they are touched: where it fails and one could not be read, that
    /// is why.
    pub(super) fn reading_all<Outcome>(
        &mut self,
        statement: impl FnOnce(&mut Self) -> Result<Outcome, Error>,
    ) -> Result<Outcome, Error> {
        let Some(loader) = self.database().file().and_then(DatabaseFile::loader) else {
            return statement(self);
        };
        let failures = loader.failures();
        let unread = || loader.failure_since(failures).map(|failure| Error::from(GraphError::Unreadable(failure)));
        // Parts that do not fit each other, because one of them reads as empty, may break an invariant on the way.
        match catch_unwind(AssertUnwindSafe(|| statement(self))) {
            Ok(Ok(outcome)) => Ok(outcome),
            Ok(Err(error)) => Err(unread().unwrap_or(error)),
            Err(panic) => {
                let Some(error) = unread() else { resume_unwind(panic) };
                self.open = None;
                Err(error)
            }
        }
    }
}

/// Checks what must hold at the end of a statement.
pub(super) fn check_statement(transaction: &mut graph::Transaction) -> Result<(), Error> {
    if transaction.dangling().is_some() {
        return Err(ExecutionError::DeleteConnectedNode.into());
    }
    Ok(transaction.check_constraints()?)
}
