//! What is worth keeping between the batches of one statement: compiled patterns, answers about dictionaries, sets of listed values.
//!
//! Keys hold what they speak of alive, so that an address cannot come to mean something else. Nothing here outlives its statement.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use regex::Regex;
use smol_str::SmolStr;

use crate::function::Clock;
use crate::value::{Value, ValueError};
use crate::vector::{Bitmap, Dictionary};

use super::EvaluationError;
use super::list_set::ListSet;
use super::text_test::TextTest;

/// How many entries of a kind are kept; beyond it the cache starts anew.
const CAPACITY: usize = 64;

/// Kept for one statement; threads may share it.
#[derive(Debug, Default)]
pub struct EvaluationCache {
    patterns: Mutex<Vec<(SmolStr, Regex)>>,
    dictionaries: Mutex<Vec<DictionaryTest>>,
    lists: Mutex<Vec<KnownList>>,
    calls: AtomicU64,
    /// A bit for each property that turned out to have many values, by its name; another may share it.
    many_values: AtomicU64,
}

/// A list, and the set of its values.
type KnownList = (Arc<Vec<Value>>, Arc<ListSet>);

/// A test of the strings of a dictionary.
#[derive(Debug)]
struct DictionaryTest {
    dictionary: Arc<Dictionary>,
    test: TextTest,
    rows_seen: usize,
    matching: Option<Arc<Bitmap>>,
}

fn bit_of(name: &str) -> u64 {
    1 << (name.bytes().fold(0_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) % 64)
}

fn locked<T>(mutex: &Mutex<Vec<T>>) -> MutexGuard<'_, Vec<T>> {
    // What is kept is only ever pushed whole, so a panic elsewhere leaves nothing half done.
    let mut entries = mutex.lock().unwrap_or_else(PoisonError::into_inner);
    if entries.len() > CAPACITY {
        entries.clear();
    }
    entries
}

impl EvaluationCache {
    /// Says whether a property has turned out to have many values.
    pub(super) fn has_many_values(&self, name: &str) -> bool {
        self.many_values.load(Ordering::Relaxed) & bit_of(name) != 0
    }

    /// Takes down that a property has many values.
    pub(super) fn note_many_values(&self, name: &str) {
        self.many_values.fetch_or(bit_of(name), Ordering::Relaxed);
    }

    /// Returns the regular expression that must match a whole text, compiled once.
    pub(super) fn pattern(&self, pattern: &str) -> Result<Regex, EvaluationError> {
        let mut patterns = locked(&self.patterns);
        if let Some((_, compiled)) = patterns.iter().find(|(text, _)| text == pattern) {
            return Ok(compiled.clone());
        }
        let compiled = Regex::new(&format!(r"\A(?:{pattern})\z")).map_err(|_| invalid_pattern(pattern))?;
        patterns.push((SmolStr::new(pattern), compiled.clone()));
        Ok(compiled)
    }

    /// Returns which codes of a dictionary stand for strings that pass a test, once it has been asked for about as many rows as the
    /// dictionary has strings: before that, testing the rows alone is less work.
    pub(super) fn matching_codes(
        &self,
        dictionary: &Arc<Dictionary>,
        test: &TextTest,
        rows: usize,
    ) -> Option<Arc<Bitmap>> {
        let mut entries = locked(&self.dictionaries);
        let known = entries
            .iter()
            .position(|entry| Dictionary::same(&entry.dictionary, dictionary) && entry.test.is_same(test));
        let place = known.unwrap_or_else(|| {
            let (dictionary, test) = (Arc::clone(dictionary), test.clone());
            entries.push(DictionaryTest { dictionary, test, rows_seen: 0, matching: None });
            entries.len() - 1
        });
        let entry = &mut entries[place];
        entry.rows_seen += rows;
        if entry.matching.is_none() && entry.rows_seen >= dictionary.len() {
            let mut matching = Bitmap::new(dictionary.len());
            for (code, text) in dictionary.strings().iter().enumerate() {
                if test.holds(text) {
                    matching.insert(code);
                }
            }
            entry.matching = Some(Arc::new(matching));
        }
        entry.matching.clone()
    }

    /// Returns where the random numbers of one more call begin: elsewhere for each call, and for each statement.
    pub(super) fn next_seed(&self, clock: &Clock) -> u64 {
        let calls = self.calls.fetch_add(1, Ordering::Relaxed);
        // An odd factor spreads the calls over all seeds.
        (clock.statement as u64) ^ calls.wrapping_add(1).wrapping_mul(0xD6E8_FEB8_6659_FD93)
    }

    /// Returns the set of a list's values.
    pub(super) fn list_set(&self, list: &Arc<Vec<Value>>) -> Arc<ListSet> {
        let mut lists = locked(&self.lists);
        if let Some((_, set)) = lists.iter().find(|(known, _)| Arc::ptr_eq(known, list)) {
            return Arc::clone(set);
        }
        let set = Arc::new(ListSet::new(list));
        lists.push((Arc::clone(list), Arc::clone(&set)));
        set
    }
}

/// The words of the regex crate span lines and draw their own caret: they do not fit a message.
fn invalid_pattern(pattern: &str) -> EvaluationError {
    let detail = match regex_reason(pattern) {
        Some(reason) => format!("`{pattern}` is not a regular expression: {reason}"),
        None => format!("`{pattern}` is not a regular expression"),
    };
    EvaluationError::Value(
        ValueError::bad_argument(detail).with_hint("escape signs that stand for themselves, as in `\\\\(`"),
    )
}

fn regex_reason(pattern: &str) -> Option<String> {
    let text = Regex::new(pattern).err()?.to_string();
    let last = text.lines().last()?.trim();
    Some(last.strip_prefix("error: ").unwrap_or(last).to_owned())
}
