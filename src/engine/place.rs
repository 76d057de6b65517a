//! Where in the text that stands which failed over the data.
//!
//! Plans carry no places: whoever runs them pays nothing for errors that do not come. When one has come, the statement is bound once
//! more and every expression noted with its place; what failed is found among them by what it says. An error of a whole clause is
//! placed where only one clause of the statement can have raised it.

use crate::binder::{Binder, Environment};
use crate::diagnostic::Span;
use crate::executor::ExecutionError;
use crate::expression::{EvaluationError, Expression};
use crate::graph::GraphError;
use crate::syntax::ast::{self, Clause, StatementBody};
use crate::syntax::parse_statement;

use super::Connection;
use super::environment::{GraphNames, RegisteredProcedures};
use super::error::Error;

impl Connection {
    /// Returns an error with its place, where it can be found.
    pub(super) fn placed(&self, error: Error, text: &str) -> Error {
        if error.execution().is_none() && !error.is_of_lens() {
            return error;
        }
        let Ok(statement) = parse_statement(text) else { return error };
        let StatementBody::Query(query) = &statement.body else { return error };
        let span = match error.execution() {
            Some(ExecutionError::Evaluation(EvaluationError::At { expression, .. })) => {
                self.place_of(expression, &statement, text)
            }
            Some(failed) => only_place(query, failed),
            None => place_of_lens(&statement.lens),
        };
        match span {
            Some(span) => error.at(Span::new(span.start as usize, span.end as usize)),
            None => error,
        }
    }

    /// Returns the first place of an expression that says what the failed one says.
    fn place_of(&self, failed: &Expression, statement: &ast::Statement, text: &str) -> Option<ast::Span> {
        let view = self.view();
        let environment = Environment {
            names: &GraphNames(&view.snapshot),
            procedures: &RegisteredProcedures(view.registry()),
            parameters: None,
        };
        let said = format!("{failed:?}");
        let places = Binder::places(statement, text, &environment);
        places.into_iter().find(|(expression, _)| format!("{expression:?}") == said).map(|(_, span)| span)
    }
}

/// Returns the place of the one prefix that looks something up.
fn place_of_lens(lens: &ast::LensPrefix) -> Option<ast::Span> {
    match (&lens.according_to, &lens.as_of) {
        (Some(according_to), None) => Some(according_to.span),
        (None, Some(as_of)) => Some(as_of.span),
        _ => None,
    }
}

/// Returns the place of the one clause that can have raised an error; nothing where several can.
fn only_place(query: &ast::Query, error: &ExecutionError) -> Option<ast::Span> {
    let mut places = Vec::new();
    collect(query, error, &mut places);
    match places[..] {
        [only] => Some(only),
        _ => None,
    }
}

fn collect(query: &ast::Query, error: &ExecutionError, places: &mut Vec<ast::Span>) {
    let parts = std::iter::once(&query.first).chain(query.unions.iter().map(|union| &union.query));
    for clause in parts.flat_map(|part| &part.clauses) {
        match clause {
            Clause::CallSubquery(call) => {
                let rows = call.transactions.as_ref().and_then(|transactions| transactions.batch_size.as_ref());
                let is_of_parts = matches!(error, ExecutionError::InvalidCount { clause: "OF … ROWS", .. });
                places.extend(rows.filter(|_| is_of_parts).map(|rows| rows.span));
                collect(&call.query, error, places);
            }
            clause => places.extend(place_in(clause, error)),
        }
    }
}

fn place_in(clause: &Clause, error: &ExecutionError) -> Option<ast::Span> {
    let projection = match clause {
        Clause::With(with) => Some(&with.projection),
        Clause::Return(returned) => Some(&returned.projection),
        _ => None,
    };
    match error {
        ExecutionError::InvalidCount { clause: "LIMIT", .. } => projection?.limit.as_ref().map(|limit| limit.span),
        ExecutionError::InvalidCount { clause: "SKIP", .. } => projection?.skip.as_ref().map(|skip| skip.span),
        error => raises(clause, error).then(|| clause.span()),
    }
}

/// Says whether a clause can raise an error.
fn raises(clause: &Clause, error: &ExecutionError) -> bool {
    let makes = matches!(clause, Clause::Create(_) | Clause::Merge(_) | Clause::Foreach(_));
    let sets = makes || matches!(clause, Clause::Set(_) | Clause::Remove(_));
    match error {
        ExecutionError::DeleteConnectedNode | ExecutionError::InvalidDelete { .. } => {
            matches!(clause, Clause::Delete(_) | Clause::Foreach(_))
        }
        ExecutionError::MergeNull { .. } => matches!(clause, Clause::Merge(_) | Clause::Foreach(_)),
        ExecutionError::NullEnd { .. } => makes,
        ExecutionError::InvalidTarget { .. } => matches!(clause, Clause::Set(_) | Clause::Foreach(_)),
        ExecutionError::LoadCsv { .. } => matches!(clause, Clause::LoadCsv(_)),
        ExecutionError::Procedure(_) => matches!(clause, Clause::CallProcedure(_)),
        ExecutionError::Graph(GraphError::NoSuchClaim(_)) => matches!(clause, Clause::CallProcedure(_)),
        ExecutionError::Graph(GraphError::Unstorable { .. } | GraphError::TooDeep | GraphError::NotUnique { .. }) => {
            sets
        }
        ExecutionError::Graph(GraphError::Claimed { .. } | GraphError::ClaimedName { .. }) => {
            matches!(clause, Clause::Set(_) | Clause::Remove(_))
        }
        ExecutionError::Graph(GraphError::ClaimedLabel { .. }) => matches!(clause, Clause::Remove(_)),
        ExecutionError::Graph(GraphError::SourceRequired) => sets || matches!(clause, Clause::Delete(_)),
        _ => false,
    }
}
