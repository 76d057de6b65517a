//! What is read beyond openCypher, and how: GQL, the lens, schema; every query prints and reads back.

use super::round_trip;
use crate::syntax::ast::*;
use crate::syntax::parse_statement;

/// Statements that must be read, and whose trees must come back from print.
pub(super) const READ: &[&str] = &[
    "MATCH (n:A&(B|!C)) RETURN n",
    "MATCH (n:!A&%|B) RETURN n",
    "MATCH (n IS A|B)-[r IS X|Y]->(m) RETURN n",
    "MATCH (n:A:B)-[:X|:Y|Z*1..3 {p: 1}]->(m) RETURN n",
    "MATCH (n:A WHERE n.x > 1)-[r:X WHERE r.since < 2000]->() RETURN n",
    "MATCH ((a)-[:X]->(b)){1,3} RETURN a",
    "MATCH (s) ((a)-[:X]->(b) WHERE a.p < b.p)+ (t) RETURN s, a, t",
    "MATCH p = ((a)-[:X]->(b))* RETURN p",
    "MATCH (a)-[:X]->{1,3}(b)<-[:Y]-+(c)--{,4}(d)-[:Z]-*(e)-->{2}(f) RETURN a",
    "MATCH (q = TRAIL (a)-->(b)){2,} RETURN q",
    "MATCH p = ANY SHORTEST (a)-[:X]->+(b) RETURN p",
    "MATCH p = ALL SHORTEST TRAIL PATHS (a)-[:X]->*(b) RETURN p",
    "MATCH p = SHORTEST 3 ACYCLIC PATH (a)-[:X]->*(b) RETURN p",
    "MATCH p = SHORTEST 2 GROUPS (a)-[:X]->*(b), q = ANY 2 WALK (b)--(c), ALL (c)--(d), SIMPLE (d)--(e) RETURN p",
    "MATCH p = shortestPath((a)-[*..10]->(b)), allShortestPaths((a)-[:X*]-(c)) RETURN p",
    "MATCH (a), (b) RETURN length(shortestPath((a)-[*]->(b))) AS n",
    "MATCH (a)<-->(b)<-[]->(c)-[]-(d) RETURN a",
    "INSERT (a:A&B {x: 1})-[:X]->(b)",
    "MATCH (n) FILTER n.x > 1 LET y = n.x + 1, z = 2 FILTER WHERE y < 3 FOR i IN [1, 2] WITH ORDINALITY k RETURN *",
    "FOR i IN [1, 2] WITH OFFSET k RETURN i, k ORDER BY i DESC NULLS LAST OFFSET 1 LIMIT $n",
    "FOR i IN [1, 2] WITH i AS j RETURN j",
    "MATCH (n) RETURN COUNT { (n)-->() } AS c, EXISTS { MATCH (n) WHERE n.x RETURN n } AS e, COLLECT { MATCH (n) RETURN n.x } AS l",
    "MATCH (n) WHERE EXISTS { (n)-->(m), (m)-->(k) WHERE k.x = n.x } RETURN n",
    "MATCH (n) CALL (n) { MATCH (n)-->(m) RETURN count(m) AS c } RETURN n, c",
    "CALL () { CREATE (n) } FINISH",
    "UNWIND $rows AS row OPTIONAL CALL (*) { CREATE (n {x: row.x}) } IN 4 CONCURRENT TRANSACTIONS OF 1000 ROWS ON ERROR CONTINUE REPORT STATUS AS s RETURN s",
    "UNWIND $rows AS row CALL { WITH row CREATE (n {x: row.x}) } IN TRANSACTIONS",
    "LOAD CSV WITH HEADERS FROM 'a.csv' AS row FIELDTERMINATOR ';' CREATE (:A {x: row.x})",
    "LOAD CSV FROM $file AS line RETURN line[0]",
    "EXPLAIN MATCH (n) RETURN n",
    "CITE PROFILE MATCH (n) RETURN n",
    "CITE AS OF 2019-12-31 ACCORDING TO ONLY 'report-2019', $other RESOLVE BY latest MATCH (n) RETURN n",
    "RESOLVE BY all AS OF 2019 MATCH (n) RETURN n",
    "AS OF '2019-12' MATCH (n) RETURN n",
    "AS OF $day RETURN 1",
    "AS OF date('2020-01-01') MATCH (n) RETURN n",
    "ACCORDING TO report CREATE (n:A)",
    "BEGIN",
    "BEGIN TRANSACTION READ ONLY",
    "START TRANSACTION",
    "commit",
    "Rollback;",
    "CREATE INDEX FOR (n:Person) ON (n.name)",
    "CREATE TEXT INDEX names IF NOT EXISTS FOR ()-[r:KNOWS]-() ON (r.a, r.b)",
    "CREATE RANGE INDEX range FOR (n:Person) ON n.name",
    "DROP INDEX names IF EXISTS",
    "CREATE CONSTRAINT c IF NOT EXISTS FOR (n:Person) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT FOR (n:Person) REQUIRE (n.a, n.b) IS NODE KEY",
    "CREATE CONSTRAINT FOR ()-[r:X]->() REQUIRE r.a IS NOT NULL",
    "CREATE CONSTRAINT FOR (n:Person) REQUIRE n.a IS :: LIST<INTEGER NOT NULL> | STRING",
    "DROP CONSTRAINT c",
    "SHOW LABELS",
    "CREATE OR REPLACE GRAPH TYPE t AS {(:A {x :: INTEGER | STRING!, y STRING}), ()-[:R]->(:A|B)}",
    "CREATE GRAPH TYPE t IF NOT EXISTS {}",
    "DROP GRAPH TYPE IF EXISTS t",
    "ALTER CURRENT GRAPH SET TYPE t",
    "SHOW GRAPH TYPES YIELD name",
    "SHOW RELATIONSHIP TYPES YIELD name AS n WHERE n STARTS WITH 'A'",
    "SHOW PROPERTY KEYS",
    "SHOW FUNCTIONS WHERE name CONTAINS 'date'",
    "SHOW SCHEMA YIELD *",
    "SHOW SETTINGS",
    "MATCH (园:园区)-[:位于]->(市:城市 {名称: '杭州'}) WHERE 园.`成立 年份` > 2016 RETURN 园.名称 AS 名称, 市.名称",
    "MATCH (n:`a``b`)-[r:`c d` {`e f`: 1}]->() RETURN n.`g h` AS `i``j`, $`k l`, $0, $match",
    "MATCH (n:MATCH {end: 1, all: 2}) RETURN n.order, n.limit, {case: 1, when: 2}",
    "RETURN 0x1F, 0X1f, 0o17, -0x8000000000000000, -9223372036854775808, 1e5, .5, 1.5E-3, -0.0, 1e-310",
    r"RETURN '\u4e2d\U0001F600\uD83D\uDE00\n\t\\\''",
    "RETURN a IS :: INTEGER, a.b + 1 IS NOT TYPED LIST<STRING NOT NULL | DATE> NOT NULL, [x IN y WHERE x IS :: ANY<NODE | EDGE>!|x]",
    "RETURN CAST(a + 1 AS LIST<ANY<INTEGER | FLOAT64>>), CAST(b AS TIMESTAMP WITHOUT TIME ZONE), cast, CAST(NOT a AS ANY NODE|NULL)",
    "RETURN a IS NOT NULL IS :: BOOLEAN, NOT a IS :: NOTHING = (b = 1) IS :: TIME WITH TIME ZONE | PROPERTY VALUE, -(1) IS :: INT",
    "RETURN a.b.c[0][1..2][..3][4..].d, (a + b).c, [1, 2][0], {a: 1}.a, $p.a, f(x).y, a:B:C, (a:B|C), a IS NOT LABELED B",
    "RETURN [x IN xs WHERE x:A | x.y], [x IN xs | x], [x IN xs], [(x IN xs)], [x IN xs, 1], [a OR b], [x IN xs WHERE x > 1]",
    "RETURN [(a)-[:X]->(b) WHERE b.x | b.y], [p = (a)-->() | length(p)], reduce(s = 0, x IN xs | s + x)",
    "RETURN all(x IN xs WHERE x > 1), any(x IN xs WHERE (x)-->()), none(x IN [] WHERE x), single(x IN xs WHERE x = 1), any(1)",
    "RETURN CASE a WHEN 1 THEN 2 ELSE 3 END, CASE WHEN (a)-->(b) THEN 1 WHEN a < b < c THEN 2 END",
    "RETURN n {.a, .*, b: 1, c} AS m, n {}, count(*), count(DISTINCT n), exists((a)-->(b)), exists(n.x)",
    "RETURN NOT a AND b OR c XOR d, a = NOT b, NOT NOT a, - - 1, -(5), +5, -a ^ 2, 2 ^ -1, (-1).a, a - -1, (a)-(-b)",
    "RETURN (a = b) = c, a = (b = c), a IN b IN c, a IN (b IN c), a + (b + c), a - b - c, (a OR b) OR c, a =~ b STARTS WITH c",
    "RETURN a IS NULL IS NOT NULL, NOT (a IS NULL), (NOT a) IS NULL, a CONTAINS b ENDS WITH c, -(a.b), (-a).b",
    "RETURN (a) - 1, (a) - [1], (a + b)--(c), (a.b) --(c), [1] - [2]",
    "MATCH (n) WHERE (n)-[:X]->(:A {x: ')'})--() OR NOT (n)<--() RETURN n",
    "MATCH (n) SET n.a = 1, n = {a: 1}, n += $p, n:A:B, n IS C, (CASE WHEN true THEN n END).x = 1, n.a.b = 2 REMOVE n.x, n:A, f(n).y",
    "MERGE (a:A {x: 1})-[r:X]-(b) ON CREATE SET a.x = 1 ON MATCH SET a:B, b.y = 2 ON CREATE SET r.z = 1",
    "MATCH p = (a)-->(b) DETACH DELETE p, a.x, list[0] NODETACH DELETE b",
    "FOREACH (x IN [1, 2] | CREATE (:A {x: x}) FOREACH (y IN [x] | MERGE (:B {y: y})))",
    "CALL db.labels",
    "CALL a.b.c(1, 'x') YIELD *",
    "MATCH (n) CALL a.b(n) YIELD x, y AS z WHERE z > 1 RETURN x",
    "CALL a.b() YIELD - RETURN 1",
    "MATCH (n) RETURN n, n.x AS x NEXT FILTER x > 1 RETURN n UNION ALL RETURN x AS n NEXT RETURN count(*) AS c",
    "RETURN 1 AS next NEXT CALL (next) { RETURN next AS a NEXT RETURN a + next AS b } RETURN b",
    "MATCH (n) ORDER BY n.x DESC OFFSET 1 LIMIT 2 MATCH (n)-->(m) LIMIT 3 RETURN m",
    "RETURN a || b + c || (d || e), (a || b) - c, [x IN xs || ys WHERE x || y | x || y], n:A || 'b'",
    "MATCH p = SHORTEST 2 TRAIL GROUPS ((a)-[x]->(b WHERE b.x)-[:X]->+(c) WHERE c.x > a.x), q = ANY (a)-->()((u)-->(v))*(w) RETURN p",
    "MATCH (a) ((p = (b)-->(c)){1,2} (d)){2} (e) RETURN a",
    "RETURN 1 AS a UNION ALL RETURN 2 AS a UNION ALL RETURN 3 AS a",
    "WITH 1 AS a, 2 AS filter, 3 AS count, 4 AS any WHERE a > 0 RETURN DISTINCT *, a + 1 AS b ORDER BY a ASC, b DESCENDING SKIP 1 LIMIT 2",
    "/* a */ MATCH // b\n (n) /* c */ RETURN n // d",
    "MATCH\u{3000}(n)\u{A0}RETURN\u{FEFF} n",
    "MATCH (a)⟨—[:X]—(b)――〉(c) RETURN a",
    "match (N) where N.X starts with 'a' return N order by N.X desc",
];

#[test]
fn extensions_are_read_and_come_back() {
    for query in READ {
        match parse_statement(query) {
            Ok(tree) => assert_eq!(round_trip(query, &tree), None),
            Err(error) => panic!("{query}\n{error}"),
        }
    }
}

/// Returns the query of a statement.
fn query(text: &str) -> Query {
    match parse_statement(text).map(|statement| statement.body) {
        Ok(StatementBody::Query(query)) => query,
        other => panic!("{other:?}"),
    }
}

/// Returns the columns of a query that ends with RETURN.
fn columns(text: &str) -> Vec<ProjectionItem> {
    match query(text).first.clauses.pop() {
        Some(Clause::Return(clause)) => clause.projection.items,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_column_is_named_as_written() {
    let text = "MATCH (n) RETURN  n.a  +  1 , ( n.b ) /* c */ , count( * ), `x y` , $p AS q, n.c // end";
    let names: Vec<_> = columns(text).iter().map(|item| item.column_name().to_string()).collect();
    assert_eq!(names, ["n.a  +  1", "( n.b )", "count( * )", "x y", "q", "n.c"]);
    let spans: Vec<_> = columns(text).iter().map(|item| item.span.text(text).to_owned()).collect();
    assert_eq!(spans, ["n.a  +  1", "( n.b )", "count( * )", "`x y`", "$p AS q", "n.c"]);
}

#[test]
fn spans_are_those_of_the_text() {
    let text = "MATCH (城:City) WHERE 城.x = 1 + (2 * 3) RETURN 城";
    let clauses = query(text).first.clauses;
    let Clause::Match(clause) = &clauses[0] else { panic!() };
    assert_eq!(clause.span.text(text), "MATCH (城:City) WHERE 城.x = 1 + (2 * 3)");
    assert_eq!(clause.patterns[0].span.text(text), "(城:City)");
    let Some(ExpressionKind::Comparison { first, rest }) = clause.filter.as_ref().map(|filter| &filter.kind) else {
        panic!()
    };
    assert_eq!(first.span.text(text), "城.x");
    assert_eq!(rest[0].1.span.text(text), "1 + (2 * 3)");
}

#[test]
fn precedence_is_opencypher_s() {
    for (loose, tight) in [
        ("a OR b XOR c AND NOT d = e", "a OR (b XOR (c AND (NOT (d = e))))"),
        ("a = b IN c", "a = (b IN c)"),
        ("a + b IN c + d", "(a + b) IN (c + d)"),
        ("NOT a IS NULL", "NOT (a IS NULL)"),
        ("a - b - c * d ^ -e ^ f", "a - b - (c * ((d ^ (-e)) ^ f))"),
        ("-a.b", "-(a.b)"),
        ("-3 ^ 2", "(-3) ^ 2"),
        ("a STARTS WITH b + c AND d", "(a STARTS WITH (b + c)) AND d"),
        ("a < b <= c AND d", "(a < b <= c) AND d"),
    ] {
        let [one, other] = [loose, tight].map(|text| parse_statement(&format!("RETURN {text} AS x")).unwrap());
        // `d ^ e ^ f` groups from the left: the list says the same as the brackets.
        if !tight.contains("((d") {
            assert_eq!(super::shape(&one), super::shape(&other), "{loose}");
        }
    }
}

#[test]
fn literals_mean_what_they_say() {
    let items = columns(r"RETURN 0x1F, 0o17, -0x8000000000000000, '\u4e2d\U0001F600\uD83D\uDE00\'\\', .5, -1.5e3, ``");
    let literals: Vec<_> = items[..6]
        .iter()
        .map(|item| match &item.expression.kind {
            ExpressionKind::Literal(literal) => literal.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(literals[..3], [Literal::Integer(31), Literal::Integer(15), Literal::Integer(i64::MIN)]);
    assert_eq!(literals[3..], [Literal::String("中😀😀'\\".into()), Literal::Float(0.5), Literal::Float(-1500.0)]);
    assert_eq!(items[6].expression.kind, ExpressionKind::Variable("".into()));
}
