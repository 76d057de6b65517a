//! The physical plan: how the rows are made, operator by operator, with estimates and the slots that each must hand on.
//!
//! ```text
//! Aggregate                      rows are pushed upwards, a batch at a time;
//!   Expand (a)-[:KNOWS]->(b)     the first child of an operator is the plan that feeds it
//!     Filter a.age > 30
//!       NodeScan a:Person
//!         Argument
//! ```

use smol_str::SmolStr;

use crate::binder::bound::{
    CreatePattern, OutputColumn, PathMode, PathSelector, ProcedureCall, RemoveItem, SetItem, SlotInformation, SortKey,
    SubqueryKind, Transactions,
};
use crate::expression::{AggregateCall, Expression, LabelExpression, SubqueryId};
use crate::vector::Slot;

use super::assumption::Assumption;
use super::counted::Counted;
use super::logical::{ApplyKind, Citation};
use super::why::Choice;

/// An operator with the plans that feed it.
#[derive(Clone, Debug)]
pub struct PhysicalPlan {
    /// What it does.
    pub operator: Operator,
    /// The plans that feed it; the first gives its rows.
    pub children: Vec<PhysicalPlan>,
    /// How many rows it is expected to give, for each row of the argument.
    pub rows: f64,
    /// The slots that are read above it: what its batches must hold.
    pub live: Vec<Slot>,
    /// Its number within the whole query, for measuring.
    pub id: u32,
}

impl PhysicalPlan {
    /// Returns an operator without liveness and number, which are filled in when the whole plan stands.
    pub fn new(operator: Operator, children: Vec<PhysicalPlan>, rows: f64) -> Self {
        PhysicalPlan { operator, children, rows, live: Vec::new(), id: 0 }
    }

    /// Returns the plan that gives this operator its rows.
    pub fn input(&self) -> &PhysicalPlan {
        &self.children[0]
    }
}

/// A whole query, ready to run.
#[derive(Clone, Debug)]
pub struct PhysicalQuery {
    /// The plan of the body.
    pub root: PhysicalPlan,
    /// The plans of subqueries, by their number.
    pub subqueries: Vec<PhysicalSubquery>,
    /// The returned columns.
    pub columns: Vec<OutputColumn>,
    /// What is known of each slot; more slots may have been added by the planner.
    pub slots: Vec<SlotInformation>,
    /// The parameters' names, by their place.
    pub parameters: Vec<SmolStr>,
    /// Whether anything is written.
    pub writes: bool,
    /// The number of operators, all subqueries included.
    pub operator_count: u32,
    /// What rows rest on, where that is asked for.
    pub citation: Option<Citation>,
    /// Whether the same rows give the same values again, whatever the order they are taken in: nothing random is called.
    pub repeatable: bool,
    /// What the plan takes for granted of the graph.
    pub assumptions: Vec<Assumption>,
    /// The counts that the plan was chosen by.
    pub counts: Vec<Counted>,
    /// The shortcuts of running that are not taken, see [`super::shortcut`].
    pub switched_off: Vec<&'static str>,
    /// Where patterns start and could have started; known only to a plan that is to be explained.
    pub choices: Vec<Choice>,
}

impl Drop for PhysicalQuery {
    /// Takes the operators apart one by one: a plan is as deep as its query has clauses, and whoever drops it may have little stack.
    fn drop(&mut self) {
        let roots = self.subqueries.iter_mut().map(|subquery| &mut subquery.plan).chain([&mut self.root]);
        let mut left: Vec<PhysicalPlan> = roots.flat_map(|root| std::mem::take(&mut root.children)).collect();
        while let Some(mut plan) = left.pop() {
            left.append(&mut plan.children);
        }
    }
}

impl PhysicalQuery {
    /// Returns how many rows all operators of the body together are expected to give.
    pub fn estimated_rows(&self) -> f64 {
        fn all(plan: &PhysicalPlan) -> f64 {
            plan.rows + plan.children.iter().map(all).sum::<f64>()
        }
        all(&self.root)
    }
}

/// The plan of a subquery in an expression.
#[derive(Clone, Debug)]
pub struct PhysicalSubquery {
    /// What it gives to the expression.
    pub kind: SubqueryKind,
    /// The plan over [`Operator::Argument`].
    pub plan: PhysicalPlan,
    /// The outer slots that it reads.
    pub imports: Vec<Slot>,
    /// The slot that carries the outer row's number through the plan.
    pub row: Slot,
    /// Whether the plan may be run for many outer rows at a time: no operator in it looks across rows.
    pub batched: bool,
}

/// What an operator of a physical plan does.
#[derive(Clone, Debug)]
pub enum Operator {
    /// The rows given from outside.
    Argument,
    /// One row without columns, whatever is given from outside.
    Unit,
    /// Every node with these labels, for each row.
    NodeScan {
        /// The node.
        slot: Slot,
        /// The labels; none means every node.
        label: Option<LabelExpression>,
    },
    /// The nodes or relationships that an index finds, for each row.
    IndexSeek {
        /// The node or relationship.
        slot: Slot,
        /// Which of both it is.
        element: SoughtElement,
        /// The index's label or type.
        label: SmolStr,
        /// The index's properties.
        keys: Vec<SmolStr>,
        /// What is looked up.
        seek: SeekKind,
    },
    /// Every relationship of these types with its ends, for each row.
    RelationshipScan {
        /// The step, whose ends are both new.
        step: ExpandStep,
    },
    /// The neighbours of a node.
    Expand {
        /// The step.
        step: ExpandStep,
        /// Whether the end is known already: then only that neighbour counts.
        into: bool,
    },
    /// The neighbours of a node that pass, or null where there is none.
    OptionalExpand {
        /// The step.
        step: ExpandStep,
        /// The labels that a neighbour must have.
        label: Option<LabelExpression>,
        /// What must hold.
        predicate: Option<Expression>,
    },
    /// How many neighbours a node has, as a factor for the aggregates above.
    ExpandCount {
        /// The step; its ends and relationship are not made.
        step: ExpandStep,
        /// The slot of the number.
        count: Slot,
        /// Whether rows without any are kept, with 0; else they are dropped.
        optional: bool,
    },
    /// The nodes that two known nodes both lead to.
    ExpandIntersect {
        /// The step from the node that stays the same over many rows.
        fixed: ExpandStep,
        /// The step from the other; it ends at the same node.
        moving: ExpandStep,
        /// The slot of the number of common nodes, where only that is wanted.
        count: Option<Slot>,
    },
    /// The nodes that two chains of two steps from a known node both lead to: how diamonds and other cycles of four close.
    ExpandMeet {
        /// The two ways: each from the known node over one of its own to the node where they meet.
        arms: [MeetArm; 2],
        /// How the pairs of ways are only counted, where that is enough.
        count: Option<MeetCount>,
    },
    /// The ends of chains of relationships.
    ExpandVariable {
        /// The step; its slot holds the list of relationships.
        step: ExpandStep,
        /// Whether the end is known already.
        into: bool,
        /// The least number of relationships.
        min: u32,
        /// The greatest number, if bounded.
        max: Option<u32>,
        /// What each relationship must satisfy.
        predicate: Option<(Slot, Expression)>,
        /// Which walks count.
        mode: PathMode,
        /// Which of the walks between two ends.
        selector: Option<PathSelector>,
        /// Whether only distinct ends are wanted: then walks are not told apart.
        distinct_ends: bool,
        /// Whether the walk runs from the pattern's end to its start, so that lists are to be turned around.
        reversed: bool,
    },
    /// A pattern walked several times in a row: the second child, over [`Operator::Argument`].
    ExpandQuantified {
        /// The start.
        from: Slot,
        /// The end.
        to: Slot,
        /// Whether the end is known already.
        into: bool,
        /// The slot of the first node within the inner plan.
        first: Slot,
        /// The slot of the last node within the inner plan.
        last: Slot,
        /// The least number of walks.
        min: u32,
        /// The greatest number, if bounded.
        max: Option<u32>,
        /// For each inner variable, the slot that collects its values.
        groups: Vec<(Slot, Slot)>,
        /// Whether it is walked once and variables have values instead of lists of them.
        once: bool,
        /// Whether every time has the same number of relationships.
        even: bool,
        /// The inner relationships, which must differ from each other over all walks.
        relationships: Vec<Slot>,
        /// The slot that carries the outer row's number through the inner plan.
        row: Slot,
        /// Which walks count.
        mode: PathMode,
        /// Which of the walks between two ends.
        selector: Option<PathSelector>,
        /// The slot of the list of all relationships walked.
        walked: Slot,
        /// Whether the walk runs from the pattern's end to its start, so that lists are to be turned around.
        reversed: bool,
    },
    /// Checks a relationship (or list) that is known already against a step, and gives the step's ends.
    BoundStep {
        /// The step.
        step: ExpandStep,
        /// Whether the start is known already.
        from_known: bool,
        /// Whether the end is known already.
        to_known: bool,
        /// For a chain, its least and greatest length.
        length: Option<(u32, Option<u32>)>,
    },
    /// The rows whose node has these labels.
    LabelFilter {
        /// The node.
        slot: Slot,
        /// The labels.
        label: LabelExpression,
    },
    /// The rows for which the predicate is true.
    Filter {
        /// What must hold.
        predicate: Expression,
    },
    /// The rows whose node comes for the first time.
    DistinctNodes {
        /// The node.
        slot: Slot,
    },
    /// Each node once, with how many rows have it.
    CountNodes {
        /// The node.
        slot: Slot,
        /// The slot of the number.
        count: Slot,
        /// The slots whose product says how often each row counts.
        weights: Vec<Slot>,
        /// The slots that have one value in all rows, which go on too.
        constants: Vec<Slot>,
    },
    /// The rows whose relationships, lists of them included, are all different.
    DistinctRelationships {
        /// The relationships.
        slots: Vec<Slot>,
    },
    /// The rows with computed columns.
    Project {
        /// What is computed.
        items: Vec<(Slot, Expression)>,
    },
    /// One row a group.
    Aggregate {
        /// The grouping keys.
        keys: Vec<(Slot, Expression)>,
        /// What is computed for each group.
        aggregates: Vec<(Slot, AggregateCall)>,
        /// The slots whose product says how often each row counts.
        factors: Vec<Slot>,
    },
    /// The rows that differ in these slots, the first of each.
    Distinct {
        /// What is compared.
        slots: Vec<Slot>,
    },
    /// The rows in order.
    Sort {
        /// The keys.
        keys: Vec<SortKey>,
    },
    /// The first rows in order.
    Top {
        /// The keys.
        keys: Vec<SortKey>,
        /// How many are dropped first.
        skip: Option<Expression>,
        /// How many are kept.
        limit: Expression,
    },
    /// The rows after the first ones.
    Skip {
        /// How many are dropped.
        count: Expression,
    },
    /// The first rows.
    Limit {
        /// How many are kept.
        count: Expression,
    },
    /// One row for each item of a list.
    Unwind {
        /// The list.
        list: Expression,
        /// The item.
        variable: Slot,
        /// The item's place, and the place of the first.
        ordinal: Option<(Slot, i64)>,
    },
    /// The rows of the further children, over [`Operator::Argument`], for the rows of the first.
    Union {
        /// For each further child the slots of its columns.
        columns: Vec<Vec<Slot>>,
        /// The slots under which rows go on.
        output: Vec<Slot>,
        /// The slot that carries the outer row's number.
        row: Slot,
    },
    /// Every row of the first child with every row of the second, which does not depend on the argument.
    CartesianProduct,
    /// The pairs of rows of the two children whose keys are equal (as `=` says, null with nothing). The second is built into a table.
    HashJoin {
        /// The keys over the first child.
        left: Vec<Expression>,
        /// The keys over the second.
        right: Vec<Expression>,
    },
    /// The rows of the second child, over [`Operator::Argument`], for each row of the first.
    Apply {
        /// What becomes of rows.
        kind: ApplyKind,
        /// What the second child adds.
        outputs: Vec<Slot>,
        /// The slot that carries the outer row's number.
        row: Slot,
        /// Whether many outer rows may be given to the second child at a time.
        batched: bool,
        /// How parts are committed, where they are.
        transactions: Option<Transactions>,
    },
    /// The rows for which a subquery gives a row (or none). A second child, where there is one, gives all nodes for which it does, or
    /// the ends that a step may lead to for it to.
    SemiJoin {
        /// The subquery.
        subquery: SubqueryId,
        /// Whether the rows without a match are wanted.
        anti: bool,
        /// The step, where the second child gives the ends of it.
        step: Option<Box<ExpandStep>>,
    },
    /// `CREATE`.
    Create {
        /// What is made.
        pattern: CreatePattern,
    },
    /// `MERGE`; the second child, over [`Operator::Argument`], finds the pattern for a row.
    Merge {
        /// What is made where nothing is found.
        create: CreatePattern,
        /// What is set where the pattern was made.
        on_create: Vec<SetItem>,
        /// What is set where the pattern was found.
        on_match: Vec<SetItem>,
    },
    /// `SET`.
    Set {
        /// What is set.
        items: Vec<SetItem>,
    },
    /// `REMOVE`.
    Remove {
        /// What is removed.
        items: Vec<RemoveItem>,
    },
    /// `DELETE`.
    Delete {
        /// What is deleted.
        targets: Vec<Expression>,
        /// Whether relationships go too.
        detach: bool,
    },
    /// `FOREACH`; the second child, over [`Operator::Argument`], is run for each item.
    ForEach {
        /// The item.
        variable: Slot,
        /// The list.
        list: Expression,
    },
    /// `CALL procedure(…)`.
    Call {
        /// The call.
        call: ProcedureCall,
    },
    /// `LOAD CSV`.
    LoadCsv {
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
    Finish,
}

/// What an index finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoughtElement {
    /// Nodes of a label.
    Node,
    /// Relationships of a type.
    Relationship,
}

/// One end of a range, with whether it belongs to it; none if the range is open there.
pub type SeekBound = Option<(Expression, bool)>;

/// What an index seek looks up; the expressions may read the rows that feed it.
#[derive(Clone, Debug)]
pub enum SeekKind {
    /// Elements whose property equals this.
    Equal(Expression),
    /// Elements whose property equals one of this list.
    In(Expression),
    /// Elements whose property lies between.
    Range(SeekBound, SeekBound),
    /// Elements whose property is text that starts with this.
    Prefix(Expression),
    /// Elements whose first properties equal these and whose next lies between.
    Leading(Vec<Expression>, SeekBound, SeekBound),
    /// Elements whose property is text that may contain this, by a text index.
    Contains(Expression),
}

impl SeekKind {
    /// Returns the expressions that say what is looked up.
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            SeekKind::Equal(value) | SeekKind::In(value) | SeekKind::Prefix(value) | SeekKind::Contains(value) => {
                vec![value]
            }
            SeekKind::Range(low, high) => low.iter().chain(high).map(|(bound, _)| bound).collect(),
            SeekKind::Leading(values, low, high) => {
                values.iter().chain(low.iter().chain(high).map(|(bound, _)| bound)).collect()
            }
        }
    }
}

/// One step along relationships, from a node that is known.
#[derive(Clone, Debug)]
pub struct ExpandStep {
    /// The node that is known.
    pub from: Slot,
    /// The relationship, or the list of relationships.
    pub relationship: Slot,
    /// The node at the other end.
    pub to: Slot,
    /// The types it takes; none means any.
    pub label: Option<LabelExpression>,
    /// Which way it walks.
    pub direction: StepDirection,
}

impl ExpandStep {
    /// Returns the step as it is walked from its other end.
    pub fn turned(&self) -> ExpandStep {
        let direction = match self.direction {
            StepDirection::Outgoing => StepDirection::Incoming,
            StepDirection::Incoming => StepDirection::Outgoing,
            StepDirection::Both => StepDirection::Both,
        };
        ExpandStep { from: self.to, to: self.from, direction, ..self.clone() }
    }
}

/// One of two ways that meet: two steps in a row.
#[derive(Clone, Debug)]
pub struct MeetArm {
    /// From the known node to the node in the middle.
    pub first: ExpandStep,
    /// From the middle to where the ways meet.
    pub second: ExpandStep,
}

impl MeetArm {
    /// Returns the slots that the arm makes, the node where the ways meet included.
    pub fn slots(&self) -> [Slot; 4] {
        [self.first.relationship, self.first.to, self.second.relationship, self.second.to]
    }
}

/// Which pairs of ways are counted, of two ways that take the same steps.
#[derive(Clone, Debug)]
pub struct MeetCount {
    /// The slot of the number.
    pub slot: Slot,
    /// What the nodes in the middle must do.
    pub middles: MeetMiddles,
    /// Whether the two relationships of a way differ, which they do unless it leads back to where it began.
    pub own_differ: bool,
}

/// How the middles of two ways must stand to each other.
#[derive(Clone, Debug)]
pub enum MeetMiddles {
    /// They may be any, also the same; then the first or second relationships, where said so, differ still.
    Any {
        /// Whether the first relationships differ.
        first_differ: bool,
        /// Whether the second relationships differ.
        second_differ: bool,
    },
    /// They are different nodes.
    Differ,
    /// The property of one is less than that of the other.
    Less(SmolStr),
    /// Their properties differ.
    Unequal(SmolStr),
}

/// Which way a step walks, seen from the node that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepDirection {
    /// Along the relationships.
    Outgoing,
    /// Against them.
    Incoming,
    /// Both ways; a self-loop is taken once.
    Both,
}
