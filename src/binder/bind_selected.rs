//! Binds a path of which some are chosen among all (ISO GQL, path search prefix), where it is more than one plain chain.
//!
//! ```text
//! p = ANY SHORTEST (a)-[r:R]->(x)-[:S]->+(b)
//!
//! step from a to b, once: (first)-[r:R]->(x)-[:S]->+(last), of which one is chosen between a and b
//! ```
//!
//! The whole path becomes one step that is walked once, so what chooses among walks between two nodes chooses among whole paths.

use crate::expression::{ComparisonOperator, Expression, SubqueryId};
use crate::syntax::ast::{self, PatternElement};
use crate::vector::Slot;

use super::bind_path::{Times, Walk, path_mode};
use super::bind_pattern::{PatternBuilder, PatternUse, Pending};
use super::bind_step::{Walking, endless, step_bounds};
use super::binder::Binder;
use super::bound::{PathMode, PathSelector, StepKind};
use super::error::BindError;
use super::types::Type;

/// Says whether a choice is made over one chain of relationships, for which there is a search of its own.
pub(super) fn is_plain_choice(path: &ast::PathPattern, walking: Walking) -> bool {
    let links = path.elements.iter().filter(|element| !matches!(element, PatternElement::Node(_)));
    let bracketed =
        |element: &PatternElement| matches!(element, PatternElement::Group(group) if group.quantifier.is_none());
    let is_one_chain = links.count() == 1 && !path.elements.iter().any(bracketed);
    is_one_chain && matches!(walking.mode, PathMode::Trail | PathMode::Walk)
}

/// A path without its outermost brackets.
struct Unwrapped<'a> {
    elements: &'a [PatternElement],
    variable: Option<&'a ast::Variable>,
    filter: Option<&'a ast::Expression>,
    mode: PathMode,
}

impl<'a> Binder<'a> {
    /// Adds a path as a step between its ends.
    pub(super) fn bind_selected(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        path: &'a ast::PathPattern,
        mode: PathMode,
        selector: PathSelector,
    ) -> Result<Walk, BindError> {
        let Unwrapped { elements, variable, filter, mode } = unwrapped(path, mode);
        let (first, elements) = match elements.split_first() {
            Some((PatternElement::Node(node), rest)) => (Some(node), rest),
            _ => (None, elements),
        };
        let (last, between) = match elements.split_last() {
            Some((PatternElement::Node(node), rest)) => (Some(node), rest),
            _ => (None, elements),
        };
        let from = self.declare_end(builder, first)?;
        // A lone node is its own only path.
        let to = if between.is_empty() { from } else { self.declare_end(builder, last)? };
        let mut inner = PatternBuilder::new(PatternUse::Repeated);
        let ends = [0; 2].map(|_| inner.add_node(self.hidden_slot("node", Type::NODE), false, None));
        let slots = ends.map(|place| inner.pattern.nodes[place].slot);
        let walking = Walking::of_path(mode, Some(selector));
        let inside = walking.each_time();
        inner.around = Some(builder.introduced.clone());
        self.in_scope(|binder| {
            // Within the path its ends are what the search stands at, not what it has still to reach.
            for (node, slot) in [first, last].into_iter().zip(slots) {
                if let Some(variable) = node.and_then(|node| node.variable.as_ref()) {
                    binder.scope.insert(variable.text.clone(), slot);
                }
            }
            let [start, end] =
                [0, 1].map(|end| Walk { first: ends[end], last: ends[end], slots: vec![slots[end]], steps: 0 });
            let (walk, link) = binder.bind_links(&mut inner, Some(start), between, inside)?;
            binder.append(&mut inner, walk, link, end, inside)?;
            inner.pending.extend(filter.map(Pending::Filter));
            binder.bind_pending(&mut inner)
        })?;
        let times = Times { min: 1, max: Some(1), once: true };
        self.refuse_test_of_chosen(&inner, path.span)?;
        let joined = std::mem::take(&mut inner.joined);
        let step = self.push_quantified(builder, inner, (ends[0], ends[1]), times, walking, (from, to))?;
        self.join_inside(builder, step, joined);
        let node_slot = |place: usize| builder.pattern.nodes[place].slot;
        let slots = vec![node_slot(from), builder.pattern.steps[step].slot, node_slot(to)];
        if let Some(variable) = variable {
            let slot = self.declare(variable, Type::PATH)?;
            builder.introduced.insert(slot);
            builder.pattern.paths.push((slot, Expression::Path(slots.clone())));
        }
        Ok(Walk { first: from, last: to, slots, steps: 1 })
    }

    /// Adds the conditions that nodes within the path are those of the same name elsewhere in the pattern: what is chosen must come by them.
    fn join_inside(&mut self, builder: &mut PatternBuilder<'a>, step: usize, joined: Vec<(Slot, Slot)>) {
        for (inside, elsewhere) in joined {
            let hidden = self.hidden_slot("node", Type::NODE);
            if let StepKind::Quantified(quantified) = &mut builder.pattern.steps[step].kind {
                quantified.groups.push((inside, hidden));
            }
            let [left, right] = [hidden, elsewhere].map(|slot| Box::new(Expression::Slot(slot)));
            builder.predicates.push(Expression::Comparison(ComparisonOperator::Equal, left, right));
        }
    }

    /// Refuses conditions within a pattern on walks of which only some are looked at: another one might satisfy them.
    pub(super) fn refuse_test_of_chosen(&self, inner: &PatternBuilder<'a>, span: ast::Span) -> Result<(), BindError> {
        let mut chosen = Vec::new();
        for step in &inner.pattern.steps {
            if let StepKind::Quantified(quantified) = &step.kind
                && quantified.selector.is_some()
            {
                chosen.push(step.slot);
                chosen.extend(quantified.groups.iter().map(|(_, outer)| *outer));
            }
        }
        let paths =
            inner.pattern.paths.iter().filter(|(_, path)| path.slots().iter().any(|slot| chosen.contains(slot)));
        let paths: Vec<Slot> = paths.map(|(slot, _)| *slot).collect();
        let reads_chosen = |slot: &Slot| chosen.contains(slot) || paths.contains(slot);
        let reads = |predicate: &Expression| {
            let imported = |id: &SubqueryId| self.subqueries[id.0 as usize].imports.iter().any(reads_chosen);
            predicate.slots().iter().any(reads_chosen) || predicate.subqueries().iter().any(imported)
        };
        if !chosen.is_empty() && inner.predicates.iter().any(reads) { Err(endless(span)) } else { Ok(()) }
    }

    fn declare_end(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        written: Option<&'a ast::NodePattern>,
    ) -> Result<usize, BindError> {
        match written {
            Some(node) => self.declare_node(builder, node),
            None => {
                let slot = self.hidden_slot("node", Type::NODE);
                Ok(builder.add_node(slot, false, None))
            }
        }
    }

    /// Adds a chain of relationships, of which some walks are chosen that may repeat them, as a repeated pattern of one relationship.
    pub(super) fn bind_walked(
        &mut self,
        builder: &mut PatternBuilder<'a>,
        written: &'a ast::RelationshipPattern,
        walking: Walking,
        from: usize,
        to: usize,
    ) -> Result<usize, BindError> {
        let (min, max) = step_bounds(written).unwrap_or((1, Some(1)));
        let mut inner = PatternBuilder::new(PatternUse::Repeated);
        let ends = [0; 2].map(|_| inner.add_node(self.hidden_slot("node", Type::NODE), false, None));
        self.in_scope(|binder| {
            let inside = Walking { singly: true, ..walking.each_time() };
            binder.bind_step(&mut inner, written, inside, ends[0], ends[1])?;
            binder.bind_pending(&mut inner)
        })?;
        let times = Times { min, max, once: false };
        self.push_quantified(builder, inner, (ends[0], ends[1]), times, walking, (from, to))
    }
}

/// Takes brackets around the whole path away.
fn unwrapped(path: &ast::PathPattern, mode: PathMode) -> Unwrapped<'_> {
    match path.elements.as_slice() {
        [PatternElement::Group(group)] if group.quantifier.is_none() => Unwrapped {
            elements: &group.elements,
            variable: group.variable.as_ref(),
            filter: group.filter.as_deref(),
            mode: group.mode.map_or(mode, |mode| path_mode(Some(mode))),
        },
        elements => Unwrapped { elements, variable: None, filter: None, mode },
    }
}
