//! The smallest whole expressions: literals, lists and comprehensions, maps, calls, CASE, subqueries.

use super::ast::{
    Case, CaseBranch, Expression, ExpressionKind, ListComprehension, ListQuantifier, Literal, MapEntry,
    MapProjectionItem, PatternComprehension, QualifiedName, QuantifierKind, Reduce, Subquery, SubqueryBody,
    SubqueryKind,
};
use super::check;
use super::error::{Built, SyntaxError, SyntaxErrorKind};
use super::limit::Depth;
use super::parse_expression::{condition, expression, row};
use super::parse_literal::{name, number, parameter, string};
use super::parse_pattern::{path_pattern, pattern_predicate, shortest_path};
use super::parse_query::{Ending, query};
use super::parse_schema::value_type;
use super::parser::{Node, Rule, span_of};

/// Builds an atom; its span leaves out brackets around it.
pub(super) fn atom(node: Node<'_>, depth: Depth) -> Built<Expression> {
    let span = span_of(&node);
    let kind = match node.as_rule() {
        Rule::parenthesized => {
            let inner = node.into_inner().find(|part| part.as_rule() == Rule::expression);
            return inner.map_or_else(|| Err(missing(span)), |inner| condition(inner, depth));
        }
        Rule::literal_true => ExpressionKind::Literal(Literal::Boolean(true)),
        Rule::literal_false => ExpressionKind::Literal(Literal::Boolean(false)),
        Rule::literal_null => ExpressionKind::Literal(Literal::Null),
        Rule::integer | Rule::float | Rule::bad_number => ExpressionKind::Literal(number(&node, false)?),
        Rule::string => ExpressionKind::Literal(Literal::String(string(&node)?)),
        Rule::parameter => ExpressionKind::Parameter(parameter(&node)),
        Rule::variable => ExpressionKind::Variable(name(&node).text),
        Rule::list_or_comprehension => list_or_comprehension(node, depth)?,
        Rule::map_literal => ExpressionKind::Map(map_entries(node, depth)?),
        Rule::map_projection => map_projection(node, depth)?,
        Rule::function_call => function_call(node, depth)?,
        Rule::count_star => ExpressionKind::CountStar,
        Rule::cast => cast(node, depth)?,
        Rule::list_quantifier => list_quantifier(node, depth)?,
        Rule::reduce => reduce(node, depth)?,
        Rule::case_expression => case(node, depth)?,
        Rule::subquery => subquery(node, depth)?,
        Rule::shortest_path_call => ExpressionKind::Pattern(Box::new(shortest_path(node, depth)?)),
        Rule::pattern_predicate => ExpressionKind::Pattern(Box::new(pattern_predicate(node, depth)?)),
        _ => return Err(missing(span)),
    };
    Ok(Expression { kind, span })
}

/// The error of a node without its parts; the grammar does not make such nodes.
fn missing(span: super::ast::Span) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, "an expression is missing", span)
}

/// Builds `[…]`: the first expression tells a list from a comprehension.
fn list_or_comprehension(node: Node<'_>, depth: Depth) -> Built<ExpressionKind> {
    let span = span_of(&node);
    let (mut first, mut more, mut filter, mut map) = (None, Vec::new(), None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::expression_before_bar => first = Some(part),
            Rule::expression => more.push(expression(part, depth)?),
            Rule::comprehension_filter => filter = last_of(part, Rule::expression_before_bar),
            Rule::comprehension_map => map = last_of(part, Rule::expression),
            _ => {}
        }
    }
    let Some(first) = first else { return Ok(ExpressionKind::List(Vec::new())) };
    let begins: Vec<Rule> = first.clone().into_inner().take(3).map(|part| part.as_rule()).collect();
    let filter = filter.map(|filter| condition(filter, depth)).transpose()?;
    let map = map.map(|map| expression(map, depth)).transpose()?;
    match (begins.as_slice(), filter, map) {
        ([Rule::variable, Rule::kw_in, ..], filter, map) if more.is_empty() => {
            let mut members: Vec<Node<'_>> = first.into_inner().collect();
            let list = row(members.split_off(2), depth)?;
            super::precedence::refuse_pattern(&list)?;
            let variable = name(&members[0]);
            Ok(ExpressionKind::ListComprehension(Box::new(ListComprehension { variable, list, filter, map })))
        }
        (_, None, None) => {
            let mut elements = vec![expression(first, depth)?];
            elements.append(&mut more);
            Ok(ExpressionKind::List(elements))
        }
        ([Rule::pattern_predicate] | [Rule::variable, Rule::op_equal, Rule::pattern_predicate], filter, Some(map)) => {
            pattern_comprehension(first, filter, map, depth)
        }
        _ => Err(SyntaxError::new(
            SyntaxErrorKind::UnexpectedSyntax,
            "these brackets hold neither a list nor a comprehension",
            span,
        )
        .with_hint("write `[x IN list WHERE … | …]` or `[(a)-->(b) WHERE … | …]`")),
    }
}

fn pattern_comprehension(
    first: Node<'_>,
    filter: Option<Expression>,
    map: Expression,
    depth: Depth,
) -> Built<ExpressionKind> {
    let first_span = span_of(&first);
    let mut variable = None;
    let mut pattern = None;
    for part in first.into_inner() {
        match part.as_rule() {
            Rule::variable => variable = Some(name(&part)),
            Rule::pattern_predicate => pattern = Some(pattern_predicate(part, depth)?),
            _ => {}
        }
    }
    let mut pattern = pattern.ok_or_else(|| missing(first_span))?;
    if let Some(variable) = &variable {
        pattern.span = variable.span.to(pattern.span);
    }
    pattern.variable = variable;
    Ok(ExpressionKind::PatternComprehension(Box::new(PatternComprehension { pattern, filter, map })))
}

/// Returns the last part of a node that has a rule.
pub(super) fn last_of(node: Node<'_>, rule: Rule) -> Option<Node<'_>> {
    node.into_inner().filter(|part| part.as_rule() == rule).last()
}

/// Builds the entries of `{key: value, …}`.
pub(super) fn map_entries(node: Node<'_>, depth: Depth) -> Built<Vec<MapEntry>> {
    node.into_inner().filter(|part| part.as_rule() == Rule::map_entry).map(|entry| map_entry(entry, depth)).collect()
}

fn map_entry(node: Node<'_>, depth: Depth) -> Built<MapEntry> {
    let span = span_of(&node);
    let mut parts = node.into_inner();
    match (parts.next(), parts.last()) {
        (Some(key), Some(value)) => Ok(MapEntry { key: name(&key), value: expression(value, depth)? }),
        _ => Err(missing(span)),
    }
}

fn map_projection(node: Node<'_>, depth: Depth) -> Built<ExpressionKind> {
    let span = span_of(&node);
    let mut parts = node.into_inner();
    let of = parts.next().map(|part| name(&part)).ok_or_else(|| missing(span))?;
    let mut items = Vec::new();
    for part in parts {
        match part.as_rule() {
            Rule::all_properties => items.push(MapProjectionItem::AllProperties(span_of(&part))),
            Rule::property_selector => {
                items.extend(part.into_inner().next().map(|key| MapProjectionItem::Property(name(&key))));
            }
            Rule::map_entry => items.push(MapProjectionItem::Entry(map_entry(part, depth)?)),
            Rule::variable => items.push(MapProjectionItem::Variable(name(&part))),
            _ => {}
        }
    }
    Ok(ExpressionKind::MapProjection { of, items })
}

/// Builds `name(…)`; a pattern may stand only between the brackets of `exists`.
fn function_call(node: Node<'_>, depth: Depth) -> Built<ExpressionKind> {
    let mut called = QualifiedName { parts: Vec::new(), span: span_of(&node) };
    let (mut distinct, mut arguments) = (false, Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::function_name => called = qualified_name(part),
            Rule::kw_distinct => distinct = true,
            Rule::expression if called.text().eq_ignore_ascii_case("exists") => arguments.push(condition(part, depth)?),
            Rule::expression => arguments.push(expression(part, depth)?),
            _ => {}
        }
    }
    Ok(ExpressionKind::FunctionCall { name: called, distinct, arguments })
}

/// Builds a name in parts.
pub(super) fn qualified_name(node: Node<'_>) -> QualifiedName {
    let span = span_of(&node);
    QualifiedName { parts: node.into_inner().map(|part| name(&part)).collect(), span }
}

/// Builds `CAST(… AS type)`.
fn cast(node: Node<'_>, depth: Depth) -> Built<ExpressionKind> {
    let span = span_of(&node);
    let typed = last_of(node.clone(), Rule::value_type).and_then(value_type);
    match (last_of(node, Rule::expression), typed) {
        (Some(operand), Some(value_type)) => {
            Ok(ExpressionKind::Cast { operand: Box::new(expression(operand, depth)?), value_type })
        }
        _ => Err(missing(span)),
    }
}

fn list_quantifier(node: Node<'_>, depth: Depth) -> Built<ExpressionKind> {
    let span = span_of(&node);
    let (mut kind, mut variable, mut list, mut filter) = (QuantifierKind::All, None, None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::quantifier_kind => {
                kind = match part.into_inner().next().map(|word| word.as_rule()) {
                    Some(Rule::kw_any) => QuantifierKind::Any,
                    Some(Rule::kw_none) => QuantifierKind::None,
                    Some(Rule::kw_single) => QuantifierKind::Single,
                    _ => QuantifierKind::All,
                }
            }
            Rule::variable => variable = Some(name(&part)),
            Rule::expression if list.is_none() => list = Some(expression(part, depth)?),
            Rule::expression => filter = Some(condition(part, depth)?),
            _ => {}
        }
    }
    match (variable, list, filter) {
        (Some(variable), Some(list), Some(filter)) => {
            Ok(ExpressionKind::Quantifier(Box::new(ListQuantifier { kind, variable, list, filter })))
        }
        _ => Err(missing(span)),
    }
}

fn reduce(node: Node<'_>, depth: Depth) -> Built<ExpressionKind> {
    let span = span_of(&node);
    let (mut variables, mut expressions) = (Vec::new(), Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::variable => variables.push(name(&part)),
            Rule::expression | Rule::expression_before_bar => expressions.push(expression(part, depth)?),
            _ => {}
        }
    }
    match (<[_; 2]>::try_from(variables), <[_; 3]>::try_from(expressions)) {
        (Ok([accumulator, variable]), Ok([initial, list, step])) => {
            Ok(ExpressionKind::Reduce(Box::new(Reduce { accumulator, initial, variable, list, step })))
        }
        _ => Err(missing(span)),
    }
}

fn case(node: Node<'_>, depth: Depth) -> Built<ExpressionKind> {
    let mut case = Case { operand: None, branches: Vec::new(), otherwise: None };
    for part in node.into_inner() {
        let span = span_of(&part);
        match part.as_rule() {
            Rule::expression => case.operand = Some(expression(part, depth)?),
            Rule::case_branch => {
                let mut sides = part.into_inner().filter(|side| side.as_rule() == Rule::expression);
                let (Some(when), Some(then)) = (sides.next(), sides.next()) else { return Err(missing(span)) };
                // Only a condition may be a pattern, not a value that is compared.
                let when = if case.operand.is_some() { expression(when, depth)? } else { condition(when, depth)? };
                case.branches.push(CaseBranch { when, then: expression(then, depth)? });
            }
            Rule::case_otherwise => {
                let value = last_of(part, Rule::expression).ok_or_else(|| missing(span))?;
                case.otherwise = Some(expression(value, depth)?);
            }
            _ => {}
        }
    }
    Ok(ExpressionKind::Case(Box::new(case)))
}

fn subquery(node: Node<'_>, depth: Depth) -> Built<ExpressionKind> {
    let span = span_of(&node);
    let mut kind = SubqueryKind::Exists;
    let mut body = None;
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_count => kind = SubqueryKind::Count,
            Rule::kw_collect => kind = SubqueryKind::Collect,
            Rule::subquery_pattern => body = Some(subquery_pattern(part, depth)?),
            Rule::query => {
                let ending = if kind == SubqueryKind::Collect { Ending::Return } else { Ending::Any };
                let query = query(part, depth, ending)?;
                check::refuse_writing(&query)?;
                body = Some(SubqueryBody::Query(query));
            }
            _ => {}
        }
    }
    match body {
        Some(SubqueryBody::Pattern { .. }) if kind == SubqueryKind::Collect => {
            Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, "`COLLECT { … }` needs a whole query", span)
                .with_hint("write `COLLECT { MATCH … RETURN … }`"))
        }
        Some(body) => Ok(ExpressionKind::Subquery(Box::new(Subquery { kind, body }))),
        None => Err(missing(span)),
    }
}

fn subquery_pattern(node: Node<'_>, depth: Depth) -> Built<SubqueryBody> {
    let (mut patterns, mut filter) = (Vec::new(), None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::path_pattern => patterns.push(path_pattern(part, depth)?),
            Rule::where_clause => filter = where_condition(part, depth)?,
            _ => {}
        }
    }
    Ok(SubqueryBody::Pattern { patterns, filter })
}

/// Builds the condition of a WHERE.
pub(super) fn where_condition(node: Node<'_>, depth: Depth) -> Built<Option<Expression>> {
    last_of(node, Rule::expression).map(|inner| condition(inner, depth)).transpose()
}
