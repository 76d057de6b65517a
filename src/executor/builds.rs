//! What operators build once for all parts of a run: the table of a join, the rows of a product.
//!
//! The first part is run alone (see [`super::parts`]), so that what it builds is there for those that follow; were two to build the same
//! at the same time, the first to finish would be kept.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::planner::physical::PhysicalPlan;

use super::ExecutionError;
use super::context::Context;

/// What was built, by the number of the operator.
#[derive(Debug, Default)]
pub struct Builds {
    by_operator: Mutex<FxHashMap<u32, Arc<dyn Any + Send + Sync>>>,
}

impl Context<'_> {
    /// Returns what an operator works with, built at the first call of a run in parts and at every call of another.
    pub(super) fn built<Thing: Any + Send + Sync>(
        &self,
        plan: &PhysicalPlan,
        build: impl FnOnce() -> Result<Thing, ExecutionError>,
    ) -> Result<Arc<Thing>, ExecutionError> {
        if self.part.is_none() {
            return Ok(Arc::new(build()?));
        }
        let locked = || self.builds.by_operator.lock().unwrap_or_else(PoisonError::into_inner);
        let known = locked().get(&plan.id).cloned();
        let built = match known {
            Some(built) => built,
            None => {
                let built: Arc<dyn Any + Send + Sync> = Arc::new(self.guard.keeping(build)?);
                Arc::clone(locked().entry(plan.id).or_insert(built))
            }
        };
        Ok(built.downcast().expect("an operator always builds the same kind of thing"))
    }
}
