//! Writes the two files.

use std::collections::BTreeSet;
use std::path::Path;

use smol_str::SmolStr;

use crate::exchange::ExchangeError;
use crate::exchange::elements::{
    Kinds, item_kinds, labels, named, node_kinds, nodes, relationship_kinds, relationships,
};
use crate::graph::Snapshot;
use crate::tabular::escape_bar;
use crate::value::{Kind, Value};

use super::read::{NODES_FILE, RELATIONSHIPS_FILE};

/// Writes the files into a folder, which is made if it is not there; returns what they cannot carry.
///
/// # Errors
/// If a file cannot be written, or is there already.
pub fn write_csv(graph: &Snapshot, folder: &Path) -> Result<Vec<String>, ExchangeError> {
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ExchangeError::NotEmpty(folder.to_owned()));
    }
    std::fs::create_dir_all(folder).map_err(|cause| ExchangeError::file(folder, cause))?;
    let (node_items, relationship_items) = item_kinds(graph);
    let of_nodes = Columns { kinds: node_kinds(graph), items: node_items };
    let of_relationships = Columns { kinds: relationship_kinds(graph), items: relationship_items };
    let files = [
        (NODES_FILE, nodes_text(graph, &of_nodes)),
        (RELATIONSHIPS_FILE, relationships_text(graph, &of_relationships)),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|cause| ExchangeError::file(path, cause))?;
    }
    Ok(of_nodes.mixed("nodes").into_iter().chain(of_relationships.mixed("relationships")).collect())
}

/// The columns of properties, in order of name.
struct Columns {
    /// The kinds of values of each property.
    kinds: Kinds,
    /// The kinds of the items of its lists.
    items: Kinds,
}

impl Columns {
    /// Names the properties whose values are of several kinds, which one column does not keep apart.
    fn mixed(&self, what: &str) -> Vec<String> {
        let several = |kinds: &BTreeSet<Kind>| {
            let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
            names.join(" and ")
        };
        let values = self.kinds.iter().filter(|(_, kinds)| kinds.len() > 1);
        let values =
            values.map(|(name, kinds)| format!("`{name}` of {what} holds {}: their column is text", several(kinds)));
        let lists =
            self.items.iter().filter(|(name, kinds)| self.kinds[*name].len() == 1 && item_kind(kinds).is_none());
        let lists = lists.map(|(name, kinds)| {
            format!("`{name}` of {what} holds lists of {}: their items are texts", several(kinds))
        });
        values.chain(lists).collect()
    }

    /// Returns the heads of the columns.
    fn heads(&self) -> impl Iterator<Item = String> {
        self.kinds.iter().map(|(name, kinds)| match (kinds.len(), kinds.first(), self.items.get(name)) {
            (1, Some(Kind::List), Some(items)) => match item_kind(items) {
                Some(kind) if kind != Kind::String => format!("{name}:list-of-{}", head_word(kind)),
                _ => format!("{name}:list"),
            },
            (1, Some(kind), _) => format!("{name}:{}", head_word(*kind)),
            _ => format!("{name}:text"),
        })
    }

    /// Returns the cells of the columns.
    fn cells(&self, properties: &[(SmolStr, Value)]) -> impl Iterator<Item = Option<String>> {
        self.kinds.keys().map(|name| properties.iter().find(|(other, _)| other == name).map(|(_, value)| cell(value)))
    }
}

/// Returns the one kind of a list's items, where they have one that a cell can say.
fn item_kind(kinds: &BTreeSet<Kind>) -> Option<Kind> {
    match (kinds.len(), kinds.first()) {
        (1, Some(Kind::List)) => None,
        (1, Some(kind)) => Some(*kind),
        _ => None,
    }
}

fn head_word(kind: Kind) -> String {
    kind.name().to_lowercase().replace(' ', "-")
}

fn nodes_text(graph: &Snapshot, columns: &Columns) -> String {
    let mut text = String::new();
    write_row(&mut text, [":ID".to_owned(), ":LABEL".to_owned()].into_iter().chain(columns.heads()).map(Some));
    for node in nodes(graph) {
        let names: Vec<String> = labels(graph, node).into_iter().map(|label| escape_bar(label)).collect();
        let own = [Some(format!("n{}", node.0)), Some(names.join("|"))];
        write_row(&mut text, own.into_iter().chain(columns.cells(&named(graph, graph.node_properties(node)))));
    }
    text
}

fn relationships_text(graph: &Snapshot, columns: &Columns) -> String {
    let mut text = String::new();
    let own = [":START", ":END", ":TYPE"].map(str::to_owned);
    write_row(&mut text, own.into_iter().chain(columns.heads()).map(Some));
    for (relationship, record) in relationships(graph) {
        let kind = graph.catalogue().relationship_type_name(record.kind);
        let own = [format!("n{}", record.start.0), format!("n{}", record.end.0), kind.to_string()].map(Some);
        let properties = named(graph, graph.relationship_properties(relationship));
        write_row(&mut text, own.into_iter().chain(columns.cells(&properties)));
    }
    text
}

fn cell(value: &Value) -> String {
    match value {
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| escape_bar(&item.to_string())).collect();
            items.join("|")
        }
        value => value.to_string(),
    }
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
