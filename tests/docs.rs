//! Every example of the manuals is run, and gives exactly what stands under it; `UPDATE=1` writes what it gives.
//!
//! Two forms count. A block of `cypher` with a block of `text` behind it: the text is what `yuanpu query --format table` writes, rows first,
//! then what goes to standard error but the notes. A row of a table whose head is `| function | what it gives | example | gives |`: `RETURN` the example.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const PROGRAM: &str = env!("CARGO_BIN_EXE_yuanpu");
const PAGES: [&str; 3] = ["language.md", "errors.md", "claims.md"];
const CODE: &str = "```cypher\n";
const OUTPUT: &str = "```\n```text\n";
const END: &str = "```\n";
const TABLE_HEAD: &str = "| function | what it gives | example | gives |";

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Words, kept as they are.
    Prose(String),
    /// A query, and what it writes.
    Example { query: String, output: String },
}

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(page(name)).expect("the page is there")
}

/// Runs the program without colours, and returns what it writes: rows, then words.
fn written(arguments: &[&str], input: &str) -> (String, String) {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("it was asked for").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes text");
    (text(output.stdout), text(output.stderr))
}

fn cut(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(place) = rest.find(CODE) {
        let start = place + CODE.len();
        pieces.push(Piece::Prose(rest[..place].to_owned()));
        let length = rest[start..].find(OUTPUT).expect("a block of text follows each block of cypher");
        let query = rest[start..start + length].to_owned();
        assert!(!query.contains("```"), "a block of text follows each block of cypher: {query}");
        let behind = start + length + OUTPUT.len();
        let end = rest[behind..].find(END).expect("the block of text ends");
        pieces.push(Piece::Example { query, output: rest[behind..behind + end].to_owned() });
        rest = &rest[behind + end + END.len()..];
    }
    pieces.push(Piece::Prose(rest.to_owned()));
    pieces
}

fn join(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Prose(words) => words.clone(),
        Piece::Example { query, output } => format!("{CODE}{query}{OUTPUT}{output}{END}"),
    };
    pieces.iter().map(text).collect()
}

/// Runs the examples, two at a time: each has a graph of its own, so that none sees what another writes.
fn run(pieces: &mut [Piece]) {
    let queries: Vec<(usize, String)> = pieces
        .iter()
        .enumerate()
        .filter_map(|(place, piece)| match piece {
            Piece::Example { query, .. } => Some((place, query.clone())),
            Piece::Prose(_) => None,
        })
        .collect();
    let (next, answers) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((place, query)) = queries.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (rows, words) = written(&["query", "--format", "table", query.trim_end()], "");
            // Blanks that only fill a column up would not survive editors.
            let lines = rows.lines().chain(words.lines().filter(|line| !line.starts_with("note: "))).map(str::trim_end);
            let output = lines.map(|line| format!("{line}\n")).collect::<String>();
            answers.lock().expect("no worker panics").push((*place, output));
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    for (place, answer) in answers.into_inner().expect("no worker panics") {
        if let Piece::Example { output, .. } = &mut pieces[place] {
            *output = answer;
        }
    }
}

/// Fills the last cell of the tables of functions; one run of the program answers them all.
fn fill_tables(text: &str) -> String {
    let mut in_table = false;
    let is_row: Vec<bool> = text
        .lines()
        .map(|line| {
            in_table = line.starts_with('|') && (in_table || line == TABLE_HEAD);
            in_table && line != TABLE_HEAD && !line.starts_with("| --")
        })
        .collect();
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> =
        text.lines().zip(&is_row).filter(|(_, is_row)| **is_row).map(|(line, _)| cells(line)).collect();
    let script: String = rows.iter().map(|row| format!("RETURN {} AS x;\n", row[2].trim_matches('`'))).collect();
    if rows.is_empty() {
        return text.to_owned();
    }
    let (answers, words) = written(&["run", "--format", "jsonl", "-"], &script);
    assert_eq!(words, "", "the examples of functions are right");
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(answers.len(), rows.len(), "each example gives one row");
    let mut filled = rows.iter().zip(answers);
    let mut page = String::new();
    for (line, is_row) in text.lines().zip(&is_row) {
        match filled.next_if_row(*is_row) {
            Some((row, answer)) => {
                let value = answer.strip_prefix("{\"x\":").and_then(|rest| rest.strip_suffix('}')).unwrap_or(answer);
                page.push_str(&format!("| {} | {} | {} | `{value}` |", row[0], row[1], row[2]));
            }
            None => page.push_str(line),
        }
        page.push('\n');
    }
    page
}

/// Takes the next item only for a row.
trait NextIfRow: Iterator + Sized {
    fn next_if_row(&mut self, is_row: bool) -> Option<Self::Item> {
        if is_row { self.next() } else { None }
    }
}

impl<Items: Iterator> NextIfRow for Items {}

#[test]
fn the_examples_give_what_stands_under_them() {
    for name in PAGES {
        let text = read(name);
        let mut pieces = cut(&text);
        assert_eq!(join(&pieces), text, "{name} is read as it is written");
        run(&mut pieces);
        let fresh = fill_tables(&join(&pieces));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(page(name), fresh).expect("the page can be written");
            continue;
        }
        let differing = text.lines().zip(fresh.lines()).enumerate().find(|(_, (old, new))| old != new);
        assert!(fresh == text, "{name} is out of date, first here: {differing:#?}; `UPDATE=1` writes it anew");
    }
}

#[test]
fn nothing_is_left_out_of_the_manual() {
    let manual = read("language.md");
    let script = "SHOW FUNCTIONS YIELD name; CALL db.procedures() YIELD name;";
    let (names, words) = written(&["run", "--format", "jsonl", "-"], script);
    assert_eq!(words, "");
    let names = names.lines().filter_map(|line| line.strip_prefix("{\"name\":\"")?.strip_suffix("\"}"));
    let missing: Vec<&str> = names.filter(|name| !manual.contains(&format!("`{name}("))).collect();
    assert_eq!(missing, Vec::<&str>::new(), "the manual names every function and procedure");
}

#[test]
fn every_clause_and_operator_has_a_place_in_the_manual() {
    let manual = read("language.md");
    let grammar = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar").join(name);
        fs::read_to_string(path).expect("the grammar is there")
    };
    let clauses = grammar("clause.pest");
    let list =
        clauses.split_once("clause = _{").and_then(|(_, rest)| rest.split_once('}')).expect("clauses are listed").0;
    let words =
        list.split(|letter: char| !(letter.is_ascii_alphabetic() || letter == '_')).filter(|word| !word.is_empty());
    for rule in words {
        let word = match rule {
            "optional_call" | "call_clause" => "CALL".to_owned(),
            "page" => "ORDER BY".to_owned(),
            other => other.trim_end_matches("_clause").replace('_', " ").to_uppercase(),
        };
        let is_there = manual.lines().any(|line| line.starts_with("### ") && line.contains(&word))
            || manual.contains(&format!("`{word}"));
        assert!(is_there, "the manual says nothing of {word}");
    }
    let operators = grammar("expression.pest");
    for line in operators.lines().filter(|line| line.starts_with("op_")) {
        let sign = line.split('"').nth(1).expect("an operator has a sign");
        assert!(manual.contains(&format!("`{sign}`")), "the manual says nothing of `{sign}`");
    }
}

/// Returns the names that a source file gives its kinds of errors: the texts behind `=>`, and the second of each pair.
fn kinds_in(path: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there");
    let is_name = |text: &str| text.starts_with(char::is_uppercase) && text.chars().all(char::is_alphabetic);
    let mut kinds = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        let quoted: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        match quoted[..] {
            [family, kind] if is_name(family) && is_name(kind) => kinds.push(kind.to_owned()),
            [kind] if is_name(kind) && (line.contains("=> \"") || line.contains("Diagnostic::warning(\"")) => {
                kinds.push(kind.to_owned());
            }
            _ => {}
        }
    }
    kinds
}

#[test]
fn every_kind_of_error_has_its_place_in_the_manual() {
    let manual = read("errors.md");
    let headings: Vec<&str> =
        manual.lines().filter_map(|line| line.strip_prefix("### ")).flat_map(|names| names.split(", ")).collect();
    // Families, which stand before the stroke; the manual is ordered by what stands behind it.
    let families =
        ["TypeError", "ArgumentError", "ArithmeticError", "SyntaxError", "ProcedureError", "ParameterMissing"];
    let files = [
        "src/syntax/error.rs",
        "src/binder/error.rs",
        "src/binder/names.rs",
        "src/binder/bind_operator.rs",
        "src/value/error.rs",
        "src/engine/error.rs",
    ];
    let mut missing: Vec<String> = files.iter().flat_map(|file| kinds_in(file)).collect();
    assert!(missing.len() > 80, "the files are read: {missing:?}");
    missing.retain(|kind| !headings.contains(&kind.as_str()) && !families.contains(&kind.as_str()));
    assert_eq!(missing, Vec::<String>::new(), "each kind of error stands in docs/errors.md");
}
