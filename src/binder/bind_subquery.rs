//! Binds subqueries of expressions: EXISTS, COUNT, COLLECT, pattern predicates, pattern comprehensions, shortest paths as values.
//!
//! Each goes into the query's list of subqueries, and its number stays in the expression. What it reads from outside is noted while it is
//! bound: every slot that was in scope at its border.

use crate::expression::{Expression, SubqueryId};
use crate::syntax::ast;
use crate::value::Value;
use crate::vector::Slot;

use super::aggregation::Aggregation;
use super::bind_expression::Typed;
use super::bind_pattern::PatternUse;
use super::binder::Binder;
use super::bound::{Clause, Match, OutputColumn, Projection, QueryBody, Subquery, SubqueryKind};
use super::error::{BindError, BindErrorKind};
use super::imports::keep_imports;
use super::scope::Border;
use super::types::Type;

impl<'a> Binder<'a> {
    /// Binds `(a)-->(b)` where a truth value is wanted; it introduces no variables.
    pub(super) fn bind_pattern_predicate(&mut self, pattern: &'a ast::PathPattern) -> Result<Expression, BindError> {
        self.enclosed(pattern.span, |binder| {
            let (pattern, predicates) = binder.bind_patterns(std::slice::from_ref(pattern), PatternUse::Predicate)?;
            let found = Match { optional: false, pattern, predicates };
            Ok((SubqueryKind::Exists, QueryBody::Clauses(vec![Clause::Match(found)])))
        })
    }

    /// Binds `[pattern WHERE filter | map]`.
    pub(super) fn bind_pattern_comprehension(
        &mut self,
        written: &'a ast::PatternComprehension,
    ) -> Result<Typed, BindError> {
        let mut item_type = Type::ANY;
        let collected = self.enclosed(written.pattern.span, |binder| {
            let patterns = std::slice::from_ref(&written.pattern);
            let found = binder.bind_match_parts(false, patterns, written.filter.as_ref())?;
            let (map, map_type) = binder.bind_expression(&written.map)?;
            item_type = map_type.clone();
            Ok(binder.collected(found, map, map_type))
        })?;
        Ok((collected, Type::list_of(item_type)))
    }

    /// Binds a pattern that stands for a value: only shortest paths do.
    pub(super) fn bind_pattern_value(
        &mut self,
        pattern: &'a ast::PathPattern,
        span: ast::Span,
    ) -> Result<Typed, BindError> {
        let Some(function) = pattern.function else {
            let message = "a pattern can only stand where a truth value is wanted";
            let error = BindError::new(BindErrorKind::UnexpectedSyntax, message, span);
            return Err(error.with_hint("use it in WHERE, or write `EXISTS { … }`, `COUNT { … }` or `[(a)-->(b) | …]`"));
        };
        let collected = self.enclosed(span, |binder| {
            let (mut pattern, predicates) =
                binder.bind_patterns(std::slice::from_ref(pattern), PatternUse::Predicate)?;
            let path = pattern.paths.pop().map(|(_, path)| path).expect("a shortest path is kept as a path");
            let found = Match { optional: false, pattern, predicates };
            Ok(binder.collected(found, path, Type::PATH))
        })?;
        Ok(match function {
            ast::ShortestPathFunction::All => (collected, Type::list_of(Type::PATH)),
            ast::ShortestPathFunction::One => {
                let first = Expression::Constant(Value::Integer(0));
                (Expression::Index(Box::new(collected), Box::new(first)), Type::PATH)
            }
        })
    }

    /// Binds `EXISTS { … }`, `COUNT { … }`, `COLLECT { … }`.
    pub(super) fn bind_subquery(&mut self, written: &'a ast::Subquery, span: ast::Span) -> Result<Typed, BindError> {
        let mut item_type = Type::ANY;
        let expression = self.enclosed(span, |binder| {
            let (body, columns) = match &written.body {
                ast::SubqueryBody::Pattern { patterns, filter } => {
                    let found = binder.bind_match_parts(false, patterns, filter.as_ref())?;
                    (QueryBody::Clauses(vec![Clause::Match(found)]), Vec::new())
                }
                ast::SubqueryBody::Query(query) => binder.bind_inner_query(query)?,
            };
            let kind = match written.kind {
                ast::SubqueryKind::Exists => SubqueryKind::Exists,
                ast::SubqueryKind::Count => SubqueryKind::Count,
                ast::SubqueryKind::Collect => {
                    let column = only_column(&columns, span)?;
                    item_type = binder.type_of(column);
                    SubqueryKind::Collect(column)
                }
            };
            Ok((kind, body))
        })?;
        let value_type = match written.kind {
            ast::SubqueryKind::Exists => Type::BOOLEAN,
            ast::SubqueryKind::Count => Type::INTEGER,
            ast::SubqueryKind::Collect => Type::list_of(item_type),
        };
        Ok((expression, value_type))
    }

    fn bind_inner_query(&mut self, query: &'a ast::Query) -> Result<(QueryBody, Vec<OutputColumn>), BindError> {
        let wrote = std::mem::replace(&mut self.writes, false);
        let bound = self.bind_query(query, super::bind_query::Place::Expression)?;
        if self.writes {
            let message = "a subquery of an expression cannot write";
            let error = BindError::new(BindErrorKind::InvalidClauseComposition, message, query.span);
            return Err(error.with_hint("write in a clause of its own, or in `CALL { … }`"));
        }
        self.writes = wrote;
        Ok(bound)
    }

    /// Returns the body of a subquery that collects one expression over the matches of a pattern.
    fn collected(&mut self, found: Match, item: Expression, item_type: Type) -> (SubqueryKind, QueryBody) {
        let slot = self.hidden_slot("item", item_type);
        let projection = Projection { items: vec![(slot, item)], scope: vec![slot], ..Projection::default() };
        let clauses = vec![Clause::Match(found), Clause::Project(projection)];
        (SubqueryKind::Collect(slot), QueryBody::Clauses(clauses))
    }

    /// Binds a subquery inside a border, and returns the expression that stands for it.
    fn enclosed(
        &mut self,
        span: ast::Span,
        bind: impl FnOnce(&mut Self) -> Result<(SubqueryKind, QueryBody), BindError>,
    ) -> Result<Expression, BindError> {
        if let Some(what) = self.constant {
            // The constant's error names a variable; a subquery depends on the graph even without one.
            let message = format!("{what} cannot depend on a subquery");
            return Err(BindError::new(BindErrorKind::NonConstantExpression, message, span));
        }
        let scope = self.scope.clone();
        let base = std::mem::replace(&mut self.base, scope.clone());
        let replacements = self.replacements.clone();
        let aggregation = std::mem::replace(&mut self.aggregation, Aggregation::Refused("in a pattern or subquery"));
        self.borders.push(Border::around(&scope));
        let (kind, mut body) = bind(self)?;
        let border = self.borders.pop().expect("the border was set above");
        self.scope = scope;
        self.base = base;
        self.replacements = replacements;
        self.aggregation = aggregation;
        let imports = keep_imports(&mut body, border);
        let id = SubqueryId(u32::try_from(self.subqueries.len()).expect("a statement has fewer subqueries than bytes"));
        self.subqueries.push(Subquery { kind, body, imports });
        Ok(Expression::Subquery(id))
    }
}

fn only_column(columns: &[OutputColumn], span: ast::Span) -> Result<Slot, BindError> {
    match columns {
        [column] => Ok(column.slot),
        _ => {
            let message = format!("`COLLECT` needs one column, not {}", columns.len());
            Err(BindError::new(BindErrorKind::InvalidNumberOfArguments, message, span))
        }
    }
}
