//! The words of the knowledge model: claim, source, which claim wins, lens, declared schema.

/// Which claim wins where sources differ (`RESOLVE BY`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ClaimRule {
    /// Highest rank, then newest.
    #[default]
    Rank,
    /// Newest.
    Latest,
    /// Oldest.
    Earliest,
    /// The value that most independent sources state.
    Majority,
    /// All values, as a list.
    All,
}
