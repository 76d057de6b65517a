//! Patterns as written: paths of nodes, relationships and quantified groups; label expressions.

use super::{Expression, Name, Span, Variable};

/// One path of a pattern: `p = ANY SHORTEST TRAIL (a)-[:X]->{1,3}(b)`.
#[derive(Clone, Debug, PartialEq)]
pub struct PathPattern {
    /// The path's name.
    pub variable: Option<Variable>,
    /// `shortestPath(…)` or `allShortestPaths(…)` around the elements.
    pub function: Option<ShortestPathFunction>,
    /// Which of the matching paths are wanted (ISO GQL).
    pub selector: Option<PathSelector>,
    /// Which repetitions a path may have (ISO GQL).
    pub mode: Option<PathMode>,
    /// The elements in order: a relationship stands between nodes or groups.
    pub elements: Vec<PatternElement>,
    /// Where the path stands, name included.
    pub span: Span,
}

/// The functions of openCypher that ask for shortest paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShortestPathFunction {
    /// `shortestPath(…)`.
    One,
    /// `allShortestPaths(…)`.
    All,
}

/// Which of the matching paths are wanted (ISO GQL, path search prefix), for each pair of ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathSelector {
    /// `ALL` or `ALL PATHS`: every path, written out.
    All,
    /// `ANY` (1) or `ANY k`: any so many paths.
    Any(u64),
    /// `ANY SHORTEST`: one of the shortest.
    AnyShortest,
    /// `ALL SHORTEST`: all of the shortest.
    AllShortest,
    /// `SHORTEST k`: the k shortest.
    Shortest(u64),
    /// `SHORTEST k GROUPS`: all paths of the k smallest lengths.
    ShortestGroups(u64),
}

/// Which repetitions a path may have (ISO GQL).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathMode {
    /// Anything may repeat.
    Walk,
    /// No relationship twice.
    Trail,
    /// No node twice.
    Acyclic,
    /// No node twice, but the ends may be one.
    Simple,
}

/// One element of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum PatternElement {
    /// `(n:A {p: 1})`.
    Node(NodePattern),
    /// `-[r:X*1..3]->`.
    Relationship(RelationshipPattern),
    /// `((a)-[:X]->(b) WHERE …){1,3}`.
    Group(PathGroup),
}

impl PatternElement {}

/// `(variable:Label {key: value} WHERE …)`.
#[derive(Clone, Debug, PartialEq)]
pub struct NodePattern {
    /// The node's name.
    pub variable: Option<Variable>,
    /// Which labels it must have, or gets.
    pub labels: Option<LabelExpression>,
    /// A map, or a parameter that is one.
    pub properties: Option<Box<Expression>>,
    /// The condition written inside.
    pub filter: Option<Box<Expression>>,
    /// Where it stands, brackets included.
    pub span: Span,
}

/// `-[variable:TYPE*1..3 {key: value} WHERE …]->{1,3}`.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationshipPattern {
    /// Where its arrow points.
    pub direction: Direction,
    /// The relationship's name.
    pub variable: Option<Variable>,
    /// Which types it may have.
    pub types: Option<LabelExpression>,
    /// `*1..3`: a path of variable length, whose variable is the list of relationships.
    pub length: Option<VariableLength>,
    /// A map, or a parameter that is one.
    pub properties: Option<Box<Expression>>,
    /// The condition written inside.
    pub filter: Option<Box<Expression>>,
    /// `{1,3}`, `+` or `*` behind the arrow (ISO GQL).
    pub quantifier: Option<PatternQuantifier>,
    /// Where it stands, arrow included.
    pub span: Span,
}

/// Where a relationship's arrow points, as read from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `-->`.
    Right,
    /// `<--`.
    Left,
    /// `--` or `<-->`: either way.
    Either,
}

/// `*`, `*2`, `*1..3`, `*1..`, `*..3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VariableLength {
    /// The least number of relationships; none means 1.
    pub minimum: Option<u64>,
    /// The greatest number of relationships; none means any.
    pub maximum: Option<u64>,
    /// Where it stands.
    pub span: Span,
}

/// `((a)-[:X]->(b) WHERE …){1,3}`: a part of a path that repeats, or is only bracketed.
#[derive(Clone, Debug, PartialEq)]
pub struct PathGroup {
    /// The name of the part of the path.
    pub variable: Option<Variable>,
    /// Which repetitions the part may have.
    pub mode: Option<PathMode>,
    /// The elements in order.
    pub elements: Vec<PatternElement>,
    /// The condition of each repetition.
    pub filter: Option<Box<Expression>>,
    /// How often it repeats; none means once.
    pub quantifier: Option<PatternQuantifier>,
    /// Where it stands, quantifier included.
    pub span: Span,
}

/// `{n}`, `{n,m}`, `{n,}`, `{,m}`, `+` (1 or more), `*` (0 or more).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternQuantifier {
    /// The least number of repetitions.
    pub minimum: u64,
    /// The greatest number of repetitions; none means any.
    pub maximum: Option<u64>,
    /// Where it stands.
    pub span: Span,
}

/// Which labels or types: `A&(B|!C)`.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelExpression {
    /// What it is.
    pub kind: LabelExpressionKind,
    /// Where it stands.
    pub span: Span,
}

/// What a label expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum LabelExpressionKind {
    /// A label or type by name.
    Name(Name),
    /// `%`: any label at all.
    Wildcard,
    /// `!A`.
    Not(Box<LabelExpression>),
    /// `A&B`, also `:A:B`; two operands or more.
    And(Vec<LabelExpression>),
    /// `A|B`, also `:A|:B`; two operands or more.
    Or(Vec<LabelExpression>),
}

impl LabelExpression {
    /// Returns the names if all of them are wanted together (`:A`, `:A:B`, `:A&B`), which is what CREATE can make.
    pub fn conjunction(&self) -> Option<Vec<&Name>> {
        match &self.kind {
            LabelExpressionKind::Name(name) => Some(vec![name]),
            LabelExpressionKind::And(operands) => operands.iter().map(LabelExpression::name).collect(),
            _ => None,
        }
    }

    /// Returns the name if the expression is one name only.
    pub fn name(&self) -> Option<&Name> {
        match &self.kind {
            LabelExpressionKind::Name(name) => Some(name),
            _ => None,
        }
    }
}
