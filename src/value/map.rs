//! Maps of a query: names to values, kept in order of name so that the same map always prints the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::Value;

/// A map value. A clone shares the entries.
#[derive(Clone, Debug, Default)]
pub struct Map(Arc<BTreeMap<SmolStr, Value>>);

impl Map {
    /// Returns the value under `key`, if the map has that key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// Returns the entries in order of key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&SmolStr, &Value)> {
        self.0.iter()
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Says whether the map has no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(SmolStr, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (SmolStr, Value)>>(entries: I) -> Self {
        Map(Arc::new(entries.into_iter().collect()))
    }
}
