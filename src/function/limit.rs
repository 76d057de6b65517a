//! How long the lists and strings may be that functions make out of nothing.

use crate::value::{Value, ValueError};

/// The greatest number of items of a list made by a function.
pub const LIST_LENGTH: usize = 1 << 24;

/// The greatest number of characters of a string made by a function.
pub const STRING_LENGTH: usize = 1 << 24;

/// The error of a result beyond a limit.
pub(super) fn too_long(function: &str, of: &str, limit: usize) -> ValueError {
    ValueError::out_of_range(format!("`{function}` would make more than {limit} {of}"))
}

/// A length as a value.
pub(super) fn length(count: usize) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
