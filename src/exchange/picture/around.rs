//! The picture of a neighbourhood: the nodes within some steps of one, in either direction, and all relationships between them.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::exchange::elements::{labels, nodes};
use crate::graph::{Direction, Scratch, Snapshot};
use crate::value::{NodeId, Value};

use super::schema::{Grain, Leading};
use super::{Around, Arrow, Box, Picture};

/// The most boxes that a picture holds: more of them cannot be read.
const MOST_NODES: usize = 120;

/// The properties that name a node, the most telling first.
const NAMES: [&str; 5] = ["name", "title", "label", "text", "id"];

/// How much of a name is written.
const NAME_LENGTH: usize = 32;

/// Returns the picture of what lies around a node; nothing if no node has the id or name.
pub(in crate::exchange) fn around(graph: &Snapshot, wanted: &Around) -> Option<Picture> {
    let middle = find(graph, &wanted.name)?;
    let mut places: BTreeMap<NodeId, usize> = BTreeMap::from([(middle, 0)]);
    let mut order = vec![middle];
    let mut left_out = 0;
    let mut frontier = 0..1;
    for _ in 0..wanted.depth {
        let reached = frontier.end;
        for place in frontier {
            let found =
                [Direction::Outgoing, Direction::Incoming].map(|direction| links(graph, order[place], direction));
            for (_, node) in found.into_iter().flatten() {
                if places.contains_key(&node) {
                    continue;
                }
                if order.len() == MOST_NODES {
                    left_out += 1;
                    continue;
                }
                places.insert(node, order.len());
                order.push(node);
            }
        }
        frontier = reached..order.len();
    }
    let mut leading = Leading::new(graph, Grain::Special);
    let mut groups = Vec::new();
    let boxes = order.iter().map(|node| {
        let label = leading.label_of(*node);
        let group = groups.iter().position(|other| *other == label).unwrap_or_else(|| {
            groups.push(label);
            groups.len() - 1
        });
        let names: Vec<&str> = labels(graph, *node).into_iter().map(SmolStr::as_str).collect();
        let subtitle = label.map_or(names.join(":"), |label| graph.catalogue().label_name(label).to_string());
        Box {
            title: name_of(graph, *node),
            subtitle,
            kinds: Vec::new(),
            lines: Vec::new(),
            group,
            is_middle: *node == middle,
        }
    });
    let boxes = boxes.collect();
    let mut drawn: BTreeMap<(usize, usize), Vec<SmolStr>> = BTreeMap::new();
    for (from, node) in order.iter().enumerate() {
        for (kind, end) in links(graph, *node, Direction::Outgoing) {
            let Some(to) = places.get(&end) else { continue };
            let lines = drawn.entry((from, *to)).or_default();
            if !lines.contains(&kind) {
                lines.push(kind);
            }
        }
    }
    let arrows = drawn.into_iter().map(|((from, to), lines)| Arrow { from, to, lines }).collect();
    let words = format!("a picture holds {MOST_NODES} nodes; more relationships lead on to others ({left_out})");
    Some(Picture { boxes, arrows, left_out: if left_out > 0 { vec![words] } else { Vec::new() } })
}

/// Returns what is one step away in a direction, with the types, in order of type and node.
fn links(graph: &Snapshot, node: NodeId, direction: Direction) -> Vec<(SmolStr, NodeId)> {
    let mut links = Vec::new();
    for kind in graph.relationship_types_of(node, direction) {
        let mut scratch = Scratch::default();
        let name = graph.catalogue().relationship_type_name(kind);
        let ends = graph.neighbours(kind, direction, node, &mut scratch);
        links.extend(ends.nodes.iter().map(|end| (name.clone(), NodeId(*end))));
    }
    links
}

/// Returns the node of an id or name: the whole of one of its naming properties, or an item of a list in any.
fn find(graph: &Snapshot, wanted: &str) -> Option<NodeId> {
    let keys: Vec<_> = NAMES.into_iter().rev().filter_map(|name| graph.catalogue().property_key_id(name)).collect();
    let is_named =
        |node: &NodeId, key| matches!(graph.node_property(*node, key), Value::String(text) if text == wanted);
    let all = nodes(graph);
    let named = keys.into_iter().find_map(|key| all.iter().find(|node| is_named(node, key)).copied());
    let says = |value: &Value| matches!(value, Value::String(text) if text == wanted);
    named.or_else(|| {
        let has_alias = |node: &&NodeId| {
            let properties = graph.node_properties(**node);
            properties.iter().any(|(_, value)| matches!(value, Value::List(items) if items.iter().any(says)))
        };
        all.iter().find(has_alias).copied()
    })
}

/// Returns what a node is called.
fn name_of(graph: &Snapshot, node: NodeId) -> String {
    let keys = NAMES.into_iter().filter_map(|name| graph.catalogue().property_key_id(name));
    let name = keys.map(|key| graph.node_property(node, key)).find(|value| matches!(value, Value::String(_)));
    let name = name.map_or_else(|| format!("n{}", node.0), |name| name.to_string());
    match name.char_indices().nth(NAME_LENGTH) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}
