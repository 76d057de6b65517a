//! The logical plan: what rows are wanted, as a tree of relational operators over graph patterns.
//!
//! A pattern is still a whole here: in which order it is matched is decided when the plan is lowered ([`super::physical`]). The plan is
//! free of anything that only the native executor understands, so that it can be translated for another engine.
//!
//! ```text
//! Project [b.name]
//!   Aggregate keys [b] count(*)
//!     Pattern (a:Person)-[:KNOWS]->(b) where a.age > 30
//!       Argument
//! ```

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::binder::bound::{
    CreatePattern, Merge, Pattern, ProcedureCall, RemoveItem, SetItem, SlotInformation, SortKey, SubqueryKind,
    Transactions,
};
use crate::expression::{AggregateCall, Expression};
use crate::vector::Slot;

/// A tree of operators; each holds what it is fed from.
#[derive(Clone, Debug)]
pub enum LogicalPlan {
    /// The rows given from outside: one row without columns for a whole query, the outer rows for a subquery.
    Argument,
    /// Every match of a pattern for every row.
    Pattern {
        /// The rows to extend.
        input: Box<LogicalPlan>,
        /// What is looked for.
        pattern: Pattern,
        /// What must hold, split at AND.
        predicates: Vec<Expression>,
        /// Whether a row without a match goes on with nulls.
        optional: bool,
    },
    /// The rows for which the predicate is true.
    Filter {
        /// The rows.
        input: Box<LogicalPlan>,
        /// What must hold.
        predicate: Expression,
    },
    /// The rows with computed columns.
    Project {
        /// The rows.
        input: Box<LogicalPlan>,
        /// What is computed.
        items: Vec<(Slot, Expression)>,
        /// What is in scope afterwards.
        scope: Vec<Slot>,
    },
    /// One row a group.
    Aggregate {
        /// The rows.
        input: Box<LogicalPlan>,
        /// The grouping keys; none means one group, also of no rows.
        keys: Vec<(Slot, Expression)>,
        /// What is computed for each group.
        aggregates: Vec<(Slot, AggregateCall)>,
    },
    /// The rows that differ in these slots, the first of each.
    Distinct {
        /// The rows.
        input: Box<LogicalPlan>,
        /// What is compared.
        slots: Vec<Slot>,
    },
    /// The rows in order.
    Sort {
        /// The rows.
        input: Box<LogicalPlan>,
        /// The keys.
        keys: Vec<SortKey>,
    },
    /// The rows after the first ones.
    Skip {
        /// The rows.
        input: Box<LogicalPlan>,
        /// How many are dropped.
        count: Expression,
    },
    /// The first rows.
    Limit {
        /// The rows.
        input: Box<LogicalPlan>,
        /// How many are kept.
        count: Expression,
    },
    /// The first rows in order: a sort and a limit in one.
    Top {
        /// The rows.
        input: Box<LogicalPlan>,
        /// The keys.
        keys: Vec<SortKey>,
        /// How many are dropped first.
        skip: Option<Expression>,
        /// How many are kept.
        limit: Expression,
    },
    /// One row for each item of a list.
    Unwind {
        /// The rows.
        input: Box<LogicalPlan>,
        /// The list.
        list: Expression,
        /// The item.
        variable: Slot,
        /// The item's place, and the place of the first.
        ordinal: Option<(Slot, i64)>,
    },
    /// The rows of several plans, each fed with the same rows.
    Union {
        /// The rows that every branch is fed with.
        input: Box<LogicalPlan>,
        /// The plans over [`LogicalPlan::Argument`], and the slots of their columns.
        branches: Vec<(LogicalPlan, Vec<Slot>)>,
        /// The slots under which rows go on.
        output: Vec<Slot>,
    },
    /// `CALL { … }`: the inner plan's rows for each row.
    Apply {
        /// The rows.
        input: Box<LogicalPlan>,
        /// The plan over [`LogicalPlan::Argument`].
        inner: Box<LogicalPlan>,
        /// What the inner plan adds.
        outputs: Vec<Slot>,
        /// What becomes of rows.
        kind: ApplyKind,
        /// How parts are committed, where they are.
        transactions: Option<Transactions>,
    },
    /// `CREATE`.
    Create {
        /// The rows.
        input: Box<LogicalPlan>,
        /// What is made.
        pattern: CreatePattern,
    },
    /// `MERGE`.
    Merge {
        /// The rows.
        input: Box<LogicalPlan>,
        /// What is found or made.
        merge: Box<Merge>,
    },
    /// `SET`.
    Set {
        /// The rows.
        input: Box<LogicalPlan>,
        /// What is set.
        items: Vec<SetItem>,
    },
    /// `REMOVE`.
    Remove {
        /// The rows.
        input: Box<LogicalPlan>,
        /// What is removed.
        items: Vec<RemoveItem>,
    },
    /// `DELETE`.
    Delete {
        /// The rows.
        input: Box<LogicalPlan>,
        /// What is deleted.
        targets: Vec<Expression>,
        /// Whether relationships go too.
        detach: bool,
    },
    /// `FOREACH`: the inner plan is run for each item, the row goes on once.
    ForEach {
        /// The rows.
        input: Box<LogicalPlan>,
        /// The item.
        variable: Slot,
        /// The list.
        list: Expression,
        /// The plan over [`LogicalPlan::Argument`].
        inner: Box<LogicalPlan>,
    },
    /// `CALL procedure(…)`.
    Call {
        /// The rows.
        input: Box<LogicalPlan>,
        /// The call.
        call: ProcedureCall,
    },
    /// `LOAD CSV`.
    LoadCsv {
        /// The rows.
        input: Box<LogicalPlan>,
        /// The file.
        url: Expression,
        /// The row read.
        variable: Slot,
        /// Whether the first line names the fields.
        headers: bool,
        /// The separator, if given.
        separator: Option<char>,
    },
    /// No rows go on.
    Finish {
        /// The rows.
        input: Box<LogicalPlan>,
    },
}

/// What an apply does with a row and its inner rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyKind {
    /// One row for each inner row.
    Inner,
    /// The same, and a row without inner rows goes on with nulls.
    Left,
    /// The row once, whatever the inner rows (a subquery without RETURN).
    Unit,
}

/// A whole query as logical plans.
#[derive(Clone, Debug)]
pub struct LogicalQuery {
    /// The plan of the body.
    pub root: LogicalPlan,
    /// The plans of the expressions' subqueries, by their number.
    pub subqueries: Vec<LogicalSubquery>,
    /// What is known of each slot; rewrites may add slots.
    pub slots: Vec<SlotInformation>,
    /// What rows rest on, where that is asked for.
    pub citation: Option<Citation>,
}

/// What the rows of a query rest on.
#[derive(Clone, Debug, Default)]
pub struct Citation {
    /// The columns that hold elements.
    pub slots: Vec<CitedSlot>,
    /// Whether a row may also rest on something not being there: `NOT EXISTS {}`.
    pub absence: bool,
    /// Where only the first rows of a group were looked at: how many.
    pub rows: Option<RowsLookedAt>,
    /// Where the number of elements in all the columns is, each counted once; null where the columns hold all of theirs.
    pub total: Option<Slot>,
}

/// How many rows of a group were looked at.
#[derive(Clone, Copy, Debug)]
pub struct RowsLookedAt {
    /// Where their number is.
    pub count: Slot,
    /// At how many it ended.
    pub bound: i64,
    /// Whether the group has a key, and so at least one row.
    pub has_key: bool,
}

/// A column of elements that rows rest on.
#[derive(Clone, Debug)]
pub struct CitedSlot {
    /// Where they are: an element, a path, a list of such, or null.
    pub slot: Slot,
    /// What is read of them.
    pub keys: KeysRead,
    /// Whether an OPTIONAL clause bound them, so that null means that nothing was found.
    pub optional: bool,
    /// Whether it holds numbers of claims instead.
    pub claims: bool,
}

/// Which properties are read of elements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeysRead {
    /// Whether every property is: `properties(n)`, `n {.*}`.
    pub all: bool,
    /// The properties read by name, in order.
    pub keys: BTreeSet<SmolStr>,
    /// The properties read of the ends of relationships: `startNode(r).name`.
    pub of_ends: BTreeSet<SmolStr>,
}

/// The plan of a subquery in an expression.
#[derive(Clone, Debug)]
pub struct LogicalSubquery {
    /// What it gives to the expression.
    pub kind: SubqueryKind,
    /// The plan over [`LogicalPlan::Argument`].
    pub plan: LogicalPlan,
    /// The outer slots that it reads.
    pub imports: Vec<Slot>,
}

impl LogicalPlan {
    /// Calls `visit` with every plan that feeds this one, those of inner queries included.
    pub fn for_each_child(&mut self, visit: &mut dyn FnMut(&mut LogicalPlan)) {
        match self {
            LogicalPlan::Argument => {}
            LogicalPlan::Pattern { input, .. }
            | LogicalPlan::Filter { input, .. }
            | LogicalPlan::Project { input, .. }
            | LogicalPlan::Aggregate { input, .. }
            | LogicalPlan::Distinct { input, .. }
            | LogicalPlan::Sort { input, .. }
            | LogicalPlan::Skip { input, .. }
            | LogicalPlan::Limit { input, .. }
            | LogicalPlan::Top { input, .. }
            | LogicalPlan::Unwind { input, .. }
            | LogicalPlan::Create { input, .. }
            | LogicalPlan::Merge { input, .. }
            | LogicalPlan::Set { input, .. }
            | LogicalPlan::Remove { input, .. }
            | LogicalPlan::Delete { input, .. }
            | LogicalPlan::Call { input, .. }
            | LogicalPlan::LoadCsv { input, .. }
            | LogicalPlan::Finish { input } => visit(input),
            LogicalPlan::Apply { input, inner, .. } | LogicalPlan::ForEach { input, inner, .. } => {
                visit(input);
                visit(inner);
            }
            LogicalPlan::Union { input, branches, .. } => {
                visit(input);
                branches.iter_mut().for_each(|(branch, _)| visit(branch));
            }
        }
    }
}
