//! Plans that were made before, by exact text: the same text on the same names needs no second parse, binding and planning.
//!
//! Only plans are kept, never rows, and only of statements that were accepted. The number kept is bounded; the one that was not asked
//! for the longest goes first.

use std::sync::Arc;

use hashbrown::HashMap;
use smol_str::SmolStr;

use crate::value::Kind;

use super::prepare::Plan;

/// How many plans a database keeps.
const PLANS_KEPT: usize = 256;

/// Longer texts are not worth keeping: they are data in the shape of a statement.
const TEXT_SIZE_LIMIT_BYTES: usize = 16 * 1024;

/// What a plan depends on besides the data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PlanKey {
    /// The statement's text.
    pub(super) text: SmolStr,
    /// The parameters given and their kinds.
    pub(super) parameters: Vec<(SmolStr, Kind)>,
    /// Whether rows are to carry what they rest on although the text does not ask for it.
    pub(super) supported: bool,
    /// The version of names, schema and indexes.
    pub(super) catalogue_version: u64,
    /// The version of the procedures.
    pub(super) procedures_version: u64,
    /// The order of magnitude of the graph: a plan made for ten nodes is right for a million, but slow.
    pub(super) magnitude: (u32, u32),
}

/// The plans kept.
#[derive(Debug, Default)]
pub(super) struct PlanCache {
    plans: HashMap<PlanKey, (Arc<Plan>, u64)>,
    asked: u64,
}

impl PlanCache {
    /// Returns the plan kept under a key.
    pub(super) fn get(&mut self, key: &PlanKey) -> Option<Arc<Plan>> {
        self.asked += 1;
        let (plan, last_asked) = self.plans.get_mut(key)?;
        *last_asked = self.asked;
        Some(Arc::clone(plan))
    }

    /// Keeps a plan.
    pub(super) fn keep(&mut self, key: PlanKey, plan: &Arc<Plan>) {
        if key.text.len() > TEXT_SIZE_LIMIT_BYTES {
            return;
        }
        if self.plans.len() >= PLANS_KEPT {
            let oldest = self.plans.iter().min_by_key(|(_, (_, last_asked))| *last_asked);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.plans.remove(&oldest);
            }
        }
        self.plans.insert(key, (Arc::clone(plan), self.asked));
    }

    /// Returns how many plans are kept.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.plans.len()
    }
}
