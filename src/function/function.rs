//! What a built-in function is: name, parameters, result, body, and a line of help.

use std::fmt;

use crate::value::limit::{check_list_length, check_string_bytes};
use crate::value::{Value, ValueError};

use super::{FunctionContext, Kinds};

/// The body of a function: arguments in, value out.
pub type FunctionBody = fn(&[Value], &FunctionContext<'_>) -> Result<Value, ValueError>;

/// A built-in scalar function.
#[derive(Clone, Copy)]
pub struct Function {
    /// The name, as documentation writes it; names are found in any case of letters.
    pub name: &'static str,
    /// What the function takes, in order.
    pub parameters: &'static [Parameter],
    /// Whether the last parameter may be given any number of times.
    pub variadic: bool,
    /// What the function gives.
    pub result: Kinds,
    /// What happens to a null argument.
    pub nulls: Nulls,
    /// Whether equal arguments always give equal results within one statement, so that constants may be folded.
    pub deterministic: bool,
    /// Computes the result. Call [`Function::call`] instead, which applies [`Nulls`].
    pub body: FunctionBody,
    /// One line of help.
    pub summary: &'static str,
    /// A call and its result.
    pub example: &'static str,
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The name, as documentation writes it.
    pub name: &'static str,
    /// The kinds that it takes.
    pub kinds: Kinds,
    /// Whether it may be left out.
    pub optional: bool,
}

/// What a function does with null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nulls {
    /// Any null argument makes the result null; the body sees none.
    Propagate,
    /// The body decides.
    Accept,
}

impl Parameter {
    /// Returns a parameter that must be given.
    pub const fn required(name: &'static str, kinds: Kinds) -> Parameter {
        Parameter { name, kinds, optional: false }
    }

    /// Returns a parameter that may be left out.
    pub const fn optional(name: &'static str, kinds: Kinds) -> Parameter {
        Parameter { name, kinds, optional: true }
    }
}

impl Function {
    /// Returns the smallest number of arguments.
    pub fn minimum_arguments(&self) -> usize {
        self.parameters.iter().filter(|parameter| !parameter.optional).count()
    }

    /// Returns the largest number of arguments, if there is one.
    pub fn maximum_arguments(&self) -> Option<usize> {
        (!self.variadic).then_some(self.parameters.len())
    }

    /// Says whether the function can be called with so many arguments.
    pub fn accepts_count(&self, count: usize) -> bool {
        count >= self.minimum_arguments() && self.maximum_arguments().is_none_or(|maximum| count <= maximum)
    }

    /// Returns the parameter that takes the argument at this place.
    pub fn parameter(&self, index: usize) -> Option<&Parameter> {
        let last = if self.variadic { self.parameters.last() } else { None };
        self.parameters.get(index).or(last)
    }

    /// Computes the result; the number of arguments must be accepted.
    ///
    /// # Errors
    /// An argument of a kind that its parameter does not take, and whatever the function itself refuses.
    pub fn call(&self, arguments: &[Value], context: &FunctionContext<'_>) -> Result<Value, ValueError> {
        if self.nulls == Nulls::Propagate && arguments.iter().any(Value::is_null) {
            return Ok(Value::Null);
        }
        for (index, argument) in arguments.iter().enumerate() {
            let parameter = self.parameter(index);
            if let Some(parameter) = parameter.filter(|parameter| !parameter.kinds.contains(argument.kind())) {
                // openCypher sorts a kind found wrong only at run time under wrong values.
                return Err(ValueError::wrong_value(format!(
                    "`{}` takes {} as `{}`, not {}",
                    self.name,
                    parameter.kinds,
                    parameter.name,
                    argument.kind()
                )));
            }
        }
        let result = (self.body)(arguments, context)?;
        match &result {
            Value::String(text) => check_string_bytes(text.len())?,
            Value::List(items) => check_list_length(items.len())?,
            _ => {}
        }
        Ok(result)
    }
}

/// Prints the signature: `substring(text :: STRING, start :: INTEGER, [length :: INTEGER]) :: STRING`.
impl fmt::Display for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameters: Vec<_> = self.parameters.iter().map(Parameter::to_string).collect();
        let more = if self.variadic { ", …" } else { "" };
        write!(formatter, "{}({}{more}) :: {}", self.name, parameters.join(", "), self.result)
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.optional {
            true => write!(formatter, "[{} :: {}]", self.name, self.kinds),
            false => write!(formatter, "{} :: {}", self.name, self.kinds),
        }
    }
}
