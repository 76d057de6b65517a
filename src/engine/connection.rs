//! A connection: the trip from text to answer, and the transaction that is open on it, if one is.

use std::time::Instant;

use crate::executor::cite::CitedClaim;
use crate::graph::Snapshot;
use crate::syntax::ast::StatementMode;
use crate::value::ResultValue;

use super::answer::{Answer, Summary};
use super::cited::ClaimWriter;
use super::error::Error;
use super::prepare::{Plan, Ready};
use super::session::OpenTransaction;
use super::stack::with_stack_for;
use super::view::View;
use super::{CancelHandle, Citations, ClaimRecord, Database, Parameters, Statement};

/// A way to read and write a database, one statement at a time.
///
/// Outside of a transaction each statement is one of its own: it takes effect whole, or not at all.
#[derive(Debug)]
pub struct Connection {
    database: Database,
    pub(super) open: Option<OpenTransaction>,
    cancel: CancelHandle,
    /// When the statement that runs began; its time is counted from there, reading and planning it included.
    pub(super) began: Instant,
    pub(super) keeps_support: bool,
}

/// Takes the names of the columns once, then each row; says whether more rows are wanted.
pub(super) trait RowSink {
    /// Takes the names of the columns.
    fn columns(&mut self, names: Vec<String>);
    /// Learns that every row comes with its claims, and of which graph they are.
    fn cited(&mut self, _: &Snapshot) {}
    /// Takes the claims that the row that follows rests on, and what writes them out.
    fn claims(&mut self, _: &[CitedClaim], _: &mut ClaimWriter<'_>) {}
    /// Takes a row; `false` if no more are wanted.
    fn row(&mut self, row: Vec<ResultValue>) -> bool;
    /// Says whether rows stay in memory, so that they count against the limit.
    fn keeps_rows(&self) -> bool {
        true
    }
}

impl Connection {
    pub(super) fn new(database: Database) -> Connection {
        Connection {
            database,
            open: None,
            cancel: CancelHandle::default(),
            began: Instant::now(),
            keeps_support: false,
        }
    }

    /// Returns the database that this is a connection to.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Returns what stops this connection's statements from another thread.
    pub fn cancel_handle(&self) -> CancelHandle {
        self.cancel.clone()
    }

    /// Chooses whether answers keep what says later why a row is there, although the query did not ask to be cited.
    ///
    /// Rows then carry the elements that they rest on; a query over very many rows is run without.
    pub fn keep_support(&mut self, keep: bool) {
        self.keeps_support = keep;
    }

    /// Runs one statement and returns all of its answer.
    ///
    /// ```
    /// let mut connection = yuanpu::Database::in_memory().connect();
    /// let answer = connection.run("CREATE (c:City {name: $name}) RETURN c.name AS name", [("name", "Suzhou")])?;
    /// assert_eq!((answer.counters.nodes_created, answer.columns), (1, vec!["name".to_owned()]));
    /// # Ok::<(), yuanpu::Error>(())
    /// ```
    ///
    /// # Errors
    /// What is wrong with the text, or what stopped the statement; it has had no effect then.
    pub fn run(&mut self, text: &str, parameters: impl Into<Parameters>) -> Result<Answer, Error> {
        let mut answer = Answer::default();
        let summary = self.travel(text, None, &parameters.into(), &mut answer)?;
        Ok(answer.with(summary))
    }

    /// Runs a statement that was prepared, with these parameters.
    ///
    /// # Errors
    /// As [`Connection::run`].
    pub fn run_prepared(&mut self, statement: &Statement, parameters: impl Into<Parameters>) -> Result<Answer, Error> {
        let mut answer = Answer::default();
        let summary = self.travel(statement.text(), Some(statement), &parameters.into(), &mut answer)?;
        Ok(answer.with(summary))
    }

    /// Runs one statement and hands on each row as it comes, until `row` returns `false`.
    ///
    /// The rows of a statement that writes are handed on once it has succeeded. The answer returned has no rows.
    ///
    /// ```
    /// let mut connection = yuanpu::Database::in_memory().connect();
    /// let mut seen = Vec::new();
    /// connection.stream("UNWIND range(1, 1000000) AS n RETURN n", (), |_columns, row| {
    ///     seen.push(row[0].clone());
    ///     seen.len() < 3 // No more are wanted after the third.
    /// })?;
    /// assert_eq!(seen.len(), 3);
    /// # Ok::<(), yuanpu::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::run`]; the rows handed on before are void then.
    pub fn stream(
        &mut self,
        text: &str,
        parameters: impl Into<Parameters>,
        mut row: impl FnMut(&[String], Vec<ResultValue>) -> bool,
    ) -> Result<Answer, Error> {
        self.stream_cited(text, parameters, |columns, values, _| row(columns, values))
    }

    /// Runs one statement as [`Connection::stream`] does and hands on with each row the claims that it rests on, where `CITE` asks for them.
    ///
    /// # Errors
    /// As [`Connection::stream`].
    pub fn stream_cited(
        &mut self,
        text: &str,
        parameters: impl Into<Parameters>,
        row: impl FnMut(&[String], Vec<ResultValue>, Option<Vec<ClaimRecord>>) -> bool,
    ) -> Result<Answer, Error> {
        let mut sink = Streamed { columns: Vec::new(), is_cited: false, claims: None, row };
        let summary = self.travel(text, None, &parameters.into(), &mut sink)?;
        let claims = sink.is_cited.then(Citations::default);
        Ok(Answer { columns: sink.columns, claims, ..Answer::default() }.with(summary))
    }

    /// The trip: text, plan (parsed, bound and planned on the way), batches, rows.
    fn travel(
        &mut self,
        text: &str,
        prepared: Option<&Statement>,
        parameters: &Parameters,
        sink: &mut dyn RowSink,
    ) -> Result<Summary, Error> {
        self.began = Instant::now();
        self.cancel.clear();
        if self.open.is_none() {
            self.database.follow()?;
        }
        let outcome = self.reading_all(|connection| {
            with_stack_for(text, || {
                loop {
                    let Ready { plan, view, lifted } =
                        connection.plan(text, prepared, connection.view(), parameters)?;
                    let parameters = lifted.as_ref().unwrap_or(parameters);
                    let summary = match &*plan {
                        Plan::Query(query) if query.mode == StatementMode::Explain => {
                            Ok(connection.explain(query, sink))
                        }
                        Plan::Query(query) if query.physical.writes => connection.write(query, &view, parameters, sink),
                        Plan::Query(query) => connection.read(query, &view, parameters, sink),
                        Plan::Schema(statement) => connection.change_schema(statement),
                        Plan::Transaction(statement) => connection.change_transaction(*statement),
                    };
                    match summary {
                        Ok(summary) => return Ok(Summary { elapsed: connection.began.elapsed(), ..summary }),
                        Err(error) if error.is_stale() => {}
                        Err(error) => return Err(error),
                    }
                }
            })
        });
        self.database.relieve();
        outcome.map_err(|error| with_stack_for(text, || self.placed(error, text)))
    }

    /// Returns what a statement sees that begins now.
    pub(super) fn view(&self) -> View {
        let procedures = self.database.procedures();
        match &self.open {
            Some(open) => {
                let catalogue_version = open.catalogue_version();
                View { snapshot: open.graph().clone(), catalogue_version, procedures }
            }
            None => {
                let published = self.database.published();
                let catalogue_version = Some(published.catalogue_version);
                View { snapshot: published.snapshot, catalogue_version, procedures }
            }
        }
    }
}

/// A sink that hands rows on.
struct Streamed<RowTaker> {
    columns: Vec<String>,
    is_cited: bool,
    claims: Option<Vec<ClaimRecord>>,
    row: RowTaker,
}

impl<RowTaker: FnMut(&[String], Vec<ResultValue>, Option<Vec<ClaimRecord>>) -> bool> RowSink for Streamed<RowTaker> {
    fn columns(&mut self, names: Vec<String>) {
        self.columns = names;
    }

    fn cited(&mut self, _: &Snapshot) {
        self.is_cited = true;
    }

    fn claims(&mut self, claims: &[CitedClaim], writer: &mut ClaimWriter<'_>) {
        self.claims = Some(claims.iter().map(|claim| writer.record(claim)).collect());
    }

    fn row(&mut self, row: Vec<ResultValue>) -> bool {
        (self.row)(&self.columns, row, self.claims.take())
    }

    fn keeps_rows(&self) -> bool {
        false
    }
}
