//! Search by name: nodes whose names are, contain, sound like or nearly are what somebody typed.

use smol_str::SmolStr;

use crate::graph::{PropertyKeyId, Snapshot};
use crate::text::{NameMatch, NameQuery, NameScore};
use crate::value::{Kind, NodeId, Value};
use crate::vector::Column;

use super::options::Options;
use super::pagerank::node_field;
use super::schema::{builtin, integer, strings, text};
use super::view::View;
use super::{Field, FieldKind, Procedure, ProcedureContext, ProcedureError};

/// Where names stand in a graph that does not declare it.
const NAME_PROPERTY: &str = "name";

/// How many nodes are given if the call does not say.
pub(super) const DEFAULT_LIMIT: i64 = 20;

/// How many nodes are looked at between two questions whether to stop.
pub(super) const TICK: usize = 64;

/// Returns the procedures of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    vec![builtin(
        "search.names",
        &[text("text"), Field::new("options", FieldKind::OneOf(vec![Kind::Map])).or(Value::Null)],
        &[node_field(), text("name"), text("how"), integer("distance"), text("property")],
        "finds nodes by name, best first: equal, beginning so, containing it, sounding so (pinyin, initials), nearly so; over `name` and every \
         property declared to hold names (below a label of RDFS or SKOS, or a name of schema.org or FOAF), the form that was found under `name`; \
         options `labels`, `properties`, `limit`",
        "CALL search.names('beijing', {labels: ['Person'], properties: ['name', 'aliases'], limit: 5}) YIELD node, name, how",
        |arguments, context| {
            let Value::String(text) = &arguments[0] else { return Ok(vec![Column::nulls(0); 5]) };
            search(text, &Options::new(&arguments[1], &["labels", "properties", "limit"])?, context)
        },
    )]
}

fn search(text: &str, options: &Options<'_>, context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
    let limit = options.integer("limit", DEFAULT_LIMIT, 1..=100_000)? as usize;
    let view = View::new(options, context)?;
    let keys = view.property_keys(options, "properties")?.unwrap_or_else(|| name_keys(context.snapshot));
    let query = NameQuery::new(text);
    let mut found: Vec<(Match, u32)> = Vec::new();
    for (count, node) in view.nodes.iter().enumerate() {
        if count % TICK == 0 {
            context.tick(TICK * keys.len())?;
        }
        let mut best: Option<Match> = None;
        for key in &keys {
            consider(&context.snapshot.node_property(NodeId(*node), *key), *key, &query, &mut best);
        }
        found.extend(best.map(|best| (best, *node)));
    }
    // Of names that match alike the shorter comes first: more of it was typed.
    found.sort_by_cached_key(|(Match { score, name, .. }, node)| {
        (score.how, score.distance, score.start, name.chars().count(), name.clone(), *node)
    });
    found.truncate(limit);
    let property = |key: PropertyKeyId| context.snapshot.catalogue().property_key_name(key).clone();
    Ok(vec![
        Column::Node(found.iter().map(|(_, node)| *node).collect()),
        strings(found.iter().map(|(found, _)| found.name.clone())),
        strings(found.iter().map(|(found, _)| SmolStr::new_static(word(found.score.how)))),
        Column::integers(found.iter().map(|(found, _)| found.score.distance as i64).collect()),
        strings(found.iter().map(|(found, _)| property(found.key))),
    ])
}

/// Returns the properties that hold names: `name`, which wins over others that match as well, and those that the graph declares.
pub(super) fn name_keys(snapshot: &Snapshot) -> Vec<PropertyKeyId> {
    let catalogue = snapshot.catalogue();
    let declared = catalogue.schema().name_properties().filter(|name| *name != NAME_PROPERTY);
    std::iter::once(NAME_PROPERTY).chain(declared).filter_map(|name| catalogue.property_key_id(name)).collect()
}

/// A name that matches, and the property that holds it.
struct Match {
    score: NameScore,
    name: SmolStr,
    key: PropertyKeyId,
}

/// Keeps the best of the names that a value holds: a string, or a list of them.
fn consider(value: &Value, key: PropertyKeyId, query: &NameQuery, best: &mut Option<Match>) {
    match value {
        Value::String(name) => {
            if let Some(score) = query.score(name)
                && best.as_ref().is_none_or(|least| score < least.score)
            {
                *best = Some(Match { score, name: name.clone(), key });
            }
        }
        Value::List(names) => names.iter().for_each(|name| consider(name, key, query, best)),
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
    use crate::knowledge::{PropertyDeclaration, Schema};
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

    /// A graph that declares nothing of `aliases` looks at names alone; one that declares them below a label looks at both.
    #[test]
    fn properties_declared_to_hold_names_are_looked_at_unasked() {
        let plain = cities();
        let found = ask_with(&plain, "search.names", &["'peking'", "null"]).expect("it runs");
        assert!(!column(&found, 1).contains(&"'Peking'".to_owned()));
        let mut declared = Schema::default();
        declared.prefixes.insert("skos".to_owned(), "http://www.w3.org/2004/02/skos/core#".to_owned());
        let aliases =
            PropertyDeclaration { sub_of: vec!["skos:altLabel".to_owned()], ..PropertyDeclaration::default() };
        declared.properties.insert("aliases".to_owned(), aliases);
        let mut graph = Transaction::begin(plain);
        graph.declare_schema(declared).expect("room for names");
        let rows =
            ask_with(&graph.commit().expect("it holds").0, "search.names", &["'peking'", "null"]).expect("it runs");
        assert_eq!(column(&rows, 1), ["'Peking'"]);
        assert_eq!(column(&rows, 4), ["'aliases'"]);
    }
}
