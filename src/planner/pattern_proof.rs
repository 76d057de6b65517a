//! What can be told of a pattern without looking at its matches: which relationships differ anyway, which steps only multiply.

use smol_str::SmolStr;

use crate::binder::bound::{PatternStep, StepKind};
use crate::expression::{ComparisonOperator, Expression, LabelExpression};
use crate::value::Value;
use crate::vector::Slot;

use super::assumption::Assumption;
use super::pattern::PatternPlanner;

/// Nodes that are compared with one value differently are not the same.
pub(super) const DIFFERENT_NODES: &str = "different_nodes";

/// Where no two relationships have the same ends, those that share one end differ where the others do.
pub(super) const DIFFERENT_ENDS: &str = "different_ends";

/// Whether a fact is only asked for, or taken for granted from here on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// For an estimate.
    Ask,
    /// For the plan.
    Take,
}

impl PatternPlanner<'_, '_> {
    fn prove(&self, assumption: Assumption, proof: Proof) -> bool {
        match proof {
            Proof::Ask => self.lowering.estimator.may_assume(&assumption),
            Proof::Take => self.lowering.estimator.assume(assumption),
        }
    }

    /// Says whether two steps could take the same relationship.
    ///
    /// Not if their types differ. Two directed steps take the same one only if both their starts and their ends are the same node: in a
    /// chain that needs a self-loop; where they share a node, it needs the nodes at the other ends to be the same.
    pub(super) fn can_coincide(&self, left: usize, right: usize, proof: Proof) -> bool {
        let (left, right) = (&self.pattern.steps[left], &self.pattern.steps[right]);
        let types = |step: &PatternStep| step.relationship.label.as_ref().and_then(LabelExpression::alternatives);
        if let (Some(left), Some(right)) = (types(left), types(right))
            && !left.iter().any(|name| right.contains(name))
        {
            return false;
        }
        let is_plain = |step: &PatternStep| matches!(step.kind, StepKind::Single) && !step.relationship.undirected;
        if !is_plain(left) || !is_plain(right) || left.from == left.to || right.from == right.to {
            return true;
        }
        if left.to == right.from || right.to == left.from {
            return !self.prove(Assumption::NoLoops(left.relationship.label.clone()), proof);
        }
        !self.nodes_differ(left.from, right.from, proof) && !self.nodes_differ(left.to, right.to, proof)
    }

    /// Returns two nodes that differ wherever two steps take different relationships, and only there.
    ///
    /// They are the other ends of two steps of one type that share a start or an end, where no two relationships of it have the same
    /// ends: nothing need be known of the relationships then but where they lead.
    pub(super) fn differing_ends(&self, left: usize, right: usize) -> Option<(Slot, Slot)> {
        // Ways that meet are counted by what is asked of their relationships.
        if !self.cycles.is_empty() || self.lowering.switched_off.contains(&DIFFERENT_ENDS) {
            return None;
        }
        let (left, right) = (&self.pattern.steps[left], &self.pattern.steps[right]);
        let is_plain = |step: &PatternStep| {
            matches!(step.kind, StepKind::Single) && !step.relationship.undirected && step.from != step.to
        };
        let kind = |step: &PatternStep| {
            let kinds = step.relationship.label.as_ref()?.alternatives()?;
            if let [kind] = &kinds[..] { Some(SmolStr::from(&**kind)) } else { None }
        };
        let kind = kind(left).filter(|own| kind(right).as_ref() == Some(own))?;
        let (one, other) = match (left.from == right.from, left.to == right.to) {
            (true, false) => (left.to, right.to),
            (false, true) => (left.from, right.from),
            _ => return None,
        };
        let may = is_plain(left) && is_plain(right) && self.prove(Assumption::NoParallel(kind), Proof::Take);
        may.then(|| (self.pattern.nodes[one].slot, self.pattern.nodes[other].slot))
    }

    /// Says whether predicates compare a property of two nodes with one value, so that no value can pass both.
    fn values_differ(&self, left: Slot, right: Slot) -> bool {
        if self.lowering.switched_off.contains(&DIFFERENT_NODES) {
            return false;
        }
        let asked: Vec<Asked<'_>> = self.predicates.iter().flat_map(parts).filter_map(Asked::of).collect();
        let of = |slot: Slot| asked.iter().filter(move |asked| asked.slot == slot);
        of(left).any(|one| of(right).any(|other| one.excludes(other)))
    }

    /// Says whether two nodes of the pattern can never be the same node: a step without self-loops leads from one to the other, or
    /// predicates want a property of theirs to differ.
    fn nodes_differ(&self, left: usize, right: usize, proof: Proof) -> bool {
        if left == right {
            return false;
        }
        let joins = |step: &&PatternStep| {
            matches!(step.kind, StepKind::Single)
                && ((step.from, step.to) == (left, right) || (step.from, step.to) == (right, left))
        };
        let mut between = self.pattern.steps.iter().filter(joins);
        if between.any(|step| self.prove(Assumption::NoLoops(step.relationship.label.clone()), proof)) {
            return true;
        }
        let node_of = |side: &Expression| match side {
            Expression::Slot(slot) => Some((*slot, None)),
            Expression::Property(target, key) => match target.as_ref() {
                Expression::Slot(slot) => Some((*slot, Some(key.clone()))),
                _ => None,
            },
            _ => None,
        };
        let (left, right) = (self.pattern.nodes[left].slot, self.pattern.nodes[right].slot);
        if self.values_differ(left, right) {
            return true;
        }
        self.predicates.iter().any(|predicate| match predicate {
            // What is less, greater or unequal is never the same; `<=` and `=` say nothing.
            Expression::Comparison(
                ComparisonOperator::NotEqual | ComparisonOperator::Less | ComparisonOperator::Greater,
                one,
                other,
            ) => match (node_of(one), node_of(other)) {
                (Some((one, one_key)), Some((other, other_key))) => {
                    one_key == other_key && ((one, other) == (left, right) || (one, other) == (right, left))
                }
                _ => false,
            },
            _ => false,
        })
    }

    /// Says whether a step is best read as a list of all its relationships: nobody reads its ends, and any end will do.
    pub(super) fn is_scannable(&self, place: usize) -> bool {
        let step = &self.pattern.steps[place];
        let Some(read_above) = &self.read_above else { return false };
        if !matches!(step.kind, StepKind::Single) || step.bound || step.relationship.undirected || step.from == step.to
        {
            return false;
        }
        let is_free = |node: usize| {
            let slot = self.pattern.nodes[node].slot;
            let touching = self.pattern.steps.iter().filter(|step| step.from == node || step.to == node).count();
            touching == 1
                && !self.known_nodes[node]
                && !read_above.contains(&slot)
                && !self.predicates.iter().any(|predicate| self.lowering.reads(predicate).contains(&slot))
        };
        // Where the relationship is not read either, counting neighbours is less work.
        let is_read = read_above.contains(&step.slot)
            || self.predicates.iter().any(|predicate| self.lowering.reads(predicate).contains(&step.slot));
        is_read
            && is_free(step.from)
            && is_free(step.to)
            && self.pattern.paths.is_empty()
            && self.is_proven(place, true)
            && self.is_proven(place, false)
    }

    /// Says whether a step away from a node makes nothing that is read: above the pattern only its number counts.
    pub(super) fn only_multiplies(&self, place: usize, forward: bool) -> bool {
        if let Some(known) = self.weighed.borrow().multiplies.get(&(place, forward)) {
            return *known;
        }
        let found = self.finds_only_number(place, forward);
        self.weighed.borrow_mut().multiplies.insert((place, forward), found);
        found
    }

    fn finds_only_number(&self, place: usize, forward: bool) -> bool {
        let Some(read_above) = &self.read_above else { return false };
        let Some(step) = self.pattern.steps.get(place) else { return false };
        if !matches!(step.kind, StepKind::Single) || step.bound {
            return false;
        }
        let target = if forward { step.to } else { step.from };
        let touching = self.pattern.steps.iter().filter(|step| step.from == target || step.to == target).count();
        let slots = [self.pattern.nodes[target].slot, step.slot];
        let is_read = slots.iter().any(|slot| read_above.contains(slot))
            || (0..self.pattern.steps.len()).any(|step| slots.iter().any(|slot| self.step_reads(step).contains(slot)))
            || self.predicates.iter().any(|predicate| {
                let reads = self.lowering.reads(predicate);
                slots.iter().any(|slot| reads.contains(slot))
            })
            || !self.pattern.paths.is_empty();
        if touching != 1 || step.from == step.to || self.pattern.nodes[target].bound || is_read {
            return false;
        }
        let groups = self.pattern.distinct.iter().filter(|group| group.contains(&place));
        let mut others = groups.flatten().filter(|other| **other != place);
        if others.any(|other| self.can_coincide(place, *other, Proof::Ask)) {
            return false;
        }
        let proof = self.end_proof(place, forward);
        proof.is_some_and(|proof| proof.iter().all(|assumption| self.lowering.estimator.may_assume(assumption)))
    }
}

/// Returns the parts of a conjunction.
fn parts(predicate: &Expression) -> Vec<&Expression> {
    match predicate {
        Expression::And(parts) => parts.iter().flat_map(self::parts).collect(),
        other => vec![other],
    }
}

/// What is asked of a property of a node: to compare so with something that is the same for all rows.
struct Asked<'a> {
    slot: Slot,
    key: &'a SmolStr,
    operator: ComparisonOperator,
    with: &'a Expression,
}

impl<'a> Asked<'a> {
    fn of(predicate: &'a Expression) -> Option<Asked<'a>> {
        let Expression::Comparison(operator, left, right) = predicate else { return None };
        let is_fixed = |side: &Expression| matches!(side, Expression::Constant(_) | Expression::Parameter(_));
        let (target, operator, with) = match (left.as_ref(), right.as_ref()) {
            (Expression::Property(..), with) if is_fixed(with) => (left, *operator, with),
            (with, Expression::Property(..)) if is_fixed(with) => (right, operator.flipped(), with),
            _ => return None,
        };
        let Expression::Property(node, key) = target.as_ref() else { return None };
        let Expression::Slot(slot) = node.as_ref() else { return None };
        Some(Asked { slot: *slot, key, operator, with })
    }

    /// Says whether no value can be what both ask for.
    fn excludes(&self, other: &Asked<'_>) -> bool {
        let is_same = match (self.with, other.with) {
            (Expression::Parameter(one), Expression::Parameter(other)) => one == other,
            (Expression::Constant(Value::Integer(one)), Expression::Constant(Value::Integer(other))) => one == other,
            (Expression::Constant(Value::String(one)), Expression::Constant(Value::String(other))) => one == other,
            _ => false,
        };
        self.key == other.key && is_same && passing(self.operator) & passing(other.operator) == 0
    }
}

/// Returns a bit each for what is less than the value it is compared with, equal to it and greater, where that passes.
fn passing(operator: ComparisonOperator) -> u8 {
    match operator {
        ComparisonOperator::Less => 0b001,
        ComparisonOperator::Equal => 0b010,
        ComparisonOperator::Greater => 0b100,
        ComparisonOperator::LessOrEqual => 0b011,
        ComparisonOperator::GreaterOrEqual => 0b110,
        ComparisonOperator::NotEqual => 0b101,
    }
}
