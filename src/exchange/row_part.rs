//! One block of a CSV file as columns: its good rows by type, the nodes that they lead to, and its bad rows with what is wrong with them.
//!
//! A [`RowPlan`] says what becomes of the rows of a file; any thread can read any block by it.

use std::sync::Arc;

use crate::graph::{KeyMap, PropertyKeyId};
use crate::tabular::{ColumnType, CsvBlock, CsvRow, Position, TabularError, TabularErrorKind};
use crate::value::Value;
use crate::vector::Column;

use super::folder::column::{GrowingColumn, plain_integer};
use super::folder::{ImportError, duplicate_key};
use super::key_guard::KeyGuard;

/// What becomes of the rows of a file.
pub(super) struct RowPlan {
    /// The file's name in messages.
    pub(super) file: String,
    /// The columns that become properties.
    pub(super) columns: Vec<PlannedColumn>,
    /// The ends, in a file of relationships.
    pub(super) ends: Option<[End; 2]>,
    /// The column that tells nodes apart, if it is looked at while rows are read.
    pub(super) key: Option<KeyColumn>,
    /// Whether bad rows are kept to be put aside; the first one ends the block otherwise.
    pub(super) keeps_bad: bool,
}

/// A column that becomes a property.
pub(super) struct PlannedColumn {
    /// The property.
    pub(super) property: PropertyKeyId,
    /// The type of its values.
    pub(super) column_type: ColumnType,
    /// Which field it is.
    pub(super) index: usize,
}

/// The column that tells nodes apart.
pub(super) struct KeyColumn {
    /// The label within which it does.
    pub(super) label: String,
    /// Its name.
    pub(super) name: String,
    /// Which field it is.
    pub(super) index: usize,
    /// The type of its values.
    pub(super) column_type: ColumnType,
    /// Whether a row without it is bad.
    pub(super) is_required: bool,
    /// Whether rows with a key that is there already are put aside.
    pub(super) is_guarded: bool,
}

/// One end of the relationships of a file: the column with its keys, and the nodes that have them.
pub(super) struct End {
    /// The label of the nodes.
    pub(super) label: String,
    /// Which field it is.
    pub(super) index: usize,
    /// The type of the keys.
    pub(super) key_type: ColumnType,
    /// The nodes by their keys.
    pub(super) keys: Arc<KeyMap>,
}

/// What a block holds.
#[derive(Default)]
pub(super) struct RowPart {
    /// How many good rows there are.
    pub(super) rows: usize,
    /// The nodes at the ends of relationships.
    pub(super) ends: [Vec<u32>; 2],
    /// The properties.
    pub(super) columns: Vec<(PropertyKeyId, Column)>,
    /// What ends the import here, behind the rows.
    stop: Option<ImportError>,
    bad: Vec<BadRow>,
    guarded: Option<Guarded>,
}

/// A row that cannot be taken in.
pub(super) struct BadRow {
    /// How many good rows of the block stand before it.
    before: usize,
    /// Its fields, if they could be told.
    pub(super) fields: Option<Vec<String>>,
    /// What is wrong with it.
    pub(super) error: ImportError,
}

/// What is needed to find rows with a key that is there twice: that is known only when all rows before have been taken.
struct Guarded {
    keys: Vec<Value>,
    starts: Vec<Position>,
    block: CsvBlock,
}

impl RowPlan {
    /// Reads a block.
    pub(super) fn read(&self, block: Result<CsvBlock, TabularError>) -> RowPart {
        let block = match block {
            Ok(block) => block,
            Err(error) => return RowPart { stop: Some(error.into()), ..RowPart::default() },
        };
        let grown = |column: &PlannedColumn| GrowingColumn::new(column.column_type.clone(), column.index);
        let mut columns: Vec<GrowingColumn> = self.columns.iter().map(grown).collect();
        let mut part = RowPart::default();
        let (mut keys, mut starts) = (Vec::new(), Vec::new());
        let is_guarded = self.key.as_ref().is_some_and(|key| key.is_guarded);
        let mut reader = block.reader();
        loop {
            let (fields, error) = match reader.next_row() {
                Ok(Some(row)) => match self.push(&row, &mut part, &mut columns) {
                    Ok(key) => {
                        if is_guarded {
                            keys.push(key);
                            starts.push(row.position());
                        }
                        continue;
                    }
                    Err(error) => (self.keeps_bad.then(|| fields_of(&row)), error),
                },
                Ok(None) => break,
                // The reader stands behind such a row and can go on.
                Err(error) if self.keeps_bad && matches!(error.kind, TabularErrorKind::FieldCount { .. }) => {
                    (None, error.into())
                }
                Err(error) => {
                    part.stop = Some(error.into());
                    break;
                }
            };
            if !self.keeps_bad {
                part.stop = Some(error);
                break;
            }
            part.bad.push(BadRow { before: part.rows, fields, error });
        }
        drop(reader);
        let properties = self.columns.iter().map(|column| column.property);
        part.columns = properties.zip(columns.iter_mut().map(GrowingColumn::take)).collect();
        part.guarded = is_guarded.then_some(Guarded { keys, starts, block });
        part
    }

    /// Takes in a row, or nothing of it; returns its key where that is asked for.
    fn push(&self, row: &CsvRow<'_>, part: &mut RowPart, columns: &mut [GrowingColumn]) -> Result<Value, ImportError> {
        let mut found = Value::Null;
        if let Some(key) = &self.key {
            let field = row.field(key.index);
            if key.is_required && field.text.is_none() {
                let Position { line, column, .. } = field.position;
                return Err(ImportError::MissingKey { file: self.file.clone(), line, column, key: key.name.clone() });
            }
            if key.is_guarded {
                found = row.value(key.index, &key.column_type)?;
            }
        }
        let nodes = match &self.ends {
            Some([from, to]) => Some([from.find(row, &self.file)?, to.find(row, &self.file)?]),
            None => None,
        };
        if let Err(error) = columns.iter_mut().try_for_each(|column| column.push(row)) {
            columns.iter_mut().for_each(|column| column.truncate(part.rows));
            return Err(error.into());
        }
        if let Some(nodes) = nodes {
            part.ends.iter_mut().zip(nodes).for_each(|(ends, node)| ends.push(node));
        }
        part.rows += 1;
        Ok(found)
    }

    /// Gives the bad rows of a part to `aside`, in the order of the file, and leaves the good ones. Of rows with a key that the guard knows
    /// none stays.
    ///
    /// # Errors
    /// What ends the import at this part, and what `aside` says.
    pub(super) fn sort_out(
        &self,
        part: &mut RowPart,
        guard: Option<&mut KeyGuard>,
        aside: &mut dyn FnMut(BadRow) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let mut bad = std::mem::take(&mut part.bad).into_iter().peekable();
        if let (Some(guard), Some(key), Some(guarded)) = (guard, &self.key, part.guarded.take()) {
            let mut kept = Vec::with_capacity(part.rows);
            for (row, value) in guarded.keys.iter().enumerate() {
                while let Some(bad) = bad.next_if(|bad| bad.before <= row) {
                    aside(bad)?;
                }
                if value.is_null() || guard.is_new(value) {
                    kept.push(row as u32);
                } else {
                    aside(self.duplicate(key, value, &guarded, row)?)?;
                }
            }
            part.keep(&kept);
        }
        bad.try_for_each(aside)?;
        part.stop.take().map_or(Ok(()), Err)
    }

    /// Returns the bad row whose key is there already.
    fn duplicate(&self, key: &KeyColumn, value: &Value, guarded: &Guarded, row: usize) -> Result<BadRow, ImportError> {
        let start = guarded.starts[row];
        // Rows are read again where they are bad, instead of keeping the fields of all.
        let mut reader = guarded.block.reader_at(start);
        let again = reader.next_row()?;
        let position = again.as_ref().map_or(start, |row| row.field(key.index).position);
        let error = duplicate_key(self.file.clone(), position, &key.label, &key.name, value);
        Ok(BadRow { before: row, fields: again.as_ref().map(fields_of), error })
    }
}

impl RowPart {
    /// Keeps only these rows of a part of nodes.
    fn keep(&mut self, rows: &[u32]) {
        if rows.len() < self.rows {
            self.columns.iter_mut().for_each(|(_, column)| *column = column.gather(rows));
            self.rows = rows.len();
        }
    }
}

impl End {
    /// Returns the node that a row leads to.
    fn find(&self, row: &CsvRow<'_>, file: &str) -> Result<u32, ImportError> {
        let text = row.text(self.index);
        let found = match self.key_type {
            ColumnType::Integer => match plain_integer(text) {
                Some(key) => self.keys.find_integer(key),
                None => self.keys.find(&row.value(self.index, &self.key_type)?),
            },
            ColumnType::String => self.keys.find_string(text),
            _ => self.keys.find(&row.value(self.index, &self.key_type)?),
        };
        found.ok_or_else(|| {
            let Position { line, column, .. } = row.field(self.index).position;
            let (file, label) = (file.to_owned(), self.label.clone());
            ImportError::NoSuchEnd { file, line, column, label, key: Value::string(text).to_string() }
        })
    }
}

fn fields_of(row: &CsvRow<'_>) -> Vec<String> {
    row.fields().map(|field| field.text.unwrap_or_default().to_owned()).collect()
}
