//! Binds the clauses that make or drop rows without a pattern: UNWIND, FOR, LET, FILTER, FOREACH, LOAD CSV.

use crate::expression::Expression;
use crate::syntax::ast;
use crate::value::Value;

use super::binder::{Binder, already_bound};
use super::bound::{Clause, Projection};
use super::error::{BindError, BindErrorKind};
use super::types::Type;

impl<'a> Binder<'a> {
    pub(super) fn bind_unwind(&mut self, written: &'a ast::Unwind) -> Result<Clause, BindError> {
        let (list, item) = self.bind_unwound(&written.list, "in UNWIND")?;
        let variable = self.declare(&written.variable, item)?;
        Ok(Clause::Unwind { list, variable, ordinal: None })
    }

    pub(super) fn bind_for(&mut self, written: &'a ast::For) -> Result<Clause, BindError> {
        let (list, item) = self.bind_unwound(&written.list, "in FOR")?;
        let variable = self.declare(&written.variable, item)?;
        let ordinal = match &written.position {
            Some(position) => Some((self.declare(&position.variable, Type::INTEGER)?, i64::from(position.first))),
            None => None,
        };
        Ok(Clause::Unwind { list, variable, ordinal })
    }

    /// Binds what is unwound, with the type of an item; a value that is no list is a list of itself.
    fn bind_unwound(
        &mut self,
        list: &'a ast::Expression,
        place: &'static str,
    ) -> Result<(Expression, Type), BindError> {
        let (list, value_type) = self.without_aggregates(place, |binder| binder.bind_expression(list))?;
        let item = if value_type.may_be(&Type::LIST) { value_type.item() } else { value_type };
        Ok((list, item))
    }

    pub(super) fn bind_let(&mut self, written: &'a ast::Let) -> Result<Clause, BindError> {
        let mut scope = self.scope.slots();
        let mut items = Vec::with_capacity(written.bindings.len());
        let mut bound = Vec::with_capacity(written.bindings.len());
        for binding in &written.bindings {
            bound.push(self.without_aggregates("in LET", |binder| binder.bind_expression(&binding.value))?);
        }
        for (binding, (value, value_type)) in written.bindings.iter().zip(bound) {
            let slot = self.declare(&binding.variable, value_type)?;
            items.push((slot, value));
            scope.push(slot);
        }
        Ok(Clause::Project(Projection { items, scope, ..Projection::default() }))
    }

    pub(super) fn bind_filter_clause(&mut self, written: &'a ast::Filter) -> Result<Clause, BindError> {
        let predicates = self.bind_filter(&written.condition, "in FILTER")?;
        let always = Expression::Constant(Value::Boolean(true));
        Ok(Clause::Filter(Expression::conjunction(predicates).unwrap_or(always)))
    }

    pub(super) fn bind_foreach(&mut self, written: &'a ast::Foreach) -> Result<Clause, BindError> {
        let (list, list_type) =
            self.without_aggregates("in FOREACH", |binder| binder.bind_list_operand(&written.list, "FOREACH"))?;
        if self.scope.get(&written.variable.text).is_some() {
            return Err(already_bound(&written.variable));
        }
        self.in_scope(|binder| {
            let variable = binder.declare(&written.variable, list_type.item())?;
            let mut clauses = Vec::with_capacity(written.clauses.len());
            for clause in &written.clauses {
                let writes = matches!(
                    clause,
                    ast::Clause::Create(_)
                        | ast::Clause::Merge(_)
                        | ast::Clause::Set(_)
                        | ast::Clause::Remove(_)
                        | ast::Clause::Delete(_)
                        | ast::Clause::Foreach(_)
                );
                if !writes {
                    let message = "only clauses that write can stand in FOREACH";
                    let error = BindError::new(BindErrorKind::InvalidClauseComposition, message, clause.span());
                    return Err(error.with_hint("use UNWIND to read for each item"));
                }
                clauses.push(binder.bind_clause(clause)?);
            }
            Ok(Clause::ForEach { variable, list, clauses })
        })
    }

    pub(super) fn bind_load_csv(&mut self, written: &'a ast::LoadCsv) -> Result<Clause, BindError> {
        let (url, url_type) =
            self.without_aggregates("in LOAD CSV", |binder| binder.bind_expression(&written.source))?;
        if !url_type.may_be(&Type::STRING) {
            let message = format!("LOAD CSV needs the name of a file as a string, not {url_type}");
            return Err(BindError::new(BindErrorKind::InvalidArgumentType, message, written.source.span));
        }
        let separator = match &written.field_terminator {
            None => None,
            Some(text) => {
                let mut characters = text.chars();
                let (Some(only), None) = (characters.next(), characters.next()) else {
                    let message = format!("what separates fields is one character, not `{text}`");
                    return Err(BindError::new(BindErrorKind::InvalidArgumentType, message, written.span));
                };
                Some(only)
            }
        };
        let row = if written.with_headers { Type::MAP } else { Type::list_of(Type::STRING) };
        let variable = self.declare(&written.variable, row)?;
        Ok(Clause::LoadCsv { url, variable, headers: written.with_headers, separator })
    }
}
