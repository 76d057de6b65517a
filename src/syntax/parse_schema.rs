//! Statements about the schema: indexes, constraints, SHOW.

use super::ast::{
    CreateConstraint, CreateIndex, Drop, ElementKind, IndexKind, Name, Requirement, SchemaTarget, Show, ShowSubject,
    ValueType,
};
use super::error::{Built, SyntaxError, SyntaxErrorKind};
use super::limit::Depth;
use super::parse_atom::{last_of, where_condition};
use super::parse_call::yield_clause;
use super::parse_clause::{order_by, return_clause, row_count};
use super::parse_literal::name;
use super::parse_query::missing_part;
use super::parser::{Node, Rule, span_of};

/// Builds `CREATE [RANGE|TEXT] INDEX …`.
pub(super) fn create_index(node: Node<'_>) -> Built<CreateIndex> {
    let parts = parts(node)?;
    let kind = if parts.text { IndexKind::Text } else { IndexKind::Range };
    let target = checked_target(&parts)?;
    let properties = parts.properties.into_iter().map(|(_, key)| key).collect();
    Ok(CreateIndex { kind, name: parts.name, if_not_exists: parts.if_not_exists, target, properties })
}

/// Builds `CREATE CONSTRAINT …`.
pub(super) fn create_constraint(node: Node<'_>) -> Built<CreateConstraint> {
    let span = span_of(&node);
    let parts = parts(node)?;
    let target = checked_target(&parts)?;
    let requirement = parts.requirement.ok_or_else(|| missing_part(span))?;
    let properties: Vec<Name> = parts.properties.into_iter().map(|(_, key)| key).collect();
    if properties.len() > 1 && matches!(requirement, Requirement::NotNull | Requirement::Type(_)) {
        let message = "this requirement speaks of one property only";
        return Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, span)
            .with_hint("write one constraint for each property"));
    }
    Ok(CreateConstraint { name: parts.name, if_not_exists: parts.if_not_exists, target, properties, requirement })
}

/// Builds `DROP INDEX …`, `DROP CONSTRAINT …`.
pub(super) fn drop(node: Node<'_>) -> Built<Drop> {
    let span = span_of(&node);
    let parts = parts(node)?;
    Ok(Drop { name: parts.name.ok_or_else(|| missing_part(span))?, if_exists: parts.if_exists })
}

/// What a schema statement is made of.
#[derive(Default)]
struct Parts {
    name: Option<Name>,
    text: bool,
    if_not_exists: bool,
    if_exists: bool,
    target: Option<SchemaTarget>,
    /// Variable and key of each property.
    properties: Vec<(Name, Name)>,
    requirement: Option<Requirement>,
    span: super::ast::Span,
}

fn parts(node: Node<'_>) -> Built<Parts> {
    let mut parts = Parts { span: span_of(&node), ..Parts::default() };
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::kw_text => parts.text = true,
            Rule::schema_object_name => parts.name = last_of(part, Rule::schema_name).map(|inner| name(&inner)),
            Rule::if_not_exists => parts.if_not_exists = true,
            Rule::if_exists => parts.if_exists = true,
            Rule::schema_target => parts.target = schema_target(part),
            Rule::schema_properties => parts.properties = schema_properties(part),
            Rule::requirement => parts.requirement = requirement(part),
            _ => {}
        }
    }
    Ok(parts)
}

/// Returns the target, if the properties are its own.
fn checked_target(parts: &Parts) -> Built<SchemaTarget> {
    let target = parts.target.clone().ok_or_else(|| missing_part(parts.span))?;
    match parts.properties.iter().find(|(variable, _)| variable.text != target.variable.text) {
        Some((variable, _)) => {
            let message = format!("variable `{}` is not defined", variable.text);
            Err(SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, variable.span)
                .with_hint(format!("write `{}`", target.variable.text)))
        }
        None => Ok(target),
    }
}

fn schema_target(node: Node<'_>) -> Option<SchemaTarget> {
    let span = span_of(&node);
    let inner = node.into_inner().next()?;
    let kind = match inner.as_rule() {
        Rule::relationship_target => ElementKind::Relationship,
        _ => ElementKind::Node,
    };
    let (mut variable, mut label) = (None, None);
    for part in inner.into_inner() {
        match part.as_rule() {
            Rule::variable => variable = Some(name(&part)),
            Rule::schema_name => label = Some(name(&part)),
            _ => {}
        }
    }
    Some(SchemaTarget { kind, variable: variable?, label: label?, span })
}

fn schema_properties(node: Node<'_>) -> Vec<(Name, Name)> {
    let properties = node.into_inner().filter(|part| part.as_rule() == Rule::schema_property);
    let pair = |property: Node<'_>| {
        let mut parts = property.into_inner();
        Some((name(&parts.next()?), name(&parts.next()?)))
    };
    properties.filter_map(pair).collect()
}

fn requirement(node: Node<'_>) -> Option<Requirement> {
    let inner = node.into_inner().next()?;
    match inner.as_rule() {
        Rule::require_unique => Some(Requirement::Unique),
        Rule::require_key => Some(Requirement::Key),
        Rule::require_not_null => Some(Requirement::NotNull),
        _ => last_of(inner, Rule::value_type).and_then(value_type).map(Requirement::Type),
    }
}

/// Builds a type.
pub(super) fn value_type(node: Node<'_>) -> Option<ValueType> {
    let alternatives = |one: ValueType| if let ValueType::OneOf(types) = one { types } else { vec![one] };
    let mut types: Vec<ValueType> = node.into_inner().filter_map(single_type).flat_map(alternatives).collect();
    match types.len() {
        0 | 1 => types.pop(),
        _ => Some(ValueType::OneOf(types)),
    }
}

/// Builds a type without alternatives.
pub(super) fn single_type(node: Node<'_>) -> Option<ValueType> {
    let is_required = last_of(node.clone(), Rule::kw_not).is_some();
    let is_marked = last_of(node.clone(), Rule::not_null_mark).is_some();
    let found = named_type(node.into_inner().next()?)?;
    Some(if is_required || is_marked { ValueType::NotNull(Box::new(found)) } else { found })
}

fn named_type(inner: Node<'_>) -> Option<ValueType> {
    Some(match inner.as_rule() {
        Rule::list_type => {
            let items = last_of(inner, Rule::value_type).map_or(Some(ValueType::Any), value_type)?;
            ValueType::List(Box::new(items))
        }
        Rule::union_type => value_type(last_of(inner, Rule::value_type)?)?,
        Rule::type_boolean => ValueType::Boolean,
        Rule::type_integer => ValueType::Integer,
        Rule::type_float => ValueType::Float,
        Rule::type_string => ValueType::String,
        Rule::type_date => ValueType::Date,
        Rule::type_local_time => ValueType::LocalTime,
        Rule::type_time => ValueType::Time,
        Rule::type_local_date_time => ValueType::LocalDateTime,
        Rule::type_date_time => ValueType::DateTime,
        Rule::type_duration => ValueType::Duration,
        Rule::type_map => ValueType::Map,
        Rule::type_node => ValueType::Node,
        Rule::type_relationship => ValueType::Relationship,
        Rule::type_path => ValueType::Path,
        Rule::type_partial_date => ValueType::PartialDate,
        Rule::type_literal => ValueType::Literal,
        Rule::type_property_value => ValueType::PropertyValue,
        Rule::type_null => ValueType::Null,
        Rule::type_nothing => ValueType::Nothing,
        Rule::type_any => ValueType::Any,
        _ => return None,
    })
}

/// Builds `SHOW …`.
pub(super) fn show(node: Node<'_>) -> Built<Show> {
    let span = span_of(&node);
    let (subject, order) = (ShowSubject::Labels, Vec::new());
    let mut built = Show { subject, yields: None, order, skip: None, limit: None, returns: None, filter: None, span };
    for part in node.into_inner() {
        match part.as_rule() {
            Rule::show_subject => {
                built.subject = match part.into_inner().next().map(|inner| inner.as_rule()) {
                    Some(Rule::show_types) => ShowSubject::RelationshipTypes,
                    Some(Rule::show_properties) => ShowSubject::Properties,
                    Some(Rule::show_functions) => ShowSubject::Functions,
                    Some(Rule::show_procedures) => ShowSubject::Procedures,
                    Some(Rule::show_indexes) => ShowSubject::Indexes,
                    Some(Rule::show_constraints) => ShowSubject::Constraints,
                    Some(Rule::show_settings) => ShowSubject::Settings,
                    Some(Rule::show_schema) => ShowSubject::Schema,
                    Some(Rule::show_graph_types) => ShowSubject::GraphTypes,
                    _ => ShowSubject::Labels,
                }
            }
            Rule::yield_clause => built.yields = Some(yield_clause(part, Depth::TOP)?),
            Rule::where_clause => built.filter = where_condition(part, Depth::TOP)?,
            Rule::order_by => built.order = order_by(part, Depth::TOP)?,
            Rule::skip => built.skip = row_count(part, Depth::TOP)?,
            Rule::limit => built.limit = row_count(part, Depth::TOP)?,
            Rule::return_clause => built.returns = Some(return_clause(part, Depth::TOP)?),
            _ => {}
        }
    }
    Ok(built)
}
