//! The engine as an embedder sees it.

use std::time::Duration;

use super::{Connection, Database, Options, Parameters, PlanLine};
use crate::value::ResultValue;

fn connection() -> Connection {
    Database::in_memory().connect()
}

fn count(connection: &mut Connection) -> i64 {
    let answer = connection.run("MATCH (n) RETURN count(*) AS n", ()).expect("counting works");
    answer.deserialize::<i64>().expect("a count is an integer")[0]
}

fn refusal(connection: &mut Connection, text: &str) -> String {
    let error = connection.run(text, ()).expect_err("the statement is refused");
    format!("{}/{}/{}", error.kind(), error.phase(), error.detail())
}

#[test]
fn a_statement_takes_effect_whole_or_not_at_all() {
    let mut connection = connection();
    assert_eq!(
        refusal(&mut connection, "UNWIND [1, 0] AS x CREATE (:A {x: 1 / x})"),
        "ArithmeticError/runtime/DivisionByZero"
    );
    assert_eq!(count(&mut connection), 0);
    connection.run("CREATE (:A)-[:R]->(:B)", ()).expect("it is well formed");
    let refused = refusal(&mut connection, "MATCH (a:A) DELETE a");
    assert_eq!(refused, "ConstraintVerificationFailed/runtime/DeleteConnectedNode");
    assert_eq!(count(&mut connection), 2);
}

#[test]
fn a_transaction_takes_effect_at_its_commit() {
    let database = Database::in_memory();
    let (mut writer, mut reader) = (database.connect(), database.connect());
    writer.run("BEGIN", ()).expect("none is open");
    writer.run("CREATE (:A)", ()).expect("it is well formed");
    assert_eq!(refusal(&mut writer, "CREATE (:A {x: 1 / 0})"), "ArithmeticError/runtime/DivisionByZero");
    assert_eq!((count(&mut writer), count(&mut reader)), (1, 0));
    writer.run("COMMIT", ()).expect("one is open");
    assert_eq!((count(&mut writer), count(&mut reader)), (1, 1));
    let mut transaction = writer.transaction().expect("none is open");
    transaction.run("CREATE (:A)", ()).expect("it is well formed");
    drop(transaction);
    assert_eq!(count(&mut writer), 1);
    assert_eq!(refusal(&mut writer, "COMMIT"), "TransactionError/runtime/NoTransaction");
}

#[test]
fn of_two_writers_the_second_waits_or_conflicts() {
    let options = Options::default().lock_timeout(Duration::from_millis(30));
    let database = Database::in_memory_with(options);
    let (mut one, mut other) = (database.connect(), database.connect());
    one.run("BEGIN", ()).expect("none is open");
    other.run("BEGIN", ()).expect("none is open");
    one.run("CREATE (:A)", ()).expect("nobody else writes");
    assert_eq!(refusal(&mut other, "CREATE (:B)"), "TransactionError/runtime/Busy");
    one.run("COMMIT", ()).expect("one is open");
    assert_eq!(refusal(&mut other, "CREATE (:B)"), "TransactionError/runtime/Conflict");
    other.run("ROLLBACK", ()).expect("one is open");
    other.run("CREATE (:B)", ()).expect("nobody else writes");
    assert_eq!(count(&mut one), 2);
}

#[test]
fn plans_are_kept_by_text_and_forgotten_with_the_names_they_rest_on() {
    let mut connection = connection();
    for _ in 0..3 {
        assert_eq!(count(&mut connection), 0);
    }
    assert_eq!(connection.database().plans().len(), 1);
    let _ = connection.run("RETURN x", ());
    assert_eq!(connection.database().plans().len(), 1);
    let unknown = connection.run("MATCH (n:Ctiy) RETURN n", ()).expect("an unknown label is no error");
    assert_eq!(unknown.warnings.len(), 1);
    connection.run("CREATE (:Ctiy)", ()).expect("it is well formed");
    assert_eq!(connection.run("MATCH (n:Ctiy) RETURN n", ()).map(|answer| answer.warnings.len()).ok(), Some(0));
}

#[test]
fn texts_that_differ_in_what_a_property_is_compared_with_share_a_plan() {
    let mut connection = connection();
    connection
        .run("UNWIND range(1, 9) AS i CREATE (:A {i: i, name: 'n' + toString(i)})", ())
        .expect("it is well formed");
    let plans = |connection: &Connection| connection.database().plans().len();
    let mut ask = |text: &str| {
        let rows = connection.run(text, ()).expect("it is well formed").rows;
        (rows.iter().map(|row| format!("{:?}", row[0])).collect::<Vec<_>>().join(" "), plans(&connection))
    };
    let start = ask("RETURN 1").1;
    // The text itself, and its shape.
    assert_eq!(ask("MATCH (a:A) WHERE a.i = 3 RETURN a.i"), ("Integer(3)".to_owned(), start + 2));
    assert_eq!(ask("MATCH (a:A) WHERE a.i = 4 RETURN a.i"), ("Integer(4)".to_owned(), start + 3));
    assert_eq!(ask("MATCH (a:A) WHERE a.i = 4 RETURN a.i"), ("Integer(4)".to_owned(), start + 3));
    // A literal of another kind has a plan of its own, and so has what is not compared with a property.
    assert_eq!(ask("MATCH (a:A) WHERE a.i = 4.0 RETURN a.i"), ("Integer(4)".to_owned(), start + 5));
    // What is said of the data may be wrong the next time, so nothing is kept with it.
    assert_eq!(ask("MATCH (a:A) WHERE a.i = 'x' RETURN a.i"), (String::new(), start + 5));
    assert_eq!(ask("MATCH (a:A) WHERE a.i = 5 RETURN a.i + 1"), ("Integer(6)".to_owned(), start + 7));
    assert_eq!(ask("MATCH (a:A) WHERE a.i = 5 RETURN a.i + 2"), ("Integer(7)".to_owned(), start + 9));
    assert_eq!(ask("MATCH (a:A {i: 2}) WHERE a.name <> 'n3' RETURN a.i LIMIT 1").0, "Integer(2)");
    assert_eq!(ask("MATCH (a:A {i: 3}) WHERE a.name <> 'n3' RETURN a.i LIMIT 1").0, "");
}

#[test]
fn a_text_that_is_refused_is_told_by_its_own_literals() {
    let mut connection = connection();
    let error = connection.run("MATCH (a {b: 1}) WHERE a.c = 2 RETURN z", ()).expect_err("there is no z");
    assert!(!error.to_string().contains('\u{1}'), "{error}");
    assert_eq!(connection.database().plans().len(), 0);
}

#[test]
fn a_plan_is_made_anew_when_its_counts_have_moved_tenfold() {
    let mut connection = connection();
    let add = |connection: &mut Connection, count: i64| {
        let text = "UNWIND range(1, $count) AS i CREATE (:A {i: i})-[:R]->(:B)";
        connection.run(text, [("count", count)]).expect("it is well formed");
    };
    add(&mut connection, 50);
    let text = "MATCH (a:A) RETURN count(a.i)";
    let plan = |connection: &Connection| {
        let ready = connection.plan(text, None, connection.view(), &Parameters::new()).expect("it is well formed");
        ready.plan
    };
    let is_same = std::sync::Arc::ptr_eq;
    let first = plan(&connection);
    add(&mut connection, 400);
    assert!(is_same(&plan(&connection), &first), "nine times as many");
    add(&mut connection, 60);
    assert!(!is_same(&plan(&connection), &first), "ten times as many");
}

#[test]
fn parameters_and_rows_are_of_the_programs_own_types() {
    #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
    struct Person {
        name: String,
        age: Option<i64>,
        tags: Vec<String>,
    }
    let person = Person { name: "Ann".into(), age: None, tags: vec!["a".into(), "b".into()] };
    let parameters = Parameters::new().with("p", &person).expect("a struct is a map");
    let mut connection = connection();
    let text = "RETURN $p.name AS name, $p.age AS age, $p.tags AS tags";
    let answer = connection.run(text, &parameters).expect("it is well formed");
    assert_eq!(answer.deserialize::<Person>().expect("the columns are the fields"), [person]);
    let pair: Vec<(String, Option<i64>, Vec<String>)> = answer.deserialize().expect("a row is a tuple");
    assert_eq!(pair[0].0, "Ann");
    assert!(answer.deserialize::<i64>().is_err());
    assert_eq!(refusal(&mut connection, "RETURN $p"), "ParameterMissing/compile/MissingParameter");
    assert!(Parameters::new().with("p", u64::MAX).is_err());
}

#[test]
fn rows_are_handed_on_as_they_come() {
    let mut seen = Vec::new();
    let text = "UNWIND range(1, 1000000) AS x RETURN x";
    let streamed = connection().stream(text, (), |columns, row| {
        seen.push((columns.len(), row));
        seen.len() < 3
    });
    assert_eq!(streamed.expect("it is well formed").columns, ["x"]);
    assert_eq!(seen[2], (1, vec![ResultValue::Integer(3)]));
}

#[test]
fn a_statement_is_stopped_from_outside_and_by_its_limits() {
    let endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b UNWIND range(1, 100) AS c RETURN count(*)";
    let mut stopped = connection();
    let handle = stopped.cancel_handle();
    let thread = std::thread::spawn(move || refusal(&mut stopped, endless));
    while !thread.is_finished() {
        handle.cancel();
        std::thread::yield_now();
    }
    assert_eq!(thread.join().expect("it does not panic"), "StatementStopped/runtime/Cancelled");
    let mut hurried = Database::in_memory_with(Options::default().timeout(Duration::from_millis(20))).connect();
    assert_eq!(refusal(&mut hurried, endless), "StatementStopped/runtime/TimedOut");
    let mut limited = Database::in_memory_with(Options::default().memory_limit_bytes(1 << 20)).connect();
    let text = "UNWIND range(1, 1000000) AS x RETURN x";
    assert_eq!(refusal(&mut limited, text), "StatementStopped/runtime/OutOfMemory");
}

#[test]
fn a_short_stack_bears_what_the_nesting_limit_allows() {
    let depth = 250;
    let text = format!("RETURN {}1{} AS x", "(".repeat(depth), ")".repeat(depth));
    let lists = format!("RETURN {}1{} AS x", "[".repeat(depth), "]".repeat(depth));
    let run = move || (connection().run(&text, ()).is_ok(), connection().run(&lists, ()).is_ok());
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(run);
    assert_eq!(thread.expect("threads start").join().expect("no overflow"), (true, true));
}

#[test]
fn indexes_are_made_shown_and_dropped() {
    let mut connection = connection();
    let made = connection.run("CREATE INDEX FOR (n:A) ON (n.x)", ()).expect("it is well formed");
    assert_eq!(made.counters.indexes_added, 1);
    connection.run("CREATE CONSTRAINT one FOR (n:B) REQUIRE n.y IS UNIQUE", ()).expect("it is well formed");
    let shown = connection.run("SHOW INDEXES YIELD name, label WHERE label = 'A'", ()).expect("it is well formed");
    assert_eq!(shown.columns, ["name", "label"]);
    assert_eq!(shown.rows, [vec![ResultValue::string("index_A_x"), ResultValue::string("A")]]);
    let unique = "UNWIND [1, 1] AS y CREATE (:B {y: y})";
    assert_eq!(refusal(&mut connection, unique), "ConstraintValidationFailed/runtime/NotUnique");
    assert_eq!(refusal(&mut connection, "DROP INDEX one"), "SchemaError/runtime/IndexNotFound");
    connection.run("DROP CONSTRAINT one", ()).expect("it is there");
    connection.run(unique, ()).expect("no constraint is left");
    assert!(connection.run("SHOW FUNCTIONS", ()).is_ok_and(|answer| answer.rows.len() > 50));
}

#[test]
fn plans_are_shown() {
    let mut connection = connection();
    let text = "MATCH (n) RETURN count(*) AS n";
    let explained = connection.run(&format!("EXPLAIN {text}"), ()).expect("it is well formed");
    assert_eq!(explained.columns, ["plan", "estimated rows", "why"]);
    let profiled = connection.run(&format!("PROFILE {text}"), ()).expect("it is well formed");
    assert_eq!(profiled.columns.len(), 4);
    assert_eq!(profiled.rows.len(), profiled.plan.expect("a plan is asked for").len());
}

#[test]
fn a_plan_says_why_it_was_chosen() {
    let mut connection = connection();
    connection.run("CREATE INDEX FOR (n:A) ON (n.i)", ()).expect("it is well formed");
    connection.run("UNWIND range(1, 100) AS i CREATE (:A {i: i})-[:R]->(:B)", ()).expect("it is well formed");
    let mut why = |text: &str| {
        let lines = connection.run(text, ()).expect("it is well formed").plan.expect("a plan is asked for");
        let shown = lines.iter().filter(|line| !line.why.is_empty());
        shown.map(|line| format!("{}: {}", line.operator.trim(), line.why)).collect::<Vec<_>>()
    };
    let found = why("EXPLAIN MATCH (a:A {i: 3})-[:R]->(b:B) RETURN b");
    let expected = [
        "Expand: about 1.0 of 100 relationships a row",
        "IndexSeek: index on A(i) finds about 1 of 100 nodes; cost 3, from (b) 126",
    ];
    assert_eq!(found, expected);
    assert_eq!(
        why("EXPLAIN MATCH (a:A), (b:B) RETURN a, b"),
        [
            "CartesianProduct: nothing joins the parts: 100 × 100 rows",
            "NodeScan: 100 nodes; no index finds fewer; cost 25",
            "NodeScan: 100 nodes; no index finds fewer; cost 25",
        ]
    );
}

#[test]
fn a_statement_may_commit_part_by_part() {
    let mut connection = connection();
    let made = connection.run("UNWIND range(1, 5) AS x CALL (x) { CREATE (:A {x: x}) } IN TRANSACTIONS OF 2 ROWS", ());
    assert_eq!(made.expect("it is well formed").counters.nodes_created, 5);
    let text = "UNWIND [1, 1, 1, 1, 0] AS x CALL (x) { CREATE (:A {x: 1 / x}) } IN TRANSACTIONS OF 2 ROWS";
    let error = connection.run(text, ()).expect_err("the last part fails");
    assert_eq!(error.detail(), "DivisionByZero");
    assert_eq!(error.span(), Some(54..59));
    assert_eq!(
        error.to_diagnostic().hints.last().map(String::as_str),
        Some("2 transactions were committed before, and stay")
    );
    assert_eq!(count(&mut connection), 9);
    connection.run("BEGIN", ()).expect("none is open");
    assert_eq!(refusal(&mut connection, text), "TransactionError/runtime/TransactionOpen");
}

#[test]
fn shapes_have_plans_of_their_own() {
    let mut connection = connection();
    connection.run("CREATE INDEX FOR (n:A) ON (n.i)", ()).expect("it is well formed");
    let made = "UNWIND range(1, 100) AS i CREATE (:A {i: i, s: toString(i % 9)})-[:R {w: i}]->(:B {j: i})";
    connection.run(made, ()).expect("it is well formed");
    let more = "MATCH (a:A), (b:B) WHERE a.i <> b.j AND (a.i + b.j) % 5 = 0 CREATE (a)-[:R {w: 1}]->(b)";
    connection.run(more, ()).expect("it is well formed");
    let mut operators = |text: &str| {
        let lines = connection.run(&format!("EXPLAIN {text}"), ()).expect("it is well formed").plan;
        let lines = lines.expect("a plan is asked for");
        lines.iter().map(|line| format!("{} {}", line.operator.trim(), line.details)).collect::<Vec<_>>()
    };
    let count = |lines: &[String], part: &str| lines.iter().filter(|line| line.contains(part)).count();
    let met = operators("MATCH (a:A {i: 3})-[:R]->(b:B)<-[:R]-(c:A {i: 7}) RETURN count(*)");
    assert_eq!((count(&met, "IndexSeek"), count(&met, "ExpandIntersect")), (2, 1), "{met:#?}");
    let walked = operators("MATCH (a:A {i: 3})-[:R]->(b:B) WHERE b.j = 4 RETURN b");
    assert_eq!(count(&walked, "IndexSeek (a:A) i = 3"), 1, "what is walked is charged: {walked:#?}");
    let repeated = operators("MATCH (a:A)-[:R]->(b), (a:A:A)-[:R]->(c) WHERE c:B&B RETURN b.j");
    assert_eq!(count(&repeated, "NodeScan (a:A)"), 1, "a label asked for again is asked for once: {repeated:#?}");
    let joined = operators("MATCH (a:A), (b:A) WHERE a.s = b.s AND a.i < b.i RETURN count(*)");
    assert_eq!((count(&joined, "HashJoin"), count(&joined, "IndexSeek")), (1, 0), "{joined:#?}");
    let marked = operators("MATCH (a:A) WHERE EXISTS { (a)-[:R]->(b:B) WHERE b.j > 97 } RETURN count(*)");
    assert_eq!(count(&marked, "SemiJoin subquery 0 by the ends of (a)-[:R]->(b)"), 1, "{marked:#?}");
    let asked = operators("MATCH p = (a:A {i: 3})-[r:R*1..2]-(b) WHERE all(x IN r WHERE x.w > 1) RETURN DISTINCT b");
    assert_eq!((count(&asked, "Filter all"), count(&asked, "distinct ends")), (0, 1), "{asked:#?}");
}

#[test]
fn what_steps_make_together_is_expected() {
    let mut connection = connection();
    // The town with most rules has most firms too: 60 of 100 towns have one of each, one has 340.
    let made = "UNWIND range(0, 99) AS t CREATE (:Town {t: t}) WITH count(*) AS towns UNWIND range(1, 400) AS i \
                MATCH (t:Town {t: CASE WHEN i <= 60 THEN i ELSE 0 END}) \
                CREATE (:Firm {i: i})-[:IN]->(t)<-[:OF {w: i % 100}]-(:Rule {i: i})";
    connection.run(made, ()).expect("it is well formed");
    let made = "MATCH (c:Firm) UNWIND [0, 1] AS i CREATE (c)<-[:BACKS]-(:Backer {i: i})";
    connection.run(made, ()).expect("it is well formed");
    let mut plan = |text: &str| {
        let explained = connection.run(&format!("EXPLAIN {text}"), ()).expect("it is well formed");
        explained.plan.expect("a plan is asked for")
    };
    let both = plan("MATCH (c:Firm)-[:IN]->(t:Town)<-[:OF]-(p:Rule) RETURN c.i, p.i");
    assert_eq!(both[0].estimated_rows.round(), 340.0 * 340.0 + 60.0, "{both:#?}");
    // Of one end the relationships pass a predicate, so that fewer rows go on from there.
    let place =
        |lines: &[PlanLine], part: &str| lines.iter().position(|line| line.details == part).expect("it is there");
    let asked = plan("MATCH (c:Firm)-[:IN]->(t:Town)<-[o:OF]-(p:Rule) WHERE o.w > 50 RETURN c.i, p.i");
    assert!(place(&asked, "(t)<-[o:OF]-(p)") > place(&asked, "(t)<-[:IN]-(c)"), "{asked:#?}");
    // Where only the number of rules counts, each town goes on once, and does not make their pairs.
    let text = "MATCH (p:Rule)-[:OF]->(t:Town)<-[:IN]-(c:Firm)<-[:BACKS]-(f:Backer) \
                RETURN t.t, count(*), count(DISTINCT f.i)";
    let counted = plan(text);
    let why = &counted[place(&counted, "(t:Town)")].why;
    assert_eq!(why, "100 nodes; no index finds fewer; cost 2825, from (p) 3256, (c) 2900, (f) 4200");
}
