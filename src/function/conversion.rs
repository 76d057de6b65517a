//! Conversions between kinds: strict, `…OrNull`, and of whole lists.

use crate::value::{Kind, Quantity, Value, ValueError, convert};

use super::table::{Answer, deterministic, text};
use super::{Function, FunctionContext, Kinds, Parameter};

/// Of any kind: openCypher finds kinds without conversion at run time only.
const ONE: &[Parameter] = &[Parameter::required("value", Kinds::ANY)];
const TEXT: &[Parameter] = &[Parameter::required("text", Kinds::STRING)];
const LIST: &[Parameter] = &[Parameter::required("list", Kinds::LIST)];

/// The conversions.
pub const FUNCTIONS: &[Function] = &[
    deterministic(
        "toInteger",
        ONE,
        Kinds::INTEGER,
        to_integer,
        "the value as integer; text that is none is null",
        "toInteger('42') = 42",
    ),
    deterministic(
        "toFloat",
        ONE,
        Kinds::FLOAT,
        to_float,
        "the value as float; text that is none is null",
        "toFloat('1.5') = 1.5",
    ),
    deterministic(
        "toBoolean",
        ONE,
        Kinds::BOOLEAN,
        to_boolean,
        "the value as boolean; text that is none is null",
        "toBoolean('true') = true",
    ),
    deterministic("toString", ONE, Kinds::STRING, to_string, "the value as text", "toString(1.0) = '1.0'"),
    deterministic(
        "toIntegerOrNull",
        ONE,
        Kinds::INTEGER,
        to_integer_or_null,
        "the value as integer, else null",
        "toIntegerOrNull([]) IS NULL",
    ),
    deterministic(
        "toFloatOrNull",
        ONE,
        Kinds::FLOAT,
        to_float_or_null,
        "the value as float, else null",
        "toFloatOrNull([]) IS NULL",
    ),
    deterministic(
        "toBooleanOrNull",
        ONE,
        Kinds::BOOLEAN,
        to_boolean_or_null,
        "the value as boolean, else null",
        "toBooleanOrNull([]) IS NULL",
    ),
    deterministic(
        "toStringOrNull",
        ONE,
        Kinds::STRING,
        to_string_or_null,
        "the value as text, else null",
        "toStringOrNull([]) IS NULL",
    ),
    deterministic(
        "toIntegerList",
        LIST,
        Kinds::LIST,
        to_integer_list,
        "the items as integers, else null",
        "toIntegerList(['1', 2.0]) = [1, 2]",
    ),
    deterministic(
        "toFloatList",
        LIST,
        Kinds::LIST,
        to_float_list,
        "the items as floats, else null",
        "toFloatList(['1', 2]) = [1.0, 2.0]",
    ),
    deterministic(
        "toBooleanList",
        LIST,
        Kinds::LIST,
        to_boolean_list,
        "the items as booleans, else null",
        "toBooleanList(['true', 0]) = [true, false]",
    ),
    deterministic(
        "toStringList",
        LIST,
        Kinds::LIST,
        to_string_list,
        "the items as text, else null",
        "toStringList([1, true]) = ['1', 'true']",
    ),
    deterministic(
        "quantity",
        TEXT,
        Kinds::MAP,
        quantity,
        "a printed quantity as map: comparator, value, minimum, maximum, unit, per; null if it is none",
        "quantity('30—50万元').maximum = 500000",
    ),
    Function {
        nulls: super::Nulls::Accept,
        ..deterministic(
            "valueType",
            ONE,
            Kinds::STRING,
            value_type,
            "the name of the value's kind",
            "valueType(1) = 'INTEGER'",
        )
    },
];

/// A conversion of one value.
type Conversion = fn(&Value) -> Result<Value, ValueError>;

/// Converts the first argument.
fn strict(arguments: &[Value], conversion: Conversion) -> Answer {
    arguments.first().map_or(Ok(Value::Null), conversion)
}

/// Converts the first argument; what cannot be converted is null.
fn lenient(arguments: &[Value], conversion: Conversion) -> Answer {
    Ok(strict(arguments, conversion).unwrap_or_default())
}

/// Converts the items of the first argument; what cannot be converted is null.
fn each(arguments: &[Value], conversion: Conversion) -> Answer {
    match arguments.first() {
        Some(Value::List(items)) => {
            Ok(Value::list(items.iter().map(|item| conversion(item).unwrap_or_default()).collect()))
        }
        _ => Ok(Value::Null),
    }
}

/// Defines bodies that apply a conversion in one of the three manners.
macro_rules! conversions {
    ($($name:ident: $manner:ident $conversion:path;)*) => {
        $(fn $name(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
            $manner(arguments, $conversion)
        })*
    };
}

conversions! {
    to_integer: strict convert::to_integer;
    to_float: strict convert::to_float;
    to_boolean: strict convert::to_boolean;
    to_string: strict convert::to_string;
    to_integer_or_null: lenient convert::to_integer;
    to_float_or_null: lenient convert::to_float;
    to_boolean_or_null: lenient convert::to_boolean;
    to_string_or_null: lenient convert::to_string;
    to_integer_list: each convert::to_integer;
    to_float_list: each convert::to_float;
    to_boolean_list: each convert::to_boolean;
    to_string_list: each convert::to_string;
}

fn quantity(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Quantity::parse(text(arguments, 0)).map_or(Value::Null, |quantity| Value::Map(quantity.to_map())))
}

fn value_type(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::string(arguments.first().map_or(Kind::Null, Value::kind).name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::examples::{call, try_call};

    #[test]
    fn three_manners_of_one_conversion() {
        let list = Value::list(vec![Value::string("1"), Value::Boolean(true), Value::Float(2.9)]);
        assert!(try_call("toInteger", std::slice::from_ref(&list)).is_err());
        assert!(call("toIntegerOrNull", std::slice::from_ref(&list)).is_null());
        assert_eq!(call("toIntegerList", &[list]).to_string(), "[1, null, 2]");
        assert_eq!(call("valueType", &[Value::Null]).to_string(), "NULL");
    }
}
