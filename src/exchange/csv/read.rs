//! Reads the two files into a graph: all of them or nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hashbrown::HashMap;
use smol_str::SmolStr;

use crate::exchange::course::Course;
use crate::exchange::folder::ImportError;
use crate::exchange::progress::{CountedFile, ImportProgress, ImportReport};
use crate::graph::{GraphError, LabelId, PropertyKeyId, Snapshot, Transaction, check_storable};
use crate::rdf::LANG_STRING;
use crate::tabular::{ColumnType, CsvOptions, CsvReader, CsvRow, NotOfType, TabularErrorKind, split_list};
use crate::value::temporal::{Date, DateTime, Duration, LocalDateTime, LocalTime, PartialDate, Time};
use crate::value::{NodeId, RdfLiteral, Value};
use crate::vector::Threads;

/// The file of nodes.
pub const NODES_FILE: &str = "nodes.csv";
/// The file of relationships.
pub const RELATIONSHIPS_FILE: &str = "relationships.csv";
/// After how many rows progress is told.
const ROWS_TOLD: usize = 4096;

/// Says whether a file is one of the two, by how its first line begins.
pub fn is_part(path: &Path) -> bool {
    let Ok(file) = std::fs::File::open(path) else { return false };
    let reader = CsvReader::new(std::io::BufReader::new(file), "", CsvOptions::default());
    let first = reader.ok().and_then(|reader| reader.columns().first().cloned());
    first.is_some_and(|first| first == ":ID" || first == ":START")
}

/// An import of a folder that `export csv` wrote.
pub struct CsvImport<'a> {
    /// The folder.
    pub folder: PathBuf,
    /// The threads of the import.
    pub threads: &'a Threads,
    /// Is told how far it is.
    pub progress: &'a mut dyn FnMut(&ImportProgress),
}

impl CsvImport<'_> {
    /// Loads the files into a graph and returns the graph with them.
    ///
    /// # Errors
    /// Whatever is wrong with the files; the graph given is as it was.
    pub fn run(self, base: &Snapshot) -> Result<(Snapshot, ImportReport), ImportError> {
        let files = [NODES_FILE, RELATIONSHIPS_FILE].map(|name| self.folder.join(name));
        let mut course = Course::new(self.threads, self.progress, None);
        course.told.bytes_total =
            files.iter().filter_map(|file| std::fs::metadata(file).ok()).map(|found| found.len()).sum();
        let transaction = Transaction::begin_load(base.clone());
        let mut loading = Loading { course, transaction, nodes: HashMap::new() };
        let [nodes, relationships] = files;
        loading.load_nodes(&nodes)?;
        if relationships.exists() {
            loading.load_relationships(&relationships)?;
        }
        let report = loading.course.report;
        Ok((loading.transaction.commit()?.0, report))
    }
}

/// What goes on while the files are read.
struct Loading<'a> {
    course: Course<'a>,
    transaction: Transaction,
    /// The nodes by their ids in the file.
    nodes: HashMap<SmolStr, NodeId>,
}

/// A column of a property.
struct PropertyColumn {
    index: usize,
    key: PropertyKeyId,
    kind: CellKind,
}

impl<'a> Loading<'a> {
    fn open(&mut self, path: &Path) -> Result<CsvReader<CountedFile>, ImportError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = self.course.bytes.open(path);
        let file = file.map_err(|source| ImportError::Read { path: path.to_owned(), source })?;
        self.course.told.file.clone_from(&name);
        Ok(CsvReader::new(file, name, CsvOptions::default())?)
    }

    /// Returns the columns of properties; those of the files themselves begin with a colon.
    fn columns(&mut self, reader: &CsvReader<CountedFile>) -> Result<Vec<PropertyColumn>, ImportError> {
        let mut columns = Vec::new();
        for (index, head) in reader.columns().iter().enumerate().filter(|(_, head)| !head.starts_with(':')) {
            let (name, word) = head.rsplit_once(':').unwrap_or((head.as_str(), "text"));
            let kind = CellKind::named(word).ok_or_else(|| ImportError::UnknownType {
                file: self.course.told.file.clone(),
                column: head.to_string(),
                name: word.to_owned(),
            })?;
            columns.push(PropertyColumn { index, key: self.transaction.property_key(name)?, kind });
        }
        Ok(columns)
    }

    fn load_nodes(&mut self, path: &Path) -> Result<(), ImportError> {
        let mut reader = self.open(path)?;
        let columns = self.columns(&reader)?;
        let (id, label) = (reader.column(":ID")?, reader.column(":LABEL")?);
        let mut told = 0;
        while let Some(row) = reader.next_row()? {
            let labels = split_list(row.text(label)).map_err(|problem| not_of_type(&row, label, ":LABEL", problem))?;
            let labels: Result<Vec<LabelId>, GraphError> =
                labels.iter().map(|name| self.transaction.label(name)).collect();
            let node = self.transaction.create_node(&labels?)?;
            for column in &columns {
                if let Some(value) = value_of(&row, column)? {
                    self.transaction.set_node_property(node, column.key, value)?;
                }
            }
            if self.nodes.insert(row.text(id).into(), node).is_some() {
                let (file, position) = (self.course.told.file.clone(), row.field(id).position);
                let id = row.text(id).to_owned();
                return Err(ImportError::DuplicateId { file, line: position.line, column: position.column, id });
            }
            self.course.report.nodes += 1;
            told = self.tell(told + 1);
        }
        self.course.tell(told);
        Ok(())
    }

    fn load_relationships(&mut self, path: &Path) -> Result<(), ImportError> {
        let mut reader = self.open(path)?;
        let columns = self.columns(&reader)?;
        let (start, end, kind) = (reader.column(":START")?, reader.column(":END")?, reader.column(":TYPE")?);
        let mut told = 0;
        while let Some(row) = reader.next_row()? {
            let kind = self.transaction.relationship_type(row.text(kind))?;
            let (start, end) = (self.node(&row, start)?, self.node(&row, end)?);
            let relationship = self.transaction.create_relationship(kind, start, end)?;
            for column in &columns {
                if let Some(value) = value_of(&row, column)? {
                    self.transaction.set_relationship_property(relationship, column.key, value)?;
                }
            }
            self.course.report.relationships += 1;
            told = self.tell(told + 1);
        }
        self.course.tell(told);
        Ok(())
    }

    /// Returns the node that a field names.
    fn node(&self, row: &CsvRow<'_>, index: usize) -> Result<NodeId, ImportError> {
        let id = row.text(index);
        self.nodes.get(id).copied().ok_or_else(|| {
            let (file, position) = (self.course.told.file.clone(), row.field(index).position);
            ImportError::NoSuchId { file, line: position.line, column: position.column, id: id.to_owned() }
        })
    }

    /// Tells from time to time how far it is; returns how many rows are untold.
    fn tell(&mut self, rows: usize) -> usize {
        if rows < ROWS_TOLD {
            return rows;
        }
        self.course.tell(rows);
        0
    }
}

/// Returns the value of a field, if there is one.
fn value_of(row: &CsvRow<'_>, column: &PropertyColumn) -> Result<Option<Value>, ImportError> {
    let field = row.field(column.index);
    let Some(text) = field.text else { return Ok(None) };
    let name = || row.column_name(column.index).to_string();
    let value = column.kind.read(text).map_err(|problem| not_of_type(row, column.index, &name(), problem))?;
    check_storable(&value).map_err(|error| ImportError::BadValue {
        file: row.file().to_owned(),
        line: field.position.line,
        column: field.position.column,
        name: name(),
        error,
    })?;
    Ok(Some(value))
}

fn not_of_type(row: &CsvRow<'_>, index: usize, column: &str, problem: NotOfType) -> ImportError {
    row.error(index, TabularErrorKind::NotOfType { column: column.into(), problem }).into()
}

/// What the head of a column says of its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
enum CellKind {
    /// What columns of all files can hold.
    Plain(ColumnType),
    LocalTime,
    Time,
    LocalDateTime,
    DateTime,
    Duration,
    /// A year, or a year and a month, and no day.
    PartialDate,
    /// `"text"@language` or `"text"^^<datatype>`.
    Literal,
    List(Box<CellKind>),
}

impl CellKind {
    fn named(word: &str) -> Option<CellKind> {
        Some(match word {
            "string" | "text" => CellKind::Plain(ColumnType::String),
            "boolean" => CellKind::Plain(ColumnType::Boolean),
            "integer" => CellKind::Plain(ColumnType::Integer),
            "float" => CellKind::Plain(ColumnType::Float),
            "date" => CellKind::Plain(ColumnType::Date),
            "partial-date" => CellKind::PartialDate,
            "local-time" => CellKind::LocalTime,
            "time" => CellKind::Time,
            "local-datetime" => CellKind::LocalDateTime,
            "datetime" => CellKind::DateTime,
            "duration" => CellKind::Duration,
            "literal" => CellKind::Literal,
            "list" => CellKind::List(Box::new(CellKind::Plain(ColumnType::String))),
            _ => CellKind::List(Box::new(CellKind::named(word.strip_prefix("list-of-")?)?)),
        })
    }

    fn read(&self, text: &str) -> Result<Value, NotOfType> {
        let (value, expected) = match self {
            // A day of a far year is written with its sign, which files of people do not have.
            CellKind::Plain(ColumnType::Date) => (Date::parse(text).map(Value::Date), "a date"),
            CellKind::Plain(plain) => return plain.parse(text),
            CellKind::List(item) => {
                let items: Result<Vec<Value>, NotOfType> =
                    split_list(text)?.iter().map(|text| item.read(text)).collect();
                return items.map(Value::list);
            }
            CellKind::PartialDate => (PartialDate::parse(text).map(Value::PartialDate), "a month or a year"),
            CellKind::LocalTime => (LocalTime::parse(text).map(Value::LocalTime), "a local time"),
            CellKind::Time => (Time::parse(text).map(Value::Time), "a time"),
            CellKind::LocalDateTime => (LocalDateTime::parse(text).map(Value::LocalDateTime), "a local date-time"),
            CellKind::DateTime => {
                (DateTime::parse(text).map(|moment| Value::DateTime(Arc::new(moment))), "a date-time")
            }
            CellKind::Duration => {
                (Duration::parse(text).map(|duration| Value::Duration(Arc::new(duration))), "a duration")
            }
            CellKind::Literal => (literal(text).map(|literal| Value::Literal(Arc::new(literal))), "a literal"),
        };
        value.ok_or_else(|| NotOfType::Unreadable { text: text.to_owned(), expected })
    }
}

/// Reads what a literal prints as.
fn literal(printed: &str) -> Option<RdfLiteral> {
    let rest = printed.strip_prefix('"')?;
    let mut text = String::new();
    let mut characters = rest.char_indices();
    let end = loop {
        match characters.next()? {
            (end, '"') => break end,
            (_, '\\') => text.push(match characters.next()?.1 {
                'n' => '\n',
                'r' => '\r',
                other => other,
            }),
            (_, other) => text.push(other),
        }
    };
    let (datatype, language) = match rest[end + 1..].strip_prefix('@') {
        Some(language) => (LANG_STRING, Some(language.into())),
        None => (rest[end + 1..].strip_prefix("^^<")?.strip_suffix('>')?, None),
    };
    Some(RdfLiteral { text: text.into(), datatype: datatype.into(), language })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_read_as_what_they_were_printed_from() {
        for (word, text) in [
            ("boolean", "true"),
            ("integer", "-3"),
            ("float", "-Infinity"),
            ("date", "2017-04-28"),
            ("partial-date", "2017-04"),
            ("local-time", "21:40:32.142"),
            ("time", "21:40:32+01:00"),
            ("local-datetime", "2015-07-21T21:40:32.142"),
            ("datetime", "2015-07-21T21:40:32.142+02:00[Europe/Stockholm]"),
            ("duration", "P1Y2M10DT2H30M"),
            ("literal", "\"a \\\"b\\\"\\n\\\\\"@en"),
            ("literal", "\"<p/>\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral>"),
        ] {
            let kind = CellKind::named(word).expect("it is known");
            assert_eq!(kind.read(text).map(|value| value.to_string()), Ok(text.to_owned()), "{word}");
            assert!(kind.read("x").is_err(), "{word}");
        }
        let kind = CellKind::named("list-of-duration").expect("it is known");
        assert_eq!(kind.read("P1D|PT1H").map(|value| value.to_string()), Ok("[P1D, PT1H]".to_owned()));
        assert_eq!(CellKind::named("list-of-money"), None);
    }
}
