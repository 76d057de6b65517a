//! Plans that were made before, by exact text and by shape: the same text on the same names needs no second parse, binding and
//! planning; a text that differs only in what properties are compared with needs no second binding and planning.
//!
//! Only plans are kept, never rows, and only of statements that were accepted. The number kept is bounded; the one that was not asked
//! for the longest goes first.

use std::sync::Arc;

use hashbrown::HashMap;
use smol_str::SmolStr;

use crate::value::{Kind, Value};

use super::prepare::Plan;

/// How many plans a database keeps.
const PLANS_KEPT: usize = 256;

/// Longer texts are not worth keeping: they are data in the shape of a statement.
const TEXT_SIZE_LIMIT_BYTES: usize = 16 * 1024;

/// What a plan depends on besides the data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PlanKey {
    /// The statement's text, or its shape: the text with marks for the literals that were lifted out.
    pub(super) text: SmolStr,
    /// The parameters given and their kinds.
    pub(super) parameters: Vec<(SmolStr, Kind)>,
    /// Whether rows are to carry what they rest on although the text does not ask for it.
    pub(super) supported: bool,
    /// The version of names, schema and indexes.
    pub(super) catalogue_version: u64,
    /// The version of the procedures.
    pub(super) procedures_version: u64,
}

/// A plan with the literals that were lifted out of its text.
#[derive(Clone, Debug)]
pub(super) struct KeptPlan {
    /// The plan.
    pub(super) plan: Arc<Plan>,
    /// The values of the parameters that stand for literals of the text; empty where nothing was lifted.
    pub(super) lifted: Arc<[(SmolStr, Value)]>,
}

impl From<Arc<Plan>> for KeptPlan {
    fn from(plan: Arc<Plan>) -> Self {
        KeptPlan { plan, lifted: Arc::default() }
    }
}

/// The plans kept.
#[derive(Debug, Default)]
pub(super) struct PlanCache {
    plans: HashMap<PlanKey, (KeptPlan, u64)>,
    asked: u64,
}

impl PlanCache {
    /// Returns the plan kept under a key.
    pub(super) fn get(&mut self, key: &PlanKey) -> Option<KeptPlan> {
        self.asked += 1;
        let (plan, last_asked) = self.plans.get_mut(key)?;
        *last_asked = self.asked;
        Some(plan.clone())
    }

    /// Keeps a plan.
    pub(super) fn keep(&mut self, key: PlanKey, plan: KeptPlan) {
        if key.text.len() > TEXT_SIZE_LIMIT_BYTES {
            return;
        }
        if self.plans.len() >= PLANS_KEPT {
            let oldest = self.plans.iter().min_by_key(|(_, (_, last_asked))| *last_asked);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.plans.remove(&oldest);
            }
        }
        self.plans.insert(key, (plan, self.asked));
    }

    /// Returns how many plans are kept.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.plans.len()
    }
}
