//! The generated-query test: a deliberately naive evaluator and the engine answer the same random queries on the same random graphs.
//!
//! ```text
//! seed ── graph ── query text ── bound query ──┬── naive: nested loops over plain maps ──┐
//!                                              └── planner, executor, each rule off ─────┴── the same rows, the same graph
//! ```
//!
//! Beside it go laws that hold whatever a query means ([`generate::Same`]): a predicate parts all rows into true, false and null, a path
//! may be written from its end, a pattern may be cut. A mismatch is printed small, with its seed. What was found once stays in [`kept`].
//!
//! `YUANPU_ORACLE_PAIRS=100000 CARGO_PROFILE_DEV_OPT_LEVEL=2 cargo test --lib oracle` runs more than the usual few hundred, in minutes;
//! `YUANPU_ORACLE_SEED` says where to begin.

mod chance;
mod check;
mod compare;
mod engine;
mod generate;
mod graph;
mod kept;
mod model;
mod naive;

use std::collections::BTreeMap;

pub use chance::Chance;
use check::{Verdict, check, check_pair, shrink};
pub use engine::{bind, parameter};
pub use generate::{Generator, plain};
pub use graph::{Blueprint, TEXTS};

/// How many pairs a plain test run draws.
const USUAL_PAIRS: u64 = 300;
/// How many queries share a graph.
const QUERIES_A_GRAPH: u64 = 6;
/// After how many mismatches the search ends.
const MISMATCH_LIMIT: usize = 12;

/// What a run has met.
#[derive(Debug, Default)]
struct Figures {
    drawn: u64,
    valid: u64,
    compared: u64,
    with_rows: u64,
    skipped: BTreeMap<String, u64>,
    invalid: BTreeMap<String, (u64, String)>,
    operators: BTreeMap<String, u64>,
    mismatches: Vec<String>,
}

pub fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

fn draw_graph(seed: u64) -> Blueprint {
    Blueprint::draw(&mut Chance::new((seed / QUERIES_A_GRAPH) ^ 0xA5A5_0000))
}

/// The name of threads in which panics are caught and told as mismatches.
const QUIET: &str = "oracle";

/// Runs in a thread whose stack bears a parser that was not optimised, and without the noise of panics that are caught.
pub fn with_room(run: impl FnOnce() + Send + 'static) {
    static HOOK: std::sync::Once = std::sync::Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().name() != Some(QUIET) {
                usual(panic);
            }
        }));
    });
    let builder = std::thread::Builder::new().name(QUIET.to_owned()).stack_size(256 << 20);
    if let Err(panic) = builder.spawn(run).expect("threads start").join() {
        let words = panic.downcast_ref::<String>().cloned();
        panic!(
            "{}",
            words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned())).unwrap_or_default()
        );
    }
}

#[test]
fn the_engine_answers_as_the_naive_evaluator() {
    compare_all(|chance| Generator::new(chance).query());
}

#[test]
fn shapes_with_plans_of_their_own_answer_as_the_naive_evaluator() {
    compare_all(|chance| Generator::new(chance).shape());
}

fn compare_all(draw: fn(&mut Chance) -> String) {
    with_room(move || {
        let (first, pairs) = (setting("YUANPU_ORACLE_SEED", 1), setting("YUANPU_ORACLE_PAIRS", USUAL_PAIRS));
        let mut figures = Figures::default();
        let mut graph = None;
        for seed in first..first + pairs {
            if graph.is_none() || seed % QUERIES_A_GRAPH == 0 {
                let blueprint = draw_graph(seed);
                let built = blueprint.build();
                graph = Some((blueprint, built));
            }
            let (blueprint, built) = graph.as_ref().expect("it was just drawn");
            let text = draw(&mut Chance::new(seed));
            figures.drawn += 1;
            let query = generate::plain(&text);
            match check(&query, built, Some(&mut figures.operators)) {
                Verdict::Invalid(why) => {
                    figures.invalid.entry(head(&why)).or_insert((0, format!("{seed}: {query}\n      {why}"))).0 += 1;
                }
                Verdict::Skipped(why) => {
                    figures.valid += 1;
                    *figures.skipped.entry(why).or_default() += 1;
                }
                Verdict::Same { rows } => {
                    figures.valid += 1;
                    figures.compared += 1;
                    figures.with_rows += u64::from(rows);
                }
                Verdict::Different(_) => {
                    figures.valid += 1;
                    figures.mismatches.push(shrink(seed, &text, blueprint));
                    if figures.mismatches.len() >= MISMATCH_LIMIT {
                        break;
                    }
                }
            }
        }
        report(&figures);
    });
}

fn head(why: &str) -> String {
    let words: String = why.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).take(60).collect();
    words.replace("##", "#").replace("##", "#")
}

fn report(figures: &Figures) {
    let share = |part: u64, whole: u64| 100 * part / whole.max(1);
    println!(
        "{} queries drawn, {}% valid, {} compared, {}% of them with rows",
        figures.drawn,
        share(figures.valid, figures.drawn),
        figures.compared,
        share(figures.with_rows, figures.compared),
    );
    println!("not compared: {:?}", figures.skipped);
    println!("operators: {:?}", figures.operators);
    let mut invalid: Vec<_> = figures.invalid.iter().collect();
    invalid.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (why, (count, example)) in invalid.into_iter().take(12) {
        println!("invalid {count} times: {why}\n    {example}");
    }
    assert!(figures.mismatches.is_empty(), "mismatches:\n\n{}", figures.mismatches.join("\n\n"));
    if figures.drawn >= USUAL_PAIRS {
        assert!(share(figures.valid, figures.drawn) >= 90, "too few queries are valid");
        assert!(share(figures.with_rows, figures.compared) >= 33, "too few queries give rows");
    }
}

#[test]
fn queries_of_one_meaning_answer_alike() {
    with_room(|| {
        let (first, pairs) = (setting("YUANPU_ORACLE_SEED", 1), setting("YUANPU_ORACLE_PAIRS", USUAL_PAIRS) / 3);
        let mut mismatches = Vec::new();
        let mut met: BTreeMap<String, u64> = BTreeMap::new();
        for seed in first..first + pairs {
            let blueprint = draw_graph(seed);
            let pair = Generator::new(&mut Chance::new(seed ^ 0x1357_0000_0000)).pair();
            let (law, verdict) = (pair.law, check_pair(&pair, &blueprint.build()));
            let outcome = match verdict {
                Verdict::Invalid(why) if met.values().sum::<u64>() < 200 => {
                    println!("{law:?} {seed}: {why}");
                    "invalid".to_owned()
                }
                Verdict::Invalid(_) => "invalid".to_owned(),
                Verdict::Skipped(why) => why,
                Verdict::Same { rows } => (if rows { "same, with rows" } else { "same, without rows" }).to_owned(),
                Verdict::Different(how) => {
                    let text = |texts: &[String]| {
                        texts.iter().map(|text| generate::plain(text)).collect::<Vec<_>>().join("\n  ")
                    };
                    mismatches.push(format!(
                        "seed {seed}, {law:?}\n{}\n  {}\nagainst\n  {}\n{how}",
                        blueprint.script(),
                        text(&pair.left),
                        text(&pair.right)
                    ));
                    "different".to_owned()
                }
            };
            *met.entry(format!("{law:?} {outcome}")).or_default() += 1;
            if mismatches.len() >= MISMATCH_LIMIT {
                break;
            }
        }
        println!("{met:?}");
        assert!(mismatches.is_empty(), "mismatches:\n\n{}", mismatches.join("\n\n"));
    });
}
