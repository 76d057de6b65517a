//! The same rows in the same order with any number of threads; what stops a statement stops all of them.

use std::time::{Duration, Instant};

use yuanpu::{Database, Options, ResultValue};

/// So many nodes that scans are worth cutting.
const NODES: i64 = 60_000;

fn database(options: Options) -> Database {
    fill(Database::in_memory_with(options))
}

fn fill(database: Database) -> Database {
    let mut connection = database.connect();
    let texts = [
        "UNWIND range(0, $last) AS i CREATE (:Thing {id: i, group: i % 7, name: 'thing ' + toString(i % 1000), share: 1.0 / (i + 1), \
         half: CASE WHEN i % 2 = 0 THEN i ELSE null END})",
        "CREATE INDEX FOR (t:Thing) ON (t.id)",
        "MATCH (t:Thing) MATCH (other:Thing {id: (t.id * 7 + 3) % 60000}) CREATE (t)-[:LEADS_TO {weight: t.id % 11}]->(other)",
        "UNWIND range(0, 4) AS i CREATE (:Kind {id: i, cost: i * 10})",
        "CREATE INDEX FOR (k:Kind) ON (k.id)",
        "MATCH (t:Thing) WHERE t.id % 2 = 0 MATCH (k:Kind {id: t.id % 5}) CREATE (t)-[:IS_OF]->(k)",
        "MATCH (t:Thing) WHERE t.id % 3 = 0 MATCH (other:Thing {id: (t.id * 31 + 5) % 60000}) CREATE (t)-[:LEADS_TO {weight: 1.5}]->(other)",
    ];
    for text in texts {
        connection.run(text, [("last", NODES - 1)]).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    database
}

/// One query for each way in which parts come together.
const QUERIES: &[&str] = &[
    "MATCH (t:Thing) WHERE t.id % 5 = 1 RETURN t.id, t.name",
    "MATCH (t:Thing) RETURN t.group, count(*), sum(t.id), avg(t.share), min(t.name), max(t.share), stDev(t.share)",
    "MATCH (t:Thing) RETURN t.name, count(t.half), collect(t.id) LIMIT 20",
    "MATCH (t:Thing) RETURN count(DISTINCT t.name), count(DISTINCT t.group), count(DISTINCT t), count(DISTINCT t.share)",
    "MATCH (t:Thing) RETURN collect(DISTINCT t.name) AS names",
    "MATCH (t:Thing) RETURN DISTINCT t.name",
    // What is compared need not be read above.
    "MATCH (t:Thing) WITH DISTINCT t.name AS name RETURN count(*)",
    "MATCH (t:Thing {id: 3}) RETURN COUNT { MATCH (o:Thing)-[:LEADS_TO]->() RETURN DISTINCT o.group }",
    "MATCH (t:Thing)-[:LEADS_TO]->(o:Thing) RETURN DISTINCT o",
    "MATCH (t:Thing) RETURN t.id, t.group ORDER BY t.group DESC, t.name LIMIT 30",
    "MATCH (t:Thing) RETURN t.id, t.share ORDER BY t.name, t.share",
    "MATCH (t:Thing)-[l:LEADS_TO]->(o:Thing) RETURN l.weight, count(*), sum(o.share), sum(l.weight)",
    "MATCH (t:Thing)-[:LEADS_TO]->(:Thing)-[:LEADS_TO]->(o:Thing) RETURN o.group, count(*), avg(o.share)",
    "MATCH (t:Thing) OPTIONAL MATCH (t)-[l:LEADS_TO {weight: 1.5}]->(o:Thing) RETURN count(*), count(o), sum(o.share)",
    "MATCH (t:Thing) OPTIONAL MATCH (t)-[:IS_OF]->(k:Kind) RETURN count(*), count(k.id), sum(k.cost)",
    "MATCH (t:Thing)-[:LEADS_TO]->(:Thing)-[:IS_OF]->(k:Kind) RETURN k.id, count(*)",
    "MATCH (t:Thing) RETURN t.group, count(*), sum(t.id), avg(t.id), min(t.id), max(t.id)",
    "MATCH ()-[l:LEADS_TO]->() RETURN l.weight, count(*)",
    "MATCH (t:Thing) WHERE EXISTS { (t)-[:LEADS_TO {weight: 3}]->() } RETURN count(*), sum(t.share)",
    "MATCH (t:Thing) WHERE t.group = 3 RETURN percentileCont(t.share, 0.5), percentileDisc(t.id, 0.25)",
    "MATCH (t:Thing) WITH t.group AS g, t.id AS i WHERE i > 100 RETURN g, count(*) ORDER BY g SKIP 1 LIMIT 3",
    "MATCH (t:Thing {id: 17})-[:LEADS_TO*1..6]->(o) RETURN o.id ORDER BY o.id",
    "MATCH (t:Thing), (o:Thing {id: 5}) RETURN t.group, count(o)",
    "CALL algo.pagerank({types: ['LEADS_TO'], iterations: 5}) YIELD node, score RETURN node.id, score ORDER BY score DESC, node.id LIMIT 10",
    "CALL algo.degree({types: ['LEADS_TO']}) YIELD node, degree RETURN degree, count(*) ORDER BY degree",
    "CALL algo.wcc({types: ['LEADS_TO']}) YIELD component RETURN component, count(*) AS n ORDER BY n DESC, component LIMIT 5",
];

fn rows(database: &Database, text: &str) -> Vec<Vec<ResultValue>> {
    database.connect().run(text, ()).unwrap_or_else(|error| panic!("{text}: {error}")).rows
}

#[test]
fn rows_are_the_same_with_any_number_of_threads() {
    let one = database(Options::default().threads(1));
    for threads in [2, 5] {
        let several = database(Options::default().threads(threads));
        for text in QUERIES {
            let (expected, given) = (rows(&one, text), rows(&several, text));
            assert_eq!(expected.len(), given.len(), "{text}");
            for (place, (expected, given)) in expected.iter().zip(&given).enumerate() {
                assert_eq!(
                    format!("{expected:?}"),
                    format!("{given:?}"),
                    "row {place} of {text} with {threads} threads"
                );
            }
        }
    }
}

/// Says what the groups by rest of the things that pass hold, worked out by hand.
fn groups(passes: impl Fn(i64) -> bool, changed: impl Fn(i64) -> i64) -> Vec<Vec<ResultValue>> {
    let mut found: Vec<(i64, Vec<i64>)> = Vec::new();
    for id in (0..NODES).filter(|id| passes(*id)) {
        let group = changed(id);
        match found.iter_mut().find(|(known, _)| *known == group) {
            Some((_, ids)) => ids.push(id),
            None => found.push((group, vec![id])),
        }
    }
    let row = |(group, ids): (i64, Vec<i64>)| {
        let (count, sum) = (ids.len() as i64, ids.iter().sum::<i64>());
        let numbers = [group, count, sum, ids[0], ids[ids.len() - 1]].map(ResultValue::Integer);
        numbers.into_iter().chain([ResultValue::Float(sum as f64 / count as f64)]).collect()
    };
    found.into_iter().map(row).collect()
}

#[test]
fn groups_found_by_code_hold_what_their_rows_do_in_order_of_the_first() {
    let database = database(Options::default().threads(2));
    let returned = "RETURN t.group, count(*), sum(t.id), min(t.id), max(t.id), avg(t.id)";
    let ask = |asked: &str| rows(&database, &format!("MATCH (t:Thing) {asked} {returned}"));
    let shown = |rows: Vec<Vec<ResultValue>>| format!("{rows:?}");
    assert_eq!(shown(ask("")), shown(groups(|_| true, |id| id % 7)));
    assert_eq!(shown(ask("WHERE t.id > 9998")), shown(groups(|id| id > 9998, |id| id % 7)));
    // A chunk that was written to since, and keys that lie further apart than a byte tells.
    let change = "MATCH (t:Thing) WHERE t.id IN [5000, 5001, 44000] SET t.group = t.id - 4900";
    database.connect().run(change, ()).expect("it is well formed");
    let changed = |id: i64| if [5000, 5001, 44000].contains(&id) { id - 4900 } else { id % 7 };
    assert_eq!(shown(ask("")), shown(groups(|_| true, changed)));
    assert_eq!(shown(ask("WHERE t.id > 4999")), shown(groups(|id| id > 4999, changed)));
}

#[test]
fn the_first_error_in_order_is_the_one_that_is_told() {
    let database = database(Options::default().threads(4));
    let text = "MATCH (t:Thing) RETURN sum(CASE WHEN t.id = 50000 THEN t.id / 0 WHEN t.id = 20000 THEN t.id + 'a' % 2 ELSE 1 END)";
    let told: Vec<String> =
        (0..5).map(|_| database.connect().run(text, ()).expect_err("it fails on two rows").to_string()).collect();
    assert!(told.iter().all(|words| *words == told[0]), "{told:?}");
}

#[test]
fn a_limit_of_time_and_of_memory_holds_for_all_threads() {
    let endless = "MATCH (a:Thing)-[:LEADS_TO*0..30]-(b:Thing) RETURN count(b)";
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("graph");
    fill(Database::open(&path, Options::default().sync(false)).expect("it is made")).close().expect("it is written");
    let options = Options::default().threads(3).timeout(Duration::from_millis(200));
    let database = Database::open(&path, options).expect("it is there");
    let started = Instant::now();
    let error = database.connect().run(endless, ()).expect_err("it takes too long");
    assert_eq!(error.detail(), "TimedOut");
    assert!(started.elapsed() < Duration::from_secs(20), "every thread has heard of it");
    drop(database);
    let options = Options::default().threads(3).memory_limit_bytes(100_000);
    let database = Database::open(&path, options).expect("it is there");
    let error = database.connect().run("MATCH (t:Thing) RETURN t.name, t.id ORDER BY t.name", ());
    assert_eq!(error.expect_err("it wants more memory").detail(), "OutOfMemory");
    assert_eq!(rows(&database, "MATCH (t:Thing) RETURN count(*)").len(), 1);
}

#[test]
fn a_limit_above_stops_the_parts() {
    let database = database(Options::default().threads(2));
    let mut seen = 0;
    let streamed = database.connect().stream("MATCH (t:Thing) RETURN t.id", (), |_, _| {
        seen += 1;
        seen < 10
    });
    assert!(streamed.is_ok());
    assert_eq!(seen, 10);
}
