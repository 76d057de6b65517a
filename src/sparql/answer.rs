//! The answer of a SPARQL query, and its forms in the standard formats.

use std::io::{self, Write};

use oxrdf::Variable;
use sparesults::{QueryResultsFormat, QueryResultsSerializer};

use crate::rdf::library::term_to_library;
use crate::rdf::{Term, Triple};

/// What a SPARQL query answers.
#[derive(Clone, Debug, PartialEq)]
pub enum SparqlAnswer {
    /// `SELECT`: rows of terms.
    Solutions {
        /// The variables, without the question mark.
        variables: Vec<String>,
        /// For each solution a term for each variable, or none where it is unbound.
        rows: Vec<Vec<Option<Term>>>,
    },
    /// `ASK`.
    Boolean(bool),
    /// `CONSTRUCT` and `DESCRIBE`: each triple once.
    Graph(Vec<Triple>),
}

/// A standard format of solutions and truth values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultsFormat {
    /// SPARQL 1.1 Query Results JSON Format.
    Json,
    /// SPARQL Query Results XML Format.
    Xml,
    /// SPARQL 1.1 Query Results CSV Format: texts without kinds.
    Csv,
    /// SPARQL 1.1 Query Results TSV Format: terms as in Turtle.
    Tsv,
}

impl SparqlAnswer {
    /// Writes solutions or a truth value; of a graph, nothing.
    ///
    /// # Errors
    /// If the output fails.
    pub fn write(&self, format: ResultsFormat, output: impl Write) -> io::Result<()> {
        let serializer = QueryResultsSerializer::from_format(match format {
            ResultsFormat::Json => QueryResultsFormat::Json,
            ResultsFormat::Xml => QueryResultsFormat::Xml,
            ResultsFormat::Csv => QueryResultsFormat::Csv,
            ResultsFormat::Tsv => QueryResultsFormat::Tsv,
        });
        match self {
            SparqlAnswer::Graph(_) => Ok(()),
            SparqlAnswer::Boolean(truth) => serializer.serialize_boolean_to_writer(output, *truth)?.flush(),
            SparqlAnswer::Solutions { variables, rows } => {
                let variables: Vec<Variable> = variables.iter().map(Variable::new_unchecked).collect();
                let mut writer = serializer.serialize_solutions_to_writer(output, variables.clone())?;
                for row in rows {
                    let terms: Vec<Option<oxrdf::Term>> =
                        row.iter().map(|term| term.as_ref().and_then(term_to_library)).collect();
                    let bound = variables.iter().zip(&terms);
                    writer.serialize(
                        bound.filter_map(|(variable, term)| Some((variable.as_ref(), term.as_ref()?.as_ref()))),
                    )?;
                }
                writer.finish()?.flush()
            }
        }
    }
}
