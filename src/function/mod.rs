//! The built-in functions: name, signature, body.
//!
//! The binder looks a name up and checks the arguments that it can see; the evaluator calls. A file holds the functions of one theme
//! as a table of rows and the bodies below it; [`registry`](lookup) joins the tables.

// The room's main type bears the room's name.
#[allow(clippy::module_inception)]
mod function;
mod kinds;
mod context;
mod table;
mod registry;
mod string;
mod number;
mod list;
mod conversion;
mod temporal;
mod graph;
mod aggregate;
mod accumulator;
mod percentile;
mod evidence;
mod equivalence;

pub use accumulator::Accumulator;
pub use aggregate::Aggregate;
pub use context::{Clock, FunctionContext, system_nanoseconds};
#[cfg(test)]
pub use context::{GraphReader, NoGraph};
pub use equivalence::EQUIVALENT;
pub use evidence::ElementSet;
pub use function::{Function, FunctionBody, Nulls, Parameter};
pub use kinds::Kinds;
pub use registry::{all, lookup, names};

/// How tests call a function by name.
#[cfg(test)]
mod examples {
    use super::{Clock, FunctionContext, NoGraph, lookup};
    use crate::value::{Value, ValueError};

    /// Calls a function that must succeed.
    pub fn call(name: &str, arguments: &[Value]) -> Value {
        try_call(name, arguments).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Calls a function that exists.
    pub fn try_call(name: &str, arguments: &[Value]) -> Result<Value, ValueError> {
        let function = lookup(name).unwrap_or_else(|| panic!("no function {name}"));
        assert!(function.accepts_count(arguments.len()), "{name} does not take {} arguments", arguments.len());
        let instant = 1_500_000_000 * 1_000_000_000;
        function.call(arguments, &FunctionContext::new(&NoGraph, Clock::fixed(instant), 7))
    }
}
