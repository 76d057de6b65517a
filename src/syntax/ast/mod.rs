//! The syntax tree: a statement as it was written, no name resolved.
//!
//! This is the boundary between text and everything above: [`crate::syntax::parse_statement`] makes a [`Statement`], the binder reads
//! it. Every expression, variable, pattern element and clause knows its [`Span`] in the statement's text.

mod clause;
mod expression;
mod lens;
mod pattern;
mod schema;
mod span;

pub use clause::{
    CallProcedure, CallSubquery, Clause, Create, Delete, Filter, For, ForPosition, Foreach, Imports, InTransactions,
    Let, LetBinding, LoadCsv, Match, Merge, MergeAction, MergeEvent, NullOrder, OnError, Projection, ProjectionItem,
    Remove, RemoveItem, RemoveItemKind, Return, Set, SetItem, SetItemKind, SortItem, Unwind, With, Yield, YieldForm,
    YieldItem,
};
pub use expression::{
    ArithmeticOperator, Case, CaseBranch, ComparisonOperator, Expression, ExpressionKind, ListComprehension,
    ListQuantifier, Literal, LogicalOperator, MapEntry, MapProjectionItem, PatternComprehension, QuantifierKind,
    Reduce, StringOperator, Subquery, SubqueryBody, SubqueryKind, UnaryOperator,
};
pub use lens::{AccordingTo, AsOf, LensPrefix, ResolutionRule, ResolveBy, TextOrParameter, TextOrParameterKind};
pub use pattern::{
    Direction, LabelExpression, LabelExpressionKind, NodePattern, PathGroup, PathMode, PathPattern, PathSelector,
    PatternElement, PatternQuantifier, RelationshipPattern, ShortestPathFunction, VariableLength,
};
pub use schema::{
    AlterGraph, CreateConstraint, CreateGraphType, CreateIndex, Drop, ElementKind, ElementType, IndexKind,
    PropertyType, Requirement, SchemaStatement, SchemaTarget, Show, ShowSubject, ValueType,
};
pub use span::{Name, QualifiedName, Span, Variable};

/// A whole statement: `[EXPLAIN|PROFILE] [lens] body`.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Whether the plan is wanted instead of, or beside, the rows.
    pub mode: StatementMode,
    /// The lens prefixes; only before a query.
    pub lens: LensPrefix,
    /// What is to be done.
    pub body: StatementBody,
    /// Where it stands, without the `;` behind it.
    pub span: Span,
}

/// What is wanted of a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatementMode {
    /// Run it.
    #[default]
    Run,
    /// `EXPLAIN`: show the plan, run nothing.
    Explain,
    /// `PROFILE`: run it and show the plan with what happened.
    Profile,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementBody {
    /// Reads or writes the graph.
    Query(Query),
    /// Begins or ends a transaction.
    Transaction(TransactionStatement),
    /// Changes indexes or constraints.
    Schema(SchemaStatement),
    /// Shows names and settings.
    Show(Box<Show>),
}

/// One query, or several joined by UNION, perhaps over the rows of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What stands before `NEXT`: its rows come in (ISO GQL).
    pub before: Option<Box<Query>>,
    /// The first of them.
    pub first: SingleQuery,
    /// The others with the UNION before each; all of them plain or all of them `ALL`.
    pub unions: Vec<Union>,
    /// Where it stands.
    pub span: Span,
}

/// `UNION [ALL] query`.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// Whether equal rows stay.
    pub all: bool,
    /// The query behind it.
    pub query: SingleQuery,
    /// Where the keyword stands.
    pub span: Span,
}

/// A row of clauses.
#[derive(Clone, Debug, PartialEq)]
pub struct SingleQuery {
    /// The clauses, at least one.
    pub clauses: Vec<Clause>,
    /// Where it stands.
    pub span: Span,
}

/// `BEGIN`, `COMMIT`, `ROLLBACK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionStatement {
    /// `BEGIN`, `START TRANSACTION`.
    Begin {
        /// Whether `READ ONLY` is written.
        read_only: bool,
    },
    /// `COMMIT`.
    Commit,
    /// `ROLLBACK`.
    Rollback,
}
