//! Definitions of indexes and constraints: what each is called, over which elements and properties, and what it is for.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::value::{Kind, Value};

use super::id::{LabelId, PropertyKeyId, RelationshipTypeId};

/// What an index or constraint is called and what it is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexDefinition {
    /// Its name.
    pub name: SmolStr,
    /// The elements it is over.
    pub target: IndexTarget,
    /// The properties it is over, in order; at least one.
    pub keys: Vec<PropertyKeyId>,
    /// What it is for.
    pub kind: IndexKind,
}

/// The elements that an index is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum IndexTarget {
    /// The nodes of a label.
    Node(LabelId),
    /// The relationships of a type.
    Relationship(RelationshipTypeId),
}

/// What an index is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum IndexKind {
    /// Equality, ranges, prefixes and order.
    Range,
    /// The same, and no value may be there twice.
    Unique,
    /// Strings, by what they contain.
    Text,
    /// As [`IndexKind::Unique`], and every element must have all the properties.
    Key,
    /// Every element must have the property.
    Exists,
    /// The property's values must be of these types.
    Typed(PropertyTypes),
}

/// Types that a property's values may have: a set of kinds, and a set of kinds of a list's items.
///
/// A bit stands for a kind, in the order of [`PropertyTypes::KINDS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PropertyTypes {
    /// What a value may be.
    pub plain: u16,
    /// What the items of a list may be; a list is refused where this is empty.
    pub items: u16,
    /// Whether the property must be there.
    pub required: bool,
}

impl PropertyTypes {
    /// The kinds, by bit. A date may be known to its month or year only; null stands for items that are not there.
    const KINDS: [(Kind, &'static str); 12] = [
        (Kind::Null, "NULL"),
        (Kind::Boolean, "BOOLEAN"),
        (Kind::Integer, "INTEGER"),
        (Kind::Float, "FLOAT"),
        (Kind::String, "STRING"),
        (Kind::Date, "DATE"),
        (Kind::LocalTime, "LOCAL TIME"),
        (Kind::Time, "ZONED TIME"),
        (Kind::LocalDateTime, "LOCAL DATETIME"),
        (Kind::DateTime, "ZONED DATETIME"),
        (Kind::Duration, "DURATION"),
        (Kind::Literal, "LITERAL"),
    ];

    /// Returns the bit of a kind; none for what no property holds, and for lists.
    pub fn bit(kind: Kind) -> u16 {
        let kind = if kind == Kind::PartialDate { Kind::Date } else { kind };
        Self::KINDS.iter().position(|(known, _)| *known == kind).map_or(0, |place| 1 << place)
    }

    /// Returns all kinds, null among them.
    pub fn any() -> u16 {
        (1 << Self::KINDS.len()) - 1
    }

    /// Says whether a value is of these types; a missing one always is.
    pub fn allow(&self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::List(items) => self.items != 0 && items.iter().all(|item| self.items & Self::bit(item.kind()) != 0),
            value => self.plain & Self::bit(value.kind()) != 0,
        }
    }

    /// Returns the types in the words of the language.
    pub fn words(&self) -> String {
        let null = Self::bit(Kind::Null);
        let mut names = Vec::new();
        match self.plain & !null {
            0 => {}
            all if all == Self::any() & !null => names.push("ANY".to_owned()),
            some => names.extend(of_bits(some).map(str::to_owned)),
        }
        if self.items != 0 {
            let inner = match self.items & !null {
                all if all == Self::any() & !null => "ANY".to_owned(),
                some => of_bits(some).collect::<Vec<_>>().join(" | "),
            };
            let not_null = if self.items & null == 0 { " NOT NULL" } else { "" };
            names.push(format!("LIST<{inner}{not_null}>"));
        }
        let not_null = if self.required { " NOT NULL" } else { "" };
        names.iter().map(|name| format!("{name}{not_null}")).collect::<Vec<_>>().join(" | ")
    }

    /// Returns the types that are written so in the words of the language, as [`PropertyTypes::words`] writes them; none for other texts.
    pub fn read(words: &str) -> Option<PropertyTypes> {
        let required = words.ends_with(" NOT NULL");
        let mut types = PropertyTypes { required, ..PropertyTypes::default() };
        let mut rest = Some(words);
        while let Some(text) = rest {
            // What stands between the types of a list's items belongs to the list.
            let ahead = if text.starts_with("LIST<") { text.find('>')? } else { 0 };
            let (one, behind) = match text[ahead..].find(" | ") {
                Some(place) => (&text[..ahead + place], Some(&text[ahead + place + 3..])),
                None => (text, None),
            };
            rest = behind;
            let one = if required { one.strip_suffix(" NOT NULL")? } else { one };
            match one.strip_prefix("LIST<") {
                None => types.plain |= bits_of(one)?,
                Some(items) => {
                    let items = items.strip_suffix('>')?;
                    let (items, null) = match items.strip_suffix(" NOT NULL") {
                        Some(items) => (items, 0),
                        None => (items, Self::bit(Kind::Null)),
                    };
                    types.items |= items.split(" | ").try_fold(null, |bits, item| Some(bits | bits_of(item)?))?;
                }
            }
        }
        Some(types)
    }
}

fn bits_of(name: &str) -> Option<u16> {
    if name == "ANY" {
        return Some(PropertyTypes::any());
    }
    // Null is no type of its own.
    let mut kinds = PropertyTypes::KINDS.iter().skip(1);
    kinds.find(|(_, known)| *known == name).map(|(kind, _)| PropertyTypes::bit(*kind))
}

fn of_bits(bits: u16) -> impl Iterator<Item = &'static str> {
    PropertyTypes::KINDS.iter().enumerate().filter(move |(place, _)| bits >> place & 1 == 1).map(|(_, (_, name))| *name)
}

impl IndexKind {
    /// Says whether this kind refuses writes, so that people call it a constraint.
    pub fn is_constraint(self) -> bool {
        !matches!(self, IndexKind::Range | IndexKind::Text)
    }

    /// Says whether no value may be there twice.
    pub fn is_unique(self) -> bool {
        matches!(self, IndexKind::Unique | IndexKind::Key)
    }

    /// Says whether elements stand in it in order of their values.
    pub fn is_ordered(self) -> bool {
        matches!(self, IndexKind::Range | IndexKind::Unique | IndexKind::Key)
    }

    /// Says whether it has entries at all.
    pub fn has_entries(self) -> bool {
        self.is_ordered() || self == IndexKind::Text
    }

    /// Says whether it asks something of each element by itself.
    pub fn is_rule(self) -> bool {
        matches!(self, IndexKind::Key | IndexKind::Exists | IndexKind::Typed(_))
    }

    /// Says whether every element must have the properties.
    pub fn is_required(self) -> bool {
        match self {
            IndexKind::Key | IndexKind::Exists => true,
            IndexKind::Typed(types) => types.required,
            IndexKind::Range | IndexKind::Unique | IndexKind::Text => false,
        }
    }

    /// Returns the number under which it is stored.
    pub fn code(self) -> u8 {
        match self {
            IndexKind::Range => 0,
            IndexKind::Unique => 1,
            IndexKind::Text => 2,
            IndexKind::Key => 3,
            IndexKind::Exists => 4,
            IndexKind::Typed(_) => 5,
        }
    }
}

impl IndexDefinition {
    /// Returns a definition over one property.
    pub fn single(name: SmolStr, target: IndexTarget, key: PropertyKeyId, kind: IndexKind) -> IndexDefinition {
        IndexDefinition { name, target, keys: vec![key], kind }
    }

    /// Says whether both do the same over the same properties; two constraints on the type of one property always do.
    pub fn is_same(&self, other: &IndexDefinition) -> bool {
        self.target == other.target && self.keys == other.keys && self.kind.code() == other.kind.code()
    }

    /// Returns a number that tells indexes over the same elements and first property apart: the kind, and a sum over the other properties.
    ///
    /// The sum is FNV-1a, cut to 28 bits.
    pub fn sort(&self) -> u32 {
        let rest = self.keys.iter().skip(1).flat_map(|key| key.0.to_le_bytes());
        let sum = rest.fold(0x811c_9dc5u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let sum = if self.keys.len() == 1 { 0 } else { sum & 0x0fff_ffff };
        u32::from(self.kind.code()) | sum << 4
    }

    /// Returns the value that an ordered index keeps for an element: that of its property, or the list of several; null if the first is
    /// missing. Whoever asks for the first only must find those too that lack another, so nulls stand in the list.
    pub fn value(&self, value_of: impl Fn(PropertyKeyId) -> Value) -> Value {
        if let [key] = self.keys.as_slice() {
            return value_of(*key);
        }
        let values: Vec<Value> = self.keys.iter().map(|key| value_of(*key)).collect();
        if values.first().is_none_or(Value::is_null) { Value::Null } else { Value::list(values) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_read_back_what_their_words_say() {
        let (number, text) = (PropertyTypes::bit(Kind::Integer) | PropertyTypes::bit(Kind::Float), 1 << 4);
        let null = PropertyTypes::bit(Kind::Null);
        for (plain, items) in
            [(number, 0), (text, 0), (0, number), (0, text | null), (number, text | null), (number, number)]
        {
            for required in [false, true] {
                let types = PropertyTypes { plain, items, required };
                assert_eq!(PropertyTypes::read(&types.words()), Some(types), "{}", types.words());
            }
        }
        let any = PropertyTypes { plain: PropertyTypes::any(), items: PropertyTypes::any(), required: false };
        assert_eq!(PropertyTypes::read(&any.words()), Some(any));
        for wrong in [
            "",
            "NUMBER",
            "NULL",
            "INTEGER |",
            "INTEGER NOT NULL | FLOAT",
            "FLOAT | INTEGER NOT NULL",
            "LIST<>",
            "LIST<INTEGER",
        ] {
            assert_eq!(PropertyTypes::read(wrong), None, "{wrong}");
        }
    }
}
