//! The walls of the house: who may import whom, and the rules that a test can check.
//!
//! Reads every file under `src/` as text. ARCHITECTURE.md holds the same table in words; [`ARROWS`] is the one that counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// For each room, the rooms it may import.
const ARROWS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("diagnostic", &["text"]),
    ("value", &[]),
    ("tabular", &["diagnostic", "value"]),
    ("vector", &["value"]),
    ("knowledge", &["value"]),
    ("storage", &[]),
    ("graph", &["storage", "knowledge", "vector", "text", "value"]),
    ("syntax", &["diagnostic", "text"]),
    ("rdf", &["graph", "knowledge", "text", "value"]),
    ("sparql", &["rdf", "graph", "knowledge", "value", "diagnostic", "syntax", "binder", "planner", "executor"]),
    ("function", &["graph", "vector", "text", "value"]),
    ("procedure", &["graph", "knowledge", "vector", "text", "value"]),
    ("expression", &["function", "graph", "vector", "value", "diagnostic"]),
    (
        "binder",
        &[
            "syntax",
            "expression",
            "function",
            "procedure",
            "graph",
            "knowledge",
            "text",
            "value",
            "diagnostic",
            "vector",
        ],
    ),
    ("planner", &["binder", "expression", "function", "graph", "knowledge", "vector", "value", "diagnostic"]),
    (
        "executor",
        &[
            "planner",
            "binder",
            "expression",
            "function",
            "procedure",
            "graph",
            "tabular",
            "knowledge",
            "vector",
            "value",
            "diagnostic",
        ],
    ),
    ("exchange", &["rdf", "graph", "tabular", "knowledge", "vector", "text", "value", "diagnostic"]),
    ("output", &["knowledge", "text", "value"]),
    (
        "engine",
        &[
            "storage",
            "exchange",
            "sparql",
            "executor",
            "planner",
            "binder",
            "expression",
            "procedure",
            "function",
            "rdf",
            "syntax",
            "graph",
            "knowledge",
            "vector",
            "tabular",
            "text",
            "value",
            "diagnostic",
        ],
    ),
    ("shell", &["engine", "exchange", "output", "syntax", "text", "diagnostic", "value"]),
];

/// Of some rooms only one file may be imported from outside a few: binder and planner hand on their boundary types alone.
const NARROW: &[(&str, &str, &[&str])] = &[
    ("planner", "binder", &["bound"]),
    ("executor", "binder", &["bound"]),
    ("sparql", "binder", &["bound"]),
    ("executor", "planner", &["physical", "marking", "shortcut", "logical", "explain", "is_batchable"]),
];

/// Foreign libraries and the one place where each is named.
const DOORS: &[(&str, &str)] = &[
    ("pest", "syntax/"),
    ("pest_derive", "syntax/"),
    ("redb", "storage/"),
    ("petgraph", "procedure/"),
    ("rustyline", "shell/"),
    ("clap", "shell/"),
    ("clap_complete", "shell/"),
    ("clap_mangen", "shell/"),
    ("anstream", "shell/"),
    ("anstyle", "shell/"),
    ("etcetera", "shell/"),
    ("ctrlc", "shell/"),
    ("annotate_snippets", "diagnostic/"),
    ("jiff", "value/"),
    ("spareval", "sparql/"),
    ("spargebra", "sparql/"),
    ("sparesults", "sparql/"),
    ("oxrdfio", "exchange/"),
];

/// The most lines that a file may have, and the files that are tables of data.
const LINE_LIMIT: usize = 600;
const TABLES: &[&str] = &["text/variant.rs", "function/table.rs", "syntax/keywords.rs"];

/// Files that are tests as a whole.
const TESTS: &[&str] = &["expression/agreement.rs", "value/laws.rs", "exchange/rdf/round_trip_test.rs"];

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || TESTS.contains(&path)
}

/// The most lines that a function may have.
const FUNCTION_LIMIT: usize = 70;

/// One file under `src/`, by its path below it.
struct File {
    path: String,
    text: String,
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src can be read") {
            let path = entry.expect("src can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
                found.push(File { path: below, text: fs::read_to_string(&path).expect("a source file is UTF-8") });
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

/// Returns the code of a file without comments and string contents, so that words in prose do not count.
fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '/' if characters.peek() == Some(&'/') => while characters.next_if(|next| *next != '\n').is_some() {},
            '/' if characters.peek() == Some(&'*') => {
                let mut last = ' ';
                for next in characters.by_ref() {
                    if last == '*' && next == '/' {
                        break;
                    }
                    if next == '\n' {
                        out.push('\n');
                    }
                    last = next;
                }
            }
            '"' => {
                out.push('"');
                while let Some(next) = characters.next() {
                    match next {
                        '\\' => out.extend(characters.next().filter(|escaped| *escaped == '\n')),
                        '"' => break,
                        '\n' => out.push('\n'),
                        _ => {}
                    }
                }
                out.push('"');
            }
            // A character literal may hold a quotation mark.
            '\'' => {
                out.push('\'');
                let ahead: Vec<char> = characters.clone().take(3).collect();
                match ahead.as_slice() {
                    ['\\', _, '\''] => {
                        characters.nth(2);
                    }
                    [_, '\'', ..] => {
                        characters.nth(1);
                    }
                    _ => {}
                }
            }
            other => out.push(other),
        }
    }
    out
}

/// Returns the room of a path below `src/`; nothing for `lib.rs` and `main.rs`.
fn room(path: &str) -> Option<&str> {
    path.split_once('/').map(|(room, _)| room)
}

/// Returns what a file imports of other rooms: pairs of room and the name behind it.
fn imports(path: &str, text: &str) -> BTreeSet<(String, String)> {
    let code = code(text);
    let mut found = BTreeSet::new();
    let depth = path.matches('/').count() + usize::from(!path.ends_with("/mod.rs"));
    let rooms: BTreeSet<&str> = ARROWS.iter().map(|(room, _)| *room).collect();
    let squeezed: String =
        code.split_whitespace().collect::<Vec<_>>().join(" ").replace(":: ", "::").replace(" ::", "::");
    let supers = "super::".repeat(depth);
    for start in ["crate::", supers.as_str()] {
        for (place, _) in squeezed.match_indices(start) {
            let preceded = squeezed[..place].chars().next_back();
            if preceded.is_some_and(|before| before.is_alphanumeric() || before == '_' || before == ':') {
                continue;
            }
            let rest = &squeezed[place + start.len()..];
            if let Some(inner) = rest.strip_prefix('{') {
                for part in top_level(inner) {
                    add(&mut found, part.trim(), &rooms);
                }
            } else {
                add(&mut found, rest, &rooms);
            }
        }
    }
    found
}

/// Splits the inside of a brace at its top-level commas, up to the closing brace.
fn top_level(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (place, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&text[start..place]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    parts
}

fn add(found: &mut BTreeSet<(String, String)>, rest: &str, rooms: &BTreeSet<&str>) {
    let word = |text: &str| -> String {
        text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
    };
    let room = word(rest);
    if !rooms.contains(room.as_str()) {
        return;
    }
    let behind = rest[room.len()..].strip_prefix("::").unwrap_or("");
    if let Some(inner) = behind.strip_prefix('{') {
        for part in top_level(inner) {
            found.insert((room.clone(), word(part.trim())));
        }
    } else {
        found.insert((room.clone(), word(behind)));
    }
}

/// Returns what is wrong with a file's imports.
fn faults(path: &str, text: &str) -> Vec<String> {
    let Some(own) = room(path) else { return Vec::new() };
    let Some((_, allowed)) = ARROWS.iter().find(|(room, _)| *room == own) else {
        return vec![format!("{path}: no room `{own}` stands in the table")];
    };
    let mut faults = Vec::new();
    for (other, name) in imports(path, text) {
        if other == own {
            continue;
        }
        if !allowed.contains(&other.as_str()) {
            faults.push(format!("{path}: `{own}` may not import `{other}` ({name})"));
        }
        for (from, to, names) in NARROW {
            if *from == own && *to == other && !names.contains(&name.as_str()) {
                faults.push(format!("{path}: `{own}` may import only {names:?} of `{other}`, not `{name}`"));
            }
        }
    }
    let code = code(text);
    for (library, door) in DOORS {
        let named =
            [format!("use {library}::"), format!(" {library}::"), format!("({library}::"), format!("<{library}::")];
        if !path.starts_with(door) && named.iter().any(|way| code.contains(way.as_str())) {
            faults.push(format!("{path}: `{library}` is named outside `{door}`"));
        }
    }
    if code.contains("petgraph::graph") || code.contains("petgraph::stable_graph") {
        faults.push(format!("{path}: petgraph's own graphs hold copies"));
    }
    faults
}

#[test]
fn arrows_point_down() {
    let faults: Vec<String> = files().iter().flat_map(|file| faults(&file.path, &file.text)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_table_has_no_circle() {
    let below: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    while done.len() < below.len() {
        let free: Vec<&str> = below
            .iter()
            .filter(|(room, needs)| !done.contains(*room) && needs.iter().all(|need| done.contains(need)))
            .map(|(room, _)| *room)
            .collect();
        assert!(
            !free.is_empty(),
            "a circle among {:?}",
            below.keys().filter(|room| !done.contains(*room)).collect::<Vec<_>>()
        );
        done.extend(free);
    }
}

#[test]
fn every_file_says_its_job() {
    let silent: Vec<String> =
        files().into_iter().filter(|file| !file.text.starts_with("//! ")).map(|file| file.path).collect();
    assert!(silent.is_empty(), "without a header: {silent:?}");
}

#[test]
fn files_and_functions_stay_short() {
    let mut long = Vec::new();
    for file in files() {
        let lines = file.text.lines().count();
        if lines > LINE_LIMIT && !TABLES.contains(&file.path.as_str()) {
            long.push(format!("{}: {lines} lines", file.path));
        }
        if !TABLES.contains(&file.path.as_str()) {
            long.extend(long_functions(&file));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// Finds functions over the limit: from the line of `fn` to the brace that closes at its indentation.
fn long_functions(file: &File) -> Vec<String> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut long = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let words =
            trimmed.trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ").trim_start_matches("pub ");
        if !words.starts_with("fn ") {
            continue;
        }
        let indent = &line[..line.len() - trimmed.len()];
        let close = format!("{indent}}}");
        let length = lines[start..].iter().position(|line| *line == close);
        if let Some(length) = length.filter(|length| *length + 1 > FUNCTION_LIMIT) {
            let name: String =
                words[3..].chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
            long.push(format!("{}: fn {name} has {} lines", file.path, length + 1));
        }
    }
    long
}

#[test]
fn names_are_imported_one_by_one() {
    let mut globs = Vec::new();
    for file in files().into_iter().filter(|file| !is_test(&file.path)) {
        let tests = file.text.find("mod tests").unwrap_or(file.text.len());
        for line in code(&file.text[..tests]).lines() {
            let line = line.trim();
            let is_own = ["use super::", "use crate::", "use self::"].iter().any(|start| line.contains(start));
            if is_own && line.ends_with("*;") {
                globs.push(format!("{}: {line}", file.path));
            }
        }
    }
    assert!(globs.is_empty(), "{}", globs.join("\n"));
}

#[test]
fn the_engine_knows_no_domain() {
    let words = ["park", "parks", "province", "policy", "policies", "fund", "funds"];
    let mut found = Vec::new();
    for file in files().into_iter().filter(|file| !is_test(&file.path)) {
        let own = &file.text[..file.text.find("mod tests").unwrap_or(file.text.len())];
        let uncommented: String =
            own.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        // The tables of characters hold every character there is, and tests may speak of anything.
        if !file.path.starts_with("text/") && uncommented.contains('园') {
            found.push(format!("{}: 园", file.path));
        }
        for word in uncommented.split(|character: char| !character.is_alphabetic()) {
            if words.contains(&word.to_lowercase().as_str()) {
                found.push(format!("{}: {word}", file.path));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_bad_file_is_found() {
    let bad = |path: &str, text: &str| !faults(path, text).is_empty();
    assert!(bad("storage/file.rs", "use crate::value::Value;"));
    assert!(bad("syntax/parser.rs", "use crate::{diagnostic::Diagnostic, graph::Snapshot};"));
    assert!(bad("graph/nodes.rs", "fn x() { crate::engine::open(); }"));
    assert!(bad("graph/nodes.rs", "use super::super::planner::plan;"));
    assert!(bad("executor/run.rs", "use crate::binder::Binder;"));
    assert!(bad("planner/lower.rs", "use crate::binder::{bound::Match, Binder};"));
    assert!(bad("graph/nodes.rs", "use redb::Database;"));
    assert!(bad("procedure/algorithm.rs", "use petgraph::graph::Graph;"));
    assert!(bad("cellar/mod.rs", "fn x() {}"));
    assert!(!bad("graph/nodes.rs", "// use crate::engine::Database;\nuse crate::value::Value;"));
    assert!(!bad("graph/nodes.rs", "const TEXT: &str = \"crate::engine\";"));
    let long = format!("fn long() {{\n{}}}\n", "    x();\n".repeat(FUNCTION_LIMIT));
    assert_eq!(long_functions(&File { path: "x.rs".into(), text: long }).len(), 1);
}
