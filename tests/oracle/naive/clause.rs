//! Clauses one after the other: all rows in, all rows out.

use super::{Failure, Naive, Outcome, Row};
use crate::binder::bound::{CallSubquery, Clause, Match, QueryBody, StepKind};
use crate::value::{Value, equivalent};
use crate::vector::Slot;

impl Naive<'_> {
    /// Runs a query for one outer row.
    pub(super) fn run_body(&self, body: &QueryBody, outer: &Row) -> Outcome<Vec<Row>> {
        match body {
            QueryBody::Clauses(clauses) => self.run_clauses(clauses, vec![outer.clone()], outer),
            QueryBody::Union { branches, all, output } => {
                let mut united: Vec<Row> = Vec::new();
                for branch in branches {
                    for found in self.run_body(&branch.body, outer)? {
                        let mut row = outer.clone();
                        for (slot, column) in output.iter().zip(&branch.columns) {
                            row.set(*slot, found.read(*column)?);
                        }
                        united.push(row);
                    }
                }
                if *all { Ok(united) } else { self.distinct(united, output) }
            }
        }
    }

    pub(super) fn run_clauses(&self, clauses: &[Clause], rows: Vec<Row>, outer: &Row) -> Outcome<Vec<Row>> {
        clauses.iter().try_fold(rows, |rows, clause| self.run_clause(clause, rows, outer))
    }

    fn run_clause(&self, clause: &Clause, rows: Vec<Row>, outer: &Row) -> Outcome<Vec<Row>> {
        self.spend(rows.len())?;
        match clause {
            Clause::Match(found) => self.each(rows, |row| self.run_match(found, row)),
            Clause::Unwind { list, variable, ordinal } => {
                self.each(rows, |row| self.run_unwind(&self.value(list, row)?, *variable, *ordinal, row))
            }
            Clause::Project(projection) => self.project(projection, rows, outer),
            Clause::Filter(predicate) => self.each(rows, |row| {
                Ok(if self.truth(predicate, row)? == Some(true) { vec![row.clone()] } else { Vec::new() })
            }),
            Clause::Subquery(subquery) => self.each(rows, |row| self.run_call(subquery, row)),
            Clause::Create(pattern) => self.each(rows, |row| Ok(vec![self.create(pattern, row)?])),
            Clause::Merge(merge) => self.each(rows, |row| self.merge(merge, row)),
            Clause::Set(items) => self.each(rows, |row| {
                self.set(items, row)?;
                Ok(vec![row.clone()])
            }),
            Clause::Remove(items) => self.each(rows, |row| {
                self.remove(items, row)?;
                Ok(vec![row.clone()])
            }),
            Clause::Delete { targets, detach } => self.delete(targets, *detach, rows),
            Clause::ForEach { variable, list, clauses } => self.each(rows, |row| {
                if let Value::List(items) = self.value(list, row)? {
                    for item in items.iter() {
                        let mut inner = row.clone();
                        inner.set(*variable, item.clone());
                        self.run_clauses(clauses, vec![inner.clone()], &inner)?;
                    }
                }
                Ok(vec![row.clone()])
            }),
            Clause::Finish => Ok(Vec::new()),
            Clause::Call(_) | Clause::LoadCsv { .. } => Err(Failure::Unknown("a call".to_owned())),
        }
    }

    fn each(&self, rows: Vec<Row>, run: impl Fn(&Row) -> Outcome<Vec<Row>>) -> Outcome<Vec<Row>> {
        let mut given = Vec::new();
        for row in &rows {
            let mut found = run(row)?;
            self.spend(found.len())?;
            given.append(&mut found);
        }
        Ok(given)
    }

    fn run_match(&self, found: &Match, row: &Row) -> Outcome<Vec<Row>> {
        if found.optional {
            // What an error leaves out is no match that is missing.
            self.spares.set(false);
        }
        let matches = self.matches(&found.pattern, &found.predicates, row)?;
        if !matches.is_empty() || !found.optional {
            return Ok(matches);
        }
        let mut unmatched = row.clone();
        let pattern = &found.pattern;
        let mut slots: Vec<Slot> = pattern.nodes.iter().filter(|node| !node.bound).map(|node| node.slot).collect();
        for step in &pattern.steps {
            slots.extend((!step.bound).then_some(step.slot));
            if let StepKind::Quantified(quantified) = &step.kind {
                slots.extend(quantified.groups.iter().map(|(_, outer)| *outer));
            }
        }
        slots.extend(pattern.paths.iter().map(|(slot, _)| *slot));
        slots.into_iter().for_each(|slot| unmatched.set(slot, Value::Null));
        Ok(vec![unmatched])
    }

    fn run_unwind(&self, list: &Value, variable: Slot, ordinal: Option<(Slot, i64)>, row: &Row) -> Outcome<Vec<Row>> {
        let items = match list {
            Value::Null => Vec::new(),
            Value::List(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        let unwound = items.into_iter().enumerate().map(|(place, item)| {
            let mut unwound = row.clone();
            unwound.set(variable, item);
            if let Some((slot, first)) = ordinal {
                unwound.set(slot, Value::Integer(place as i64 + first));
            }
            unwound
        });
        Ok(unwound.collect())
    }

    fn run_call(&self, call: &CallSubquery, row: &Row) -> Outcome<Vec<Row>> {
        let found = self.run_body(&call.body, row)?;
        if !call.returns {
            return Ok(vec![row.clone()]);
        }
        let mut given = Vec::with_capacity(found.len());
        for inner in &found {
            let mut joined = row.clone();
            for slot in &call.outputs {
                joined.set(*slot, inner.read(*slot)?);
            }
            given.push(joined);
        }
        if given.is_empty() && call.optional {
            let mut unmatched = row.clone();
            call.outputs.iter().for_each(|slot| unmatched.set(*slot, Value::Null));
            given.push(unmatched);
        }
        Ok(given)
    }

    /// Returns the first of all rows that are equal in some slots.
    pub(super) fn distinct(&self, rows: Vec<Row>, slots: &[Slot]) -> Outcome<Vec<Row>> {
        let mut kept: Vec<(Vec<Value>, Row)> = Vec::new();
        for row in rows {
            let key = slots.iter().map(|slot| row.read(*slot)).collect::<Outcome<Vec<_>>>()?;
            self.spend(kept.len())?;
            if !kept.iter().any(|(other, _)| same(other, &key)) {
                kept.push((key, row));
            }
        }
        Ok(kept.into_iter().map(|(_, row)| row).collect())
    }
}

/// Says whether values are equal as grouping sees them.
pub(super) fn same(left: &[Value], right: &[Value]) -> bool {
    left.iter().zip(right).all(|(left, right)| equivalent(left, right))
}
