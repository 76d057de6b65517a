//! Types of values by name, as a query tests and converts: which values belong to one, and how it is written.
//!
//! A type takes null unless it says `NOT NULL` (ISO GQL, value type predicate); an empty list belongs to every type of lists.

use std::fmt;

use super::{Kind, Value};

/// A type of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// Values of one kind; of lists, those of any items.
    Of(Kind),
    /// Any value.
    Any,
    /// What a property can hold: neither elements, paths nor maps, nor lists with such in them.
    Property,
    /// No value, not even null.
    Nothing,
    /// Lists whose items all belong to a type.
    List(Box<ValueType>),
    /// Values of one of several types.
    OneOf(Vec<ValueType>),
    /// Values of a type, null aside.
    NotNull(Box<ValueType>),
}

impl ValueType {
    /// Says whether a value belongs to the type.
    pub fn has(&self, value: &Value) -> bool {
        match self {
            ValueType::Nothing => false,
            ValueType::NotNull(inner) => !value.is_null() && inner.has(value),
            ValueType::OneOf(types) => types.iter().any(|one| one.has(value)),
            ValueType::Any => true,
            _ if value.is_null() => true,
            // As a constraint has it: of some dates only the year, or the year and month, is known.
            ValueType::Of(Kind::Date) => matches!(value.kind(), Kind::Date | Kind::PartialDate),
            ValueType::Of(kind) => value.kind() == *kind,
            ValueType::Property => is_property(value),
            ValueType::List(inner) => match value {
                Value::List(items) => items.iter().all(|item| inner.has(item)),
                _ => false,
            },
        }
    }
}

fn is_property(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().all(is_property),
        value => !matches!(value.kind(), Kind::Node | Kind::Relationship | Kind::Path | Kind::Map),
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueType::Of(kind) => formatter.write_str(kind.name()),
            ValueType::Any => formatter.write_str("ANY"),
            ValueType::Property => formatter.write_str("PROPERTY VALUE"),
            ValueType::Nothing => formatter.write_str("NOTHING"),
            ValueType::List(inner) => write!(formatter, "LIST<{inner}>"),
            ValueType::NotNull(inner) => write!(formatter, "{inner} NOT NULL"),
            ValueType::OneOf(types) => {
                let names: Vec<String> = types.iter().map(ValueType::to_string).collect();
                write!(formatter, "ANY<{}>", names.join(" | "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_belongs_to_all_that_do_not_refuse_it() {
        let integer = ValueType::Of(Kind::Integer);
        assert!(integer.has(&Value::Null) && ValueType::Any.has(&Value::Null));
        assert!(!ValueType::NotNull(Box::new(integer.clone())).has(&Value::Null));
        assert!(!ValueType::Nothing.has(&Value::Null));
        let items = ValueType::List(Box::new(ValueType::NotNull(Box::new(integer))));
        assert!(items.has(&Value::list(Vec::new())) && !items.has(&Value::list(vec![Value::Null])));
        assert_eq!(items.to_string(), "LIST<INTEGER NOT NULL>");
    }

    #[test]
    fn a_property_holds_neither_maps_nor_lists_of_them() {
        let held = |value: Value| ValueType::Property.has(&value);
        assert!(held(Value::list(vec![Value::Integer(1), Value::list(vec![Value::string("a"), Value::Null])])));
        assert!(!held(Value::list(vec![Value::Map(Default::default())])));
    }
}
