//! Binds the paths of a pattern: the order of their elements, bracketed and repeated groups, selectors, modes, names.

use crate::expression::{ComparisonOperator, Expression, QuantifierKind};
use crate::function;
use crate::syntax::ast::{self, PatternElement};
use crate::value::Value;
use crate::vector::Slot;

use super::bind_pattern::{PatternBuilder, PatternUse, Pending, finished};
use super::bind_step::{Walking, number};
use super::binder::{Binder, already_bound};
use super::bound::{PathMode, PathSelector, PatternStep, QuantifiedPattern, StepKind, StepRelationship};
use super::error::{BindError, BindErrorKind};
use super::types::Type;

/// A path, or a part of one, as it was added to a pattern.
struct Walk {
    /// The first node, by place.
    first: usize,
    /// The last node, by place.
    last: usize,
    /// Nodes and steps in walking order.
    slots: Vec<Slot>,
    /// How many steps there are.
    steps: usize,
}

/// What stands between two nodes.
#[derive(Clone, Copy)]
enum Link<'a> {
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
        let walking = Walking { mode: path_mode(path.mode), selector: selector(path) };
        if walking.selector.is_some() {
            check_selected(path)?;
        }
        let walk = self.bind_elements(builder, &path.elements, walking)?;
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
            None if is_value || needs_path(walking.mode, walk.steps) => Some(self.hidden_slot("path", Type::PATH)),
            None => None,
        };
        if let Some(slot) = slot {
            builder.pattern.paths.push((slot, Expression::Path(walk.slots)));
            if needs_path(walking.mode, walk.steps) {
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
        let mut walk: Option<Walk> = None;
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
        self.close(builder, walk, link, walking)
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
    fn append(
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
        if matches!(builder.usage, PatternUse::Merge | PatternUse::Repeated) || group.variable.is_some() {
            let message = match builder.usage {
                PatternUse::Merge => "a repeated pattern cannot be made",
                PatternUse::Repeated => "a repeated pattern cannot stand in another",
                _ => "a repeated pattern cannot have a name",
            };
            let kind = match builder.usage {
                PatternUse::Merge => BindErrorKind::CreatingVarLength,
                _ => BindErrorKind::Unsupported,
            };
            return Err(BindError::new(kind, message, group.span).with_hint("name the whole path instead"));
        }
        let mode = group.mode.map_or(walking.mode, |mode| path_mode(Some(mode)));
        let mut inner = PatternBuilder::new(PatternUse::Repeated);
        let walk = self.in_scope(|binder| {
            let inside = Walking { mode, selector: None };
            let walk = binder.bind_elements(&mut inner, &group.elements, inside)?;
            inner.pending.extend(group.filter.iter().map(|filter| Pending::Filter(filter)));
            binder.bind_pending(&mut inner)?;
            Ok(walk)
        })?;
        if walk.steps == 0 {
            let message = "a repeated pattern needs a relationship";
            return Err(BindError::new(BindErrorKind::InvalidRelationshipPattern, message, group.span));
        }
        let mut groups = Vec::with_capacity(inner.named.len());
        for (variable, slot) in std::mem::take(&mut inner.named) {
            let outer = self.declare(variable, Type::list_of(self.type_of(slot)))?;
            builder.introduced.insert(outer);
            groups.push((slot, outer));
        }
        let (pattern, predicates) = finished(inner);
        let quantified = QuantifiedPattern {
            pattern,
            predicates,
            first: walk.first,
            last: walk.last,
            min: number(quantifier.minimum),
            max: quantifier.maximum.map(number),
            groups,
            mode,
            selector: walking.selector,
        };
        let slot = self.hidden_slot("walk", Type::list_of(Type::RELATIONSHIP));
        let relationship = StepRelationship { label: None, undirected: false };
        let kind = StepKind::Quantified(Box::new(quantified));
        let step = builder.pattern.steps.len();
        builder.pattern.steps.push(PatternStep { slot, bound: false, from, to, turned: false, relationship, kind });
        if mode != PathMode::Walk && walking.selector.is_none() {
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

/// Says whether a mode speaks of the nodes of several steps together; over one step the step itself keeps to it.
fn needs_path(mode: PathMode, steps: usize) -> bool {
    steps > 1 && matches!(mode, PathMode::Acyclic | PathMode::Simple)
}

fn path_mode(mode: Option<ast::PathMode>) -> PathMode {
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

/// Refuses a selection among paths that are no single chain between two nodes.
fn check_selected(path: &ast::PathPattern) -> Result<(), BindError> {
    let links = path.elements.iter().filter(|element| !matches!(element, PatternElement::Node(_)));
    let bracketed =
        |element: &PatternElement| matches!(element, PatternElement::Group(group) if group.quantifier.is_none());
    if links.count() == 1 && !path.elements.iter().any(bracketed) {
        return Ok(());
    }
    let message = "shortest or any paths are chosen over one chain of relationships between two nodes";
    let error = BindError::new(BindErrorKind::InvalidRelationshipPattern, message, path.span);
    Err(error.with_hint("match the rest of the path in a pattern of its own, after a comma"))
}
