//! Statements about the schema: indexes and constraints made and dropped.

use smol_str::SmolStr;

use crate::diagnostic::Span;
use crate::graph::{self, GraphError, IndexDefinition, IndexKind, IndexTarget, PropertyTypes};
use crate::syntax::ast::{self, ElementKind, Requirement, SchemaStatement, SchemaTarget, ValueType};
use crate::value::Kind;

use super::Connection;
use super::answer::Summary;
use super::error::{Error, StateError};
use super::graph_type;

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
        SchemaStatement::AlterGraph(altered) => graph_type::alter(altered, transaction),
        SchemaStatement::CreateGraphType(created) => graph_type::create(created, transaction),
        SchemaStatement::DropGraphType(dropped) => graph_type::drop(dropped, transaction),
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
pub(super) fn default_name(kind: IndexKind, label: &str, properties: &[ast::Name]) -> SmolStr {
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
pub(super) fn types_of(value_type: &ValueType) -> Result<PropertyTypes, &'static str> {
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

pub(super) fn unsupported(what: &str, span: ast::Span) -> Error {
    let span = Some(Span::new(span.start as usize, span.end as usize));
    StateError::Unsupported { what: what.to_owned(), span }.into()
}
