//! Expressions: the grammar's flat row of operands and operators becomes a tree.

use super::ast::{
    ArithmeticOperator, ComparisonOperator, Expression, ExpressionKind, LogicalOperator, Span, StringOperator,
    UnaryOperator,
};
use super::error::Built;
use super::limit::Depth;
use super::parse_atom::atom;
use super::parse_literal::{name, number};
use super::parse_pattern::label_expression;
use super::parse_query::missing_part;
use super::parse_schema::{single_type, value_type};
use super::parser::{Node, Rule, span_of};
use super::precedence::{self, BinaryOperator, Item, Suffix};

/// Builds an expression that is used as a value.
pub(super) fn expression(node: Node<'_>, depth: Depth) -> Built<Expression> {
    let built = condition(node, depth)?;
    precedence::refuse_pattern(&built)?;
    Ok(built)
}

/// Builds an expression where a pattern may stand: it asks whether there is a match.
pub(super) fn condition(node: Node<'_>, depth: Depth) -> Built<Expression> {
    row(node.into_inner().collect(), depth)
}

/// Builds an expression from the members of its row.
pub(super) fn row(members: Vec<Node<'_>>, depth: Depth) -> Built<Expression> {
    let Some(first) = members.first() else { return precedence::build(Vec::new()) };
    let depth = depth.below(levels(&members).max(1), first)?;
    let mut items = Vec::with_capacity(members.len());
    let mut members = members.into_iter().peekable();
    let mut operand_next = true;
    while let Some(member) = members.next() {
        let span = span_of(&member);
        if let Some(operator) = prefix_operator(member.as_rule()).filter(|_| operand_next) {
            items.push(Item::Prefix(operator, span));
        } else if let Some(operator) = binary_operator(member.as_rule()) {
            operand_next = true;
            items.push(Item::Binary(operator));
        } else if let Some(suffix) = suffix(&member, depth)? {
            items.push(Item::Suffix(suffix, span));
        } else {
            operand_next = false;
            let mut lookups = Vec::new();
            while let Some(lookup) = members.next_if(|next| is_lookup(next.as_rule())) {
                lookups.push(lookup);
            }
            // The minus before a bare number is its own: only so can the least integer be written.
            let is_number = matches!(member.as_rule(), Rule::integer | Rule::float | Rule::bad_number);
            let minus = if is_number && lookups.is_empty() { take_minus(&mut items) } else { None };
            items.push(operand(member, lookups, minus, depth)?);
        }
    }
    precedence::build(items)
}

/// Takes the minus before a number away, if there is one, and returns where it stood.
fn take_minus(items: &mut Vec<Item>) -> Option<Span> {
    match items.pop() {
        Some(Item::Prefix(UnaryOperator::Minus, span)) => Some(span),
        other => {
            items.extend(other);
            None
        }
    }
}

/// Builds an operand with what is looked up in it.
fn operand(node: Node<'_>, lookups: Vec<Node<'_>>, minus: Option<Span>, depth: Depth) -> Built<Item> {
    let span = span_of(&node);
    if let Some(minus) = minus {
        let outer = minus.to(span);
        let kind = ExpressionKind::Literal(number(&node, true)?);
        return Ok(Item::Operand(Expression { kind, span: outer }, outer));
    }
    let depth = depth.below(lookups.len(), &node)?;
    let mut built = atom(node, depth)?;
    let mut outer = span;
    for step in lookups {
        precedence::refuse_pattern(&built)?;
        outer = outer.to(span_of(&step));
        built = Expression { kind: lookup(built, step, depth)?, span: outer };
    }
    Ok(Item::Operand(built, outer))
}

/// Builds one lookup in what stands before it.
pub(super) fn lookup(of: Expression, node: Node<'_>, depth: Depth) -> Built<ExpressionKind> {
    let of = Box::new(of);
    let rule = node.as_rule();
    let mut inner = node.into_inner();
    match (rule, inner.next()) {
        (Rule::property_lookup, Some(key)) => Ok(ExpressionKind::Property { of, key: name(&key) }),
        (Rule::label_test | Rule::label_test_before_bar, Some(labels)) => {
            Ok(ExpressionKind::HasLabels { operand: of, labels: label_expression(labels, depth)?, negated: false })
        }
        (_, Some(first)) if first.as_rule() == Rule::range => {
            let to = inner.next().filter(|next| next.as_rule() == Rule::expression);
            let to = to.map(|to| expression(to, depth)).transpose()?.map(Box::new);
            Ok(ExpressionKind::Slice { of, from: None, to })
        }
        (_, Some(first)) => {
            let first = Box::new(expression(first, depth)?);
            if inner.next().is_none_or(|next| next.as_rule() != Rule::range) {
                return Ok(ExpressionKind::Index { of, index: first });
            }
            let to = inner.next().filter(|next| next.as_rule() == Rule::expression);
            let to = to.map(|to| expression(to, depth)).transpose()?.map(Box::new);
            Ok(ExpressionKind::Slice { of, from: Some(first), to })
        }
        (_, None) => Ok(of.kind),
    }
}

fn is_lookup(rule: Rule) -> bool {
    matches!(rule, Rule::property_lookup | Rule::subscript | Rule::label_test | Rule::label_test_before_bar)
}

fn prefix_operator(rule: Rule) -> Option<UnaryOperator> {
    match rule {
        Rule::kw_not => Some(UnaryOperator::Not),
        Rule::op_minus => Some(UnaryOperator::Minus),
        Rule::op_plus => Some(UnaryOperator::Plus),
        _ => None,
    }
}

fn binary_operator(rule: Rule) -> Option<BinaryOperator> {
    Some(match rule {
        Rule::kw_or => BinaryOperator::Logical(LogicalOperator::Or),
        Rule::kw_xor => BinaryOperator::Logical(LogicalOperator::Xor),
        Rule::kw_and => BinaryOperator::Logical(LogicalOperator::And),
        Rule::op_equal => BinaryOperator::Comparison(ComparisonOperator::Equal),
        Rule::op_not_equal => BinaryOperator::Comparison(ComparisonOperator::NotEqual),
        Rule::op_less => BinaryOperator::Comparison(ComparisonOperator::Less),
        Rule::op_less_or_equal => BinaryOperator::Comparison(ComparisonOperator::LessOrEqual),
        Rule::op_greater => BinaryOperator::Comparison(ComparisonOperator::Greater),
        Rule::op_greater_or_equal => BinaryOperator::Comparison(ComparisonOperator::GreaterOrEqual),
        Rule::starts_with => BinaryOperator::String(StringOperator::StartsWith),
        Rule::ends_with => BinaryOperator::String(StringOperator::EndsWith),
        Rule::kw_contains => BinaryOperator::String(StringOperator::Contains),
        Rule::op_matches => BinaryOperator::String(StringOperator::Matches),
        Rule::kw_in => BinaryOperator::In,
        Rule::op_plus => BinaryOperator::Arithmetic(ArithmeticOperator::Add),
        Rule::op_minus => BinaryOperator::Arithmetic(ArithmeticOperator::Subtract),
        Rule::op_multiply => BinaryOperator::Arithmetic(ArithmeticOperator::Multiply),
        Rule::op_divide => BinaryOperator::Arithmetic(ArithmeticOperator::Divide),
        Rule::op_modulo => BinaryOperator::Arithmetic(ArithmeticOperator::Modulo),
        Rule::op_concatenate => BinaryOperator::Arithmetic(ArithmeticOperator::Concatenate),
        Rule::op_power => BinaryOperator::Arithmetic(ArithmeticOperator::Power),
        _ => return None,
    })
}

/// Says whether a node is a test behind an operand.
fn is_suffix(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::is_null | Rule::is_labeled | Rule::is_labeled_before_bar | Rule::is_typed | Rule::is_typed_before_bar
    )
}

/// Builds a test behind an operand, if the node is one.
fn suffix(node: &Node<'_>, depth: Depth) -> Built<Option<Suffix>> {
    if !is_suffix(node.as_rule()) {
        return Ok(None);
    }
    let mut negated = false;
    for part in node.clone().into_inner() {
        let span = span_of(&part);
        let typed = match part.as_rule() {
            Rule::kw_not => {
                negated = true;
                continue;
            }
            Rule::label_expression | Rule::label_expression_before_bar => {
                let labels = label_expression(part, depth)?;
                return Ok(Some(Suffix::Labeled { labels, negated }));
            }
            Rule::value_type => value_type(part),
            Rule::single_type => single_type(part),
            _ => continue,
        };
        let value_type = typed.ok_or_else(|| missing_part(span))?;
        return Ok(Some(Suffix::Typed { value_type, negated }));
    }
    Ok(Some(Suffix::Null { negated }))
}

/// Counts how many levels the operators of a row put above its operands, at most.
///
/// Operators of one level in a row are one level, except those that cannot share a node: NOTs and signs in a row, and predicates in
/// a row (`a IN b IN c`), which all stand inside each other.
fn levels(members: &[Node<'_>]) -> usize {
    let mut shared = [false; 6];
    let (mut nots, mut signs, mut predicates) = (0usize, 0usize, 0usize);
    let (mut most_nots, mut most_signs, mut most_predicates) = (0usize, 0usize, 0usize);
    let mut operand_next = true;
    for member in members {
        let rule = member.as_rule();
        if operand_next && rule == Rule::kw_not {
            nots += 1;
            predicates = 0;
        } else if operand_next && matches!(rule, Rule::op_minus | Rule::op_plus) {
            signs += 1;
        } else if let Some(operator) = binary_operator(rule) {
            operand_next = true;
            signs = 0;
            match operator {
                BinaryOperator::Logical(operator) => {
                    shared[operator as usize] = true;
                    (nots, predicates) = (0, 0);
                }
                BinaryOperator::Comparison(_) => {
                    shared[3] = true;
                    predicates = 0;
                }
                BinaryOperator::String(_) | BinaryOperator::In => predicates += 1,
                BinaryOperator::Arithmetic(_) => {
                    // Three levels of calculation at most; counted together.
                    shared[4] = true;
                    shared[5] = true;
                }
            }
        } else if is_suffix(rule) {
            predicates += 1;
        } else {
            operand_next = false;
        }
        most_nots = most_nots.max(nots);
        most_signs = most_signs.max(signs);
        most_predicates = most_predicates.max(predicates);
    }
    shared.iter().filter(|level| **level).count() + most_nots + most_signs + most_predicates
}
