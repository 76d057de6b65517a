//! The questions worth asking: every script in `data/queries` is run on the built-in graph, and its answer is held against
//! `tests/questions`. `UPDATE=1 cargo test --test questions` writes the answers anew; read the difference before it is committed.
//!
//! Expected rows could be the program's own echo. So of the claims that each answer rests on some are drawn and called wrong, and that
//! answer must turn red; claims that no answer rests on are called wrong all at once, and no answer may notice.
//! A relationship is struck out with its only claim: a wrong claim loses its value, but what it speaks of stays, unsourced.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use yuanpu::{Answer, Connection, Database, ResultValue};

/// What the draws begin from, with the question's name; the same claims are drawn on every machine, however many questions there are.
const SEED: u64 = 8;
/// Of how many claims that an answer rests on one is called wrong, at least [`LEAST_DRAWN`] of them together.
const DRAWN_OF: usize = 3;
/// How many are called wrong of an answer that rests on few.
const LEAST_DRAWN: usize = 6;
/// How many claims that no answer rests on are called wrong together.
const UNRELATED: usize = 400;

/// A question: its file's name, its text, the answer that stands in `tests/questions`.
struct Question {
    name: String,
    script: String,
    expected: String,
}

#[test]
fn every_question_has_the_answer_that_the_documents_give() {
    let update = env::var_os("UPDATE").is_some();
    let mut connection = Database::builtin().expect("the built-in graph opens").connect();
    let mut wrong = Vec::new();
    for Question { name, script, expected } in questions() {
        let answer = answer(&mut connection, &script);
        if update {
            fs::write(expected_file(&name), &answer).expect("the answer can be written");
        } else if expected != answer {
            wrong.push(format!("{name}:\n{answer}"));
        }
    }
    assert!(wrong.is_empty(), "answers that are not those expected:\n\n{}", wrong.join("\n"));
}

#[test]
fn an_answer_whose_claims_are_called_wrong_turns_red() {
    let questions = questions();
    let mut connection = Database::builtin().expect("the built-in graph opens").connect();
    let mut unmoved = Vec::new();
    for question in &questions {
        let claims: Vec<u32> = cited(&mut connection, question).into_iter().collect();
        connection.run("BEGIN", ()).expect("a transaction begins");
        let count = LEAST_DRAWN.max(claims.len() / DRAWN_OF);
        let seed = question.name.bytes().fold(SEED, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
        for claim in draw(claims, count, seed) {
            call_wrong(&mut connection, claim);
        }
        if red(&mut connection, std::slice::from_ref(question)).is_empty() {
            unmoved.push(question.name.as_str());
        }
        connection.run("ROLLBACK", ()).expect("what was called wrong is taken back");
    }
    assert_eq!(unmoved, Vec::<&str>::new(), "answers that stay although claims under them are called wrong");
    assert_eq!(red(&mut connection, &questions), Vec::<&str>::new(), "nothing stays behind");
}

#[test]
fn claims_that_no_answer_rests_on_change_none() {
    let questions = questions();
    let mut connection = Database::builtin().expect("the built-in graph opens").connect();
    let cited: BTreeSet<u32> = questions.iter().flat_map(|question| cited(&mut connection, question)).collect();
    let unrelated: Vec<u32> = every_claim(&mut connection).into_iter().filter(|claim| !cited.contains(claim)).collect();
    assert!(unrelated.len() > UNRELATED, "there are claims that no answer rests on");
    connection.run("BEGIN", ()).expect("a transaction begins");
    for claim in draw(unrelated, UNRELATED, SEED) {
        call_wrong(&mut connection, claim);
    }
    assert_eq!(red(&mut connection, &questions), Vec::<&str>::new());
}

fn questions() -> Vec<Question> {
    let scripts = scripts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/queries"));
    assert!(!scripts.is_empty(), "there are questions");
    let question = |path: PathBuf| {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let script = fs::read_to_string(&path).expect("the script is readable");
        let expected = fs::read_to_string(expected_file(&name)).unwrap_or_default();
        Question { name, script, expected }
    };
    scripts.into_iter().map(question).collect()
}

fn expected_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/questions").join(format!("{name}.txt"))
}

/// The questions whose answers are not those expected.
fn red<'a>(connection: &mut Connection, questions: &'a [Question]) -> Vec<&'a str> {
    questions
        .iter()
        .filter(|question| answer(connection, &question.script) != question.expected)
        .map(|question| question.name.as_str())
        .collect()
}

/// Every claim that the answer's `CITE` names, the ones that lose included.
fn cited(connection: &mut Connection, question: &Question) -> BTreeSet<u32> {
    let mut claims = BTreeSet::new();
    for statement in statements(&question.script) {
        let answer = connection.run(&format!("CITE {statement}"), ()).expect("every question can be cited");
        claims
            .extend(answer.claims.iter().flat_map(|claims| claims.iter()).flatten().filter_map(|record| record.claim));
    }
    claims
}

fn every_claim(connection: &mut Connection) -> Vec<u32> {
    let mut claims = Vec::new();
    for pattern in ["MATCH (element)", "MATCH ()-[element]->()"] {
        let text = format!("{pattern} CALL claims.of(element) YIELD claim RETURN claim ORDER BY claim");
        let answer = connection.run(&text, ()).expect("the claims can be listed");
        claims.extend(answer.deserialize::<u32>().expect("they are numbers"));
    }
    claims
}

/// Takes a claim back; a relationship of which it is the only claim is struck out.
fn call_wrong(connection: &mut Connection, claim: u32) {
    let alone = format!(
        "MATCH ()-[r]->() CALL claims.of(r) YIELD claim WITH r, collect(claim) AS claims WHERE claims = [{claim}] DELETE r"
    );
    let retract = format!("CALL claims.retract({claim})");
    let struck = connection.run(&alone, ()).expect("relationships can be struck out").counters.relationships_deleted;
    if struck == 0 {
        connection.run(&retract, ()).expect("the claim is there");
    }
}

/// Draws some of these (SplitMix64), the same ones for the same seed.
fn draw(mut from: Vec<u32>, count: usize, seed: u64) -> Vec<u32> {
    let mut state = seed;
    let mut drawn = Vec::new();
    while drawn.len() < count && !from.is_empty() {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let place = (bits ^ (bits >> 31)) % from.len() as u64;
        drawn.push(from.swap_remove(usize::try_from(place).expect("a place in memory")));
    }
    drawn
}

fn scripts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut scripts: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    scripts.retain(|path| path.extension().is_some_and(|ending| ending == "cypher"));
    scripts.sort();
    scripts
}

/// A script's statements, each of which ends with a semicolon at the end of a line, with the values that `:param` lines give.
fn statements(script: &str) -> Vec<String> {
    let (mut text, mut given) = (String::new(), Vec::new());
    for line in script.lines() {
        match line.strip_prefix(":param ").and_then(|rest| rest.split_once(' ')) {
            Some((name, json)) => given.push((format!("${name}"), json)),
            None => text.push_str(&format!("{line}\n")),
        }
    }
    let text = given.iter().fold(text, |text, (name, json)| text.replace(name, json));
    let parts = text.split_inclusive(";\n").filter(|part| part.contains(';'));
    parts.map(|part| part.trim_end().trim_end_matches(';').to_owned()).collect()
}

fn answer(connection: &mut Connection, script: &str) -> String {
    let mut text = String::new();
    for statement in statements(script) {
        match connection.run(&statement, ()) {
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
