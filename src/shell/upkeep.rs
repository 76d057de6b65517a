//! `backup FILE TO`, `compact FILE`, `stats FILE`, and `check` of a database file.

use std::io::Write;
use std::path::Path;

use crate::engine::{Database, Error, FileFindings, FileStatistics, chunk_kind_name};
use crate::text::visible;

use super::arguments::{Arguments, BackupArguments, FileArguments};
use super::ending::Ending;
use super::printer::counted_words;
use super::{database, report, wrong_call};

/// Writes a copy of a database file, which may be in use.
pub(super) fn back_up(arguments: &Arguments, backup: &BackupArguments) -> Ending {
    let (source, target) = match &backup.paths[..] {
        [target] => (None, target),
        [source, target, ..] => (Some(source), target),
        [] => return wrong_call("`backup` needs a database file, and the name of the copy"),
    };
    let source = match arguments.only_file(source) {
        Ok(source) => source,
        Err(words) => return wrong_call(&format!("{words}: `backup FILE TO`")),
    };
    // A reader disturbs nobody, and the copy is of one moment.
    let opened = database::open_file(source, database::options(arguments).read_only(true));
    ended(opened.map(|database| database.back_up(target)), |()| {
        let size_bytes = std::fs::metadata(target).map_or(0, |found| found.len());
        report::message(&format!("copied {} to `{}`", size_words(size_bytes), target.display()));
    })
}

/// Makes a database file as small as it can be.
pub(super) fn compact(arguments: &Arguments, file: &FileArguments) -> Ending {
    let file = match arguments.only_file(file.source.as_ref()) {
        Ok(file) => file,
        Err(words) => return wrong_call(&words),
    };
    let size_bytes = || std::fs::metadata(file).map_or(0, |found| found.len());
    let before = size_bytes();
    let compacted = database::open_existing(arguments, file).map(|database| {
        let compacted = database.compact();
        compacted.and_then(|_| database.close())
    });
    ended(compacted, |()| {
        report::message(&format!("{} before, {} now", size_words(before), size_words(size_bytes())));
    })
}

/// Counts what a database file holds.
pub(super) fn statistics(arguments: &Arguments, file: &FileArguments) -> Ending {
    let file = match arguments.only_file(file.source.as_ref()) {
        Ok(file) => file,
        Err(words) => return wrong_call(&words),
    };
    let options = database::options(arguments).read_only(true);
    let counted = database::open_file(file, options).map(|database| {
        let counted = database.file_statistics();
        counted.map(|counted| lines(&database, &counted))
    });
    ended(counted, |lines| {
        let mut output = anstream::stdout();
        // Whoever closes the pipe has read enough.
        let _ = lines.iter().try_for_each(|(name, value)| writeln!(output, "{name:24} {value}"));
    })
}

/// Says what came of work on a database that was opened, or why it came to nothing.
fn ended<Outcome>(worked: Result<Result<Outcome, Error>, Ending>, say: impl FnOnce(Outcome)) -> Ending {
    match worked {
        Ok(Ok(outcome)) => {
            say(outcome);
            Ending::Done
        }
        Ok(Err(error)) => {
            report::diagnostic(&error.to_diagnostic(), "", None);
            Ending::from(&error)
        }
        Err(ending) => ending,
    }
}

fn lines(database: &Database, counted: &FileStatistics) -> Vec<(String, String)> {
    let graph = database.snapshot();
    let mut lines = vec![
        ("file".to_owned(), size_words(counted.file_size_bytes)),
        ("format".to_owned(), counted.format_version.to_string()),
        ("made by".to_owned(), visible(&counted.created_by).into_owned()),
        ("commits".to_owned(), counted.sequence.to_string()),
        ("checkpoints".to_owned(), counted.checkpoint.to_string()),
        ("log".to_owned(), of(counted.log_record_count, "record", counted.log_size_bytes)),
        ("catalogue".to_owned(), size_words(counted.catalogue_size_bytes)),
        ("count of nodes".to_owned(), graph.node_count().to_string()),
        ("count of relationships".to_owned(), graph.relationship_count().to_string()),
        ("count of claims".to_owned(), graph.claim_count().to_string()),
    ];
    for (kind, chunks) in &counted.kinds {
        lines.push((chunk_kind_name(*kind).to_owned(), of(chunks.chunk_count, "chunk", chunks.size_bytes)));
    }
    lines
}

fn of(count: u64, noun: &str, size_bytes: u64) -> String {
    format!("{}, {}", counted_words(count, noun), size_words(size_bytes))
}

/// Verifies a database file: every page, chunk and record of it, and that they make a graph.
pub(super) fn check(file: &Path) -> Ending {
    let findings = match Database::check_file(file) {
        Ok(findings) => findings,
        Err(error) => return database::refused(&error),
    };
    let FileFindings { findings, pages_verified } = findings;
    let mut output = anstream::stdout();
    for finding in &findings {
        if writeln!(output, "{}", visible(finding)).is_err() {
            break;
        }
    }
    if !pages_verified {
        report::message("another process writes to the file: the pages of its store were not looked at");
    }
    match findings.len() {
        0 => Ending::Done,
        count => {
            report::message(&counted_words(count as u64, "finding"));
            Ending::Found
        }
    }
}

/// Returns a number of bytes as people read it.
fn size_words(size_bytes: u64) -> String {
    match size_bytes {
        0..10_000 => counted_words(size_bytes, "byte"),
        10_000..10_000_000 => format!("{} kB", size_bytes / 1000),
        _ => format!("{} MB", size_bytes / 1_000_000),
    }
}
