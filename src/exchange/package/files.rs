//! The files of a package, read from a folder: which there are, and their bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use smol_str::SmolStr;

use crate::exchange::ExchangeError;

/// The file that makes a folder a package.
pub const MANIFEST: &str = "graph.toml";
/// The file with one row a document.
pub const SOURCES: &str = "sources.csv";
/// Where the nodes stand: a folder of files, or one file.
pub const ENTITIES: &str = "entities";
/// Where the claims stand: a folder of files, or one file.
pub const STATEMENTS: &str = "statements";
/// The folder of queries that must return no rows.
pub const CHECKS: &str = "checks";
/// The file of the indexes and constraints.
pub const INDEXES: &str = "indexes.csv";
/// The file that names what of the documents no claim states, and why.
pub const UNCOVERED: &str = "uncovered.csv";

/// The bytes of a package's files by their path inside of it, with `/` between its parts.
#[derive(Clone, Debug, Default)]
pub struct PackageFiles {
    files: BTreeMap<SmolStr, Vec<u8>>,
}

impl PackageFiles {
    /// Reads the files of a folder that belong to a package; other files are passed over.
    ///
    /// # Errors
    /// If the folder or one of the files cannot be read.
    pub fn read(folder: &Path) -> Result<PackageFiles, ExchangeError> {
        let mut files = PackageFiles::default();
        files.read_one(folder, MANIFEST)?;
        for optional in [SOURCES, UNCOVERED, INDEXES, "entities.csv", "statements.csv"] {
            if folder.join(optional).is_file() {
                files.read_one(folder, optional)?;
            }
        }
        for (part, ending) in [(ENTITIES, ".csv"), (STATEMENTS, ".csv"), (CHECKS, ".cypher")] {
            files.read_part(folder, part, ending)?;
        }
        Ok(files)
    }

    /// Adds a file, as if it had been read.
    pub fn add(&mut self, path: impl Into<SmolStr>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Returns the size of all files.
    pub fn size_bytes(&self) -> u64 {
        self.files.values().map(|bytes| bytes.len() as u64).sum()
    }

    /// Returns the bytes of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Returns the files of a part, in order of path: those of the folder of this name, and the one file `<part>.csv`.
    pub fn part<'a>(&'a self, part: &'a str) -> impl Iterator<Item = (&'a SmolStr, &'a [u8])> {
        let belongs = move |path: &str| match path.strip_prefix(part) {
            Some(rest) => rest.starts_with('/') || rest == ".csv",
            None => false,
        };
        self.files.iter().filter(move |(path, _)| belongs(path)).map(|(path, bytes)| (path, bytes.as_slice()))
    }

    /// Writes the files below a folder, which is made if it is not there; files of the same names are replaced.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), ExchangeError> {
        for (path, bytes) in &self.files {
            let full = folder.join(path.as_str());
            let parent = full.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(|cause| ExchangeError::file(parent, cause))?;
            fs::write(&full, bytes).map_err(|cause| ExchangeError::file(&full, cause))?;
        }
        Ok(())
    }

    /// Returns all files in order of path.
    #[cfg(test)]
    pub fn iter(&self) -> impl Iterator<Item = (&SmolStr, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path, bytes.as_slice()))
    }

    fn read_one(&mut self, folder: &Path, path: &str) -> Result<(), ExchangeError> {
        let full = folder.join(path);
        let bytes = fs::read(&full).map_err(|cause| ExchangeError::file(full, cause))?;
        self.add(path, bytes);
        Ok(())
    }

    fn read_part(&mut self, folder: &Path, part: &str, ending: &str) -> Result<(), ExchangeError> {
        let full = folder.join(part);
        if !full.is_dir() {
            return Ok(());
        }
        let entries = fs::read_dir(&full).map_err(|cause| ExchangeError::file(&full, cause))?;
        for entry in entries {
            let entry = entry.map_err(|cause| ExchangeError::file(&full, cause))?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| name.ends_with(ending) && !name.starts_with('.')) else {
                continue;
            };
            self.read_one(folder, &format!("{part}/{name}"))?;
        }
        Ok(())
    }
}
