//! What goes wrong while an expression is evaluated.

use std::error::Error;

use crate::value::ValueError;

use super::Expression;

/// An error of evaluation; always found at run time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// The values do not allow what the expression does with them; names its openCypher class and detail.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// The same, and which expression it was.
    #[error("{error}")]
    At {
        /// What is wrong.
        error: ValueError,
        /// The innermost expression that could not be evaluated.
        expression: Box<Expression>,
    },
    /// Whoever runs the query stopped: an error of a subquery's plan, or a limit that was reached; passed on unchanged.
    #[error(transparent)]
    Host(Box<dyn Error + Send + Sync>),
}

impl EvaluationError {
    /// Returns it with the expression that failed; one within it, which failed first, stays.
    #[must_use]
    pub(super) fn at(self, expression: &Expression) -> EvaluationError {
        match self {
            EvaluationError::Value(error) => EvaluationError::At { error, expression: Box::new(expression.clone()) },
            other => other,
        }
    }

    /// Returns the error of an operand whose kind is not the one needed (`TypeError`, `InvalidArgumentType`).
    pub(super) fn wrong_kind(message: impl Into<String>) -> EvaluationError {
        EvaluationError::Value(ValueError::wrong_kind(message))
    }
}
