//! Subqueries planned from their inner side: what hangs on one outer node only is found once, not asked for each row.
//!
//! ```text
//! MATCH (p:Person) WHERE EXISTS { (p)-[:LIKES]->(t {name: 'tea'}) }
//!
//!   asked for each row        found once, beside the rows        found once, as the rows
//!   SemiJoin                  SemiJoin                           DistinctNodes p
//!     NodeScan (p)              NodeScan (p)                       Expand (t)<-[:LIKES]-(p)
//!                               Expand (t)<-[:LIKES]-(p)             NodeScan (t)
//! ```
//! Of a lone step only its ends are found: whether a row's node leads to one, or is led to from one, is told when both are counted.
//! A lone optional step is no subquery at all: it is an expansion that gives a null where there is nothing.

use crate::binder::bound::{Pattern, StepKind, SubqueryKind};
use crate::expression::{Expression, LabelExpression, SubqueryId};
use crate::vector::Slot;

use super::logical::LogicalPlan;
use super::lower::Lowering;
use super::pattern::{PatternPlanner, is_single_row};
use super::physical::{ExpandStep, Operator, PhysicalPlan, StepDirection};

/// The names under which the rewrites are switched off.
#[cfg(test)]
pub(super) const RULES: [&str; 4] = [FOUND_ONCE, ENDS, SOURCE, OPTIONAL];
const ENDS: &str = "semi_join_ends";
const FOUND_ONCE: &str = "semi_join_set";
const SOURCE: &str = "semi_join_source";
const OPTIONAL: &str = "optional_expand";

/// How much more asking row by row may cost before the inner side is found once.
const WORTH_FINDING: f64 = 2.0;

/// What it costs to look at a node of a scan for the ends of a step, beside what it costs to make a row of a step.
const LOOKED_AT: f64 = 0.25;

/// A way to find a node: every one for which an EXISTS holds.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The node's slot.
    slot: Slot,
    /// The EXISTS.
    subquery: SubqueryId,
    /// How many nodes it finds.
    pub rows: f64,
    /// What finding them costs.
    pub work: f64,
}

impl Lowering<'_> {
    /// Returns the pattern within an EXISTS with its one outer node set free, and what must hold; nothing if there is more to it.
    fn set_free(&self, id: SubqueryId, label: Option<&LabelExpression>) -> Option<(Slot, Pattern, Vec<Expression>)> {
        let subquery = &self.subqueries[id.0 as usize];
        let ([slot], SubqueryKind::Exists) = (&subquery.imports[..], subquery.kind) else { return None };
        let LogicalPlan::Pattern { input, pattern, predicates, optional: false } = &subquery.plan else { return None };
        let asks_more = predicates.iter().any(|predicate| !predicate.subqueries().is_empty());
        let is_outer = |node: &&crate::binder::bound::PatternNode| node.bound;
        let outer: Vec<_> = pattern.nodes.iter().filter(is_outer).collect();
        let is_plain = matches!(**input, LogicalPlan::Argument)
            && outer.len() == 1
            && outer[0].slot == *slot
            && !pattern.steps.is_empty()
            && pattern.steps.iter().all(|step| matches!(step.kind, StepKind::Single) && !step.bound)
            && pattern.paths.is_empty();
        if asks_more || !is_plain {
            return None;
        }
        let mut pattern = pattern.clone();
        for node in pattern.nodes.iter_mut().filter(|node| node.bound) {
            node.bound = false;
            node.label = match (node.label.take(), label.cloned()) {
                (Some(own), Some(outer)) => Some(LabelExpression::all_of([own, outer])),
                (own, outer) => own.or(outer),
            };
        }
        Some((*slot, pattern, predicates.clone()))
    }

    fn may_rewrite(&self, rule: &str) -> bool {
        !self.nested && !self.estimator.writes() && !self.switched_off.contains(&rule)
    }

    /// Returns a plan that finds all nodes for which an EXISTS holds, where that is less work than to ask for `rows` rows.
    pub(super) fn found_once(&mut self, id: SubqueryId, rows: f64) -> Option<PhysicalPlan> {
        if !self.may_rewrite(FOUND_ONCE) {
            return None;
        }
        let (slot, pattern, predicates) = self.set_free(id, None)?;
        let unit = PhysicalPlan::new(Operator::Unit, Vec::new(), 1.0);
        let found = self.plan_once(unit, slot, &pattern, &predicates);
        let subqueries = self.subqueries;
        let asked = self.inside(|lowering| lowering.lower(&subqueries[id.0 as usize].plan));
        let is_worth_it = work(&found) * WORTH_FINDING < rows * work(&asked).max(1.0);
        is_worth_it.then(|| distinct(found, slot))
    }

    /// Returns the plan of a pattern of which each node under a slot counts once.
    fn plan_once(&mut self, unit: PhysicalPlan, slot: Slot, pattern: &Pattern, asked: &[Expression]) -> PhysicalPlan {
        self.inside(|lowering| {
            lowering.once_above = Some(vec![slot]);
            lowering.plan_pattern(unit, pattern, asked)
        })
    }

    /// Returns the one step of an EXISTS with a plan of the nodes that it may lead to, where something is asked of these alone and to
    /// find them is less work than to ask for `rows` rows.
    pub(super) fn ends_of_step(&mut self, id: SubqueryId, rows: f64) -> Option<(ExpandStep, PhysicalPlan)> {
        if !self.may_rewrite(ENDS) {
            return None;
        }
        let (outer, pattern, predicates) = self.set_free(id, None)?;
        let ([step], [_, _]) = (&pattern.steps[..], &pattern.nodes[..]) else { return None };
        let outward = pattern.nodes[step.from].slot == outer;
        let (from, to) = if outward { (step.from, step.to) } else { (step.to, step.from) };
        let end = &pattern.nodes[to];
        let asks_ends_only = predicates.iter().all(|predicate| self.reads(predicate) == [end.slot]);
        if from == to || pattern.nodes[from].label.is_some() || !asks_ends_only {
            return None;
        }
        let direction = match (step.relationship.undirected, outward) {
            (true, _) => StepDirection::Both,
            (false, true) => StepDirection::Outgoing,
            (false, false) => StepDirection::Incoming,
        };
        let label = step.relationship.label.clone();
        let step = ExpandStep { from: outer, relationship: step.slot, to: end.slot, label, direction };
        // Where any end will do, whether there is one is told by the number of relationships.
        if predicates.is_empty() && end.label.as_ref().is_none_or(|label| self.leads_only_to(&step, label)) {
            return None;
        }
        let ends = Pattern { nodes: vec![end.clone()], steps: Vec::new(), distinct: Vec::new(), paths: Vec::new() };
        let unit = PhysicalPlan::new(Operator::Unit, Vec::new(), 1.0);
        let ends = self.inside(|lowering| lowering.plan_pattern(unit, &ends, &predicates));
        let subqueries = self.subqueries;
        let asked = self.inside(|lowering| lowering.lower(&subqueries[id.0 as usize].plan));
        (work(&ends) * LOOKED_AT < rows * work(&asked).max(1.0)).then_some((step, ends))
    }

    /// Returns the nodes of a pattern that can be found from within an EXISTS, with what that costs.
    pub(super) fn sources(&mut self, pattern: &Pattern, pending: &[(Expression, Vec<Slot>)]) -> Vec<Source> {
        if !self.may_rewrite(SOURCE) {
            return Vec::new();
        }
        let mut sources = Vec::new();
        for (predicate, waits) in pending {
            let (Expression::Subquery(id), [slot]) = (predicate, &waits[..]) else { continue };
            let Some(node) = pattern.nodes.iter().find(|node| node.slot == *slot && !node.bound) else { continue };
            let Some((_, inner, predicates)) = self.set_free(*id, node.label.as_ref()) else { continue };
            let unit = PhysicalPlan::new(Operator::Unit, Vec::new(), 1.0);
            let found = self.plan_once(unit, *slot, &inner, &predicates);
            let source = Source { slot: *slot, subquery: *id, rows: found.rows, work: work(&found) };
            if source.work < self.estimator.nodes(node.label.as_ref()) {
                sources.push(source);
            }
        }
        sources
    }

    /// Returns an OPTIONAL MATCH of one step from a known node as one operator.
    pub(super) fn optional_step(&self, pattern: &Pattern, predicates: &[Expression]) -> Option<Operator> {
        let ([step], [_, _]) = (&pattern.steps[..], &pattern.nodes[..]) else { return None };
        let (start, end) = (&pattern.nodes[step.from], &pattern.nodes[step.to]);
        let is_single = matches!(step.kind, StepKind::Single) && !step.bound && pattern.paths.is_empty();
        let asks_more = predicates.iter().any(|predicate| !predicate.subqueries().is_empty());
        if !is_single || asks_more || start.bound == end.bound || self.switched_off.contains(&OPTIONAL) {
            return None;
        }
        let (from, to, direction) = match (start.bound, step.relationship.undirected) {
            (true, false) => (start, end, StepDirection::Outgoing),
            (false, false) => (end, start, StepDirection::Incoming),
            (true, true) => (start, end, StepDirection::Both),
            (false, true) => (end, start, StepDirection::Both),
        };
        // What the known node must be is asked of the row, and a row that does not pass has no match.
        if from.label.is_some() {
            return None;
        }
        let relationship = step.slot;
        let label = step.relationship.label.clone();
        let step = ExpandStep { from: from.slot, relationship, to: to.slot, label, direction };
        let predicate = match predicates {
            [] => None,
            [only] => Some(only.clone()),
            several => Some(Expression::And(several.to_vec())),
        };
        let label = to.label.clone().filter(|label| !self.leads_only_to(&step, label));
        Some(Operator::OptionalExpand { step, label, predicate })
    }

    /// Says whether the counts prove that a step leads to nodes of a label only.
    fn leads_only_to(&self, step: &ExpandStep, label: &LabelExpression) -> bool {
        let LabelExpression::Name(name) = label else { return false };
        let sides: &[bool] = match step.direction {
            StepDirection::Outgoing => &[false],
            StepDirection::Incoming => &[true],
            StepDirection::Both => &[true, false],
        };
        sides.iter().all(|starts| {
            let types = step.label.clone();
            self.estimator.assume(super::Assumption::AllEnds { types, label: name.clone(), starts: *starts })
        })
    }

    /// Returns how many matches an optional step has for a row, on average.
    pub(super) fn optional_rows(&self, pattern: &Pattern) -> f64 {
        let step = &pattern.steps[0];
        let (start, end) = (&pattern.nodes[step.from], &pattern.nodes[step.to]);
        let (from, to) = if start.bound { (start, end) } else { (end, start) };
        self.estimator.degree(from.label.as_ref(), step, to.label.as_ref(), start.bound)
    }
}

impl PatternPlanner<'_, '_> {
    /// Returns the cheapest way to find a node from within an EXISTS.
    pub(super) fn source_of(&self, node: usize) -> Option<&Source> {
        let slot = self.pattern.nodes[node].slot;
        let of_node = self.sources.iter().filter(|source| source.slot == slot);
        of_node.min_by(|left, right| left.work.total_cmp(&right.work))
    }

    /// Takes the way to find a node out of what is still to be asked, if there is one and the rows at hand are one row.
    pub(super) fn take_source(&mut self, node: usize, plan: &PhysicalPlan) -> Option<Source> {
        let source = self.source_of(node).filter(|_| is_single_row(plan))?.clone();
        let is_asked = |(predicate, _): &(Expression, Vec<Slot>)| matches!(predicate, Expression::Subquery(id) if *id == source.subquery);
        let place = self.pending.iter().position(is_asked)?;
        self.pending.remove(place);
        Some(source)
    }

    /// Returns a plan that gives the nodes for which an EXISTS holds, each once.
    pub(super) fn found_nodes(&mut self, plan: PhysicalPlan, node: usize, source: &Source) -> PhysicalPlan {
        let label = self.pattern.nodes[node].label.clone();
        let set_free = self.lowering.set_free(source.subquery, label.as_ref());
        let (slot, pattern, predicates) = set_free.expect("a source was set free when it was weighed");
        let found = self.lowering.inside(|lowering| lowering.plan_pattern(plan, &pattern, &predicates));
        distinct(found, slot)
    }
}

fn distinct(plan: PhysicalPlan, slot: Slot) -> PhysicalPlan {
    let rows = plan.rows;
    PhysicalPlan::new(Operator::DistinctNodes { slot }, vec![plan], rows)
}

/// Returns how many rows all operators of a plan together give.
fn work(plan: &PhysicalPlan) -> f64 {
    let own = if matches!(plan.operator, Operator::Unit | Operator::Argument) { 0.0 } else { plan.rows };
    own + plan.children.iter().map(work).sum::<f64>()
}
