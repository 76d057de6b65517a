//! Nesting through the whole house: every rule of the grammar that can stand within itself is run at the deepest that is allowed, and is
//! an error one level further and at any depth beyond, on a thread with a stack of 1 MiB. Clauses in a row and values are run at their
//! limits too, and less deep texts, which run on the thread's own stack, on stacks that just suffice for that.
//!
//! What the parser alone does with such texts is tested in `src/syntax/tests/limits.rs`.

use yuanpu::Database;

/// What stands before, what opens a level, what stands inside, what closes a level, what stands behind.
type Form = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Brackets, calls, CASE, operators before and behind an operand, comprehensions and their kin.
const EXPRESSIONS: &[Form] = &[
    ("RETURN ", "(", "1", ")", " AS x"),
    ("RETURN ", "[", "1", "]", " AS x"),
    ("RETURN ", "{a: ", "1", "}", " AS x"),
    ("RETURN ", "abs(", "1", ")", " AS x"),
    ("RETURN ", "coalesce(null, ", "1", ")", " AS x"),
    ("RETURN ", "date.truncate('day', ", "date()", ")", " AS x"),
    ("RETURN ", "CASE WHEN true THEN ", "1", " END", " AS x"),
    ("RETURN ", "CASE ", "1", " WHEN 1 THEN 1 END", " AS x"),
    ("RETURN ", "CASE WHEN ", "true", " THEN true END", " AS x"),
    ("RETURN ", "CASE WHEN true THEN 1 ELSE ", "1", " END", " AS x"),
    ("RETURN ", "NOT ", "true", "", " AS x"),
    ("WITH 1 AS a RETURN ", "- ", "a", "", " AS x"),
    ("WITH 1 AS a RETURN ", "+ ", "a", "", " AS x"),
    ("WITH true AS a, true AS b RETURN ", "a = NOT ", "b", "", " AS x"),
    ("WITH null AS a RETURN ", "", "a", ".b", " AS x"),
    ("WITH null AS a RETURN ", "", "a", "[0]", " AS x"),
    ("WITH null AS a RETURN ", "", "a", "[0..1]", " AS x"),
    ("WITH null AS a RETURN ", "", "a", "[..1]", " AS x"),
    ("WITH null AS a RETURN ", "", "a", " IS NULL", " AS x"),
    ("WITH null AS a RETURN ", "", "a", " IS :: BOOLEAN", " AS x"),
    ("WITH [] AS b RETURN ", "", "1", " IN b", " AS x"),
    ("WITH 'a' AS b RETURN ", "", "b", " STARTS WITH b", " AS x"),
    ("WITH 'a' AS b RETURN ", "", "b", " =~ b", " AS x"),
    ("MATCH (n) WHERE 'a' = ", "('a' + ", "'a'", ")", " RETURN 1 AS x"),
    ("MATCH (n) WHERE 'a' = ", "('a' || ", "'a'", ")", " RETURN 1 AS x"),
    ("MATCH (n) WHERE 1 = ", "(2 ^ ", "1", ")", " RETURN 1 AS x"),
    ("RETURN ", "(true AND ", "true", ")", " AS x"),
    ("RETURN ", "(false OR ", "true", ")", " AS x"),
    ("RETURN ", "(true XOR ", "true", ")", " AS x"),
    ("WITH [] AS xs RETURN ", "[x IN ", "xs", " | x]", " AS x"),
    ("WITH [] AS xs RETURN ", "[x IN xs | ", "1", "]", " AS x"),
    ("WITH [] AS xs RETURN ", "[x IN xs WHERE [] = ", "[]", "]", " AS x"),
    ("WITH [] AS xs RETURN ", "all(x IN xs WHERE ", "true", ")", " AS x"),
    ("RETURN ", "any(x IN [", "true", "] WHERE x)", " AS x"),
    ("WITH [] AS xs RETURN ", "reduce(s = 0, x IN xs | ", "1", ")", " AS x"),
    ("WITH [] AS xs RETURN ", "reduce(s = ", "1", ", x IN xs | 1)", " AS x"),
    ("MATCH (n) RETURN ", "n {a: ", "1", "}", " AS x"),
    ("RETURN ", "CAST(", "1", " AS INTEGER)", " AS x"),
];

/// Queries and patterns within expressions, queries within queries.
const SUBQUERIES: &[Form] = &[
    ("RETURN ", "EXISTS { MATCH (n) WHERE ", "true", " }", " AS x"),
    ("RETURN ", "EXISTS { (n WHERE ", "true", ") }", " AS x"),
    ("RETURN ", "EXISTS { RETURN ", "1", " AS y }", " AS x"),
    ("RETURN ", "EXISTS { RETURN 1 AS y UNION RETURN ", "1", " AS y }", " AS x"),
    ("RETURN ", "COUNT { (n {a: ", "1", "}) }", " AS x"),
    ("RETURN ", "COUNT { ()-[r {a: ", "1", "}]-() }", " AS x"),
    ("RETURN ", "COLLECT { RETURN ", "1", " AS y }", " AS x"),
    ("MATCH (n) RETURN ", "[(n)--(m) WHERE [] = ", "[]", " | 1]", " AS x"),
    ("MATCH (n) RETURN ", "[(n)--(m) | ", "1", "]", " AS x"),
    ("MATCH (n) RETURN ", "[(n {a: ", "1", "})--(m) | 1]", " AS x"),
    ("MATCH (n) WHERE ", "NOT (", "(n)--()", ")", " RETURN 1 AS x"),
    ("MATCH (n) WHERE ", "(true AND ", "(n)--()", ")", " RETURN 1 AS x"),
    ("", "CALL { ", "CREATE (n)", " }", ""),
    ("", "CALL () { ", "CREATE (n)", " }", ""),
    ("", "CALL () { ", "RETURN 1 AS x", " } RETURN x", ""),
    ("", "RETURN 1 AS x NEXT ", "RETURN 2 AS x", "", ""),
    ("CITE MATCH (n) RETURN ", "COUNT { (n) WHERE ", "true", " } > 0", " AS x"),
];

/// Patterns, label expressions, types.
const PATTERNS: &[Form] = &[
    ("MATCH ", "(", "(a)-->(b)", ")", " RETURN 1 AS x"),
    ("MATCH ", "(", "(a)-->(b)", "){1,2}", " RETURN 1 AS x"),
    ("MATCH p = ALL SHORTEST ", "(", "(a)-->(b)", ")", " RETURN 1 AS x"),
    ("MATCH ", "((a)-->(b) WHERE EXISTS { ", "(a)-->(b)", " })", " RETURN 1 AS x"),
    ("MATCH (n:", "(", "A", ")", ") RETURN 1 AS x"),
    ("MATCH (n:", "!", "A", "", ") RETURN 1 AS x"),
    ("MATCH (n:", "!(A&", "A", ")", ") RETURN 1 AS x"),
    ("MATCH (n:", "(A|", "A", ")", ") RETURN 1 AS x"),
    ("MATCH ()-[n:", "(A|", "A", ")", "]-() RETURN 1 AS x"),
    ("MATCH ()-[n:", "!", "A", "", "]-() RETURN 1 AS x"),
    ("MATCH (n) RETURN n:", "(", "A", ")", " AS x"),
    ("MATCH (n) RETURN n IS LABELED ", "!(", "A", ")", " AS x"),
    ("RETURN 1 IS :: ", "LIST<", "INTEGER", ">", " AS x"),
    ("RETURN 1 IS :: ", "ANY<", "INTEGER", ">", " AS x"),
    ("RETURN 1 IS :: ", "ANY<LIST<", "INTEGER", ">>", " AS x"),
    ("RETURN CAST([] AS ", "ARRAY<", "INTEGER", ">", ") AS x"),
];

/// Where an expression or a type may stand: each place once more.
const PLACES: &[Form] = &[
    ("MATCH (n WHERE ", "(", "true", ")", ") RETURN 1 AS x"),
    ("MATCH ()-[n WHERE ", "(", "true", ")", "]-() RETURN 1 AS x"),
    ("MATCH (n) SET n = ", "{a: ", "1", "}", ""),
    ("MATCH (n) SET ", "(", "n", ")", ".a = 1"),
    ("MATCH (n) REMOVE ", "(", "n", ")", ".x"),
    ("MATCH (n) DELETE ", "[", "n", "][0]", ""),
    ("CREATE (n {a: size(", "[", "1", "]", ")})"),
    ("MERGE (n {a: size(", "[", "1", "]", ")})"),
    ("MERGE (n) ON CREATE SET n.a = ", "abs(", "1", ")", ""),
    ("INSERT (n {a: size(", "[", "1", "]", ")})"),
    ("RETURN 1 AS x ORDER BY ", "(", "1", ")", ""),
    ("RETURN 1 AS x SKIP ", "(", "1", ")", ""),
    ("RETURN 1 AS x LIMIT ", "abs(", "1", ")", ""),
    ("LET x = ", "(", "1", ")", " RETURN x"),
    ("FILTER ", "(", "true", ")", " RETURN 1 AS x"),
    ("FOR x IN ", "[", "1", "]", " RETURN 1 AS x"),
    ("UNWIND ", "[", "1", "]", " AS x RETURN 1 AS x"),
    ("SHOW LABELS WHERE ", "(", "true", ")", ""),
    ("SHOW LABELS YIELD name WHERE ", "(", "true", ")", " RETURN name"),
    ("EXPLAIN RETURN ", "(", "1", ")", " AS x"),
    ("PROFILE RETURN ", "[", "1", "]", " AS x"),
    ("CREATE CONSTRAINT FOR (n:A) REQUIRE n.x IS :: ", "ANY<", "INTEGER", ">", ""),
    ("CREATE GRAPH TYPE g {(:A {x :: ", "ANY<", "INTEGER", ">", "})}"),
];

/// How deep a statement may nest, as docs/language.md says.
const NESTING_LIMIT: usize = 300;

/// Clauses and parts of clauses in a row.
const ROWS: &[Form] = &[
    ("", "WITH 1 AS a ", "RETURN 1", "", " AS x"),
    ("", "MATCH (a) ", "RETURN 1", "", " AS x"),
    ("", "OPTIONAL MATCH (a) ", "RETURN 1", "", " AS x"),
    ("", "UNWIND [1] AS x WITH x AS y ", "RETURN 1 AS x", "", ""),
    ("", "CALL () { RETURN 1 AS x } WITH 1 AS y ", "RETURN 1 AS x", "", ""),
    ("", "CREATE () ", "FINISH", "", ""),
    ("MATCH (a) ", "SET a.b = 1 ", "FINISH", "", ""),
    ("MERGE (a)", " MERGE (a)-[:R]->()", "", "", ""),
    ("RETURN 1 AS x", " UNION RETURN 1 AS x", "", "", ""),
    ("MATCH (a)", "-[:R]->(:A)", "", "", " RETURN count(*) AS x"),
    ("MATCH (a) WHERE true", " AND a.b = 1", "", "", " RETURN 1 AS x"),
    ("MATCH (a) WHERE true", " OR EXISTS { (a)-->() }", "", "", " RETURN 1 AS x"),
    ("MATCH (a) RETURN 1", "+a.b", "", "", " AS x"),
    ("RETURN [1", ", 1", "", "", "] AS x"),
    ("RETURN CASE", " WHEN true THEN 1", "", "", " END AS x"),
];

/// Runs a task on a stack of this many KiB.
fn on_stack<Answer: Send + 'static>(size: usize, task: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    let thread = std::thread::Builder::new().stack_size(size << 10).spawn(task).expect("threads start");
    thread.join().expect("no panic")
}

/// Runs a text on a new graph and a stack of 1 MiB; returns the detail of the error, if there is one.
fn run(text: String) -> Option<String> {
    on_stack(1 << 10, move || {
        Database::in_memory().connect().run(&text, ()).err().map(|error| error.detail().to_owned())
    })
}

fn check(forms: &[Form]) {
    for (before, open, inside, close, behind) in forms {
        let nested = |depth: usize| format!("{before}{}{inside}{}{behind}", open.repeat(depth), close.repeat(depth));
        let is_too_deep = |depth: usize| run(nested(depth)).is_some_and(|detail| detail == "LimitExceeded");
        // A form may take several levels each time; the deepest that is read is looked for.
        let (mut deepest, mut refused) = (1, NESTING_LIMIT + 1);
        while refused - deepest > 1 {
            let middle = deepest.midpoint(refused);
            *(if is_too_deep(middle) { &mut refused } else { &mut deepest }) = middle;
        }
        let form = format!("{before}{open}{inside}{close}{behind}");
        assert!(deepest >= NESTING_LIMIT / 6, "{form}: only {deepest}");
        assert_eq!(run(nested(deepest)), None, "{form} at {deepest}");
        for depth in [deepest + 1, NESTING_LIMIT + 1, 5_000] {
            assert!(is_too_deep(depth), "{form} at {depth}");
        }
    }
}

#[test]
fn expressions_nest_to_the_limit_and_no_further() {
    check(EXPRESSIONS);
}

#[test]
fn subqueries_nest_to_the_limit_and_no_further() {
    check(SUBQUERIES);
}

#[test]
fn patterns_and_types_nest_to_the_limit_and_no_further() {
    check(PATTERNS);
}

#[test]
fn every_place_of_an_expression_is_bounded() {
    check(PLACES);
}

#[test]
fn what_runs_on_the_thread_s_own_stack_has_room_there() {
    for (before, open, inside, close, behind) in [EXPRESSIONS, SUBQUERIES, PATTERNS, PLACES, ROWS].concat() {
        for (size, depths) in [(1 << 10, [1, 2, 4, 8]), (2 << 10, [4, 8, 16, 24]), (8 << 10, [16, 32, 48, 64])] {
            let texts =
                depths.map(|depth| format!("{before}{}{inside}{}{behind}", open.repeat(depth), close.repeat(depth)));
            // Whatever it answers, it does not overflow.
            on_stack(size, move || {
                let mut connection = Database::in_memory().connect();
                let filled = connection.run("CREATE (:A {b: 1})-[:R]->(:A {b: 2})", ());
                assert!(filled.is_ok());
                texts.iter().filter(|text| connection.run(text, ()).is_ok()).count()
            });
        }
    }
}

#[test]
fn the_longest_row_of_clauses_is_run_kept_and_dropped_on_a_short_stack() {
    for (clause, count) in [("WITH 1 AS a ", 9_999), ("CREATE () ", 9_999), ("UNWIND [1] AS a WITH a AS b ", 4_999)] {
        let text = format!("{}RETURN 1 AS x", clause.repeat(count));
        assert_eq!(run(text.clone()), None, "{clause}");
        on_stack(1 << 10, move || {
            let database = Database::in_memory();
            assert!(database.connect().prepare(&text).is_ok_and(|statement| statement.columns() == ["x"]));
            // Short enough to be kept until the database goes.
            let kept = format!("{}RETURN 1 AS x", clause.repeat(500));
            assert!(database.connect().run(&kept, ()).is_ok());
            // More than are kept: the long one goes while a short one runs.
            for number in 0..300 {
                assert!(database.connect().run(&format!("RETURN {number} AS x{number}"), ()).is_ok());
            }
        });
    }
}

#[test]
fn values_nested_to_their_limit_pass_through_on_a_short_stack() {
    on_stack(2 << 10, || {
        let mut connection = Database::in_memory().connect();
        let nest = "WITH reduce(inner = [], i IN range(1, $depth) | [inner]) AS value ";
        let mut ask = |text: &str| {
            let answer = connection.run(&format!("{nest}{text}"), [("depth", 498)]);
            answer.unwrap_or_else(|error| panic!("{text}: {error}")).rows.len()
        };
        assert_eq!(ask("CREATE (a:A {value: value}) RETURN a"), 1);
        for text in [
            "MATCH (a:A) RETURN a.value = value AS x, a.value < value AS y, a.value AS z ORDER BY a.value, value",
            "RETURN DISTINCT value, toString(value = value) AS x, collect(value) AS y, max(value) AS z",
            "MATCH (a:A) WHERE a.value IN [value] RETURN a, a {.*}, value IS :: LIST<ANY> AS x, size(value) AS y",
            "UNWIND [value, value] AS row RETURN row, count(*) AS x",
        ] {
            assert_eq!(ask(text), 1, "{text}");
        }
    });
}

#[test]
fn long_chains_are_walked_on_a_short_stack() {
    on_stack(2 << 10, || {
        let mut connection = Database::in_memory().connect();
        let filled = connection.run("UNWIND range(0, 3000) AS id CREATE (:A {id: id})", ());
        assert!(filled.is_ok());
        let text = "MATCH (a:A), (b:A {id: a.id + 1}) CREATE (a)-[:R]->(b)";
        assert!(connection.run(text, ()).is_ok());
        for text in [
            "MATCH p = (:A {id: 0})-[:R*]->(:A {id: 3000}) RETURN length(p) AS x",
            "MATCH p = shortestPath((:A {id: 0})-[:R*]-(:A {id: 3000})) RETURN length(p) AS x",
            "MATCH p = ALL SHORTEST (:A {id: 0})-[:R]->+(:A {id: 3000}) RETURN length(p) AS x",
            "MATCH p = TRAIL (:A {id: 0})(()-[:R]->()){1,}(:A {id: 3000}) RETURN length(p) AS x",
            "MATCH (:A {id: 0})-[:R*]->(b) RETURN count(DISTINCT b) AS x",
            "CITE MATCH (:A {id: 0})-[:R*]->(b {id: 3000}) RETURN 3000 AS x",
        ] {
            let answer = connection.run(text, ()).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(answer.rows, [[yuanpu::ResultValue::Integer(3000)]], "{text}");
        }
    });
}
