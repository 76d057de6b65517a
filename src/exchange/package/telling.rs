//! How far the import of a package is: its files count once while their rows are read and once while what they say is written.

use std::path::Path;

use smol_str::SmolStr;

use crate::exchange::progress::ImportProgress;

use super::files::PackageFiles;

/// How many rows lie between two words on the progress.
const ROWS_AT_A_TIME: u64 = 1 << 10;

/// Tells the progress of an import.
pub struct Telling<'t> {
    progress: &'t mut dyn FnMut(&ImportProgress),
    told: ImportProgress,
    folder: String,
    /// The size of all files.
    size_bytes: u64,
    /// The size of the files before the one at hand, and its own.
    before_bytes: u64,
    own_bytes: u64,
    /// How many facts there are to write, and how many were.
    fact_count: u64,
    written_count: u64,
}

impl<'t> Telling<'t> {
    /// Returns what tells of the package in a folder.
    pub fn new(progress: &'t mut dyn FnMut(&ImportProgress), folder: &Path, files: &PackageFiles) -> Telling<'t> {
        let size_bytes = files.size_bytes();
        let folder = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        let told = ImportProgress { file: folder.clone(), bytes_total: size_bytes * 2, ..ImportProgress::default() };
        Telling { progress, told, folder, size_bytes, before_bytes: 0, own_bytes: 0, fact_count: 0, written_count: 0 }
    }

    /// Notes that the rows of a file are read now.
    pub fn begin_file(&mut self, path: &SmolStr, bytes: &[u8]) {
        self.before_bytes += std::mem::replace(&mut self.own_bytes, bytes.len() as u64);
        path.as_str().clone_into(&mut self.told.file);
    }

    /// Notes a row that begins at an offset of its file.
    pub fn row(&mut self, offset_bytes: u64) {
        self.told.rows += 1;
        if self.told.rows.is_multiple_of(ROWS_AT_A_TIME) {
            self.told.bytes_read = (self.before_bytes + offset_bytes).min(self.size_bytes);
            (self.progress)(&self.told);
        }
    }

    /// Notes that so many facts are written now.
    pub fn begin_writing(&mut self, fact_count: usize) {
        self.fact_count = fact_count as u64;
        self.folder.clone_into(&mut self.told.file);
        self.told.bytes_read = self.size_bytes;
        (self.progress)(&self.told);
    }

    /// Notes a fact that was written.
    pub fn written(&mut self) {
        self.written_count += 1;
        if self.written_count.is_multiple_of(ROWS_AT_A_TIME) || self.written_count == self.fact_count {
            let share = self.written_count.min(self.fact_count) as f64 / self.fact_count.max(1) as f64;
            self.told.bytes_read = self.size_bytes + (self.size_bytes as f64 * share) as u64;
            (self.progress)(&self.told);
        }
    }
}
