//! What the aggregates of a grouping have gathered, group by group.

use crate::expression::{AggregateCall, evaluate};
use crate::function::{Accumulator, Aggregate, ElementSet};
use crate::value::{Value, ValueError};
use crate::vector::{Batch, Bitmap, Column, NO_ID};

use super::ExecutionError;
use super::aggregate::is_row_wise;
use super::context::Context;
use super::extremes::Extremes;
use super::seen::Seen;
use super::tally::{Take, Tallied};

/// One aggregate's state for each group.
pub(super) struct AggregateStates {
    function: Aggregate,
    parameter: Option<Value>,
    seen: Option<Seen>,
    states: States,
}

enum States {
    Counts(Vec<u64>),
    /// Sums and averages: integers apart from all else.
    Totals {
        integers: Vec<(i128, u64)>,
        others: Vec<Accumulator>,
    },
    /// Least and greatest values.
    Extremes(Extremes),
    General(Vec<Accumulator>),
}

impl AggregateStates {
    /// Returns states for so many groups.
    pub(super) fn new(
        call: &AggregateCall,
        groups: usize,
        argument: &Batch,
        context: &Context<'_>,
    ) -> Result<Self, ExecutionError> {
        let parameter = match &call.parameter {
            Some(expression) if !is_row_wise(expression) => {
                let one = if argument.rows() == 1 { argument.clone() } else { Batch::new(1) };
                let snapshot = context.graph();
                Some(evaluate(expression, &one, &context.evaluation(&snapshot))?.value(0))
            }
            _ => None,
        };
        let states = match call.function {
            Aggregate::Count | Aggregate::CountStar => States::Counts(Vec::new()),
            Aggregate::Sum | Aggregate::Avg => States::Totals { integers: Vec::new(), others: Vec::new() },
            Aggregate::Min | Aggregate::Max => States::Extremes(Extremes::new(call.function)),
            _ => States::General(Vec::new()),
        };
        let seen = call.distinct.then(Seen::default);
        let mut states = AggregateStates { function: call.function, parameter, seen, states };
        states.grow(groups)?;
        Ok(states)
    }

    /// Makes room for so many groups.
    pub(super) fn grow(&mut self, groups: usize) -> Result<(), ExecutionError> {
        match &mut self.states {
            States::Counts(counts) => counts.resize(groups, 0),
            States::Totals { integers, others } => {
                integers.resize(groups, (0, 0));
                if !others.is_empty() {
                    others.resize_with(groups, || Accumulator::new(self.function));
                }
            }
            States::Extremes(extremes) => extremes.grow(groups),
            States::General(states) => {
                while states.len() < groups {
                    let mut state = Accumulator::new(self.function);
                    if let Some(parameter) = &self.parameter {
                        state.set_parameter(parameter)?;
                    }
                    states.push(state);
                }
            }
        }
        Ok(())
    }

    /// Gives each group the parameter of its first row.
    pub(super) fn set_parameters(&mut self, parameters: &Column, places: &[u32]) -> Result<(), ExecutionError> {
        if let States::General(states) = &mut self.states {
            for (row, place) in places.iter().enumerate() {
                states[*place as usize].set_parameter(&parameters.value(row))?;
            }
        }
        Ok(())
    }

    /// Takes in a column; each row goes to its group, as often as its factor says.
    pub(super) fn add(
        &mut self,
        column: Option<&Column>,
        places: &[u32],
        factors: Option<&[i64]>,
        context: &Context<'_>,
    ) -> Result<(), ExecutionError> {
        if let (Some(column), Some(seen)) = (column, &mut self.seen) {
            let rows = seen.first_rows(column, places);
            context.guard.charge(rows.len() * size_of::<Value>())?;
            let places: Vec<u32> = rows.iter().map(|row| places[*row as usize]).collect();
            return self.add_all(Some(&column.gather(&rows)), &places, None, context);
        }
        self.add_all(column, places, factors, context)
    }

    fn add_all(
        &mut self,
        column: Option<&Column>,
        places: &[u32],
        factors: Option<&[i64]>,
        context: &Context<'_>,
    ) -> Result<(), ExecutionError> {
        let states = match &mut self.states {
            States::Counts(counts) => {
                match column {
                    Some(Column::Node(ids) | Column::Relationship(ids)) => {
                        add_counts(counts, false, |row| ids[row] != NO_ID, places, factors)
                    }
                    Some(Column::Integer { nulls: Some(nulls), .. } | Column::Float { nulls: Some(nulls), .. })
                        if counts.len() == 1 && factors.is_none() =>
                    {
                        counts[0] += (places.len() - nulls.iter().count()) as u64;
                    }
                    Some(column) if has_nulls(column) => {
                        add_counts(counts, false, |row| !column.is_null(row), places, factors)
                    }
                    _ => add_counts(counts, true, |_| true, places, factors),
                }
                return Ok(());
            }
            States::Totals { integers, others } => {
                match column {
                    None => return Ok(()),
                    Some(Column::Integer { values, nulls }) => {
                        add_integers(integers, values, nulls.as_ref(), places, factors);
                        return Ok(());
                    }
                    Some(_) => {}
                }
                others.resize_with(integers.len(), || Accumulator::new(self.function));
                others
            }
            States::Extremes(extremes) => {
                return column.map_or(Ok(()), |column| extremes.add(column, places, factors));
            }
            States::General(states) => states,
        };
        let Some(column) = column else { return Ok(()) };
        if self.function == Aggregate::Collect {
            // With the lists among them, which whoever keeps them holds.
            context.guard.charge(column.size_bytes().max(places.len() * size_of::<Value>()))?;
        }
        if self.function == Aggregate::Evidence && add_evidence(states, column, places) {
            return Ok(());
        }
        match (column, factors) {
            (Column::Integer { values, nulls: None }, None) => {
                for (value, place) in values.iter().zip(places) {
                    states[*place as usize].add_integer(*value)?;
                }
            }
            (Column::Float { values, nulls: None }, None) => {
                for (value, place) in values.iter().zip(places) {
                    states[*place as usize].add_float(*value)?;
                }
            }
            (column, factors) => {
                for (row, place) in places.iter().enumerate() {
                    let times = factors.map_or(1, |factors| factors[row] as u64);
                    states[*place as usize].add_repeated(&column.value(row), times)?;
                }
            }
        }
        Ok(())
    }

    /// Takes in what a tally gathered; each of its groups goes to its place here.
    pub(super) fn add_tallied(&mut self, take: Take, tallied: &Tallied, places: &[u32]) -> Result<(), ExecutionError> {
        for (group, place) in places.iter().enumerate() {
            let place = *place as usize;
            match (&mut self.states, take) {
                (_, Take::Nothing) => {}
                (States::General(states), Take::Elements(kind)) => {
                    if let Some(elements) = states[place].elements_mut() {
                        elements.merge(&tallied.elements[kind][group]);
                    }
                }
                (States::Counts(counts), _) => counts[place] += tallied.counts[group],
                (States::Totals { integers, .. }, Take::Sum(argument)) => {
                    let total = &mut integers[place];
                    *total = (total.0 + tallied.sums[argument][group], total.1 + tallied.counts[group]);
                }
                (States::Extremes(extremes), Take::Least(argument)) => {
                    extremes.add_integer(place as u32, tallied.extremes[argument][group].0)?;
                }
                (States::Extremes(extremes), Take::Greatest(argument)) => {
                    extremes.add_integer(place as u32, tallied.extremes[argument][group].1)?;
                }
                _ => unreachable!("a tally takes what the aggregate wants"),
            }
        }
        Ok(())
    }

    /// Takes in what was gathered over rows that follow; each of its groups goes to its place here.
    pub(super) fn merge(&mut self, other: AggregateStates, places: &[u32]) -> Result<(), ExecutionError> {
        if let (Some(seen), Some(more)) = (&mut self.seen, other.seen) {
            let new = seen.merge(more, places);
            if let States::Counts(counts) = &mut self.states {
                new.into_iter().for_each(|place| counts[place as usize] += 1);
                return Ok(());
            }
        }
        match (&mut self.states, other.states) {
            (States::Counts(counts), States::Counts(more)) => {
                for (more, place) in more.into_iter().zip(places) {
                    let count = &mut counts[*place as usize];
                    *count = count.saturating_add(more);
                }
            }
            (States::Totals { integers, others }, States::Totals { integers: more_integers, others: more_others }) => {
                for ((sum, count), place) in more_integers.into_iter().zip(places) {
                    let total = &mut integers[*place as usize];
                    *total = (total.0 + sum, total.1 + count);
                }
                if !more_others.is_empty() {
                    others.resize_with(integers.len(), || Accumulator::new(self.function));
                }
                for (more, place) in more_others.into_iter().zip(places) {
                    others[*place as usize].merge(more)?;
                }
            }
            (States::Extremes(extremes), States::Extremes(more)) => extremes.merge(more, places)?,
            (States::General(states), States::General(more)) => {
                for (more, place) in more.into_iter().zip(places) {
                    states[*place as usize].merge(more)?;
                }
            }
            _ => unreachable!("the states of one aggregate are of one kind"),
        }
        Ok(())
    }

    /// Returns the results, group by group.
    pub(super) fn finish(self) -> Result<Column, ExecutionError> {
        match self.states {
            States::Counts(counts) => {
                Ok(Column::integers(counts.into_iter().map(|count| i64::try_from(count).unwrap_or(i64::MAX)).collect()))
            }
            States::Totals { integers, others } if others.is_empty() => finish_integers(self.function, &integers),
            States::Totals { integers, mut others } => {
                others.resize_with(integers.len(), || Accumulator::new(self.function));
                let finish = |(mut state, (sum, count)): (Accumulator, (i128, u64))| {
                    state.add_integers(sum, count);
                    state.finish()
                };
                let values = others.into_iter().zip(integers).map(finish).collect::<Result<Vec<_>, _>>()?;
                Ok(Column::from_values(values))
            }
            States::Extremes(extremes) => extremes.finish(),
            States::General(states) => {
                let values = states.into_iter().map(Accumulator::finish).collect::<Result<Vec<_>, _>>()?;
                Ok(Column::from_values(values))
            }
        }
    }
}

/// Returns on how many elements each of so many groups rests, whatever columns they were found in; null where the columns say it themselves.
pub(super) fn evidence_totals(states: &[AggregateStates], groups: usize) -> Column {
    let of_group = |group: usize| {
        let sets = states.iter().filter_map(|state| match &state.states {
            States::General(states) => states.get(group)?.elements(),
            _ => None,
        });
        ElementSet::total_of(sets)
    };
    Column::from_values((0..groups).map(of_group))
}

/// Returns the sums or averages of integers alone.
fn finish_integers(function: Aggregate, totals: &[(i128, u64)]) -> Result<Column, ExecutionError> {
    if function == Aggregate::Avg {
        // As an accumulator has it: the sum as a float, by the number; null of none.
        let values = totals.iter().map(|(sum, count)| *sum as f64 / *count as f64).collect();
        let mut nulls: Option<Bitmap> = None;
        for (group, _) in totals.iter().enumerate().filter(|(_, (_, count))| *count == 0) {
            nulls.get_or_insert_with(|| Bitmap::new(totals.len())).insert(group);
        }
        return Ok(Column::Float { values, nulls });
    }
    let sum = |(sum, _): &(i128, u64)| i64::try_from(*sum).map_err(|_| ValueError::integer_overflow("sum"));
    Ok(Column::integers(totals.iter().map(sum).collect::<Result<_, _>>()?))
}

/// How many rows at least follow each other with one group, on average, to be taken together.
const ROWS_A_RUN: usize = 4;

/// Calls back with each group and its rows, where rows of one group follow each other; says whether they do.
fn for_each_run(places: &[u32], mut visit: impl FnMut(u32, std::ops::Range<usize>)) -> bool {
    let changes: usize = places.windows(2).map(|pair| usize::from(pair[0] != pair[1])).sum();
    if changes * ROWS_A_RUN >= places.len() {
        return false;
    }
    let mut start = 0;
    for run in places.chunk_by(|one, next| one == next) {
        visit(run[0], start..start + run.len());
        start += run.len();
    }
    true
}

/// Up to how many groups a batch is summed into 64 bits first.
const FEW_GROUPS: usize = 64;

/// Adds integers to the sums of their groups.
fn add_integers(
    sums: &mut [(i128, u64)],
    values: &[i64],
    nulls: Option<&Bitmap>,
    places: &[u32],
    factors: Option<&[i64]>,
) {
    // So small that the values of a batch cannot overflow together.
    let are_small =
        || values.len() < 1 << 24 && values.iter().fold(0, |bits, value| bits | value.unsigned_abs()) < 1 << 32;
    if factors.is_none() && sums.len() <= FEW_GROUPS && are_small() {
        // Two of each, turn and turn about, so that rows of one group need not wait for each other.
        let mut parts = [(0_i64, 0_u64); FEW_GROUPS * 2];
        for (row, (value, place)) in values.iter().zip(places).enumerate() {
            let is_set = !nulls.is_some_and(|nulls| nulls.contains(row));
            let part = &mut parts[(*place as usize * 2 + row % 2) % (FEW_GROUPS * 2)];
            part.0 += if is_set { *value } else { 0 };
            part.1 += u64::from(is_set);
        }
        for (place, (sum, count)) in parts.into_iter().enumerate() {
            if let Some(total) = sums.get_mut(place / 2) {
                total.0 += i128::from(sum);
                total.1 += count;
            }
        }
        return;
    }
    if factors.is_none() && nulls.is_none() && are_small() {
        let in_runs = for_each_run(places, |place, rows| {
            let total = &mut sums[place as usize];
            total.1 += rows.len() as u64;
            total.0 += i128::from(values[rows].iter().sum::<i64>());
        });
        if in_runs {
            return;
        }
    }
    for (row, (value, place)) in values.iter().zip(places).enumerate() {
        if nulls.is_some_and(|nulls| nulls.contains(row)) {
            continue;
        }
        let times = factors.map_or(1, |factors| factors[row]);
        let total = &mut sums[*place as usize];
        total.0 += i128::from(*value) * i128::from(times);
        total.1 += times as u64;
    }
}

/// Adds the elements of a column, if it is one of elements or of lists of them.
fn add_evidence(states: &mut [Accumulator], column: &Column, places: &[u32]) -> bool {
    if let [Accumulator::Evidence(elements)] = states {
        return add_all_elements(elements, column);
    }
    match column {
        Column::Any(values) => {
            for (value, place) in values.iter().zip(places) {
                if let Some(elements) = states[*place as usize].elements_mut() {
                    elements.add(value);
                }
            }
            true
        }
        column => {
            if let Some(nodes) = column.node_slots() {
                add_elements(states, &nodes, true, places);
                return true;
            }
            let relationships = column.relationship_slots();
            relationships.map(|relationships| add_elements(states, &relationships, false, places)).is_some()
        }
    }
}

/// Adds the elements of a column to the only set there is.
fn add_all_elements(elements: &mut ElementSet, column: &Column) -> bool {
    match column {
        Column::NodeRun(run) => elements.add_node_run(run.clone()),
        Column::RelationshipRun(run) => elements.add_relationship_run(run.clone()),
        Column::Node(ids) => elements.add_nodes(found(ids)),
        Column::Relationship(ids) => elements.add_relationships(found(ids)),
        Column::Any(values) => values.iter().for_each(|value| elements.add(value)),
        _ => return false,
    }
    true
}

/// Returns the ids that are not null.
fn found(ids: &[u32]) -> impl Iterator<Item = u32> + '_ {
    ids.iter().copied().filter(|id| *id != NO_ID)
}

/// Adds elements by slot; how often a row counts is no matter.
fn add_elements(states: &mut [Accumulator], ids: &[u32], are_nodes: bool, places: &[u32]) {
    for (id, place) in ids.iter().zip(places).filter(|(id, _)| **id != NO_ID) {
        match states[*place as usize].elements_mut() {
            Some(elements) if are_nodes => elements.add_node(*id),
            Some(elements) => elements.add_relationship(*id),
            None => {}
        }
    }
}

fn has_nulls(column: &Column) -> bool {
    match column {
        Column::Boolean { nulls, .. }
        | Column::Integer { nulls, .. }
        | Column::Float { nulls, .. }
        | Column::String { nulls, .. } => nulls.is_some(),
        Column::NodeRun(_) | Column::RelationshipRun(_) => false,
        _ => true,
    }
}

fn add_counts(
    counts: &mut [u64],
    all_count: bool,
    is_counted: impl Fn(usize) -> bool,
    places: &[u32],
    factors: Option<&[i64]>,
) {
    let factor = |row: usize| factors.map_or(1, |factors| factors[row] as u64);
    if let ([only], Some(factors)) = (&mut *counts, factors) {
        // So small that those of a batch cannot overflow together.
        let are_small =
            factors.len() < 1 << 12 && factors.iter().fold(0, |bits, factor| bits | factor) as u64 >> 50 == 0;
        if are_small && all_count {
            *only = only.saturating_add(factors.iter().map(|factor| *factor as u64).sum());
            return;
        }
    }
    if let [only] = counts {
        let added = match factors {
            None => (0..places.len()).map(|row| u64::from(is_counted(row))).sum(),
            Some(_) => (0..places.len()).filter(|row| is_counted(*row)).map(factor).fold(0, u64::saturating_add),
        };
        *only = only.saturating_add(added);
        return;
    }
    if factors.is_none() && counts.len() <= FEW_GROUPS {
        let mut parts = [0_u64; FEW_GROUPS * 2];
        for (row, place) in places.iter().enumerate() {
            parts[(*place as usize * 2 + row % 2) % (FEW_GROUPS * 2)] += u64::from(is_counted(row));
        }
        counts.iter_mut().enumerate().for_each(|(place, count)| *count += parts[place * 2] + parts[place * 2 + 1]);
        return;
    }
    if factors.is_none() && all_count && for_each_run(places, |place, rows| counts[place as usize] += rows.len() as u64)
    {
        return;
    }
    for (row, place) in places.iter().enumerate().filter(|(row, _)| is_counted(*row)) {
        let count = &mut counts[*place as usize];
        *count = count.saturating_add(factor(row));
    }
}
