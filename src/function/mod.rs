//! The built-in functions: name, signature, body.

/// A built-in scalar function.
#[derive(Debug)]
pub struct Function {
    /// The name, as documentation writes it.
    pub name: &'static str,
}

/// The aggregating functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// `count(*)`.
    CountStar,
    /// `count(x)`.
    Count,
    /// `sum(x)`.
    Sum,
    /// `avg(x)`.
    Avg,
    /// `min(x)`.
    Min,
    /// `max(x)`.
    Max,
    /// `collect(x)`.
    Collect,
    /// `stDev(x)`.
    StDev,
    /// `stDevP(x)`.
    StDevP,
    /// `percentileCont(x, p)`.
    PercentileCont,
    /// `percentileDisc(x, p)`.
    PercentileDisc,
}
