//! Binds SET, REMOVE and DELETE.

use crate::expression::Expression;
use crate::syntax::ast::{self, ExpressionKind};
use crate::value::Kind;

use super::binder::Binder;
use super::bound::{Clause, RemoveItem, SetItem};
use super::environment::NameKind;
use super::error::{BindError, BindErrorKind};
use super::types::Type;

impl<'a> Binder<'a> {
    pub(super) fn bind_set(&mut self, written: &'a ast::Set) -> Result<Clause, BindError> {
        self.writes = true;
        Ok(Clause::Set(self.bind_set_items(&written.items)?))
    }

    /// Binds the items of SET, ON CREATE SET and ON MATCH SET.
    pub(super) fn bind_set_items(&mut self, items: &'a [ast::SetItem]) -> Result<Vec<SetItem>, BindError> {
        self.without_aggregates("in SET", |binder| items.iter().map(|item| binder.bind_set_item(item)).collect())
    }

    fn bind_set_item(&mut self, item: &'a ast::SetItem) -> Result<SetItem, BindError> {
        Ok(match &item.kind {
            ast::SetItemKind::Property { of, key, value } => {
                let target = self.bind_written_element(of)?;
                let key = self.written_name(NameKind::PropertyKey, key);
                SetItem::Property { target, key, value: self.bind_expression(value)?.0 }
            }
            ast::SetItemKind::Replace { variable, value } => {
                let target = self.bind_written_variable(variable, &Type::ELEMENT)?;
                SetItem::Replace { target, value: self.bind_written_properties(value)? }
            }
            ast::SetItemKind::Add { variable, value } => {
                let target = self.bind_written_variable(variable, &Type::ELEMENT)?;
                SetItem::Merge { target, value: self.bind_written_properties(value)? }
            }
            ast::SetItemKind::Labels { variable, labels } => {
                let target = self.bind_written_variable(variable, &Type::NODE)?;
                SetItem::Labels { target, labels: self.written_names(labels) }
            }
        })
    }

    pub(super) fn bind_remove(&mut self, written: &'a ast::Remove) -> Result<Clause, BindError> {
        self.writes = true;
        let mut items = Vec::with_capacity(written.items.len());
        for item in &written.items {
            items.push(match &item.kind {
                ast::RemoveItemKind::Property { of, key } => {
                    let target = self.without_aggregates("in REMOVE", |binder| binder.bind_written_element(of))?;
                    RemoveItem::Property { target, key: self.read_name(NameKind::PropertyKey, key) }
                }
                ast::RemoveItemKind::Labels { variable, labels } => {
                    let target = self.bind_written_variable(variable, &Type::NODE)?;
                    let labels = labels.iter().map(|label| self.read_name(NameKind::Label, label)).collect();
                    RemoveItem::Labels { target, labels }
                }
            });
        }
        Ok(Clause::Remove(items))
    }

    pub(super) fn bind_delete(&mut self, written: &'a ast::Delete) -> Result<Clause, BindError> {
        self.writes = true;
        let mut targets = Vec::with_capacity(written.expressions.len());
        for expression in &written.expressions {
            if let ExpressionKind::HasLabels { .. } = expression.kind {
                let message = "a label or type cannot be deleted";
                let error = BindError::new(BindErrorKind::InvalidDelete, message, expression.span);
                return Err(error
                    .with_hint("take a label away with `REMOVE n:Label`; a type stays as long as its relationship"));
            }
            let (target, value_type) =
                self.without_aggregates("in DELETE", |binder| binder.bind_expression(expression))?;
            if !value_type.may_be(&Type::DELETABLE) {
                let message = format!("only nodes, relationships and paths can be deleted, not {value_type}");
                let error = BindError::new(BindErrorKind::InvalidArgumentType, message, expression.span);
                return Err(if value_type.is(Kind::List) {
                    error.with_hint("use UNWIND or FOREACH over it")
                } else {
                    error
                });
            }
            targets.push(target);
        }
        Ok(Clause::Delete { targets, detach: written.detach })
    }

    /// Binds the element whose property is written.
    fn bind_written_element(&mut self, of: &'a ast::Expression) -> Result<Expression, BindError> {
        let (target, value_type) = self.bind_expression(of)?;
        check_element(&value_type, &Type::ELEMENT, of.span)?;
        Ok(target)
    }

    fn bind_written_variable(&mut self, variable: &'a ast::Variable, wanted: &Type) -> Result<Expression, BindError> {
        let slot = self.resolve(&variable.text, variable.span)?;
        check_element(&self.type_of(slot), wanted, variable.span)?;
        Ok(Expression::Slot(slot))
    }
}

fn check_element(value_type: &Type, wanted: &Type, span: ast::Span) -> Result<(), BindError> {
    // What a map holds is not written by SET, but the standard lets its text pass; the run says what it is.
    if value_type.may_be(wanted) {
        return Ok(());
    }
    let message = format!("only {wanted} can be changed here, not {value_type}");
    Err(BindError::new(BindErrorKind::InvalidArgumentType, message, span))
}
