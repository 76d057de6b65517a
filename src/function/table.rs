//! Short forms for the rows of the function tables and for their arguments.

use crate::value::{Value, ValueError};

use super::{Function, FunctionBody, Kinds, Nulls, Parameter};

/// What every body gives.
pub(super) type Answer = Result<Value, ValueError>;

/// The argument at a place as text; the kinds were checked before.
pub(super) fn text(arguments: &[Value], index: usize) -> &str {
    match arguments.get(index) {
        Some(Value::String(text)) => text,
        _ => "",
    }
}

/// The argument at a place as an integer; the kinds were checked before.
pub(super) fn integer(arguments: &[Value], index: usize) -> i64 {
    match arguments.get(index) {
        Some(Value::Integer(integer)) => *integer,
        _ => 0,
    }
}

/// A length as a value.
pub(super) fn length(count: usize) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// One number.
pub(super) const fn number_parameters() -> &'static [Parameter] {
    const { &[Parameter::required("number", Kinds::NUMBER)] }
}

/// A row for a function of its arguments alone; null in, null out.
pub(super) const fn deterministic(
    name: &'static str,
    parameters: &'static [Parameter],
    result: Kinds,
    body: FunctionBody,
    summary: &'static str,
    example: &'static str,
) -> Function {
    Function {
        name,
        parameters,
        variadic: false,
        result,
        nulls: Nulls::Propagate,
        deterministic: true,
        body,
        summary,
        example,
    }
}

/// A row for a function without arguments that gives something else at each call.
pub(super) const fn random(
    name: &'static str,
    result: Kinds,
    body: FunctionBody,
    summary: &'static str,
    example: &'static str,
) -> Function {
    Function { deterministic: false, ..deterministic(name, &[], result, body, summary, example) }
}
