//! How big a single value may grow. Statements can double a string or nest a list at each step of a `reduce`; these limits end that
//! with an error instead of with the process.

use super::{Value, ValueError};

/// The greatest number of items of a list that an operator or function makes.
pub const LIST_LENGTH: usize = 1 << 24;

/// The greatest number of bytes of a string that an operator or function makes.
pub const STRING_BYTES: usize = 1 << 26;

/// The deepest nesting of lists and maps that a `reduce` may reach; whatever walks a value recurses no deeper.
pub const NESTING: usize = 500;

/// Refuses a list that would be too long.
pub fn check_list_length(length: usize) -> Result<(), ValueError> {
    if length > LIST_LENGTH {
        return Err(ValueError::out_of_range(format!("a list would have more than {LIST_LENGTH} items")));
    }
    Ok(())
}

/// Refuses a string that would be too long.
pub fn check_string_bytes(length: usize) -> Result<(), ValueError> {
    if length > STRING_BYTES {
        return Err(ValueError::out_of_range(format!("a string would have more than {STRING_BYTES} bytes")));
    }
    Ok(())
}

/// Refuses a value nested deeper than [`NESTING`].
pub fn check_nesting(value: &Value) -> Result<(), ValueError> {
    if is_deeper_than(value, NESTING) {
        return Err(ValueError::out_of_range(format!("a value would be nested deeper than {NESTING} levels")));
    }
    Ok(())
}

/// Says whether lists and maps are nested deeper than so many levels.
fn is_deeper_than(value: &Value, levels: usize) -> bool {
    match (value, levels.checked_sub(1)) {
        (Value::List(_), None) | (Value::Map(_), None) => true,
        (Value::List(items), Some(left)) => items.iter().any(|item| is_deeper_than(item, left)),
        (Value::Map(map), Some(left)) => map.iter().any(|(_, item)| is_deeper_than(item, left)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_names_them() {
        let manual = include_str!("../../docs/language.md");
        for row in [format!("function makes | {LIST_LENGTH} |"), format!("function makes | {STRING_BYTES} |")] {
            assert!(manual.contains(&row), "{row}");
        }
        assert!(manual.contains(&format!("nesting of a value | {NESTING} |")));
    }

    #[test]
    fn limits_hold_at_n_and_not_beyond() {
        let nested = |depth: usize| (0..depth).fold(Value::Null, |inner, _| Value::list(vec![inner]));
        assert!(check_nesting(&nested(NESTING)).is_ok());
        assert!(check_nesting(&nested(NESTING + 1)).is_err());
        assert!(check_list_length(LIST_LENGTH).is_ok() && check_list_length(LIST_LENGTH + 1).is_err());
        assert!(check_string_bytes(STRING_BYTES).is_ok() && check_string_bytes(STRING_BYTES + 1).is_err());
    }
}
