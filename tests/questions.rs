//! The questions worth asking: every script in `data/queries` is run on the built-in graph, and its answer is held against
//! `tests/questions`. `UPDATE=1 cargo test --test questions` writes the answers anew; read the difference before it is committed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use yuanpu::{Answer, Connection, Database, ResultValue};

#[test]
fn every_question_has_the_answer_that_the_documents_give() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let update = env::var_os("UPDATE").is_some();
    let mut connection = Database::builtin().expect("the built-in graph opens").connect();
    let mut wrong = Vec::new();
    let scripts = scripts(&folder.join("data/queries"));
    assert!(!scripts.is_empty(), "there are questions");
    for script in scripts {
        let name = script.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let answer = answer(&mut connection, &fs::read_to_string(&script).expect("the script is readable"));
        let expected_file = folder.join("tests/questions").join(format!("{name}.txt"));
        if update {
            fs::write(&expected_file, &answer).expect("the answer can be written");
        } else if fs::read_to_string(&expected_file).unwrap_or_default() != answer {
            wrong.push(format!("{name}:\n{answer}"));
        }
    }
    assert!(wrong.is_empty(), "answers that are not those expected:\n\n{}", wrong.join("\n"));
}

fn scripts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut scripts: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    scripts.retain(|path| path.extension().is_some_and(|ending| ending == "cypher"));
    scripts.sort();
    scripts
}

/// Runs a script's statements, each of which ends with a semicolon at the end of a line.
fn answer(connection: &mut Connection, script: &str) -> String {
    let mut text = String::new();
    for statement in script.split_inclusive(";\n").filter(|part| part.contains(';')) {
        match connection.run(statement.trim_end().trim_end_matches(';'), ()) {
            Ok(answer) => write_answer(&mut text, &answer),
            Err(error) => writeln!(text, "{error}").expect("text grows"),
        }
    }
    text
}

fn write_answer(text: &mut String, answer: &Answer) {
    for warning in &answer.warnings {
        writeln!(text, "{warning}").expect("text grows");
    }
    writeln!(text, "{}", answer.columns.join(" | ")).expect("text grows");
    for row in &answer.rows {
        let cells: Vec<String> = row.iter().map(shown).collect();
        writeln!(text, "{}", cells.join(" | ")).expect("text grows");
    }
    let rows = if answer.rows.len() == 1 { "row" } else { "rows" };
    writeln!(text, "({} {rows})\n", answer.rows.len()).expect("text grows");
}

fn shown(value: &ResultValue) -> String {
    match value {
        ResultValue::Null => "null".to_owned(),
        ResultValue::Boolean(truth) => truth.to_string(),
        ResultValue::Integer(integer) => integer.to_string(),
        ResultValue::Float(float) => format!("{float:?}"),
        ResultValue::String(text) => text.to_string(),
        ResultValue::Date(date) => date.to_string(),
        ResultValue::PartialDate(date) => date.to_string(),
        ResultValue::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        ResultValue::Map(entries) => {
            let shown: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {}", shown(value))).collect();
            format!("{{{}}}", shown.join(", "))
        }
        // Answers name what they speak of; whole elements are not for reading.
        other => format!("{other:?}"),
    }
}
