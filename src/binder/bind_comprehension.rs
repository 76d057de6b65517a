//! Binds expressions with a variable of their own: list comprehensions, quantifiers, `reduce`.

use crate::expression::Expression;
use crate::syntax::ast;
use crate::vector::Slot;

use super::bind_expression::Typed;
use super::bind_operator::quantifier_kind;
use super::binder::Binder;
use super::error::BindError;
use super::parts;
use super::types::Type;

impl<'a> Binder<'a> {
    pub(super) fn bind_list_comprehension(&mut self, written: &'a ast::ListComprehension) -> Result<Typed, BindError> {
        let (list, list_type) = self.bind_list_operand(&written.list, "a comprehension")?;
        self.bind_inner(|binder| {
            let variable = binder.declare_inner(&written.variable, list_type.item());
            let predicate = match &written.filter {
                Some(filter) => Some(Box::new(binder.bind_predicate(filter)?)),
                None => None,
            };
            let (projection, item_type) = match &written.map {
                Some(map) => {
                    let (map, item_type) = binder.bind_expression(map)?;
                    (Some(Box::new(map)), item_type)
                }
                None => (None, list_type.item()),
            };
            let comprehension = Expression::Comprehension { variable, list: Box::new(list), predicate, projection };
            Ok((comprehension, Type::list_of(item_type)))
        })
    }

    pub(super) fn bind_quantifier(&mut self, written: &'a ast::ListQuantifier) -> Result<Typed, BindError> {
        let (list, list_type) = self.bind_list_operand(&written.list, "a quantifier")?;
        self.bind_inner(|binder| {
            let variable = binder.declare_inner(&written.variable, list_type.item());
            let predicate = Box::new(binder.bind_predicate(&written.filter)?);
            let kind = quantifier_kind(written.kind);
            Ok((Expression::Quantifier { kind, variable, list: Box::new(list), predicate }, Type::BOOLEAN))
        })
    }

    pub(super) fn bind_reduce(&mut self, written: &'a ast::Reduce) -> Result<Typed, BindError> {
        let (initial, _) = self.bind_expression(&written.initial)?;
        let (list, list_type) = self.bind_list_operand(&written.list, "`reduce`")?;
        self.bind_inner(|binder| {
            // What the accumulator becomes is not known before the step is; its first value tells too little.
            let accumulator = binder.declare_inner(&written.accumulator, Type::ANY);
            let variable = binder.declare_inner(&written.variable, list_type.item());
            let (step, _) = binder.bind_expression(&written.step)?;
            let (initial, list, step) = (Box::new(initial), Box::new(list), Box::new(step));
            Ok((Expression::Reduce { accumulator, initial, variable, list, step }, Type::ANY))
        })
    }

    /// Binds what sees variables of its own; an aggregate there would run over two groupings at once.
    fn bind_inner<T>(&mut self, bind: impl FnOnce(&mut Self) -> Result<T, BindError>) -> Result<T, BindError> {
        let replacements = self.replacements.clone();
        let result = self.without_aggregates("inside a comprehension", |binder| binder.in_scope(bind))?;
        self.replacements = replacements;
        Ok(result)
    }

    /// Puts a variable of an expression in scope; it hides an outer one of its name.
    pub(super) fn declare_inner(&mut self, variable: &ast::Variable, value_type: Type) -> Slot {
        let slot = self.new_slot(variable.text.clone(), value_type);
        self.scope.insert(variable.text.clone(), slot);
        // An expression over the hidden variable no longer says the same as outside.
        self.replacements.retain(|(written, _)| {
            let mut names = Vec::new();
            parts::variables(written, &mut names);
            !names.contains(&variable.text)
        });
        slot
    }
}
