//! Clauses: slots, scopes, keys and aggregates.

use super::bound;

#[test]
fn resolves_names_to_slots() {
    let text = "MATCH (a:Person)-[:KNOWS]->(b) WHERE a.age > 30 WITH b, count(*) AS n RETURN b.name";
    let expected = "\
match (0:Person) (1) (0)-[2:KNOWS]->(1) where Greater(0.age, Integer(30))
project keys [1 = 1] aggregates [3 = CountStar()] items [] scope [1, 3]
project items [4 = 1.name] scope [4]
columns \"b.name\"=4";
    assert_eq!(bound(text), expected);
}
