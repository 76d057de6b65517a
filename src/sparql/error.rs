//! What a SPARQL query can be refused for.

use crate::diagnostic::Span;
use crate::executor::ExecutionError;

/// Why a SPARQL query gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SparqlError {
    /// The text is no SPARQL query.
    #[error("{message}")]
    Syntax {
        /// What is wrong.
        message: String,
        /// Where, in bytes of the text.
        span: Span,
        /// What to try.
        hint: Option<String>,
    },
    /// The query is SPARQL, and asks for what is not done here.
    #[error("{what}")]
    Unsupported {
        /// What it is.
        what: String,
        /// What to try.
        hint: &'static str,
    },
    /// The query was stopped, by hand or by a limit.
    #[error(transparent)]
    Stopped(#[from] ExecutionError),
    /// The query failed over the data.
    #[error("{0}")]
    Failed(String),
}
