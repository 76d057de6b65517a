//! Binds queries: clauses in a row, UNION, and in which order clauses may stand.

use crate::syntax::ast;

use super::binder::Binder;
use super::bound::{Clause, OutputColumn, QueryBody, UnionBranch};
use super::error::{BindError, BindErrorKind};
use super::scope::Scope;
use super::types::Type;

/// Where a query stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the statement.
    Statement,
    /// In `EXISTS { … }` and its kin: it may end with any clause.
    Expression,
    /// In `CALL { … }` without brackets: a WITH at its start says what comes in.
    CallWithImports,
    /// In `CALL (…) { … }`.
    Call,
}

impl Place {
    /// Returns where a query stands whose rows come from one before it: what comes in from outside was said there.
    fn behind_next(self) -> Place {
        if self == Place::CallWithImports { Place::Call } else { self }
    }
}

impl<'a> Binder<'a> {
    /// Binds the query of a statement; a procedure call alone is a standalone call.
    pub(super) fn bind_statement_query(
        &mut self,
        query: &'a ast::Query,
    ) -> Result<(QueryBody, Vec<OutputColumn>), BindError> {
        if let ([ast::Clause::CallProcedure(call)], [], None) =
            (query.first.clauses.as_slice(), query.unions.as_slice(), &query.before)
        {
            let (clause, columns) = self.bind_standalone_call(call)?;
            return Ok((QueryBody::Clauses(vec![clause]), columns));
        }
        self.bind_query(query, Place::Statement)
    }

    /// Binds a query in the scope as it is; afterwards the scope means nothing.
    pub(super) fn bind_query(
        &mut self,
        query: &'a ast::Query,
        place: Place,
    ) -> Result<(QueryBody, Vec<OutputColumn>), BindError> {
        let (start, place, wrote) = match &query.before {
            None => (Vec::new(), place, false),
            Some(before) => {
                let (start, wrote) = self.bind_before(before, place)?;
                (start, place.behind_next(), wrote)
            }
        };
        if query.unions.is_empty() {
            let (clauses, columns) = self.bind_single_query(&query.first, place, start)?;
            return Ok((QueryBody::Clauses(clauses), columns));
        }
        if wrote { self.bind_union_behind_writing(query, place, start) } else { self.bind_union(query, place, start) }
    }

    /// Binds a union whose parts all begin with the same clauses.
    pub(super) fn bind_union(
        &mut self,
        query: &'a ast::Query,
        place: Place,
        start: Vec<Clause>,
    ) -> Result<(QueryBody, Vec<OutputColumn>), BindError> {
        let all = query.unions.first().is_some_and(|union| union.all);
        if let Some(other) = query.unions.iter().find(|union| union.all != all) {
            let message = "`UNION` and `UNION ALL` cannot be mixed";
            let error = BindError::new(BindErrorKind::InvalidClauseComposition, message, other.span);
            return Err(error
                .with_related(query.unions[0].span, "the other kind")
                .with_hint("put one part into `CALL () { … }`"));
        }
        let outside = self.scope.clone();
        let (clauses, columns) = self.bind_single_query(&query.first, place, start.clone())?;
        let mut types: Vec<Type> = columns.iter().map(|column| self.type_of(column.slot)).collect();
        let slots = columns.iter().map(|column| column.slot).collect();
        let mut branches = vec![UnionBranch { body: QueryBody::Clauses(clauses), columns: slots }];
        for union in &query.unions {
            self.scope = outside.clone();
            self.left_behind = Scope::default();
            if let Some(border) = self.borders.last_mut() {
                border.aggregated = false;
            }
            let (clauses, other) = self.bind_single_query(&union.query, place, start.clone())?;
            let slots = matching_columns(&columns, &other, union)?;
            for (joined, slot) in types.iter_mut().zip(&slots) {
                *joined = std::mem::replace(joined, Type::NULL).or(self.type_of(*slot));
            }
            branches.push(UnionBranch { body: QueryBody::Clauses(clauses), columns: slots });
        }
        let mut outputs = Vec::with_capacity(columns.len());
        for (column, value_type) in columns.into_iter().zip(types) {
            let slot = self.new_slot(column.name.clone(), value_type);
            outputs.push(OutputColumn { name: column.name, slot });
        }
        let output = outputs.iter().map(|column| column.slot).collect();
        Ok((QueryBody::Union { branches, all, output }, outputs))
    }

    /// Binds clauses in a row, behind those that stand before them already.
    fn bind_single_query(
        &mut self,
        query: &'a ast::SingleQuery,
        place: Place,
        start: Vec<Clause>,
    ) -> Result<(Vec<Clause>, Vec<OutputColumn>), BindError> {
        let mut written = query.clauses.as_slice();
        if place == Place::CallWithImports {
            written = self.bind_importing_with(written)?;
        }
        let (mut clauses, mut columns) = (start, Vec::new());
        for (number, clause) in written.iter().enumerate() {
            let last = number + 1 == written.len();
            if !last && matches!(clause, ast::Clause::Return(_) | ast::Clause::Finish(_)) {
                let message = "nothing can follow the end of a query";
                let error =
                    BindError::new(BindErrorKind::InvalidClauseComposition, message, written[number + 1].span());
                return Err(error.with_related(clause.span(), "the query ends here").with_hint("use WITH to go on"));
            }
            if last && place != Place::Expression {
                check_end(clause)?;
            }
            if let ast::Clause::Return(clause) = clause {
                let (clause, returned) = self.bind_return(clause)?;
                clauses.push(clause);
                columns = returned;
            } else {
                let bound = self.bind_clause(clause)?;
                if last && place != Place::Expression && matches!(&bound, Clause::Subquery(call) if call.returns) {
                    let message = "a query cannot end with a subquery that returns rows";
                    let error = BindError::new(BindErrorKind::InvalidClauseComposition, message, clause.span());
                    return Err(error.with_hint("add `RETURN *` to see the rows, or FINISH"));
                }
                clauses.push(bound);
            }
        }
        Ok((clauses, columns))
    }

    /// Binds any clause but RETURN.
    pub(super) fn bind_clause(&mut self, clause: &'a ast::Clause) -> Result<Clause, BindError> {
        match clause {
            ast::Clause::Match(clause) => self.bind_match(clause),
            ast::Clause::Unwind(clause) => self.bind_unwind(clause),
            ast::Clause::For(clause) => self.bind_for(clause),
            ast::Clause::Let(clause) => self.bind_let(clause),
            ast::Clause::Filter(clause) => self.bind_filter_clause(clause),
            ast::Clause::With(clause) => self.bind_with(clause),
            ast::Clause::Return(clause) => Ok(self.bind_return(clause)?.0),
            ast::Clause::Finish(_) => Ok(Clause::Finish),
            ast::Clause::Create(clause) => self.bind_create(clause),
            ast::Clause::Merge(clause) => self.bind_merge(clause),
            ast::Clause::Set(clause) => self.bind_set(clause),
            ast::Clause::Remove(clause) => self.bind_remove(clause),
            ast::Clause::Delete(clause) => self.bind_delete(clause),
            ast::Clause::Foreach(clause) => self.bind_foreach(clause),
            ast::Clause::CallProcedure(clause) => self.bind_call(clause),
            ast::Clause::CallSubquery(clause) => self.bind_call_subquery(clause),
            ast::Clause::LoadCsv(clause) => self.bind_load_csv(clause),
        }
    }
}

/// Refuses a query that ends with a clause whose rows nobody takes.
fn check_end(clause: &ast::Clause) -> Result<(), BindError> {
    let keyword = match clause {
        ast::Clause::Match(_) => "MATCH",
        ast::Clause::Unwind(_) => "UNWIND",
        ast::Clause::For(_) => "FOR",
        ast::Clause::Let(_) => "LET",
        ast::Clause::Filter(_) => "FILTER",
        ast::Clause::With(_) => "WITH",
        ast::Clause::LoadCsv(_) => "LOAD CSV",
        ast::Clause::CallProcedure(call) if call.yields.is_some() => "CALL … YIELD",
        _ => return Ok(()),
    };
    let message = format!("a query cannot end with {keyword}");
    let error = BindError::new(BindErrorKind::InvalidClauseComposition, message, clause.span());
    Err(error.with_hint("end it with RETURN, with a clause that writes, or with FINISH"))
}

/// Returns the slots of a branch's columns in the order of the first branch's.
fn matching_columns(
    first: &[OutputColumn],
    other: &[OutputColumn],
    union: &ast::Union,
) -> Result<Vec<crate::vector::Slot>, BindError> {
    let find = |name: &str| other.iter().find(|column| column.name == name).map(|column| column.slot);
    let slots: Option<Vec<_>> = first.iter().map(|column| find(&column.name)).collect();
    match slots {
        Some(slots) if slots.len() == other.len() => Ok(slots),
        _ => {
            let names = |columns: &[OutputColumn]| {
                let names: Vec<String> = columns.iter().map(|column| format!("`{}`", column.name)).collect();
                if names.is_empty() { "no columns".to_string() } else { names.join(", ") }
            };
            let message = "the parts of a union have different columns";
            let error = BindError::new(BindErrorKind::DifferentColumnsInUnion, message, union.span);
            Err(error.with_hint(format!("before: {}; after: {}", names(first), names(other))))
        }
    }
}
