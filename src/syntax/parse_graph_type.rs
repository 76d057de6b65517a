//! `ALTER GRAPH`: a graph is closed, opened, or told what elements it may have; `CREATE GRAPH TYPE`: that under a name.

use super::ast::{AlterGraph, CreateGraphType, ElementType, Name, PropertyType};
use super::error::Built;
use super::parse_atom::last_of;
use super::parse_literal::name;
use super::parse_query::missing_part;
use super::parse_schema::value_type;
use super::parser::{Node, Rule, span_of};

/// Builds `ALTER GRAPH SET …`.
pub(super) fn alter_graph(node: Node<'_>) -> Built<AlterGraph> {
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_closed => return Ok(AlterGraph::Closed),
            Rule::kw_open => return Ok(AlterGraph::Open),
            Rule::graph_type => return element_types(part).map(AlterGraph::Type),
            Rule::schema_name => return Ok(AlterGraph::NamedType(name(&part))),
            _ => {}
        }
    }
    Ok(AlterGraph::Closed)
}

/// Builds `CREATE GRAPH TYPE …`.
pub(super) fn create_graph_type(node: Node<'_>) -> Built<CreateGraphType> {
    let span = span_of(&node);
    let (mut called, mut or_replace, mut if_not_exists, mut elements) = (None, false, false, Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_replace => or_replace = true,
            Rule::if_not_exists => if_not_exists = true,
            Rule::schema_object_name => called = last_of(part, Rule::schema_name).map(|inner| name(&inner)),
            Rule::graph_type => elements = element_types(part)?,
            _ => {}
        }
    }
    let name = called.ok_or_else(|| missing_part(span))?;
    Ok(CreateGraphType { name, or_replace, if_not_exists, elements })
}

fn element_types(node: Node<'_>) -> Built<Vec<ElementType>> {
    let mut types = Vec::new();
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::graph_node_type => types.push(node_type(part)?),
            Rule::graph_relationship_type => types.push(relationship_type(part)?),
            _ => {}
        }
    }
    Ok(types)
}

fn node_type(node: Node<'_>) -> Built<ElementType> {
    let span = span_of(&node);
    let (mut label, mut properties) = (None, Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::schema_name => label = Some(name(&part)),
            Rule::property_types => properties = property_types(part)?,
            _ => {}
        }
    }
    Ok(ElementType::Node { label: label.ok_or_else(|| missing_part(span))?, properties })
}

fn relationship_type(node: Node<'_>) -> Built<ElementType> {
    let span = span_of(&node);
    let (mut ends, mut kind, mut properties) = (Vec::new(), None, Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::graph_end => ends.push(names(part)),
            Rule::schema_name => kind = Some(name(&part)),
            Rule::property_types => properties = property_types(part)?,
            _ => {}
        }
    }
    let to = ends.pop().unwrap_or_default();
    let from = ends.pop().unwrap_or_default();
    Ok(ElementType::Relationship { from, name: kind.ok_or_else(|| missing_part(span))?, to, properties })
}

fn names(node: Node<'_>) -> Vec<Name> {
    node.into_inner().filter(|part| part.as_rule() == Rule::schema_name).map(|part| name(&part)).collect()
}

fn property_types(node: Node<'_>) -> Built<Vec<PropertyType>> {
    node.into_inner().filter(|part| part.as_rule() == Rule::property_type).map(property_type).collect()
}

fn property_type(node: Node<'_>) -> Built<PropertyType> {
    let span = span_of(&node);
    let key = last_of(node.clone(), Rule::schema_name).map(|part| name(&part));
    let value_type = last_of(node, Rule::value_type).and_then(value_type);
    match (key, value_type) {
        (Some(name), Some(value_type)) => Ok(PropertyType { name, value_type }),
        _ => Err(missing_part(span)),
    }
}
