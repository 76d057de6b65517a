//! Walks of several relationships: every one that counts, and of those the ones that are chosen.

use super::{Naive, Outcome, Row};
use crate::binder::bound::{PathMode, PathSelector, Pattern, PatternStep, QuantifiedPattern, StepKind};
use crate::expression::Expression;
use crate::value::{NodeId, RelationshipId, Value};
use crate::vector::Slot;

/// A walk.
#[derive(Clone, Debug)]
pub(super) struct Walked {
    /// Where it ends.
    pub(super) end: NodeId,
    /// What it takes, in walking order.
    pub(super) relationships: Vec<RelationshipId>,
    /// What a quantified pattern gathers on the way.
    pub(super) groups: Vec<(Slot, Vec<Value>)>,
}

/// Which walks are looked for.
#[derive(Clone, Copy)]
struct Bounds {
    min: u32,
    max: Option<u32>,
    mode: PathMode,
}

impl Naive<'_> {
    /// Returns the walks from a node that a step takes.
    pub(super) fn walks(&self, _: &Pattern, step: &PatternStep, start: NodeId, row: &Row) -> Outcome<Vec<Walked>> {
        match &step.kind {
            StepKind::Single => unreachable!("one relationship is no walk"),
            StepKind::Variable { min, max, mode, .. } => {
                let bounds = Bounds { min: *min, max: *max, mode: *mode };
                self.chains(step, bounds, None, start, row)
            }
            StepKind::Shortest { min, max, predicate, selector } => {
                let bounds = Bounds { min: *min, max: *max, mode: PathMode::Trail };
                let all = self.chains(step, bounds, predicate.as_ref(), start, row)?;
                Ok(chosen(all, *selector))
            }
            StepKind::Quantified(quantified) => {
                let all = self.repeated(quantified, start, row)?;
                Ok(match quantified.selector {
                    Some(selector) => chosen(all, selector),
                    None => all,
                })
            }
        }
    }

    fn chains(
        &self,
        step: &PatternStep,
        bounds: Bounds,
        predicate: Option<&(Slot, Expression)>,
        start: NodeId,
        row: &Row,
    ) -> Outcome<Vec<Walked>> {
        let mut ways = self.ways(step.relationship.label.as_ref(), step.relationship.undirected);
        if let Some((each, predicate)) = predicate {
            let mut kept = Vec::new();
            for way in ways {
                let mut inner = row.clone();
                inner.set(*each, Value::Relationship(way.0));
                if self.truth(predicate, &inner)? == Some(true) {
                    kept.push(way);
                }
            }
            ways = kept;
        }
        let mut found = Vec::new();
        self.chain(&ways, bounds, &mut vec![start], &mut Vec::new(), &mut found)?;
        Ok(found)
    }

    fn chain(
        &self,
        ways: &[(RelationshipId, NodeId, NodeId)],
        bounds: Bounds,
        nodes: &mut Vec<NodeId>,
        walked: &mut Vec<RelationshipId>,
        found: &mut Vec<Walked>,
    ) -> Outcome<()> {
        let (start, here) = (nodes[0], nodes[nodes.len() - 1]);
        if walked.len() >= bounds.min as usize {
            found.push(Walked { end: here, relationships: walked.clone(), groups: Vec::new() });
        }
        let is_closed = bounds.mode == PathMode::Simple && !walked.is_empty() && here == start;
        if is_closed || bounds.max.is_some_and(|max| walked.len() >= max as usize) {
            return Ok(());
        }
        self.spend(ways.len())?;
        for (relationship, from, to) in ways {
            if *from != here {
                continue;
            }
            let repeats = walked.contains(relationship);
            let counts = match bounds.mode {
                PathMode::Walk => true,
                PathMode::Trail => !repeats,
                PathMode::Acyclic => !nodes.contains(to),
                PathMode::Simple => (*to == start && !repeats) || !nodes.contains(to),
            };
            if counts {
                nodes.push(*to);
                walked.push(*relationship);
                self.chain(ways, bounds, nodes, walked, found)?;
                nodes.pop();
                walked.pop();
            }
        }
        Ok(())
    }

    fn repeated(&self, quantified: &QuantifiedPattern, start: NodeId, row: &Row) -> Outcome<Vec<Walked>> {
        let groups: Vec<(Slot, Vec<Value>)> = quantified.groups.iter().map(|(_, outer)| (*outer, Vec::new())).collect();
        let mut layer = vec![Walked { end: start, relationships: Vec::new(), groups }];
        let mut found = Vec::new();
        let mut times = 0;
        loop {
            if times >= quantified.min {
                found.extend(layer.iter().cloned());
            }
            if layer.is_empty() || quantified.max.is_some_and(|max| times >= max) {
                return Ok(found);
            }
            times += 1;
            let mut next = Vec::new();
            for walked in &layer {
                next.append(&mut self.once_more(quantified, walked, start, row)?);
            }
            self.spend(next.len())?;
            layer = next;
        }
    }

    fn once_more(
        &self,
        quantified: &QuantifiedPattern,
        walked: &Walked,
        start: NodeId,
        row: &Row,
    ) -> Outcome<Vec<Walked>> {
        let mut pattern = quantified.pattern.clone();
        pattern.nodes[quantified.first].bound = true;
        let mut inner = row.clone();
        inner.set(pattern.nodes[quantified.first].slot, Value::Node(walked.end));
        let mut longer = Vec::new();
        for found in self.matches(&pattern, &quantified.predicates, &inner)? {
            let Value::Node(end) = found.read(pattern.nodes[quantified.last].slot)? else { continue };
            let mut next = Walked { end, ..walked.clone() };
            for step in &pattern.steps {
                gather(&found.read(step.slot)?, &mut next.relationships);
            }
            if !self.counts(&next.relationships, start, quantified.mode) {
                continue;
            }
            for ((_, values), (slot, _)) in next.groups.iter_mut().zip(&quantified.groups) {
                values.push(found.read(*slot)?);
            }
            longer.push(next);
        }
        Ok(longer)
    }

    fn counts(&self, relationships: &[RelationshipId], start: NodeId, mode: PathMode) -> bool {
        if mode == PathMode::Walk {
            return true;
        }
        if mode == PathMode::Trail {
            return relationships.iter().enumerate().all(|(place, id)| !relationships[..place].contains(id));
        }
        let model = self.model.borrow();
        let mut nodes = vec![start];
        for (place, id) in relationships.iter().enumerate() {
            let Some(held) = model.relationships.get(&id.0) else { return false };
            let here = nodes[nodes.len() - 1];
            let next = if held.start == here { held.end } else { held.start };
            let is_last = place + 1 == relationships.len();
            let closes = mode == PathMode::Simple && is_last && next == start && !relationships[..place].contains(id);
            if nodes.contains(&next) && !closes {
                return false;
            }
            nodes.push(next);
        }
        true
    }
}

fn gather(value: &Value, relationships: &mut Vec<RelationshipId>) {
    match value {
        Value::Relationship(id) => relationships.push(*id),
        Value::List(items) => items.iter().for_each(|item| gather(item, relationships)),
        _ => {}
    }
}

/// Chooses among the walks from one node, for each end by itself.
fn chosen(mut walks: Vec<Walked>, selector: PathSelector) -> Vec<Walked> {
    walks.sort_by_key(|walked| walked.relationships.len());
    let mut kept: Vec<Walked> = Vec::new();
    for walked in walks {
        let length = walked.relationships.len();
        let before: Vec<usize> =
            kept.iter().filter(|other| other.end == walked.end).map(|other| other.relationships.len()).collect();
        let mut lengths = before.clone();
        lengths.dedup();
        let takes = match selector {
            PathSelector::Any(count) | PathSelector::Shortest(count) => before.len() < count as usize,
            PathSelector::AnyShortest => before.is_empty(),
            PathSelector::AllShortest => before.first().is_none_or(|first| *first == length),
            PathSelector::ShortestGroups(count) => lengths.contains(&length) || lengths.len() < count as usize,
        };
        if takes {
            kept.push(walked);
        }
    }
    kept
}
