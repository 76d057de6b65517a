//! What is refused, and in which words.

use crate::syntax::{Completeness, SyntaxError, is_complete, parse_script, parse_statement, split_script};

fn refusal(text: &str) -> SyntaxError {
    match parse_statement(text) {
        Err(error) => error,
        Ok(tree) => panic!("{text} is read as {tree:?}"),
    }
}

/// Text, what is underlined, the kind, a part of message and hint.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("MATHC (n) RETURN n", "MATHC", "UnexpectedSyntax", "did you mean `MATCH`?"),
    ("MATCH (n) WHER n.x = 1 RETURN n", "WHER", "UnexpectedSyntax", "did you mean `WHERE`?"),
    ("MATCH (n) RETRUN n", "RETRUN", "UnexpectedSyntax", "did you mean `RETURN`?"),
    ("RETURN CASE WEHN 1 THEN 2 END", "1", "UnexpectedSyntax", "did you mean `WHEN`?"),
    ("SELECT * FROM a", "SELECT", "UnexpectedSyntax", "answers with `RETURN`"),
    ("MATCH (n) WHERE n.x == 1 RETURN n", "=", "UnexpectedSyntax", "equality is written `=`"),
    ("MATCH (n) WHERE n.x != 1 RETURN n", "!", "UnexpectedSyntax", "inequality is written `<>`"),
    ("MATCH (n) WHERE a && b RETURN n", "&", "UnexpectedSyntax", "write `AND`"),
    ("MATCH (n) RETURN n GROUP BY n", "GROUP", "UnexpectedSyntax", "rows are grouped"),
    ("MATCH （n) RETURN n", "（", "InvalidUnicodeCharacter", "write `(`"),
    ("MATCH (n) WHERE n.x ＝ 1 RETURN n", "＝", "InvalidUnicodeCharacter", "write `=`"),
    ("RETURN “a”", "“", "InvalidUnicodeCharacter", "curly"),
    ("RETURN 1，2", "，", "InvalidUnicodeCharacter", "full-width comma"),
    ("RETURN 42 — 41", "—", "InvalidUnicodeCharacter", "write `-`"),
    ("MATCH (n)-[:X->(m) RETURN n", "-", "UnexpectedSyntax", "a `[` is still open"),
    ("MATCH (a)->(b) RETURN a", ">", "UnexpectedSyntax", "a relationship is written"),
    ("MATCH (order) RETURN 1", "order", "UnexpectedSyntax", "needs backticks"),
    ("RETURN 1; RETURN 2", "RETURN", "UnexpectedSyntax", "as a script"),
    ("RETURN 'abc", "'", "UnexpectedSyntax", "has no end"),
    ("RETURN 12a", "12a", "InvalidNumberLiteral", "no number"),
    ("RETURN 0x1G", "0x1G", "InvalidNumberLiteral", "0 to 9 and a to f"),
    ("RETURN 012", "012", "InvalidNumberLiteral", "leading zero"),
    ("RETURN 9223372036854775808", "9223372036854775808", "IntegerOverflow", "64 bits"),
    ("RETURN 1e999", "1e999", "FloatingPointOverflow", "greatest float"),
    (r"RETURN 'a\uH'", r"\uH", "InvalidUnicodeLiteral", "4 hexadecimal digits"),
    (r"RETURN 'a\uD800b'", r"\uD800", "InvalidUnicodeLiteral", "no Unicode character"),
    (r"RETURN 'a\x'", r"\x", "UnexpectedSyntax", "means nothing"),
    ("MATCH (a)-[:X..]->(c) RETURN a", "..", "InvalidRelationshipPattern", "`*`"),
    ("MATCH (a)-[:X*-2]->(c) RETURN a", "*-2", "InvalidRelationshipPattern", "negative"),
    ("MATCH (n $p) RETURN n", "$p", "InvalidParameterUse", "cannot take the parameter"),
    ("CREATE (a)-[:A|B]->(b)", "-[:A|B]->", "NoSingleRelationshipType", "exactly one type"),
    ("CREATE (a)-[:A]-(b)", "-[:A]-", "RequiresDirectedRelationship", "direction"),
    ("CREATE (a)-[:A*2]->(b)", "*2", "CreatingVarLength", "variable length"),
    ("CREATE (a:A|B)", "A|B", "UnexpectedSyntax", "plain labels"),
    ("MATCH (n) RETURN (n)-->()", "(n)-->()", "UnexpectedSyntax", "EXISTS"),
    ("RETURN 1 AS a UNION RETURN 1 AS a UNION ALL RETURN 1 AS a", "UNION ALL", "InvalidClauseComposition", "mixed"),
    ("MATCH (n)", "MATCH (n)", "InvalidClauseComposition", "cannot end with `MATCH`"),
    ("MATCH (a)(b) RETURN a", "(b)", "UnexpectedSyntax", "side by side"),
    ("FOREACH (x IN xs | MATCH (n))", "MATCH (n)", "InvalidClauseComposition", "only clauses that write"),
    ("MATCH (n) CALL a.b YIELD x RETURN x", "a.b", "InvalidArgumentPassingMode", "arguments"),
    ("CITE CITE RETURN 1", "CITE", "UnexpectedSyntax", "twice"),
    ("CITE SHOW LABELS", "CITE", "UnexpectedSyntax", "only before a query"),
    ("AS OF 19 RETURN 1", "19", "UnexpectedSyntax", "a date such as"),
    ("CREATE INDEX FOR (n:A) ON (m.x)", "m", "UnexpectedSyntax", "write `n`"),
];

#[test]
fn mistakes_are_named_with_place_and_remedy() {
    for (text, underlined, kind, words) in REFUSED {
        let error = refusal(text);
        let told = error.to_string();
        assert_eq!(error.span.text(text), *underlined, "{text}: {told}");
        assert_eq!(error.kind.name(), *kind, "{text}: {told}");
        assert!(told.contains(words), "{text}: {told}");
        assert!(error.expected.len() <= 6 && !told.contains("kw_") && !told.ends_with('.'), "{text}: {told}");
    }
}

#[test]
fn a_statement_is_complete_when_the_grammar_says_so() {
    for (text, expected) in [
        ("", Completeness::Empty),
        ("// only a comment", Completeness::Empty),
        ("/* open", Completeness::NeedsMore),
        ("MATCH (n)", Completeness::NeedsMore),
        ("MATCH (n) WHERE", Completeness::NeedsMore),
        ("RETURN 'a", Completeness::NeedsMore),
        ("RETURN [1,", Completeness::NeedsMore),
        ("CALL {", Completeness::NeedsMore),
        ("CITE", Completeness::NeedsMore),
        ("MATCH (n) // x", Completeness::NeedsMore),
        ("MATCH (n) RETURN n", Completeness::Complete),
        ("MATCH (n);", Completeness::Complete),
        ("RETURN 1; MATCH (n)", Completeness::NeedsMore),
        ("MATHC (n)", Completeness::Complete),
        ("CREATE (n)", Completeness::Complete),
        ("BEGIN", Completeness::Complete),
    ] {
        assert_eq!(is_complete(text), expected, "{text}");
    }
}

#[test]
fn a_script_is_cut_at_its_semicolons() {
    let script = "// one\nRETURN ';' AS `;`; ; /* ; */ MATCH (n) // ;\nRETURN n;\n\nRETRUN 1";
    let texts: Vec<_> = split_script(script).iter().map(|statement| statement.text).collect();
    assert_eq!(texts, ["RETURN ';' AS `;`", "MATCH (n) // ;\nRETURN n", "RETRUN 1"]);
    let leading = split_script(script)[0].leading.text(script).to_owned();
    assert_eq!(leading, "// one\n");
    let last = parse_script(script).last().unwrap();
    assert!(!last.0.terminated);
    assert_eq!(last.1.unwrap_err().span.text(script), "RETRUN");
}
