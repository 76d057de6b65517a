//! Paths: put together from the slots of a pattern, walking from the first node over relationships and lists of them.

use std::sync::Arc;

use crate::value::{NodeId, Path, RelationshipId, Value};
use crate::vector::{Batch, Column, Slot};

use super::general::cell;
use super::property::deleted;
use super::{EvaluationContext, EvaluationError};

/// Evaluates a path through slots: node, relationship or list of relationships, node, …; null if any of them is null.
pub(super) fn make_path(
    slots: &[Slot],
    batch: &Batch,
    context: &EvaluationContext<'_>,
) -> Result<Column, EvaluationError> {
    let columns: Vec<&Column> = slots.iter().map(|slot| batch.column(*slot).as_ref()).collect();
    let paths = (0..batch.rows()).map(|row| {
        let Some((first, rest)) = columns.split_first() else { return Ok(Value::Null) };
        let Value::Node(start) = *cell(first, row) else { return Ok(Value::Null) };
        if rest.iter().any(|column| column.is_null(row)) {
            return Ok(Value::Null);
        }
        let mut walk = Walk { nodes: vec![start], relationships: Vec::new(), context };
        for column in rest {
            walk.take(&cell(column, row))?;
        }
        Ok(Value::Path(Arc::new(Path::new(walk.nodes, walk.relationships))))
    });
    Ok(Column::Any(paths.collect::<Result<_, EvaluationError>>()?))
}

/// A path being walked.
struct Walk<'a> {
    nodes: Vec<NodeId>,
    relationships: Vec<RelationshipId>,
    context: &'a EvaluationContext<'a>,
}

impl Walk<'_> {
    /// Goes on along what stands in a slot. The nodes between are known from the relationships, so they are passed by.
    fn take(&mut self, part: &Value) -> Result<(), EvaluationError> {
        match part {
            Value::Node(_) => Ok(()),
            Value::Relationship(relationship) => self.step(*relationship),
            Value::List(parts) => parts.iter().try_for_each(|part| self.take(part)),
            Value::Path(path) => path.relationships.iter().try_for_each(|relationship| self.step(*relationship)),
            other => {
                Err(EvaluationError::wrong_kind(format!("a path is made of relationships, not of {}", other.kind())))
            }
        }
    }

    fn step(&mut self, relationship: RelationshipId) -> Result<(), EvaluationError> {
        let here = self.nodes.last().copied().unwrap_or(NodeId::NONE);
        let ends = self.context.snapshot.relationship(relationship).ok_or_else(|| deleted("relationship"))?;
        self.nodes.push(if ends.start == here { ends.end } else { ends.start });
        self.relationships.push(relationship);
        Ok(())
    }
}
