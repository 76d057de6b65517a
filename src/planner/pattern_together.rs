//! What two steps from one node make together: where nodes that have many of one have many of the other, more than their means tell.
//!
//! An order that comes to a node by one step and leaves it by another makes the rows of both, and where a few nodes have most of both
//! kinds of relationships the mean degrees alone would have it expect a fraction of them.

use crate::binder::bound::StepKind;

use super::pattern::PatternPlanner;

/// Up to how many steps a pattern may have for all pairs to be looked at.
const FEW_STEPS: usize = 32;

/// Two steps that touch one node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Together {
    node: usize,
    steps: (usize, usize),
    /// How many times as many rows they make as their means tell.
    times: f64,
}

impl PatternPlanner<'_, '_> {
    /// Returns how many times as many rows a step from a node makes as its mean degree tells, since the node was found by others.
    pub(super) fn times_together(&self, source: usize, step: usize, is_done: &dyn Fn(usize) -> bool) -> f64 {
        let mut weighed = self.weighed.borrow_mut();
        let together = weighed.together.get_or_insert_with(|| self.all_together());
        let at = together.iter().filter(|pair| pair.node == source);
        let done = at.filter_map(|pair| match pair.steps {
            (one, other) if one == step && is_done(other) => Some(pair.times),
            (other, one) if one == step && is_done(other) => Some(pair.times),
            _ => None,
        });
        // Of several the one that tells most: that they all hold at once is not known.
        done.reduce(f64::max).unwrap_or(1.0)
    }

    fn all_together(&self) -> Vec<Together> {
        let mut found = Vec::new();
        let steps = &self.pattern.steps;
        if steps.len() > FEW_STEPS {
            return found;
        }
        let single =
            |place: &usize| matches!(steps[*place].kind, StepKind::Single) && steps[*place].from != steps[*place].to;
        let touches = |place: usize, node: usize| steps[place].from == node || steps[place].to == node;
        for one in (0..steps.len()).filter(single) {
            for other in (one + 1..steps.len()).filter(single) {
                for node in [steps[one].from, steps[one].to].into_iter().filter(|node| touches(other, *node)) {
                    let side = |place: usize| (&steps[place], steps[place].from == node);
                    let label = self.pattern.nodes[node].label.as_ref();
                    let times = self.lowering.estimator.correlation(label, side(one), side(other));
                    if let Some(times) = times.filter(|times| *times != 1.0) {
                        found.push(Together { node, steps: (one, other), times });
                    }
                }
            }
        }
        found
    }
}
