//! Rows that will be put together where they are only counted (the rule `count_nodes`), as orders are weighed.

use crate::binder::bound::StepKind;

use super::pattern::{EXHAUSTIVE_STEPS, PatternPlanner, State};
use super::pattern_proof::Proof;

/// How many times fewer rows than ends may be put together.
const WORTH: f64 = 8.0;

/// What is read of a pattern but while it is walked.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    /// By place: whether a node is read, but by predicates on it alone.
    nodes: Vec<bool>,
    /// By place: whether a step's relationship is.
    steps: Vec<bool>,
    /// The steps that could take the same relationship.
    clashes: Vec<(usize, usize)>,
}

impl PatternPlanner<'_, '_> {
    /// Returns how many rows are left where a step has made so many, if from then on nothing is read but the end of the step.
    pub(super) fn counted_rows(&self, state: &State, step: usize, target: usize, rows: f64) -> Option<f64> {
        self.read_above.as_ref()?;
        let mut weighed = self.weighed.borrow_mut();
        let counted = weighed.counted.get_or_insert_with(|| self.counted()).as_ref()?;
        let ends = self.lowering.estimator.nodes(self.pattern.nodes[target].label.as_ref()).max(1.0);
        if state.start.is_none()
            || rows < ends / WORTH
            || state.order.iter().any(|(done, _)| *done >= counted.steps.len())
        {
            return None;
        }
        let is_done = |place: usize| place == step || state.order.iter().any(|(done, _)| *done == place);
        let steps = self.pattern.steps.iter().enumerate();
        let is_left =
            |node: usize| steps.clone().any(|(place, step)| (step.from == node || step.to == node) && !is_done(place));
        let is_dead =
            |node: usize| node == target || !state.nodes.contains(node) || !(counted.nodes[node] || is_left(node));
        let clash = counted.clashes.iter().any(|(one, other)| is_done(*one) != is_done(*other));
        let is_read = (0..counted.steps.len()).any(|place| is_done(place) && counted.steps[place]);
        let fits = !clash && !is_read && (0..self.pattern.nodes.len()).all(is_dead);
        // Of so many ends, each as likely as any other, so many are found by so many rows.
        fits.then(|| ends * (1.0 - (-rows / ends).exp()))
    }

    fn counted(&self) -> Option<Counted> {
        let read_above = self.read_above.as_ref()?;
        let (nodes, steps) = (&self.pattern.nodes, &self.pattern.steps);
        let is_off = self.lowering.switched_off.contains(&"count_nodes");
        let single = steps.iter().all(|step| matches!(step.kind, StepKind::Single) && step.from != step.to);
        if is_off || steps.len() > EXHAUSTIVE_STEPS || !single || !self.pattern.paths.is_empty() {
            return None;
        }
        let shared: Vec<_> = self.pending.iter().filter(|(_, waits)| waits.len() > 1).map(|(_, waits)| waits).collect();
        let is_read = |slot| read_above.contains(&slot) || shared.iter().any(|waits| waits.contains(&slot));
        let pairs = (0..steps.len()).flat_map(|one| (one + 1..steps.len()).map(move |other| (one, other)));
        let together = |one: usize, other: usize| {
            self.pattern.distinct.iter().any(|group| group.contains(&one) && group.contains(&other))
        };
        Some(Counted {
            nodes: nodes.iter().map(|node| node.bound || is_read(node.slot)).collect(),
            steps: steps.iter().map(|step| step.bound || is_read(step.slot)).collect(),
            clashes: pairs
                .filter(|(one, other)| together(*one, *other) && self.can_coincide(*one, *other, Proof::Ask))
                .collect(),
        })
    }
}
