//! Binds `CALL procedure(…) YIELD …`, alone or among other clauses.

use smol_str::SmolStr;

use crate::expression::Expression;
use crate::procedure::{FieldKind, Signature};
use crate::syntax::ast::{self, YieldForm};
use crate::value::Kind;
use crate::vector::Slot;

use super::bind_function::wrong_number;
use super::binder::Binder;
use super::bound::{CallSubquery, Clause, OutputColumn, ProcedureCall, QueryBody};
use super::error::{BindError, BindErrorKind};
use super::types::Type;

impl<'a> Binder<'a> {
    /// Binds a call that is the whole statement: arguments may come from parameters, and all results are returned.
    pub(super) fn bind_standalone_call(
        &mut self,
        written: &'a ast::CallProcedure,
    ) -> Result<(Clause, Vec<OutputColumn>), BindError> {
        let signature = self.signature(written)?;
        let arguments = match &written.arguments {
            Some(arguments) => self.bind_arguments(&signature, arguments, written.span)?,
            None => self.implicit_arguments(&signature, written)?,
        };
        let all = matches!(written.yields.as_ref().map(|yields| &yields.form), None | Some(YieldForm::All));
        let yields = match all {
            true => self.yield_all(&signature),
            false => self.bind_yields(&signature, written)?,
        };
        let columns = yields.iter().map(|(_, slot)| self.column_of(*slot)).collect();
        Ok((self.finish_call(signature, arguments, yields, written)?, columns))
    }

    /// Binds a call among other clauses: arguments and results are written out.
    pub(super) fn bind_call(&mut self, written: &'a ast::CallProcedure) -> Result<Clause, BindError> {
        let signature = self.signature(written)?;
        let arguments = match &written.arguments {
            Some(arguments) => self.bind_arguments(&signature, arguments, written.span)?,
            None if signature.inputs.is_empty() => Vec::new(),
            None => {
                let message = format!("the arguments of `{}` must be written out within a query", signature.name);
                let error = BindError::new(BindErrorKind::InvalidArgumentPassingMode, message, written.name.span);
                return Err(error.with_hint(format!("write `CALL {}`", described(&signature))));
            }
        };
        if let Some(yields) = &written.yields
            && yields.form == YieldForm::All
        {
            let message = "`YIELD *` can only stand in a call that is the whole statement";
            let error = BindError::new(BindErrorKind::UnexpectedSyntax, message, yields.span);
            return Err(error.with_hint(format!("the results are {}", listed(&signature))));
        }
        let yields = self.bind_yields(&signature, written)?;
        self.finish_call(signature, arguments, yields, written)
    }

    fn signature(&mut self, written: &ast::CallProcedure) -> Result<Signature, BindError> {
        let name = written.name.text();
        let Some(signature) = self.environment.procedures.signature(&name) else {
            let message = format!("procedure `{name}` does not exist");
            let error = BindError::new(BindErrorKind::ProcedureNotFound, message, written.name.span);
            let names = self.environment.procedures.names();
            let error = error.with_label("not known").with_nearest(&name, names.iter().map(SmolStr::as_str));
            // The right name in another room, or in none.
            let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_lowercase();
            let elsewhere = names.iter().find(|other| last(other) == last(&name));
            let hint =
                elsewhere.map_or("`SHOW PROCEDURES` lists them".to_owned(), |other| format!("did you mean `{other}`?"));
            return Err(error.with_hint_if_none(hint));
        };
        self.writes |= signature.writes;
        Ok(signature)
    }

    fn bind_arguments(
        &mut self,
        signature: &Signature,
        written: &'a [ast::Expression],
        span: ast::Span,
    ) -> Result<Vec<Expression>, BindError> {
        let required = signature.inputs.iter().filter(|input| input.default.is_none()).count();
        if written.len() < required || written.len() > signature.inputs.len() {
            let error = wrong_number(&signature.name, required, signature.inputs.len(), written.len(), span);
            return Err(error.with_hint(format!("write `CALL {}`", described(signature))));
        }
        let mut arguments = Vec::with_capacity(signature.inputs.len());
        for (place, input) in signature.inputs.iter().enumerate() {
            let Some(argument) = written.get(place) else {
                arguments.push(Expression::Constant(input.default.clone().unwrap_or_default()));
                continue;
            };
            let (value, value_type) =
                self.without_aggregates("in an argument of CALL", |binder| binder.bind_expression(argument))?;
            let accepted = field_type(&input.kinds, true);
            if !value_type.may_be(&accepted) {
                let message = format!("`{}` takes {accepted} as `{}`, not {value_type}", signature.name, input.name);
                return Err(BindError::new(BindErrorKind::InvalidArgumentType, message, argument.span));
            }
            arguments.push(value);
        }
        Ok(arguments)
    }

    /// Returns the parameters that have the arguments' names.
    fn implicit_arguments(
        &mut self,
        signature: &Signature,
        written: &ast::CallProcedure,
    ) -> Result<Vec<Expression>, BindError> {
        let mut arguments = Vec::with_capacity(signature.inputs.len());
        for input in &signature.inputs {
            let given =
                self.environment.parameters.is_none_or(|given| given.iter().any(|(name, _)| *name == input.name));
            arguments.push(match &input.default {
                Some(default) if !given => Expression::Constant(default.clone()),
                _ => self.bind_parameter(&input.name, written.name.span)?.0,
            });
        }
        Ok(arguments)
    }

    /// Returns the column of a slot, under the slot's name.
    fn column_of(&self, slot: Slot) -> OutputColumn {
        OutputColumn { name: self.slots[slot.0 as usize].name.clone(), slot }
    }

    /// Puts every result in scope under its own name.
    fn yield_all(&mut self, signature: &Signature) -> Vec<(usize, Slot)> {
        let mut yields = Vec::with_capacity(signature.outputs.len());
        for (place, output) in signature.outputs.iter().enumerate() {
            let slot = self.new_slot(output.name.clone(), field_type(&output.kinds, false));
            self.scope.insert(output.name.clone(), slot);
            yields.push((place, slot));
        }
        yields
    }

    fn bind_yields(
        &mut self,
        signature: &Signature,
        written: &'a ast::CallProcedure,
    ) -> Result<Vec<(usize, Slot)>, BindError> {
        let Some(YieldForm::Items(items)) = written.yields.as_ref().map(|yields| &yields.form) else {
            return Ok(Vec::new());
        };
        self.bind_yield_items(signature, items)
    }

    /// Puts the results that are asked for in scope.
    fn bind_yield_items(
        &mut self,
        signature: &Signature,
        items: &[ast::YieldItem],
    ) -> Result<Vec<(usize, Slot)>, BindError> {
        let mut yields = Vec::with_capacity(items.len());
        for item in items {
            let Some(place) = signature.outputs.iter().position(|output| output.name == item.field.text) else {
                let message = format!("procedure `{}` has no result `{}`", signature.name, item.field.text);
                let error = BindError::new(BindErrorKind::UndefinedVariable, message, item.field.span);
                let error =
                    error.with_nearest(&item.field.text, signature.outputs.iter().map(|output| output.name.as_str()));
                return Err(if error.hint.is_some() {
                    error
                } else {
                    error.with_hint(format!("the results are {}", listed(signature)))
                });
            };
            let variable = item.variable.as_ref().unwrap_or(&item.field);
            let slot = self.declare(variable, field_type(&signature.outputs[place].kinds, false))?;
            yields.push((place, slot));
        }
        Ok(yields)
    }

    fn finish_call(
        &mut self,
        signature: Signature,
        arguments: Vec<Expression>,
        yields: Vec<(usize, Slot)>,
        written: &'a ast::CallProcedure,
    ) -> Result<Clause, BindError> {
        let predicate = match written.yields.as_ref().and_then(|yields| yields.filter.as_ref()) {
            Some(filter) => Expression::conjunction(self.bind_filter(filter, "in WHERE")?),
            None => None,
        };
        let is_void = signature.outputs.is_empty();
        let outputs: Vec<Slot> = yields.iter().map(|(_, slot)| *slot).collect();
        let (name, cites) = (signature.name, signature.cites);
        let call = Clause::Call(ProcedureCall { name, arguments, yields, is_void, predicate, cites });
        if !written.optional || is_void {
            return Ok(call);
        }
        Ok(Clause::Subquery(CallSubquery {
            body: QueryBody::Clauses(vec![call]),
            outputs,
            returns: true,
            optional: true,
            transactions: None,
        }))
    }
}

/// Returns what values a field has, or takes: an integer is taken where a float is wanted.
fn field_type(kinds: &FieldKind, taken: bool) -> Type {
    match kinds {
        FieldKind::Any => Type::ANY,
        FieldKind::ListOf(_) if taken => Type::LIST,
        FieldKind::ListOf(items) => Type::list_of(field_type(items, false)),
        FieldKind::OneOf(kinds) => {
            let joined = kinds.iter().fold(Type::NULL, |joined, kind| joined.or(Type::of(*kind)));
            if taken && kinds.contains(&Kind::Float) { joined.or(Type::INTEGER) } else { joined }
        }
    }
}

fn described(signature: &Signature) -> String {
    let inputs: Vec<&str> = signature.inputs.iter().map(|input| input.name.as_str()).collect();
    format!("{}({})", signature.name, inputs.join(", "))
}

fn listed(signature: &Signature) -> String {
    let outputs: Vec<String> = signature.outputs.iter().map(|output| format!("`{}`", output.name)).collect();
    if outputs.is_empty() { "none".to_string() } else { outputs.join(", ") }
}
