//! Binds the paths of a pattern: the order of their elements, bracketed and repeated groups, selectors, modes, names.

use crate::expression::{ComparisonOperator, Expression, QuantifierKind};
use crate::function;
use crate::syntax::ast::{self, PatternElement};
use crate::value::Value;
use crate::vector::Slot;

use super::bind_pattern::{PatternBuilder, PatternUse, Pending, finished};
use super::bind_selected::is_plain_choice;
use super::bind_step::{Walking, endless, number, step_bounds};
use super::binder::{Binder, already_bound};
use super::bound::{PathMode, PathSelector, Pattern, PatternStep, QuantifiedPattern, StepKind, StepRelationship};
use super::error::{BindError, BindErrorKind};
use super::types::Type;

/// A path, or a part of one, as it was added to a pattern.
pub(super) struct Walk {
    /// The first node, by place.
    pub(super) first: usize,
    /// The last node, by place.
    pub(super) last: usize,
    /// Nodes and steps in walking order.
    pub(super) slots: Vec<Slot>,
    /// How many steps there are.
    pub(super) steps: usize,
}

/// What stands between two nodes.
#[derive(Clone, Copy)]
pub(super) enum Link<'a> {
    Relationship(&'a ast::RelationshipPattern),
    Group(&'a ast::PathGroup, ast::PatternQuantifier),
}

impl<'a> Binder<'a> {
    /// Adds one path to a pattern.
    pub(super) fn bind_path(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        path: &'a ast::PathPattern,
    ) -> Result<(), BindError> {
        let walking = Walking::of_path(path_mode(path.mode), selector(path));
        let walk = match walking.selector {
            Some(_) if path.function.is_some() => {
                check_function(path)?;
                self.bind_elements(builder, &path.elements, walking)?
            }
            Some(selector) if !is_plain_choice(path, walking) => {
                self.bind_selected(builder, path, walking.mode, selector)?
            }
            _ => self.bind_elements(builder, &path.elements, walking)?,
        };
        let last = builder.pattern.steps.last();
        let is_plain = last.is_some_and(|step| matches!(step.kind, StepKind::Single));
        let needs_path = needs_path(walking.mode, walk.steps, is_plain);
        let is_value = builder.usage == PatternUse::Predicate && path.function.is_some();
        let slot = match &path.variable {
            Some(variable) => {
                let slot = self.declare(variable, Type::PATH).map_err(|error| match builder.usage {
                    PatternUse::Repeated => already_bound(variable),
                    _ => error,
                })?;
                builder.introduced.insert(slot);
                Some(slot)
            }
            None if is_value || needs_path => Some(self.hidden_slot("path", Type::PATH)),
            None => None,
        };
        if let Some(slot) = slot {
            builder.pattern.paths.push((slot, Expression::Path(walk.slots)));
            if needs_path {
                let predicates = self.mode_predicates(walking.mode, slot);
                builder.predicates.extend(predicates);
            }
        }
        Ok(())
    }

    /// Adds the elements of a path in order; nodes that are not written beside a group are made.
    fn bind_elements(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        elements: &'a [PatternElement],
        walking: Walking,
    ) -> Result<Walk, BindError> {
        let (walk, link) = self.bind_links(builder, None, elements, walking)?;
        self.close(builder, walk, link, walking)
    }

    /// Adds the elements of a path in order to a walk; returns it with the link that is still open.
    pub(super) fn bind_links(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        mut walk: Option<Walk>,
        elements: &'a [PatternElement],
        walking: Walking,
    ) -> Result<(Option<Walk>, Option<Link<'a>>), BindError> {
        let mut link: Option<Link<'a>> = None;
        for element in elements {
            let next = match element {
                PatternElement::Node(node) => {
                    let place = self.declare_node(builder, node)?;
                    let slots = vec![builder.pattern.nodes[place].slot];
                    Walk { first: place, last: place, slots, steps: 0 }
                }
                PatternElement::Group(group) if group.quantifier.is_none() => {
                    self.bind_bracketed(builder, group, walking)?
                }
                PatternElement::Relationship(relationship) => {
                    walk = Some(self.close(builder, walk, link, walking)?);
                    link = Some(Link::Relationship(relationship));
                    continue;
                }
                PatternElement::Group(group) => {
                    walk = Some(self.close(builder, walk, link, walking)?);
                    link = group.quantifier.map(|quantifier| Link::Group(group, quantifier));
                    continue;
                }
            };
            walk = Some(self.append(builder, walk, link.take(), next, walking)?);
        }
        Ok((walk, link))
    }

    /// Ends a walk at a node: where a link is still open, or nothing is there yet, a node without name is added.
    fn close(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        walk: Option<Walk>,
        link: Option<Link<'a>>,
        walking: Walking,
    ) -> Result<Walk, BindError> {
        match (walk, link) {
            (Some(walk), None) => Ok(walk),
            (walk, link) => {
                let slot = self.hidden_slot("node", Type::NODE);
                let place = builder.add_node(slot, false, None);
                let end = Walk { first: place, last: place, slots: vec![slot], steps: 0 };
                self.append(builder, walk, link, end, walking)
            }
        }
    }

    /// Adds a part to a walk: over a link, or where there is none, with its first node the same as the walk's last.
    pub(super) fn append(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        walk: Option<Walk>,
        link: Option<Link<'a>>,
        next: Walk,
        walking: Walking,
    ) -> Result<Walk, BindError> {
        let Some(mut walk) = walk else { return Ok(next) };
        let Some(link) = link else {
            if walk.last != next.first {
                let ends = [walk.last, next.first].map(|place| builder.pattern.nodes[place].slot);
                let [left, right] = ends.map(|slot| Box::new(Expression::Slot(slot)));
                builder.predicates.push(Expression::Comparison(ComparisonOperator::Equal, left, right));
            }
            walk.slots.extend(&next.slots[1..]);
            return Ok(Walk { first: walk.first, last: next.last, slots: walk.slots, steps: walk.steps + next.steps });
        };
        let step = match link {
            // Walks that repeat relationships are told apart by their relationships alone.
            Link::Relationship(relationship) if walking.mode == PathMode::Walk && is_chosen(relationship, walking) => {
                let walking = Walking { selector: walking.of_endless(), ..walking };
                self.bind_walked(builder, relationship, walking, walk.last, next.first)?
            }
            Link::Relationship(relationship) => {
                self.bind_step(builder, relationship, walking, walk.last, next.first)?
            }
            Link::Group(group, quantifier) => {
                self.bind_repeated(builder, group, quantifier, walking, walk.last, next.first)?
            }
        };
        walk.slots.push(builder.pattern.steps[step].slot);
        walk.slots.extend(next.slots);
        Ok(Walk { first: walk.first, last: next.last, slots: walk.slots, steps: walk.steps + 1 + next.steps })
    }

    /// Adds a group that is only bracketed: its elements are the path's.
    fn bind_bracketed(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        group: &'a ast::PathGroup,
        walking: Walking,
    ) -> Result<Walk, BindError> {
        let mode = group.mode.map_or(walking.mode, |mode| path_mode(Some(mode)));
        let walk = self.bind_elements(builder, &group.elements, Walking { mode, ..walking })?;
        if let Some(variable) = &group.variable {
            let slot = self.declare(variable, Type::PATH)?;
            builder.introduced.insert(slot);
            builder.named.push((variable, slot));
            builder.pattern.paths.push((slot, Expression::Path(walk.slots.clone())));
        }
        builder.pending.extend(group.filter.iter().map(|filter| Pending::Filter(filter)));
        Ok(walk)
    }

    /// Adds a group that is walked several times.
    fn bind_repeated(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        group: &'a ast::PathGroup,
        quantifier: ast::PatternQuantifier,
        walking: Walking,
        from: usize,
        to: usize,
    ) -> Result<usize, BindError> {
        if builder.usage == PatternUse::Merge {
            let message = "a repeated pattern cannot be made";
            return Err(BindError::new(BindErrorKind::CreatingVarLength, message, group.span));
        }
        let mode = group.mode.map_or(walking.mode, |mode| path_mode(Some(mode)));
        let mut walking = Walking { mode, ..walking };
        if mode == PathMode::Walk && quantifier.maximum.is_none() {
            walking.selector = walking.of_endless();
            if walking.selector.is_none() {
                return Err(endless(group.span));
            }
        }
        let mut inner = PatternBuilder::new(PatternUse::Repeated);
        let walk = self.in_scope(|binder| {
            let inside = walking.each_time();
            let walk = binder.bind_elements(&mut inner, &group.elements, inside)?;
            if let Some(variable) = &group.variable {
                let slot = binder.declare(variable, Type::PATH)?;
                inner.named.push((variable, slot));
                inner.pattern.paths.push((slot, Expression::Path(walk.slots.clone())));
            }
            inner.pending.extend(group.filter.iter().map(|filter| Pending::Filter(filter)));
            binder.bind_pending(&mut inner)?;
            Ok(walk)
        })?;
        self.refuse_test_of_chosen(&inner, group.span)?;
        if least_length(&inner.pattern) == 0 {
            let message = "a repeated pattern needs a relationship each time";
            return Err(BindError::new(BindErrorKind::InvalidRelationshipPattern, message, group.span));
        }
        let times = Times { min: number(quantifier.minimum), max: quantifier.maximum.map(number), once: false };
        self.push_quantified(builder, inner, (walk.first, walk.last), times, walking, (from, to))
    }

    /// Adds a pattern that is walked several times as a step; its variables become lists.
    pub(super) fn push_quantified(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        mut inner: PatternBuilder<'a>,
        (first, last): (usize, usize),
        times: Times,
        walking: Walking,
        (from, to): (usize, usize),
    ) -> Result<usize, BindError> {
        let mut groups = Vec::with_capacity(inner.named.len());
        for (variable, slot) in std::mem::take(&mut inner.named) {
            let value_type = self.type_of(slot);
            let value_type = if times.once { value_type } else { Type::list_of(value_type) };
            let outer = self.declare(variable, value_type)?;
            builder.introduced.insert(outer);
            builder.named.push((variable, outer));
            groups.push((slot, outer));
        }
        let (pattern, predicates) = finished(inner);
        let Walking { mode, selector, .. } = walking;
        let Times { min, max, once } = times;
        let quantified = QuantifiedPattern { pattern, predicates, first, last, min, max, groups, once, mode, selector };
        let slot = self.hidden_slot("walk", Type::list_of(Type::RELATIONSHIP));
        let relationship = StepRelationship { label: None, undirected: false };
        let kind = StepKind::Quantified(Box::new(quantified));
        let step = builder.pattern.steps.len();
        builder.pattern.steps.push(PatternStep { slot, bound: false, from, to, turned: false, relationship, kind });
        if mode != PathMode::Walk && selector.is_none() {
            builder.distinct.push(step);
        }
        Ok(step)
    }

    /// Returns the conditions that no node stands twice in a path; SIMPLE lets the first be the last.
    fn mode_predicates(&mut self, mode: PathMode, path: Slot) -> Vec<Expression> {
        let Some(nodes) = function::lookup("nodes") else { return Vec::new() };
        let all = Expression::Function(nodes, vec![Expression::Slot(path)]);
        let bound = |place: i64| Some(Box::new(Expression::Constant(Value::Integer(place))));
        match mode {
            PathMode::Acyclic => vec![self.each_once(all)],
            PathMode::Simple => {
                let without_first = Expression::Slice(Box::new(all.clone()), bound(1), None);
                let without_last = Expression::Slice(Box::new(all), None, bound(-1));
                vec![self.each_once(without_first), self.each_once(without_last)]
            }
            PathMode::Walk | PathMode::Trail => Vec::new(),
        }
    }

    /// Returns the condition that every item of a list is in it once.
    fn each_once(&mut self, list: Expression) -> Expression {
        let outer = self.hidden_slot("node", Type::NODE);
        let inner = self.hidden_slot("node", Type::NODE);
        let [left, right] = [outer, inner].map(|slot| Box::new(Expression::Slot(slot)));
        let equal = Expression::Comparison(ComparisonOperator::Equal, left, right);
        let once = Expression::Quantifier {
            kind: QuantifierKind::Single,
            variable: inner,
            list: Box::new(list.clone()),
            predicate: Box::new(equal),
        };
        let (list, predicate) = (Box::new(list), Box::new(once));
        Expression::Quantifier { kind: QuantifierKind::All, variable: outer, list, predicate }
    }
}

/// Says whether of a relationship's walks under WALK some are chosen: those of the whole path, or of a part without end.
fn is_chosen(relationship: &ast::RelationshipPattern, walking: Walking) -> bool {
    let is_endless = !walking.singly && step_bounds(relationship).is_some_and(|(_, max)| max.is_none());
    walking.selector.is_some() || (is_endless && walking.whole.is_some())
}

/// Says whether a mode speaks of the nodes of several steps together; over one step that may be walked several times the step itself keeps
/// to it, and a plain one may be a loop.
fn needs_path(mode: PathMode, steps: usize, is_plain: bool) -> bool {
    match mode {
        PathMode::Walk | PathMode::Trail => false,
        PathMode::Acyclic => steps > 1 || is_plain,
        PathMode::Simple => steps > 1,
    }
}

pub(super) fn path_mode(mode: Option<ast::PathMode>) -> PathMode {
    match mode {
        None | Some(ast::PathMode::Trail) => PathMode::Trail,
        Some(ast::PathMode::Walk) => PathMode::Walk,
        Some(ast::PathMode::Acyclic) => PathMode::Acyclic,
        Some(ast::PathMode::Simple) => PathMode::Simple,
    }
}

fn selector(path: &ast::PathPattern) -> Option<PathSelector> {
    match (path.function, path.selector) {
        (Some(ast::ShortestPathFunction::One), _) => Some(PathSelector::AnyShortest),
        (Some(ast::ShortestPathFunction::All), _) => Some(PathSelector::AllShortest),
        (None, None | Some(ast::PathSelector::All)) => None,
        (None, Some(ast::PathSelector::Any(count))) => Some(PathSelector::Any(number(count))),
        (None, Some(ast::PathSelector::AnyShortest)) => Some(PathSelector::AnyShortest),
        (None, Some(ast::PathSelector::AllShortest)) => Some(PathSelector::AllShortest),
        (None, Some(ast::PathSelector::Shortest(count))) => Some(PathSelector::Shortest(number(count))),
        (None, Some(ast::PathSelector::ShortestGroups(count))) => Some(PathSelector::ShortestGroups(number(count))),
    }
}

/// How often a pattern is walked.
#[derive(Clone, Copy)]
pub(super) struct Times {
    /// The least number.
    pub(super) min: u32,
    /// The greatest number, if bounded.
    pub(super) max: Option<u32>,
    /// Whether it is a whole path that is walked once, so that variables have their values and no lists.
    pub(super) once: bool,
}

/// Returns how many relationships a match of a pattern has at least.
fn least_length(pattern: &Pattern) -> u64 {
    let of_step = |step: &PatternStep| match &step.kind {
        StepKind::Single => 1,
        StepKind::Variable { min, .. } | StepKind::Shortest { min, .. } => u64::from(*min),
        StepKind::Quantified(inner) => u64::from(inner.min).saturating_mul(least_length(&inner.pattern)),
    };
    pattern.steps.iter().map(of_step).fold(0, u64::saturating_add)
}

/// Refuses `shortestPath(…)` over anything but one relationship between two nodes.
fn check_function(path: &ast::PathPattern) -> Result<(), BindError> {
    if let [PatternElement::Node(_), PatternElement::Relationship(_), PatternElement::Node(_)] =
        path.elements.as_slice()
    {
        return Ok(());
    }
    let message = "`shortestPath` and `allShortestPaths` search one chain of relationships between two nodes";
    let error = BindError::new(BindErrorKind::InvalidRelationshipPattern, message, path.span);
    Err(error.with_hint("write `ANY SHORTEST` or `ALL SHORTEST` before the path, without the function"))
}
