//! Patterns by trial: every relationship of the graph for every step, every node for every node that is left.

use super::walk::Walked;
use super::{Naive, Outcome, Row};
use crate::binder::bound::{Pattern, PatternNode, PatternStep, StepKind};
use crate::expression::{Expression, LabelExpression};
use crate::value::{NodeId, RelationshipId, Value};

impl Naive<'_> {
    /// Returns the row with every match of the pattern.
    pub(super) fn matches(&self, pattern: &Pattern, predicates: &[Expression], row: &Row) -> Outcome<Vec<Row>> {
        let mut start = row.clone();
        for node in &pattern.nodes {
            if !node.bound {
                start.clear(node.slot);
            } else if !self.fits(node, row) {
                return Ok(Vec::new());
            }
        }
        let mut rows = vec![start];
        // Which path is shortest may depend on what other parts of the pattern bind, so those are chosen last.
        let is_chosen = |step: &PatternStep| matches!(step.kind, StepKind::Shortest { .. });
        let (chosen, plain): (Vec<_>, Vec<_>) = pattern.steps.iter().enumerate().partition(|(_, step)| is_chosen(step));
        let mut done: Vec<usize> = Vec::new();
        for (place, step) in plain {
            rows = self.extend(rows, |row| self.step(pattern, step, row))?;
            done.push(place);
            rows = self.keep(rows, |row| Ok(all_differ(pattern, &done, row)))?;
        }
        for (place, node) in pattern.nodes.iter().enumerate() {
            rows = self.extend(rows, |row| match row.get(node.slot) {
                Some(_) => Ok(vec![row.clone()]),
                None => Ok(self.nodes().into_iter().filter_map(|id| self.place(pattern, place, id, row)).collect()),
            })?;
        }
        for (place, step) in chosen {
            rows = self.extend(rows, |row| self.step(pattern, step, row))?;
            done.push(place);
            rows = self.keep(rows, |row| Ok(all_differ(pattern, &done, row)))?;
        }
        for step in &pattern.steps {
            if let StepKind::Variable { predicate: Some((each, predicate)), .. } = &step.kind {
                rows = self.keep(rows, |row| self.each_satisfies(&row.read(step.slot)?, *each, predicate, row))?;
            }
        }
        for row in &mut rows {
            for (slot, path) in &pattern.paths {
                let path = self.value(path, row)?;
                row.set(*slot, path);
            }
        }
        // Within a predicate an error is one of the match that it is asked of.
        let spares = self.spares.replace(false);
        let found = self.keep(rows, |row| {
            let fits = self.all_true(predicates, row);
            if spares { Ok(self.sparing(fits)?.unwrap_or(false)) } else { fits }
        })?;
        // Which loop is the outer one is open too: what is written row by row may hang on it.
        Ok(self.matches_in_order(found))
    }

    fn all_true(&self, predicates: &[Expression], row: &Row) -> Outcome<bool> {
        for predicate in predicates {
            if self.truth(predicate, row)? != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn extend(&self, rows: Vec<Row>, extend: impl Fn(&Row) -> Outcome<Vec<Row>>) -> Outcome<Vec<Row>> {
        let mut extended = Vec::new();
        for row in &rows {
            let mut found = extend(row)?;
            self.spend(1 + found.len())?;
            extended.append(&mut found);
        }
        Ok(extended)
    }

    fn keep(&self, rows: Vec<Row>, passes: impl Fn(&Row) -> Outcome<bool>) -> Outcome<Vec<Row>> {
        let mut kept = Vec::new();
        for row in rows {
            self.spend(1)?;
            if passes(&row)? {
                kept.push(row);
            }
        }
        Ok(kept)
    }

    /// Returns all nodes.
    pub(super) fn nodes(&self) -> Vec<NodeId> {
        self.in_order(self.model.borrow().nodes.keys().map(|id| NodeId(*id)).collect())
    }

    /// Returns every way to walk one relationship of a type that fits: itself, where from, where to.
    pub(super) fn ways(
        &self,
        types: Option<&LabelExpression>,
        undirected: bool,
    ) -> Vec<(RelationshipId, NodeId, NodeId)> {
        let model = self.model.borrow();
        let mut ways = Vec::new();
        for (id, held) in &model.relationships {
            if types.is_none_or(|types| types.matches(&|name| held.kind == name, true)) {
                ways.push((RelationshipId(*id), held.start, held.end));
                if undirected && held.start != held.end {
                    ways.push((RelationshipId(*id), held.end, held.start));
                }
            }
        }
        self.in_order(ways)
    }

    /// Says whether a node that has its value already may stand in the pattern.
    fn fits(&self, node: &PatternNode, row: &Row) -> bool {
        matches!(row.get(node.slot), Some(Value::Node(id)) if self.is_labelled(node, *id))
    }

    fn is_labelled(&self, node: &PatternNode, id: NodeId) -> bool {
        let model = self.model.borrow();
        let Some(held) = model.nodes.get(&id.0) else { return false };
        let label = node.label.as_ref();
        label.is_none_or(|label| label.matches(&|name| held.labels.contains(name), !held.labels.is_empty()))
    }

    /// Returns the row with a node in its place, if it may stand there.
    pub(super) fn place(&self, pattern: &Pattern, place: usize, id: NodeId, row: &Row) -> Option<Row> {
        let node = &pattern.nodes[place];
        let stands = match row.get(node.slot) {
            Some(Value::Node(held)) => *held == id,
            Some(_) => false,
            None => self.is_labelled(node, id),
        };
        stands.then(|| {
            let mut placed = row.clone();
            placed.set(node.slot, Value::Node(id));
            placed
        })
    }

    fn step(&self, pattern: &Pattern, step: &PatternStep, row: &Row) -> Outcome<Vec<Row>> {
        let mut found = Vec::new();
        if let StepKind::Single = step.kind {
            for (relationship, from, to) in self.ways(step.relationship.label.as_ref(), step.relationship.undirected) {
                self.spend(1)?;
                let value = Value::Relationship(relationship);
                let is_other = step.bound
                    && !matches!(row.get(step.slot), Some(Value::Relationship(bound)) if *bound == relationship);
                if is_other {
                    continue;
                }
                let placed = self.place(pattern, step.from, from, row);
                if let Some(mut placed) = placed.and_then(|placed| self.place(pattern, step.to, to, &placed)) {
                    placed.set(step.slot, value);
                    found.push(placed);
                }
            }
            return Ok(found);
        }
        let starts = match row.get(pattern.nodes[step.from].slot) {
            Some(Value::Node(id)) => vec![*id],
            Some(_) => Vec::new(),
            None => self.nodes(),
        };
        for start in starts {
            let Some(placed) = self.place(pattern, step.from, start, row) else { continue };
            for walked in self.walks(pattern, step, start, &placed)? {
                let Walked { end, relationships, groups } = walked;
                let Some(mut placed) = self.place(pattern, step.to, end, &placed) else { continue };
                let mut list: Vec<Value> = relationships.into_iter().map(Value::Relationship).collect();
                if step.turned {
                    list.reverse();
                }
                let list = Value::list(list);
                if step.bound && !row.get(step.slot).is_some_and(|bound| is_same_list(bound, &list)) {
                    continue;
                }
                placed.set(step.slot, list);
                let once = matches!(&step.kind, StepKind::Quantified(quantified) if quantified.once);
                for (slot, mut values) in groups {
                    let value = if once { values.pop().unwrap_or_default() } else { Value::list(values) };
                    placed.set(slot, value);
                }
                found.push(placed);
            }
        }
        Ok(found)
    }

    fn each_satisfies(
        &self,
        list: &Value,
        each: crate::vector::Slot,
        predicate: &Expression,
        row: &Row,
    ) -> Outcome<bool> {
        let Value::List(items) = list else { return Ok(true) };
        for item in items.iter() {
            let mut inner = row.clone();
            inner.set(each, item.clone());
            if self.truth(predicate, &inner)? != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn is_same_list(bound: &Value, walked: &Value) -> bool {
    matches!(bound, Value::List(_)) && crate::value::equals(bound, walked) == Some(true)
}

/// Says whether the relationships of steps that must differ do, as far as the steps are done.
fn all_differ(pattern: &Pattern, done: &[usize], row: &Row) -> bool {
    pattern.distinct.iter().all(|set| {
        let mut met = Vec::new();
        let steps = set.iter().filter(|step| done.contains(step));
        steps.into_iter().for_each(|step| gather(row.get(pattern.steps[*step].slot), &mut met));
        let count = met.len();
        met.sort_unstable();
        met.dedup();
        met.len() == count
    })
}

fn gather(value: Option<&Value>, met: &mut Vec<u32>) {
    match value {
        Some(Value::Relationship(id)) => met.push(id.0),
        Some(Value::List(items)) => items.iter().for_each(|item| gather(Some(item), met)),
        _ => {}
    }
}
