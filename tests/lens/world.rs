//! Random worlds of claims, and the graphs that they make.

use std::collections::{BTreeMap, BTreeSet};

use super::naive::{self, Properties, Rule, Seen, Shown};
use crate::graph::{Snapshot, Transaction};
use crate::knowledge::{
    self, Claim, ClaimDetails, ClaimRule, PropertyDeclaration, Rank, Schema, SourceDeclaration, Statement, Subject,
};
use crate::oracle::Chance;
use crate::value::temporal::{Date, PartialDate};
use crate::value::{NodeId, RelationshipId, Value};

/// The kind of general knowledge.
pub const KIND_GENERAL: &str = "general";
/// The kind of what is only derived.
pub const KIND_SILENT: &str = "derived";
/// The property that has many values.
pub const MANY: &str = "names";
const LABELS: [&str; 2] = ["Red", "Blue"];
const KEYS: [&str; 3] = ["size", "colour", MANY];

/// A value: texts come before numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Datum {
    /// Text.
    Text(&'static str),
    /// A number.
    Number(i64),
}

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// A node, by place.
    Node(usize),
    /// A link, by place.
    Link(usize),
}

/// What a claim says.
#[derive(Clone, Debug)]
pub enum Said {
    /// That it exists, a node with labels.
    Exists(Vec<&'static str>),
    /// That a property has a value.
    Has(&'static str, Datum),
}

/// A claim.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// What it is about.
    pub about: About,
    /// What it says.
    pub said: Said,
    /// Who says so, by place.
    pub source: usize,
    /// 0 is deprecated, 2 preferred.
    pub rank: u8,
    /// The last day that it holds for.
    pub as_of: Option<i64>,
}

impl Claimed {
    /// Returns the property.
    pub fn key(&self) -> Option<&'static str> {
        if let Said::Has(key, _) = &self.said { Some(key) } else { None }
    }

    /// Returns the value.
    pub fn value(&self) -> Option<Datum> {
        if let Said::Has(_, value) = &self.said { Some(value.clone()) } else { None }
    }
}

/// A source.
#[derive(Clone, Debug)]
pub struct Source {
    /// The last day of its publication.
    pub published: Option<i64>,
    /// Its kind.
    pub kind: &'static str,
}

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its labels.
    pub labels: Vec<&'static str>,
    /// What it has without any claim.
    pub plain: BTreeMap<&'static str, Datum>,
}

/// A link.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where it starts.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What it has without any claim.
    pub plain: BTreeMap<&'static str, Datum>,
}

/// All that is claimed.
#[derive(Clone, Debug)]
pub struct World {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The links.
    pub links: Vec<Link>,
    /// The sources.
    pub sources: Vec<Source>,
    /// The claims.
    pub claims: Vec<Claimed>,
}

fn datum(chance: &mut Chance) -> Datum {
    match chance.below(4) {
        0 => Datum::Text(chance.one::<&str>(&["a", "b"])),
        number => Datum::Number(number as i64),
    }
}

impl World {
    /// Draws a world.
    pub fn draw(chance: &mut Chance) -> World {
        let plain = |chance: &mut Chance| match chance.percent(30) {
            true => BTreeMap::from([(*chance.one(&KEYS[..2]), datum(chance))]),
            false => BTreeMap::new(),
        };
        let nodes: Vec<Node> = (0..chance.between(1, 4))
            .map(|_| Node { labels: LABELS.into_iter().filter(|_| chance.percent(50)).collect(), plain: plain(chance) })
            .collect();
        let links: Vec<Link> = (0..chance.below(4))
            .map(|_| Link { from: chance.below(nodes.len()), to: chance.below(nodes.len()), plain: plain(chance) })
            .collect();
        let sources: Vec<Source> = (0..chance.between(2, 4))
            .map(|_| Source {
                published: chance.percent(75).then(|| 10 * chance.between(1, 4) as i64),
                kind: chance.one::<&str>(&["report", "report", "report", KIND_GENERAL, KIND_SILENT]),
            })
            .collect();
        let mut claims = Vec::new();
        for _ in 0..chance.below(14) {
            let about = match links.is_empty() || chance.percent(60) {
                true => About::Node(chance.below(nodes.len())),
                false => About::Link(chance.below(links.len())),
            };
            let said = match (chance.percent(30), about) {
                (true, About::Node(node)) => {
                    let stated = nodes[node].labels.iter().copied().filter(|_| chance.percent(70)).collect();
                    Said::Exists(stated)
                }
                (true, About::Link(_)) => Said::Exists(Vec::new()),
                (false, _) => Said::Has(chance.one::<&str>(&KEYS), datum(chance)),
            };
            let rank = *chance.one(&[0, 1, 1, 1, 2]);
            let as_of = chance.percent(60).then(|| 31 * chance.between(0, 2) as i64);
            claims.push(Claimed { about, said, source: chance.below(sources.len()), rank, as_of });
        }
        World { nodes, links, sources, claims }
    }

    /// Builds the graph, with the claims put in in a random order, and some that are taken back.
    pub fn build(&self, chance: &mut Chance) -> Built {
        let mut graph = Transaction::begin(Snapshot::empty());
        graph.declare_schema(schema()).expect("it can be declared");
        let mut made = Built { snapshot: Snapshot::empty(), nodes: Vec::new(), links: Vec::new(), sources: Vec::new() };
        for (place, source) in self.sources.iter().enumerate() {
            let label = graph.label("Source").expect("a name");
            let node = graph.create_node(&[label]).expect("there is room");
            let id = Value::string(format!("s{place}"));
            let published = source.published.map_or(Value::Null, |days| Value::Date(Date { days }));
            for (key, value) in [("id", id), ("issued", published), ("kind", Value::string(source.kind))] {
                let key = graph.property_key(key).expect("a name");
                graph.set_node_property(node, key, value).expect("it can be stored");
            }
            made.sources.push(node);
        }
        self.build_elements(&mut graph, &mut made);
        let mut order: Vec<usize> = (0..self.claims.len()).collect();
        for place in (1..order.len()).rev() {
            order.swap(place, chance.below(place + 1));
        }
        let mut passing = Vec::new();
        for place in order {
            let claim = made.claim(&self.claims[place]);
            if chance.percent(20) {
                // What is taken back leaves no trace.
                let mut passes = claim.clone();
                passes.source = *chance.one(&made.sources);
                passing.push(graph.add_claim(passes).expect("it can be claimed"));
            }
            graph.add_claim(claim).expect("it can be claimed");
        }
        passing.into_iter().for_each(|claim| graph.retract_claim(claim).expect("it is there"));
        made.snapshot = graph.commit().expect("nothing is left hanging").0;
        made
    }

    fn build_elements(&self, graph: &mut Transaction, made: &mut Built) {
        let is_claimed =
            |about: About, key: &str| self.claims.iter().any(|claim| claim.about == about && claim.key() == Some(key));
        for (place, node) in self.nodes.iter().enumerate() {
            let labels = node.labels.iter().copied().chain(["Thing"]);
            let labels: Vec<_> = labels.map(|label| graph.label(label).expect("a name")).collect();
            let id = graph.create_node(&labels).expect("there is room");
            let key = graph.property_key("place").expect("a name");
            graph.set_node_property(id, key, Value::Integer(place as i64)).expect("it can be stored");
            for (key, value) in node.plain.iter().filter(|(key, _)| !is_claimed(About::Node(place), key)) {
                let key = graph.property_key(key).expect("a name");
                graph.set_node_property(id, key, value_of(value)).expect("it can be stored");
            }
            made.nodes.push(id);
        }
        for (place, link) in self.links.iter().enumerate() {
            let kind = graph.relationship_type("NEAR").expect("a name");
            let id =
                graph.create_relationship(kind, made.nodes[link.from], made.nodes[link.to]).expect("both are there");
            for (key, value) in link.plain.iter().filter(|(key, _)| !is_claimed(About::Link(place), key)) {
                let key = graph.property_key(key).expect("a name");
                graph.set_relationship_property(id, key, value_of(value)).expect("it can be stored");
            }
            made.links.push(id);
        }
    }
}

fn schema() -> Schema {
    let text = |text: &str| text.to_owned();
    let source = SourceDeclaration {
        label: text("Source"),
        id: text("id"),
        date: text("issued"),
        kind: text("kind"),
        background: vec![text(KIND_GENERAL), text(KIND_SILENT)],
        silent: vec![text(KIND_SILENT)],
        ..SourceDeclaration::default()
    };
    let many = PropertyDeclaration { many: true, ..PropertyDeclaration::default() };
    Schema { source: Some(source), properties: [(text(MANY), many)].into(), ..Schema::default() }
}

fn value_of(datum: &Datum) -> Value {
    match datum {
        Datum::Text(text) => Value::string(text),
        Datum::Number(number) => Value::Integer(*number),
    }
}

fn datum_of(value: &Value) -> Datum {
    match value {
        Value::Integer(number) => Datum::Number(*number),
        Value::String(text) => Datum::Text(if text == "a" { "a" } else { "b" }),
        other => panic!("nobody stored {other:?}"),
    }
}

/// A world as a graph.
#[derive(Clone, Debug)]
pub struct Built {
    /// The graph.
    pub snapshot: Snapshot,
    nodes: Vec<NodeId>,
    links: Vec<RelationshipId>,
    sources: Vec<NodeId>,
}

impl Built {
    fn claim(&self, claimed: &Claimed) -> Claim {
        let subject = self.subject(claimed.about);
        let statement = match &claimed.said {
            Said::Exists(labels) => {
                Statement::Existence { labels: labels.iter().map(|label| (*label).into()).collect() }
            }
            Said::Has(key, value) => Statement::Property { key: (*key).into(), value: value_of(value) },
        };
        let rank = [Rank::Deprecated, Rank::Normal, Rank::Preferred][usize::from(claimed.rank)];
        // January 1970 ends on day 30: a month counts as its last day.
        let as_of = match claimed.as_of {
            None => Value::Null,
            Some(0) => Value::Date(Date { days: 0 }),
            Some(31) => Value::Date(Date { days: 31 }),
            Some(_) => Value::PartialDate(PartialDate::parse("1970-03").expect("a month")),
        };
        let details = ClaimDetails { rank, as_of, ..ClaimDetails::default() };
        Claim { subject, statement, source: self.sources[claimed.source], details }
    }

    fn subject(&self, about: About) -> Subject {
        match about {
            About::Node(place) => Subject::Node(self.nodes[place]),
            About::Link(place) => Subject::Relationship(self.links[place]),
        }
    }

    /// Returns what the graph shows under a lens.
    pub fn seen_under(&self, lens: &naive::Lens) -> Seen {
        let snapshot = self.snapshot.under(&knowledge::Lens {
            as_of: lens.until,
            sources: lens.named.as_ref().map(|named| named.iter().map(|source| self.sources[*source]).collect()),
            only: lens.only,
            rule: rule_of(lens.rule),
        });
        let mut seen = Seen::default();
        for (place, node) in self.nodes.iter().enumerate().filter(|(_, node)| snapshot.node_exists(**node)) {
            let names = snapshot.labels(*node).iter().map(|label| snapshot.catalogue().label_name(*label).to_string());
            let names: Vec<String> = names.collect();
            let labels: BTreeSet<&str> =
                LABELS.into_iter().filter(|label| names.iter().any(|name| name == label)).collect();
            let properties = self.properties(&snapshot, About::Node(place), &mut seen);
            seen.nodes.insert(place, (labels, properties));
        }
        for (place, link) in self.links.iter().enumerate().filter(|(_, link)| snapshot.relationship_exists(**link)) {
            let _ = link;
            let properties = self.properties(&snapshot, About::Link(place), &mut seen);
            seen.links.insert(place, properties);
        }
        let counted = snapshot.statistics().nodes() as usize;
        assert_eq!(counted, seen.nodes.len() + self.sources.iter().filter(|node| snapshot.node_exists(**node)).count());
        seen
    }

    fn properties(&self, snapshot: &Snapshot, about: About, seen: &mut Seen) -> Properties {
        let subject = self.subject(about);
        let mut properties = Properties::new();
        for name in KEYS {
            let Some(key) = snapshot.catalogue().property_key_id(name) else { continue };
            let value = match subject {
                Subject::Node(node) => snapshot.node_property(node, key),
                Subject::Relationship(relationship) => snapshot.relationship_property(relationship, key),
            };
            match value {
                Value::Null => {}
                Value::List(items) => {
                    properties.insert(name, Shown::Many(items.iter().map(datum_of).collect()));
                }
                value => {
                    properties.insert(name, Shown::One(datum_of(&value)));
                }
            }
            if snapshot.resolution(subject, key).tie {
                seen.ties.insert((about, name));
            }
        }
        properties
    }
}

fn rule_of(rule: Rule) -> ClaimRule {
    match rule {
        Rule::Rank => ClaimRule::Rank,
        Rule::Latest => ClaimRule::Latest,
        Rule::Earliest => ClaimRule::Earliest,
        Rule::Majority => ClaimRule::Majority,
        Rule::All => ClaimRule::All,
    }
}

/// Draws a lens.
pub fn draw_lens(chance: &mut Chance, sources: usize) -> naive::Lens {
    let named = chance.percent(60).then(|| (0..sources).filter(|_| chance.percent(50)).collect::<BTreeSet<usize>>());
    // No source at all cannot be written in a prefix.
    let named = named.filter(|named| !named.is_empty());
    naive::Lens {
        until: chance.percent(50).then(|| 10 * chance.between(0, 4) as i64 + 5),
        only: named.is_some() && chance.percent(50),
        named,
        rule: *chance.one(&[Rule::Rank, Rule::Rank, Rule::Latest, Rule::Earliest, Rule::Majority, Rule::All]),
    }
}

impl naive::Lens {
    /// Returns the prefixes that make the lens.
    pub fn prefixes(&self) -> String {
        let mut parts = Vec::new();
        if let Some(named) = &self.named {
            let ids: Vec<String> = named.iter().map(|source| format!("'s{source}'")).collect();
            parts.push(format!("ACCORDING TO {}{}", if self.only { "ONLY " } else { "" }, ids.join(", ")));
        }
        if self.rule != Rule::Rank {
            parts.push(format!("RESOLVE BY {}", format!("{:?}", self.rule).to_lowercase()));
        }
        if let Some(days) = self.until {
            parts.push(format!("AS OF '{}'", Date { days }));
        }
        parts.join(" ")
    }
}
