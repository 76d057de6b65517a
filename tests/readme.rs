//! Every example of README.md, run: the sessions at the prompt, the commands of a shell, the script that stands beside them.
//!
//! A block `text` with lines that begin with `yuanpu> ` is one session; a block `cypher` is the file that the line before it names; a block
//! `console` holds commands behind `$ `, each with what it writes. The ten lines of Rust run as a documentation test (src/lib.rs).
//! `UPDATE=1 cargo test --test readme` writes what comes out.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_yuanpu");
const PROMPT: &str = "yuanpu> ";

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// Runs a command line in a folder, with the program on its path; returns what it writes, both streams in the order of writing.
fn shell(line: &str, folder: &Path) -> String {
    let programs = Path::new(PROGRAM).parent().expect("the program stands in a folder").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {line}")])
        .current_dir(folder)
        .env("PATH", format!("{programs}:{path}"))
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .output()
        .expect("there is a shell");
    String::from_utf8(output.stdout).expect("it writes text")
}

/// Runs one line of a session as the prompt would, after those before it; returns what it writes.
fn prompt(line: &str) -> String {
    let mut child = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; '{PROGRAM}'")])
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("there is a shell");
    let mut input = child.stdin.take().expect("it was asked for");
    write!(input, ":format table\n{line}\n").expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    // A script's place has the name of its input, and a line more.
    String::from_utf8(output.stdout)
        .expect("it writes text")
        .replace(" --> -:2:", " --> query:1:")
        .replace("\n2 | ", "\n1 | ")
}

fn lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Returns the page with what its examples give.
fn fresh(text: &str, folder: &Path) -> String {
    let mut page = String::new();
    let mut named = None;
    let mut rest = text.lines();
    while let Some(line) = rest.next() {
        page.push_str(&format!("{line}\n"));
        let Some(language) = line.strip_prefix("```") else {
            let name = line.split('`').nth(1).filter(|name| name.ends_with(".cypher"));
            named = name.map(str::to_owned).or(named);
            continue;
        };
        let block: Vec<&str> = rest.by_ref().take_while(|line| *line != "```").collect();
        if let ("cypher", Some(name)) = (language, &named) {
            fs::write(folder.join(name), block.join("\n")).expect("there is room");
        }
        let begin = if language == "console" { "$ " } else { PROMPT };
        let runs = matches!(language, "console" | "text") && block.iter().any(|line| line.starts_with(begin));
        for line in block {
            match line.strip_prefix(begin).filter(|_| runs) {
                Some(command) if language == "console" => {
                    page.push_str(&format!("{line}\n{}", lines(&shell(command, folder))));
                }
                Some(statement) => page.push_str(&format!("{line}\n{}", lines(&prompt(statement)))),
                None if runs => {}
                None => page.push_str(&format!("{line}\n")),
            }
        }
        page.push_str("```\n");
    }
    page
}

#[cfg(unix)]
#[test]
fn the_examples_give_what_stands_below_them() {
    let folder = tempfile::tempdir().expect("there is room");
    let text = fs::read_to_string(page()).expect("the page is there");
    let fresh = fresh(&text, folder.path());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(page(), &fresh).expect("the page can be written");
        return;
    }
    let differing = text.lines().zip(fresh.lines()).enumerate().find(|(_, (old, new))| old != new);
    assert!(fresh == text, "README.md is out of date, first here: {differing:#?}; `UPDATE=1` writes it anew");
}
