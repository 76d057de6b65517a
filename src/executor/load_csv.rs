//! LOAD CSV: the rows of a file below the one folder that may be read.
//!
//! As in Neo4j an empty field is null, with quotation marks or without, and so is every field that a row is short of; a field behind the
//! last column has no name to be read by, so a row that is longer than the header is refused.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use crate::diagnostic::Diagnostic;
use crate::expression::evaluate;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::tabular::{CsvOptions, CsvReader, TabularError, TabularErrorKind};
use crate::value::{Map, Value};
use crate::vector::{Batch, Column};

use super::context::{Context, Flow, Sink};
use super::{ExecutionError, run};

pub(super) fn run_load_csv(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::LoadCsv { url, variable, headers, separator } = &plan.operator else {
        unreachable!("LOAD CSV is run as one")
    };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        let urls = evaluate(url, &batch, &context.evaluation(&snapshot))?;
        drop(snapshot);
        for row in 0..batch.rows() {
            let Value::String(url) = urls.value(row) else {
                let message = format!("LOAD CSV needs the name of a file as a string, not {}", urls.value(row).kind());
                return Err(refused(message));
            };
            let path = allowed_path(&url, context.csv_folder)?;
            let options = CsvOptions { header: *headers, delimiter: separator_byte(*separator)?, flexible: true };
            let mut file = CsvFile::open(&path, &url, options)?;
            loop {
                let values = file.next_rows(*headers, Batch::TARGET_ROWS)?;
                if values.is_empty() {
                    break;
                }
                context.guard.tick(values.len())?;
                let mut loaded = batch.gather_slots(&vec![row as u32; values.len()], &plan.live);
                loaded.set(*variable, Column::Any(values));
                if sink(loaded)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        Ok(Flow::Continue)
    })
}

fn separator_byte(separator: Option<char>) -> Result<u8, ExecutionError> {
    let wrong = |_| refused("the field terminator of LOAD CSV must be an ASCII character");
    u8::try_from(separator.unwrap_or(',')).ok().filter(u8::is_ascii).ok_or(()).map_err(wrong)
}

/// Returns an error that no hint is known for.
fn refused(message: impl Into<String>) -> ExecutionError {
    ExecutionError::LoadCsv { message: message.into(), hints: Vec::new() }
}

/// Returns an error that has to do with the folder that may be read.
fn not_in_folder(message: impl Into<String>, hint: impl Into<String>) -> ExecutionError {
    ExecutionError::LoadCsv { message: message.into(), hints: vec![hint.into()] }
}

/// Returns the error for a file that is not what LOAD CSV can read.
fn unreadable(error: &TabularError) -> ExecutionError {
    ExecutionError::LoadCsv { message: error.to_string(), hints: Diagnostic::from(error).hints }
}

/// Returns the path that a name stands for, if it lies below the folder; links are followed before that is judged.
fn allowed_path(url: &str, folder: Option<&Path>) -> Result<PathBuf, ExecutionError> {
    let Some(folder) = folder else {
        let message = "LOAD CSV is not allowed here: name the folder that it may read when opening the database";
        return Err(not_in_folder(
            message,
            "start the program with `--csv-folder DIR`, and name a file below that folder",
        ));
    };
    let name = url.strip_prefix("file://").unwrap_or(url).trim_start_matches('/');
    let whole = folder.canonicalize().map_err(|error| {
        let message = format!("the folder `{}` that LOAD CSV may read cannot be opened: {error}", folder.display());
        not_in_folder(message, "name another with `--csv-folder DIR`")
    })?;
    let path = whole.join(name).canonicalize().map_err(|error| cannot_be_read(url, folder, &error))?;
    if !path.starts_with(&whole) {
        let message = format!("`{url}` lies outside the folder that LOAD CSV may read");
        return Err(not_in_folder(
            message,
            "put the file below the folder, or name its folder with `--csv-folder DIR`",
        ));
    }
    // Whoever opens a pipe waits for its other end, and nothing could end that.
    if !path.metadata().map_err(|error| cannot_be_read(url, folder, &error))?.is_file() {
        return Err(refused(format!("`{url}` cannot be read: it is no regular file")));
    }
    Ok(path)
}

fn cannot_be_read(url: &str, folder: &Path, error: &io::Error) -> ExecutionError {
    let message = format!("`{url}` cannot be read: {error}");
    match error.kind() {
        io::ErrorKind::NotFound => not_in_folder(
            message,
            format!("files are looked for below `{}`, which `--csv-folder` names", folder.display()),
        ),
        _ => refused(message),
    }
}

struct CsvFile {
    reader: CsvReader<BufReader<File>>,
}

impl CsvFile {
    fn open(path: &Path, url: &str, options: CsvOptions) -> Result<Self, ExecutionError> {
        let file = File::open(path).map_err(|error| refused(format!("`{url}` cannot be read: {error}")))?;
        let reader = CsvReader::new(BufReader::new(file), url, options);
        Ok(CsvFile { reader: reader.map_err(|error| unreadable(&error))? })
    }

    /// Returns the next rows: lists of fields, or maps by the names of the columns.
    fn next_rows(&mut self, headers: bool, count: usize) -> Result<Vec<Value>, ExecutionError> {
        let columns: Vec<SmolStr> = if headers { self.reader.columns().to_vec() } else { Vec::new() };
        let mut values = Vec::new();
        while values.len() < count {
            let row = self.reader.next_row().map_err(|error| unreadable(&error))?;
            let Some(row) = row else { break };
            if headers && row.len() > columns.len() {
                let kind = TabularErrorKind::FieldCount { expected: columns.len(), found: row.len() };
                return Err(unreadable(&row.error(columns.len(), kind)));
            }
            let field =
                |place: usize| if row.text(place).is_empty() { Value::Null } else { Value::string(row.text(place)) };
            values.push(if headers {
                let entries = columns.iter().cloned().enumerate().map(|(place, name)| (name, field(place)));
                Value::Map(entries.collect::<Map>())
            } else {
                Value::list((0..row.len()).map(field).collect())
            });
        }
        Ok(values)
    }
}
