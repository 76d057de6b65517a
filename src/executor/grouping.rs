//! Finds the group of each row by its keys.
//!
//! As long as every key column has a small number for each value (a dictionary's code, a node's slot, a boolean, an integer or
//! a string met before), groups are found by these numbers in arrays. The first column that has none turns the search to a table of values.

use std::sync::Arc;

use hashbrown::HashMap;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::planner::shortcut::{CODED_KEYS, NODE_KEYS};
use crate::value::{GroupKey, Value};
use crate::vector::{Column, ColumnBuilder};

use super::ExecutionError;
use super::coder::Coder;
use super::context::Context;
use super::key_rows::{KeyRows, NodeNumbers};

const NO_GROUP: u32 = u32::MAX;

/// Up to how many pairs of numbers find their place in a table.
const MOST_PLACES: usize = 1 << 20;

/// How many numbers that table has room for at least, on each side.
const FEWEST: usize = 16;

/// How many places a table may have for each row that came: an inner plan may group a handful of rows, again and again, and to clear
/// a table takes longer than to look them up.
const PLACES_A_ROW: usize = 256;

/// The groups met so far.
pub(super) struct Grouping {
    count: usize,
    keys: Vec<ColumnBuilder>,
    coders: Option<Vec<(Coder, NodeNumbers)>>,
    /// Whether strings and floats have numbers.
    codes_all: bool,
    pairs: Vec<Pairs>,
    /// The group of each number from the first one on.
    groups: Vec<u32>,
    first: u32,
    /// The groups of numbers that lie too far from the others for so few rows.
    far: FxHashMap<u32, u32>,
    rows: usize,
    /// The group of number 0, which stands for null and may lie far from the others.
    zero: u32,
    general: HashMap<SmallVec<[GroupKey; 2]>, u32>,
}

impl Grouping {
    /// Returns a grouping by so many keys; without keys there is one group, also of no rows.
    pub(super) fn new(key_count: usize, context: &Context<'_>) -> Self {
        // What follows from a node may change while a statement writes.
        let may_keep = context.transaction.is_none() && context.has(NODE_KEYS);
        let coders = (0..key_count).map(|_| (Coder::default(), NodeNumbers::new(may_keep))).collect();
        Grouping { coders: Some(coders), codes_all: context.has(CODED_KEYS), ..Grouping::of_codes(key_count) }
    }

    /// Returns a grouping that is given codes.
    fn of_codes(key_count: usize) -> Self {
        Grouping {
            count: usize::from(key_count == 0),
            keys: (0..key_count).map(|_| ColumnBuilder::default()).collect(),
            coders: None,
            codes_all: true,
            pairs: (1..key_count).map(|_| Pairs::default()).collect(),
            groups: Vec::new(),
            first: 0,
            far: FxHashMap::default(),
            rows: 0,
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
        keys: &mut KeyRows<'_>,
        rows: usize,
        context: &Context<'_>,
    ) -> Result<Vec<u32>, ExecutionError> {
        if self.keys.is_empty() {
            return Ok(vec![0; rows]);
        }
        let before = self.count;
        let places = match self.codes(keys, context)? {
            Some(codes) => self.coded_places(keys, codes)?,
            None => {
                self.leave_codes();
                let columns = (0..self.keys.len()).map(|place| keys.column(place)).collect::<Result<Vec<_>, _>>()?;
                self.general_places(&columns, rows)
            }
        };
        context.guard.charge((self.count - before) * self.keys.len() * std::mem::size_of::<Value>())?;
        Ok(places)
    }

    /// Returns a number for each row, the same for the same keys; nothing once a key has no numbers.
    fn codes(&mut self, keys: &mut KeyRows<'_>, context: &Context<'_>) -> Result<Option<Vec<u32>>, ExecutionError> {
        let Some(coders) = &mut self.coders else { return Ok(None) };
        let mut coded: Option<Vec<u32>> = None;
        for (place, (coder, kept)) in coders.iter_mut().enumerate() {
            let Some(codes) = keys.codes(place, coder, kept, context.guard)? else { return Ok(None) };
            if !self.codes_all && coder.is_of_hashed() {
                return Ok(None);
            }
            coded = Some(match coded {
                None => codes,
                Some(before) => {
                    let pairs = &mut self.pairs[place - 1];
                    let size_bytes = pairs.size_bytes();
                    let numbers = pairs.numbers(before, &codes);
                    context.guard.charge(pairs.size_bytes() - size_bytes)?;
                    numbers
                }
            });
        }
        Ok(coded)
    }

    fn coded_places(&mut self, keys: &mut KeyRows<'_>, mut codes: Vec<u32>) -> Result<Vec<u32>, ExecutionError> {
        let mut new_rows = Vec::new();
        let all_near = self.make_room(&codes);
        for (row, code) in codes.iter_mut().enumerate() {
            let group = match *code {
                0 => &mut self.zero,
                code if all_near => &mut self.groups[(code - self.first) as usize],
                code => match self.groups.get_mut(code.wrapping_sub(self.first) as usize) {
                    Some(group) => group,
                    None => self.far.entry(code).or_insert(NO_GROUP),
                },
            };
            if *group == NO_GROUP {
                new_rows.push(row as u32);
                *group = self.count as u32;
                self.count += 1;
            }
            *code = *group;
        }
        if !new_rows.is_empty() {
            for (place, builder) in self.keys.iter_mut().enumerate() {
                builder.append(&*keys.gather(place, &new_rows)?);
            }
        }
        Ok(codes)
    }

    /// Makes the table of groups reach from the least number but 0 to the greatest: those of nodes of one label may all be great. Says
    /// whether it does; if not, there are too few rows for so long a table.
    fn make_room(&mut self, codes: &[u32]) -> bool {
        // Less one, so that 0 is the greatest and never the least.
        let least = codes.iter().fold(u32::MAX, |least, code| least.min(code.wrapping_sub(1)));
        let greatest = codes.iter().fold(0, |greatest, code| greatest.max(*code));
        self.rows += codes.len();
        if least == u32::MAX {
            return true;
        }
        let least = least + 1;
        let (end, before) = (self.first as usize + self.groups.len(), self.groups.len());
        if !self.groups.is_empty() && least >= self.first && (greatest as usize) < end {
            return true;
        }
        let (low, high) =
            if before == 0 { (least, greatest) } else { (least.min(self.first), greatest.max(self.first)) };
        if ((high - low) as usize).max(before) >= self.rows.saturating_mul(PLACES_A_ROW) {
            return false;
        }
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
        let (first, groups) = (self.first, &mut self.groups);
        self.far.retain(|code, group| match groups.get_mut(code.wrapping_sub(first) as usize) {
            Some(place) => {
                *place = *group;
                false
            }
            None => true,
        });
        true
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

/// Gives pairs of numbers numbers.
#[derive(Default)]
struct Pairs {
    /// One more than the number of each pair that the table has room for, 0 if it has none: `width` places for each first number.
    table: Vec<u32>,
    width: usize,
    /// The others.
    large: FxHashMap<u64, u32>,
    rows: usize,
    next: u32,
}

impl Pairs {
    fn numbers(&mut self, mut ones: Vec<u32>, others: &[u32]) -> Vec<u32> {
        let bits = |codes: &[u32]| codes.iter().fold(0, |bits, code| bits | code) as usize;
        self.rows += others.len();
        if !self.has_room(bits(&ones), bits(others)) {
            ones.iter_mut().zip(others).for_each(|(one, other)| *one = self.number(*one, *other));
            return ones;
        }
        let width = self.width;
        for (one, other) in ones.iter_mut().zip(others) {
            let place = &mut self.table[*one as usize * width + *other as usize];
            if *place == 0 {
                self.next += 1;
                *place = self.next;
            }
            *one = *place - 1;
        }
        ones
    }

    fn number(&mut self, one: u32, other: u32) -> u32 {
        let is_near = (other as usize) < self.width && (one as usize) < self.height();
        let place = match is_near {
            true => &mut self.table[one as usize * self.width + other as usize],
            false => self.large.entry(u64::from(one) << 32 | u64::from(other)).or_default(),
        };
        if *place == 0 {
            self.next += 1;
            *place = self.next;
        }
        *place - 1
    }

    fn height(&self) -> usize {
        self.table.len() / self.width.max(1)
    }

    /// Returns how many bytes the table takes.
    fn size_bytes(&self) -> usize {
        self.table.len() * size_of::<u32>()
    }

    /// Says whether the table has room for pairs of numbers with no higher bits than these, after making it if that is not too much.
    fn has_room(&mut self, one: usize, other: usize) -> bool {
        if other < self.width && one < self.height() {
            return true;
        }
        let width = (other + 1).next_power_of_two().max(FEWEST).max(self.width);
        let height = (one + 1).next_power_of_two().max(FEWEST).max(self.height());
        if width.saturating_mul(height) > MOST_PLACES.min(self.rows.saturating_mul(PLACES_A_ROW)) {
            return false;
        }
        let mut wider = vec![0; width * height];
        let lines = self.table.chunks(self.width.max(1)).zip(wider.chunks_mut(width));
        lines.for_each(|(line, wider)| wider[..line.len()].copy_from_slice(line));
        self.large.retain(|pair, number| {
            let (one, other) = ((*pair >> 32) as usize, *pair as u32 as usize);
            let is_near = one < height && other < width;
            if is_near {
                wider[one * width + other] = *number;
            }
            !is_near
        });
        (self.table, self.width) = (wider, width);
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::vector::NO_ID;

    #[test]
    fn the_table_of_groups_reaches_both_ways() {
        let mut grouping = Grouping::of_codes(1);
        let mut found = Vec::new();
        for ids in [vec![500, 501, NO_ID], vec![7, 500, 90_000], vec![NO_ID, 0, 7], vec![NO_ID]] {
            let column = Arc::new(Column::Node(ids));
            let codes = Coder::default().codes(&column).expect("nodes have numbers");
            found.push(grouping.coded_places(&mut KeyRows::of_columns(&[column]), codes).expect("nothing is computed"));
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

    proptest! {
        #[test]
        fn groups_are_those_of_a_map_however_far_apart_and_in_however_many_rows(
            most in prop::sample::select(vec![40_u32, 3_000, 200_000]),
            batches in vec(vec((any::<u32>(), any::<u32>()), 1..200), 1..30),
        ) {
            let (mut grouping, mut pairs) = (Grouping::of_codes(1), Pairs::default());
            let (mut groups, mut numbers) = (FxHashMap::default(), FxHashMap::default());
            for batch in batches {
                let ids: Vec<u32> = batch.iter().map(|(id, _)| id % most).collect();
                let others: Vec<u32> = batch.iter().map(|(_, other)| other % (1 + most / 20)).collect();
                let column = Arc::new(Column::Node(ids.clone()));
                let codes = Coder::default().codes(&column).expect("nodes have numbers");
                let found = grouping.coded_places(&mut KeyRows::of_columns(&[column]), codes).expect("all is there");
                let paired = pairs.numbers(ids.clone(), &others);
                for (row, id) in ids.iter().enumerate() {
                    let (next, next_pair) = (groups.len() as u32, numbers.len() as u32);
                    prop_assert_eq!(found[row], *groups.entry(*id).or_insert(next));
                    prop_assert_eq!(paired[row], *numbers.entry((*id, others[row])).or_insert(next_pair));
                }
            }
        }
    }
}
