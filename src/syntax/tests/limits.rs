//! No text overflows the stack: the limits hold at N and N + 1, and long rows are as flat as they look, on a stack of 1 MiB.
use crate::syntax::{
    CLAUSE_LIMIT, NESTING_LIMIT, STATEMENT_SIZE_LIMIT_BYTES, SyntaxErrorKind, parse_statement, print, split_script,
    tokens,
};
/// Runs a task on a thread with a stack of 1 MiB.
fn on_small_stack<Answer: Send>(task: impl FnOnce() -> Answer + Send) -> Answer {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(1024 * 1024).spawn_scoped(scope, task).unwrap();
        thread.join().unwrap()
    })
}
/// Parses, clones, compares, prints and drops; returns the kind of the error, if any.
fn exercise(text: &str) -> Option<SyntaxErrorKind> {
    on_small_stack(|| match parse_statement(text) {
        Ok(tree) => {
            let twin = tree.clone();
            assert!(tree == twin);
            assert!(!print::statement_afresh(&tree).is_empty());
            assert!(!format!("{tree:?}").is_empty());
            None
        }
        Err(error) => Some(error.kind),
    })
}
#[test]
fn nesting_is_bounded_in_every_form() {
    let forms: [(&str, &str, &str, &str, &str); 25] = [
        ("RETURN ", "(", "1", ")", " AS x"),
        ("RETURN ", "[", "1", "]", " AS x"),
        ("RETURN ", "{a: ", "1", "}", " AS x"),
        ("RETURN ", "f(", "1", ")", " AS x"),
        ("RETURN ", "CASE WHEN true THEN ", "1", " END", " AS x"),
        ("RETURN ", "NOT ", "true", "", " AS x"),
        ("RETURN ", "- ", "a", "", " AS x"),
        ("RETURN ", "", "a", ".b", " AS x"),
        ("RETURN ", "", "a", "[0]", " AS x"),
        ("RETURN ", "", "a", " IS NULL", " AS x"),
        ("RETURN ", "", "a", " IN b", " AS x"),
        ("RETURN ", "[x IN ", "xs", " | x]", " AS x"),
        ("RETURN ", "EXISTS { MATCH (n) WHERE ", "true", " }", " AS x"),
        ("RETURN ", "COUNT { (n {a: ", "1", "}) }", " AS x"),
        ("", "CALL { ", "RETURN 1 AS x", " }", " RETURN 1"),
        (
            "",
            "UNWIND [1] AS y CALL (y) { MATCH (n) WITH n, y ",
            "RETURN 1 AS x",
            " } IN TRANSACTIONS OF 2 ROWS",
            " RETURN 1",
        ),
        ("", "RETURN 1 AS x NEXT ", "RETURN 2 AS x", "", ""),
        ("", "FOREACH (x IN [1] | ", "CREATE (n)", ")", ""),
        ("MATCH ", "(", "(a)-->(b)", ")", " RETURN 1"),
        ("MATCH ", "((a)-->(b) WHERE EXISTS { ", "(a)-->(b)", " })", " RETURN 1"),
        ("MATCH (n:", "(", "A", ")", ") RETURN 1"),
        ("MATCH (n:", "!", "A", "", ") RETURN 1"),
        ("RETURN ", "a = NOT ", "b", "", " AS x"),
        ("MERGE (n) SET n.x = ", "reduce(s = 0, x IN ", "xs", " | s + 1)", ""),
        ("CREATE CONSTRAINT FOR (n:A) REQUIRE n.x IS :: ", "LIST<", "MAP", ">", ""),
    ];
    for (before, open, middle, close, after) in forms {
        let nested = |depth: usize| format!("{before}{}{middle}{}{after}", open.repeat(depth), close.repeat(depth));
        // Some forms take several levels each; the first depth that is refused is found, and it is refused as what it is.
        let (mut accepted, mut refused) = (1, NESTING_LIMIT + 1);
        while refused - accepted > 1 {
            let middle_depth = accepted.midpoint(refused);
            match parse_statement(&nested(middle_depth)) {
                Ok(_) => accepted = middle_depth,
                Err(_) => refused = middle_depth,
            }
        }
        assert!(accepted >= NESTING_LIMIT / 6, "{open}{middle}{close}: only {accepted}");
        assert_eq!(exercise(&nested(accepted)), None, "{open}{middle}{close} at {accepted}");
        for depth in [accepted + 1, NESTING_LIMIT + 1, 20_000] {
            assert_eq!(
                exercise(&nested(depth)),
                Some(SyntaxErrorKind::LimitExceeded),
                "{open}{middle}{close} at {depth}"
            );
        }
    }
}

#[test]
fn brackets_nest_to_the_limit_and_no_further() {
    let nested = |depth: usize| format!("RETURN {}1{} AS x", "(".repeat(depth), ")".repeat(depth));
    // The query takes four levels, the innermost expression one.
    assert_eq!(exercise(&nested(NESTING_LIMIT - 5)), None);
    assert_eq!(exercise(&nested(NESTING_LIMIT - 4)), Some(SyntaxErrorKind::LimitExceeded));
}

#[test]
fn label_expressions_and_patterns_are_bounded() {
    for depth in [50, 20_000] {
        let labels = format!("MATCH (n:{}A{}) RETURN n", "(".repeat(depth), ")".repeat(depth));
        let nots = format!("MATCH (n:{}A) RETURN n", "!".repeat(depth));
        let groups = format!("MATCH {}(a)-->(b){} RETURN a", "(".repeat(depth), ")".repeat(depth));
        let calls = format!("{}RETURN 1 AS x{} RETURN 1", "CALL { ".repeat(depth), " }".repeat(depth));
        for text in [labels, nots, groups, calls] {
            let refused = exercise(&text);
            assert!(refused.is_none() || depth > 50, "{text}: {refused:?}");
            assert!(refused == Some(SyntaxErrorKind::LimitExceeded) || depth == 50, "{refused:?}");
        }
    }
}

#[test]
fn open_brackets_are_refused_fast() {
    for open in [
        "(",
        "[",
        "{a:",
        "((a)-[",
        "(a {b:",
        "[x IN ",
        "any(x IN ",
        "CASE WHEN ",
        "(a)--(b {c: ",
        "n {a: ",
        "COUNT { (a {b: ",
    ] {
        for depth in [20, 60, 5_000] {
            let start = std::time::Instant::now();
            assert!(exercise(&format!("RETURN {}", open.repeat(depth))).is_some());
            assert!(start.elapsed().as_secs() < 20, "{open} at {depth}: {:?}", start.elapsed());
        }
    }
}

#[test]
fn long_rows_are_flat() {
    for operator in [" + ", " OR ", " AND ", " XOR ", " < ", " * ", " - ", " ^ ", ", ", " = "] {
        let row = vec!["a"; 10_000].join(operator);
        assert_eq!(exercise(&format!("RETURN [{row}] AS x")), None, "{operator}");
    }
    let predicates = vec!["a IN b"; 10_000].join(" AND ");
    assert_eq!(exercise(&format!("RETURN {predicates} AS x")), None);
    let path = vec!["(a)"; 5_000].join("-->");
    assert_eq!(exercise(&format!("MATCH {path} RETURN 1")), None);
    let unions = vec!["RETURN 1 AS x"; 3_000].join(" UNION ");
    assert_eq!(exercise(&unions), None);
}

#[test]
fn any_text_has_tokens() {
    for text in ["", "'", "\"a\\", "`", "/*", "/", "\\", "\u{0}", "中，文", "1.2.3", "..", "a--b//", "\u{10FFFF}"] {
        let mut end = 0;
        for token in tokens(text) {
            assert!(token.span.start >= end && token.span.end > token.span.start, "{text}");
            end = token.span.end;
        }
        let _ = split_script(text);
        let _ = parse_statement(text);
    }
}

#[test]
fn a_megabyte_of_script_is_read_fast() {
    let statement = "MATCH (n:Person {name: 'a b'})-[r:KNOWS*1..3]->(m) WHERE n.age > 30 AND m.x IN [1, 2, 3] \
                     WITH n, count(DISTINCT m) AS c ORDER BY c DESC LIMIT 10 RETURN n.name AS name, c + 1 AS d;\n";
    let script = statement.repeat((1 << 20) / statement.len() + 1);
    let start = std::time::Instant::now();
    let mut count = 0;
    for part in split_script(&script) {
        parse_statement(part.text).unwrap();
        count += 1;
    }
    assert_eq!(count, script.len() / statement.len());
    // A build without optimisation is some thirty times slower.
    let allowed_ms = if cfg!(debug_assertions) { 60_000 } else { 1_000 };
    assert!(start.elapsed().as_millis() < allowed_ms, "{:?}", start.elapsed());
}

#[test]
fn the_manual_names_the_limits() {
    let manual = include_str!("../../../docs/language.md");
    assert!(manual.contains(&format!("statement's text | {STATEMENT_SIZE_LIMIT_BYTES} |")));
    assert!(manual.contains(&format!("a query within a query four | {NESTING_LIMIT} |")));
    assert!(manual.contains(&format!("the queries around it | {CLAUSE_LIMIT} |")));
}

#[test]
fn a_statement_is_as_long_as_the_limit_and_no_longer() {
    let of_length = |bytes: usize| format!("RETURN 1{}", " ".repeat(bytes - "RETURN 1".len()));
    assert!(parse_statement(&of_length(STATEMENT_SIZE_LIMIT_BYTES)).is_ok());
    let refused = parse_statement(&of_length(STATEMENT_SIZE_LIMIT_BYTES + 1)).unwrap_err();
    assert_eq!(refused.kind, SyntaxErrorKind::LimitExceeded);
}

#[test]
fn clauses_in_a_row_are_bounded_with_those_around_them() {
    let refused = |text: &str| parse_statement(text).err().map(|error| (error.kind, error.span.start));
    let flat = |count: usize| format!("{}RETURN 1 AS x", "WITH 1 AS a ".repeat(count - 1));
    assert_eq!(refused(&flat(CLAUSE_LIMIT)), None);
    let beyond = (SyntaxErrorKind::LimitExceeded, 12 * CLAUSE_LIMIT as u32);
    assert_eq!(refused(&flat(CLAUSE_LIMIT + 1)), Some(beyond));
    // A query within counts what stands around it; one beside it does not.
    let within = |count: usize| format!("CALL () {{ {} }} RETURN x", flat(count));
    assert_eq!(refused(&within(CLAUSE_LIMIT - 2)), None);
    assert_eq!(refused(&within(CLAUSE_LIMIT - 1)).map(|(kind, _)| kind), Some(SyntaxErrorKind::LimitExceeded));
    let united = format!("{0} UNION ALL {0}", flat(CLAUSE_LIMIT));
    assert_eq!(refused(&united), None);
    let loops = |count: usize| format!("FOREACH (x IN [1] | {})", "CREATE () ".repeat(count));
    assert_eq!(refused(&loops(CLAUSE_LIMIT)).map(|(kind, _)| kind), Some(SyntaxErrorKind::LimitExceeded));
    assert_eq!(refused(&loops(CLAUSE_LIMIT - 10)), None);
}
