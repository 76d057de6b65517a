//! Which properties a query reads of what its patterns bind, as its text tells.
//!
//! A value that was read goes from slot to slot: through projections, lists, aggregates, paths. Those ways are kept as edges; what is read
//! of a slot at their end is read of the elements at their beginning. Where several are possible all are taken: a property that an
//! element does not have has no claims and is not cited.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::binder::bound::{Pattern, ProcedureCall, StepKind, SubqueryKind};
use crate::expression::{Expression, MapEntry};
use crate::value::Value;
use crate::vector::Slot;

use super::logical::{KeysRead, LogicalPlan, LogicalQuery, LogicalSubquery};

/// What the expressions of a query read, and from where.
#[derive(Debug, Default)]
pub(super) struct Reads {
    /// From which slots a slot's value may come.
    ways: BTreeMap<Slot, Vec<Slot>>,
    /// What is read of a slot itself.
    read: BTreeMap<Slot, KeysRead>,
}

impl Reads {
    /// Returns what a query reads.
    pub fn of(query: &LogicalQuery) -> Reads {
        let mut reads = Reads::default();
        let mut reader = Reader { reads: &mut reads, subqueries: &query.subqueries };
        reader.plan(&query.root);
        query.subqueries.iter().for_each(|subquery| reader.plan(&subquery.plan));
        reads
    }

    /// Returns what is read of the elements that a pattern binds to a slot.
    pub fn of_slot(&self, origin: Slot) -> KeysRead {
        let mut read = KeysRead::default();
        for (slot, keys) in &self.read {
            if self.comes_from(*slot, origin) {
                read.all |= keys.all;
                read.keys.extend(keys.keys.iter().cloned());
                read.of_ends.extend(keys.of_ends.iter().cloned());
            }
        }
        read
    }

    fn comes_from(&self, slot: Slot, origin: Slot) -> bool {
        let (mut seen, mut waiting) = (FxHashSet::default(), vec![slot]);
        while let Some(slot) = waiting.pop() {
            if slot == origin {
                return true;
            }
            if seen.insert(slot) {
                waiting.extend(self.ways.get(&slot).into_iter().flatten());
            }
        }
        false
    }
}

struct Reader<'a> {
    reads: &'a mut Reads,
    subqueries: &'a [LogicalSubquery],
}

impl Reader<'_> {
    /// Takes in a plan and all that feed it.
    fn plan(&mut self, plan: &LogicalPlan) {
        match plan {
            LogicalPlan::Argument => {}
            LogicalPlan::Pattern { input, pattern, predicates, .. } => {
                self.plan(input);
                self.pattern(pattern, predicates);
            }
            LogicalPlan::Filter { input, predicate } => {
                self.plan(input);
                self.expression(predicate);
            }
            LogicalPlan::Project { input, items, .. } => {
                self.plan(input);
                items.iter().for_each(|(slot, item)| self.assign(*slot, item));
            }
            LogicalPlan::Aggregate { input, keys, aggregates } => {
                self.plan(input);
                keys.iter().for_each(|(slot, key)| self.assign(*slot, key));
                for (slot, call) in aggregates {
                    call.argument.iter().chain(&call.parameter).for_each(|part| self.assign(*slot, part));
                }
            }
            LogicalPlan::Sort { input, keys } | LogicalPlan::Top { input, keys, .. } => {
                self.plan(input);
                keys.iter().for_each(|key| self.expression(&key.expression));
            }
            LogicalPlan::Unwind { input, list, variable, .. } => {
                self.plan(input);
                self.assign(*variable, list);
            }
            LogicalPlan::Union { input, branches, output } => {
                self.plan(input);
                for (branch, columns) in branches {
                    self.plan(branch);
                    for (slot, column) in output.iter().zip(columns) {
                        self.reads.ways.entry(*slot).or_default().push(*column);
                    }
                }
            }
            LogicalPlan::Apply { input, inner, .. } | LogicalPlan::ForEach { input, inner, .. } => {
                self.plan(input);
                self.plan(inner);
            }
            LogicalPlan::Call { input, call } => {
                self.plan(input);
                self.call(call);
            }
            LogicalPlan::Distinct { input, .. }
            | LogicalPlan::Skip { input, .. }
            | LogicalPlan::Limit { input, .. }
            | LogicalPlan::Create { input, .. }
            | LogicalPlan::Merge { input, .. }
            | LogicalPlan::Set { input, .. }
            | LogicalPlan::Remove { input, .. }
            | LogicalPlan::Delete { input, .. }
            | LogicalPlan::LoadCsv { input, .. }
            | LogicalPlan::Finish { input } => self.plan(input),
        }
    }

    fn call(&mut self, call: &ProcedureCall) {
        call.arguments.iter().for_each(|argument| self.expression(argument));
        call.predicate.iter().for_each(|predicate| self.expression(predicate));
    }

    fn pattern(&mut self, pattern: &Pattern, predicates: &[Expression]) {
        predicates.iter().for_each(|predicate| self.expression(predicate));
        pattern.paths.iter().for_each(|(slot, path)| self.assign(*slot, path));
        for step in &pattern.steps {
            match &step.kind {
                StepKind::Single => {}
                StepKind::Variable { predicate, .. } | StepKind::Shortest { predicate, .. } => {
                    if let Some((own, predicate)) = predicate {
                        self.reads.ways.entry(*own).or_default().push(step.slot);
                        self.expression(predicate);
                    }
                }
                StepKind::Quantified(quantified) => {
                    for (inner, outer) in &quantified.groups {
                        self.reads.ways.entry(*inner).or_default().push(*outer);
                    }
                    self.pattern(&quantified.pattern, &quantified.predicates);
                }
            }
        }
    }

    /// Takes in an expression whose value goes into a slot.
    fn assign(&mut self, slot: Slot, expression: &Expression) {
        let sources = self.sources(expression);
        self.reads.ways.entry(slot).or_default().extend(sources.into_iter().filter(|source| *source != slot));
        self.expression(expression);
    }

    /// Takes in what an expression reads.
    fn expression(&mut self, expression: &Expression) {
        expression.visit(&mut |part| match part {
            Expression::Property(target, key) => self.read_key(target, key),
            Expression::Index(target, key) => match key.as_ref() {
                Expression::Constant(Value::String(key)) => self.read_key(target, key),
                Expression::Constant(_) => {}
                // Which property it is only the data tells; a place in a list reads none.
                _ => self.read_all(target),
            },
            Expression::Function(function, arguments) if matches!(function.name, "properties" | "keys") => {
                arguments.iter().for_each(|argument| self.read_all(argument));
            }
            Expression::Map(entries) => entries.iter().for_each(|entry| {
                if let MapEntry::All(target) = entry {
                    self.read_all(target);
                }
            }),
            Expression::Comprehension { variable, list, .. } | Expression::Quantifier { variable, list, .. } => {
                let sources = self.sources(list);
                self.reads.ways.entry(*variable).or_default().extend(sources);
            }
            Expression::Reduce { accumulator, initial, variable, list, step } => {
                let (items, first, next) = (self.sources(list), self.sources(initial), self.sources(step));
                self.reads.ways.entry(*variable).or_default().extend(items);
                self.reads.ways.entry(*accumulator).or_default().extend(first.into_iter().chain(next));
            }
            _ => {}
        });
    }

    fn read_key(&mut self, target: &Expression, key: &SmolStr) {
        let ends = reads_ends(target);
        for source in self.sources(target) {
            let read = self.reads.read.entry(source).or_default();
            read.keys.insert(key.clone());
            if ends {
                read.of_ends.insert(key.clone());
            }
        }
    }

    fn read_all(&mut self, target: &Expression) {
        for source in self.sources(target) {
            self.reads.read.entry(source).or_default().all = true;
        }
    }

    /// Returns the slots from which the value of an expression may come, variables of comprehensions included.
    fn sources(&self, expression: &Expression) -> Vec<Slot> {
        let mut sources = Vec::new();
        expression.visit(&mut |part| match part {
            Expression::Slot(slot) => sources.push(*slot),
            Expression::Path(slots) => sources.extend(slots),
            Expression::Subquery(id) => {
                if let SubqueryKind::Collect(slot) = self.subqueries[id.0 as usize].kind {
                    sources.push(slot);
                }
            }
            _ => {}
        });
        sources
    }
}

/// Says whether an expression takes an end of a relationship.
fn reads_ends(expression: &Expression) -> bool {
    let mut found = false;
    expression.visit(&mut |part| {
        found |= matches!(part, Expression::Function(function, _) if matches!(function.name, "startNode" | "endNode"));
    });
    found
}
