//! Rows that will be put together where they are only counted (the rule `count_nodes`) or count once (`distinct_ends`), as orders are
//! weighed.

use crate::binder::bound::StepKind;

use super::pattern::{EXHAUSTIVE_STEPS, PatternPlanner};
use super::pattern_proof::Proof;

/// How many times fewer rows than ends may be put together.
const WORTH: f64 = 8.0;

/// What is read of a pattern but while it is walked.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    /// By place: whether a node is read, but by predicates on it alone.
    nodes: Vec<bool>,
    /// The steps whose relationship is, a bit each.
    steps: u64,
    /// By place: how many nodes there are of the labels asked for.
    ends: Vec<f64>,
    /// The steps that touch a node, a bit each.
    touching: Vec<u64>,
    /// The steps that could take the same relationship, pairs of bits.
    clashes: Vec<u64>,
}

/// How far an order of steps has come.
pub(super) struct Reached<'a> {
    /// Whether it began at a node or relationship of the pattern, and has come to where it is by steps alone.
    pub begun: bool,
    /// Says whether a node is known.
    pub is_known: &'a dyn Fn(usize) -> bool,
    /// The steps that are done, a bit each by their place in the pattern; of a pattern of more steps than bits, those that have one.
    pub done: u64,
}

impl PatternPlanner<'_, '_> {
    /// Takes down, after a step, what share of its rows will be left.
    pub(super) fn put_together(&mut self, target: usize, rows: f64) {
        let reached = Reached {
            begun: self.begun,
            is_known: &|node| self.known_nodes[node],
            done: bits(self.done_steps.iter().copied()),
        };
        if let Some(left) = self.counted_rows(&reached, target, rows) {
            self.share_left = (left / rows).min(1.0);
            self.counted_steps = self.done_steps.clone();
        }
    }

    /// Returns how many rows are left where a step has made so many, if from then on nothing is read but the end of the step.
    pub(super) fn counted_rows(&self, reached: &Reached<'_>, target: usize, rows: f64) -> Option<f64> {
        if !reached.begun || self.read_above.as_ref().or(self.once_above.as_ref()).is_none() {
            return None;
        }
        let mut weighed = self.weighed.borrow_mut();
        let counted = weighed.counted.get_or_insert_with(|| self.counted()).as_ref()?;
        let ends = counted.ends[target];
        if rows < ends / WORTH {
            return None;
        }
        let (nodes, done) = (0..self.pattern.nodes.len(), reached.done);
        let goes_on = |node: usize| counted.nodes[node] || counted.touching[node] & !done != 0;
        let is_alone = || nodes.clone().all(|node| node == target || !(reached.is_known)(node) || !goes_on(node));
        let clash = || counted.clashes.iter().any(|pair| pair & done != 0 && pair & !done != 0);
        let fits = counted.steps & done == 0 && !clash() && is_alone();
        // Of so many ends, each as likely as any other, so many are found by so many rows.
        fits.then(|| ends * (1.0 - (-rows / ends).exp()))
    }

    fn counted(&self) -> Option<Counted> {
        let (read_above, rule) = match (&self.read_above, &self.once_above) {
            (Some(read), _) => (read, "count_nodes"),
            (None, Some(read)) => (read, "distinct_ends"),
            (None, None) => return None,
        };
        let (nodes, steps) = (&self.pattern.nodes, &self.pattern.steps);
        let is_off = self.lowering.switched_off.contains(&rule);
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
            steps: bits(steps.iter().map(|step| step.bound || is_read(step.slot))),
            ends: nodes.iter().map(|node| self.lowering.estimator.nodes(node.label.as_ref()).max(1.0)).collect(),
            touching: (0..nodes.len())
                .map(|node| bits(steps.iter().map(|step| step.from == node || step.to == node)))
                .collect(),
            clashes: pairs
                .filter(|(one, other)| together(*one, *other) && self.can_coincide(*one, *other, Proof::Ask))
                .map(|(one, other)| 1 << one | 1 << other)
                .collect(),
        })
    }
}

/// Returns a bit for each that holds, of the first 64.
fn bits(holds: impl Iterator<Item = bool>) -> u64 {
    holds.take(64).enumerate().filter(|(_, holds)| *holds).map(|(place, _)| 1 << place).sum()
}
