//! Claims: a source states, at a place, a value or the existence of something, as of a date, with a rank.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::value::temporal::{Date, PartialDate};
use crate::value::{NodeId, RelationshipId, Value};

/// A claim's slot in its graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClaimId(pub u32);

/// What a claim speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// A node.
    Node(NodeId),
    /// A relationship.
    Relationship(RelationshipId),
}

/// What a claim states of its subject.
#[derive(Clone, Debug)]
pub enum Statement {
    /// That it exists; for a node with these labels, for a relationship with none.
    Existence {
        /// The labels stated, by name.
        labels: Vec<SmolStr>,
    },
    /// That a property has a value.
    Property {
        /// The property key, by name.
        key: SmolStr,
        /// The value.
        value: Value,
    },
}

/// How much a claim weighs against others on the same matter, as in Wikidata.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// Known to be wrong: kept, never wins.
    Deprecated,
    /// As good as others.
    #[default]
    Normal,
    /// The best supported.
    Preferred,
}

impl Rank {
    /// Returns the rank of a name.
    pub fn named(name: &str) -> Option<Rank> {
        match name {
            "deprecated" => Some(Rank::Deprecated),
            "normal" => Some(Rank::Normal),
            "preferred" => Some(Rank::Preferred),
            _ => None,
        }
    }

    /// Returns the name.
    pub fn name(self) -> &'static str {
        match self {
            Rank::Deprecated => "deprecated",
            Rank::Normal => "normal",
            Rank::Preferred => "preferred",
        }
    }
}

/// How a stated number relates to the true one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    /// The number itself.
    #[default]
    Exact,
    /// Around it.
    About,
    /// Just under it.
    Nearly,
    /// More than it.
    MoreThan,
    /// Less than it.
    LessThan,
    /// It or more.
    AtLeast,
    /// It or less.
    AtMost,
    /// Within a range that it stands for.
    Range,
}

const COMPARATORS: [(Comparator, &str); 8] = [
    (Comparator::Exact, "exact"),
    (Comparator::About, "about"),
    (Comparator::Nearly, "nearly"),
    (Comparator::MoreThan, "more_than"),
    (Comparator::LessThan, "less_than"),
    (Comparator::AtLeast, "at_least"),
    (Comparator::AtMost, "at_most"),
    (Comparator::Range, "range"),
];

impl Comparator {
    /// Returns the comparator of a name.
    pub fn named(name: &str) -> Option<Comparator> {
        COMPARATORS.iter().find(|(_, known)| *known == name).map(|(comparator, _)| *comparator)
    }

    /// Returns the name.
    pub fn name(self) -> &'static str {
        COMPARATORS.iter().find(|(known, _)| *known == self).map_or("exact", |(_, name)| name)
    }
}

/// A claim with all that is known of it.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What it speaks of.
    pub subject: Subject,
    /// What it states.
    pub statement: Statement,
    /// The node of the source that states it.
    pub source: NodeId,
    /// How, where and when it is stated.
    pub details: ClaimDetails,
}

/// How, where and when a claim is stated. Texts that are not given are empty.
#[derive(Clone, Debug, Default)]
pub struct ClaimDetails {
    /// Whom the source names as saying so.
    pub attributed_to: SmolStr,
    /// The place in the source: section, table and row, or line.
    pub locator: SmolStr,
    /// The value in the source's own notation.
    pub as_printed: SmolStr,
    /// The date that the statement holds for: a date, a partial date, or null.
    pub as_of: Value,
    /// Its weight.
    pub rank: Rank,
    /// A remark of whoever recorded it.
    pub note: SmolStr,
    /// The unit of a number.
    pub unit: SmolStr,
    /// How a number relates to the true one.
    pub comparator: Comparator,
}

impl Claim {
    /// Returns a claim of normal rank with nothing but subject, statement and source.
    pub fn new(subject: Subject, statement: Statement, source: NodeId) -> Claim {
        Claim { subject, statement, source, details: ClaimDetails::default() }
    }
}

/// Returns the last day that a date may mean, as days since 1970-01-01: of dates, partial dates, date-times and texts that are one.
pub fn last_day(date: &Value) -> Option<i64> {
    match date {
        Value::Date(date) => Some(date.days),
        Value::PartialDate(date) => Some(date.last_day().days),
        Value::LocalDateTime(moment) => Some(moment.date.days),
        Value::DateTime(moment) => Some(moment.local.date.days),
        Value::String(text) => {
            // A year or a month alone is read as a date too, as its first day: it must be tried before.
            let partial = PartialDate::parse(text).map(|date| date.last_day());
            partial.or_else(|| Date::parse(text)).map(|date| date.days)
        }
        _ => None,
    }
}
