//! What an aggregate means where it stands: refused, or collected for the projection around it.

use crate::expression::{AggregateCall, Expression};
use crate::function::Aggregate;
use crate::syntax::ast;
use crate::value::Kind;
use crate::vector::Slot;

use super::bind_expression::Typed;
use super::binder::{Binder, Lost};
use super::error::{BindError, BindErrorKind};
use super::scope::Scope;
use super::types::Type;

/// What an aggregate means here.
#[derive(Debug)]
pub(super) enum Aggregation {
    /// It is a mistake; the words say where ("in WHERE").
    Refused(&'static str),
    /// It stands in another one.
    Inside,
    /// It is computed over the group.
    Collected(Grouping),
}

/// The aggregates of one projection, as far as they were found.
#[derive(Debug, Default)]
pub(super) struct Grouping {
    /// The variables that arguments see: those below the projection.
    pub(super) below: Scope,
    /// What arguments cannot see, and why.
    pub(super) lost_below: Option<Lost>,
    /// What was found.
    pub(super) calls: Vec<(Slot, AggregateCall)>,
}

impl<'a> Binder<'a> {
    /// Binds `count(*)`.
    pub(super) fn bind_count_star(&mut self, span: ast::Span) -> Result<Typed, BindError> {
        let grouping = self.take_grouping(span)?;
        let call = AggregateCall { function: Aggregate::CountStar, argument: None, parameter: None, distinct: false };
        Ok(self.collect_call(grouping, call, Type::INTEGER))
    }

    /// Binds a call of an aggregating function.
    pub(super) fn bind_aggregate(
        &mut self,
        function: Aggregate,
        name: &ast::QualifiedName,
        distinct: bool,
        arguments: &'a [ast::Expression],
    ) -> Result<Typed, BindError> {
        let wanted = function.argument_count();
        if arguments.len() != wanted {
            let error = super::bind_function::wrong_number(&name.text(), wanted, wanted, arguments.len(), name.span);
            return Err(error.with_hint(match (arguments.len(), wanted) {
                (0, _) if function == Aggregate::Count => "rows are counted by `count(*)`".to_owned(),
                (_, 1) if distinct => format!("several values together are a list: `{}(DISTINCT [a, b])`", name.text()),
                _ => "`SHOW FUNCTIONS` tells what it takes".to_owned(),
            }));
        }
        let grouping = self.take_grouping(name.span)?;
        let scope = std::mem::replace(&mut self.scope, grouping.below.clone());
        let lost = std::mem::replace(&mut self.lost, grouping.lost_below.clone());
        let replacements = std::mem::take(&mut self.replacements);
        self.aggregation = Aggregation::Inside;
        let bound: Vec<Typed> =
            arguments.iter().map(|argument| self.bind_aggregate_argument(argument)).collect::<Result<_, _>>()?;
        self.scope = scope;
        self.lost = lost;
        self.replacements = replacements;
        let value_type = match bound.first() {
            Some((_, given)) => aggregate_type(function, given, arguments[0].span)?,
            None => Type::ANY,
        };
        let mut arguments = bound.into_iter().map(|(argument, _)| argument);
        let (argument, parameter) = (arguments.next(), arguments.next());
        Ok(self.collect_call(grouping, AggregateCall { function, argument, parameter, distinct }, value_type))
    }

    fn bind_aggregate_argument(&mut self, argument: &'a ast::Expression) -> Result<Typed, BindError> {
        let typed = self.bind_expression(argument)?;
        let mut random = None;
        typed.0.visit(&mut |part| {
            if let Expression::Function(function, _) = part
                && !function.deterministic
            {
                random = Some(function.name);
            }
        });
        match random {
            None => Ok(typed),
            Some(name) => {
                let message = format!("`{name}()` gives another value at each call and cannot be aggregated");
                let error = BindError::new(BindErrorKind::NonConstantExpression, message, argument.span);
                Err(error.with_hint("compute it in a WITH before"))
            }
        }
    }

    /// Takes the grouping out, so that what is bound next is inside the aggregate.
    fn take_grouping(&mut self, span: ast::Span) -> Result<Grouping, BindError> {
        match std::mem::replace(&mut self.aggregation, Aggregation::Inside) {
            Aggregation::Collected(grouping) => Ok(grouping),
            Aggregation::Inside => {
                let message = "an aggregate cannot stand inside another";
                let error = BindError::new(BindErrorKind::NestedAggregation, message, span);
                Err(error.with_hint("aggregate once in a WITH, then again"))
            }
            Aggregation::Refused(place) => {
                self.aggregation = Aggregation::Refused(place);
                let message = format!("an aggregate cannot stand {place}");
                let error = BindError::new(BindErrorKind::InvalidAggregation, message, span);
                Err(error.with_hint("compute it in a WITH or RETURN item first"))
            }
        }
    }

    /// Puts the grouping back with one more call, and returns the call's slot.
    fn collect_call(&mut self, mut grouping: Grouping, call: AggregateCall, value_type: Type) -> Typed {
        // A projection that says `count(*)` twice computes it once.
        let known = grouping.calls.iter().find(|(_, other)| same_call(other, &call)).map(|(slot, _)| *slot);
        let slot = known.unwrap_or_else(|| {
            let slot = self.hidden_slot("aggregate", value_type.clone());
            grouping.calls.push((slot, call));
            slot
        });
        self.aggregation = Aggregation::Collected(grouping);
        (Expression::Slot(slot), value_type)
    }
}

/// Says whether two calls give the same; what has inner variables or subqueries is never the same.
fn same_call(left: &AggregateCall, right: &AggregateCall) -> bool {
    let text = |call: &AggregateCall| format!("{:?} {:?} {:?}", call.argument, call.parameter, call.distinct);
    left.function == right.function && text(left) == text(right)
}

/// Returns what an aggregate gives, by what it is given.
fn aggregate_type(function: Aggregate, given: &Type, span: ast::Span) -> Result<Type, BindError> {
    let accepted = Type::from(function.argument_kinds());
    if !given.may_be(&accepted) {
        let message = format!("`{}` aggregates {accepted}, not {given}", function.name());
        return Err(BindError::new(BindErrorKind::InvalidArgumentType, message, span));
    }
    Ok(match function {
        Aggregate::Collect => Type::list_of(given.clone()),
        Aggregate::Min | Aggregate::Max => given.clone(),
        Aggregate::Sum if given.is(Kind::Integer) => Type::INTEGER,
        _ => Type::from(function.result_kinds()),
    })
}
