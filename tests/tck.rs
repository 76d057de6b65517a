//! The openCypher TCK through the library: one test a scenario, judged strictly.
//!
//! The feature files are not part of this repository. They are looked for in the folder that `YUANPU_TCK` names, else in `../shared/tck`;
//! where there are none, the test says so and passes, unless `YUANPU_REQUIRE_SUITES=1`.
//!
//! Every tenth scenario runs a second time over a graph in a file that is closed and opened again after every statement;
//! `YUANPU_TCK_STORE=file` makes that all of them.
//!
//! `tests/tck_failing.txt` lists the scenarios that are known to fail, with a reason each: one that fails and is not listed is a failure,
//! and so is one that is listed and passes.

#[path = "tck/feature.rs"]
mod feature;
#[path = "tck/judge.rs"]
mod judge;
#[path = "tck/kept.rs"]
mod kept;
#[path = "tck/notation.rs"]
mod notation;
#[path = "tck/scenario.rs"]
mod scenario;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use kept::Store;
use libtest_mimic::{Arguments, Failed, Trial};
use scenario::Scenario;

/// How many scenarios pass, at least; may only rise.
const FLOOR: usize = 2981;

/// Of so many scenarios one runs over a file too.
const EVERY: usize = 10;

/// How many scenarios of a folder there are, and how many of them passed.
type Scores = Arc<Mutex<BTreeMap<String, (usize, usize)>>>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let features = folder().join("features");
    let scenarios = scenario::load(&features);
    if scenarios.is_empty() {
        return absent(&features);
    }
    let known = known_failures();
    let scores = Scores::default();
    let all = scenarios.len();
    let every = if std::env::var_os("YUANPU_TCK_STORE").is_some_and(|value| value == "file") { 1 } else { EVERY };
    let in_files: Vec<Trial> =
        scenarios.iter().step_by(every).map(|scenario| file_trial(scenario.clone(), &features, &known)).collect();
    let mut trials: Vec<Trial> =
        scenarios.into_iter().map(|scenario| trial(scenario, &features, &known, &scores)).collect();
    trials.extend(in_files);
    let conclusion = libtest_mimic::run(&arguments, trials);
    let (ran, passed) = if arguments.list { (0, 0) } else { print(&scores) };
    if ran == all && passed < FLOOR {
        eprintln!("{passed} scenarios pass where {FLOOR} did before");
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}

fn folder() -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tck");
    std::env::var_os("YUANPU_TCK").map_or_else(default, PathBuf::from)
}

fn absent(features: &Path) -> ExitCode {
    eprintln!(
        "the TCK is not here: there are no feature files in {}; name its folder with YUANPU_TCK",
        features.display()
    );
    let required = std::env::var_os("YUANPU_REQUIRE_SUITES").is_some_and(|value| value == "1");
    if required { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn known_failures() -> Arc<BTreeSet<String>> {
    let list = include_str!("tck_failing.txt");
    let lines = list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Arc::new(lines.map(str::to_owned).collect())
}

fn trial(scenario: Scenario, features: &Path, known: &Arc<BTreeSet<String>>, scores: &Scores) -> Trial {
    let (features, known, scores) = (features.to_owned(), Arc::clone(known), Arc::clone(scores));
    Trial::test(scenario.id.clone(), move || {
        let verdict = std::panic::catch_unwind(|| judge::judge(&scenario, &features, Store::Memory));
        let verdict = verdict.unwrap_or_else(|_| Err("the engine panicked".to_owned()));
        if let Ok(mut scores) = scores.lock() {
            let (ran, passed) = scores.entry(scenario.folder.clone()).or_default();
            *ran += 1;
            *passed += usize::from(verdict.is_ok());
        }
        conclude(verdict, known.contains(&scenario.id))
    })
}

fn conclude(verdict: Result<(), String>, is_known: bool) -> Result<(), Failed> {
    match (verdict, is_known) {
        (Ok(()), false) | (Err(_), true) => Ok(()),
        (Ok(()), true) => Err(Failed::from("this passes now: take it out of tests/tck_failing.txt")),
        (Err(words), false) => Err(Failed::from(words)),
    }
}

/// A scenario over a graph in a file, which must end as it does in memory.
fn file_trial(scenario: Scenario, features: &Path, known: &Arc<BTreeSet<String>>) -> Trial {
    let (features, known) = (features.to_owned(), Arc::clone(known));
    Trial::test(format!("in a file: {}", scenario.id), move || {
        let verdict = std::panic::catch_unwind(|| judge::judge(&scenario, &features, Store::File));
        conclude(verdict.unwrap_or_else(|_| Err("the engine panicked".to_owned())), known.contains(&scenario.id))
    })
}

/// Prints a line for each folder; returns how many scenarios ran and passed.
fn print(scores: &Scores) -> (usize, usize) {
    let Ok(scores) = scores.lock() else { return (0, 0) };
    let (mut all_ran, mut all_passed) = (0, 0);
    for (folder, (ran, passed)) in scores.iter() {
        eprintln!("{folder:42} {passed:5} of {ran:5}");
        all_ran += ran;
        all_passed += passed;
    }
    eprintln!("{:42} {all_passed:5} of {all_ran:5}", "all");
    (all_ran, all_passed)
}
