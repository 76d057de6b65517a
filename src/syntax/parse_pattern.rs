//! Patterns: paths, nodes, relationships, groups, label expressions.

use super::ast::{
    Direction, Expression, ExpressionKind, LabelExpression, LabelExpressionKind, NodePattern, PathGroup, PathMode,
    PathPattern, PathSelector, PatternElement, PatternQuantifier, RelationshipPattern, ShortestPathFunction,
    VariableLength,
};
use super::error::{Built, SyntaxError, SyntaxErrorKind};
use super::limit::Depth;
use super::parse_atom::{last_of, map_entries};
use super::parse_expression::condition;
use super::parse_literal::{count, name, parameter};
use super::parser::{Node, Rule, span_of};

/// Builds one path with its name and prefix.
pub(super) fn path_pattern(node: Node<'_>, depth: Depth) -> Built<PathPattern> {
    let depth = depth.below(1, &node)?;
    let mut path = empty_path(&node);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::variable => path.variable = Some(name(&part)),
            Rule::path_prefix => (path.selector, path.mode) = path_prefix(part)?,
            Rule::shortest_path_call => {
                let inner = shortest_path(part, depth)?;
                path.function = inner.function;
                path.elements = inner.elements;
            }
            _ => path.elements.extend(path_element(part, depth)?),
        }
    }
    check_neighbours(&path.elements)?;
    Ok(path)
}

/// Builds a path that stands as a condition.
pub(super) fn pattern_predicate(node: Node<'_>, depth: Depth) -> Built<PathPattern> {
    let depth = depth.below(1, &node)?;
    let mut path = empty_path(&node);
    for part in node.into_inner() {
        path.elements.extend(path_element(part, depth)?);
    }
    check_neighbours(&path.elements)?;
    Ok(path)
}

/// Builds `shortestPath(…)`, `allShortestPaths(…)`.
pub(super) fn shortest_path(node: Node<'_>, depth: Depth) -> Built<PathPattern> {
    let mut path = empty_path(&node);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_shortest_path => path.function = Some(ShortestPathFunction::One),
            Rule::kw_all_shortest_paths => path.function = Some(ShortestPathFunction::All),
            _ => path.elements.extend(path_element(part, depth)?),
        }
    }
    check_neighbours(&path.elements)?;
    Ok(path)
}

fn empty_path(node: &Node<'_>) -> PathPattern {
    PathPattern {
        variable: None,
        function: None,
        selector: None,
        mode: None,
        elements: Vec::new(),
        span: span_of(node),
    }
}

/// Refuses two nodes side by side: only a group may stand beside its neighbour without a relationship.
fn check_neighbours(elements: &[PatternElement]) -> Built<()> {
    for pair in elements.windows(2) {
        if let [PatternElement::Node(_), PatternElement::Node(second)] = pair {
            let message = "two nodes stand side by side without a relationship";
            return Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, second.span)
                .with_hint("write `-->`, `<--` or `--` between them, or a comma"));
        }
    }
    Ok(())
}

fn path_prefix(node: Node<'_>) -> Built<(Option<PathSelector>, Option<PathMode>)> {
    let (mut selector, mut mode, mut groups) = (None, None, false);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::path_selector => selector = Some(path_selector(part)?),
            Rule::path_mode => mode = path_mode(part),
            Rule::kw_group | Rule::kw_groups => groups = true,
            _ => {}
        }
    }
    match (selector, groups) {
        (Some(PathSelector::Shortest(count)), true) => Ok((Some(PathSelector::ShortestGroups(count)), mode)),
        _ => Ok((selector, mode)),
    }
}

fn path_selector(node: Node<'_>) -> Built<PathSelector> {
    let (mut all, mut any, mut shortest, mut number) = (false, false, false, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_all => all = true,
            Rule::kw_any => any = true,
            Rule::kw_shortest => shortest = true,
            Rule::count => number = Some(positive(&part)?),
            _ => {}
        }
    }
    Ok(match (all, any, shortest) {
        (true, _, true) => PathSelector::AllShortest,
        (_, true, true) => PathSelector::AnyShortest,
        (_, true, false) => PathSelector::Any(number.unwrap_or(1)),
        (true, _, false) => PathSelector::All,
        _ => PathSelector::Shortest(number.unwrap_or(1)),
    })
}

/// Reads how many paths are wanted.
fn positive(node: &Node<'_>) -> Built<u64> {
    match count(node)? {
        0 => {
            let message = "the number of paths must be at least 1";
            Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, span_of(node)))
        }
        number => Ok(number),
    }
}

fn path_mode(node: Node<'_>) -> Option<PathMode> {
    match node.into_inner().next()?.as_rule() {
        Rule::kw_walk => Some(PathMode::Walk),
        Rule::kw_trail => Some(PathMode::Trail),
        Rule::kw_acyclic => Some(PathMode::Acyclic),
        Rule::kw_simple => Some(PathMode::Simple),
        _ => None,
    }
}

/// Builds an element, if the node is one.
fn path_element(node: Node<'_>, depth: Depth) -> Built<Option<PatternElement>> {
    Ok(match node.as_rule() {
        Rule::node => Some(PatternElement::Node(node_pattern(node, depth)?)),
        Rule::relationship => Some(PatternElement::Relationship(relationship(node, depth)?)),
        Rule::group => Some(PatternElement::Group(group(node, depth)?)),
        _ => None,
    })
}

fn node_pattern(node: Node<'_>, depth: Depth) -> Built<NodePattern> {
    let mut built = NodePattern { variable: None, labels: None, properties: None, filter: None, span: span_of(&node) };
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::variable => built.variable = Some(name(&part)),
            Rule::labels => built.labels = labels(part, depth)?,
            Rule::properties => built.properties = properties(part, depth)?,
            Rule::inline_where => built.filter = inline_where(part, depth)?,
            _ => {}
        }
    }
    Ok(built)
}

fn relationship(node: Node<'_>, depth: Depth) -> Built<RelationshipPattern> {
    let mut built = RelationshipPattern {
        direction: Direction::Either,
        variable: None,
        types: None,
        length: None,
        properties: None,
        filter: None,
        quantifier: None,
        span: span_of(&node),
    };
    let (mut left, mut right) = (false, false);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::left_head => left = true,
            Rule::right_head => right = true,
            Rule::relationship_detail => relationship_detail(part, &mut built, depth)?,
            Rule::pattern_quantifier => built.quantifier = Some(pattern_quantifier(part)?),
            _ => {}
        }
    }
    built.direction = match (left, right) {
        (true, false) => Direction::Left,
        (false, true) => Direction::Right,
        _ => Direction::Either,
    };
    Ok(built)
}

fn relationship_detail(node: Node<'_>, built: &mut RelationshipPattern, depth: Depth) -> Built<()> {
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::variable => built.variable = Some(name(&part)),
            Rule::labels => built.types = labels(part, depth)?,
            Rule::variable_length => built.length = Some(variable_length(part)?),
            Rule::bad_length => return Err(bad_length(&part)),
            Rule::properties => built.properties = properties(part, depth)?,
            Rule::inline_where => built.filter = inline_where(part, depth)?,
            _ => {}
        }
    }
    Ok(())
}

fn bad_length(node: &Node<'_>) -> SyntaxError {
    let (message, hint) = match node.as_str().starts_with('*') {
        true => ("a length cannot be negative", "write `*` or a range such as `*1..3`"),
        false => ("a range of lengths needs a `*` before it", "write `*..`, `*1..` or `*1..3`"),
    };
    SyntaxError::new(SyntaxErrorKind::InvalidRelationshipPattern, message, span_of(node)).with_hint(hint)
}

fn variable_length(node: Node<'_>) -> Built<VariableLength> {
    let mut length = VariableLength { minimum: None, maximum: None, span: span_of(&node) };
    let mut ranged = false;
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::range => ranged = true,
            Rule::count if ranged => length.maximum = Some(count(&part)?),
            Rule::count => length.minimum = Some(count(&part)?),
            _ => {}
        }
    }
    if !ranged {
        length.maximum = length.minimum;
    }
    Ok(length)
}

fn pattern_quantifier(node: Node<'_>) -> Built<PatternQuantifier> {
    let span = span_of(&node);
    let (mut minimum, mut maximum, mut ranged) = (None, None, false);
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::quantifier_plus => return Ok(PatternQuantifier { minimum: 1, maximum: None, span }),
            Rule::quantifier_star => return Ok(PatternQuantifier { minimum: 0, maximum: None, span }),
            Rule::comma => ranged = true,
            Rule::count if ranged => maximum = Some(count(&part)?),
            Rule::count => minimum = Some(count(&part)?),
            _ => {}
        }
    }
    let wrong = match (minimum, maximum, ranged) {
        (None, None, false) => Some("a quantifier needs a number"),
        (Some(minimum), Some(maximum), _) if minimum > maximum => {
            Some("the least number of repetitions is above the greatest")
        }
        (Some(0), None, false) | (_, Some(0), _) => Some("a pattern must be able to repeat at least once"),
        _ => None,
    };
    if let Some(message) = wrong {
        return Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, span)
            .with_hint("write `{2}`, `{1,3}`, `{1,}`, `{,3}`, `+` or `*`"));
    }
    let maximum = if ranged { maximum } else { minimum };
    Ok(PatternQuantifier { minimum: minimum.unwrap_or(0), maximum, span })
}

fn group(node: Node<'_>, depth: Depth) -> Built<PathGroup> {
    let depth = depth.below(1, &node)?;
    let span = span_of(&node);
    let mut built =
        PathGroup { variable: None, mode: None, elements: Vec::new(), filter: None, quantifier: None, span };
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::variable => built.variable = Some(name(&part)),
            Rule::path_mode => built.mode = path_mode(part),
            Rule::inline_where => built.filter = inline_where(part, depth)?,
            Rule::pattern_quantifier => built.quantifier = Some(pattern_quantifier(part)?),
            _ => built.elements.extend(path_element(part, depth)?),
        }
    }
    check_neighbours(&built.elements)?;
    Ok(built)
}

fn inline_where(node: Node<'_>, depth: Depth) -> Built<Option<Box<Expression>>> {
    Ok(last_of(node, Rule::expression).map(|inner| condition(inner, depth)).transpose()?.map(Box::new))
}

fn properties(node: Node<'_>, depth: Depth) -> Built<Option<Box<Expression>>> {
    let Some(inner) = node.into_inner().next() else { return Ok(None) };
    let span = span_of(&inner);
    let kind = match inner.as_rule() {
        Rule::parameter => ExpressionKind::Parameter(parameter(&inner)),
        _ => ExpressionKind::Map(map_entries(inner, depth)?),
    };
    Ok(Some(Box::new(Expression { kind, span })))
}

/// Builds what stands behind the colon or IS.
fn labels(node: Node<'_>, depth: Depth) -> Built<Option<LabelExpression>> {
    last_of(node, Rule::label_expression).map(|inner| label_expression(inner, depth)).transpose()
}

/// Builds a label expression: alternatives of terms.
pub(super) fn label_expression(node: Node<'_>, depth: Depth) -> Built<LabelExpression> {
    let depth = depth.below(1, &node)?;
    let terms = node.into_inner().map(|term| label_term(term, depth)).collect::<Built<Vec<_>>>()?;
    Ok(joined(terms, LabelExpressionKind::Or))
}

fn label_term(node: Node<'_>, depth: Depth) -> Built<LabelExpression> {
    let factors = node.into_inner().map(|factor| label_factor(factor, depth)).collect::<Built<Vec<_>>>()?;
    Ok(joined(factors, LabelExpressionKind::And))
}

/// Joins operands; one alone stays itself.
fn joined(
    mut operands: Vec<LabelExpression>,
    join: fn(Vec<LabelExpression>) -> LabelExpressionKind,
) -> LabelExpression {
    let span = operands.iter().map(|operand| operand.span).reduce(|left, right| left.to(right)).unwrap_or_default();
    match operands.len() {
        1 => operands.swap_remove(0),
        _ => LabelExpression { kind: join(operands), span },
    }
}

fn label_factor(node: Node<'_>, depth: Depth) -> Built<LabelExpression> {
    let span = span_of(&node);
    let mut nots = Vec::new();
    let mut inner = None;
    for part in node.into_inner() {
        let part_span = span_of(&part);
        match part.as_rule() {
            Rule::label_not => nots.push(part),
            Rule::label_wildcard => {
                inner = Some(LabelExpression { kind: LabelExpressionKind::Wildcard, span: part_span })
            }
            Rule::schema_name => {
                inner = Some(LabelExpression { kind: LabelExpressionKind::Name(name(&part)), span: part_span });
            }
            Rule::label_expression => {
                let depth = depth.below(nots.len(), &part)?;
                inner = Some(label_expression(part, depth)?);
            }
            _ => {}
        }
    }
    let Some(mut built) = inner else {
        return Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, "a label is missing", span));
    };
    for not in nots.iter().rev() {
        depth.below(nots.len(), not)?;
        built = LabelExpression { kind: LabelExpressionKind::Not(Box::new(built)), span: span_of(not).to(span) };
    }
    Ok(built)
}
