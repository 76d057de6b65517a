//! What people write by mistake, and what they are told: `tests/slips.txt`, a case a paragraph.
//!
//! ```text
//! MTACH (n) RETURN n
//! ----
//! error[SyntaxError/UnexpectedSyntax]: `MTACH` cannot stand here; expected a statement
//! …
//! ```
//!
//! What stands below `----` is what `yuanpu query` writes to standard error over the built-in graph. None of the slips may end in silence:
//! each is told where it is (line, column, underlined) and what to write instead. `UPDATE=1 cargo test --test slips` writes what comes out
//! into the file; read the difference before committing it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many slips there must be.
const LEAST: usize = 60;

/// A slip: what stands before it in the file, the text, and what is said to it.
#[derive(Clone, Debug)]
struct Case {
    heading: String,
    text: String,
    said: String,
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/slips.txt")
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let (mut heading, mut query) = (String::new(), String::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        match line {
            "----" => {
                let said: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
                let said = said.iter().map(|line| format!("{line}\n")).collect();
                cases.push(Case {
                    heading: std::mem::take(&mut heading),
                    text: std::mem::take(&mut query).trim_end().to_owned(),
                    said,
                });
            }
            line if query.is_empty() && (line.is_empty() || line.starts_with("// ")) => {
                heading.push_str(line);
                heading.push('\n');
            }
            line => {
                query.push_str(line);
                query.push('\n');
            }
        }
    }
    assert_eq!(query, "", "the last slip has no answer: write `----` behind it");
    cases
}

fn written(cases: &[Case]) -> String {
    let case = |case: &Case| format!("{}{}\n----\n{}\n", case.heading, case.text, case.said);
    cases.iter().map(case).collect()
}

/// Returns what the program says to a text.
fn said_to(text: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_yuanpu"))
        .args(["query", "--format", "csv", "--", text])
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let words = String::from_utf8(output.stderr).expect("the program writes text");
    let lines = words.lines().filter(|line| !line.starts_with("note: "));
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Asks all, two at a time.
fn ask(cases: &mut [Case]) {
    let texts: Vec<String> = cases.iter().map(|case| case.text.clone()).collect();
    let (next, answers) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((place, text)) = texts.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
            let said = said_to(text);
            answers.lock().expect("no worker panics").push((place, said));
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    for (place, said) in answers.into_inner().expect("no worker panics") {
        cases[place].said = said;
    }
}

#[test]
fn no_slip_ends_in_silence() {
    let text = std::fs::read_to_string(file()).expect("the file is there");
    let mut asked = cases(&text);
    assert!(asked.len() >= LEAST, "{} slips are not enough", asked.len());
    ask(&mut asked);
    let silent: Vec<&Case> = asked
        .iter()
        .filter(|case| {
            !(case.said.contains(" --> query:") && case.said.contains('^') && case.said.contains("= help: "))
        })
        .collect();
    let fresh = written(&asked);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file(), &fresh).expect("the file can be written");
    }
    assert!(silent.is_empty(), "without place or cure: {silent:#?}");
    let differing = text.lines().zip(fresh.lines()).enumerate().find(|(_, (old, new))| old != new);
    assert!(
        fresh == text || std::env::var_os("UPDATE").is_some(),
        "another answer than expected, first here: {differing:#?}; `UPDATE=1` writes it anew"
    );
}

#[test]
fn the_place_is_underlined_by_width() {
    let text = std::fs::read_to_string(file()).expect("the file is there");
    for case in cases(&text) {
        let lines: Vec<&str> = case.said.lines().collect();
        let shown = lines.iter().position(|line| line.starts_with("1 | "));
        let Some(shown) = shown.filter(|_| !case.text.contains('\n')) else { continue };
        let (line, marks) = (lines[shown], lines[shown + 1]);
        let start = marks.find('^').expect("the place is marked");
        let column: usize = lines
            .iter()
            .find_map(|line| line.trim_start().strip_prefix("--> query:1:"))
            .and_then(|column| column.parse().ok())
            .expect("the place is told");
        let before: String = line.chars().skip(4).take(column - 1).collect();
        assert_eq!(unicode_width::UnicodeWidthStr::width(before.as_str()) + 4, start, "{}", case.text);
    }
}
