//! Tests: properties, labels and paths of a small graph, and what a deleted element still tells.

use std::sync::Arc;

use crate::function::Clock;
use crate::graph::{Snapshot, Transaction};
use crate::value::{Value, ValueErrorKind, literal};
use crate::vector::{Batch, Column, NO_ID, Slot};

use super::{EvaluationCache, EvaluationContext, EvaluationError, Expression, LabelExpression, NoSubqueries, evaluate};

const NODE: Slot = Slot(0);
const RELATIONSHIP: Slot = Slot(1);

/// `(:A {name: 'a', size: 1})-[:T {size: 2}]->(:A:B {name: 'b'})`, and a batch of a row a node; the relationship is null in the second.
fn pair() -> (Transaction, Batch) {
    let mut graph = Transaction::begin(Snapshot::empty());
    let (a, b) = (graph.label("A").expect("a name"), graph.label("B").expect("a name"));
    let (name, size) = (graph.property_key("name").expect("a name"), graph.property_key("size").expect("a name"));
    let kind = graph.relationship_type("T").expect("a name");
    let first = graph.create_node(&[a]).expect("there is room");
    let second = graph.create_node(&[a, b]).expect("there is room");
    let between = graph.create_relationship(kind, first, second).expect("both ends are there");
    for (node, text) in [(first, "a"), (second, "b")] {
        graph.set_node_property(node, name, Value::string(text)).expect("a string can be stored");
    }
    graph.set_node_property(first, size, Value::Integer(1)).expect("a number can be stored");
    graph.set_relationship_property(between, size, Value::Integer(2)).expect("a number can be stored");
    let mut batch = Batch::new(3);
    batch.set(NODE, Column::Node(vec![first.0, second.0, NO_ID]));
    batch.set(RELATIONSHIP, Column::Relationship(vec![between.0, NO_ID, between.0]));
    (graph, batch)
}

fn evaluate_in(expression: &Expression, batch: &Batch, snapshot: &Snapshot) -> Result<Arc<Column>, EvaluationError> {
    let context = EvaluationContext {
        snapshot,
        parameters: &[],
        clock: &Clock::fixed(0),
        subqueries: &NoSubqueries,
        cache: &EvaluationCache::default(),
        values_once: true,
        made: super::Made::default(),
    };
    evaluate(expression, batch, &context)
}

fn run(expression: &Expression, batch: &Batch, snapshot: &Snapshot) -> Result<Vec<String>, EvaluationError> {
    Ok(evaluate_in(expression, batch, snapshot)?.iter().map(|value| literal(&value)).collect())
}

fn property(slot: Slot, key: &str) -> Expression {
    Expression::Property(Box::new(Expression::Slot(slot)), key.into())
}

/// The same values in a column that has no kernel.
fn untyped(batch: &Batch) -> Batch {
    let mut untyped = batch.clone();
    for slot in [NODE, RELATIONSHIP] {
        untyped.set(slot, Column::Any(batch.column(slot).iter().collect()));
    }
    untyped
}

#[track_caller]
fn check(expression: &Expression, expected: [&str; 3]) {
    let (graph, batch) = pair();
    assert_eq!(run(expression, &batch, graph.view()).expect("it has a value"), expected);
    assert_eq!(run(expression, &untyped(&batch), graph.view()).expect("it has a value"), expected, "row by row");
}

#[test]
fn properties_come_from_the_columns_of_the_graph() {
    check(&property(NODE, "name"), ["'a'", "'b'", "null"]);
    check(&property(NODE, "size"), ["1", "null", "null"]);
    check(&property(NODE, "unknown"), ["null"; 3]);
    check(&property(RELATIONSHIP, "size"), ["2", "null", "2"]);
    let dynamic = Box::new(Expression::Constant(Value::string("name")));
    check(&Expression::Index(Box::new(Expression::Slot(NODE)), dynamic), ["'a'", "'b'", "null"]);
    let all = Expression::Map(vec![super::MapEntry::All(Expression::Slot(NODE))]);
    check(&all, ["{name: 'a', size: 1}", "{name: 'b'}", "null"]);
}

#[test]
fn labels_and_types_are_tested_by_one_expression() {
    let test = |slot, label| Expression::HasLabel(Box::new(Expression::Slot(slot)), label);
    let name = |name: &str| LabelExpression::Name(name.into());
    check(&test(NODE, name("B")), ["false", "true", "null"]);
    check(&test(NODE, LabelExpression::Not(Box::new(name("B")))), ["true", "false", "null"]);
    check(&test(NODE, LabelExpression::And(vec![name("A"), name("C")])), ["false", "false", "null"]);
    check(&test(NODE, LabelExpression::Any), ["true", "true", "null"]);
    check(&test(RELATIONSHIP, name("T")), ["true", "null", "true"]);
    check(&test(RELATIONSHIP, name("A")), ["false", "null", "false"]);
}

#[test]
fn paths_walk_against_the_direction_too() {
    let (graph, mut batch) = pair();
    let Value::Node(second) = batch.value(NODE, 1) else { panic!("the second node is there") };
    batch.set(Slot(2), Column::Node(vec![second.0; 3]));
    let path = Expression::Path(vec![NODE, RELATIONSHIP, Slot(2)]);
    let found = evaluate_in(&path, &batch, graph.view()).expect("it has a value");
    let Value::Path(walked) = found.value(0) else { panic!("a path is made") };
    assert_eq!(walked.nodes[1], second);
    assert!(found.is_null(1) && found.is_null(2), "a part is null");
    // From the end, over the list that a variable-length step gives, back to the start.
    let relationships = batch.column(RELATIONSHIP).value(0);
    let mut back = Batch::new(1);
    back.set(NODE, Column::Node(vec![second.0]));
    back.set(RELATIONSHIP, Column::Any(vec![Value::list(vec![relationships.clone(), relationships])]));
    let there_and_back = Expression::Path(vec![NODE, RELATIONSHIP]);
    let column = evaluate_in(&there_and_back, &back, graph.view()).expect("it has a value");
    let Value::Path(path) = column.value(0) else { panic!("a path is made") };
    assert_eq!((path.nodes[0], path.nodes[2]), (second, second));
    assert_ne!(path.nodes[1], second);
}

#[test]
fn what_was_deleted_has_nothing_to_read() {
    let (mut graph, batch) = pair();
    let Value::Relationship(between) = batch.value(RELATIONSHIP, 0) else { panic!("the relationship is there") };
    graph.delete_relationship(between).expect("it is there");
    let kind = |result: Result<Vec<String>, EvaluationError>| match result {
        Err(EvaluationError::Value(error) | EvaluationError::At { error, .. }) => error.kind,
        other => panic!("an error of values is due, not {other:?}"),
    };
    assert_eq!(kind(run(&property(RELATIONSHIP, "size"), &batch, graph.view())), ValueErrorKind::EntityNotFound);
    assert_eq!(
        kind(run(&property(RELATIONSHIP, "size"), &untyped(&batch), graph.view())),
        ValueErrorKind::EntityNotFound
    );
    assert!(run(&property(NODE, "name"), &batch, graph.view()).is_ok(), "the nodes are still there");
    assert_eq!(kind(run(&property(Slot(3), "name"), &numbers(), graph.view())), ValueErrorKind::TypeError);
}

fn numbers() -> Batch {
    let mut batch = Batch::new(1);
    batch.set(Slot(3), Column::integers(vec![1]));
    batch
}
