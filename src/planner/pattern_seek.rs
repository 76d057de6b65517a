//! Finds the index that a pattern is best entered by: for a node by its labels, for a relationship by its type.
//!
//! ```text
//!   n.name = 'a'                       range index (name)        equal
//!   n.year > 2015 AND n.year <= 2019   range index (year)        between
//!   n.city = 'a' AND n.year > 2015     index (city, year)        leading values, then between
//!   n.name CONTAINS '西溪'             text index (name)         what has all bigrams of the text
//! ```
//! An index gives what may fit; the predicates stay and are asked of it.

use smol_str::SmolStr;

use crate::binder::bound::{PatternStep, StepKind};
use crate::expression::{ComparisonOperator, Expression, StringOperator};
use crate::value::Value;
use crate::vector::Slot;

use super::node_set::NodeSet;
use super::pattern::{Order, PatternPlanner, Start, State};
use super::physical::{Operator, SeekBound, SeekKind, SoughtElement};

/// A text index is asked where it is expected to find at most this share of what it holds.
const TEXT_SHARE: f64 = 0.1;

/// An index that can find a node or a relationship.
pub(super) struct Seek {
    element: SoughtElement,
    /// The label or type that the index is over.
    pub label: SmolStr,
    keys: Vec<SmolStr>,
    kind: SeekKind,
    /// How many elements it is expected to find.
    pub rows: f64,
    /// Whether what is looked up comes from the rows at hand.
    pub reads_input: bool,
}

impl Seek {
    /// Returns the predicate that the look-up of one value answers.
    pub(super) fn predicate(&self, slot: Slot) -> Option<Expression> {
        let (SeekKind::Equal(value), Some(key)) = (&self.kind, self.keys.first()) else { return None };
        let property = Expression::Property(Box::new(Expression::Slot(slot)), key.clone());
        Some(Expression::Comparison(ComparisonOperator::Equal, Box::new(property), Box::new(value.clone())))
    }

    /// Returns the operator that looks up.
    pub(super) fn into_operator(self, slot: Slot) -> Operator {
        Operator::IndexSeek { slot, element: self.element, label: self.label, keys: self.keys, seek: self.kind }
    }
}

/// What a predicate says of one property.
#[derive(Clone, Debug)]
enum Said {
    Equal(Expression),
    In(Expression),
    Above(Expression, bool),
    Below(Expression, bool),
    Begins(Expression),
    Contains(Expression),
}

/// A property, and what a predicate says of it.
type Saying = (SmolStr, Said);

impl PatternPlanner<'_, '_> {
    /// Finds the best index for a node among its pending predicates.
    pub(super) fn seek_of(&self, node: usize) -> Option<Seek> {
        let node = &self.pattern.nodes[node];
        let labels = node.label.as_ref()?.required();
        self.best_seek(SoughtElement::Node, node.slot, &labels)
    }

    /// Finds the best index for the relationship of a step among its pending predicates.
    pub(super) fn seek_of_step(&self, place: usize) -> Option<Seek> {
        let step = &self.pattern.steps[place];
        if !matches!(step.kind, StepKind::Single) || step.bound {
            return None;
        }
        let types = step.relationship.label.as_ref()?.required();
        self.best_seek(SoughtElement::Relationship, step.slot, &types)
    }

    /// Returns the state that begins with the relationships an index finds for a step, if there is an index for it.
    pub(super) fn step_start(&self, rows: f64, place: usize) -> Option<State> {
        let seek = self.seek_of_step(place)?;
        let PatternStep { from, to, .. } = self.pattern.steps[place];
        let found = rows * seek.rows;
        let kept = found * self.own_selectivity(from) * if from == to { 1.0 } else { self.own_selectivity(to) };
        let (start, order) = (Some(Start::Step(place)), Order::from_slice(&[(place, true)]));
        let nodes = NodeSet::from_iter([from, to]);
        Some(State { nodes, rows: kept.max(0.01), cost: found * 2.0, counted: 0, start, order })
    }

    fn best_seek(&self, element: SoughtElement, slot: Slot, labels: &[SmolStr]) -> Option<Seek> {
        if labels.is_empty() {
            return None;
        }
        // Only this element is waited for: whatever else the predicate reads is at hand.
        let own = self.pending.iter().filter(|(_, waits)| waits.as_slice() == [slot]);
        let said: Vec<Saying> = own.filter_map(|(predicate, _)| self.said_of(slot, predicate)).collect();
        let mut best: Option<Seek> = None;
        for label in labels {
            let single = said.iter().filter_map(|saying| self.seek_by(element, label, saying, &said));
            let several = self.lowering.estimator.indexes_over_several(element, label);
            let several = several.into_iter().filter_map(|keys| self.seek_by_several(element, label, keys, &said));
            for seek in single.chain(several) {
                if best.as_ref().is_none_or(|best| seek.rows < best.rows) {
                    best = Some(seek);
                }
            }
        }
        best
    }

    /// Returns what a predicate says of a property of an element, if that can be looked up.
    fn said_of(&self, slot: Slot, predicate: &Expression) -> Option<Saying> {
        let key_of = |side: &Expression| match side {
            Expression::Property(target, key) if matches!(**target, Expression::Slot(found) if found == slot) => {
                Some(key.clone())
            }
            _ => None,
        };
        let (key, value, said): (SmolStr, &Expression, Said) = match predicate {
            Expression::Comparison(operator, left, right) => {
                let (key, value, operator) = match (key_of(left), key_of(right)) {
                    (Some(key), _) => (key, right, *operator),
                    (_, Some(key)) => (key, left, mirrored(*operator)),
                    _ => return None,
                };
                let bound = value.as_ref().clone();
                let said = match operator {
                    ComparisonOperator::Equal => Said::Equal(bound),
                    ComparisonOperator::Less => Said::Below(bound, false),
                    ComparisonOperator::LessOrEqual => Said::Below(bound, true),
                    ComparisonOperator::Greater => Said::Above(bound, false),
                    ComparisonOperator::GreaterOrEqual => Said::Above(bound, true),
                    ComparisonOperator::NotEqual => return None,
                };
                (key, value, said)
            }
            Expression::In(item, list) => (key_of(item)?, list, Said::In(list.as_ref().clone())),
            Expression::Text(operator, text, part) => {
                let said = match operator {
                    StringOperator::StartsWith => Said::Begins(part.as_ref().clone()),
                    StringOperator::Contains | StringOperator::EndsWith => Said::Contains(part.as_ref().clone()),
                    _ => return None,
                };
                (key_of(text)?, part, said)
            }
            _ => return None,
        };
        let is_usable = !self.lowering.reads(value).contains(&slot) && value.subqueries().is_empty();
        is_usable.then_some((key, said))
    }

    /// Returns the look-up of one property in an index over it alone.
    fn seek_by(&self, element: SoughtElement, label: &SmolStr, saying: &Saying, all: &[Saying]) -> Option<Seek> {
        let estimator = &self.lowering.estimator;
        let (key, said) = saying;
        let keys = vec![key.clone()];
        let is_ordered = estimator.has_index(element, label, &keys);
        let kind = match said {
            Said::Equal(value) if is_ordered => SeekKind::Equal(value.clone()),
            Said::In(list) if is_ordered => SeekKind::In(list.clone()),
            Said::Above(..) | Said::Below(..) if is_ordered => {
                let (low, high) = bounds(key, all);
                SeekKind::Range(low, high)
            }
            Said::Begins(prefix) if is_ordered => SeekKind::Prefix(prefix.clone()),
            Said::Begins(part) | Said::Contains(part) if estimator.has_text_index(element, label, key) => {
                SeekKind::Contains(part.clone())
            }
            _ => return None,
        };
        let rows = estimator.seek_rows(element, label, &keys, &kind);
        if matches!(kind, SeekKind::Contains(_)) && rows > estimator.elements(element, label) * TEXT_SHARE {
            return None;
        }
        Some(self.seek(element, label, keys, kind, rows))
    }

    /// Returns the look-up of the first properties of an index over several.
    fn seek_by_several(
        &self,
        element: SoughtElement,
        label: &SmolStr,
        keys: Vec<SmolStr>,
        said: &[Saying],
    ) -> Option<Seek> {
        let equal = |key: &SmolStr| {
            said.iter().find_map(|(other, said)| match said {
                Said::Equal(value) if other == key => Some(value.clone()),
                _ => None,
            })
        };
        let values: Vec<Expression> = keys.iter().map_while(equal).collect();
        let (low, high) = keys.get(values.len()).map_or((None, None), |next| bounds(next, said));
        if values.is_empty() {
            return None;
        }
        let kind = SeekKind::Leading(values, low, high);
        let rows = self.lowering.estimator.seek_rows(element, label, &keys, &kind);
        Some(self.seek(element, label, keys, kind, rows))
    }

    fn seek(&self, element: SoughtElement, label: &SmolStr, keys: Vec<SmolStr>, kind: SeekKind, rows: f64) -> Seek {
        let reads_input = kind.expressions().iter().any(|value| !self.lowering.reads(value).is_empty());
        Seek { element, label: label.clone(), keys, kind, rows, reads_input }
    }
}

/// Returns the bounds that predicates give a property: of several on one side the first.
fn bounds(key: &SmolStr, said: &[Saying]) -> (SeekBound, SeekBound) {
    let own = || said.iter().filter(|(other, _)| other == key).map(|(_, said)| said);
    let low = own().find_map(|said| match said {
        Said::Above(value, inclusive) => Some((value.clone(), *inclusive)),
        _ => None,
    });
    let high = own().find_map(|said| match said {
        Said::Below(value, inclusive) => Some((value.clone(), *inclusive)),
        _ => None,
    });
    (low, high)
}

/// Returns how many characters of text are looked for, where the query says so.
pub(super) fn text_length(part: &Expression) -> Option<usize> {
    match part {
        Expression::Constant(Value::String(text)) => Some(text.chars().count()),
        _ => None,
    }
}

fn mirrored(operator: ComparisonOperator) -> ComparisonOperator {
    match operator {
        ComparisonOperator::Less => ComparisonOperator::Greater,
        ComparisonOperator::LessOrEqual => ComparisonOperator::GreaterOrEqual,
        ComparisonOperator::Greater => ComparisonOperator::Less,
        ComparisonOperator::GreaterOrEqual => ComparisonOperator::LessOrEqual,
        other => other,
    }
}
