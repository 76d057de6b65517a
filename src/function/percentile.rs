//! The numbers that a percentile is found among, and the one at a share of them.

use crate::value::Value;
use crate::value::order::order;

/// Numbers in the order in which they came: integers as they are, as long as there are no others.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    integers: Vec<i64>,
    /// All of them, once there are others.
    values: Vec<Value>,
}

impl Collected {
    /// Takes in an integer.
    pub(super) fn push_integer(&mut self, integer: i64) {
        if self.values.is_empty() {
            self.integers.push(integer);
        } else {
            self.values.push(Value::Integer(integer));
        }
    }

    /// Returns all of them as values.
    pub(super) fn all(&mut self) -> &mut Vec<Value> {
        self.values.extend(self.integers.drain(..).map(Value::Integer));
        &mut self.values
    }

    /// Takes in the numbers that follow.
    pub(super) fn append(&mut self, mut more: Collected) {
        if self.values.is_empty() && more.values.is_empty() {
            self.integers.append(&mut more.integers);
        } else {
            self.all().append(more.all());
        }
    }

    fn len(&self) -> usize {
        self.integers.len() + self.values.len()
    }
}

/// The value at a share of the sorted values: the nearest rank, or between two neighbours by distance.
pub(super) fn percentile(mut numbers: Collected, share: Option<f64>, continuous: bool) -> Value {
    let count = numbers.len();
    let (Some(share), Some(last)) = (share, count.checked_sub(1)) else {
        return Value::Null;
    };
    numbers.values.sort_by(order);
    // Of integers alone it is enough to find the one at a place.
    let mut at = |place: usize| match &mut numbers.integers[..] {
        [] => numbers.values.get(place.min(last)).cloned().unwrap_or_default(),
        integers => Value::Integer(*integers.select_nth_unstable(place.min(last)).1),
    };
    if !continuous {
        let rank = (share * count as f64).ceil() as usize;
        return at(rank.saturating_sub(1));
    }
    let place = share * last as f64;
    let float = |value: Value| match value {
        Value::Integer(integer) => integer as f64,
        Value::Float(float) => float,
        _ => f64::NAN,
    };
    let (low, high) = (float(at(place.floor() as usize)), float(at(place.ceil() as usize)));
    let weight = place - place.floor();
    Value::Float(if weight == 0.0 { low } else { low * (1.0 - weight) + high * weight })
}
