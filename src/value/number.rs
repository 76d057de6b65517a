//! Integers and floats side by side: exact comparison, and one hash for equal numbers.
//!
//! Turning the integer into a float first would lose digits beyond 2⁵³ and make unequal numbers equal.

use std::cmp::Ordering;

/// 2⁶³, the first float above every 64-bit integer.
const INTEGER_LIMIT: f64 = 9_223_372_036_854_775_808.0;

/// Compares an integer with a float exactly; `None` if the float is NaN.
pub fn compare_integer_float(integer: i64, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        None
    } else if float >= INTEGER_LIMIT {
        Some(Ordering::Less)
    } else if float < -INTEGER_LIMIT {
        Some(Ordering::Greater)
    } else {
        let whole = float.trunc();
        Some(integer.cmp(&(whole as i64)).then_with(|| {
            if float > whole {
                Ordering::Less
            } else if float < whole {
                Ordering::Greater
            } else {
                Ordering::Equal
            }
        }))
    }
}

/// Returns the integer that this float is exactly, if there is one in 64 bits.
pub fn exact_integer(float: f64) -> Option<i64> {
    let fits = (-INTEGER_LIMIT..INTEGER_LIMIT).contains(&float);
    (fits && float.trunc() == float).then_some(float as i64)
}

/// Returns bits that are equal for equivalent floats that are no integers: all NaNs are one.
pub fn float_bits(float: f64) -> u64 {
    if float.is_nan() { f64::NAN.to_bits() } else { float.to_bits() }
}

/// Compares two floats in total order: NaN after all numbers, 0.0 and -0.0 equal.
pub fn order_floats(lhs: f64, rhs: f64) -> Ordering {
    lhs.partial_cmp(&rhs).unwrap_or_else(|| lhs.is_nan().cmp(&rhs.is_nan()))
}

/// Compares an integer and a float in total order: NaN after all numbers.
pub fn order_integer_float(integer: i64, float: f64) -> Ordering {
    compare_integer_float(integer, float).unwrap_or(Ordering::Less)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_floats_compare_exactly() {
        assert_eq!(compare_integer_float(1, 1.0), Some(Ordering::Equal));
        assert_eq!(compare_integer_float(9_007_199_254_740_993, 9_007_199_254_740_992.0), Some(Ordering::Greater));
        assert_eq!(compare_integer_float(i64::MAX, INTEGER_LIMIT), Some(Ordering::Less));
        assert_eq!(compare_integer_float(i64::MIN, -INTEGER_LIMIT), Some(Ordering::Equal));
        assert_eq!(compare_integer_float(-1, -1.5), Some(Ordering::Greater));
        assert_eq!(compare_integer_float(1, 1.5), Some(Ordering::Less));
        assert_eq!(compare_integer_float(0, f64::NAN), None);
        assert_eq!(compare_integer_float(0, f64::NEG_INFINITY), Some(Ordering::Greater));
    }

    #[test]
    fn exact_integers_are_found() {
        assert_eq!(exact_integer(-0.0), Some(0));
        assert_eq!(exact_integer(1.5), None);
        assert_eq!(exact_integer(f64::NAN), None);
        assert_eq!(exact_integer(INTEGER_LIMIT), None);
        assert_eq!(exact_integer(-INTEGER_LIMIT), Some(i64::MIN));
    }
}
