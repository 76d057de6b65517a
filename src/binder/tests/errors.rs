//! What has no meaning, by the kind of mistake.

use super::{bind, refused};

/// Asserts that every query is refused with this detail.
fn all_refused(detail: &str, queries: &[&str]) {
    for query in queries {
        assert_eq!(refused(query), detail, "{query}");
    }
}

#[test]
fn undefined_variables() {
    all_refused(
        "UndefinedVariable",
        &[
            "RETURN x",
            "MATCH (a) DELETE x",
            "MATCH (a) SET x.y = 1",
            "MATCH (a) SET a.y = x",
            "MATCH (a) REMOVE x:A",
            "MATCH (a) WITH a AS b RETURN a",
            "MATCH (n) WHERE (n)-[r]->(m) RETURN n",
            "MATCH (n) WHERE (m) RETURN n",
            "MATCH (a) RETURN DISTINCT a.name ORDER BY a.age",
            "MATCH (a), (b) WITH DISTINCT a WHERE b.x = 1 RETURN a",
            "MATCH (me)--(you) WITH count(you.age) AS agg ORDER BY me.age + count(you.age) RETURN agg",
            "CREATE (a {x: b.x}), (b)",
            "CREATE (a {x: a.y})",
            "CREATE ()-[r:T]->(), (b {x: r.x})",
            "RETURN [x IN [1] | y]",
            "CALL (n) { RETURN 1 AS one } RETURN one",
            "MATCH (n) CALL () { RETURN n.x AS x } RETURN x",
            "MATCH (n) CALL { RETURN n.x AS x } RETURN x",
            "CALL p.one(1) YIELD nothing RETURN nothing",
            "UNWIND [1] AS x FOREACH (y IN [x] | CREATE (m)) RETURN m",
            "RETURN shortestPath((a)-[*]->(b))",
            "LET a = 1, b = a RETURN b",
        ],
    );
}

#[test]
fn taken_names() {
    all_refused(
        "VariableAlreadyBound",
        &[
            "MATCH (a) CREATE (a)",
            "MATCH (a) CREATE (a:B)-[:T]->()",
            "CREATE (a), (a)",
            "MATCH ()-[r]->() CREATE ()-[r]->()",
            "MATCH (a)-[r]->(b) MERGE (a)-[r]->(b)",
            "CREATE (a) MERGE (a)",
            "MERGE (a)-[:T]->(a:B)",
            "MATCH p = (p)-->() RETURN p",
            "MATCH (p) MATCH p = ()-->() RETURN p",
            "UNWIND [1] AS x UNWIND [2] AS x RETURN x",
            "UNWIND [1] AS x FOREACH (x IN [1] | CREATE ())",
            "MATCH (n) CALL () { RETURN 1 AS n } RETURN n",
            "LET a = 1 LET a = 2 RETURN a",
            "FOR x IN [1] WITH OFFSET x RETURN x",
            "MATCH (a) MATCH ((a)-[]->()){2} RETURN a",
            "CALL p.one(1) YIELD out, more AS out RETURN out",
        ],
    );
}

#[test]
fn variables_of_another_kind() {
    all_refused(
        "VariableTypeConflict",
        &[
            "MATCH (r)-[r]->() RETURN r",
            "MATCH ()-[r]->() MATCH (r) RETURN r",
            "MATCH ()-[r]->() MATCH ()-[r*]->() RETURN r",
            "MATCH ()-[r*]->() MATCH ()-[r]->() RETURN r",
            "WITH 1 AS n MATCH (n) RETURN n",
            "MATCH (n) WITH [n] AS ns MATCH (ns) RETURN ns",
            "MATCH p = ()-->(), (p) RETURN p",
            "WITH {a: 1} AS m MERGE (m)-[:T]->()",
            "WITH 1 AS n CREATE (n)-[:T]->()",
            "MATCH (a) RETURN [(a)-[a]->() | 1]",
        ],
    );
    all_refused("RelationshipUniquenessViolation", &["MATCH (a)-[r]->()-[r]->(a) RETURN r"]);
}

#[test]
fn kinds_that_cannot_be() {
    all_refused(
        "InvalidArgumentType",
        &[
            "RETURN 1 AND true",
            "RETURN NOT 'a'",
            "RETURN true OR [true]",
            "RETURN 1 IN 'a'",
            "RETURN [x IN 1 | x]",
            "RETURN any(x IN ['a'] WHERE x % 2 = 0)",
            "RETURN 1 - 'a'",
            "RETURN {a: 1} + 1",
            "RETURN -'a'",
            "MATCH (n) WHERE n RETURN n",
            "MATCH (n) WHERE (n) RETURN n",
            "MATCH (n) WHERE 1 RETURN n",
            "MATCH (n) RETURN type(n)",
            "MATCH (n) RETURN length(n)",
            "MATCH p = ()-->() RETURN size(p)",
            "MATCH p = ()-->() RETURN labels(p)",
            "RETURN properties(1)",
            "MATCH () DELETE 1 + 1",
            "MATCH (n) DELETE [n]",
            "RETURN 1 LIMIT 1.5",
            "RETURN 1 SKIP 'a'",
            "WITH 1 AS x RETURN x.y",
            "WITH 'a' AS x RETURN x[0]",
            "RETURN [1]['a']",
            "RETURN 1[0..1]",
            "WITH 1 AS n SET n.x = 1",
            "MATCH ()-[r]->() SET r:Label",
            "MATCH (n) SET n = 1",
            "CALL p.one('a')",
            "RETURN sum('a')",
            "LOAD CSV FROM 1 AS row RETURN row",
        ],
    );
}

#[test]
fn aggregates() {
    all_refused(
        "InvalidAggregation",
        &[
            "MATCH (a) WHERE count(a) > 1 RETURN a",
            "MATCH (a) SET a.x = count(a)",
            "UNWIND [1] AS x RETURN [y IN [1] | count(y)]",
            "MATCH (n) RETURN n.x ORDER BY max(n.y)",
            "MATCH (n {x: count(*)}) RETURN n",
            "UNWIND collect(1) AS x RETURN x",
            "MATCH (n) CALL p.one(count(n)) YIELD out RETURN out",
            "MATCH (n) RETURN [(n)-->() | count(*)]",
            "CREATE (n {x: count(*)})",
            "RETURN 1 LIMIT count(*)",
            "RETURN abs(DISTINCT 1)",
        ],
    );
    all_refused("NestedAggregation", &["RETURN count(count(*))", "RETURN sum(1 + max(2))"]);
    all_refused(
        "AmbiguousAggregationExpression",
        &[
            "MATCH (a)--(b) RETURN a.x + count(b)",
            "MATCH (a)--(b) RETURN a.x + b.x, a.x + b.x + count(*)",
            "MATCH (a)--(b) WITH a.x + b.x AS sum, count(*) AS c ORDER BY a.x + b.x + count(*) RETURN c",
            "MATCH (a)--(b) RETURN a.x, a.y + count(*)",
            "MATCH (a) RETURN count(*) + size([(a)-->() | 1])",
        ],
    );
    all_refused("NonConstantExpression", &["RETURN count(rand())", "MATCH (n) RETURN n LIMIT n.x"]);
}

#[test]
fn columns_and_clauses() {
    all_refused(
        "ColumnNameConflict",
        &["RETURN 1 AS a, 2 AS a", "WITH 1 AS a, 2 AS a RETURN a", "MATCH (n) RETURN *, n"],
    );
    all_refused("NoExpressionAlias", &["MATCH (a) WITH a, count(*) RETURN a", "MATCH (a) WITH a.x RETURN 1"]);
    all_refused(
        "DifferentColumnsInUnion",
        &["RETURN 1 AS a UNION RETURN 2 AS b", "RETURN 1 AS a UNION RETURN 1 AS a, 2 AS b"],
    );
    all_refused("NoVariablesInScope", &["MATCH () RETURN *", "RETURN *"]);
    all_refused(
        "InvalidClauseComposition",
        &[
            "RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a",
            "CITE CREATE ()",
            "RESOLVE BY latest CREATE ()",
            "MATCH (n) CALL p.one(1) YIELD out",
            "MATCH (n) CALL (n) { RETURN n.x AS x }",
            "MATCH (n)",
        ],
    );
    all_refused(
        "UnexpectedSyntax",
        &[
            "MATCH (n) RETURN (n)-->()",
            "MATCH (n) WITH (n)-->() AS x RETURN x",
            "MATCH (n) SET n.x = head((n)-->())",
            "MATCH (n) RETURN size((n)-->())",
            "MATCH (n) WHERE size((n)-->()) > 1 RETURN n",
            "CALL p.one(1) YIELD * RETURN 1",
        ],
    );
    all_refused("InvalidDelete", &["MATCH (n) DELETE n:A", "MATCH ()-[r:T]-() DELETE r:T"]);
    all_refused("NegativeIntegerArgument", &["RETURN 1 LIMIT -1", "RETURN 1 SKIP -(2)"]);
}

#[test]
fn calls() {
    all_refused("UnknownFunction", &["RETURN foo(1)", "RETURN foo.bar()"]);
    all_refused(
        "InvalidNumberOfArguments",
        &["RETURN size()", "RETURN count()", "CALL p.one(1, 2)", "CALL p.one()", "RETURN exists()"],
    );
    all_refused("ProcedureNotFound", &["CALL p.two()", "MATCH (n) CALL p.two() YIELD x RETURN x"]);
    all_refused("InvalidArgumentPassingMode", &["CALL p.one YIELD out RETURN out"]);
}

#[test]
fn hints_name_the_nearest() {
    let hint = |query: &str| bind(query).err().and_then(|error| error.hint).unwrap_or_default();
    assert_eq!(hint("MATCH (person) RETURN persn"), "did you mean `person`?");
    assert_eq!(hint("RETURN tointegr('1')"), "did you mean `toInteger`?");
    assert_eq!(hint("RETURN colect(1)"), "did you mean `collect`?");
    assert_eq!(hint("CALL p.onee(1)"), "did you mean `p.one`?");
    assert_eq!(hint("RETURN x"), "no variables are in scope here: `MATCH` binds them; a text stands in quotes");
    assert_eq!(hint("MATCH (a)-->(b) RETURN x"), "in scope here: `a`, `b`; a text stands in quotes: `'x'`");
}
