//! Binds tests of and conversions to a type: `a IS :: INTEGER`, `CAST(a AS INTEGER)`.

use crate::expression::Expression;
use crate::syntax::ast;
use crate::value::{Kind, ValueType};

use super::bind_expression::Typed;
use super::binder::Binder;
use super::error::BindError;
use super::types::Type;

impl<'a> Binder<'a> {
    pub(super) fn bind_is_typed(
        &mut self,
        operand: &'a ast::Expression,
        value_type: &ast::ValueType,
        negated: bool,
    ) -> Result<Typed, BindError> {
        let test = Expression::IsTyped(Box::new(self.bind_expression(operand)?.0), meaning(value_type));
        Ok((if negated { Expression::Not(Box::new(test)) } else { test }, Type::BOOLEAN))
    }

    pub(super) fn bind_cast(
        &mut self,
        operand: &'a ast::Expression,
        value_type: &ast::ValueType,
    ) -> Result<Typed, BindError> {
        let value_type = meaning(value_type);
        let result = type_of(&value_type);
        Ok((Expression::Cast(Box::new(self.bind_expression(operand)?.0), value_type), result))
    }
}

/// Returns which values a written type has.
fn meaning(written: &ast::ValueType) -> ValueType {
    use ast::ValueType as Written;
    ValueType::Of(match written {
        Written::Boolean => Kind::Boolean,
        Written::Integer => Kind::Integer,
        Written::Float => Kind::Float,
        Written::String => Kind::String,
        Written::Date => Kind::Date,
        Written::LocalTime => Kind::LocalTime,
        Written::Time => Kind::Time,
        Written::LocalDateTime => Kind::LocalDateTime,
        Written::DateTime => Kind::DateTime,
        Written::Duration => Kind::Duration,
        Written::Map => Kind::Map,
        Written::Node => Kind::Node,
        Written::Relationship => Kind::Relationship,
        Written::Path => Kind::Path,
        Written::PartialDate => Kind::PartialDate,
        Written::Literal => Kind::Literal,
        Written::Null => Kind::Null,
        Written::PropertyValue => return ValueType::Property,
        Written::Nothing => return ValueType::Nothing,
        Written::Any => return ValueType::Any,
        Written::List(items) if **items == Written::Any => Kind::List,
        Written::List(items) => return ValueType::List(Box::new(meaning(items))),
        Written::OneOf(types) => return ValueType::OneOf(types.iter().map(meaning).collect()),
        Written::NotNull(inner) => return ValueType::NotNull(Box::new(meaning(inner))),
    })
}

/// Returns what is known of a value of a type.
fn type_of(value_type: &ValueType) -> Type {
    match value_type {
        ValueType::Of(Kind::Null) | ValueType::Nothing => Type::NULL,
        ValueType::Of(kind) => Type::of(*kind),
        ValueType::Any | ValueType::Property => Type::ANY,
        ValueType::List(items) => Type::list_of(type_of(items)),
        ValueType::OneOf(types) => types.iter().map(type_of).fold(Type::NULL, Type::or),
        ValueType::NotNull(inner) => type_of(inner),
    }
}
