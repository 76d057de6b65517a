//! Statements about what elements a graph may have: closed, opened, told at once; graph types kept under names.

use crate::graph::{self, GraphError, IndexDefinition, IndexKind, IndexTarget};
use crate::knowledge::{LabelDeclaration, Schema, TypeDeclaration};
use crate::syntax::ast::{
    self, AlterGraph, CreateGraphType, ElementType, PropertyType, SchemaStatement, StatementBody,
};
use crate::syntax::{parse_statement, print};

use super::error::Error;
use super::schema::{default_name, types_of, unsupported};

/// Runs `ALTER GRAPH`.
pub(super) fn alter(altered: &AlterGraph, transaction: &mut graph::Transaction) -> Result<(), Error> {
    let mut schema = Schema::clone(transaction.view().catalogue().schema());
    match altered {
        AlterGraph::Closed => schema.graph.closed = true,
        AlterGraph::Open => schema.graph.closed = false,
        AlterGraph::Type(types) => return set_type(types, schema, transaction),
        AlterGraph::NamedType(name) => {
            let missing = || GraphError::NoSuchGraphType(name.text.clone());
            let kept = schema.graph_types.get(name.text.as_str()).ok_or_else(missing)?;
            let AlterGraph::Type(types) = read(kept)? else { return Err(missing().into()) };
            return set_type(&types, schema, transaction);
        }
    }
    Ok(transaction.declare_schema(schema)?)
}

/// Runs `CREATE GRAPH TYPE`: what it says is kept under its name, as text, and looked at like that of a graph.
pub(super) fn create(created: &CreateGraphType, transaction: &mut graph::Transaction) -> Result<(), Error> {
    let name = &created.name.text;
    let mut schema = Schema::clone(transaction.view().catalogue().schema());
    if schema.graph_types.contains_key(name.as_str()) && !created.or_replace {
        return if created.if_not_exists { Ok(()) } else { Err(GraphError::GraphTypeExists(name.clone()).into()) };
    }
    for element in &created.elements {
        let (ElementType::Node { properties, .. } | ElementType::Relationship { properties, .. }) = element;
        for property in properties {
            types_of(&property.value_type).map_err(|what| unsupported(what, property.name.span))?;
        }
    }
    schema.graph_types.insert(name.to_string(), print::graph_type(&created.elements));
    Ok(transaction.declare_schema(schema)?)
}

/// Runs `DROP GRAPH TYPE`; a graph that was made to be of it stays so.
pub(super) fn drop(dropped: &ast::Drop, transaction: &mut graph::Transaction) -> Result<(), Error> {
    let name = &dropped.name.text;
    let mut schema = Schema::clone(transaction.view().catalogue().schema());
    match schema.graph_types.remove(name.as_str()) {
        Some(_) => Ok(transaction.declare_schema(schema)?),
        None if dropped.if_exists => Ok(()),
        None => Err(GraphError::NoSuchGraphType(name.clone()).into()),
    }
}

/// Reads what is kept of a graph type.
fn read(kept: &str) -> Result<AlterGraph, Error> {
    let statement = parse_statement(&format!("ALTER GRAPH SET TYPE {kept}"))?;
    match statement.body {
        StatementBody::Schema(SchemaStatement::AlterGraph(altered)) => Ok(altered),
        _ => unreachable!("the text begins as such a statement does"),
    }
}

/// Declares these elements and no others, closes the graph, and makes constraints of the types of properties.
fn set_type(types: &[ElementType], mut schema: Schema, transaction: &mut graph::Transaction) -> Result<(), Error> {
    let known = schema.clone();
    schema.labels.clear();
    schema.types.clear();
    for element in types {
        declare(element, &known, &mut schema, transaction);
    }
    schema.graph.closed = true;
    transaction.declare_schema(schema)?;
    types.iter().try_for_each(|element| constrain(element, transaction))
}

/// Adds a sort of elements to a schema; what was declared of it stays.
fn declare(element: &ElementType, known: &Schema, schema: &mut Schema, transaction: &graph::Transaction) {
    let catalogue = transaction.view().catalogue();
    let stored = |names: &[ast::Name]| -> Vec<String> {
        names.iter().map(|name| catalogue.stored_label(&name.text).to_owned()).collect()
    };
    let keys = |properties: &[PropertyType]| -> Vec<String> {
        properties.iter().map(|property| catalogue.stored_property_key(&property.name.text).to_owned()).collect()
    };
    let properties = match element {
        ElementType::Node { label, properties } => {
            let name = catalogue.stored_label(&label.text);
            let before =
                || LabelDeclaration { properties: None, ..known.labels.get(name).cloned().unwrap_or_default() };
            let declared = schema.labels.entry(name.to_owned()).or_insert_with(before);
            add_missing(declared.properties.get_or_insert_default(), keys(properties));
            properties
        }
        ElementType::Relationship { from, name, to, properties } => {
            let name = catalogue.stored_relationship_type(&name.text);
            let before = || {
                let (from, to, properties) = Default::default();
                TypeDeclaration { from, to, properties, ..known.types.get(name).cloned().unwrap_or_default() }
            };
            let is_new = !schema.types.contains_key(name);
            let declared = schema.types.entry(name.to_owned()).or_insert_with(before);
            for (ends, more) in [(&mut declared.from, from), (&mut declared.to, to)] {
                // No label stands for any node, and any node and some node are any.
                if more.is_empty() || (!is_new && ends.is_empty()) {
                    ends.clear();
                } else {
                    add_missing(ends, stored(more));
                }
            }
            add_missing(&mut declared.properties, keys(properties));
            properties
        }
    };
    for key in keys(properties) {
        schema.properties.entry(key).or_default();
    }
}

fn add_missing(list: &mut Vec<String>, more: Vec<String>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}

/// Makes constraints of the types that a sort of elements gives to properties, in place of those before.
fn constrain(element: &ElementType, transaction: &mut graph::Transaction) -> Result<(), Error> {
    let (target, label, properties) = match element {
        ElementType::Node { label, properties } => {
            (IndexTarget::Node(transaction.label(&label.text)?), &label.text, properties)
        }
        ElementType::Relationship { name, properties, .. } => {
            (IndexTarget::Relationship(transaction.relationship_type(&name.text)?), &name.text, properties)
        }
    };
    for property in properties {
        let types = types_of(&property.value_type).map_err(|what| unsupported(what, property.name.span))?;
        let keys = vec![transaction.property_key(&property.name.text)?];
        let kind = IndexKind::Typed(types);
        let name = default_name(kind, label, std::slice::from_ref(&property.name));
        let definition = IndexDefinition { name, target, keys, kind };
        let mut others = transaction.view().catalogue().indexes().iter();
        if let Some(before) = others.find(|other| other.is_same(&definition) || other.name == definition.name) {
            let before = before.name.clone();
            transaction.drop_index(&before)?;
        }
        transaction.create_index(definition)?;
    }
    Ok(())
}
