//! The picture of a schema: a box a label with its properties, an arrow for what leads from one to the other, all with their numbers.
//!
//! A node with several labels stands in the box of the most general of them, the most frequent, so that few boxes tell much; the others
//! are named in it. A label that more than half of all nodes bear tells nothing and makes no box of its own.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::exchange::elements::{nodes, relationships};
use crate::graph::{LabelId, Snapshot};
use crate::value::NodeId;

use super::{Arrow, Box, Picture};

/// How many properties a box names.
const MOST_PROPERTIES: usize = 6;

/// How many further labels a box names.
const MOST_KINDS: usize = 12;

/// Returns the picture of a graph's schema.
pub(in crate::exchange) fn schema(graph: &Snapshot) -> Picture {
    let mut leading = Leading::new(graph, Grain::General);
    let (mut counts, mut properties) = (BTreeMap::<Option<LabelId>, u64>::new(), BTreeMap::new());
    let mut kinds: BTreeMap<(Option<LabelId>, SmolStr), u64> = BTreeMap::new();
    for node in nodes(graph) {
        let label = leading.label_of(node);
        *counts.entry(label).or_default() += 1;
        for other in graph.labels(node).iter().filter(|other| Some(**other) != label) {
            *kinds.entry((label, graph.catalogue().label_name(*other).clone())).or_default() += 1;
        }
        for (key, _) in graph.node_properties(node) {
            *properties.entry((label, graph.catalogue().property_key_name(key).clone())).or_insert(0u64) += 1;
        }
    }
    // The most frequent first, so that the order does not hang on when a label was first used.
    let mut labels: Vec<(Option<LabelId>, u64)> = counts.into_iter().collect();
    labels.sort_by_key(|(label, count)| (std::cmp::Reverse(*count), name_of(graph, *label)));
    let place = |label: Option<LabelId>| labels.iter().position(|(other, _)| *other == label).unwrap_or_default();
    let mut links: BTreeMap<(usize, usize), BTreeMap<SmolStr, u64>> = BTreeMap::new();
    for (_, record) in relationships(graph) {
        let ends = (place(leading.label_of(record.start)), place(leading.label_of(record.end)));
        let kind = graph.catalogue().relationship_type_name(record.kind).clone();
        *links.entry(ends).or_default().entry(kind).or_default() += 1;
    }
    let boxes = labels.iter().enumerate().map(|(group, (label, count))| {
        // What most boxes have tells nothing of this one, and what few of its nodes have tells little.
        let is_common = |key: &SmolStr| properties.keys().filter(|(_, other)| other == key).count() * 2 > labels.len();
        let lines = most(&properties, *label, MOST_PROPERTIES, |key, filled| {
            (filled * 4 < *count || is_common(key), key.to_string())
        });
        let kinds = most(&kinds, *label, MOST_KINDS, |name, count| (false, format!("{name} {count}")));
        let alias = label.map(|label| alias(graph, label)).unwrap_or_default();
        let subtitle = if alias.is_empty() { count.to_string() } else { format!("{alias} · {count}") };
        Box { title: name_of(graph, *label), subtitle, kinds, lines, group, is_middle: false }
    });
    let arrow = |((from, to), kinds): ((usize, usize), BTreeMap<SmolStr, u64>)| {
        let lines = kinds.into_iter().map(|(kind, count)| SmolStr::new(format!("{kind} {count}"))).collect();
        Arrow { from, to, lines }
    };
    Picture { boxes: boxes.collect(), arrows: links.into_iter().map(arrow).collect(), left_out: Vec::new() }
}

fn name_of(graph: &Snapshot, label: Option<LabelId>) -> String {
    label.map_or("(no label)".to_owned(), |label| graph.catalogue().label_name(label).to_string())
}

/// Returns the declared name of a label in the other language, if there is one.
fn alias(graph: &Snapshot, label: LabelId) -> String {
    let declared = graph.catalogue().schema().labels.get(graph.catalogue().label_name(label).as_str());
    declared.map(|declared| declared.zh.clone()).unwrap_or_default()
}

/// Returns what a label has most of, a line each, and how much is left out; `line` says whether it tells little, and what is written.
fn most(
    counted: &BTreeMap<(Option<LabelId>, SmolStr), u64>,
    label: Option<LabelId>,
    at_most: usize,
    line: impl Fn(&SmolStr, u64) -> (bool, String),
) -> Vec<String> {
    let of_label = counted.iter().filter(|((other, _), _)| *other == label);
    let mut found: Vec<(&SmolStr, u64)> = of_label.map(|((_, name), count)| (name, *count)).collect();
    found.sort_by_key(|(name, count)| (line(name, *count).0, std::cmp::Reverse(*count), *name));
    let mut lines: Vec<String> = found.iter().take(at_most).map(|(name, count)| line(name, *count).1).collect();
    if found.len() > at_most {
        lines.push(format!("and {} more", found.len() - at_most));
    }
    lines
}

/// Which of a node's labels stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grain {
    /// The most frequent that does not stand at more than half of all nodes.
    General,
    /// Of those that no other implies (all nodes with the one have the other), the most frequent.
    Special,
}

/// Finds the label that stands for a node, once for each set of labels.
pub(super) struct Leading<'g> {
    graph: &'g Snapshot,
    grain: Grain,
    known: BTreeMap<Vec<LabelId>, Option<LabelId>>,
}

impl<'g> Leading<'g> {
    /// Returns a finder.
    pub(super) fn new(graph: &'g Snapshot, grain: Grain) -> Self {
        Leading { graph, grain, known: BTreeMap::new() }
    }

    /// Returns the label; nothing for a node without labels.
    pub(super) fn label_of(&mut self, node: NodeId) -> Option<LabelId> {
        let labels = self.graph.labels(node).to_vec();
        if let Some(known) = self.known.get(&labels) {
            return *known;
        }
        let fits = |label: &&LabelId| match self.grain {
            Grain::General => self.graph.statistics().nodes_with(**label) * 2 <= self.graph.node_count(),
            Grain::Special => !labels.iter().any(|other| other != *label && self.implies(*other, **label)),
        };
        let count = |label: &LabelId| self.graph.statistics().nodes_with(*label);
        let name = |label: &LabelId| std::cmp::Reverse(self.graph.catalogue().label_name(*label));
        let found = labels.iter().filter(fits).max_by_key(|label| (count(label), name(label)));
        let found = found.or(labels.first()).copied();
        self.known.insert(labels, found);
        found
    }

    /// Says whether all nodes with the first label have the second, which has more.
    fn implies(&self, label: LabelId, other: LabelId) -> bool {
        let statistics = self.graph.statistics();
        let both = statistics.nodes_where(|set| {
            let set = self.graph.label_set(set);
            set.contains(&label) && set.contains(&other)
        });
        both == statistics.nodes_with(label) && statistics.nodes_with(other) > both
    }
}
