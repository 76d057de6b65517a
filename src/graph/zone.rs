//! Zones: the least and greatest value of a chunk, so that a scan can pass it by.

use smol_str::SmolStr;

use crate::value::Value;

/// What is known of all values of a chunk that are set. It may be wider than they are, never narrower.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Zone {
    /// Nothing is set.
    #[default]
    Empty,
    /// All are integers from the first to the second.
    Integers(i64, i64),
    /// All are numbers from the first to the second, none is NaN; an integer among them was rounded outward.
    Floats(f64, f64),
    /// All are strings from the first to the second, by code point.
    Strings(SmolStr, SmolStr),
    /// They are of different or other kinds.
    Any,
}

impl Zone {
    /// Returns the zone of these values; nulls are passed over.
    pub fn of<'a>(values: impl Iterator<Item = &'a Value>) -> Zone {
        let mut zone = Zone::Empty;
        for value in values {
            zone.widen(value);
        }
        zone
    }

    /// Takes a value in; a null changes nothing.
    pub fn widen(&mut self, value: &Value) {
        match (&mut *self, value) {
            (_, Value::Null) | (Zone::Any, _) => {}
            (Zone::Empty, Value::Integer(value)) => *self = Zone::Integers(*value, *value),
            (Zone::Empty, Value::Float(value)) if !value.is_nan() => *self = Zone::Floats(*value, *value),
            (Zone::Empty, Value::String(value)) => *self = Zone::Strings(value.clone(), value.clone()),
            (Zone::Integers(least, greatest), Value::Integer(value)) => {
                *least = (*least).min(*value);
                *greatest = (*greatest).max(*value);
            }
            (Zone::Integers(least, greatest), Value::Float(value)) if !value.is_nan() => {
                let (low, high) = (below(*least), above(*greatest));
                *self = Zone::Floats(low.min(*value), high.max(*value));
            }
            (Zone::Floats(least, greatest), Value::Float(value)) if !value.is_nan() => {
                *least = least.min(*value);
                *greatest = greatest.max(*value);
            }
            (Zone::Floats(least, greatest), Value::Integer(value)) => {
                *least = least.min(below(*value));
                *greatest = greatest.max(above(*value));
            }
            (Zone::Strings(least, greatest), Value::String(value)) => {
                if *value < *least {
                    *least = value.clone();
                } else if *value > *greatest {
                    *greatest = value.clone();
                }
            }
            _ => *self = Zone::Any,
        }
    }

    /// Takes all values of another zone in.
    pub fn join(&mut self, other: &Zone) {
        match other {
            Zone::Empty => {}
            Zone::Any => *self = Zone::Any,
            Zone::Integers(least, greatest) => {
                self.widen(&Value::Integer(*least));
                self.widen(&Value::Integer(*greatest));
            }
            Zone::Floats(least, greatest) => {
                self.widen(&Value::Float(*least));
                self.widen(&Value::Float(*greatest));
            }
            Zone::Strings(least, greatest) => {
                self.widen(&Value::String(least.clone()));
                self.widen(&Value::String(greatest.clone()));
            }
        }
    }
}

/// Returns a float that is not above the integer.
fn below(value: i64) -> f64 {
    (value as f64).next_down()
}

/// Returns a float that is not below the integer.
fn above(value: i64) -> f64 {
    (value as f64).next_up()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_covers_what_it_took_in() {
        assert_eq!(Zone::of([Value::Null].iter()), Zone::Empty);
        assert_eq!(Zone::of([Value::Integer(3), Value::Null, Value::Integer(-1)].iter()), Zone::Integers(-1, 3));
        let mixed = Zone::of([Value::Integer(i64::MAX), Value::Float(0.5)].iter());
        assert!(
            matches!(mixed, Zone::Floats(least, greatest) if least == 0.5 && greatest >= 9.3e18 || greatest > 9.2e18)
        );
        assert_eq!(Zone::of([Value::Float(f64::NAN)].iter()), Zone::Any);
        assert_eq!(Zone::of([Value::string("b"), Value::string("a")].iter()), Zone::Strings("a".into(), "b".into()));
        assert_eq!(Zone::of([Value::Integer(1), Value::string("a")].iter()), Zone::Any);
    }
}
