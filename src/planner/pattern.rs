//! Orders a pattern: where to start, which step next, which predicate when.
//!
//! Components that touch known slots grow from the rows at hand; every other component is planned by itself and joined. Within a
//! component the order is found by dynamic programming over sets of steps (as for joins: Selinger et al. 1979), where each state keeps
//! its cheapest way; patterns of many steps are ordered greedily, so that planning stays fast.

use std::cell::RefCell;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::binder::bound::{Pattern, StepKind};
use crate::expression::Expression;
use crate::vector::Slot;

use super::lower::Lowering;
use super::node_set::NodeSet;
use super::pattern_counted::{Counted, Reached};
use super::pattern_cycle::{self, Cycle};
use super::pattern_step::StepRows;
use super::pattern_together::Together;
use super::physical::{Operator, PhysicalPlan};
use super::semi_join::Source;
use super::why::Choice;

/// Up to how many nodes an end of a shortest path may have for the search to start from both ends.
const FEW_ENDS: f64 = 100.0;

/// What it costs to look at a node in a scan, beside what it costs to make a row of a step.
const SCAN_COST: f64 = 0.25;

/// Up to how many steps all orders are weighed.
pub(super) const EXHAUSTIVE_STEPS: usize = 10;

/// How many steps are weighed at most from the sets of steps of one size. A chain has few such sets; of a star all subsets are sets, and
/// of more than six steps those that have cost most so far are left.
const WEIGHED_A_SIZE: usize = 96;

/// A pattern on its way to a plan.
pub(super) struct PatternPlanner<'a, 'b> {
    /// The lowering that this is part of.
    pub lowering: &'a mut Lowering<'b>,
    /// The pattern.
    pub pattern: &'a Pattern,
    /// The predicates not applied yet, each with the slots of the pattern that it waits for.
    pub pending: Vec<(Expression, Vec<Slot>)>,
    /// Which nodes are known, by place.
    pub known_nodes: Vec<bool>,
    /// Which steps are done, by place.
    pub done_steps: Vec<bool>,
    /// All predicates.
    pub predicates: &'a [Expression],
    /// What is read above the pattern, where that is known and rows may be counted instead of made.
    pub read_above: Option<Vec<Slot>>,
    /// What is read above it, where rows that are equal in it count once.
    pub once_above: Option<Vec<Slot>>,
    /// Whether the rows at hand all come from a start of the pattern itself, by steps alone.
    pub begun: bool,
    /// The steps done whose rows are put together, by place, and the share of the rows that is left of the last of them.
    pub counted_steps: Vec<bool>,
    pub share_left: f64,
    /// The steps that wait for what they read, so that none waits for itself.
    pub waiting: Vec<usize>,
    /// The cycles of four that can be walked from a corner.
    pub cycles: Vec<Cycle>,
    /// The nodes that can be found from within an EXISTS.
    pub sources: Vec<Source>,
    /// What was found out about steps: orders are weighed by the thousand.
    pub weighed: RefCell<Weighed>,
}

/// What was found out about steps, each with the end it starts from.
#[derive(Debug, Default)]
pub(super) struct Weighed {
    /// Whether a step does nothing but multiply the rows.
    pub multiplies: FxHashMap<(usize, bool), bool>,
    /// How many rows a step makes of one, and whether its end is known; true until another predicate is applied.
    pub rows: FxHashMap<(usize, bool, bool), StepRows>,
    /// The nodes that a step reads while it walks.
    pub asked: FxHashMap<usize, Vec<usize>>,
    /// The steps that make more rows together than their means tell.
    pub together: Option<Vec<Together>>,
    /// What is read of the pattern, where rows may be put together; found out when first asked for.
    pub counted: Option<Option<Counted>>,
}

/// Steps in order, each with the end it starts from; orders are made by the thousand, and few are longer.
pub(super) type Order = SmallVec<[(usize, bool); EXHAUSTIVE_STEPS]>;

/// The steps that are done, by bit of their place in the component, and the nodes that are known.
type StateKey = (u64, NodeSet);

/// A way to have solved some steps.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The nodes that are known.
    pub nodes: NodeSet,
    /// How many rows there are.
    pub rows: f64,
    /// What it has cost.
    pub cost: f64,
    /// Of how many of the first steps the rows were put together.
    pub counted: usize,
    /// Where the component starts, if no node of it is known.
    pub start: Option<Start>,
    /// The steps in order, each with the end it starts from; numbers beyond the steps are cycles, and those beyond these anchors.
    pub order: Order,
}

/// Where a component starts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start {
    /// At a node, by a scan or an index.
    Node(usize),
    /// At the relationship of a step, by an index.
    Step(usize),
}

impl Lowering<'_> {
    /// Returns a plan that extends the rows of `input` by every match of the pattern.
    pub fn plan_pattern(&mut self, input: PhysicalPlan, pattern: &Pattern, predicates: &[Expression]) -> PhysicalPlan {
        let mut introduced: Vec<Slot> = Vec::new();
        introduced.extend(pattern.nodes.iter().filter(|node| !node.bound).map(|node| node.slot));
        for step in &pattern.steps {
            if !step.bound {
                introduced.push(step.slot);
            }
            if let StepKind::Quantified(quantified) = &step.kind {
                introduced.extend(quantified.groups.iter().map(|(_, outer)| *outer));
            }
        }
        introduced.extend(pattern.paths.iter().map(|(slot, _)| *slot));
        let waits = |lowering: &Self, predicate: &Expression| {
            let mut slots = lowering.reads(predicate);
            slots.retain(|slot| introduced.contains(slot));
            slots
        };
        let parts = predicates.iter().cloned().flat_map(Expression::conjuncts).collect();
        let (changed, parts) = self.asked_while_walking(pattern, &introduced, parts);
        let pattern = changed.as_ref().unwrap_or(pattern);
        let pending: Vec<(Expression, Vec<Slot>)> =
            parts.into_iter().map(|part| (waits(self, &part), part)).map(|(waits, part)| (part, waits)).collect();
        let meets = !self.switched_off.contains(&pattern_cycle::RULE);
        let sources = self.sources(pattern, &pending);
        let mut planner = PatternPlanner {
            sources,
            cycles: if meets { Cycle::all(pattern) } else { Vec::new() },
            pending,
            known_nodes: pattern.nodes.iter().map(|node| node.bound).collect(),
            done_steps: vec![false; pattern.steps.len()],
            predicates,
            read_above: self.read_above.take(),
            once_above: self.once_above.take(),
            begun: false,
            counted_steps: vec![false; pattern.steps.len()],
            share_left: 1.0,
            waiting: Vec::new(),
            weighed: RefCell::default(),
            lowering: self,
            pattern,
        };
        planner.plan(input)
    }
}

impl PatternPlanner<'_, '_> {
    fn plan(&mut self, input: PhysicalPlan) -> PhysicalPlan {
        let mut plan = self.apply_ready(input);
        for (place, node) in self.pattern.nodes.iter().enumerate() {
            if node.bound {
                plan = self.label_filter(plan, place);
            }
            // A null stands for no node, so it matches nothing: a step or a label would find that out, a lone node must ask.
            let is_lone =
                node.label.is_none() && !self.pattern.steps.iter().any(|step| [step.from, step.to].contains(&place));
            if node.bound && is_lone {
                let is_null = Expression::IsNull(Box::new(Expression::Slot(node.slot)));
                plan = self.lowering.filter(plan, Expression::Not(Box::new(is_null)));
            }
        }
        plan = self.bound_steps(plan);
        let deferred = self.deferred_steps();
        let components = self.components(&deferred);
        let (grown, loose): (Vec<_>, Vec<_>) =
            components.into_iter().partition(|component| component.0.iter().any(|node| self.known_nodes[*node]));
        for (nodes, steps) in grown {
            let state = self.best_order(plan.rows, &nodes, &steps);
            plan = self.emit(plan, &state);
        }
        // Small components first: what they bind can narrow the others.
        let mut loose: Vec<(f64, Vec<usize>, Vec<usize>)> =
            loose.into_iter().map(|(nodes, steps)| (self.best_order(1.0, &nodes, &steps).rows, nodes, steps)).collect();
        loose.sort_by(|left, right| left.0.total_cmp(&right.0));
        for (_, nodes, steps) in loose {
            plan = self.join_component(plan, &nodes, &steps);
        }
        for step in deferred {
            plan = self.step(plan, step, true);
        }
        for (slot, expression) in &self.pattern.paths {
            let rows = plan.rows;
            let operator = Operator::Project { items: vec![(*slot, expression.clone())] };
            plan = PhysicalPlan::new(operator, vec![plan], rows);
            self.forget(*slot);
        }
        plan = self.apply_ready(plan);
        assert!(self.pending.is_empty(), "every predicate of a pattern is applied: {:?}", self.pending);
        plan
    }

    /// Returns the shortest-path steps that are better searched from both ends at once, when both are known: those between few nodes.
    fn deferred_steps(&self) -> Vec<usize> {
        let few = |node: usize| {
            self.known_nodes[node] || self.leaf_rows(node) <= FEW_ENDS || {
                let touching = |step: &&crate::binder::bound::PatternStep| step.from == node || step.to == node;
                self.pattern.steps.iter().filter(touching).count() > 1
            }
        };
        let is_shortest = |place: &usize| {
            let step = &self.pattern.steps[*place];
            matches!(step.kind, StepKind::Shortest { .. }) && few(step.from) && few(step.to)
        };
        (0..self.pattern.steps.len()).filter(is_shortest).collect()
    }

    /// Says whether a slot has a value in the rows at hand.
    pub(super) fn is_known(&self, slot: Slot) -> bool {
        let node = self.pattern.nodes.iter().position(|node| node.slot == slot);
        let gathers = |step: &crate::binder::bound::PatternStep| match &step.kind {
            StepKind::Quantified(quantified) => quantified.groups.iter().any(|(_, outer)| *outer == slot),
            _ => false,
        };
        let step = self.pattern.steps.iter().position(|step| step.slot == slot || gathers(step));
        match (node, step) {
            (Some(node), _) => self.known_nodes[node],
            (_, Some(step)) => self.done_steps[step],
            // Paths are made when all is found.
            _ => !self.pattern.paths.iter().any(|(path, _)| *path == slot),
        }
    }

    /// Returns the connected parts of what is not solved yet: nodes and steps, by place.
    fn components(&self, deferred: &[usize]) -> Vec<(Vec<usize>, Vec<usize>)> {
        let count = self.pattern.nodes.len();
        let mut group: Vec<usize> = (0..count).collect();
        fn root(group: &mut [usize], mut node: usize) -> usize {
            while group[node] != node {
                group[node] = group[group[node]];
                node = group[node];
            }
            node
        }
        let joins = |(place, _): &(usize, &crate::binder::bound::PatternStep)| !deferred.contains(place);
        for (_, step) in self.pattern.steps.iter().enumerate().filter(joins) {
            let (from, to) = (root(&mut group, step.from), root(&mut group, step.to));
            group[from] = to;
        }
        let mut components: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        let mut place_of_root: FxHashMap<usize, usize> = FxHashMap::default();
        for node in 0..count {
            let place = *place_of_root.entry(root(&mut group, node)).or_insert_with(|| {
                components.push(Default::default());
                components.len() - 1
            });
            components[place].0.push(node);
        }
        for (place, step) in self.pattern.steps.iter().enumerate() {
            if !self.done_steps[place] && !deferred.contains(&place) {
                let component = place_of_root[&root(&mut group, step.from)];
                components[component].1.push(place);
            }
        }
        components.retain(|(nodes, steps)| !steps.is_empty() || nodes.iter().any(|node| !self.known_nodes[*node]));
        components
    }

    /// Finds the cheapest order to solve the steps of a component, starting from `rows` rows.
    pub(super) fn best_order(&self, rows: f64, nodes: &[usize], steps: &[usize]) -> State {
        let known: NodeSet = nodes.iter().copied().filter(|node| self.known_nodes[*node]).collect();
        let begins = known.is_empty();
        let mut starts: Vec<State> = if begins {
            nodes.iter().map(|node| self.start_state(rows, *node)).collect()
        } else {
            vec![State { nodes: known, rows, cost: 0.0, counted: 0, start: None, order: Order::new() }]
        };
        if begins && !is_greedy(steps) {
            // A relationship that an index finds is a step taken.
            starts.extend(steps.iter().filter_map(|step| self.step_start(rows, *step)));
        }
        if !is_greedy(steps) {
            self.add_anchors(&mut starts, nodes);
        }
        let weighed = self.lowering.choices.is_some().then(|| starts.clone());
        let best = self.best_order_from(starts, steps);
        weighed.into_iter().for_each(|starts| self.weigh_starts(&best, starts, steps));
        best
    }

    /// Keeps what the other starts would cost, if somebody wants to know.
    fn weigh_starts(&self, best: &State, starts: Vec<State>, steps: &[usize]) {
        let (Some(choices), Some(chosen)) = (&self.lowering.choices, best.start) else { return };
        let slot = |start: Start| match start {
            Start::Node(node) => self.pattern.nodes[node].slot,
            Start::Step(step) => self.pattern.steps[step].slot,
        };
        let chosen = slot(chosen);
        let others = starts.into_iter().filter_map(|start| {
            let other = start.start.map(slot).filter(|slot| *slot != chosen)?;
            Some((other, self.best_order_from(vec![start], steps).cost))
        });
        let choice = Choice { start: chosen, cost: best.cost, others: others.collect() };
        let mut choices = choices.borrow_mut();
        choices.retain(|kept| kept.start != choice.start);
        choices.push(choice);
    }

    /// Finds the cheapest order to solve the steps of a component from these starts.
    fn best_order_from(&self, starts: Vec<State>, steps: &[usize]) -> State {
        self.weighed.borrow_mut().rows.clear();
        if is_greedy(steps) {
            return self.greedy_order(starts, steps);
        }
        let mut layers: Vec<FxHashMap<StateKey, State>> = vec![FxHashMap::default(); steps.len() + 1];
        for state in starts {
            let is_taken = |step: &usize| state.order.iter().any(|(taken, _)| taken == step);
            let mask: u64 = steps.iter().enumerate().filter(|(_, step)| is_taken(step)).map(|(bit, _)| 1 << bit).sum();
            let key: StateKey = (mask, state.nodes.clone());
            keep_cheaper(&mut layers[mask.count_ones() as usize], key, state);
        }
        for done in 0..steps.len() {
            let mut states: Vec<_> = std::mem::take(&mut layers[done]).into_iter().collect();
            let promise = |state: &State| state.cost + state.rows;
            states.sort_by(|(left_key, left), (right_key, right)| {
                promise(left).total_cmp(&promise(right)).then_with(|| left_key.cmp(right_key))
            });
            states.truncate(WEIGHED_A_SIZE / (steps.len() - done));
            for ((mask, _), state) in states {
                for (bit, step) in steps.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 0) {
                    for state in self.take_step(&state, *step) {
                        keep_cheaper(&mut layers[done + 1], (mask | 1 << bit, state.nodes.clone()), state);
                    }
                }
                for (number, cycle) in self.cycles.iter().enumerate() {
                    let bit = |step| steps.iter().position(|other| *other == step).map(|bit| 1 << bit);
                    let Some(bits) = cycle.all_steps().map(bit).sum::<Option<u64>>() else { continue };
                    if mask & bits == 0
                        && let Some(state) = self.take_cycle(&state, cycle, self.pattern.steps.len() + number)
                    {
                        keep_cheaper(&mut layers[done + 4], (mask | bits, state.nodes.clone()), state);
                    }
                }
            }
        }
        let layer = layers.pop().unwrap_or_default();
        let mut finished: Vec<_> = layer.into_iter().collect();
        finished.sort_by(|(left_key, left), (right_key, right)| {
            left.cost.total_cmp(&right.cost).then(left_key.cmp(right_key))
        });
        finished.swap_remove(0).1
    }

    /// Takes the cheapest step there is, again and again; the steps taken are kept apart, so that weighing one does not copy them.
    fn greedy_order(&self, starts: Vec<State>, steps: &[usize]) -> State {
        let cheaper = |left: &State, right: &State| left.cost.total_cmp(&right.cost);
        let mut state = starts.into_iter().min_by(cheaper).expect("a component has a node");
        let mut order = std::mem::take(&mut state.order);
        let mut left: Vec<usize> = steps.to_vec();
        while !left.is_empty() {
            let candidates = left.iter().flat_map(|step| self.take_step(&state, *step));
            let mut best = candidates.min_by(cheaper).expect("a component is connected");
            let taken = best.order.pop().expect("a step was taken");
            left.retain(|step| *step != taken.0);
            order.push(taken);
            state = best;
        }
        state.order = order;
        state
    }

    fn start_state(&self, rows: f64, node: usize) -> State {
        let found = self.leaf_rows(node);
        let scanned = match (self.seek_of(node), self.source_of(node)) {
            (Some(_), _) => found,
            (None, Some(source)) => source.work,
            (None, None) => self.scan_rows(node) * SCAN_COST,
        };
        let found = self.source_of(node).map_or(found, |source| found.min(source.rows));
        let start = Some(Start::Node(node));
        State {
            nodes: NodeSet::from_iter([node]),
            rows: rows * found,
            cost: rows * scanned,
            counted: 0,
            start,
            order: Order::new(),
        }
    }

    /// Returns the states after taking a step from either of its known ends.
    fn take_step(&self, state: &State, step: usize) -> SmallVec<[State; 2]> {
        let PatternEnds { from, to } = PatternEnds::of(self.pattern, step);
        let has = |node: usize| state.nodes.contains(node);
        let mut taken = SmallVec::new();
        for (forward, source, target) in [(true, from, to), (false, to, from)] {
            if !has(source) || (!forward && has(target)) || (!forward && from == to) {
                continue;
            }
            let into = has(target);
            let mut order = state.order.clone();
            order.push((step, forward));
            let nodes = state.nodes.with(target);
            if !into && self.only_multiplies(step, forward) {
                let cost = state.cost + state.rows;
                taken.push(State { nodes, rows: state.rows, cost, counted: state.counted, start: state.start, order });
                continue;
            }
            // Nodes that the walk reads and that are not known yet are scanned for, a row at a time.
            let scanned = self.asked_rows(step, &has);
            // A node that many rows came to and that stands once since then has as many relationships as any.
            let is_done = |other: usize| state.order[state.counted..].iter().any(|(done, _)| *done == other);
            let times = if into { scanned } else { scanned * self.times_together(source, step, &is_done) };
            let weighed = self.step_rows(step, forward, into);
            let (mut rows, walked) = (state.rows * weighed.kept * times, state.rows * weighed.work * times);
            let cost = state.cost + walked.max(state.rows) + rows;
            let mut counted = state.counted;
            let reached = Reached {
                begun: self.begins(state),
                is_known: &|node| nodes.contains(node),
                done: order.iter().filter(|(done, _)| *done < 64).map(|(done, _)| 1 << done).sum(),
            };
            if !into && let Some(left) = self.counted_rows(&reached, target, rows) {
                (rows, counted) = (left, order.len());
            }
            taken.push(State { nodes, rows, cost, counted, start: state.start, order });
        }
        taken
    }

    /// Says whether all rows come from a start of the pattern itself, by steps alone: no cycle was walked, and nothing anchored.
    fn begins(&self, state: &State) -> bool {
        state.start.is_some() && state.order.iter().all(|(step, _)| *step < self.pattern.steps.len())
    }

    /// Returns how many rows are scanned for what a step reads and is not known yet.
    fn asked_rows(&self, step: usize, has: &dyn Fn(usize) -> bool) -> f64 {
        let mut weighed = self.weighed.borrow_mut();
        let asked = weighed.asked.entry(step).or_insert_with(|| self.asked_nodes(step));
        let unknown = asked.iter().filter(|node| !self.known_nodes[**node] && !has(**node));
        unknown.map(|node| self.scan_rows(*node).max(2.0)).product()
    }

    /// Turns an order into operators on top of `plan`.
    pub(super) fn emit(&mut self, mut plan: PhysicalPlan, state: &State) -> PhysicalPlan {
        self.begun = self.begins(state);
        match state.start {
            Some(Start::Node(node)) => plan = self.leaf(plan, node),
            Some(Start::Step(step)) => plan = self.relationship_leaf(plan, step),
            None => {}
        }
        // Steps that only multiply go last, where an aggregate can take their number instead of their rows.
        let (last, first): (Vec<_>, Vec<_>) =
            state.order.iter().partition(|(step, forward)| self.only_multiplies(*step, *forward));
        for (step, forward) in first.into_iter().chain(last) {
            if let Some(node) = self.anchor_of(step) {
                plan = if self.known_nodes[node] { plan } else { self.leaf(plan, node) };
                continue;
            }
            if let Some(cycle) = step.checked_sub(self.pattern.steps.len()) {
                let cycle = self.cycles[cycle].clone();
                plan = self.emit_cycle(plan, &cycle, forward);
                continue;
            }
            // A step may have been taken before its turn, where another needs what it binds.
            if !self.done_steps[step] {
                plan = self.step(plan, step, forward);
            }
        }
        plan
    }
}

/// The ends of a step.
pub(super) struct PatternEnds {
    /// Where it starts, by place of the node.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
}

impl PatternEnds {
    fn of(pattern: &Pattern, step: usize) -> Self {
        PatternEnds { from: pattern.steps[step].from, to: pattern.steps[step].to }
    }
}

/// Says whether there are too many steps to weigh all orders.
fn is_greedy(steps: &[usize]) -> bool {
    steps.len() > EXHAUSTIVE_STEPS
}

fn keep_cheaper(states: &mut FxHashMap<StateKey, State>, key: StateKey, state: State) {
    match states.get(&key) {
        Some(kept) if kept.cost <= state.cost => {}
        _ => {
            states.insert(key, state);
        }
    }
}

pub(super) fn is_single_row(plan: &PhysicalPlan) -> bool {
    match plan.operator {
        Operator::Unit => true,
        // The outermost argument is one row; that of a subquery may be many, and then a scan a row is what a join would cost too.
        Operator::Argument => true,
        Operator::Filter { .. }
        | Operator::LabelFilter { .. }
        | Operator::Project { .. }
        | Operator::SemiJoin { .. } => is_single_row(plan.input()),
        _ => false,
    }
}
