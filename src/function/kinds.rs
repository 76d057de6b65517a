//! Sets of kinds: what a parameter takes, what a function gives.

use std::fmt;

use crate::value::Kind;

/// A set of kinds of values. Null belongs to every set: a null argument is no error of kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u32);

impl Kinds {
    /// Every kind.
    pub const ANY: Kinds = Kinds(u32::MAX);
    /// Nothing but null.
    pub const NULL: Kinds = Kinds::of(&[]);
    /// Booleans.
    pub const BOOLEAN: Kinds = Kinds::of(&[Kind::Boolean]);
    /// Integers.
    pub const INTEGER: Kinds = Kinds::of(&[Kind::Integer]);
    /// Floats.
    pub const FLOAT: Kinds = Kinds::of(&[Kind::Float]);
    /// Integers and floats.
    pub const NUMBER: Kinds = Kinds::of(&[Kind::Integer, Kind::Float]);
    /// Strings.
    pub const STRING: Kinds = Kinds::of(&[Kind::String]);
    /// Lists.
    pub const LIST: Kinds = Kinds::of(&[Kind::List]);
    /// Maps.
    pub const MAP: Kinds = Kinds::of(&[Kind::Map]);
    /// Nodes.
    pub const NODE: Kinds = Kinds::of(&[Kind::Node]);
    /// Relationships.
    pub const RELATIONSHIP: Kinds = Kinds::of(&[Kind::Relationship]);
    /// Paths.
    pub const PATH: Kinds = Kinds::of(&[Kind::Path]);
    /// Durations.
    pub const DURATION: Kinds = Kinds::of(&[Kind::Duration]);
    /// Points in time of any precision.
    pub const MOMENT: Kinds =
        Kinds::of(&[Kind::Date, Kind::LocalTime, Kind::Time, Kind::LocalDateTime, Kind::DateTime]);

    /// Returns the set of these kinds and null.
    pub const fn of(kinds: &[Kind]) -> Kinds {
        let mut bits = 1 << Kind::Null as u32;
        let mut index = 0;
        while index < kinds.len() {
            bits |= 1 << kinds[index] as u32;
            index += 1;
        }
        Kinds(bits)
    }

    /// Returns the kinds of either set.
    pub const fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// Says whether the kind belongs to the set; null always does.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u32) != 0
    }

    /// Says whether some value besides null belongs to both sets.
    pub fn overlaps(self, other: Kinds) -> bool {
        let null = 1 << Kind::Null as u32;
        self.0 & other.0 & !null != 0 || self.0 == null || other.0 == null
    }

    /// Returns the kinds besides null, in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        KINDS.into_iter().filter(move |kind| self.contains(*kind))
    }
}

/// All kinds but null.
const KINDS: [Kind; 17] = [
    Kind::Boolean,
    Kind::Integer,
    Kind::Float,
    Kind::String,
    Kind::List,
    Kind::Map,
    Kind::Date,
    Kind::LocalTime,
    Kind::Time,
    Kind::LocalDateTime,
    Kind::DateTime,
    Kind::Duration,
    Kind::PartialDate,
    Kind::Literal,
    Kind::Node,
    Kind::Relationship,
    Kind::Path,
];

/// Prints `ANY`, `NULL`, or the kinds: `STRING or LIST`.
impl fmt::Display for Kinds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Kind::name).collect();
        match names.len() {
            0 => formatter.write_str("NULL"),
            17 => formatter.write_str("ANY"),
            _ => formatter.write_str(&names.join(" or ")),
        }
    }
}

impl fmt::Debug for Kinds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_print_their_names() {
        assert_eq!(Kinds::NUMBER.or(Kinds::STRING).to_string(), "INTEGER or FLOAT or STRING");
        assert_eq!(Kinds::ANY.to_string(), "ANY");
        assert_eq!(Kinds::NULL.to_string(), "NULL");
    }

    #[test]
    fn null_fits_everywhere() {
        assert!(Kinds::NUMBER.contains(Kind::Null));
        assert!(Kinds::NULL.overlaps(Kinds::NODE));
        assert!(!Kinds::NUMBER.overlaps(Kinds::STRING));
        assert!(Kinds::NUMBER.overlaps(Kinds::INTEGER));
    }
}
