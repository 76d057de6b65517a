//! What leaves the engine: values whose nodes, relationships and paths are written out, so that no graph is needed to read them.

use std::sync::Arc;

use smol_str::SmolStr;

use super::temporal::{Date, DateTime, Duration, LocalDateTime, LocalTime, PartialDate, Time};
use super::{Kind, NodeId, RdfLiteral, RelationshipId, Value};

/// A value as a row of a result holds it.
///
/// `PartialEq` is by structure, for tests and for telling rows apart; it is not the language's `=`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ResultValue {
    /// No value.
    #[default]
    Null,
    /// True or false.
    Boolean(bool),
    /// A 64-bit integer.
    Integer(i64),
    /// A 64-bit float.
    Float(f64),
    /// Text.
    String(SmolStr),
    /// A list.
    List(Vec<ResultValue>),
    /// A map, in order of key.
    Map(Vec<(SmolStr, ResultValue)>),
    /// A calendar date.
    Date(Date),
    /// A time of day without offset.
    LocalTime(LocalTime),
    /// A time of day with an offset from UTC.
    Time(Time),
    /// A date and time of day without offset.
    LocalDateTime(LocalDateTime),
    /// A date and time of day with an offset or a named zone.
    DateTime(Arc<DateTime>),
    /// A duration.
    Duration(Arc<Duration>),
    /// A year, or a year and a month.
    PartialDate(PartialDate),
    /// RDF text with a datatype or a language.
    Literal(Arc<RdfLiteral>),
    /// A node, written out.
    Node(Arc<ResultNode>),
    /// A relationship, written out.
    Relationship(Arc<ResultRelationship>),
    /// A path, written out.
    Path(Arc<ResultPath>),
}

/// A node with all that it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultNode {
    /// What `elementId()` gives.
    pub element_id: SmolStr,
    /// Its labels, sorted.
    pub labels: Vec<SmolStr>,
    /// Its properties, in order of name.
    pub properties: Vec<(SmolStr, ResultValue)>,
}

/// A relationship with all that it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultRelationship {
    /// What `elementId()` gives.
    pub element_id: SmolStr,
    /// The name of its type.
    pub kind: SmolStr,
    /// The element id of the node it starts at.
    pub start: SmolStr,
    /// The element id of the node it ends at.
    pub end: SmolStr,
    /// Its properties, in order of name.
    pub properties: Vec<(SmolStr, ResultValue)>,
}

/// A path in walking order; a relationship that was walked backwards keeps its own start and end.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultPath {
    /// The nodes, one more than relationships.
    pub nodes: Vec<Arc<ResultNode>>,
    /// The relationships between neighbouring nodes.
    pub relationships: Vec<Arc<ResultRelationship>>,
}

/// Who can write out the elements of a graph: a snapshot with its catalogue.
pub trait Expand {
    /// Returns the node written out; an element that is gone has no labels and no properties.
    fn node(&mut self, id: NodeId) -> Arc<ResultNode>;
    /// Returns the relationship written out.
    fn relationship(&mut self, id: RelationshipId) -> Arc<ResultRelationship>;
}

/// The refusal to write out a value whose lists and maps are nested deeper than [`ResultValue::NESTING_LIMIT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a value is nested deeper than {} levels", ResultValue::NESTING_LIMIT)]
pub struct NestingTooDeep;

impl ResultValue {
    /// The deepest nesting of lists and maps in a result; what draws or drops a result recurses no deeper.
    pub const NESTING_LIMIT: usize = 500;

    /// Returns the value written out.
    ///
    /// # Errors
    /// If lists and maps are nested deeper than [`Self::NESTING_LIMIT`].
    pub fn expand(value: &Value, graph: &mut dyn Expand) -> Result<ResultValue, NestingTooDeep> {
        expand(value, graph, Self::NESTING_LIMIT)
    }

    /// Returns the value as one of the language, apart from any graph.
    ///
    /// # Errors
    /// The kind of the element, if it is or holds one: that belongs to its graph.
    pub fn to_value(&self) -> Result<Value, Kind> {
        Ok(match self {
            ResultValue::Null => Value::Null,
            ResultValue::Boolean(truth) => Value::Boolean(*truth),
            ResultValue::Integer(number) => Value::Integer(*number),
            ResultValue::Float(number) => Value::Float(*number),
            ResultValue::String(text) => Value::String(text.clone()),
            ResultValue::List(items) => Value::list(items.iter().map(Self::to_value).collect::<Result<_, _>>()?),
            ResultValue::Map(entries) => {
                let entries = entries.iter().map(|(key, item)| Ok((key.clone(), item.to_value()?)));
                Value::Map(entries.collect::<Result<Vec<_>, Kind>>()?.into_iter().collect())
            }
            ResultValue::Date(date) => Value::Date(*date),
            ResultValue::LocalTime(time) => Value::LocalTime(*time),
            ResultValue::Time(time) => Value::Time(*time),
            ResultValue::LocalDateTime(moment) => Value::LocalDateTime(*moment),
            ResultValue::DateTime(moment) => Value::DateTime(moment.clone()),
            ResultValue::Duration(duration) => Value::Duration(duration.clone()),
            ResultValue::PartialDate(date) => Value::PartialDate(*date),
            ResultValue::Literal(literal) => Value::Literal(literal.clone()),
            ResultValue::Node(_) | ResultValue::Relationship(_) | ResultValue::Path(_) => return Err(self.kind()),
        })
    }

    /// Returns the kind of this value.
    pub fn kind(&self) -> Kind {
        match self {
            ResultValue::Null => Kind::Null,
            ResultValue::Boolean(_) => Kind::Boolean,
            ResultValue::Integer(_) => Kind::Integer,
            ResultValue::Float(_) => Kind::Float,
            ResultValue::String(_) => Kind::String,
            ResultValue::List(_) => Kind::List,
            ResultValue::Map(_) => Kind::Map,
            ResultValue::Date(_) => Kind::Date,
            ResultValue::LocalTime(_) => Kind::LocalTime,
            ResultValue::Time(_) => Kind::Time,
            ResultValue::LocalDateTime(_) => Kind::LocalDateTime,
            ResultValue::DateTime(_) => Kind::DateTime,
            ResultValue::Duration(_) => Kind::Duration,
            ResultValue::PartialDate(_) => Kind::PartialDate,
            ResultValue::Literal(_) => Kind::Literal,
            ResultValue::Node(_) => Kind::Node,
            ResultValue::Relationship(_) => Kind::Relationship,
            ResultValue::Path(_) => Kind::Path,
        }
    }

    /// Says whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, ResultValue::Null)
    }

    /// Returns a string value of this text.
    pub fn string(text: impl AsRef<str>) -> ResultValue {
        ResultValue::String(SmolStr::new(text))
    }
}

fn expand(value: &Value, graph: &mut dyn Expand, depth_left: usize) -> Result<ResultValue, NestingTooDeep> {
    let deeper = || depth_left.checked_sub(1).ok_or(NestingTooDeep);
    Ok(match value {
        Value::Null => ResultValue::Null,
        Value::Boolean(truth) => ResultValue::Boolean(*truth),
        Value::Integer(number) => ResultValue::Integer(*number),
        Value::Float(number) => ResultValue::Float(*number),
        Value::String(text) => ResultValue::String(text.clone()),
        Value::List(items) => {
            let depth_left = deeper()?;
            let items: Result<_, _> = items.iter().map(|item| expand(item, graph, depth_left)).collect();
            ResultValue::List(items?)
        }
        Value::Map(entries) => {
            let depth_left = deeper()?;
            let entries: Result<_, _> =
                entries.iter().map(|(key, item)| Ok((key.clone(), expand(item, graph, depth_left)?))).collect();
            ResultValue::Map(entries?)
        }
        Value::Date(date) => ResultValue::Date(*date),
        Value::LocalTime(time) => ResultValue::LocalTime(*time),
        Value::Time(time) => ResultValue::Time(*time),
        Value::LocalDateTime(moment) => ResultValue::LocalDateTime(*moment),
        Value::DateTime(moment) => ResultValue::DateTime(Arc::clone(moment)),
        Value::Duration(duration) => ResultValue::Duration(Arc::clone(duration)),
        Value::PartialDate(date) => ResultValue::PartialDate(*date),
        Value::Literal(literal) => ResultValue::Literal(Arc::clone(literal)),
        Value::Node(id) => ResultValue::Node(graph.node(*id)),
        Value::Relationship(id) => ResultValue::Relationship(graph.relationship(*id)),
        Value::Path(path) => ResultValue::Path(Arc::new(ResultPath {
            nodes: path.nodes.iter().map(|id| graph.node(*id)).collect(),
            relationships: path.relationships.iter().map(|id| graph.relationship(*id)).collect(),
        })),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Path;
    use super::*;

    struct Bare;

    impl Expand for Bare {
        fn node(&mut self, id: NodeId) -> Arc<ResultNode> {
            let element_id = SmolStr::new(id.0.to_string());
            Arc::new(ResultNode { element_id, labels: Vec::new(), properties: Vec::new() })
        }

        fn relationship(&mut self, id: RelationshipId) -> Arc<ResultRelationship> {
            Arc::new(ResultRelationship {
                element_id: SmolStr::new(id.0.to_string()),
                kind: SmolStr::new("T"),
                start: SmolStr::new("0"),
                end: SmolStr::new("1"),
                properties: Vec::new(),
            })
        }
    }

    #[test]
    fn writes_out_elements_inside_lists_and_paths() {
        let path = Path::new(vec![NodeId(0), NodeId(1)], vec![RelationshipId(7)]);
        let value = Value::list(vec![Value::Integer(1), Value::Path(Arc::new(path))]);
        let ResultValue::List(items) = ResultValue::expand(&value, &mut Bare).expect("it is flat") else {
            panic!("a list stays a list")
        };
        let ResultValue::Path(path) = &items[1] else { panic!("a path stays a path") };
        assert_eq!(path.nodes[1].element_id, "1");
        assert_eq!(path.relationships[0].element_id, "7");
    }

    #[test]
    fn refuses_what_is_nested_too_deep() {
        let nested = |depth: usize| (0..depth).fold(Value::Null, |inner, _| Value::list(vec![inner]));
        assert!(ResultValue::expand(&nested(ResultValue::NESTING_LIMIT), &mut Bare).is_ok());
        assert_eq!(ResultValue::expand(&nested(ResultValue::NESTING_LIMIT + 1), &mut Bare), Err(NestingTooDeep));
    }
}
