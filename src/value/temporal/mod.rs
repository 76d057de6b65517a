//! Temporal values: dates, times, date-times and durations (openCypher CIP2015-08-06), and partial dates.
//!
//! Own types, because the language needs years of ±999,999,999, offsets with seconds and durations with four independent parts.

mod calendar;
mod order;
mod duration;
mod zone;
mod arithmetic;
mod format;
mod parse;
mod parse_duration;
mod between;
mod truncate;

pub use between::{Moment, between, in_days, in_months, in_seconds};
#[cfg(test)]
pub use calendar::YEAR_LIMIT;
pub use duration::{DurationBuilder, Fraction};
pub use format::Offset;
pub use order::{NANOS_PER_DAY, NANOS_PER_SECOND};
pub use truncate::TruncationUnit;
#[cfg(test)]
pub use zone::Zone;
pub use zone::ZoneChoice;

use smol_str::SmolStr;

/// A date: days since 1970-01-01 in the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since 1970-01-01.
    pub days: i64,
}

/// A time of day without offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime {
    /// Nanoseconds since midnight, 0..86,400,000,000,000.
    pub nanoseconds: i64,
}

/// A time of day with an offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    /// The local time of day.
    pub local: LocalTime,
    /// Seconds east of UTC.
    pub offset_seconds: i32,
}

/// A date and a time of day without offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDateTime {
    /// The date.
    pub date: Date,
    /// The time of day.
    pub time: LocalTime,
}

/// A date and time of day with an offset, and the zone's name where one was given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// The local date and time of day.
    pub local: LocalDateTime,
    /// Seconds east of UTC.
    pub offset_seconds: i32,
    /// The IANA name of the zone, such as `Europe/Stockholm`.
    pub zone: Option<SmolStr>,
}

/// A duration; its four parts are independent of each other and may differ in sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Duration {
    /// Whole months.
    pub months: i64,
    /// Whole days.
    pub days: i64,
    /// Whole seconds.
    pub seconds: i64,
    /// Nanoseconds beyond the seconds, 0..1,000,000,000.
    pub nanoseconds: i32,
}

/// A date of which only the year, or the year and the month, is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// The year.
    pub year: i32,
    /// The month, 1..=12, if it is known.
    pub month: Option<u8>,
}
