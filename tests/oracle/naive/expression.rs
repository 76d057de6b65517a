//! Expressions by recursion over one row, from the laws of values.

use std::sync::Arc;

use super::{Failure, Naive, Outcome, Row};
use crate::binder::bound::SubqueryKind;
use crate::expression::{
    ArithmeticOperator, ComparisonOperator, Expression, LabelExpression, MapEntry, QuantifierKind, StringOperator,
};
use crate::function::{Clock, FunctionContext, GraphReader};
use crate::oracle::engine::parameter;
use crate::value::{Path, Value, arithmetic, cast, comparison, equality, equals, index, slice, value_property};
use crate::vector::Slot;

fn truth_value(truth: Option<bool>) -> Value {
    truth.map_or(Value::Null, Value::Boolean)
}

fn error<Given>(what: &str) -> Outcome<Given> {
    Err(Failure::Error(what.to_owned()))
}

impl Naive<'_> {
    /// Returns the value of an expression that must be a truth value.
    pub(super) fn truth(&self, expression: &Expression, row: &Row) -> Outcome<Option<bool>> {
        match self.value(expression, row)? {
            Value::Null => Ok(None),
            Value::Boolean(truth) => Ok(Some(truth)),
            _ => error("a truth value is needed"),
        }
    }

    /// Returns the value of an expression.
    pub(super) fn value(&self, expression: &Expression, row: &Row) -> Outcome<Value> {
        self.spend(1)?;
        match expression {
            Expression::Constant(value) => Ok(value.clone()),
            Expression::Parameter(place) => Ok(parameter(&self.query.parameters[*place as usize])),
            Expression::Slot(slot) => row.read(*slot),
            Expression::Property(target, key) => self.property(&self.value(target, row)?, key),
            Expression::HasLabel(target, label) => self.has_label(&self.value(target, row)?, label),
            Expression::Not(operand) => Ok(truth_value(self.truth(operand, row)?.map(|truth| !truth))),
            Expression::And(operands) => self.connect(operands, false, row),
            Expression::Or(operands) => self.connect(operands, true, row),
            Expression::Xor(left, right) => {
                let (left, right) = (self.truth(left, row)?, self.truth(right, row)?);
                Ok(truth_value(left.zip(right).map(|(left, right)| left != right)))
            }
            Expression::Comparison(operator, left, right) => {
                Ok(truth_value(compare(*operator, &self.value(left, row)?, &self.value(right, row)?)))
            }
            Expression::Arithmetic(operator, left, right) => {
                Ok(law(*operator)(&self.value(left, row)?, &self.value(right, row)?)?)
            }
            Expression::Negate(operand) => Ok(arithmetic::negate(&self.value(operand, row)?)?),
            Expression::Text(operator, left, right) => {
                test_text(*operator, &self.value(left, row)?, &self.value(right, row)?)
            }
            Expression::In(item, list) => match (self.value(item, row)?, self.value(list, row)?) {
                (item, Value::List(items)) => Ok(truth_value(equality::contains(&items, &item))),
                (_, Value::Null) => Ok(Value::Null),
                _ => error("a list is needed"),
            },
            Expression::IsNull(operand) => Ok(Value::Boolean(self.value(operand, row)?.is_null())),
            Expression::IsTyped(operand, value_type) => Ok(Value::Boolean(value_type.has(&self.value(operand, row)?))),
            Expression::Cast(operand, value_type) => Ok(cast(&self.value(operand, row)?, value_type)?),
            Expression::List(items) => Ok(Value::list(self.values(items, row)?)),
            Expression::Map(entries) => self.map(entries, row),
            Expression::Index(target, place) => self.index(&self.value(target, row)?, &self.value(place, row)?),
            Expression::Slice(target, from, to) => {
                let end = |end: &Option<Box<Expression>>| end.as_ref().map(|end| self.value(end, row)).transpose();
                Ok(slice(&self.value(target, row)?, end(from)?.as_ref(), end(to)?.as_ref())?)
            }
            Expression::Function(function, arguments) => {
                let arguments = self.values(arguments, row)?;
                let model = self.model.borrow();
                Ok(function.call(&arguments, &FunctionContext::new(&*model, Clock::fixed(0), 1))?)
            }
            Expression::Path(slots) => self.path(slots, row),
            Expression::Subquery(id) => self.subquery(id.0 as usize, row),
            other => self.branching(other, row),
        }
    }

    fn values(&self, expressions: &[Expression], row: &Row) -> Outcome<Vec<Value>> {
        expressions.iter().map(|expression| self.value(expression, row)).collect()
    }

    /// Evaluates what chooses among its parts or evaluates one of them several times.
    fn branching(&self, expression: &Expression, row: &Row) -> Outcome<Value> {
        match expression {
            Expression::Case { operand, branches, otherwise } => {
                let operand = operand.as_ref().map(|operand| self.value(operand, row)).transpose()?;
                for branch in branches {
                    let holds = match &operand {
                        Some(operand) => equals(operand, &self.value(&branch.condition, row)?),
                        None => self.truth(&branch.condition, row)?,
                    };
                    if holds == Some(true) {
                        return self.value(&branch.result, row);
                    }
                }
                otherwise.as_ref().map_or(Ok(Value::Null), |otherwise| self.value(otherwise, row))
            }
            Expression::Coalesce(operands) => {
                for operand in operands {
                    let value = self.value(operand, row)?;
                    if !value.is_null() {
                        return Ok(value);
                    }
                }
                Ok(Value::Null)
            }
            Expression::Comprehension { variable, list, predicate, projection } => {
                let Some(items) = self.items(list, row)? else { return Ok(Value::Null) };
                let mut kept = Vec::new();
                for item in items.iter() {
                    let inner = with(row, *variable, item);
                    let passes = match predicate {
                        Some(predicate) => self.truth(predicate, &inner)? == Some(true),
                        None => true,
                    };
                    if passes {
                        kept.push(projection.as_ref().map_or(Ok(item.clone()), |part| self.value(part, &inner))?);
                    }
                }
                Ok(Value::list(kept))
            }
            Expression::Quantifier { kind, variable, list, predicate } => {
                let Some(items) = self.items(list, row)? else { return Ok(Value::Null) };
                let truths = items.iter().map(|item| self.truth(predicate, &with(row, *variable, item)));
                Ok(truth_value(quantify(*kind, &truths.collect::<Outcome<Vec<_>>>()?)))
            }
            Expression::Reduce { accumulator, initial, variable, list, step } => {
                let first = self.value(initial, row)?;
                let Some(items) = self.items(list, row)? else { return Ok(Value::Null) };
                items.iter().try_fold(first, |so_far, item| {
                    self.value(step, &with(&with(row, *accumulator, &so_far), *variable, item))
                })
            }
            other => Err(Failure::Unknown(format!("{other:?}"))),
        }
    }

    fn items(&self, list: &Expression, row: &Row) -> Outcome<Option<Arc<Vec<Value>>>> {
        match self.value(list, row)? {
            Value::Null => Ok(None),
            Value::List(items) => Ok(Some(items)),
            _ => error("a list is needed"),
        }
    }

    /// `AND` (`decided` is false) and `OR` (`decided` is true).
    fn connect(&self, operands: &[Expression], decided: bool, row: &Row) -> Outcome<Value> {
        let mut result = Some(!decided);
        for operand in operands {
            match self.truth(operand, row)? {
                Some(truth) if truth == decided => return Ok(Value::Boolean(decided)),
                Some(_) => {}
                None => result = None,
            }
        }
        Ok(truth_value(result))
    }

    fn property(&self, target: &Value, key: &str) -> Outcome<Value> {
        let model = self.model.borrow();
        let properties = match target {
            Value::Node(id) if model.deleted_nodes.contains(&id.0) => return error("the node was deleted"),
            Value::Relationship(id) if model.deleted_relationships.contains_key(&id.0) => {
                return error("the relationship was deleted");
            }
            Value::Node(id) => model.nodes.get(&id.0).map(|node| &node.properties),
            Value::Relationship(id) => model.relationships.get(&id.0).map(|held| &held.properties),
            other => return Ok(value_property(other, key)?),
        };
        Ok(properties.and_then(|properties| properties.get(key)).cloned().unwrap_or_default())
    }

    fn index(&self, target: &Value, place: &Value) -> Outcome<Value> {
        match (target, place) {
            (Value::Node(_) | Value::Relationship(_), Value::String(key)) => self.property(target, key),
            (Value::Node(_) | Value::Relationship(_), Value::Null) => Ok(Value::Null),
            _ => Ok(index(target, place)?),
        }
    }

    fn has_label(&self, target: &Value, label: &LabelExpression) -> Outcome<Value> {
        let model = self.model.borrow();
        match target {
            Value::Null => Ok(Value::Null),
            Value::Node(id) => match model.nodes.get(&id.0) {
                Some(node) => {
                    let holds = label.matches(&|name| node.labels.contains(name), !node.labels.is_empty());
                    Ok(Value::Boolean(holds))
                }
                None => error("the node was deleted"),
            },
            Value::Relationship(id) => match model.relationships.get(&id.0) {
                Some(held) => Ok(Value::Boolean(label.matches(&|name| held.kind == name, true))),
                None => error("the relationship was deleted"),
            },
            _ => error("an element is needed"),
        }
    }

    fn map(&self, entries: &[MapEntry], row: &Row) -> Outcome<Value> {
        let mut map = Vec::new();
        let mut is_null = false;
        for entry in entries {
            match entry {
                MapEntry::Pair(key, value) => map.push((key.clone(), self.value(value, row)?)),
                MapEntry::All(target) => {
                    let model = self.model.borrow();
                    let all = match self.value(target, row)? {
                        Value::Null => {
                            is_null = true;
                            continue;
                        }
                        Value::Map(map) => Some(map),
                        Value::Node(id) => model.node_properties(id),
                        Value::Relationship(id) => model.relationship_properties(id),
                        _ => return error("an element or a map is needed"),
                    };
                    let Some(all) = all else { return error("the element was deleted") };
                    map.extend(all.iter().map(|(key, value)| (key.clone(), value.clone())));
                }
            }
        }
        Ok(if is_null { Value::Null } else { Value::Map(map.into_iter().collect()) })
    }

    fn path(&self, slots: &[Slot], row: &Row) -> Outcome<Value> {
        let parts = slots.iter().map(|slot| row.read(*slot)).collect::<Outcome<Vec<_>>>()?;
        let mut relationships = Vec::new();
        let Some(Value::Node(start)) = parts.first() else { return Ok(Value::Null) };
        for part in &parts[1..] {
            match part {
                Value::Null => return Ok(Value::Null),
                Value::Node(_) => {}
                Value::Relationship(id) => relationships.push(*id),
                Value::List(items) => {
                    for item in items.iter() {
                        let Value::Relationship(id) = item else { return error("a path needs relationships") };
                        relationships.push(*id);
                    }
                }
                _ => return error("a path needs relationships"),
            }
        }
        let model = self.model.borrow();
        let mut nodes = vec![*start];
        for relationship in &relationships {
            let Some((from, to)) = model.endpoints(*relationship) else { return error("the relationship is gone") };
            let here = nodes[nodes.len() - 1];
            if here != from && here != to {
                return Err(Failure::Broken("a path does not hang together".to_owned()));
            }
            nodes.push(if here == from { to } else { from });
        }
        // The nodes that the pattern names must be those that the relationships lead to.
        if !matches!(parts.last(), Some(Value::Node(end)) if nodes.last() == Some(end)) {
            return Err(Failure::Broken("a path does not end at its last node".to_owned()));
        }
        Ok(Value::Path(Arc::new(Path::new(nodes, relationships))))
    }

    fn subquery(&self, place: usize, row: &Row) -> Outcome<Value> {
        let subquery = &self.query.subqueries[place];
        let rows = self.run_body(&subquery.body, row)?;
        match subquery.kind {
            SubqueryKind::Exists => Ok(Value::Boolean(!rows.is_empty())),
            SubqueryKind::Count => Ok(Value::Integer(rows.len() as i64)),
            SubqueryKind::Collect(slot) => {
                Ok(Value::list(rows.iter().map(|row| row.read(slot)).collect::<Outcome<_>>()?))
            }
        }
    }
}

fn with(row: &Row, slot: Slot, value: &Value) -> Row {
    let mut inner = row.clone();
    inner.set(slot, value.clone());
    inner
}

fn compare(operator: ComparisonOperator, left: &Value, right: &Value) -> Option<bool> {
    match operator {
        ComparisonOperator::Equal => equals(left, right),
        ComparisonOperator::NotEqual => equals(left, right).map(|equal| !equal),
        ComparisonOperator::Less => comparison::less(left, right),
        ComparisonOperator::LessOrEqual => comparison::less_or_equal(left, right),
        ComparisonOperator::Greater => comparison::greater(left, right),
        ComparisonOperator::GreaterOrEqual => comparison::greater_or_equal(left, right),
    }
}

fn law(operator: ArithmeticOperator) -> fn(&Value, &Value) -> Result<Value, crate::value::ValueError> {
    match operator {
        ArithmeticOperator::Add => arithmetic::add,
        ArithmeticOperator::Subtract => arithmetic::subtract,
        ArithmeticOperator::Multiply => arithmetic::multiply,
        ArithmeticOperator::Divide => arithmetic::divide,
        ArithmeticOperator::Modulo => arithmetic::modulo,
        ArithmeticOperator::Power => arithmetic::power,
        ArithmeticOperator::Concatenate => arithmetic::concatenate,
    }
}

fn test_text(operator: StringOperator, left: &Value, right: &Value) -> Outcome<Value> {
    let (Value::String(left), Value::String(right)) = (left, right) else { return Ok(Value::Null) };
    let holds = match operator {
        StringOperator::StartsWith => left.starts_with(right.as_str()),
        StringOperator::EndsWith => left.ends_with(right.as_str()),
        StringOperator::Contains => left.contains(right.as_str()),
        StringOperator::Matches => match regex::Regex::new(&format!("^(?:{right})$")) {
            Ok(pattern) => pattern.is_match(left),
            Err(_) => return error("this is no regular expression"),
        },
    };
    Ok(Value::Boolean(holds))
}

fn quantify(kind: QuantifierKind, truths: &[Option<bool>]) -> Option<bool> {
    let count = |wanted: Option<bool>| truths.iter().filter(|truth| **truth == wanted).count();
    let (holding, failing, unknown) = (count(Some(true)), count(Some(false)), count(None));
    match kind {
        QuantifierKind::All => {
            if failing > 0 {
                Some(false)
            } else {
                (unknown == 0).then_some(true)
            }
        }
        QuantifierKind::Any => {
            if holding > 0 {
                Some(true)
            } else {
                (unknown == 0).then_some(false)
            }
        }
        QuantifierKind::None => {
            if holding > 0 {
                Some(false)
            } else {
                (unknown == 0).then_some(true)
            }
        }
        QuantifierKind::Single if holding > 1 => Some(false),
        QuantifierKind::Single => (unknown == 0).then_some(holding == 1),
    }
}
