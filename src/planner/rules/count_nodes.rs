//! Rows that differ in nothing that is read go on once, with their number.
//!
//! ```text
//! Aggregate by [c] count(*)                   Aggregate by [c] count(*) × n
//!   Expand (c)<--(f)                            Expand (c)<--(f)
//!     Expand (p)-->(c)                  →         CountNodes n = number of c
//!       NodeScan (p)                                Expand (p)-->(c)
//!                                                     NodeScan (p)
//! ```
//!
//! Applies below an aggregation whose every aggregate can take a row with a multiplicity, above an expansion of which only the end is read
//! (and what the one row that it all began with holds), as long as only operators lie between that treat each row by itself. It is done
//! where it pays: where there are more rows than ends, or nearly as many and further expansions follow; and where groups are counted by
//! that end, which then need not be found at all, since each comes once. The meaning is kept because the rows put together are equal in
//! all that is read above. It is the counting twin of [`super::distinct_ends`].

use smol_str::SmolStr;

use crate::binder::bound::SlotInformation;
use crate::expression::{AggregateCall, Expression, LabelExpression};
use crate::function::Aggregate;
use crate::planner::assumption::Assumption;
use crate::planner::estimate::Estimator;
use crate::planner::lower::takes_factor;
use crate::planner::physical::{ExpandStep, Operator, PhysicalPlan, PhysicalQuery, StepDirection};
use crate::vector::Slot;

use super::count_slot;
use super::distinct_count::is_one_row;

/// How many times fewer rows than ends may be put together where further expansions follow.
const WORTH_BELOW: f64 = 8.0;

/// How many times more rows than ends there must be where nothing follows.
const WORTH_ALONE: f64 = 2.0;

pub(super) fn rewrite(query: &mut PhysicalQuery, estimator: &Estimator<'_>) {
    // What is random may differ in rows that are equal, and cited rows rest on what each of them found; where groups are cited afterwards
    // their rows are only counted.
    let rows_are_cited = query.citation.as_ref().is_some_and(|citation| citation.rows.is_none());
    if query.writes || !query.repeatable || rows_are_cited {
        return;
    }
    let PhysicalQuery { root, slots, operator_count, .. } = query;
    Rewrite { slots, next_id: operator_count, estimator }.below(root);
}

struct Rewrite<'a> {
    slots: &'a mut Vec<SlotInformation>,
    next_id: &'a mut u32,
    estimator: &'a Estimator<'a>,
}

/// What lies between an expansion and the aggregation.
#[derive(Clone, Copy)]
struct Above {
    /// The only key, as long as each row of it is a group.
    key: Option<Slot>,
    /// Whether more rows may be made of each.
    multiplies: bool,
}

impl Rewrite<'_> {
    /// Rewrites a plan; only the way that begins with the one row of the whole query is followed.
    fn below(&mut self, plan: &mut PhysicalPlan) {
        if let Some(input) = plan.children.first_mut() {
            self.below(input);
        }
        let Operator::Aggregate { keys, aggregates, factors } = &plan.operator else { return };
        let tells_rows_apart = |(_, call): &(Slot, AggregateCall)| {
            !call.distinct && !matches!(call.function, Aggregate::Min | Aggregate::Max)
        };
        if !aggregates.iter().all(|(_, call)| takes_factor(call)) || !aggregates.iter().any(tells_rows_apart) {
            return;
        }
        let counts_rows = aggregates.iter().all(|(_, call)| call.function == Aggregate::CountStar && !call.distinct);
        let key = match &keys[..] {
            [(key, Expression::Slot(node))] if key == node && counts_rows && factors.is_empty() => Some(*node),
            _ => None,
        };
        let counted = self.count(&mut plan.children[0], Above { key, multiplies: false });
        let Some((count, is_group)) = counted else { return };
        let Operator::Aggregate { aggregates, factors, .. } = &mut plan.operator else { return };
        if is_group {
            let items = aggregates.iter().map(|(slot, _)| (*slot, Expression::Slot(count))).collect();
            plan.operator = Operator::Project { items };
        } else {
            factors.push(count);
        }
    }

    /// Puts counts above expansions; returns the slot of the highest, and whether its rows are the groups.
    fn count(&mut self, plan: &mut PhysicalPlan, above: Above) -> Option<(Slot, bool)> {
        let (step, below) = match &plan.operator {
            Operator::Expand { step, into: false } | Operator::OptionalExpand { step, .. } => {
                (Some(step.clone()), Above { key: None, multiplies: true })
            }
            Operator::Filter { .. } | Operator::LabelFilter { .. } | Operator::SemiJoin { .. } => (None, above),
            Operator::Expand { into: true, .. }
            | Operator::ExpandIntersect { .. }
            | Operator::ExpandVariable { selector: None, .. } => (None, Above { key: None, multiplies: true }),
            Operator::ExpandCount { .. } | Operator::DistinctRelationships { .. } => {
                (None, Above { key: None, ..above })
            }
            _ => return None,
        };
        let lower = self.count(&mut plan.children[0], below);
        let Some(step) = step.filter(|step| plan.live.contains(&step.to)) else { return lower };
        let constants: Vec<Slot> = plan.live.iter().copied().filter(|slot| *slot != step.to).collect();
        let is_group = above.key == Some(step.to);
        if !(is_group || self.pays(plan, &step, above))
            || is_one_row(plan.input(), self.estimator)
            || !(constants.is_empty() || self.are_constant(plan.input(), &constants))
        {
            return lower;
        }
        let count = count_slot(self.slots);
        let operator = Operator::CountNodes {
            slot: step.to,
            count,
            weights: lower.into_iter().map(|(count, _)| count).collect(),
            constants,
        };
        let placeholder = PhysicalPlan::new(Operator::Unit, Vec::new(), 0.0);
        let expand = std::mem::replace(plan, placeholder);
        let (live, rows) = (expand.live.clone(), expand.rows.min(self.ends(&step)));
        *plan = PhysicalPlan { operator, children: vec![expand], rows, live, id: *self.next_id };
        *self.next_id += 1;
        Some((count, is_group))
    }

    fn pays(&self, plan: &PhysicalPlan, step: &ExpandStep, above: Above) -> bool {
        let ends = self.ends(step);
        plan.rows >= if above.multiplies { ends / WORTH_BELOW } else { ends * WORTH_ALONE }
    }

    /// Returns how many nodes a step may end at.
    fn ends(&self, step: &ExpandStep) -> f64 {
        let sides: &[bool] = match step.direction {
            StepDirection::Outgoing => &[false],
            StepDirection::Incoming => &[true],
            StepDirection::Both => &[true, false],
        };
        let catalogue = self.estimator.snapshot().catalogue();
        let are_all_ends = |label: &SmolStr| {
            let fact = |starts: &bool| {
                let (types, label) = (step.label.clone(), label.clone());
                self.estimator.may_assume(&Assumption::AllEnds { types, label, starts: *starts })
            };
            sides.iter().all(fact)
        };
        let labels = catalogue.labels().map(|(_, name)| name).filter(|name| are_all_ends(name));
        let nodes = labels.map(|name| self.estimator.nodes(Some(&LabelExpression::Name(name.clone()))));
        nodes.fold(self.estimator.nodes(None), f64::min)
    }

    /// Says whether slots have one value in all rows: the plan begins with one row that holds them.
    fn are_constant(&self, plan: &PhysicalPlan, slots: &[Slot]) -> bool {
        if !slots.iter().all(|slot| plan.live.contains(slot)) {
            return false;
        }
        is_one_row(plan, self.estimator) || plan.children.first().is_some_and(|input| self.are_constant(input, slots))
    }
}
