//! Resolution: which of several claims on one matter wins, and why.
//!
//! Default rule: highest rank, then newest *as of*, then newest publication; what is still equal is a tie, settled by an order that does
//! not depend on load order (smallest value, then smallest claim). More or less precise is no difference: where a claim of the winner's
//! rank says the same date more precisely, it stands for the winner.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::agreement::contains;
use super::{ClaimId, Rank};

/// Which claim wins where they differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClaimRule {
    /// Highest rank, then newest *as of*, then newest publication.
    #[default]
    Rank,
    /// Newest *as of*, then newest publication.
    Latest,
    /// Oldest *as of*, then oldest publication.
    Earliest,
    /// The value that most claims state.
    Majority,
    /// Every value, as a list.
    All,
}

impl ClaimRule {
    /// Returns the rule of a name.
    pub fn named(name: &str) -> Option<ClaimRule> {
        match name {
            "rank" => Some(ClaimRule::Rank),
            "latest" => Some(ClaimRule::Latest),
            "earliest" => Some(ClaimRule::Earliest),
            "majority" => Some(ClaimRule::Majority),
            "all" => Some(ClaimRule::All),
            _ => None,
        }
    }
}

/// One claim, reduced to what resolution weighs.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// The claim.
    pub claim: ClaimId,
    /// Its rank.
    pub rank: Rank,
    /// The last day of its *as of*, as days since 1970-01-01.
    pub as_of: Option<i64>,
    /// The last day of its source's publication, as days since 1970-01-01.
    pub published: Option<i64>,
    /// The place of its value among the distinct values of the matter, in their order; equal values have equal places.
    pub value: usize,
    /// The first and the last day that its value means, where that is a date: one within another is the same, told more precisely.
    pub days: Option<(i64, i64)>,
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// No other value was stated.
    OnlyValue,
    /// The winner says more precisely what the others say.
    Precision,
    /// The winner's rank is the highest.
    Rank,
    /// The winner's *as of* is the newest, or the oldest where the rule asks for it.
    AsOf,
    /// The winner's source was published last, or first where the rule asks for it.
    Published,
    /// Most claims state it.
    Majority,
    /// The rule takes every value.
    All,
    /// Nothing told them apart: smallest value, smallest claim.
    Tie,
}

/// What resolution found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// The claims that win, best first: one, or for many values one a value in order of value. Empty if all are deprecated.
    pub winners: Vec<ClaimId>,
    /// Says that values differed and only the fixed order chose among them.
    pub tie: bool,
    /// What decided.
    pub reason: Reason,
}

/// Resolves the claims on one matter; `many` says that the property has several values at once.
///
/// Deprecated claims never win. With `many`, and under [`ClaimRule::All`], each value of the highest rank (of any rank but deprecated under
/// `All`) wins once.
pub fn resolve(evidence: &[Evidence], rule: ClaimRule, many: bool) -> Resolution {
    let counted: Vec<Evidence> = evidence.iter().filter(|one| one.rank != Rank::Deprecated).copied().collect();
    if counted.is_empty() {
        return Resolution { winners: Vec::new(), tie: false, reason: Reason::OnlyValue };
    }
    match rule {
        ClaimRule::All => every_value(&counted, Reason::All),
        _ if many => {
            let highest = counted.iter().map(|one| one.rank).max();
            let best: Vec<Evidence> = counted.into_iter().filter(|one| Some(one.rank) == highest).collect();
            every_value(&best, Reason::Rank)
        }
        ClaimRule::Majority => majority(&counted),
        ClaimRule::Rank | ClaimRule::Latest | ClaimRule::Earliest => best(counted, rule),
    }
}

fn every_value(counted: &[Evidence], reason: Reason) -> Resolution {
    let mut sorted = counted.to_vec();
    sorted.sort_by(|lhs, rhs| {
        lhs.value.cmp(&rhs.value).then_with(|| weigh(rhs, lhs, ClaimRule::Rank)).then(lhs.claim.cmp(&rhs.claim))
    });
    sorted.dedup_by_key(|one| one.value);
    let reason = if sorted.len() == 1 { Reason::OnlyValue } else { reason };
    Resolution { winners: sorted.iter().map(|one| one.claim).collect(), tie: false, reason }
}

fn majority(counted: &[Evidence]) -> Resolution {
    let votes = |value: usize| counted.iter().filter(|one| one.value == value).count();
    let most = counted.iter().map(|one| votes(one.value)).max().unwrap_or(0);
    let all_same = most == counted.len();
    let rest: Vec<Evidence> = counted.iter().filter(|one| votes(one.value) == most).copied().collect();
    let decided = rest.iter().all(|one| one.value == rest[0].value);
    let mut resolution = best(rest, ClaimRule::Rank);
    if all_same {
        resolution.reason = Reason::OnlyValue;
    } else if decided {
        resolution.reason = Reason::Majority;
    }
    resolution
}

/// Orders by weight: greater wins.
fn weigh(lhs: &Evidence, rhs: &Evidence, rule: ClaimRule) -> Ordering {
    let dates = || lhs.as_of.cmp(&rhs.as_of).then(lhs.published.cmp(&rhs.published));
    match rule {
        ClaimRule::Latest => dates(),
        // No date is oldest for `rank` and `latest`; for `earliest` it must not win over a known date either.
        ClaimRule::Earliest => earlier(lhs.as_of, rhs.as_of).then_with(|| earlier(lhs.published, rhs.published)),
        _ => lhs.rank.cmp(&rhs.rank).then_with(dates),
    }
}

fn earlier(lhs: Option<i64>, rhs: Option<i64>) -> Ordering {
    match (lhs, rhs) {
        (Some(lhs), Some(rhs)) => rhs.cmp(&lhs),
        (lhs, rhs) => lhs.is_some().cmp(&rhs.is_some()),
    }
}

fn best(counted: Vec<Evidence>, rule: ClaimRule) -> Resolution {
    // Of what weighs the same the smallest value and then the smallest claim wins.
    let heavier = |lhs: &&Evidence, rhs: &&Evidence| {
        weigh(lhs, rhs, rule).then(rhs.value.cmp(&lhs.value)).then(rhs.claim.cmp(&lhs.claim))
    };
    let Some(top) = counted.iter().max_by(heavier) else {
        return Resolution { winners: Vec::new(), tie: false, reason: Reason::OnlyValue };
    };
    let mut precise = top;
    while let Some(within) =
        counted.iter().filter(|one| one.rank == precise.rank && is_within(one, precise)).max_by(heavier)
    {
        precise = within;
    }
    let rivals = counted.iter().filter(|one| one.value != precise.value);
    let decided = rivals.map(|rival| {
        // Those that are as precise are beaten by the one that stands for the winner, others by the winner itself.
        let reason = decided_by(if is_within(rival, top) { precise } else { top }, rival, rule);
        let is_refined = precise.value != top.value || reason == Reason::Tie;
        if is_refined && is_within(precise, rival) { Reason::Precision } else { reason }
    });
    let reason = decided.max().unwrap_or(Reason::OnlyValue);
    Resolution { winners: vec![precise.claim], tie: reason == Reason::Tie, reason }
}

/// Says whether a claim says the same date as another, more precisely.
fn is_within(precise: &Evidence, other: &Evidence) -> bool {
    match (precise.days, other.days) {
        (Some(inner), Some(outer)) => inner != outer && contains(outer, inner),
        _ => false,
    }
}

/// Returns the first criterion that tells the winner from a rival; the greatest over all rivals is what decided in the end.
fn decided_by(top: &Evidence, rival: &Evidence, rule: ClaimRule) -> Reason {
    if rule == ClaimRule::Rank && top.rank != rival.rank {
        Reason::Rank
    } else if top.as_of != rival.as_of {
        Reason::AsOf
    } else if top.published != rival.published {
        Reason::Published
    } else {
        Reason::Tie
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(claim: u32, rank: Rank, as_of: Option<i64>, published: Option<i64>, value: usize) -> Evidence {
        Evidence { claim: ClaimId(claim), rank, as_of, published, value, days: None }
    }

    #[test]
    fn rank_goes_before_date_and_deprecated_never_wins() {
        let claims = [
            evidence(0, Rank::Deprecated, Some(90), Some(90), 0),
            evidence(1, Rank::Normal, Some(50), Some(50), 1),
            evidence(2, Rank::Preferred, Some(10), Some(10), 2),
        ];
        let resolution = resolve(&claims, ClaimRule::Rank, false);
        assert_eq!(resolution, Resolution { winners: vec![ClaimId(2)], tie: false, reason: Reason::Rank });
        assert_eq!(resolve(&claims, ClaimRule::Latest, false).winners, [ClaimId(1)]);
        assert_eq!(resolve(&claims[..1], ClaimRule::Rank, false).winners, []);
    }

    #[test]
    fn no_date_is_oldest_and_an_equal_weight_is_a_tie_of_the_smallest_value() {
        let claims = [evidence(5, Rank::Normal, None, Some(9), 0), evidence(6, Rank::Normal, Some(1), None, 1)];
        assert_eq!(resolve(&claims, ClaimRule::Rank, false).winners, [ClaimId(6)]);
        assert_eq!(resolve(&claims, ClaimRule::Earliest, false).winners, [ClaimId(6)]);
        let tied = [evidence(5, Rank::Normal, None, None, 1), evidence(6, Rank::Normal, None, None, 0)];
        let resolution = resolve(&tied, ClaimRule::Rank, false);
        assert_eq!(resolution, Resolution { winners: vec![ClaimId(6)], tie: true, reason: Reason::Tie });
    }

    #[test]
    fn agreeing_claims_are_no_tie() {
        let claims = [evidence(1, Rank::Normal, None, None, 0), evidence(2, Rank::Normal, None, None, 0)];
        let resolution = resolve(&claims, ClaimRule::Rank, false);
        assert_eq!(resolution, Resolution { winners: vec![ClaimId(1)], tie: false, reason: Reason::OnlyValue });
    }

    #[test]
    fn the_most_precise_of_agreeing_dates_stands_for_the_winner() {
        let dated = |claim: u32, as_of: i64, value: usize, days: (i64, i64)| Evidence {
            days: Some(days),
            ..evidence(claim, Rank::Normal, Some(as_of), None, value)
        };
        let year = dated(1, 9, 0, (0, 364));
        let (april, day, september) =
            (dated(2, 5, 1, (90, 119)), dated(3, 1, 2, (100, 100)), dated(4, 4, 3, (243, 272)));
        let decided = |claims: &[Evidence]| {
            let Resolution { winners, tie, reason } = resolve(claims, ClaimRule::Rank, false);
            (winners[0].0, tie, reason)
        };
        assert_eq!(decided(&[year, april]), (2, false, Reason::Precision));
        assert_eq!(decided(&[year, april, day]), (3, false, Reason::Precision));
        assert_eq!(decided(&[year, april, september]), (2, false, Reason::Precision.max(Reason::AsOf)));
        assert_eq!(decided(&[Evidence { as_of: Some(5), ..september }, april, year]), (2, true, Reason::Tie));
        let best = Evidence { rank: Rank::Preferred, ..year };
        assert_eq!(
            decided(&[best, april]),
            (1, false, Reason::Rank),
            "what weighs more is not changed by what weighs less"
        );
        assert_eq!(decided(&[Evidence { as_of: Some(9), ..april }, year]), (2, false, Reason::Precision));
    }

    #[test]
    fn many_values_win_once_each_at_the_highest_rank() {
        let claims = [
            evidence(1, Rank::Normal, None, None, 1),
            evidence(2, Rank::Normal, Some(1), None, 1),
            evidence(3, Rank::Normal, None, None, 0),
            evidence(4, Rank::Deprecated, None, None, 2),
        ];
        assert_eq!(resolve(&claims, ClaimRule::Rank, true).winners, [ClaimId(3), ClaimId(2)]);
    }

    #[test]
    fn majority_counts_claims_and_falls_back_to_rank() {
        let claims = [
            evidence(1, Rank::Normal, Some(9), None, 0),
            evidence(2, Rank::Normal, Some(1), None, 1),
            evidence(3, Rank::Normal, Some(2), None, 1),
        ];
        let resolution = resolve(&claims, ClaimRule::Majority, false);
        assert_eq!((resolution.winners, resolution.reason), (vec![ClaimId(3)], Reason::Majority));
        assert_eq!(resolve(&claims[..2], ClaimRule::Majority, false).winners, [ClaimId(1)]);
    }
}
