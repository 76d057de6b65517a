//! Binds operators, and refuses operands of which no kind could be right.

use crate::expression::{self, ArithmeticOperator, ComparisonOperator, Expression, StringOperator};
use crate::syntax::ast;
use crate::value::Kind;

use super::bind_expression::Typed;
use super::binder::Binder;
use super::error::{BindError, BindErrorKind};
use super::types::Type;

/// What to try where an operand has the wrong kind.
const CONVERSION: &str = "convert with `toInteger`, `toFloat` or `toString`; texts are joined with `+`";

impl<'a> Binder<'a> {
    pub(super) fn bind_unary(
        &mut self,
        operator: ast::UnaryOperator,
        operand: &'a ast::Expression,
    ) -> Result<Typed, BindError> {
        if operator == ast::UnaryOperator::Not {
            return Ok((Expression::Not(Box::new(self.bind_predicate(operand)?)), Type::BOOLEAN));
        }
        let (bound, value_type) = self.bind_expression(operand)?;
        let signed = Type::NUMBER.or(Type::of(Kind::Duration));
        if !value_type.may_be(&signed) {
            let message = format!("only a number can have a sign, not {value_type}");
            let error = BindError::new(BindErrorKind::InvalidArgumentType, message, operand.span);
            return Err(error.with_hint(CONVERSION));
        }
        match operator {
            ast::UnaryOperator::Minus => Ok((Expression::Negate(Box::new(bound)), value_type)),
            _ => Ok((bound, value_type)),
        }
    }

    pub(super) fn bind_logical(
        &mut self,
        operator: ast::LogicalOperator,
        operands: &'a [ast::Expression],
    ) -> Result<Typed, BindError> {
        let mut bound = Vec::with_capacity(operands.len());
        for operand in operands {
            bound.push(self.bind_predicate(operand)?);
        }
        let joined = match operator {
            ast::LogicalOperator::And => Expression::And(bound),
            ast::LogicalOperator::Or => Expression::Or(bound),
            ast::LogicalOperator::Xor => {
                let mut rest = bound.into_iter();
                let first = rest.next().expect("XOR has two operands or more");
                rest.fold(first, |left, right| Expression::Xor(Box::new(left), Box::new(right)))
            }
        };
        Ok((joined, Type::BOOLEAN))
    }

    pub(super) fn bind_arithmetic(
        &mut self,
        first: &'a ast::Expression,
        rest: &'a [(ast::ArithmeticOperator, ast::Expression)],
    ) -> Result<Typed, BindError> {
        let mut joined = self.bind_expression(first)?;
        let mut span = first.span;
        for (place, (operator, operand)) in rest.iter().enumerate() {
            let (right, right_type) = self.bind_expression(operand)?;
            let operator = arithmetic_operator(*operator);
            span = span.to(operand.span);
            let Some(value_type) = arithmetic_type(operator, &joined.1, &right_type) else {
                let message = format!("`{}` cannot be applied to {} and {right_type}", sign(operator), joined.1);
                let error = BindError::new(BindErrorKind::InvalidArgumentType, message, span);
                return Err(match operator {
                    ArithmeticOperator::Concatenate => {
                        error.with_hint("`||` joins two texts or two lists; conditions are joined with `OR`")
                    }
                    _ => error.with_hint(CONVERSION),
                });
            };
            joined = (Expression::Arithmetic(operator, Box::new(joined.0), Box::new(right)), value_type);
            // The last link is the whole expression, which knows its own place, closing brackets included.
            if place + 1 < rest.len() {
                self.note_place(&joined.0, span);
            }
        }
        Ok(joined)
    }

    /// Binds a chain of comparisons; `a < b < c` means `a < b AND b < c`.
    pub(super) fn bind_comparison(
        &mut self,
        first: &'a ast::Expression,
        rest: &'a [(ast::ComparisonOperator, ast::Expression)],
    ) -> Result<Typed, BindError> {
        let (mut left, mut left_type) = self.bind_expression(first)?;
        let mut span = first.span;
        let mut comparisons = Vec::with_capacity(rest.len());
        for (operator, operand) in rest {
            let (right, right_type) = self.bind_expression(operand)?;
            let operator = comparison_operator(*operator);
            self.warn_of_comparison(operator, (&left, &left_type), (&right, &right_type), span.to(operand.span));
            comparisons.push(Expression::Comparison(operator, Box::new(left), Box::new(right.clone())));
            (left, left_type, span) = (right, right_type, operand.span);
        }
        let joined = Expression::conjunction(comparisons).expect("a comparison has two operands or more");
        Ok((joined, Type::BOOLEAN))
    }

    /// Binds a test of a text; what is no text makes it null, so no kind is refused.
    pub(super) fn bind_string_predicate(
        &mut self,
        operator: ast::StringOperator,
        left: &'a ast::Expression,
        right: &'a ast::Expression,
    ) -> Result<Typed, BindError> {
        let operator = match operator {
            ast::StringOperator::StartsWith => StringOperator::StartsWith,
            ast::StringOperator::EndsWith => StringOperator::EndsWith,
            ast::StringOperator::Contains => StringOperator::Contains,
            ast::StringOperator::Matches => StringOperator::Matches,
        };
        let (left, right) = (self.bind_expression(left)?.0, self.bind_expression(right)?.0);
        Ok((Expression::Text(operator, Box::new(left), Box::new(right)), Type::BOOLEAN))
    }

    pub(super) fn bind_in(
        &mut self,
        element: &'a ast::Expression,
        list: &'a ast::Expression,
    ) -> Result<Typed, BindError> {
        let element = self.bind_expression(element)?.0;
        let list = self.bind_list_operand(list, "IN")?.0;
        Ok((Expression::In(Box::new(element), Box::new(list)), Type::BOOLEAN))
    }

    /// Binds an expression that must be a list; the words say for what.
    pub(super) fn bind_list_operand(&mut self, list: &'a ast::Expression, what: &str) -> Result<Typed, BindError> {
        let (bound, value_type) = self.bind_expression(list)?;
        if value_type.may_be(&Type::LIST) {
            return Ok((bound, value_type));
        }
        let message = format!("{what} needs a list, not {value_type}");
        let error = BindError::new(BindErrorKind::InvalidArgumentType, message, list.span);
        Err(error.with_label(format!("is {value_type}")))
    }

    pub(super) fn bind_is_null(&mut self, operand: &'a ast::Expression, negated: bool) -> Result<Typed, BindError> {
        let test = Expression::IsNull(Box::new(self.bind_expression(operand)?.0));
        Ok((if negated { Expression::Not(Box::new(test)) } else { test }, Type::BOOLEAN))
    }

    pub(super) fn bind_has_labels(
        &mut self,
        operand: &'a ast::Expression,
        labels: &'a ast::LabelExpression,
        negated: bool,
    ) -> Result<Typed, BindError> {
        let (element, value_type) = self.bind_expression(operand)?;
        if !value_type.may_be(&Type::ELEMENT) {
            let message = format!("only a node or a relationship can have a label, not {value_type}");
            return Err(BindError::new(BindErrorKind::InvalidArgumentType, message, operand.span));
        }
        let labels = self.bind_labels_of(&value_type, labels);
        let test = Expression::HasLabel(Box::new(element), labels);
        Ok((if negated { Expression::Not(Box::new(test)) } else { test }, Type::BOOLEAN))
    }
}

/// Returns what an operation gives, or nothing if no kinds of its operands fit.
fn arithmetic_type(operator: ArithmeticOperator, left: &Type, right: &Type) -> Option<Type> {
    if left.is_null() || right.is_null() {
        return Some(Type::ANY);
    }
    let (numbers, temporals) = (Type::NUMBER, Type::TEMPORAL);
    let duration = Type::of(Kind::Duration);
    let both = |kinds: &Type| left.may_be(kinds) && right.may_be(kinds);
    let fits = match operator {
        ArithmeticOperator::Add => {
            let joined = Type::STRING.or(Type::NUMBER).or(Type::BOOLEAN);
            both(&numbers)
                || both(&temporals)
                || (left.may_be(&Type::STRING) && right.may_be(&joined))
                || (right.may_be(&Type::STRING) && left.may_be(&joined))
                || left.may_be(&Type::LIST)
                || right.may_be(&Type::LIST)
        }
        ArithmeticOperator::Subtract => both(&numbers) || both(&temporals),
        ArithmeticOperator::Multiply => {
            both(&numbers)
                || (left.may_be(&duration) && right.may_be(&numbers))
                || (left.may_be(&numbers) && right.may_be(&duration))
        }
        ArithmeticOperator::Divide => right.may_be(&numbers) && left.may_be(&numbers.clone().or(duration)),
        ArithmeticOperator::Modulo | ArithmeticOperator::Power => both(&numbers),
        ArithmeticOperator::Concatenate => both(&Type::STRING) || both(&Type::LIST),
    };
    fits.then(|| result_type(operator, left, right))
}

fn result_type(operator: ArithmeticOperator, left: &Type, right: &Type) -> Type {
    if left.is_one_of(&Type::NUMBER) && right.is_one_of(&Type::NUMBER) {
        return match operator {
            ArithmeticOperator::Power => Type::FLOAT,
            _ if left.is(Kind::Integer) && right.is(Kind::Integer) => Type::INTEGER,
            _ if left.is(Kind::Float) || right.is(Kind::Float) => Type::FLOAT,
            _ => Type::NUMBER,
        };
    }
    match (left.is(Kind::List), right.is(Kind::List)) {
        (true, true) => left.clone().or(right.clone()),
        (true, false) | (false, true) => Type::LIST,
        (false, false) if left.is(Kind::String) && right.is(Kind::String) => Type::STRING,
        (false, false) => Type::ANY,
    }
}

fn arithmetic_operator(operator: ast::ArithmeticOperator) -> ArithmeticOperator {
    match operator {
        ast::ArithmeticOperator::Add => ArithmeticOperator::Add,
        ast::ArithmeticOperator::Subtract => ArithmeticOperator::Subtract,
        ast::ArithmeticOperator::Multiply => ArithmeticOperator::Multiply,
        ast::ArithmeticOperator::Divide => ArithmeticOperator::Divide,
        ast::ArithmeticOperator::Modulo => ArithmeticOperator::Modulo,
        ast::ArithmeticOperator::Power => ArithmeticOperator::Power,
        ast::ArithmeticOperator::Concatenate => ArithmeticOperator::Concatenate,
    }
}

fn comparison_operator(operator: ast::ComparisonOperator) -> ComparisonOperator {
    match operator {
        ast::ComparisonOperator::Equal => ComparisonOperator::Equal,
        ast::ComparisonOperator::NotEqual => ComparisonOperator::NotEqual,
        ast::ComparisonOperator::Less => ComparisonOperator::Less,
        ast::ComparisonOperator::LessOrEqual => ComparisonOperator::LessOrEqual,
        ast::ComparisonOperator::Greater => ComparisonOperator::Greater,
        ast::ComparisonOperator::GreaterOrEqual => ComparisonOperator::GreaterOrEqual,
    }
}

fn sign(operator: ArithmeticOperator) -> &'static str {
    match operator {
        ArithmeticOperator::Add => "+",
        ArithmeticOperator::Subtract => "-",
        ArithmeticOperator::Multiply => "*",
        ArithmeticOperator::Divide => "/",
        ArithmeticOperator::Modulo => "%",
        ArithmeticOperator::Power => "^",
        ArithmeticOperator::Concatenate => "||",
    }
}

/// Returns the bound quantifier of a written one.
pub(super) fn quantifier_kind(kind: ast::QuantifierKind) -> expression::QuantifierKind {
    match kind {
        ast::QuantifierKind::All => expression::QuantifierKind::All,
        ast::QuantifierKind::Any => expression::QuantifierKind::Any,
        ast::QuantifierKind::None => expression::QuantifierKind::None,
        ast::QuantifierKind::Single => expression::QuantifierKind::Single,
    }
}
