//! Binds WITH and RETURN: columns, implicit grouping, and the scope that goes on.
//!
//! ```text
//! RETURN a.name, count(*) + 1 AS n
//!
//! keys        1 = 0.name             items without an aggregate
//! aggregates  2 = count(*)           what stands inside the other items
//! items       3 = 2 + 1              the other items, over keys and aggregates
//! scope       1, 3
//! ```

use smol_str::SmolStr;

use crate::expression::Expression;
use crate::syntax::ast::{self, ExpressionKind};
use crate::vector::Slot;

use super::aggregation::{Aggregation, Grouping};
use super::binder::{Binder, Lost};
use super::bound::{Clause, OutputColumn, Projection};
use super::error::{BindError, BindErrorKind};
use super::parts;
use super::scope::Scope;

/// A projection while it is bound.
pub(super) struct Columns<'a> {
    /// The columns, in order.
    pub(super) columns: Vec<OutputColumn>,
    /// The written items and their columns' slots.
    pub(super) items: Vec<(&'a ast::ProjectionItem, Slot)>,
    /// The scope below.
    pub(super) below: Scope,
    /// The scope afterwards.
    pub(super) scope: Scope,
    /// Variables below that are grouping keys themselves, by their names below.
    pub(super) grouped: Scope,
    /// What is computed.
    pub(super) projection: Projection,
}

impl<'a> Binder<'a> {
    pub(super) fn bind_with(&mut self, written: &'a ast::With) -> Result<Clause, BindError> {
        let columns = self.bind_projection(&written.projection, written.filter.as_ref())?;
        for item in &written.projection.items {
            let named = item.alias.is_some() || matches!(item.expression.kind, ExpressionKind::Variable(_));
            if !named {
                let message = format!("`{}` in WITH needs a name", item.text);
                let error = BindError::new(BindErrorKind::NoExpressionAlias, message, item.span);
                return Err(error.with_hint("write `… AS name`"));
            }
        }
        Ok(Clause::Project(columns.projection))
    }

    pub(super) fn bind_return(&mut self, written: &'a ast::Return) -> Result<(Clause, Vec<OutputColumn>), BindError> {
        let star = written.projection.star && self.scope.is_empty();
        if star && written.projection.items.is_empty() {
            let message = "`RETURN *` has nothing to return: no variables are in scope";
            let error = BindError::new(BindErrorKind::NoVariablesInScope, message, written.span);
            return Err(error.with_hint("name a node or a relationship in a pattern before, or return an expression"));
        }
        let columns = self.bind_projection(&written.projection, None)?;
        Ok((Clause::Project(columns.projection), columns.columns))
    }

    /// Binds a projection with its order, limits and filter; the scope is then the projection's.
    pub(super) fn bind_projection(
        &mut self,
        written: &'a ast::Projection,
        filter: Option<&'a ast::Expression>,
    ) -> Result<Columns<'a>, BindError> {
        let mut columns = Columns {
            columns: Vec::new(),
            items: Vec::new(),
            below: self.scope.clone(),
            scope: Scope::default(),
            grouped: Scope::default(),
            projection: Projection { distinct: written.distinct, ..Projection::default() },
        };
        let aggregating = written.items.iter().any(|item| parts::aggregates(&item.expression));
        columns.projection.aggregating = aggregating;
        check_names(written, &columns.below)?;
        if written.star {
            for (name, slot) in columns.below.clone().iter() {
                self.read(slot);
                columns.add(name.clone(), slot);
                columns.grouped.insert(name.clone(), slot);
                if aggregating {
                    columns.projection.keys.push((slot, Expression::Slot(slot)));
                }
            }
        }
        let aggregates = self.bind_items(written, &mut columns)?;
        if let Some(border) = self.borders.last_mut() {
            border.aggregated |= aggregating && columns.projection.keys.is_empty();
        }
        self.bind_after_projection(written, filter, &mut columns, aggregates)?;
        columns.projection.scope = distinct_slots(&columns.columns);
        self.scope = self.base.under(&columns.scope);
        self.left_behind = self.left_behind.under(&columns.below);
        Ok(columns)
    }

    /// Binds the items; returns the aggregates found, for ORDER BY to go on with.
    fn bind_items(&mut self, written: &'a ast::Projection, columns: &mut Columns<'a>) -> Result<Grouping, BindError> {
        let aggregating = columns.projection.aggregating;
        // The keys come first, whatever the order of the items: aggregating items are checked against them.
        let mut slots = vec![None; written.items.len()];
        for (item, slot) in written.items.iter().zip(&mut slots) {
            if !parts::aggregates(&item.expression) {
                *slot = Some(self.bind_plain_item(item, aggregating, columns)?);
            }
        }
        let mut grouping = Grouping { below: columns.below.clone(), lost_below: self.lost.clone(), calls: Vec::new() };
        if aggregating {
            let simple = |item: &&ast::ProjectionItem| parts::is_simple(&item.expression);
            let keys = written.items.iter().zip(&slots).filter(|(item, _)| simple(item));
            let keys = keys.filter_map(|(item, slot)| slot.map(|slot| (&item.expression, slot))).collect();
            let replacements = std::mem::replace(&mut self.replacements, keys);
            let lost = self.lost.replace(Lost {
                scope: columns.below.clone(),
                kind: BindErrorKind::AmbiguousAggregationExpression,
                ambiguous: Vec::new(),
                reason: "stands beside an aggregate but is not grouped by",
                hint: "return it as a column of its own, or compute it in a WITH before",
            });
            let scope = std::mem::replace(&mut self.scope, columns.grouped.clone());
            self.aggregation = Aggregation::Collected(grouping);
            for (item, slot) in written.items.iter().zip(&mut slots) {
                if slot.is_none() {
                    *slot = Some(self.bind_aggregating_item(item, columns)?);
                }
            }
            grouping = self.end_grouping();
            self.scope = scope;
            self.lost = lost;
            self.replacements = replacements;
        }
        for (item, slot) in written.items.iter().zip(slots) {
            let slot = slot.expect("every item either aggregates or does not");
            columns.add(item.column_name(), slot);
            columns.items.push((item, slot));
        }
        Ok(grouping)
    }

    /// Takes the aggregates found so far out of the binder.
    pub(super) fn end_grouping(&mut self) -> Grouping {
        match std::mem::replace(&mut self.aggregation, Aggregation::Refused("here")) {
            Aggregation::Collected(grouping) => grouping,
            Aggregation::Inside | Aggregation::Refused(_) => Grouping::default(),
        }
    }

    /// Binds an item without aggregate, which is a key if the projection aggregates; returns its column's slot.
    fn bind_plain_item(
        &mut self,
        item: &'a ast::ProjectionItem,
        aggregating: bool,
        columns: &mut Columns<'a>,
    ) -> Result<Slot, BindError> {
        let (expression, value_type) =
            self.without_aggregates("here", |binder| binder.bind_expression(&item.expression))?;
        let name = item.column_name();
        let variable = match (&expression, &item.expression.kind) {
            (Expression::Slot(slot), ExpressionKind::Variable(variable)) => Some((variable, *slot)),
            _ => None,
        };
        let slot = match variable {
            // A variable that keeps its name keeps its slot.
            Some((variable, slot)) if *variable == name => slot,
            _ => self.new_slot(name, value_type),
        };
        if let Some((variable, _)) = variable {
            columns.grouped.insert(variable.clone(), slot);
        }
        if aggregating {
            columns.projection.keys.push((slot, expression));
        } else if !matches!(&expression, Expression::Slot(same) if *same == slot) {
            columns.projection.items.push((slot, expression));
        }
        Ok(slot)
    }

    /// Binds an item over aggregates and keys; returns its column's slot.
    fn bind_aggregating_item(
        &mut self,
        item: &'a ast::ProjectionItem,
        columns: &mut Columns<'a>,
    ) -> Result<Slot, BindError> {
        let (expression, value_type) = self.bind_expression(&item.expression)?;
        if let Expression::Slot(slot) = expression
            && self.slots[slot.0 as usize].name.starts_with(' ')
        {
            // The aggregate is the whole item and no other item's: its slot is the column.
            self.slots[slot.0 as usize].name = item.column_name();
            return Ok(slot);
        }
        let slot = self.new_slot(item.column_name(), value_type);
        columns.projection.items.push((slot, expression));
        Ok(slot)
    }
}

impl Columns<'_> {
    fn add(&mut self, name: SmolStr, slot: Slot) {
        self.scope.insert(name.clone(), slot);
        self.columns.push(OutputColumn { name, slot });
    }
}

/// Refuses two columns of one name.
fn check_names(written: &ast::Projection, below: &Scope) -> Result<(), BindError> {
    let mut taken: Vec<(SmolStr, ast::Span)> = Vec::new();
    if written.star {
        taken.extend(below.names().map(|name| (SmolStr::new(name), written.span)));
    }
    for item in &written.items {
        let name = item.column_name();
        if let Some((_, first)) = taken.iter().find(|(other, _)| *other == name) {
            let message = format!("two columns are named `{name}`");
            let error = BindError::new(BindErrorKind::ColumnNameConflict, message, item.span);
            let error = if *first == written.span { error } else { error.with_related(*first, "the first of them") };
            return Err(error.with_hint("give one of them another name: `… AS name`"));
        }
        taken.push((name, item.span));
    }
    Ok(())
}

/// Returns the slots of the columns, each once, in order.
fn distinct_slots(columns: &[OutputColumn]) -> Vec<Slot> {
    let mut slots = Vec::with_capacity(columns.len());
    for column in columns {
        if !slots.contains(&column.slot) {
            slots.push(column.slot);
        }
    }
    slots
}
