//! Search by name: nodes whose names are, contain, sound like or nearly are what somebody typed.

use smol_str::SmolStr;

use crate::text::{NameMatch, NameQuery, NameScore};
use crate::value::{Kind, NodeId, Value};
use crate::vector::Column;

use super::options::Options;
use super::pagerank::node_field;
use super::schema::{builtin, integer, strings, text};
use super::view::View;
use super::{Field, FieldKind, Procedure, ProcedureContext, ProcedureError};

/// Where names stand if the call does not say.
pub(super) const NAME_PROPERTY: &str = "name";

/// How many nodes are given if the call does not say.
pub(super) const DEFAULT_LIMIT: i64 = 20;

/// How many nodes are looked at between two questions whether to stop.
pub(super) const TICK: usize = 64;

/// Returns the procedures of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    vec![builtin(
        "search.names",
        &[text("text"), Field::new("options", FieldKind::OneOf(vec![Kind::Map])).or(Value::Null)],
        &[node_field(), text("name"), text("how"), integer("distance")],
        "finds nodes by name, best first: equal, beginning so, containing it, sounding so (pinyin, initials), nearly so; options \
         `labels`, `properties`, `limit`",
        "CALL search.names('beijing', {labels: ['Person'], properties: ['name', 'aliases'], limit: 5}) YIELD node, name, how",
        |arguments, context| {
            let Value::String(text) = &arguments[0] else { return Ok(vec![Column::nulls(0); 4]) };
            search(text, &Options::new(&arguments[1], &["labels", "properties", "limit"])?, context)
        },
    )]
}

fn search(text: &str, options: &Options<'_>, context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
    let limit = options.integer("limit", DEFAULT_LIMIT, 1..=100_000)? as usize;
    let view = View::new(options, context)?;
    let keys = view.property_keys(options, "properties", NAME_PROPERTY)?;
    let query = NameQuery::new(text);
    let mut found: Vec<(NameScore, SmolStr, u32)> = Vec::new();
    for (count, node) in view.nodes.iter().enumerate() {
        if count % TICK == 0 {
            context.tick(TICK * keys.len())?;
        }
        let values = keys.iter().map(|key| context.snapshot.node_property(NodeId(*node), *key));
        let mut best: Option<(NameScore, SmolStr)> = None;
        values.for_each(|value| consider(&value, &query, &mut best));
        found.extend(best.map(|(score, name)| (score, name, *node)));
    }
    // Of names that match alike the shorter comes first: more of it was typed.
    found.sort_by_cached_key(|(score, name, node)| {
        (score.how, score.distance, score.start, name.chars().count(), name.clone(), *node)
    });
    found.truncate(limit);
    Ok(vec![
        Column::Node(found.iter().map(|(.., node)| *node).collect()),
        strings(found.iter().map(|(_, name, _)| name.clone())),
        strings(found.iter().map(|(score, ..)| SmolStr::new_static(word(score.how)))),
        Column::integers(found.iter().map(|(score, ..)| score.distance as i64).collect()),
    ])
}

/// Keeps the best of the names that a value holds: a string, or a list of them.
fn consider(value: &Value, query: &NameQuery, best: &mut Option<(NameScore, SmolStr)>) {
    match value {
        Value::String(name) => {
            if let Some(score) = query.score(name)
                && best.as_ref().is_none_or(|(least, _)| score < *least)
            {
                *best = Some((score, name.clone()));
            }
        }
        Value::List(names) => names.iter().for_each(|name| consider(name, query, best)),
        _ => {}
    }
}

/// Returns the word for a way in which a name matches.
pub(super) fn word(how: NameMatch) -> &'static str {
    match how {
        NameMatch::Exact => "equal",
        NameMatch::Prefix => "prefix",
        NameMatch::Substring => "infix",
        NameMatch::Pinyin => "pinyin",
        NameMatch::Initials => "initials",
        NameMatch::Fuzzy => "near",
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{ask_with, column};
    use crate::graph::{Snapshot, Transaction};
    use crate::value::Value;

    fn cities() -> Snapshot {
        let mut graph = Transaction::begin(Snapshot::empty());
        let city = graph.label("City").expect("a name");
        let name = graph.property_key("name").expect("a name");
        let aliases = graph.property_key("aliases").expect("a name");
        for (text, other) in [("北京", "Peking"), ("北京路", "x"), ("重庆", "Chungking"), ("Beirut", "y")] {
            let node = graph.create_node(&[city]).expect("there is room");
            graph.set_node_property(node, name, Value::string(text)).expect("it can be stored");
            let list = Value::list(vec![Value::string(other)]);
            graph.set_node_property(node, aliases, list).expect("it can be stored");
        }
        graph.commit().expect("nothing is left hanging").0
    }

    #[test]
    fn names_are_found_by_text_and_by_sound() {
        let names = |text: &str, options: &str| {
            column(&ask_with(&cities(), "search.names", &[&format!("'{text}'"), options]).expect("it runs"), 1)
        };
        assert_eq!(names("北京", "null"), ["'北京'", "'北京路'"]);
        assert_eq!(names("beijing", "{labels: ['City']}"), ["'北京'", "'北京路'"]);
        assert_eq!(names("cq", "null"), ["'重庆'"]);
        assert_eq!(names("peking", "{properties: ['name', 'aliases']}"), ["'Peking'"]);
        assert_eq!(names("北", "{limit: 1}"), ["'北京'"]);
        assert!(ask_with(&cities(), "search.names", &["'a'", "{properties: ['nam']}"]).is_err());
    }
}
