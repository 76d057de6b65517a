//! Warns of comparisons that give the same for all rows: with `null`, between kinds without an order, and of a property with a value of a
//! kind that it has nowhere in the graph.
//!
//! What the graph holds is no law: a property of another kind may be written tomorrow. So nothing is refused here.

use crate::diagnostic::Diagnostic;
use crate::expression::{ComparisonOperator, Expression};
use crate::syntax::ast;
use crate::value::Value;
use crate::value::temporal::Date;

use super::binder::Binder;
use super::environment::NameKind;
use super::error::plain_span;
use super::types::Type;

/// The detail of the warning that hangs on what the graph holds.
pub const PROPERTY_KIND_DIFFERS: &str = "PropertyKindDiffers";

impl Binder<'_> {
    /// Warns of a comparison that gives the same for all rows.
    pub(super) fn warn_of_comparison(
        &mut self,
        operator: ComparisonOperator,
        left: (&Expression, &Type),
        right: (&Expression, &Type),
        span: ast::Span,
    ) {
        let finding = warning_of_kinds(operator, left, right)
            .or_else(|| self.warning_of_property(operator, left, right))
            .or_else(|| self.warning_of_property(operator, right, left));
        self.warnings.extend(finding.map(|finding| finding.at(plain_span(span))));
    }

    /// Returns a warning where a property, as far as the graph holds it, has no value of the other operand's kind.
    fn warning_of_property(
        &self,
        operator: ComparisonOperator,
        (property, _): (&Expression, &Type),
        (other, other_type): (&Expression, &Type),
    ) -> Option<Diagnostic> {
        let Expression::Property(of, key) = property else { return None };
        let Expression::Slot(slot) = **of else { return None };
        let element = self.type_of(slot);
        let is_written = self.writes_any_key || self.written.contains(&(NameKind::PropertyKey, key.clone()));
        if is_written || !element.is_one_of(&Type::ELEMENT) {
            return None;
        }
        let held = self.environment.names.property_type(&element, key);
        let other_type = self.parameter_type(other).unwrap_or_else(|| other_type.clone());
        if !held.never_compares_with(&other_type) {
            return None;
        }
        let message = match is_equality(operator) {
            true => format!("every `{key}` is {held}, which never equals {other_type}"),
            false => format!("every `{key}` is {held}, which has no order with {other_type}: this is never true"),
        };
        Some(Diagnostic::warning(PROPERTY_KIND_DIFFERS, message).with_hint(cure(&held, other, &other_type)))
    }

    /// Returns the type of a parameter whose value is known.
    fn parameter_type(&self, operand: &Expression) -> Option<Type> {
        let Expression::Parameter(place) = operand else { return None };
        let name = self.parameters.get(*place as usize)?;
        let (_, kind) = self.environment.parameters?.iter().find(|(given, _)| given == name)?;
        Some(Type::of(*kind))
    }
}

/// Returns a warning where the kinds alone tell what a comparison gives.
fn warning_of_kinds(
    operator: ComparisonOperator,
    (left_operand, left): (&Expression, &Type),
    (right_operand, right): (&Expression, &Type),
) -> Option<Diagnostic> {
    let is_null = |operand: &Expression| matches!(operand, Expression::Constant(Value::Null));
    if is_null(left_operand) || is_null(right_operand) {
        let cure = match operator {
            ComparisonOperator::NotEqual => "write `IS NOT NULL`",
            _ => "write `IS NULL`",
        };
        let message = "a comparison with `null` is never true";
        return Some(Diagnostic::warning("ComparisonWithNull", message).with_hint(cure));
    }
    // The items of an empty list are of no kind, and nobody wrote a null.
    if left.is_null() || right.is_null() || !left.never_compares_with(right) {
        return None;
    }
    let message = match is_equality(operator) {
        true => format!("{left} never equals {right}"),
        false => format!("{left} and {right} have no order between them, so this is never true"),
    };
    let cure = "convert one of them: `toInteger`, `toFloat`, `toString`, `date`";
    Some(Diagnostic::warning("KindsDiffer", message).with_hint(cure))
}

fn is_equality(operator: ComparisonOperator) -> bool {
    matches!(operator, ComparisonOperator::Equal | ComparisonOperator::NotEqual)
}

/// Returns what to write instead, so that a value compares with a property that holds another kind.
fn cure(held: &Type, other: &Expression, other_type: &Type) -> String {
    match other {
        Expression::Constant(Value::String(text)) if held.is_one_of(&Type::NUMBER) => {
            match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    format!("a number stands without quotation marks: `{}`", text.trim())
                }
                _ => "compare texts: `toString(…)` of the property".to_owned(),
            }
        }
        Expression::Constant(Value::String(text)) if held.is_one_of(&Type::TEMPORAL) => match Date::parse(text) {
            Some(_) => format!("a date is written `date('{text}')`"),
            None => "a date is written `date('2017-04-28')`, a month or a year `partialDate('2017-04')`".to_owned(),
        },
        Expression::Constant(number) if held.is_one_of(&Type::STRING) && other_type.is_one_of(&Type::NUMBER) => {
            format!("a text stands in quotation marks: `'{number}'`; numbers in it are read by `toFloat(…)`")
        }
        Expression::Parameter(_) => format!("give the parameter as {held}"),
        _ => "convert one of them: `toInteger`, `toFloat`, `toString`, `date`".to_owned(),
    }
}
