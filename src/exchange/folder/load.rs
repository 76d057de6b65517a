//! Loads the files of a folder: nodes first, then relationships between them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::exchange::course::Course;
use crate::exchange::key_guard::{KeyGuard, Twice};
use crate::exchange::progress::{CountedFile, ImportProgress, ImportReport};
use crate::exchange::row_part::{End, KeyColumn, PlannedColumn, RowPlan};
use crate::graph::{BulkLoader, GraphError, KeyMap, LabelId, PropertyKeyId, Snapshot};
use crate::tabular::{ColumnType, CsvOptions, CsvReader, Position, TabularError};
use crate::value::{Value, literal};
use crate::vector::Threads;

use super::description::{Description, NodeFile, RelationshipFile, column_type};

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
    /// A row of relationships names a node that no row of nodes has.
    #[error("{file}:{line}:{column}: no node has the `:ID` {id}")]
    NoSuchId {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The column in characters.
        column: u64,
        /// The node.
        id: String,
    },
    /// A row of nodes has an id that a row before has.
    #[error("{file}:{line}:{column}: the `:ID` {id} is there already")]
    DuplicateId {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The column in characters.
        column: u64,
        /// The node.
        id: String,
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
    course: Course<'a>,
    /// The nodes by their keys, of labels that relationships still to come lead to.
    keys: BTreeMap<String, Arc<KeyMap>>,
}

impl<'a> FolderImport<'a> {
    /// Returns an import that tells its progress; bad rows are put aside where a writer for them is given, and refused otherwise.
    pub fn new(
        folder: &Path,
        threads: &'a Threads,
        progress: &'a mut dyn FnMut(&ImportProgress),
        bad_rows: Option<&'a mut dyn Write>,
    ) -> Self {
        let course = Course::new(threads, progress, bad_rows);
        FolderImport { folder: folder.to_owned(), course, keys: BTreeMap::new() }
    }

    /// Loads the folder into a graph and returns the graph with it.
    ///
    /// # Errors
    /// Whatever is wrong with the files; the graph given is as it was.
    pub fn run(mut self, base: &Snapshot) -> Result<(Snapshot, ImportReport), ImportError> {
        let description = Description::read(&self.folder)?;
        let node_files = description.nodes.values().map(|nodes| &nodes.file);
        let files = node_files.chain(description.relationships.values().map(|relationships| &relationships.file));
        self.course.told.bytes_total =
            files.filter_map(|file| std::fs::metadata(self.folder.join(file)).ok()).map(|file| file.len()).sum();
        let mut loader = BulkLoader::begin(base);
        for (label, nodes) in &description.nodes {
            self.load_nodes(&mut loader, label, nodes)?;
        }
        for (done, (kind, relationships)) in description.relationships.iter().enumerate() {
            self.load_relationships(&mut loader, kind, relationships, &description)?;
            let left = description.relationships.values().skip(done + 1);
            self.keys.retain(|label, _| left.clone().any(|file| file.from == *label || file.to == *label));
        }
        self.keys.clear();
        match loader.finish() {
            Ok(graph) => Ok((graph, self.course.report)),
            Err(error) => Err(self.located(error, &description, base)),
        }
    }

    /// Says which row has a key that is there twice.
    fn located(&self, error: GraphError, description: &Description, base: &Snapshot) -> ImportError {
        let find = |twice: &Twice| {
            let nodes = description.nodes.get(&twice.label).filter(|nodes| nodes.key == twice.property)?;
            let key_type = key_type(nodes, &nodes.file, &nodes.key).ok()?;
            let position = twice.in_csv(&mut self.open(&nodes.file).ok()?, &key_type)?;
            Some(duplicate_key(nodes.file.clone(), position, &twice.label, &twice.property, &twice.value))
        };
        Twice::of(&error, base).as_ref().and_then(find).unwrap_or(ImportError::Graph(error))
    }

    fn open(&self, file: &str) -> Result<CsvReader<CountedFile>, ImportError> {
        let path = self.folder.join(file);
        let opened = self.course.bytes.open(&path).map_err(|source| ImportError::Read { path, source })?;
        let options = CsvOptions { header: true, ..Default::default() };
        Ok(CsvReader::new(opened, file, options)?)
    }

    fn load_nodes(&mut self, loader: &mut BulkLoader, label_name: &str, nodes: &NodeFile) -> Result<(), ImportError> {
        let label = loader.label(label_name)?;
        let key = loader.property_key(&nodes.key)?;
        loader.make_unique(label, key);
        let reader = self.open(&nodes.file)?;
        let columns = planned(&nodes.file, &nodes.columns, &[], &reader, loader)?;
        let key_column = KeyColumn {
            label: label_name.to_owned(),
            name: nodes.key.clone(),
            index: reader.column(&nodes.key)?,
            column_type: key_type(nodes, &nodes.file, &nodes.key)?,
            is_required: false,
            is_guarded: true,
        };
        let keeps_bad = self.course.skips_bad_rows();
        let plan =
            RowPlan { file: nodes.file.clone(), columns, ends: None, key: keeps_bad.then_some(key_column), keeps_bad };
        let guard = keeps_bad.then(|| KeyGuard::new(loader.keys(label, key)));
        let mut count = 0;
        self.course.load(&plan, reader.into_blocks(), guard, |part| {
            count += part.rows as u64;
            loader.add_nodes(&[label], part.rows, &part.columns).map(drop)
        })?;
        self.course.report.nodes += count;
        Ok(())
    }

    fn load_relationships(
        &mut self,
        loader: &mut BulkLoader,
        kind: &str,
        relationships: &RelationshipFile,
        description: &Description,
    ) -> Result<(), ImportError> {
        let kind = loader.relationship_type(kind)?;
        let file = &relationships.file;
        let reader = self.open(file)?;
        let ends = [&relationships.from_column, &relationships.to_column];
        let own: Vec<&str> = ends.iter().map(|column| column.as_str()).collect();
        let columns = planned(file, &relationships.columns, &own, &reader, loader)?;
        let from = self.end(file, &relationships.from, &relationships.from_column, description, &reader, loader)?;
        let to = self.end(file, &relationships.to, &relationships.to_column, description, &reader, loader)?;
        let keeps_bad = self.course.skips_bad_rows();
        let plan = RowPlan { file: file.clone(), columns, ends: Some([from, to]), key: None, keeps_bad };
        let mut count = 0;
        self.course.load(&plan, reader.into_blocks(), None, |part| {
            count += part.rows as u64;
            let [starts, ends] = &part.ends;
            loader.add_relationships(kind, starts, ends, &part.columns)
        })?;
        self.course.report.relationships += count;
        Ok(())
    }

    /// Returns what is known of one end of the relationships of a file.
    fn end(
        &mut self,
        file: &str,
        label: &str,
        column: &str,
        description: &Description,
        reader: &CsvReader<CountedFile>,
        loader: &mut BulkLoader,
    ) -> Result<End, ImportError> {
        let unknown = || ImportError::UnknownEnd { file: file.to_owned(), label: label.to_owned() };
        let nodes = description.nodes.get(label).ok_or_else(unknown)?;
        let (label_id, key): (LabelId, PropertyKeyId) = (loader.label(label)?, loader.property_key(&nodes.key)?);
        let index = reader.column(column)?;
        let key_type = key_type(nodes, file, column)?;
        let keys = self.keys.entry(label.to_owned()).or_insert_with(|| Arc::new(loader.keys(label_id, key)));
        Ok(End { label: label.to_owned(), index, key_type, keys: Arc::clone(keys) })
    }
}

/// Returns the type of the keys of a file of nodes, as it is asked for in a column of some file.
fn key_type(nodes: &NodeFile, file: &str, column: &str) -> Result<ColumnType, ImportError> {
    column_type(file, column, nodes.columns.get(&nodes.key).map_or("string", String::as_str))
}

/// Returns the columns of a file that become properties.
fn planned(
    file: &str,
    described: &BTreeMap<String, String>,
    left_out: &[&str],
    reader: &CsvReader<CountedFile>,
    loader: &mut BulkLoader,
) -> Result<Vec<PlannedColumn>, ImportError> {
    let wanted = described.iter().filter(|(name, _)| !left_out.contains(&name.as_str()));
    let mut columns = Vec::new();
    for (name, named) in wanted {
        let (column_type, index) = (column_type(file, name, named)?, reader.column(name)?);
        columns.push(PlannedColumn { property: loader.property_key(name)?, column_type, index });
    }
    Ok(columns)
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
