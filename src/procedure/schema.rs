//! Procedures on names: the labels, types and properties that the graph knows, and what can be called.

use smol_str::SmolStr;

use crate::value::order::order;
use crate::value::{Kind, Value};
use crate::vector::Column;

use super::{BuiltinBody, Field, FieldKind, Procedure, ProcedureBody, Signature};

/// Returns the procedures of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    vec![
        builtin("db.labels", &[], &[text("label")], "lists the labels of nodes", "CALL db.labels()", |_, context| {
            let catalogue = context.snapshot.catalogue();
            Ok(vec![texts(catalogue.labels().map(|(_, name)| name))])
        }),
        builtin(
            "db.relationshipTypes",
            &[],
            &[text("relationshipType")],
            "lists the types of relationships",
            "CALL db.relationshipTypes()",
            |_, context| {
                let catalogue = context.snapshot.catalogue();
                Ok(vec![texts(catalogue.relationship_types().map(|(_, name)| name))])
            },
        ),
        builtin(
            "db.propertyKeys",
            &[],
            &[text("propertyKey")],
            "lists the keys of properties",
            "CALL db.propertyKeys()",
            |_, context| {
                let catalogue = context.snapshot.catalogue();
                Ok(vec![texts(catalogue.property_keys().map(|(_, name)| name))])
            },
        ),
        builtin(
            "db.statistics",
            &[],
            &[text("kind"), text("name"), integer("count")],
            "counts nodes by label and relationships by type",
            "CALL db.statistics()",
            |_, context| Ok(statistics(context.snapshot)),
        ),
        builtin(
            "db.procedures",
            &[],
            &[text("name"), text("signature"), text("summary"), text("example")],
            "lists what CALL can call",
            "CALL db.procedures()",
            |_, context| {
                let all = || context.registry.all();
                Ok(vec![
                    strings(all().map(|procedure| procedure.signature.name.clone())),
                    strings(all().map(|procedure| SmolStr::new(procedure.signature.to_string()))),
                    strings(all().map(|procedure| SmolStr::new(procedure.summary))),
                    strings(all().map(|procedure| SmolStr::new(procedure.example))),
                ])
            },
        ),
    ]
}

fn statistics(snapshot: &crate::graph::Snapshot) -> Vec<Column> {
    let (catalogue, statistics) = (snapshot.catalogue(), snapshot.statistics());
    let labels = catalogue.labels().map(|(id, name)| ("label", name, statistics.nodes_with(id)));
    let types =
        catalogue.relationship_types().map(|(id, name)| ("relationship type", name, statistics.relationships_of(id)));
    let rows: Vec<(&str, &SmolStr, u64)> = labels.chain(types).collect();
    vec![
        strings(rows.iter().map(|row| SmolStr::new(row.0))),
        strings(rows.iter().map(|row| row.1.clone())),
        Column::integers(rows.iter().map(|row| row.2 as i64).collect()),
    ]
}

/// Returns a procedure that runs code.
pub(super) fn builtin(
    name: &str,
    inputs: &[Field],
    outputs: &[Field],
    summary: &'static str,
    example: &'static str,
    body: BuiltinBody,
) -> Procedure {
    let (inputs, outputs) = (inputs.to_vec(), outputs.to_vec());
    let signature = Signature { name: SmolStr::new(name), inputs, outputs, writes: false, cites: None };
    Procedure { signature, summary, example, body: ProcedureBody::Builtin(body) }
}

/// Returns a field that holds a string.
pub(super) fn text(name: &str) -> Field {
    Field::new(name, FieldKind::OneOf(vec![Kind::String]))
}

/// Returns a field that holds an integer.
pub(super) fn integer(name: &str) -> Field {
    Field::new(name, FieldKind::OneOf(vec![Kind::Integer]))
}

/// Returns a column of strings.
pub(super) fn strings(values: impl IntoIterator<Item = SmolStr>) -> Column {
    Column::String { values: values.into_iter().collect(), nulls: None }
}

fn texts<'a>(names: impl Iterator<Item = &'a SmolStr>) -> Column {
    let mut names: Vec<Value> = names.cloned().map(Value::String).collect();
    names.sort_by(order);
    Column::from_values(names)
}
