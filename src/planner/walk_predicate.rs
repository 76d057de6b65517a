//! What all relationships or nodes of a walk must satisfy is asked while walking, so that no walk goes on that cannot count.
//!
//! ```text
//! MATCH p = (a)-[r*1..3]->(b)
//! WHERE all(x IN r WHERE x.year > 2015)              each relationship
//! WHERE none(x IN relationships(p) WHERE x.closed)   each relationship, the other way about
//! WHERE all(x IN nodes(p)[1..] WHERE x.open)         the end of each relationship
//! WHERE all(x IN nodes(p) WHERE x.open)              the same, and the first node
//! ```
//! A row goes on only where the quantifier is true: then the predicate is true of every item, which is what a walk asks. Only what reads
//! nothing else of the pattern is asked so: a walk must not wait for what it could find.

use crate::binder::bound::{Pattern, PatternStep, StepKind};
use crate::expression::{Expression, QuantifierKind};
use crate::function;
use crate::value::Value;
use crate::vector::Slot;

use super::lower::Lowering;

/// The name under which the rewrite is switched off.
pub(super) const RULE: &str = "walk_predicates";

/// The items that a predicate is asked of.
enum Items {
    Relationships,
    /// The ends of the relationships in walking order, and the node before them, if that is asked too.
    Nodes(Option<Slot>),
}

impl Lowering<'_> {
    /// Moves predicates over whole walks into the steps of a pattern; returns those that are left, and the pattern if it changed.
    pub(super) fn asked_while_walking(
        &self,
        pattern: &Pattern,
        introduced: &[Slot],
        parts: Vec<Expression>,
    ) -> (Option<Pattern>, Vec<Expression>) {
        let walks = pattern.steps.iter().any(|step| matches!(step.kind, StepKind::Variable { .. }));
        let mut changed: Option<Pattern> = None;
        if !walks || self.switched_off.contains(&RULE) {
            return (None, parts);
        }
        let mut left = Vec::new();
        for part in parts {
            let taken = self.taken(changed.as_ref().unwrap_or(pattern), introduced, &part);
            let Some((place, each, asked, first)) = taken else {
                left.push(part);
                continue;
            };
            left.extend(first);
            let pattern = changed.get_or_insert_with(|| pattern.clone());
            if let StepKind::Variable { predicate, .. } = &mut pattern.steps[place].kind {
                *predicate = Some((each, asked));
            }
        }
        (changed, left)
    }

    /// Returns the step that a predicate can be moved into, as what is asked of each relationship, and what is asked of the first node.
    fn taken(
        &self,
        pattern: &Pattern,
        introduced: &[Slot],
        part: &Expression,
    ) -> Option<(usize, Slot, Expression, Option<Expression>)> {
        let Expression::Quantifier { kind, variable, list, predicate } = part else { return None };
        let asked = match kind {
            QuantifierKind::All => predicate.as_ref().clone(),
            QuantifierKind::None => Expression::Not(predicate.clone()),
            QuantifierKind::Any | QuantifierKind::Single => return None,
        };
        let reads_more = self.reads(&asked).iter().any(|slot| introduced.contains(slot));
        if reads_more || !asked.subqueries().is_empty() {
            return None;
        }
        let (place, items) = items(pattern, list)?;
        let step = &pattern.steps[place];
        let is_free = matches!(step.kind, StepKind::Variable { predicate: None, .. }) && !step.bound;
        match items {
            _ if !is_free => None,
            Items::Relationships => Some((place, *variable, asked, None)),
            Items::Nodes(first) => {
                // Undirected walks reach either end of a relationship.
                let end = if step.turned { "startNode" } else { "endNode" };
                let end = function::lookup(end).filter(|_| !step.relationship.undirected)?;
                let end = Expression::Function(end, vec![Expression::Slot(*variable)]);
                let first = match first {
                    Some(first) => Some(replaced(&asked, *variable, &Expression::Slot(first))?),
                    None => None,
                };
                Some((place, *variable, replaced(&asked, *variable, &end)?, first))
            }
        }
    }
}

/// Returns the step whose walk a list goes through, by place.
fn items(pattern: &Pattern, list: &Expression) -> Option<(usize, Items)> {
    let place = |slot: &Slot| pattern.steps.iter().position(|step: &PatternStep| step.slot == *slot);
    let walk_of = |path: &Expression| {
        let Expression::Slot(slot) = path else { return None };
        match pattern.paths.iter().find(|(path, _)| path == slot) {
            Some((_, Expression::Path(slots))) => match slots[..] {
                [first, step, _] => Some((first, place(&step)?)),
                _ => None,
            },
            _ => None,
        }
    };
    let is_one = |from: &Expression| matches!(from, Expression::Constant(Value::Integer(1)));
    match list {
        Expression::Slot(slot) => Some((place(slot)?, Items::Relationships)),
        Expression::Function(function, arguments) => match (function.name, &arguments[..]) {
            ("relationships", [path]) => Some((walk_of(path)?.1, Items::Relationships)),
            ("nodes", [path]) => walk_of(path).map(|(first, place)| (place, Items::Nodes(Some(first)))),
            _ => None,
        },
        Expression::Slice(all, Some(from), None) if is_one(from) => match items(pattern, all)? {
            (place, Items::Nodes(Some(_))) => Some((place, Items::Nodes(None))),
            _ => None,
        },
        _ => None,
    }
}

/// Returns an expression with another in place of a slot; nothing for the kinds of expressions that are not looked into.
fn replaced(expression: &Expression, slot: Slot, by: &Expression) -> Option<Expression> {
    let one = |part: &Expression| replaced(part, slot, by).map(Box::new);
    let all = |parts: &[Expression]| parts.iter().map(|part| replaced(part, slot, by)).collect::<Option<Vec<_>>>();
    Some(match expression {
        Expression::Slot(found) if *found == slot => by.clone(),
        Expression::Constant(_) | Expression::Parameter(_) | Expression::Slot(_) => expression.clone(),
        Expression::Property(part, key) => Expression::Property(one(part)?, key.clone()),
        Expression::HasLabel(part, label) => Expression::HasLabel(one(part)?, label.clone()),
        Expression::Not(part) => Expression::Not(one(part)?),
        Expression::Negate(part) => Expression::Negate(one(part)?),
        Expression::IsNull(part) => Expression::IsNull(one(part)?),
        Expression::And(parts) => Expression::And(all(parts)?),
        Expression::Or(parts) => Expression::Or(all(parts)?),
        Expression::List(parts) => Expression::List(all(parts)?),
        Expression::Coalesce(parts) => Expression::Coalesce(all(parts)?),
        Expression::Function(function, parts) => Expression::Function(function, all(parts)?),
        Expression::Xor(left, right) => Expression::Xor(one(left)?, one(right)?),
        Expression::Comparison(operator, left, right) => Expression::Comparison(*operator, one(left)?, one(right)?),
        Expression::Arithmetic(operator, left, right) => Expression::Arithmetic(*operator, one(left)?, one(right)?),
        Expression::Text(operator, left, right) => Expression::Text(*operator, one(left)?, one(right)?),
        Expression::In(left, right) => Expression::In(one(left)?, one(right)?),
        _ => return None,
    })
}
