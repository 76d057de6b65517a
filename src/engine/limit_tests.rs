//! Statements that are large, or would run for ever: they answer, or are refused with a word.

use std::time::Duration;

use super::{Database, Options};

/// Three nodes in a ring.
fn ring() -> super::Connection {
    let mut connection = Database::in_memory().connect();
    let text = "UNWIND range(0, 2) AS x CREATE (:N {x: x}) WITH count(*) AS n \
                MATCH (a:N), (b:N) WHERE b.x = (a.x + 1) % 3 CREATE (a)-[:R]->(b)";
    connection.run(text, ()).expect("it is well formed");
    connection
}

fn number(connection: &mut super::Connection, text: &str) -> i64 {
    connection.run(text, ()).expect("it is run").deserialize::<i64>().expect("one integer")[0]
}

/// A walk along so many nodes.
fn chain(count: usize) -> String {
    (0..count).map(|node| format!("(a{node})")).collect::<Vec<_>>().join("-[:R*1..1]->")
}

#[test]
fn patterns_may_have_more_nodes_than_a_word_has_bits() {
    let mut connection = ring();
    // A line of fresh nodes beside the ring: of a chain as long as it there is one match, of one a node shorter two.
    connection.run("UNWIND range(0, 199) AS x CREATE (:L {x: x})", ()).expect("it is well formed");
    let text = "MATCH (a:L), (b:L) WHERE b.x = a.x + 1 CREATE (a)-[:S]->(b)";
    connection.run(text, ()).expect("it is well formed");
    for count in [2, 10, 11, 12, 63, 64, 65, 128, 129, 200] {
        let chain = (0..count).map(|node| format!("(a{node})")).collect::<Vec<_>>().join("-[:S]->");
        let found = number(&mut connection, &format!("MATCH {chain} RETURN count(*)"));
        assert_eq!(found, 200 - count + 1, "chain of {count} nodes");
        let text = format!("MATCH {chain} WHERE a{}.x = {} RETURN a0.x", count - 1, count - 1);
        assert_eq!(number(&mut connection, &text), 0, "chain of {count} nodes from its end");
    }
    // A star whose arms are told apart by their leaves: it is found once.
    for leaves in [3, 7, 9, 10, 62, 63, 64, 199] {
        let text = format!("UNWIND range(1, {leaves}) AS x CREATE (:Leaf{leaves} {{x: x}})");
        connection.run(&text, ()).expect("it is well formed");
        let text = format!("CREATE (c:Hub{leaves}) WITH c MATCH (l:Leaf{leaves}) CREATE (c)-[:T{{x: l.x}}]->(l)");
        connection.run(&text, ()).expect("it is well formed");
        let arms: Vec<String> = (1..=leaves).map(|x| format!("(c)-[:T]->(l{x}:Leaf{leaves} {{x: {x}}})")).collect();
        let text = format!("MATCH (c:Hub{leaves}), {} RETURN count(*)", arms.join(", "));
        assert_eq!(number(&mut connection, &text), 1, "star of {leaves} leaves");
    }
    assert_eq!(number(&mut connection, &format!("MATCH {} RETURN count(*)", chain(4))), 3);
}

/// A connection whose statements may take a second and 64 MB.
fn bounded() -> super::Connection {
    let options = Options::default().timeout(Duration::from_secs(1)).memory_limit_bytes(64 << 20);
    Database::in_memory_with(options).connect()
}

fn refusal(connection: &mut super::Connection, text: &str) -> String {
    match connection.run(text, ()) {
        Ok(_) => panic!("`{text}` should have been stopped"),
        Err(error) => error.detail().to_string(),
    }
}

#[test]
fn shortest_paths_without_number_are_stopped() {
    let mut connection = bounded();
    let text = "UNWIND range(0, 29) AS x CREATE (:P {x: x})";
    connection.run(text, ()).expect("it is well formed");
    let text = "MATCH (a:P), (b:P) WHERE b.x = a.x + 1 UNWIND [1, 2] AS way CREATE (a)-[:R]->(b)";
    connection.run(text, ()).expect("it is well formed");
    // Two to the 29th paths: once they were all gathered before anybody asked for the time.
    let text = "MATCH p = ALL SHORTEST (a:P {x: 0})-[:R]->+(b:P {x: 29}) RETURN count(p)";
    let refused = refusal(&mut connection, text);
    assert!(["TimedOut", "OutOfMemory"].contains(&refused.as_str()), "{refused}");
    let text = "MATCH p = ALL SHORTEST (a:P {x: 0})-[:R]->+(b:P {x: 29}) RETURN length(p) LIMIT 3";
    assert_eq!(number(&mut connection, text), 29, "paths are handed on as they are found");
    let text = "MATCH p = ALL SHORTEST (a:P {x: 0})-[:R]->+(b:P {x: 5}) RETURN count(p)";
    assert_eq!(number(&mut connection, text), 32);
}

#[test]
fn lists_made_in_an_expression_are_charged() {
    let mut connection = bounded();
    let text = "RETURN size([x IN range(1, 2000) | range(1 + x, 100000 + x)])";
    let refused = refusal(&mut connection, text);
    assert!(["TimedOut", "OutOfMemory"].contains(&refused.as_str()), "{refused}");
    let text = "RETURN size(reduce(made = [], x IN range(1, 100000) | made + [x]))";
    let refused = refusal(&mut connection, text);
    assert!(["TimedOut", "OutOfMemory"].contains(&refused.as_str()), "{refused}");
    // What was made and let go of counts no more: ten times what may be held.
    let options = Options::default().memory_limit_bytes(64 << 20);
    let mut connection = Database::in_memory_with(options).connect();
    let text = "RETURN reduce(n = 0, x IN range(1, 30) | n + size(range(x, 999999 + x)))";
    assert_eq!(number(&mut connection, text), 30_000_000);
}

#[test]
fn what_an_inner_plan_held_is_free_when_it_ends() {
    let options = Options::default().memory_limit_bytes(2 << 20);
    let mut connection = Database::in_memory_with(options).connect();
    connection.run("UNWIND range(1, 20) AS x CREATE (:N {x: x})-[:R]->(:M {x: x % 7})", ()).expect("it is well formed");
    // Each of these takes more than a hundredth of the limit, and there are thousands of them.
    let inner = [
        "UNWIND range(1, 1000) AS j RETURN count(DISTINCT j) AS n",
        "UNWIND range(1, 1000) AS j WITH DISTINCT j RETURN count(*) AS n",
        "UNWIND range(1, 1000) AS j WITH j ORDER BY j % 7 RETURN count(j) AS n",
        "UNWIND range(1, 1000) AS j WITH j % 40 AS k, collect(j) AS js RETURN sum(size(js)) AS n",
        "MATCH (n:N)-[:R]->(m), (o:N) WITH n, m, o, i % 2 AS k, count(*) AS c RETURN sum(c) AS n",
    ];
    for (inner, expected) in inner.into_iter().zip([1000, 1000, 1000, 1000, 400]) {
        let text = format!("UNWIND range(1, 2000) AS i CALL (i) {{ {inner} }} RETURN sum(n)");
        assert_eq!(number(&mut connection, &text), expected * 2000, "{inner}");
        let text = format!("UNWIND range(1, 2000) AS i WITH COLLECT {{ {inner} }} AS ns RETURN sum(ns[0])");
        assert_eq!(number(&mut connection, &text), expected * 2000, "{inner}");
    }
    let text = "UNWIND range(1, 1000) AS i FOREACH (x IN range(1, 300) | MERGE (:Met {x: x % 5})) RETURN count(*)";
    assert_eq!(number(&mut connection, text), 1000, "each item is a run of its own");
    // What is taken out of it is held.
    let text = "UNWIND range(1, 2000) AS i CALL (i) { UNWIND range(1, 1000) AS j RETURN collect(j) AS js } \
                RETURN size(collect(js))";
    assert_eq!(refusal(&mut connection, text), "OutOfMemory");
}

#[test]
fn reading_and_planning_a_text_counts() {
    // The time once began when the plan was made, so that a text that is long to plan had no limit.
    let mut connection = Database::in_memory_with(Options::default().timeout(Duration::ZERO)).connect();
    assert_eq!(refusal(&mut connection, "RETURN 1"), "TimedOut");
    let mut connection = Database::in_memory_with(Options::default().timeout(Duration::MAX)).connect();
    assert_eq!(number(&mut connection, "RETURN 1"), 1);
}

#[test]
fn conditions_by_the_thousand_are_joined_at_once() {
    let mut connection = ring();
    let conditions = (0..2000).map(|x| format!("n.x <> {}", x + 1)).collect::<Vec<_>>().join(" AND ");
    assert_eq!(number(&mut connection, &format!("MATCH (n:N) WHERE {conditions} RETURN n.x")), 0);
}

#[test]
fn only_regular_files_are_loaded() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let options = Options::default().csv_folder(folder.path());
    let mut connection = Database::in_memory_with(options).connect();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if made.is_ok_and(|status| status.success()) {
        let error = connection.run("LOAD CSV FROM 'pipe' AS row RETURN row", ()).expect_err("nobody writes into it");
        assert!(error.to_string().contains("no regular file"), "{error}");
    }
    let error = connection.run("LOAD CSV FROM '.' AS row RETURN row", ()).expect_err("it is a folder");
    assert!(error.to_string().contains("no regular file"), "{error}");
}

#[cfg(feature = "rdf")]
#[test]
fn a_sparql_query_that_keeps_rows_is_stopped() {
    let mut connection = bounded();
    connection.run("UNWIND range(1, 3000) AS x CREATE (:N {x: x})", ()).expect("it is well formed");
    // Nine million rows and more, all of them kept to be sorted: only the triples were counted.
    let error =
        connection.sparql("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f LIMIT 1").expect_err("too many rows");
    assert!(["TimedOut", "OutOfMemory"].contains(&error.detail()), "{error}");
    assert!(connection.sparql("SELECT * { ?a ?b ?c } ORDER BY ?c LIMIT 1").is_ok());
}

#[cfg(feature = "rdf")]
#[test]
fn a_sparql_query_at_the_limits_is_answered() {
    let mut connection = Database::in_memory().connect();
    for text in [
        format!("ASK {{ FILTER({}1 = 1{}) }}", "(".repeat(98), ")".repeat(98)),
        format!("ASK {{ FILTER({}true) }}", "!".repeat(98)),
        format!("ASK {{ FILTER(1{} > 2) }}", "+1".repeat(500)),
        format!("ASK {{ {{}}{} }}", " UNION {}".repeat(500)),
        format!("ASK {{ ?s <http://x.example/p>{} ?o }}", "/<http://x.example/p>".repeat(500)),
    ] {
        assert!(connection.sparql(&text).is_ok(), "{}", &text[..40]);
    }
}
