//! Feature files: as much of Gherkin as the TCK uses, read line by line.
//!
//! The common library for it refuses a file of the suite whose table cells hold escapes.

use crate::scenario::Step;

/// A feature file.
#[derive(Debug, Default)]
pub struct Feature {
    /// The steps before those of each scenario.
    pub background: Vec<Step>,
    /// The scenarios.
    pub scenarios: Vec<Written>,
}

/// A scenario as written.
#[derive(Debug, Default)]
pub struct Written {
    /// Its name.
    pub name: String,
    /// Whether it is tagged `@ignore`.
    pub ignored: bool,
    /// Whether its steps hold placeholders for the rows of examples.
    pub is_outline: bool,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Its tables of examples, the header first.
    pub examples: Vec<Vec<Vec<String>>>,
}

/// Reads a feature file.
pub fn read(text: &str) -> Feature {
    let mut feature = Feature::default();
    let (mut in_examples, mut ignored) = (false, false);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if trimmed.starts_with('@') {
            ignored = trimmed.split_whitespace().any(|tag| tag == "@ignore");
            continue;
        }
        if trimmed == "\"\"\"" {
            let document = document(line, &mut lines);
            last_step(&mut feature).document = document;
            continue;
        }
        if trimmed.starts_with('|') {
            let row = row(trimmed);
            match feature.scenarios.last_mut().and_then(|scenario| scenario.examples.last_mut()).filter(|_| in_examples)
            {
                Some(table) => table.push(row),
                None => last_step(&mut feature).table.push(row),
            }
            continue;
        }
        if let Some((keyword, rest)) = trimmed.split_once(':').filter(|(keyword, _)| is_heading(keyword)) {
            in_examples = keyword == "Examples";
            match keyword {
                "Scenario" | "Scenario Outline" => {
                    let (name, is_outline) = (rest.trim().to_owned(), keyword != "Scenario");
                    feature.scenarios.push(Written { name, ignored, is_outline, ..Written::default() });
                    ignored = false;
                }
                "Examples" => {
                    if let Some(scenario) = feature.scenarios.last_mut() {
                        scenario.examples.push(Vec::new());
                    }
                }
                _ => {}
            }
            continue;
        }
        if let Some(text) = step_text(trimmed) {
            steps(&mut feature).push(Step { text: text.to_owned(), ..Step::default() });
        }
    }
    feature
}

fn is_heading(keyword: &str) -> bool {
    matches!(keyword, "Feature" | "Background" | "Scenario" | "Scenario Outline" | "Examples")
}

fn step_text(line: &str) -> Option<&str> {
    ["Given ", "When ", "Then ", "And ", "But ", "* "].into_iter().find_map(|keyword| line.strip_prefix(keyword))
}

/// Returns where a step belongs: to the last scenario, before the first one to the background.
fn steps(feature: &mut Feature) -> &mut Vec<Step> {
    match feature.scenarios.last_mut() {
        Some(scenario) => &mut scenario.steps,
        None => &mut feature.background,
    }
}

fn last_step(feature: &mut Feature) -> &mut Step {
    steps(feature).last_mut().expect("a text or table stands below a step")
}

/// Reads a text up to its closing quotes, without the indentation of the opening ones.
fn document(opening: &str, lines: &mut std::str::Lines<'_>) -> String {
    let indentation = opening.len() - opening.trim_start().len();
    let body = lines.take_while(|line| line.trim() != "\"\"\"").map(|line| {
        let blank = line.len() - line.trim_start().len();
        &line[blank.min(indentation)..]
    });
    body.collect::<Vec<_>>().join("\n")
}

/// Reads the cells of a table's row; `\|`, `\\` and `\n` are escapes.
fn row(line: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut characters = line.chars().skip(1).peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('\\', Some(&next @ ('|' | '\\' | 'n'))) => {
                cell.push(if next == 'n' { '\n' } else { next });
                characters.next();
            }
            ('|', _) => cells.push(std::mem::take(&mut cell).trim_matches([' ', '\t']).to_owned()),
            (other, _) => cell.push(other),
        }
    }
    cells
}
