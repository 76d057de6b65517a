//! Binds CREATE and INSERT: which nodes and relationships are made, and between which.

use smol_str::SmolStr;

use crate::expression::{Expression, MapEntry};
use crate::syntax::ast::{self, ExpressionKind, PatternElement};
use crate::vector::Slot;

use super::binder::{Binder, Lost, already_bound, type_conflict};
use super::bound::{Clause, CreateNode, CreatePattern, CreateRelationship};
use super::environment::NameKind;
use super::error::{BindError, BindErrorKind};
use super::scope::Scope;
use super::types::Type;

impl<'a> Binder<'a> {
    pub(super) fn bind_create(&mut self, written: &'a ast::Create) -> Result<Clause, BindError> {
        self.writes = true;
        let mut made = CreatePattern::default();
        self.without_aggregates("in CREATE", |binder| {
            written.patterns.iter().try_for_each(|path| binder.bind_created_path(path, &mut made))
        })?;
        Ok(Clause::Create(made))
    }

    fn bind_created_path(&mut self, path: &'a ast::PathPattern, made: &mut CreatePattern) -> Result<(), BindError> {
        if path.function.is_some() || path.selector.is_some() || path.mode.is_some() {
            let message = "what is made is one path, without a choice among paths";
            return Err(BindError::new(BindErrorKind::UnexpectedSyntax, message, path.span));
        }
        let alone = path.elements.len() == 1;
        let mut slots = Vec::with_capacity(path.elements.len());
        let mut open: Option<&'a ast::RelationshipPattern> = None;
        for element in &path.elements {
            match element {
                PatternElement::Node(node) => {
                    let slot = self.bind_created_node(node, alone, made)?;
                    if let (Some(relationship), Some(previous)) = (open.take(), slots.last().copied()) {
                        slots.push(self.bind_created_relationship(relationship, previous, slot, made)?);
                    }
                    slots.push(slot);
                }
                PatternElement::Relationship(relationship) => {
                    // Names are checked before types: what is bound already is the graver mistake.
                    self.check_created_relationship(relationship)?;
                    open = Some(relationship);
                }
                PatternElement::Group(group) => {
                    let message = "a group of a path cannot be made";
                    return Err(BindError::new(BindErrorKind::CreatingVarLength, message, group.span));
                }
            }
        }
        if let Some(variable) = &path.variable {
            let slot = self.declare(variable, Type::PATH)?;
            made.paths.push((slot, Expression::Path(slots)));
        }
        Ok(())
    }

    fn bind_created_node(
        &mut self,
        written: &'a ast::NodePattern,
        alone: bool,
        made: &mut CreatePattern,
    ) -> Result<Slot, BindError> {
        refuse_filter(written.filter.as_deref())?;
        let known = written.variable.as_ref().and_then(|variable| Some((variable, self.scope.get(&variable.text)?)));
        if let Some((variable, slot)) = known {
            let value_type = self.type_of(slot);
            if !value_type.may_be(&Type::NODE) {
                return Err(type_conflict(variable, &value_type, "a node"));
            }
            if alone || written.labels.is_some() || written.properties.is_some() {
                let error =
                    already_bound(variable).with_hint("a node that is there is written without labels and properties");
                return Err(error);
            }
            self.read(slot);
            return Ok(slot);
        }
        let labels = self.bind_written_labels(written.labels.as_ref())?;
        // All nodes are made before the first relationship, and all relationships before the first path.
        let later: Vec<Slot> = made.relationships.iter().map(|made| made.slot).chain(paths_of(made)).collect();
        let properties = self.bind_made_properties(written.properties.as_deref(), &later)?;
        let slot = match &written.variable {
            Some(variable) => self.declare(variable, Type::NODE)?,
            None => self.hidden_slot("node", Type::NODE),
        };
        made.nodes.push(CreateNode { slot, labels, properties });
        Ok(slot)
    }

    fn bind_created_relationship(
        &mut self,
        written: &'a ast::RelationshipPattern,
        left: Slot,
        right: Slot,
        made: &mut CreatePattern,
    ) -> Result<Slot, BindError> {
        if written.direction == ast::Direction::Either {
            let message = "a relationship is made in one direction";
            let error = BindError::new(BindErrorKind::RequiresDirectedRelationship, message, written.span);
            return Err(error.with_hint("write `-[:TYPE]->` or `<-[:TYPE]-`"));
        }
        let label = self.bind_written_type(written)?;
        let later: Vec<Slot> = paths_of(made).collect();
        let properties = self.bind_made_properties(written.properties.as_deref(), &later)?;
        let slot = match &written.variable {
            Some(variable) => self.declare(variable, Type::RELATIONSHIP)?,
            None => self.hidden_slot("relationship", Type::RELATIONSHIP),
        };
        let turned = written.direction == ast::Direction::Left;
        let (from, to) = if turned { (right, left) } else { (left, right) };
        made.relationships.push(CreateRelationship { slot, label, from, to, properties });
        Ok(slot)
    }

    /// Refuses a relationship that is bound already, or that is more than one.
    pub(super) fn check_created_relationship(&self, written: &ast::RelationshipPattern) -> Result<(), BindError> {
        refuse_filter(written.filter.as_deref())?;
        if let Some(variable) = &written.variable
            && self.scope.get(&variable.text).is_some()
        {
            return Err(already_bound(variable).with_hint("a relationship that is there cannot be made again"));
        }
        if written.length.is_some() || written.quantifier.is_some() {
            let message = "a chain of relationships cannot be made";
            let error = BindError::new(BindErrorKind::CreatingVarLength, message, written.span);
            return Err(error.with_hint("write every relationship of the chain"));
        }
        Ok(())
    }

    /// Binds the properties of something made; what the clause makes later cannot be read yet.
    pub(super) fn bind_made_properties(
        &mut self,
        written: Option<&'a ast::Expression>,
        later: &[Slot],
    ) -> Result<Option<Expression>, BindError> {
        let Some(written) = written else { return Ok(None) };
        let mut readable = Scope::default();
        for (name, slot) in self.scope.iter().filter(|(_, slot)| !later.contains(slot)) {
            readable.insert(name.clone(), slot);
        }
        let scope = std::mem::replace(&mut self.scope, readable);
        let lost = self.lost.replace(Lost {
            scope: scope.clone(),
            kind: BindErrorKind::UndefinedVariable,
            ambiguous: Vec::new(),
            reason: "is made later by this clause and cannot be read here",
            hint: "set the property in a SET behind",
        });
        let properties = self.bind_written_properties(written)?;
        self.scope = scope;
        self.lost = lost;
        Ok(Some(properties))
    }

    /// Binds a map of properties to be written; keys of a written map become canonical.
    pub(super) fn bind_written_properties(&mut self, written: &'a ast::Expression) -> Result<Expression, BindError> {
        if let ExpressionKind::Map(entries) = &written.kind {
            let mut bound = Vec::with_capacity(entries.len());
            for entry in entries {
                let key: SmolStr = self.written_name(NameKind::PropertyKey, &entry.key);
                bound.push(MapEntry::Pair(key, self.bind_expression(&entry.value)?.0));
            }
            return Ok(Expression::Map(bound));
        }
        self.writes_any_key = true;
        let (bound, value_type) = self.bind_expression(written)?;
        if !value_type.may_be(&Type::MAP.or(Type::ELEMENT)) {
            let message = format!("properties are a map, not {value_type}");
            return Err(BindError::new(BindErrorKind::InvalidArgumentType, message, written.span));
        }
        Ok(bound)
    }
}

/// Returns the slots of the named paths.
fn paths_of(made: &CreatePattern) -> impl Iterator<Item = Slot> {
    made.paths.iter().map(|(slot, _)| *slot)
}

/// Refuses a condition in a pattern that is made.
fn refuse_filter(filter: Option<&ast::Expression>) -> Result<(), BindError> {
    match filter {
        None => Ok(()),
        Some(filter) => {
            let message = "what is made has no condition";
            Err(BindError::new(BindErrorKind::UnexpectedSyntax, message, filter.span))
        }
    }
}
