//! `import PATH…`: graph packages, folders with `import.toml`, files of rows, RDF, into a database file; all of it or nothing.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::engine::{ImportHints, ImportProgress, ImportReport, ImportSource};

use super::arguments::{Arguments, ImportArguments};
use super::ending::Ending;
use super::interrupt::Unfinished;
use super::output_file::OutputFile;
use super::printer::counted_words;
use super::{database, interrupt, report, terminal, wrong_call};

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(200);

/// Runs the import.
pub(super) fn run(arguments: &Arguments, import: &ImportArguments) -> Ending {
    let Some(file) = arguments.database_file() else {
        return wrong_call("`import` needs a database file: --database FILE");
    };
    let hints =
        ImportHints { label: import.label.as_deref(), key: import.key.as_deref(), base: import.base.as_deref() };
    let source = |path: &PathBuf| ImportSource::of(path, hints);
    let sources: Vec<ImportSource> = match import.paths.iter().map(source).collect() {
        Ok(sources) => sources,
        Err(words) => return wrong_call(&words),
    };
    if import.skip_bad_rows.is_some() && sources.iter().any(ImportSource::is_whole) {
        return wrong_call(
            "a graph package and a folder of `export csv` come in whole or not at all; `--skip-bad-rows` does not go with them",
        );
    }
    interrupt::listen();
    let mut aside = match import.skip_bad_rows.as_deref().map(|path| begin_aside(path, file, &import.paths)).transpose()
    {
        Ok(aside) => aside,
        Err(words) => return wrong_call(&words),
    };
    let is_new = !file.exists();
    let database = match database::open_file(file, database::options(arguments)) {
        Ok(database) => database,
        Err(ending) => return ending,
    };
    let started = Instant::now();
    // A file that was made for this import alone says nothing before it has come in.
    let unfinished = is_new.then(|| Unfinished::new(file));
    let mut progress = Progress::new();
    let bad_rows = aside.as_mut().map(|aside| aside as &mut dyn Write);
    let loaded = database.import(&sources, &mut |told| progress.tell(told), bad_rows);
    progress.clear();
    let finished = if loaded.is_ok() { aside.map_or(Ok(()), OutputFile::finish) } else { Ok(()) };
    drop(unfinished);
    match (loaded, finished) {
        (Ok(total), Ok(())) => {
            if is_new {
                // The container doubles its file when it needs room. If nothing can be given back, the file is larger, and that is all.
                let _ = database.compact();
            }
            summarise(&total, started.elapsed(), import);
            Ending::Done
        }
        (Ok(_), Err(error)) => {
            report::message(&format!("error: all is imported but the bad rows, which cannot be put aside: {error}"));
            Ending::Failed
        }
        (Err(error), _) => {
            report::diagnostic(&error.to_diagnostic(), "", None);
            drop(database);
            if is_new {
                let _ = std::fs::remove_file(file);
            }
            Ending::from(&error)
        }
    }
}

/// Begins the file for bad rows, which is none of those that are read or written.
fn begin_aside(path: &Path, database: &Path, sources: &[PathBuf]) -> Result<OutputFile, String> {
    let mut in_use: Vec<&Path> = sources.iter().map(PathBuf::as_path).collect();
    in_use.push(database);
    let is_part = |source: &&PathBuf| source.is_dir() && inside(path, source) && path.exists();
    if let Some(folder) = sources.iter().find(is_part) {
        return Err(format!(
            "`{}` is part of `{}`, which is being read; name another file",
            path.display(),
            folder.display()
        ));
    }
    OutputFile::begin(path, &in_use)
}

/// Says whether a file that is there lies in a folder.
fn inside(path: &Path, folder: &Path) -> bool {
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}

fn summarise(total: &ImportReport, elapsed: Duration, import: &ImportArguments) {
    let (nodes, relationships) = (total.nodes, total.relationships);
    let mut words = format!(
        "imported {}, {} in {:.1} s ({} a second)",
        counted_words(nodes, "node"),
        counted_words(relationships, "relationship"),
        elapsed.as_secs_f64(),
        rate(nodes + relationships, elapsed),
    );
    if let (Some(aside), true) = (&import.skip_bad_rows, total.bad_rows > 0) {
        words.push_str(&format!("; {} put aside in {}", counted_words(total.bad_rows, "bad row"), aside.display()));
    }
    report::message(&words);
}

fn rate(count: u64, elapsed: Duration) -> u64 {
    (count as f64 / elapsed.as_secs_f64().max(1e-3)) as u64
}

/// A line on the terminal that says how far the import is.
struct Progress {
    started: Instant,
    told: Option<Instant>,
    visible: bool,
    shown: bool,
}

impl Progress {
    fn new() -> Progress {
        Progress { started: Instant::now(), told: None, visible: terminal::messages_are_read(), shown: false }
    }

    fn tell(&mut self, told: &ImportProgress) {
        if !self.visible || self.told.is_some_and(|told| told.elapsed() < TELL_EVERY) {
            return;
        }
        self.told = Some(Instant::now());
        let elapsed = self.started.elapsed();
        let mut words = format!("{}: {} rows, {} a second", told.file, told.rows, rate(told.rows, elapsed));
        if told.bytes_total > 0 {
            let share = told.bytes_read.min(told.bytes_total) as f64 / told.bytes_total as f64;
            words.push_str(&format!(", {:.0} %", share * 100.0));
            if share > 0.02 {
                words.push_str(&format!(", {} left", time_words(elapsed.mul_f64((1.0 - share) / share))));
            }
        }
        self.show(&words);
    }

    fn show(&mut self, words: &str) {
        self.shown = true;
        let _ = write!(io::stderr(), "\r\x1b[K{}", crate::text::visible(words));
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn time_words(left: Duration) -> String {
    match left.as_secs() {
        seconds @ 0..100 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}
