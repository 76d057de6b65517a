//! Tests: what each form of expression gives, row by row; and that nothing is evaluated for a row that does not need it.

use crate::function::Clock;
use crate::graph::Snapshot;
use crate::value::{Value, literal};
use crate::vector::{Batch, Column, Slot};

use super::{
    ArithmeticOperator, Branch, ComparisonOperator, EvaluationCache, EvaluationContext, EvaluationError, Expression,
    Made, MapEntry, NoSubqueries, QuantifierKind, evaluate, filter,
};

const NUMBER: Slot = Slot(0);
const ITEM: Slot = Slot(5);
const SUM: Slot = Slot(6);

fn with_context<T>(run: impl FnOnce(&EvaluationContext<'_>) -> T) -> T {
    run(&EvaluationContext {
        snapshot: &Snapshot::empty(),
        parameters: &[],
        clock: &Clock::fixed(0),
        subqueries: &NoSubqueries,
        cache: &EvaluationCache::default(),
        values_once: true,
        made: Made::default(),
    })
}

fn integer(value: i64) -> Expression {
    Expression::Constant(Value::Integer(value))
}

fn integers(values: &[i64]) -> Value {
    Value::list(values.iter().map(|value| Value::Integer(*value)).collect())
}

fn slot(slot: Slot) -> Box<Expression> {
    Box::new(Expression::Slot(slot))
}

fn compute(operator: ArithmeticOperator, left: Expression, right: Expression) -> Expression {
    Expression::Arithmetic(operator, Box::new(left), Box::new(right))
}

fn compare(operator: ComparisonOperator, left: Expression, right: Expression) -> Expression {
    Expression::Comparison(operator, Box::new(left), Box::new(right))
}

/// `12 / number`, an error where the number is 0.
fn quotient() -> Expression {
    compute(ArithmeticOperator::Divide, integer(12), Expression::Slot(NUMBER))
}

fn numbers(values: &[Option<i64>]) -> Batch {
    let mut batch = Batch::new(values.len());
    let values = values.iter().map(|value| value.map_or(Value::Null, Value::Integer));
    batch.set(NUMBER, Column::from_values(values));
    batch
}

fn lists(values: &[Value]) -> Batch {
    let mut batch = Batch::new(values.len());
    batch.set(NUMBER, Column::from_values(values.iter().cloned()));
    batch
}

fn run(expression: &Expression, batch: &Batch) -> Result<Vec<String>, EvaluationError> {
    let column = with_context(|context| evaluate(expression, batch, context))?;
    Ok(column.iter().map(|value| literal(&value)).collect())
}

#[track_caller]
fn check(expression: &Expression, batch: &Batch, expected: &[&str]) {
    assert_eq!(run(expression, batch).expect("the expression has a value"), expected);
}

#[test]
fn and_and_or_evaluate_only_what_is_open() {
    let batch = numbers(&[Some(0), Some(3), None, Some(100)]);
    let is_zero = compare(ComparisonOperator::Equal, Expression::Slot(NUMBER), integer(0));
    let is_large = compare(ComparisonOperator::Greater, quotient(), integer(3));
    let guarded = Expression::And(vec![Expression::Not(Box::new(is_zero.clone())), is_large.clone()]);
    check(&guarded, &batch, &["false", "true", "null", "false"]);
    check(&Expression::Or(vec![is_zero, is_large.clone()]), &batch, &["true", "true", "null", "false"]);
    assert!(run(&is_large, &batch).is_err(), "nothing guards the division");
}

#[test]
fn a_filter_tries_the_operands_of_and_one_by_one() {
    let batch = numbers(&[Some(0), Some(3), None, Some(4)]);
    let is_zero = compare(ComparisonOperator::Equal, Expression::Slot(NUMBER), integer(0));
    let predicate = Expression::And(vec![
        Expression::Not(Box::new(is_zero)),
        compare(ComparisonOperator::GreaterOrEqual, quotient(), integer(3)),
    ]);
    let selection = with_context(|context| filter(&predicate, &batch, context)).expect("zero is filtered out before");
    assert_eq!(selection, [1, 3]);
    let all = Expression::And(vec![Expression::Constant(Value::Boolean(true)); 2]);
    assert_eq!(with_context(|context| filter(&all, &batch, context)).ok(), Some(vec![0, 1, 2, 3]));
    let wrong = with_context(|context| filter(&integer(1), &batch, context));
    assert!(wrong.is_err(), "a number is no truth");
}

#[test]
fn case_takes_the_first_branch_and_evaluates_no_other() {
    let branch = |condition, result| Branch { condition, result };
    let batch = numbers(&[Some(0), Some(3), None]);
    let searched = Expression::Case {
        operand: None,
        branches: vec![branch(compare(ComparisonOperator::Greater, Expression::Slot(NUMBER), integer(0)), quotient())],
        otherwise: Some(Box::new(integer(-1))),
    };
    check(&searched, &batch, &["-1", "4", "-1"]);
    let simple = Expression::Case {
        operand: Some(slot(NUMBER)),
        branches: vec![branch(integer(0), integer(10)), branch(Expression::Constant(Value::Null), integer(20))],
        otherwise: None,
    };
    check(&simple, &batch, &["10", "null", "null"]);
}

#[test]
fn coalesce_evaluates_later_operands_where_needed() {
    let batch = numbers(&[Some(0), None, Some(2)]);
    check(&Expression::Coalesce(vec![Expression::Slot(NUMBER), quotient(), integer(7)]), &batch, &["0", "7", "2"]);
}

#[test]
fn comprehensions_keep_rows_apart() {
    let batch = lists(&[integers(&[1, 2, 3]), integers(&[]), Value::Null, integers(&[4])]);
    let expression = Expression::Comprehension {
        variable: ITEM,
        list: slot(NUMBER),
        predicate: Some(Box::new(compare(ComparisonOperator::NotEqual, Expression::Slot(ITEM), integer(2)))),
        projection: Some(Box::new(Expression::List(vec![Expression::Slot(ITEM), Expression::Slot(NUMBER)]))),
    };
    check(&expression, &batch, &["[[1, [1, 2, 3]], [3, [1, 2, 3]]]", "[]", "null", "[[4, [4]]]"]);
}

#[test]
fn quantifiers_know_what_is_unknown() {
    let list = |items: &[Value]| Value::list(items.to_vec());
    let (yes, no, unknown) = (Value::Boolean(true), Value::Boolean(false), Value::Null);
    let batch = lists(&[
        list(&[]),
        list(&[yes.clone(), no.clone()]),
        list(&[yes.clone(), unknown.clone()]),
        list(&[no.clone(), unknown.clone()]),
        list(&[yes.clone(), yes.clone(), unknown]),
        list(&[no]),
        list(&[yes]),
        Value::Null,
    ]);
    let expected = [
        (QuantifierKind::All, ["true", "false", "null", "false", "null", "false", "true", "null"]),
        (QuantifierKind::Any, ["false", "true", "true", "null", "true", "false", "true", "null"]),
        (QuantifierKind::None, ["true", "false", "false", "null", "false", "true", "false", "null"]),
        (QuantifierKind::Single, ["false", "true", "null", "null", "false", "false", "true", "null"]),
    ];
    for (kind, expected) in expected {
        let (list, predicate) = (slot(NUMBER), slot(ITEM));
        check(&Expression::Quantifier { kind, variable: ITEM, list, predicate }, &batch, &expected);
    }
}

#[test]
fn reduce_steps_through_lists_of_any_length() {
    let batch = lists(&[integers(&[1, 2, 3]), integers(&[]), Value::Null, integers(&[4])]);
    let expression = Expression::Reduce {
        accumulator: SUM,
        initial: Box::new(integer(10)),
        variable: ITEM,
        list: slot(NUMBER),
        step: Box::new(compute(ArithmeticOperator::Add, Expression::Slot(SUM), Expression::Slot(ITEM))),
    };
    check(&expression, &batch, &["16", "10", "null", "14"]);
}

#[test]
fn lists_are_indexed_and_sliced_from_both_ends() {
    let batch = lists(&[integers(&[1, 2, 3])]);
    let index = |index| Expression::Index(slot(NUMBER), Box::new(Expression::Constant(index)));
    for (place, expected) in [(0, "1"), (-1, "3"), (3, "null"), (-4, "null"), (i64::MIN, "null")] {
        check(&index(Value::Integer(place)), &batch, &[expected]);
    }
    check(&index(Value::Null), &batch, &["null"]);
    assert!(run(&index(Value::string("0")), &batch).is_err());
    let slice = |from: Option<i64>, to: Option<i64>| {
        let end = |end: Option<i64>| end.map(|end| Box::new(integer(end)));
        Expression::Slice(slot(NUMBER), end(from), end(to))
    };
    let cases = [
        (Some(1), None, "[2, 3]"),
        (None, Some(-1), "[1, 2]"),
        (Some(-9), Some(9), "[1, 2, 3]"),
        (Some(2), Some(1), "[]"),
        (Some(i64::MIN), Some(i64::MAX), "[1, 2, 3]"),
    ];
    for (from, to, expected) in cases {
        check(&slice(from, to), &batch, &[expected]);
    }
    check(&Expression::Slice(slot(NUMBER), Some(Box::new(Expression::Constant(Value::Null))), None), &batch, &["null"]);
}

#[test]
fn maps_take_the_last_entry_of_a_key() {
    let pair = |key: &str, value| MapEntry::Pair(key.into(), value);
    let map = Expression::Map(vec![pair("a", integer(1)), pair("a", Expression::Slot(NUMBER))]);
    let batch = numbers(&[Some(2), None]);
    check(&map, &batch, &["{a: 2}", "{a: null}"]);
    let projection = Expression::Map(vec![MapEntry::All(map.clone()), pair("b", integer(3))]);
    check(&projection, &batch, &["{a: 2, b: 3}", "{a: null, b: 3}"]);
    check(&Expression::Property(Box::new(projection), "b".into()), &batch, &["3", "3"]);
    check(&Expression::Index(Box::new(map), Box::new(Expression::Constant(Value::string("x")))), &batch, &["null"; 2]);
}

#[test]
fn nothing_is_evaluated_for_a_batch_without_rows() {
    let division = compute(ArithmeticOperator::Divide, integer(1), integer(0));
    check(&division, &Batch::new(0), &[]);
    assert!(run(&division, &Batch::new(1)).is_err());
}
