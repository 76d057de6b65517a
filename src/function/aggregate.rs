//! The aggregating functions by name, and what they take.

use super::Kinds;

/// The aggregating functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// The elements that a group rests on, each once; asked for by CITE, and by no name.
    Evidence,
}

impl Aggregate {
    /// All aggregating functions that have a name.
    pub const ALL: [Aggregate; 11] = [
        Aggregate::CountStar,
        Aggregate::Count,
        Aggregate::Sum,
        Aggregate::Avg,
        Aggregate::Min,
        Aggregate::Max,
        Aggregate::Collect,
        Aggregate::StDev,
        Aggregate::StDevP,
        Aggregate::PercentileCont,
        Aggregate::PercentileDisc,
    ];

    /// Returns the aggregating function of this name, in any case of letters; GQL's names too. `count(*)` has no name of its own.
    pub fn lookup(name: &str) -> Option<Aggregate> {
        let aggregate = match name.to_ascii_lowercase().as_str() {
            "count" => Aggregate::Count,
            "sum" => Aggregate::Sum,
            "avg" => Aggregate::Avg,
            "min" => Aggregate::Min,
            "max" => Aggregate::Max,
            "collect" | "collect_list" => Aggregate::Collect,
            "stdev" | "stddev_samp" => Aggregate::StDev,
            "stdevp" | "stddev_pop" => Aggregate::StDevP,
            "percentilecont" | "percentile_cont" => Aggregate::PercentileCont,
            "percentiledisc" | "percentile_disc" => Aggregate::PercentileDisc,
            _ => return None,
        };
        Some(aggregate)
    }

    /// Returns the name, as documentation writes it.
    pub fn name(self) -> &'static str {
        match self {
            Aggregate::CountStar | Aggregate::Count => "count",
            Aggregate::Sum => "sum",
            Aggregate::Avg => "avg",
            Aggregate::Min => "min",
            Aggregate::Max => "max",
            Aggregate::Collect => "collect",
            Aggregate::StDev => "stDev",
            Aggregate::StDevP => "stDevP",
            Aggregate::PercentileCont => "percentileCont",
            Aggregate::PercentileDisc => "percentileDisc",
            Aggregate::Evidence => "evidence",
        }
    }

    /// Returns the number of arguments.
    pub fn argument_count(self) -> usize {
        match self {
            Aggregate::CountStar => 0,
            Aggregate::PercentileCont | Aggregate::PercentileDisc => 2,
            _ => 1,
        }
    }

    /// Returns the kinds that the aggregated argument takes.
    pub fn argument_kinds(self) -> Kinds {
        match self {
            Aggregate::Sum | Aggregate::Avg => Kinds::NUMBER.or(Kinds::DURATION),
            Aggregate::StDev | Aggregate::StDevP | Aggregate::PercentileCont | Aggregate::PercentileDisc => {
                Kinds::NUMBER
            }
            _ => Kinds::ANY,
        }
    }

    /// Returns the kinds of the result.
    pub fn result_kinds(self) -> Kinds {
        match self {
            Aggregate::CountStar | Aggregate::Count => Kinds::INTEGER,
            Aggregate::Sum => Kinds::NUMBER.or(Kinds::DURATION),
            Aggregate::Avg => Kinds::FLOAT.or(Kinds::DURATION),
            Aggregate::Min | Aggregate::Max => Kinds::ANY,
            Aggregate::Collect | Aggregate::Evidence => Kinds::LIST,
            Aggregate::StDev | Aggregate::StDevP | Aggregate::PercentileCont => Kinds::FLOAT,
            Aggregate::PercentileDisc => Kinds::NUMBER,
        }
    }
}
