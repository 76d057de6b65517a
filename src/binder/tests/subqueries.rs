//! Subqueries: what they read from outside, and what stays in scope inside.

use super::{all_bound, bound};

#[test]
fn imports_are_what_is_read() {
    all_bound(&[
        (
            "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) WITH m, n.x AS x WHERE m.x > x RETURN m } RETURN COUNT { (n)-->(k WHERE k.x = n.x) } AS c, COLLECT { MATCH (o) RETURN o.name } AS names",
            "\
match (0) where subquery 0
project items [6 = subquery 1, 9 = subquery 2] scope [6, 9]
subquery 0 Exists imports [0]
  match (=0) (1) (0)-[2]->(1)
  project items [3 = 0.x] scope [1, 3, 0] where Greater(1.x, 3)
  project items [] scope [1, 0]
subquery 1 Count imports [0]
  match (=0) (4) (0)-[5]->(4) where Equal(4.x, 0.x)
subquery 2 Collect(Slot(8)) imports []
  match (7)
  project items [8 = 7.name] scope [8]
columns \"c\"=6, \"names\"=9",
        ),
        (
            "MATCH (n) RETURN [x IN n.list WHERE EXISTS { (n)-->({id: x}) } | size([(n)-->(m) WHERE m.id = x | m.id])] AS out",
            "\
match (0)
project items [7 = [1 in 0.list where subquery 0 | size(subquery 1)]] scope [7]
subquery 0 Exists imports [0, 1]
  match (=0) (2) (0)-[3]->(2) where Equal(2.id, 1)
subquery 1 Collect(Slot(6)) imports [0, 1]
  match (=0) (4) (0)-[5]->(4) where Equal(4.id, 1)
  project items [6 = 4.id] scope [6, 0, 1]
columns \"out\"=7",
        ),
        (
            "MATCH (a) RETURN a, count(*), size([(a)-->(b) | b.x]) + count(*) AS d",
            "\
match (0)
project keys [0 = 0] aggregates [1 = CountStar()] items [5 = Add(size(subquery 0), 1)] scope [0, 1, 5]
subquery 0 Collect(Slot(4)) imports [0]
  match (=0) (2) (0)-[3]->(2)
  project items [4 = 2.x] scope [4, 0]
columns \"a\"=0, \"count(*)\"=1, \"d\"=5",
        ),
    ]);
}

#[test]
fn outer_variables_outlast_an_inner_with() {
    all_bound(&[
        (
            "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) WITH m.x AS x, count(*) AS c WHERE c > n.x RETURN x } RETURN n",
            "\
match (0) where subquery 0
project items [] scope [0]
subquery 0 Exists imports [0]
  match (=0) (1) (0)-[2]->(1)
  project keys [3 = 1.x, 0 = 0] aggregates [4 = CountStar()] items [] scope [3, 4, 0] where Greater(4, 0.x)
  project items [] scope [3, 0]
columns \"n\"=0",
        ),
        (
            "MATCH (n) CALL (n) { MATCH (n)-->(m) WITH count(*) AS c RETURN c + n.x AS y UNION RETURN n.x AS y } RETURN n, y",
            "\
match (0)
call outputs [6]
  union [6]
  branch [4]
    call outputs [3]
      match (=0) (1) (0)-[2]->(1)
      project keys [] aggregates [3 = CountStar()] items [] scope [3]
    project items [4 = Add(3, 0.x)] scope [4, 0]
  branch [5]
    project items [5 = 0.x] scope [5, 0]
project items [] scope [0, 6]
columns \"n\"=0, \"y\"=6",
        ),
    ]);
}

#[test]
fn what_is_read_behind_an_aggregation_without_keys_encloses_it() {
    all_bound(&[
        (
            "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) WITH count(*) AS c WHERE c > n.x RETURN c } RETURN n",
            "\
match (0) where subquery 0
project items [] scope [0]
subquery 0 Exists imports [0]
  call outputs [3]
    match (=0) (1) (0)-[2]->(1)
    project keys [] aggregates [3 = CountStar()] items [] scope [3]
  filter Greater(3, 0.x)
  project items [] scope [3, 0]
columns \"n\"=0",
        ),
        (
            "MATCH (n) RETURN COLLECT { MATCH (n)-->(m) WITH count(*) AS c RETURN c } AS l",
            "\
match (0)
project items [4 = subquery 0] scope [4]
subquery 0 Collect(Slot(3)) imports [0]
  match (=0) (1) (0)-[2]->(1)
  project keys [] aggregates [3 = CountStar()] items [] scope [3]
  project items [] scope [3]
columns \"l\"=4",
        ),
    ]);
}

#[test]
fn calls_of_subqueries() {
    all_bound(&[
        (
            "MATCH (n) CALL { WITH n MATCH (n)-->(m) RETURN m.x AS x ORDER BY x LIMIT 1 } RETURN n, x",
            "\
match (0)
call outputs [3]
  match (=0) (1) (0)-[2]->(1)
  project items [3 = 1.x] scope [3, 0] order 3 limit Integer(1)
project items [] scope [0, 3]
columns \"n\"=0, \"x\"=3",
        ),
        (
            "MATCH (n) CALL (n) { SET n.x = 1 } IN TRANSACTIONS OF 100 ROWS",
            "\
match (0)
call outputs []
  set [0.x = Integer(1)]
columns",
        ),
        (
            "MATCH (n) OPTIONAL CALL (*) { MATCH (n)-->(m) RETURN * } RETURN *",
            "\
match (0)
optional call outputs [1]
  match (=0) (1) (0)-[2]->(1)
  project items [] scope [1, 0]
project items [] scope [1, 0]
columns \"m\"=1, \"n\"=0",
        ),
    ]);
}

#[test]
fn as_deep_as_the_syntax_allows() {
    let text = format!("RETURN {}1{} AS deep", "[".repeat(250), "]".repeat(250));
    assert!(bound(&text).ends_with("columns \"deep\"=0"));
    let text = format!(
        "MATCH (n) WHERE {}(n)-->(){} RETURN 1 AS deep",
        "EXISTS { MATCH (n) WHERE ".repeat(30),
        " }".repeat(30)
    );
    assert!(bound(&text).contains("subquery 30 "));
}
