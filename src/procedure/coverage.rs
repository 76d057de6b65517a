//! `claims.coverage`: how much of the graph rests on claims, by label or type and by property.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::graph::{PropertyKeyId, Snapshot, Stated};
use crate::knowledge::Subject;
use crate::value::{NodeId, RelationshipId, Value};
use crate::vector::Column;

use super::schema::{builtin, integer, strings, text};
use super::{Procedure, ProcedureContext, ProcedureError};

/// Returns the procedure of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    vec![builtin(
        "claims.coverage",
        &[],
        &[
            text("kind"),
            text("name"),
            text("property"),
            integer("present"),
            integer("sourced"),
            integer("unsourced"),
            integer("sources"),
        ],
        "counts for each label and relationship type, and each property of it, how many are there and how many of them have claims, and \
         of how many sources; without property the elements themselves are counted",
        "CALL claims.coverage() YIELD kind, name, property, present, sourced WHERE sourced < present RETURN *",
        coverage,
    )]
}

/// What is counted of one property of a label or type, or of its elements.
#[derive(Debug, Default)]
struct Count {
    present: i64,
    sourced: i64,
    sources: Vec<NodeId>,
}

/// Whether it is a label or a type, its name, and the property if it is about one.
type Place = (&'static str, SmolStr, Option<SmolStr>);

fn coverage(_: &[Value], context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
    let snapshot = context.snapshot;
    let mut counts: BTreeMap<Place, Count> = BTreeMap::new();
    let mut slots = Vec::new();
    for chunk in 0..snapshot.chunk_count() {
        slots.clear();
        snapshot.scan_chunk(chunk, None, &mut slots);
        context.tick(slots.len())?;
        for node in slots.iter().map(|slot| NodeId(*slot)) {
            let labels: Vec<SmolStr> =
                snapshot.labels(node).iter().map(|label| snapshot.catalogue().label_name(*label).clone()).collect();
            let properties = snapshot.node_properties(node);
            add(snapshot, Subject::Node(node), "label", &labels, &properties, &mut counts);
        }
    }
    for chunk in 0..snapshot.relationship_chunk_count() {
        slots.clear();
        snapshot.scan_relationships(None, chunk, &mut slots);
        context.tick(slots.len())?;
        for relationship in slots.iter().map(|slot| RelationshipId(*slot)) {
            let Some(record) = snapshot.relationship(relationship) else { continue };
            let kind = [snapshot.catalogue().relationship_type_name(record.kind).clone()];
            let properties = snapshot.relationship_properties(relationship);
            add(snapshot, Subject::Relationship(relationship), "type", &kind, &properties, &mut counts);
        }
    }
    let rows: Vec<(&Place, &Count)> = counts.iter().collect();
    let properties = rows.iter().map(|((.., property), _)| property.clone().map_or(Value::Null, Value::String));
    let integers = |value: fn(&Count) -> i64| Column::integers(rows.iter().map(|(_, count)| value(count)).collect());
    Ok(vec![
        strings(rows.iter().map(|((kind, ..), _)| SmolStr::new_static(kind))),
        strings(rows.iter().map(|((_, name, _), _)| name.clone())),
        Column::from_values(properties),
        integers(|count| count.present),
        integers(|count| count.sourced),
        integers(|count| count.present - count.sourced),
        integers(|count| count.sources.len() as i64),
    ])
}

fn add(
    snapshot: &Snapshot,
    subject: Subject,
    kind: &'static str,
    names: &[SmolStr],
    properties: &[(PropertyKeyId, Value)],
    counts: &mut BTreeMap<Place, Count>,
) {
    let claims: Vec<(Option<PropertyKeyId>, NodeId)> = snapshot
        .claims_of(subject)
        .into_iter()
        .filter_map(|claim| snapshot.claim_record(claim))
        .map(|record| (Stated::key(&record.stated), record.source))
        .collect();
    for name in names {
        let all = properties.iter().map(|(key, _)| Some(*key)).chain([None]);
        for key in all.filter(|key| key.is_none_or(|key| !snapshot.names_element(subject, key))) {
            let property = key.map(|key| snapshot.catalogue().property_key_name(key).clone());
            let count = counts.entry((kind, name.clone(), property)).or_default();
            count.present += 1;
            // An element is sourced by any claim on it, a property by those that state it.
            let mut sourced = false;
            for (_, source) in claims.iter().filter(|(stated, _)| key.is_none() || *stated == key) {
                sourced = true;
                if let Err(place) = count.sources.binary_search(source) {
                    count.sources.insert(place, *source);
                }
            }
            count.sourced += i64::from(sourced);
        }
    }
}
