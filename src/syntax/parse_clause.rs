//! Clauses that read and pass on: MATCH, UNWIND, FOR, LET, FILTER, WITH, RETURN.

use super::ast::{
    Expression, Filter, For, ForPosition, Let, LetBinding, Match, NullOrder, Projection, ProjectionItem, Return,
    SortItem, Span, Unwind, With,
};
use super::check;
use super::error::Built;
use super::limit::Depth;
use super::parse_atom::{last_of, where_condition};
use super::parse_expression::{condition, expression};
use super::parse_literal::name;
use super::parse_pattern::path_pattern;
use super::parse_query::missing_part;
use super::parser::{Node, Rule, span_of};

/// Builds `[OPTIONAL] MATCH … [WHERE …]`.
pub(super) fn match_clause(node: Node<'_>, depth: Depth) -> Built<Match> {
    let mut built = Match { optional: false, patterns: Vec::new(), filter: None, span: span_of(&node) };
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_optional => built.optional = true,
            Rule::path_pattern => built.patterns.push(path_pattern(part, depth)?),
            Rule::where_clause => built.filter = where_condition(part, depth)?,
            _ => {}
        }
    }
    check::refuse_parameter_properties(&built.patterns, "MATCH")?;
    Ok(built)
}

/// Builds `UNWIND list AS variable`.
pub(super) fn unwind(node: Node<'_>, depth: Depth) -> Built<Unwind> {
    let span = span_of(&node);
    let (mut list, mut variable) = (None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::expression => list = Some(expression(part, depth)?),
            Rule::variable => variable = Some(name(&part)),
            _ => {}
        }
    }
    match (list, variable) {
        (Some(list), Some(variable)) => Ok(Unwind { list, variable, span }),
        _ => Err(missing_part(span)),
    }
}

/// Builds `FOR variable IN list [WITH ORDINALITY|OFFSET name]`.
pub(super) fn for_clause(node: Node<'_>, depth: Depth) -> Built<For> {
    let span = span_of(&node);
    let (mut list, mut variable, mut position) = (None, None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::expression => list = Some(expression(part, depth)?),
            Rule::variable => variable = Some(name(&part)),
            Rule::for_position => position = for_position(part),
            _ => {}
        }
    }
    match (list, variable) {
        (Some(list), Some(variable)) => Ok(For { variable, list, position, span }),
        _ => Err(missing_part(span)),
    }
}

fn for_position(node: Node<'_>) -> Option<ForPosition> {
    let mut first = 1;
    let mut variable = None;
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_offset => first = 0,
            Rule::variable => variable = Some(name(&part)),
            _ => {}
        }
    }
    variable.map(|variable| ForPosition { first, variable })
}

/// Builds `LET name = value, …`.
pub(super) fn let_clause(node: Node<'_>, depth: Depth) -> Built<Let> {
    let span = span_of(&node);
    let mut bindings = Vec::new();
    for part in node.into_inner().filter(|part| part.as_rule() == Rule::let_binding) {
        let mut parts = part.into_inner();
        let (Some(variable), Some(value)) = (parts.next(), parts.last()) else { return Err(missing_part(span)) };
        bindings.push(LetBinding { variable: name(&variable), value: expression(value, depth)? });
    }
    Ok(Let { bindings, span })
}

/// Builds `FILTER condition`.
pub(super) fn filter(node: Node<'_>, depth: Depth) -> Built<Filter> {
    let span = span_of(&node);
    let inner = last_of(node, Rule::expression).ok_or_else(|| missing_part(span))?;
    Ok(Filter { condition: condition(inner, depth)?, span })
}

/// Builds `WITH … [WHERE …]`.
pub(super) fn with_clause(node: Node<'_>, depth: Depth) -> Built<With> {
    let span = span_of(&node);
    let mut built = With { projection: empty_projection(span), filter: None, span };
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::projection => built.projection = projection(part, depth)?,
            Rule::where_clause => built.filter = where_condition(part, depth)?,
            _ => {}
        }
    }
    Ok(built)
}

/// Builds `ORDER BY … OFFSET … LIMIT …` on its own: everything in scope goes on.
pub(super) fn page(node: Node<'_>, depth: Depth) -> Built<With> {
    let span = span_of(&node);
    Ok(With { projection: Projection { star: true, ..projection(node, depth)? }, filter: None, span })
}

/// Builds `RETURN …`.
pub(super) fn return_clause(node: Node<'_>, depth: Depth) -> Built<Return> {
    let span = span_of(&node);
    let inner = last_of(node, Rule::projection).ok_or_else(|| missing_part(span))?;
    Ok(Return { projection: projection(inner, depth)?, span })
}

fn empty_projection(span: Span) -> Projection {
    Projection { distinct: false, star: false, items: Vec::new(), order: Vec::new(), skip: None, limit: None, span }
}

fn projection(node: Node<'_>, depth: Depth) -> Built<Projection> {
    let mut built = empty_projection(span_of(&node));
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_distinct => built.distinct = true,
            Rule::star => built.star = true,
            Rule::projection_item => built.items.push(projection_item(part, depth)?),
            Rule::order_by => built.order = order_by(part, depth)?,
            Rule::skip => built.skip = row_count(part, depth)?,
            Rule::limit => built.limit = row_count(part, depth)?,
            _ => {}
        }
    }
    Ok(built)
}

fn projection_item(node: Node<'_>, depth: Depth) -> Built<ProjectionItem> {
    let span = span_of(&node);
    let (mut value, mut text, mut alias) = (None, "", None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::expression => {
                text = written(&part);
                value = Some(expression(part, depth)?);
            }
            Rule::variable => alias = Some(name(&part)),
            _ => {}
        }
    }
    let expression = value.ok_or_else(|| missing_part(span))?;
    let end = alias.as_ref().map_or(span.start as usize + text.len(), |alias| alias.span.end as usize);
    Ok(ProjectionItem { expression, alias, text: text.into(), span: Span::new(span.start as usize, end) })
}

/// Returns an expression's text without the blanks and comments behind it, which the grammar counts to the expression.
fn written<'text>(node: &Node<'text>) -> &'text str {
    let start = node.as_span().start();
    let end = node.clone().into_inner().last().map_or(start, |last| span_of(&last).end as usize);
    node.get_input().get(start..end).unwrap_or_else(|| node.as_str())
}

/// Builds the number behind SKIP or LIMIT.
pub(super) fn row_count(node: Node<'_>, depth: Depth) -> Built<Option<Expression>> {
    last_of(node, Rule::expression).map(|count| expression(count, depth)).transpose()
}

/// Builds `ORDER BY …`.
pub(super) fn order_by(node: Node<'_>, depth: Depth) -> Built<Vec<SortItem>> {
    node.into_inner().filter(|part| part.as_rule() == Rule::sort_item).map(|item| sort_item(item, depth)).collect()
}

fn sort_item(node: Node<'_>, depth: Depth) -> Built<SortItem> {
    let span = span_of(&node);
    let (mut key, mut descending, mut nulls) = (None, false, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::expression => key = Some(expression(part, depth)?),
            Rule::kw_desc | Rule::kw_descending => descending = true,
            Rule::kw_first => nulls = Some(NullOrder::First),
            Rule::kw_last => nulls = Some(NullOrder::Last),
            _ => {}
        }
    }
    Ok(SortItem { expression: key.ok_or_else(|| missing_part(span))?, descending, nulls })
}
