//! A claim written out: what a row that is cited says of each claim that it rests on, in values that outlive the graph.

use smol_str::SmolStr;

use crate::value::ResultValue;

/// What a claim is to a row, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClaimState {
    /// It states the value that won.
    Winner,
    /// It states the same value as the winner.
    Agrees,
    /// It says that the element is there.
    Exists,
    /// It states another value, which did not win.
    Loser,
    /// It is known to be wrong.
    Deprecated,
    /// No claim speaks of the element or property.
    Unsourced,
    /// `OPTIONAL MATCH` found nothing, so there is nothing to cite for it.
    NothingFound,
    /// The row rests on something not being there, which no claim states.
    Absence,
    /// The row rests on no element of the graph.
    Nothing,
    /// The claims on so many more elements are not shown; nobody counted them where there is no number.
    More(Option<usize>),
}

impl ClaimState {
    /// Returns the word for it in JSON.
    pub fn name(self) -> &'static str {
        match self {
            ClaimState::Winner => "winner",
            ClaimState::Agrees => "agrees",
            ClaimState::Exists => "exists",
            ClaimState::Loser => "loser",
            ClaimState::Deprecated => "deprecated",
            ClaimState::Unsourced => "unsourced",
            ClaimState::NothingFound => "nothing found",
            ClaimState::Absence => "absence",
            ClaimState::Nothing => "nothing",
            ClaimState::More(_) => "more",
        }
    }

    /// Says whether it stands for a claim.
    pub fn is_claim(self) -> bool {
        matches!(
            self,
            ClaimState::Winner | ClaimState::Agrees | ClaimState::Exists | ClaimState::Loser | ClaimState::Deprecated
        )
    }
}

/// A claim that a row rests on, written out. Texts that are not given are empty.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimRecord {
    /// What it is to the row.
    pub state: ClaimState,
    /// The claim's number, as `claims.of` gives it; none where there is no claim.
    pub claim: Option<u32>,
    /// What it speaks of: a node's key, or a relationship as `start -[TYPE]-> end`.
    pub element: SmolStr,
    /// The property; empty where existence is spoken of.
    pub property: SmolStr,
    /// The value stated; of existence the labels, or null.
    pub value: ResultValue,
    /// The source's id.
    pub source: SmolStr,
    /// The source's title.
    pub title: SmolStr,
    /// The place in the source.
    pub locator: SmolStr,
    /// The value in the source's own notation.
    pub as_printed: SmolStr,
    /// The passage at that place, where the document is at hand.
    pub passage: SmolStr,
    /// The date that the statement holds for, or null.
    pub as_of: ResultValue,
    /// Its weight: `preferred`, `normal`, `deprecated`.
    pub rank: SmolStr,
    /// Whom the source names as saying so.
    pub attributed_to: SmolStr,
    /// The unit of a number.
    pub unit: SmolStr,
    /// How a number relates to the true one; empty where it is the number itself.
    pub comparator: SmolStr,
    /// A remark of whoever recorded it.
    pub note: SmolStr,
    /// Whether nothing but a fixed order chose its value among several.
    pub tie: bool,
    /// How many claims that are not deprecated contradict it; one that is only more or less precise does not.
    pub disputed: usize,
}

impl ClaimRecord {
    /// Returns a record of a state that says nothing else yet.
    pub fn new(state: ClaimState) -> ClaimRecord {
        ClaimRecord {
            state,
            claim: None,
            element: SmolStr::default(),
            property: SmolStr::default(),
            value: ResultValue::Null,
            source: SmolStr::default(),
            title: SmolStr::default(),
            locator: SmolStr::default(),
            as_printed: SmolStr::default(),
            passage: SmolStr::default(),
            as_of: ResultValue::Null,
            rank: SmolStr::default(),
            attributed_to: SmolStr::default(),
            unit: SmolStr::default(),
            comparator: SmolStr::default(),
            note: SmolStr::default(),
            tie: false,
            disputed: 0,
        }
    }
}
