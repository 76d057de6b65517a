//! Binds what follows the items of a projection: ORDER BY, SKIP, LIMIT, and the WHERE of WITH.
//!
//! What they see depends on the projection. Without aggregates and DISTINCT: the new columns, and behind them everything below. With either:
//! the new columns only, since a row is no longer one row below. In both cases an item may be named by its alias or by saying it again.

use crate::expression::Expression;
use crate::syntax::ast;
use crate::value::Value;
use crate::vector::Slot;

use super::aggregation::{Aggregation, Grouping};
use super::bind_projection::Columns;
use super::binder::{Binder, Lost};
use super::bound::SortKey;
use super::error::{BindError, BindErrorKind};
use super::parts;
use super::scope::Scope;
use super::types::Type;

impl<'a> Binder<'a> {
    /// Binds what follows the items; puts the aggregates into the projection, those of ORDER BY too.
    pub(super) fn bind_after_projection(
        &mut self,
        written: &'a ast::Projection,
        filter: Option<&'a ast::Expression>,
        columns: &mut Columns<'a>,
        grouping: Grouping,
    ) -> Result<(), BindError> {
        let aggregating = columns.projection.aggregating;
        let narrowed = aggregating || written.distinct;
        let lost = self.lost.clone();
        let replacements = self.replacements.clone();
        self.scope = if narrowed { self.base.under(&columns.scope) } else { columns.below.under(&columns.scope) };
        if narrowed {
            self.lost = Some(lost_below(columns, aggregating));
        }
        // Within an aggregate's argument nothing is grouped, so nothing is ambiguous there.
        let lost_below = self.lost.clone().map(|lost| Lost { ambiguous: Vec::new(), ..lost });
        let mut grouping = Grouping { below: surviving(columns), lost_below, calls: grouping.calls };
        for item in &written.order {
            let mixed = parts::aggregates(&item.expression);
            self.replacements = replacements_for(columns, mixed);
            self.aggregation = match aggregating {
                true => Aggregation::Collected(std::mem::take(&mut grouping)),
                false => Aggregation::Refused("in ORDER BY of a projection without aggregates"),
            };
            let (expression, _) = self.bind_expression(&item.expression)?;
            if aggregating {
                grouping = self.end_grouping();
            }
            columns.projection.order.extend(sort_keys(expression, item));
        }
        columns.projection.aggregates = grouping.calls;
        columns.projection.skip = self.bind_row_count(written.skip.as_ref(), "SKIP")?;
        columns.projection.limit = self.bind_row_count(written.limit.as_ref(), "LIMIT")?;
        if let Some(filter) = filter {
            self.replacements = replacements_for(columns, false);
            columns.projection.predicate = Expression::conjunction(self.bind_filter(filter, "in WHERE")?);
        }
        self.lost = lost;
        self.replacements = replacements;
        Ok(())
    }

    /// Binds a number of rows, which is the same whatever the row.
    pub(super) fn bind_row_count(
        &mut self,
        written: Option<&'a ast::Expression>,
        keyword: &'static str,
    ) -> Result<Option<Expression>, BindError> {
        let Some(written) = written else { return Ok(None) };
        let replacements = std::mem::take(&mut self.replacements);
        self.constant = Some(keyword);
        let (count, value_type) =
            self.without_aggregates("in SKIP or LIMIT", |binder| binder.bind_expression(written))?;
        self.constant = None;
        self.replacements = replacements;
        if !value_type.may_be(&Type::INTEGER) {
            let message = format!("{keyword} needs an integer, not {value_type}");
            let error = BindError::new(BindErrorKind::InvalidArgumentType, message, written.span);
            return Err(error.with_hint("write a number such as `10`, or a parameter"));
        }
        if is_negative(&count) {
            let message = format!("{keyword} needs a number that is not negative");
            return Err(BindError::new(BindErrorKind::NegativeIntegerArgument, message, written.span));
        }
        Ok(Some(count))
    }
}

/// Returns the variables that cannot be read after a projection that aggregates or drops equal rows.
fn lost_below(columns: &Columns<'_>, aggregating: bool) -> Lost {
    let mut ambiguous = Vec::new();
    if aggregating {
        // Parts of a key that is more than a variable or property are grouped by only as that whole.
        for (item, _) in &columns.items {
            if !parts::aggregates(&item.expression) && !parts::is_simple(&item.expression) {
                parts::variables(&item.expression, &mut ambiguous);
            }
        }
    }
    let reason = if aggregating { "is not there after the aggregation" } else { "is not there after DISTINCT" };
    Lost {
        scope: columns.below.clone(),
        kind: BindErrorKind::UndefinedVariable,
        ambiguous,
        reason,
        hint: "order and filter by the columns of the projection",
    }
}

/// Returns the variables of below that are still there afterwards under their name, by their slots below.
fn surviving(columns: &Columns<'_>) -> Scope {
    let mut surviving = Scope::default();
    for (name, slot) in columns.scope.iter().filter(|(name, slot)| columns.below.get(name) == Some(*slot)) {
        surviving.insert(name.clone(), slot);
    }
    surviving
}

/// Returns the items that may be said again. Beside an aggregate only those that are an aggregate, a variable or a property.
fn replacements_for<'a>(columns: &Columns<'a>, mixed: bool) -> Vec<(&'a ast::Expression, Slot)> {
    let items = columns.items.iter().map(|(item, slot)| (&item.expression, *slot));
    items.filter(|(item, _)| !mixed || parts::aggregates(item) || parts::is_simple(item)).collect()
}

/// Returns the keys that a sort item means: nulls are last, and first when descending, unless it says otherwise.
fn sort_keys(expression: Expression, item: &ast::SortItem) -> Vec<SortKey> {
    let mut keys = Vec::with_capacity(2);
    let is_null = || Expression::IsNull(Box::new(expression.clone()));
    match (item.nulls, item.descending) {
        (Some(ast::NullOrder::First), false) => keys.push(SortKey { expression: is_null(), descending: true }),
        (Some(ast::NullOrder::Last), true) => keys.push(SortKey { expression: is_null(), descending: false }),
        _ => {}
    }
    keys.push(SortKey { expression, descending: item.descending });
    keys
}

/// Says whether a constant number is no more than zero.
pub(super) fn is_zero(count: &Expression) -> bool {
    matches!(count, Expression::Constant(Value::Integer(0)))
        || matches!(count, Expression::Negate(inner) if is_zero(inner))
}

fn is_negative(count: &Expression) -> bool {
    match count {
        Expression::Constant(Value::Integer(count)) => *count < 0,
        Expression::Negate(inner) => matches!(**inner, Expression::Constant(Value::Integer(count)) if count > 0),
        _ => false,
    }
}
