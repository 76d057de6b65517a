//! The value itself: one enum for everything that a cell, a property or a parameter can hold.

use std::sync::Arc;

use smol_str::SmolStr;

use super::temporal::{Date, DateTime, Duration, LocalDateTime, LocalTime, PartialDate, Time};
use super::{Kind, Map, NodeId, Path, RelationshipId};

/// A value of the language (openCypher 9, chapter "Values and types"), and two of our own: partial dates and RDF literals.
///
/// Nodes, relationships and paths are ids; a graph is needed to look into them. There is no `PartialEq`: which equality is meant
/// (ternary `=`, equivalence for grouping, identity in tests) is always said by the function that is called.
#[derive(Clone, Debug, Default)]
pub enum Value {
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
    /// A list of values.
    List(Arc<Vec<Value>>),
    /// A map from names to values.
    Map(Map),
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
    /// A duration of months, days, seconds and nanoseconds.
    Duration(Arc<Duration>),
    /// A year, or a year and a month.
    PartialDate(PartialDate),
    /// RDF text that no other value carries exactly.
    Literal(Arc<RdfLiteral>),
    /// A node.
    Node(NodeId),
    /// A relationship.
    Relationship(RelationshipId),
    /// A path.
    Path(Arc<Path>),
}

/// An RDF literal that no other kind of value carries exactly: text with a datatype IRI, or with a language tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RdfLiteral {
    /// The lexical form.
    pub text: SmolStr,
    /// The datatype's IRI; `rdf:langString` where a language is given.
    pub datatype: SmolStr,
    /// The language tag (BCP 47), in lower case, if there is one.
    pub language: Option<SmolStr>,
}

impl Value {
    /// Returns the kind of this value.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Null => Kind::Null,
            Value::Boolean(_) => Kind::Boolean,
            Value::Integer(_) => Kind::Integer,
            Value::Float(_) => Kind::Float,
            Value::String(_) => Kind::String,
            Value::List(_) => Kind::List,
            Value::Map(_) => Kind::Map,
            Value::Date(_) => Kind::Date,
            Value::LocalTime(_) => Kind::LocalTime,
            Value::Time(_) => Kind::Time,
            Value::LocalDateTime(_) => Kind::LocalDateTime,
            Value::DateTime(_) => Kind::DateTime,
            Value::Duration(_) => Kind::Duration,
            Value::PartialDate(_) => Kind::PartialDate,
            Value::Literal(_) => Kind::Literal,
            Value::Node(_) => Kind::Node,
            Value::Relationship(_) => Kind::Relationship,
            Value::Path(_) => Kind::Path,
        }
    }

    /// Says whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Returns a list value of these items.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(Arc::new(items))
    }

    /// Returns a string value of this text.
    pub fn string(text: impl AsRef<str>) -> Value {
        Value::String(SmolStr::new(text))
    }
}
