//! What goes wrong while a procedure runs.

use std::error::Error;

use crate::graph::GraphError;
use crate::value::ValueError;

/// An error of a procedure; always found at run time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProcedureError {
    /// An argument is not what the procedure takes.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// The graph refused a change.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// Whoever runs the statement stopped it; passed on unchanged.
    #[error(transparent)]
    Host(Box<dyn Error + Send + Sync>),
}
