//! Which function a name means, and what names there are to suggest.

use crate::function::{self, Aggregate};

/// Names that look like calls of functions and that the binder understands itself.
const OWN: [&str; 2] = ["coalesce", "exists"];

/// Returns the names of all functions that can be called, to find the nearest among.
pub(super) fn all() -> Vec<&'static str> {
    function::names().chain(Aggregate::ALL.into_iter().map(Aggregate::name)).chain(OWN).collect()
}
