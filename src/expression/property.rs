//! Properties: of nodes and relationships from the graph's columns, of maps, temporal values and literals from the value itself.

use crate::graph::{PropertyKeyId, Snapshot};
use crate::value::{Map, NodeId, RelationshipId, Value, ValueError, ValueErrorDetail, ValueErrorKind, value_property};
use crate::vector::{Column, NO_ID};

use super::general::map;
use super::{EvaluationContext, EvaluationError};

/// Evaluates `target.key`.
///
/// # Errors
/// If a value has no properties, or an element was deleted.
pub(super) fn property(target: &Column, key: &str, context: &EvaluationContext<'_>) -> Result<Column, EvaluationError> {
    let snapshot = context.snapshot;
    match target {
        Column::Node(ids) => {
            check_nodes(ids, snapshot)?;
            Ok(match snapshot.catalogue().property_key_id(key) {
                Some(key) => snapshot.gather_node_property(key, ids),
                None => Column::nulls(ids.len()),
            })
        }
        Column::Relationship(ids) => {
            check_relationships(ids, snapshot)?;
            Ok(match snapshot.catalogue().property_key_id(key) {
                Some(key) => snapshot.gather_relationship_property(key, ids),
                None => Column::nulls(ids.len()),
            })
        }
        Column::NodeRun(run) if !snapshot.has_deletions() => Ok(match snapshot.catalogue().property_key_id(key) {
            Some(key) => snapshot.gather_run(key, run.clone(), true),
            None => Column::nulls(run.len()),
        }),
        Column::RelationshipRun(run) if !snapshot.has_deletions() => {
            Ok(match snapshot.catalogue().property_key_id(key) {
                Some(key) => snapshot.gather_run(key, run.clone(), false),
                None => Column::nulls(run.len()),
            })
        }
        other => {
            let id = snapshot.catalogue().property_key_id(key);
            map(other, |target| property_with_id(target, key, id, context))
        }
    }
}

/// Returns how many characters the texts of `target.key` have, without making them; nothing where they do not lie as such.
pub(super) fn character_counts(target: &Column, key: &str, snapshot: &Snapshot) -> Option<Column> {
    if snapshot.has_deletions() {
        return None;
    }
    let key = snapshot.catalogue().property_key_id(key)?;
    match target {
        Column::Node(slots) => snapshot.gather_character_counts(key, slots, true),
        Column::Relationship(slots) => snapshot.gather_character_counts(key, slots, false),
        Column::NodeRun(run) => snapshot.gather_character_counts(key, &run.clone().collect::<Vec<_>>(), true),
        Column::RelationshipRun(run) => snapshot.gather_character_counts(key, &run.clone().collect::<Vec<_>>(), false),
        _ => None,
    }
}

/// Returns the property of one value.
///
/// # Errors
/// If the value has no properties, or the element was deleted.
pub(super) fn property_of(
    target: &Value,
    key: &str,
    context: &EvaluationContext<'_>,
) -> Result<Value, EvaluationError> {
    property_with_id(target, key, context.snapshot.catalogue().property_key_id(key), context)
}

fn property_with_id(
    target: &Value,
    key: &str,
    id: Option<PropertyKeyId>,
    context: &EvaluationContext<'_>,
) -> Result<Value, EvaluationError> {
    let snapshot = context.snapshot;
    match target {
        Value::Node(node) => {
            check_nodes(&[node.0], snapshot)?;
            Ok(id.map_or(Value::Null, |id| snapshot.node_property(*node, id)))
        }
        Value::Relationship(relationship) => {
            check_relationships(&[relationship.0], snapshot)?;
            Ok(id.map_or(Value::Null, |id| snapshot.relationship_property(*relationship, id)))
        }
        other => Ok(value_property(other, key)?),
    }
}

/// Returns all properties of a map, node or relationship; none of null.
///
/// # Errors
/// If the value has no properties, or the element was deleted.
pub(super) fn properties_of(target: &Value, context: &EvaluationContext<'_>) -> Result<Option<Map>, EvaluationError> {
    let snapshot = context.snapshot;
    match target {
        Value::Null => Ok(None),
        Value::Map(map) => Ok(Some(map.clone())),
        Value::Node(node) => {
            check_nodes(&[node.0], snapshot)?;
            Ok(Some(named(snapshot.node_properties(*node), snapshot)))
        }
        Value::Relationship(relationship) => {
            check_relationships(&[relationship.0], snapshot)?;
            Ok(Some(named(snapshot.relationship_properties(*relationship), snapshot)))
        }
        other => Err(EvaluationError::wrong_kind(format!(
            "a MAP, NODE or RELATIONSHIP has properties to project, not {}",
            other.kind()
        ))),
    }
}

/// Returns properties under their names.
fn named(properties: Vec<(PropertyKeyId, Value)>, snapshot: &Snapshot) -> Map {
    let catalogue = snapshot.catalogue();
    properties.into_iter().map(|(key, value)| (catalogue.property_key_name(key).clone(), value)).collect()
}

/// Fails if one of the nodes was deleted earlier in the statement.
pub(super) fn check_nodes(ids: &[u32], snapshot: &Snapshot) -> Result<(), EvaluationError> {
    if !snapshot.has_deletions() {
        return Ok(());
    }
    match ids.iter().find(|id| **id != NO_ID && snapshot.is_deleted_node(NodeId(**id))) {
        Some(_) => Err(deleted("node")),
        None => Ok(()),
    }
}

/// Fails if one of the relationships was deleted earlier in the statement.
pub(super) fn check_relationships(ids: &[u32], snapshot: &Snapshot) -> Result<(), EvaluationError> {
    if !snapshot.has_deletions() {
        return Ok(());
    }
    match ids.iter().find(|id| **id != NO_ID && snapshot.is_deleted_relationship(RelationshipId(**id))) {
        Some(_) => Err(deleted("relationship")),
        None => Ok(()),
    }
}

/// Returns the error of an element that is gone.
pub(super) fn deleted(element: &str) -> EvaluationError {
    EvaluationError::Value(ValueError::new(
        ValueErrorKind::EntityNotFound,
        ValueErrorDetail::DeletedEntityAccess,
        format!("the {element} was deleted earlier in this statement, so it has nothing to read"),
    ))
}
