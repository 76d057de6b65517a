//! The state that binding a statement has: slots, scope, parameters, subqueries, warnings; and how a variable is resolved.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::diagnostic::Diagnostic;
use crate::expression::Expression;
use crate::syntax::ast;
use crate::vector::Slot;

use super::aggregation::Aggregation;
use super::bound::{BoundQuery, SlotInformation, Subquery};
use super::environment::{Environment, NameKind};
use super::error::{BindError, BindErrorKind};
use super::scope::{Border, Scope};
use super::types::Type;

/// A statement with its meaning, and what to say about it.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The query.
    pub query: BoundQuery,
    /// What is probably not meant: names that the graph does not know.
    pub warnings: Vec<Diagnostic>,
}

/// Binds one statement.
pub struct Binder<'a> {
    /// The statement's text.
    pub(super) source: &'a str,
    /// What it is bound against.
    pub(super) environment: Environment<'a>,
    /// What is known of each slot.
    pub(super) slots: Vec<SlotInformation>,
    /// What values each slot may hold.
    pub(super) types: Vec<Type>,
    /// The parameters' names, in order of first use.
    pub(super) parameters: Vec<SmolStr>,
    /// The subqueries of expressions.
    pub(super) subqueries: Vec<Subquery>,
    /// What to warn of.
    pub(super) warnings: Vec<Diagnostic>,
    /// The unknown names that were warned of already.
    pub(super) warned: BTreeSet<(NameKind, SmolStr)>,
    /// The names that the statement itself writes, which a later clause may read.
    pub(super) written: BTreeSet<(NameKind, SmolStr)>,
    /// Whether the statement writes properties whose keys the text does not tell.
    pub(super) writes_any_key: bool,
    /// Whether any clause writes.
    pub(super) writes: bool,
    /// The variables in scope.
    pub(super) scope: Scope,
    /// The variables from outside the subquery that is being bound, which no WITH inside takes away.
    pub(super) base: Scope,
    /// The subqueries that are being bound, outermost first.
    pub(super) borders: Vec<Border>,
    /// What an aggregate means here.
    pub(super) aggregation: Aggregation,
    /// Written expressions that stand for a slot here: grouping keys within aggregating items, projected items within ORDER BY.
    pub(super) replacements: Vec<(&'a ast::Expression, Slot)>,
    /// Variables that were in scope just before and why they are not any more.
    pub(super) lost: Option<Lost>,
    /// Variables that a projection did not carry on.
    pub(super) left_behind: Scope,
    /// Variables that the query before `NEXT` did not return.
    pub(super) not_returned: Scope,
    /// Where each expression stands, if that is wanted.
    pub(super) places: Option<Vec<(Expression, ast::Span)>>,
    /// What must be the same for all rows, if the expression must.
    pub(super) constant: Option<&'static str>,
}

/// Variables that cannot be read although they were defined.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    /// The variables.
    pub(super) scope: Scope,
    /// Which kind of mistake it is to read one.
    pub(super) kind: BindErrorKind,
    /// Those whose reading mixes what is grouped by with what is aggregated.
    pub(super) ambiguous: Vec<SmolStr>,
    /// Why, in words that follow the variable's name.
    pub(super) reason: &'static str,
    /// What to try.
    pub(super) hint: &'static str,
}

impl<'a> Binder<'a> {
    /// Returns the meaning of a query in an environment; `source` is the text that the statement was parsed from.
    ///
    /// # Errors
    /// The first thing found that is wrong with its meaning.
    pub fn bind(
        statement: &'a ast::Statement,
        source: &'a str,
        environment: &Environment<'a>,
    ) -> Result<Binding, BindError> {
        let ast::StatementBody::Query(query) = &statement.body else {
            let message = "this statement is not a query";
            return Err(BindError::new(BindErrorKind::UnexpectedSyntax, message, statement.span));
        };
        let mut binder = Binder::over(source, environment);
        let (body, columns) = binder.bind_statement_query(query)?;
        let lens = binder.bind_lens(&statement.lens)?;
        let query = BoundQuery {
            body,
            columns,
            slots: binder.slots,
            parameters: binder.parameters,
            subqueries: binder.subqueries,
            lens,
            cite: statement.lens.cite.is_some(),
            writes: binder.writes,
        };
        Ok(Binding { query, warnings: binder.warnings })
    }

    /// Returns the meaning of each expression of a query with its place, inner ones first; as far as the query means anything.
    pub fn places(
        statement: &'a ast::Statement,
        source: &'a str,
        environment: &Environment<'a>,
    ) -> Vec<(Expression, ast::Span)> {
        let ast::StatementBody::Query(query) = &statement.body else { return Vec::new() };
        let mut binder = Binder { places: Some(Vec::new()), ..Binder::over(source, environment) };
        // What was run was bound before; and an error would only end the list.
        let _ = binder.bind_statement_query(query);
        binder.places.unwrap_or_default()
    }

    /// Notes where an expression stands, if that is wanted.
    pub(super) fn note_place(&mut self, expression: &Expression, span: ast::Span) {
        if let Some(places) = &mut self.places {
            places.push((expression.clone(), span));
        }
    }

    fn over(source: &'a str, environment: &Environment<'a>) -> Binder<'a> {
        Binder {
            source,
            environment: *environment,
            slots: Vec::new(),
            types: Vec::new(),
            parameters: Vec::new(),
            subqueries: Vec::new(),
            warnings: Vec::new(),
            warned: BTreeSet::new(),
            written: BTreeSet::new(),
            writes_any_key: false,
            writes: false,
            scope: Scope::default(),
            base: Scope::default(),
            borders: Vec::new(),
            aggregation: Aggregation::Refused("here"),
            replacements: Vec::new(),
            lost: None,
            left_behind: Scope::default(),
            not_returned: Scope::default(),
            places: None,
            constant: None,
        }
    }

    /// Returns a new slot.
    pub(super) fn new_slot(&mut self, name: impl Into<SmolStr>, value_type: Type) -> Slot {
        let slot = Slot(u32::try_from(self.slots.len()).expect("a statement has fewer variables than bytes"));
        self.slots.push(SlotInformation { name: name.into() });
        self.types.push(value_type);
        slot
    }

    /// Returns a new slot whose name no variable can have.
    pub(super) fn hidden_slot(&mut self, what: &str, value_type: Type) -> Slot {
        let name = format!(" {what}{}", self.slots.len());
        self.new_slot(name, value_type)
    }

    /// Returns a new slot for a variable, which is in scope from now on.
    ///
    /// # Errors
    /// `VariableAlreadyBound` if the name is taken; why the variable cannot be read if it is one that was lost.
    pub(super) fn declare(&mut self, variable: &ast::Variable, value_type: Type) -> Result<Slot, BindError> {
        if self.scope.get(&variable.text).is_some() {
            return Err(already_bound(variable));
        }
        // A pattern within an aggregating item does not make anew what it cannot read.
        if self.lost.as_ref().is_some_and(|lost| lost.scope.get(&variable.text).is_some()) {
            return Err(self.unresolved(&variable.text, variable.span));
        }
        let slot = self.new_slot(variable.text.clone(), value_type);
        self.scope.insert(variable.text.clone(), slot);
        Ok(slot)
    }

    /// Returns what values a slot may hold.
    pub(super) fn type_of(&self, slot: Slot) -> Type {
        self.types.get(slot.0 as usize).cloned().unwrap_or(Type::ANY)
    }

    /// Notes that a slot is read here, for the subqueries around that take it from outside.
    pub(super) fn read(&mut self, slot: Slot) {
        self.borders.iter_mut().for_each(|border| border.read(slot));
    }

    /// Returns the slot of a variable that is read.
    ///
    /// # Errors
    /// `UndefinedVariable`, or why the variable cannot be read here.
    pub(super) fn resolve(&mut self, name: &str, span: ast::Span) -> Result<Slot, BindError> {
        let Some(slot) = self.scope.get(name) else {
            return Err(self.unresolved(name, span));
        };
        if let Some(what) = self.constant {
            let message = format!("{what} cannot depend on variable `{name}`");
            let error = BindError::new(BindErrorKind::NonConstantExpression, message, span);
            return Err(error.with_label("differs from row to row").with_hint("use a number or a parameter"));
        }
        self.read(slot);
        Ok(slot)
    }

    fn unresolved(&self, name: &str, span: ast::Span) -> BindError {
        if let Some(lost) = self.lost.as_ref().filter(|lost| lost.scope.get(name).is_some()) {
            let ambiguous = lost.ambiguous.iter().any(|other| other == name);
            let kind = if ambiguous { BindErrorKind::AmbiguousAggregationExpression } else { lost.kind };
            let message = format!("variable `{name}` {}", lost.reason);
            return BindError::new(kind, message, span).with_hint(lost.hint);
        }
        let message = format!("variable `{name}` is not defined");
        let error = BindError::new(BindErrorKind::UndefinedVariable, message, span).with_label("not defined");
        if self.left_behind.get(name).is_some() {
            return error.with_hint(format!("`WITH` carries on only what it names; add it there: `WITH …, {name}`"));
        }
        if self.not_returned.get(name).is_some() {
            let hint = format!("`NEXT` carries on only what `RETURN` names; add it there: `RETURN …, {name}`");
            return error.with_hint(hint);
        }
        let error = error.with_nearest(name, self.scope.names());
        error.with_hint_if_none(self.words_about_scope(name))
    }

    /// Says what is in scope where a name is not, and what else the name may have been meant to be.
    fn words_about_scope(&self, name: &str) -> String {
        let names: Vec<String> = self.scope.names().take(8).map(|name| format!("`{name}`")).collect();
        let Some(first) = names.first() else {
            return "no variables are in scope here: `MATCH` binds them; a text stands in quotes".to_owned();
        };
        let in_scope = format!("in scope here: {}", names.join(", "));
        let kind = NameKind::PropertyKey;
        let is_key =
            self.environment.names.knows(kind, name) || self.environment.names.resolve_alias(kind, name).is_some();
        match is_key {
            true => format!("{in_scope}; a property is written with its element: `{}.{name}`", first.trim_matches('`')),
            false => format!("{in_scope}; a text stands in quotes: `'{name}'`"),
        }
    }

    /// Runs `bind` with the scope as it is now, and puts it back afterwards; after an error nothing is bound any more.
    pub(super) fn in_scope<T>(&mut self, bind: impl FnOnce(&mut Self) -> Result<T, BindError>) -> Result<T, BindError> {
        let kept = (self.scope.clone(), self.left_behind.clone(), self.not_returned.clone());
        let result = bind(self)?;
        (self.scope, self.left_behind, self.not_returned) = kept;
        Ok(result)
    }

    /// Runs `bind` with aggregates refused, in words that say where.
    pub(super) fn without_aggregates<T>(
        &mut self,
        place: &'static str,
        bind: impl FnOnce(&mut Self) -> Result<T, BindError>,
    ) -> Result<T, BindError> {
        let before = std::mem::replace(&mut self.aggregation, Aggregation::Refused(place));
        let result = bind(self)?;
        self.aggregation = before;
        Ok(result)
    }
}

/// Returns the error for a name that is taken.
pub(super) fn already_bound(variable: &ast::Variable) -> BindError {
    let message = format!("variable `{}` is already defined", variable.text);
    BindError::new(BindErrorKind::VariableAlreadyBound, message, variable.span)
        .with_label("taken")
        .with_hint("choose another name")
}

/// Returns the error for a variable that is used as something that it is not.
pub(super) fn type_conflict(variable: &ast::Variable, is: &Type, wanted: &str) -> BindError {
    let message = format!("variable `{}` is {is}, not {wanted}", variable.text);
    BindError::new(BindErrorKind::VariableTypeConflict, message, variable.span).with_label(format!("used as {wanted}"))
}
