//! Rows in order: all of them, or the first ones with no more than those held at a time.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::binder::bound::SortKey;
use crate::expression::{ComparisonOperator, Expression, evaluate, filter_uniform};
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::planner::shortcut::{FIRST_KEYS, SORTED_NUMBERS};
use crate::value::Value;
use crate::value::order::order;
use crate::vector::{Batch, Column, ColumnBuilder, Slot};

use super::context::{Context, Flow, Sink};
use super::limit::row_count;
use super::parts::{MANY_PARTS, Manner, PartSink, run_in_parts};
use super::sort_keys::sorted_rows;
use super::{ExecutionError, collect, run};

/// Up to how many rows are held before it is asked which of them are the first.
const FEWEST_HELD: usize = 128;

/// How many keys are looked at together.
const BLOCK: usize = 32;

/// Rows with the values of their sort keys.
struct Keyed {
    batches: Vec<Batch>,
    rows: Vec<KeyedRow>,
}

struct KeyedRow {
    keys: Vec<Value>,
    batch: u32,
    row: u32,
}

fn compare(left: &KeyedRow, right: &KeyedRow, keys: &[SortKey]) -> Ordering {
    for (place, key) in keys.iter().enumerate() {
        let ordering = order(&left.keys[place], &right.keys[place]);
        let ordering = if key.descending { ordering.reverse() } else { ordering };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    // Equal keys keep the order in which rows came, so that the same query gives the same rows again.
    (left.batch, left.row).cmp(&(right.batch, right.row))
}

fn key_columns(batch: &Batch, keys: &[SortKey], context: &Context<'_>) -> Result<Vec<Arc<Column>>, ExecutionError> {
    let snapshot = context.graph();
    let evaluation = context.evaluation(&snapshot);
    Ok(keys.iter().map(|key| evaluate(&key.expression, batch, &evaluation)).collect::<Result<Vec<_>, _>>()?)
}

/// The first rows in order of those taken in so far.
struct First<'a> {
    keys: &'a [SortKey],
    live: &'a [Slot],
    kept: usize,
    keyed: Keyed,
    /// How many bytes are charged for them.
    charged: usize,
    /// The keys of the last row that is among the first, once there are enough.
    worst: Option<Vec<Value>>,
}

impl PartSink for First<'_> {
    fn take(&mut self, batch: Batch, context: &Context<'_>) -> Result<Flow, ExecutionError> {
        context.guard.tick(batch.rows())?;
        // The first key tells for most rows that they come too late; only those left are asked for the others.
        let worst = self.worst.as_ref().map(|worst| &worst[0]);
        let batch = match first_rows(&batch, &self.keys[0], worst, self.kept, context)? {
            None => batch,
            Some(rows) if rows.is_empty() => return Ok(Flow::Continue),
            Some(rows) => batch.gather(&rows),
        };
        let columns = key_columns(&batch, self.keys, context)?;
        let rows: Vec<u32> = match &self.worst {
            Some(worst) => {
                let may_enter = |row: &usize| may_enter(&columns, *row, worst, self.keys);
                (0..batch.rows()).filter(may_enter).map(|row| row as u32).collect()
            }
            None => (0..batch.rows() as u32).collect(),
        };
        if rows.is_empty() {
            return Ok(Flow::Continue);
        }
        let columns: Vec<Arc<Column>> = columns.iter().map(|column| Arc::new(column.gather(&rows))).collect();
        let entering = batch.gather_slots(&rows, self.live);
        // Lists are charged by whoever holds them alone.
        drop(batch);
        self.charge(entering.size_bytes() + key_bytes(rows.len(), self.keys), context)?;
        self.keyed.add_keyed(entering, &columns);
        self.cut(context)
    }
}

/// Returns how many bytes the keys of so many rows take.
fn key_bytes(rows: usize, keys: &[SortKey]) -> usize {
    rows * (size_of::<KeyedRow>() + keys.len() * size_of::<Value>())
}

impl First<'_> {
    /// Drops the rows that are not among the first, if there are many.
    fn cut(&mut self, context: &Context<'_>) -> Result<Flow, ExecutionError> {
        // The sooner the last of the first rows is known, the fewer come after it.
        let has_enough = self.worst.is_none() && self.keyed.rows.len() >= self.kept.max(1);
        if has_enough || self.keyed.rows.len() >= self.kept.saturating_mul(2).max(FEWEST_HELD) {
            self.keyed.truncate(self.kept, self.keys, self.live);
            self.worst = self.keyed.worst(self.keys);
            context.guard.release(std::mem::take(&mut self.charged));
            let held = self.keyed.batches.iter().map(Batch::size_bytes).sum::<usize>();
            self.charge(held + key_bytes(self.keyed.rows.len(), self.keys), context)?;
        }
        Ok(Flow::Continue)
    }

    fn charge(&mut self, bytes: usize, context: &Context<'_>) -> Result<(), ExecutionError> {
        self.charged += bytes;
        context.guard.charge(bytes)
    }

    /// Takes in the first rows of those that follow.
    fn merge(&mut self, mut other: First<'_>, context: &Context<'_>) -> Result<Flow, ExecutionError> {
        self.charged += other.charged;
        if other.keyed.batches.is_empty() {
            return Ok(Flow::Continue);
        }
        other.keyed.truncate(self.kept, self.keys, self.live);
        self.keyed.append(other.keyed);
        self.cut(context)
    }
}

/// Says whether a row can be among the first, when the last of those so far has these keys. One that is equal came later, so it cannot.
fn may_enter(columns: &[Arc<Column>], row: usize, worst: &[Value], keys: &[SortKey]) -> bool {
    for ((column, worst), key) in columns.iter().zip(worst).zip(keys) {
        let ordering = match (column.as_ref(), worst) {
            (Column::Integer { values, nulls: None }, Value::Integer(worst)) => values[row].cmp(worst),
            (column, worst) => order(&column.value(row), worst),
        };
        match if key.descending { ordering.reverse() } else { ordering } {
            Ordering::Less => return true,
            Ordering::Greater => return false,
            Ordering::Equal => {}
        }
    }
    false
}

impl Keyed {
    fn new() -> Self {
        Keyed { batches: Vec::new(), rows: Vec::new() }
    }

    fn add(&mut self, batch: Batch, keys: &[SortKey], context: &Context<'_>) -> Result<(), ExecutionError> {
        let columns = key_columns(&batch, keys, context)?;
        self.add_keyed(batch, &columns);
        Ok(())
    }

    fn add_keyed(&mut self, batch: Batch, columns: &[impl AsRef<Column>]) {
        let place = self.batches.len() as u32;
        let keys = |row: usize| columns.iter().map(|column| column.as_ref().value(row)).collect();
        self.rows.extend((0..batch.rows()).map(|row| KeyedRow { keys: keys(row), batch: place, row: row as u32 }));
        self.batches.push(batch);
    }

    /// Adds rows that come after all of these.
    fn append(&mut self, other: Keyed) {
        let before = self.batches.len() as u32;
        self.rows.extend(other.rows.into_iter().map(|row| KeyedRow { batch: row.batch + before, ..row }));
        self.batches.extend(other.batches);
    }

    /// Returns the keys of the row that comes last.
    fn worst(&self, keys: &[SortKey]) -> Option<Vec<Value>> {
        self.rows.iter().max_by(|left, right| compare(left, right, keys)).map(|row| row.keys.clone())
    }

    /// Keeps the first rows only, and of their batches only what is still needed.
    fn truncate(&mut self, count: usize, keys: &[SortKey], live: &[Slot]) {
        if self.rows.len() > count {
            if count > 0 {
                self.rows.select_nth_unstable_by(count - 1, |left, right| compare(left, right, keys));
            }
            self.rows.truncate(count);
        }
        // Rows keep their order of arrival in the one batch that is left.
        self.rows.sort_by_key(|row| (row.batch, row.row));
        let kept = self.gather(0, self.rows.len(), live);
        self.batches = vec![kept];
        for (place, row) in self.rows.iter_mut().enumerate() {
            (row.batch, row.row) = (0, place as u32);
        }
    }

    /// Returns the rows `start..end` as they stand, as one batch.
    fn gather(&self, start: usize, end: usize, live: &[Slot]) -> Batch {
        let rows = &self.rows[start..end];
        if let [only] = self.batches.as_slice() {
            let places: Vec<u32> = rows.iter().map(|row| row.row).collect();
            return only.gather_slots(&places, live);
        }
        let mut gathered = Batch::new(rows.len());
        for slot in live {
            let columns: Vec<Option<&Column>> =
                self.batches.iter().map(|batch| batch.get(*slot).map(AsRef::as_ref)).collect();
            if columns.iter().any(Option::is_none) {
                continue;
            }
            let value = |row: &KeyedRow| {
                columns[row.batch as usize].map_or(Value::Null, |column| column.value(row.row as usize))
            };
            gathered.set(*slot, Column::from_values(rows.iter().map(value)));
        }
        gathered
    }

    fn give(
        &mut self,
        keys: &[SortKey],
        from: usize,
        live: &[Slot],
        sink: &mut Sink<'_>,
    ) -> Result<Flow, ExecutionError> {
        self.rows.sort_unstable_by(|left, right| compare(left, right, keys));
        let mut start = from.min(self.rows.len());
        while start < self.rows.len() {
            let end = (start + Batch::TARGET_ROWS).min(self.rows.len());
            if sink(self.gather(start, end, live))? == Flow::Stop {
                return Ok(Flow::Stop);
            }
            start = end;
        }
        Ok(Flow::Continue)
    }
}

/// Returns the rows of a batch whose first key may still be among the first `kept`, where the keys are integers; else all are.
fn first_rows(
    batch: &Batch,
    key: &SortKey,
    worst: Option<&Value>,
    kept: usize,
    context: &Context<'_>,
) -> Result<Option<Vec<u32>>, ExecutionError> {
    if !context.has(FIRST_KEYS) {
        return Ok(None);
    }
    let snapshot = context.graph();
    // Nulls come last when ascending, so that none of them enters where the last of the first rows is none; descending they come
    // first, so that there must be none.
    if let Some(worst @ (Value::Integer(_) | Value::String(_))) = worst {
        let (left, right) = (Box::new(key.expression.clone()), Box::new(Expression::Constant(worst.clone())));
        let operator =
            if key.descending { ComparisonOperator::GreaterOrEqual } else { ComparisonOperator::LessOrEqual };
        let may_enter = Expression::Comparison(operator, left, right);
        if let Some(rows) = filter_uniform(&may_enter, batch, key.descending, &context.evaluation(&snapshot)) {
            return Ok(Some(rows));
        }
    }
    let column = evaluate(&key.expression, batch, &context.evaluation(&snapshot))?;
    let Column::Integer { values, nulls: None } = column.as_ref() else { return Ok(None) };
    let bound = match worst {
        Some(Value::Integer(worst)) => *worst,
        Some(_) => return Ok(None),
        // No more than the first rows of the batch itself can be among the first of all.
        None if kept == 0 || kept >= values.len() / 2 => return Ok(None),
        None => {
            let mut sorted = values.clone();
            let place = if key.descending { values.len() - kept } else { kept - 1 };
            *sorted.select_nth_unstable(place).1
        }
    };
    let rows = match key.descending {
        true => rows_that(values, |value| value >= bound),
        false => rows_that(values, |value| value <= bound),
    };
    Ok(Some(rows))
}

/// Returns the rows whose value passes; most blocks have none, which is told without a list.
fn rows_that(values: &[i64], passes: impl Fn(i64) -> bool) -> Vec<u32> {
    let mut rows = Vec::new();
    for (first, block) in (0..).step_by(BLOCK).zip(values.chunks(BLOCK)) {
        let mut any = false;
        for value in block {
            any |= passes(*value);
        }
        if any {
            for (row, value) in (first..).zip(block) {
                if passes(*value) {
                    rows.push(row);
                }
            }
        }
    }
    rows
}

pub(super) fn run_sort(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Sort { keys } = &plan.operator else { unreachable!("a sort is run as a sort") };
    if context.has(SORTED_NUMBERS) {
        return sort_by_numbers(plan, keys, argument, context, sink);
    }
    let mut keyed = Keyed::new();
    for batch in collect(plan.input(), argument, context)? {
        context.guard.tick(batch.rows())?;
        context.guard.charge(batch.rows() * keys.len() * std::mem::size_of::<Value>())?;
        keyed.add(batch, keys, context)?;
    }
    keyed.give(keys, 0, &plan.live, sink)
}

/// Sorts all rows by one number each.
fn sort_by_numbers(
    plan: &PhysicalPlan,
    keys: &[SortKey],
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let batches = collect(plan.input(), argument, context)?;
    let mut columns: Vec<ColumnBuilder> = keys.iter().map(|_| ColumnBuilder::default()).collect();
    for batch in &batches {
        context.guard.tick(batch.rows())?;
        context.guard.charge(batch.rows() * keys.len() * std::mem::size_of::<Value>())?;
        for (builder, column) in columns.iter_mut().zip(key_columns(batch, keys, context)?) {
            builder.append(&column);
        }
    }
    let count = batches.iter().map(Batch::rows).sum();
    let columns: Vec<Column> = columns.into_iter().map(ColumnBuilder::finish).collect();
    let rows = sorted_rows(&columns, keys, count);
    drop(columns);
    // What is joined is there twice, for a while.
    let twice = if batches.len() > 1 { batches.iter().map(Batch::size_bytes).sum() } else { 0 };
    context.guard.charge(twice)?;
    let whole = joined(batches, &plan.live, count);
    context.guard.release(twice);
    for rows in rows.chunks(Batch::TARGET_ROWS) {
        if sink(whole.gather_slots(rows, &plan.live))? == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::Continue)
}

/// Returns the rows of all batches as one, with the slots that all of them have.
fn joined(mut batches: Vec<Batch>, live: &[Slot], rows: usize) -> Batch {
    if batches.len() == 1 {
        return batches.swap_remove(0);
    }
    let mut whole = Batch::new(rows);
    for slot in live {
        let mut builder = ColumnBuilder::default();
        batches.iter().filter_map(|batch| batch.get(*slot)).for_each(|column| builder.append(column));
        if builder.len() == rows {
            whole.set(*slot, builder.finish());
        }
    }
    whole
}

pub(super) fn run_top(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Top { keys, skip, limit } = &plan.operator else { unreachable!("a top is run as a top") };
    let skipped = match skip {
        Some(skip) => row_count(skip, ("SKIP", 0), argument, context)?,
        None => 0,
    };
    let kept = row_count(limit, ("LIMIT", 0), argument, context)?.saturating_add(skipped);
    let begin = || Ok(First { keys, live: &plan.live, kept, keyed: Keyed::new(), charged: 0, worst: None });
    let mut first = begin()?;
    let manner = Manner { most_parts: MANY_PARTS, exact: true };
    let mut done = |part: First<'_>| first.merge(part, context);
    if run_in_parts(plan.input(), argument, context, &manner, &begin, &mut done)?.is_none() {
        run(plan.input(), argument, context, &mut |batch: Batch| first.take(batch, context))?;
    }
    let mut keyed = first.keyed;
    if keyed.batches.is_empty() {
        return Ok(Flow::Continue);
    }
    keyed.truncate(kept, keys, &plan.live);
    keyed.give(keys, skipped, &plan.live, sink)
}
