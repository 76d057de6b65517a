//! Walking written expressions: direct parts, whether one aggregates, which variables it mentions, whether two say the same.

use smol_str::SmolStr;

use crate::function::Aggregate;
use crate::syntax::ast::{Case, Expression, ExpressionKind, MapProjectionItem};

/// Calls `visit` with every direct part of an expression; what stands in patterns and subqueries is no part.
pub(super) fn for_each_part<'a>(expression: &'a Expression, visit: &mut dyn FnMut(&'a Expression)) {
    match &expression.kind {
        ExpressionKind::Literal(_)
        | ExpressionKind::Variable(_)
        | ExpressionKind::Parameter(_)
        | ExpressionKind::CountStar
        | ExpressionKind::PatternComprehension(_)
        | ExpressionKind::Pattern(_)
        | ExpressionKind::Subquery(_) => {}
        ExpressionKind::List(items) => items.iter().for_each(visit),
        ExpressionKind::Map(entries) => entries.iter().for_each(|entry| visit(&entry.value)),
        ExpressionKind::Property { of, .. } => visit(of),
        ExpressionKind::Index { of, index } => [of, index].into_iter().for_each(|part| visit(part)),
        ExpressionKind::Slice { of, from, to } => {
            [Some(of), from.as_ref(), to.as_ref()].into_iter().flatten().for_each(|part| visit(part));
        }
        ExpressionKind::Unary { operand, .. }
        | ExpressionKind::IsNull { operand, .. }
        | ExpressionKind::IsTyped { operand, .. }
        | ExpressionKind::Cast { operand, .. }
        | ExpressionKind::HasLabels { operand, .. } => visit(operand),
        ExpressionKind::Logical { operands, .. } => operands.iter().for_each(visit),
        ExpressionKind::Arithmetic { first, rest } => {
            visit(first);
            rest.iter().for_each(|(_, part)| visit(part));
        }
        ExpressionKind::Comparison { first, rest } => {
            visit(first);
            rest.iter().for_each(|(_, part)| visit(part));
        }
        ExpressionKind::StringPredicate { left, right, .. } => [left, right].into_iter().for_each(|part| visit(part)),
        ExpressionKind::In { element, list } => [element, list].into_iter().for_each(|part| visit(part)),
        ExpressionKind::FunctionCall { arguments, .. } => arguments.iter().for_each(visit),
        ExpressionKind::Case(case) => for_each_part_of_case(case, visit),
        ExpressionKind::ListComprehension(inner) => {
            visit(&inner.list);
            inner.filter.iter().chain(&inner.map).for_each(visit);
        }
        ExpressionKind::Quantifier(inner) => [&inner.list, &inner.filter].into_iter().for_each(visit),
        ExpressionKind::Reduce(inner) => [&inner.initial, &inner.list, &inner.step].into_iter().for_each(visit),
        ExpressionKind::MapProjection { items, .. } => {
            for item in items {
                if let MapProjectionItem::Entry(entry) = item {
                    visit(&entry.value);
                }
            }
        }
    }
}

fn for_each_part_of_case<'a>(case: &'a Case, visit: &mut dyn FnMut(&'a Expression)) {
    case.operand.iter().for_each(&mut *visit);
    for branch in &case.branches {
        visit(&branch.when);
        visit(&branch.then);
    }
    case.otherwise.iter().for_each(visit);
}

/// Says whether an aggregate stands in the expression, subqueries and patterns aside.
pub(super) fn aggregates(expression: &Expression) -> bool {
    let itself = match &expression.kind {
        ExpressionKind::CountStar => true,
        ExpressionKind::FunctionCall { name, .. } => Aggregate::lookup(&name.text()).is_some(),
        _ => false,
    };
    let mut found = itself;
    for_each_part(expression, &mut |part| found = found || aggregates(part));
    found
}

/// Adds the names of all variables that the expression mentions, those of its own included.
pub(super) fn variables(expression: &Expression, names: &mut Vec<SmolStr>) {
    match &expression.kind {
        ExpressionKind::Variable(name) => names.push(name.clone()),
        ExpressionKind::MapProjection { of, .. } => names.push(of.text.clone()),
        _ => {}
    }
    for_each_part(expression, &mut |part| variables(part, names));
}

/// Says whether the expression is a variable, or a property of one.
pub(super) fn is_simple(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Variable(_) => true,
        ExpressionKind::Property { of, .. } => is_simple(of),
        _ => false,
    }
}

/// Says whether two written expressions say the same, wherever they stand.
pub(super) fn same(left: &Expression, right: &Expression, source: &str) -> bool {
    use ExpressionKind as Kind;
    let own = match (&left.kind, &right.kind) {
        (Kind::Literal(left), Kind::Literal(right)) => left == right,
        (Kind::Variable(left), Kind::Variable(right)) | (Kind::Parameter(left), Kind::Parameter(right)) => {
            left == right
        }
        (Kind::CountStar, Kind::CountStar)
        | (Kind::List(_), Kind::List(_))
        | (Kind::Index { .. }, Kind::Index { .. }) => true,
        (Kind::Map(left), Kind::Map(right)) => {
            left.iter().map(|entry| &entry.key.text).eq(right.iter().map(|entry| &entry.key.text))
        }
        (Kind::Property { key: left, .. }, Kind::Property { key: right, .. }) => left.text == right.text,
        (Kind::Unary { operator: left, .. }, Kind::Unary { operator: right, .. }) => left == right,
        (Kind::Logical { operator: left, .. }, Kind::Logical { operator: right, .. }) => left == right,
        (Kind::Arithmetic { rest: left, .. }, Kind::Arithmetic { rest: right, .. }) => {
            left.iter().map(|(operator, _)| operator).eq(right.iter().map(|(operator, _)| operator))
        }
        (Kind::Comparison { rest: left, .. }, Kind::Comparison { rest: right, .. }) => {
            left.iter().map(|(operator, _)| operator).eq(right.iter().map(|(operator, _)| operator))
        }
        (Kind::StringPredicate { operator: left, .. }, Kind::StringPredicate { operator: right, .. }) => left == right,
        (Kind::In { .. }, Kind::In { .. }) => true,
        (Kind::IsNull { negated: left, .. }, Kind::IsNull { negated: right, .. }) => left == right,
        (
            Kind::IsTyped { value_type: left, negated: left_negated, .. },
            Kind::IsTyped { value_type: right, negated: right_negated, .. },
        ) => left == right && left_negated == right_negated,
        (Kind::Cast { value_type: left, .. }, Kind::Cast { value_type: right, .. }) => left == right,
        (
            Kind::FunctionCall { name: left, distinct: left_distinct, .. },
            Kind::FunctionCall { name: right, distinct: right_distinct, .. },
        ) => left.text().eq_ignore_ascii_case(&right.text()) && left_distinct == right_distinct,
        // What has variables or patterns of its own says the same only if it is written the same.
        _ => return bare_text(left, source) == bare_text(right, source),
    };
    own && same_parts(left, right, source)
}

fn same_parts(left: &Expression, right: &Expression, source: &str) -> bool {
    let (mut left_parts, mut right_parts) = (Vec::new(), Vec::new());
    for_each_part(left, &mut |part| left_parts.push(part));
    for_each_part(right, &mut |part| right_parts.push(part));
    left_parts.len() == right_parts.len()
        && left_parts.iter().zip(&right_parts).all(|(left, right)| same(left, right, source))
}

/// Returns the text of an expression with every row of blanks as one, so that a line break does not count.
fn bare_text(expression: &Expression, source: &str) -> String {
    expression.span.text(source).split_whitespace().collect::<Vec<_>>().join(" ")
}
