//! Statements about the schema: indexes and constraints made and dropped.

use smol_str::SmolStr;

use crate::diagnostic::Span;
use crate::graph::{self, GraphError, IndexDefinition, IndexKind, IndexTarget};
use crate::syntax::ast::{self, ElementKind, Requirement, SchemaStatement, SchemaTarget};

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
            let properties = &index.properties;
            create(kind, index.name.as_ref(), index.if_not_exists, &index.target, properties, transaction)
        }
        SchemaStatement::CreateConstraint(constraint) => {
            let kind = match constraint.requirement {
                Requirement::Unique => IndexKind::Unique,
                Requirement::Key => return Err(unsupported("a constraint `IS KEY`", constraint.target.span)),
                Requirement::NotNull => return Err(unsupported("a constraint `IS NOT NULL`", constraint.target.span)),
                Requirement::Type(_) => return Err(unsupported("a constraint of type", constraint.target.span)),
            };
            let properties = &constraint.properties;
            let name = constraint.name.as_ref();
            create(kind, name, constraint.if_not_exists, &constraint.target, properties, transaction)
        }
        SchemaStatement::DropIndex(dropped) => drop(dropped, false, transaction),
        SchemaStatement::DropConstraint(dropped) => drop(dropped, true, transaction),
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
    let [property] = properties else {
        return Err(unsupported("an index over several properties", target.span));
    };
    let definition = IndexDefinition {
        name: name.map_or_else(|| default_name(kind, target, property), |name| name.text.clone()),
        target: match target.kind {
            ElementKind::Node => IndexTarget::Node(transaction.label(&target.label.text)?),
            ElementKind::Relationship => IndexTarget::Relationship(transaction.relationship_type(&target.label.text)?),
        },
        key: transaction.property_key(&property.text)?,
        kind,
    };
    match transaction.create_index(definition) {
        Err(GraphError::IndexExists(_) | GraphError::SameIndexExists { .. }) if if_not_exists => Ok(()),
        other => Ok(other?),
    }
}

/// Returns the name of an index that is given none: the same for the same index.
fn default_name(kind: IndexKind, target: &SchemaTarget, property: &ast::Name) -> SmolStr {
    let what = match kind {
        IndexKind::Range => "index",
        IndexKind::Unique => "unique",
        IndexKind::Text => "text",
    };
    format!("{what}_{}_{}", target.label.text, property.text).into()
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

fn unsupported(what: &str, span: ast::Span) -> Error {
    let span = Some(Span::new(span.start as usize, span.end as usize));
    StateError::Unsupported { what: what.to_owned(), span }.into()
}
