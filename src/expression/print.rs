//! Expressions as text, for plans: close to the language, with the names of the slots.

use crate::vector::Slot;

use super::{ArithmeticOperator, Branch, ComparisonOperator, Expression, MapEntry, QuantifierKind, StringOperator};

/// Returns an expression as text; `name` says how a slot is called.
pub fn print(expression: &Expression, name: &dyn Fn(Slot) -> String) -> String {
    let text = |part: &Expression| print(part, name);
    let operand = |part: &Expression| match part {
        Expression::And(_)
        | Expression::Or(_)
        | Expression::Xor(..)
        | Expression::Comparison(..)
        | Expression::Arithmetic(..)
        | Expression::Text(..)
        | Expression::In(..) => format!("({})", text(part)),
        _ => text(part),
    };
    let joined = |parts: &[Expression], sign: &str| parts.iter().map(operand).collect::<Vec<_>>().join(sign);
    let listed = |parts: &[Expression]| parts.iter().map(text).collect::<Vec<_>>().join(", ");
    match expression {
        Expression::Constant(value) => value.to_string(),
        Expression::Parameter(place) => format!("${place}"),
        Expression::Slot(slot) => name(*slot),
        Expression::Property(target, key) => format!("{}.{key}", operand(target)),
        Expression::HasLabel(target, label) => format!("{}:{label}", operand(target)),
        Expression::Not(part) => format!("NOT {}", operand(part)),
        Expression::And(parts) => joined(parts, " AND "),
        Expression::Or(parts) => joined(parts, " OR "),
        Expression::Xor(left, right) => format!("{} XOR {}", operand(left), operand(right)),
        Expression::Comparison(operator, left, right) => {
            format!("{} {} {}", operand(left), comparison_sign(*operator), operand(right))
        }
        Expression::Arithmetic(operator, left, right) => {
            format!("{} {} {}", operand(left), arithmetic_sign(*operator), operand(right))
        }
        Expression::Negate(part) => format!("-{}", operand(part)),
        Expression::Text(operator, left, right) => {
            format!("{} {} {}", operand(left), string_words(*operator), operand(right))
        }
        Expression::In(item, list) => format!("{} IN {}", operand(item), operand(list)),
        Expression::IsNull(part) => format!("{} IS NULL", operand(part)),
        Expression::IsTyped(part, value_type) => format!("{} IS :: {value_type}", operand(part)),
        Expression::Cast(part, value_type) => format!("CAST({} AS {value_type})", text(part)),
        Expression::List(parts) => format!("[{}]", listed(parts)),
        Expression::Map(entries) => {
            let entries = entries.iter().map(|entry| match entry {
                MapEntry::Pair(key, part) => format!("{key}: {}", text(part)),
                MapEntry::All(part) => format!("{}.*", operand(part)),
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Expression::Index(target, index) => format!("{}[{}]", operand(target), text(index)),
        Expression::Slice(target, from, to) => {
            let bound = |part: &Option<Box<Expression>>| part.as_deref().map(text).unwrap_or_default();
            format!("{}[{}..{}]", operand(target), bound(from), bound(to))
        }
        Expression::Case { operand, branches, otherwise } => {
            print_case(operand.as_deref(), branches, otherwise.as_deref(), name)
        }
        Expression::Function(function, parts) => format!("{}({})", function.name, listed(parts)),
        Expression::Coalesce(parts) => format!("coalesce({})", listed(parts)),
        Expression::Comprehension { .. } | Expression::Quantifier { .. } | Expression::Reduce { .. } => {
            print_inner(expression, name)
        }
        Expression::Subquery(id) => format!("subquery {}", id.0),
        Expression::Path(slots) => {
            format!("path({})", slots.iter().map(|slot| name(*slot)).collect::<Vec<_>>().join(", "))
        }
    }
}

fn print_case(
    operand: Option<&Expression>,
    branches: &[Branch],
    otherwise: Option<&Expression>,
    name: &dyn Fn(Slot) -> String,
) -> String {
    let operand = operand.map(|part| format!(" {}", print(part, name))).unwrap_or_default();
    let branch =
        |branch: &Branch| format!(" WHEN {} THEN {}", print(&branch.condition, name), print(&branch.result, name));
    let branches = branches.iter().map(branch).collect::<String>();
    let otherwise = otherwise.map(|part| format!(" ELSE {}", print(part, name))).unwrap_or_default();
    format!("CASE{operand}{branches}{otherwise} END")
}

/// Prints the expressions that have variables of their own.
fn print_inner(expression: &Expression, name: &dyn Fn(Slot) -> String) -> String {
    let text = |part: &Expression| print(part, name);
    match expression {
        Expression::Comprehension { variable, list, predicate, projection } => {
            let predicate = predicate.as_deref().map(|part| format!(" WHERE {}", text(part))).unwrap_or_default();
            let projection = projection.as_deref().map(|part| format!(" | {}", text(part))).unwrap_or_default();
            format!("[{} IN {}{predicate}{projection}]", name(*variable), text(list))
        }
        Expression::Quantifier { kind, variable, list, predicate } => {
            let word = quantifier_word(*kind);
            format!("{word}({} IN {} WHERE {})", name(*variable), text(list), text(predicate))
        }
        Expression::Reduce { accumulator, initial, variable, list, step } => format!(
            "reduce({} = {}, {} IN {} | {})",
            name(*accumulator),
            text(initial),
            name(*variable),
            text(list),
            text(step)
        ),
        other => text(other),
    }
}

fn comparison_sign(operator: ComparisonOperator) -> &'static str {
    match operator {
        ComparisonOperator::Equal => "=",
        ComparisonOperator::NotEqual => "<>",
        ComparisonOperator::Less => "<",
        ComparisonOperator::LessOrEqual => "<=",
        ComparisonOperator::Greater => ">",
        ComparisonOperator::GreaterOrEqual => ">=",
    }
}

fn arithmetic_sign(operator: ArithmeticOperator) -> &'static str {
    match operator {
        ArithmeticOperator::Add => "+",
        ArithmeticOperator::Subtract => "-",
        ArithmeticOperator::Multiply => "*",
        ArithmeticOperator::Divide => "/",
        ArithmeticOperator::Modulo => "%",
        ArithmeticOperator::Power => "^",
        ArithmeticOperator::Concatenate => "||",
    }
}

fn string_words(operator: StringOperator) -> &'static str {
    match operator {
        StringOperator::StartsWith => "STARTS WITH",
        StringOperator::EndsWith => "ENDS WITH",
        StringOperator::Contains => "CONTAINS",
        StringOperator::Matches => "=~",
    }
}

fn quantifier_word(kind: QuantifierKind) -> &'static str {
    match kind {
        QuantifierKind::All => "all",
        QuantifierKind::Any => "any",
        QuantifierKind::None => "none",
        QuantifierKind::Single => "single",
    }
}
