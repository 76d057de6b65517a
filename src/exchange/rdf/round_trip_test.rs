//! Out and back: a graph is written in every syntax and read again, and must be the same graph.

use std::sync::Arc;

use crate::exchange::package::load_builtin;
use crate::graph::{Snapshot, Transaction};
use crate::knowledge::{Claim, ClaimDetails, Rank, Schema, Statement, Subject};
use crate::value::temporal::{Date, DateTime, Duration, LocalTime, PartialDate};
use crate::value::{NodeId, RdfLiteral, Value};

use crate::rdf::{ReadError, ReadReport, read_long, read_quads};

use super::read::{SyntaxFault, quads_of};
use super::{ClaimMode, RdfExport, RdfSyntax, export_rdf};

const SYNTAXES: [RdfSyntax; 6] =
    [RdfSyntax::Turtle, RdfSyntax::NTriples, RdfSyntax::NQuads, RdfSyntax::TriG, RdfSyntax::JsonLd, RdfSyntax::RdfXml];

const MODES: [ClaimMode; 3] = [ClaimMode::Reifiers, ClaimMode::Reification, ClaimMode::NamedGraphs];

fn written(snapshot: &Snapshot, syntax: RdfSyntax, claims: Option<ClaimMode>) -> Vec<u8> {
    let mut output = Vec::new();
    let exported = export_rdf(snapshot, RdfExport { syntax, claims }, &mut output).expect("an export");
    assert!(exported.losses.is_empty(), "{syntax}: {}", exported.losses[0]);
    output
}

/// Reads a text as a graph of its own.
fn load_rdf(syntax: RdfSyntax, text: &[u8]) -> (Snapshot, ReadReport) {
    let mut transaction = Transaction::begin(Snapshot::empty());
    let refused = |fault| match fault {
        SyntaxFault::Read(cause) => cause.to_string(),
        SyntaxFault::Text { message, .. } => message,
    };
    let quads = quads_of(syntax, None, text).expect("without a base");
    let quads: Result<Vec<_>, String> = quads.map(|quad| quad.map_err(refused)).collect();
    let report = read_quads(&mut transaction, quads.expect("a text of its syntax")).expect("the graph takes it");
    (transaction.commit().expect("its constraints hold").0, report)
}

/// Writes a graph in each syntax and way that fit, and reads it back.
fn check(snapshot: &Snapshot) {
    for syntax in SYNTAXES {
        MODES.into_iter().filter(|mode| mode.fits(syntax)).for_each(|mode| check_one(snapshot, syntax, mode));
    }
}

fn check_one(snapshot: &Snapshot, syntax: RdfSyntax, mode: ClaimMode) {
    let name = format!("{syntax}, {}", mode.name());
    let bytes = written(snapshot, syntax, Some(mode));
    let (back, report) = load_rdf(syntax, bytes.as_slice());
    assert!(report.unread.is_empty(), "{name}: {:?}", report.unread[0]);
    assert_eq!(back.node_count(), snapshot.node_count(), "{name}");
    assert_eq!(back.relationship_count(), snapshot.relationship_count(), "{name}");
    assert_eq!(back.claim_count(), snapshot.claim_count(), "{name}");
    let (expected, again) = (lines(snapshot), lines(&back));
    let difference = expected.iter().zip(&again).find(|(lhs, rhs)| lhs != rhs);
    assert!(difference.is_none(), "{name}: {difference:#?}");
    assert_eq!(expected.len(), again.len(), "{name}");
    assert_eq!(back.catalogue().schema(), snapshot.catalogue().schema(), "{name}");
}

/// Returns a graph's quads, in order, without what only slots decide: labels of blank nodes, and claims' names made of them.
fn lines(snapshot: &Snapshot) -> Vec<String> {
    let slots = regex::Regex::new("_:[nr][0-9]+([vl][0-9]+)?|/#claim=[0-9a-f]+").expect("an expression");
    let text = String::from_utf8(written(snapshot, RdfSyntax::NQuads, Some(ClaimMode::Reifiers))).expect("text");
    let mut lines: Vec<String> = text.lines().map(|line| slots.replace_all(line, "_:").into_owned()).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn the_built_in_graph_comes_back_the_same() {
    let snapshot = load_builtin().expect("the built-in graph");
    let bytes = written(&snapshot, RdfSyntax::Turtle, None);
    assert!(bytes == written(&load_builtin().expect("the built-in graph"), RdfSyntax::Turtle, None));
    check_one(&snapshot, RdfSyntax::Turtle, ClaimMode::Reifiers);
    check_one(&snapshot, RdfSyntax::TriG, ClaimMode::NamedGraphs);
    check_one(&snapshot, RdfSyntax::JsonLd, ClaimMode::Reification);
    check_one(&snapshot, RdfSyntax::RdfXml, ClaimMode::Reification);
}

#[test]
fn the_empty_graph_is_a_graph() {
    check(&Snapshot::empty());
}

#[test]
fn a_graph_without_schema_comes_back_with_all_its_values() {
    let mut transaction = Transaction::begin(Snapshot::empty());
    let (person, odd) = (transaction.label("Person"), transaction.label("Claim: \"odd\"/\u{1f3de}"));
    let (person, odd) = (person.expect("a label"), odd.expect("a label"));
    let first = transaction.create_node(&[person, odd]).expect("a node");
    let second = transaction.create_node(&[]).expect("a node");
    for (place, value) in values().into_iter().enumerate() {
        let key = transaction.property_key(&format!("v{place}")).expect("a key");
        transaction.set_node_property(first, key, value.clone()).expect("a property");
        let knows = transaction.relationship_type("KNOWS").expect("a type");
        let relationship = transaction.create_relationship(knows, first, second).expect("a relationship");
        transaction.set_relationship_property(relationship, key, value).expect("a property");
    }
    let iri = transaction.property_key("iri").expect("a key");
    let named = transaction.create_node(&[person]).expect("a node");
    transaction.set_node_property(named, iri, Value::string("http://x.example/me#1")).expect("a property");
    let twin = transaction.create_node(&[person]).expect("a node");
    transaction.set_node_property(twin, iri, Value::string("http://x.example/me#1")).expect("a property");
    let loves = transaction.relationship_type("v1").expect("a type");
    for _ in 0..3 {
        transaction.create_relationship(loves, named, named).expect("a relationship");
    }
    transaction.create_relationship(loves, named, second).expect("a relationship");
    let (snapshot, _) = transaction.commit().expect("a commit");
    check(&snapshot);
}

/// Returns values of every kind, none of which XML cannot hold.
fn values() -> Vec<Value> {
    let zoned = DateTime::parse("2018-04-09T08:00+02:00[Europe/Stockholm]").expect("a date-time");
    let literal = |text: &str, datatype: &str, language: Option<&str>| {
        let (datatype, language) = (datatype.into(), language.map(Into::into));
        Value::Literal(Arc::new(RdfLiteral { text: text.into(), datatype, language }))
    };
    vec![
        Value::Boolean(false),
        Value::Integer(i64::MIN),
        Value::Float(0.1),
        Value::Float(f64::NAN),
        Value::string("line\r\nbreak\ttab \"quoted\" <&> 湖"),
        Value::string("  "),
        Value::string(""),
        Value::list(vec![]),
        Value::list(vec![Value::Integer(2), Value::Null, Value::list(vec![Value::string("a")])]),
        Value::Date(Date::parse("2017-04-28").expect("a date")),
        Value::PartialDate(PartialDate { year: 2017, month: Some(4) }),
        Value::LocalTime(LocalTime { nanoseconds: 1 }),
        Value::DateTime(Arc::new(zoned)),
        Value::Duration(Arc::new(Duration { months: 1, days: -2, seconds: 3, nanoseconds: 4 })),
        literal("chat", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", Some("fr")),
        literal("1.50", "http://www.w3.org/2001/XMLSchema#decimal", None),
        literal("x", "http://x.example/type", None),
    ]
}

#[test]
fn claims_of_every_sort_come_back() {
    let text = include_str!("../../../data/graph.toml");
    let schema: Schema = toml::from_str(text).expect("the schema of the built-in graph");
    let mut transaction = Transaction::begin(Snapshot::empty());
    transaction.declare_schema(schema).expect("a schema");
    let node = |transaction: &mut Transaction, label: &str, id: &str| -> NodeId {
        let label = transaction.label(label).expect("a label");
        let key = transaction.property_key("id").expect("a key");
        let node = transaction.create_node(&[label]).expect("a node");
        transaction.set_node_property(node, key, Value::string(id)).expect("an id");
        node
    };
    let source = node(&mut transaction, "Source", "a source/with space");
    let place = node(&mut transaction, "Place", "place/../湖州#1;2=3");
    let other = node(&mut transaction, "Place", "place/two");
    let nameless = transaction.create_node(&[]).expect("a node");
    let kind = transaction.relationship_type("PART_OF").expect("a type");
    let parallel = [0, 1].map(|_| transaction.create_relationship(kind, place, other).expect("a relationship"));
    let own = transaction.create_relationship(kind, nameless, place).expect("a relationship");
    let details = || ClaimDetails {
        attributed_to: "place/two".into(),
        locator: "L1".into(),
        as_printed: "湖州市".into(),
        as_of: Value::PartialDate(PartialDate { year: 2020, month: None }),
        rank: Rank::Deprecated,
        note: "why".into(),
        unit: "CNY".into(),
        comparator: crate::knowledge::Comparator::AtMost,
    };
    let property = |key: &str, value: Value| Statement::Property { key: key.into(), value };
    let list = Value::list(vec![Value::string("b"), Value::string("a")]);
    let settled = Value::list(vec![Value::string("a"), Value::string("b")]);
    let node_claims = [
        Statement::Existence { labels: vec!["Place".into(), "City".into()] },
        Statement::Existence { labels: vec![] },
        property("name", Value::string("湖州")),
        property("name", Value::string("湖州")),
        property("aliases", list),
        property("aliases", settled),
        property("aliases", Value::string("吳興")),
        property("area_m2", Value::Float(5.8e9)),
        property("undeclared", Value::Integer(1)),
    ];
    for statement in node_claims {
        for subject in [place, nameless] {
            transaction.add_claim(Claim::new(Subject::Node(subject), statement.clone(), source)).expect("a claim");
            let claim = Claim { details: details(), ..Claim::new(Subject::Node(subject), statement.clone(), source) };
            transaction.add_claim(claim).expect("a claim");
        }
    }
    for relationship in parallel.into_iter().chain([own]) {
        let subject = Subject::Relationship(relationship);
        let exists = Statement::Existence { labels: vec![] };
        transaction.add_claim(Claim::new(subject, exists, source)).expect("a claim");
        transaction.add_claim(Claim::new(subject, property("order", Value::Integer(1)), source)).expect("a claim");
    }
    let (snapshot, _) = transaction.commit().expect("a commit");
    check(&snapshot);
}

#[test]
fn triples_of_others_become_facts_and_come_out_again() {
    let text = r#"
        PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        <http://x.example/#me> a foaf:Person ; foaf:name "Me"@fr , "I" ; foaf:age 42 ; foaf:weight 70.50 ;
            foaf:knows <http://x.example/#you> , [ foaf:name "Nobody" ] .
        <http://x.example/#you> foaf:knows <http://x.example/#me> ; foaf:img <http://x.example/1> .
    "#;
    let (snapshot, report) = load_rdf(RdfSyntax::Turtle, text.as_bytes());
    assert!(report.unread.is_empty(), "{:?}", report.unread);
    assert_eq!((report.nodes, report.relationships), (4, 4));
    let names: Vec<&str> = snapshot.catalogue().relationship_types().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["img", "knows"]);
    let lines = String::from_utf8(written(&snapshot, RdfSyntax::NTriples, None)).expect("text");
    for line in [
        "<http://x.example/#me> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Person> .",
        "<http://x.example/#me> <http://xmlns.com/foaf/0.1/name> \"Me\"@fr .",
        "<http://x.example/#me> <http://xmlns.com/foaf/0.1/name> \"I\" .",
        "<http://x.example/#me> <http://xmlns.com/foaf/0.1/age> \"42\"^^<http://www.w3.org/2001/XMLSchema#integer> .",
        "<http://x.example/#me> <http://xmlns.com/foaf/0.1/weight> \"70.50\"^^<http://www.w3.org/2001/XMLSchema#decimal> .",
        "<http://x.example/#you> <http://xmlns.com/foaf/0.1/knows> <http://x.example/#me> .",
    ] {
        assert!(lines.lines().any(|own| own == line), "{line}\n{lines}");
    }
    check(&snapshot);
}

#[test]
fn a_graph_of_others_becomes_the_claims_of_its_source() {
    let text = "<http://x.example/a> <http://x.example/p> \"1\" <http://x.example/g> .\n\
        <http://x.example/a> <http://x.example/q> <http://x.example/b> <http://x.example/g> .\n";
    let (snapshot, report) = load_rdf(RdfSyntax::NQuads, text.as_bytes());
    assert!(report.unread.is_empty(), "{:?}", report.unread);
    assert_eq!((report.nodes, report.relationships, report.claims), (3, 1, 2));
    let written = written(&snapshot, RdfSyntax::NQuads, Some(ClaimMode::NamedGraphs));
    let lines = String::from_utf8(written).expect("text");
    text.lines().for_each(|line| assert!(lines.lines().any(|own| own == line), "{line}\n{lines}"));
    check(&snapshot);
}

#[test]
fn what_the_default_graph_alone_says_goes_on_to_hold() {
    let text = "<http://x.example/a> <http://x.example/p> \"1\" <http://x.example/g> .\n\
        <http://x.example/a> <http://x.example/p> \"2\" .\n\
        <http://x.example/b> <http://x.example/p> \"3\" <http://x.example/g> .\n\
        <http://x.example/b> <http://x.example/p> \"4\" .\n\
        <http://x.example/b> <http://x.example/p> \"5\" .\n\
        <http://x.example/c> <http://x.example/p> \"6\" <http://x.example/g> .\n\
        <http://x.example/c> <http://x.example/p> \"6\" .\n";
    let (snapshot, report) = load_rdf(RdfSyntax::NQuads, text.as_bytes());
    assert!(report.unread.is_empty(), "{:?}", report.unread);
    assert_eq!(report.claims, 5, "three of the graph, and those of the two values that it does not state");
    let written = written(&snapshot, RdfSyntax::NQuads, None);
    let lines = String::from_utf8(written).expect("text");
    text.lines().for_each(|line| assert!(lines.lines().any(|own| own == line), "{line}\n{lines}"));
    let only_said_by_the_graph = "<http://x.example/a> <http://x.example/p> \"1\" .";
    assert!(!lines.lines().any(|own| own == only_said_by_the_graph), "{lines}");
    check(&snapshot);
}

#[test]
fn what_xml_cannot_hold_is_named_and_the_rest_is_well_formed() {
    let mut transaction = Transaction::begin(Snapshot::empty());
    let label = transaction.label("1 < 2").expect("a label");
    let node = transaction.create_node(&[label]).expect("a node");
    for (key, value) in [("ok", "]]> &amp; \u{85}"), ("bell", "a\u{7}b"), ("no name!", "x")] {
        let key = transaction.property_key(key).expect("a key");
        transaction.set_node_property(node, key, Value::string(value)).expect("a property");
    }
    let (snapshot, _) = transaction.commit().expect("a commit");
    let mut output = Vec::new();
    let export = RdfExport { syntax: RdfSyntax::RdfXml, claims: None };
    let exported = export_rdf(&snapshot, export, &mut output).expect("an export");
    let losses: Vec<String> = exported.losses.iter().map(|loss| loss.reason.clone()).collect();
    assert_eq!(
        losses,
        [
            "XML cannot hold the character U+0007",
            "`https://example.org/yuanpu/name/no%20name%21` does not end in a name of XML"
        ]
    );
    let (back, _) = load_rdf(RdfSyntax::RdfXml, output.as_slice());
    let key = back.catalogue().property_key_id("ok").expect("the property");
    assert!(matches!(back.node_property(NodeId(0), key), Value::String(text) if text == "]]> &amp; \u{85}"));
    assert_eq!(back.labels(NodeId(0)).len(), 1);
}

/// Reads a text in parts of so many quads, or whole, into a graph.
fn read_into(base: &Snapshot, syntax: RdfSyntax, text: &str, part_size: Option<usize>) -> (Snapshot, [u64; 3]) {
    let mut transaction = Transaction::begin(base.clone());
    let quads = || quads_of(syntax, None, text.as_bytes()).expect("without a base");
    let report = match part_size {
        None => read_quads(&mut transaction, quads().map(|quad| quad.ok().expect("a text of its syntax")).collect()),
        Some(size) => read_long(&mut transaction, size, &mut |take| {
            quads().try_for_each(|quad| take(quad.ok().expect("a text of its syntax")))
        }),
    };
    let report = report.unwrap_or_else(|error: ReadError| panic!("the graph takes it: {error}"));
    assert!(report.unread.is_empty(), "{:?}", report.unread[0]);
    let counts = [report.nodes, report.relationships, report.claims];
    (transaction.commit().expect("its constraints hold").0, counts)
}

#[test]
fn a_file_read_in_parts_gives_the_graph_that_it_gives_whole() {
    let prefixes = "@prefix x: <http://x.example/> . @prefix y: <http://y.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n";
    // Subjects that come again later, in other words and with more values; nodes without a name; a name behind what it names.
    let plain = "x:a x:knows x:b ; x:name \"A\" ; rdfs:label \"a\" . x:b a x:Person ; x:name \"B\" .\n\
                 x:a a x:Person ; x:age 7 ; x:near [ x:name \"nobody\" ; x:near [ x:size 1.5 ] ] .\n\
                 x:c x:knows x:a, x:a, x:b ; x:iri \"own\" . x:b x:name \"Bee\" ; x:tags \"t\" .\n\
                 x:a x:name \"A\" ; rdfs:label \"alpha\"@en . x:b x:knows x:c . _:one y:name \"y\" . x:c x:knows _:one . _:one a x:Person .\n\
                 x:c a <http://www.w3.org/2000/01/rdf-schema#Resource> . x:d x:age 7, 8, 9 . x:d x:age 10 .\n";
    let graphs = "x:a x:name \"A\" . x:s1 { x:a x:name \"A one\" ; x:knows x:b . x:b a x:Person . }\n\
                  x:s2 { x:a x:name \"A two\" ; x:size 3 . x:b a x:Person . x:n x:knows x:a . } x:s1 { x:a x:name \"A one\" ; y:name \"other\" . }\n";
    let empty = Snapshot::empty();
    let (before, _) = read_into(
        &empty,
        RdfSyntax::Turtle,
        &format!("{prefixes}x:a x:name \"old\" ; x:knows x:z . x:z x:age 1 ."),
        None,
    );
    for (syntax, text) in [(RdfSyntax::Turtle, plain), (RdfSyntax::TriG, graphs)] {
        let text = format!("{prefixes}{text}");
        for base in [&empty, &before] {
            let (whole, expected) = read_into(base, syntax, &text, None);
            for part_size in [1, 2, 3, 5, 8, 1000] {
                let (parts, counts) = read_into(base, syntax, &text, Some(part_size));
                assert_eq!(counts, expected, "{syntax} in parts of {part_size}");
                assert_eq!(lines(&parts), lines(&whole), "{syntax} in parts of {part_size}");
                assert_eq!(parts.catalogue().schema(), whole.catalogue().schema(), "{syntax} in parts of {part_size}");
            }
        }
    }
    // Claims may be about anything in a file, which is therefore held.
    let own = written(&load_builtin().expect("the built-in graph"), RdfSyntax::NTriples, None);
    let (back, _) = read_into(&empty, RdfSyntax::NTriples, std::str::from_utf8(&own).expect("text"), Some(1000));
    assert_eq!(back.claim_count(), load_builtin().expect("the built-in graph").claim_count());
}
