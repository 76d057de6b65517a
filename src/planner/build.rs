//! Builds the logical plan of a bound query, clause by clause, in the order of the text.

use crate::binder::bound::{BoundQuery, Clause, Projection, QueryBody};

use super::logical::{ApplyKind, LogicalPlan, LogicalQuery, LogicalSubquery};

/// Returns the logical plan of a query, as written: nothing is reordered yet.
pub fn build(query: &BoundQuery) -> LogicalQuery {
    let subqueries = query.subqueries.iter().map(|subquery| LogicalSubquery {
        kind: subquery.kind,
        plan: build_body(&subquery.body, LogicalPlan::Argument),
        imports: subquery.imports.clone(),
    });
    LogicalQuery {
        subqueries: subqueries.collect(),
        root: build_body(&query.body, LogicalPlan::Argument),
        slots: query.slots.clone(),
        citation: None,
    }
}

fn build_body(body: &QueryBody, input: LogicalPlan) -> LogicalPlan {
    match body {
        QueryBody::Clauses(clauses) => clauses.iter().fold(input, build_clause),
        QueryBody::Union { branches, all, output } => {
            let branches =
                branches.iter().map(|branch| (build_body(&branch.body, LogicalPlan::Argument), branch.columns.clone()));
            let union =
                LogicalPlan::Union { input: Box::new(input), branches: branches.collect(), output: output.clone() };
            if *all { union } else { LogicalPlan::Distinct { input: Box::new(union), slots: output.clone() } }
        }
    }
}

fn build_clause(input: LogicalPlan, clause: &Clause) -> LogicalPlan {
    let input = Box::new(input);
    match clause {
        Clause::Match(found) => LogicalPlan::Pattern {
            input,
            pattern: found.pattern.clone(),
            predicates: found.predicates.clone(),
            optional: found.optional,
        },
        Clause::Unwind { list, variable, ordinal } => {
            LogicalPlan::Unwind { input, list: list.clone(), variable: *variable, ordinal: *ordinal }
        }
        Clause::Project(projection) => build_projection(*input, projection),
        Clause::Filter(predicate) => LogicalPlan::Filter { input, predicate: predicate.clone() },
        Clause::Create(pattern) => LogicalPlan::Create { input, pattern: pattern.clone() },
        Clause::Merge(merge) => LogicalPlan::Merge { input, merge: Box::new(merge.clone()) },
        Clause::Set(items) => LogicalPlan::Set { input, items: items.clone() },
        Clause::Remove(items) => LogicalPlan::Remove { input, items: items.clone() },
        Clause::Delete { targets, detach } => LogicalPlan::Delete { input, targets: targets.clone(), detach: *detach },
        Clause::ForEach { variable, list, clauses } => LogicalPlan::ForEach {
            input,
            variable: *variable,
            list: list.clone(),
            inner: Box::new(clauses.iter().fold(LogicalPlan::Argument, build_clause)),
        },
        Clause::Call(call) => build_call(*input, call),
        Clause::Subquery(subquery) => LogicalPlan::Apply {
            input,
            inner: Box::new(build_body(&subquery.body, LogicalPlan::Argument)),
            outputs: subquery.outputs.clone(),
            kind: match (subquery.returns, subquery.optional) {
                (false, _) => ApplyKind::Unit,
                (true, true) => ApplyKind::Left,
                (true, false) => ApplyKind::Inner,
            },
            transactions: subquery.transactions.clone(),
        },
        Clause::LoadCsv { url, variable, headers, separator } => LogicalPlan::LoadCsv {
            input,
            url: url.clone(),
            variable: *variable,
            headers: *headers,
            separator: *separator,
        },
        Clause::Finish => LogicalPlan::Finish { input },
    }
}

fn build_call(input: LogicalPlan, call: &crate::binder::bound::ProcedureCall) -> LogicalPlan {
    let plan = LogicalPlan::Call { input: Box::new(input), call: call.clone() };
    match &call.predicate {
        Some(predicate) => LogicalPlan::Filter { input: Box::new(plan), predicate: predicate.clone() },
        None => plan,
    }
}

fn build_projection(input: LogicalPlan, projection: &Projection) -> LogicalPlan {
    let mut plan = input;
    if projection.aggregating {
        plan = LogicalPlan::Aggregate {
            input: Box::new(plan),
            keys: projection.keys.clone(),
            aggregates: projection.aggregates.clone(),
        };
    }
    let (items, scope) = (projection.items.clone(), projection.scope.clone());
    plan = LogicalPlan::Project { input: Box::new(plan), items, scope };
    if projection.distinct {
        plan = LogicalPlan::Distinct { input: Box::new(plan), slots: projection.scope.clone() };
    }
    if !projection.order.is_empty() {
        plan = LogicalPlan::Sort { input: Box::new(plan), keys: projection.order.clone() };
    }
    if let Some(count) = &projection.skip {
        plan = LogicalPlan::Skip { input: Box::new(plan), count: count.clone() };
    }
    if let Some(count) = &projection.limit {
        plan = LogicalPlan::Limit { input: Box::new(plan), count: count.clone() };
    }
    if let Some(predicate) = &projection.predicate {
        plan = LogicalPlan::Filter { input: Box::new(plan), predicate: predicate.clone() };
    }
    plan
}
