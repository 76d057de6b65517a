//! Equivalence as a function: whether two values go to the same group. The planner calls it; queries have no name for it.

use crate::value::{Value, equivalent};

use super::table::deterministic;
use super::{Function, Kinds, Nulls, Parameter};

/// Says whether two values are equivalent: equal, or both null, or both NaN, also within lists and maps (openCypher CIP2016-06-14).
pub static EQUIVALENT: Function = Function {
    nulls: Nulls::Accept,
    ..deterministic(
        "equivalent",
        &[Parameter::required("left", Kinds::ANY), Parameter::required("right", Kinds::ANY)],
        Kinds::BOOLEAN,
        |arguments, _| Ok(Value::Boolean(matches!(arguments, [left, right] if equivalent(left, right)))),
        "whether two values go to the same group",
        "equivalent([null], [null]) = true",
    )
};
