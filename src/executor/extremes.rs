//! The least or greatest value of each group: integers as they are, as long as nothing else comes.

use crate::function::{Accumulator, Aggregate};
use crate::value::Value;
use crate::vector::{Bitmap, Column};

use super::ExecutionError;

/// The least or the greatest value of each group.
pub(super) struct Extremes {
    function: Aggregate,
    values: Values,
}

enum Values {
    /// The extreme so far, and whether there is one.
    Integers(Vec<(i64, bool)>),
    /// Once another kind has come: of equal values, such as 1 and 1.0, the first one counts.
    Any(Vec<Accumulator>),
}

impl Extremes {
    /// Returns extremes of no group.
    pub(super) fn new(function: Aggregate) -> Self {
        Extremes { function, values: Values::Integers(Vec::new()) }
    }

    /// Makes room for so many groups.
    pub(super) fn grow(&mut self, groups: usize) {
        match &mut self.values {
            // What every integer replaces.
            Values::Integers(values) => {
                let none = if self.function == Aggregate::Min { i64::MAX } else { i64::MIN };
                values.resize(groups, (none, false));
            }
            Values::Any(values) => values.resize_with(groups, || Accumulator::new(self.function)),
        }
    }

    /// Takes in a column; each row goes to its group, unless it counts for nothing.
    pub(super) fn add(
        &mut self,
        column: &Column,
        places: &[u32],
        factors: Option<&[i64]>,
    ) -> Result<(), ExecutionError> {
        if let (Values::Integers(extremes), Column::Integer { values, nulls }) = (&mut self.values, column) {
            let is_least = self.function == Aggregate::Min;
            add_integers(extremes, (values, nulls.as_ref()), places, is_least, factors);
            return Ok(());
        }
        if matches!(column, Column::Constant(Value::Null, _)) {
            return Ok(());
        }
        let extremes = self.any()?;
        let counts = |row: usize| factors.is_none_or(|factors| factors[row] > 0);
        for (row, place) in places.iter().enumerate().filter(|(row, _)| counts(*row)) {
            extremes[*place as usize].add(&column.value(row))?;
        }
        Ok(())
    }

    /// Takes in an integer.
    pub(super) fn add_integer(&mut self, place: u32, integer: i64) -> Result<(), ExecutionError> {
        self.add(&Column::integers(vec![integer]), &[place], None)
    }

    /// Takes in what was gathered over the rows that follow.
    pub(super) fn merge(&mut self, mut other: Extremes, places: &[u32]) -> Result<(), ExecutionError> {
        if let (Values::Integers(extremes), Values::Integers(more)) = (&mut self.values, &other.values) {
            let is_least = self.function == Aggregate::Min;
            for ((value, is_set), place) in more.iter().zip(places).filter(|((_, is_set), _)| *is_set) {
                let extreme = &mut extremes[*place as usize];
                *extreme = (if is_least { extreme.0.min(*value) } else { extreme.0.max(*value) }, *is_set);
            }
            return Ok(());
        }
        other.any()?;
        let extremes = self.any()?;
        if let Values::Any(more) = other.values {
            for (more, place) in more.into_iter().zip(places) {
                extremes[*place as usize].merge(more)?;
            }
        }
        Ok(())
    }

    /// Returns the results, group by group.
    pub(super) fn finish(self) -> Result<Column, ExecutionError> {
        match self.values {
            Values::Integers(values) => {
                let value = |(value, is_set)| if is_set { Value::Integer(value) } else { Value::Null };
                Ok(Column::from_values(values.into_iter().map(value)))
            }
            Values::Any(values) => {
                let values = values.into_iter().map(Accumulator::finish).collect::<Result<Vec<_>, _>>()?;
                Ok(Column::from_values(values))
            }
        }
    }

    /// Turns to values of any kind.
    fn any(&mut self) -> Result<&mut Vec<Accumulator>, ExecutionError> {
        if let Values::Integers(integers) = &mut self.values {
            let mut values = Vec::with_capacity(integers.len());
            for (integer, is_set) in std::mem::take(integers) {
                let mut value = Accumulator::new(self.function);
                if is_set {
                    value.add_integer(integer)?;
                }
                values.push(value);
            }
            self.values = Values::Any(values);
        }
        match &mut self.values {
            Values::Any(values) => Ok(values),
            Values::Integers(_) => unreachable!("integers were turned to values"),
        }
    }
}

fn add_integers(
    extremes: &mut [(i64, bool)],
    (values, nulls): (&[i64], Option<&Bitmap>),
    places: &[u32],
    is_least: bool,
    factors: Option<&[i64]>,
) {
    let better = |one: i64, other: i64| if is_least { one.min(other) } else { one.max(other) };
    if let ([only], None, None) = (&mut *extremes, nulls, factors) {
        let best = if is_least { values.iter().min() } else { values.iter().max() };
        if let Some(best) = best {
            *only = (better(only.0, *best), true);
        }
        return;
    }
    for (row, (value, place)) in values.iter().zip(places).enumerate() {
        let is_null = nulls.is_some_and(|nulls| nulls.contains(row));
        if is_null || factors.is_some_and(|factors| factors[row] == 0) {
            continue;
        }
        let extreme = &mut extremes[*place as usize];
        *extreme = (better(extreme.0, *value), true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(extremes: Extremes) -> Vec<String> {
        extremes.finish().expect("extremes have no error").iter().map(|value| format!("{value:?}")).collect()
    }

    fn texts(values: &[Value]) -> Vec<String> {
        values.iter().map(|value| format!("{value:?}")).collect()
    }

    #[test]
    fn of_equal_values_the_first_counts() {
        let one = || Column::from_values([Value::Null, Value::Integer(1), Value::Integer(4)]);
        let floats = || Column::floats(vec![1.0, 2.0]);
        let mut first = Extremes::new(Aggregate::Min);
        first.grow(2);
        first.add(&one(), &[1, 0, 0], Some(&[1, 1, 0])).expect("integers have an order");
        let mut second = Extremes::new(Aggregate::Min);
        second.grow(2);
        second.add(&floats(), &[0, 1], None).expect("floats have an order");
        first.merge(second, &[0, 1]).expect("numbers have an order");
        assert_eq!(result(first), texts(&[Value::Integer(1), Value::Float(2.0)]));
        let mut most = Extremes::new(Aggregate::Max);
        most.grow(3);
        most.add(&floats(), &[0, 0], None).expect("floats have an order");
        most.add(&one(), &[0, 0, 1], None).expect("integers have an order");
        assert_eq!(result(most), texts(&[Value::Float(2.0), Value::Integer(4), Value::Null]));
    }

    #[test]
    fn the_ends_of_the_integers_are_met_like_others() {
        let mut least = Extremes::new(Aggregate::Min);
        least.grow(2);
        least.add_integer(1, i64::MAX).expect("integers have an order");
        assert_eq!(result(least), texts(&[Value::Null, Value::Integer(i64::MAX)]));
    }
}
