//! What a procedure is: a signature, a body, and what its page says.

use std::error::Error;
use std::fmt;
use std::sync::Mutex;

use crate::graph::{Snapshot, Transaction};
use crate::value::{Kind, Value, ValueError, equivalent};
use crate::vector::{Column, Threads};

use super::{FieldKind, ProcedureError, Registry, Signature};

/// Something that CALL can call.
pub struct Procedure {
    /// What it takes and gives.
    pub signature: Signature,
    /// One line of help.
    pub summary: &'static str,
    /// A call.
    pub example: &'static str,
    /// What it does.
    pub body: ProcedureBody,
}

/// A body that is built in: the arguments in, a column for each result column out, all of one length.
pub type BuiltinBody = fn(&[Value], &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError>;

/// What a procedure does when it is called.
#[derive(Clone)]
pub enum ProcedureBody {
    /// Runs code.
    Builtin(BuiltinBody),
    /// Looks up rows: first what the arguments must equal, then the result columns.
    Table(Vec<Vec<Value>>),
}

/// What a procedure may ask of the world.
pub struct ProcedureContext<'a> {
    /// The graph, as the clauses so far have left it.
    pub snapshot: &'a Snapshot,
    /// All procedures, for those that list them.
    pub registry: &'a Registry,
    /// Whoever can stop the statement.
    pub interrupt: &'a dyn Interrupt,
    /// The threads that a long computation may use.
    pub threads: &'a Threads,
    /// The transaction of a statement that writes; there for every procedure whose signature says that it writes.
    pub writer: Option<&'a Mutex<Transaction>>,
}

/// Whoever can stop a statement: the person at the keyboard, a limit of time or memory.
pub trait Interrupt: Sync {
    /// Hears of work done, in units of about one relationship.
    ///
    /// # Errors
    /// If the statement is to stop.
    fn tick(&self, work: usize) -> Result<(), Box<dyn Error + Send + Sync>>;
}

/// Nobody who could stop anything.
#[cfg(test)]
pub struct NoInterrupt;

#[cfg(test)]
impl Interrupt for NoInterrupt {
    fn tick(&self, _: usize) -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(())
    }
}

impl ProcedureContext<'_> {
    /// Counts work done, and stops if the statement is to stop.
    pub(super) fn tick(&self, work: usize) -> Result<(), ProcedureError> {
        self.interrupt.tick(work).map_err(ProcedureError::Host)
    }
}

impl Procedure {
    /// Calls the procedure; returns a column for each result column, all of one length.
    ///
    /// # Errors
    /// If an argument does not fit, and whatever the body fails with.
    pub fn call(&self, arguments: &[Value], context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
        let arguments = self.accept(arguments)?;
        match &self.body {
            ProcedureBody::Builtin(body) => body(&arguments, context),
            ProcedureBody::Table(rows) => Ok(self.look_up(rows, &arguments)),
        }
    }

    /// Returns the arguments with the defaults of those that are not given, and integers as floats where floats are taken.
    fn accept(&self, arguments: &[Value]) -> Result<Vec<Value>, ProcedureError> {
        let mut accepted = Vec::with_capacity(self.signature.inputs.len());
        for (place, field) in self.signature.inputs.iter().enumerate() {
            let given = arguments.get(place).or(field.default.as_ref());
            let Some(given) = given else {
                return Err(ProcedureError::Value(ValueError::bad_argument(format!(
                    "`{}` needs a value for `{}`",
                    self.signature.name, field.name
                ))));
            };
            let value = field.kinds.accept(given).ok_or_else(|| {
                ValueError::wrong_kind(format!(
                    "`{}` takes {} as `{}`, not {}",
                    self.signature.name,
                    field.kinds,
                    field.name,
                    given.kind()
                ))
            })?;
            accepted.push(value);
        }
        Ok(accepted)
    }

    fn look_up(&self, rows: &[Vec<Value>], arguments: &[Value]) -> Vec<Column> {
        let inputs = self.signature.inputs.len();
        let is_asked = |row: &&Vec<Value>| {
            row.len() >= inputs && row.iter().zip(arguments).all(|(known, asked)| equivalent(known, asked))
        };
        let found: Vec<&Vec<Value>> = rows.iter().filter(is_asked).collect();
        let outputs = 0..self.signature.outputs.len();
        let column = |place: usize| found.iter().map(move |row| row.get(inputs + place).cloned().unwrap_or_default());
        outputs.map(|place| Column::from_values(column(place))).collect()
    }
}

impl FieldKind {
    /// Returns the value as this field takes it; none if it does not. Null is always taken.
    pub fn accept(&self, value: &Value) -> Option<Value> {
        match (self, value) {
            (FieldKind::Any, value) | (_, value @ Value::Null) => Some(value.clone()),
            (FieldKind::OneOf(kinds), value) if kinds.contains(&value.kind()) => Some(value.clone()),
            (FieldKind::OneOf(kinds), Value::Integer(integer)) if kinds.contains(&Kind::Float) => {
                Some(Value::Float(*integer as f64))
            }
            (FieldKind::ListOf(inner), Value::List(items)) => {
                items.iter().map(|item| inner.accept(item)).collect::<Option<Vec<_>>>().map(Value::list)
            }
            _ => None,
        }
    }
}

/// Prints the type as a signature has it: `STRING`, `INTEGER or FLOAT`, `LIST<STRING>`.
impl fmt::Display for FieldKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldKind::Any => formatter.write_str("ANY"),
            FieldKind::OneOf(kinds) => {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                formatter.write_str(&names.join(" or "))
            }
            FieldKind::ListOf(inner) => write!(formatter, "LIST<{inner}>"),
        }
    }
}

/// Prints the text form: `db.labels() :: (label :: STRING)`.
impl fmt::Display for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = |fields: &[super::Field]| {
            let texts: Vec<String> = fields.iter().map(|field| format!("{} :: {}", field.name, field.kinds)).collect();
            texts.join(", ")
        };
        write!(formatter, "{}({}) :: ({})", self.name, fields(&self.inputs), fields(&self.outputs))
    }
}

impl fmt::Debug for Procedure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.signature, formatter)
    }
}
