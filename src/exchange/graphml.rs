//! A graph as GraphML (graphml.graphdrawing.org), for programs that lay graphs out and compute on them.
//!
//! A key is a property and a kind of value, so that a property whose values are of two kinds has two keys of one name and keeps both.
//! GraphML knows booleans, integers, floats and texts; a value of another kind is written as text, and its key's `desc` names the kind.
//! Labels stand in the key `labels` as `:City:Place`, the type in the key `label`.

use std::collections::BTreeMap;
use std::io::Write;

use smol_str::SmolStr;

use crate::graph::Snapshot;
use crate::value::{Kind, Value, literal};

use super::ExchangeError;
use super::elements::{Kinds, labels, named, node_kinds, nodes, relationship_kinds, relationships};

/// Writes a graph; returns what could not be carried.
///
/// # Errors
/// If the output fails.
pub(super) fn write_graphml(graph: &Snapshot, mut output: impl Write) -> Result<Vec<String>, ExchangeError> {
    let (node_keys, edge_keys) = (keys("n", &node_kinds(graph)), keys("e", &relationship_kinds(graph)));
    writeln!(output, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(output, "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">")?;
    writeln!(output, "  <key id=\"labels\" for=\"node\" attr.name=\"labels\" attr.type=\"string\"/>")?;
    writeln!(output, "  <key id=\"label\" for=\"edge\" attr.name=\"label\" attr.type=\"string\"/>")?;
    write_keys(&mut output, "node", &node_keys)?;
    write_keys(&mut output, "edge", &edge_keys)?;
    writeln!(output, "  <graph id=\"graph\" edgedefault=\"directed\">")?;
    let mut losses = Vec::new();
    for node in nodes(graph) {
        let names: String = labels(graph, node).into_iter().map(|label| format!(":{label}")).collect();
        writeln!(output, "    <node id=\"n{}\">", node.0)?;
        let whose = format!("n{}", node.0);
        write_text(&mut output, "labels", &names, &whose, &mut losses)?;
        let properties = named(graph, graph.node_properties(node));
        write_properties(&mut output, &node_keys, &properties, &whose, &mut losses)?;
        writeln!(output, "    </node>")?;
    }
    for (relationship, record) in relationships(graph) {
        let (id, start, end) = (relationship.0, record.start.0, record.end.0);
        writeln!(output, "    <edge id=\"e{id}\" source=\"n{start}\" target=\"n{end}\">")?;
        let whose = format!("e{id}");
        let kind = graph.catalogue().relationship_type_name(record.kind);
        write_text(&mut output, "label", kind, &whose, &mut losses)?;
        let properties = named(graph, graph.relationship_properties(relationship));
        write_properties(&mut output, &edge_keys, &properties, &whose, &mut losses)?;
        writeln!(output, "    </edge>")?;
    }
    writeln!(output, "  </graph>\n</graphml>")?;
    output.flush()?;
    Ok(losses)
}

fn write_keys(output: &mut impl Write, element: &str, keys: &Keys) -> std::io::Result<()> {
    for ((name, kind), id) in keys {
        let (name, of, kind) = (escaped(name), graphml_type(*kind), *kind);
        write!(output, "  <key id=\"{id}\" for=\"{element}\" attr.name=\"{name}\" attr.type=\"{of}\"")?;
        match is_native(kind) {
            true => writeln!(output, "/>")?,
            false => writeln!(output, "><desc>{} as text</desc></key>", kind.name())?,
        }
    }
    Ok(())
}

/// The ids of keys, by property and kind of value.
type Keys = BTreeMap<(SmolStr, Kind), String>;

/// Gives every property and kind of value its id.
fn keys(letter: &str, kinds: &Kinds) -> Keys {
    let all = kinds.iter().flat_map(|(name, kinds)| kinds.iter().map(move |kind| (name.clone(), *kind)));
    all.enumerate().map(|(number, key)| (key, format!("{letter}{number}"))).collect()
}

fn write_properties(
    output: &mut impl Write,
    keys: &Keys,
    properties: &[(SmolStr, Value)],
    whose: &str,
    losses: &mut Vec<String>,
) -> std::io::Result<()> {
    for (name, value) in properties {
        let Some(id) = keys.get(&(name.clone(), value.kind())) else { continue };
        let text = match value {
            Value::List(_) | Value::Map(_) => literal(value),
            // XML Schema's words for what is no number.
            Value::Float(float) if float.is_infinite() => if *float > 0.0 { "INF" } else { "-INF" }.to_owned(),
            value => value.to_string(),
        };
        write_text(output, id, &text, whose, losses)?;
    }
    Ok(())
}

/// Writes a text as data; one with a character that XML cannot hold is left out and told.
fn write_text(
    output: &mut impl Write,
    key: &str,
    text: &str,
    whose: &str,
    losses: &mut Vec<String>,
) -> std::io::Result<()> {
    match text.chars().find(|character| !is_xml_character(*character)) {
        None => writeln!(output, "      <data key=\"{key}\">{}</data>", escaped(text)),
        Some(character) => {
            let code = u32::from(character);
            losses.push(format!("left out: `{key}` of {whose}: XML cannot hold the character U+{code:04X}"));
            Ok(())
        }
    }
}

fn is_native(kind: Kind) -> bool {
    matches!(kind, Kind::Boolean | Kind::Integer | Kind::Float | Kind::String)
}

fn graphml_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Boolean => "boolean",
        Kind::Integer => "long",
        Kind::Float => "double",
        _ => "string",
    }
}

fn is_xml_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Returns a text with the marks of XML escaped; a carriage return would be read as a line feed.
fn escaped(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('"', "&quot;").replace('\r', "&#13;")
}
