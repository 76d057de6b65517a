//! Claims as an embedder meets them: read through a lens, cited, written.

use super::{Answer, ClaimState, Connection, Database, Options, Parameters};
use crate::graph::{Snapshot, Transaction};
use crate::knowledge::{Claim, Schema, SourceDeclaration, Statement, Subject};
use crate::value::{ResultValue, Value};

/// A package-like graph: two sources state the height of a tower, one states a second tower.
fn towers() -> Database {
    let mut graph = Transaction::begin(Snapshot::empty());
    let text = |text: &str| text.to_owned();
    let source = SourceDeclaration {
        label: text("Source"),
        id: text("id"),
        title: text("title"),
        date: text("issued"),
        kind: text("kind"),
        ..SourceDeclaration::default()
    };
    graph.declare_schema(Schema { source: Some(source), ..Schema::default() }).expect("it can be declared");
    let (source, tower) = (graph.label("Source").expect("a name"), graph.label("Tower").expect("a name"));
    let keys = ["id", "title", "issued"].map(|name| graph.property_key(name).expect("a name"));
    let mut named = |values: [&str; 3]| {
        let node = graph.create_node(&[source]).expect("there is room");
        for (key, value) in keys.iter().zip(values) {
            graph.set_node_property(node, *key, Value::string(value)).expect("it can be stored");
        }
        node
    };
    let (old, new) = (named(["old", "Old survey", "2015"]), named(["new", "New survey", "2019-06"]));
    let towers =
        [graph.create_node(&[tower]).expect("there is room"), graph.create_node(&[tower]).expect("there is room")];
    for (place, height, source) in [(0, 300, old), (0, 310, new), (1, 90, new)] {
        let statement = Statement::Property { key: "height".into(), value: Value::Integer(height) };
        graph.add_claim(Claim::new(Subject::Node(towers[place]), statement, source)).expect("it can be claimed");
    }
    Database::from_snapshot(graph.commit().expect("nothing is left hanging").0, Options::default())
}

fn plain(value: &ResultValue) -> String {
    match value {
        ResultValue::Integer(number) => number.to_string(),
        ResultValue::List(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_query_reads_through_its_lens() {
    let database = towers();
    let mut connection = database.connect();
    let mut heights = |prefix: &str, parameters: Parameters| {
        let text = format!("{prefix} MATCH (t:Tower) RETURN t.height AS height ORDER BY height");
        let answer = connection.run(&text, parameters).expect("it is well formed");
        answer.rows.iter().map(|row| plain(&row[0])).collect::<Vec<_>>().join(" ")
    };
    let given = |value: &str| Parameters::from([("x", value)]);
    assert_eq!(heights("", Parameters::new()), "90 310");
    assert_eq!(heights("AS OF 2015", Parameters::new()), "300");
    assert_eq!(heights("AS OF '2014-12-31'", Parameters::new()), "");
    assert_eq!(heights("AS OF $x", given("2019-06-29")), "300");
    assert_eq!(heights("AS OF $x", given("2019-06")), "90 310");
    assert_eq!(heights("AS OF $x", [("x", 2018)].into()), "300");
    assert_eq!(heights("ACCORDING TO 'old'", Parameters::new()), "300");
    assert_eq!(heights("ACCORDING TO ONLY $x", given("new")), "90 310");
    assert_eq!(heights("ACCORDING TO 'old', 'new' RESOLVE BY earliest", Parameters::new()), "90 300");
    assert_eq!(heights("RESOLVE BY all", Parameters::new()), "[90] [300, 310]");
    assert!(!heights("EXPLAIN AS OF 2015", Parameters::new()).is_empty());
    assert_eq!(database.lenses().len(), 9, "equal lenses are one");
}

#[test]
fn a_lens_that_names_nothing_is_refused() {
    let mut connection = towers().connect();
    let refused = |connection: &mut Connection, text: &str| {
        let error = connection.run(text, [("x", true)]).expect_err("the lens is refused");
        let hint = error.to_diagnostic().hints.join("; ");
        format!("{error} ({hint})")
    };
    assert_eq!(
        refused(&mut connection, "ACCORDING TO 'olt' RETURN 1"),
        "ArgumentError/InvalidLens: no source has the id `olt` (did you mean `old`?)"
    );
    assert!(refused(&mut connection, "AS OF $x RETURN 1").contains("wants a date, not true"));
    assert!(refused(&mut connection, "ACCORDING TO $x RETURN 1").contains("wants the id of a source, not true"));
    let plain = &mut Database::in_memory().connect();
    assert!(refused(plain, "ACCORDING TO 'old' RETURN 1").contains("declares no sources"));
}

#[test]
fn a_prepared_statement_sees_the_lens_of_its_parameters() {
    let mut connection = towers().connect();
    let text = "AS OF $x MATCH (t:Tower) RETURN count(t.height) AS n";
    let statement = connection.prepare(text).expect("it is well formed");
    for (date, towers) in [("2014", 0), ("2015", 1), ("2020", 2)] {
        let answer = connection.run_prepared(&statement, [("x", date)]).expect("it is well formed");
        assert_eq!(answer.rows, [[ResultValue::Integer(towers)]]);
    }
}

fn run(connection: &mut Connection, text: &str) -> Answer {
    connection.run(text, ()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// What each row is cited for: state, property, source of each claim.
fn cited(connection: &mut Connection, text: &str) -> Vec<String> {
    let claims = run(connection, text).claims.expect("the query asks to be cited");
    let one = |claims: Vec<super::ClaimRecord>| {
        let words = claims.iter().map(|claim| {
            let words = [claim.state.name(), claim.property.as_str(), claim.source.as_str()];
            words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
        });
        words.collect::<Vec<_>>().join("; ")
    };
    claims.iter().map(one).collect()
}

#[test]
fn a_row_is_cited_for_what_it_rests_on() {
    let mut connection = towers().connect();
    let connection = &mut connection;
    let tall = "CITE MATCH (t:Tower) WHERE t.height > 100 RETURN t.height AS height";
    assert_eq!(cited(connection, tall), ["winner height new"]);
    assert_eq!(cited(connection, &format!("AS OF 2015 {tall}")), ["winner height old"]);
    assert_eq!(
        cited(connection, "CITE MATCH (t:Tower) WITH max(t.height) AS top RETURN top"),
        ["winner height new; winner height new"]
    );
    assert_eq!(cited(connection, "CITE RETURN 1 AS one"), ["nothing"]);
    assert_eq!(cited(connection, "CITE MATCH (s:Source {id: 'old'}) RETURN s.title"), ["unsourced"]);
    assert_eq!(cited(connection, "CITE MATCH (n:Nothing) RETURN n"), Vec::<String>::new());
    assert_eq!(cited(connection, "CITE OPTIONAL MATCH (n:Nothing) RETURN n"), ["nothing found"]);
    let answer = run(connection, tall);
    let claim = &answer.claims.and_then(|claims| claims.row(0)).expect("it is cited")[0];
    assert_eq!((claim.title.as_str(), claim.disputed, claim.tie), ("New survey", 1, false));
}

#[test]
fn a_group_counts_all_that_it_rests_on_and_each_once() {
    let mut connection = Database::in_memory().connect();
    run(&mut connection, "UNWIND range(0, 1200) AS i CREATE (:Link {place: i})");
    run(&mut connection, "MATCH (a:Link), (b:Link) WHERE b.place = a.place + 1 CREATE (a)-[:NEXT]->(b)");
    let mut last = |text: &str| {
        let claims = run(&mut connection, text).claims.and_then(|claims| claims.row(0)).expect("it is cited");
        (claims.len(), claims.last().map(|claim| claim.state))
    };
    let chain = "CITE MATCH (a:Link)-[r:NEXT]->(b:Link)";
    // 1201 nodes, most of them in both columns, and 1200 relationships; a thousand are shown.
    let all = (1_001, Some(ClaimState::More(Some(1_401))));
    assert_eq!(last(&format!("{chain} RETURN count(*) AS n")), all);
    assert_eq!(last(&format!("{chain} RETURN a.kind AS kind, count(b.place) AS n")), all);
    assert_eq!(last("CITE MATCH (a:Link) WHERE EXISTS { (a)-[:NEXT]->() } RETURN count(*) AS n"), all);
    let few = format!("{chain} WHERE a.place < 3 RETURN count(*) AS n");
    assert_eq!(last(&few), (7, Some(ClaimState::Unsourced)));
}

#[test]
fn a_group_is_found_again_whatever_its_key() {
    let mut connection = Database::in_memory().connect();
    let connection = &mut connection;
    run(connection, "UNWIND range(0, 1200) AS i CREATE (:Link {place: i})");
    for key in ["[a.kind, 1]", "0.0 / (a.place - a.place)", "[0.0 / (a.place - a.place)]", "a.kind", "a.place / 5000"] {
        let text = format!("CITE MATCH (a:Link), (b:Link) RETURN {key} AS key, count(*) AS n LIMIT 5");
        let claims = run(connection, &text).claims.and_then(|claims| claims.row(0)).expect("it is cited");
        let last = claims.last().map(|claim| claim.state);
        assert!(
            claims.len() == 1_001 && matches!(last, Some(ClaimState::More(_))),
            "{key}: {last:?} of {}",
            claims.len()
        );
    }
}

#[test]
fn the_branches_at_a_key_are_cited_without_their_product() {
    let mut connection = Database::in_memory().connect();
    let connection = &mut connection;
    run(connection, "CREATE CONSTRAINT FOR (c:Town) REQUIRE c.id IS UNIQUE");
    run(connection, "UNWIND range(1, 3) AS i CREATE (:Town {id: i})");
    run(connection, "MATCH (c:Town) UNWIND range(1, 3) AS i CREATE (:Guild {n: i})-[:IN]->(c)");
    run(connection, "MATCH (c:Town) WHERE c.id < 3 UNWIND range(1, c.id) AS i CREATE (:Guard {n: i})-[:OF]->(c)");
    let star = "MATCH (f:Guild)-[:IN]->(c:Town)<-[:OF]-(p:Guard)";
    let asked = [
        (format!("CITE {star} RETURN c.id AS id, count(*) AS n ORDER BY n DESC, id LIMIT 5"), vec![11, 9]),
        (format!("CITE {star} WHERE p.n = 2 RETURN c.id AS id, count(*) AS n ORDER BY id LIMIT 5"), vec![9]),
        // A condition on both branches holds them together.
        (format!("CITE {star} WHERE p.n < f.n RETURN c.id AS id, count(*) AS n ORDER BY id LIMIT 5"), vec![7, 9]),
    ];
    for (text, expected) in asked {
        let claims = run(connection, &text).claims.expect("it is cited");
        assert_eq!(claims.iter().map(|claims| claims.len()).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn an_answer_can_say_later_why_a_row_is_there() {
    let mut connection = towers().connect();
    connection.keep_support(true);
    let answer = run(&mut connection, "MATCH (t:Tower) RETURN t.height AS height ORDER BY height DESC");
    assert!(answer.claims.is_none());
    let support = answer.support.expect("it was to be kept");
    run(&mut connection, "MATCH (t:Tower) DETACH DELETE t");
    let states = |row| -> Vec<ClaimState> { support.why(row).into_iter().flatten().map(|claim| claim.state).collect() };
    assert_eq!(states(0), [ClaimState::Winner, ClaimState::Loser]);
    assert_eq!(states(1), [ClaimState::Winner]);
    assert!(support.why(2).is_none());
}

#[test]
fn a_source_writes_claims() {
    let mut connection = towers().connect();
    let connection = &mut connection;
    let answer = run(connection, "ACCORDING TO 'old' AS OF '2014-03' CREATE (:Tower {height: 70})");
    assert_eq!((answer.counters.nodes_created, answer.counters.claims_added), (1, 2));
    let claims =
        "MATCH (t:Tower {height: 70}) CALL claims.of(t) YIELD property, asOf RETURN property, toString(asOf) AS day";
    let rows = run(connection, claims).rows;
    assert_eq!(rows[0], [ResultValue::Null, ResultValue::string("2014-03")]);
    assert_eq!(cited(connection, "CITE MATCH (t:Tower {height: 70}) RETURN t"), ["exists old; winner height old"]);
    run(connection, "ACCORDING TO 'new' AS OF 2020 MATCH (t:Tower {height: 70}) SET t.height = 72, t:Ruin");
    assert_eq!(cited(connection, "CITE MATCH (t:Ruin) RETURN t.height"), ["exists old; exists new; winner height new"]);
    let error = connection.run("MATCH (t:Ruin) SET t.height = 1", ()).expect_err("the property has claims");
    assert_eq!(error.detail(), "ClaimedProperty");
    assert!(error.to_diagnostic().hints[0].contains("ACCORDING TO"));
    let error = connection.run("MATCH (t:Ruin) REMOVE t:Ruin", ()).expect_err("a claim states the label");
    assert_eq!((error.detail(), error.span()), ("ClaimedLabel", Some(15..28)));
    run(connection, "MATCH (t:Ruin) SET t:Old");
    run(connection, "MATCH (t:Ruin) REMOVE t:Old");
    run(connection, "ACCORDING TO 'new' MATCH (t:Ruin) REMOVE t:Ruin, t.height");
    assert_eq!(
        cited(connection, "CITE MATCH (t:Tower {height: 70}) RETURN t"),
        ["exists old; exists new; winner height old"]
    );
    let deleted = run(connection, "ACCORDING TO 'new' MATCH (t:Tower {height: 70}) DELETE t");
    assert_eq!((deleted.counters.nodes_deleted, deleted.counters.claims_retracted), (0, 1));
    let deleted = run(connection, "ACCORDING TO 'old' MATCH (t:Tower {height: 70}) DELETE t");
    assert_eq!((deleted.counters.nodes_deleted, deleted.counters.claims_retracted), (1, 2));
}

#[test]
fn a_source_attests_what_it_finds() {
    let mut connection = towers().connect();
    let connection = &mut connection;
    let merge = "MERGE (a:City {name: 'A'})-[r:NEAR {far: 3}]->(b:City {name: 'B'})";
    assert_eq!(run(connection, &format!("ACCORDING TO 'old' {merge}")).counters.claims_added, 6);
    let again = run(connection, &format!("ACCORDING TO 'new' {merge}"));
    assert_eq!((again.counters.nodes_created, again.counters.claims_added), (0, 6));
    let near = "CITE MATCH (:City {name: 'A'})-[r:NEAR]->() RETURN r.far";
    assert_eq!(cited(connection, near)[0].matches("far").count(), 2);
    run(connection, "ACCORDING TO 'old' MATCH (c:City) DETACH DELETE c");
    assert_eq!(cited(connection, near)[0].matches("far").count(), 1);
    run(connection, "ACCORDING TO 'new' MATCH (c:City) DETACH DELETE c");
    assert!(cited(connection, near).is_empty());
}

#[test]
fn writing_as_a_source_is_refused_where_it_means_nothing() {
    let mut connection = towers().connect();
    for (text, words) in [
        ("AS OF 2015 CREATE (:A)", "needs a source"),
        ("ACCORDING TO 'old', 'new' CREATE (:A)", "speaks for one source"),
        ("ACCORDING TO ONLY 'old' CREATE (:A)", "ONLY cannot stand"),
        ("ACCORDING TO 'none' CREATE (:A)", "no source has the id"),
        ("CITE CREATE (:A)", "CITE cannot stand"),
        ("RESOLVE BY latest CREATE (:A)", "RESOLVE BY cannot stand"),
    ] {
        let error = connection.run(text, ()).expect_err("it is refused");
        assert!(error.to_string().contains(words), "{text}: {error}");
    }
}

#[test]
fn a_graph_may_demand_sources() {
    let mut graph = Transaction::begin(towers().snapshot());
    let mut schema = graph.view().catalogue().schema().as_ref().clone();
    schema.graph.requires_sources = true;
    graph.declare_schema(schema).expect("it can be declared");
    let snapshot = graph.commit().expect("nothing is left hanging").0;
    let mut connection = Database::from_snapshot(snapshot, Options::default()).connect();
    let error = connection.run("CREATE (:Tower)", ()).expect_err("it names no source");
    assert_eq!((error.kind(), error.detail()), ("SemanticError", "SourceRequired"));
    run(&mut connection, "ACCORDING TO 'old' CREATE (:Tower)");
}

#[test]
fn claims_are_added_ranked_and_taken_back() {
    let mut connection = towers().connect();
    let connection = &mut connection;
    let height = "MATCH (t:Tower) RETURN max(t.height) AS height";
    let top = |connection: &mut Connection| plain(&run(connection, height).rows[0][0]);
    let details = "{locator: 'L7', asPrinted: '320米', asOf: '2020', unit: 'm', comparator: 'about'}";
    let add = format!(
        "MATCH (t:Tower {{height: 310}}) CALL claims.add(t, 'height', 320, 'new', {details}) YIELD claim RETURN claim"
    );
    run(connection, &add);
    assert_eq!(top(connection), "320");
    let ranked = "MATCH (t:Tower {height: 320}) CALL claims.of(t) YIELD claim, value WHERE value = 320 \
                  CALL claims.rank(claim, 'deprecated') YIELD claim AS now RETURN now";
    run(connection, ranked);
    assert_eq!(top(connection), "310");
    run(
        connection,
        "MATCH (t:Tower {height: 310}) CALL claims.of(t) YIELD claim, source WHERE source.id = 'new' CALL claims.retract(claim)",
    );
    assert_eq!(top(connection), "300");
    for wrong in [
        "MATCH (t:Tower) CALL claims.add(t, 'height', null, 'new') YIELD claim RETURN 1",
        "MATCH (t:Tower) CALL claims.add(t, 'height', 1, 'none') YIELD claim RETURN 1",
        "MATCH (t:Tower) CALL claims.add(t, 'height', 1, 'new', {where: 1}) YIELD claim RETURN 1",
        "CALL claims.rank(0, 'best') YIELD claim RETURN 1",
    ] {
        assert!(connection.run(wrong, ()).is_err(), "{wrong}");
    }
}

#[test]
fn coverage_counts_what_has_claims() {
    let mut connection = towers().connect();
    let text = "CALL claims.coverage() YIELD name, property, present, sourced, sources WHERE name = 'Tower' \
                RETURN property, present, sourced, sources ORDER BY property";
    let rows = run(&mut connection, text).rows;
    let number = |number| ResultValue::Integer(number);
    assert_eq!(rows[0], [ResultValue::string("height"), number(2), number(2), number(2)]);
    assert_eq!(rows[1], [ResultValue::Null, number(2), number(2), number(2)]);
}
