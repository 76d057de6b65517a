//! Setting and removing properties and labels.
//!
//! Rows go one by one on the transaction's own state, so that a row reads what the row before wrote.

use smol_str::SmolStr;

use crate::binder::bound::{RemoveItem, SetItem};
use crate::expression::{Expression, evaluate};
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::{NodeId, RelationshipId, Value};
use crate::vector::Batch;

use super::context::{Context, Flow, Sink};
use super::create::entries;
use super::{ExecutionError, collect, give_all};

pub(super) fn run_set(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Set { items } = &plan.operator else { unreachable!("a SET is run as one") };
    let batches = collect(plan.input(), argument, context)?;
    for batch in &batches {
        for row in 0..batch.rows() as u32 {
            set_row(items, &batch.slice(row as usize, 1), context)?;
        }
    }
    context.check_constraints()?;
    give_all(batches, sink)
}

/// Applies the items to the one row of a batch, in order.
pub(super) fn set_row(items: &[SetItem], row: &Batch, context: &Context<'_>) -> Result<(), ExecutionError> {
    for item in items {
        context.guard.tick(1)?;
        match item {
            SetItem::Property { target, key, value } => {
                let Some(target) = element(target, row, context)? else { continue };
                let value = one_value(value, row, context)?;
                set_property(target, key, value, context)?;
            }
            SetItem::Replace { target, value } => set_all(target, value, true, row, context)?,
            SetItem::Merge { target, value } => set_all(target, value, false, row, context)?,
            SetItem::Labels { target, labels } => change_labels(target, labels, true, row, context)?,
        }
    }
    Ok(())
}

pub(super) fn run_remove(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Remove { items } = &plan.operator else { unreachable!("a REMOVE is run as one") };
    let batches = collect(plan.input(), argument, context)?;
    for batch in &batches {
        for row in 0..batch.rows() {
            let row = batch.slice(row, 1);
            for item in items {
                context.guard.tick(1)?;
                match item {
                    RemoveItem::Property { target, key } => {
                        if let Some(target) = element(target, &row, context)? {
                            set_property(target, key, Value::Null, context)?;
                        }
                    }
                    RemoveItem::Labels { target, labels } => change_labels(target, labels, false, &row, context)?,
                }
            }
        }
    }
    context.check_constraints()?;
    give_all(batches, sink)
}

/// A node or a relationship.
#[derive(Clone, Copy)]
enum Element {
    Node(NodeId),
    Relationship(RelationshipId),
}

fn one_value(expression: &Expression, row: &Batch, context: &Context<'_>) -> Result<Value, ExecutionError> {
    let snapshot = context.graph();
    Ok(evaluate(expression, row, &context.evaluation(&snapshot))?.value(0))
}

/// Returns the element that an expression gives; nothing of null, for which nothing is done.
fn element(target: &Expression, row: &Batch, context: &Context<'_>) -> Result<Option<Element>, ExecutionError> {
    match one_value(target, row, context)? {
        Value::Null => Ok(None),
        Value::Node(id) => Ok(Some(Element::Node(id))),
        Value::Relationship(id) => Ok(Some(Element::Relationship(id))),
        other => Err(ExecutionError::InvalidTarget { kind: format!("{:?}", other.kind()) }),
    }
}

fn set_property(target: Element, key: &str, value: Value, context: &Context<'_>) -> Result<(), ExecutionError> {
    let mut writer = context.writer();
    // Taking away a property that no element has must not make its name known.
    if value.is_null() && writer.view().catalogue().property_key_id(key).is_none() {
        return Ok(());
    }
    let key = writer.property_key(key)?;
    match target {
        Element::Node(id) => writer.set_node_property(id, key, value)?,
        Element::Relationship(id) => writer.set_relationship_property(id, key, value)?,
    }
    Ok(())
}

fn set_all(
    target: &Expression,
    value: &Expression,
    replace: bool,
    row: &Batch,
    context: &Context<'_>,
) -> Result<(), ExecutionError> {
    let Some(target) = element(target, row, context)? else { return Ok(()) };
    let given = one_value(value, row, context)?;
    let properties: Vec<(SmolStr, Value)> = match &given {
        Value::Node(id) => properties_of(Element::Node(*id), context),
        Value::Relationship(id) => properties_of(Element::Relationship(*id), context),
        other => entries(other)?.into_iter().map(|(key, value)| (SmolStr::new(key), value.clone())).collect(),
    };
    if replace {
        for (key, _) in properties_of(target, context) {
            if !properties.iter().any(|(kept, value)| *kept == key && !value.is_null()) {
                set_property(target, &key, Value::Null, context)?;
            }
        }
    }
    for (key, value) in properties {
        set_property(target, &key, value, context)?;
    }
    Ok(())
}

fn properties_of(target: Element, context: &Context<'_>) -> Vec<(SmolStr, Value)> {
    let snapshot = context.graph();
    let properties = match target {
        Element::Node(id) => snapshot.node_properties(id),
        Element::Relationship(id) => snapshot.relationship_properties(id),
    };
    let named = properties.into_iter().map(|(key, value)| (snapshot.catalogue().property_key_name(key).clone(), value));
    named.collect()
}

fn change_labels(
    target: &Expression,
    labels: &[SmolStr],
    add: bool,
    row: &Batch,
    context: &Context<'_>,
) -> Result<(), ExecutionError> {
    let node = match element(target, row, context)? {
        None => return Ok(()),
        Some(Element::Node(node)) => node,
        Some(Element::Relationship(_)) => {
            return Err(ExecutionError::InvalidTarget { kind: "Relationship (it has a type, not labels)".into() });
        }
    };
    let mut writer = context.writer();
    for name in labels {
        if add {
            let label = writer.label(name)?;
            writer.add_label(node, label)?;
        } else if let Some(label) = writer.view().catalogue().label_id(name) {
            writer.remove_label(node, label)?;
        }
    }
    Ok(())
}
