//! Clauses: slots, scopes, keys and aggregates.

use super::all_bound;

#[test]
fn resolves_names_to_slots() {
    all_bound(&[
        (
            "MATCH (a:Person)-[:KNOWS]->(b) WHERE a.age > 30 WITH b, count(*) AS n RETURN b.name",
            "\
match (0:Person) (1) (0)-[2:KNOWS]->(1) where Greater(0.age, Integer(30))
project keys [1 = 1] aggregates [3 = CountStar()] items [] scope [1, 3]
project items [4 = 1.name] scope [4]
columns \"b.name\"=4",
        ),
        (
            "OPTIONAL MATCH (a) WITH *, 1 AS one MATCH (a)-->(b) RETURN *",
            "\
optional match (0)
project items [1 = Integer(1)] scope [0, 1]
match (=0) (2) (0)-[3]->(2)
project items [] scope [0, 2, 1]
columns \"a\"=0, \"b\"=2, \"one\"=1",
        ),
        (
            "LET a = 1, b = 'x' FILTER a > 0 FOR x IN [1, 2] WITH ORDINALITY i RETURN a, b, x, i",
            "\
project items [0 = Integer(1), 1 = String(\"x\")] scope [0, 1]
filter Greater(0, Integer(0))
unwind [Integer(1), Integer(2)] as 2 ordinal 3 from 1
project items [] scope [0, 1, 2, 3]
columns \"a\"=0, \"b\"=1, \"x\"=2, \"i\"=3",
        ),
        (
            "MATCH (n:A) FINISH",
            "\
match (0:A)
finish
columns",
        ),
        (
            "LOAD CSV WITH HEADERS FROM 'file.csv' AS row FIELDTERMINATOR ';' CREATE (:A {x: row.x})",
            "\
load String(\"file.csv\") as 0 headers true
create (1:A {x: 0.x})
columns",
        ),
    ]);
}

#[test]
fn groups_by_what_is_not_aggregated() {
    all_bound(&[
        (
            "MATCH (n) RETURN n.name AS name, n, count(*) AS c ORDER BY max(n.y), n.name",
            "\
match (0)
project keys [1 = 0.name, 0 = 0] aggregates [2 = CountStar(), 3 = Max(0.y)] items [] scope [1, 0, 2] order 3, 1
columns \"name\"=1, \"n\"=0, \"c\"=2",
        ),
        (
            "MATCH (n) RETURN count(DISTINCT n.x) AS c, percentileCont(n.x, 0.5), collect(n)[0].name, n.y",
            "\
match (0)
project keys [1 = 0.y] aggregates [2 = Count(distinct 0.x), 3 = PercentileCont(0.x, Float(0.5)), 4 = Collect(0)] items [5 = 4[Integer(0)].name] scope [2, 3, 5, 1]
columns \"c\"=2, \"percentileCont(n.x, 0.5)\"=3, \"collect(n)[0].name\"=5, \"n.y\"=1",
        ),
        (
            "MATCH (a)-->(b) RETURN a.name, [x IN collect(b) | x.name + a.name] AS names",
            "\
match (0) (1) (0)-[2]->(1)
project keys [3 = 0.name] aggregates [4 = Collect(1)] items [6 = [5 in 4 where - | Add(5.name, 3)]] scope [3, 6]
columns \"a.name\"=3, \"names\"=6",
        ),
        (
            "MATCH (n) RETURN count(*) AS c, count(*) + 1 AS d ORDER BY count(*)",
            "\
match (0)
project keys [] aggregates [1 = CountStar()] items [2 = Add(1, Integer(1))] scope [1, 2] order 1
columns \"c\"=1, \"d\"=2",
        ),
    ]);
}

#[test]
fn orders_by_columns_and_by_what_lies_below() {
    all_bound(&[
        (
            "MATCH (n) WITH DISTINCT n.name AS name, n.x + 1 AS y ORDER BY n.x + 1, name WHERE name = 'a' RETURN name",
            "\
match (0)
project items [1 = 0.name, 2 = Add(0.x, Integer(1))] scope [1, 2] distinct order 2, 1 where Equal(1, String(\"a\"))
project items [] scope [1]
columns \"name\"=1",
        ),
        (
            "MATCH (n) WITH n.name AS name ORDER BY n.age DESC SKIP 1 LIMIT 2 WHERE n.x = 2 RETURN name",
            "\
match (0)
project items [1 = 0.name] scope [1] order 0.age desc skip Integer(1) limit Integer(2) where Equal(0.x, Integer(2))
project items [] scope [1]
columns \"name\"=1",
        ),
        (
            "MATCH (n) WITH n.num AS n ORDER BY n + 2 RETURN n",
            "\
match (0)
project items [1 = 0.num] scope [1] order Add(1, Integer(2))
project items [] scope [1]
columns \"n\"=1",
        ),
        (
            "MATCH (n) RETURN n.name ORDER BY n.name NULLS FIRST, n.x DESC NULLS LAST",
            "\
match (0)
project items [1 = 0.name] scope [1] order null?(1) desc, 1, null?(0.x), 0.x desc
columns \"n.name\"=1",
        ),
    ]);
}

#[test]
fn writes() {
    all_bound(&[
        (
            "CREATE (a:A:B {x: 1})-[r:T {y: 2}]->(b), (b)<-[:S]-(a) CREATE p = (b)-[:U]->() RETURN p",
            "\
create (0:A:B {x: Integer(1)}) (1) (0)-[2:T {y: Integer(2)}]->(1) (0)-[3:S]->(1)
create (4) (1)-[5:U]->(4) 6 = path[1, 5, 4]
project items [] scope [6]
columns \"p\"=6",
        ),
        (
            "MATCH (n) CREATE (n)-[:T]->(m $props) SET m.x = n.y, m += {z: 1}, m:L:K, n = m REMOVE n.x, m:L",
            "\
match (0)
create (1 $0) (0)-[2:T]->(1)
set [1.x = 0.y, 1 += {z: Integer(1)}, 1:L:K, 0 = 1]
remove 0.x, 1:L
columns",
        ),
        (
            "MATCH (n) MERGE p = (n)<-[r:T {x: n.x}]-(m:M {y: 1}) ON CREATE SET m.c = 1, r.d = 2 ON MATCH SET m += $map RETURN p",
            "\
match (0)
merge (=0) (1:M) (1)-[2:T]->(0) turned 3 = path[0, 2, 1] where Equal(1.y, Integer(1)), Equal(2.x, 0.x) create (1:M {y: Integer(1)}) (1)-[2:T {x: 0.x}]->(0) 3 = path[0, 2, 1] on create [1.c = Integer(1), 2.d = Integer(2)] on match [1 += $0]
project items [] scope [3]
columns \"p\"=3",
        ),
        (
            "MERGE (a)-[r:T]-(b)",
            "\
merge (0) (1) (0)-[2:T]-(1) where  create (0) (1) (0)-[2:T]->(1) on create [] on match []
columns",
        ),
        (
            "MATCH (n) FOREACH (x IN n.list | CREATE (m {v: x})-[:T]->(n) FOREACH (y IN [x] | SET m.y = y))",
            "\
match (0)
foreach 1 in 0.list
  create (2 {v: 1}) (2)-[3:T]->(0)
  foreach 4 in [1]
    set [2.y = 4]
columns",
        ),
        (
            "MATCH p = ()-[r]->() DETACH DELETE p, r",
            "\
match (0) (1) (0)-[2]->(1) 3 = path[0, 2, 1]
delete detach 3, 2
columns",
        ),
    ]);
}

#[test]
fn what_is_made_reads_what_was_made_before() {
    all_bound(&[(
        "CREATE (a {x: 1}), (b {x: a.x}), (a)-[r:T {x: b.x}]->(b), (b)-[:T {x: r.x}]->(a)",
        "\
create (0 {x: Integer(1)}) (1 {x: 0.x}) (0)-[2:T {x: 1.x}]->(1) (1)-[3:T {x: 2.x}]->(0)
columns",
    )]);
}

#[test]
fn unions_by_name() {
    all_bound(&[(
        "RETURN 1 AS a, 2 AS b UNION RETURN 3 AS b, 4 AS a",
        "\
union [4, 5]
branch [0, 1]
  project items [0 = Integer(1), 1 = Integer(2)] scope [0, 1]
branch [3, 2]
  project items [2 = Integer(3), 3 = Integer(4)] scope [2, 3]
columns \"a\"=4, \"b\"=5",
    )]);
}

#[test]
fn calls_procedures() {
    all_bound(&[
        (
            "CALL p.one",
            "\
call p.one($0) yield 0→0, 1→1
columns \"out\"=0, \"more\"=1",
        ),
        (
            "CALL p.one(1) YIELD out AS o WHERE o <> 'x'",
            "\
call p.one(Integer(1)) yield 0→0
columns \"o\"=0",
        ),
        (
            "CALL p.void()",
            "\
call p.void() yield
columns",
        ),
        (
            "MATCH (n) OPTIONAL CALL p.one(n.x) YIELD out RETURN n, out",
            "\
match (0)
optional call outputs [1]
  call p.one(0.x) yield 0→1
project items [] scope [0, 1]
columns \"n\"=0, \"out\"=1",
        ),
    ]);
}
