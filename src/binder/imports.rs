//! Keeps what a subquery reads from outside readable everywhere inside it, over every inner projection.
//!
//! A variable from outside is the same for all inner rows, so as one more key it makes no more groups. A projection that aggregates without
//! keys gives one row even of none, and gets no key; if something from outside is read behind it, what came up to there becomes an inner call:
//!
//! ```text
//! MATCH (n)-->(m) WITH count(*) AS c WHERE c > n.x RETURN c
//! CALL (n) { MATCH (n)-->(m) RETURN count(*) AS c } FILTER c > n.x RETURN c
//! ```

use crate::expression::Expression;
use crate::vector::Slot;

use super::bound::{CallSubquery, Clause, Projection, QueryBody};
use super::scope::Border;

/// Keeps the imports in scope in a subquery's body, and returns them, in order of number.
pub(super) fn keep_imports(body: &mut QueryBody, border: Border) -> Vec<Slot> {
    let imports: Vec<Slot> = border.imports.into_iter().collect();
    if !imports.is_empty() {
        keep_in_body(body, &imports, border.read_behind);
    }
    imports
}

fn keep_in_body(body: &mut QueryBody, imports: &[Slot], read_behind: bool) {
    match body {
        QueryBody::Union { branches, .. } => {
            branches.iter_mut().for_each(|branch| keep_in_body(&mut branch.body, imports, read_behind));
        }
        QueryBody::Clauses(clauses) => {
            let projections = clauses.iter_mut().filter_map(|clause| match clause {
                Clause::Project(projection) => Some(projection),
                _ => None,
            });
            // Where nothing is read behind an aggregation without keys, nothing is there to be kept either.
            let kept = projections.take_while(|projection| read_behind || !is_keyless(projection));
            kept.for_each(|projection| keep_in_projection(projection, imports));
            if read_behind {
                *clauses = enclosed(std::mem::take(clauses));
            }
        }
    }
}

fn is_keyless(projection: &Projection) -> bool {
    projection.aggregating && projection.keys.is_empty()
}

fn keep_in_projection(projection: &mut Projection, imports: &[Slot]) {
    if is_keyless(projection) {
        return;
    }
    for import in imports {
        if projection.scope.contains(import) {
            continue;
        }
        if projection.aggregating && !projection.keys.iter().any(|(slot, _)| slot == import) {
            projection.keys.push((*import, Expression::Slot(*import)));
        }
        projection.scope.push(*import);
    }
}

/// Puts everything up to each projection that aggregates without keys into an inner call.
fn enclosed(clauses: Vec<Clause>) -> Vec<Clause> {
    let mut outer = Vec::with_capacity(clauses.len());
    for clause in clauses {
        match clause {
            Clause::Project(mut projection) if is_keyless(&projection) => {
                let predicate = projection.predicate.take();
                // One row has no order.
                projection.order.clear();
                let outputs = projection.scope.clone();
                outer.push(Clause::Project(projection));
                outer = vec![Clause::Subquery(CallSubquery {
                    body: QueryBody::Clauses(outer),
                    outputs,
                    returns: true,
                    optional: false,
                    transactions: None,
                })];
                outer.extend(predicate.map(Clause::Filter));
            }
            other => outer.push(other),
        }
    }
    outer
}
