//! Claims end to end: what wins, what is refused, what a lens shows.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::knowledge::{
    Claim, ClaimDetails, ClaimId, ClaimRule, Lens, PropertyDeclaration, Rank, Schema, SourceDeclaration, Statement,
    Subject,
};
use crate::value::temporal::Date;
use crate::value::{NodeId, RelationshipId, Value};

use super::{GraphError, Snapshot, Transaction};

const SOURCES: usize = 4;

/// Three sources of days 10, 20, 30 and one of general knowledge without a date, and some things they speak of.
struct Scene {
    transaction: Transaction,
    sources: Vec<NodeId>,
    things: Vec<NodeId>,
    relationships: Vec<RelationshipId>,
}

fn schema() -> Schema {
    let source = SourceDeclaration {
        label: "Source".into(),
        date: "issued".into(),
        kind: "kind".into(),
        background: vec!["gazetteer".into(), "derivation".into()],
        silent: vec!["derivation".into()],
        ..SourceDeclaration::default()
    };
    let many = PropertyDeclaration { many: true, ..PropertyDeclaration::default() };
    let properties = [("names".to_owned(), many)].into();
    Schema { source: Some(source), properties, ..Schema::default() }
}

fn scene() -> Scene {
    let mut transaction = Transaction::begin(Snapshot::empty());
    transaction.declare_schema(schema()).expect("room for names");
    let (label, thing) = (transaction.label("Source"), transaction.label("Thing"));
    let (label, thing) = (label.expect("room"), thing.expect("room"));
    let issued = transaction.property_key("issued").expect("room");
    let kind = transaction.property_key("kind").expect("room");
    let near = transaction.relationship_type("NEAR").expect("room");
    let mut sources = Vec::new();
    for place in 0..SOURCES {
        let source = transaction.create_node(&[label]).expect("room");
        if place < 3 {
            let day = Value::Date(Date { days: 10 * (place as i64 + 1) });
            transaction.set_node_property(source, issued, day).expect("unclaimed");
        } else {
            transaction.set_node_property(source, kind, Value::string("gazetteer")).expect("unclaimed");
        }
        sources.push(source);
    }
    let things: Vec<NodeId> = (0..3).map(|_| transaction.create_node(&[thing]).expect("room")).collect();
    let pairs = [(0, 1), (1, 2)];
    let made = pairs.map(|(start, end)| transaction.create_relationship(near, things[start], things[end]));
    let relationships = made.into_iter().map(|made| made.expect("both ends live")).collect();
    Scene { transaction, sources, things, relationships }
}

fn states(subject: Subject, key: &str, value: Value, source: NodeId) -> Claim {
    Claim::new(subject, Statement::Property { key: key.into(), value }, source)
}

fn integer(snapshot: &Snapshot, node: NodeId, key: &str) -> Option<i64> {
    let key = snapshot.catalogue().property_key_id(key)?;
    if let Value::Integer(value) = snapshot.node_property(node, key) { Some(value) } else { None }
}

#[test]
fn the_newest_publication_wins_until_rank_says_otherwise_or_it_is_retracted() {
    let mut scene = scene();
    let subject = Subject::Node(scene.things[0]);
    let mut add = |value: i64, source: usize, rank: Rank| {
        let mut claim = states(subject, "size", Value::Integer(value), scene.sources[source]);
        claim.details.rank = rank;
        scene.transaction.add_claim(claim).expect("all are there")
    };
    add(1, 0, Rank::Normal);
    let newest = add(2, 2, Rank::Normal);
    add(9, 2, Rank::Deprecated);
    assert_eq!(integer(scene.transaction.view(), scene.things[0], "size"), Some(2));
    scene.transaction.retract_claim(newest).expect("it is there");
    assert_eq!(integer(scene.transaction.view(), scene.things[0], "size"), Some(1));
    let key = scene.transaction.property_key("size").expect("known");
    let refused = scene.transaction.set_node_property(scene.things[0], key, Value::Integer(5));
    assert!(matches!(refused, Err(GraphError::Claimed { property }) if property == "size"));
    assert!(matches!(scene.transaction.retract_claim(newest), Err(GraphError::NoSuchClaim(1))));
}

#[test]
fn a_new_date_of_publication_settles_what_the_source_speaks_of() {
    let mut scene = scene();
    let subject = Subject::Node(scene.things[0]);
    for (value, source) in [(1, 0), (2, 1)] {
        let claim = states(subject, "size", Value::Integer(value), scene.sources[source]);
        scene.transaction.add_claim(claim).expect("all are there");
    }
    assert_eq!(integer(scene.transaction.view(), scene.things[0], "size"), Some(2));
    let issued = scene.transaction.property_key("issued").expect("known");
    let late = Value::string("2030-01");
    scene.transaction.set_node_property(scene.sources[0], issued, late).expect("unclaimed");
    assert_eq!(integer(scene.transaction.view(), scene.things[0], "size"), Some(1));
}

#[test]
fn many_values_are_a_list_and_citations_name_all_who_agree() {
    let mut scene = scene();
    let subject = Subject::Node(scene.things[0]);
    for (name, source) in [("b", 0), ("a", 1), ("b", 2)] {
        let claim = states(subject, "names", Value::string(name), scene.sources[source]);
        scene.transaction.add_claim(claim).expect("all are there");
    }
    let (snapshot, changes) = scene.transaction.commit().expect("no constraint");
    let key = snapshot.catalogue().property_key_id("names").expect("declared");
    assert_eq!(format!("{:?}", snapshot.node_property(scene.things[0], key)), format!("{:?}", list(&["a", "b"])));
    assert_eq!(snapshot.citation(subject, key), [ClaimId(1), ClaimId(2), ClaimId(0)]);
    assert!(snapshot.conflicts().is_empty());
    let replayed = Snapshot::empty().replay(&changes).expect("what was done can be done again");
    assert_eq!(replayed.claims_of(subject), snapshot.claims_of(subject));
    assert_eq!(format!("{:?}", replayed.node_property(scene.things[0], key)), format!("{:?}", list(&["a", "b"])));
}

fn list(items: &[&str]) -> Value {
    Value::list(items.iter().map(Value::string).collect())
}

#[test]
fn conflicts_name_what_differs_and_ties() {
    let mut scene = scene();
    let subject = Subject::Relationship(scene.relationships[0]);
    for value in [5, 4] {
        let claim = states(subject, "length", Value::Integer(value), scene.sources[3]);
        scene.transaction.add_claim(claim).expect("all are there");
    }
    let conflicts = scene.transaction.view().conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].subject, subject);
    assert!(conflicts[0].resolution.tie);
    assert_eq!(conflicts[0].resolution.winners, [ClaimId(1)]);
}

#[test]
fn deleting_takes_claims_along() {
    let mut scene = scene();
    let subject = Subject::Node(scene.things[0]);
    for (value, source) in [(1, 0), (2, 1)] {
        let claim = states(subject, "size", Value::Integer(value), scene.sources[source]);
        scene.transaction.add_claim(claim).expect("all are there");
    }
    scene.transaction.delete_node(scene.sources[1]).expect("it is there");
    assert_eq!(integer(scene.transaction.view(), scene.things[0], "size"), Some(1));
    scene.transaction.detach_delete_node(scene.things[0]).expect("it is there");
    assert_eq!(scene.transaction.view().claim_count(), 0);
}

#[test]
fn restating_replaces_what_the_same_source_said() {
    let mut scene = scene();
    let subject = Subject::Node(scene.things[0]);
    for value in [1, 2, 3] {
        let claim = states(subject, "size", Value::Integer(value), scene.sources[0]);
        scene.transaction.restate(claim).expect("all are there");
    }
    assert_eq!(scene.transaction.view().claims_of(subject), [ClaimId(2)]);
    assert_eq!(integer(scene.transaction.view(), scene.things[0], "size"), Some(3));
}

fn according_to(sources: &[NodeId], only: bool) -> Lens {
    Lens { sources: Some(sources.iter().copied().collect()), only, ..Lens::default() }
}

#[test]
fn a_lens_shows_what_counted_claims_support() {
    let mut scene = scene();
    let near = Subject::Relationship(scene.relationships[0]);
    let existence = Claim::new(near, Statement::Existence { labels: Vec::new() }, scene.sources[0]);
    scene.transaction.add_claim(existence).expect("all are there");
    let named = Subject::Node(scene.things[0]);
    let named = states(named, "size", Value::Integer(7), scene.sources[1]);
    scene.transaction.add_claim(named).expect("all are there");
    let (snapshot, _) = scene.transaction.commit().expect("no constraint");

    // Source 0 states the relationship, and so its ends; it says nothing of sizes.
    let first = snapshot.under(&according_to(&[scene.sources[0]], false));
    assert!(first.relationship_exists(scene.relationships[0]) && first.node_exists(scene.things[0]));
    assert_eq!(integer(&first, scene.things[0], "size"), None);
    // Source 1 speaks of one end only; the other has lost its support and goes with the unsourced relationship at it.
    let second = snapshot.under(&according_to(&[scene.sources[1]], false));
    assert!(!second.relationship_exists(scene.relationships[0]) && second.node_exists(scene.things[0]));
    assert!(!second.node_exists(scene.things[1]) && !second.relationship_exists(scene.relationships[1]));
    assert_eq!(integer(&second, scene.things[0], "size"), Some(7));
    // What nobody speaks of is there always; deletions are no one's business under a lens.
    assert!(second.node_exists(scene.things[2]) && !second.has_deletions());
    assert_eq!(second.statistics().nodes(), 6);
    let early = snapshot.under(&Lens { as_of: Some(15), ..Lens::default() });
    assert!(early.relationship_exists(scene.relationships[0]));
    assert_eq!(integer(&early, scene.things[0], "size"), None);
    assert_eq!(integer(&snapshot, scene.things[0], "size"), Some(7));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_lens_reads_as_a_graph_of_the_counted_claims_alone(
        claims in proptest::collection::vec(
            (0usize..3, 0usize..2, 0i64..3, 0usize..SOURCES, 0usize..3, proptest::option::of(0i64..4)), 0..30),
        sources in proptest::collection::btree_set(0usize..3, 0..3),
        only in any::<bool>(),
        as_of in proptest::option::of(5i64..35),
        rule in proptest::sample::select(vec![
            ClaimRule::Rank, ClaimRule::Latest, ClaimRule::Earliest, ClaimRule::Majority, ClaimRule::All]),
    ) {
        let counts = |source: usize| {
            let background = source == 3 && !only;
            background || (sources.contains(&source) && as_of.is_none_or(|day| source < 3 && 10 * (source as i64 + 1) <= day))
        };
        let (mut all, mut some) = (scene(), scene());
        for (thing, key, value, source, rank, claimed_as_of) in claims {
            let rank = [Rank::Deprecated, Rank::Normal, Rank::Preferred][rank];
            let as_of = claimed_as_of.map_or(Value::Null, |days| Value::Date(Date { days }));
            let details = ClaimDetails { rank, as_of, ..ClaimDetails::default() };
            let subject = Subject::Node(all.things[thing]);
            let statement = Statement::Property { key: ["size", "names"][key].into(), value: Value::Integer(value) };
            let claim = Claim { subject, statement, source: all.sources[source], details };
            all.transaction.add_claim(claim.clone()).expect("all are there");
            if counts(source) {
                some.transaction.add_claim(claim).expect("all are there");
            }
        }
        let named: BTreeSet<NodeId> = sources.iter().map(|source| all.sources[*source]).collect();
        let lens = Lens { as_of, sources: Some(named), only, rule };
        let shown = all.transaction.view().under(&lens);
        let counted = some.transaction.view().under(&Lens { rule, ..Lens::default() });
        for thing in &all.things {
            for key in ["size", "names"] {
                let read = |snapshot: &Snapshot| {
                    let key = snapshot.catalogue().property_key_id(key);
                    format!("{:?}", key.map(|key| snapshot.node_property(*thing, key)).unwrap_or_default())
                };
                if shown.node_exists(*thing) {
                    let subject = Subject::Node(*thing);
                    prop_assert_eq!(shown.claims_of(subject).len(), counted.claims_of(subject).len());
                    prop_assert_eq!(read(&shown), read(&counted));
                } else {
                    prop_assert!(!all.transaction.view().claims_of(Subject::Node(*thing)).is_empty());
                    prop_assert_eq!(read(&shown), "Null");
                }
            }
        }
    }
}
