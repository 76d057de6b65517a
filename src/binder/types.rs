//! What is known of a value without data: the set of kinds it may have, and for lists what their items may be.
//!
//! Null is in no set, since every expression may be null; a set without any kind is the type of the literal `null`, which fits everywhere.
//! An error is raised only where no kind in the set could be right: what may be right is left to run time.

use crate::function::Kinds;
use crate::value::Kind;

/// The kinds that a value may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    kinds: u32,
    /// What the items may be, where the value may be a list of which more is known than that.
    items: Option<Box<Type>>,
}

impl Type {
    /// Any value.
    pub const ANY: Type = Type { kinds: u32::MAX, items: None };
    /// Null and nothing else.
    pub const NULL: Type = Type { kinds: 0, items: None };
    /// True or false.
    pub const BOOLEAN: Type = Type::of(Kind::Boolean);
    /// An integer.
    pub const INTEGER: Type = Type::of(Kind::Integer);
    /// A float.
    pub const FLOAT: Type = Type::of(Kind::Float);
    /// An integer or a float.
    pub const NUMBER: Type = Type::of_all(&[Kind::Integer, Kind::Float]);
    /// A string.
    pub const STRING: Type = Type::of(Kind::String);
    /// A map.
    pub const MAP: Type = Type::of(Kind::Map);
    /// A list of anything.
    pub const LIST: Type = Type::of(Kind::List);
    /// A node.
    pub const NODE: Type = Type::of(Kind::Node);
    /// A relationship.
    pub const RELATIONSHIP: Type = Type::of(Kind::Relationship);
    /// A path.
    pub const PATH: Type = Type::of(Kind::Path);
    /// A node or a relationship.
    pub const ELEMENT: Type = Type::of_all(&[Kind::Node, Kind::Relationship]);
    /// A node, a relationship or a path: what can be deleted.
    pub const DELETABLE: Type = Type::of_all(&[Kind::Node, Kind::Relationship, Kind::Path]);
    /// What has properties, entries or parts under names.
    pub const WITH_PARTS: Type = Type::of_all(&[
        Kind::Node,
        Kind::Relationship,
        Kind::Map,
        Kind::Date,
        Kind::LocalTime,
        Kind::Time,
        Kind::LocalDateTime,
        Kind::DateTime,
        Kind::Duration,
        Kind::PartialDate,
        Kind::Literal,
    ]);
    /// A duration, or a point in time that one can be added to.
    pub const TEMPORAL: Type = Type::of_all(&[
        Kind::Date,
        Kind::LocalTime,
        Kind::Time,
        Kind::LocalDateTime,
        Kind::DateTime,
        Kind::Duration,
        Kind::PartialDate,
    ]);

    /// Returns the type of one kind.
    pub const fn of(kind: Kind) -> Type {
        match kind {
            Kind::Null => Type::NULL,
            _ => Type { kinds: 1 << kind as u32, items: None },
        }
    }

    /// Returns the type of several kinds.
    pub const fn of_all(kinds: &[Kind]) -> Type {
        let (mut set, mut place) = (0, 0);
        while place < kinds.len() {
            set |= 1 << kinds[place] as u32;
            place += 1;
        }
        Type { kinds: set, items: None }
    }

    /// Returns the type of a list with such items.
    pub fn list_of(items: Type) -> Type {
        let items = if items == Type::ANY { None } else { Some(Box::new(items)) };
        Type { kinds: Type::LIST.kinds, items }
    }

    /// Says whether the value is null whatever the data.
    pub fn is_null(&self) -> bool {
        self.kinds == 0
    }

    /// Says whether the value may have one of the kinds of `accepted`, or be null.
    pub fn may_be(&self, accepted: &Type) -> bool {
        self.kinds == 0 || self.kinds & accepted.kinds != 0
    }

    /// Says whether the value is of this kind or null, and not always null.
    pub fn is(&self, kind: Kind) -> bool {
        self.kinds != 0 && self.kinds == Type::of(kind).kinds
    }

    /// Says whether the value has one of the kinds of `accepted`, or is null, and is not always null.
    pub fn is_one_of(&self, accepted: &Type) -> bool {
        self.kinds != 0 && self.kinds & !accepted.kinds == 0
    }

    /// Says whether no value of this type equals, or has an order with, any of the other; only of plain kinds is that known.
    pub fn never_compares_with(&self, other: &Type) -> bool {
        let groups = [&Type::NUMBER, &Type::TEMPORAL, &Type::STRING, &Type::BOOLEAN];
        let group = |one: &Type| groups.iter().position(|group| one.is_one_of(group));
        matches!((group(self), group(other)), (Some(left), Some(right)) if left != right)
    }

    /// Returns the type of the items, if this is a list.
    pub fn item(&self) -> Type {
        if !self.may_be(&Type::LIST) {
            return Type::ANY;
        }
        match &self.items {
            Some(items) => Type::clone(items),
            None if self.kinds == 0 => Type::NULL,
            None => Type::ANY,
        }
    }

    /// Returns the type of what may be either.
    pub fn or(self, other: Type) -> Type {
        let lists = Type::LIST.kinds;
        let items = match (self.kinds & lists != 0, other.kinds & lists != 0) {
            (true, true) => match (self.items, other.items) {
                (Some(left), Some(right)) => Some(Box::new(left.or(*right))),
                _ => None,
            },
            (true, false) => self.items,
            _ => other.items,
        };
        Type { kinds: self.kinds | other.kinds, items }
    }
}

impl From<Kinds> for Type {
    fn from(kinds: Kinds) -> Self {
        if kinds == Kinds::ANY {
            return Type::ANY;
        }
        kinds.iter().fold(Type::NULL, |joined, kind| joined.or(Type::of(kind)))
    }
}

impl std::fmt::Display for Type {
    /// Writes the kinds in words, as messages name them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.kinds == u32::MAX {
            return f.write_str("any value");
        }
        let named: Vec<&str> =
            NAMES.iter().filter(|(kind, _)| self.kinds & Type::of(*kind).kinds != 0).map(|(_, name)| *name).collect();
        match named.as_slice() {
            [] => f.write_str("null"),
            [only] => f.write_str(only),
            [rest @ .., last] => write!(f, "{} or {last}", rest.join(", ")),
        }
    }
}

/// The words for the kinds, in the order in which they are listed.
const NAMES: [(Kind, &str); 17] = [
    (Kind::Boolean, "a boolean"),
    (Kind::Integer, "an integer"),
    (Kind::Float, "a float"),
    (Kind::String, "a string"),
    (Kind::List, "a list"),
    (Kind::Map, "a map"),
    (Kind::Node, "a node"),
    (Kind::Relationship, "a relationship"),
    (Kind::Path, "a path"),
    (Kind::Date, "a date"),
    (Kind::PartialDate, "a partial date"),
    (Kind::LocalTime, "a local time"),
    (Kind::Time, "a time"),
    (Kind::LocalDateTime, "a local date-time"),
    (Kind::DateTime, "a date-time"),
    (Kind::Duration, "a duration"),
    (Kind::Literal, "a literal"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_fits_everywhere_and_any_may_be_everything() {
        assert!(Type::NULL.may_be(&Type::BOOLEAN));
        assert!(Type::ANY.may_be(&Type::BOOLEAN));
        assert!(!Type::STRING.may_be(&Type::BOOLEAN));
        assert!(!Type::NULL.is(Kind::Node) && !Type::ANY.is(Kind::Node));
    }

    #[test]
    fn items_of_lists_are_joined() {
        let list = Type::list_of(Type::NODE).or(Type::list_of(Type::STRING));
        assert_eq!(list.item().to_string(), "a string or a node");
        assert_eq!(Type::list_of(Type::NODE).or(Type::NULL).item(), Type::NODE);
        assert_eq!(Type::list_of(Type::NODE).or(Type::LIST).item(), Type::ANY);
        assert_eq!(Type::list_of(Type::NULL).item(), Type::NULL);
    }
}
