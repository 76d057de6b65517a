//! Statements about the schema: indexes and constraints made and dropped, the graph closed, opened or told its elements.

use smol_str::SmolStr;

use crate::diagnostic::Span;
use crate::graph::{self, GraphError, IndexDefinition, IndexKind, IndexTarget, PropertyTypes};
use crate::knowledge::{LabelDeclaration, Schema, TypeDeclaration};
use crate::syntax::ast::{
    self, AlterGraph, ElementKind, ElementType, PropertyType, Requirement, SchemaStatement, SchemaTarget, ValueType,
};
use crate::value::Kind;

use super::Connection;
use super::answer::Summary;
use super::error::{Error, StateError};

impl Connection {
    /// Runs a statement that changes indexes or constraints.
    pub(super) fn change_schema(&mut self, statement: &SchemaStatement) -> Result<Summary, Error> {
        let ((), counters) = self.within_transaction(|_, mut transaction, _| {
            let outcome = change(statement, &mut transaction);
            (outcome, transaction)
        })?;
        Ok(Summary { counters, ..Summary::default() })
    }
}

fn change(statement: &SchemaStatement, transaction: &mut graph::Transaction) -> Result<(), Error> {
    match statement {
        SchemaStatement::CreateIndex(index) => {
            let kind = match index.kind {
                ast::IndexKind::Range => IndexKind::Range,
                ast::IndexKind::Text => IndexKind::Text,
            };
            if kind == IndexKind::Text && index.properties.len() > 1 {
                return Err(unsupported("a text index over several properties", index.target.span));
            }
            let properties = &index.properties;
            create(kind, index.name.as_ref(), index.if_not_exists, &index.target, properties, transaction)
        }
        SchemaStatement::CreateConstraint(constraint) => {
            let kind = match &constraint.requirement {
                Requirement::Unique => IndexKind::Unique,
                Requirement::Key => IndexKind::Key,
                Requirement::NotNull => IndexKind::Exists,
                Requirement::Type(value_type) => {
                    IndexKind::Typed(types_of(value_type).map_err(|what| unsupported(what, constraint.target.span))?)
                }
            };
            let properties = &constraint.properties;
            let name = constraint.name.as_ref();
            create(kind, name, constraint.if_not_exists, &constraint.target, properties, transaction)
        }
        SchemaStatement::DropIndex(dropped) => drop(dropped, false, transaction),
        SchemaStatement::DropConstraint(dropped) => drop(dropped, true, transaction),
        SchemaStatement::AlterGraph(altered) => alter(altered, transaction),
    }
}

fn create(
    kind: IndexKind,
    name: Option<&ast::Name>,
    if_not_exists: bool,
    target: &SchemaTarget,
    properties: &[ast::Name],
    transaction: &mut graph::Transaction,
) -> Result<(), Error> {
    let definition = IndexDefinition {
        name: name.map_or_else(|| default_name(kind, &target.label.text, properties), |name| name.text.clone()),
        target: match target.kind {
            ElementKind::Node => IndexTarget::Node(transaction.label(&target.label.text)?),
            ElementKind::Relationship => IndexTarget::Relationship(transaction.relationship_type(&target.label.text)?),
        },
        keys: properties.iter().map(|property| transaction.property_key(&property.text)).collect::<Result<_, _>>()?,
        kind,
    };
    match transaction.create_index(definition) {
        Err(GraphError::IndexExists(_) | GraphError::SameIndexExists { .. }) if if_not_exists => Ok(()),
        other => Ok(other?),
    }
}

/// Returns the name of an index that is given none: the same for the same index.
fn default_name(kind: IndexKind, label: &str, properties: &[ast::Name]) -> SmolStr {
    let what = match kind {
        IndexKind::Range => "index",
        IndexKind::Unique => "unique",
        IndexKind::Text => "text",
        IndexKind::Key => "key",
        IndexKind::Exists => "exists",
        IndexKind::Typed(_) => "type",
    };
    let properties = properties.iter().map(|property| property.text.as_str()).collect::<Vec<_>>().join("_");
    format!("{what}_{label}_{properties}").into()
}

/// Returns what a constraint of type allows.
///
/// # Errors
/// What is asked for that no property can be.
fn types_of(value_type: &ValueType) -> Result<PropertyTypes, &'static str> {
    let types: &[ValueType] =
        if let ValueType::OneOf(types) = value_type { types } else { std::slice::from_ref(value_type) };
    let mut allowed = PropertyTypes { required: true, ..PropertyTypes::default() };
    for one in types {
        let one = if let ValueType::NotNull(inner) = one {
            inner
        } else {
            allowed.required = false;
            one
        };
        match one {
            ValueType::List(items) => allowed.items |= items_of(items)?,
            ValueType::Any | ValueType::PropertyValue => {
                allowed.plain |= PropertyTypes::any();
                allowed.items |= PropertyTypes::any();
            }
            one => allowed.plain |= bit_of(one)?,
        }
    }
    Ok(allowed)
}

/// Returns the kinds that a list's items may have.
fn items_of(value_type: &ValueType) -> Result<u16, &'static str> {
    let types: &[ValueType] =
        if let ValueType::OneOf(types) = value_type { types } else { std::slice::from_ref(value_type) };
    types.iter().try_fold(0, |bits, one| {
        let (one, null) = match one {
            ValueType::NotNull(inner) => (inner.as_ref(), 0),
            one => (one, PropertyTypes::bit(Kind::Null)),
        };
        Ok(bits | null | if *one == ValueType::Any { PropertyTypes::any() } else { bit_of(one)? })
    })
}

fn bit_of(value_type: &ValueType) -> Result<u16, &'static str> {
    Ok(PropertyTypes::bit(match value_type {
        ValueType::Boolean => Kind::Boolean,
        ValueType::Integer => Kind::Integer,
        ValueType::Float => Kind::Float,
        ValueType::String => Kind::String,
        ValueType::Date => Kind::Date,
        ValueType::LocalTime => Kind::LocalTime,
        ValueType::Time => Kind::Time,
        ValueType::LocalDateTime => Kind::LocalDateTime,
        ValueType::DateTime => Kind::DateTime,
        ValueType::Duration => Kind::Duration,
        ValueType::Map => return Err("a property that holds a map"),
        ValueType::Node | ValueType::Relationship | ValueType::Path => {
            return Err("a property that holds a node, a relationship or a path");
        }
        ValueType::PartialDate | ValueType::Literal | ValueType::Null | ValueType::Nothing => {
            return Err("a constraint to this type");
        }
        ValueType::List(_) => return Err("a constraint on lists of lists"),
        ValueType::PropertyValue | ValueType::Any | ValueType::OneOf(_) | ValueType::NotNull(_) => {
            return Err("a type made so of others");
        }
    }))
}

fn drop(dropped: &ast::Drop, constraint: bool, transaction: &mut graph::Transaction) -> Result<(), Error> {
    let name = &dropped.name.text;
    // An index is no constraint, nor the other way round, although both have their names from one list.
    let definition = transaction.view().catalogue().index(name);
    let is_there = definition.is_some_and(|definition| definition.kind.is_constraint() == constraint);
    match (is_there, dropped.if_exists) {
        (true, _) => Ok(transaction.drop_index(name)?),
        (false, true) => Ok(()),
        (false, false) => Err(GraphError::NoSuchIndex(name.clone()).into()),
    }
}

fn alter(altered: &AlterGraph, transaction: &mut graph::Transaction) -> Result<(), Error> {
    let mut schema = Schema::clone(transaction.view().catalogue().schema());
    match altered {
        AlterGraph::Closed => schema.graph.closed = true,
        AlterGraph::Open => schema.graph.closed = false,
        AlterGraph::Type(types) => {
            let known = schema.clone();
            schema.labels.clear();
            schema.types.clear();
            for element in types {
                declare(element, &known, &mut schema, transaction);
            }
            schema.graph.closed = true;
        }
    }
    transaction.declare_schema(schema)?;
    if let AlterGraph::Type(types) = altered {
        types.iter().try_for_each(|element| constrain(element, transaction))?;
    }
    Ok(())
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

fn unsupported(what: &str, span: ast::Span) -> Error {
    let span = Some(Span::new(span.start as usize, span.end as usize));
    StateError::Unsupported { what: what.to_owned(), span }.into()
}
