//! Random graphs: few nodes, few names, many nulls, kinds mixed in one property, self-loops, parallel relationships, and indexes.
//!
//! A graph is built twice: in the engine's store, over several commits and with deletions, and as plain maps.

use std::sync::Arc;

use smol_str::SmolStr;

use super::chance::Chance;
use super::model::{Model, Node, Properties, Relationship};
use crate::graph::{IndexDefinition, IndexKind, IndexTarget, Snapshot, Transaction};
use crate::storage::{MemoryStore, Store};
use crate::value::{NodeId, RelationshipId, Value, literal};

/// The labels of random graphs.
pub const LABELS: [&str; 3] = ["A", "B", "C"];
/// Their relationship types.
pub const TYPES: [&str; 3] = ["R", "S", "T"];
/// The strings in them: alike, empty, not ASCII.
pub const TEXTS: [&str; 8] = ["a", "ab", "abc", "b", "", "Ä", "苏州", "a b"];

/// What a random graph is made of, before it is built.
#[derive(Clone, Debug, Default)]
pub struct Blueprint {
    /// Labels and properties of the nodes.
    pub nodes: Vec<(Vec<SmolStr>, Properties)>,
    /// Type, start and end by place, and properties of the relationships.
    pub relationships: Vec<(SmolStr, usize, usize, Properties)>,
    /// What is indexed.
    pub indexes: Vec<Indexed>,
    /// Whether elements are made and deleted before, so that slots are used again.
    pub has_history: bool,
}

/// What an index is over.
#[derive(Clone, Debug)]
pub struct Indexed {
    /// The label or type.
    over: &'static str,
    /// Whether it is a type.
    is_type: bool,
    /// The properties.
    keys: Vec<&'static str>,
    /// What it is for.
    kind: IndexKind,
}

impl Indexed {
    /// Draws indexes of every sort, each once.
    fn draw(chance: &mut Chance) -> Vec<Indexed> {
        let mut drawn = Vec::new();
        let keys: [(&[&str], IndexKind); 7] = [
            (&["n"], IndexKind::Range),
            (&["s"], IndexKind::Range),
            (&["m"], IndexKind::Range),
            (&["f"], IndexKind::Range),
            (&["n", "s"], IndexKind::Range),
            (&["m", "n", "f"], IndexKind::Range),
            (&["s"], IndexKind::Text),
        ];
        for (is_type, all) in [(false, LABELS), (true, TYPES)] {
            for over in all {
                for (keys, kind) in keys.iter().filter(|_| chance.percent(30)) {
                    drawn.push(Indexed { over, is_type, keys: keys.to_vec(), kind: *kind });
                }
            }
        }
        drawn
    }
}

/// A graph in both forms.
#[derive(Clone, Debug)]
pub struct Graph {
    /// As the engine holds it.
    pub snapshot: Snapshot,
    /// As it is stored.
    store: Arc<MemoryStore>,
    /// As plain maps.
    pub model: Model,
}

impl Graph {
    /// Returns a graph of both forms, and stores it.
    pub fn new(snapshot: Snapshot, model: Model) -> Graph {
        let store = Arc::new(MemoryStore::new());
        let written = store.checkpoint(&mut |writer| snapshot.write_checkpoint(None, writer));
        written.expect("a store in memory takes everything");
        Graph { snapshot, store, model }
    }

    /// Returns the graph as it is opened: nothing of it has been read, and every chunk is when it is touched.
    pub fn unread(&self) -> Snapshot {
        Snapshot::open(Arc::clone(&self.store) as Arc<dyn Store>).expect("it was written whole").1
    }
}

impl Blueprint {
    /// Draws a graph.
    pub fn draw(chance: &mut Chance) -> Blueprint {
        let node_count = if chance.percent(3) { 0 } else { chance.between(3, 12) };
        let mut blueprint = Blueprint { has_history: chance.percent(40), ..Blueprint::default() };
        let is_mixed = chance.percent(50);
        for _ in 0..node_count {
            let labels = LABELS.iter().filter(|_| chance.percent(45)).map(SmolStr::new).collect();
            blueprint.nodes.push((labels, node_properties(chance, is_mixed)));
        }
        let relationship_count = if node_count == 0 { 0 } else { chance.between(node_count / 2, node_count * 3 / 2) };
        let mut last = (0, 0);
        for _ in 0..relationship_count {
            let ends = match chance.below(10) {
                0 => (last.0, last.0),
                1 => last,
                2 => (last.1, last.0),
                _ => (chance.below(node_count), chance.below(node_count)),
            };
            last = ends;
            let kind = SmolStr::new(chance.one(&TYPES));
            blueprint.relationships.push((kind, ends.0, ends.1, relationship_properties(chance, is_mixed)));
        }
        if chance.percent(50) {
            blueprint.indexes = Indexed::draw(chance);
        }
        blueprint
    }

    /// Builds the graph in both forms.
    pub fn build(&self) -> Graph {
        let mut graph = Transaction::begin(Snapshot::empty());
        let mut model = Model::default();
        for label in LABELS {
            graph.label(label).expect("there is room");
            model.know_label(&SmolStr::new(label));
        }
        if !self.nodes.len().is_multiple_of(2) {
            self.make_indexes(&mut graph);
        }
        if self.has_history {
            graph = begin_again(graph);
            make_passing(&mut graph);
            graph = begin_again(graph);
        }
        let mut ids = Vec::new();
        for (place, (labels, properties)) in self.nodes.iter().enumerate() {
            if place == self.nodes.len() / 2 && self.has_history {
                graph = begin_again(graph);
            }
            let names: Vec<_> = labels.iter().map(|label| graph.label(label).expect("there is room")).collect();
            let id = graph.create_node(&names).expect("there is room");
            for (key, value) in properties {
                let key = graph.property_key(key).expect("there is room");
                graph.set_node_property(id, key, value.clone()).expect("it can be stored");
            }
            ids.push(id);
            model.nodes.insert(id.0, Node { labels: labels.iter().cloned().collect(), properties: properties.clone() });
        }
        for (place, (kind, from, to, properties)) in self.relationships.iter().enumerate() {
            if place == self.relationships.len() / 2 && self.has_history {
                graph = begin_again(graph);
            }
            let type_id = graph.relationship_type(kind).expect("there is room");
            let (start, end) = (ids[*from], ids[*to]);
            let id = graph.create_relationship(type_id, start, end).expect("its ends are there");
            for (key, value) in properties {
                let key = graph.property_key(key).expect("there is room");
                graph.set_relationship_property(id, key, value.clone()).expect("it can be stored");
            }
            let made = Relationship { kind: kind.clone(), start, end, properties: properties.clone() };
            model.relationships.insert(id.0, made);
        }
        if self.nodes.len().is_multiple_of(2) {
            self.make_indexes(&mut graph);
        }
        Graph::new(graph.commit().expect("no constraint is there").0, model)
    }

    fn make_indexes(&self, graph: &mut Transaction) {
        for Indexed { over, is_type, keys, kind } in &self.indexes {
            let target = match is_type {
                true => IndexTarget::Relationship(graph.relationship_type(over).expect("there is room")),
                false => IndexTarget::Node(graph.label(over).expect("there is room")),
            };
            let definition = IndexDefinition {
                name: SmolStr::new(format!("{kind:?}_{over}_{}", keys.join("_"))),
                target,
                keys: keys.iter().map(|key| graph.property_key(key).expect("there is room")).collect(),
                kind: *kind,
            };
            graph.create_index(definition).expect("each is made once");
        }
    }

    /// Returns the text that makes the graph.
    pub fn script(&self) -> String {
        let mut script = String::new();
        for Indexed { over, is_type, keys, kind } in &self.indexes {
            let word = if *kind == IndexKind::Text { "TEXT INDEX" } else { "INDEX" };
            let target = if *is_type { format!("()-[x:{over}]-()") } else { format!("(x:{over})") };
            let keys: Vec<String> = keys.iter().map(|key| format!("x.{key}")).collect();
            script += &format!("CREATE {word} FOR {target} ON ({});\n", keys.join(", "));
        }
        let map = |properties: &Properties| {
            let entries: Vec<String> =
                properties.iter().map(|(key, value)| format!("{key}: {}", literal(value))).collect();
            if entries.is_empty() { String::new() } else { format!(" {{{}}}", entries.join(", ")) }
        };
        let mut parts = Vec::new();
        for (place, (labels, properties)) in self.nodes.iter().enumerate() {
            let labels: String = labels.iter().map(|label| format!(":{label}")).collect();
            parts.push(format!("(x{place}{labels}{})", map(properties)));
        }
        for (kind, from, to, properties) in &self.relationships {
            parts.push(format!("(x{from})-[:{kind}{}]->(x{to})", map(properties)));
        }
        if !parts.is_empty() {
            script += &format!("CREATE {};\n", parts.join(",\n       "));
        }
        if self.has_history {
            script += "// over several commits, after elements that were deleted\n";
        }
        script
    }

    /// Returns the graph without one of its nodes, relationships, properties or indexes; nothing beyond the last of them.
    pub fn without(&self, part: usize) -> Option<Blueprint> {
        let mut smaller = self.clone();
        let mut place = part;
        if place < self.relationships.len() {
            smaller.relationships.remove(place);
            return Some(smaller);
        }
        place -= self.relationships.len();
        if place < self.nodes.len() {
            smaller.nodes.remove(place);
            smaller.relationships.retain(|(_, from, to, _)| *from != place && *to != place);
            for (_, from, to, _) in &mut smaller.relationships {
                *from -= usize::from(*from > place);
                *to -= usize::from(*to > place);
            }
            return Some(smaller);
        }
        place -= self.nodes.len();
        if place < self.indexes.len() {
            smaller.indexes.remove(place);
            return Some(smaller);
        }
        place -= self.indexes.len();
        if self.has_history && place == 0 {
            smaller.has_history = false;
            return Some(smaller);
        }
        place -= usize::from(self.has_history);
        let nodes = smaller.nodes.iter_mut().map(|(_, properties)| properties);
        let all = nodes.chain(smaller.relationships.iter_mut().map(|(_, _, _, properties)| properties));
        for properties in all {
            if place < properties.len() {
                let key = properties.keys().nth(place).cloned().expect("it is below the number of keys");
                properties.remove(&key);
                return Some(smaller);
            }
            place -= properties.len();
        }
        for (labels, _) in &mut smaller.nodes {
            if place < labels.len() {
                labels.remove(place);
                return Some(smaller);
            }
            place -= labels.len();
        }
        None
    }
}

fn begin_again(graph: Transaction) -> Transaction {
    Transaction::begin(graph.commit().expect("no constraint is there").0)
}

/// Makes elements and deletes them, so that their slots are free for others.
fn make_passing(graph: &mut Transaction) {
    let label = graph.label("A").expect("there is room");
    let kind = graph.relationship_type("S").expect("there is room");
    let key = graph.property_key("n").expect("there is room");
    let nodes: Vec<NodeId> = (0..4).map(|_| graph.create_node(&[label]).expect("there is room")).collect();
    let mut between: Vec<RelationshipId> = Vec::new();
    for (place, node) in nodes.iter().enumerate() {
        graph.set_node_property(*node, key, Value::Integer(place as i64)).expect("it can be stored");
        between.push(graph.create_relationship(kind, nodes[0], *node).expect("its ends are there"));
    }
    *graph = begin_again(std::mem::replace(graph, Transaction::begin(Snapshot::empty())));
    graph.delete_relationship(between[1]).expect("it is there");
    nodes.iter().for_each(|node| graph.detach_delete_node(*node).expect("it is there"));
}

fn insert(properties: &mut Properties, key: &str, value: Value) {
    properties.insert(SmolStr::new(key), value);
}

fn node_properties(chance: &mut Chance, is_mixed: bool) -> Properties {
    let mut properties = Properties::new();
    if chance.percent(80) {
        insert(&mut properties, "n", Value::Integer(chance.below(5) as i64));
    }
    if chance.percent(60) {
        insert(&mut properties, "f", float(chance, is_mixed));
    }
    if chance.percent(70) {
        insert(&mut properties, "s", Value::string(chance.one(&TEXTS)));
    }
    if chance.percent(30) {
        insert(&mut properties, "b", Value::Boolean(chance.percent(50)));
    }
    if chance.percent(50) {
        insert(&mut properties, "m", mixed(chance, is_mixed));
    }
    if chance.percent(40) {
        let items = (0..chance.below(4)).map(|_| Value::Integer(chance.below(4) as i64)).collect();
        insert(&mut properties, "l", Value::list(items));
    }
    properties
}

fn relationship_properties(chance: &mut Chance, is_mixed: bool) -> Properties {
    let mut properties = Properties::new();
    if chance.percent(75) {
        insert(&mut properties, "n", Value::Integer(chance.below(4) as i64));
    }
    if chance.percent(40) {
        insert(&mut properties, "s", Value::string(chance.one(&TEXTS)));
    }
    if chance.percent(30) {
        insert(&mut properties, "m", mixed(chance, is_mixed));
    }
    properties
}

fn float(chance: &mut Chance, is_mixed: bool) -> Value {
    const FLOATS: [f64; 6] = [0.5, -1.25, 2.75, 1e10, 3.5, 1.5];
    const WHOLE: [f64; 5] = [0.0, -0.0, 1.0, 2.0, -3.0];
    Value::Float(if is_mixed && chance.percent(40) { *chance.one(&WHOLE) } else { *chance.one(&FLOATS) })
}

fn mixed(chance: &mut Chance, is_mixed: bool) -> Value {
    match chance.below(8) {
        7 => Value::Date(
            crate::value::temporal::Date::from_ymd(2020, 1, chance.between(1, 3) as i64).expect("it exists"),
        ),
        0 | 1 => Value::Integer(chance.below(4) as i64 - 1),
        2 => float(chance, is_mixed),
        3 => Value::Boolean(chance.percent(50)),
        4 => Value::list((0..chance.below(3)).map(|_| Value::Integer(chance.below(3) as i64)).collect()),
        _ => Value::string(chance.one(&TEXTS)),
    }
}
