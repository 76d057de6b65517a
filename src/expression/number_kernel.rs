//! Functions of one number, or of the length of a text, over whole columns.
//!
//! A kernel takes what it is sure of; for whatever would be an error, and for columns of any other kind, the function itself is called
//! row by row.

use crate::function::Function;
use crate::value::character_count;
use crate::vector::{Bitmap, Column};

/// From this size on every float is whole.
const ALL_WHOLE: f64 = (1_u64 << 52) as f64;

/// Says whether a function has a kernel for columns of numbers or of texts.
pub(super) fn has_kernel(function: &Function) -> bool {
    matches!(function.name, "abs" | "sign" | "toInteger" | "toFloat" | "round")
        || counts_characters(function)
        || float_body(function.name).is_some()
}

/// Says whether a function of a text is the number of its characters.
pub(super) fn counts_characters(function: &Function) -> bool {
    matches!(function.name, "size" | "charLength")
}

/// Returns a function of every value of a column, if there is a kernel for it.
pub(super) fn compute(function: &Function, argument: &Column) -> Option<Column> {
    match argument {
        Column::Integer { values, nulls } => of_integers(function.name, values, nulls),
        Column::Float { values, nulls } => of_floats(function.name, values, nulls),
        Column::String { values, nulls } if counts_characters(function) => {
            let sizes = values.iter().map(|text| character_count(text) as i64).collect();
            Some(Column::Integer { values: sizes, nulls: nulls.clone() })
        }
        _ => None,
    }
}

fn of_integers(name: &str, values: &[i64], nulls: &Option<Bitmap>) -> Option<Column> {
    let integers = |values| Some(Column::Integer { values, nulls: nulls.clone() });
    match name {
        // The least integer has no size; what a null stands for may be it, which the general path knows.
        "abs" if values.contains(&i64::MIN) => None,
        "abs" => integers(values.iter().map(|value| value.abs()).collect()),
        "sign" => integers(values.iter().map(|value| value.signum()).collect()),
        "toInteger" => integers(values.to_vec()),
        // Rounding a whole number gives it again, as a float.
        "toFloat" | "round" => floats(values.iter().map(|value| *value as f64), nulls),
        name => floats(values.iter().map(|value| *value as f64).map(float_body(name)?), nulls),
    }
}

fn of_floats(name: &str, values: &[f64], nulls: &Option<Bitmap>) -> Option<Column> {
    match name {
        "abs" => floats(values.iter().map(|value| value.abs()), nulls),
        "toFloat" => floats(values.iter().copied(), nulls),
        "round" => floats(values.iter().map(|value| round(*value)), nulls),
        "sign" => {
            let sign = |value: &f64| i64::from(*value > 0.0) - i64::from(*value < 0.0);
            Some(Column::Integer { values: values.iter().map(sign).collect(), nulls: nulls.clone() })
        }
        "toInteger" if values.iter().all(|value| value.abs() < ALL_WHOLE) => {
            Some(Column::Integer { values: values.iter().map(|value| *value as i64).collect(), nulls: nulls.clone() })
        }
        name => floats(values.iter().copied().map(float_body(name)?), nulls),
    }
}

fn floats(values: impl Iterator<Item = f64>, nulls: &Option<Bitmap>) -> Option<Column> {
    Some(Column::Float { values: values.collect(), nulls: nulls.clone() })
}

/// Returns the body of a function that takes one float and gives one.
fn float_body(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "ceil" => f64::ceil,
        "floor" => f64::floor,
        "sqrt" => f64::sqrt,
        "exp" => f64::exp,
        "ln" => f64::ln,
        "log10" => f64::log10,
        "sin" => f64::sin,
        "cos" => f64::cos,
        "tan" => f64::tan,
        "degrees" => f64::to_degrees,
        "radians" => f64::to_radians,
        _ => return None,
    })
}

/// Returns the nearest whole number, of two the greater; what is left of a float beside its whole part is exact.
fn round(value: f64) -> f64 {
    let below = value.floor();
    let nearest = if value - below >= 0.5 { below + 1.0 } else { below };
    nearest.copysign(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::{Clock, FunctionContext, lookup};
    use crate::graph::Snapshot;
    use crate::value::Value;

    #[test]
    fn kernels_agree_with_the_functions() {
        let integers = [0, 1, -1, 7, -8, 1 << 53, i64::MAX, i64::MIN + 1].map(Value::Integer);
        let floats =
            [0.0, -0.0, 0.5, -0.5, 2.5, -2.5, -0.2, 0.49999999999999994, 99.7, -1e300, 4_503_599_627_370_495.5];
        let no_numbers = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        let texts = ["", "a", "园区", "é b"].map(Value::string);
        let columns = [
            Column::from_values(integers.into_iter().chain([Value::Null])),
            Column::from_values(floats.into_iter().map(Value::Float).chain([Value::Null])),
            Column::from_values(no_numbers.into_iter().map(Value::Float)),
            Column::from_values(texts.into_iter().chain([Value::Null])),
        ];
        let snapshot = Snapshot::empty();
        let functions = FunctionContext::new(&snapshot, Clock::fixed(0), 0);
        let mut compared = 0;
        for function in crate::function::all().filter(|function| has_kernel(function)) {
            for column in &columns {
                let Some(computed) = compute(function, column) else { continue };
                for (own, argument) in computed.iter().zip(column.iter()) {
                    let called =
                        function.call(std::slice::from_ref(&argument), &functions).expect("kernels take no error");
                    assert_eq!(format!("{own:?}"), format!("{called:?}"), "{}({argument:?})", function.name);
                    compared += 1;
                }
            }
        }
        assert!(compared > 300, "{compared}");
        let least = Column::integers(vec![i64::MIN]);
        assert!(
            compute(lookup("abs").expect("it is built in"), &least).is_none(),
            "an error, which the function knows"
        );
    }
}
