//! Clauses that write: CREATE, INSERT, MERGE, SET, REMOVE, DELETE, FOREACH.

use super::ast::{
    Create, Delete, Expression, ExpressionKind, Foreach, Merge, MergeAction, MergeEvent, Name, Remove, RemoveItem,
    RemoveItemKind, Set, SetItem, SetItemKind,
};
use super::check;
use super::error::{Built, SyntaxError, SyntaxErrorKind};
use super::limit::{Depth, QUERY_LEVELS};
use super::parse_atom::{atom, last_of};
use super::parse_expression::{expression, lookup};
use super::parse_literal::name;
use super::parse_pattern::path_pattern;
use super::parse_query::{clause, missing_part};
use super::parser::{Node, Rule, span_of};
use super::precedence::refuse_pattern;

/// Builds `CREATE …`.
pub(super) fn create(node: Node<'_>, depth: Depth) -> Built<Create> {
    created(node, depth, false)
}

/// Builds `INSERT …`.
pub(super) fn insert(node: Node<'_>, depth: Depth) -> Built<Create> {
    created(node, depth, true)
}

fn created(node: Node<'_>, depth: Depth, insert: bool) -> Built<Create> {
    let mut built = Create { insert, patterns: Vec::new(), span: span_of(&node) };
    for part in node.into_inner().filter(|part| part.as_rule() == Rule::path_pattern) {
        built.patterns.push(path_pattern(part, depth)?);
    }
    let word = if insert { "INSERT" } else { "CREATE" };
    built.patterns.iter().try_for_each(|path| check::makeable(path, word))?;
    Ok(built)
}

/// Builds `MERGE … [ON CREATE SET …] [ON MATCH SET …]`.
pub(super) fn merge(node: Node<'_>, depth: Depth) -> Built<Merge> {
    let span = span_of(&node);
    let (mut pattern, mut actions) = (None, Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::path_pattern => pattern = Some(path_pattern(part, depth)?),
            Rule::merge_action => actions.push(merge_action(part, depth)?),
            _ => {}
        }
    }
    let pattern = pattern.ok_or_else(|| missing_part(span))?;
    check::makeable(&pattern, "MERGE")?;
    check::refuse_parameter_properties(std::slice::from_ref(&pattern), "MERGE")?;
    Ok(Merge { pattern, actions, span })
}

fn merge_action(node: Node<'_>, depth: Depth) -> Built<MergeAction> {
    let mut built = MergeAction { event: MergeEvent::Create, items: Vec::new(), span: span_of(&node) };
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_match => built.event = MergeEvent::Match,
            Rule::set => built.items = set(part, depth)?.items,
            _ => {}
        }
    }
    Ok(built)
}

/// Builds `SET …`.
pub(super) fn set(node: Node<'_>, depth: Depth) -> Built<Set> {
    let mut built = Set { items: Vec::new(), span: span_of(&node) };
    for part in node.into_inner().filter(|part| part.as_rule() == Rule::set_item) {
        let span = span_of(&part);
        let form = part.into_inner().next().ok_or_else(|| missing_part(span))?;
        built.items.push(SetItem { kind: set_item(form, depth)?, span });
    }
    Ok(built)
}

fn set_item(node: Node<'_>, depth: Depth) -> Built<SetItemKind> {
    let span = span_of(&node);
    let rule = node.as_rule();
    let mut parts = node.into_inner();
    let (Some(target), Some(rest)) = (parts.next(), parts.last()) else { return Err(missing_part(span)) };
    Ok(match rule {
        Rule::set_labels => SetItemKind::Labels { variable: name(&target), labels: label_names(rest) },
        Rule::set_replace => SetItemKind::Replace { variable: name(&target), value: expression(rest, depth)? },
        Rule::set_add => SetItemKind::Add { variable: name(&target), value: expression(rest, depth)? },
        _ => {
            let (of, key) = property_target(target, depth)?;
            SetItemKind::Property { of, key, value: expression(rest, depth)? }
        }
    })
}

fn label_names(node: Node<'_>) -> Vec<Name> {
    node.into_inner().filter(|part| part.as_rule() == Rule::schema_name).map(|part| name(&part)).collect()
}

/// Builds what ends with a key: the element and the key.
fn property_target(node: Node<'_>, depth: Depth) -> Built<(Expression, Name)> {
    let span = span_of(&node);
    let mut parts = node.into_inner();
    let start = parts.next().ok_or_else(|| missing_part(span))?;
    let lookups: Vec<Node<'_>> = parts.collect();
    let depth = depth.below(lookups.len(), &start)?;
    let mut outer = span_of(&start);
    let mut built = atom(start, depth)?;
    refuse_pattern(&built)?;
    for step in lookups {
        outer = outer.to(span_of(&step));
        built = Expression { kind: lookup(built, step, depth)?, span: outer };
    }
    match built.kind {
        ExpressionKind::Property { of, key } => Ok((*of, key)),
        _ => Err(SyntaxError::new(
            SyntaxErrorKind::UnexpectedSyntax,
            "what is set or removed must end with a property's key",
            span,
        )
        .with_hint("write `n.key`")),
    }
}

/// Builds `REMOVE …`.
pub(super) fn remove(node: Node<'_>, depth: Depth) -> Built<Remove> {
    let mut built = Remove { items: Vec::new(), span: span_of(&node) };
    for part in node.into_inner().filter(|part| part.as_rule() == Rule::remove_item) {
        let span = span_of(&part);
        let form = part.into_inner().next().ok_or_else(|| missing_part(span))?;
        built.items.push(RemoveItem { kind: remove_item(form, depth)?, span });
    }
    Ok(built)
}

fn remove_item(node: Node<'_>, depth: Depth) -> Built<RemoveItemKind> {
    let span = span_of(&node);
    if node.as_rule() == Rule::property_target {
        let (of, key) = property_target(node, depth)?;
        return Ok(RemoveItemKind::Property { of, key });
    }
    let mut parts = node.into_inner();
    match (parts.next(), parts.last()) {
        (Some(variable), Some(labels)) => {
            Ok(RemoveItemKind::Labels { variable: name(&variable), labels: label_names(labels) })
        }
        _ => Err(missing_part(span)),
    }
}

/// Builds `[DETACH] DELETE …`.
pub(super) fn delete(node: Node<'_>, depth: Depth) -> Built<Delete> {
    let mut built = Delete { detach: false, expressions: Vec::new(), span: span_of(&node) };
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_detach => built.detach = true,
            Rule::expression => built.expressions.push(expression(part, depth)?),
            _ => {}
        }
    }
    Ok(built)
}

/// Builds `FOREACH (variable IN list | clauses)`.
pub(super) fn foreach(node: Node<'_>, depth: Depth) -> Built<Foreach> {
    let span = span_of(&node);
    let depth = depth.below(QUERY_LEVELS, &node)?;
    let parts = node.into_inner();
    let depth = depth.among(&parts)?;
    let clauses_of = |part: Node<'_>| clause(part, depth);
    let (mut variable, mut list, mut clauses) = (None, None, Vec::new());
    for part in parts {
        match part.as_rule() {
            Rule::variable => variable = Some(name(&part)),
            Rule::expression_before_bar => list = Some(expression(part, depth)?),
            Rule::kw_foreach | Rule::kw_in | Rule::bar | Rule::close_round => {}
            _ => clauses.push(clauses_of(part)?),
        }
    }
    clauses.iter().try_for_each(check::refuse_reading)?;
    match (variable, list) {
        (Some(variable), Some(list)) => Ok(Foreach { variable, list, clauses, span }),
        _ => Err(missing_part(span)),
    }
}

/// Builds the one expression of a node.
pub(super) fn only_expression(node: Node<'_>, depth: Depth) -> Built<Expression> {
    let span = span_of(&node);
    expression(last_of(node, Rule::expression).ok_or_else(|| missing_part(span))?, depth)
}
