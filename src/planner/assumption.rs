//! What a plan takes for granted of the graph's exact counts, so that a kept plan is used only while that holds.
//!
//! Estimates may be wrong and only cost time; an assumption that does not hold would cost the answer. So only exact counts are
//! assumed, only by queries that do not write, and whoever keeps a plan asks [`PhysicalQuery::holds`] before using it again.

use smol_str::SmolStr;

use crate::expression::LabelExpression;
use crate::graph::{LabelId, RelationshipTypeId, Snapshot};

use super::physical::PhysicalQuery;

/// A fact about a graph that a plan rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// No relationship of these types leads from a node to itself.
    NoLoops(Option<LabelExpression>),
    /// No two relationships of this type have the same start and the same end.
    NoParallel(SmolStr),
    /// Every relationship of these types starts (or ends) at nodes with this label.
    AllEnds {
        /// The types; none means any.
        types: Option<LabelExpression>,
        /// The label.
        label: SmolStr,
        /// Whether the starts are meant.
        starts: bool,
    },
    /// Every node with this label has this property.
    AlwaysSet {
        /// The label.
        label: SmolStr,
        /// The property.
        key: SmolStr,
    },
    /// All values of this property of nodes are integers, or all are strings: then of two that differ one is less.
    OneOrder {
        /// The property.
        key: SmolStr,
    },
    /// Every node with this label has its own value of this property, by constraint.
    Unique {
        /// The label.
        label: SmolStr,
        /// The property.
        key: SmolStr,
    },
}

impl Assumption {
    /// Says whether the fact holds in a graph.
    pub fn holds(&self, snapshot: &Snapshot) -> bool {
        let (statistics, catalogue) = (snapshot.statistics(), snapshot.catalogue());
        let label_id = |name: &str| catalogue.label_id(name);
        match self {
            Assumption::NoLoops(types) => {
                types_of(types.as_ref(), snapshot).into_iter().all(|kind| statistics.self_loops(kind) == 0)
            }
            Assumption::NoParallel(kind) => {
                catalogue.relationship_type_id(kind).is_none_or(|kind| statistics.parallel(kind) == 0)
            }
            Assumption::AllEnds { types, label, starts } => {
                let Some(label) = label_id(label) else { return false };
                let (start, end): (Option<LabelId>, Option<LabelId>) =
                    if *starts { (Some(label), None) } else { (None, Some(label)) };
                types_of(types.as_ref(), snapshot).into_iter().all(|kind| {
                    statistics.relationships_between(Some(kind), start, end) == statistics.relationships_of(kind)
                })
            }
            Assumption::AlwaysSet { label, key } => match (label_id(label), catalogue.property_key_id(key)) {
                (Some(label), Some(key)) => statistics.node_values(Some(label), key) == statistics.nodes_with(label),
                _ => false,
            },
            Assumption::OneOrder { key } => {
                catalogue.property_key_id(key).is_some_and(|key| snapshot.node_values_have_one_order(key))
            }
            Assumption::Unique { label, key } => match (label_id(label), catalogue.property_key_id(key)) {
                (Some(label), Some(key)) => snapshot.is_unique(label, key),
                _ => false,
            },
        }
    }
}

impl PhysicalQuery {
    /// Says whether all that the plan takes for granted holds in a graph.
    pub fn holds(&self, snapshot: &Snapshot) -> bool {
        self.assumptions.iter().all(|assumption| assumption.holds(snapshot))
    }
}

/// Returns the types of a graph that an expression takes.
pub(super) fn types_of(label: Option<&LabelExpression>, snapshot: &Snapshot) -> Vec<RelationshipTypeId> {
    let types = snapshot.catalogue().relationship_types();
    let takes = |name: &str| label.is_none_or(|label| label.matches(&|wanted| wanted == name, true));
    types.filter(|(_, name)| takes(name)).map(|(id, _)| id).collect()
}
