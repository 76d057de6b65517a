//! Tests' graphs, and how they call a procedure on one.

use crate::graph::{Snapshot, Transaction};
use crate::value::{Map, NodeId, Value, literal};
use crate::vector::Threads;

use super::{NoInterrupt, ProcedureContext, Registry};

/// Returns a graph of `count` nodes, `Even` and `Odd` by turns, with relationships of type `T` and a weight under `w`.
pub(super) fn graph(count: u32, relationships: &[(u32, u32, i64)]) -> Snapshot {
    let mut transaction = Transaction::begin(Snapshot::empty());
    let labels = ["Even", "Odd"].map(|name| transaction.label(name).expect("a name is free"));
    let kind = transaction.relationship_type("T").expect("a name is free");
    let weight = transaction.property_key("w").expect("a name is free");
    for node in 0..count {
        // Made without a label, a node has the slot of its number; labels would put it among its like.
        let made = transaction.create_node(&[]).expect("there is room");
        transaction.add_label(made, labels[node as usize % 2]).expect("the node is there");
    }
    for (start, end, value) in relationships {
        let made = transaction.create_relationship(kind, NodeId(*start), NodeId(*end)).expect("both ends are there");
        transaction.set_relationship_property(made, weight, Value::Integer(*value)).expect("a number can be stored");
    }
    transaction.commit().expect("nothing is left hanging").0
}

/// Calls a procedure with options written as a map (`{a: 1, b: ['x']}`, nodes as `#0`); returns the rows as text, nodes by slot.
pub(super) fn ask(snapshot: &Snapshot, name: &str, options: &str) -> Result<Vec<Vec<String>>, String> {
    ask_with(snapshot, name, &[options])
}

/// Calls a procedure as [`ask`] does, with several arguments.
pub(super) fn ask_with(snapshot: &Snapshot, name: &str, arguments: &[&str]) -> Result<Vec<Vec<String>>, String> {
    let arguments: Vec<Value> = arguments.iter().map(|argument| read(argument)).collect();
    let registry = Registry::default();
    let context = ProcedureContext {
        snapshot,
        registry: &registry,
        interrupt: &NoInterrupt,
        threads: &Threads::new(2),
        writer: None,
    };
    let procedure = registry.find(name).ok_or("there is no such procedure")?;
    let columns = procedure.call(&arguments, &context).map_err(|error| error.to_string())?;
    assert_eq!(columns.len(), procedure.signature.outputs.len(), "a column for each result of {name}");
    let rows = columns.first().map_or(0, |column| column.len());
    let text = |value: Value| match value {
        Value::Node(node) => node.0.to_string(),
        Value::Path(path) => path.nodes.iter().map(|node| node.0.to_string()).collect::<Vec<_>>().join("-"),
        Value::Relationship(relationship) => format!("r{}", relationship.0),
        other => literal(&other),
    };
    Ok((0..rows).map(|row| columns.iter().map(|column| text(column.value(row))).collect()).collect())
}

/// Returns one column of rows.
pub(super) fn column(rows: &[Vec<String>], place: usize) -> Vec<String> {
    rows.iter().map(|row| row[place].clone()).collect()
}

fn read(text: &str) -> Value {
    let text = text.trim();
    let inside = |open: char, close: char| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    if let Some(entries) = inside('{', '}') {
        let entries = split(entries).into_iter().map(|entry| {
            let (key, value) = entry.split_once(':').expect("an entry has a colon");
            (key.trim().into(), read(value))
        });
        return Value::Map(entries.collect::<Map>());
    }
    if let Some(items) = inside('[', ']') {
        return Value::list(split(items).into_iter().map(read).collect());
    }
    if let Some(text) = inside('\'', '\'') {
        return Value::string(text);
    }
    match text.strip_prefix('#') {
        Some(node) => Value::Node(NodeId(node.parse().expect("a node is a number"))),
        None if text == "null" => Value::Null,
        None => text.parse().map(Value::Integer).or_else(|_| text.parse().map(Value::Float)).expect("a number"),
    }
}

/// Splits at commas outside of brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (place, sign) in text.char_indices() {
        match sign {
            '[' => depth += 1,
            ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}
