//! What the grammar lets through and openCypher refuses, as far as the text alone shows it.

use super::ast::{
    Clause, Direction, ExpressionKind, NodePattern, PathPattern, PatternElement, Query, RelationshipPattern, Span,
};
use super::error::{Built, SyntaxError, SyntaxErrorKind};

/// Refuses a pattern that nothing can be made from; `-[r]->` without a type is left to the binder.
pub(super) fn makeable(path: &PathPattern, word: &str) -> Built<()> {
    if path.function.is_some() || path.selector.is_some() || path.mode.is_some() {
        return Err(unexpected(format!("`{word}` makes one path and cannot search for paths"), path.span));
    }
    path.elements.iter().try_for_each(|element| match element {
        PatternElement::Node(node) => makeable_node(node, word),
        PatternElement::Relationship(relationship) => makeable_relationship(relationship, word),
        PatternElement::Group(group) => {
            Err(unexpected(format!("`{word}` cannot make a part of a path that repeats"), group.span))
        }
    })
}

fn makeable_node(node: &NodePattern, word: &str) -> Built<()> {
    if let Some(filter) = &node.filter {
        return Err(unexpected(format!("`{word}` cannot filter inside a pattern"), filter.span));
    }
    match &node.labels {
        Some(labels) if labels.conjunction().is_none() => {
            Err(unexpected(format!("`{word}` needs plain labels"), labels.span).with_hint("write `:A:B` or `:A&B`"))
        }
        _ => Ok(()),
    }
}

fn makeable_relationship(relationship: &RelationshipPattern, word: &str) -> Built<()> {
    if let Some(length) = &relationship.length {
        let message = format!("`{word}` cannot make a relationship of variable length");
        return Err(SyntaxError::new(SyntaxErrorKind::CreatingVarLength, message, length.span)
            .with_hint("write each relationship out"));
    }
    if let Some(quantifier) = &relationship.quantifier {
        let message = format!("`{word}` cannot make a relationship that repeats");
        return Err(SyntaxError::new(SyntaxErrorKind::CreatingVarLength, message, quantifier.span));
    }
    if let Some(filter) = &relationship.filter {
        return Err(unexpected(format!("`{word}` cannot filter inside a pattern"), filter.span));
    }
    // A variable alone may be one that is bound already, which is another mistake; only the binder can tell.
    let only_variable = relationship.types.is_none() && relationship.variable.is_some();
    if !only_variable && relationship.types.as_ref().and_then(|types| types.name()).is_none() {
        let message = format!("`{word}` needs exactly one type for a relationship");
        return Err(SyntaxError::new(SyntaxErrorKind::NoSingleRelationshipType, message, relationship.span)
            .with_hint("write `-[:TYPE]->`"));
    }
    if relationship.direction == Direction::Either && word != "MERGE" {
        let message = format!("`{word}` needs a direction for a relationship");
        return Err(SyntaxError::new(SyntaxErrorKind::RequiresDirectedRelationship, message, relationship.span)
            .with_hint("write `-[:TYPE]->` or `<-[:TYPE]-`"));
    }
    Ok(())
}

/// Refuses `(n $properties)` where the properties must be known to plan the search.
pub(super) fn refuse_parameter_properties(patterns: &[PathPattern], word: &str) -> Built<()> {
    patterns.iter().try_for_each(|path| refuse_parameter_elements(&path.elements, word))
}

fn refuse_parameter_elements(elements: &[PatternElement], word: &str) -> Built<()> {
    for element in elements {
        let properties = match element {
            PatternElement::Node(node) => &node.properties,
            PatternElement::Relationship(relationship) => &relationship.properties,
            PatternElement::Group(group) => {
                refuse_parameter_elements(&group.elements, word)?;
                continue;
            }
        };
        if let Some(properties) = properties
            && let ExpressionKind::Parameter(name) = &properties.kind
        {
            let message = format!("`{word}` cannot take the parameter `${name}` as a map of properties");
            return Err(SyntaxError::new(SyntaxErrorKind::InvalidParameterUse, message, properties.span)
                .with_hint(format!("name the properties: `{{key: ${name}.key}}`")));
        }
    }
    Ok(())
}

/// Refuses a clause within FOREACH that does not write.
pub(super) fn refuse_reading(clause: &Clause) -> Built<()> {
    match is_writing(clause) {
        true => Ok(()),
        false => {
            let message = "`FOREACH` holds only clauses that write";
            Err(SyntaxError::new(SyntaxErrorKind::InvalidClauseComposition, message, clause.span())
                .with_hint("use `UNWIND` to read for each element"))
        }
    }
}

/// Refuses a query within an expression that writes.
pub(super) fn refuse_writing(query: &Query) -> Built<()> {
    if let Some(before) = &query.before {
        refuse_writing(before)?;
    }
    let parts = std::iter::once(&query.first).chain(query.unions.iter().map(|union| &union.query));
    for clause in parts.flat_map(|part| &part.clauses) {
        if is_writing(clause) {
            let message = "a subquery in an expression only reads";
            return Err(SyntaxError::new(SyntaxErrorKind::InvalidClauseComposition, message, clause.span())
                .with_hint("write in a clause of its own, or in `CALL { … }`"));
        }
        if let Clause::CallSubquery(call) = clause {
            refuse_writing(&call.query)?;
        }
    }
    Ok(())
}

fn is_writing(clause: &Clause) -> bool {
    matches!(
        clause,
        Clause::Create(_)
            | Clause::Merge(_)
            | Clause::Set(_)
            | Clause::Remove(_)
            | Clause::Delete(_)
            | Clause::Foreach(_)
    )
}

fn unexpected(message: String, span: Span) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::UnexpectedSyntax, message, span)
}
