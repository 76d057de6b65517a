//! Dictionaries: the distinct strings of one property, each under a code, so that equality and grouping work on integers.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};
use smol_str::SmolStr;

/// Distinct strings under codes 0, 1, 2 …, in order of first arrival. A code never changes its string.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    strings: Vec<SmolStr>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Dictionary {
    /// The code that stands for null in a column of codes.
    pub const NULL: u32 = u32::MAX;

    /// Returns the number of strings.
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// Returns the string of a code.
    ///
    /// # Panics
    /// If the code was not given out by this dictionary.
    #[inline]
    pub fn string(&self, code: u32) -> &SmolStr {
        &self.strings[code as usize]
    }

    /// Returns the strings in order of code.
    pub fn strings(&self) -> &[SmolStr] {
        &self.strings
    }

    /// Returns the code of a string, if it has one.
    pub fn code(&self, text: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        self.table.find(hash, |code| self.strings[*code as usize] == text).copied()
    }

    /// Returns the code of a string, giving it the next one if it is new.
    pub fn intern(&mut self, text: &SmolStr) -> u32 {
        if let Some(code) = self.code(text) {
            return code;
        }
        let code = self.strings.len() as u32;
        self.strings.push(text.clone());
        let (strings, hasher) = (&self.strings, &self.hasher);
        let rehash = |code: &u32| hasher.hash_one(strings[*code as usize].as_str());
        self.table.insert_unique(hasher.hash_one(text.as_str()), code, rehash);
        code
    }

    /// Says whether two handles mean the same dictionary, so that codes may be compared.
    pub fn same(left: &Arc<Dictionary>, right: &Arc<Dictionary>) -> bool {
        Arc::ptr_eq(left, right)
    }
}
