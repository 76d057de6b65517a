//! A graph as two files of rows, for spreadsheets and other programs: `nodes.csv` and `relationships.csv`.
//!
//! ```text
//!   nodes.csv           :ID,:LABEL,name:string,size:float,aliases:list
//!                       n0,City|Place,北京市,1.5,北京|京城
//!   relationships.csv   :START,:END,:TYPE,rank:integer
//! ```
//! A column's head is the property and the kind of its values. Items of a list and several labels stand between bars; within them `\|` is a
//! plain bar and `\\` a plain backslash. A field that is not there is empty, an empty text is `""`. `:ID` names a node within these files.

use std::path::Path;

use smol_str::SmolStr;

use crate::graph::Snapshot;
use crate::value::Value;

use super::ExchangeError;
use super::elements::{Kinds, labels, named, node_kinds, nodes, relationship_kinds, relationships};

/// Writes the files into a folder, which is made if it is not there; returns what they cannot carry.
///
/// # Errors
/// If a file cannot be written, or is there already.
pub fn write_csv(graph: &Snapshot, folder: &Path) -> Result<Vec<String>, ExchangeError> {
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ExchangeError::NotEmpty(folder.to_owned()));
    }
    std::fs::create_dir_all(folder).map_err(|cause| ExchangeError::file(folder, cause))?;
    let (node_kinds, relationship_kinds) = (node_kinds(graph), relationship_kinds(graph));
    let files = [
        ("nodes.csv", nodes_text(graph, &node_kinds)),
        ("relationships.csv", relationships_text(graph, &relationship_kinds)),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|cause| ExchangeError::file(path, cause))?;
    }
    Ok(mixed(&node_kinds, "nodes").chain(mixed(&relationship_kinds, "relationships")).collect())
}

/// Names the properties whose values are of several kinds, which one column does not keep apart.
fn mixed<'k>(kinds: &'k Kinds, what: &'static str) -> impl Iterator<Item = String> + 'k {
    kinds.iter().filter(|(_, kinds)| kinds.len() > 1).map(move |(name, kinds)| {
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        format!("`{name}` of {what} holds {}: their column is text", kinds.join(" and "))
    })
}

fn nodes_text(graph: &Snapshot, kinds: &Kinds) -> String {
    let mut text = String::new();
    write_row(&mut text, [":ID".to_owned(), ":LABEL".to_owned()].into_iter().chain(heads(kinds)).map(Some));
    for node in nodes(graph) {
        let names: Vec<String> = labels(graph, node).into_iter().map(|label| escaped(label)).collect();
        let own = [Some(format!("n{}", node.0)), Some(names.join("|"))];
        write_row(&mut text, own.into_iter().chain(cells(kinds, &named(graph, graph.node_properties(node)))));
    }
    text
}

fn relationships_text(graph: &Snapshot, kinds: &Kinds) -> String {
    let mut text = String::new();
    let own = [":START", ":END", ":TYPE"].map(str::to_owned);
    write_row(&mut text, own.into_iter().chain(heads(kinds)).map(Some));
    for (relationship, record) in relationships(graph) {
        let kind = graph.catalogue().relationship_type_name(record.kind);
        let own = [format!("n{}", record.start.0), format!("n{}", record.end.0), kind.to_string()].map(Some);
        let properties = named(graph, graph.relationship_properties(relationship));
        write_row(&mut text, own.into_iter().chain(cells(kinds, &properties)));
    }
    text
}

/// Returns the heads of the columns of properties.
fn heads(kinds: &Kinds) -> impl Iterator<Item = String> {
    kinds.iter().map(|(name, kinds)| {
        let kind = match (kinds.len(), kinds.first()) {
            (1, Some(kind)) => kind.name().to_lowercase().replace(' ', "-"),
            _ => "text".to_owned(),
        };
        format!("{name}:{kind}")
    })
}

/// Returns the cells of the columns of properties.
fn cells(kinds: &Kinds, properties: &[(SmolStr, Value)]) -> impl Iterator<Item = Option<String>> {
    kinds.keys().map(|name| properties.iter().find(|(other, _)| other == name).map(|(_, value)| cell(value)))
}

fn cell(value: &Value) -> String {
    match value {
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| escaped(&item.to_string())).collect();
            items.join("|")
        }
        value => value.to_string(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|")
}

/// Writes a row; a field that is not there differs from an empty text.
fn write_row(text: &mut String, fields: impl Iterator<Item = Option<String>>) {
    for (place, field) in fields.enumerate() {
        if place > 0 {
            text.push(',');
        }
        let Some(field) = field else { continue };
        if field.is_empty() || field.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&field);
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_told_apart() {
        let mut text = String::new();
        write_row(&mut text, [None, Some(String::new()), Some("a,\"b\"".to_owned()), Some("x".to_owned())].into_iter());
        assert_eq!(text, ",\"\",\"a,\"\"b\"\"\",x\n");
        assert_eq!(cell(&Value::list(vec![Value::string("a|b\\"), Value::Integer(1)])), "a\\|b\\\\|1");
    }
}
