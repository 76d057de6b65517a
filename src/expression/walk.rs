//! Walking expressions: every direct part, the slots read, the subqueries used.

use crate::vector::Slot;

use super::{Branch, Expression, MapEntry, SubqueryId};

impl Expression {
    /// Returns the variable and the name of the property, if the expression is a property of a variable.
    pub fn as_property(&self) -> Option<(Slot, &str)> {
        match self {
            Expression::Property(target, name) => match target.as_ref() {
                Expression::Slot(slot) => Some((*slot, name)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Calls `visit` with every direct part of this expression.
    pub fn for_each_part<'a>(&'a self, visit: &mut dyn FnMut(&'a Expression)) {
        match self {
            Expression::Constant(_)
            | Expression::Parameter(_)
            | Expression::Slot(_)
            | Expression::Subquery(_)
            | Expression::Path(_) => {}
            Expression::Property(part, _)
            | Expression::HasLabel(part, _)
            | Expression::IsTyped(part, _)
            | Expression::Cast(part, _)
            | Expression::Not(part)
            | Expression::Negate(part)
            | Expression::IsNull(part) => visit(part),
            Expression::And(parts)
            | Expression::Or(parts)
            | Expression::List(parts)
            | Expression::Coalesce(parts)
            | Expression::Function(_, parts) => parts.iter().for_each(visit),
            Expression::Xor(left, right)
            | Expression::Comparison(_, left, right)
            | Expression::Arithmetic(_, left, right)
            | Expression::Text(_, left, right)
            | Expression::In(left, right)
            | Expression::Index(left, right) => {
                visit(left);
                visit(right);
            }
            Expression::Map(entries) => {
                for entry in entries {
                    match entry {
                        MapEntry::Pair(_, part) | MapEntry::All(part) => visit(part),
                    }
                }
            }
            Expression::Slice(target, from, to) => {
                visit(target);
                from.iter().chain(to).for_each(|part| visit(part));
            }
            Expression::Case { operand, branches, otherwise } => {
                operand.iter().for_each(|part| visit(part));
                for Branch { condition, result } in branches {
                    visit(condition);
                    visit(result);
                }
                otherwise.iter().for_each(|part| visit(part));
            }
            Expression::Comprehension { list, predicate, projection, .. } => {
                visit(list);
                predicate.iter().chain(projection).for_each(|part| visit(part));
            }
            Expression::Quantifier { list, predicate, .. } => {
                visit(list);
                visit(predicate);
            }
            Expression::Reduce { initial, list, step, .. } => {
                visit(initial);
                visit(list);
                visit(step);
            }
        }
    }

    /// Calls `visit` with this expression and everything below it, from the top down.
    pub fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Expression)) {
        visit(self);
        self.for_each_part(&mut |part| part.visit(visit));
    }

    /// Returns the slots that this expression reads from its row, ascending, each once; without its own inner variables, and
    /// without what its subqueries read.
    pub fn slots(&self) -> Vec<Slot> {
        let (mut read, mut inner) = (Vec::new(), Vec::new());
        self.visit(&mut |part| match part {
            Expression::Slot(slot) => read.push(*slot),
            Expression::Path(slots) => read.extend(slots),
            Expression::Comprehension { variable, .. } | Expression::Quantifier { variable, .. } => {
                inner.push(*variable)
            }
            Expression::Reduce { accumulator, variable, .. } => inner.extend([*accumulator, *variable]),
            _ => {}
        });
        read.retain(|slot| !inner.contains(slot));
        read.sort();
        read.dedup();
        read
    }

    /// Returns the subqueries used in this expression, in order of appearance.
    pub fn subqueries(&self) -> Vec<SubqueryId> {
        let mut found = Vec::new();
        self.visit(&mut |part| {
            if let Expression::Subquery(id) = part {
                found.push(*id);
            }
        });
        found
    }

    /// Splits a conjunction into its operands; anything else is its own only operand.
    pub fn conjuncts(self) -> Vec<Expression> {
        match self {
            Expression::And(parts) => parts.into_iter().flat_map(Expression::conjuncts).collect(),
            other => vec![other],
        }
    }

    /// Returns the conjunction of the operands; nothing if there are none.
    pub fn conjunction(mut operands: Vec<Expression>) -> Option<Expression> {
        match operands.len() {
            0 => None,
            1 => operands.pop(),
            _ => Some(Expression::And(operands)),
        }
    }
}
