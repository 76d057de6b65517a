//! Rows as values of a program's own types, through serde.
//!
//! A row is a map by column, or a sequence by place; a row of one column is also read as its value. A node or relationship reads as the
//! map of its properties, a temporal value as its text, a path as the sequence of its nodes' properties.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, IntoDeserializer, Visitor};
use smol_str::SmolStr;

use crate::value::ResultValue;

use super::error::{Error, StateError};

/// Returns a row as a value of a type.
pub(super) fn read_row<Target: DeserializeOwned>(columns: &[String], values: &[ResultValue]) -> Result<Target, Error> {
    Target::deserialize(RowReader { columns, values }).map_err(|error| StateError::BadRow { message: error.0 }.into())
}

/// What does not fit.
#[derive(Debug)]
pub(super) struct DoesNotFit(String);

impl fmt::Display for DoesNotFit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for DoesNotFit {}

impl de::Error for DoesNotFit {
    fn custom<Message: fmt::Display>(message: Message) -> Self {
        DoesNotFit(message.to_string())
    }
}

#[derive(Clone, Copy)]
struct RowReader<'a> {
    columns: &'a [String],
    values: &'a [ResultValue],
}

impl<'a> RowReader<'a> {
    /// Returns the one value of a row with one column.
    fn only(self) -> Result<ValueReader<'a>, DoesNotFit> {
        match self.values {
            [only] => Ok(ValueReader(only)),
            _ => Err(DoesNotFit(format!("a row has {} columns where one value is wanted", self.values.len()))),
        }
    }
}

macro_rules! of_the_only_value {
    ($($method:ident)+) => {$(
        fn $method<Taker: Visitor<'de>>(self, visitor: Taker) -> Result<Taker::Value, DoesNotFit> {
            self.only()?.$method(visitor)
        }
    )+};
}

impl<'de> de::Deserializer<'de> for RowReader<'_> {
    type Error = DoesNotFit;

    fn deserialize_any<Taker: Visitor<'de>>(self, visitor: Taker) -> Result<Taker::Value, DoesNotFit> {
        self.deserialize_map(visitor)
    }

    fn deserialize_map<Taker: Visitor<'de>>(self, visitor: Taker) -> Result<Taker::Value, DoesNotFit> {
        let entries = self.columns.iter().zip(self.values);
        visitor.visit_map(MapDeserializer::new(entries.map(|(name, value)| (name.as_str(), ValueReader(value)))))
    }

    fn deserialize_struct<Taker: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: Taker,
    ) -> Result<Taker::Value, DoesNotFit> {
        self.deserialize_map(visitor)
    }

    fn deserialize_tuple<Taker: Visitor<'de>>(self, _: usize, visitor: Taker) -> Result<Taker::Value, DoesNotFit> {
        visitor.visit_seq(SeqDeserializer::new(self.values.iter().map(ValueReader)))
    }

    fn deserialize_tuple_struct<Taker: Visitor<'de>>(
        self,
        _: &'static str,
        width: usize,
        visitor: Taker,
    ) -> Result<Taker::Value, DoesNotFit> {
        self.deserialize_tuple(width, visitor)
    }

    fn deserialize_seq<Taker: Visitor<'de>>(self, visitor: Taker) -> Result<Taker::Value, DoesNotFit> {
        self.deserialize_tuple(self.values.len(), visitor)
    }

    fn deserialize_newtype_struct<Taker: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: Taker,
    ) -> Result<Taker::Value, DoesNotFit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<Taker: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: Taker,
    ) -> Result<Taker::Value, DoesNotFit> {
        self.only()?.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_unit_struct<Taker: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: Taker,
    ) -> Result<Taker::Value, DoesNotFit> {
        self.only()?.deserialize_unit_struct(name, visitor)
    }

    of_the_only_value! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_option deserialize_unit deserialize_identifier
    }

    fn deserialize_ignored_any<Taker: Visitor<'de>>(self, visitor: Taker) -> Result<Taker::Value, DoesNotFit> {
        visitor.visit_unit()
    }
}

/// One value of a row.
#[derive(Clone, Copy)]
struct ValueReader<'a>(&'a ResultValue);

impl<'de> IntoDeserializer<'de, DoesNotFit> for ValueReader<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

fn entries<'de, Taker: Visitor<'de>>(
    entries: &[(SmolStr, ResultValue)],
    visitor: Taker,
) -> Result<Taker::Value, DoesNotFit> {
    let entries = entries.iter().map(|(key, value)| (key.as_str(), ValueReader(value)));
    visitor.visit_map(MapDeserializer::new(entries))
}

impl<'de> de::Deserializer<'de> for ValueReader<'_> {
    type Error = DoesNotFit;

    fn deserialize_any<Taker: Visitor<'de>>(self, visitor: Taker) -> Result<Taker::Value, DoesNotFit> {
        match self.0 {
            ResultValue::Null => visitor.visit_unit(),
            ResultValue::Boolean(truth) => visitor.visit_bool(*truth),
            ResultValue::Integer(number) => visitor.visit_i64(*number),
            ResultValue::Float(number) => visitor.visit_f64(*number),
            ResultValue::String(text) => visitor.visit_str(text),
            ResultValue::Literal(literal) => visitor.visit_str(&literal.text),
            ResultValue::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(ValueReader))),
            ResultValue::Map(map) => entries(map, visitor),
            ResultValue::Node(node) => entries(&node.properties, visitor),
            ResultValue::Relationship(relationship) => entries(&relationship.properties, visitor),
            ResultValue::Path(path) => {
                let nodes: Vec<ResultValue> = path.nodes.iter().cloned().map(ResultValue::Node).collect();
                visitor.visit_seq(SeqDeserializer::new(nodes.iter().map(ValueReader)))
            }
            ResultValue::Date(date) => visitor.visit_string(date.to_string()),
            ResultValue::LocalTime(time) => visitor.visit_string(time.to_string()),
            ResultValue::Time(time) => visitor.visit_string(time.to_string()),
            ResultValue::LocalDateTime(moment) => visitor.visit_string(moment.to_string()),
            ResultValue::DateTime(moment) => visitor.visit_string(moment.to_string()),
            ResultValue::Duration(duration) => visitor.visit_string(duration.to_string()),
            ResultValue::PartialDate(date) => visitor.visit_string(date.to_string()),
        }
    }

    fn deserialize_option<Taker: Visitor<'de>>(self, visitor: Taker) -> Result<Taker::Value, DoesNotFit> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<Taker: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: Taker,
    ) -> Result<Taker::Value, DoesNotFit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<Taker: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: Taker,
    ) -> Result<Taker::Value, DoesNotFit> {
        match self.0 {
            ResultValue::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            other => Err(DoesNotFit(format!("a string that names a variant is wanted, not {}", other.kind()))),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
