//! Cycles of four within a pattern: two ways of two steps each, from one corner to the opposite one.
//!
//! ```text
//!        (x)
//!       ↗   ↘          From a known corner both ways are walked, and what they lead to is matched: that is as much work as there
//!    (a)     (d)       are ways, where checking every pair of middles for a common neighbour is the square of the corner's degree.
//!       ↘   ↗
//!        (y)
//! ```

use crate::binder::bound::{Pattern, StepKind};

use super::pattern::{PatternPlanner, State};
use super::physical::{MeetArm, Operator, PhysicalPlan};

/// The name under which the rewrite is switched off.
pub(super) const RULE: &str = "meet";

/// Two ways between two nodes of a pattern, by place.
#[derive(Clone, Debug)]
pub(super) struct Cycle {
    /// Where the ways part and meet.
    corners: [usize; 2],
    /// The nodes between.
    middles: [usize; 2],
    /// For each way its step at the first corner and its step at the second.
    steps: [[usize; 2]; 2],
}

impl Cycle {
    /// Returns all cycles of four whose middles have no other step and no value yet.
    pub(super) fn all(pattern: &Pattern) -> Vec<Cycle> {
        let mut middles: Vec<(usize, [usize; 2], [usize; 2])> = Vec::new();
        for (place, _) in pattern.nodes.iter().enumerate().filter(|(_, node)| !node.bound) {
            let steps = pattern.steps.iter().enumerate();
            let touching: Vec<usize> =
                steps.filter(|(_, step)| step.from == place || step.to == place).map(|(step, _)| step).collect();
            let [one, other] = touching[..] else { continue };
            let is_plain = |step: &usize| {
                let step = &pattern.steps[*step];
                matches!(step.kind, StepKind::Single) && !step.bound && !step.relationship.undirected
            };
            let far = |step: usize| pattern.steps[step].from + pattern.steps[step].to - place;
            let ends = [far(one), far(other)];
            if touching.iter().all(is_plain) && ends[0] != ends[1] && !ends.contains(&place) {
                middles.push((place, ends, [one, other]));
            }
        }
        let mut cycles = Vec::new();
        for (index, (one, ends, one_steps)) in middles.iter().enumerate() {
            for (other, other_ends, other_steps) in &middles[index + 1..] {
                let same = ends == other_ends;
                let turned = ends[0] == other_ends[1] && ends[1] == other_ends[0];
                if (same || turned) && !ends.contains(other) && !other_ends.contains(one) {
                    let other_steps = if same { *other_steps } else { [other_steps[1], other_steps[0]] };
                    cycles.push(Cycle { corners: *ends, middles: [*one, *other], steps: [*one_steps, other_steps] });
                }
            }
        }
        cycles
    }

    /// Returns the cycle's steps.
    pub(super) fn all_steps(&self) -> impl Iterator<Item = usize> + '_ {
        self.steps.iter().flatten().copied()
    }
}

impl PatternPlanner<'_, '_> {
    /// Returns the states after walking a whole cycle from a corner that is known; `number` stands for the cycle in the order.
    pub(super) fn take_cycle(&self, state: &State, cycle: &Cycle, number: usize) -> Option<State> {
        let has = |node: usize| state.nodes.contains(node);
        if cycle.middles.iter().any(|node| has(*node)) || has(cycle.corners[0]) == has(cycle.corners[1]) {
            return None;
        }
        let asks = |step: usize| !self.asked_nodes(step).is_empty();
        if cycle.all_steps().any(asks) {
            return None;
        }
        let forward = has(cycle.corners[0]);
        let ways = [0, 1].map(|arm| {
            let [first, second] = self.cycle_steps(cycle, arm, forward);
            let half = self.step_rows(first.0, first.1, false).kept;
            half + half * self.step_rows(second.0, second.1, false).kept
        });
        let end = cycle.corners[usize::from(forward)];
        let rows = state.rows * ways[0] * ways[1]
            / self.lowering.estimator.nodes(self.pattern.nodes[end].label.as_ref()).max(1.0);
        // Ways that take the same steps are walked once; a way costs less than a row.
        let cost = state.cost + state.rows * (ways[0] + ways[1]) / 2.0 + rows;
        let nodes = cycle.middles.iter().chain([&end]).fold(state.nodes.clone(), |nodes, node| nodes.with(*node));
        let mut order = state.order.clone();
        order.push((number, forward));
        Some(State { nodes, rows, cost, counted: state.counted, start: state.start, order })
    }

    /// Returns the two steps of one way, seen from the corner where it begins, each with whether it is walked from its start.
    fn cycle_steps(&self, cycle: &Cycle, arm: usize, forward: bool) -> [(usize, bool); 2] {
        let [one, other] = cycle.steps[arm];
        let (first, second) = if forward { (one, other) } else { (other, one) };
        let middle = cycle.middles[arm];
        [(first, self.pattern.steps[first].to == middle), (second, self.pattern.steps[second].from == middle)]
    }

    /// Returns the plan with a whole cycle, at once unless a part of it was needed before its turn.
    pub(super) fn emit_cycle(&mut self, mut plan: PhysicalPlan, cycle: &Cycle, forward: bool) -> PhysicalPlan {
        let end = cycle.corners[usize::from(forward)];
        let is_whole = !cycle.all_steps().any(|step| self.done_steps[step])
            && !cycle.middles.iter().chain([&end]).any(|node| self.known_nodes[*node]);
        if is_whole {
            return self.meet(plan, cycle, forward);
        }
        for (step, along) in [0, 1].map(|arm| self.cycle_steps(cycle, arm, forward)).into_iter().flatten() {
            if !self.done_steps[step] {
                let from_known = self.known_nodes[self.step_end((step, !along))];
                plan = self.step(plan, step, if from_known { along } else { !along });
            }
        }
        plan
    }

    fn meet(&mut self, plan: PhysicalPlan, cycle: &Cycle, forward: bool) -> PhysicalPlan {
        let ways = [0, 1].map(|arm| self.cycle_steps(cycle, arm, forward));
        let arms = ways.map(|[first, second]| MeetArm {
            first: self.expand_step(&self.pattern.steps[first.0], first.1),
            second: self.expand_step(&self.pattern.steps[second.0], second.1),
        });
        let found: f64 = ways.iter().flatten().map(|(step, along)| self.step_rows(*step, *along, false).kept).product();
        let end = cycle.corners[usize::from(forward)];
        let ends = self.lowering.estimator.nodes(self.pattern.nodes[end].label.as_ref()).max(1.0);
        let rows = (plan.rows * found / ends).max(0.01);
        let mut plan = PhysicalPlan::new(Operator::ExpandMeet { arms, count: None }, vec![plan], rows);
        for node in cycle.middles.into_iter().chain([end]) {
            self.known_nodes[node] = true;
            self.forget(self.pattern.nodes[node].slot);
        }
        for [first, second] in ways {
            if !self.is_proven(first.0, first.1) && !self.is_proven(second.0, !second.1) {
                plan = self.label_filter(plan, self.step_end(first));
            }
        }
        if !ways.iter().any(|[_, second]| self.is_proven(second.0, second.1)) {
            plan = self.label_filter(plan, end);
        }
        for (step, _) in ways.into_iter().flatten() {
            plan = self.finish_step(plan, step);
        }
        plan
    }

    fn step_end(&self, (step, along): (usize, bool)) -> usize {
        if along { self.pattern.steps[step].to } else { self.pattern.steps[step].from }
    }
}
