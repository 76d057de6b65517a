//! The bound query: what a statement means, with every name resolved.
//!
//! ```text
//! MATCH (a:Person)-[:KNOWS]->(b) WHERE a.age > 30 WITH b, count(*) AS n RETURN b.name
//!
//! Match   nodes a=0 (:Person), b=1; relationship 2 (a)-[:KNOWS]->(b); predicates 0.age > 30
//! Project keys 1; aggregates 3 = count(*); scope 1, 3
//! Project items 4 = 1.name; scope 4
//! output  "b.name" = 4
//! ```
//!
//! A slot means one variable over the whole statement, subqueries included: `WITH a` keeps the slot of `a`, `WITH a AS b` and every new
//! variable get a new one, so no operator ever has to rename. Labels, types and property keys are canonical names.

use smol_str::SmolStr;

use crate::expression::{AggregateCall, Expression, LabelExpression};
use crate::knowledge::ClaimRule;
use crate::vector::Slot;

/// A statement that reads or writes the graph.
#[derive(Clone, Debug)]
pub struct BoundQuery {
    /// What to do.
    pub body: QueryBody,
    /// The names and places of the returned columns; empty if nothing is returned.
    pub columns: Vec<OutputColumn>,
    /// What is known of each slot, by its number.
    pub slots: Vec<SlotInformation>,
    /// The parameters' names, by their place.
    pub parameters: Vec<SmolStr>,
    /// The subqueries of expressions, by their number.
    pub subqueries: Vec<Subquery>,
    /// Through which lens the graph is read.
    pub lens: BoundLens,
    /// Whether rows carry the claims that they rest on.
    pub cite: bool,
    /// Whether any clause, also of a subquery, writes.
    pub writes: bool,
}

/// A returned column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputColumn {
    /// The alias, or the item's text as written.
    pub name: SmolStr,
    /// Where its values are.
    pub slot: Slot,
}

/// What is known of a slot.
#[derive(Clone, Debug)]
pub struct SlotInformation {
    /// The variable's name as written; a hidden slot has a name that no variable can have (with a space in front).
    pub name: SmolStr,
}

/// Several clauses in a row, or a union of such.
#[derive(Clone, Debug)]
pub enum QueryBody {
    /// Clauses, each fed with the rows of the one before.
    Clauses(Vec<Clause>),
    /// `UNION`.
    Union {
        /// The parts, with the slots that hold their columns.
        branches: Vec<UnionBranch>,
        /// Whether equal rows stay (`UNION ALL`).
        all: bool,
        /// The slots under which the union's rows go on.
        output: Vec<Slot>,
    },
}

/// One part of a union.
#[derive(Clone, Debug)]
pub struct UnionBranch {
    /// Its clauses; may be a union itself.
    pub body: QueryBody,
    /// The slots of its columns, in the order of the union's output.
    pub columns: Vec<Slot>,
}

/// A clause with its meaning.
#[derive(Clone, Debug)]
pub enum Clause {
    /// `MATCH` and `OPTIONAL MATCH`.
    Match(Match),
    /// `UNWIND list AS variable`, `FOR variable IN list`.
    Unwind {
        /// The list.
        list: Expression,
        /// The item.
        variable: Slot,
        /// The item's place, counted from 0 (`WITH OFFSET`) or 1 (`WITH ORDINALITY`), if asked for.
        ordinal: Option<(Slot, i64)>,
    },
    /// `WITH`, `RETURN`, `LET`.
    Project(Projection),
    /// `FILTER`.
    Filter(Expression),
    /// `CREATE`, `INSERT`.
    Create(CreatePattern),
    /// `MERGE`.
    Merge(Merge),
    /// `SET`.
    Set(Vec<SetItem>),
    /// `REMOVE`.
    Remove(Vec<RemoveItem>),
    /// `DELETE`, `DETACH DELETE`.
    Delete {
        /// What to delete: nodes, relationships, paths.
        targets: Vec<Expression>,
        /// Whether relationships of deleted nodes go too.
        detach: bool,
    },
    /// `FOREACH (variable IN list | clauses)`.
    ForEach {
        /// The item.
        variable: Slot,
        /// The list.
        list: Expression,
        /// The updating clauses.
        clauses: Vec<Clause>,
    },
    /// `CALL procedure(…) YIELD …`.
    Call(ProcedureCall),
    /// `CALL (…) { … }`.
    Subquery(CallSubquery),
    /// `LOAD CSV`.
    LoadCsv {
        /// The file.
        url: Expression,
        /// The row: a list, or a map if there are headers.
        variable: Slot,
        /// Whether the first line names the fields.
        headers: bool,
        /// The separator, `,` if not given.
        separator: Option<char>,
    },
    /// `FINISH`: no rows go on.
    Finish,
}

/// `MATCH` or `OPTIONAL MATCH`.
#[derive(Clone, Debug)]
pub struct Match {
    /// Whether a row without a match goes on with nulls.
    pub optional: bool,
    /// What is looked for.
    pub pattern: Pattern,
    /// What must hold: property maps, inline and trailing WHERE, split at AND.
    pub predicates: Vec<Expression>,
}

/// A graph pattern: nodes, and steps between them.
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    /// The nodes.
    pub nodes: Vec<PatternNode>,
    /// The steps between them.
    pub steps: Vec<PatternStep>,
    /// The sets of steps whose relationships must differ from each other, by place in `steps`.
    pub distinct: Vec<Vec<usize>>,
    /// Named paths, each built from the slots of its elements.
    pub paths: Vec<(Slot, Expression)>,
}

/// A node of a pattern.
#[derive(Clone, Debug)]
pub struct PatternNode {
    /// Its slot.
    pub slot: Slot,
    /// Whether the slot has its value from an earlier clause or from outside the subquery.
    pub bound: bool,
    /// What labels it must have.
    pub label: Option<LabelExpression>,
}

/// A step of a pattern from one node to another.
#[derive(Clone, Debug)]
pub struct PatternStep {
    /// The slot of the relationship; for longer kinds of the list of relationships in walking order, quantified patterns included.
    pub slot: Slot,
    /// Whether the slot has its value from an earlier clause.
    pub bound: bool,
    /// The start, by place in `nodes`.
    pub from: usize,
    /// The end, by place in `nodes`.
    pub to: usize,
    /// Whether it was written from its end to its start (`<--`) and turned around: a list of relationships then runs from `to` to `from`,
    /// as a reader of the pattern walks it.
    pub turned: bool,
    /// What relationships it takes.
    pub relationship: StepRelationship,
    /// How many and which.
    pub kind: StepKind,
}

/// Which relationships a step takes.
#[derive(Clone, Debug)]
pub struct StepRelationship {
    /// Their type; none means any.
    pub label: Option<LabelExpression>,
    /// Whether they may be walked against their direction too. A step written `<--` is turned around by the binder.
    pub undirected: bool,
}

/// How a step walks.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// One relationship.
    Single,
    /// `*min..max`: a chain of relationships; the slot holds their list.
    Variable {
        /// The least number.
        min: u32,
        /// The greatest number, if bounded.
        max: Option<u32>,
        /// What each relationship must satisfy, with the slot that stands for it.
        predicate: Option<(Slot, Expression)>,
        /// Which walks count.
        mode: PathMode,
    },
    /// `((a)-[r]->(b)){min,max}`: a pattern walked several times.
    Quantified(Box<QuantifiedPattern>),
    /// `shortestPath`, `ALL SHORTEST` and their kin over a chain; the slot holds the list of relationships.
    Shortest {
        /// The least number of relationships.
        min: u32,
        /// The greatest number, if bounded.
        max: Option<u32>,
        /// What each relationship must satisfy, with the slot that stands for it.
        predicate: Option<(Slot, Expression)>,
        /// Which of the paths between two ends.
        selector: PathSelector,
    },
}

/// A pattern that is walked several times in a row, each time from where the last one ended.
#[derive(Clone, Debug)]
pub struct QuantifiedPattern {
    /// What is walked once; its nodes and steps have slots of their own.
    pub pattern: Pattern,
    /// What must hold for each walk.
    pub predicates: Vec<Expression>,
    /// The first node, by place in the inner pattern's nodes.
    pub first: usize,
    /// The last node.
    pub last: usize,
    /// The least number of walks.
    pub min: u32,
    /// The greatest number, if bounded.
    pub max: Option<u32>,
    /// For each inner variable, the slot outside that collects its values as a list.
    pub groups: Vec<(Slot, Slot)>,
    /// Whether it is a whole path, walked once so that one can be chosen: then the slots outside hold the values themselves.
    pub once: bool,
    /// Which walks count.
    pub mode: PathMode,
    /// Which of the walks between two ends, if not all.
    pub selector: Option<PathSelector>,
}

/// Which walks count (ISO GQL, path modes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PathMode {
    /// Anything.
    Walk,
    /// No relationship twice; openCypher's rule.
    #[default]
    Trail,
    /// No node twice.
    Acyclic,
    /// No node twice, but the first may be the last.
    Simple,
}

/// Which of the paths between two ends (ISO GQL, path search prefixes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathSelector {
    /// Any `k` of them.
    Any(u32),
    /// One of the shortest (`shortestPath`).
    AnyShortest,
    /// All of the shortest (`allShortestPaths`).
    AllShortest,
    /// The `k` shortest.
    Shortest(u32),
    /// All of the `k` least lengths.
    ShortestGroups(u32),
}

/// `WITH`, `RETURN` or `LET`.
///
/// In this order: group by `keys` and compute `aggregates` (where there are any), compute `items`, drop equal rows of `scope`
/// (`distinct`), order, skip, limit, filter. `order` and `predicate` may read slots below the projection if it neither aggregates nor drops
/// equal rows; where it aggregates, `order` may read its aggregates too, also those that are in no item.
#[derive(Clone, Debug, Default)]
pub struct Projection {
    /// The grouping keys, evaluated before aggregation; empty and unused without aggregates.
    pub keys: Vec<(Slot, Expression)>,
    /// The aggregates, if the projection has any.
    pub aggregates: Vec<(Slot, AggregateCall)>,
    /// Whether the projection aggregates (then no key means one group, also of no rows).
    pub aggregating: bool,
    /// What is computed, over the rows below or over the groups.
    pub items: Vec<(Slot, Expression)>,
    /// The slots in scope afterwards.
    pub scope: Vec<Slot>,
    /// Whether equal rows stay once.
    pub distinct: bool,
    /// The order.
    pub order: Vec<SortKey>,
    /// How many rows to drop.
    pub skip: Option<Expression>,
    /// How many rows to keep.
    pub limit: Option<Expression>,
    /// What rows must satisfy to go on (`WITH … WHERE`).
    pub predicate: Option<Expression>,
}

/// A key of an order.
#[derive(Clone, Debug)]
pub struct SortKey {
    /// What is compared.
    pub expression: Expression,
    /// Whether greater comes first.
    pub descending: bool,
}

/// `CREATE`.
///
/// Nodes are made in order, then relationships in order, then paths; the properties of each may read what was made before it.
#[derive(Clone, Debug, Default)]
pub struct CreatePattern {
    /// The nodes to make, in order.
    pub nodes: Vec<CreateNode>,
    /// The relationships to make, in order, after the nodes.
    pub relationships: Vec<CreateRelationship>,
    /// Named paths.
    pub paths: Vec<(Slot, Expression)>,
}

/// A node to make.
#[derive(Clone, Debug)]
pub struct CreateNode {
    /// Its slot.
    pub slot: Slot,
    /// Its labels.
    pub labels: Vec<SmolStr>,
    /// Its properties: a map.
    pub properties: Option<Expression>,
}

/// A relationship to make.
#[derive(Clone, Debug)]
pub struct CreateRelationship {
    /// Its slot.
    pub slot: Slot,
    /// Its type.
    pub label: SmolStr,
    /// The slot of its start.
    pub from: Slot,
    /// The slot of its end.
    pub to: Slot,
    /// Its properties: a map.
    pub properties: Option<Expression>,
}

/// `MERGE`: match the pattern, or make all of it.
#[derive(Clone, Debug)]
pub struct Merge {
    /// What is looked for.
    pub pattern: Pattern,
    /// What must hold: the property maps.
    pub predicates: Vec<Expression>,
    /// What is made where nothing is found. An undirected step is made from left to right.
    pub create: CreatePattern,
    /// What is set where the pattern was made.
    pub on_create: Vec<SetItem>,
    /// What is set where the pattern was found.
    pub on_match: Vec<SetItem>,
}

/// One part of `SET`.
#[derive(Clone, Debug)]
pub enum SetItem {
    /// `target.key = value`.
    Property {
        /// A node or relationship.
        target: Expression,
        /// The key.
        key: SmolStr,
        /// The value; null removes.
        value: Expression,
    },
    /// `target = map`: replaces all properties.
    Replace {
        /// A node or relationship.
        target: Expression,
        /// A map, node or relationship.
        value: Expression,
    },
    /// `target += map`: adds and overwrites properties.
    Merge {
        /// A node or relationship.
        target: Expression,
        /// A map, node or relationship.
        value: Expression,
    },
    /// `target:Label`.
    Labels {
        /// A node.
        target: Expression,
        /// The labels.
        labels: Vec<SmolStr>,
    },
}

/// One part of `REMOVE`.
#[derive(Clone, Debug)]
pub enum RemoveItem {
    /// `target.key`.
    Property {
        /// A node or relationship.
        target: Expression,
        /// The key.
        key: SmolStr,
    },
    /// `target:Label`.
    Labels {
        /// A node.
        target: Expression,
        /// The labels.
        labels: Vec<SmolStr>,
    },
}

/// `CALL procedure(…) YIELD …`.
#[derive(Clone, Debug)]
pub struct ProcedureCall {
    /// The full name, as declared.
    pub name: SmolStr,
    /// The arguments, all given.
    pub arguments: Vec<Expression>,
    /// For each yielded column: its place in the procedure's result, and its slot.
    pub yields: Vec<(usize, Slot)>,
    /// Whether the procedure has no result columns: the driving row goes on as it is.
    pub is_void: bool,
    /// What yielded rows must satisfy.
    pub predicate: Option<Expression>,
    /// The place of the result that holds the numbers of the claims that a row rests on, if there is one.
    pub cites: Option<usize>,
}

/// `CALL (…) { … }`.
#[derive(Clone, Debug)]
pub struct CallSubquery {
    /// The inner query, run for each row.
    pub body: QueryBody,
    /// The inner columns that go on; empty for a unit subquery, which gives each row once.
    pub outputs: Vec<Slot>,
    /// Whether the inner query returns rows.
    pub returns: bool,
    /// Whether a row without inner rows goes on with nulls (`OPTIONAL CALL`).
    pub optional: bool,
    /// How it is committed part by part (`IN TRANSACTIONS`).
    pub transactions: Option<Transactions>,
}

/// `IN TRANSACTIONS OF n ROWS ON ERROR … REPORT STATUS AS …`.
#[derive(Clone, Debug)]
pub struct Transactions {
    /// How many rows make a transaction.
    pub rows: Expression,
    /// What a failed one does.
    pub on_error: OnError,
    /// The slot of each row's status, one of the call's outputs, if wanted.
    pub report: Option<Slot>,
}

/// What happens when one of several transactions fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// The statement fails; what was committed stays.
    Fail,
    /// No other is begun; the rows that are left have no result.
    Break,
    /// The next ones are tried.
    Continue,
}

/// A subquery of an expression.
#[derive(Clone, Debug)]
pub struct Subquery {
    /// What it gives to the expression.
    pub kind: SubqueryKind,
    /// The inner query.
    pub body: QueryBody,
    /// The outer slots that it reads, variables of comprehensions included. They can be read anywhere in the body: its
    /// projections keep them in scope, and nothing is read from outside behind an aggregation without keys.
    pub imports: Vec<Slot>,
}

/// What a subquery gives to its expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubqueryKind {
    /// Whether there is a row.
    Exists,
    /// How many rows there are.
    Count,
    /// The list of the values of this slot, row by row.
    Collect(Slot),
}

/// Through which lens the graph is read, or as what claims it is written; expressions are free of variables.
#[derive(Clone, Debug, Default)]
pub struct BoundLens {
    /// `AS OF`.
    pub as_of: Option<Expression>,
    /// `ACCORDING TO`, the sources' ids.
    pub sources: Vec<Expression>,
    /// `ACCORDING TO ONLY`.
    pub only: bool,
    /// `RESOLVE BY`.
    pub rule: Option<ClaimRule>,
}
