//! The suites of the W3C through the library: RDF 1.1 and 1.2 in their syntaxes, SPARQL 1.0 to 1.2 over the stored graph.
//!
//! The folder comes from `YUANPU_W3C` (default `../shared/w3c`; the suites are published at <https://github.com/w3c/rdf-tests>); where there
//! is none, the test says so and passes, unless `YUANPU_REQUIRE_SUITES=1`. What does not pass stands in `tests/w3c_failing.txt` with a reason.

mod w3c {
    pub mod judge;
    pub mod manifest;
}

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Failed, Trial};
use w3c::judge::judge;
use w3c::manifest::{Entry, entries};

/// For each folder, how many entries were judged, passed and left aside.
type Scores = Arc<Mutex<BTreeMap<String, [usize; 3]>>>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let root = folder();
    if !root.join("rdf").is_dir() {
        eprintln!("the suites of the W3C are not in {}; name their folder with YUANPU_W3C", root.display());
        let required = std::env::var_os("YUANPU_REQUIRE_SUITES").is_some_and(|value| value == "1");
        return if required { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let known: Arc<BTreeMap<String, String>> = Arc::new(known_failures());
    let scores = Scores::default();
    let trials = entries(&root).into_iter().map(|entry| trial(entry, &known, &scores)).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    print(&scores);
    conclusion.exit_code()
}

fn folder() -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/w3c");
    std::env::var_os("YUANPU_W3C").map_or_else(default, PathBuf::from)
}

/// Entries that are known to fail, each with its reason.
fn known_failures() -> BTreeMap<String, String> {
    let lines = include_str!("w3c_failing.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pairs = lines.map(|line| line.split_once(' ').expect("an entry and its reason"));
    pairs.map(|(entry, reason)| (entry.to_owned(), reason.to_owned())).collect()
}

fn trial(entry: Entry, known: &Arc<BTreeMap<String, String>>, scores: &Scores) -> Trial {
    let (known, scores) = (Arc::clone(known), Arc::clone(scores));
    Trial::test(entry.id.clone(), move || {
        let verdict =
            std::panic::catch_unwind(|| judge(&entry)).unwrap_or_else(|_| Some(Err("it panicked".to_owned())));
        let folder = entry.id.rsplit_once('/').map_or("", |(folder, _)| folder);
        let suite =
            folder.split('/').take(if folder.starts_with("rdf/") { 3 } else { 2 }).collect::<Vec<_>>().join("/");
        if let Ok(mut scores) = scores.lock() {
            let [judged, passed, aside] = scores.entry(suite).or_default();
            *judged += usize::from(verdict.is_some());
            *passed += usize::from(matches!(verdict, Some(Ok(()))));
            *aside += usize::from(verdict.is_none());
        }
        match (verdict, known.get(&entry.id)) {
            (None | Some(Ok(())), None) | (Some(Err(_)), Some(_)) => Ok(()),
            (_, Some(_)) => Err(Failed::from("this passes now: take it out of tests/w3c_failing.txt")),
            (Some(Err(words)), None) => Err(Failed::from(words)),
        }
    })
}

/// Prints a line for each suite.
fn print(scores: &Scores) {
    let Ok(scores) = scores.lock() else { return };
    println!("{:<28} {:>6} {:>6} {:>9}", "suite", "judged", "passed", "not asked");
    for (suite, [judged, passed, aside]) in scores.iter() {
        println!("{suite:<28} {judged:>6} {passed:>6} {aside:>9}");
    }
}
