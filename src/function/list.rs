//! Functions on lists, and those that strings and maps share with them.

use crate::value::limit::check_list_length;
use crate::value::{Value, ValueError, ValueErrorDetail, ValueErrorKind};

use super::table::{Answer, deterministic, length};
use super::{Function, FunctionContext, Kinds, Nulls, Parameter};

/// One list.
const ONE: &[Parameter] = &[Parameter::required("list", Kinds::LIST)];
const SIZED: &[Parameter] = &[Parameter::required("value", Kinds::LIST.or(Kinds::STRING).or(Kinds::MAP))];
const REVERSED: &[Parameter] = &[Parameter::required("value", Kinds::LIST.or(Kinds::STRING))];
/// Of any kind: openCypher finds wrong ones at run time only.
const RANGE: &[Parameter] = &[
    Parameter::required("start", Kinds::ANY),
    Parameter::required("end", Kinds::ANY),
    Parameter::optional("step", Kinds::ANY),
];
const VALUE: &[Parameter] = &[Parameter::required("value", Kinds::ANY)];
const TWO_VALUES: &[Parameter] = &[Parameter::required("value", Kinds::ANY), Parameter::required("other", Kinds::ANY)];

/// The functions on lists.
pub const FUNCTIONS: &[Function] = &[
    deterministic("head", ONE, Kinds::ANY, head, "the first item", "head([1, 2]) = 1"),
    deterministic("last", ONE, Kinds::ANY, last, "the last item", "last([1, 2]) = 2"),
    deterministic("tail", ONE, Kinds::LIST, tail, "all items but the first", "tail([1, 2, 3]) = [2, 3]"),
    deterministic(
        "size",
        SIZED,
        Kinds::INTEGER,
        size,
        "the number of items, characters or entries",
        "size([1, 2]) = 2",
    ),
    deterministic(
        "isEmpty",
        SIZED,
        Kinds::BOOLEAN,
        is_empty,
        "whether there is no item, character or entry",
        "isEmpty([]) = true",
    ),
    deterministic(
        "reverse",
        REVERSED,
        Kinds::LIST.or(Kinds::STRING),
        reverse,
        "the items or characters backwards",
        "reverse([1, 2]) = [2, 1]",
    ),
    deterministic(
        "range",
        RANGE,
        Kinds::LIST,
        range,
        "the integers from start to end, both included",
        "range(0, 4, 2) = [0, 2, 4]",
    ),
    Function {
        nulls: Nulls::Accept,
        variadic: true,
        ..deterministic(
            "coalesce",
            VALUE,
            Kinds::ANY,
            coalesce,
            "the first argument that is not null",
            "coalesce(null, 1) = 1",
        )
    },
    Function {
        nulls: Nulls::Accept,
        ..deterministic(
            "exists",
            VALUE,
            Kinds::BOOLEAN,
            exists,
            "whether the value is not null",
            "exists({a: 1}.a) = true",
        )
    },
    Function {
        nulls: Nulls::Accept,
        ..deterministic(
            "nullIf",
            TWO_VALUES,
            Kinds::ANY,
            null_if,
            "null if both are equal, else the first",
            "nullIf(1, 1) IS NULL",
        )
    },
];

/// The items of the first argument.
fn items(arguments: &[Value]) -> &[Value] {
    match arguments.first() {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

fn head(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(items(arguments).first().cloned().unwrap_or_default())
}

fn last(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(items(arguments).last().cloned().unwrap_or_default())
}

fn tail(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::list(items(arguments).get(1..).unwrap_or_default().to_vec()))
}

/// The number of items, characters or entries.
fn count(value: Option<&Value>) -> usize {
    match value {
        Some(Value::List(items)) => items.len(),
        Some(Value::Map(map)) => map.len(),
        Some(Value::String(text)) => text.chars().count(),
        _ => 0,
    }
}

fn size(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(length(count(arguments.first())))
}

fn is_empty(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::Boolean(count(arguments.first()) == 0))
}

fn reverse(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(match arguments.first() {
        Some(Value::String(text)) => Value::string(text.chars().rev().collect::<String>()),
        _ => Value::list(items(arguments).iter().rev().cloned().collect()),
    })
}

fn range(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let mut bounds = [0, 0, 1];
    for (bound, argument) in bounds.iter_mut().zip(arguments) {
        *bound = match argument {
            Value::Integer(integer) => *integer,
            _ => {
                let message = format!("`range` takes INTEGER, not {}", argument.kind());
                return Err(ValueError::new(
                    ValueErrorKind::ArgumentError,
                    ValueErrorDetail::InvalidArgumentType,
                    message,
                ));
            }
        };
    }
    let [start, end, step] = bounds;
    if step == 0 {
        return Err(ValueError::out_of_range("`range` cannot go on by 0"));
    }
    let distance = (i128::from(end) - i128::from(start)) / i128::from(step);
    let wrong_way = (end > start) != (step > 0) && end != start;
    if wrong_way {
        return Ok(Value::list(Vec::new()));
    }
    let steps = usize::try_from(distance).unwrap_or(usize::MAX);
    check_list_length(steps.saturating_add(1))?;
    let item = |index: usize| {
        let item = i128::from(start) + i128::from(step) * i128::try_from(index).unwrap_or(0);
        Value::Integer(i64::try_from(item).unwrap_or(end))
    };
    Ok(Value::list((0..=steps).map(item).collect()))
}

fn coalesce(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(arguments.iter().find(|argument| !argument.is_null()).cloned().unwrap_or_default())
}

fn exists(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    Ok(Value::Boolean(arguments.first().is_some_and(|value| !value.is_null())))
}

fn null_if(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    match arguments {
        [value, other] if crate::value::equals(value, other) == Some(true) => Ok(Value::Null),
        [value, ..] => Ok(value.clone()),
        [] => Ok(Value::Null),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::examples::{call, try_call};

    fn ranged(bounds: &[i64]) -> String {
        let bounds: Vec<_> = bounds.iter().copied().map(Value::Integer).collect();
        try_call("range", &bounds).map_or_else(|error| error.detail.name().to_string(), |list| list.to_string())
    }

    #[test]
    fn ranges_include_both_ends() {
        assert_eq!(ranged(&[-1, 1]), "[-1, 0, 1]");
        assert_eq!(ranged(&[0, -1]), "[]");
        assert_eq!(ranged(&[0, -10, -3]), "[0, -3, -6, -9]");
        assert_eq!(ranged(&[0, 1, -1]), "[]");
        assert_eq!(ranged(&[0, 0, -1]), "[0]");
        assert_eq!(ranged(&[0, 1, 2]), "[0]");
        assert_eq!(ranged(&[-3412, 1381, 1298]), "[-3412, -2114, -816, 482]");
        assert_eq!(ranged(&[2, 8, 0]), "NumberOutOfRange");
        assert_eq!(ranged(&[i64::MIN, i64::MAX]), "NumberOutOfRange");
        assert_eq!(ranged(&[i64::MIN, i64::MAX, i64::MAX]), format!("[{}, -1, {}]", i64::MIN, i64::MAX - 1));
        let error = try_call("range", &[Value::Float(0.0), Value::Integer(1)]).map_err(|error| error.detail).err();
        assert_eq!(error, Some(ValueErrorDetail::InvalidArgumentType));
        let limit = i64::try_from(crate::value::limit::LIST_LENGTH).unwrap_or(0);
        assert_eq!(ranged(&[1, limit + 1]), "NumberOutOfRange");
    }

    #[test]
    fn ends_of_lists() {
        let list = Value::list((1..=3).map(Value::Integer).collect());
        let on = |name: &str, list: &Value| call(name, std::slice::from_ref(list)).to_string();
        assert_eq!(
            (on("head", &list), on("last", &list), on("tail", &list)),
            ("1".into(), "3".into(), "[2, 3]".into())
        );
        let empty = Value::list(vec![]);
        assert_eq!((on("head", &empty), on("tail", &empty)), ("null".into(), "[]".into()));
        assert_eq!(
            (on("size", &Value::string("西湖")), on("reverse", &Value::string("西湖"))),
            ("2".into(), "湖西".into())
        );
        assert!(call("size", &[Value::Null]).is_null());
        assert!(try_call("size", &[Value::Integer(1)]).is_err());
    }

    #[test]
    fn nulls_are_seen_where_they_matter() {
        assert_eq!(call("coalesce", &[Value::Null, Value::Integer(1), Value::Integer(2)]).to_string(), "1");
        assert!(call("coalesce", &[Value::Null]).is_null());
        assert_eq!(call("exists", &[Value::Null]).to_string(), "false");
        assert!(call("nullIf", &[Value::Integer(1), Value::Float(1.0)]).is_null());
        assert_eq!(call("nullIf", &[Value::Integer(1), Value::Null]).to_string(), "1");
    }
}
