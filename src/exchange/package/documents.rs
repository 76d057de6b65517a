//! The texts that a package's sources are: a folder in which each held document's file begins with the name that `sources.csv` gives.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use smol_str::SmolStr;

use crate::exchange::{ExchangeError, Finding};

use super::files::SOURCES;
use super::rows::{EMPTY, Package, TextId};

/// The documents at hand, by the id of their source.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    documents: BTreeMap<TextId, Document>,
}

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file's name.
    pub name: SmolStr,
    /// Its lines.
    pub lines: Vec<String>,
}

impl Document {
    /// Returns a line, counted from 1.
    pub fn line(&self, number: u64) -> Option<&str> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.lines.get(index).map(String::as_str)
    }
}

impl Documents {
    /// Reads the documents that a package's sources name; what is missing is a finding.
    ///
    /// # Errors
    /// If the folder or one of the files cannot be read.
    pub fn read(folder: &Path, package: &Package) -> Result<(Documents, Vec<Finding>), ExchangeError> {
        let entries = fs::read_dir(folder).map_err(|cause| ExchangeError::file(folder, cause))?;
        let mut names: Vec<String> = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|cause| ExchangeError::file(folder, cause))?;
            names.extend(entry.file_name().to_str().map(str::to_owned));
        }
        names.sort();
        let (mut documents, mut findings) = (Documents::default(), Vec::new());
        for (id, prefix, line) in held(package) {
            let matching: Vec<&String> = names.iter().filter(|name| name.starts_with(prefix.as_str())).collect();
            let [name] = matching.as_slice() else {
                let message = format!("{} files begin with `{prefix}` where one is wanted", matching.len());
                findings.push(Finding::in_file(SOURCES, message).at(line, 0));
                continue;
            };
            let path = folder.join(name);
            let text = fs::read_to_string(&path).map_err(|cause| ExchangeError::file(&path, cause))?;
            let lines = text.split('\n').map(|line| line.trim_end_matches('\r').to_owned()).collect();
            documents.documents.insert(id, Document { name: SmolStr::new(name), lines });
        }
        Ok((documents, findings))
    }

    /// Returns the document of a source.
    pub fn get(&self, source: TextId) -> Option<&Document> {
        self.documents.get(&source)
    }

    /// Returns the documents with the ids of their sources, in order.
    pub fn iter(&self) -> impl Iterator<Item = (TextId, &Document)> {
        self.documents.iter().map(|(id, document)| (*id, document))
    }
}

/// Returns the sources that have a file: id, how its name begins, and the row's line.
fn held(package: &Package) -> Vec<(TextId, &SmolStr, u64)> {
    let column = |name: &str| package.source_columns.iter().position(|column| package.text(*column) == name);
    let (Some(id), Some(file)) = (column("id"), column("file")) else {
        return Vec::new();
    };
    let rows = package.sources.iter().filter(|row| row.cells[file] != EMPTY);
    rows.map(|row| (row.cells[id], package.text(row.cells[file]), u64::from(row.place.line))).collect()
}

/// Returns the line that a locator such as `L187 fund table` names.
pub fn line_of(locator: &str) -> Option<u64> {
    let rest = locator.strip_prefix('L')?;
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, behind) = rest.split_at(end);
    let ends_there = behind.chars().next().is_none_or(|next| !next.is_alphanumeric());
    ends_there.then(|| digits.parse().ok()).flatten().filter(|line| *line > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locator_begins_with_its_line() {
        assert_eq!(line_of("L187 fund table"), Some(187));
        assert_eq!(line_of("L59"), Some(59));
        assert_eq!(line_of("L37, L40"), Some(37));
        for none in ["", "187", "Lx", "L", "L0", "L12a"] {
            assert_eq!(line_of(none), None, "{none}");
        }
    }
}
