//! Values of a program's own types as values of the language, through serde.
//!
//! | serde | value |
//! |---|---|
//! | unit, `None` | null |
//! | integers of any width, as far as 64 bits reach | integer |
//! | sequences, tuples, bytes | list |
//! | structs, maps with string keys | map |
//! | an enum's unit variant | its name; other variants a map from the name to their content |

use std::fmt;

use serde::ser::{self, Serialize};
use smol_str::SmolStr;

use crate::value::Value;

/// Returns a value of the language.
///
/// # Errors
/// If there is none that says the same.
pub(super) fn to_value(value: &impl Serialize) -> Result<Value, NotAValue> {
    value.serialize(Writer)
}

/// Why something is no value of the language.
#[derive(Debug)]
pub(super) struct NotAValue(String);

impl fmt::Display for NotAValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for NotAValue {}

impl ser::Error for NotAValue {
    fn custom<Message: fmt::Display>(message: Message) -> Self {
        NotAValue(message.to_string())
    }
}

type Written = Result<Value, NotAValue>;

struct Writer;

fn integer<Number: TryInto<i64> + Copy + fmt::Display>(number: Number) -> Written {
    let fitting = number.try_into().map_err(|_| NotAValue(format!("integer `{number}` does not fit into 64 bits")))?;
    Ok(Value::Integer(fitting))
}

/// Returns a map with one entry: how a variant with content is written.
fn tagged(variant: &str, content: Value) -> Value {
    Value::Map([(SmolStr::new(variant), content)].into_iter().collect())
}

macro_rules! integers {
    ($($method:ident: $kind:ty),+ $(,)?) => {$(
        fn $method(self, number: $kind) -> Written {
            integer(number)
        }
    )+};
}

impl ser::Serializer for Writer {
    type Ok = Value;
    type Error = NotAValue;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    integers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
    }

    fn serialize_bool(self, truth: bool) -> Written {
        Ok(Value::Boolean(truth))
    }

    fn serialize_f32(self, number: f32) -> Written {
        Ok(Value::Float(f64::from(number)))
    }

    fn serialize_f64(self, number: f64) -> Written {
        Ok(Value::Float(number))
    }

    fn serialize_char(self, character: char) -> Written {
        Ok(Value::string(character.encode_utf8(&mut [0; 4])))
    }

    fn serialize_str(self, text: &str) -> Written {
        Ok(Value::string(text))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Written {
        Ok(Value::list(bytes.iter().map(|byte| Value::Integer(i64::from(*byte))).collect()))
    }

    fn serialize_none(self) -> Written {
        Ok(Value::Null)
    }

    fn serialize_some<Inner: ?Sized + Serialize>(self, value: &Inner) -> Written {
        value.serialize(Writer)
    }

    fn serialize_unit(self) -> Written {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        Ok(Value::string(variant))
    }

    fn serialize_newtype_struct<Inner: ?Sized + Serialize>(self, _: &'static str, value: &Inner) -> Written {
        value.serialize(Writer)
    }

    fn serialize_newtype_variant<Inner: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &Inner,
    ) -> Written {
        Ok(tagged(variant, value.serialize(Writer)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, NotAValue> {
        Ok(Items::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Items, NotAValue> {
        Ok(Items::default())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items, NotAValue> {
        Ok(Items::default())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items, NotAValue> {
        Ok(Items { variant: Some(variant), ..Items::default() })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries, NotAValue> {
        Ok(Entries::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries, NotAValue> {
        Ok(Entries::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Entries, NotAValue> {
        Ok(Entries { variant: Some(variant), ..Entries::default() })
    }
}

/// The items of a list that is being written.
#[derive(Default)]
struct Items {
    items: Vec<Value>,
    variant: Option<&'static str>,
}

impl Items {
    fn add<Item: ?Sized + Serialize>(&mut self, item: &Item) -> Result<(), NotAValue> {
        self.items.push(item.serialize(Writer)?);
        Ok(())
    }

    fn finish(self) -> Written {
        let list = Value::list(self.items);
        Ok(match self.variant {
            Some(variant) => tagged(variant, list),
            None => list,
        })
    }
}

/// The entries of a map that is being written.
#[derive(Default)]
struct Entries {
    entries: Vec<(SmolStr, Value)>,
    key: Option<SmolStr>,
    variant: Option<&'static str>,
}

impl Entries {
    fn add<Item: ?Sized + Serialize>(&mut self, key: &'static str, item: &Item) -> Result<(), NotAValue> {
        self.entries.push((SmolStr::new_static(key), item.serialize(Writer)?));
        Ok(())
    }

    fn finish(self) -> Written {
        let map = Value::Map(self.entries.into_iter().collect());
        Ok(match self.variant {
            Some(variant) => tagged(variant, map),
            None => map,
        })
    }
}

macro_rules! sequences {
    ($($part:ident, $method:ident);+ $(;)?) => {$(
        impl ser::$part for Items {
            type Ok = Value;
            type Error = NotAValue;

            fn $method<Item: ?Sized + Serialize>(&mut self, item: &Item) -> Result<(), NotAValue> {
                self.add(item)
            }

            fn end(self) -> Written {
                self.finish()
            }
        }
    )+};
}

sequences! {
    SerializeSeq, serialize_element;
    SerializeTuple, serialize_element;
    SerializeTupleStruct, serialize_field;
    SerializeTupleVariant, serialize_field;
}

macro_rules! structs {
    ($($part:ident);+ $(;)?) => {$(
        impl ser::$part for Entries {
            type Ok = Value;
            type Error = NotAValue;

            fn serialize_field<Item: ?Sized + Serialize>(
                &mut self,
                key: &'static str,
                item: &Item,
            ) -> Result<(), NotAValue> {
                self.add(key, item)
            }

            fn end(self) -> Written {
                self.finish()
            }
        }
    )+};
}

structs! { SerializeStruct; SerializeStructVariant }

impl ser::SerializeMap for Entries {
    type Ok = Value;
    type Error = NotAValue;

    fn serialize_key<Key: ?Sized + Serialize>(&mut self, key: &Key) -> Result<(), NotAValue> {
        match key.serialize(Writer)? {
            Value::String(text) => self.key = Some(text),
            other => return Err(NotAValue(format!("a key of a map must be a string, not {}", other.kind()))),
        }
        Ok(())
    }

    fn serialize_value<Item: ?Sized + Serialize>(&mut self, item: &Item) -> Result<(), NotAValue> {
        let key = self.key.take().expect("serde writes a key before its value");
        self.entries.push((key, item.serialize(Writer)?));
        Ok(())
    }

    fn end(self) -> Written {
        self.finish()
    }
}
