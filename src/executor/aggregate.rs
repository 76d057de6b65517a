//! One row a group: rows find their group by their keys, aggregates take in a column at a time.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use smallvec::SmallVec;

use crate::expression::{AggregateCall, Expression, evaluate};
use crate::function::{Accumulator, Aggregate};
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::{GroupKey, Value};
use crate::vector::{Batch, Column, ColumnBuilder, Slot};

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, run};

pub(super) fn run_aggregate(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::Aggregate { keys, aggregates, factors } = &plan.operator else {
        unreachable!("an aggregation is run as one")
    };
    let mut groups = Groups::new(keys.len(), aggregates, argument, context)?;
    run(plan.input(), argument, context, &mut |batch: Batch| {
        context.guard.tick(batch.rows())?;
        let snapshot = context.graph();
        let evaluation = context.evaluation(&snapshot);
        let columns = keys.iter().map(|(_, key)| evaluate(key, &batch, &evaluation)).collect::<Result<Vec<_>, _>>()?;
        let places = groups.places(&columns, batch.rows(), context)?;
        let factors = row_factors(&batch, factors);
        for (number, (_, call)) in aggregates.iter().enumerate() {
            let column = match &call.argument {
                Some(expression) => Some(evaluate(expression, &batch, &evaluation)?),
                None => None,
            };
            if let Some(parameter) = call.parameter.as_ref().filter(|parameter| is_row_wise(parameter)) {
                groups.aggregates[number].set_parameters(&*evaluate(parameter, &batch, &evaluation)?, &places)?;
            }
            groups.aggregates[number].add(column.as_deref(), &places, factors.as_deref(), context)?;
        }
        Ok(Flow::Continue)
    })?;
    groups.give(keys.iter().map(|(slot, _)| *slot).collect(), aggregates, sink)
}

/// Says whether the second argument of an aggregate has a value of its own in every row.
fn is_row_wise(parameter: &Expression) -> bool {
    !parameter.slots().is_empty() || !parameter.subqueries().is_empty()
}

/// Returns how often each row counts, where it is not once.
fn row_factors(batch: &Batch, slots: &[Slot]) -> Option<Vec<i64>> {
    let mut factors: Option<Vec<i64>> = None;
    for slot in slots {
        let Column::Integer { values, .. } = batch.column(*slot).as_ref() else { continue };
        match &mut factors {
            None => factors = Some(values.clone()),
            Some(factors) => {
                factors.iter_mut().zip(values).for_each(|(factor, value)| *factor = factor.saturating_mul(*value));
            }
        }
    }
    factors
}

/// The groups met so far.
struct Groups {
    key_count: usize,
    count: usize,
    keys: Vec<ColumnBuilder>,
    general: HashMap<SmallVec<[GroupKey; 2]>, u32>,
    /// Groups of a single key that is an id or a code: by its number, with one place more for null.
    dense: Vec<u32>,
    aggregates: Vec<AggregateStates>,
}

const NO_GROUP: u32 = u32::MAX;

impl Groups {
    fn new(
        key_count: usize,
        calls: &[(Slot, AggregateCall)],
        argument: &Batch,
        context: &Context<'_>,
    ) -> Result<Self, ExecutionError> {
        let mut aggregates = Vec::new();
        for (_, call) in calls {
            aggregates.push(AggregateStates::new(call, argument, context)?);
        }
        let mut groups = Groups {
            key_count,
            count: 0,
            keys: (0..key_count).map(|_| ColumnBuilder::default()).collect(),
            general: HashMap::new(),
            dense: Vec::new(),
            aggregates,
        };
        if key_count == 0 {
            // Without keys there is one group, also of no rows.
            groups.add_group()?;
        }
        Ok(groups)
    }

    fn add_group(&mut self) -> Result<u32, ExecutionError> {
        for states in &mut self.aggregates {
            states.add_group()?;
        }
        self.count += 1;
        Ok(self.count as u32 - 1)
    }

    /// Returns the group of each row.
    fn places(
        &mut self,
        columns: &[Arc<Column>],
        rows: usize,
        context: &Context<'_>,
    ) -> Result<Vec<u32>, ExecutionError> {
        if self.key_count == 0 {
            return Ok(vec![0; rows]);
        }
        let before = self.count;
        let places = match columns {
            [only] => match only.as_ref() {
                Column::Node(ids) if self.general.is_empty() => self.dense_places(ids, only)?,
                _ => self.general_places(columns, rows)?,
            },
            _ => self.general_places(columns, rows)?,
        };
        context.guard.charge((self.count - before) * self.key_count * std::mem::size_of::<Value>())?;
        Ok(places)
    }

    fn dense_places(&mut self, ids: &[u32], column: &Column) -> Result<Vec<u32>, ExecutionError> {
        let mut places = Vec::with_capacity(ids.len());
        for (row, id) in ids.iter().enumerate() {
            // Null is the greatest id; one more wraps to the first place.
            let place = id.wrapping_add(1) as usize;
            if place >= self.dense.len() {
                self.dense.resize((place + 1).next_power_of_two(), NO_GROUP);
            }
            if self.dense[place] == NO_GROUP {
                self.keys[0].push(column.value(row));
                self.dense[place] = self.add_group()?;
            }
            places.push(self.dense[place]);
        }
        Ok(places)
    }

    fn general_places(&mut self, columns: &[Arc<Column>], rows: usize) -> Result<Vec<u32>, ExecutionError> {
        if !self.dense.is_empty() {
            self.leave_dense();
        }
        let mut places = Vec::with_capacity(rows);
        for row in 0..rows {
            let key: SmallVec<[GroupKey; 2]> = columns.iter().map(|column| GroupKey(column.value(row))).collect();
            let place = match self.general.get(&key) {
                Some(place) => *place,
                None => {
                    for (builder, part) in self.keys.iter_mut().zip(&key) {
                        builder.push(part.0.clone());
                    }
                    let place = self.add_group()?;
                    self.general.insert(key, place);
                    place
                }
            };
            places.push(place);
        }
        Ok(places)
    }

    /// Moves groups found by id to the general table, when a later batch brings other values.
    fn leave_dense(&mut self) {
        let keys = std::mem::take(&mut self.keys[0]).finish();
        for (place, value) in keys.iter().enumerate() {
            self.general.insert(SmallVec::from_iter([GroupKey(value)]), place as u32);
        }
        self.keys[0].append(&keys);
        self.dense.clear();
    }

    fn give(
        self,
        keys: Vec<Slot>,
        calls: &[(Slot, AggregateCall)],
        sink: &mut Sink<'_>,
    ) -> Result<Flow, ExecutionError> {
        let mut all = Batch::new(self.count);
        for (slot, builder) in keys.into_iter().zip(self.keys) {
            all.set(slot, builder.finish());
        }
        for ((slot, _), states) in calls.iter().zip(self.aggregates) {
            all.set(*slot, states.finish()?);
        }
        let mut start = 0;
        while start < all.rows() {
            let count = (all.rows() - start).min(Batch::TARGET_ROWS * 8);
            if sink(all.slice(start, count))? == Flow::Stop {
                return Ok(Flow::Stop);
            }
            start += count;
        }
        Ok(Flow::Continue)
    }
}

/// One aggregate's state for each group.
struct AggregateStates {
    function: Aggregate,
    parameter: Option<Value>,
    seen: Option<HashSet<(u32, GroupKey)>>,
    states: Vec<Accumulator>,
}

impl AggregateStates {
    fn new(call: &AggregateCall, argument: &Batch, context: &Context<'_>) -> Result<Self, ExecutionError> {
        let parameter = match &call.parameter {
            Some(expression) if !is_row_wise(expression) => {
                let one = if argument.rows() == 1 { argument.clone() } else { Batch::new(1) };
                let snapshot = context.graph();
                Some(evaluate(expression, &one, &context.evaluation(&snapshot))?.value(0))
            }
            _ => None,
        };
        let seen = call.distinct.then(HashSet::new);
        Ok(AggregateStates { function: call.function, parameter, seen, states: Vec::new() })
    }

    fn add_group(&mut self) -> Result<(), ExecutionError> {
        let mut state = Accumulator::new(self.function);
        if let Some(parameter) = &self.parameter {
            state.set_parameter(parameter)?;
        }
        self.states.push(state);
        Ok(())
    }

    /// Gives each group the parameter of its first row.
    fn set_parameters(&mut self, parameters: &Column, places: &[u32]) -> Result<(), ExecutionError> {
        for (row, place) in places.iter().enumerate() {
            self.states[*place as usize].set_parameter(&parameters.value(row))?;
        }
        Ok(())
    }

    /// Takes in a column; each row goes to its group, as often as its factor says.
    fn add(
        &mut self,
        column: Option<&Column>,
        places: &[u32],
        factors: Option<&[i64]>,
        context: &Context<'_>,
    ) -> Result<(), ExecutionError> {
        if let (Some(column), true) = (column, self.seen.is_some()) {
            return self.add_distinct(column, places, context);
        }
        match (column, factors) {
            (None, _) => self.add_counts(|_| true, places, factors),
            (Some(column), _) if self.function == Aggregate::Count => {
                self.add_counts(|row| !column.is_null(row), places, factors);
            }
            (Some(Column::Integer { values, nulls: None }), None) => {
                for (value, place) in values.iter().zip(places) {
                    self.states[*place as usize].add_integer(*value)?;
                }
            }
            (Some(Column::Float { values, nulls: None }), None) => {
                for (value, place) in values.iter().zip(places) {
                    self.states[*place as usize].add_float(*value)?;
                }
            }
            (Some(column), None) => {
                if self.function == Aggregate::Collect {
                    context.guard.charge(places.len() * std::mem::size_of::<Value>())?;
                }
                for (row, place) in places.iter().enumerate() {
                    self.states[*place as usize].add(&column.value(row))?;
                }
            }
            (Some(column), Some(factors)) => {
                for (row, place) in places.iter().enumerate() {
                    self.states[*place as usize].add_repeated(&column.value(row), factors[row] as u64)?;
                }
            }
        }
        Ok(())
    }

    fn add_counts(&mut self, counts: impl Fn(usize) -> bool, places: &[u32], factors: Option<&[i64]>) {
        if let [only] = self.states.as_mut_slice() {
            let total: u64 = match factors {
                None => (0..places.len()).filter(|row| counts(*row)).count() as u64,
                Some(factors) => {
                    let counted = factors.iter().enumerate().filter(|(row, _)| counts(*row));
                    counted.map(|(_, factor)| *factor as u64).sum()
                }
            };
            only.add_count(total);
            return;
        }
        for (row, place) in places.iter().enumerate().filter(|(row, _)| counts(*row)) {
            self.states[*place as usize].add_count(factors.map_or(1, |factors| factors[row] as u64));
        }
    }

    fn add_distinct(&mut self, column: &Column, places: &[u32], context: &Context<'_>) -> Result<(), ExecutionError> {
        for (row, place) in places.iter().enumerate() {
            let value = column.value(row);
            let is_new = !value.is_null()
                && self.seen.as_mut().is_some_and(|seen| seen.insert((*place, GroupKey(value.clone()))));
            if is_new {
                context.guard.charge(std::mem::size_of::<Value>())?;
                self.states[*place as usize].add(&value)?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Column, ExecutionError> {
        let values = self.states.into_iter().map(Accumulator::finish).collect::<Result<Vec<_>, _>>()?;
        Ok(Column::from_values(values))
    }
}
