//! Calls of aggregating functions, as the binder takes them out of projections.

use crate::function::Aggregate;

use super::Expression;

/// One aggregate to compute over each group.
#[derive(Clone, Debug)]
pub struct AggregateCall {
    /// The function.
    pub function: Aggregate,
    /// What is aggregated; none for `count(*)`.
    pub argument: Option<Expression>,
    /// The second argument of the percentile functions.
    pub parameter: Option<Expression>,
    /// Whether equal values count once.
    pub distinct: bool,
}
