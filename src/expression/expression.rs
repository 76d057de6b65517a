//! The expression itself: openCypher's expressions with every name resolved to a slot, a parameter's place or a function.

use smol_str::SmolStr;

use crate::function::Function;
use crate::value::{Value, ValueType};
use crate::vector::Slot;

use super::LabelExpression;

/// The place of a subquery in its query's list of subqueries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubqueryId(pub u32);

/// An expression over the slots of a batch.
///
/// Property keys and labels stay names: their ids are looked up once a batch, so that a plan outlives the first use of a name.
#[derive(Clone, Debug)]
pub enum Expression {
    /// A value known when the query was bound.
    Constant(Value),
    /// A parameter, by its place in the query's list of parameters.
    Parameter(u32),
    /// A variable.
    Slot(Slot),
    /// `target.key`, of a node, relationship, map or temporal value.
    Property(Box<Expression>, SmolStr),
    /// `target:Label`, of a node or relationship; null of null.
    HasLabel(Box<Expression>, LabelExpression),
    /// `NOT a`.
    Not(Box<Expression>),
    /// `a AND b AND …`; later operands are evaluated only where the earlier ones are not false.
    And(Vec<Expression>),
    /// `a OR b OR …`; later operands are evaluated only where the earlier ones are not true.
    Or(Vec<Expression>),
    /// `a XOR b`.
    Xor(Box<Expression>, Box<Expression>),
    /// `a = b`, `a < b` and their kin; a chain `a < b < c` is an `And` of them.
    Comparison(ComparisonOperator, Box<Expression>, Box<Expression>),
    /// `a + b` and its kin.
    Arithmetic(ArithmeticOperator, Box<Expression>, Box<Expression>),
    /// `-a`.
    Negate(Box<Expression>),
    /// `a STARTS WITH b` and its kin.
    Text(StringOperator, Box<Expression>, Box<Expression>),
    /// `item IN list`.
    In(Box<Expression>, Box<Expression>),
    /// `a IS NULL`.
    IsNull(Box<Expression>),
    /// `a IS :: INTEGER`.
    IsTyped(Box<Expression>, ValueType),
    /// `CAST(a AS INTEGER)`.
    Cast(Box<Expression>, ValueType),
    /// `[a, b, …]`.
    List(Vec<Expression>),
    /// `{key: a, …}` and map projections; later entries win.
    Map(Vec<MapEntry>),
    /// `target[index]`.
    Index(Box<Expression>, Box<Expression>),
    /// `target[from..to]`.
    Slice(Box<Expression>, Option<Box<Expression>>, Option<Box<Expression>>),
    /// `CASE WHEN … THEN … ELSE … END`; with an operand each condition is `operand = value`, already written out as a comparison
    /// whose operand stands in a slot-free expression evaluated once a row.
    Case {
        /// What the conditions are compared with, in the simple form.
        operand: Option<Box<Expression>>,
        /// Conditions and results, the first that holds wins.
        branches: Vec<Branch>,
        /// The result where none holds; null if it is not given.
        otherwise: Option<Box<Expression>>,
    },
    /// A call of a built-in function.
    Function(&'static Function, Vec<Expression>),
    /// `coalesce(a, b, …)`: the first that is not null; later ones are evaluated only where needed.
    Coalesce(Vec<Expression>),
    /// `[variable IN list WHERE predicate | projection]`.
    Comprehension {
        /// The slot of the item, in scope inside only.
        variable: Slot,
        /// The list.
        list: Box<Expression>,
        /// Which items are kept.
        predicate: Option<Box<Expression>>,
        /// What becomes of an item.
        projection: Option<Box<Expression>>,
    },
    /// `all(variable IN list WHERE predicate)` and its kin.
    Quantifier {
        /// How many items must satisfy.
        kind: QuantifierKind,
        /// The slot of the item, in scope inside only.
        variable: Slot,
        /// The list.
        list: Box<Expression>,
        /// What must hold.
        predicate: Box<Expression>,
    },
    /// `reduce(accumulator = initial, variable IN list | step)`.
    Reduce {
        /// The slot of the accumulator.
        accumulator: Slot,
        /// Its first value.
        initial: Box<Expression>,
        /// The slot of the item.
        variable: Slot,
        /// The list.
        list: Box<Expression>,
        /// The accumulator's next value.
        step: Box<Expression>,
    },
    /// `EXISTS {}`, `COUNT {}`, `COLLECT {}`, a pattern predicate or a pattern comprehension.
    Subquery(SubqueryId),
    /// A path through slots: node, relationship (or list of relationships), node, …
    Path(Vec<Slot>),
}

/// A `WHEN … THEN …` of a CASE.
#[derive(Clone, Debug)]
pub struct Branch {
    /// A condition, or in the simple form the value that the operand is compared with.
    pub condition: Expression,
    /// The result.
    pub result: Expression,
}

/// An entry of a map literal or projection.
#[derive(Clone, Debug)]
pub enum MapEntry {
    /// `key: value`.
    Pair(SmolStr, Expression),
    /// All entries or properties of a map, node or relationship (`.*`).
    All(Expression),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparisonOperator {
    /// `=`.
    Equal,
    /// `<>`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

/// An operation on two numbers, strings, lists or temporal values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticOperator {
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Modulo,
    /// `^`.
    Power,
    /// `||`, concatenation (ISO GQL).
    Concatenate,
}

/// A predicate on two strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StringOperator {
    /// `STARTS WITH`.
    StartsWith,
    /// `ENDS WITH`.
    EndsWith,
    /// `CONTAINS`.
    Contains,
    /// `=~`, a regular expression that must match the whole text.
    Matches,
}

/// How many items of a list must satisfy a predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantifierKind {
    /// All of them.
    All,
    /// At least one.
    Any,
    /// None.
    None,
    /// Exactly one.
    Single,
}
