//! Projections: group, compute, drop equal rows, order, cut, filter.

use std::cmp::Ordering;

use super::{Failure, Naive, Outcome, Row};
use crate::binder::bound::Projection;
use crate::expression::Expression;
use crate::value::Value;
use crate::value::order::order;

impl Naive<'_> {
    pub(super) fn project(&self, projection: &Projection, rows: Vec<Row>, outer: &Row) -> Outcome<Vec<Row>> {
        let (rows, _) = self.ordered(projection, rows, outer)?;
        let (skip, limit) = self.limits(projection, outer)?;
        let mut kept = Vec::new();
        for row in rows.into_iter().skip(skip).take(limit) {
            let passes = match &projection.predicate {
                Some(predicate) => self.truth(predicate, &row)? == Some(true),
                None => true,
            };
            if passes {
                kept.push(leave_scope(row, projection, outer));
            }
        }
        Ok(kept)
    }

    /// Returns how many rows are dropped and kept.
    pub(super) fn limits(&self, projection: &Projection, outer: &Row) -> Outcome<(usize, usize)> {
        let count = |expression: &Option<Expression>, default: usize| match expression {
            None => Ok(default),
            Some(expression) => match self.value(expression, outer)? {
                Value::Integer(count) if count >= 0 => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
                _ => Err(Failure::Error("a number of rows is no count".to_owned())),
            },
        };
        Ok((count(&projection.skip, 0)?, count(&projection.limit, usize::MAX)?))
    }

    /// Returns the rows in order, neither cut nor filtered, and for each which of them its order cannot tell apart.
    pub(super) fn ordered(
        &self,
        projection: &Projection,
        rows: Vec<Row>,
        outer: &Row,
    ) -> Outcome<(Vec<Row>, Vec<usize>)> {
        let rows = if projection.aggregating { self.aggregate(projection, &rows, outer)? } else { rows };
        let mut computed = Vec::with_capacity(rows.len());
        for row in rows {
            let items = projection.items.iter().map(|(slot, item)| Ok((*slot, self.value(item, &row)?)));
            let items = items.collect::<Outcome<Vec<_>>>()?;
            let mut row = row;
            items.into_iter().for_each(|(slot, value)| row.set(slot, value));
            computed.push(row);
        }
        if projection.distinct {
            computed = self.distinct(computed, &projection.scope)?;
            computed = computed.into_iter().map(|row| leave_scope(row, projection, outer)).collect();
        }
        let mut keyed = Vec::with_capacity(computed.len());
        for row in computed {
            let keys = projection.order.iter().map(|key| self.value(&key.expression, &row));
            keyed.push((keys.collect::<Outcome<Vec<_>>>()?, row));
        }
        let compare = |left: &[Value], right: &[Value]| {
            let pairs = projection.order.iter().zip(left.iter().zip(right));
            let mut orderings = pairs.map(|(key, (left, right))| {
                let ordering = order(left, right);
                if key.descending { ordering.reverse() } else { ordering }
            });
            orderings.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
        };
        self.spend(keyed.len())?;
        keyed.sort_by(|(left, _), (right, _)| compare(left, right));
        let mut classes = Vec::with_capacity(keyed.len());
        for place in 0..keyed.len() {
            let differs = place > 0 && compare(&keyed[place - 1].0, &keyed[place].0).is_ne();
            classes.push(classes.last().map_or(0, |last: &usize| last + usize::from(differs)));
        }
        Ok((keyed.into_iter().map(|(_, row)| row).collect(), classes))
    }
}

/// Takes away what is no longer in scope, so that nothing can read it by mistake.
fn leave_scope(mut row: Row, projection: &Projection, outer: &Row) -> Row {
    for (place, value) in row.0.iter_mut().enumerate() {
        let slot = crate::vector::Slot(place as u32);
        if !projection.scope.contains(&slot) && outer.get(slot).is_none() {
            *value = None;
        }
    }
    row
}
