//! What a statement answers: columns, rows, what was changed, what is probably not meant.

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::diagnostic::Diagnostic;
use crate::executor::cite::CitedClaim;
use crate::graph::Snapshot;
use crate::value::ResultValue;

use super::cited::ClaimWriter;
use super::connection::RowSink;
use super::row_reader::read_row;
use super::{Citations, Counters, Error, PlanLine, Support};

/// The answer to a statement.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The names of the columns; none if the statement returns nothing.
    pub columns: Vec<String>,
    /// The rows, each with a value for every column.
    pub rows: Vec<Vec<ResultValue>>,
    /// How often what was changed.
    pub counters: Counters,
    /// What was done but is probably not meant, such as reading a label that the graph does not know.
    pub warnings: Vec<Diagnostic>,
    /// For each row the claims that it rests on, where `CITE` asks for them.
    pub claims: Option<Citations>,
    /// What is kept to say later what the rows rest on; see [`Connection::keep_support`](super::Connection::keep_support).
    pub support: Option<Support>,
    /// The plan, where `EXPLAIN` or `PROFILE` asks for it.
    pub plan: Option<Vec<PlanLine>>,
    /// How long it took.
    pub elapsed: Duration,
}

/// What an answer says besides its rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Summary {
    pub(super) counters: Counters,
    pub(super) warnings: Vec<Diagnostic>,
    pub(super) plan: Option<Vec<PlanLine>>,
    pub(super) support: Option<Support>,
    pub(super) elapsed: Duration,
}

/// One row of an answer, whose values are found by place or by the name of the column.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    columns: &'a [String],
    values: &'a [ResultValue],
}

impl Answer {
    /// Returns the rows one by one, each with its values by place and by name.
    ///
    /// ```
    /// use yuanpu::ResultValue;
    /// let mut connection = yuanpu::Database::in_memory().connect();
    /// let answer = connection.run("UNWIND [1, 2] AS n RETURN n, n * n AS square", ())?;
    /// for row in answer.iter() {
    ///     assert_eq!(row.get(0), row.named("n"));
    /// }
    /// let last = answer.iter().last();
    /// assert_eq!(last.and_then(|row| row.named("square")), Some(&ResultValue::Integer(4)));
    /// assert_eq!(answer.rows[0][1], ResultValue::Integer(1));
    /// # Ok::<(), yuanpu::Error>(())
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|values| Row { columns: &self.columns, values })
    }

    /// Returns the rows as values of a type of yours: a struct whose fields are named as columns, a tuple, or, of one column, its values.
    ///
    /// ```
    /// #[derive(serde::Deserialize)]
    /// struct City { name: String, people: i64 }
    /// let mut connection = yuanpu::Database::in_memory().connect();
    /// let answer = connection.run("RETURN 'Suzhou' AS name, 13000000 AS people", ())?;
    /// let cities: Vec<City> = answer.deserialize()?;
    /// assert_eq!(cities[0].name, "Suzhou");
    /// # Ok::<(), yuanpu::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a row does not fit the type.
    pub fn deserialize<Target: DeserializeOwned>(&self) -> Result<Vec<Target>, Error> {
        self.iter().map(|row| row.deserialize()).collect()
    }

    /// Returns the answer with what the summary says.
    pub(super) fn with(mut self, summary: Summary) -> Answer {
        self.counters = summary.counters;
        self.warnings = summary.warnings;
        self.plan = summary.plan;
        self.support = summary.support;
        self.elapsed = summary.elapsed;
        self
    }
}

impl RowSink for Answer {
    fn columns(&mut self, names: Vec<String>) {
        self.columns = names;
    }

    fn cited(&mut self, snapshot: &Snapshot) {
        self.claims = Some(Citations::new(snapshot));
    }

    fn claims(&mut self, claims: &[CitedClaim], _: &mut ClaimWriter<'_>) {
        self.claims.get_or_insert_default().push(claims);
    }

    fn row(&mut self, row: Vec<ResultValue>) -> bool {
        self.rows.push(row);
        true
    }
}

impl<'a> Row<'a> {
    /// Returns the value of a column by place, counted from 0.
    pub fn get(&self, place: usize) -> Option<&'a ResultValue> {
        self.values.get(place)
    }

    /// Returns the value of a column by name.
    pub fn named(&self, name: &str) -> Option<&'a ResultValue> {
        let place = self.columns.iter().position(|column| column == name)?;
        self.values.get(place)
    }

    /// Returns all values.
    pub fn values(&self) -> &'a [ResultValue] {
        self.values
    }

    /// Returns the row as a value of a type of yours; see [`Answer::deserialize`].
    ///
    /// # Errors
    /// If it does not fit the type.
    pub fn deserialize<Target: DeserializeOwned>(&self) -> Result<Target, Error> {
        read_row(self.columns, self.values)
    }
}
