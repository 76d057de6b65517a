//! Maps from a label's keys to nodes, for loaders that find the ends of relationships by key.

use hashbrown::HashMap;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::value::{GroupKey, Value};
use crate::vector::NO_ID;

/// A map from the values of one property to the nodes that have them; of two nodes with one value the later wins.
#[derive(Debug)]
pub struct KeyMap {
    keys: Keys,
}

#[derive(Debug)]
enum Keys {
    /// Integers that lie close: the node of each from the least on.
    Dense(i64, Vec<u32>),
    /// Integers.
    Sparse(FxHashMap<i64, u32>),
    /// Strings.
    Strings(HashMap<SmolStr, u32>),
    /// Values of any kind.
    Any(HashMap<GroupKey, u32>),
}

impl KeyMap {
    /// Returns the map of these values and nodes.
    pub fn new(pairs: Vec<(Value, u32)>) -> KeyMap {
        let all = |wanted: fn(&Value) -> bool| pairs.iter().all(|(value, _)| wanted(value));
        if all(|value| matches!(value, Value::Integer(_))) {
            let integer = |value: &Value| if let Value::Integer(integer) = value { *integer } else { 0 };
            let pairs: Vec<(i64, u32)> = pairs.iter().map(|(value, slot)| (integer(value), *slot)).collect();
            return KeyMap { keys: integers(&pairs) };
        }
        if all(|value| matches!(value, Value::String(_))) {
            let string = |value: Value| if let Value::String(text) = value { text } else { SmolStr::default() };
            let strings = pairs.into_iter().map(|(value, slot)| (string(value), slot));
            return KeyMap { keys: Keys::Strings(strings.collect()) };
        }
        KeyMap { keys: Keys::Any(pairs.into_iter().map(|(value, slot)| (GroupKey(value), slot)).collect()) }
    }

    /// Returns the node that has a value.
    pub fn find(&self, value: &Value) -> Option<u32> {
        match (&self.keys, value) {
            (Keys::Any(keys), value) => keys.get(&GroupKey(value.clone())).copied(),
            (_, Value::Integer(value)) => self.find_integer(*value),
            (_, Value::String(text)) => self.find_string(text),
            _ => None,
        }
    }

    /// Returns the node that has an integer.
    #[inline]
    pub fn find_integer(&self, value: i64) -> Option<u32> {
        match &self.keys {
            Keys::Dense(least, slots) => {
                let place = usize::try_from(value.checked_sub(*least)?).ok()?;
                slots.get(place).copied().filter(|slot| *slot != NO_ID)
            }
            Keys::Sparse(slots) => slots.get(&value).copied(),
            Keys::Strings(_) => None,
            Keys::Any(keys) => keys.get(&GroupKey(Value::Integer(value))).copied(),
        }
    }

    /// Returns the node that has a string.
    #[inline]
    pub fn find_string(&self, text: &str) -> Option<u32> {
        match &self.keys {
            Keys::Strings(slots) => slots.get(text).copied(),
            Keys::Any(keys) => keys.get(&GroupKey(Value::string(text))).copied(),
            _ => None,
        }
    }
}

fn integers(pairs: &[(i64, u32)]) -> Keys {
    let least = pairs.iter().map(|(value, _)| *value).min().unwrap_or(0);
    let greatest = pairs.iter().map(|(value, _)| *value).max().unwrap_or(0);
    let range = greatest.wrapping_sub(least) as u64;
    if range >= pairs.len() as u64 * 4 + 1024 {
        return Keys::Sparse(pairs.iter().copied().collect());
    }
    let mut slots = vec![NO_ID; range as usize + 1];
    for (value, slot) in pairs {
        slots[value.wrapping_sub(least) as usize] = *slot;
    }
    Keys::Dense(least, slots)
}
