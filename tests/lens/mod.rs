//! Lenses against a naive reference: random sets of claims, read through random lenses, must show what the rules of docs/claims.md say.
//!
//! ```text
//! seed ── world: nodes, links, sources, claims ──┬── graph, claims put in in any order ── under the lens ──┐
//!                                                └── naive: the rules, claim by claim ────────────────────┴── the same
//! ```
//! `YUANPU_LENS_CASES=100000 cargo test --lib lens_algebra` runs more than the usual ten thousand; `YUANPU_LENS_SEED` says where to begin.

mod naive;
mod world;

use std::collections::BTreeMap;

use naive::{Lens, Rule, Seen, seen};
use world::{Built, World, draw_lens};

use crate::engine::{Database, Options};
use crate::oracle::{Chance, setting};
use crate::value::ResultValue;

/// How many lenses a plain test run looks through.
const USUAL_CASES: u64 = 10_000;
/// How many lenses look at one world.
const LENSES_A_WORLD: u64 = 25;

#[test]
fn a_lens_shows_what_the_rules_say() {
    let (first, cases) = (setting("YUANPU_LENS_SEED", 1), setting("YUANPU_LENS_CASES", USUAL_CASES));
    let mut met: BTreeMap<String, u64> = BTreeMap::new();
    let mut world: Option<(World, Built, Built)> = None;
    for case in first..first + cases {
        if world.is_none() || case % LENSES_A_WORLD == 0 {
            let mut chance = Chance::new(case);
            let drawn = World::draw(&mut chance);
            let (one, other) = (drawn.build(&mut chance), drawn.build(&mut chance));
            world = Some((drawn, one, other));
        }
        let (world, one, other) = world.as_ref().expect("it was just drawn");
        let lens = draw_lens(&mut Chance::new(case ^ 0x1E45), world.sources.len());
        let wanted = seen(world, &lens);
        for built in [one, other] {
            let given = built.seen_under(&lens);
            assert!(given == wanted, "case {case}: {lens:?}\n{world:#?}\nshows   {given:#?}\ninstead {wanted:#?}");
        }
        count(&mut met, world, &lens, &wanted);
    }
    println!("{met:?}");
    for seldom in [
        "hidden node",
        "hidden link",
        "tie",
        "many values",
        "lost property",
        "lost label",
        "as of and sources and rule",
    ] {
        assert!(cases < USUAL_CASES || met.get(seldom).copied().unwrap_or(0) > 50, "`{seldom}` is seldom: {met:?}");
    }
}

/// Notes what a case has met, so that the test says what it tests.
fn count(met: &mut BTreeMap<String, u64>, world: &World, lens: &Lens, wanted: &Seen) {
    let mut note = |what: &str, holds: bool| *met.entry(what.to_owned()).or_default() += u64::from(holds);
    note("cases", true);
    note("hidden node", wanted.nodes.len() < world.nodes.len());
    note("hidden link", wanted.links.len() < world.links.len());
    note("tie", !wanted.ties.is_empty());
    let properties = wanted.nodes.values().map(|(_, properties)| properties).chain(wanted.links.values());
    note("many values", properties.clone().any(|own| own.values().any(|value| matches!(value, naive::Shown::Many(_)))));
    let whole = seen(world, &Lens::default());
    note("lost property", wanted.nodes.iter().any(|(node, own)| own.1.len() < whole.nodes[node].1.len()));
    note("lost label", wanted.nodes.iter().any(|(node, own)| own.0.len() < whole.nodes[node].0.len()));
    let parts = [("as of", lens.until.is_some()), ("sources", lens.named.is_some()), ("rule", lens.rule != Rule::Rank)];
    let parts: Vec<&str> = parts.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect();
    note(&parts.join(" and "), true);
}

#[test]
fn the_prefixes_make_the_lens_that_they_name() {
    for seed in 0..60 {
        let mut chance = Chance::new(seed ^ 0x7E47);
        let world = World::draw(&mut chance);
        let built = world.build(&mut chance);
        let database = Database::from_snapshot(built.snapshot.clone(), Options::default());
        let mut connection = database.connect();
        for _ in 0..4 {
            let lens = draw_lens(&mut chance, world.sources.len());
            let text = format!("{} MATCH (t:Thing) RETURN t.place AS place ORDER BY place", lens.prefixes());
            let answer = connection.run(&text, ()).unwrap_or_else(|error| panic!("{text}: {error}"));
            let given: Vec<i64> = answer.deserialize().expect("places are integers");
            let wanted: Vec<i64> = seen(&world, &lens).nodes.keys().map(|node| *node as i64).collect();
            assert_eq!(given, wanted, "{text}\n{world:#?}");
            let again = connection.run(&text, ()).expect("it ran before");
            assert_eq!(again.rows, answer.rows, "a lens that is kept shows the same");
            let counted = format!("{} MATCH (:Thing)-[l]->(:Thing) RETURN count(*) AS links", lens.prefixes());
            let links = connection.run(&counted, ()).expect("it is well formed");
            assert_eq!(links.rows[0][0], ResultValue::Integer(seen(&world, &lens).links.len() as i64), "{counted}");
        }
    }
}
