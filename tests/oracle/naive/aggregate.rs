//! Aggregates over whole groups, each from its definition.

use super::clause::same;
use super::{Failure, Naive, Outcome, Row};
use crate::binder::bound::Projection;
use crate::expression::AggregateCall;
use crate::function::Aggregate;
use crate::value::order::order;
use crate::value::{Value, equivalent};

impl Naive<'_> {
    /// Returns a row a group: the keys and the aggregates.
    pub(super) fn aggregate(&self, projection: &Projection, rows: &[Row], outer: &Row) -> Outcome<Vec<Row>> {
        let mut groups: Vec<(Vec<Value>, Vec<&Row>)> = Vec::new();
        if projection.keys.is_empty() {
            groups.push((Vec::new(), Vec::new()));
        }
        for row in rows {
            let keys = projection.keys.iter().map(|(_, key)| self.value(key, row)).collect::<Outcome<Vec<_>>>()?;
            self.spend(groups.len())?;
            match groups.iter_mut().find(|(other, _)| same(other, &keys)) {
                Some((_, group)) => group.push(row),
                None => groups.push((keys, vec![row])),
            }
        }
        let mut given = Vec::with_capacity(groups.len());
        for (keys, group) in groups {
            let mut row = outer.clone();
            projection.keys.iter().zip(keys).for_each(|((slot, _), key)| row.set(*slot, key));
            for (slot, call) in &projection.aggregates {
                row.set(*slot, self.aggregated(call, &group, outer)?);
            }
            given.push(row);
        }
        Ok(given)
    }

    fn aggregated(&self, call: &AggregateCall, group: &[&Row], outer: &Row) -> Outcome<Value> {
        let Some(argument) = &call.argument else { return Ok(Value::Integer(group.len() as i64)) };
        let mut values: Vec<Value> = Vec::new();
        for row in group {
            let value = self.value(argument, row)?;
            self.spend(1)?;
            let is_repeated = call.distinct && values.iter().any(|other| equivalent(other, &value));
            if !value.is_null() && !is_repeated {
                values.push(value);
            }
        }
        let extreme = |values: Vec<Value>, wanted: std::cmp::Ordering| {
            let better = |best: Value, next: Value| if order(&next, &best) == wanted { next } else { best };
            values.into_iter().reduce(better).unwrap_or_default()
        };
        match call.function {
            Aggregate::CountStar => Ok(Value::Integer(group.len() as i64)),
            Aggregate::Count => Ok(Value::Integer(values.len() as i64)),
            Aggregate::Collect => Ok(Value::list(values)),
            Aggregate::Evidence => Err(Failure::Unknown("evidence".to_owned())),
            Aggregate::Min => Ok(extreme(values, std::cmp::Ordering::Less)),
            Aggregate::Max => Ok(extreme(values, std::cmp::Ordering::Greater)),
            Aggregate::Sum => sum(&values),
            Aggregate::Avg if values.is_empty() => Ok(Value::Null),
            Aggregate::Avg => Ok(Value::Float(floats(&values)?.iter().sum::<f64>() / values.len() as f64)),
            Aggregate::StDev | Aggregate::StDevP => {
                let freedom = values.len() as f64 - f64::from(u8::from(call.function == Aggregate::StDev));
                let numbers = floats(&values)?;
                let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
                let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
                Ok(Value::Float(if freedom < 1.0 { 0.0 } else { (squares / freedom).sqrt() }))
            }
            Aggregate::PercentileCont | Aggregate::PercentileDisc => {
                let share = match &call.parameter {
                    Some(parameter) => self.value(parameter, group.first().copied().unwrap_or(outer))?,
                    None => Value::Null,
                };
                percentile(call.function, values, &share)
            }
        }
    }
}

fn floats(values: &[Value]) -> Outcome<Vec<f64>> {
    let float = |value: &Value| match value {
        Value::Integer(integer) => Ok(*integer as f64),
        Value::Float(float) => Ok(*float),
        _ => Err(Failure::Error("a number is needed".to_owned())),
    };
    values.iter().map(float).collect()
}

fn sum(values: &[Value]) -> Outcome<Value> {
    let integer = |value: &Value| match value {
        Value::Integer(integer) => Some(i128::from(*integer)),
        _ => None,
    };
    match values.iter().map(integer).collect::<Option<Vec<i128>>>() {
        Some(integers) => {
            let sum = i64::try_from(integers.iter().sum::<i128>());
            sum.map(Value::Integer).map_err(|_| Failure::Error("the sum does not fit".to_owned()))
        }
        None => Ok(Value::Float(floats(values)?.iter().sum())),
    }
}

fn percentile(function: Aggregate, mut values: Vec<Value>, share: &Value) -> Outcome<Value> {
    floats(&values)?;
    if values.is_empty() {
        return Ok(Value::Null);
    }
    let share = floats(std::slice::from_ref(share))?[0];
    if !(0.0..=1.0).contains(&share) {
        return Err(Failure::Error("a percentile is no share".to_owned()));
    }
    values.sort_by(order);
    if function == Aggregate::PercentileDisc {
        let rank = ((share * values.len() as f64).ceil() as usize).max(1);
        return Ok(values[rank - 1].clone());
    }
    let numbers = floats(&values)?;
    let place = share * (numbers.len() - 1) as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    let weight = place - place.floor();
    Ok(Value::Float(if weight == 0.0 { numbers[low] } else { numbers[low] * (1.0 - weight) + numbers[high] * weight }))
}
