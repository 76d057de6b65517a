//! Loads the files of a folder: nodes first, then relationships between them.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::exchange::key_guard::{KeyGuard, Twice};
use crate::exchange::progress::{ByteCount, CountedFile, ImportProgress, ImportReport};
use crate::graph::{BulkLoader, GraphError, KeyMap, LabelId, PropertyKeyId, Snapshot};
use crate::tabular::{ColumnType, CsvOptions, CsvReader, CsvRow, Position, TabularError, TabularErrorKind};
use crate::value::{Value, literal};
use crate::vector::Column;

use super::column::{GrowingColumn, plain_integer};
use super::description::{Description, NodeFile, RelationshipFile, column_type};

/// How many rows are handed to the graph at a time.
pub(in crate::exchange) const ROWS_AT_A_TIME: usize = 1 << 18;

/// Why an import failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// A file cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// `import.toml` is not what it should be.
    #[error("{}: {source}", path.display())]
    Description {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<toml::de::Error>,
    },
    /// A column has a type that there is not.
    #[error("{file}: column `{column}` has the unknown type `{name}`")]
    UnknownType {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The type.
        name: String,
    },
    /// Relationships lead to a label that no file holds.
    #[error("{file}: no file of import.toml holds nodes of the label `{label}`")]
    UnknownEnd {
        /// The file.
        file: String,
        /// The label.
        label: String,
    },
    /// A row names an end that is not there.
    #[error("{file}:{line}:{column}: no `{label}` has the key {key}")]
    NoSuchEnd {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The column in characters.
        column: u64,
        /// The label.
        label: String,
        /// The key.
        key: String,
    },
    /// A row has no value of the property that tells the nodes apart.
    #[error("{file}:{line}:{column}: the row has no `{key}`, which is its key")]
    MissingKey {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The column in characters.
        column: u64,
        /// The property.
        key: String,
    },
    /// A row has a key that another row or the graph has.
    #[error("{file}:{line}:{column}: a `{label}` whose `{key}` is {value} is there already")]
    DuplicateKey {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The column in characters.
        column: u64,
        /// The label.
        label: String,
        /// The property.
        key: String,
        /// The value.
        value: String,
    },
    /// A row has a value that no property can hold.
    #[error("{file}:{line}:{column}: `{name}`: {error}")]
    BadValue {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The column in characters.
        column: u64,
        /// The property.
        name: String,
        /// Why.
        error: GraphError,
    },
    /// A row is not as described.
    #[error(transparent)]
    Row(#[from] TabularError),
    /// The graph refused the data.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The bad rows could not be put aside.
    #[error("bad rows cannot be written: {0}")]
    BadRows(std::io::Error),
}

/// An import of a folder.
pub struct FolderImport<'a> {
    folder: PathBuf,
    progress: &'a mut dyn FnMut(&ImportProgress),
    bad_rows: Option<&'a mut dyn Write>,
    report: ImportReport,
    told: ImportProgress,
    bytes: ByteCount,
}

impl<'a> FolderImport<'a> {
    /// Returns an import that tells its progress; bad rows are put aside where a writer for them is given, and refused otherwise.
    pub fn new(
        folder: &Path,
        progress: &'a mut dyn FnMut(&ImportProgress),
        bad_rows: Option<&'a mut dyn Write>,
    ) -> Self {
        let (report, told, bytes) = (ImportReport::default(), ImportProgress::default(), ByteCount::default());
        FolderImport { folder: folder.to_owned(), progress, bad_rows, report, told, bytes }
    }

    /// Loads the folder into a graph and returns the graph with it.
    ///
    /// # Errors
    /// Whatever is wrong with the files; the graph given is as it was.
    pub fn run(mut self, base: &Snapshot) -> Result<(Snapshot, ImportReport), ImportError> {
        let description = Description::read(&self.folder)?;
        let node_files = description.nodes.values().map(|nodes| &nodes.file);
        let files = node_files.chain(description.relationships.values().map(|relationships| &relationships.file));
        self.told.bytes_total =
            files.filter_map(|file| std::fs::metadata(self.folder.join(file)).ok()).map(|file| file.len()).sum();
        let mut loader = BulkLoader::begin(base);
        for (label, nodes) in &description.nodes {
            self.load_nodes(&mut loader, label, nodes)?;
        }
        for (kind, relationships) in &description.relationships {
            self.load_relationships(&mut loader, kind, relationships, &description)?;
        }
        match loader.finish() {
            Ok(graph) => Ok((graph, self.report)),
            Err(error) => Err(self.located(error, &description, base)),
        }
    }

    /// Says which row has a key that is there twice.
    fn located(&self, error: GraphError, description: &Description, base: &Snapshot) -> ImportError {
        let find = |twice: &Twice| {
            let nodes = description.nodes.get(&twice.label).filter(|nodes| nodes.key == twice.property)?;
            let named = nodes.columns.get(&nodes.key).map_or("string", String::as_str);
            let key_type = column_type(&nodes.file, &nodes.key, named).ok()?;
            let position = twice.in_csv(&mut self.open(&nodes.file).ok()?, &key_type)?;
            Some(duplicate_key(nodes.file.clone(), position, &twice.label, &twice.property, &twice.value))
        };
        Twice::of(&error, base).as_ref().and_then(find).unwrap_or(ImportError::Graph(error))
    }

    fn open(&self, file: &str) -> Result<CsvReader<CountedFile>, ImportError> {
        let path = self.folder.join(file);
        let opened = self.bytes.open(&path).map_err(|source| ImportError::Read { path, source })?;
        let options = CsvOptions { header: true, ..Default::default() };
        Ok(CsvReader::new(opened, file, options)?)
    }

    fn load_nodes(&mut self, loader: &mut BulkLoader, label_name: &str, nodes: &NodeFile) -> Result<(), ImportError> {
        let label = loader.label(label_name)?;
        let key = loader.property_key(&nodes.key)?;
        loader.make_unique(label, key);
        let mut reader = self.open(&nodes.file)?;
        let mut columns = Columns::of(&nodes.file, &nodes.columns, &[], &reader, loader)?;
        let named = nodes.columns.get(&nodes.key).map_or("string", String::as_str);
        let (key_index, key_type) = (reader.column(&nodes.key)?, column_type(&nodes.file, &nodes.key, named)?);
        let mut guard = self.bad_rows.is_some().then(|| KeyGuard::new(loader.keys(label, key)));
        loop {
            let (rows, ended) = self.read_rows(&mut reader, &mut |row, rows| {
                if let Some(guard) = &mut guard {
                    let value = row.value(key_index, &key_type)?;
                    if !value.is_null() && !guard.is_new(&value) {
                        let position = row.field(key_index).position;
                        return Err(duplicate_key(nodes.file.clone(), position, label_name, &nodes.key, &value));
                    }
                }
                columns.push(row, rows)
            })?;
            self.report.nodes += rows as u64;
            loader.add_nodes(&[label], rows, &columns.take())?;
            if ended {
                return Ok(());
            }
        }
    }

    fn load_relationships(
        &mut self,
        loader: &mut BulkLoader,
        kind: &str,
        relationships: &RelationshipFile,
        description: &Description,
    ) -> Result<(), ImportError> {
        let kind = loader.relationship_type(kind)?;
        let mut reader = self.open(&relationships.file)?;
        let ends = [&relationships.from_column, &relationships.to_column];
        let own: Vec<&str> = ends.iter().map(|column| column.as_str()).collect();
        let mut columns = Columns::of(&relationships.file, &relationships.columns, &own, &reader, loader)?;
        let mut from =
            End::of(relationships, &relationships.from, &relationships.from_column, description, &reader, loader)?;
        let mut to = End::of(relationships, &relationships.to, &relationships.to_column, description, &reader, loader)?;
        loop {
            let (rows, ended) = self.read_rows(&mut reader, &mut |row, rows| {
                from.push(row, rows)?;
                to.push(row, rows)?;
                columns.push(row, rows)
            })?;
            self.report.relationships += rows as u64;
            from.nodes.truncate(rows);
            to.nodes.truncate(rows);
            loader.add_relationships(kind, &from.nodes, &to.nodes, &columns.take())?;
            from.nodes.clear();
            to.nodes.clear();
            if ended {
                return Ok(());
            }
        }
    }

    /// Reads rows until there are enough for one load; says how many are good and whether the file has ended.
    fn read_rows(
        &mut self,
        reader: &mut CsvReader<CountedFile>,
        take: &mut dyn FnMut(&CsvRow<'_>, usize) -> Result<(), ImportError>,
    ) -> Result<(usize, bool), ImportError> {
        let mut rows = 0;
        let file = reader.file().to_string();
        while rows < ROWS_AT_A_TIME {
            match reader.next_row() {
                Ok(Some(row)) => match take(&row, rows) {
                    Ok(()) => rows += 1,
                    Err(error) => self.put_aside(Some(&row), error)?,
                },
                Ok(None) => {
                    self.tell(&file, rows);
                    return Ok((rows, true));
                }
                // The reader stands behind such a row and can go on.
                Err(error) if matches!(error.kind, TabularErrorKind::FieldCount { .. }) => {
                    self.put_aside(None, error.into())?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.tell(&file, rows);
        Ok((rows, false))
    }

    fn tell(&mut self, file: &str, rows: usize) {
        self.told.rows += rows as u64;
        self.told.bytes_read = self.bytes.get();
        file.clone_into(&mut self.told.file);
        (self.progress)(&self.told);
    }

    fn put_aside(&mut self, row: Option<&CsvRow<'_>>, error: ImportError) -> Result<(), ImportError> {
        let Some(writer) = &mut self.bad_rows else { return Err(error) };
        self.report.bad_rows += 1;
        put_aside(*writer, row, &error)
    }
}

/// Returns the error of a key that is there already.
pub(in crate::exchange) fn duplicate_key(
    file: String,
    position: Position,
    label: &str,
    key: &str,
    value: &Value,
) -> ImportError {
    let (line, column) = (position.line, position.column);
    ImportError::DuplicateKey {
        file,
        line,
        column,
        label: label.to_owned(),
        key: key.to_owned(),
        value: literal(value),
    }
}

/// Writes a bad row with what is wrong with it.
pub(in crate::exchange) fn put_aside(
    writer: &mut dyn Write,
    row: Option<&CsvRow<'_>>,
    error: &ImportError,
) -> Result<(), ImportError> {
    let fields = row.map(|row| row.fields().map(|field| field.text.unwrap_or_default()).collect::<Vec<_>>());
    let line = serde_json::json!({ "error": error.to_string(), "fields": fields });
    writeln!(writer, "{line}").map_err(ImportError::BadRows)
}

/// The columns of a file that become properties.
struct Columns {
    columns: Vec<(PropertyKeyId, GrowingColumn)>,
}

impl Columns {
    fn of(
        file: &str,
        described: &std::collections::BTreeMap<String, String>,
        left_out: &[&str],
        reader: &CsvReader<CountedFile>,
        loader: &mut BulkLoader,
    ) -> Result<Self, ImportError> {
        let mut columns = Vec::new();
        for (name, named) in described.iter().filter(|(name, _)| !left_out.contains(&name.as_str())) {
            let column = GrowingColumn::new(column_type(file, name, named)?, reader.column(name)?);
            columns.push((loader.property_key(name)?, column));
        }
        Ok(Columns { columns })
    }

    /// Takes in a row as number `rows`; leftovers of a bad row before it are dropped first.
    fn push(&mut self, row: &CsvRow<'_>, rows: usize) -> Result<(), ImportError> {
        for (_, column) in &mut self.columns {
            if let Err(error) = column.push(row) {
                self.columns.iter_mut().for_each(|(_, column)| column.truncate(rows));
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn take(&mut self) -> Vec<(PropertyKeyId, Column)> {
        self.columns.iter_mut().map(|(key, column)| (*key, column.take())).collect()
    }
}

/// One end of the relationships of a file: the column with its keys, and the nodes found.
struct End {
    file: String,
    label: String,
    index: usize,
    key_type: ColumnType,
    keys: KeyMap,
    nodes: Vec<u32>,
}

impl End {
    fn of(
        relationships: &RelationshipFile,
        label: &str,
        column: &str,
        description: &Description,
        reader: &CsvReader<CountedFile>,
        loader: &mut BulkLoader,
    ) -> Result<Self, ImportError> {
        let unknown = || ImportError::UnknownEnd { file: relationships.file.clone(), label: label.to_owned() };
        let nodes = description.nodes.get(label).ok_or_else(unknown)?;
        let named = nodes.columns.get(&nodes.key).map_or("string", String::as_str);
        let (label_id, key): (LabelId, PropertyKeyId) = (loader.label(label)?, loader.property_key(&nodes.key)?);
        Ok(End {
            file: relationships.file.clone(),
            label: label.to_owned(),
            index: reader.column(column)?,
            key_type: column_type(&relationships.file, column, named)?,
            keys: loader.keys(label_id, key),
            nodes: Vec::new(),
        })
    }

    fn push(&mut self, row: &CsvRow<'_>, rows: usize) -> Result<(), ImportError> {
        self.nodes.truncate(rows);
        let text = row.text(self.index);
        let found = match self.key_type {
            ColumnType::Integer => match plain_integer(text) {
                Some(key) => self.keys.find_integer(key),
                None => self.keys.find(&row.value(self.index, &self.key_type)?),
            },
            ColumnType::String => self.keys.find_string(text),
            _ => self.keys.find(&row.value(self.index, &self.key_type)?),
        };
        let Some(node) = found else {
            let position = row.field(self.index).position;
            return Err(ImportError::NoSuchEnd {
                file: self.file.clone(),
                line: position.line,
                column: position.column,
                label: self.label.clone(),
                key: Value::string(text).to_string(),
            });
        };
        self.nodes.push(node);
        Ok(())
    }
}
