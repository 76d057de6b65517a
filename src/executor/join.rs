//! Joins of two inputs: every pair, or the pairs with equal keys.

use std::sync::Arc;

use hashbrown::HashMap;
use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::expression::{Expression, evaluate};
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::{GroupKey, Value, equals};
use crate::vector::{Batch, Column, ColumnBuilder, Dictionary, Slot};

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, collect, run};

type Key = SmallVec<[GroupKey; 2]>;

/// The rows of a table that have one key.
type Places = SmallVec<[u32; 4]>;

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
                let mut joined = batch.repeat_row(row, part.rows(), &plan.live);
                for slot in &plan.live {
                    if let (None, Some(column)) = (batch.get(*slot), part.get(*slot)) {
                        joined.set(*slot, column.clone());
                    }
                }
                if sink(joined)? == Flow::Stop {
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
        let keys = keys_of(&batch, left, context)?;
        let (mut left_rows, mut right_rows) = (Vec::new(), Vec::new());
        context.guard.tick(batch.rows())?;
        for row in 0..batch.rows() {
            let Some(places) = table.find(&keys, row) else { continue };
            left_rows.resize(left_rows.len() + places.len(), row as u32);
            right_rows.extend_from_slice(places);
            if left_rows.len() >= Batch::TARGET_ROWS {
                context.guard.tick(left_rows.len())?;
                let (left_rows, right_rows) = (std::mem::take(&mut left_rows), std::mem::take(&mut right_rows));
                if sink(paste(&batch, &left_rows, &table.rows, &right_rows, &plan.live))? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        if left_rows.is_empty() {
            return Ok(Flow::Continue);
        }
        sink(paste(&batch, &left_rows, &table.rows, &right_rows, &plan.live))
    })
}

/// Returns the columns of the keys.
fn keys_of(batch: &Batch, keys: &[Expression], context: &Context<'_>) -> Result<Vec<Arc<Column>>, ExecutionError> {
    let snapshot = context.graph();
    let evaluation = context.evaluation(&snapshot);
    Ok(keys.iter().map(|key| evaluate(key, batch, &evaluation)).collect::<Result<_, _>>()?)
}

/// Returns the text of a row of a column of strings.
fn text(column: &Column, row: usize) -> Option<&SmolStr> {
    match column {
        Column::String { values, nulls } => {
            (!nulls.as_ref().is_some_and(|nulls| nulls.contains(row))).then(|| &values[row])
        }
        Column::Code { codes, dictionary } => (codes[row] != Dictionary::NULL).then(|| dictionary.string(codes[row])),
        Column::Constant(Value::String(text), _) => Some(text),
        Column::Any(values) => match &values[row] {
            Value::String(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the key of a row if it can equal anything: a null equals nothing, nor does NaN, nor a list with a null.
fn key(keys: &[Arc<Column>], row: usize) -> Option<Key> {
    let equals_itself = |value: &Value| equals(value, value) == Some(true);
    let part = |column: &Arc<Column>| {
        let value = column.value(row);
        equals_itself(&value).then_some(GroupKey(value))
    };
    keys.iter().map(part).collect()
}

/// The rows of the second input, found by their keys; lone texts by themselves, which need no values to be looked up.
struct Table {
    rows: Batch,
    by_text: HashMap<SmolStr, Places>,
    by_key: HashMap<Key, Places>,
}

impl Table {
    fn build(
        plan: &PhysicalPlan,
        keys: &[Expression],
        argument: &Batch,
        context: &Context<'_>,
    ) -> Result<Table, ExecutionError> {
        let batches = collect(plan, argument, context)?;
        let rows = joined(&batches, &plan.live);
        context.guard.charge(rows.size_bytes())?;
        let mut table = Table { rows, by_text: HashMap::new(), by_key: HashMap::new() };
        let mut place = 0;
        for batch in &batches {
            context.guard.tick(batch.rows())?;
            context.guard.charge(batch.rows() * (size_of::<Key>() + size_of::<Places>()))?;
            let columns = keys_of(batch, keys, context)?;
            for row in 0..batch.rows() {
                table.insert(&columns, row, place);
                place += 1;
            }
        }
        Ok(table)
    }

    fn insert(&mut self, keys: &[Arc<Column>], row: usize, place: u32) {
        if let [column] = keys
            && let Some(text) = text(column, row)
        {
            match self.by_text.get_mut(text.as_str()) {
                Some(places) => places.push(place),
                None => {
                    self.by_text.insert(text.clone(), Places::from_slice(&[place]));
                }
            }
        } else if let Some(key) = key(keys, row) {
            self.by_key.entry(key).or_default().push(place);
        }
    }

    /// Returns the rows whose keys equal those of a row.
    fn find(&self, keys: &[Arc<Column>], row: usize) -> Option<&Places> {
        if let [column] = keys {
            if let Some(text) = text(column, row) {
                return self.by_text.get(text.as_str());
            }
            if self.by_key.is_empty() {
                return None;
            }
        }
        self.by_key.get(&key(keys, row)?)
    }
}

/// Returns batches as one.
fn joined(batches: &[Batch], slots: &[Slot]) -> Batch {
    if let [only] = batches {
        return only.clone();
    }
    let mut whole = Batch::new(batches.iter().map(Batch::rows).sum());
    for slot in slots {
        let mut column = ColumnBuilder::default();
        batches.iter().filter_map(|batch| batch.get(*slot)).for_each(|part| column.append(part));
        if column.len() == whole.rows() && batches.first().is_some_and(|batch| batch.get(*slot).is_some()) {
            whole.set(*slot, column.finish());
        }
    }
    whole
}
