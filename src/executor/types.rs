//! Which relationship types a step takes in this snapshot, and label tests against it: names become ids here, once a batch.

use crate::expression::LabelExpression;
use crate::graph::{LabelId, RelationshipTypeId, Snapshot};
use crate::value::NodeId;

/// Returns the types of the graph that a step takes, in order of their ids.
pub(super) fn step_types(label: Option<&LabelExpression>, snapshot: &Snapshot) -> Vec<RelationshipTypeId> {
    let types = snapshot.catalogue().relationship_types();
    let takes = |name: &str| label.is_none_or(|label| label.matches(&|wanted| wanted == name, true));
    types.filter(|(_, name)| takes(name)).map(|(id, _)| id).collect()
}

/// A label expression ready to test many nodes of one snapshot.
pub(super) struct LabelTest<'a> {
    snapshot: &'a Snapshot,
    kind: TestKind<'a>,
}

enum TestKind<'a> {
    /// All of these labels; nothing if one of them is unknown.
    All(Option<Vec<LabelId>>),
    Any(&'a LabelExpression),
}

impl<'a> LabelTest<'a> {
    /// Returns the test of an expression.
    pub(super) fn new(label: &'a LabelExpression, snapshot: &'a Snapshot) -> Self {
        let id = |name: &str| snapshot.catalogue().label_id(name);
        let all = match label {
            LabelExpression::Name(name) => Some(vec![id(name)]),
            LabelExpression::And(parts) => {
                let names = parts.iter().map(|part| match part {
                    LabelExpression::Name(name) => Some(id(name)),
                    _ => None,
                });
                names.collect()
            }
            _ => None,
        };
        let kind = match all {
            Some(ids) => TestKind::All(ids.into_iter().collect()),
            None => TestKind::Any(label),
        };
        LabelTest { snapshot, kind }
    }

    /// Returns the label whose nodes are to be looked at, if the test needs one certain label.
    pub(super) fn scan_label(&self) -> Option<LabelId> {
        match &self.kind {
            TestKind::All(Some(ids)) => ids.first().copied(),
            _ => None,
        }
    }

    /// Says whether the label scanned is the whole test.
    pub(super) fn is_scan_label_only(&self) -> bool {
        matches!(&self.kind, TestKind::All(Some(ids)) if ids.len() == 1)
    }

    /// Says whether no node can pass.
    pub(super) fn is_never(&self) -> bool {
        matches!(self.kind, TestKind::All(None))
    }

    /// Says whether a node passes.
    pub(super) fn passes(&self, node: NodeId) -> bool {
        match &self.kind {
            TestKind::All(None) => false,
            TestKind::All(Some(ids)) => ids.iter().all(|id| self.snapshot.has_label(node, *id)),
            TestKind::Any(label) => {
                let labels = self.snapshot.labels(node);
                let catalogue = self.snapshot.catalogue();
                let has = |name: &str| labels.iter().any(|label| catalogue.label_name(*label) == name);
                label.matches(&has, !labels.is_empty())
            }
        }
    }
}
