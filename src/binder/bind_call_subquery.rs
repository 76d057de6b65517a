//! Binds `CALL (…) { … }`: what comes in, the inner query, what goes on.

use smol_str::SmolStr;

use crate::syntax::ast::{self, ExpressionKind};
use crate::vector::Slot;

use super::aggregation::Aggregation;
use super::bind_order::is_zero;
use super::bind_query::Place;
use super::binder::Binder;
use super::bound::{CallSubquery, Clause, OnError, OutputColumn, Transactions};
use super::error::{BindError, BindErrorKind};
use super::imports::keep_imports;
use super::parts;
use super::scope::{Border, Scope};
use super::types::Type;

impl<'a> Binder<'a> {
    pub(super) fn bind_call_subquery(&mut self, written: &'a ast::CallSubquery) -> Result<Clause, BindError> {
        let (outside, wrote) = (self.scope.clone(), self.writes);
        let place = match &written.imports {
            None => Place::CallWithImports,
            Some(ast::Imports::All) => Place::Call,
            Some(ast::Imports::Variables(variables)) => {
                let mut inside = Scope::default();
                for variable in variables {
                    inside.insert(variable.text.clone(), self.resolve(&variable.text, variable.span)?);
                }
                self.scope = inside;
                Place::Call
            }
        };
        let inside = if place == Place::Call { self.scope.clone() } else { Scope::default() };
        let base = std::mem::replace(&mut self.base, inside);
        self.borders.push(Border::around(&outside));
        let aggregation = std::mem::replace(&mut self.aggregation, Aggregation::Refused("here"));
        let bound = self.bind_query(&written.query, place);
        let (mut body, columns) = bound.map_err(|error| self.told_as_outside(error, &outside))?;
        self.aggregation = aggregation;
        let border = self.borders.pop().expect("the border was set above");
        keep_imports(&mut body, border);
        self.scope = outside;
        self.base = base;
        let outputs = self.bind_outputs(&columns, written)?;
        let mut outputs = outputs;
        let transactions = match &written.transactions {
            None => None,
            Some(transactions) => Some(self.bind_transactions(transactions, wrote, &mut outputs)?),
        };
        let (returns, optional) = (!columns.is_empty(), written.optional);
        Ok(Clause::Subquery(CallSubquery { body, outputs, returns, optional, transactions }))
    }

    /// Takes a WITH of plain variables off the start of an inner query: it says what comes in.
    pub(super) fn bind_importing_with(&mut self, clauses: &'a [ast::Clause]) -> Result<&'a [ast::Clause], BindError> {
        let outside = std::mem::take(&mut self.scope);
        let Some((ast::Clause::With(with), rest)) = clauses.split_first() else { return Ok(clauses) };
        let projection = &with.projection;
        let plain = projection.items.iter().all(|item| {
            matches!(&item.expression.kind, ExpressionKind::Variable(name) if item.alias.as_ref().is_none_or(|alias| alias.text == *name))
        });
        let bare = !projection.distinct
            && projection.order.is_empty()
            && projection.skip.is_none()
            && projection.limit.is_none()
            && with.filter.is_none();
        if !plain || !bare {
            return match imported_name(with, &outside) {
                Some((name, span)) => Err(no_plain_import(&name, span)),
                None => Ok(clauses),
            };
        }
        if projection.star {
            self.scope = outside;
            return Ok(rest);
        }
        let mut inside = Scope::default();
        self.scope = outside;
        for item in &projection.items {
            let name = item.column_name();
            inside.insert(name.clone(), self.resolve(&name, item.span)?);
        }
        self.scope = inside;
        Ok(rest)
    }

    /// Returns an error of a subquery, with the cure where it reads a variable that only the query around it has.
    fn told_as_outside(&self, mut error: BindError, outside: &Scope) -> BindError {
        let place = error.span.start as usize..error.span.end as usize;
        let name = self.source.get(place).unwrap_or_default().trim_matches('`');
        let is_carried = self.left_behind.get(name).is_some() || self.base.get(name).is_some();
        if error.kind == BindErrorKind::UndefinedVariable && outside.get(name).is_some() && !is_carried {
            error.label = Some("not brought in".into());
            error.hint =
                Some(format!("`{name}` is defined outside of the subquery; bring it in: `CALL ({name}) {{ … }}`"));
        }
        error
    }

    /// Puts the inner columns in scope, and returns their slots.
    fn bind_outputs(&mut self, columns: &[OutputColumn], written: &ast::CallSubquery) -> Result<Vec<Slot>, BindError> {
        let mut outputs = Vec::with_capacity(columns.len());
        for column in columns {
            match self.scope.get(&column.name) {
                // A variable that came in and is returned as it is stays what it was.
                Some(slot) if slot == column.slot => {}
                Some(_) => {
                    let message = format!("the subquery returns `{}`, which is already defined outside", column.name);
                    let error = BindError::new(BindErrorKind::VariableAlreadyBound, message, written.span);
                    return Err(error.with_hint("return it under another name: `… AS name`"));
                }
                None => {
                    self.scope.insert(column.name.clone(), column.slot);
                    outputs.push(column.slot);
                }
            }
        }
        Ok(outputs)
    }

    fn bind_transactions(
        &mut self,
        written: &'a ast::InTransactions,
        wrote_before: bool,
        outputs: &mut Vec<Slot>,
    ) -> Result<Transactions, BindError> {
        let refused = |message: &str| BindError::new(BindErrorKind::InvalidClauseComposition, message, written.span);
        let on_error = match written.on_error {
            None | Some(ast::OnError::Fail) => OnError::Fail,
            Some(ast::OnError::Break) => OnError::Break,
            Some(ast::OnError::Continue) => OnError::Continue,
        };
        if on_error != OnError::Fail && wrote_before {
            let message = "a transaction that fails would take back what the clauses before have written";
            return Err(refused(message).with_hint("write in the subquery only, or leave ON ERROR away"));
        }
        if on_error == OnError::Fail && written.report.is_some() {
            let message = "a status is reported of what may fail without ending the statement";
            return Err(refused(message).with_hint("add `ON ERROR CONTINUE` or `ON ERROR BREAK`"));
        }
        // One transaction writes at a time, so how many may run side by side changes nothing.
        self.bind_row_count(written.concurrency.as_ref(), "the number of concurrent transactions")?;
        let rows = self.bind_row_count(written.batch_size.as_ref(), "the number of rows a transaction")?;
        if let (Some(count), Some(size)) = (&rows, &written.batch_size)
            && is_zero(count)
        {
            let message = "a transaction takes at least one row";
            let error = BindError::new(BindErrorKind::NegativeIntegerArgument, message, size.span);
            return Err(error.with_hint("leave `OF … ROWS` away for 1000 rows a transaction"));
        }
        let usual = crate::expression::Expression::Constant(crate::value::Value::Integer(1000));
        let report = match &written.report {
            None => None,
            Some(variable) => {
                let slot = self.declare(variable, Type::MAP)?;
                outputs.push(slot);
                Some(slot)
            }
        };
        Ok(Transactions { rows: rows.unwrap_or(usual), on_error, report })
    }
}

/// Returns the first variable from outside that a WITH mentions, and where.
fn imported_name(with: &ast::With, outside: &Scope) -> Option<(SmolStr, ast::Span)> {
    let projection = &with.projection;
    let order = projection.order.iter().map(|item| &item.expression);
    let items = projection.items.iter().map(|item| &item.expression).chain(&with.filter).chain(order);
    let mut mentioned = items.filter_map(|expression| {
        let mut names = Vec::new();
        parts::variables(expression, &mut names);
        let name = names.into_iter().find(|name| outside.get(name).is_some())?;
        Some((name, expression.span))
    });
    mentioned.next()
}

/// Returns the error for a WITH at the start of a subquery that does more than to name variables from outside.
fn no_plain_import(name: &str, span: ast::Span) -> BindError {
    let message = format!("the `WITH` that brings `{name}` into a subquery can only name it");
    let error = BindError::new(BindErrorKind::InvalidClauseComposition, message, span).with_label("more than a name");
    error.with_hint(format!(
        "write `CALL ({name}) {{ WITH … }}`, or `WITH {name}` and what is made of it in a `WITH` of its own"
    ))
}
