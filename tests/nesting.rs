//! Nesting through the whole house: every rule of the grammar that can stand within itself is run at the deepest that is allowed, and is
//! an error one level further and at any depth beyond, on a thread with a stack of 1 MiB.
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

/// Runs a text on a new graph and a stack of 1 MiB; returns the detail of the error, if there is one.
fn run(text: String) -> Option<String> {
    let task = move || Database::in_memory().connect().run(&text, ()).err().map(|error| error.detail().to_owned());
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(task).expect("threads start");
    thread.join().expect("no panic")
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
