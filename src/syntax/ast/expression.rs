//! Expressions as written: literals, operators, calls, comprehensions, subqueries.
//!
//! Operators of one level that stand in a row (`a + b - c`, `a AND b AND c`, `a < b <= c`) are one node with a list, not a tower of
//! pairs, so that a long row is no deep tree. Brackets are not kept: the tree says what they said.

use smol_str::SmolStr;

use super::{LabelExpression, Name, PathPattern, QualifiedName, Query, Span, ValueType, Variable};

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands; brackets around it are outside.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A constant: `1`, `'text'`, `null`.
    Literal(Literal),
    /// A variable: `n`.
    Variable(SmolStr),
    /// A parameter: `$name`, `$0`.
    Parameter(SmolStr),
    /// A list: `[1, 2]`.
    List(Vec<Expression>),
    /// A map: `{a: 1}`.
    Map(Vec<MapEntry>),
    /// A property or map entry: `n.name`.
    Property {
        /// The element or map.
        of: Box<Expression>,
        /// The key.
        key: Name,
    },
    /// A list's element or a map's entry: `list[0]`, `map['key']`.
    Index {
        /// The list or map.
        of: Box<Expression>,
        /// The place or key.
        index: Box<Expression>,
    },
    /// A part of a list: `list[1..3]`.
    Slice {
        /// The list.
        of: Box<Expression>,
        /// First index inside, if written.
        from: Option<Box<Expression>>,
        /// First index after, if written.
        to: Option<Box<Expression>>,
    },
    /// A prefix operator: `NOT a`, `-a`, `+a`. A minus before a number is part of the literal.
    Unary {
        /// The operator.
        operator: UnaryOperator,
        /// What it applies to.
        operand: Box<Expression>,
    },
    /// `a OR b OR …`, `a XOR b XOR …` or `a AND b AND …`; two operands or more.
    Logical {
        /// The operator between all operands.
        operator: LogicalOperator,
        /// The operands from left to right.
        operands: Vec<Expression>,
    },
    /// Operators of one level from left to right: `a + b - c`, `a * b / c % d`, `a ^ b`.
    Arithmetic {
        /// The leftmost operand.
        first: Box<Expression>,
        /// Each further operand with the operator before it; at least one, all of one level.
        rest: Vec<(ArithmeticOperator, Expression)>,
    },
    /// A chain of comparisons, which means all of its neighbours: `a < b <= c` is `a < b AND b <= c`.
    Comparison {
        /// The leftmost operand.
        first: Box<Expression>,
        /// Each further operand with the operator before it; at least one.
        rest: Vec<(ComparisonOperator, Expression)>,
    },
    /// `a STARTS WITH b`, `a ENDS WITH b`, `a CONTAINS b`, `a =~ b`.
    StringPredicate {
        /// Which of them.
        operator: StringOperator,
        /// The text.
        left: Box<Expression>,
        /// What is looked for.
        right: Box<Expression>,
    },
    /// `element IN list`.
    In {
        /// The element.
        element: Box<Expression>,
        /// The list.
        list: Box<Expression>,
    },
    /// `a IS NULL`, `a IS NOT NULL`.
    IsNull {
        /// What is tested.
        operand: Box<Expression>,
        /// True for `IS NOT NULL`.
        negated: bool,
    },
    /// `n:A:B`, `n:A|B`, `n IS LABELED A`, `n IS NOT LABELED A`; also a relationship's type.
    HasLabels {
        /// The element.
        operand: Box<Expression>,
        /// Which labels or types.
        labels: LabelExpression,
        /// True for `IS NOT LABELED`.
        negated: bool,
    },
    /// `a IS :: INTEGER`, `a IS NOT TYPED STRING | DATE`.
    IsTyped {
        /// What is tested.
        operand: Box<Expression>,
        /// The type.
        value_type: ValueType,
        /// True for `IS NOT ::`.
        negated: bool,
    },
    /// `CAST(a AS INTEGER)`.
    Cast {
        /// What is converted.
        operand: Box<Expression>,
        /// To what.
        value_type: ValueType,
    },
    /// A call: `count(DISTINCT n)`, `duration.between(a, b)`, `exists(n.name)`.
    FunctionCall {
        /// The function's name.
        name: QualifiedName,
        /// Whether `DISTINCT` stands before the arguments.
        distinct: bool,
        /// The arguments.
        arguments: Vec<Expression>,
    },
    /// `count(*)`.
    CountStar,
    /// `CASE … END`, both forms.
    Case(Box<Case>),
    /// `[x IN list WHERE … | …]`.
    ListComprehension(Box<ListComprehension>),
    /// `[p = (a)-->(b) WHERE … | …]`.
    PatternComprehension(Box<PatternComprehension>),
    /// `all(x IN list WHERE …)` and `any`, `none`, `single`.
    Quantifier(Box<ListQuantifier>),
    /// `reduce(sum = 0, x IN list | sum + x)`.
    Reduce(Box<Reduce>),
    /// A pattern as a predicate: `(a)-[:X]->(b)` with one relationship or more; also `shortestPath((a)-[*]->(b))` as a value.
    Pattern(Box<PathPattern>),
    /// `EXISTS { … }`, `COUNT { … }`, `COLLECT { … }`.
    Subquery(Box<Subquery>),
    /// `n {.name, .*, age: 1, m}`.
    MapProjection {
        /// The element or map.
        of: Variable,
        /// The entries wanted.
        items: Vec<MapProjectionItem>,
    },
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A 64-bit integer, decimal, hexadecimal or octal.
    Integer(i64),
    /// A 64-bit float, always finite.
    Float(f64),
    /// A text, escapes resolved.
    String(SmolStr),
}

/// An entry of a written map: `key: value`.
#[derive(Clone, Debug, PartialEq)]
pub struct MapEntry {
    /// The key.
    pub key: Name,
    /// The value.
    pub value: Expression,
}

/// A prefix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `NOT`.
    Not,
    /// `-`.
    Minus,
    /// `+`.
    Plus,
}

/// An operator between truth values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogicalOperator {
    /// `OR`.
    Or,
    /// `XOR`.
    Xor,
    /// `AND`.
    And,
}

/// An operator of calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticOperator {
    /// `+`, also joins texts and lists.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Modulo,
    /// `^`, grouped from the left as openCypher does.
    Power,
    /// `||`, joins two texts or two lists (ISO GQL).
    Concatenate,
}

/// An operator of comparison.
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

/// A test of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StringOperator {
    /// `STARTS WITH`.
    StartsWith,
    /// `ENDS WITH`.
    EndsWith,
    /// `CONTAINS`.
    Contains,
    /// `=~`.
    Matches,
}

/// `CASE [operand] WHEN … THEN … [ELSE …] END`.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What the branches are compared with; none in the form whose branches are conditions.
    pub operand: Option<Expression>,
    /// The branches, at least one.
    pub branches: Vec<CaseBranch>,
    /// The value if no branch fits; none means null.
    pub otherwise: Option<Expression>,
}

/// `WHEN … THEN …`.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseBranch {
    /// The condition, or the value to compare with the operand.
    pub when: Expression,
    /// The value.
    pub then: Expression,
}

/// `[variable IN list WHERE filter | map]`.
#[derive(Clone, Debug, PartialEq)]
pub struct ListComprehension {
    /// The element's name.
    pub variable: Variable,
    /// The list.
    pub list: Expression,
    /// Which elements stay.
    pub filter: Option<Expression>,
    /// What each becomes; none means the element itself.
    pub map: Option<Expression>,
}

/// `[pattern WHERE filter | map]`.
#[derive(Clone, Debug, PartialEq)]
pub struct PatternComprehension {
    /// The pattern; its `variable` names the path.
    pub pattern: PathPattern,
    /// Which matches stay.
    pub filter: Option<Expression>,
    /// What each match becomes.
    pub map: Expression,
}

/// `all(variable IN list WHERE filter)` and its kin.
#[derive(Clone, Debug, PartialEq)]
pub struct ListQuantifier {
    /// How many elements must fit.
    pub kind: QuantifierKind,
    /// The element's name.
    pub variable: Variable,
    /// The list.
    pub list: Expression,
    /// What must hold.
    pub filter: Expression,
}

/// How many elements must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantifierKind {
    /// Every one.
    All,
    /// At least one.
    Any,
    /// None.
    None,
    /// Exactly one.
    Single,
}

/// `reduce(accumulator = initial, variable IN list | step)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reduce {
    /// The name of what is carried along.
    pub accumulator: Variable,
    /// Its first value.
    pub initial: Expression,
    /// The element's name.
    pub variable: Variable,
    /// The list.
    pub list: Expression,
    /// The next value of the accumulator.
    pub step: Expression,
}

/// `EXISTS { … }`, `COUNT { … }`, `COLLECT { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Subquery {
    /// What is asked of the rows.
    pub kind: SubqueryKind,
    /// How the rows are made.
    pub body: SubqueryBody,
}

/// What a subquery asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubqueryKind {
    /// Whether there is a row.
    Exists,
    /// How many rows there are.
    Count,
    /// The values of the one column as a list.
    Collect,
}

/// What stands between a subquery's braces.
#[derive(Clone, Debug, PartialEq)]
pub enum SubqueryBody {
    /// `{ (a)-->(b), (b)-->(c) WHERE … }`.
    Pattern {
        /// The patterns.
        patterns: Vec<PathPattern>,
        /// Which matches stay.
        filter: Option<Expression>,
    },
    /// `{ MATCH … RETURN … }`; the RETURN may be missing under EXISTS and COUNT.
    Query(Query),
}

/// An entry of a map projection.
#[derive(Clone, Debug, PartialEq)]
pub enum MapProjectionItem {
    /// `.name`: that property under its own key.
    Property(Name),
    /// `.*`: all properties.
    AllProperties(Span),
    /// `key: value`.
    Entry(MapEntry),
    /// `variable`: the variable under its own name.
    Variable(Variable),
}
