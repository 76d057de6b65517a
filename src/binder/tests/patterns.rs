//! Patterns: nodes, steps, paths, conditions.

use super::all_bound;

#[test]
fn nodes_and_relationships() {
    all_bound(&[
        (
            "MATCH (a:A {x: 1})<-[r:T {y: 2}]-(b:B|C WHERE b.z > 3), (a:D) WHERE a.v = b.v RETURN *",
            "\
match (0:A&D) (1:B|C) (1)-[2:T]->(0) turned where Equal(0.x, Integer(1)), Greater(1.z, Integer(3)), Equal(2.y, Integer(2)), Equal(0.v, 1.v)
project items [] scope [0, 1, 2]
columns \"a\"=0, \"b\"=1, \"r\"=2",
        ),
        (
            "MATCH (a)-[r]->(b) MATCH (a)-[r]->(c)--(d) RETURN 1 AS one",
            "\
match (0) (1) (0)-[2]->(1)
match (=0) (3) (4) (0)-[=2]->(3) (3)-[5]-(4) distinct [0, 1]
project items [6 = Integer(1)] scope [6]
columns \"one\"=6",
        ),
    ]);
}

#[test]
fn chains() {
    all_bound(&[
        (
            "MATCH (d)<-[rs:T*1..3 {k: d.k}]-(e) RETURN rs",
            "\
match (0) (1) (1)-[2:T*1..3 each 3 Equal(3.k, 0.k) Trail]->(0) turned
project items [] scope [2]
columns \"rs\"=2",
        ),
        (
            "MATCH p = (a)<-[*2]-(b)--(c) RETURN p",
            "\
match (0) (1) (3) (1)-[2*2..2 Trail]->(0) turned (1)-[4]-(3) distinct [0, 1] 5 = path[0, 2, 1, 4, 3]
project items [] scope [5]
columns \"p\"=5",
        ),
        (
            "MATCH (a)-[rs*]->(b) MATCH (a)-[rs*]->(c) RETURN c",
            "\
match (0) (1) (0)-[2*1.. Trail]->(1)
match (=0) (3) (0)-[=2*1.. Trail]->(3)
project items [] scope [3]
columns \"c\"=3",
        ),
        (
            "MATCH p = WALK (a)-[:X]->{1,3}(b)-[:Y]->(c) RETURN p",
            "\
match (0) (1) (3) (0)-[2:X*1..3 Walk]->(1) (1)-[4:Y]->(3) 5 = path[0, 2, 1, 4, 3]
project items [] scope [5]
columns \"p\"=5",
        ),
        (
            "MATCH p = ACYCLIC (a)-[:X]->{1,3}(b)-[:Y]->(c) RETURN p",
            "\
match (0) (1) (3) (0)-[2:X*1..3 Acyclic]->(1) (1)-[4:Y]->(3) distinct [0, 1] 5 = path[0, 2, 1, 4, 3] where All(6 in nodes(5) where Single(7 in nodes(5) where Equal(6, 7)))
project items [] scope [5]
columns \"p\"=5",
        ),
    ]);
}

#[test]
fn shortest_paths() {
    all_bound(&[
        (
            "MATCH p = ANY SHORTEST (a)-[:X]->+(b) RETURN p",
            "\
match (0) (1) (0)-[2:X*1.. AnyShortest]->(1) 3 = path[0, 2, 1]
project items [] scope [3]
columns \"p\"=3",
        ),
        (
            "MATCH (a), (b) RETURN shortestPath((a)-[:T*..5]->(b)) AS p, allShortestPaths((a)-[*]-(b)) AS q",
            "\
match (0) (1)
project items [5 = subquery 0[Integer(0)], 9 = subquery 1] scope [5, 9]
subquery 0 Collect(Slot(4)) imports [0, 1]
  match (=0) (=1) (0)-[2:T*1..5 AnyShortest]->(1)
  project items [4 = path[0, 2, 1]] scope [4, 0, 1]
subquery 1 Collect(Slot(8)) imports [0, 1]
  match (=0) (=1) (0)-[6*1.. AllShortest]-(1)
  project items [8 = path[0, 6, 1]] scope [8, 0, 1]
columns \"p\"=5, \"q\"=9",
        ),
    ]);
}

#[test]
fn groups() {
    all_bound(&[
        (
            "MATCH ((x)-[r:X WHERE r.y > 1]->(y) WHERE x.v < y.v){2,}-[s]->(z) RETURN x, r, z",
            "\
match (0) (1) (9) (0)-[8{(2) (3) (2)-[4:X]->(3) where Greater(4.y, Integer(1)), Less(2.v, 3.v) groups [(2, 5), (3, 6), (4, 7)] 2..None}]->(1) (1)-[10]->(9) distinct [0, 1]
project items [] scope [5, 7, 9]
columns \"x\"=5, \"r\"=7, \"z\"=9",
        ),
        (
            "MATCH (a) ((b)-[:T]->(c)) (d) RETURN a, d",
            "\
match (0) (1) (2) (4) (1)-[3:T]->(2) where Equal(0, 1), Equal(2, 4)
project items [] scope [0, 4]
columns \"a\"=0, \"d\"=4",
        ),
    ]);
}
