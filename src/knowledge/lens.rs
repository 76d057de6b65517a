//! A lens: which claims count and which of them win, as data.

use std::collections::BTreeSet;

use crate::value::NodeId;

use super::ClaimRule;

/// What a query is read through. The default lens counts every claim and resolves by rank.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lens {
    /// The last day on which a counted source was published, as days since 1970-01-01.
    pub as_of: Option<i64>,
    /// The sources whose claims count; all where none are named.
    pub sources: Option<BTreeSet<NodeId>>,
    /// Says that general knowledge and derivations count only where named.
    pub only: bool,
    /// Which claim wins.
    pub rule: ClaimRule,
}

impl Lens {
    /// Says whether this is the lens that reads the graph as it is stored.
    pub fn is_default(&self) -> bool {
        self.as_of.is_none() && self.sources.is_none() && !self.only && self.rule == ClaimRule::default()
    }
}
