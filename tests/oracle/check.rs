//! One query on one graph: asked of both, compared, and made small where they differ.

use std::collections::BTreeMap;

use super::compare::{Closeness, difference, may_be_cut_so, naive_agree, same_rows};
use super::engine::{self, Given};
use super::generate::{Pair, plain, smaller};
use super::graph::{Blueprint, Graph};
use super::naive::{Answered, Failure, Naive, Order, Outcome};
use crate::binder::bound::BoundQuery;
use crate::planner::rule_names;

/// Chunks are held; without, each is read, and decoded as far as it is asked for, when it is touched.
const HELD: &str = "held";

/// What became of a query.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It means nothing.
    Invalid(String),
    /// It was not compared.
    Skipped(String),
    /// All answers are the same.
    Same {
        /// Whether there are rows.
        rows: bool,
    },
    /// They are not.
    Different(String),
}

/// Asks a query of the naive evaluator and of the engine, with all rules, without each of them, without any, and of the graph as stored.
pub fn check(text: &str, graph: &Graph, operators: Option<&mut BTreeMap<String, u64>>) -> Verdict {
    let query = match engine::bind(text, &graph.snapshot) {
        Ok(query) => query,
        Err(why) if why.starts_with("PANIC") => return Verdict::Different(why),
        Err(why) => return Verdict::Invalid(why),
    };
    let naive = Naive::answer(&query, &graph.model, Order::Forward);
    match &naive {
        Err(Failure::TooMuch) => return Verdict::Skipped("too much".to_owned()),
        Err(Failure::Unknown(what)) => return Verdict::Skipped(format!("unknown: {what}")),
        _ => {}
    }
    if let Some(operators) = operators {
        for name in engine::operators(&query, &graph.snapshot) {
            *operators.entry(name).or_default() += 1;
        }
    }
    let how = Closeness { any_list_order: text.to_lowercase().contains("collect") };
    let rules = rule_names();
    let mut variants: Vec<Vec<&'static str>> = vec![Vec::new()];
    variants.extend(rules.iter().map(|rule| vec![*rule]));
    variants.push(rules);
    variants.push(vec![HELD]);
    for switched_off in variants {
        let given = match switched_off.contains(&HELD) {
            true => engine::answer(&query, &graph.unread(), &switched_off),
            false => engine::answer(&query, &graph.snapshot, &switched_off),
        };
        let Some(how_different) = difference(&naive, &given, &graph.model, how) else {
            continue;
        };
        return match left_open(&query, graph, (&naive, &given), how) {
            Some(why) => Verdict::Skipped(why.to_owned()),
            None => Verdict::Different(format!("without {switched_off:?}: {how_different}")),
        };
    }
    match naive {
        Ok(answered) => Verdict::Same { rows: !answered.rows.is_empty() },
        Err(_) => Verdict::Same { rows: false },
    }
}

/// Says why openCypher leaves it open which of two answers comes, if it does.
///
/// The naive evaluator has tried things in the order in which they were made; another order may give another answer, above all where a
/// writing clause reads what it wrote for other rows. What the engine says is right if some order gives it.
fn left_open(
    query: &BoundQuery,
    graph: &Graph,
    (naive, given): (&Outcome<Answered>, &Given),
    how: Closeness,
) -> Option<&'static str> {
    if let Given::Rows(rows, _) = given
        && let Err(Failure::Error(_)) = naive
        && let Some(Ok(spared)) = Naive::spare(query, &graph.model)
        && may_be_cut_so(&spared, rows, &graph.model, how)
    {
        return Some("an error beyond a cut");
    }
    let first = [Order::Backward, Order::Turned].into_iter().chain((0..query.slots.len()).map(Order::Nested));
    let mut is_open = false;
    for order in first.chain((1..=ORDERS).map(Order::Mixed)) {
        let other = Naive::answer(query, &graph.model, order);
        if difference(&other, given, &graph.model, how).is_none() {
            return Some("open");
        }
        is_open |= !naive_agree(naive, &other, &graph.model, how);
    }
    is_open.then_some("open, and by no order tried")
}

/// In how many orders by chance an answer is looked for.
const ORDERS: u64 = 300;

/// Asks both sides of a pair of the engine.
pub fn check_pair(pair: &Pair, graph: &Graph) -> Verdict {
    let mut sides = Vec::new();
    for texts in [&pair.left, &pair.right] {
        let mut rows = Vec::new();
        for text in texts {
            let query = match engine::bind(&plain(text), &graph.snapshot) {
                Ok(query) => query,
                Err(why) => return Verdict::Invalid(format!("{why}\n    {}", plain(text))),
            };
            match engine::answer(&query, &graph.snapshot, &[]) {
                Given::Rows(mut given, _) => rows.append(&mut given),
                Given::Error(_) => return Verdict::Skipped("error".to_owned()),
                Given::TooMuch => return Verdict::Skipped("too much".to_owned()),
                Given::Panic(words) => return Verdict::Different(format!("panic: {words}")),
            }
        }
        sides.push(rows);
    }
    // A count alone is parted too: the counts of the parts add up.
    let counts = |rows: &[Vec<crate::value::Value>]| -> Option<i64> {
        let count = |row: &Vec<crate::value::Value>| match row.as_slice() {
            [crate::value::Value::Integer(count)] => Some(*count),
            _ => None,
        };
        rows.iter().map(count).sum()
    };
    if let (Some(left), Some(right)) = (counts(&sides[0]), counts(&sides[1]))
        && !sides[0].is_empty()
    {
        return if left == right {
            Verdict::Same { rows: left > 0 }
        } else {
            Verdict::Different(format!("{left} rows against {right}"))
        };
    }
    match same_rows(&sides[0], &sides[1], &graph.model) {
        None => Verdict::Same { rows: !sides[0].is_empty() },
        Some(how) => Verdict::Different(how),
    }
}

/// Makes a query that differs small, and its graph, and says what is left of both.
pub fn shrink(seed: u64, text: &str, blueprint: &Blueprint) -> String {
    let differs = |text: &str, blueprint: &Blueprint| match check(&plain(text), &blueprint.build(), None) {
        Verdict::Different(how) => Some(how),
        _ => None,
    };
    let (mut text, mut blueprint) = (text.to_owned(), blueprint.clone());
    let mut how = differs(&text, &blueprint).unwrap_or_default();
    let mut tries = 0;
    loop {
        let before = tries;
        let mut found = false;
        for shorter in smaller(&text) {
            tries += 1;
            if let Some(different) = differs(&shorter, &blueprint) {
                (text, how, found) = (shorter, different, true);
                break;
            }
        }
        let mut part = 0;
        while let Some(less) = blueprint.without(part) {
            tries += 1;
            match differs(&text, &less) {
                Some(different) => (blueprint, how, found) = (less, different, true),
                None => part += 1,
            }
        }
        if !found || tries > 3000 || tries == before {
            break;
        }
    }
    format!("seed {seed}\n{}{};\n{how}", blueprint.script(), plain(&text).trim())
}
