//! Loads a file of rows as the nodes of one label.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use crate::exchange::course::Course;
use crate::exchange::folder::{ImportError, duplicate_key};
use crate::exchange::in_order::in_order;
use crate::exchange::key_guard::{KeyGuard, Twice};
use crate::exchange::progress::{CountedFile, ImportProgress, ImportReport};
use crate::exchange::row_part::{KeyColumn, PlannedColumn, RowPlan};
use crate::graph::{BulkLoader, GraphError, LabelId, Snapshot, check_storable};
use crate::tabular::{ColumnType, CsvOptions, CsvReader, JsonRow, JsonlBlock, JsonlReader, Position, TabularError};
use crate::value::Value;
use crate::vector::{ColumnBuilder, Threads};

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
    /// The threads that read it.
    pub threads: &'a Threads,
    /// Is told how far it is.
    pub progress: &'a mut dyn FnMut(&ImportProgress),
    /// Takes bad rows; without it they are refused.
    pub bad_rows: Option<&'a mut dyn Write>,
}

/// What goes on while a file is loaded.
struct Loading<'a> {
    path: PathBuf,
    label_name: &'a str,
    key: Option<&'a str>,
    course: Course<'a>,
    loader: BulkLoader,
    label: LabelId,
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
        let mut course = Course::new(self.threads, self.progress, self.bad_rows);
        let size_bytes = std::fs::metadata(&self.path).map_or(0, |file| file.len());
        course.told =
            ImportProgress { file: name_of(&self.path), bytes_total: size_bytes, ..ImportProgress::default() };
        let mut guard = None;
        if let Some(key) = self.key {
            let key = loader.property_key(key)?;
            loader.make_unique(label, key);
            guard = course.skips_bad_rows().then(|| KeyGuard::new(loader.keys(label, key)));
        }
        let format = self.format;
        let mut loading =
            Loading { path: self.path, label_name: self.label, key: self.key, course, loader, label, guard };
        match format {
            TableFormat::Csv { delimiter } => loading.load_csv(delimiter)?,
            TableFormat::JsonLines => loading.load_json_lines()?,
        }
        let loader = std::mem::replace(&mut loading.loader, BulkLoader::begin(base));
        match loader.finish() {
            Ok(graph) => Ok((graph, loading.course.report)),
            Err(error) => Err(loading.located(error, format, base)),
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

impl Loading<'_> {
    fn open(&self) -> Result<CountedFile, ImportError> {
        self.course.bytes.open(&self.path).map_err(|source| ImportError::Read { path: self.path.clone(), source })
    }

    fn open_csv(&self, delimiter: u8) -> Result<CsvReader<CountedFile>, ImportError> {
        let options = CsvOptions { delimiter, ..CsvOptions::default() };
        Ok(CsvReader::new(self.open()?, self.course.told.file.as_str(), options)?)
    }

    /// Returns the types of the columns, for which the file is read once.
    fn column_types(&self, delimiter: u8) -> Result<Vec<ColumnType>, ImportError> {
        let reader = self.open_csv(delimiter)?;
        Ok(column_types(self.course.threads, reader.columns().len(), reader.into_blocks())?)
    }

    /// Says which row has a key that is there twice.
    fn located(&self, error: GraphError, format: TableFormat, base: &Snapshot) -> ImportError {
        let file = self.course.told.file.as_str();
        let find = |twice: &Twice| {
            let position = match format {
                TableFormat::Csv { delimiter } => {
                    let mut reader = self.open_csv(delimiter).ok()?;
                    let index = reader.column(&twice.property).ok()?;
                    twice.in_csv(&mut reader, self.column_types(delimiter).ok()?.get(index)?)
                }
                TableFormat::JsonLines => twice.in_json_lines(&mut JsonlReader::new(self.open().ok()?, file)),
            }?;
            Some(duplicate_key(file.to_owned(), position, &twice.label, &twice.property, &twice.value))
        };
        Twice::of(&error, base).as_ref().and_then(find).unwrap_or(ImportError::Graph(error))
    }

    fn load_csv(&mut self, delimiter: u8) -> Result<(), ImportError> {
        // The file is read twice.
        self.course.told.bytes_total *= 2;
        let types = self.column_types(delimiter)?;
        let reader = self.open_csv(delimiter)?;
        let mut key = None;
        if let Some(name) = self.key {
            let index = reader.column(name)?;
            let column_type = types.get(index).cloned().unwrap_or(ColumnType::String);
            let (label, name, is_guarded) = (self.label_name.to_owned(), name.to_owned(), self.guard.is_some());
            key = Some(KeyColumn { label, name, index, column_type, is_required: true, is_guarded });
        }
        let mut columns = Vec::new();
        for (index, (name, column_type)) in reader.columns().iter().zip(types).enumerate() {
            columns.push(PlannedColumn { property: self.loader.property_key(name)?, column_type, index });
        }
        let (file, keeps_bad) = (self.course.told.file.clone(), self.course.skips_bad_rows());
        let plan = RowPlan { file, columns, ends: None, key, keeps_bad };
        let (loader, label, mut count) = (&mut self.loader, self.label, 0);
        self.course.load(&plan, reader.into_blocks(), self.guard.take(), |part| {
            count += part.rows as u64;
            loader.add_nodes(&[label], part.rows, &part.columns).map(drop)
        })?;
        self.course.report.nodes += count;
        Ok(())
    }

    fn load_json_lines(&mut self) -> Result<(), ImportError> {
        let blocks = JsonlReader::new(self.open()?, self.course.told.file.as_str()).into_blocks();
        let threads = self.course.threads;
        in_order(
            threads,
            blocks,
            |block| Ok(rows_of(&block?)),
            |rows: Result<Vec<JsonLine>, TabularError>| self.take_json_lines(rows?),
        )
    }

    /// Takes in the lines of one block.
    fn take_json_lines(&mut self, lines: Vec<JsonLine>) -> Result<(), ImportError> {
        let mut columns: BTreeMap<SmolStr, ColumnBuilder> = BTreeMap::new();
        let mut rows = 0;
        for line in lines {
            match line.map_err(ImportError::from).and_then(|row| self.check(&row).map(|()| row)) {
                Ok(row) => {
                    push_fields(row, &mut columns, rows);
                    rows += 1;
                }
                Err(error) => self.course.put_aside(None, error)?,
            }
        }
        let mut taken = Vec::with_capacity(columns.len());
        for (name, mut builder) in columns {
            (builder.len()..rows).for_each(|_| builder.push(Value::Null));
            taken.push((self.loader.property_key(&name)?, builder.finish()));
        }
        self.loader.add_nodes(&[self.label], rows, &taken)?;
        self.course.report.nodes += rows as u64;
        self.course.tell(rows);
        Ok(())
    }

    /// Asserts that a row can be kept.
    fn check(&mut self, row: &JsonRow) -> Result<(), ImportError> {
        let Position { line, column, .. } = row.position;
        let file = || self.course.told.file.clone();
        if let Some(key) = self.key {
            let value = match row.get(key) {
                None | Some(Value::Null) => {
                    return Err(ImportError::MissingKey { file: file(), line, column, key: key.to_owned() });
                }
                Some(value) => value,
            };
            if self.guard.as_mut().is_some_and(|guard| !guard.is_new(value)) {
                return Err(duplicate_key(file(), row.position, self.label_name, key, value));
            }
        }
        for (name, value) in &row.fields {
            check_storable(value).map_err(|error| {
                let name = name.to_string();
                ImportError::BadValue { file: file(), line, column, name, error }
            })?;
        }
        Ok(())
    }
}

/// A line of a file, or what is wrong with it.
type JsonLine = Result<JsonRow, TabularError>;

/// Reads all lines of a block; behind one that is no row the next is read.
fn rows_of(block: &JsonlBlock) -> Vec<JsonLine> {
    let mut reader = block.reader();
    std::iter::from_fn(|| reader.next_row().transpose()).collect()
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
