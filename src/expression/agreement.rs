//! Tests: every kernel gives what the general path gives for the same values, and laziness evaluates only what a row needs.

use std::sync::Arc;

use proptest::prelude::*;
use smol_str::SmolStr;

use crate::value::{NodeId, Value};
use crate::vector::{Column, Dictionary};

use super::arithmetic::{compute, negate};
use super::compare::compare;
use super::list_set::is_in;
use super::logic::{exclusive, is_null, negation};
use super::text::compare_text;
use super::{ArithmeticOperator, ComparisonOperator, EvaluationCache, EvaluationError, StringOperator};

const ROWS: usize = 12;

const COMPARISONS: [ComparisonOperator; 6] = [
    ComparisonOperator::Equal,
    ComparisonOperator::NotEqual,
    ComparisonOperator::Less,
    ComparisonOperator::LessOrEqual,
    ComparisonOperator::Greater,
    ComparisonOperator::GreaterOrEqual,
];

const OPERATIONS: [ArithmeticOperator; 7] = [
    ArithmeticOperator::Add,
    ArithmeticOperator::Subtract,
    ArithmeticOperator::Multiply,
    ArithmeticOperator::Divide,
    ArithmeticOperator::Modulo,
    ArithmeticOperator::Power,
    ArithmeticOperator::Concatenate,
];

const TEXTS: [StringOperator; 4] =
    [StringOperator::StartsWith, StringOperator::EndsWith, StringOperator::Contains, StringOperator::Matches];

fn integer() -> impl Strategy<Value = Value> {
    let edges = prop::sample::select(vec![i64::MIN, i64::MAX, 1 << 53, (1 << 53) + 1, -1, 0]);
    prop_oneof![8 => (-3i64..4).boxed(), 1 => edges.boxed()].prop_map(Value::Integer)
}

fn float() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![f64::NAN, f64::INFINITY, -0.0, 0.0, 1.0, -1.0, 0.5, 9_007_199_254_740_992.0, 1e300])
        .prop_map(Value::Float)
}

fn string() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["", "a", "ab", "ba", "园", "园区", "b.", "a*"]).prop_map(Value::string)
}

fn simple() -> impl Strategy<Value = Value> {
    prop_oneof![integer(), float(), string(), any::<bool>().prop_map(Value::Boolean), (0u32..4).prop_map(node)]
}

fn node(id: u32) -> Value {
    Value::Node(NodeId(id))
}

fn with_nulls(value: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Vec<Value>> {
    let cell = prop_oneof![1 => Just(Value::Null), 6 => value];
    prop::collection::vec(cell, ROWS).boxed()
}

/// Strings as codes, in a dictionary that knows more than the column uses.
fn coded(values: &[Value], dictionary: &Arc<Dictionary>) -> Column {
    let code = |value: &Value| match value {
        Value::String(text) => dictionary.code(text).expect("the dictionary knows every string of the test"),
        _ => Dictionary::NULL,
    };
    Column::Code { codes: values.iter().map(code).collect(), dictionary: Arc::clone(dictionary) }
}

fn dictionary() -> Arc<Dictionary> {
    let mut dictionary = Dictionary::default();
    for text in ["x", "a", "ab", "", "ba", "园区", "园", "b.", "a*"] {
        dictionary.intern(&SmolStr::new(text));
    }
    Arc::new(dictionary)
}

fn column() -> impl Strategy<Value = Column> {
    prop_oneof![
        with_nulls(integer()).prop_map(Column::from_values),
        with_nulls(float()).prop_map(Column::from_values),
        with_nulls(string()).prop_map(Column::from_values),
        with_nulls(string()).prop_map(|values| coded(&values, &dictionary())),
        with_nulls(any::<bool>().prop_map(Value::Boolean)).prop_map(Column::from_values),
        with_nulls((0u32..4).prop_map(node)).prop_map(Column::from_values),
        with_nulls(simple()).prop_map(Column::Any),
        simple().prop_map(|value| Column::Constant(value, ROWS)),
        Just(Column::nulls(ROWS)),
    ]
}

fn general(column: &Column) -> Column {
    Column::Any(column.iter().collect())
}

fn seen(result: Result<Column, EvaluationError>) -> Result<Vec<String>, String> {
    match result {
        Ok(column) => Ok(column.iter().map(|value| format!("{value:?}")).collect()),
        Err(error) => Err(format!("{error:?}")),
    }
}

proptest! {
    #[test]
    fn comparisons_agree(left in column(), right in column()) {
        let cache = EvaluationCache::default();
        for operator in COMPARISONS {
            let kernel = compare(operator, &left, &right, &cache);
            let plain = compare(operator, &general(&left), &general(&right), &cache);
            prop_assert_eq!(seen(Ok(kernel)), seen(Ok(plain)), "{:?}", operator);
        }
    }

    #[test]
    fn arithmetic_agrees(left in column(), right in column()) {
        for operator in OPERATIONS {
            let kernel = compute(operator, &left, &right, |_| Ok(()));
            let plain = compute(operator, &general(&left), &general(&right), |_| Ok(()));
            prop_assert_eq!(seen(kernel), seen(plain), "{:?}", operator);
        }
        prop_assert_eq!(seen(negate(&left)), seen(negate(&general(&left))));
    }

    #[test]
    fn logic_agrees(left in column(), right in column()) {
        prop_assert_eq!(seen(negation(&left)), seen(negation(&general(&left))));
        prop_assert_eq!(seen(exclusive(&left, &right)), seen(exclusive(&general(&left), &general(&right))));
        prop_assert_eq!(seen(Ok(is_null(&left))), seen(Ok(is_null(&general(&left)))));
    }

    #[test]
    fn text_predicates_agree(left in column(), right in column(), known in any::<bool>()) {
        // Asked twice, the cache answers from what it learnt of the dictionary.
        let cache = EvaluationCache::default();
        for operator in TEXTS {
            if known {
                let _ = compare_text(operator, &left, &right, &cache);
            }
            let kernel = compare_text(operator, &left, &right, &cache);
            let plain = compare_text(operator, &general(&left), &general(&right), &cache);
            prop_assert_eq!(seen(kernel).ok(), seen(plain).ok(), "{:?}", operator);
        }
    }

    #[test]
    fn membership_agrees(items in column(), list in prop::collection::vec(prop_oneof![9 => simple().boxed(), 1 => Just(Value::Null).boxed()], 0..20)) {
        let cache = EvaluationCache::default();
        let list = Value::list(list);
        let kernel = is_in(&items, &Column::Constant(list.clone(), ROWS), &cache);
        let plain = is_in(&general(&items), &Column::Any(vec![list; ROWS]), &cache);
        prop_assert_eq!(seen(kernel), seen(plain));
    }
}
