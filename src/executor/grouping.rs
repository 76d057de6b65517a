//! Finds the group of each row by its keys.
//!
//! As long as every key column has a small number for each value (a dictionary's code, a node's slot, a boolean, an integer met
//! before), groups are found by these numbers in arrays. The first column that has none turns the search to a table of values.

use std::sync::Arc;

use hashbrown::HashMap;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::value::{GroupKey, Value};
use crate::vector::{Column, ColumnBuilder, Dictionary};

use super::ExecutionError;
use super::context::Context;

const NO_GROUP: u32 = u32::MAX;

/// Up to how wide a range of integers may be to have a table.
const WIDEST_TABLE: u64 = 1 << 16;

/// Below this, pairs of numbers find their place in an array.
const SMALL: usize = 256;

/// How many numbers that array has room for at least, on each side.
const FEWEST: usize = 16;

/// The groups met so far.
pub(super) struct Grouping {
    count: usize,
    keys: Vec<ColumnBuilder>,
    coders: Option<Vec<Coder>>,
    pairs: Vec<Pairs>,
    /// The group of each number from the first one on.
    groups: Vec<u32>,
    first: u32,
    /// The group of number 0, which stands for null and may lie far from the others.
    zero: u32,
    general: HashMap<SmallVec<[GroupKey; 2]>, u32>,
}

impl Grouping {
    /// Returns a grouping by so many keys; without keys there is one group, also of no rows.
    pub(super) fn new(key_count: usize) -> Self {
        Grouping {
            count: usize::from(key_count == 0),
            keys: (0..key_count).map(|_| ColumnBuilder::default()).collect(),
            coders: Some((0..key_count).map(|_| Coder::Fresh).collect()),
            pairs: (1..key_count).map(|_| Pairs::default()).collect(),
            groups: Vec::new(),
            first: 0,
            zero: NO_GROUP,
            general: HashMap::new(),
        }
    }

    /// Returns how many groups there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Returns the keys, a column each, group by group.
    pub(super) fn finish(self) -> Vec<Column> {
        self.keys.into_iter().map(ColumnBuilder::finish).collect()
    }

    /// Returns the group of each row.
    pub(super) fn places(
        &mut self,
        columns: &[Arc<Column>],
        rows: usize,
        context: &Context<'_>,
    ) -> Result<Vec<u32>, ExecutionError> {
        if self.keys.is_empty() {
            return Ok(vec![0; rows]);
        }
        let before = self.count;
        let places = match self.codes(columns) {
            Some(codes) => self.coded_places(columns, codes),
            None => {
                self.leave_codes();
                self.general_places(columns, rows)
            }
        };
        context.guard.charge((self.count - before) * self.keys.len() * std::mem::size_of::<Value>())?;
        Ok(places)
    }

    /// Returns a number for each row, the same for the same keys; nothing once a key has no numbers.
    fn codes(&mut self, columns: &[Arc<Column>]) -> Option<Vec<u32>> {
        let coders = self.coders.as_mut()?;
        let mut coded: Option<Vec<u32>> = None;
        for (place, (coder, column)) in coders.iter_mut().zip(columns).enumerate() {
            let codes = coder.codes(column)?;
            coded = Some(match coded {
                None => codes,
                Some(before) => {
                    let pairs = &mut self.pairs[place - 1];
                    pairs.numbers(before, &codes)
                }
            });
        }
        coded
    }

    fn coded_places(&mut self, columns: &[Arc<Column>], mut codes: Vec<u32>) -> Vec<u32> {
        let mut new_rows = Vec::new();
        self.make_room(&codes);
        for (row, code) in codes.iter_mut().enumerate() {
            let group = match *code {
                0 => &mut self.zero,
                code => &mut self.groups[(code - self.first) as usize],
            };
            if *group == NO_GROUP {
                new_rows.push(row as u32);
                *group = self.count as u32;
                self.count += 1;
            }
            *code = *group;
        }
        if !new_rows.is_empty() {
            for (builder, column) in self.keys.iter_mut().zip(columns) {
                builder.append(&column.gather(&new_rows));
            }
        }
        codes
    }

    /// Makes the table of groups reach from the least number but 0 to the greatest: those of nodes of one label may all be great.
    fn make_room(&mut self, codes: &[u32]) {
        // Less one, so that 0 is the greatest and never the least.
        let least = codes.iter().fold(u32::MAX, |least, code| least.min(code.wrapping_sub(1)));
        let greatest = codes.iter().fold(0, |greatest, code| greatest.max(*code));
        if least == u32::MAX {
            return;
        }
        let least = least + 1;
        if self.groups.is_empty() {
            self.first = least;
        } else if least < self.first {
            // At least as much again, so that numbers that fall and fall are not moved each time.
            let more = ((self.first - least) as usize).max(self.groups.len()).min(self.first as usize - 1);
            self.groups.splice(0..0, std::iter::repeat_n(NO_GROUP, more));
            self.first -= more as u32;
        }
        let wanted = (greatest - self.first) as usize + 1;
        if wanted > self.groups.len() {
            self.groups.resize(wanted.next_power_of_two(), NO_GROUP);
        }
    }

    /// Moves the groups found by number to the table of values.
    fn leave_codes(&mut self) {
        if self.coders.take().is_none() {
            return;
        }
        let columns: Vec<Column> = self.keys.iter_mut().map(|builder| std::mem::take(builder).finish()).collect();
        for group in 0..self.count {
            let key = columns.iter().map(|column| GroupKey(column.value(group))).collect();
            self.general.insert(key, group as u32);
        }
        for (builder, column) in self.keys.iter_mut().zip(&columns) {
            builder.append(column);
        }
    }

    fn general_places(&mut self, columns: &[Arc<Column>], rows: usize) -> Vec<u32> {
        let mut places = Vec::with_capacity(rows);
        for row in 0..rows {
            let key: SmallVec<[GroupKey; 2]> = columns.iter().map(|column| GroupKey(column.value(row))).collect();
            let place = match self.general.get(&key) {
                Some(place) => *place,
                None => {
                    for (builder, part) in self.keys.iter_mut().zip(&key) {
                        builder.push(part.0.clone());
                    }
                    self.general.insert(key, self.count as u32);
                    self.count += 1;
                    self.count as u32 - 1
                }
            };
            places.push(place);
        }
        places
    }
}

/// Gives the values of one key numbers; 0 is null.
enum Coder {
    Fresh,
    Booleans,
    Nodes,
    Codes(Arc<Dictionary>),
    Integers(Integers),
}

/// Numbers for integers: in a table as long as they lie close together.
#[derive(Default)]
struct Integers {
    /// The integer that stands first in the table.
    least: i64,
    table: Vec<u32>,
    others: FxHashMap<i64, u32>,
    next: u32,
}

impl Integers {
    fn codes(&mut self, values: &[i64], column: &Column) -> Vec<u32> {
        self.widen(values);
        let has_nulls = !matches!(column, Column::Integer { nulls: None, .. });
        let mut codes = Vec::with_capacity(values.len());
        for (row, value) in values.iter().enumerate() {
            if has_nulls && column.is_null(row) {
                codes.push(0);
                continue;
            }
            let place = value.wrapping_sub(self.least) as u64 as usize;
            let code = match self.table.get_mut(place) {
                Some(code) => code,
                None => self.others.entry(*value).or_default(),
            };
            if *code == 0 {
                self.next += 1;
                *code = self.next;
            }
            codes.push(*code);
        }
        codes
    }

    /// Makes the table hold these values too, if all of them together lie close enough.
    fn widen(&mut self, values: &[i64]) {
        let (Some(least), Some(greatest)) = (values.iter().min(), values.iter().max()) else { return };
        let (mut low, mut high) = (*least, *greatest);
        if !self.table.is_empty() {
            low = low.min(self.least);
            high = high.max(self.least.wrapping_add(self.table.len() as i64 - 1));
        }
        let width = high.wrapping_sub(low) as u64;
        if width >= WIDEST_TABLE || width < self.table.len() as u64 || !self.others.is_empty() {
            return;
        }
        let mut table = vec![0; width as usize + 1];
        let shift = self.least.wrapping_sub(low) as usize;
        if !self.table.is_empty() {
            table[shift..shift + self.table.len()].copy_from_slice(&self.table);
        }
        (self.least, self.table) = (low, table);
    }
}

impl Coder {
    fn codes(&mut self, column: &Column) -> Option<Vec<u32>> {
        if let Coder::Fresh = self {
            *self = match column {
                Column::Boolean { .. } => Coder::Booleans,
                Column::Node(_) | Column::NodeRun(_) => Coder::Nodes,
                Column::Code { dictionary, .. } => Coder::Codes(dictionary.clone()),
                Column::Integer { .. } => Coder::Integers(Integers::default()),
                _ => return None,
            };
        }
        match (self, column) {
            (Coder::Booleans, Column::Boolean { values, nulls: None }) => {
                Some(values.iter().map(|value| 1 + u32::from(*value)).collect())
            }
            (Coder::Booleans, Column::Boolean { values, .. }) => {
                let code = |row: usize| if column.is_null(row) { 0 } else { 1 + u32::from(values[row]) };
                Some((0..values.len()).map(code).collect())
            }
            // Null is the greatest number in columns of ids and codes; one more wraps to 0.
            (Coder::Nodes, Column::Node(ids)) => Some(ids.iter().map(|id| id.wrapping_add(1)).collect()),
            (Coder::Nodes, Column::NodeRun(run)) => Some((run.start + 1..run.end + 1).collect()),
            (Coder::Codes(known), Column::Code { codes, dictionary }) if Dictionary::same(known, dictionary) => {
                let mut codes = codes.clone();
                codes.iter_mut().for_each(|code| *code = code.wrapping_add(1));
                Some(codes)
            }
            (Coder::Integers(numbers), Column::Integer { values, .. }) => Some(numbers.codes(values, column)),
            _ => None,
        }
    }
}

/// Gives pairs of numbers numbers.
#[derive(Default)]
struct Pairs {
    /// The pairs of small numbers, as many as `width` on each side.
    small: Vec<u32>,
    width: usize,
    large: FxHashMap<u64, u32>,
    next: u32,
}

impl Pairs {
    fn numbers(&mut self, mut ones: Vec<u32>, others: &[u32]) -> Vec<u32> {
        let bits = |codes: &[u32]| codes.iter().fold(0, |bits, code| bits | code) as usize;
        let bits = bits(&ones) | bits(others);
        if bits >= SMALL {
            ones.iter_mut().zip(others).for_each(|(one, other)| *one = self.number(*one, *other));
            return ones;
        }
        self.widen(bits);
        let width = self.width;
        for (one, other) in ones.iter_mut().zip(others) {
            let place = &mut self.small[*one as usize * width + *other as usize];
            if *place == NO_GROUP {
                *place = self.next;
                self.next += 1;
            }
            *one = *place;
        }
        ones
    }

    fn number(&mut self, one: u32, other: u32) -> u32 {
        let next = self.next;
        let bits = (one | other) as usize;
        let place = if bits < SMALL {
            self.widen(bits);
            &mut self.small[one as usize * self.width + other as usize]
        } else {
            self.large.entry(u64::from(one) << 32 | u64::from(other)).or_insert(NO_GROUP)
        };
        if *place == NO_GROUP {
            *place = next;
            self.next += 1;
        }
        *place
    }

    /// Makes room for pairs of small numbers with no higher bits than these.
    fn widen(&mut self, bits: usize) {
        if bits < self.width {
            return;
        }
        let width = (bits + 1).next_power_of_two().max(FEWEST);
        let mut wider = vec![NO_GROUP; width * width];
        let lines = self.small.chunks(self.width.max(1)).zip(wider.chunks_mut(width));
        lines.for_each(|(line, wider)| wider[..line.len()].copy_from_slice(line));
        (self.small, self.width) = (wider, width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::NO_ID;

    #[test]
    fn the_table_of_groups_reaches_both_ways() {
        let mut grouping = Grouping::new(1);
        let mut found = Vec::new();
        for ids in [vec![500, 501, NO_ID], vec![7, 500, 90_000], vec![NO_ID, 0, 7], vec![NO_ID]] {
            let column = Arc::new(Column::Node(ids));
            let codes = grouping.codes(std::slice::from_ref(&column)).expect("nodes have numbers");
            found.push(grouping.coded_places(&[column], codes));
        }
        assert_eq!(found, [vec![0, 1, 2], vec![3, 0, 4], vec![2, 5, 3], vec![2]]);
        let keys = grouping.finish();
        assert!(matches!(&keys[0], Column::Node(ids) if *ids == [500, 501, NO_ID, 7, 90_000, 0]));
    }

    #[test]
    fn a_pair_keeps_its_number_when_greater_ones_come() {
        let mut pairs = Pairs::default();
        assert_eq!(pairs.numbers(vec![1, 2, 1], &[3, 0, 3]), [0, 1, 0]);
        assert_eq!(pairs.numbers(vec![200, 1, 2], &[9, 3, 0]), [2, 0, 1]);
        assert_eq!(pairs.numbers(vec![70_000, 1, 200], &[9, 3, 9]), [3, 0, 2]);
        assert_eq!(pairs.numbers(vec![2, 70_000], &[0, 9]), [1, 3]);
    }
}
