//! What two steps from one node make together: where nodes that have many of one have many of the other, more than their means tell.
//!
//! An order that comes to a node by one step and leaves it by another makes the rows of both, and where a few nodes have most of both
//! kinds of relationships the mean degrees alone would have it expect a fraction of them.

use smallvec::SmallVec;

use crate::binder::bound::StepKind;
use crate::graph::Side;

use super::pattern::{EXHAUSTIVE_STEPS, PatternPlanner};

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
        // Where not all orders are weighed, planning is to be quick above all.
        if steps.len() > EXHAUSTIVE_STEPS {
            return found;
        }
        let (estimator, single) = (self.lowering.estimator, |place: &usize| {
            matches!(steps[*place].kind, StepKind::Single) && steps[*place].from != steps[*place].to
        });
        for (node, pattern) in self.pattern.nodes.iter().enumerate() {
            let touching = (0..steps.len()).filter(|place| steps[*place].from == node || steps[*place].to == node);
            let touching: SmallVec<[usize; 4]> = touching.filter(single).collect();
            let label = if touching.len() > 1 { estimator.label_of_few(pattern.label.as_ref()) } else { None };
            let Some(label) = label else { continue };
            let side = |place: &usize| {
                let side = estimator.side(&steps[*place], steps[*place].from == node)?;
                (!estimator.leads_to_one(label, side)).then_some((*place, side))
            };
            let sides: SmallVec<[(usize, Side); 4]> = touching.iter().filter_map(side).collect();
            for (place, (one, first)) in sides.iter().enumerate() {
                for (other, second) in &sides[place + 1..] {
                    let times = estimator.snapshot().degree_correlation(label, *first, *second);
                    if times != 1.0 {
                        found.push(Together { node, steps: (*one, *other), times });
                    }
                }
            }
        }
        found
    }
}
