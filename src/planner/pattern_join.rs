//! Parts of a pattern that no relationship joins, and nodes that a pattern can be entered by besides the one it starts at.
//!
//! ```text
//!   MATCH (a:A {id: 1}), (b:B)               found together: the smaller part is the table, the larger looks into it
//!   WHERE a.name = b.name AND a.n < b.n      what else is asked of both is asked of the pairs
//!
//!   (a {id: 1})-->(m)-->(b {id: 2})          both ends are looked up, so that the way between them closes from both sides
//! ```

use crate::binder::bound::StepKind;
use crate::expression::{ComparisonOperator, Expression};
use crate::vector::Slot;

use super::pattern::{PatternPlanner, Start, State, is_single_row};
use super::physical::{Operator, PhysicalPlan};

/// The names under which the rewrites are switched off.
#[cfg(test)]
pub(super) const RULES: [&str; 3] = [ANCHORS, JOIN_BY_VALUE, SMALLER_TABLE];
const ANCHORS: &str = "anchors";
const JOIN_BY_VALUE: &str = "join_by_value";
const SMALLER_TABLE: &str = "smaller_table";

/// Up to how many nodes, as estimated, an index may find for a node to be looked up beside the start.
const FEW_ANCHORED: f64 = 4.0;

/// What a look-up in an index costs, beside what it costs to make a row of a step.
const SEEK_COST: f64 = 8.0;

/// What a row costs that goes into the table of a join, or looks into it.
const JOIN_COST: f64 = 2.0;

impl PatternPlanner<'_, '_> {
    /// Plans a component without known nodes: onto the rows at hand where they are few or an index is asked per row, else by itself.
    pub(super) fn join_component(&mut self, plan: PhysicalPlan, nodes: &[usize], steps: &[usize]) -> PhysicalPlan {
        if let [step] = steps
            && is_single_row(&plan)
            && self.is_scannable(*step)
            && self.seek_of_step(*step).is_none()
        {
            return self.relationship_scan(plan, *step);
        }
        let state = self.best_order(plan.rows, nodes, steps);
        let single = matches!(plan.operator, Operator::Unit) || is_single_row(&plan);
        let seek = state.start.and_then(|start| match start {
            Start::Node(node) => self.seek_of(node),
            Start::Step(step) => self.seek_of_step(step),
        });
        let seeks = seek.is_some_and(|seek| seek.reads_input)
            && !(plan.rows > 1.0 && self.joins_cheaper(plan.rows, state.cost, nodes, steps));
        // A walk may ask for what only the rows at hand know, or a node of the component may have been needed by another.
        let own = self.component_slots(nodes, steps);
        let asks = steps.iter().any(|step| self.step_reads(*step).iter().any(|slot| !own.contains(slot)));
        if single || seeks || asks || nodes.iter().any(|node| self.known_nodes[*node]) {
            return self.emit(plan, &state);
        }
        let links = self.links(nodes, steps);
        let unit = PhysicalPlan::new(Operator::Unit, Vec::new(), 1.0);
        let held_back = self.hold_back(nodes, steps);
        let state = self.best_order(1.0, nodes, steps);
        // Neither can the component see the relationships found before: those are compared once it is joined.
        let done_before = std::mem::replace(&mut self.done_steps, vec![false; self.pattern.steps.len()]);
        let component = self.emit(unit, &state);
        self.done_steps = done_before.clone();
        steps.iter().for_each(|step| self.done_steps[*step] = true);
        self.pending.extend(held_back);
        // What was held back has not heard that the component is solved.
        self.component_slots(nodes, steps).into_iter().for_each(|slot| self.forget(slot));
        let mut joined = if links.is_empty() {
            let rows = plan.rows * component.rows;
            PhysicalPlan::new(Operator::CartesianProduct, vec![plan, component], rows)
        } else {
            self.hash_join(plan, component, links)
        };
        for step in steps {
            joined = self.differing(joined, *step, &done_before);
        }
        self.apply_ready(joined)
    }

    /// Takes out the predicates that read rows from outside: a component planned by itself cannot see those rows.
    fn hold_back(&mut self, nodes: &[usize], steps: &[usize]) -> Vec<(Expression, Vec<Slot>)> {
        let own = self.component_slots(nodes, steps);
        let pending = std::mem::take(&mut self.pending);
        let (kept, held): (Vec<_>, Vec<_>) = pending
            .into_iter()
            .partition(|(predicate, _)| self.lowering.reads(predicate).iter().all(|slot| own.contains(slot)));
        self.pending = kept;
        held
    }

    fn component_slots(&self, nodes: &[usize], steps: &[usize]) -> Vec<Slot> {
        let mut own: Vec<Slot> = nodes.iter().map(|node| self.pattern.nodes[*node].slot).collect();
        for step in steps {
            own.push(self.pattern.steps[*step].slot);
            if let StepKind::Quantified(quantified) = &self.pattern.steps[*step].kind {
                own.extend(quantified.groups.iter().map(|(_, outer)| *outer));
            }
        }
        own
    }

    /// Finds the equalities between the rows at hand and a component, and takes them out of the pending predicates.
    fn links(&mut self, nodes: &[usize], steps: &[usize]) -> Vec<(Expression, Expression)> {
        let own = self.component_slots(nodes, steps);
        let mut links = Vec::new();
        let pending = std::mem::take(&mut self.pending);
        for (predicate, waits) in pending {
            let link = match &predicate {
                Expression::Comparison(ComparisonOperator::Equal, left, right) => {
                    let (left_reads, right_reads) = (self.lowering.reads(left), self.lowering.reads(right));
                    let inside = |slots: &[Slot]| !slots.is_empty() && slots.iter().all(|slot| own.contains(slot));
                    let outside = |slots: &[Slot]| {
                        !slots.is_empty() && slots.iter().all(|slot| !own.contains(slot) && self.is_known(*slot))
                    };
                    if outside(&left_reads) && inside(&right_reads) {
                        Some((left.as_ref().clone(), right.as_ref().clone()))
                    } else if inside(&left_reads) && outside(&right_reads) {
                        Some((right.as_ref().clone(), left.as_ref().clone()))
                    } else {
                        None
                    }
                }
                _ => None,
            };
            match link {
                Some(link) => links.push(link),
                None => self.pending.push((predicate, waits)),
            }
        }
        links
    }

    /// Says whether to look a component up for each row costs more than to find it by itself and join it by equal values.
    fn joins_cheaper(&mut self, rows: f64, cost: f64, nodes: &[usize], steps: &[usize]) -> bool {
        if self.lowering.switched_off.contains(&JOIN_BY_VALUE) {
            return false;
        }
        let pending = self.pending.clone();
        let is_linked = !self.links(nodes, steps).is_empty();
        let joined = is_linked.then(|| {
            self.hold_back(nodes, steps);
            let alone = self.best_order(1.0, nodes, steps);
            alone.cost + (alone.rows + rows) * JOIN_COST
        });
        self.pending = pending;
        joined.is_some_and(|joined| joined < cost)
    }

    /// Returns the pairs of rows of two plans whose keys are equal: the smaller is the table.
    fn hash_join(
        &self,
        plan: PhysicalPlan,
        component: PhysicalPlan,
        links: Vec<(Expression, Expression)>,
    ) -> PhysicalPlan {
        let share = |(left, right): &(Expression, Expression)| {
            let sides = (Box::new(left.clone()), Box::new(right.clone()));
            let equal = Expression::Comparison(ComparisonOperator::Equal, sides.0, sides.1);
            self.lowering.estimator.selectivity(&equal, None)
        };
        let share: f64 = links.iter().map(share).product();
        let rows = (plan.rows * component.rows * share).max(1.0);
        let (left, right) = links.into_iter().unzip();
        // What is run for many rows from outside gives its rows in their order, and so does what was sorted.
        let may_turn = !self.lowering.nested && !self.lowering.estimator.writes() && !is_sorted(&plan);
        if may_turn && plan.rows < component.rows && !self.lowering.switched_off.contains(&SMALLER_TABLE) {
            let component = with_leaf(component, Operator::Argument);
            let plan = with_leaf(plan, Operator::Unit);
            let operator = Operator::HashJoin { left: right, right: left };
            return PhysicalPlan::new(operator, vec![component, plan], rows);
        }
        PhysicalPlan::new(Operator::HashJoin { left, right }, vec![plan, component], rows)
    }

    /// Adds to the starts those that look up further nodes at once: each by itself, and all.
    pub(super) fn add_anchors(&self, starts: &mut Vec<State>, nodes: &[usize]) {
        if self.lowering.switched_off.contains(&ANCHORS) {
            return;
        }
        let found = |node: &usize| {
            let rows = self.seek_of(*node)?.rows;
            (!self.known_nodes[*node] && rows <= FEW_ANCHORED).then_some((*node, rows))
        };
        let anchors: Vec<(usize, f64)> = nodes.iter().filter_map(found).collect();
        let with = |state: &State, (node, rows): (usize, f64)| {
            let mut more = state.clone();
            more.nodes = state.nodes.with(node);
            more.cost += state.rows * SEEK_COST;
            more.rows *= rows;
            more.order.push((self.first_anchor() + node, true));
            more
        };
        let mut more = Vec::new();
        for state in starts.iter() {
            let begins_few = match state.start {
                Some(Start::Node(node)) => anchors.iter().any(|(anchor, _)| *anchor == node),
                Some(Start::Step(_)) => false,
                None => true,
            };
            let others = || anchors.iter().copied().filter(|(node, _)| !state.nodes.contains(*node));
            if begins_few {
                more.extend(others().map(|anchor| with(state, anchor)));
                if others().count() > 1 {
                    more.push(others().fold(state.clone(), |state, anchor| with(&state, anchor)));
                }
            }
        }
        starts.extend(more);
    }

    /// Returns the number that stands for the first node in an order.
    fn first_anchor(&self) -> usize {
        self.pattern.steps.len() + self.cycles.len()
    }

    /// Returns the node that a number in an order stands for, if it does.
    pub(super) fn anchor_of(&self, number: usize) -> Option<usize> {
        number.checked_sub(self.first_anchor())
    }
}

/// Says whether the rows of a plan come in an order that was asked for.
fn is_sorted(plan: &PhysicalPlan) -> bool {
    matches!(plan.operator, Operator::Sort { .. } | Operator::Top { .. })
        || plan.children.first().is_some_and(is_sorted)
}

/// Returns a plan with another leaf in place of the rows given from outside, or of the one row.
fn with_leaf(mut plan: PhysicalPlan, leaf: Operator) -> PhysicalPlan {
    match plan.children.is_empty() {
        true => plan.operator = leaf,
        false => {
            let first = plan.children.remove(0);
            plan.children.insert(0, with_leaf(first, leaf));
        }
    }
    plan
}
