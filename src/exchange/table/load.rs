//! Loads a file of rows as the nodes of one label.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use crate::exchange::folder::column::GrowingColumn;
use crate::exchange::folder::{ImportError, ROWS_AT_A_TIME, duplicate_key, put_aside};
use crate::exchange::key_guard::{KeyGuard, Twice};
use crate::exchange::progress::{ByteCount, CountedFile, ImportProgress, ImportReport};
use crate::graph::{BulkLoader, GraphError, LabelId, PropertyKeyId, Snapshot, check_storable};
use crate::tabular::{ColumnType, CsvOptions, CsvReader, CsvRow, JsonRow, JsonlReader, Position, TabularErrorKind};
use crate::value::Value;
use crate::vector::{Column, ColumnBuilder};

use super::infer::column_types;

/// How a file of rows is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Fields between delimiters, the first row naming the columns.
    Csv {
        /// What stands between fields.
        delimiter: u8,
    },
    /// A JSON object a line.
    JsonLines,
}

impl TableFormat {
    /// Returns the format that the ending of a file's name stands for.
    pub fn of(path: &Path) -> Option<TableFormat> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(TableFormat::Csv { delimiter: b',' }),
            "tsv" => Some(TableFormat::Csv { delimiter: b'\t' }),
            "jsonl" | "ndjson" => Some(TableFormat::JsonLines),
            _ => None,
        }
    }
}

/// An import of one file of rows.
pub struct TableImport<'a> {
    /// The file.
    pub path: PathBuf,
    /// How it is written.
    pub format: TableFormat,
    /// The label of the nodes that it holds.
    pub label: &'a str,
    /// The property that is unique within the label; it is indexed then.
    pub key: Option<&'a str>,
    /// Is told how far it is.
    pub progress: &'a mut dyn FnMut(&ImportProgress),
    /// Takes bad rows; without it they are refused.
    pub bad_rows: Option<&'a mut dyn Write>,
}

/// What goes on while a file is loaded.
struct Loading<'a> {
    import: TableImport<'a>,
    loader: BulkLoader,
    label: LabelId,
    report: ImportReport,
    told: ImportProgress,
    bytes: ByteCount,
    /// The keys met so far, where rows are put aside.
    guard: Option<KeyGuard>,
}

impl TableImport<'_> {
    /// Loads the file into a graph and returns the graph with it.
    ///
    /// # Errors
    /// Whatever is wrong with the file; the graph given is as it was.
    pub fn run(self, base: &Snapshot) -> Result<(Snapshot, ImportReport), ImportError> {
        let mut loader = BulkLoader::begin(base);
        let label = loader.label(self.label)?;
        if let Some(key) = self.key {
            let key = loader.property_key(key)?;
            loader.make_unique(label, key);
        }
        let size_bytes = std::fs::metadata(&self.path).map_or(0, |file| file.len());
        let told = ImportProgress { file: name_of(&self.path), bytes_total: size_bytes, ..ImportProgress::default() };
        let format = self.format;
        let (report, bytes) = (ImportReport::default(), ByteCount::default());
        let mut guard = None;
        if let (Some(key), true) = (self.key, self.bad_rows.is_some()) {
            let key = loader.property_key(key)?;
            guard = Some(KeyGuard::new(loader.keys(label, key)));
        }
        let mut loading = Loading { import: self, loader, label, report, told, bytes, guard };
        match format {
            TableFormat::Csv { delimiter } => loading.load_csv(delimiter)?,
            TableFormat::JsonLines => loading.load_json_lines()?,
        }
        let (loader, report) = (std::mem::replace(&mut loading.loader, BulkLoader::begin(base)), loading.report);
        match loader.finish() {
            Ok(graph) => Ok((graph, report)),
            Err(error) => Err(loading.located(error, format, base)),
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

impl Loading<'_> {
    fn open(&self) -> Result<CountedFile, ImportError> {
        let path = &self.import.path;
        self.bytes.open(path).map_err(|source| ImportError::Read { path: path.clone(), source })
    }

    /// Says which row has a key that is there twice.
    fn located(&self, error: GraphError, format: TableFormat, base: &Snapshot) -> ImportError {
        let find = |twice: &Twice| {
            let file = self.told.file.as_str();
            let position = match format {
                TableFormat::Csv { delimiter } => {
                    let options = CsvOptions { delimiter, ..CsvOptions::default() };
                    let mut reader = CsvReader::new(self.open().ok()?, file, options).ok()?;
                    let index = reader.column(&twice.property).ok()?;
                    let types = column_types(&mut CsvReader::new(self.open().ok()?, file, options).ok()?).ok()?;
                    twice.in_csv(&mut reader, types.get(index)?)
                }
                TableFormat::JsonLines => twice.in_json_lines(&mut JsonlReader::new(self.open().ok()?, file)),
            }?;
            Some(duplicate_key(file.to_owned(), position, &twice.label, &twice.property, &twice.value))
        };
        Twice::of(&error, base).as_ref().and_then(find).unwrap_or(ImportError::Graph(error))
    }

    /// Notes a key and refuses one that is there already.
    fn guard_key(&mut self, value: &Value, position: Position) -> Result<(), ImportError> {
        let is_new = self.guard.as_mut().is_none_or(|guard| guard.is_new(value));
        let key = self.import.key.unwrap_or_default();
        match is_new {
            true => Ok(()),
            false => Err(duplicate_key(self.told.file.clone(), position, self.import.label, key, value)),
        }
    }

    fn load_csv(&mut self, delimiter: u8) -> Result<(), ImportError> {
        let options = CsvOptions { delimiter, ..CsvOptions::default() };
        let file = self.told.file.clone();
        // The file is read twice.
        self.told.bytes_total *= 2;
        let types = column_types(&mut CsvReader::new(self.open()?, file.as_str(), options)?)?;
        let mut reader = CsvReader::new(self.open()?, file.as_str(), options)?;
        let key = self.import.key.map(|key| reader.column(key)).transpose()?;
        let key_type = key.and_then(|key| types.get(key).cloned()).unwrap_or(ColumnType::String);
        let mut columns: Vec<(PropertyKeyId, GrowingColumn)> = Vec::new();
        for (index, (name, column_type)) in reader.columns().iter().zip(types).enumerate() {
            columns.push((self.loader.property_key(name)?, GrowingColumn::new(column_type, index)));
        }
        loop {
            let (mut rows, mut ended) = (0, false);
            while rows < ROWS_AT_A_TIME && !ended {
                match reader.next_row() {
                    Ok(Some(row)) => match self.push(&row, key.map(|key| (key, &key_type)), &mut columns, rows) {
                        Ok(()) => rows += 1,
                        Err(error) => self.put_aside(Some(&row), error)?,
                    },
                    Ok(None) => ended = true,
                    Err(error) if matches!(error.kind, TabularErrorKind::FieldCount { .. }) => {
                        self.put_aside(None, error.into())?;
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            let taken: Vec<_> = columns.iter_mut().map(|(key, column)| (*key, column.take())).collect();
            self.add(rows, &taken)?;
            if ended {
                return Ok(());
            }
        }
    }

    /// Takes in a row as number `rows`, or nothing of it.
    fn push(
        &mut self,
        row: &CsvRow<'_>,
        key: Option<(usize, &ColumnType)>,
        columns: &mut [(PropertyKeyId, GrowingColumn)],
        rows: usize,
    ) -> Result<(), ImportError> {
        if let Some((key, key_type)) = key {
            let field = row.field(key);
            if field.text.is_none() {
                return Err(self.missing_key(field.position));
            }
            if self.guard.is_some() {
                self.guard_key(&row.value(key, key_type)?, field.position)?;
            }
        }
        let pushed = columns.iter_mut().try_for_each(|(_, column)| column.push(row));
        if pushed.is_err() {
            columns.iter_mut().for_each(|(_, column)| column.truncate(rows));
        }
        Ok(pushed?)
    }

    fn load_json_lines(&mut self) -> Result<(), ImportError> {
        let mut reader = JsonlReader::new(self.open()?, self.told.file.as_str());
        loop {
            let mut columns: BTreeMap<SmolStr, ColumnBuilder> = BTreeMap::new();
            let (mut rows, mut ended) = (0, false);
            while rows < ROWS_AT_A_TIME && !ended {
                match reader.next_row() {
                    Ok(Some(row)) => match self.check(&row) {
                        Ok(()) => {
                            push_fields(row, &mut columns, rows);
                            rows += 1;
                        }
                        Err(error) => self.put_aside(None, error)?,
                    },
                    Ok(None) => ended = true,
                    Err(error) if matches!(error.kind, TabularErrorKind::Read(_)) => return Err(error.into()),
                    Err(error) => self.put_aside(None, error.into())?,
                }
            }
            let mut taken = Vec::with_capacity(columns.len());
            for (name, mut builder) in columns {
                (builder.len()..rows).for_each(|_| builder.push(Value::Null));
                taken.push((self.loader.property_key(&name)?, builder.finish()));
            }
            self.add(rows, &taken)?;
            if ended {
                return Ok(());
            }
        }
    }

    /// Asserts that a row can be kept.
    fn check(&mut self, row: &JsonRow) -> Result<(), ImportError> {
        if let Some(key) = self.import.key {
            match row.get(key) {
                None | Some(Value::Null) => return Err(self.missing_key(row.position)),
                Some(value) => self.guard_key(value, row.position)?,
            }
        }
        for (name, value) in &row.fields {
            check_storable(value).map_err(|error| ImportError::BadValue {
                file: self.told.file.clone(),
                line: row.position.line,
                column: row.position.column,
                name: name.to_string(),
                error,
            })?;
        }
        Ok(())
    }

    fn missing_key(&self, position: Position) -> ImportError {
        let key = self.import.key.unwrap_or_default().to_owned();
        let (line, column) = (position.line, position.column);
        ImportError::MissingKey { file: self.told.file.clone(), line, column, key }
    }

    fn add(&mut self, rows: usize, columns: &[(PropertyKeyId, Column)]) -> Result<(), ImportError> {
        self.loader.add_nodes(&[self.label], rows, columns)?;
        self.report.nodes += rows as u64;
        self.told.rows += rows as u64;
        self.told.bytes_read = self.bytes.get();
        (self.import.progress)(&self.told);
        Ok(())
    }

    fn put_aside(&mut self, row: Option<&CsvRow<'_>>, error: ImportError) -> Result<(), ImportError> {
        let Some(writer) = &mut self.import.bad_rows else { return Err(error) };
        self.report.bad_rows += 1;
        put_aside(*writer, row, &error)
    }
}

/// Takes in the members of an object; of a member that is there twice the last counts.
fn push_fields(row: JsonRow, columns: &mut BTreeMap<SmolStr, ColumnBuilder>, rows: usize) {
    let members: BTreeMap<SmolStr, Value> = row.fields.into_iter().collect();
    for (name, value) in members {
        let builder = columns.entry(name).or_default();
        (builder.len()..rows).for_each(|_| builder.push(Value::Null));
        builder.push(value);
    }
}
