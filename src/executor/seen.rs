//! The values that an aggregate over distinct values has met, group by group.
//!
//! Numbers that are not too great, nodes among them, are bits of one map, a stretch of it for each group; others are hashed.

use hashbrown::HashSet;
use rustc_hash::FxHashSet;

use crate::value::{GroupKey, NodeId, Value};
use crate::vector::{Bitmap, Column};

use super::coder::Strings;

/// How many bits the map may have.
const MOST_BITS: usize = 1 << 26;

/// The values met, with their groups.
#[derive(Default)]
pub(super) struct Seen {
    /// As long as only integers, only nodes or only strings come.
    small: SmallPairs,
    numbers: FxHashSet<(u32, i64)>,
    /// The numbers of strings.
    strings: Strings,
    kind: SeenKind,
    values: HashSet<(u32, GroupKey)>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum SeenKind {
    #[default]
    Nothing,
    Integers,
    Nodes,
    Strings,
    Values,
}

impl Seen {
    /// Returns the rows whose value comes for the first time in its group; nulls never do.
    pub(super) fn first_rows(&mut self, column: &Column, places: &[u32]) -> Vec<u32> {
        if let Column::Constant(value, rows) = column {
            let is_met = value.is_null() || places.is_empty();
            return if is_met { Vec::new() } else { self.first_rows(&repeated(value, *rows), places) };
        }
        let kind = match column {
            Column::Integer { .. } => SeenKind::Integers,
            Column::Node(_) | Column::NodeRun(_) => SeenKind::Nodes,
            Column::String { .. } | Column::Code { .. } => SeenKind::Strings,
            _ => SeenKind::Values,
        };
        if self.kind != kind && self.kind != SeenKind::Nothing {
            self.leave_numbers();
        } else if self.kind == SeenKind::Nothing {
            self.kind = kind;
        }
        match (self.kind, column) {
            (SeenKind::Integers, Column::Integer { values, nulls }) => {
                let is_null = |row: usize| nulls.as_ref().is_some_and(|nulls| nulls.contains(row));
                first(places, |row, place| !is_null(row) && self.insert(place, values[row]))
            }
            (SeenKind::Nodes, Column::Node(ids)) => {
                first(places, |row, place| !column.is_null(row) && self.insert(place, i64::from(ids[row])))
            }
            (SeenKind::Nodes, Column::NodeRun(run)) => {
                first(places, |row, place| self.insert(place, i64::from(run.start) + row as i64))
            }
            (SeenKind::Strings, Column::String { .. } | Column::Code { .. }) => {
                let codes = self.strings.codes(column).unwrap_or_default();
                first(places, |row, place| codes[row] != 0 && self.insert(place, i64::from(codes[row])))
            }
            _ => first(places, |row, place| {
                !column.is_null(row) && self.values.insert((place, GroupKey(column.value(row))))
            }),
        }
    }

    /// Takes in the values met elsewhere, whose groups have these places here; returns the place of each value that comes for the first
    /// time, in no certain order.
    pub(super) fn merge(&mut self, mut other: Seen, places: &[u32]) -> Vec<u32> {
        if self.kind == SeenKind::Nothing {
            self.kind = other.kind;
        }
        if other.kind != self.kind && other.kind != SeenKind::Nothing {
            self.leave_numbers();
            other.leave_numbers();
        }
        // Taken apart field by field, so that none is forgotten.
        let Seen { small, numbers, strings, kind: _, values } = other;
        let own: Vec<u32> = strings.texts().iter().map(|text| self.strings.code(text)).collect();
        let mut new = Vec::new();
        for (place, number) in small.pairs().chain(numbers) {
            let place = places[place as usize];
            let number = if self.kind == SeenKind::Strings { i64::from(own[number as usize - 1]) } else { number };
            if self.insert(place, number) {
                new.push(place);
            }
        }
        for (place, value) in values {
            let place = places[place as usize];
            if self.values.insert((place, value)) {
                new.push(place);
            }
        }
        new
    }

    #[inline]
    fn insert(&mut self, place: u32, number: i64) -> bool {
        self.small.insert(place, number).unwrap_or_else(|| self.numbers.insert((place, number)))
    }

    /// Turns numbers into values, when values of another kind come.
    fn leave_numbers(&mut self) {
        let kind = self.kind;
        let strings = std::mem::take(&mut self.strings);
        let value = |number: i64| match kind {
            SeenKind::Strings => Value::String(strings.texts()[number as usize - 1].clone()),
            SeenKind::Nodes => Value::Node(NodeId(number as u32)),
            _ => Value::Integer(number),
        };
        let numbers = self.numbers.drain().chain(std::mem::take(&mut self.small).pairs());
        self.values.extend(numbers.map(|(place, number)| (place, GroupKey(value(number)))));
        self.kind = SeenKind::Values;
    }
}

/// Returns a value in so many rows, as a column of its kind.
fn repeated(value: &Value, rows: usize) -> Column {
    Column::from_values(std::iter::repeat_n(value.clone(), rows))
}

fn first(places: &[u32], mut is_first: impl FnMut(usize, u32) -> bool) -> Vec<u32> {
    let mut rows = Vec::with_capacity(places.len());
    for (row, place) in places.iter().enumerate() {
        if is_first(row, *place) {
            rows.push(row as u32);
        }
    }
    rows
}

/// Pairs of a group and a small number, a bit each.
#[derive(Default)]
struct SmallPairs {
    bits: Bitmap,
    /// How many bits a group has; fixed once there is a second one.
    stride: usize,
    has_groups: bool,
}

impl SmallPairs {
    /// Puts a pair in and says whether it was new; nothing if the pair has no bit, as it then never has.
    #[inline]
    fn insert(&mut self, place: u32, number: i64) -> Option<bool> {
        let number = usize::try_from(number).ok().filter(|number| *number < MOST_BITS)?;
        self.has_groups |= place > 0;
        if number >= self.stride {
            if self.has_groups && self.stride > 0 {
                return None;
            }
            self.stride = (number + 1).next_power_of_two();
        }
        let index = (place as usize).checked_mul(self.stride)? + number;
        if index >= self.bits.len() {
            if index >= MOST_BITS {
                return None;
            }
            self.bits.resize((index + 1).next_power_of_two());
        }
        Some(self.bits.insert(index))
    }

    fn pairs(self) -> impl Iterator<Item = (u32, i64)> {
        let stride = self.stride.max(1);
        let indexes: Vec<usize> = self.bits.iter().collect();
        indexes.into_iter().map(move |index| ((index / stride) as u32, (index % stride) as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_new_once_whatever_the_kinds() {
        let mut seen = Seen::default();
        let integers = |values: &[i64]| Column::integers(values.to_vec());
        assert_eq!(seen.first_rows(&integers(&[3, 3, 900, -1, -1]), &[0; 5]), [0, 2, 3]);
        assert_eq!(seen.first_rows(&integers(&[3, 3, 5000, 5000, i64::MAX]), &[0, 1, 1, 1, 1]), [1, 2, 4]);
        assert_eq!(seen.first_rows(&integers(&[5000, 5000, 900]), &[0, 1, 0]), [0]);
        let floats = Column::floats(vec![3.0, 0.5]);
        assert_eq!(seen.first_rows(&floats, &[0, 0]), [1], "3.0 and 3 are one value");
        assert_eq!(seen.first_rows(&integers(&[5000, 7]), &[1, 1]), [1]);
    }

    #[test]
    fn strings_are_told_apart_as_numbers_and_as_values() {
        let strings = |texts: &[&str]| Column::from_values(texts.iter().map(|text| Value::string(*text)));
        let mut here = Seen::default();
        assert_eq!(here.first_rows(&strings(&["a", "b", "a"]), &[0, 0, 1]), [0, 1, 2]);
        assert_eq!(here.first_rows(&Column::nulls(2), &[0, 0]), [0; 0]);
        assert_eq!(here.first_rows(&Column::Constant(Value::string("b"), 3), &[0, 1, 1]), [1]);
        let mut elsewhere = Seen::default();
        elsewhere.first_rows(&strings(&["c", "a", "b"]), &[0, 0, 1]);
        let mut new = here.merge(elsewhere, &[1, 0]);
        new.sort_unstable();
        assert_eq!(new, [1], "of c, a and b only c is new in its group");
        assert_eq!(here.first_rows(&Column::integers(vec![1]), &[0]), [0]);
        assert_eq!(here.first_rows(&strings(&["a", "d"]), &[0, 0]), [1]);
    }

    #[test]
    fn what_was_met_elsewhere_is_new_once() {
        let integers = |values: &[i64]| Column::integers(values.to_vec());
        let mut here = Seen::default();
        here.first_rows(&integers(&[3, 900, -1]), &[0, 0, 1]);
        let mut elsewhere = Seen::default();
        elsewhere.first_rows(&integers(&[3, 4, -1, i64::MAX]), &[1, 1, 0, 0]);
        // Its groups 0 and 1 are 1 and 0 here.
        let mut new = here.merge(elsewhere, &[1, 0]);
        new.sort_unstable();
        assert_eq!(new, [0, 1]);
        let mut floats = Seen::default();
        floats.first_rows(&Column::floats(vec![4.0, 0.5]), &[0, 0]);
        assert_eq!(here.merge(floats, &[0]), [0], "4.0 was there as 4");
    }
}
