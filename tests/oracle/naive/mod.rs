//! The naive evaluator: nested loops over a bound query, a row at a time, one law after the other.
//!
//! It knows no plan, no batch, no index, no statistics: a pattern is tried with every relationship and every node of the graph, a
//! clause takes all rows in and gives all rows out. It shares with the engine the bound query, the laws of values and the bodies of
//! the built-in functions, and nothing else.

mod aggregate;
mod clause;
mod expression;
mod pattern;
mod projection;
mod spare;
mod walk;
mod write;

use std::cell::{Cell, RefCell};

use super::chance::Chance;
use super::model::Model;
use crate::binder::bound::{BoundQuery, Clause, QueryBody};
use crate::value::{Value, ValueError};
use crate::vector::Slot;

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The statement is in error.
    Error(String),
    /// It would take too long.
    TooMuch,
    /// The evaluator does not know it.
    Unknown(String),
    /// The bound query breaks a promise of the binder.
    Broken(String),
}

impl From<ValueError> for Failure {
    fn from(error: ValueError) -> Self {
        Failure::Error(error.to_string())
    }
}

/// What an evaluation gives.
pub type Outcome<Given> = Result<Given, Failure>;

/// The values of the variables, by slot; none where a variable has no value here.
#[derive(Clone, Debug)]
pub struct Row(Vec<Option<Value>>);

impl Row {
    fn get(&self, slot: Slot) -> Option<&Value> {
        self.0.get(slot.0 as usize).and_then(Option::as_ref)
    }

    fn read(&self, slot: Slot) -> Outcome<Value> {
        self.get(slot).cloned().ok_or_else(|| Failure::Broken(format!("slot {} has no value here", slot.0)))
    }

    fn set(&mut self, slot: Slot, value: Value) {
        self.0[slot.0 as usize] = Some(value);
    }

    fn clear(&mut self, slot: Slot) {
        self.0[slot.0 as usize] = None;
    }
}

/// What a statement answers.
#[derive(Clone, Debug)]
pub struct Answered {
    /// All rows in order, before any limit of the last projection.
    pub rows: Vec<Vec<Value>>,
    /// For each row, which rows stand equal in the order: rows of one class may come in any order.
    pub classes: Vec<usize>,
    /// How many of them are dropped.
    pub skip: usize,
    /// How many are kept.
    pub limit: usize,
    /// The graph afterwards.
    pub model: Model,
}

/// In which order things are tried, which no answer may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As they were made.
    Forward,
    /// The other way.
    Backward,
    /// Starting in the middle.
    Turned,
    /// By chance.
    Mixed(u64),
    /// The matches of a pattern as nested loops give them, of which this variable's, by number, is the outermost.
    Nested(usize),
}

/// What a statement answers whose last projection keeps some rows only, where rows in error are left out.
#[derive(Clone, Debug)]
pub struct Spared {
    /// The answer from all rows that are not in error.
    pub answered: Answered,
    /// How many rows are.
    pub errors: usize,
}

/// How many steps an evaluation may take.
const WORK_LIMIT: usize = 300_000;

/// An evaluation of one statement.
pub struct Naive<'q> {
    query: &'q BoundQuery,
    model: RefCell<Model>,
    order: Order,
    work: Cell<usize>,
    /// Whether a match in error is left out and counted.
    spares: Cell<bool>,
    /// How many rows in error were left out.
    spared: Cell<usize>,
}

impl<'q> Naive<'q> {
    /// Answers a query on a graph.
    pub fn answer(query: &'q BoundQuery, model: &Model, order: Order) -> Outcome<Answered> {
        let naive = Naive::new(query, model, order);
        let (rows, classes, skip, limit) = naive.run_last(&query.body, &naive.empty())?;
        naive.answered(rows, classes, skip, limit)
    }

    fn new(query: &'q BoundQuery, model: &Model, order: Order) -> Naive<'q> {
        let (model, work) = (RefCell::new(model.clone()), Cell::new(0));
        Naive { query, model, order, work, spares: Cell::new(false), spared: Cell::new(0) }
    }

    fn empty(&self) -> Row {
        Row(vec![None; self.query.slots.len()])
    }

    fn answered(self, rows: Vec<Row>, classes: Vec<usize>, skip: usize, limit: usize) -> Outcome<Answered> {
        let query = self.query;
        let mut given = Vec::with_capacity(rows.len());
        for row in &rows {
            given.push(query.columns.iter().map(|column| row.read(column.slot)).collect::<Outcome<Vec<_>>>()?);
        }
        let model = self.model.into_inner();
        if query.writes && model.dangles() {
            return Err(Failure::Error("a deleted node has relationships".to_owned()));
        }
        Ok(Answered { rows: given, classes, skip, limit, model })
    }

    /// Runs a body whose last projection is not cut off, so that rows equal in its order can be told.
    #[allow(clippy::type_complexity)] // Rows, their classes, how many are dropped and kept: taken apart at once.
    fn run_last(&self, body: &QueryBody, outer: &Row) -> Outcome<(Vec<Row>, Vec<usize>, usize, usize)> {
        if let QueryBody::Clauses(clauses) = body
            && let Some((Clause::Project(last), before)) = clauses.split_last()
            && last.predicate.is_none()
        {
            let rows = self.run_clauses(before, vec![outer.clone()], outer)?;
            let (rows, classes) = self.ordered(last, rows, outer)?;
            let (skip, limit) = self.limits(last, outer)?;
            return Ok((rows, classes, skip, limit));
        }
        let rows = self.run_body(body, outer)?;
        let classes = vec![0; rows.len()];
        Ok((rows, classes, 0, usize::MAX))
    }

    fn spend(&self, work: usize) -> Outcome<()> {
        self.work.set(self.work.get() + work);
        if self.work.get() > WORK_LIMIT { Err(Failure::TooMuch) } else { Ok(()) }
    }

    /// Returns matches in the order of this evaluation.
    fn matches_in_order(&self, mut matches: Vec<Row>) -> Vec<Row> {
        if let Order::Nested(outermost) = self.order {
            let turned = |row: &Row| {
                let count = row.0.len().max(1);
                (0..row.0.len()).map(|place| format!("{:?}", row.0[(place + outermost) % count])).collect::<Vec<_>>()
            };
            matches.sort_by_cached_key(turned);
        }
        self.in_order(matches)
    }

    /// Returns things in the order of this evaluation.
    fn in_order<Item>(&self, mut items: Vec<Item>) -> Vec<Item> {
        match self.order {
            Order::Forward | Order::Nested(_) => {}
            Order::Backward => items.reverse(),
            Order::Turned => {
                let middle = items.len() / 2;
                items.rotate_left(middle);
            }
            Order::Mixed(seed) => {
                let mut chance = Chance::new(seed);
                (1..items.len()).for_each(|place| items.swap(place, chance.below(place + 1)));
            }
        }
        items
    }
}
