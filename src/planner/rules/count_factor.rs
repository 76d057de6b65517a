//! The last expansion below an aggregate is not made when only its number counts: a factorized count.
//!
//! ```text
//! Aggregate count(*)                     Aggregate count(*), each row times n
//!   Expand (b)-[:KNOWS]->(c)     →         ExpandCount n = degree of b
//!     …(b)                                   …(b)
//! ```
//!
//! Applies where nothing above reads the step's end or relationship, the end bears no further condition, and every aggregate can
//! take a row with a multiplicity: `count`, `sum`, `avg`, `min`, `max`, or any aggregate over distinct values. The meaning is kept
//! because the rows left out differ in nothing that is read.

use crate::binder::bound::{SlotInformation, SubqueryKind};
use crate::planner::lower::{reads, takes_factor};
use crate::planner::physical::{Operator, PhysicalPlan, PhysicalQuery};
use crate::vector::Slot;

pub(super) fn rewrite(query: &mut PhysicalQuery) {
    let imports: Vec<Vec<Slot>> = query.subqueries.iter().map(|subquery| subquery.imports.clone()).collect();
    let slots = &mut query.slots;
    let mut plans: Vec<&mut PhysicalPlan> = vec![&mut query.root];
    plans.extend(query.subqueries.iter_mut().map(|subquery| &mut subquery.plan));
    for plan in plans {
        rewrite_plan(plan, &imports, slots);
    }
    // Whether there is a row, and how many there are, is told by the numbers of the last step's.
    let asks_number = |kind: &SubqueryKind| matches!(kind, SubqueryKind::Exists | SubqueryKind::Count);
    for subquery in query.subqueries.iter_mut().filter(|subquery| asks_number(&subquery.kind)) {
        if let Operator::Expand { step, into: false } = &subquery.plan.operator {
            let count = Slot(query.slots.len() as u32);
            query.slots.push(SlotInformation { name: " count".into() });
            subquery.plan.operator = Operator::ExpandCount { step: step.clone(), count, optional: false };
        }
    }
}

fn rewrite_plan(plan: &mut PhysicalPlan, imports: &[Vec<Slot>], slots: &mut Vec<SlotInformation>) {
    for child in &mut plan.children {
        rewrite_plan(child, imports, slots);
    }
    let Operator::Aggregate { keys, aggregates, factors } = &mut plan.operator else { return };
    let takes_factors = aggregates.iter().all(|(_, call)| takes_factor(call));
    if !takes_factors {
        return;
    }
    let mut read: Vec<Slot> = keys.iter().flat_map(|(_, key)| reads(key, imports)).collect();
    for (_, call) in aggregates.iter() {
        read.extend(call.argument.iter().flat_map(|part| reads(part, imports)));
    }
    // Several last steps may go, as in a star; each leaves a factor.
    let mut place = &mut plan.children[0];
    if let Operator::ExpandIntersect { fixed, moving, count } = &mut place.operator
        && ![fixed.to, fixed.relationship, moving.relationship].iter().any(|slot| read.contains(slot))
    {
        let number = Slot(slots.len() as u32);
        slots.push(SlotInformation { name: " count".into() });
        *count = Some(number);
        factors.push(number);
        return;
    }
    loop {
        let PhysicalPlan { operator, .. } = &*place;
        let Operator::Expand { step, into: false } = operator else { break };
        if read.contains(&step.to) || read.contains(&step.relationship) {
            break;
        }
        let count = Slot(slots.len() as u32);
        slots.push(SlotInformation { name: " count".into() });
        let step = step.clone();
        read.push(step.from);
        place.operator = Operator::ExpandCount { step, count, optional: false };
        factors.push(count);
        place = &mut place.children[0];
    }
}
