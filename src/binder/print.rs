//! Prints bound queries in a compact form, for tests.

use super::bound::{
    BoundQuery, Clause, CreatePattern, Match, Pattern, Projection, QueryBody, RemoveItem, SetItem, StepKind,
};
use crate::expression::{Expression, MapEntry};
use crate::vector::Slot;

/// Returns the query as lines, one a clause.
pub(super) fn print(query: &BoundQuery) -> String {
    let mut text = String::new();
    print_body(&query.body, "", &mut text);
    for (number, subquery) in query.subqueries.iter().enumerate() {
        text += &format!("subquery {number} {:?} imports {}\n", subquery.kind, slots(&subquery.imports));
        print_body(&subquery.body, "  ", &mut text);
    }
    let columns: Vec<String> =
        query.columns.iter().map(|column| format!("{:?}={}", column.name.as_str(), column.slot.0)).collect();
    text += &format!("columns {}", columns.join(", "));
    text
}

fn print_body(body: &QueryBody, indent: &str, text: &mut String) {
    match body {
        QueryBody::Clauses(clauses) => clauses.iter().for_each(|clause| print_clause(clause, indent, text)),
        QueryBody::Union { branches, all, output } => {
            *text += &format!("{indent}union{} {}\n", if *all { " all" } else { "" }, slots(output));
            for branch in branches {
                *text += &format!("{indent}branch {}\n", slots(&branch.columns));
                print_body(&branch.body, &format!("{indent}  "), text);
            }
        }
    }
}

fn print_clause(clause: &Clause, indent: &str, text: &mut String) {
    let line = match clause {
        Clause::Match(found) => print_match(found),
        Clause::Unwind { list, variable, ordinal } => {
            let ordinal = ordinal.map_or(String::new(), |(slot, first)| format!(" ordinal {} from {first}", slot.0));
            format!("unwind {} as {}{ordinal}", show(list), variable.0)
        }
        Clause::Project(projection) => print_projection(projection),
        Clause::Filter(predicate) => format!("filter {}", show(predicate)),
        Clause::Create(made) => format!("create {}", print_made(made)),
        Clause::Merge(merge) => format!(
            "merge {} where {} create {} on create {} on match {}",
            print_pattern(&merge.pattern),
            list(&merge.predicates),
            print_made(&merge.create),
            print_set(&merge.on_create),
            print_set(&merge.on_match)
        ),
        Clause::Set(items) => format!("set {}", print_set(items)),
        Clause::Remove(items) => {
            let items = items.iter().map(|item| match item {
                RemoveItem::Property { target, key } => format!("{}.{key}", show(target)),
                RemoveItem::Labels { target, labels } => format!("{}:{}", show(target), labels.join(":")),
            });
            format!("remove {}", items.collect::<Vec<_>>().join(", "))
        }
        Clause::Delete { targets, detach } => {
            format!("delete {}{}", if *detach { "detach " } else { "" }, list(targets))
        }
        Clause::ForEach { variable, list, clauses } => {
            *text += &format!("{indent}foreach {} in {}\n", variable.0, show(list));
            clauses.iter().for_each(|clause| print_clause(clause, &format!("{indent}  "), text));
            return;
        }
        Clause::Call(call) => {
            let yields: Vec<String> = call.yields.iter().map(|(place, slot)| format!("{place}→{}", slot.0)).collect();
            format!("call {}({}) yield {}", call.name, list(&call.arguments), yields.join(", "))
        }
        Clause::Subquery(call) => {
            let optional = if call.optional { "optional " } else { "" };
            *text += &format!("{indent}{optional}call outputs {}\n", slots(&call.outputs));
            print_body(&call.body, &format!("{indent}  "), text);
            return;
        }
        Clause::LoadCsv { url, variable, headers, .. } => {
            format!("load {} as {} headers {headers}", show(url), variable.0)
        }
        Clause::Finish => "finish".to_string(),
    };
    *text += &format!("{indent}{line}\n");
}

fn print_match(found: &Match) -> String {
    let optional = if found.optional { "optional " } else { "" };
    let condition =
        if found.predicates.is_empty() { String::new() } else { format!(" where {}", list(&found.predicates)) };
    format!("{optional}match {}{condition}", print_pattern(&found.pattern))
}

fn print_pattern(pattern: &Pattern) -> String {
    let mut parts = Vec::new();
    for node in &pattern.nodes {
        let label = node.label.as_ref().map_or(String::new(), |label| format!(":{label}"));
        parts.push(format!("({}{}{label})", if node.bound { "=" } else { "" }, node.slot.0));
    }
    for step in &pattern.steps {
        let label = step.relationship.label.as_ref().map_or(String::new(), |label| format!(":{label}"));
        let kind = match &step.kind {
            StepKind::Single => String::new(),
            StepKind::Variable { min, max, predicate, mode } => {
                let predicate =
                    predicate.as_ref().map_or(String::new(), |(slot, p)| format!(" each {} {}", slot.0, show(p)));
                format!("*{min}..{}{predicate} {mode:?}", max.map_or(String::new(), |max| max.to_string()))
            }
            StepKind::Shortest { min, max, selector, .. } => {
                format!("*{min}..{} {selector:?}", max.map_or(String::new(), |max| max.to_string()))
            }
            StepKind::Quantified(inner) => format!(
                "{{{} where {} groups {:?} {}..{:?}}}",
                print_pattern(&inner.pattern),
                list(&inner.predicates),
                inner.groups.iter().map(|(inner, outer)| (inner.0, outer.0)).collect::<Vec<_>>(),
                inner.min,
                inner.max
            ),
        };
        let [from, to] =
            [step.from, step.to].map(|place| pattern.nodes.get(place).map_or(u32::MAX, |node| node.slot.0));
        parts.push(format!(
            "({from})-[{}{}{label}{kind}]-{}({to}){}",
            if step.bound { "=" } else { "" },
            step.slot.0,
            if step.relationship.undirected { "" } else { ">" },
            if step.turned { " turned" } else { "" }
        ));
    }
    parts.extend(pattern.distinct.iter().map(|group| format!("distinct {group:?}")));
    parts.extend(pattern.paths.iter().map(|(slot, path)| format!("{} = {}", slot.0, show(path))));
    parts.join(" ")
}

fn print_made(made: &CreatePattern) -> String {
    let properties = |map: &Option<Expression>| map.as_ref().map_or(String::new(), |map| format!(" {}", show(map)));
    let mut parts = Vec::new();
    for node in &made.nodes {
        let labels: String = node.labels.iter().map(|label| format!(":{label}")).collect();
        parts.push(format!("({}{labels}{})", node.slot.0, properties(&node.properties)));
    }
    for made in &made.relationships {
        parts.push(format!(
            "({})-[{}:{}{}]->({})",
            made.from.0,
            made.slot.0,
            made.label,
            properties(&made.properties),
            made.to.0
        ));
    }
    parts.extend(made.paths.iter().map(|(slot, path)| format!("{} = {}", slot.0, show(path))));
    parts.join(" ")
}

fn print_set(items: &[SetItem]) -> String {
    let items = items.iter().map(|item| match item {
        SetItem::Property { target, key, value } => format!("{}.{key} = {}", show(target), show(value)),
        SetItem::Replace { target, value } => format!("{} = {}", show(target), show(value)),
        SetItem::Merge { target, value } => format!("{} += {}", show(target), show(value)),
        SetItem::Labels { target, labels } => format!("{}:{}", show(target), labels.join(":")),
    });
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn print_projection(projection: &Projection) -> String {
    let pairs = |items: &[(Slot, Expression)]| {
        items.iter().map(|(slot, item)| format!("{} = {}", slot.0, show(item))).collect::<Vec<_>>().join(", ")
    };
    let mut text = "project".to_string();
    if projection.aggregating {
        text += &format!(" keys [{}]", pairs(&projection.keys));
        let calls = projection.aggregates.iter().map(|(slot, call)| {
            let distinct = if call.distinct { "distinct " } else { "" };
            let arguments: Vec<String> = call.argument.iter().chain(&call.parameter).map(show).collect();
            format!("{} = {:?}({distinct}{})", slot.0, call.function, arguments.join(", "))
        });
        text += &format!(" aggregates [{}]", calls.collect::<Vec<_>>().join(", "));
    }
    text += &format!(" items [{}] scope {}", pairs(&projection.items), slots(&projection.scope));
    if projection.distinct {
        text += " distinct";
    }
    if !projection.order.is_empty() {
        let keys = projection
            .order
            .iter()
            .map(|key| format!("{}{}", show(&key.expression), if key.descending { " desc" } else { "" }));
        text += &format!(" order {}", keys.collect::<Vec<_>>().join(", "));
    }
    for (word, part) in [("skip", &projection.skip), ("limit", &projection.limit), ("where", &projection.predicate)] {
        if let Some(part) = part {
            text += &format!(" {word} {}", show(part));
        }
    }
    text
}

fn slots(slots: &[Slot]) -> String {
    format!("{:?}", slots.iter().map(|slot| slot.0).collect::<Vec<_>>())
}

fn list(expressions: &[Expression]) -> String {
    expressions.iter().map(show).collect::<Vec<_>>().join(", ")
}

/// Returns an expression with its slots as numbers.
fn show(expression: &Expression) -> String {
    match expression {
        Expression::Constant(value) => format!("{value:?}"),
        Expression::Parameter(place) => format!("${place}"),
        Expression::Slot(slot) => slot.0.to_string(),
        Expression::Property(of, key) => format!("{}.{key}", show(of)),
        Expression::HasLabel(of, label) => format!("{}:{label}", show(of)),
        Expression::Not(inner) => format!("not({})", show(inner)),
        Expression::And(parts) => format!("and({})", list(parts)),
        Expression::Or(parts) => format!("or({})", list(parts)),
        Expression::Comparison(operator, left, right) => format!("{operator:?}({}, {})", show(left), show(right)),
        Expression::Arithmetic(operator, left, right) => format!("{operator:?}({}, {})", show(left), show(right)),
        Expression::IsNull(inner) => format!("null?({})", show(inner)),
        Expression::List(items) => format!("[{}]", list(items)),
        Expression::Map(entries) => {
            let entries = entries.iter().map(|entry| match entry {
                MapEntry::Pair(key, value) => format!("{key}: {}", show(value)),
                MapEntry::All(of) => format!("*{}", show(of)),
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Expression::Index(of, index) => format!("{}[{}]", show(of), show(index)),
        Expression::Function(function, arguments) => format!("{}({})", function.name, list(arguments)),
        Expression::Comprehension { variable, list, predicate, projection } => {
            let part = |part: &Option<Box<Expression>>| part.as_ref().map_or("-".to_string(), |part| show(part));
            format!("[{} in {} where {} | {}]", variable.0, show(list), part(predicate), part(projection))
        }
        Expression::Quantifier { kind, variable, list, predicate } => {
            format!("{kind:?}({} in {} where {})", variable.0, show(list), show(predicate))
        }
        Expression::Subquery(id) => format!("subquery {}", id.0),
        Expression::Path(path) => format!("path{}", slots(path)),
        other => format!("{other:?}"),
    }
}
