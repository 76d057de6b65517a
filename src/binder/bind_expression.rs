//! Binds expressions: literals, variables, parameters, lists, maps, access to parts, CASE; operators and calls have files of their own.

use smol_str::SmolStr;

use crate::expression::{Branch, Expression, MapEntry};
use crate::syntax::ast::{self, ExpressionKind};
use crate::value::{Kind, Value};

use super::binder::Binder;
use super::environment::NameKind;
use super::error::{BindError, BindErrorKind};
use super::parts;
use super::types::Type;

/// A bound expression, and what values it may have.
pub(super) type Typed = (Expression, Type);

/// How much stack there must be for one more level of an expression; a subquery's level passes through the clauses too.
const STACK_LEFT_BYTES: usize = 256 * 1024;

/// How much stack is added where less is left.
const STACK_GROWTH_BYTES: usize = 4 * 1024 * 1024;

impl<'a> Binder<'a> {
    /// Binds an expression that stands for a value.
    pub(super) fn bind_expression(&mut self, expression: &'a ast::Expression) -> Result<Typed, BindError> {
        // Nesting is bounded by the syntax, but every level takes several calls here, and the caller's stack may be small.
        let typed =
            stacker::maybe_grow(STACK_LEFT_BYTES, STACK_GROWTH_BYTES, || self.bind_expression_kind(expression))?;
        self.note_place(&typed.0, expression.span);
        Ok(typed)
    }

    fn bind_expression_kind(&mut self, expression: &'a ast::Expression) -> Result<Typed, BindError> {
        if let Some(typed) = self.replaced(expression) {
            return Ok(typed);
        }
        match &expression.kind {
            ExpressionKind::Literal(literal) => Ok(bind_literal(literal)),
            ExpressionKind::Variable(name) => {
                let slot = self.resolve(name, expression.span)?;
                Ok((Expression::Slot(slot), self.type_of(slot)))
            }
            ExpressionKind::Parameter(name) => self.bind_parameter(name, expression.span),
            ExpressionKind::List(items) => self.bind_list(items),
            ExpressionKind::Map(entries) => self.bind_map(entries),
            ExpressionKind::Property { of, key } => self.bind_property(of, key),
            ExpressionKind::Index { of, index } => self.bind_index(of, index),
            ExpressionKind::Slice { of, from, to } => self.bind_slice(of, from.as_deref(), to.as_deref()),
            ExpressionKind::Unary { operator, operand } => self.bind_unary(*operator, operand),
            ExpressionKind::Logical { operator, operands } => self.bind_logical(*operator, operands),
            ExpressionKind::Arithmetic { first, rest } => self.bind_arithmetic(first, rest),
            ExpressionKind::Comparison { first, rest } => self.bind_comparison(first, rest),
            ExpressionKind::StringPredicate { operator, left, right } => {
                self.bind_string_predicate(*operator, left, right)
            }
            ExpressionKind::In { element, list } => self.bind_in(element, list),
            ExpressionKind::IsNull { operand, negated } => self.bind_is_null(operand, *negated),
            ExpressionKind::IsTyped { operand, value_type, negated } => {
                self.bind_is_typed(operand, value_type, *negated)
            }
            ExpressionKind::Cast { operand, value_type } => self.bind_cast(operand, value_type),
            ExpressionKind::HasLabels { operand, labels, negated } => self.bind_has_labels(operand, labels, *negated),
            ExpressionKind::FunctionCall { name, distinct, arguments } => {
                self.bind_function_call(name, *distinct, arguments, expression.span)
            }
            ExpressionKind::CountStar => self.bind_count_star(expression.span),
            ExpressionKind::Case(case) => self.bind_case(case),
            ExpressionKind::ListComprehension(comprehension) => self.bind_list_comprehension(comprehension),
            ExpressionKind::PatternComprehension(comprehension) => self.bind_pattern_comprehension(comprehension),
            ExpressionKind::Quantifier(quantifier) => self.bind_quantifier(quantifier),
            ExpressionKind::Reduce(reduce) => self.bind_reduce(reduce),
            ExpressionKind::Pattern(pattern) => self.bind_pattern_value(pattern, expression.span),
            ExpressionKind::Subquery(subquery) => self.bind_subquery(subquery, expression.span),
            ExpressionKind::MapProjection { of, items } => self.bind_map_projection(of, items),
        }
    }

    /// Binds an expression that stands for a truth value; only here a bare pattern may stand.
    pub(super) fn bind_predicate(&mut self, expression: &'a ast::Expression) -> Result<Expression, BindError> {
        if let ExpressionKind::Pattern(pattern) = &expression.kind
            && pattern.function.is_none()
        {
            return self.bind_pattern_predicate(pattern);
        }
        let (bound, value_type) = self.bind_expression(expression)?;
        if value_type.may_be(&Type::BOOLEAN) {
            return Ok(bound);
        }
        let message = format!("a condition must be a boolean, not {value_type}");
        let error = BindError::new(BindErrorKind::InvalidArgumentType, message, expression.span);
        let error = error.with_label(format!("is {value_type}"));
        Err(error.with_hint("write each comparison out: `x = 'a' OR x = 'b'`, or `x IN ['a', 'b']`"))
    }

    /// Returns the slot that stands for this expression here, if one does.
    fn replaced(&mut self, expression: &ast::Expression) -> Option<Typed> {
        if self.replacements.is_empty() {
            return None;
        }
        // A name that is in scope means what the scope says: an alias hides the item of the same text.
        if let ExpressionKind::Variable(name) = &expression.kind
            && self.scope.get(name).is_some()
        {
            return None;
        }
        let (_, slot) =
            self.replacements.iter().find(|(written, _)| parts::same(written, expression, self.source)).copied()?;
        self.read(slot);
        Some((Expression::Slot(slot), self.type_of(slot)))
    }

    /// Returns the place of a parameter.
    pub(super) fn bind_parameter(&mut self, name: &SmolStr, span: ast::Span) -> Result<Typed, BindError> {
        if let Some(given) = self.environment.parameters
            && !given.iter().any(|(given, _)| given == name)
        {
            let error =
                BindError::new(BindErrorKind::MissingParameter, format!("parameter `${name}` is not given"), span);
            let error = error.with_nearest(name, given.iter().map(|(given, _)| given.as_str()));
            return Err(
                error.with_hint_if_none(format!("give it: `--param {name}=…`, or `:param {name} …` in the shell"))
            );
        }
        let known = self.parameters.iter().position(|other| other == name);
        let place = known.unwrap_or_else(|| {
            self.parameters.push(name.clone());
            self.parameters.len() - 1
        });
        let place = u32::try_from(place).expect("a statement has fewer parameters than bytes");
        Ok((Expression::Parameter(place), Type::ANY))
    }

    fn bind_list(&mut self, items: &'a [ast::Expression]) -> Result<Typed, BindError> {
        let (mut bound, mut item_type) = (Vec::with_capacity(items.len()), Type::NULL);
        for item in items {
            let (item, value_type) = self.bind_expression(item)?;
            bound.push(item);
            item_type = item_type.or(value_type);
        }
        Ok((Expression::List(bound), Type::list_of(item_type)))
    }

    /// Binds a map that is a value of its own: its keys are as written.
    pub(super) fn bind_map(&mut self, entries: &'a [ast::MapEntry]) -> Result<Typed, BindError> {
        let mut bound = Vec::with_capacity(entries.len());
        for entry in entries {
            bound.push(MapEntry::Pair(entry.key.text.clone(), self.bind_expression(&entry.value)?.0));
        }
        Ok((Expression::Map(bound), Type::MAP))
    }

    fn bind_property(&mut self, of: &'a ast::Expression, key: &'a ast::Name) -> Result<Typed, BindError> {
        let (target, target_type) = self.bind_expression(of)?;
        if !target_type.may_be(&Type::WITH_PARTS) {
            let message = format!("{target_type} has no property `{}`", key.text);
            // What a pattern binds is known by its syntax (openCypher's test suite, MatchWhere1); a value has its kind when the query runs.
            let kind = match target_type.is(Kind::Path) {
                true => BindErrorKind::InvalidArgumentType,
                false => BindErrorKind::InvalidPartAccess,
            };
            let error = BindError::new(kind, message, key.span);
            let error = error.with_related(of.span, format!("is {target_type}"));
            return Err(match target_type.is(Kind::Path) {
                true => error.with_hint("its parts have properties: `nodes(path)`, `relationships(path)`"),
                false => error,
            });
        }
        let key = self.read_key(&target_type, key);
        Ok((Expression::Property(Box::new(target), key), Type::ANY))
    }

    /// Returns the canonical key of a property that is read; of what may be a map too, the key as written.
    pub(super) fn read_key(&mut self, target_type: &Type, key: &ast::Name) -> SmolStr {
        if target_type.is_one_of(&Type::ELEMENT) {
            return self.read_name(NameKind::PropertyKey, key);
        }
        key.text.clone()
    }

    fn bind_index(&mut self, of: &'a ast::Expression, index: &'a ast::Expression) -> Result<Typed, BindError> {
        let (target, target_type) = self.bind_expression(of)?;
        let (place, place_type) = self.bind_expression(index)?;
        let indexed = Type::LIST.or(Type::MAP).or(Type::ELEMENT);
        if !target_type.may_be(&indexed) {
            let message = format!("{target_type} has no parts to be taken by index");
            let error = BindError::new(BindErrorKind::InvalidPartAccess, message, of.span);
            return Err(match target_type.is(Kind::String) {
                true => error.with_hint("take a part of a text with `substring(text, start, length)`"),
                false => error,
            });
        }
        if target_type.is(Kind::List) && !place_type.may_be(&Type::INTEGER) {
            let message = format!("a list's index must be an integer, not {place_type}");
            let error = BindError::new(BindErrorKind::InvalidPartAccess, message, index.span);
            return Err(error.with_hint("places are counted from 0; `toInteger` converts"));
        }
        let item = if target_type.is(Kind::List) { target_type.item() } else { Type::ANY };
        Ok((Expression::Index(Box::new(target), Box::new(place)), item))
    }

    fn bind_slice(
        &mut self,
        of: &'a ast::Expression,
        from: Option<&'a ast::Expression>,
        to: Option<&'a ast::Expression>,
    ) -> Result<Typed, BindError> {
        let (target, target_type) = self.bind_expression(of)?;
        if !target_type.may_be(&Type::LIST) {
            let message = format!("only a list can be sliced, not {target_type}");
            return Err(BindError::new(BindErrorKind::InvalidPartAccess, message, of.span));
        }
        let mut bounds = [None, None];
        for (bound, written) in bounds.iter_mut().zip([from, to]) {
            if let Some(written) = written {
                *bound = Some(Box::new(self.bind_expression(written)?.0));
            }
        }
        let [from, to] = bounds;
        Ok((Expression::Slice(Box::new(target), from, to), target_type))
    }

    fn bind_case(&mut self, case: &'a ast::Case) -> Result<Typed, BindError> {
        let operand = match &case.operand {
            Some(operand) => Some(Box::new(self.bind_expression(operand)?.0)),
            None => None,
        };
        let (mut branches, mut value_type) = (Vec::with_capacity(case.branches.len()), Type::NULL);
        for branch in &case.branches {
            let condition = match operand {
                Some(_) => self.bind_expression(&branch.when)?.0,
                None => self.bind_predicate(&branch.when)?,
            };
            let (result, result_type) = self.bind_expression(&branch.then)?;
            value_type = value_type.or(result_type);
            branches.push(Branch { condition, result });
        }
        let otherwise = match &case.otherwise {
            Some(otherwise) => {
                let (otherwise, other_type) = self.bind_expression(otherwise)?;
                value_type = value_type.or(other_type);
                Some(Box::new(otherwise))
            }
            None => None,
        };
        Ok((Expression::Case { operand, branches, otherwise }, value_type))
    }

    fn bind_map_projection(
        &mut self,
        of: &'a ast::Variable,
        items: &'a [ast::MapProjectionItem],
    ) -> Result<Typed, BindError> {
        let slot = self.resolve(&of.text, of.span)?;
        let (target, target_type) = (Expression::Slot(slot), self.type_of(slot));
        if !target_type.may_be(&Type::ELEMENT.or(Type::MAP)) {
            let message = format!("only a node, a relationship or a map can be projected, not {target_type}");
            return Err(BindError::new(BindErrorKind::InvalidArgumentType, message, of.span));
        }
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            entries.push(match item {
                ast::MapProjectionItem::Property(key) => {
                    let canonical = self.read_key(&target_type, key);
                    MapEntry::Pair(key.text.clone(), Expression::Property(Box::new(target.clone()), canonical))
                }
                ast::MapProjectionItem::AllProperties(_) => MapEntry::All(target.clone()),
                ast::MapProjectionItem::Entry(entry) => {
                    MapEntry::Pair(entry.key.text.clone(), self.bind_expression(&entry.value)?.0)
                }
                ast::MapProjectionItem::Variable(variable) => {
                    let slot = self.resolve(&variable.text, variable.span)?;
                    MapEntry::Pair(variable.text.clone(), Expression::Slot(slot))
                }
            });
        }
        // What is projected out of null is null, not a map of nulls.
        let missing =
            Branch { condition: Expression::IsNull(Box::new(target)), result: Expression::Constant(Value::Null) };
        let otherwise = Some(Box::new(Expression::Map(entries)));
        Ok((Expression::Case { operand: None, branches: vec![missing], otherwise }, Type::MAP))
    }
}

fn bind_literal(literal: &ast::Literal) -> Typed {
    let (value, value_type) = match literal {
        ast::Literal::Null => (Value::Null, Type::NULL),
        ast::Literal::Boolean(value) => (Value::Boolean(*value), Type::BOOLEAN),
        ast::Literal::Integer(value) => (Value::Integer(*value), Type::INTEGER),
        ast::Literal::Float(value) => (Value::Float(*value), Type::FLOAT),
        ast::Literal::String(value) => (Value::String(value.clone()), Type::STRING),
    };
    (Expression::Constant(value), value_type)
}
