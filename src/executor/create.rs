//! Making nodes and relationships.

use crate::binder::bound::CreatePattern;
use crate::expression::{Expression, evaluate};
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::{NodeId, Value, ValueError};
use crate::vector::{Batch, Column, Slot};

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, collect, give_all};

pub(super) fn run_create(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Create { pattern } = &plan.operator else { unreachable!("a CREATE is run as one") };
    let mut given = Vec::new();
    for batch in collect(plan.input(), argument, context)? {
        if !counts_what_is_made(pattern) {
            given.push(create(pattern, &batch, context)?);
            continue;
        }
        for row in 0..batch.rows() {
            given.push(create(pattern, &batch.slice(row, 1), context)?);
        }
    }
    context.check_constraints()?;
    give_all(given, sink)
}

/// Says whether properties come from subqueries, which see what the rows before have made; then rows must go one by one.
fn counts_what_is_made(pattern: &CreatePattern) -> bool {
    let nodes = pattern.nodes.iter().map(|node| &node.properties);
    let relationships = pattern.relationships.iter().map(|relationship| &relationship.properties);
    nodes.chain(relationships).flatten().any(|properties| !properties.subqueries().is_empty())
}

/// Makes a pattern for every row of a batch and returns the batch with what was made.
pub(super) fn create(pattern: &CreatePattern, batch: &Batch, context: &Context<'_>) -> Result<Batch, ExecutionError> {
    let mut made = batch.clone();
    for node in &pattern.nodes {
        let properties = property_maps(&node.properties, &made, context)?;
        let mut writer = context.writer();
        let labels = node.labels.iter().map(|label| writer.label(label)).collect::<Result<Vec<_>, _>>()?;
        let mut ids = Vec::with_capacity(batch.rows());
        for row in 0..batch.rows() {
            context.guard.tick(1)?;
            let id = writer.create_node(&labels)?;
            if let Some(maps) = &properties {
                for (key, value) in entries(&maps[row])? {
                    if !value.is_null() {
                        let key = writer.property_key(key)?;
                        writer.set_node_property(id, key, value.clone())?;
                    }
                }
            }
            ids.push(id.0);
        }
        // What comes next in the pattern may read the node just made.
        made.set(node.slot, Column::Node(ids));
    }
    for relationship in &pattern.relationships {
        let properties = property_maps(&relationship.properties, &made, context)?;
        let mut writer = context.writer();
        let kind = writer.relationship_type(&relationship.label)?;
        let mut ids = Vec::with_capacity(batch.rows());
        for row in 0..batch.rows() {
            context.guard.tick(1)?;
            let start = end_node(&made, relationship.from, row, context)?;
            let end = end_node(&made, relationship.to, row, context)?;
            let id = writer.create_relationship(kind, start, end)?;
            if let Some(maps) = &properties {
                for (key, value) in entries(&maps[row])? {
                    if !value.is_null() {
                        let key = writer.property_key(key)?;
                        writer.set_relationship_property(id, key, value.clone())?;
                    }
                }
            }
            ids.push(id.0);
        }
        made.set(relationship.slot, Column::Relationship(ids));
    }
    let snapshot = context.graph();
    for (slot, path) in &pattern.paths {
        let column = evaluate(path, &made, &context.evaluation(&snapshot))?;
        made.set(*slot, column);
    }
    Ok(made)
}

fn end_node(batch: &Batch, slot: Slot, row: usize, context: &Context<'_>) -> Result<NodeId, ExecutionError> {
    match batch.value(slot, row) {
        Value::Node(node) => Ok(node),
        _ => Err(ExecutionError::NullEnd { variable: context.name(slot) }),
    }
}

/// Returns the values of a property expression, row by row.
pub(super) fn property_maps(
    expression: &Option<Expression>,
    batch: &Batch,
    context: &Context<'_>,
) -> Result<Option<Vec<Value>>, ExecutionError> {
    let Some(expression) = expression else { return Ok(None) };
    let snapshot = context.graph();
    let column = evaluate(expression, batch, &context.evaluation(&snapshot))?;
    Ok(Some(column.iter().collect()))
}

/// Returns the entries of a value that must be a map, or null for none.
pub(super) fn entries(value: &Value) -> Result<Vec<(&str, &Value)>, ExecutionError> {
    match value {
        Value::Map(map) => Ok(map.iter().map(|(key, value)| (key.as_str(), value)).collect()),
        Value::Null => Ok(Vec::new()),
        other => {
            Err(ValueError::wrong_kind(format!("properties are given by a map, not by {:?}", other.kind())).into())
        }
    }
}
