//! The laws of support over the questions of `data/queries` on the built-in graph.

use std::path::Path;

use super::asked::{Claims, all_claims, ask, check_that_cited_claims_carry, check_that_nothing_else_carries, only};
use crate::engine::Database;
use crate::oracle::{Chance, setting, with_room};

/// Of how many rows of a statement the support is found again, where nobody asks for more (`YUANPU_SUPPORT_ROWS`).
const USUAL_ROWS: u64 = 2;

/// Questions with rows that need more than what they are cited for, and why.
const NEEDS_MORE: &[(&str, &str)] = &[];

/// Returns the statements of all scripts with the names of these.
fn statements() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/queries");
    let entries = std::fs::read_dir(folder).expect("there are questions");
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "cypher"));
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let script = std::fs::read_to_string(&file).expect("a question can be read");
        // `:param name JSON` gives the statements behind it a value.
        let mut text = String::new();
        let mut given: Vec<(String, &str)> = Vec::new();
        for line in script.lines().filter(|line| !line.trim_start().starts_with("//")) {
            match line.strip_prefix(":param ").and_then(|rest| rest.split_once(' ')) {
                Some((name, json)) => given.push((format!("${name}"), json)),
                None => text.push_str(&format!("{line}\n")),
            }
        }
        let script = given.iter().fold(text, |text, (name, json)| text.replace(name, json));
        let parts = script.split(";\n").map(str::trim).filter(|part| !part.is_empty());
        found.extend(parts.map(|part| (name.clone(), part.trim_end_matches(';').to_owned())));
    }
    found
}

#[test]
fn every_question_is_cited_for_what_its_rows_rest_on() {
    with_room(|| {
        let snapshot = Database::builtin().expect("the built-in graph opens").snapshot();
        let wanted = setting("YUANPU_SUPPORT_ROWS", USUAL_ROWS) as usize;
        let bare = only(&snapshot, &Claims::new());
        assert!(all_claims(&bare).len() < all_claims(&snapshot).len() / 2);
        let mut wrong = Vec::new();
        let (mut rows_seen, mut rows_checked) = (0, 0);
        for (number, (name, text)) in statements().into_iter().enumerate() {
            let rows = match ask(&snapshot, &text) {
                Ok(rows) => rows,
                // A question with parameters is asked with them elsewhere.
                Err(error) if error.contains("parameter") => continue,
                Err(error) => panic!("{name}: {error}"),
            };
            let without_claims = ask(&bare, &text).unwrap_or_default();
            for row in &rows {
                rows_seen += 1;
                let stays = without_claims.iter().any(|other| other.text == row.text);
                if row.claims.is_empty() && !stays {
                    wrong.push(format!("{name}: nothing is cited for {}", row.text));
                }
            }
            let mut chance = Chance::new(number as u64);
            let places: Vec<usize> = if rows.len() <= wanted {
                (0..rows.len()).collect()
            } else {
                (0..wanted).map(|_| chance.below(rows.len())).collect()
            };
            for row in places.into_iter().map(|place| &rows[place]).filter(|row| !row.cut) {
                rows_checked += 1;
                if let Err(why) = check_that_cited_claims_carry(&snapshot, &text, &rows, row) {
                    wrong.push(format!("{name}: {}: {why}", row.text));
                }
                if NEEDS_MORE.iter().all(|(known, _)| *known != name)
                    && let Err(why) = check_that_nothing_else_carries(&snapshot, &text, row)
                {
                    wrong.push(format!("{name}: {}: {why}", row.text));
                }
            }
        }
        println!("{rows_seen} rows, {rows_checked} of them with claims taken away");
        assert!(rows_checked > 50 || wanted == 0, "too few rows are looked at");
        assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
    });
}
