//! The conditions behind `shortestPath(…)` and `allShortestPaths(…)`: openCypher's functions give the shortest of the paths that satisfy
//! WHERE, where GQL's prefixes choose a path first and ask then.
//!
//! ```text
//! all(x IN relationships(p) WHERE …)   asked of each relationship while the search goes on; over nodes(p), of both its ends, over
//!                                      nodes(p)[1..-1], of those that are no ends of the path
//! length(p) < 4                        asked of what is found: if any path satisfies it, the shortest does
//! anything else that reads the path    asked of ever longer paths, until one satisfies it
//! ```

use crate::expression::{ComparisonOperator, Expression, QuantifierKind};
use crate::function;
use crate::syntax::ast::{self, PatternElement};
use crate::value::Value;
use crate::vector::Slot;

use super::binder::Binder;
use super::bound::{PathMode, Pattern, PatternNode, PatternStep, QuantifiedPattern, StepKind, StepRelationship};
use super::types::Type;

/// A path that is chosen by a function.
#[derive(Clone, Copy)]
struct Chosen {
    /// Its only step, by place in the pattern.
    step: usize,
    /// The slot of its relationships.
    relationships: Slot,
    /// The slot of the path, if it has a name.
    path: Option<Slot>,
}

impl Binder<'_> {
    /// Moves conditions on the paths that functions choose to where paths are still to be chosen.
    pub(super) fn ask_before_choosing(
        &mut self,
        written: &[ast::PathPattern],
        pattern: &mut Pattern,
        predicates: &mut Vec<Expression>,
    ) {
        for path in written.iter().filter(|path| path.function.is_some()) {
            let Some(chosen) = self.chosen(path, pattern) else { continue };
            let (own, others) = std::mem::take(predicates)
                .into_iter()
                .partition(|predicate| asks_of(predicate, chosen, pattern) && !holds_of_shorter(predicate, chosen));
            *predicates = others;
            let left: Vec<Expression> =
                own.into_iter().filter_map(|predicate| self.ask_each(predicate, chosen, pattern)).collect();
            if !left.is_empty() {
                self.walk_once(pattern, chosen, left);
            }
        }
    }

    /// Returns which path of the pattern was written so; none if it has no name that a condition could read.
    fn chosen(&self, written: &ast::PathPattern, pattern: &Pattern) -> Option<Chosen> {
        let slot_of = |variable: &Option<ast::Variable>| variable.as_ref().and_then(|name| self.scope.get(&name.text));
        let path = slot_of(&written.variable);
        let inner = written.elements.iter().find_map(|element| match element {
            PatternElement::Relationship(relationship) => slot_of(&relationship.variable),
            _ => None,
        });
        let of_path = pattern.paths.iter().find(|(slot, _)| Some(*slot) == path).and_then(|(_, parts)| match parts {
            Expression::Path(slots) => slots.get(1).copied(),
            _ => None,
        });
        let relationships = of_path.or(inner)?;
        let step = pattern.steps.iter().position(|step| step.slot == relationships)?;
        matches!(pattern.steps[step].kind, StepKind::Shortest { .. }).then_some(Chosen { step, relationships, path })
    }

    /// Puts a condition on each relationship, or on each node, into the search; returns one that is none.
    fn ask_each(&mut self, condition: Expression, chosen: Chosen, pattern: &mut Pattern) -> Option<Expression> {
        let step = &mut pattern.steps[chosen.step];
        let outer = [step.from, step.to].map(|place| pattern.nodes[place].slot);
        let StepKind::Shortest { min, predicate: before, .. } = &mut step.kind else { return Some(condition) };
        let (kind, variable, list, asked) = match condition {
            Expression::Quantifier {
                kind: kind @ (QuantifierKind::All | QuantifierKind::None),
                variable,
                list,
                predicate,
            } => (kind, variable, list, predicate),
            other => return Some(other),
        };
        let reads_path = asked.slots().iter().any(|slot| chosen.has(*slot));
        let asked_of = if reads_path { None } else { chosen.asked_of(&list, *min) };
        let Some(asked_of) = asked_of else {
            return Some(Expression::Quantifier { kind, variable, list, predicate: asked });
        };
        let each = before.as_ref().map_or_else(|| self.hidden_slot("each", Type::RELATIONSHIP), |(each, _)| *each);
        let end_of = |name| function::lookup(name).map(|end| Expression::Function(end, vec![Expression::Slot(each)]));
        let items = match asked_of {
            AskedOf::Relationships => vec![Expression::Slot(each)],
            AskedOf::Nodes | AskedOf::InnerNodes => ["startNode", "endNode"].into_iter().filter_map(end_of).collect(),
        };
        let asked = match asked_of {
            AskedOf::InnerNodes => Box::new(unless_one_of(outer, variable, *asked, kind)),
            _ => asked,
        };
        let condition =
            Expression::Quantifier { kind, variable, list: Box::new(Expression::List(items)), predicate: asked };
        let all =
            before.take().map(|(_, before)| before).into_iter().flat_map(Expression::conjuncts).chain([condition]);
        *before = Expression::conjunction(all.collect()).map(|all| (each, all));
        None
    }

    /// Makes of the step a pattern that is walked once, so that conditions hold before a walk is chosen.
    fn walk_once(&mut self, pattern: &mut Pattern, chosen: Chosen, conditions: Vec<Expression>) {
        let step = &pattern.steps[chosen.step];
        let StepKind::Shortest { min, max, predicate, selector } = step.kind.clone() else { return };
        let (from, to) = if step.turned { (step.to, step.from) } else { (step.from, step.to) };
        let outer = [from, to].map(|place| pattern.nodes[place].slot);
        let inner = [0; 2].map(|_| self.hidden_slot("node", Type::NODE));
        let walked = self.hidden_slot("relationship", Type::list_of(Type::RELATIONSHIP));
        let (first, last) = if step.turned { (1, 0) } else { (0, 1) };
        let once = PatternStep {
            slot: walked,
            bound: false,
            from: first,
            to: last,
            turned: step.turned,
            relationship: step.relationship.clone(),
            kind: StepKind::Variable { min, max, predicate, mode: PathMode::Trail },
        };
        let mut known = vec![
            (outer[0], Expression::Slot(inner[0])),
            (outer[1], Expression::Slot(inner[1])),
            (chosen.relationships, Expression::Slot(walked)),
        ];
        known.extend(chosen.path.map(|path| (path, Expression::Path(vec![inner[0], walked, inner[1]]))));
        let predicates = conditions.into_iter().map(|condition| with_values(condition, &known)).collect();
        let node = |slot: Slot| PatternNode { slot, bound: false, label: None };
        let quantified = QuantifiedPattern {
            pattern: Pattern { nodes: inner.map(node).into(), steps: vec![once], ..Pattern::default() },
            predicates,
            first: 0,
            last: 1,
            min: 1,
            max: Some(1),
            groups: Vec::new(),
            once: true,
            mode: PathMode::Trail,
            selector: Some(selector),
        };
        pattern.steps[chosen.step] = PatternStep {
            slot: chosen.relationships,
            bound: false,
            from,
            to,
            turned: false,
            relationship: StepRelationship { label: None, undirected: false },
            kind: StepKind::Quantified(Box::new(quantified)),
        };
    }
}

/// What a condition on a path is asked of.
#[derive(Clone, Copy)]
enum AskedOf {
    /// Each relationship.
    Relationships,
    /// Each node.
    Nodes,
    /// Each node but the first and the last.
    InnerNodes,
}

impl Chosen {
    /// Returns what a condition on the items of a list is asked of, if these are parts of the path; its least length is given.
    fn asked_of(self, list: &Expression, min: u32) -> Option<AskedOf> {
        let is_nodes = |list: &Expression| match list {
            Expression::Function(function, of) => function.name == "nodes" && self.is_path(of),
            _ => false,
        };
        match list {
            Expression::Slot(slot) => (*slot == self.relationships).then_some(AskedOf::Relationships),
            Expression::Function(function, of) if function.name == "relationships" => {
                self.is_path(of).then_some(AskedOf::Relationships)
            }
            // A path without relationships has a node all the same.
            list if is_nodes(list) => (min > 0).then_some(AskedOf::Nodes),
            // The shortest of all comes to none of its ends on the way; of those that are at least so long one may.
            Expression::Slice(list, from, to) if is_nodes(list) && min < 2 => {
                let is_constant = |bound: &Option<Box<Expression>>, wanted: i64| matches!(bound.as_deref(), Some(Expression::Constant(Value::Integer(bound))) if *bound == wanted);
                (is_constant(from, 1) && is_constant(to, -1)).then_some(AskedOf::InnerNodes)
            }
            _ => None,
        }
    }

    /// Says whether a slot holds the path or its relationships.
    fn has(self, slot: Slot) -> bool {
        slot == self.relationships || Some(slot) == self.path
    }

    /// Says whether a function is given just the path.
    fn is_path(self, arguments: &[Expression]) -> bool {
        matches!(arguments, [Expression::Slot(slot)] if Some(*slot) == self.path)
    }
}

/// Returns a condition on a node that holds of all, or of none, of some nodes if it does so of those that are not one of two.
fn unless_one_of(two: [Slot; 2], node: Slot, asked: Expression, kind: QuantifierKind) -> Expression {
    let is_one = two.map(|slot| {
        let (node, slot) = (Box::new(Expression::Slot(node)), Box::new(Expression::Slot(slot)));
        Expression::Comparison(ComparisonOperator::Equal, node, slot)
    });
    match kind {
        QuantifierKind::None => {
            let is_none = is_one.map(|is_one| Expression::Not(Box::new(is_one)));
            Expression::And(is_none.into_iter().chain([asked]).collect())
        }
        _ => Expression::Or(is_one.into_iter().chain([asked]).collect()),
    }
}

/// Says whether a condition reads the path, and besides it only its ends and what is known before the pattern. A subquery may read more than
/// a search has at hand; it is asked afterwards.
fn asks_of(condition: &Expression, chosen: Chosen, pattern: &Pattern) -> bool {
    let step = &pattern.steps[chosen.step];
    let is_end = |slot: Slot| [step.from, step.to].iter().any(|place| pattern.nodes[*place].slot == slot);
    let is_made = |slot: Slot| {
        pattern.nodes.iter().any(|node| node.slot == slot && !node.bound)
            || pattern.steps.iter().any(|step| step.slot == slot && !step.bound)
            || pattern.paths.iter().any(|(path, _)| *path == slot)
    };
    let read = condition.slots();
    condition.subqueries().is_empty()
        && read.iter().any(|slot| chosen.has(*slot))
        && read.iter().all(|slot| chosen.has(*slot) || is_end(*slot) || !is_made(*slot))
}

/// Says whether a condition that holds of a path holds of every shorter one: an upper bound of the length.
fn holds_of_shorter(condition: &Expression, chosen: Chosen) -> bool {
    use ComparisonOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
    let is_length = |expression: &Expression| match expression {
        Expression::Function(function, of) => match (function.name, of.as_slice()) {
            ("length" | "size", [Expression::Slot(slot)]) => chosen.has(*slot),
            ("size", [Expression::Function(inner, of)]) => inner.name == "relationships" && chosen.is_path(of),
            _ => false,
        },
        _ => false,
    };
    let is_free = |expression: &Expression| !expression.slots().iter().any(|slot| chosen.has(*slot));
    match condition {
        Expression::Comparison(Less | LessOrEqual, length, bound) => is_length(length) && is_free(bound),
        Expression::Comparison(Greater | GreaterOrEqual, bound, length) => is_length(length) && is_free(bound),
        // The path itself is there. What is within it may be there in longer ones only.
        Expression::Not(inner) => {
            matches!(&**inner, Expression::IsNull(whole) if matches!(**whole, Expression::Slot(slot) if chosen.has(slot)))
        }
        _ => false,
    }
}

/// Returns a condition in which slots have the values given, each as the only item of a list.
fn with_values(condition: Expression, values: &[(Slot, Expression)]) -> Expression {
    let read = condition.slots();
    values.iter().filter(|(slot, _)| read.contains(slot)).fold(condition, |condition, (slot, value)| {
        let (list, predicate) = (Box::new(Expression::List(vec![value.clone()])), Box::new(condition));
        Expression::Quantifier { kind: QuantifierKind::Any, variable: *slot, list, predicate }
    })
}
