//! Binds the steps of a pattern: one relationship, a chain of them, or the shortest chains.

use crate::expression::Expression;
use crate::syntax::ast;
use crate::vector::Slot;

use super::bind_pattern::{PatternBuilder, PatternUse, Pending};
use super::binder::{Binder, type_conflict};
use super::bound::{PathMode, PathSelector, PatternStep, StepKind, StepRelationship};
use super::environment::NameKind;
use super::error::{BindError, BindErrorKind};
use super::types::Type;

/// How the path around a step is walked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walking {
    /// Which repetitions count.
    pub(super) mode: PathMode,
    /// Which of the paths are wanted, if not all.
    pub(super) selector: Option<PathSelector>,
    /// Whether relationships are taken one at a time, whatever is written behind them: who repeats them does so himself.
    pub(super) singly: bool,
    /// Within a path of which some are chosen under WALK, what is chosen. The parts of a walk go together however they were come by, so
    /// of a part without a greatest number of times as many walks between its own ends are enough as are wanted of the whole.
    pub(super) whole: Option<PathSelector>,
}

impl Walking {
    /// Returns how the whole of a path is walked.
    pub(super) fn of_path(mode: PathMode, selector: Option<PathSelector>) -> Self {
        Walking { mode, selector, singly: false, whole: None }
    }

    /// Returns how what is walked again and again is walked each time.
    pub(super) fn each_time(self) -> Self {
        let whole = if self.mode == PathMode::Walk { self.selector.or(self.whole) } else { None };
        Walking { selector: None, singly: false, whole, ..self }
    }

    /// Returns what is chosen of a part that could go on for ever, if anything is.
    pub(super) fn of_endless(self) -> Option<PathSelector> {
        if self.mode == PathMode::Walk { self.selector.or(self.whole) } else { self.selector }
    }
}

impl<'a> Binder<'a> {
    /// Adds the step that a relationship pattern means, and returns its place.
    pub(super) fn bind_step(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        written: &'a ast::RelationshipPattern,
        walking: Walking,
        from: usize,
        to: usize,
    ) -> Result<usize, BindError> {
        let bounds = if walking.singly { None } else { step_bounds(written) };
        if walking.mode == PathMode::Walk && walking.selector.is_none() && bounds.is_some_and(|(_, max)| max.is_none())
        {
            return Err(endless(written.span));
        }
        if bounds.is_some() && builder.usage == PatternUse::Merge {
            let message = "a chain of relationships cannot be made";
            return Err(BindError::new(BindErrorKind::CreatingVarLength, message, written.span));
        }
        let chain = bounds.is_some() || walking.selector.is_some();
        let (slot, bound) = self.declare_relationship(builder, written, chain)?;
        let kind = step_kind(bounds, walking);
        let step = builder.pattern.steps.len();
        if chain {
            if written.properties.is_some() || written.filter.is_some() {
                builder.pending.push(Pending::Step { step, written });
            }
        } else {
            builder.pending.extend(written.properties.iter().map(|map| Pending::Properties(slot, map)));
            builder.pending.extend(written.filter.iter().map(|filter| Pending::Filter(filter)));
        }
        let label = written.types.as_ref().map(|types| self.bind_labels(NameKind::RelationshipType, types));
        let turned = written.direction == ast::Direction::Left;
        let (from, to) = if turned { (to, from) } else { (from, to) };
        let undirected = written.direction == ast::Direction::Either;
        let relationship = StepRelationship { label, undirected };
        builder.pattern.steps.push(PatternStep { slot, bound, from, to, turned, relationship, kind });
        if walking.mode != PathMode::Walk && walking.selector.is_none() {
            builder.distinct.push(step);
        }
        Ok(step)
    }

    /// Returns the slot of a step, and whether it has its value already.
    fn declare_relationship(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        written: &'a ast::RelationshipPattern,
        chain: bool,
    ) -> Result<(Slot, bool), BindError> {
        let value_type = if chain { Type::list_of(Type::RELATIONSHIP) } else { Type::RELATIONSHIP };
        if let (Some(variable), None) = (&written.variable, &written.types) {
            self.warn_of_lost_colon(NameKind::RelationshipType, variable);
        }
        let Some(variable) = &written.variable else {
            return Ok((self.hidden_slot("relationship", value_type), false));
        };
        let Some(slot) = self.scope.get(&variable.text) else {
            if builder.usage == PatternUse::Predicate {
                // This fails, with the hint that fits.
                self.resolve(&variable.text, variable.span)?;
            }
            let slot = self.declare(variable, value_type)?;
            builder.introduced.insert(slot);
            builder.named.push((variable, slot));
            return Ok((slot, false));
        };
        let has = self.type_of(slot);
        let wanted = if chain { "a list of relationships" } else { "a relationship" };
        let fits = has.may_be(&value_type) && (!chain || has.item().may_be(&Type::RELATIONSHIP));
        if !fits {
            return Err(type_conflict(variable, &has, wanted));
        }
        let stands_here =
            builder.introduced.contains(&slot) || builder.pattern.steps.iter().any(|step| step.slot == slot);
        if stands_here || builder.usage == PatternUse::Repeated {
            let message =
                format!("relationship `{}` stands twice in a pattern whose relationships differ", variable.text);
            let error = BindError::new(BindErrorKind::RelationshipUniquenessViolation, message, variable.span);
            return Err(error.with_label("stands here again"));
        }
        if builder.usage == PatternUse::Merge {
            return Err(super::binder::already_bound(variable));
        }
        self.read(slot);
        Ok((slot, true))
    }

    /// Binds what every relationship of a chain must satisfy, with a slot that stands for it.
    pub(super) fn bind_step_predicate(
        &mut self,
        written: &'a ast::RelationshipPattern,
    ) -> Result<Option<(Slot, Expression)>, BindError> {
        let slot = self.hidden_slot("each", Type::RELATIONSHIP);
        let predicates = self.in_scope(|binder| {
            if let Some(variable) = &written.variable {
                binder.scope.insert(variable.text.clone(), slot);
            }
            let mut predicates = match &written.properties {
                Some(properties) => binder.bind_property_map(slot, properties)?,
                None => Vec::new(),
            };
            if let Some(filter) = &written.filter {
                predicates.extend(binder.bind_predicate(filter)?.conjuncts());
            }
            Ok(predicates)
        })?;
        Ok(Expression::conjunction(predicates).map(|predicate| (slot, predicate)))
    }
}

/// Returns the error of a walk that may go on for ever.
pub(super) fn endless(span: ast::Span) -> BindError {
    let message = "under `WALK` relationships may repeat, so a part without a greatest number of times never ends";
    let error = BindError::new(BindErrorKind::InvalidRelationshipPattern, message, span);
    error.with_hint("give it one, as in `{1,5}`, ask for `ANY SHORTEST`, or leave `WALK` away")
}

/// Returns the least and the greatest number of relationships, if the step is not just one.
pub(super) fn step_bounds(written: &ast::RelationshipPattern) -> Option<(u32, Option<u32>)> {
    if let Some(length) = &written.length {
        return Some((number(length.minimum.unwrap_or(1)), length.maximum.map(number)));
    }
    written.quantifier.as_ref().map(|quantifier| (number(quantifier.minimum), quantifier.maximum.map(number)))
}

/// Returns a bound of a chain; no chain is longer than there can be relationships.
pub(super) fn number(written: u64) -> u32 {
    u32::try_from(written).unwrap_or(u32::MAX)
}

fn step_kind(bounds: Option<(u32, Option<u32>)>, walking: Walking) -> StepKind {
    match (bounds, walking.selector) {
        (None, None) => StepKind::Single,
        (Some((min, max)), None) => StepKind::Variable { min, max, predicate: None, mode: walking.mode },
        (bounds, Some(selector)) => {
            let (min, max) = bounds.unwrap_or((1, Some(1)));
            StepKind::Shortest { min, max, predicate: None, selector }
        }
    }
}
