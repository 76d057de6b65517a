//! Label tests: `target:Label` of a node, and of a relationship as a test of its type.
//!
//! Nodes share few sets of labels, and relationships few types: the expression is decided once for each, then looked up by row.

use crate::graph::{LabelId, LabelSetId, RelationshipTypeId, Snapshot};
use crate::value::{NodeId, RelationshipId, Value};
use crate::vector::{Column, NO_ID};

use super::general::{cell, ternary, truth};
use super::property::{check_nodes, check_relationships, deleted};
use super::{EvaluationContext, EvaluationError, LabelExpression};

/// Evaluates `target:Label`.
///
/// # Errors
/// If a value is no node, relationship or null, or was deleted.
pub(super) fn has_label(
    target: &Column,
    label: &LabelExpression,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    let snapshot = context.snapshot;
    match target {
        Column::NodeRun(_) | Column::RelationshipRun(_) => has_label(&target.listed(), label, context),
        Column::Node(ids) => {
            check_nodes(ids, snapshot)?;
            let sets = LabelSets::new(label, snapshot);
            let test = |id: &u32| (*id != NO_ID).then(|| sets.holds(NodeId(*id), snapshot));
            Ok(ternary(ids.iter().map(test)))
        }
        Column::Relationship(ids) => {
            check_relationships(ids, snapshot)?;
            let mut last = None;
            let mut truths = Vec::with_capacity(ids.len());
            for id in ids {
                if *id == NO_ID {
                    truths.push(None);
                    continue;
                }
                let kind = type_of(RelationshipId(*id), snapshot)?;
                // Relationships of one type come in rows: the last answer mostly holds.
                let holds = match last {
                    Some((known, holds)) if known == kind => holds,
                    _ => test_type(kind, label, snapshot),
                };
                last = Some((kind, holds));
                truths.push(Some(holds));
            }
            Ok(ternary(truths.into_iter()))
        }
        Column::Constant(value, rows) => Ok(Column::Constant(truth(test_value(value, label, snapshot)?), *rows)),
        other => {
            let rows = 0..other.len();
            let truths: Result<Vec<_>, _> = rows.map(|row| test_value(&cell(other, row), label, snapshot)).collect();
            Ok(ternary(truths?.into_iter()))
        }
    }
}

/// For each set of labels in use, whether it satisfies the expression.
struct LabelSets(Vec<bool>);

impl LabelSets {
    fn new(label: &LabelExpression, snapshot: &Snapshot) -> LabelSets {
        let sets = 0..snapshot.label_set_count() as u32;
        LabelSets(sets.map(|set| test_labels(snapshot.label_set(LabelSetId(set)), label, snapshot)).collect())
    }

    #[inline]
    fn holds(&self, node: NodeId, snapshot: &Snapshot) -> bool {
        self.0.get(snapshot.label_set_of(node).0 as usize).copied().unwrap_or(false)
    }
}

fn test_labels(labels: &[LabelId], label: &LabelExpression, snapshot: &Snapshot) -> bool {
    let has = |name: &str| snapshot.catalogue().label_id(name).is_some_and(|id| labels.contains(&id));
    label.matches(&has, !labels.is_empty())
}

fn type_of(relationship: RelationshipId, snapshot: &Snapshot) -> Result<RelationshipTypeId, EvaluationError> {
    Ok(snapshot.relationship(relationship).ok_or_else(|| deleted("relationship"))?.kind)
}

fn test_type(kind: RelationshipTypeId, label: &LabelExpression, snapshot: &Snapshot) -> bool {
    let has = |name: &str| snapshot.catalogue().relationship_type_id(name) == Some(kind);
    label.matches(&has, true)
}

fn test_value(value: &Value, label: &LabelExpression, snapshot: &Snapshot) -> Result<Option<bool>, EvaluationError> {
    match value {
        Value::Null => Ok(None),
        Value::Node(node) => {
            check_nodes(&[node.0], snapshot)?;
            Ok(Some(test_labels(snapshot.labels(*node), label, snapshot)))
        }
        Value::Relationship(relationship) => {
            check_relationships(&[relationship.0], snapshot)?;
            Ok(Some(test_type(type_of(*relationship, snapshot)?, label, snapshot)))
        }
        other => Err(EvaluationError::wrong_kind(format!("a NODE or RELATIONSHIP has labels, not {}", other.kind()))),
    }
}
