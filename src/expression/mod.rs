//! Expressions whose names are slots: what they are, their types, and their evaluation over a batch.
//!
//! The binder makes them, the planner moves them, the executor asks for their value. They hold no plan: a subquery is a number, and
//! whoever evaluates lends a [`SubqueryRunner`] that knows the plan behind it.

// The room's main type stands in the file of its name.
#[allow(clippy::module_inception)]
mod expression;
mod aggregate;
mod label;
mod print;
mod walk;
mod error;
mod context;
mod evaluate;
mod filter;
mod general;
mod select_property;
mod cache;
mod logic;
mod compare;
mod arithmetic;
mod text;
mod text_test;
mod list_set;
mod property;
mod label_test;
mod type_test;
mod list;
mod case;
mod comprehension;
mod function_call;
mod number_kernel;
mod text_kernel;
mod values_once;
mod path;
#[cfg(test)]
mod agreement;
#[cfg(test)]
mod semantics;
#[cfg(test)]
mod elements;

pub use aggregate::AggregateCall;
pub use cache::EvaluationCache;
#[cfg(test)]
pub use context::NoSubqueries;
pub use context::{EvaluationContext, Made, SubqueryRunner};
pub use error::EvaluationError;
pub use evaluate::evaluate;
pub use expression::{
    ArithmeticOperator, Branch, ComparisonOperator, Expression, MapEntry, QuantifierKind, StringOperator, SubqueryId,
};
pub use filter::{filter, filter_count, filter_marks, filter_uniform};
pub use label::LabelExpression;
pub use print::print;
