//! Scenarios out of feature files: outlines expanded, background merged in.

use std::path::{Path, PathBuf};

use crate::feature;

/// One scenario, ready to run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The folder below `features/`.
    pub folder: String,
    /// File, name and, for an outline, the example's number.
    pub id: String,
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Its text without the keyword.
    pub text: String,
    /// The text below it.
    pub document: String,
    /// The table below it.
    pub table: Vec<Vec<String>>,
}

/// Returns all scenarios below a folder, in order of file.
pub fn load(features: &Path) -> Vec<Scenario> {
    let mut files = Vec::new();
    find(features, &mut files);
    files.sort();
    files.iter().flat_map(|file| read(features, file)).collect()
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "feature") {
            files.push(path);
        }
    }
}

fn read(root: &Path, file: &Path) -> Vec<Scenario> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let relative = file.strip_prefix(root).unwrap_or(file);
    let folder = relative.parent().unwrap_or(Path::new("")).display().to_string();
    let feature = feature::read(&text);
    let mut scenarios = Vec::new();
    for written in feature.scenarios.iter().filter(|written| !written.ignored) {
        let steps: Vec<Step> = feature.background.iter().chain(&written.steps).cloned().collect();
        let id = format!("{}: {}", relative.display(), written.name);
        if !written.is_outline {
            scenarios.push(Scenario { folder: folder.clone(), id, steps });
            continue;
        }
        let examples = written.examples.iter().filter_map(|table| table.split_first());
        let rows = examples.flat_map(|(header, rows)| rows.iter().map(move |row| (header, row)));
        for (place, (header, row)) in rows.enumerate() {
            let steps = steps.iter().map(|step| step.with(header, row)).collect();
            scenarios.push(Scenario { folder: folder.clone(), id: format!("{id} #{}", place + 1), steps });
        }
    }
    scenarios
}

impl Step {
    /// Returns the step with the placeholders of an outline filled.
    fn with(&self, header: &[String], row: &[String]) -> Step {
        let fill = |text: &str| {
            let pairs = header.iter().zip(row);
            pairs.fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value))
        };
        let table = self.table.iter().map(|row| row.iter().map(|cell| fill(cell)).collect()).collect();
        Step { text: fill(&self.text), document: fill(&self.document), table }
    }
}
