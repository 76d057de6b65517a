//! Why a graph could not be brought in or out.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

use crate::graph::GraphError;
use crate::rdf::{MappingError, ReadError};

use super::finding::Finding;

/// What an import or export can fail for.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// A file or folder could not be read or written.
    #[error("`{}`: {cause}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: Arc<io::Error>,
    },
    /// The files were read and are wrong; nothing was taken from them.
    #[error("{}", all(.0))]
    Findings(Vec<Finding>),
    /// A graph and a package do not go together: something cannot be said, or something else is declared.
    #[error("{0}")]
    Unpackable(String),
    /// A package was to be written among other files, which would become part of it.
    #[error("`{}` is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// A picture was asked for around a node that is not there.
    #[error("no node has the id or name `{0}`")]
    NoSuchNode(String),
    /// The output could not be written.
    #[error("the output could not be written: {0}")]
    Output(#[source] Arc<io::Error>),
    /// A syntax cannot carry claims in the way asked for.
    #[error("`{syntax}` cannot carry claims as `{mode}`")]
    Unfit {
        /// The syntax.
        syntax: &'static str,
        /// The way.
        mode: &'static str,
    },
    /// A text is not of its syntax.
    #[error("{place}this is no {syntax}: {message}")]
    Syntax {
        /// The syntax.
        syntax: &'static str,
        /// The place, or nothing.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// Triples that no fact of a graph can be made of.
    #[error("{file}: no fact can be made of `{triple}`{}: {reason}", others(*.count))]
    Unread {
        /// The file.
        file: String,
        /// The first of them.
        triple: String,
        /// Why.
        reason: &'static str,
        /// How many they are.
        count: usize,
    },
    /// A file of RDF holds no answer that was saved.
    #[error("it holds no answer that `query --save` wrote")]
    NoAnswer,
    /// Triples cannot be read into the graph.
    #[error("the triples cannot be read: {0}")]
    Triples(#[from] ReadError),
    /// The schema cannot be seen as RDF.
    #[error("the schema cannot be written as RDF: {0}")]
    Mapping(#[from] MappingError),
    /// The graph refused what the files say.
    #[error("the graph refused the package: {0}")]
    Graph(#[from] GraphError),
}

impl ExchangeError {
    /// Returns the error of a file or folder.
    pub(super) fn file(path: impl Into<PathBuf>, cause: io::Error) -> ExchangeError {
        ExchangeError::File { path: path.into(), cause: Arc::new(cause) }
    }
}

impl From<io::Error> for ExchangeError {
    fn from(cause: io::Error) -> ExchangeError {
        ExchangeError::Output(Arc::new(cause))
    }
}

/// Says how many there are besides one.
fn others(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        2 => " and 1 other".to_owned(),
        count => format!(" and {} others", count - 1),
    }
}

/// Writes all findings, one a line.
fn all(findings: &[Finding]) -> String {
    findings.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n")
}
