//! Keys that are there twice: rows with one are put aside as they come, or the row is found that stopped an import.

use std::io::BufRead;

use hashbrown::HashSet;

use crate::graph::{GraphError, KeyMap, Snapshot};
use crate::tabular::{ColumnType, CsvReader, JsonlReader, Position};
use crate::value::{GroupKey, Value, equals};

/// The keys that were met so far. Only an import that puts rows aside pays for it.
pub(super) struct KeyGuard {
    known: KeyMap,
    seen: HashSet<GroupKey>,
}

impl KeyGuard {
    /// Returns a guard over the keys that the graph has.
    pub(super) fn new(known: KeyMap) -> KeyGuard {
        KeyGuard { known, seen: HashSet::new() }
    }

    /// Notes a key and says whether it was not there before.
    pub(super) fn is_new(&mut self, key: &Value) -> bool {
        self.known.find(key).is_none() && self.seen.insert(GroupKey(key.clone()))
    }
}

/// A key that an import found twice.
pub(super) struct Twice {
    /// The label.
    pub(super) label: String,
    /// The property.
    pub(super) property: String,
    /// The value.
    pub(super) value: Value,
    /// How many rows may have it: none if the graph had it already.
    allowed: usize,
}

impl Twice {
    /// Returns the key that an error speaks of.
    pub(super) fn of(error: &GraphError, base: &Snapshot) -> Option<Twice> {
        let GraphError::NotUnique { name, property, value, .. } = error else { return None };
        let catalogue = base.catalogue();
        let held = match (catalogue.label_id(name), catalogue.property_key_id(property)) {
            (Some(label), Some(key)) => !base.index_seek(label, key, value).is_empty(),
            _ => false,
        };
        let (label, property) = (name.to_string(), property.to_string());
        Some(Twice { label, property, value: value.clone(), allowed: usize::from(!held) })
    }

    /// Returns the place of the first row of a CSV file that has the key though it is there already.
    pub(super) fn in_csv(&self, reader: &mut CsvReader<impl BufRead>, column_type: &ColumnType) -> Option<Position> {
        let index = reader.column(&self.property).ok()?;
        let mut met = 0;
        loop {
            let row = match reader.next_row() {
                Ok(Some(row)) => row,
                Ok(None) => return None,
                Err(_) => continue,
            };
            if row.value(index, column_type).is_ok_and(|value| equals(&value, &self.value) == Some(true)) {
                met += 1;
                if met > self.allowed {
                    return Some(row.field(index).position);
                }
            }
        }
    }

    /// Returns the place of the first line of a file of JSON lines that has the key though it is there already.
    pub(super) fn in_json_lines(&self, reader: &mut JsonlReader<impl BufRead>) -> Option<Position> {
        let rows = std::iter::from_fn(|| reader.next_row().ok().flatten());
        let mut having =
            rows.filter(|row| row.get(&self.property).is_some_and(|value| equals(value, &self.value) == Some(true)));
        having.nth(self.allowed).map(|row| row.position)
    }
}
