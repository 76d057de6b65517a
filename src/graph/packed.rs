//! Packed values of one chunk: one kind densely, integers in the width their range needs.
//!
//! Values are immutable once packed; what changes lies in the delta of [`super::property_chunk`]. A packed chunk may be shorter than its
//! slots: nothing is set beyond its end.

use crate::value::Value;
use crate::vector::Dictionary;

use super::slots::PlaceSet;
use super::texts::Texts;
use super::zone::Zone;

/// The values of one chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct Packed {
    /// The values; what stands at places not set means nothing.
    pub values: PackedValues,
    /// The places that are set; all below the length where there is none.
    pub present: Option<Box<PlaceSet>>,
}

/// Values of one kind, or of any.
#[derive(Clone, Debug)]
pub(super) enum PackedValues {
    /// Booleans.
    Boolean(Vec<bool>),
    /// Integers, as distances from the least.
    Integer(PackedIntegers),
    /// Floats.
    Float(Vec<f64>),
    /// Strings as codes of the property's dictionary.
    Code(Vec<u16>),
    /// Strings.
    String(Texts),
    /// Values of any kind.
    Mixed(Vec<Value>),
}

/// Integers as unsigned distances from the least of them.
#[derive(Clone, Debug)]
pub(super) enum PackedIntegers {
    /// In one byte each.
    One(i64, Vec<u8>),
    /// In two bytes each.
    Two(i64, Vec<u16>),
    /// In four bytes each.
    Four(i64, Vec<u32>),
    /// As they are.
    Eight(Vec<i64>),
}

impl Default for PackedValues {
    fn default() -> Self {
        PackedValues::Mixed(Vec::new())
    }
}

impl PackedIntegers {
    /// Packs integers; places that are not set should hold one of the others.
    pub fn pack(values: &[i64]) -> PackedIntegers {
        let least = values.iter().copied().min().unwrap_or(0);
        let greatest = values.iter().copied().max().unwrap_or(0);
        let range = greatest.wrapping_sub(least) as u64;
        let distance = |value: &i64| value.wrapping_sub(least) as u64;
        if range <= u64::from(u8::MAX) {
            PackedIntegers::One(least, values.iter().map(|value| distance(value) as u8).collect())
        } else if range <= u64::from(u16::MAX) {
            PackedIntegers::Two(least, values.iter().map(|value| distance(value) as u16).collect())
        } else if range <= u64::from(u32::MAX) {
            PackedIntegers::Four(least, values.iter().map(|value| distance(value) as u32).collect())
        } else {
            PackedIntegers::Eight(values.to_vec())
        }
    }

    /// Returns an integer.
    #[inline]
    pub fn get(&self, place: usize) -> i64 {
        match self {
            PackedIntegers::One(least, values) => least.wrapping_add(i64::from(values[place])),
            PackedIntegers::Two(least, values) => least.wrapping_add(i64::from(values[place])),
            PackedIntegers::Four(least, values) => least.wrapping_add(i64::from(values[place])),
            PackedIntegers::Eight(values) => values[place],
        }
    }

    /// Appends an integer if the width allows and says whether it did.
    pub fn push(&mut self, value: i64) -> bool {
        let fits = |least: &i64, limit: u64| {
            let distance = value.wrapping_sub(*least) as u64;
            (value >= *least && distance <= limit).then_some(distance)
        };
        match self {
            PackedIntegers::One(least, values) => {
                fits(least, u64::from(u8::MAX)).map(|distance| values.push(distance as u8)).is_some()
            }
            PackedIntegers::Two(least, values) => {
                fits(least, u64::from(u16::MAX)).map(|distance| values.push(distance as u16)).is_some()
            }
            PackedIntegers::Four(least, values) => {
                fits(least, u64::from(u32::MAX)).map(|distance| values.push(distance as u32)).is_some()
            }
            PackedIntegers::Eight(values) => {
                values.push(value);
                true
            }
        }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        match self {
            PackedIntegers::One(_, values) => values.len(),
            PackedIntegers::Two(_, values) => values.len(),
            PackedIntegers::Four(_, values) => values.len(),
            PackedIntegers::Eight(values) => values.len(),
        }
    }

    /// Appends the integers of a range of places.
    #[cfg(test)]
    pub fn extend_range(&self, out: &mut Vec<i64>, range: std::ops::Range<usize>) {
        match self {
            PackedIntegers::One(least, values) => {
                out.extend(values[range].iter().map(|distance| least.wrapping_add(i64::from(*distance))));
            }
            PackedIntegers::Two(least, values) => {
                out.extend(values[range].iter().map(|distance| least.wrapping_add(i64::from(*distance))));
            }
            PackedIntegers::Four(least, values) => {
                out.extend(values[range].iter().map(|distance| least.wrapping_add(i64::from(*distance))));
            }
            PackedIntegers::Eight(values) => out.extend_from_slice(&values[range]),
        }
    }
}

impl PackedValues {
    /// Returns how many there are.
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            PackedValues::Boolean(values) => values.len(),
            PackedValues::Integer(values) => values.len(),
            PackedValues::Float(values) => values.len(),
            PackedValues::Code(values) => values.len(),
            PackedValues::String(values) => values.len(),
            PackedValues::Mixed(values) => values.len(),
        }
    }

    /// Appends so many that mean nothing, if there is such a value, and says whether there is.
    pub fn skip(&mut self, count: usize) -> bool {
        match self {
            PackedValues::Boolean(values) => values.extend(std::iter::repeat_n(false, count)),
            PackedValues::Integer(values) => {
                let Some(last) = values.len().checked_sub(1).map(|last| values.get(last)) else { return count == 0 };
                (0..count).for_each(|_| {
                    values.push(last);
                });
            }
            PackedValues::Float(values) => values.extend(std::iter::repeat_n(0.0, count)),
            PackedValues::Code(codes) => codes.extend(std::iter::repeat_n(0, count)),
            PackedValues::String(values) => return (0..count).all(|_| values.push("")),
            PackedValues::Mixed(values) => values.extend(std::iter::repeat_n(Value::Null, count)),
        }
        true
    }

    /// Returns one of them.
    #[inline]
    pub fn value(&self, place: usize, dictionary: Option<&Dictionary>) -> Value {
        match self {
            PackedValues::Boolean(values) => Value::Boolean(values[place]),
            PackedValues::Integer(values) => Value::Integer(values.get(place)),
            PackedValues::Float(values) => Value::Float(values[place]),
            PackedValues::Code(values) => {
                let dictionary = dictionary.expect("a column with codes has a dictionary");
                Value::String(dictionary.string(u32::from(values[place])).clone())
            }
            PackedValues::String(values) => Value::String(values.string(place)),
            PackedValues::Mixed(values) => values[place].clone(),
        }
    }
}

fn ends<T: Copy + Ord>(mut values: impl Iterator<Item = T>) -> Option<(T, T)> {
    let first = values.next()?;
    Some(values.fold((first, first), |(least, greatest), value| (least.min(value), greatest.max(value))))
}

fn string_zone<'a>(strings: impl Iterator<Item = &'a str>) -> Zone {
    ends(strings).map_or(Zone::Empty, |(least, greatest)| Zone::Strings(least.into(), greatest.into()))
}

impl Packed {
    /// Returns one more than the last place that may be set.
    #[inline]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Says whether a place is set.
    #[inline]
    pub fn contains(&self, place: usize) -> bool {
        place < self.len() && self.present.as_ref().is_none_or(|present| present.contains(place))
    }

    /// Returns the value of a place; null if it is not set.
    #[inline]
    pub fn value(&self, place: usize, dictionary: Option<&Dictionary>) -> Value {
        if self.contains(place) { self.values.value(place, dictionary) } else { Value::Null }
    }

    /// Returns the least and greatest value.
    pub fn zone(&self, dictionary: Option<&Dictionary>) -> Zone {
        let places = (0..self.len()).filter(|place| self.contains(*place));
        match &self.values {
            PackedValues::Integer(values) => ends(places.map(|place| values.get(place)))
                .map_or(Zone::Empty, |(least, most)| Zone::Integers(least, most)),
            PackedValues::String(values) => string_zone(places.map(|place| values.get(place))),
            PackedValues::Code(codes) => {
                let mut used: Vec<u16> = places.map(|place| codes[place]).collect();
                used.sort_unstable();
                used.dedup();
                let strings = dictionary.map(|dictionary| used.iter().map(|code| dictionary.string(u32::from(*code))));
                string_zone(strings.into_iter().flatten().map(|string| string.as_str()))
            }
            _ => {
                let mut zone = Zone::Empty;
                places.for_each(|place| zone.widen(&self.value(place, dictionary)));
                zone
            }
        }
    }

    /// Packs values, one a place, null where not set; strings as codes where a dictionary is given, which has them all.
    pub fn pack(values: Vec<Value>, dictionary: Option<&Dictionary>) -> Packed {
        let mut kinds = values.iter().filter(|value| !value.is_null()).map(Value::kind);
        let Some(first) = kinds.next() else {
            return Packed::default();
        };
        let uniform = kinds.all(|kind| kind == first);
        let mut present = PlaceSet::default();
        let mut any_absent = false;
        for (place, value) in values.iter().enumerate() {
            if value.is_null() {
                any_absent = true;
            } else {
                present.insert(place);
            }
        }
        let present = any_absent.then(|| Box::new(present));
        let values = if uniform { pack_uniform(values, dictionary) } else { PackedValues::Mixed(values) };
        Packed { values, present }
    }
}

fn pack_uniform(values: Vec<Value>, dictionary: Option<&Dictionary>) -> PackedValues {
    match values.iter().find(|value| !value.is_null()) {
        Some(Value::Boolean(_)) => {
            PackedValues::Boolean(values.iter().map(|value| matches!(value, Value::Boolean(true))).collect())
        }
        Some(Value::Integer(first)) => {
            let integer = |value: &Value| if let Value::Integer(integer) = value { *integer } else { *first };
            PackedValues::Integer(PackedIntegers::pack(&values.iter().map(integer).collect::<Vec<_>>()))
        }
        Some(Value::Float(_)) => {
            let float = |value: &Value| if let Value::Float(float) = value { *float } else { 0.0 };
            PackedValues::Float(values.iter().map(float).collect())
        }
        Some(Value::String(_)) => pack_strings(values, dictionary),
        _ => PackedValues::Mixed(values),
    }
}

fn pack_strings(values: Vec<Value>, dictionary: Option<&Dictionary>) -> PackedValues {
    if let Some(dictionary) = dictionary {
        let code = |value: &Value| match value {
            Value::String(text) => dictionary.code(text).expect("a property's dictionary has all its strings") as u16,
            _ => 0,
        };
        return PackedValues::Code(values.iter().map(code).collect());
    }
    match Texts::of(values.iter().map(|value| if let Value::String(text) = value { text.as_str() } else { "" })) {
        Some(texts) => PackedValues::String(texts),
        None => PackedValues::Mixed(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_take_the_width_of_their_range() {
        for values in
            [vec![1000, 1001, 1255], vec![-70_000, -5_000], vec![0, 1 << 32], vec![i64::MIN, 0, i64::MAX], vec![]]
        {
            let packed = PackedIntegers::pack(&values);
            let read: Vec<i64> = (0..packed.len()).map(|place| packed.get(place)).collect();
            assert_eq!(read, values);
            let mut extended = Vec::new();
            packed.extend_range(&mut extended, 0..packed.len());
            assert_eq!(extended, values);
        }
        assert!(matches!(PackedIntegers::pack(&[1000, 1255]), PackedIntegers::One(1000, _)));
        assert!(matches!(PackedIntegers::pack(&[i64::MIN, i64::MAX]), PackedIntegers::Eight(_)));
    }
}
