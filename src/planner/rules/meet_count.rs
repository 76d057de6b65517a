//! Where only the number of pairs of ways that meet is wanted, the pairs are counted, not made.
//!
//! ```text
//! Aggregate count(*)                               Aggregate count(*) × n
//!   Filter x.id < y.id                                ExpandMeet n = number of (a)-->(x)-->(d), x.id < y.id
//!     ExpandMeet (a)-->(x)-->(d) with               →     …(a)
//!                (a)-->(y)-->(d)
//!       …(a)
//! ```
//!
//! Applies to two ways that take the same steps, below aggregates that can take a row with a multiplicity, where nothing above reads the
//! middles and what lies between asks of them only that they differ, or that a property of one is less than the other's. The meaning
//! is kept because every pair is counted once; rows that differ in where the ways meet stay apart where that is read.

use crate::expression::{ComparisonOperator, Expression};
use crate::planner::assumption::Assumption;
use crate::planner::estimate::Estimator;
use crate::planner::lower::{reads, takes_factor};
use crate::planner::physical::{MeetArm, MeetCount, MeetMiddles, Operator, PhysicalPlan, PhysicalQuery};
use crate::vector::Slot;

use super::count_slot;

pub(super) fn rewrite(query: &mut PhysicalQuery, estimator: &Estimator<'_>) {
    let imports: Vec<Vec<Slot>> = query.subqueries.iter().map(|subquery| subquery.imports.clone()).collect();
    let slots = &mut query.slots;
    let mut plans: Vec<&mut PhysicalPlan> = vec![&mut query.root];
    plans.extend(query.subqueries.iter_mut().map(|subquery| &mut subquery.plan));
    for plan in plans {
        rewrite_plan(plan, &imports, estimator, &mut || count_slot(slots));
    }
}

fn rewrite_plan(
    plan: &mut PhysicalPlan,
    imports: &[Vec<Slot>],
    estimator: &Estimator<'_>,
    new_slot: &mut dyn FnMut() -> Slot,
) {
    for child in &mut plan.children {
        rewrite_plan(child, imports, estimator, new_slot);
    }
    let Operator::Aggregate { keys, aggregates, factors } = &mut plan.operator else { return };
    if !aggregates.iter().all(|(_, call)| takes_factor(call)) {
        return;
    }
    let parts = keys.iter().map(|(_, key)| key);
    let parts = parts.chain(aggregates.iter().filter_map(|(_, call)| call.argument.as_ref()));
    let read: Vec<Slot> = parts.flat_map(|part| reads(part, imports)).chain(factors.iter().copied()).collect();
    let Some(arms) = arms_below(&plan.children[0]) else { return };
    let mut asked =
        Asked { arms: &arms, imports, pair: None, first_differ: false, second_differ: false, own_differ: false };
    if arms.iter().any(|arm| arm.slots()[..3].iter().any(|slot| read.contains(slot)))
        || !is_same(&arms)
        || !asked.take_in(&plan.children[0])
    {
        return;
    }
    let Some(middles) = asked.middles() else { return };
    if let MeetMiddles::Less(key) | MeetMiddles::Unequal(key) = &middles
        && !estimator.assume(Assumption::OneOrder { key: key.clone() })
    {
        return;
    }
    let count = MeetCount { slot: new_slot(), middles, own_differ: asked.own_differ };
    factors.push(count.slot);
    put(&mut plan.children[0], &arms, count);
}

/// Returns the ways that meet below, if only operators lie between that treat each row by itself.
fn arms_below(plan: &PhysicalPlan) -> Option<[MeetArm; 2]> {
    match &plan.operator {
        Operator::ExpandMeet { arms, count: None } => Some(arms.clone()),
        Operator::Filter { .. }
        | Operator::LabelFilter { .. }
        | Operator::DistinctRelationships { .. }
        | Operator::ExpandCount { .. } => arms_below(plan.input()),
        _ => None,
    }
}

fn is_same(arms: &[MeetArm; 2]) -> bool {
    let [one, other] = arms;
    [(&one.first, &other.first), (&one.second, &other.second)]
        .iter()
        .all(|(one, other)| one.label == other.label && one.direction == other.direction)
}

/// What is asked of the pairs of ways above where they are made.
struct Asked<'a> {
    arms: &'a [MeetArm; 2],
    imports: &'a [Vec<Slot>],
    pair: Option<MeetMiddles>,
    first_differ: bool,
    second_differ: bool,
    own_differ: bool,
}

impl Asked<'_> {
    /// Takes in all that is asked; says whether pairs can be counted so.
    fn take_in(&mut self, plan: &PhysicalPlan) -> bool {
        let own = |slot: &Slot| self.arms.iter().any(|arm| arm.slots()[..3].contains(slot));
        let is_countable = match &plan.operator {
            Operator::ExpandMeet { .. } => return true,
            Operator::Filter { predicate } => match pair(predicate, self.arms) {
                Some(pair) => self.pair.replace(pair).is_none(),
                None => !reads(predicate, self.imports).iter().any(own),
            },
            Operator::LabelFilter { slot, .. } => !own(slot),
            Operator::ExpandCount { step, .. } => !own(&step.from),
            Operator::DistinctRelationships { slots } => match slots[..] {
                [one, other] => self.take_in_differing(one, other),
                _ => false,
            },
            _ => false,
        };
        is_countable && self.take_in(plan.input())
    }

    fn take_in_differing(&mut self, one: Slot, other: Slot) -> bool {
        let place = |slot: Slot| {
            let arm =
                self.arms.iter().position(|arm| arm.first.relationship == slot || arm.second.relationship == slot)?;
            Some((arm, self.arms[arm].first.relationship == slot))
        };
        let (Some((one_arm, one_first)), Some((other_arm, other_first))) = (place(one), place(other)) else {
            return false;
        };
        match (one_arm == other_arm, one_first == other_first) {
            (false, true) if one_first => self.first_differ = true,
            (false, true) => self.second_differ = true,
            // Two steps of one way are the same relationship only there and back.
            (true, _) => {
                self.own_differ = true;
                let MeetArm { first, second } = &self.arms[0];
                return first.label == second.label && first.direction != second.direction;
            }
            // The first of one and the second of the other are the same only where the middles are, or with a self-loop.
            (false, false) => {
                let MeetArm { first, second } = &self.arms[0];
                return first.direction != second.direction && self.pair.is_some();
            }
        }
        true
    }

    fn middles(&self) -> Option<MeetMiddles> {
        let any = MeetMiddles::Any { first_differ: self.first_differ, second_differ: self.second_differ };
        match &self.pair {
            Some(pair) => Some(pair.clone()),
            None if self.own_differ => None,
            None => Some(any),
        }
    }
}

/// Returns what a predicate says of the middles as a pair, if it speaks of nothing else.
fn pair(predicate: &Expression, arms: &[MeetArm; 2]) -> Option<MeetMiddles> {
    let middles = [arms[0].first.to, arms[1].first.to];
    let both = |left: Slot, right: Slot| [left, right] == middles || [right, left] == middles;
    let (operator, left, right) = match predicate {
        Expression::Comparison(operator, left, right) => (*operator, left, right),
        Expression::Not(inner) => match inner.as_ref() {
            Expression::Comparison(ComparisonOperator::Equal, left, right) => {
                (ComparisonOperator::NotEqual, left, right)
            }
            _ => return None,
        },
        _ => return None,
    };
    match (left.as_ref(), right.as_ref()) {
        (Expression::Slot(left), Expression::Slot(right)) if both(*left, *right) => {
            (operator == ComparisonOperator::NotEqual).then_some(MeetMiddles::Differ)
        }
        (Expression::Property(left, key), Expression::Property(right, other)) if key == other => {
            let (Expression::Slot(left), Expression::Slot(right)) = (left.as_ref(), right.as_ref()) else {
                return None;
            };
            match operator {
                _ if !both(*left, *right) => None,
                // The ways are the same, so that it does not matter which of them has the lesser.
                ComparisonOperator::Less | ComparisonOperator::Greater => Some(MeetMiddles::Less(key.clone())),
                ComparisonOperator::NotEqual => Some(MeetMiddles::Unequal(key.clone())),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Puts the count where the pairs were made, and takes out what was asked of them above.
fn put(plan: &mut PhysicalPlan, arms: &[MeetArm; 2], count: MeetCount) {
    let is_asked = match &mut plan.operator {
        Operator::ExpandMeet { count: none, .. } => {
            *none = Some(count);
            return;
        }
        Operator::Filter { predicate } => pair(predicate, arms).is_some(),
        Operator::DistinctRelationships { .. } => true,
        _ => false,
    };
    if is_asked {
        let below = plan.children.remove(0);
        *plan = below;
        put(plan, arms, count);
    } else {
        put(&mut plan.children[0], arms, count);
    }
}
