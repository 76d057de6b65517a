//! Functions on nodes, relationships and paths, and on maps like them.

use std::sync::Arc;

use smol_str::{SmolStr, format_smolstr};

use crate::value::{Map, Path, Value, ValueError, ValueErrorDetail, ValueErrorKind};

use super::context::strings;
use super::table::{Answer, deterministic, length as length_value};
use super::{Function, FunctionContext, Kinds, Parameter};

const ELEMENT_KINDS: Kinds = Kinds::NODE.or(Kinds::RELATIONSHIP);
const NODE: &[Parameter] = &[Parameter::required("node", Kinds::NODE)];
const RELATIONSHIP: &[Parameter] = &[Parameter::required("relationship", Kinds::RELATIONSHIP)];
const ELEMENT: &[Parameter] = &[Parameter::required("element", ELEMENT_KINDS)];
const PROPERTIES: &[Parameter] = &[Parameter::required("element", ELEMENT_KINDS.or(Kinds::MAP))];
const PATH: &[Parameter] = &[Parameter::required("path", Kinds::PATH)];

/// The functions on elements of the graph. They read the graph as the statement sees it, so their calls are not folded.
pub const FUNCTIONS: &[Function] = &[
    reading("id", ELEMENT, Kinds::INTEGER, id, "the slot of a node or relationship", "id(n) >= 0"),
    reading(
        "elementId",
        ELEMENT,
        Kinds::STRING,
        element_id,
        "the identity of a node or relationship, stable for its life",
        "elementId(n) = 'n7'",
    ),
    reading("labels", NODE, Kinds::LIST, labels, "the labels of a node", "labels(n) = ['Person']"),
    reading("type", RELATIONSHIP, Kinds::STRING, relationship_type, "the type of a relationship", "type(r) = 'KNOWS'"),
    reading("properties", PROPERTIES, Kinds::MAP, properties, "all properties as a map", "properties({a: 1}) = {a: 1}"),
    reading("keys", PROPERTIES, Kinds::LIST, keys, "the names of all properties", "keys({a: 1}) = ['a']"),
    reading(
        "startNode",
        RELATIONSHIP,
        Kinds::NODE,
        start_node,
        "the node where a relationship starts",
        "startNode(r) = n",
    ),
    reading("endNode", RELATIONSHIP, Kinds::NODE, end_node, "the node where a relationship ends", "endNode(r) = n"),
    reading("nodes", PATH, Kinds::LIST, nodes, "the nodes of a path in walking order", "head(nodes(p)) = n"),
    reading(
        "relationships",
        PATH,
        Kinds::LIST,
        relationships,
        "the relationships of a path in walking order",
        "size(relationships(p)) = length(p)",
    ),
    reading("length", PATH, Kinds::INTEGER, length, "the number of relationships of a path", "length(p) = 2"),
];

/// A row for a function that reads the graph.
const fn reading(
    name: &'static str,
    parameters: &'static [Parameter],
    result: Kinds,
    body: super::FunctionBody,
    summary: &'static str,
    example: &'static str,
) -> Function {
    deterministic(name, parameters, result, body, summary, example)
}

/// The error of an element that is no more.
fn deleted(value: &Value) -> ValueError {
    let what = if matches!(value, Value::Node(_)) { "node" } else { "relationship" };
    ValueError::new(
        ValueErrorKind::EntityNotFound,
        ValueErrorDetail::DeletedEntityAccess,
        format!("the {what} {value} was deleted in this statement"),
    )
}

/// The first argument.
fn first(arguments: &[Value]) -> &Value {
    arguments.first().unwrap_or(&Value::Null)
}

fn id(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(match first(arguments) {
        Value::Node(node) => Value::Integer(i64::from(node.0)),
        Value::Relationship(relationship) => Value::Integer(i64::from(relationship.0)),
        _ => Value::Null,
    })
}

fn element_id(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(match first(arguments) {
        Value::Node(node) => Value::String(format_smolstr!("n{}", node.0)),
        Value::Relationship(relationship) => Value::String(format_smolstr!("r{}", relationship.0)),
        _ => Value::Null,
    })
}

fn labels(arguments: &[Value], context: &FunctionContext<'_>) -> Answer {
    match first(arguments) {
        Value::Node(node) => context.graph.labels(*node).map(strings).ok_or_else(|| deleted(first(arguments))),
        _ => Ok(Value::Null),
    }
}

fn relationship_type(arguments: &[Value], context: &FunctionContext<'_>) -> Answer {
    match first(arguments) {
        Value::Relationship(relationship) => {
            let found = context.graph.relationship_type(*relationship);
            found.map(Value::String).ok_or_else(|| deleted(first(arguments)))
        }
        _ => Ok(Value::Null),
    }
}

/// All properties of an element, or a map itself.
fn property_map(value: &Value, context: &FunctionContext<'_>) -> Result<Option<Map>, ValueError> {
    let found = match value {
        Value::Map(map) => Some(map.clone()),
        Value::Node(node) => context.graph.node_properties(*node),
        Value::Relationship(relationship) => context.graph.relationship_properties(*relationship),
        _ => return Ok(None),
    };
    found.map(Some).ok_or_else(|| deleted(value))
}

fn properties(arguments: &[Value], context: &FunctionContext<'_>) -> Answer {
    Ok(property_map(first(arguments), context)?.map_or(Value::Null, Value::Map))
}

fn keys(arguments: &[Value], context: &FunctionContext<'_>) -> Answer {
    let map = property_map(first(arguments), context)?;
    Ok(map.map_or(Value::Null, |map| strings(map.iter().map(|(key, _)| SmolStr::clone(key)))))
}

/// One end of a relationship.
fn end_of(arguments: &[Value], context: &FunctionContext<'_>, start: bool) -> Answer {
    match first(arguments) {
        Value::Relationship(relationship) => {
            let ends = context.graph.endpoints(*relationship).ok_or_else(|| deleted(first(arguments)))?;
            Ok(Value::Node(if start { ends.0 } else { ends.1 }))
        }
        _ => Ok(Value::Null),
    }
}

fn start_node(arguments: &[Value], context: &FunctionContext<'_>) -> Answer {
    end_of(arguments, context, true)
}

fn end_node(arguments: &[Value], context: &FunctionContext<'_>) -> Answer {
    end_of(arguments, context, false)
}

/// The path in the first argument.
fn path(arguments: &[Value]) -> Option<&Arc<Path>> {
    match arguments.first() {
        Some(Value::Path(path)) => Some(path),
        _ => None,
    }
}

fn nodes(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(path(arguments).map_or(Value::Null, |path| Value::list(path.nodes.iter().copied().map(Value::Node).collect())))
}

fn relationships(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let items = |path: &Arc<Path>| path.relationships.iter().copied().map(Value::Relationship).collect();
    Ok(path(arguments).map_or(Value::Null, |path| Value::list(items(path))))
}

fn length(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(path(arguments).map_or(Value::Null, |path| length_value(path.relationships.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::examples::{call, try_call};
    use crate::value::{NodeId, RelationshipId};

    #[test]
    fn maps_have_keys_and_properties_too() {
        let map = Value::Map([("b".into(), Value::Null), ("a".into(), Value::Integer(1))].into_iter().collect());
        assert_eq!(call("keys", std::slice::from_ref(&map)).to_string(), "['a', 'b']");
        assert_eq!(call("properties", &[map]).to_string(), "{a: 1, b: null}");
        assert!(call("keys", &[Value::Null]).is_null());
    }

    #[test]
    fn deleted_elements_are_errors() {
        let error = try_call("labels", &[Value::Node(NodeId(7))]).map_err(|error| error.detail).err();
        assert_eq!(error, Some(ValueErrorDetail::DeletedEntityAccess));
    }

    #[test]
    fn wrong_kinds_are_wrong_values_at_run_time() {
        let error = try_call("labels", &[Value::Integer(1)]).map_err(|error| error.detail).err();
        assert_eq!(error, Some(ValueErrorDetail::InvalidArgumentValue));
    }

    #[test]
    fn paths_come_apart() {
        let walked = Path::new(vec![NodeId(1), NodeId(2)], vec![RelationshipId(5)]);
        let walked = Value::Path(Arc::new(walked));
        assert_eq!(call("length", std::slice::from_ref(&walked)).to_string(), "1");
        assert_eq!(call("nodes", std::slice::from_ref(&walked)).to_string(), "[(#1), (#2)]");
        assert_eq!(call("elementId", &[Value::Node(NodeId(3))]).to_string(), "n3");
    }
}
