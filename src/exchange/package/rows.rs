//! The rows of a package in one order that does not depend on its files, each text kept once.
//!
//! Texts are numbered in their own order, 0 being the empty one, so that to order rows is to order numbers, and whatever follows from a
//! text (the node of an id, the property of a predicate) is found once a text and not once a row.

use hashbrown::HashMap;
use smol_str::SmolStr;

use crate::exchange::Finding;
use crate::tabular::{CsvOptions, CsvReader, CsvRow, TabularError, TabularErrorKind};

use super::files::{ENTITIES, MANIFEST, PackageFiles, SOURCES, STATEMENTS};
use super::telling::Telling;

/// The place of a text among a package's texts.
pub type TextId = u32;

/// The text that an empty cell holds.
pub const EMPTY: TextId = 0;

/// The columns of statements, in the order that orders the rows.
pub const STATEMENT_COLUMNS: [&str; 14] = [
    "subject",
    "predicate",
    "object",
    "key",
    "value",
    "source",
    "locator",
    "as_printed",
    "unit",
    "comparator",
    "attributed_to",
    "as_of",
    "rank",
    "note",
];

/// The columns of entities.
pub const ENTITY_COLUMNS: [&str; 2] = ["id", "labels"];

/// A package's rows.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// The text of `graph.toml`.
    pub manifest: SmolStr,
    /// The distinct texts of all cells, and the files' paths, in order.
    pub texts: Vec<SmolStr>,
    /// The columns of `sources.csv`, as they stand there.
    pub source_columns: Vec<TextId>,
    /// The rows of `sources.csv`, each as long as its columns.
    pub sources: Vec<Row<Vec<TextId>>>,
    /// The rows of the nodes.
    pub entities: Vec<Row<[TextId; ENTITY_COLUMNS.len()]>>,
    /// The rows of the claims.
    pub statements: Vec<Row<[TextId; STATEMENT_COLUMNS.len()]>>,
}

/// A row and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row<Cells> {
    /// Its cells, in the order of the columns.
    pub cells: Cells,
    /// Where it begins.
    pub place: RowPlace,
}

/// Where a row begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowPlace {
    /// The file's path, as a text.
    pub file: TextId,
    /// The line, counted from 1.
    pub line: u32,
}

impl Package {
    /// Reads the rows of a package's files.
    ///
    /// # Errors
    /// What is wrong with the files as CSV, all of it.
    pub fn read(files: &PackageFiles) -> Result<Package, Vec<Finding>> {
        Package::read_telling(files, None)
    }

    /// Reads the rows of a package's files and tells how far that is.
    ///
    /// # Errors
    /// What is wrong with the files as CSV, all of it.
    pub fn read_telling(files: &PackageFiles, telling: Option<&mut Telling<'_>>) -> Result<Package, Vec<Finding>> {
        let ids = HashMap::from([(SmolStr::default(), EMPTY)]);
        let mut reading = Reading { ids, findings: Vec::new(), telling };
        let mut package = Package::default();
        match files.get(MANIFEST).map(std::str::from_utf8) {
            Some(Ok(text)) => package.manifest = SmolStr::new(text),
            Some(Err(_)) => reading.findings.push(Finding::in_file(MANIFEST, "the file is not UTF-8")),
            None => reading.findings.push(Finding::in_file(MANIFEST, "the file is missing")),
        }
        if let Some(bytes) = files.get(SOURCES) {
            reading.read_sources(bytes, &mut package);
        }
        for (path, bytes) in files.part(ENTITIES) {
            reading.read_fixed(path, bytes, ENTITY_COLUMNS, &["id", "labels"], &mut package.entities);
        }
        for (path, bytes) in files.part(STATEMENTS) {
            reading.read_fixed(path, bytes, STATEMENT_COLUMNS, &["subject", "predicate"], &mut package.statements);
        }
        if !reading.findings.is_empty() {
            return Err(reading.findings);
        }
        reading.put_in_order(&mut package);
        Ok(package)
    }

    /// Returns a text.
    pub fn text(&self, id: TextId) -> &SmolStr {
        &self.texts[id as usize]
    }
}

/// What is known while files are read: texts in the order in which they came.
struct Reading<'r, 't> {
    ids: HashMap<SmolStr, TextId>,
    findings: Vec<Finding>,
    telling: Option<&'r mut Telling<'t>>,
}

impl Reading<'_, '_> {
    fn begin_file(&mut self, path: &SmolStr, bytes: &[u8]) {
        if let Some(telling) = &mut self.telling {
            telling.begin_file(path, bytes);
        }
    }

    fn tell(&mut self, row: &CsvRow<'_>) {
        if let Some(telling) = &mut self.telling {
            telling.row(row.position().offset_bytes);
        }
    }

    fn intern(&mut self, text: &str) -> TextId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = self.ids.len() as TextId;
        self.ids.insert(SmolStr::new(text), id);
        id
    }

    fn read_sources(&mut self, bytes: &[u8], package: &mut Package) {
        let file = self.intern(SOURCES);
        self.begin_file(&SmolStr::new_static(SOURCES), bytes);
        let mut reader = match CsvReader::new(bytes, SOURCES, CsvOptions::default()) {
            Ok(reader) => reader,
            Err(error) => return self.findings.push(finding(&error)),
        };
        if let Err(error) = reader.column("id") {
            return self.findings.push(finding(&error));
        }
        package.source_columns = reader.columns().to_vec().iter().map(|column| self.intern(column)).collect();
        loop {
            match reader.next_row() {
                Ok(Some(row)) => {
                    self.tell(&row);
                    let place = RowPlace { file, line: row.position().line as u32 };
                    let cells = row.fields().map(|field| self.intern(field.text.unwrap_or_default())).collect();
                    package.sources.push(Row { cells, place });
                }
                Ok(None) => break,
                Err(error) => {
                    self.findings.push(finding(&error));
                    if !goes_on_after(&error) {
                        break;
                    }
                }
            }
        }
    }

    fn read_fixed<const COUNT: usize>(
        &mut self,
        path: &SmolStr,
        bytes: &[u8],
        columns: [&str; COUNT],
        needed: &[&str],
        rows: &mut Vec<Row<[TextId; COUNT]>>,
    ) {
        let file = self.intern(path);
        self.begin_file(path, bytes);
        let mut reader = match CsvReader::new(bytes, path.clone(), CsvOptions::default()) {
            Ok(reader) => reader,
            Err(error) => return self.findings.push(finding(&error)),
        };
        let missing = needed.iter().filter_map(|column| reader.column(column).err());
        self.findings.extend(missing.map(|error| finding(&error)));
        for unknown in reader.columns().iter().filter(|column| !columns.contains(&column.as_str())) {
            let nearest = crate::diagnostic::nearest(unknown, columns);
            let hint = nearest.map(|near| format!("did you mean `{near}`?"));
            let message = format!("column `{unknown}` means nothing here");
            self.findings.push(Finding::in_file(path.clone(), message).at(1, 0).with_hint(hint));
        }
        let places = columns.map(|column| reader.columns().iter().position(|known| known == column));
        loop {
            match reader.next_row() {
                Ok(Some(row)) => {
                    self.tell(&row);
                    let place = RowPlace { file, line: row.position().line as u32 };
                    let cells = places.map(|place| place.map_or(EMPTY, |place| self.intern(row.text(place))));
                    rows.push(Row { cells, place });
                }
                Ok(None) => break,
                Err(error) => {
                    self.findings.push(finding(&error));
                    if !goes_on_after(&error) {
                        break;
                    }
                }
            }
        }
    }

    /// Numbers texts in their own order and puts rows in theirs.
    fn put_in_order(self, package: &mut Package) {
        let mut texts: Vec<(SmolStr, TextId)> = self.ids.into_iter().collect();
        texts.sort_unstable();
        let mut renumbered = vec![EMPTY; texts.len()];
        for (place, (_, old)) in texts.iter().enumerate() {
            renumbered[*old as usize] = place as TextId;
        }
        let place = |place: RowPlace| RowPlace { file: renumbered[place.file as usize], ..place };
        let new = |old: TextId| renumbered[old as usize];
        package.source_columns.iter_mut().for_each(|column| *column = new(*column));
        for row in &mut package.sources {
            row.cells.iter_mut().for_each(|cell| *cell = new(*cell));
            row.place = place(row.place);
        }
        for row in &mut package.entities {
            (row.cells, row.place) = (row.cells.map(new), place(row.place));
        }
        for row in &mut package.statements {
            (row.cells, row.place) = (row.cells.map(new), place(row.place));
        }
        package.sources.sort_unstable();
        package.entities.sort_unstable();
        package.statements.sort_unstable();
        package.texts = texts.into_iter().map(|(text, _)| text).collect();
    }
}

/// Returns the finding for an error of a reader.
pub fn finding(error: &TabularError) -> Finding {
    let (line, column) = (error.position.line, error.position.column);
    Finding::in_file(error.file.clone(), error.kind.to_string()).at(line, column)
}

/// Says whether a reader can go on with the next row after an error.
fn goes_on_after(error: &TabularError) -> bool {
    matches!(error.kind, TabularErrorKind::FieldCount { .. } | TabularErrorKind::NotUtf8 { .. })
}
