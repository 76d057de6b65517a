//! What stops an execution: values that do not fit, the graph's rules, limits, the person at the keyboard.

use crate::expression::EvaluationError;
use crate::graph::GraphError;
use crate::procedure::ProcedureError;
use crate::value::ValueError;

/// An error of a running statement; always found at run time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExecutionError {
    /// An expression could not be evaluated.
    #[error(transparent)]
    Evaluation(EvaluationError),
    /// A value does not fit an operator.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// A procedure failed.
    #[error(transparent)]
    Procedure(ProcedureError),
    /// A procedure that was there when the query was bound is not there any more.
    #[error("the procedure `{name}` is not there any more")]
    ProcedureGone {
        /// Its name.
        name: String,
    },
    /// The graph refused a change.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// A node was deleted while relationships still hang on it.
    #[error("a deleted node still has relationships")]
    DeleteConnectedNode,
    /// A merged pattern has a property that is null, which nothing can equal.
    #[error("MERGE cannot use null for the property `{key}`")]
    MergeNull {
        /// The property.
        key: String,
    },
    /// A pattern to be made needs a node that is null here.
    #[error("a relationship cannot be made: the node `{variable}` is null")]
    NullEnd {
        /// The node's variable.
        variable: String,
    },
    /// A number of rows is not a whole number, or less than the least.
    #[error("{clause} needs a whole number from {least}, not {value}")]
    InvalidCount {
        /// `SKIP`, `LIMIT` or `OF … ROWS`.
        clause: &'static str,
        /// The least number that it may be.
        least: usize,
        /// What was given.
        value: String,
        /// Whether it is a negative integer, which has a name of its own.
        negative: bool,
    },
    /// What is to be deleted is neither node, relationship nor path.
    #[error("only nodes, relationships and paths can be deleted, not {kind}")]
    InvalidDelete {
        /// The kind of the value.
        kind: String,
    },
    /// What is to be set is neither node nor relationship.
    #[error("properties can be set on nodes and relationships only, not on {kind}")]
    InvalidTarget {
        /// The kind of the value.
        kind: String,
    },
    /// A file could not be read for LOAD CSV.
    #[error("{message}")]
    LoadCsv {
        /// What is wrong.
        message: String,
        /// What to try.
        hints: Vec<String>,
    },
    /// A statement that commits part by part runs within a transaction that commits whole.
    #[error("`IN TRANSACTIONS` cannot be used while a transaction is open")]
    PartsInTransaction,
    /// The statement was cancelled.
    #[error("the statement was stopped")]
    Cancelled,
    /// The statement took longer than allowed.
    #[error("the statement took longer than {limit_ms} ms")]
    TimedOut {
        /// The limit, in milliseconds.
        limit_ms: u64,
    },
    /// The statement needed more memory than allowed.
    #[error("the statement needs more than {limit_bytes} bytes of memory")]
    OutOfMemory {
        /// The limit, in bytes.
        limit_bytes: usize,
    },
}

impl From<ProcedureError> for ExecutionError {
    /// What stopped a procedure from outside comes out as what it was.
    fn from(error: ProcedureError) -> Self {
        match error {
            ProcedureError::Host(source) => match source.downcast::<ExecutionError>() {
                Ok(error) => *error,
                Err(source) => ExecutionError::Procedure(ProcedureError::Host(source)),
            },
            ProcedureError::Graph(error) => ExecutionError::Graph(error),
            other => ExecutionError::Procedure(other),
        }
    }
}

impl From<EvaluationError> for ExecutionError {
    /// An error that passed through an expression comes out as what it was.
    fn from(error: EvaluationError) -> Self {
        match error {
            EvaluationError::Host(source) => match source.downcast::<ExecutionError>() {
                Ok(error) => *error,
                Err(source) => ExecutionError::Evaluation(EvaluationError::Host(source)),
            },
            other => ExecutionError::Evaluation(other),
        }
    }
}

impl From<ExecutionError> for EvaluationError {
    fn from(error: ExecutionError) -> Self {
        match error {
            ExecutionError::Evaluation(error) => error,
            other => EvaluationError::Host(Box::new(other)),
        }
    }
}
