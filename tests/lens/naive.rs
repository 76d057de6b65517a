//! The rules of claims and lenses, written down once more, claim by claim, with nothing of the engine.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::world::{About, Claimed, Datum, KIND_GENERAL, KIND_SILENT, MANY, Said, World};

/// Which claims count, and which wins.
#[derive(Clone, Debug, Default)]
pub struct Lens {
    /// The last day of publication that counts.
    pub until: Option<i64>,
    /// The sources that count.
    pub named: Option<BTreeSet<usize>>,
    /// Whether general knowledge must be named too.
    pub only: bool,
    /// Which claim wins.
    pub rule: Rule,
}

/// Which claim wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// Rank, then as of, then publication.
    #[default]
    Rank,
    /// As of, then publication.
    Latest,
    /// The same from the other end.
    Earliest,
    /// The most claims.
    Majority,
    /// All values.
    All,
}

/// What a property shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// A value.
    One(Datum),
    /// A list of values.
    Many(Vec<Datum>),
}

/// Properties by name.
pub type Properties = BTreeMap<&'static str, Shown>;

/// What is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The nodes with labels and properties.
    pub nodes: BTreeMap<usize, (BTreeSet<&'static str>, Properties)>,
    /// The links with properties.
    pub links: BTreeMap<usize, Properties>,
    /// On which properties nothing but the fixed order decides.
    pub ties: BTreeSet<(About, &'static str)>,
}

impl Lens {
    fn counts(&self, world: &World, source: usize) -> bool {
        let about = &world.sources[source];
        let general = about.kind == KIND_GENERAL || about.kind == KIND_SILENT;
        if general && !self.only {
            return true;
        }
        let named = match &self.named {
            None => true,
            Some(named) => named.contains(&source),
        };
        let in_time = match (self.until, about.published) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(day), Some(published)) => published <= day,
        };
        named && in_time
    }
}

/// Returns what a lens shows of a world.
pub fn seen(world: &World, lens: &Lens) -> Seen {
    let mut seen = Seen::default();
    let counted: Vec<&Claimed> = world.claims.iter().filter(|claim| lens.counts(world, claim.source)).collect();
    let every: Vec<&Claimed> = world.claims.iter().collect();
    let supports = |claim: &&&Claimed| claim.rank > 0 && world.sources[claim.source].kind != KIND_SILENT;
    let spoken = |claims: &[&Claimed], about: About| claims.iter().filter(supports).any(|claim| claim.about == about);
    let at = |node: usize| {
        let ends = world.links.iter().enumerate().filter(move |(_, link)| link.from == node || link.to == node);
        ends.map(|(place, _)| About::Link(place))
    };
    let there = |claims: &[&Claimed], node: usize| {
        spoken(claims, About::Node(node)) || at(node).any(|link| spoken(claims, link))
    };
    // What only claims speak of that are known to be wrong is not there either.
    let claimed = |about: About| {
        let mut own = every.iter().filter(|claim| claim.about == about);
        own.any(|claim| world.sources[claim.source].kind != KIND_SILENT)
    };
    for (place, node) in world.nodes.iter().enumerate() {
        if (there(&every, place) || claimed(About::Node(place))) && !there(&counted, place) {
            continue;
        }
        let states = |claims: &[&Claimed], label: &str| {
            claims.iter().any(|claim| {
                claim.about == About::Node(place)
                    && claim.rank > 0
                    && matches!(&claim.said, Said::Exists(labels) if labels.contains(&label))
            })
        };
        let labels = node.labels.iter().copied();
        let labels = labels.filter(|label| !states(&every, label) || states(&counted, label)).collect();
        let properties = properties(world, lens, &counted, About::Node(place), &node.plain, &mut seen.ties);
        seen.nodes.insert(place, (labels, properties));
    }
    for (place, link) in world.links.iter().enumerate() {
        let about = About::Link(place);
        let lost = claimed(about) && !spoken(&counted, about);
        if lost || !seen.nodes.contains_key(&link.from) || !seen.nodes.contains_key(&link.to) {
            continue;
        }
        let properties = properties(world, lens, &counted, about, &link.plain, &mut seen.ties);
        seen.links.insert(place, properties);
    }
    seen
}

fn properties(
    world: &World,
    lens: &Lens,
    counted: &[&Claimed],
    about: About,
    plain: &BTreeMap<&'static str, Datum>,
    ties: &mut BTreeSet<(About, &'static str)>,
) -> Properties {
    let mut shown = Properties::new();
    for (key, value) in plain {
        shown.insert(*key, Shown::One(value.clone()));
    }
    let keys: BTreeSet<&'static str> =
        world.claims.iter().filter(|claim| claim.about == about).filter_map(Claimed::key).collect();
    for key in keys {
        shown.remove(key);
        let own: Vec<&Claimed> = counted
            .iter()
            .copied()
            .filter(|claim| claim.about == about && claim.key() == Some(key) && claim.rank > 0)
            .collect();
        let (value, tie) = resolve(world, lens.rule, key, &own);
        shown.extend(value.map(|value| (key, value)));
        if tie {
            ties.insert((about, key));
        }
    }
    shown
}

/// Returns the value that claims add up to, and whether nothing but the fixed order chose it.
fn resolve(world: &World, rule: Rule, key: &str, claims: &[&Claimed]) -> (Option<Shown>, bool) {
    let many = key == MANY;
    if claims.is_empty() {
        return (None, false);
    }
    if many || rule == Rule::All {
        let best = claims.iter().map(|claim| claim.rank).max();
        let kept = claims.iter().filter(|claim| rule == Rule::All || Some(claim.rank) == best);
        let values: BTreeSet<Datum> = kept.filter_map(|claim| claim.value()).collect();
        return (Some(Shown::Many(values.into_iter().collect())), false);
    }
    let mut candidates = claims.to_vec();
    if rule == Rule::Majority {
        let votes = |value: Option<Datum>| claims.iter().filter(|claim| claim.value() == value).count();
        let most = claims.iter().map(|claim| votes(claim.value())).max();
        candidates.retain(|claim| Some(votes(claim.value())) == most);
    }
    // The greatest weight wins; `None` is the least, so that what has no date is oldest.
    let published = |claim: &Claimed| world.sources[claim.source].published;
    let weight = |claim: &Claimed| match rule {
        Rule::Latest => (0, claim.as_of.map(|day| (1, day)), published(claim).map(|day| (1, day))),
        Rule::Earliest => (0, claim.as_of.map(|day| (1, -day)), published(claim).map(|day| (1, -day))),
        _ => (claim.rank, claim.as_of.map(|day| (1, day)), published(claim).map(|day| (1, day))),
    };
    let best = candidates.iter().map(|claim| weight(claim)).max();
    candidates.retain(|claim| Some(weight(claim)) == best);
    let mut values: Vec<Datum> = candidates.iter().filter_map(|claim| claim.value()).collect();
    values.sort_by_key(|value| Reverse(value.clone()));
    values.dedup();
    let tie = values.len() > 1;
    (values.pop().map(Shown::One), tie)
}
