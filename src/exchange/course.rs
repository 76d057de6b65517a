//! How an import of files of rows goes: with which threads, how far it is, what it has brought, and where bad rows are put.

use std::io::Write;

use crate::graph::GraphError;
use crate::tabular::CsvBlocks;
use crate::vector::Threads;

use super::folder::ImportError;
use super::in_order::in_order;
use super::key_guard::KeyGuard;
use super::progress::{ByteCount, CountedFile, ImportProgress, ImportReport};
use super::row_part::{RowPart, RowPlan};

/// The course of an import.
pub(super) struct Course<'a> {
    /// The threads that read.
    pub(super) threads: &'a Threads,
    /// What was brought so far.
    pub(super) report: ImportReport,
    /// How far it is.
    pub(super) told: ImportProgress,
    /// The bytes read of all files.
    pub(super) bytes: ByteCount,
    progress: &'a mut dyn FnMut(&ImportProgress),
    bad_rows: Option<&'a mut dyn Write>,
}

impl<'a> Course<'a> {
    /// Returns an import that tells its progress; bad rows are put aside where a writer for them is given, and refused otherwise.
    pub(super) fn new(
        threads: &'a Threads,
        progress: &'a mut dyn FnMut(&ImportProgress),
        bad_rows: Option<&'a mut dyn Write>,
    ) -> Course<'a> {
        let (report, told, bytes) = (ImportReport::default(), ImportProgress::default(), ByteCount::default());
        Course { threads, report, told, bytes, progress, bad_rows }
    }

    /// Says whether bad rows are put aside.
    pub(super) fn skips_bad_rows(&self) -> bool {
        self.bad_rows.is_some()
    }

    /// Reads a file by a plan, several blocks at once, and gives the parts on in order.
    pub(super) fn load(
        &mut self,
        plan: &RowPlan,
        blocks: CsvBlocks<CountedFile>,
        mut guard: Option<KeyGuard>,
        mut add: impl FnMut(&RowPart) -> Result<(), GraphError>,
    ) -> Result<(), ImportError> {
        plan.file.clone_into(&mut self.told.file);
        in_order(
            self.threads,
            blocks,
            |block| plan.read(block),
            |mut part: RowPart| {
                plan.sort_out(&mut part, guard.as_mut(), &mut |bad| self.put_aside(bad.fields, bad.error))?;
                add(&part)?;
                self.tell(part.rows);
                Ok(())
            },
        )
    }

    /// Tells how far it is, with so many more rows.
    pub(super) fn tell(&mut self, rows: usize) {
        self.told.rows += rows as u64;
        self.told.bytes_read = self.bytes.get();
        (self.progress)(&self.told);
    }

    /// Writes a bad row with what is wrong with it, or returns that as an error where bad rows are refused.
    pub(super) fn put_aside(&mut self, fields: Option<Vec<String>>, error: ImportError) -> Result<(), ImportError> {
        let Some(writer) = &mut self.bad_rows else { return Err(error) };
        self.report.bad_rows += 1;
        let line = serde_json::json!({ "error": error.to_string(), "fields": fields });
        writeln!(writer, "{line}").map_err(ImportError::BadRows)
    }
}
