//! Expressions whose names are slots: what they are, their types, and their evaluation over a batch.
//!
//! The binder makes them, the planner moves them, the executor asks for their value. They hold no plan: a subquery is a number, and
//! whoever evaluates lends a [`SubqueryRunner`] that knows the plan behind it.

mod aggregate;
mod expression;
mod label;
mod walk;

pub use aggregate::AggregateCall;
pub use expression::{
    ArithmeticOperator, Branch, ComparisonOperator, Expression, MapEntry, QuantifierKind, StringOperator, SubqueryId,
};
pub use label::LabelExpression;
