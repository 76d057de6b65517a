//! Query and graph to answer.

use std::rc::Rc;
use std::sync::Arc;

use spareval::{AggregateFunctionAccumulator, QueryEvaluationError, QueryEvaluator, QueryResults};

use crate::executor::{ExecutionError, Guard};
use crate::rdf::library::{from_library, term_from_library};
use crate::rdf::{Term, Triple, Triples};

use super::dataset::Dataset;
use super::join::Joined;
use super::rewrite::{Rewritten, join_name, rewritten};
use super::{SparqlAnswer, SparqlError, SparqlQuery};

/// About what a term of an answer takes, in bytes, besides its text.
const TERM_BYTES: usize = 96;

/// Answers a query over a graph; the guard stops it.
///
/// # Errors
/// If the guard stops it, or the query asks for another service or a function that is not there.
pub fn evaluate(triples: &Triples, query: &SparqlQuery, guard: Guard) -> Result<SparqlAnswer, SparqlError> {
    let guard = Arc::new(guard);
    let dataset = Dataset { triples: triples.clone(), guard: guard.clone(), held: Rc::default() };
    let Rewritten { query, separators, .. } = rewritten(&query.query, triples.view());
    let mut evaluator = QueryEvaluator::new();
    for (place, separator) in separators.into_iter().enumerate() {
        let joined =
            move || -> Box<dyn AggregateFunctionAccumulator + Send + Sync> { Box::new(Joined::with(&separator)) };
        evaluator = evaluator.with_custom_aggregate_function(join_name(place), joined);
    }
    let results = evaluator.prepare(&query).execute(dataset).map_err(refused)?;
    match results {
        QueryResults::Boolean(truth) => Ok(SparqlAnswer::Boolean(truth)),
        QueryResults::Solutions(solutions) => {
            let variables: Vec<String> =
                solutions.variables().iter().map(|variable| variable.as_str().to_owned()).collect();
            let mut rows = Vec::new();
            for solution in solutions {
                let solution = solution.map_err(refused)?;
                let row: Vec<Option<Term>> =
                    solution.values().iter().map(|term| term.as_ref().map(term_from_library)).collect();
                guard.charge(row.iter().map(|term| size_bytes(term.as_ref())).sum())?;
                guard.tick(16)?;
                rows.push(row);
            }
            Ok(SparqlAnswer::Solutions { variables, rows })
        }
        QueryResults::Graph(found) => {
            let mut triples: Vec<Triple> = Vec::new();
            let mut seen = hashbrown::HashSet::new();
            for triple in found {
                let triple = from_library(&triple.map_err(refused)?);
                guard.tick(1)?;
                guard.charge(3 * TERM_BYTES)?;
                // A graph is a set, whatever the order in which its triples were made.
                if seen.insert(triple.to_string()) {
                    triples.push(triple);
                }
            }
            Ok(SparqlAnswer::Graph(triples))
        }
    }
}

fn size_bytes(term: Option<&Term>) -> usize {
    TERM_BYTES
        + match term {
            Some(Term::Literal(literal)) => literal.text.len(),
            Some(Term::Iri(text) | Term::Blank(text)) => text.len(),
            _ => 0,
        }
}

fn refused(error: QueryEvaluationError) -> SparqlError {
    match error {
        QueryEvaluationError::Dataset(cause) => match cause.downcast::<ExecutionError>() {
            Ok(stopped) => SparqlError::Stopped(*stopped),
            Err(cause) => SparqlError::Failed(cause.to_string()),
        },
        QueryEvaluationError::UnsupportedService(service) => SparqlError::Unsupported {
            what: format!("the service {service} is not asked: no query touches the network"),
            hint: "query the service by itself and import what it gives",
        },
        QueryEvaluationError::UnsupportedCustomFunction(function) => SparqlError::Unsupported {
            what: format!("there is no function {function}"),
            hint: "the functions are those of SPARQL 1.1, section 17, and of SPARQL 1.2",
        },
        other => SparqlError::Failed(other.to_string()),
    }
}
