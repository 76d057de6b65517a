//! Turns the parts of an ordered pattern into operators: leaves, steps, label tests, predicates as soon as they can be told.

use smol_str::SmolStr;

use crate::binder::bound::{PatternStep, StepKind};
use crate::expression::{ComparisonOperator, Expression, LabelExpression};
use crate::vector::Slot;

use super::assumption::Assumption;
use super::pattern::PatternPlanner;
use super::pattern_proof::Proof;
use super::physical::{ExpandStep, Operator, PhysicalPlan, StepDirection};

/// Up to how many relationships found before are compared each by an operator of its own.
const FEW_TO_COMPARE: usize = 8;

/// What it costs to look for one known end, beside what it costs to make a row of a step.
const INTO_COST: f64 = 2.0;

/// What a step of a walk costs that is to meet another, beside what it costs to look for a known end.
const HALF_WAY_COST: f64 = 8.0;

/// What a step makes of one row.
#[derive(Clone, Copy, Debug)]
pub(super) struct StepRows {
    /// What it costs: how many relationships are walked, or looked for where the end is known.
    pub work: f64,
    /// How many rows it gives.
    pub found: f64,
    /// How many of them the predicates on the relationship alone, or on the end alone, keep.
    pub kept: f64,
}

impl PatternPlanner<'_, '_> {
    /// Applies the predicates that wait for nothing any more.
    pub(super) fn apply_ready(&mut self, mut plan: PhysicalPlan) -> PhysicalPlan {
        let pending = std::mem::take(&mut self.pending);
        let (ready, waiting): (Vec<_>, Vec<_>) = pending.into_iter().partition(|(_, waits)| waits.is_empty());
        self.pending = waiting;
        // Subqueries last: they cost most.
        let (costly, cheap): (Vec<_>, Vec<_>) =
            ready.into_iter().partition(|(predicate, _)| !predicate.subqueries().is_empty());
        for (predicate, _) in cheap.into_iter().chain(costly) {
            plan = self.lowering.filter(plan, predicate);
        }
        plan
    }

    /// Marks a slot as having its value.
    pub(super) fn forget(&mut self, slot: Slot) {
        for (_, waits) in &mut self.pending {
            waits.retain(|waiting| *waiting != slot);
        }
    }

    /// Returns the plan with a test of the node's labels, if it asks for any.
    pub(super) fn label_filter(&self, plan: PhysicalPlan, node: usize) -> PhysicalPlan {
        let node = &self.pattern.nodes[node];
        match &node.label {
            Some(label) => {
                let rows = plan.rows * self.lowering.estimator.label_share(label);
                let operator = Operator::LabelFilter { slot: node.slot, label: label.clone() };
                PhysicalPlan::new(operator, vec![plan], rows)
            }
            None => plan,
        }
    }

    /// Returns the plan with a leaf for a node: a scan, or the best index.
    pub(super) fn leaf(&mut self, plan: PhysicalPlan, node: usize) -> PhysicalPlan {
        let (slot, label) = (self.pattern.nodes[node].slot, self.pattern.nodes[node].label.clone());
        let seek = self.seek_of(node);
        self.known_nodes[node] = true;
        self.forget(slot);
        let leaf = match seek {
            Some(seek) => {
                let rows = plan.rows * seek.rows;
                let share = seek.predicate(slot).map(|asked| self.lowering.estimator.selectivity(&asked, None));
                let only = matches!(&label, Some(LabelExpression::Name(name)) if *name == seek.label);
                let plan = PhysicalPlan::new(seek.into_operator(slot), vec![plan], rows);
                let leaf = if only { plan } else { self.label_filter(plan, node) };
                let mut leaf = self.apply_ready(leaf);
                // What was looked up is asked again of what was found, and keeps all of it.
                leaf.rows = (leaf.rows / share.unwrap_or(1.0)).min(rows);
                return leaf;
            }
            None => match self.take_source(node, &plan) {
                Some(source) => self.found_nodes(plan, node, &source),
                None => {
                    let rows = plan.rows * self.scan_rows(node);
                    PhysicalPlan::new(Operator::NodeScan { slot, label }, vec![plan], rows)
                }
            },
        };
        self.apply_ready(leaf)
    }

    /// Returns how many nodes a scan for a node gives.
    pub(super) fn scan_rows(&self, node: usize) -> f64 {
        self.lowering.estimator.nodes(self.pattern.nodes[node].label.as_ref())
    }

    /// Returns how many nodes are left of a leaf after the predicates that read it alone.
    pub(super) fn leaf_rows(&self, node: usize) -> f64 {
        let rows = match self.seek_of(node) {
            Some(seek) => seek.rows,
            None => self.scan_rows(node) * self.own_selectivity(node),
        };
        rows.max(0.01)
    }

    /// Returns the share of nodes that the predicates on a node alone keep.
    pub(super) fn own_selectivity(&self, node: usize) -> f64 {
        let (slot, label) = (self.pattern.nodes[node].slot, self.pattern.nodes[node].label.as_ref());
        let own = self.pending.iter().filter(|(_, waits)| waits.as_slice() == [slot]);
        own.map(|(predicate, _)| self.lowering.estimator.selectivity(predicate, label)).product()
    }

    /// Returns how many rows a step makes of one, and what that costs.
    pub(super) fn step_rows(&self, step: usize, forward: bool, into: bool) -> StepRows {
        if let Some(rows) = self.weighed.borrow().rows.get(&(step, forward, into)) {
            return *rows;
        }
        let rows = self.weigh_step(step, forward, into);
        self.weighed.borrow_mut().rows.insert((step, forward, into), rows);
        rows
    }

    fn weigh_step(&self, step: usize, forward: bool, into: bool) -> StepRows {
        let step = &self.pattern.steps[step];
        let (source, target) = if forward { (step.from, step.to) } else { (step.to, step.from) };
        let (from, to) = (self.pattern.nodes[source].label.as_ref(), self.pattern.nodes[target].label.as_ref());
        let degree = self.lowering.estimator.degree(from, step, to, forward);
        let walked = match &step.kind {
            StepKind::Single => degree,
            StepKind::Variable { min, max, .. } => chain_rows(degree, *min, *max),
            StepKind::Quantified(quantified) => {
                let length = quantified.pattern.steps.len().max(1) as u32;
                chain_rows(degree.max(1.0), quantified.min * length, quantified.max.map(|max| max * length))
            }
            StepKind::Shortest { .. } => degree.clamp(1.0, 1000.0),
        };
        let kept = self.relationships_kept(step);
        if !into {
            return StepRows { work: walked, found: walked, kept: walked * kept * self.own_selectivity(target) };
        }
        // A lone step is looked up; of longer walks to a known end each side goes half the way, where a step costs more than a row.
        let work = match step.kind {
            StepKind::Single => 1.0,
            _ => walked.max(1.0).sqrt() * HALF_WAY_COST,
        };
        let found = walked / self.lowering.estimator.nodes(to).max(1.0);
        StepRows { work: work * INTO_COST, found, kept: found * kept }
    }

    /// Returns the share of a step's relationships that the predicates on them alone keep.
    fn relationships_kept(&self, step: &PatternStep) -> f64 {
        if !matches!(step.kind, StepKind::Single) {
            return 1.0;
        }
        let own = self.pending.iter().filter(|(_, waits)| waits.as_slice() == [step.slot]);
        own.map(|(predicate, _)| self.lowering.estimator.relationship_selectivity(predicate)).product()
    }

    /// Gives the ends of the steps whose relationships are known already.
    pub(super) fn bound_steps(&mut self, mut plan: PhysicalPlan) -> PhysicalPlan {
        for place in 0..self.pattern.steps.len() {
            if self.pattern.steps[place].bound {
                plan = self.ends_of(plan, place);
            }
        }
        plan
    }

    /// Gives the ends of a step whose relationship is known.
    fn ends_of(&mut self, plan: PhysicalPlan, place: usize) -> PhysicalPlan {
        let step = &self.pattern.steps[place];
        let length = match &step.kind {
            StepKind::Variable { min, max, .. } => Some((*min, *max)),
            _ => None,
        };
        // The list of a step that was written `<--` runs from its end to its start.
        let forward = !step.turned;
        let (source, target) = if forward { (step.from, step.to) } else { (step.to, step.from) };
        let (from_known, to_known) = (self.known_nodes[source], self.known_nodes[target]);
        let operator = Operator::BoundStep { step: self.expand_step(step, forward), from_known, to_known, length };
        let rows = plan.rows;
        let mut plan = PhysicalPlan::new(operator, vec![plan], rows);
        for (known, node) in [(from_known, source), (to_known, target)] {
            if !known && !self.known_nodes[node] {
                self.known_nodes[node] = true;
                self.forget(self.pattern.nodes[node].slot);
                plan = self.label_filter(plan, node);
            }
        }
        self.finish_step(plan, place)
    }

    /// Returns the plan with the relationships that an index finds, and their ends.
    pub(super) fn relationship_leaf(&mut self, plan: PhysicalPlan, place: usize) -> PhysicalPlan {
        let slot = self.pattern.steps[place].slot;
        let Some(seek) = self.seek_of_step(place) else { return self.relationship_scan(plan, place) };
        let rows = plan.rows * seek.rows;
        let plan = PhysicalPlan::new(seek.into_operator(slot), vec![plan], rows);
        self.ends_of(plan, place)
    }

    pub(super) fn expand_step(&self, step: &PatternStep, forward: bool) -> ExpandStep {
        let (source, target) = if forward { (step.from, step.to) } else { (step.to, step.from) };
        let direction = match (step.relationship.undirected, forward) {
            (true, _) => StepDirection::Both,
            (false, true) => StepDirection::Outgoing,
            (false, false) => StepDirection::Incoming,
        };
        ExpandStep {
            from: self.pattern.nodes[source].slot,
            relationship: step.slot,
            to: self.pattern.nodes[target].slot,
            label: step.relationship.label.clone(),
            direction,
        }
    }

    /// Returns the slots that a step reads while it walks, its own left out.
    pub(super) fn step_reads(&self, place: usize) -> Vec<Slot> {
        self.lowering.step_reads(&self.pattern.steps[place])
    }

    /// Returns the nodes of the pattern that a step reads while it walks.
    pub(super) fn asked_nodes(&self, place: usize) -> Vec<usize> {
        let reads = self.step_reads(place);
        (0..self.pattern.nodes.len()).filter(|node| reads.contains(&self.pattern.nodes[*node].slot)).collect()
    }

    /// Returns the plan with everything known that a step reads while it walks.
    fn prepare_step(&mut self, mut plan: PhysicalPlan, place: usize) -> PhysicalPlan {
        let mut reads = self.step_reads(place);
        let paths: Vec<_> = self.pattern.paths.iter().filter(|(slot, _)| reads.contains(slot)).cloned().collect();
        paths.iter().for_each(|(_, path)| reads.extend(path.slots()));
        self.waiting.push(place);
        for other in 0..self.pattern.steps.len() {
            let is_asked = |step: &PatternStep| {
                let gathered = reads.iter().any(|slot| super::lower::gathers(step, *slot));
                reads.contains(&step.slot) || gathered
            };
            let asked = !self.done_steps[other] && is_asked(&self.pattern.steps[other]);
            if asked && !self.waiting.contains(&other) {
                let (from, to) = (self.pattern.steps[other].from, self.pattern.steps[other].to);
                if !self.known_nodes[from] && !self.known_nodes[to] {
                    plan = self.leaf(plan, from);
                }
                let forward = self.known_nodes[from];
                plan = self.step(plan, other, forward);
            }
        }
        self.waiting.pop();
        for node in 0..self.pattern.nodes.len() {
            if reads.contains(&self.pattern.nodes[node].slot) && !self.known_nodes[node] {
                plan = self.leaf(plan, node);
            }
        }
        if !paths.is_empty() {
            let rows = plan.rows;
            plan = PhysicalPlan::new(Operator::Project { items: paths }, vec![plan], rows);
        }
        plan
    }

    /// Returns the plan with a step from the end that is known to the other.
    pub(super) fn step(&mut self, plan: PhysicalPlan, place: usize, forward: bool) -> PhysicalPlan {
        let plan = self.prepare_step(plan, place);
        let step = self.pattern.steps[place].clone();
        let (source, target) = if forward { (step.from, step.to) } else { (step.to, step.from) };
        let into = self.known_nodes[target];
        let is_done = |other: usize| self.done_steps[other] && !self.counted_steps[other];
        let times = if into { 1.0 } else { self.times_together(source, place, &is_done) };
        let times = times * std::mem::replace(&mut self.share_left, 1.0);
        let rows = (plan.rows * self.weigh_step(place, forward, into).found * times).max(0.01);
        let expand = self.expand_step(&step, forward);
        // A chain is listed in the order of the pattern, so a walk from its end is turned around when it is listed.
        let mut children = vec![plan];
        let operator = match step.kind {
            StepKind::Single => Operator::Expand { step: expand, into },
            StepKind::Variable { min, max, predicate, mode } => Operator::ExpandVariable {
                step: expand,
                into,
                min,
                max,
                predicate,
                mode,
                selector: None,
                distinct_ends: false,
                reversed: step.turned == forward,
            },
            StepKind::Shortest { min, max, predicate, selector } => Operator::ExpandVariable {
                step: expand,
                into,
                min,
                max,
                predicate,
                mode: Default::default(),
                selector: Some(selector),
                distinct_ends: false,
                reversed: step.turned == forward,
            },
            StepKind::Quantified(quantified) => {
                let (operator, inner) = self.quantified(&quantified, &expand, into, forward);
                children.push(inner);
                operator
            }
        };
        let mut plan = PhysicalPlan::new(operator, children, rows);
        if !into {
            self.known_nodes[target] = true;
            self.forget(self.pattern.nodes[target].slot);
            if !self.is_proven(place, forward) {
                plan = self.label_filter(plan, target);
            }
        }
        let plan = self.finish_step(plan, place);
        if !into {
            self.put_together(target, plan.rows);
        }
        plan
    }

    /// Says whether the counts prove that every end of a step has the labels that the pattern asks of it.
    pub(super) fn is_proven(&self, place: usize, forward: bool) -> bool {
        self.end_proof(place, forward)
            .is_some_and(|proof| proof.into_iter().all(|assumption| self.lowering.estimator.assume(assumption)))
    }

    /// Returns what must hold for every end of a step to have the labels asked of it; nothing if no count can tell.
    pub(super) fn end_proof(&self, place: usize, forward: bool) -> Option<Vec<Assumption>> {
        let step = &self.pattern.steps[place];
        let walks = matches!(step.kind, StepKind::Single | StepKind::Variable { min: 1.., .. });
        let target = if forward { step.to } else { step.from };
        let labels = match &self.pattern.nodes[target].label {
            None => return Some(Vec::new()),
            Some(LabelExpression::Name(name)) => vec![name.clone()],
            Some(_) => return None,
        };
        if !walks {
            return None;
        }
        let sides: &[bool] = match (step.relationship.undirected, forward) {
            (true, _) => &[true, false],
            (false, true) => &[false],
            (false, false) => &[true],
        };
        let types = step.relationship.label.clone();
        let of =
            |label: &SmolStr, starts: bool| Assumption::AllEnds { types: types.clone(), label: label.clone(), starts };
        Some(labels.iter().flat_map(|label| sides.iter().map(|starts| of(label, *starts))).collect())
    }

    /// Returns the plan with all relationships of a step.
    pub(super) fn relationship_scan(&mut self, plan: PhysicalPlan, place: usize) -> PhysicalPlan {
        let step = self.pattern.steps[place].clone();
        let rows = self.lowering.estimator.relationships(step.relationship.label.as_ref());
        let scan = Operator::RelationshipScan { step: self.expand_step(&step, true) };
        for node in [step.from, step.to] {
            self.known_nodes[node] = true;
            self.forget(self.pattern.nodes[node].slot);
        }
        self.finish_step(PhysicalPlan::new(scan, vec![plan], rows), place)
    }

    fn quantified(
        &mut self,
        quantified: &crate::binder::bound::QuantifiedPattern,
        step: &ExpandStep,
        into: bool,
        forward: bool,
    ) -> (Operator, PhysicalPlan) {
        let (first, last) =
            if forward { (quantified.first, quantified.last) } else { (quantified.last, quantified.first) };
        let mut pattern = quantified.pattern.clone();
        pattern.nodes[first].bound = true;
        let argument = PhysicalPlan::new(Operator::Argument, Vec::new(), 1.0);
        let inner = self.lowering.inside(|lowering| lowering.plan_pattern(argument, &pattern, &quantified.predicates));
        let relationships = quantified.pattern.steps.iter().map(|step| step.slot).collect();
        let operator = Operator::ExpandQuantified {
            from: step.from,
            to: step.to,
            into,
            first: pattern.nodes[first].slot,
            last: pattern.nodes[last].slot,
            min: quantified.min,
            max: quantified.max,
            groups: quantified.groups.clone(),
            once: quantified.once,
            even: quantified.pattern.steps.iter().all(|step| matches!(step.kind, StepKind::Single)),
            relationships,
            row: self.lowering.new_slot("row"),
            mode: quantified.mode,
            selector: quantified.selector,
            walked: step.relationship,
            reversed: !forward,
        };
        (operator, inner)
    }

    /// Marks a step as done: its slots have their values, its relationships differ from the others, predicates on it can be told.
    pub(super) fn finish_step(&mut self, plan: PhysicalPlan, place: usize) -> PhysicalPlan {
        self.done_steps[place] = true;
        let step = &self.pattern.steps[place];
        self.forget(step.slot);
        if let StepKind::Quantified(quantified) = &step.kind {
            let outer: Vec<Slot> = quantified.groups.iter().map(|(_, outer)| *outer).collect();
            outer.into_iter().for_each(|slot| self.forget(slot));
        }
        let plan = self.differing(plan, place, &self.done_steps);
        self.apply_ready(plan)
    }

    /// Checks the relationship just found against those found before, as far as they could be the same.
    pub(super) fn differing(&self, mut plan: PhysicalPlan, place: usize, done: &[bool]) -> PhysicalPlan {
        let slot = |step: usize| self.pattern.steps[step].slot;
        for group in self.pattern.distinct.iter().filter(|group| group.contains(&place)) {
            let found = group.iter().filter(|other| **other != place && done[**other]);
            let mut others = Vec::new();
            for other in found.filter(|other| self.can_coincide(place, **other, Proof::Take)) {
                match self.differing_ends(place, *other) {
                    Some((one, other)) => plan = different_nodes(plan, one, other),
                    None => others.push(slot(*other)),
                }
            }
            // Those found before differ from each other: comparing all at once asks the same, and a long pattern stays a plan that
            // can be walked through.
            let size = if others.len() > FEW_TO_COMPARE { others.len() } else { 1 };
            for others in others.chunks(size) {
                let slots = others.iter().copied().chain([slot(place)]).collect();
                let rows = plan.rows;
                plan = PhysicalPlan::new(Operator::DistinctRelationships { slots }, vec![plan], rows);
            }
        }
        plan
    }
}

/// Keeps the rows whose two nodes differ.
fn different_nodes(plan: PhysicalPlan, one: Slot, other: Slot) -> PhysicalPlan {
    let sides = (Box::new(Expression::Slot(one)), Box::new(Expression::Slot(other)));
    let predicate = Expression::Comparison(ComparisonOperator::NotEqual, sides.0, sides.1);
    let rows = plan.rows;
    PhysicalPlan::new(Operator::Filter { predicate }, vec![plan], rows)
}

fn chain_rows(degree: f64, min: u32, max: Option<u32>) -> f64 {
    let longest = max.unwrap_or(min.saturating_add(3)).clamp(min, min.saturating_add(6));
    (min..=longest).map(|length| degree.powi(length as i32)).sum::<f64>().min(1e9)
}
