//! What the generated queries found, mended since: each stays as the smallest case that showed it.

use super::check::{Verdict, check};
use super::engine::{Given, answer, bind, read_out};
use super::graph::Graph;
use crate::graph::Snapshot;

/// What broke, the statements that make the graph, and the query.
const CASES: &[(&str, &str, &str)] = &[(
    "a chain written from right to left was listed from its other end",
    "CREATE (:A)-[:R {n: 1}]->(:B)-[:R {n: 2}]->(:C)",
    "MATCH p = (c:C)<-[r*2]-(a:A) RETURN [x IN r | x.n] AS n, [x IN nodes(p) | labels(x)] AS nodes",
)];

#[test]
fn what_was_mended_stays_mended() {
    for (what, script, query) in CASES {
        let mut snapshot = Snapshot::empty();
        for statement in script.split(';').filter(|statement| !statement.trim().is_empty()) {
            let bound = bind(statement, &snapshot).unwrap_or_else(|error| panic!("{what}: {error}"));
            match answer(&bound, &snapshot, &[]) {
                Given::Rows(_, after) => snapshot = after,
                other => panic!("{what}: {other:?}"),
            }
        }
        let model = read_out(&snapshot).unwrap_or_else(|error| panic!("{what}: {error}"));
        match check(query, &Graph { snapshot, model }, None) {
            Verdict::Same { .. } => {}
            other => panic!("{what}: {other:?}"),
        }
    }
}
