//! What a statement sees when it begins: the graph, the procedures, and which plans made before are right for them.

use smol_str::SmolStr;

use crate::graph::Snapshot;
use crate::procedure::Registry;

use super::Parameters;
use super::database::Procedures;
use super::plan_cache::PlanKey;

/// What a statement is bound, planned and run against.
#[derive(Clone)]
pub(super) struct View {
    /// The graph, with what the open transaction wrote.
    pub(super) snapshot: Snapshot,
    /// The version of its names and indexes; none where the open transaction has changed them.
    pub(super) catalogue_version: Option<u64>,
    /// The procedures.
    pub(super) procedures: Procedures,
}

impl View {
    /// Returns under which key a plan for this view is kept; none if it must not be.
    pub(super) fn plan_key(&self, text: &str, parameters: &Parameters, supported: bool) -> Option<PlanKey> {
        Some(PlanKey {
            text: SmolStr::new(text),
            supported,
            parameters: parameters.iter().map(|(name, value)| (name.clone(), value.kind())).collect(),
            catalogue_version: self.catalogue_version?,
            procedures_version: self.procedures.version,
        })
    }

    /// Returns the procedures.
    pub(super) fn registry(&self) -> &Registry {
        &self.procedures.registry
    }
}
