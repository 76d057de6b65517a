//! Every query of the openCypher TCK is read, or refused with the detail that its scenario names; what is read prints and reads back.

use std::path::{Path, PathBuf};

use super::formatting::spoils;
use super::round_trip;
use crate::syntax::parse_statement;

/// A query of a scenario, with the detail of the SyntaxError that it expects, if any.
struct Case {
    place: String,
    query: String,
    refused_with: Option<String>,
    /// Whether it is the first of its outline's rows; the others are only read.
    first: bool,
}

/// Returns the feature files, or nothing if the suite is not there.
fn features() -> Vec<PathBuf> {
    let root = std::env::var("YUANPU_TCK").unwrap_or_else(|_| "../shared/tck".to_owned());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let mut folders = vec![root.join("features")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "feature") {
                files.push(path);
            }
        }
    }
    files.sort();
    if files.is_empty() {
        assert!(std::env::var_os("YUANPU_REQUIRE_SUITES").is_none(), "the openCypher TCK is not there: set YUANPU_TCK");
        println!("the openCypher TCK is not there (YUANPU_TCK): nothing compared");
    }
    files
}

/// A scenario as far as its queries go.
#[derive(Default)]
struct Scenario {
    name: String,
    /// Queries, and whether the step executes it (rather than sets the scene).
    queries: Vec<(String, bool)>,
    refused_with: Option<String>,
    /// The rows of the tables of examples, by name.
    rows: Vec<Vec<(String, String)>>,
}

/// Returns the queries of a feature file; outlines are filled in.
fn cases(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).unwrap();
    let file = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut scenarios: Vec<Scenario> = vec![Scenario::default()];
    let mut header: Option<Vec<String>> = None;
    let mut in_examples = false;
    let mut lines = text.lines();
    let mut last_step = "";
    while let Some(line) = lines.next() {
        let line = line.trim();
        let current = scenarios.last_mut().unwrap();
        if let Some((_, name)) = line.split_once(": ").filter(|_| line.starts_with("Scenario")) {
            in_examples = false;
            scenarios.push(Scenario { name: name.to_owned(), ..Scenario::default() });
        } else if line.starts_with("Background") {
            scenarios.push(Scenario::default());
        } else if line.starts_with("Examples:") {
            (in_examples, header) = (true, None);
        } else if line == "\"\"\"" {
            let query: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != "\"\"\"").collect();
            current.queries.push((query.join("\n"), last_step.contains("executing query")));
        } else if line.starts_with('|') && in_examples {
            match &header {
                None => header = Some(cells(line)),
                Some(header) => current.rows.push(header.iter().cloned().zip(cells(line)).collect()),
            }
        } else if !line.starts_with('|') && !line.is_empty() {
            last_step = line;
            if let Some((_, detail)) = line.split_once("a SyntaxError should be raised at compile time: ") {
                current.refused_with = Some(detail.to_owned());
            }
        }
    }
    scenarios.iter().flat_map(|scenario| filled(scenario, &file)).collect()
}

/// Fills each row of examples into the queries of a scenario.
fn filled(scenario: &Scenario, file: &str) -> Vec<Case> {
    let no_row = vec![Vec::new()];
    let rows = if scenario.rows.is_empty() { &no_row } else { &scenario.rows };
    let mut cases = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let fill = |text: &str| {
            row.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value))
        };
        for (query, executed) in &scenario.queries {
            let refused_with = scenario.refused_with.as_deref().map(fill).filter(|_| *executed);
            cases.push(Case {
                place: format!("{file} {}", scenario.name),
                query: fill(query),
                refused_with,
                first: number == 0,
            });
        }
    }
    cases
}

/// Returns the cells of a table's row, escapes resolved.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut characters = line.trim().trim_start_matches('|').chars();
    while let Some(character) = characters.next() {
        match character {
            '|' => cells.push(String::new()),
            '\\' => match characters.next() {
                Some('n') => cells.last_mut().unwrap().push('\n'),
                Some(escaped @ ('|' | '\\')) => cells.last_mut().unwrap().push(escaped),
                Some(other) => cells.last_mut().unwrap().extend(['\\', other]),
                None => {}
            },
            _ => cells.last_mut().unwrap().push(character),
        }
    }
    cells.pop();
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// What the text alone must refuse; other details are the binder's.
const OURS: &[&str] = &[
    "UnexpectedSyntax",
    "InvalidNumberLiteral",
    "IntegerOverflow",
    "FloatingPointOverflow",
    "InvalidUnicodeLiteral",
    "InvalidUnicodeCharacter",
    "InvalidParameterUse",
    "InvalidRelationshipPattern",
    "RequiresDirectedRelationship",
    "CreatingVarLength",
    "InvalidClauseComposition",
    "InvalidArgumentPassingMode",
];

#[test]
fn the_tck_is_read_and_refused_as_it_says() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in features().iter().flat_map(|path| cases(path)) {
        count += 1;
        let place = &case.place;
        match (parse_statement(&case.query), &case.refused_with) {
            (Ok(_), Some(detail)) if OURS.contains(&detail.as_str()) => {
                wrong.push(format!("{place}: should be refused with {detail}\n{}", case.query));
            }
            (Err(error), Some(detail)) if error.kind.name() != detail => {
                wrong.push(format!("{place}: {} instead of {detail}: {error}\n{}", error.kind.name(), case.query));
            }
            (Ok(tree), _) if case.first => {
                let spoilt = round_trip(&case.query, &tree).or_else(|| spoils(&case.query, &tree));
                wrong.extend(spoilt.map(|message| format!("{place}: {message}")));
            }
            (Err(error), None) => wrong.push(format!("{place}: {error}\n{}", case.query)),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {count} wrong:\n{}", wrong.len(), wrong.join("\n\n"));
    println!("{count} queries");
}

#[test]
fn the_yardstick_s_queries_are_read_and_come_back() {
    let path = std::env::var("YUANPU_BENCH").unwrap_or_else(|_| "../shared/bench".to_owned());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path).join("queries.toml");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("the yardstick's queries are not there (YUANPU_BENCH): nothing read");
        return;
    };
    let table: toml::Table = text.parse().unwrap();
    let queries =
        table["query"].as_array().unwrap().iter().flat_map(|query| ["cypher", "cypher_ours"].map(|key| query.get(key)));
    for query in queries.flatten().filter_map(|query| query.as_str()) {
        match parse_statement(query) {
            Ok(tree) => assert_eq!(round_trip(query, &tree).or_else(|| spoils(query, &tree)), None),
            Err(error) => panic!("{query}\n{error}"),
        }
    }
}

/// Returns the files below a folder of the repository with an ending, in order.
fn files_below(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn every_script_of_ours_comes_back() {
    let (mut count, mut wrong) = (0, Vec::new());
    let scripts = files_below("tests/scripts", "txt").into_iter().chain(files_below("data/queries", "cypher"));
    for file in scripts {
        let text = std::fs::read_to_string(&file).unwrap();
        // What a statement gives stands below `----`, up to an empty line.
        let mut is_answer = false;
        let lines = text.lines().filter(|line| {
            is_answer = (is_answer && !line.is_empty()) || line.starts_with("----");
            !is_answer
        });
        let script = lines.collect::<Vec<_>>().join("\n");
        for statement in crate::syntax::split_script(&script) {
            if let Ok(tree) = parse_statement(statement.text) {
                count += 1;
                wrong.extend(round_trip(statement.text, &tree).or_else(|| spoils(statement.text, &tree)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(count > 250, "only {count} statements were found");
}
