//! Reading an index: what is looked for, and the slots that have it.

use std::cmp::Ordering;

use crate::text::{Bigram, bigrams_wanted, fold_each};
use crate::value::comparison::{less, less_or_equal};
use crate::value::order::order;
use crate::value::{Value, equals};

use super::index::Index;
use super::index_entries::Entry;

/// One end of a range.
#[derive(Clone, Copy, Debug)]
pub enum Bound<'a> {
    /// Up to and with this value.
    Included(&'a Value),
    /// Up to this value and without it.
    Excluded(&'a Value),
    /// No end.
    Open,
}

impl<'a> Bound<'a> {
    fn value(self) -> Option<&'a Value> {
        match self {
            Bound::Included(value) | Bound::Excluded(value) => Some(value),
            Bound::Open => None,
        }
    }
}

/// What is looked for in an index.
#[derive(Clone, Copy, Debug)]
pub enum IndexProbe<'a> {
    /// Elements whose value equals this.
    Equal(&'a Value),
    /// Elements whose value lies between two bounds, in order of value.
    Range(Bound<'a>, Bound<'a>),
    /// Elements whose value is a string that begins so, in order of value.
    Prefix(&'a str),
    /// Elements whose first properties equal these, and whose next property lies between two bounds, of an index over several.
    Leading(&'a [Value], Bound<'a>, Bound<'a>),
    /// Elements whose text may contain this, ascending; whether it does is to be looked up there.
    Containing(&'a str),
}

impl Index {
    /// Returns the slots that have what is looked for; none if a text index cannot narrow it.
    pub fn probe(&self, probe: IndexProbe<'_>) -> Option<Vec<u32>> {
        Some(match probe {
            IndexProbe::Equal(value) => self.seek(value),
            IndexProbe::Range(low, high) => self.range(low, high),
            IndexProbe::Prefix(prefix) => self.prefix(prefix),
            IndexProbe::Leading(values, low, high) => self.leading(values, low, high),
            IndexProbe::Containing(part) => return self.containing(part),
        })
    }

    pub(super) fn equal<'a>(&'a self, value: &'a Value) -> impl Iterator<Item = u32> + 'a {
        let entries = self.entries.iter_from(|entry| order(&entry.value, value) == Ordering::Less);
        entries
            .take_while(|entry| order(&entry.value, value) == Ordering::Equal)
            .filter(|entry| equals(&entry.value, value) == Some(true))
            .map(|entry| entry.slot)
    }

    /// Returns the slots whose value equals this one, ascending.
    pub fn seek(&self, value: &Value) -> Vec<u32> {
        self.equal(value).collect()
    }

    /// Returns the slots whose value lies between two bounds, in order of value. One bound at least must have a value.
    pub fn range(&self, low: Bound<'_>, high: Bound<'_>) -> Vec<u32> {
        let Some(any) = low.value().or(high.value()) else {
            return self.all();
        };
        // Lists may hold what `<` cannot compare and the order can: there only `<` itself decides, list by list.
        let cut = !matches!(any, Value::List(_));
        let before = |entry: &Entry| match low.value() {
            Some(low) if cut => order(&entry.value, low) == Ordering::Less,
            _ => !comparable(&entry.value, any) && order(&entry.value, any) == Ordering::Less,
        };
        let past_high = |value: &Value| cut && high.value().is_some_and(|high| order(value, high) == Ordering::Greater);
        self.entries
            .iter_from(before)
            .take_while(|entry| comparable(&entry.value, any) && !past_high(&entry.value))
            .filter(|entry| is_between(&entry.value, low, high))
            .map(|entry| entry.slot)
            .collect()
    }

    /// Returns the slots whose value is a string that begins so, in order of value.
    pub fn prefix(&self, prefix: &str) -> Vec<u32> {
        let start = Value::string(prefix);
        let entries = self.entries.iter_from(|entry| order(&entry.value, &start) == Ordering::Less);
        let begins = |value: &Value| matches!(value, Value::String(text) if text.starts_with(prefix));
        entries.take_while(|entry| begins(&entry.value)).map(|entry| entry.slot).collect()
    }

    /// Returns all slots in order of value.
    pub fn all(&self) -> Vec<u32> {
        self.entries.iter_from(|_| false).map(|entry| entry.slot).collect()
    }

    /// Returns the slots of an index over several properties whose first ones equal these values and whose next one lies between.
    fn leading(&self, values: &[Value], low: Bound<'_>, high: Bound<'_>) -> Vec<u32> {
        let first = |entry: &Entry| match &entry.value {
            Value::List(items) => {
                let pairs = items.iter().zip(values);
                pairs.map(|(item, value)| order(item, value)).find(|found| found.is_ne()).unwrap_or(Ordering::Equal)
            }
            _ => Ordering::Less,
        };
        let fits = |value: &Value| {
            let Value::List(items) = value else { return false };
            let equal = items.iter().zip(values).all(|(item, value)| equals(item, value) == Some(true));
            equal && items.get(values.len()).is_none_or(|next| is_between(next, low, high))
        };
        let entries = self.entries.iter_from(|entry| first(entry) == Ordering::Less);
        let entries = entries.take_while(|entry| first(entry) == Ordering::Equal);
        entries.filter(|entry| fits(&entry.value)).map(|entry| entry.slot).collect()
    }

    /// Returns the slots whose folded text has all bigrams of a part, ascending; none if the part has nothing to look up.
    fn containing(&self, part: &str) -> Option<Vec<u32>> {
        let folded = fold_each(part);
        let wanted = bigrams_wanted(&folded);
        if wanted.is_empty() {
            let bigrams = Bigram::beginning_with(folded.chars().next()?);
            let (low, high) = (bigram_value(*bigrams.start()), bigram_value(*bigrams.end()));
            let mut slots = self.range(Bound::Included(&low), Bound::Included(&high));
            slots.sort_unstable();
            slots.dedup();
            return Some(slots);
        }
        let mut found: Option<Vec<u32>> = None;
        for bigram in wanted {
            let having = self.seek(&bigram_value(bigram));
            let left = match found {
                None => having,
                Some(before) => both(&before, &having),
            };
            if left.is_empty() {
                return Some(left);
            }
            found = Some(left);
        }
        found
    }
}

impl Index {
    /// Returns the slots whose folded text has some of a text's bigrams, ascending, each with how many of them it has.
    pub fn overlapping(&self, text: &str) -> Vec<(u32, u32)> {
        let mut all: Vec<u32> = Vec::new();
        for bigram in bigrams_wanted(&fold_each(text)) {
            all.extend(self.seek(&bigram_value(bigram)));
        }
        all.sort_unstable();
        all.chunk_by(|lhs, rhs| lhs == rhs).map(|run| (run[0], run.len() as u32)).collect()
    }
}

/// Returns the value under which a text index keeps a bigram.
pub(super) fn bigram_value(bigram: Bigram) -> Value {
    // A bigram has 42 bits.
    Value::Integer(bigram.0 as i64)
}

/// Returns what two ascending lists both have.
fn both(left: &[u32], right: &[u32]) -> Vec<u32> {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    short.iter().copied().filter(|slot| long.binary_search(slot).is_ok()).collect()
}

/// Says whether a value lies between two bounds, as `<` and `<=` say.
fn is_between(value: &Value, low: Bound<'_>, high: Bound<'_>) -> bool {
    let above = match low {
        Bound::Included(low) => less_or_equal(low, value) == Some(true),
        Bound::Excluded(low) => less(low, value) == Some(true),
        Bound::Open => true,
    };
    above
        && match high {
            Bound::Included(high) => less_or_equal(value, high) == Some(true),
            Bound::Excluded(high) => less(value, high) == Some(true),
            Bound::Open => true,
        }
}

/// Says whether `<` between two values says true or false, as far as their kinds go.
fn comparable(lhs: &Value, rhs: &Value) -> bool {
    let number = |value: &Value| matches!(value, Value::Integer(_) | Value::Float(_));
    let date = |value: &Value| matches!(value, Value::Date(_) | Value::PartialDate(_));
    lhs.kind() == rhs.kind() || (number(lhs) && number(rhs)) || (date(lhs) && date(rhs))
}
