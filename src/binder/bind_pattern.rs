//! Binds graph patterns: nodes, labels, property maps and inline conditions; paths and steps have files of their own.
//!
//! First every element of every path is declared, then property maps and conditions are bound, since they see the variables of the whole
//! pattern. A node variable that stands twice is one node.

use std::collections::BTreeSet;

use crate::expression::{ComparisonOperator, Expression, LabelExpression};
use crate::syntax::ast::{self, ExpressionKind};
use crate::vector::Slot;

use super::binder::{Binder, already_bound, type_conflict};
use super::bound::{Pattern, PatternNode, StepKind};
use super::environment::NameKind;
use super::error::{BindError, BindErrorKind};
use super::types::Type;

/// What a pattern is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PatternUse {
    /// To be found; new names are new variables.
    Match,
    /// To be found or made.
    Merge,
    /// A condition or a value: it reads variables and makes none.
    Predicate,
    /// To be walked several times: its variables are its own.
    Repeated,
}

/// A pattern while it is bound.
pub(super) struct PatternBuilder<'a> {
    /// What the pattern is for.
    pub(super) usage: PatternUse,
    /// What is there of it.
    pub(super) pattern: Pattern,
    /// What must hold.
    pub(super) predicates: Vec<Expression>,
    /// What is to be bound once all elements are declared.
    pub(super) pending: Vec<Pending<'a>>,
    /// The slots of the variables that this pattern made.
    pub(super) introduced: BTreeSet<Slot>,
    /// The named ones among them, in order of appearance.
    pub(super) named: Vec<(&'a ast::Variable, Slot)>,
    /// The steps whose relationships must differ.
    pub(super) distinct: Vec<usize>,
    /// Within a path of which some are chosen, the variables that the pattern around it has made so far.
    pub(super) around: Option<BTreeSet<Slot>>,
    /// The nodes of such a path that stand in the pattern around it too, with their slots there.
    pub(super) joined: Vec<(Slot, Slot)>,
}

/// A part of a pattern that reads variables.
pub(super) enum Pending<'a> {
    /// A property map of the element in a slot.
    Properties(Slot, &'a ast::Expression),
    /// A condition.
    Filter(&'a ast::Expression),
    /// What every relationship of a longer step must satisfy.
    Step {
        /// The step, by place.
        step: usize,
        /// What is written in the brackets.
        written: &'a ast::RelationshipPattern,
    },
}

impl<'a> PatternBuilder<'a> {
    /// Returns an empty pattern.
    pub(super) fn new(usage: PatternUse) -> Self {
        PatternBuilder {
            usage,
            pattern: Pattern::default(),
            predicates: Vec::new(),
            pending: Vec::new(),
            introduced: BTreeSet::new(),
            named: Vec::new(),
            distinct: Vec::new(),
            around: None,
            joined: Vec::new(),
        }
    }

    /// Adds a node without name, and returns its place.
    pub(super) fn add_node(&mut self, slot: Slot, bound: bool, label: Option<LabelExpression>) -> usize {
        self.pattern.nodes.push(PatternNode { slot, bound, label });
        self.pattern.nodes.len() - 1
    }
}

impl<'a> Binder<'a> {
    /// Binds the paths of one clause; returns the pattern and what must hold.
    pub(super) fn bind_patterns(
        &mut self,
        paths: &'a [ast::PathPattern],
        usage: PatternUse,
    ) -> Result<(Pattern, Vec<Expression>), BindError> {
        let mut builder = PatternBuilder::new(usage);
        self.without_aggregates("in a pattern", |binder| {
            for path in paths {
                binder.bind_path(&mut builder, path)?;
            }
            binder.bind_pending(&mut builder)
        })?;
        Ok(finished(builder))
    }

    /// Declares a node, and returns its place in the pattern.
    pub(super) fn declare_node(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        written: &'a ast::NodePattern,
    ) -> Result<usize, BindError> {
        let place = match &written.variable {
            None => {
                let slot = self.hidden_slot("node", Type::NODE);
                builder.add_node(slot, false, None)
            }
            Some(variable) => {
                if written.labels.is_none() {
                    self.warn_of_lost_colon(NameKind::Label, variable);
                }
                self.declare_named_node(builder, variable)?
            }
        };
        if let Some(labels) = &written.labels {
            let label = self.bind_labels(NameKind::Label, labels);
            let node = &mut builder.pattern.nodes[place];
            node.label = Some(joined(node.label.take(), label));
        }
        let slot = builder.pattern.nodes[place].slot;
        if let Some(properties) = &written.properties {
            builder.pending.push(Pending::Properties(slot, properties));
        }
        if let Some(filter) = &written.filter {
            builder.pending.push(Pending::Filter(filter));
        }
        Ok(place)
    }

    fn declare_named_node(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        variable: &'a ast::Variable,
    ) -> Result<usize, BindError> {
        let Some(slot) = self.scope.get(&variable.text) else {
            if builder.usage == PatternUse::Predicate {
                // This fails, with the hint that fits.
                self.resolve(&variable.text, variable.span)?;
            }
            let slot = self.declare(variable, Type::NODE)?;
            builder.introduced.insert(slot);
            builder.named.push((variable, slot));
            return Ok(builder.add_node(slot, false, None));
        };
        let value_type = self.type_of(slot);
        if !value_type.may_be(&Type::NODE) {
            return Err(type_conflict(variable, &value_type, "a node"));
        }
        if let Some(place) = builder.pattern.nodes.iter().position(|node| node.slot == slot) {
            return Ok(place);
        }
        if let Some((inside, _)) = builder.joined.iter().find(|(_, elsewhere)| *elsewhere == slot) {
            let inside = *inside;
            return Ok(builder
                .pattern
                .nodes
                .iter()
                .position(|node| node.slot == inside)
                .expect("it was added with its slot"));
        }
        match &builder.around {
            // One of the pattern around is known only when that pattern is; what is chosen must come by it.
            Some(around) if around.contains(&slot) => {
                let inside = self.hidden_slot("node", Type::NODE);
                builder.joined.push((inside, slot));
                return Ok(builder.add_node(inside, false, None));
            }
            // One that a clause before has bound is a condition within the path.
            Some(_) => {}
            None if builder.usage == PatternUse::Repeated => return Err(already_bound(variable)),
            None => {}
        }
        if builder.introduced.contains(&slot) {
            // It stands inside a path of which some are chosen: what is chosen must come by here.
            let hidden = self.hidden_slot("node", Type::NODE);
            let [left, right] = [hidden, slot].map(|slot| Box::new(Expression::Slot(slot)));
            builder.predicates.push(Expression::Comparison(ComparisonOperator::Equal, left, right));
            return Ok(builder.add_node(hidden, false, None));
        }
        self.read(slot);
        Ok(builder.add_node(slot, true, None))
    }

    /// Binds property maps and conditions, now that every variable is declared.
    pub(super) fn bind_pending(&mut self, builder: &mut PatternBuilder<'a>) -> Result<(), BindError> {
        for pending in std::mem::take(&mut builder.pending) {
            match pending {
                Pending::Properties(slot, properties) => {
                    let predicates = self.bind_property_map(slot, properties)?;
                    builder.predicates.extend(predicates);
                }
                Pending::Filter(filter) => builder.predicates.extend(self.bind_predicate(filter)?.conjuncts()),
                Pending::Step { step, written } => {
                    let bound = self.bind_step_predicate(written)?;
                    match &mut builder.pattern.steps[step].kind {
                        StepKind::Variable { predicate, .. } | StepKind::Shortest { predicate, .. } => {
                            *predicate = bound;
                        }
                        StepKind::Single | StepKind::Quantified(_) => {}
                    }
                }
            }
        }
        Ok(())
    }

    /// Binds `{key: value, …}` behind an element of a pattern as conditions on its properties.
    pub(super) fn bind_property_map(
        &mut self,
        slot: Slot,
        properties: &'a ast::Expression,
    ) -> Result<Vec<Expression>, BindError> {
        let ExpressionKind::Map(entries) = &properties.kind else {
            let message = "a pattern that is matched needs its properties one by one";
            let error = BindError::new(BindErrorKind::InvalidParameterUse, message, properties.span);
            return Err(error.with_hint("write `{key: $map.key}`"));
        };
        let mut predicates = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = self.read_name(NameKind::PropertyKey, &entry.key);
            let (value, value_type) = self.bind_expression(&entry.value)?;
            let property = Expression::Property(Box::new(Expression::Slot(slot)), key);
            let place = entry.key.span.to(entry.value.span);
            let equal = ComparisonOperator::Equal;
            self.warn_of_comparison(equal, (&property, &Type::ANY), (&value, &value_type), place);
            predicates.push(Expression::Comparison(ComparisonOperator::Equal, Box::new(property), Box::new(value)));
        }
        Ok(predicates)
    }
}

/// Returns the pattern with its groups of distinct relationships; one alone differs from itself.
pub(super) fn finished(mut builder: PatternBuilder<'_>) -> (Pattern, Vec<Expression>) {
    if builder.distinct.len() > 1 {
        builder.pattern.distinct.push(builder.distinct);
    }
    (builder.pattern, builder.predicates)
}

/// Returns the label expression that asks for both.
fn joined(before: Option<LabelExpression>, more: LabelExpression) -> LabelExpression {
    LabelExpression::all_of(before.into_iter().chain([more]))
}
