//! Binds calls of functions: which one, how many arguments, and whether their kinds could be right.

use crate::expression::Expression;
use crate::function::{self, Aggregate, Function};
use crate::syntax::ast::{self, ExpressionKind};
use crate::value::Kind;

use super::bind_expression::Typed;
use super::binder::Binder;
use super::error::{BindError, BindErrorKind};
use super::function_name;
use super::types::Type;

/// Functions whose arguments' kinds are an error of the run even where the text tells them (openCypher's test suite, List11).
const CHECKED_AT_RUN_TIME: [&str; 1] = ["range"];

impl<'a> Binder<'a> {
    /// Binds a call.
    pub(super) fn bind_function_call(
        &mut self,
        name: &'a ast::QualifiedName,
        distinct: bool,
        arguments: &'a [ast::Expression],
        span: ast::Span,
    ) -> Result<Typed, BindError> {
        let text = name.text();
        if let Some(aggregate) = Aggregate::lookup(&text) {
            return self.bind_aggregate(aggregate, name, distinct, arguments);
        }
        if distinct {
            let message = format!("`{text}` is no aggregate, so `DISTINCT` has no meaning in it");
            return Err(BindError::new(BindErrorKind::InvalidAggregation, message, span));
        }
        if text.eq_ignore_ascii_case("coalesce") {
            return self.bind_coalesce(arguments, span);
        }
        if text.eq_ignore_ascii_case("exists") {
            return self.bind_exists_call(arguments, span);
        }
        let Some(function) = function::lookup(&text) else {
            let message = format!("function `{text}` does not exist");
            let error = BindError::new(BindErrorKind::UnknownFunction, message, name.span).with_label("not known");
            // `p.name.contains('x')`: a method of another language.
            let (method, of) = text.rsplit_once('.').map_or((text.as_str(), None), |(of, last)| (last, Some(of)));
            let foreign = function_name::foreign(method);
            let error = match (foreign, of) {
                (Some(hint), _) => error.with_hint(hint),
                (None, Some(of)) if function::lookup(method).is_some() => {
                    error.with_hint(format!("write `{method}({of})`"))
                }
                _ => error.with_nearest(&text, function_name::all()),
            };
            return Err(error.with_hint_if_none("`SHOW FUNCTIONS` lists them"));
        };
        if !function.accepts_count(arguments.len()) {
            let maximum = function.maximum_arguments().unwrap_or(usize::MAX);
            let error = wrong_number(&text, function.minimum_arguments(), maximum, arguments.len(), span);
            let names = (0..maximum.min(6)).filter_map(|place| function.parameter(place)).map(|found| found.name);
            let names: Vec<&str> = names.collect();
            return Err(error.with_hint(format!("write `{}({})`", function.name, names.join(", "))));
        }
        let mut bound = Vec::with_capacity(arguments.len());
        let mut types = Vec::with_capacity(arguments.len());
        for (place, argument) in arguments.iter().enumerate() {
            let (value, value_type) = self.bind_expression(argument)?;
            check_argument(function, place, &value_type, argument.span)?;
            bound.push(value);
            types.push(value_type);
        }
        Ok((Expression::Function(function, bound), result_type(function, &types)))
    }

    fn bind_coalesce(&mut self, arguments: &'a [ast::Expression], span: ast::Span) -> Result<Typed, BindError> {
        if arguments.is_empty() {
            return Err(wrong_number("coalesce", 1, usize::MAX, 0, span));
        }
        let (mut bound, mut joined) = (Vec::with_capacity(arguments.len()), Type::NULL);
        for argument in arguments {
            let (value, value_type) = self.bind_expression(argument)?;
            joined = joined.or(value_type);
            bound.push(value);
        }
        Ok((Expression::Coalesce(bound), joined))
    }

    /// Binds `exists(n.key)` as `n.key IS NOT NULL`, and `exists((a)-->(b))` as a test of the pattern.
    fn bind_exists_call(&mut self, arguments: &'a [ast::Expression], span: ast::Span) -> Result<Typed, BindError> {
        let [argument] = arguments else {
            return Err(wrong_number("exists", 1, 1, arguments.len(), span));
        };
        match &argument.kind {
            ExpressionKind::Pattern(pattern) if pattern.function.is_none() => {
                Ok((self.bind_pattern_predicate(pattern)?, Type::BOOLEAN))
            }
            ExpressionKind::Property { .. } | ExpressionKind::Index { .. } => self.bind_is_null(argument, true),
            _ => {
                let message = "`exists` takes a property or a pattern";
                let error = BindError::new(BindErrorKind::InvalidArgumentType, message, argument.span);
                Err(error.with_hint("write `… IS NOT NULL` for a value, `EXISTS { … }` for a query"))
            }
        }
    }
}

fn check_argument(function: &Function, place: usize, value_type: &Type, span: ast::Span) -> Result<(), BindError> {
    let Some(parameter) = function.parameter(place) else { return Ok(()) };
    let accepted = Type::from(parameter.kinds);
    if value_type.may_be(&accepted) || CHECKED_AT_RUN_TIME.contains(&function.name) {
        return Ok(());
    }
    let message = format!("`{}` takes {accepted} as `{}`, not {value_type}", function.name, parameter.name);
    let error = BindError::new(BindErrorKind::InvalidArgumentType, message, span);
    Err(error.with_label(format!("is {value_type}")))
}

/// Returns what a call gives; some functions give what is in their argument.
fn result_type(function: &Function, arguments: &[Type]) -> Type {
    let first = arguments.first();
    match (function.name, first) {
        ("head" | "last", Some(list)) => list.item(),
        ("tail" | "reverse", Some(list)) if list.is(Kind::List) => list.clone(),
        ("nodes", _) => Type::list_of(Type::NODE),
        ("relationships", _) => Type::list_of(Type::RELATIONSHIP),
        ("keys" | "labels" | "split", _) => Type::list_of(Type::STRING),
        ("range", _) => Type::list_of(Type::INTEGER),
        _ => Type::from(function.result),
    }
}

/// Returns the error for too few or too many arguments; `usize::MAX` stands for any number.
pub(super) fn wrong_number(name: &str, minimum: usize, maximum: usize, given: usize, span: ast::Span) -> BindError {
    let wanted = match (minimum, maximum) {
        (0, 0) => "no arguments".to_string(),
        (1, 1) => "one argument".to_string(),
        (minimum, maximum) if minimum == maximum => format!("{minimum} arguments"),
        (1, usize::MAX) => "one argument or more".to_string(),
        (minimum, usize::MAX) => format!("{minimum} arguments or more"),
        (minimum, maximum) => format!("{minimum} to {maximum} arguments"),
    };
    let message = format!("`{name}` takes {wanted}, not {given}");
    BindError::new(BindErrorKind::InvalidNumberOfArguments, message, span)
}
