//! LOAD CSV: the rows of a file below the one folder that may be read.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use crate::expression::evaluate;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::tabular::{CsvOptions, CsvReader};
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
                return Err(ExecutionError::LoadCsv("LOAD CSV needs the name of a file as a string".into()));
            };
            let path = allowed_path(&url, context.csv_folder.as_deref())?;
            let options = CsvOptions { header: *headers, delimiter: separator_byte(*separator)?, ..Default::default() };
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
    let wrong = |_| ExecutionError::LoadCsv("the field terminator of LOAD CSV must be an ASCII character".into());
    u8::try_from(separator.unwrap_or(',')).ok().filter(u8::is_ascii).ok_or(()).map_err(wrong)
}

/// Returns the path that a name stands for, if it lies below the folder; links are followed before that is judged.
fn allowed_path(url: &str, folder: Option<&Path>) -> Result<PathBuf, ExecutionError> {
    let Some(folder) = folder else {
        let message = "LOAD CSV is not allowed here: name the folder that it may read when opening the database";
        return Err(ExecutionError::LoadCsv(message.into()));
    };
    let name = url.strip_prefix("file://").unwrap_or(url).trim_start_matches('/');
    let cannot = |error: std::io::Error| ExecutionError::LoadCsv(format!("`{url}` cannot be read: {error}"));
    let folder = folder.canonicalize().map_err(cannot)?;
    let path = folder.join(name).canonicalize().map_err(cannot)?;
    if !path.starts_with(&folder) {
        return Err(ExecutionError::LoadCsv(format!("`{url}` lies outside the folder that LOAD CSV may read")));
    }
    // Whoever opens a pipe waits for its other end, and nothing could end that.
    if !path.metadata().map_err(cannot)?.is_file() {
        return Err(ExecutionError::LoadCsv(format!("`{url}` cannot be read: it is no regular file")));
    }
    Ok(path)
}

struct CsvFile {
    reader: CsvReader<BufReader<File>>,
}

impl CsvFile {
    fn open(path: &Path, url: &str, options: CsvOptions) -> Result<Self, ExecutionError> {
        let file =
            File::open(path).map_err(|error| ExecutionError::LoadCsv(format!("`{url}` cannot be read: {error}")))?;
        let reader = CsvReader::new(BufReader::new(file), url, options);
        Ok(CsvFile { reader: reader.map_err(|error| ExecutionError::LoadCsv(error.to_string()))? })
    }

    /// Returns the next rows: lists of fields, or maps by the names of the columns.
    fn next_rows(&mut self, headers: bool, count: usize) -> Result<Vec<Value>, ExecutionError> {
        let columns: Vec<SmolStr> = if headers { self.reader.columns().to_vec() } else { Vec::new() };
        let mut values = Vec::new();
        while values.len() < count {
            let row = self.reader.next_row().map_err(|error| ExecutionError::LoadCsv(error.to_string()))?;
            let Some(row) = row else { break };
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
