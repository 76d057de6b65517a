//! Rows in error that a cut need not reach: openCypher does not say in which order rows are made, so a query that keeps some of them may
//! never come to the one that is in error.
//!
//! Narrow by rule: the query reads only, its last projection has SKIP or LIMIT and takes its rows as they come (no grouping, no DISTINCT,
//! no ORDER BY), and the error lies behind the last clause that must see all rows before it gives one.

use super::{Failure, Naive, Order, Outcome, Spared};
use crate::binder::bound::{BoundQuery, Clause, Projection, QueryBody};
use crate::oracle::model::Model;

impl<'q> Naive<'q> {
    /// Answers a query whose last projection cuts, leaving out rows in error; nothing for other queries.
    pub fn spare(query: &'q BoundQuery, model: &Model) -> Option<Outcome<Spared>> {
        let QueryBody::Clauses(clauses) = &query.body else { return None };
        let (Clause::Project(last), before) = clauses.split_last()? else { return None };
        let cuts = last.skip.is_some() || last.limit.is_some();
        if query.writes || !cuts || takes_all(last) || last.predicate.is_some() {
            return None;
        }
        let first = before.iter().rposition(|clause| !goes_row_by_row(clause)).map_or(0, |place| place + 1);
        let naive = Naive::new(query, model, Order::Forward);
        Some(naive.run_sparing(&before[..first], &before[first..], last))
    }

    fn run_sparing(self, whole: &[Clause], by_row: &[Clause], last: &Projection) -> Outcome<Spared> {
        let outer = self.empty();
        let mut rows = self.run_clauses(whole, vec![outer.clone()], &outer)?;
        for clause in by_row {
            let mut given = Vec::new();
            for row in rows {
                self.spares.set(true);
                let found = self.run_clauses(std::slice::from_ref(clause), vec![row], &outer);
                self.spares.set(false);
                given.append(&mut self.sparing(found)?.unwrap_or_default());
            }
            rows = given;
        }
        let mut kept = Vec::new();
        for row in rows {
            let computed = self.ordered(last, vec![row], &outer);
            kept.extend(self.sparing(computed)?.into_iter().flat_map(|(rows, _)| rows));
        }
        let (skip, limit) = self.limits(last, &outer)?;
        let (classes, errors) = (vec![0; kept.len()], self.spared.get());
        Ok(Spared { answered: self.answered(kept, classes, skip, limit)?, errors })
    }

    /// Returns what was found, or nothing if that is in error, which is counted.
    pub(super) fn sparing<Found>(&self, found: Outcome<Found>) -> Outcome<Option<Found>> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(Failure::Error(_)) => {
                self.spared.set(self.spared.get() + 1);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }
}

/// Says whether a projection must see all rows before it gives one.
fn takes_all(projection: &Projection) -> bool {
    projection.aggregating || projection.distinct || !projection.order.is_empty()
}

/// Says whether a clause gives rows for one row without having seen the others.
fn goes_row_by_row(clause: &Clause) -> bool {
    match clause {
        Clause::Match(_) | Clause::Unwind { .. } | Clause::Filter(_) => true,
        Clause::Project(projection) => {
            !takes_all(projection) && projection.skip.is_none() && projection.limit.is_none()
        }
        _ => false,
    }
}
