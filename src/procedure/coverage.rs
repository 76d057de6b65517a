//! `claims.coverage`: how much of the graph rests on claims, by label or type and by property.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::graph::{Direction, Particulars, PropertyKeyId, RelationshipTypeId, Scratch, Snapshot};
use crate::knowledge::{ClaimId, Subject};
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
            integer("one"),
            integer("several"),
        ],
        "counts for each label and relationship type, and each property of it, how many are there, how many of them have claims, and of how \
         many sources; how many rest on `one` independent source and how many on `several`: a source that repeats another that says the same, or \
         that only derives, is not independent; without property the elements themselves are counted",
        "CALL claims.coverage() YIELD kind, name, property, present, unsourced, one, several",
        coverage,
    )]
}

/// What is counted of one property of a label or type, or of its elements.
#[derive(Debug, Default)]
struct Count {
    present: i64,
    sourced: i64,
    one: i64,
    several: i64,
    sources: BTreeSet<NodeId>,
}

/// Whether it is a label or a type, its name, and the property if it is about one.
type Place = (&'static str, SmolStr, Option<SmolStr>);

fn coverage(_: &[Value], context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
    let snapshot = context.snapshot;
    let independence = Independence::of(snapshot);
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
            let subject = Subject::Node(node);
            add(snapshot, &independence, (subject, "label", &labels), &properties, &mut counts);
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
            let subject = Subject::Relationship(relationship);
            add(snapshot, &independence, (subject, "type", &kind), &properties, &mut counts);
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
        integers(|count| count.one),
        integers(|count| count.several),
    ])
}

/// What tells whether sources speak for themselves.
struct Independence {
    /// The sources that only derive what they say from others.
    silent: BTreeSet<NodeId>,
    /// Which other sources a source repeats, at first hand or later.
    repeats: BTreeMap<NodeId, BTreeSet<NodeId>>,
}

impl Independence {
    fn of(snapshot: &Snapshot) -> Independence {
        let (particulars, schema) = (Particulars::new(snapshot), snapshot.catalogue().schema());
        let sources = snapshot.claiming_sources();
        let is_silent =
            |source: &NodeId| matches!(particulars.kind(*source), Value::String(kind) if schema.is_silent(&kind));
        let silent = sources.iter().copied().filter(is_silent).collect();
        let declared = schema.source.as_ref().map(|source| source.repeats.as_str()).unwrap_or_default();
        let kind = snapshot.catalogue().relationship_type_id(declared);
        let repeated = |source: NodeId| kind.map(|kind| repeated(source, kind, snapshot)).unwrap_or_default();
        Independence { silent, repeats: sources.iter().map(|source| (*source, repeated(*source))).collect() }
    }

    /// Returns how many of some sources say by themselves what they say.
    fn count(&self, sources: &BTreeSet<NodeId>) -> usize {
        let speaks = |source: &&NodeId| {
            !self.silent.contains(source)
                && self.repeats.get(source).is_none_or(|repeated| repeated.is_disjoint(sources))
        };
        let anyone = sources.iter().any(|source| !self.silent.contains(source));
        // Of sources that repeat each other one speaks.
        sources.iter().filter(speaks).count().max(usize::from(anyone))
    }
}

/// Returns the sources that a source repeats, and those that these repeat.
fn repeated(source: NodeId, kind: RelationshipTypeId, snapshot: &Snapshot) -> BTreeSet<NodeId> {
    let (mut found, mut waiting, mut scratch) = (BTreeSet::new(), vec![source], Scratch::default());
    while let Some(next) = waiting.pop() {
        for other in snapshot.neighbours(kind, Direction::Outgoing, next, &mut scratch).nodes {
            if *other != source.0 && found.insert(NodeId(*other)) {
                waiting.push(NodeId(*other));
            }
        }
    }
    found
}

fn add(
    snapshot: &Snapshot,
    independence: &Independence,
    (subject, kind, names): (Subject, &'static str, &[SmolStr]),
    properties: &[(PropertyKeyId, Value)],
    counts: &mut BTreeMap<Place, Count>,
) {
    let sources_of = |claims: &[ClaimId]| -> BTreeSet<NodeId> {
        claims.iter().filter_map(|claim| snapshot.claim_record(*claim)).map(|record| record.source).collect()
    };
    let all = properties.iter().map(|(key, _)| Some(*key)).chain([None]);
    for key in all.filter(|key| key.is_none_or(|key| !snapshot.names_element(subject, key))) {
        // An element is sourced by any claim on it; a property rests on those that state its value, more or less precisely.
        let claims = match key {
            None => snapshot.claims_of(subject),
            Some(key) => snapshot.claims_on(subject, Some(key)),
        };
        let winners = key.map(|key| snapshot.citation(subject, key)).unwrap_or_default();
        let agrees = |claim: &ClaimId| winners.iter().all(|winner| !snapshot.contradicts(*winner, *claim));
        let agreeing: Vec<ClaimId> = claims.iter().copied().filter(agrees).collect();
        let (sources, independent) = (sources_of(&claims), independence.count(&sources_of(&agreeing)));
        for name in names {
            let property = key.map(|key| snapshot.catalogue().property_key_name(key).clone());
            let count = counts.entry((kind, name.clone(), property)).or_default();
            count.present += 1;
            count.sourced += i64::from(!sources.is_empty());
            count.one += i64::from(independent == 1);
            count.several += i64::from(independent > 1);
            count.sources.extend(&sources);
        }
    }
}
