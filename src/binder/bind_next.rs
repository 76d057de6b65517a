//! Binds `NEXT`: the rows of the query before it come into the query behind it (ISO GQL).
//!
//! The clauses before are the first of what follows. A union behind `NEXT` begins each of its parts with them; where they write, they run
//! once, their rows become one list, and each part unwinds it:
//!
//! ```text
//! CREATE (a:A) RETURN a NEXT RETURN a.x AS x UNION RETURN a.y AS x
//! CREATE (a:A) WITH collect([a]) AS rows CALL (rows) { FOR row IN rows LET a = row[0] RETURN a.x AS x UNION … }
//! ```

use crate::expression::{AggregateCall, Expression};
use crate::function::Aggregate;
use crate::syntax::ast;
use crate::value::Value;

use super::bind_query::Place;
use super::binder::Binder;
use super::bound::{CallSubquery, Clause, OutputColumn, Projection, QueryBody};
use super::error::BindError;
use super::imports::keep_imports;
use super::scope::{Border, Scope};
use super::types::Type;

impl<'a> Binder<'a> {
    /// Binds what stands before `NEXT`; its columns are in scope then. Returns its clauses, and whether any of them writes.
    pub(super) fn bind_before(
        &mut self,
        before: &'a ast::Query,
        place: Place,
    ) -> Result<(Vec<Clause>, bool), BindError> {
        let wrote_outside = std::mem::replace(&mut self.writes, false);
        let outside = self.scope.clone();
        let is_union = !before.unions.is_empty();
        if is_union {
            self.borders.push(Border::around(&outside));
        }
        let (mut body, columns) = self.bind_query(before, place)?;
        let wrote = self.writes;
        self.writes |= wrote_outside;
        if is_union {
            keep_imports(&mut body, self.borders.pop().expect("the border was set above"));
        }
        let mut scope = Scope::default();
        columns.iter().for_each(|column| scope.insert(column.name.clone(), column.slot));
        self.scope = self.base.under(&scope);
        self.not_returned = self.not_returned.under(&std::mem::take(&mut self.left_behind));
        let clauses = match body {
            QueryBody::Clauses(clauses) => clauses,
            body @ QueryBody::Union { .. } => {
                let outputs = columns.iter().map(|column| column.slot).collect();
                let call = CallSubquery { body, outputs, returns: true, optional: false, transactions: None };
                vec![Clause::Subquery(call)]
            }
        };
        Ok((clauses, wrote))
    }

    /// Binds a union behind clauses that write and therefore run once for all of its parts.
    pub(super) fn bind_union_behind_writing(
        &mut self,
        query: &'a ast::Query,
        place: Place,
        mut before: Vec<Clause>,
    ) -> Result<(QueryBody, Vec<OutputColumn>), BindError> {
        let carried: Vec<_> = self.scope.slots().into_iter().filter(|slot| !self.base.slots().contains(slot)).collect();
        let rows = self.hidden_slot("rows", Type::LIST);
        let row = self.hidden_slot("row", Type::LIST);
        let argument = Expression::List(carried.iter().map(|slot| Expression::Slot(*slot)).collect());
        let (function, argument) = (Aggregate::Collect, Some(argument));
        let collected = AggregateCall { function, argument, parameter: None, distinct: false };
        before.push(Clause::Project(Projection {
            aggregates: vec![(rows, collected)],
            aggregating: true,
            scope: vec![rows],
            ..Projection::default()
        }));
        let part = |place: usize| {
            let place = Expression::Constant(Value::Integer(i64::try_from(place).unwrap_or(i64::MAX)));
            Expression::Index(Box::new(Expression::Slot(row)), Box::new(place))
        };
        let items = carried.iter().enumerate().map(|(place, slot)| (*slot, part(place))).collect();
        let unwound = Projection { items, scope: carried.clone(), ..Projection::default() };
        let start = vec![
            Clause::Unwind { list: Expression::Slot(rows), variable: row, ordinal: None },
            Clause::Project(unwound),
        ];
        // What is read from outside of all this is read behind an aggregation without keys.
        if let Some(border) = self.borders.last_mut() {
            border.aggregated = true;
        }
        self.borders.push(Border::around(&self.base.clone()));
        let (mut body, columns) = self.bind_union(query, place, start)?;
        keep_imports(&mut body, self.borders.pop().expect("the border was set above"));
        let outputs = columns.iter().map(|column| column.slot).collect();
        before.push(Clause::Subquery(CallSubquery {
            body,
            outputs,
            returns: true,
            optional: false,
            transactions: None,
        }));
        Ok((QueryBody::Clauses(before), columns))
    }
}
