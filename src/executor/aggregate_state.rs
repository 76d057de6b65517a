//! What the aggregates of a grouping have gathered, group by group.

use hashbrown::HashSet;
use rustc_hash::FxHashSet;

use crate::expression::{AggregateCall, evaluate};
use crate::function::{Accumulator, Aggregate};
use crate::value::{GroupKey, NodeId, Value};
use crate::vector::{Batch, Column};

use super::ExecutionError;
use super::aggregate::is_row_wise;
use super::context::Context;

/// One aggregate's state for each group.
pub(super) struct AggregateStates {
    function: Aggregate,
    parameter: Option<Value>,
    seen: Option<Seen>,
    states: States,
}

enum States {
    Counts(Vec<u64>),
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
            context.guard.charge(rows.len() * std::mem::size_of::<Value>())?;
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
                    Some(column) if has_nulls(column) => {
                        add_counts(counts, |row| !column.is_null(row), places, factors)
                    }
                    _ => add_counts(counts, |_| true, places, factors),
                }
                return Ok(());
            }
            States::General(states) => states,
        };
        let Some(column) = column else { return Ok(()) };
        if self.function == Aggregate::Collect {
            context.guard.charge(places.len() * std::mem::size_of::<Value>())?;
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

    /// Returns the results, group by group.
    pub(super) fn finish(self) -> Result<Column, ExecutionError> {
        match self.states {
            States::Counts(counts) => {
                Ok(Column::integers(counts.into_iter().map(|count| i64::try_from(count).unwrap_or(i64::MAX)).collect()))
            }
            States::General(states) => {
                let values = states.into_iter().map(Accumulator::finish).collect::<Result<Vec<_>, _>>()?;
                Ok(Column::from_values(values))
            }
        }
    }
}

fn has_nulls(column: &Column) -> bool {
    match column {
        Column::Boolean { nulls, .. }
        | Column::Integer { nulls, .. }
        | Column::Float { nulls, .. }
        | Column::String { nulls, .. } => nulls.is_some(),
        _ => true,
    }
}

fn add_counts(counts: &mut [u64], is_counted: impl Fn(usize) -> bool, places: &[u32], factors: Option<&[i64]>) {
    let factor = |row: usize| factors.map_or(1, |factors| factors[row] as u64);
    if let [only] = counts {
        let added: u64 = (0..places.len()).filter(|row| is_counted(*row)).map(factor).sum();
        *only = only.saturating_add(added);
        return;
    }
    for (row, place) in places.iter().enumerate().filter(|(row, _)| is_counted(*row)) {
        let count = &mut counts[*place as usize];
        *count = count.saturating_add(factor(row));
    }
}

/// The values met by an aggregate over distinct values, with their groups.
#[derive(Default)]
struct Seen {
    /// As long as only integers or only nodes come.
    numbers: FxHashSet<(u32, i64)>,
    kind: SeenKind,
    values: HashSet<(u32, GroupKey)>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum SeenKind {
    #[default]
    Nothing,
    Integers,
    Nodes,
    Values,
}

impl Seen {
    /// Returns the rows whose value comes for the first time in its group; nulls never do.
    fn first_rows(&mut self, column: &Column, places: &[u32]) -> Vec<u32> {
        let kind = match column {
            Column::Integer { .. } => SeenKind::Integers,
            Column::Node(_) => SeenKind::Nodes,
            _ => SeenKind::Values,
        };
        if self.kind != kind && self.kind != SeenKind::Nothing {
            self.leave_numbers();
        } else if self.kind == SeenKind::Nothing {
            self.kind = kind;
        }
        let is_first = |row: &u32| {
            let (row, place) = (*row as usize, places[*row as usize]);
            if column.is_null(row) {
                return false;
            }
            match (self.kind, column) {
                (SeenKind::Integers, Column::Integer { values, .. }) => self.numbers.insert((place, values[row])),
                (SeenKind::Nodes, Column::Node(ids)) => self.numbers.insert((place, i64::from(ids[row]))),
                _ => self.values.insert((place, GroupKey(column.value(row)))),
            }
        };
        (0..places.len() as u32).filter(is_first).collect()
    }

    /// Turns numbers into values, when values of another kind come.
    fn leave_numbers(&mut self) {
        let value = |number: i64| match self.kind {
            SeenKind::Nodes => Value::Node(NodeId(number as u32)),
            _ => Value::Integer(number),
        };
        self.values.extend(self.numbers.drain().map(|(place, number)| (place, GroupKey(value(number)))));
        self.kind = SeenKind::Values;
    }
}
