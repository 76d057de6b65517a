//! The table of precedence, and the climb over a flat row of operands and operators.
//!
//! ```text
//! OR < XOR < AND < NOT < comparison < IN, STARTS WITH, IS NULL … < + - || < * / % < ^ < sign
//! ```
//!
//! This is the order of openCypher's own grammar; all binary operators group from the left. Operators of one level in a row become one
//! node with a list, so a row of any length is one level deep and takes no stack.

use super::ast::{
    ArithmeticOperator, ComparisonOperator, Expression, ExpressionKind, LabelExpression, LogicalOperator, Span,
    StringOperator, UnaryOperator, ValueType,
};
use super::error::{Built, SyntaxError, SyntaxErrorKind};

/// How tight an operator binds, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// `OR`.
    Or,
    /// `XOR`.
    Xor,
    /// `AND`.
    And,
    /// `NOT`.
    Not,
    /// `=`, `<>`, `<`, `<=`, `>`, `>=`.
    Comparison,
    /// `IN`, `STARTS WITH`, `ENDS WITH`, `CONTAINS`, `=~`, `IS NULL`, `IS LABELED`, `IS ::`.
    Predicate,
    /// `+`, `-`, `||`.
    Additive,
    /// `*`, `/`, `%`.
    Multiplicative,
    /// `^`.
    Power,
    /// `-a`, `+a`.
    Sign,
    /// What no operator stands in.
    Operand,
}

impl Level {
    /// Returns the next tighter level.
    pub(super) fn tighter(self) -> Level {
        match self {
            Level::Or => Level::Xor,
            Level::Xor => Level::And,
            Level::And => Level::Not,
            Level::Not => Level::Comparison,
            Level::Comparison => Level::Predicate,
            Level::Predicate => Level::Additive,
            Level::Additive => Level::Multiplicative,
            Level::Multiplicative => Level::Power,
            Level::Power => Level::Sign,
            Level::Sign | Level::Operand => Level::Operand,
        }
    }
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug)]
pub(super) enum BinaryOperator {
    /// Between truth values.
    Logical(LogicalOperator),
    /// Of comparison.
    Comparison(ComparisonOperator),
    /// A test of a text.
    String(StringOperator),
    /// `IN`.
    In,
    /// Of calculation.
    Arithmetic(ArithmeticOperator),
}

impl BinaryOperator {
    /// Returns the operator's level.
    pub(super) fn level(self) -> Level {
        use ArithmeticOperator as A;
        match self {
            BinaryOperator::Logical(LogicalOperator::Or) => Level::Or,
            BinaryOperator::Logical(LogicalOperator::Xor) => Level::Xor,
            BinaryOperator::Logical(LogicalOperator::And) => Level::And,
            BinaryOperator::Comparison(_) => Level::Comparison,
            BinaryOperator::String(_) | BinaryOperator::In => Level::Predicate,
            BinaryOperator::Arithmetic(A::Add | A::Subtract | A::Concatenate) => Level::Additive,
            BinaryOperator::Arithmetic(A::Multiply | A::Divide | A::Modulo) => Level::Multiplicative,
            BinaryOperator::Arithmetic(A::Power) => Level::Power,
        }
    }
}

/// A test behind an operand, on the level of predicates.
#[derive(Debug)]
pub(super) enum Suffix {
    /// `IS [NOT] NULL`.
    Null {
        /// Whether NOT is written.
        negated: bool,
    },
    /// `IS [NOT] :: …`.
    Typed {
        /// Which type.
        value_type: ValueType,
        /// Whether NOT is written.
        negated: bool,
    },
    /// `IS [NOT] LABELED …`.
    Labeled {
        /// Which labels.
        labels: LabelExpression,
        /// Whether NOT is written.
        negated: bool,
    },
}

/// One member of a flat row.
#[derive(Debug)]
pub(super) enum Item {
    /// An operator before an operand.
    Prefix(UnaryOperator, Span),
    /// An operand, and where it stands with its brackets.
    Operand(Expression, Span),
    /// An operator between operands.
    Binary(BinaryOperator),
    /// A test behind an operand.
    Suffix(Suffix, Span),
}

/// Builds the expression that a flat row means; the grammar has seen to it that operands and operators alternate.
pub(super) fn build(items: Vec<Item>) -> Built<Expression> {
    let mut climb = Climb { items: items.into_iter().peekable() };
    climb.climb(Level::Or).map(|part| part.expression)
}

/// A part of the row that is built already.
struct Part {
    expression: Expression,
    /// Where it stands with its brackets.
    outer: Span,
    /// The level of the operators at its root, if they stand outside of brackets.
    level: Level,
}

struct Climb {
    items: std::iter::Peekable<std::vec::IntoIter<Item>>,
}

impl Climb {
    /// Builds as far as operators bind at least as tight as `minimum`.
    fn climb(&mut self, minimum: Level) -> Built<Part> {
        let left = self.operand()?;
        self.go_on(left, minimum)
    }

    /// Takes in what follows a part, as far as operators bind at least as tight as `minimum`.
    fn go_on(&mut self, mut left: Part, minimum: Level) -> Built<Part> {
        loop {
            let level = match self.items.peek() {
                Some(Item::Binary(operator)) => operator.level(),
                Some(Item::Suffix(..)) => Level::Predicate,
                _ => return Ok(left),
            };
            if level < minimum {
                return Ok(left);
            }
            left = match self.items.next() {
                Some(Item::Binary(operator)) => combine(left, operator, self.climb(level.tighter())?)?,
                Some(Item::Suffix(suffix, span)) => apply(left, suffix, span)?,
                _ => return Ok(left),
            };
        }
    }

    /// Builds an operand with the operators before it, the innermost first; a row of them takes no stack.
    fn operand(&mut self) -> Built<Part> {
        let mut prefixes = Vec::new();
        while let Some(Item::Prefix(operator, span)) = self.items.next_if(|item| matches!(item, Item::Prefix(..))) {
            prefixes.push((operator, span));
        }
        let Some(Item::Operand(expression, outer)) = self.items.next() else {
            let message = "an expression is missing";
            return Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, Span::default()));
        };
        let mut part = Part { expression, outer, level: Level::Operand };
        for (operator, span) in prefixes.into_iter().rev() {
            let level = if operator == UnaryOperator::Not { Level::Not } else { Level::Sign };
            let operand = self.go_on(part, level)?;
            if operator != UnaryOperator::Not {
                refuse_pattern(&operand.expression)?;
            }
            let outer = span.to(operand.outer);
            let kind = ExpressionKind::Unary { operator, operand: Box::new(operand.expression) };
            part = Part { expression: Expression { kind, span: outer }, outer, level };
        }
        Ok(part)
    }
}

/// Joins two parts; a row of the same level grows, instead of nesting.
fn combine(left: Part, operator: BinaryOperator, right: Part) -> Built<Part> {
    let level = operator.level();
    let outer = left.outer.to(right.outer);
    if !matches!(operator, BinaryOperator::Logical(_)) {
        refuse_pattern(&left.expression)?;
        refuse_pattern(&right.expression)?;
    }
    let grows = left.level == level;
    let kind = match (operator, left.expression.kind) {
        (BinaryOperator::Logical(_), ExpressionKind::Logical { operator, mut operands }) if grows => {
            operands.push(right.expression);
            ExpressionKind::Logical { operator, operands }
        }
        (BinaryOperator::Comparison(operator), ExpressionKind::Comparison { first, mut rest }) if grows => {
            rest.push((operator, right.expression));
            ExpressionKind::Comparison { first, rest }
        }
        (BinaryOperator::Arithmetic(operator), ExpressionKind::Arithmetic { first, mut rest }) if grows => {
            rest.push((operator, right.expression));
            ExpressionKind::Arithmetic { first, rest }
        }
        (operator, kind) => pair(Expression { kind, span: left.expression.span }, operator, right.expression),
    };
    Ok(Part { expression: Expression { kind, span: outer }, outer, level })
}

/// Joins two operands with one operator.
fn pair(left: Expression, operator: BinaryOperator, right: Expression) -> ExpressionKind {
    match operator {
        BinaryOperator::Logical(operator) => ExpressionKind::Logical { operator, operands: vec![left, right] },
        BinaryOperator::Comparison(operator) => {
            ExpressionKind::Comparison { first: Box::new(left), rest: vec![(operator, right)] }
        }
        BinaryOperator::Arithmetic(operator) => {
            ExpressionKind::Arithmetic { first: Box::new(left), rest: vec![(operator, right)] }
        }
        BinaryOperator::String(operator) => {
            ExpressionKind::StringPredicate { operator, left: Box::new(left), right: Box::new(right) }
        }
        BinaryOperator::In => ExpressionKind::In { element: Box::new(left), list: Box::new(right) },
    }
}

/// Puts a test behind a part.
fn apply(left: Part, suffix: Suffix, span: Span) -> Built<Part> {
    refuse_pattern(&left.expression)?;
    let outer = left.outer.to(span);
    let operand = Box::new(left.expression);
    let kind = match suffix {
        Suffix::Null { negated } => ExpressionKind::IsNull { operand, negated },
        Suffix::Typed { value_type, negated } => ExpressionKind::IsTyped { operand, value_type, negated },
        Suffix::Labeled { labels, negated } => ExpressionKind::HasLabels { operand, labels, negated },
    };
    Ok(Part { expression: Expression { kind, span: outer }, outer, level: Level::Predicate })
}

/// Refuses a path where a value is wanted: a path in an expression says only whether it is there.
pub(super) fn refuse_pattern(expression: &Expression) -> Built<()> {
    match &expression.kind {
        ExpressionKind::Pattern(path) if path.function.is_none() => {
            let message = "a pattern stands here as a value, but it only says whether there is a match";
            Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, expression.span)
                .with_hint("use `EXISTS { … }` or `COUNT { … }`, or list its matches with `[(a)-->(b) | b]`"))
        }
        _ => Ok(()),
    }
}
