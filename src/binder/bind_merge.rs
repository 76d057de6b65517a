//! Binds MERGE: the pattern to find, the same pattern to make, and what is set in which case.

use crate::expression::Expression;
use crate::syntax::ast::{self, PatternElement};
use crate::vector::Slot;

use super::bind_pattern::PatternUse;
use super::binder::{Binder, already_bound, type_conflict};
use super::bound::{Clause, CreateNode, CreatePattern, CreateRelationship, Merge, Pattern};
use super::environment::NameKind;
use super::error::{BindError, BindErrorKind};
use super::types::Type;

impl<'a> Binder<'a> {
    pub(super) fn bind_merge(&mut self, written: &'a ast::Merge) -> Result<Clause, BindError> {
        self.writes = true;
        let path = &written.pattern;
        if path.function.is_some() || path.selector.is_some() || path.mode.is_some() {
            let message = "what is merged is one path, without a choice among paths";
            return Err(BindError::new(BindErrorKind::UnexpectedSyntax, message, path.span));
        }
        self.check_merged(path)?;
        let (pattern, predicates) = self.bind_patterns(std::slice::from_ref(path), PatternUse::Merge)?;
        let create = self.without_aggregates("in MERGE", |binder| binder.bind_merged(path, &pattern))?;
        let (mut on_create, mut on_match) = (Vec::new(), Vec::new());
        for action in &written.actions {
            let items = self.bind_set_items(&action.items)?;
            match action.event {
                ast::MergeEvent::Create => on_create.extend(items),
                ast::MergeEvent::Match => on_match.extend(items),
            }
        }
        Ok(Clause::Merge(Merge { pattern, predicates, create, on_create, on_match }))
    }

    /// Refuses what could not be made; notes the names that are written, which therefore are not unknown.
    fn check_merged(&mut self, path: &'a ast::PathPattern) -> Result<(), BindError> {
        let alone = path.elements.len() == 1;
        let mut seen: Vec<&str> = Vec::new();
        for element in &path.elements {
            match element {
                PatternElement::Node(node) => {
                    if let Some(variable) = &node.variable {
                        self.check_merged_node(node, variable, alone, seen.contains(&variable.text.as_str()))?;
                        seen.push(&variable.text);
                    }
                    self.bind_written_labels(node.labels.as_ref())?;
                    self.note_keys(node.properties.as_deref());
                }
                PatternElement::Relationship(relationship) => {
                    self.check_created_relationship(relationship)?;
                    self.bind_written_type(relationship)?;
                    self.note_keys(relationship.properties.as_deref());
                }
                PatternElement::Group(group) => {
                    let message = "a group of a path cannot be made";
                    return Err(BindError::new(BindErrorKind::CreatingVarLength, message, group.span));
                }
            }
        }
        Ok(())
    }

    fn check_merged_node(
        &self,
        node: &ast::NodePattern,
        variable: &ast::Variable,
        alone: bool,
        seen: bool,
    ) -> Result<(), BindError> {
        let outer = self.scope.get(&variable.text).map(|slot| self.type_of(slot));
        if let Some(value_type) = outer.as_ref().filter(|value_type| !value_type.may_be(&Type::NODE)) {
            return Err(type_conflict(variable, value_type, "a node"));
        }
        let described = node.labels.is_some() || node.properties.is_some();
        if (outer.is_some() && (alone || described)) || (seen && described) {
            let hint = "a node that is there is written without labels and properties, and not alone";
            return Err(already_bound(variable).with_hint(hint));
        }
        Ok(())
    }

    fn note_keys(&mut self, properties: Option<&ast::Expression>) {
        if let Some(ast::ExpressionKind::Map(entries)) = properties.map(|properties| &properties.kind) {
            for entry in entries {
                self.written_name(NameKind::PropertyKey, &entry.key);
            }
        }
    }

    /// Returns what is made where the pattern is not found.
    fn bind_merged(&mut self, path: &'a ast::PathPattern, pattern: &Pattern) -> Result<CreatePattern, BindError> {
        let mut made = CreatePattern { paths: pattern.paths.clone(), ..CreatePattern::default() };
        let mut steps = pattern.steps.iter();
        let mut nodes_made: Vec<Slot> = Vec::new();
        let paths = pattern.paths.iter().map(|(slot, _)| *slot);
        let mut unnamed = pattern.nodes.iter().filter(|node| self.slots[node.slot.0 as usize].name.starts_with(' '));
        let unnamed: Vec<Slot> = unnamed.by_ref().map(|node| node.slot).collect();
        let mut unnamed = unnamed.into_iter();
        for element in &path.elements {
            match element {
                PatternElement::Node(node) => {
                    let slot = match &node.variable {
                        Some(variable) => self.scope.get(&variable.text),
                        None => unnamed.next(),
                    };
                    let slot = slot.expect("the pattern has a slot for each of its nodes");
                    let bound = pattern.nodes.iter().any(|node| node.slot == slot && node.bound);
                    if bound || nodes_made.contains(&slot) {
                        continue;
                    }
                    // All nodes are made before the first relationship.
                    let own = pattern.nodes.iter().filter(|node| !node.bound).map(|node| node.slot);
                    let later = own.filter(|slot| !nodes_made.contains(slot));
                    let later = later.chain(pattern.steps.iter().map(|step| step.slot)).chain(paths.clone()).collect();
                    nodes_made.push(slot);
                    let labels = self.bind_written_labels(node.labels.as_ref())?;
                    let properties = self.bind_merged_properties(node.properties.as_deref(), later)?;
                    made.nodes.push(CreateNode { slot, labels, properties });
                }
                PatternElement::Relationship(written) => {
                    let step = steps.next().expect("the pattern has a step for each of its relationships");
                    let label = self.bind_written_type(written)?;
                    let later = pattern.steps.iter().map(|step| step.slot);
                    let later = later.filter(|slot| !made.relationships.iter().any(|made| made.slot == *slot));
                    let later = later.chain(paths.clone()).collect();
                    let properties = self.bind_merged_properties(written.properties.as_deref(), later)?;
                    let [from, to] = [step.from, step.to].map(|place| pattern.nodes[place].slot);
                    made.relationships.push(CreateRelationship { slot: step.slot, label, from, to, properties });
                }
                PatternElement::Group(_) => {}
            }
        }
        Ok(made)
    }

    fn bind_merged_properties(
        &mut self,
        written: Option<&'a ast::Expression>,
        later: Vec<Slot>,
    ) -> Result<Option<Expression>, BindError> {
        self.bind_made_properties(written, &later)
    }
}
