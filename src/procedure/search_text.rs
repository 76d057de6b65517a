//! Full-text search: nodes by their names and by their texts, what is equal before what begins so, what contains it, what sounds so, what is
//! nearly so, and what has much of it.
//!
//! ```text
//!   1  texts that contain it, folded        text indexes where there are some, else all texts are looked through
//!   2  names that sound so or are nearly so  only where 1 has not given enough: these rank behind
//!   3  texts with at least half of its bigrams
//! ```
//! An index changes how fast an answer comes, never which.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::graph::{IndexKind, IndexProbe, IndexTarget, LabelId, PropertyKeyId, Snapshot};
use crate::text::{NameMatch, NameQuery, bigrams, bigrams_wanted, fold_each};
use crate::value::{Kind, NodeId, Value};
use crate::vector::Column;

use super::options::Options;
use super::pagerank::node_field;
use super::schema::{builtin, integer, strings, text};
use super::search::{DEFAULT_LIMIT, TICK, name_keys, word};
use super::view::{OUTSIDE, View};
use super::{Field, FieldKind, Procedure, ProcedureContext, ProcedureError};

/// Texts up to this length are compared as names too: by sound, and by how far they differ.
const LONGEST_NAME: usize = 64;

/// Returns the procedures of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    vec![builtin(
        "search",
        &[text("text"), Field::new("options", FieldKind::OneOf(vec![Kind::Map])).or(Value::Null)],
        &[node_field(), text("property"), text("text"), text("how"), integer("distance")],
        "finds nodes by their names and texts, best first: equal, beginning so, containing it, sounding so (pinyin, initials), nearly so, having \
         at least half of it; over the properties of `search.names` and every property with a text index; options `labels`, `properties`, `limit`",
        "CALL search('bj', {labels: ['City'], limit: 5}) YIELD node, property, text, how",
        |arguments, context| {
            let Value::String(text) = &arguments[0] else { return Ok(vec![Column::nulls(0); 5]) };
            search(text, &Options::new(&arguments[1], &["labels", "properties", "limit"])?, context)
        },
    )]
}

/// How well a text fits; the smaller the better. Of texts that fit alike the shorter comes first: more of it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// The way in which it fits; none if it only has much of what was asked for.
    how: Option<NameMatch>,
    /// How many characters differ, or bigrams are missing.
    distance: usize,
    start: usize,
    length: usize,
}

impl Fit {
    fn rank(&self) -> (bool, Fit) {
        (self.how.is_none(), *self)
    }
}

/// The best that was found of each node.
#[derive(Debug, Default)]
struct Found {
    best: BTreeMap<u32, (Fit, PropertyKeyId, SmolStr)>,
}

impl Found {
    fn consider(&mut self, node: u32, key: PropertyKeyId, text: &SmolStr, fit: Fit) {
        let better = self.best.get(&node).is_none_or(|(known, ..)| fit.rank() < known.rank());
        if better {
            self.best.insert(node, (fit, key, text.clone()));
        }
    }
}

/// What is asked for.
struct Question<'a> {
    view: &'a View<'a>,
    snapshot: &'a Snapshot,
    context: &'a ProcedureContext<'a>,
    names: NameQuery,
    text: &'a str,
    folded: String,
    wanted: usize,
}

fn search(text: &str, options: &Options<'_>, context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
    let limit = options.integer("limit", DEFAULT_LIMIT, 1..=100_000)? as usize;
    let view = View::new(options, context)?;
    let snapshot = context.snapshot;
    let keys = view.property_keys(options, "properties")?.unwrap_or_else(|| usual_keys(snapshot));
    let folded = fold_each(text);
    let wanted = bigrams_wanted(&folded).len();
    let question = Question { view: &view, snapshot, context, names: NameQuery::new(text), text, folded, wanted };
    let mut found = Found::default();
    if !question.folded.is_empty() {
        for key in &keys {
            question.contained(*key, &mut found)?;
        }
        if found.best.len() < limit {
            for key in &keys {
                question.alike(*key, &mut found)?;
                question.overlapping(*key, &mut found)?;
            }
        }
    }
    let mut all: Vec<(u32, (Fit, PropertyKeyId, SmolStr))> = found.best.into_iter().collect();
    all.sort_by(|(lhs_node, (lhs, _, lhs_text)), (rhs_node, (rhs, _, rhs_text))| {
        (lhs.rank(), lhs_text, lhs_node).cmp(&(rhs.rank(), rhs_text, rhs_node))
    });
    all.truncate(limit);
    let name = |key: &PropertyKeyId| snapshot.catalogue().property_key_name(*key).clone();
    Ok(vec![
        Column::Node(all.iter().map(|(node, _)| *node).collect()),
        strings(all.iter().map(|(_, (_, key, _))| name(key))),
        strings(all.iter().map(|(_, (.., text))| text.clone())),
        strings(all.iter().map(|(_, (fit, ..))| SmolStr::new_static(fit.how.map_or("words", word)))),
        Column::integers(all.iter().map(|(_, (fit, ..))| fit.distance as i64).collect()),
    ])
}

/// Returns the properties that are looked through if the call does not say.
fn usual_keys(snapshot: &Snapshot) -> Vec<PropertyKeyId> {
    let indexes = snapshot.catalogue().indexes();
    let mut keys = name_keys(snapshot);
    for key in indexes.iter().filter(|index| index.kind == IndexKind::Text).flat_map(|index| &index.keys) {
        if !keys.contains(key) {
            keys.push(*key);
        }
    }
    keys
}

impl Question<'_> {
    /// Looks for texts that contain what is asked for.
    fn contained(&self, key: PropertyKeyId, found: &mut Found) -> Result<(), ProcedureError> {
        let probe =
            |label| self.snapshot.probe_index(IndexTarget::Node(label), &[key], IndexProbe::Containing(self.text));
        let (candidates, rest) = self.candidates(key, probe);
        self.each_text(candidates.into_iter().chain(rest), key, |node, text| {
            let folded = fold_each(text);
            let Some(start) = folded.find(&self.folded) else { return };
            let how = match (start, folded.len() == self.folded.len()) {
                (0, true) => NameMatch::Exact,
                (0, false) => NameMatch::Prefix,
                _ => NameMatch::Substring,
            };
            let (start, length) = (folded[..start].chars().count(), folded.chars().count());
            found.consider(node, key, text, Fit { how: Some(how), distance: 0, start, length });
        })
    }

    /// Looks for names that sound like what is asked for, or are nearly so.
    fn alike(&self, key: PropertyKeyId, found: &mut Found) -> Result<(), ProcedureError> {
        self.each_text(self.view.nodes.iter().copied(), key, |node, text| {
            let length = text.chars().count();
            if length > LONGEST_NAME {
                return;
            }
            let Some(score) = self.names.score(text) else { return };
            let fit = Fit { how: Some(score.how), distance: score.distance, start: score.start, length };
            found.consider(node, key, text, fit);
        })
    }

    /// Looks for texts that have at least half of the bigrams of what is asked for.
    fn overlapping(&self, key: PropertyKeyId, found: &mut Found) -> Result<(), ProcedureError> {
        if self.wanted < 2 {
            return Ok(());
        }
        let overlap = |label| {
            let all = self.snapshot.text_overlap(IndexTarget::Node(label), key, self.text)?;
            Some(
                all.into_iter().filter(|(_, count)| *count as usize * 2 >= self.wanted).map(|(node, _)| node).collect(),
            )
        };
        let (candidates, rest) = self.candidates(key, overlap);
        let wanted = bigrams_wanted(&self.folded);
        self.each_text(candidates.into_iter().chain(rest), key, |node, text| {
            let own = bigrams(&fold_each(text));
            let missing = wanted.iter().filter(|bigram| own.binary_search(bigram).is_err()).count();
            if (self.wanted - missing) * 2 >= self.wanted {
                let fit = Fit { how: None, distance: missing, start: 0, length: text.chars().count() };
                found.consider(node, key, text, fit);
            }
        })
    }

    /// Returns the nodes that indexes of a property give, ascending, and those that none of its indexes is over.
    fn candidates(&self, key: PropertyKeyId, give: impl Fn(LabelId) -> Option<Vec<u32>>) -> (Vec<u32>, Vec<u32>) {
        let (mut given, mut covered) = (Vec::new(), Vec::new());
        for index in self.snapshot.catalogue().indexes() {
            if let (IndexKind::Text, IndexTarget::Node(label), true) = (index.kind, index.target, index.keys == [key])
                && let Some(nodes) = give(label)
            {
                given.extend(nodes);
                covered.push(label);
            }
        }
        given.retain(|node| self.view.places[*node as usize] != OUTSIDE);
        given.sort_unstable();
        given.dedup();
        let is_covered = |node: &u32| covered.iter().any(|label| self.snapshot.has_label(NodeId(*node), *label));
        (given, self.view.nodes.iter().copied().filter(|node| !is_covered(node)).collect())
    }

    /// Calls back with each text that nodes have under a property: a string, or the strings of a list.
    fn each_text(
        &self,
        nodes: impl Iterator<Item = u32>,
        key: PropertyKeyId,
        mut visit: impl FnMut(u32, &SmolStr),
    ) -> Result<(), ProcedureError> {
        for (count, node) in nodes.enumerate() {
            if count % TICK == 0 {
                self.context.tick(TICK)?;
            }
            match self.snapshot.node_property(NodeId(node), key) {
                Value::String(text) => visit(node, &text),
                Value::List(items) => {
                    for item in items.iter() {
                        if let Value::String(text) = item {
                            visit(node, text);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{ask_with, column};
    use crate::graph::{IndexDefinition, IndexKind, IndexTarget, Snapshot, Transaction};
    use crate::value::Value;

    fn things(with_index: bool) -> Snapshot {
        let mut graph = Transaction::begin(Snapshot::empty());
        let thing = graph.label("Thing").expect("a name");
        let (name, about) = (graph.property_key("name").expect("a name"), graph.property_key("about").expect("a name"));
        if with_index {
            for key in [name, about] {
                let definition = IndexDefinition::single(
                    format!("t{}", key.0).into(),
                    IndexTarget::Node(thing),
                    key,
                    IndexKind::Text,
                );
                graph.create_index(definition).expect("it is new");
            }
        }
        for (text, other) in [
            ("西溪谷区块链产业园", "杭州的园区"),
            ("西溪谷", "在西湖区"),
            ("杭州西溪谷", ""),
            ("Blockchain Campus", "与西溪谷相邻的园区，做区块链应用"),
            ("上海（虹桥）园", "虹桥 商务区"),
        ] {
            let node = graph.create_node(&[thing]).expect("there is room");
            graph.set_node_property(node, name, Value::string(text)).expect("it can be stored");
            graph.set_node_property(node, about, Value::string(other)).expect("it can be stored");
        }
        graph.commit().expect("nothing is left hanging").0
    }

    fn found(text: &str, with_index: bool) -> Vec<String> {
        let (text, options) = (format!("'{text}'"), "{properties: ['name', 'about']}");
        let graph = things(with_index);
        let columns = |place| column(&ask_with(&graph, "search", &[&text, options]).expect("it runs"), place);
        columns(2).into_iter().zip(columns(3)).map(|(text, how)| format!("{text} {how}")).collect()
    }

    #[test]
    fn an_index_changes_no_answer() {
        for text in
            ["西溪谷", "溪", "xxg", "blokchain", "上海虹橋", "西溪谷应用", "区块链 园区", "", "（", "谷区", "没有"]
        {
            assert_eq!(found(text, false), found(text, true), "{text}");
        }
    }

    #[test]
    fn what_is_equal_comes_before_what_begins_so_contains_it_or_has_much_of_it() {
        let all = found("西溪谷", true);
        let expected = [
            "'西溪谷' 'equal'",
            "'西溪谷区块链产业园' 'prefix'",
            "'与西溪谷相邻的园区，做区块链应用' 'infix'",
            "'杭州西溪谷' 'infix'",
        ];
        assert_eq!(all, expected, "what contains it further to the front comes first");
        assert_eq!(found("xxg", true)[0], "'西溪谷' 'initials'");
        assert_eq!(
            found("上海 虹橋", true),
            ["'上海（虹桥）园' 'near'"],
            "traditional, spaces; brackets count as characters"
        );
        let words = found("西溪谷应用", true);
        assert!(words.iter().any(|one| one.ends_with("'words'")), "{words:?}");
    }
}
