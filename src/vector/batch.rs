//! The batch: what flows between the operators of a physical plan.
//!
//! ```text
//!            slot 0   slot 1   slot 2
//!   row 0    node 7   —        "a"         A slot is a variable (or a hidden value) of the whole query, numbered by the binder.
//!   row 1    node 9   —        "b"         A slot without a column is not in scope here, or nobody above reads it.
//! ```

use std::sync::Arc;

use crate::value::Value;

use super::Column;

/// The place of one variable in every batch of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

/// Rows by the thousand, column by column.
///
/// **Invariant**: every column that is there has exactly `rows` values.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    rows: usize,
    columns: Vec<Option<Arc<Column>>>,
}

impl Batch {
    /// How many rows an operator aims to put into one batch.
    pub const TARGET_ROWS: usize = 2048;

    /// Returns a batch of `rows` rows without columns.
    pub fn new(rows: usize) -> Self {
        Batch { rows, columns: Vec::new() }
    }

    /// Returns the number of rows.
    #[inline]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns about how many bytes its columns take, besides what others hold too.
    pub fn size_bytes(&self) -> usize {
        self.columns.iter().flatten().map(|column| column.size_bytes()).sum()
    }

    /// Says whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Returns the column of a slot, if it is there.
    #[inline]
    pub fn get(&self, slot: Slot) -> Option<&Arc<Column>> {
        self.columns.get(slot.0 as usize).and_then(Option::as_ref)
    }

    /// Returns the column of a slot.
    ///
    /// # Panics
    /// If the slot has no column: the planner promises that what is read was made below.
    #[inline]
    pub fn column(&self, slot: Slot) -> &Arc<Column> {
        self.get(slot).unwrap_or_else(|| panic!("slot {} is read but was not made below", slot.0))
    }

    /// Returns one value.
    pub fn value(&self, slot: Slot, row: usize) -> Value {
        self.column(slot).value(row)
    }

    /// Puts a column under a slot, in place of the one that was there.
    ///
    /// # Panics
    /// If the column's length is not the number of rows.
    pub fn set(&mut self, slot: Slot, column: impl Into<Arc<Column>>) {
        let column = column.into();
        assert_eq!(column.len(), self.rows, "a column has a value for every row of its batch");
        let place = slot.0 as usize;
        if self.columns.len() <= place {
            self.columns.resize(place + 1, None);
        }
        self.columns[place] = Some(column);
    }

    /// Returns the slots that have a column, ascending.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        self.columns.iter().enumerate().filter(|(_, column)| column.is_some()).map(|(place, _)| Slot(place as u32))
    }

    /// Returns a batch of the rows named, in that order, repeated where named twice.
    pub fn gather(&self, rows: &[u32]) -> Batch {
        let columns = self.columns.iter();
        let gathered = columns.map(|column| column.as_ref().map(|column| Arc::new(column.gather(rows))));
        Batch { rows: rows.len(), columns: gathered.collect() }
    }

    /// Returns a batch of the rows named with only these slots.
    pub fn gather_slots(&self, rows: &[u32], slots: &[Slot]) -> Batch {
        let mut gathered = Batch::new(rows.len());
        // Where every row comes once, columns are shared instead of copied.
        let is_whole =
            rows.len() == self.rows && rows.iter().zip(0..).fold(0, |bits, (row, own)| bits | (row ^ own)) == 0;
        for slot in slots {
            if is_whole && let Some(column) = self.get(*slot) {
                gathered.set(*slot, column.clone());
                continue;
            }
            if let Some(column) = self.get(*slot) {
                gathered.set(*slot, column.gather(rows));
            }
        }
        gathered
    }

    /// Returns a batch of one row repeated, with only these slots.
    pub fn repeat_row(&self, row: u32, count: usize, slots: &[Slot]) -> Batch {
        let (mut repeated, mut rows) = (Batch::new(count), Vec::new());
        for (slot, column) in slots.iter().filter_map(|slot| Some((*slot, self.get(*slot)?))) {
            let own = column.repeat(row, count).unwrap_or_else(|| {
                rows.resize(count, row);
                column.gather(&rows)
            });
            repeated.set(slot, own);
        }
        repeated
    }

    /// Returns the rows `start..start + count`.
    pub fn slice(&self, start: usize, count: usize) -> Batch {
        if start == 0 && count == self.rows {
            return self.clone();
        }
        let rows: Vec<u32> = (start as u32..(start + count) as u32).collect();
        self.gather(&rows)
    }
}
