//! Short forms for the rows of the function tables.

use super::{Function, FunctionBody, Kinds, Nulls, Parameter};

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
