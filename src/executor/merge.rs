//! MERGE: finds a pattern, or makes all of it.
//!
//! Rows go one by one on the transaction's own state, so that a row finds what the row before made.

use crate::binder::bound::CreatePattern;
use crate::expression::{Expression, MapEntry, evaluate};
use crate::graph::Voice;
use crate::knowledge::Subject;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::Value;
use crate::vector::{Batch, Slot};

use super::context::{Context, Flow, Sink};
use super::create::{create, entries, property_maps};
use super::set::set_row;
use super::{ExecutionError, collect, give_all};

pub(super) fn run_merge(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Merge { create: pattern, on_create, on_match } = &plan.operator else {
        unreachable!("a MERGE is run as one")
    };
    let mut given = Vec::new();
    for batch in collect(plan.input(), argument, context)? {
        for row in 0..batch.rows() {
            context.guard.tick(1)?;
            let row = batch.slice(row, 1);
            refuse_nulls(pattern, &row, context)?;
            let found = collect(&plan.children[1], &row, context)?;
            if found.iter().all(Batch::is_empty) {
                let made = create(pattern, &row, context)?;
                set_row(on_create, &made, context)?;
                given.push(made);
                continue;
            }
            for matches in found {
                // The found rows carry what the pattern adds; the rest of the row comes with them.
                let mut joined = row.gather(&vec![0; matches.rows()]);
                let slots: Vec<Slot> = matches.slots().collect();
                for slot in slots {
                    joined.set(slot, matches.column(slot).clone());
                }
                attest(pattern, &joined, context)?;
                for place in 0..joined.rows() {
                    set_row(on_match, &joined.slice(place, 1), context)?;
                }
                given.push(joined);
            }
        }
    }
    context.check_constraints()?;
    give_all(given, sink)
}

/// States what was found, if a source speaks: that it is there, with the labels and properties that were looked for.
fn attest(pattern: &CreatePattern, found: &Batch, context: &Context<'_>) -> Result<(), ExecutionError> {
    if !matches!(context.writer().voice(), Voice::Source { .. }) {
        return Ok(());
    }
    let nodes = pattern.nodes.iter().map(|node| (node.slot, node.labels.as_slice(), &node.properties));
    let relationships = pattern.relationships.iter().map(|step| (step.slot, [].as_slice(), &step.properties));
    for (slot, labels, properties) in nodes.chain(relationships) {
        let maps = property_maps(properties, found, context)?;
        let mut writer = context.writer();
        let labels = labels.iter().map(|label| writer.label(label)).collect::<Result<Vec<_>, _>>()?;
        for row in 0..found.rows() {
            let subject = match found.value(slot, row) {
                Value::Node(node) => Subject::Node(node),
                Value::Relationship(relationship) => Subject::Relationship(relationship),
                _ => continue,
            };
            writer.attest(subject, &labels)?;
            let properties = maps.as_ref().map(|maps| entries(&maps[row])).transpose()?;
            for (key, value) in properties.into_iter().flatten() {
                let key = writer.property_key(key)?;
                match subject {
                    Subject::Node(node) => writer.set_node_property(node, key, value.clone())?,
                    Subject::Relationship(relationship) => {
                        writer.set_relationship_property(relationship, key, value.clone())?
                    }
                }
            }
        }
    }
    Ok(())
}

/// A property that is null equals nothing, so the pattern could never be found again.
fn refuse_nulls(pattern: &CreatePattern, row: &Batch, context: &Context<'_>) -> Result<(), ExecutionError> {
    let nodes = pattern.nodes.iter().filter_map(|node| node.properties.as_ref());
    let relationships = pattern.relationships.iter().filter_map(|relationship| relationship.properties.as_ref());
    for properties in nodes.chain(relationships) {
        let Expression::Map(entries) = properties else { continue };
        for entry in entries {
            let MapEntry::Pair(key, value) = entry else { continue };
            if !value.slots().iter().all(|slot| row.get(*slot).is_some()) {
                continue;
            }
            let snapshot = context.graph();
            if matches!(evaluate(value, row, &context.evaluation(&snapshot))?.value(0), Value::Null) {
                return Err(ExecutionError::MergeNull { key: key.to_string() });
            }
        }
    }
    Ok(())
}
