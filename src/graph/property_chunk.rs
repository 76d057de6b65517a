//! One chunk of a property's column: packed values and a small sorted delta above them.
//!
//! ```text
//!   delta    place 3 -> 7   place 9 -> nothing        the writer adds here
//!   packed   1 2 3 4 5 6 7 8 9 10 …                   shared by all snapshots until the delta is folded in
//! ```
//! The zone (least and greatest) covers packed values and delta; it may be wider than what is set, never narrower.

use std::sync::{Arc, OnceLock};

use crate::value::Value;
use crate::vector::Dictionary;

use super::packed::{Packed, PackedValues};
use super::zone::Zone;

/// A delta up to this size is never folded: folding a chunk costs about as much as carrying so few entries.
const LEAST_DELTA: usize = 32;

/// One chunk of a column.
#[derive(Clone, Debug, Default)]
pub(super) struct PropertyChunk {
    packed: Arc<Packed>,
    delta: Vec<(u16, Value)>,
    /// Found out when it is first asked for: most chunks of a file are read for one value.
    zone: OnceLock<Zone>,
}

impl PropertyChunk {
    /// Returns a chunk without delta of these values, one a place, null where not set.
    pub fn new(values: Vec<Value>, dictionary: Option<&Dictionary>) -> PropertyChunk {
        let zone = Zone::of(values.iter());
        PropertyChunk::from_packed(Packed::pack(values, dictionary), Some(zone))
    }

    /// Returns a chunk without delta of values packed already, with their zone where it is known.
    pub fn from_packed(packed: Packed, zone: Option<Zone>) -> PropertyChunk {
        let zone = zone.map_or_else(OnceLock::new, OnceLock::from);
        PropertyChunk { packed: Arc::new(packed), delta: Vec::new(), zone }
    }

    /// Returns the packed values, if there is no delta that changes them.
    #[inline]
    pub fn plain(&self) -> Option<&Packed> {
        self.delta.is_empty().then_some(&*self.packed)
    }

    /// Returns the packed values, which the delta may change.
    pub fn packed(&self) -> &Packed {
        &self.packed
    }

    /// Returns the least and greatest value.
    pub fn zone(&self, dictionary: Option<&Dictionary>) -> &Zone {
        self.zone.get_or_init(|| {
            let mut zone = self.packed.zone(dictionary);
            self.delta.iter().for_each(|(_, value)| zone.widen(value));
            zone
        })
    }

    /// Returns the value at a place; null if it is not set.
    #[inline]
    pub fn value(&self, place: usize, dictionary: Option<&Dictionary>) -> Value {
        if !self.delta.is_empty()
            && let Ok(entry) = self.delta.binary_search_by_key(&(place as u16), |entry| entry.0)
        {
            return self.delta[entry].1.clone();
        }
        self.packed.value(place, dictionary)
    }

    /// Says whether a place is set.
    #[inline]
    pub fn contains(&self, place: usize) -> bool {
        match self.delta.binary_search_by_key(&(place as u16), |entry| entry.0) {
            Ok(entry) => !self.delta[entry].1.is_null(),
            Err(_) => self.packed.contains(place),
        }
    }

    /// Returns one more than the last place that may be set.
    pub fn len(&self) -> usize {
        let delta = self.delta.last().map_or(0, |entry| entry.0 as usize + 1);
        self.packed.len().max(delta)
    }

    /// Sets the value at a place; null takes it away.
    pub fn set(&mut self, place: usize, value: Value, dictionary: Option<&Dictionary>) {
        if let Some(zone) = self.zone.get_mut() {
            zone.widen(&value);
        }
        if self.delta.is_empty() && self.append(place, &value, dictionary) {
            return;
        }
        match self.delta.binary_search_by_key(&(place as u16), |entry| entry.0) {
            Ok(entry) => self.delta[entry].1 = value,
            Err(entry) => self.delta.insert(entry, (place as u16, value)),
        }
        if self.delta.len() > LEAST_DELTA.max(self.packed.len() / 8) {
            self.fold(dictionary);
        }
    }

    /// Appends a value to packed values that nobody else holds, if it fits; what is filled in order needs no delta.
    fn append(&mut self, place: usize, value: &Value, dictionary: Option<&Dictionary>) -> bool {
        let Some(packed) = Arc::get_mut(&mut self.packed) else {
            return false;
        };
        let len = packed.len();
        if len == 0 || place < len || value.is_null() || !packed.values.skip(place - len) {
            return false;
        }
        if place > len && packed.present.is_none() {
            packed.present.get_or_insert_default().insert_first(len);
        }
        let done = match (&mut packed.values, value) {
            (PackedValues::Integer(values), Value::Integer(value)) => values.push(*value),
            (PackedValues::Boolean(values), Value::Boolean(value)) => push(values, *value),
            (PackedValues::Float(values), Value::Float(value)) => push(values, *value),
            (PackedValues::Code(values), Value::String(text)) => {
                let code = dictionary.and_then(|dictionary| dictionary.code(text));
                code.is_some_and(|code| push(values, code as u16))
            }
            (PackedValues::String(values), Value::String(text)) if dictionary.is_none() => values.push(text),
            (PackedValues::Mixed(values), value) => push(values, value.clone()),
            _ => false,
        };
        if done && let Some(present) = &mut packed.present {
            present.insert(place);
        }
        done
    }

    /// Brings the delta into the packed values.
    pub fn fold(&mut self, dictionary: Option<&Dictionary>) {
        let values = self.values(dictionary);
        *self = PropertyChunk::new(values, dictionary);
    }

    /// Returns the values of all places, null where not set.
    pub fn values(&self, dictionary: Option<&Dictionary>) -> Vec<Value> {
        let mut values: Vec<Value> = (0..self.len()).map(|place| self.packed.value(place, dictionary)).collect();
        for (place, value) in &self.delta {
            values[*place as usize] = value.clone();
        }
        while values.last().is_some_and(Value::is_null) {
            values.pop();
        }
        values
    }
}

fn push<T>(values: &mut Vec<T>, value: T) -> bool {
    values.push(value);
    true
}
