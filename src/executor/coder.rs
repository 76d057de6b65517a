//! Gives the values of one key small numbers, so that groups are found in arrays.
//!
//! A coder takes the kind of the first column that has values; one that has met a value of another kind gives up, and its grouping goes
//! by values from then on.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::vector::{Bitmap, Column, Dictionary, NO_ID};

/// Up to how wide a range of integers may be to have a table.
const WIDEST_TABLE: u64 = 1 << 16;

/// Gives the values of one key numbers; 0 is null.
#[derive(Default)]
pub(super) enum Coder {
    /// No value has come yet.
    #[default]
    Fresh,
    Booleans,
    Nodes,
    Relationships(Integers),
    Codes(Arc<Dictionary>),
    Integers(Integers),
    Floats(Floats),
    Strings(Strings),
}

impl Coder {
    /// Returns the number of each row's value; nothing if they are not of one kind with those before.
    pub(super) fn codes(&mut self, column: &Column) -> Option<Vec<u32>> {
        if let Column::Constant(value, rows) = column {
            if value.is_null() {
                return Some(vec![0; *rows]);
            }
            let one = Column::from_values([value.clone()]);
            let is_typed = !matches!(one, Column::Constant(..) | Column::Any(_));
            return if is_typed { Some(vec![*self.codes(&one)?.first()?; *rows]) } else { None };
        }
        if let Coder::Fresh = self {
            *self = Coder::of(column)?;
        }
        match (&mut *self, column) {
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
            (Coder::Relationships(numbers), Column::Relationship(ids)) => Some(numbers.codes_of_ids(ids)),
            (Coder::Relationships(numbers), Column::RelationshipRun(run)) => {
                Some(numbers.codes_of_ids(&run.clone().collect::<Vec<u32>>()))
            }
            (Coder::Codes(known), Column::Code { codes, dictionary }) if Dictionary::same(known, dictionary) => {
                let mut codes = codes.clone();
                codes.iter_mut().for_each(|code| *code = code.wrapping_add(1));
                Some(codes)
            }
            (Coder::Codes(known), Column::Code { .. } | Column::String { .. }) => {
                let mut strings = Strings::of(known);
                let codes = strings.codes(column);
                *self = Coder::Strings(strings);
                codes
            }
            (Coder::Strings(strings), column) => strings.codes(column),
            (Coder::Integers(numbers), Column::Integer { values, nulls }) => {
                Some(numbers.codes(values, nulls.as_ref()))
            }
            (Coder::Floats(numbers), Column::Float { values, nulls }) => Some(numbers.codes(values, nulls.as_ref())),
            _ => None,
        }
    }

    /// Says whether numbers are found by hashing what may be long.
    pub(super) fn is_of_hashed(&self) -> bool {
        matches!(self, Coder::Floats(_) | Coder::Strings(_))
    }

    fn of(column: &Column) -> Option<Coder> {
        Some(match column {
            Column::Boolean { .. } => Coder::Booleans,
            Column::Node(_) | Column::NodeRun(_) => Coder::Nodes,
            Column::Relationship(_) | Column::RelationshipRun(_) => Coder::Relationships(Integers::default()),
            Column::Code { dictionary, .. } => Coder::Codes(dictionary.clone()),
            Column::Integer { .. } => Coder::Integers(Integers::default()),
            Column::Float { .. } => Coder::Floats(Floats::default()),
            Column::String { .. } => Coder::Strings(Strings::default()),
            Column::Constant(..) | Column::Any(_) => return None,
        })
    }
}

/// Numbers for integers: in a table as long as they lie close together.
#[derive(Default)]
pub(super) struct Integers {
    /// The integer that stands first in the table.
    least: i64,
    table: Vec<u32>,
    others: FxHashMap<i64, u32>,
    next: u32,
}

impl Integers {
    fn codes(&mut self, values: &[i64], nulls: Option<&Bitmap>) -> Vec<u32> {
        self.widen(values);
        let mut codes = Vec::with_capacity(values.len());
        // What a null stands for need not have a place.
        if nulls.is_none() && self.is_wide_enough(values) {
            for value in values {
                let code = &mut self.table[value.wrapping_sub(self.least) as usize];
                if *code == 0 {
                    self.next += 1;
                    *code = self.next;
                }
                codes.push(*code);
            }
            return codes;
        }
        for (row, value) in values.iter().enumerate() {
            let is_null = nulls.is_some_and(|nulls| nulls.contains(row));
            codes.push(if is_null { 0 } else { self.code(*value) });
        }
        codes
    }

    /// Says whether all of these values have a place in the table.
    fn is_wide_enough(&self, values: &[i64]) -> bool {
        let width = self.table.len() as u64;
        let is_in = |value: &i64| (value.wrapping_sub(self.least) as u64) < width;
        values.iter().fold(true, |all, value| all & is_in(value))
    }

    fn codes_of_ids(&mut self, ids: &[u32]) -> Vec<u32> {
        ids.iter().map(|id| if *id == NO_ID { 0 } else { self.code(i64::from(*id)) }).collect()
    }

    #[inline]
    fn code(&mut self, value: i64) -> u32 {
        let place = value.wrapping_sub(self.least) as u64 as usize;
        let code = match self.table.get_mut(place) {
            Some(code) => code,
            None => self.others.entry(value).or_default(),
        };
        if *code == 0 {
            self.next += 1;
            *code = self.next;
        }
        *code
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

/// Numbers for floats; those that are one group have one: 0.0 and -0.0, and all that are no number.
#[derive(Default)]
pub(super) struct Floats {
    codes: FxHashMap<u64, u32>,
}

impl Floats {
    fn codes(&mut self, values: &[f64], nulls: Option<&Bitmap>) -> Vec<u32> {
        let mut codes = Vec::with_capacity(values.len());
        for (row, value) in values.iter().enumerate() {
            if nulls.is_some_and(|nulls| nulls.contains(row)) {
                codes.push(0);
                continue;
            }
            let value = if value.is_nan() { f64::NAN } else { *value + 0.0 };
            let next = self.codes.len() as u32 + 1;
            codes.push(*self.codes.entry(value.to_bits()).or_insert(next));
        }
        codes
    }
}

/// Numbers for strings, found by their bytes.
#[derive(Default)]
pub(super) struct Strings {
    texts: Vec<SmolStr>,
    /// The hash of each, so that the table grows without reading them again, and its place.
    table: HashTable<(u64, u32)>,
    hasher: DefaultHashBuilder,
    /// The dictionary met last, and the number of each of its codes, 0 if it has none yet.
    dictionary: Option<(Arc<Dictionary>, Vec<u32>)>,
}

impl Strings {
    /// Returns the strings of a dictionary, numbered by their codes.
    fn of(dictionary: &Arc<Dictionary>) -> Strings {
        let mut strings = Strings::default();
        for text in dictionary.strings() {
            strings.code(text);
        }
        strings
    }

    /// Returns the number of each row's string; nothing if they are no strings.
    pub(super) fn codes(&mut self, column: &Column) -> Option<Vec<u32>> {
        match column {
            Column::String { values, nulls: None } => Some(values.iter().map(|text| self.code(text)).collect()),
            Column::String { values, .. } => {
                let code = |(row, text)| if column.is_null(row) { 0 } else { self.code(text) };
                Some(values.iter().enumerate().map(code).collect())
            }
            Column::Code { codes, dictionary } => {
                let known = self.dictionary.take().filter(|(known, _)| Dictionary::same(known, dictionary));
                let mut numbers = known.map_or_else(|| vec![0; dictionary.len()], |(_, numbers)| numbers);
                let mut number = |code: u32| {
                    let Some(number) = numbers.get_mut(code as usize) else { return 0 };
                    if *number == 0 {
                        *number = self.code(dictionary.string(code));
                    }
                    *number
                };
                let codes = codes.iter().map(|code| number(*code)).collect();
                self.dictionary = Some((Arc::clone(dictionary), numbers));
                Some(codes)
            }
            _ => None,
        }
    }

    #[inline]
    pub(super) fn code(&mut self, text: &SmolStr) -> u32 {
        let hash = self.hasher.hash_one(text.as_bytes());
        let is_same = |(other, place): &(u64, u32)| *other == hash && self.texts[*place as usize] == *text;
        if let Some((_, place)) = self.table.find(hash, is_same) {
            return place + 1;
        }
        let place = self.texts.len() as u32;
        self.texts.push(text.clone());
        self.table.insert_unique(hash, (hash, place), |(hash, _)| *hash);
        place + 1
    }

    /// Returns the strings in order of their numbers, from 1.
    pub(super) fn texts(&self) -> &[SmolStr] {
        &self.texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn dictionary(texts: &[&str]) -> Arc<Dictionary> {
        let mut dictionary = Dictionary::default();
        texts.iter().for_each(|text| _ = dictionary.intern(&SmolStr::new(text)));
        Arc::new(dictionary)
    }

    #[test]
    fn a_string_has_one_number_however_it_is_held() {
        let (one, other) = (dictionary(&["a", "b"]), dictionary(&["c", "b"]));
        let codes =
            |codes: Vec<u32>, dictionary: &Arc<Dictionary>| Column::Code { codes, dictionary: dictionary.clone() };
        let mut coder = Coder::default();
        assert_eq!(coder.codes(&Column::nulls(2)), Some(vec![0, 0]), "nulls tell no kind");
        assert_eq!(coder.codes(&codes(vec![1, Dictionary::NULL, 0], &one)), Some(vec![2, 0, 1]));
        assert_eq!(coder.codes(&codes(vec![0, 1, Dictionary::NULL], &other)), Some(vec![3, 2, 0]));
        let strings = Column::from_values([Value::string("d"), Value::Null, Value::string("b")]);
        assert_eq!(coder.codes(&strings), Some(vec![4, 0, 2]));
        assert_eq!(coder.codes(&Column::Constant(Value::string("c"), 2)), Some(vec![3, 3]));
        assert_eq!(coder.codes(&Column::integers(vec![1])), None);
    }

    #[test]
    fn floats_of_one_group_have_one_number() {
        let mut coder = Coder::default();
        let floats = Column::floats(vec![0.0, -0.0, f64::NAN, -f64::NAN, 1.0, f64::INFINITY]);
        assert_eq!(coder.codes(&floats), Some(vec![1, 1, 2, 2, 3, 4]));
        assert_eq!(coder.codes(&Column::integers(vec![1])), None, "1 and 1.0 are one group, which values know");
    }
}
