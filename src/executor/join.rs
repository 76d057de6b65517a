//! Joins of two inputs: every pair, or the pairs with equal keys.

use std::sync::Arc;

use hashbrown::HashMap;
use smallvec::SmallVec;

use crate::expression::{Expression, evaluate};
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::{GroupKey, equals};
use crate::vector::{Batch, Column, Slot};

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, collect, run};

type Key = SmallVec<[GroupKey; 2]>;

/// Returns the rows of a batch that are named, beside those of another.
fn paste(left: &Batch, left_rows: &[u32], right: &Batch, right_rows: &[u32], live: &[Slot]) -> Batch {
    let mut joined = left.gather_slots(left_rows, live);
    for slot in live {
        if let (None, Some(column)) = (left.get(*slot), right.get(*slot)) {
            joined.set(*slot, column.gather(right_rows));
        }
    }
    joined
}

pub(super) fn run_cartesian_product(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let mut right: Option<Arc<Vec<Batch>>> = None;
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let right = match &mut right {
            Some(right) => right,
            none => none.insert(context.built(plan, || collect(&plan.children[1], argument, context))?),
        };
        for row in 0..batch.rows() as u32 {
            for part in right.iter() {
                context.guard.tick(part.rows())?;
                let (left_rows, right_rows) = (vec![row; part.rows()], (0..part.rows() as u32).collect::<Vec<_>>());
                if sink(paste(&batch, &left_rows, part, &right_rows, &plan.live))? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        Ok(Flow::Continue)
    })
}

pub(super) fn run_hash_join(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::HashJoin { left, right } = &plan.operator else { unreachable!("a join is run as a join") };
    let mut table: Option<Arc<Table>> = None;
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let table = match &mut table {
            Some(table) => table,
            none => none.insert(context.built(plan, || Table::build(&plan.children[1], right, argument, context))?),
        };
        for (keys, row) in keys_of(&batch, left, context)? {
            context.guard.tick(1)?;
            for (part, part_rows) in table.find(&keys) {
                let left_rows = vec![row; part_rows.len()];
                if sink(paste(&batch, &left_rows, part, &part_rows, &plan.live))? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        Ok(Flow::Continue)
    })
}

/// Returns the keys of the rows that can equal anything: a null equals nothing.
fn keys_of(batch: &Batch, keys: &[Expression], context: &Context<'_>) -> Result<Vec<(Key, u32)>, ExecutionError> {
    let snapshot = context.graph();
    let evaluation = context.evaluation(&snapshot);
    let columns = keys.iter().map(|key| evaluate(key, batch, &evaluation)).collect::<Result<Vec<_>, _>>()?;
    let of_row = |row: usize| -> Key { columns.iter().map(|column| GroupKey(column.value(row))).collect() };
    let is_known = |row: &usize| !columns.iter().any(|column: &std::sync::Arc<Column>| column.is_null(*row));
    Ok((0..batch.rows()).filter(is_known).map(|row| (of_row(row), row as u32)).collect())
}

/// The rows of the second input, found by their keys.
struct Table {
    batches: Vec<Batch>,
    rows: HashMap<Key, Vec<(u32, u32)>>,
}

impl Table {
    fn build(
        plan: &PhysicalPlan,
        keys: &[Expression],
        argument: &Batch,
        context: &Context<'_>,
    ) -> Result<Table, ExecutionError> {
        let batches = collect(plan, argument, context)?;
        let mut rows: HashMap<Key, Vec<(u32, u32)>> = HashMap::new();
        for (place, batch) in batches.iter().enumerate() {
            context.guard.tick(batch.rows())?;
            context.guard.charge(batch.rows() * (size_of::<Key>() + size_of::<Vec<(u32, u32)>>()))?;
            for (key, row) in keys_of(batch, keys, context)? {
                rows.entry(key).or_default().push((place as u32, row));
            }
        }
        Ok(Table { batches, rows })
    }

    /// Returns the rows whose keys are equal, batch by batch. Keys that are one group need not be equal (NaN, nulls within lists).
    fn find(&self, keys: &Key) -> Vec<(&Batch, Vec<u32>)> {
        if !keys.iter().all(|key| equals(&key.0, &key.0) == Some(true)) {
            return Vec::new();
        }
        let mut found: Vec<(&Batch, Vec<u32>)> = Vec::new();
        let mut last = None;
        for (place, row) in self.rows.get(keys).into_iter().flatten() {
            if last != Some(*place) {
                found.push((&self.batches[*place as usize], Vec::new()));
                last = Some(*place);
            }
            if let Some((_, rows)) = found.last_mut() {
                rows.push(*row);
            }
        }
        found
    }
}
