//! Filters that ask a property of elements for a constant: put to the graph's packed values, without a column in between.

use crate::graph::{PropertyKeyId, PropertyTest, Selected, Slots};
use crate::value::Value;
use crate::vector::{Batch, Bitmap, Column, Dictionary, Slot};

use super::text_test::TextTest;
use super::{ComparisonOperator, EvaluationContext, Expression, StringOperator};

/// A test of one property of the elements of one slot.
pub(super) struct PropertyFilter {
    slot: Slot,
    key: PropertyKeyId,
    test: Test,
}

enum Test {
    Range { from: i64, to: i64, outside: bool },
    Boolean(bool),
    Text(TextTest),
}

impl PropertyFilter {
    /// Returns the filter that a predicate is, if it is one: a property compared with something that is the same for all rows.
    pub(super) fn of(predicate: &Expression, batch: &Batch, context: &EvaluationContext<'_>) -> Option<PropertyFilter> {
        if context.snapshot.has_deletions() {
            return None;
        }
        let (slot, name, test) = match predicate {
            Expression::Comparison(operator, left, right) => match (left.as_property(), right.as_property()) {
                (Some((slot, name)), None) => (slot, name, comparison(*operator, constant(right, batch, context)?)?),
                (None, Some((slot, name))) => {
                    (slot, name, comparison(operator.flipped(), constant(left, batch, context)?)?)
                }
                _ => return None,
            },
            Expression::Text(operator, left, right) if *operator != StringOperator::Matches => {
                let (slot, name) = left.as_property()?;
                let Value::String(text) = constant(right, batch, context)? else { return None };
                (slot, name, Test::Text(TextTest::Part(*operator, text.clone())))
            }
            _ => return None,
        };
        Some(PropertyFilter { slot, key: context.snapshot.catalogue().property_key_id(name)?, test })
    }

    /// Says whether the property of every row of a batch is set, where that can be told without looking at each.
    pub(super) fn is_always_set(&self, batch: &Batch, context: &EvaluationContext<'_>) -> bool {
        match batch.get(self.slot).map(AsRef::as_ref) {
            Some(Column::NodeRun(run)) => context.snapshot.have_property(self.key, run.clone()),
            _ => false,
        }
    }

    /// Takes in another filter, where both together are one range; says whether they are.
    pub(super) fn join(&mut self, other: &PropertyFilter) -> bool {
        let same = self.slot == other.slot && self.key == other.key;
        match (&mut self.test, &other.test) {
            (Test::Range { from, to, outside: false }, Test::Range { from: low, to: high, outside: false }) if same => {
                (*from, *to) = ((*from).max(*low), (*to).min(*high));
                true
            }
            _ => false,
        }
    }

    /// Selects the rows of a batch that pass, or counts them; says whether the graph could.
    pub(super) fn select(&self, batch: &Batch, context: &EvaluationContext<'_>, selected: Selected<'_>) -> bool {
        let Some(column) = batch.get(self.slot) else { return false };
        let (slots, of_nodes) = match column.as_ref() {
            Column::Node(ids) => (Slots::Listed(ids), true),
            Column::NodeRun(run) => (Slots::Run(run.clone()), true),
            Column::Relationship(ids) => (Slots::Listed(ids), false),
            Column::RelationshipRun(run) => (Slots::Run(run.clone()), false),
            _ => return false,
        };
        let ask = |test: &PropertyTest<'_>| match of_nodes {
            true => context.snapshot.select_nodes(self.key, slots, test, selected),
            false => context.snapshot.select_relationships(self.key, slots, test, selected),
        };
        match &self.test {
            Test::Range { from, to, outside } => {
                ask(&PropertyTest::Integers { from: *from, to: *to, outside: *outside })
            }
            Test::Boolean(wanted) => ask(&PropertyTest::Boolean(*wanted)),
            Test::Text(test) => {
                let codes = context
                    .snapshot
                    .property_dictionary(self.key, of_nodes)
                    .and_then(|dictionary| matching_codes(dictionary, test, batch.rows(), context));
                ask(&PropertyTest::Strings { passes: &|text| test.holds(text), codes: codes.as_deref() })
            }
        }
    }
}

fn matching_codes(
    dictionary: &std::sync::Arc<Dictionary>,
    test: &TextTest,
    rows: usize,
    context: &EvaluationContext<'_>,
) -> Option<std::sync::Arc<Bitmap>> {
    context.cache.matching_codes(dictionary, test, rows)
}

/// Returns the value that an expression has in every row, where that is seen without looking at each.
fn constant<'a>(expression: &'a Expression, batch: &'a Batch, context: &EvaluationContext<'a>) -> Option<&'a Value> {
    match expression {
        Expression::Constant(value) => Some(value),
        Expression::Parameter(place) => context.parameters.get(*place as usize),
        Expression::Slot(slot) => match batch.get(*slot)?.as_ref() {
            Column::Constant(value, _) => Some(value),
            _ => None,
        },
        _ => None,
    }
}

fn comparison(operator: ComparisonOperator, value: &Value) -> Option<Test> {
    match value {
        Value::Integer(value) => {
            let (from, to, outside) = match operator {
                ComparisonOperator::Equal => (*value, *value, false),
                ComparisonOperator::NotEqual => (*value, *value, true),
                // Nothing is less than the least: then the range is empty.
                ComparisonOperator::Less => value.checked_sub(1).map_or((1, 0, false), |to| (i64::MIN, to, false)),
                ComparisonOperator::LessOrEqual => (i64::MIN, *value, false),
                ComparisonOperator::Greater => {
                    value.checked_add(1).map_or((1, 0, false), |from| (from, i64::MAX, false))
                }
                ComparisonOperator::GreaterOrEqual => (*value, i64::MAX, false),
            };
            Some(Test::Range { from, to, outside })
        }
        Value::Float(value) => integers_beside(operator, *value),
        Value::Boolean(value) => match operator {
            ComparisonOperator::Equal => Some(Test::Boolean(*value)),
            ComparisonOperator::NotEqual => Some(Test::Boolean(!*value)),
            _ => None,
        },
        Value::String(text) => Some(Test::Text(TextTest::Compare(operator, text.clone()))),
        _ => None,
    }
}

/// Returns the test that integers pass which compare so with a float. A column of anything but integers is not asked it.
fn integers_beside(operator: ComparisonOperator, value: f64) -> Option<Test> {
    /// From here on floats are further apart than integers.
    const EXACT: f64 = (1_i64 << 53) as f64;
    if !(-EXACT..EXACT).contains(&value) {
        return None;
    }
    let (floor, ceil) = (value.floor() as i64, value.ceil() as i64);
    let (from, to, outside) = match operator {
        // Where it is no integer itself, floor and ceil lie the wrong way round, and the range is empty.
        ComparisonOperator::Equal => (ceil, floor, false),
        ComparisonOperator::NotEqual if floor == ceil => (floor, floor, true),
        ComparisonOperator::NotEqual => (i64::MIN, i64::MAX, false),
        ComparisonOperator::Less => (i64::MIN, ceil - 1, false),
        ComparisonOperator::LessOrEqual => (i64::MIN, floor, false),
        ComparisonOperator::Greater => (floor + 1, i64::MAX, false),
        ComparisonOperator::GreaterOrEqual => (ceil, i64::MAX, false),
    };
    Some(Test::Range { from, to, outside })
}
