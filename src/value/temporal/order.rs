//! The order of times, date-times and durations.
//!
//! Moments compare by instant; the same instant in two zones is two values, ordered by offset and zone, so that order and equality
//! agree. Durations have no `<`; for sorting they count as their average length.

use std::cmp::Ordering;

use super::{DateTime, Duration, LocalDateTime, LocalTime, Time};

/// Nanoseconds of a second.
pub const NANOS_PER_SECOND: i64 = 1_000_000_000;
/// Seconds of a day.
pub const SECONDS_PER_DAY: i64 = 86_400;
/// Nanoseconds of a day.
pub const NANOS_PER_DAY: i64 = SECONDS_PER_DAY * NANOS_PER_SECOND;
/// Seconds of an average month: a 400-year cycle's days over its 4 800 months.
pub(super) const SECONDS_PER_MONTH: i64 = 2_629_746;

impl LocalDateTime {
    /// Returns the nanoseconds since 1970-01-01T00:00, read as UTC.
    pub fn nanoseconds(self) -> i128 {
        i128::from(self.date.days) * i128::from(NANOS_PER_DAY) + i128::from(self.time.nanoseconds)
    }

    /// Returns the whole seconds since 1970-01-01T00:00, read as UTC.
    pub fn seconds(self) -> i64 {
        self.date.days * SECONDS_PER_DAY + self.time.nanoseconds / NANOS_PER_SECOND
    }

    /// Returns the moment that many nanoseconds after 1970-01-01T00:00, if its year is within the limits.
    pub fn from_nanoseconds(nanoseconds: i128) -> Option<LocalDateTime> {
        let day = i128::from(NANOS_PER_DAY);
        let date = super::Date::from_days(i64::try_from(nanoseconds.div_euclid(day)).ok()?)?;
        let time = LocalTime { nanoseconds: i64::try_from(nanoseconds.rem_euclid(day)).ok()? };
        Some(LocalDateTime { date, time })
    }
}

impl Time {
    /// Returns the nanoseconds since midnight UTC; outside of a day where the offset reaches over it.
    pub fn utc_nanoseconds(self) -> i64 {
        self.local.nanoseconds - i64::from(self.offset_seconds) * NANOS_PER_SECOND
    }
}

impl DateTime {
    /// Returns the nanoseconds since 1970-01-01T00:00Z.
    pub fn utc_nanoseconds(&self) -> i128 {
        self.local.nanoseconds() - i128::from(self.offset_seconds) * i128::from(NANOS_PER_SECOND)
    }

    /// Returns the whole seconds since 1970-01-01T00:00Z.
    pub fn utc_seconds(&self) -> i64 {
        self.local.seconds() - i64::from(self.offset_seconds)
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        self.utc_nanoseconds().cmp(&other.utc_nanoseconds()).then(self.offset_seconds.cmp(&other.offset_seconds))
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        self.utc_nanoseconds()
            .cmp(&other.utc_nanoseconds())
            .then(self.offset_seconds.cmp(&other.offset_seconds))
            .then_with(|| self.zone.cmp(&other.zone))
    }
}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Duration {
    /// Compares two durations for sorting: by average length, then by their parts.
    pub fn order(&self, other: &Self) -> Ordering {
        let key =
            |duration: &Duration| (duration.average_nanoseconds(), duration.months, duration.days, duration.seconds);
        key(self).cmp(&key(other))
    }

    /// The average length: a month is a 4 800th of 400 years, a day is 86 400 seconds.
    fn average_nanoseconds(&self) -> i128 {
        let seconds = i128::from(self.months) * i128::from(SECONDS_PER_MONTH)
            + i128::from(self.days) * i128::from(SECONDS_PER_DAY)
            + i128::from(self.seconds);
        seconds * i128::from(NANOS_PER_SECOND) + i128::from(self.nanoseconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_compare_as_on_one_day_in_utc() {
        let time = |hour: i64, offset: i32| Time {
            local: LocalTime { nanoseconds: hour * 3_600 * NANOS_PER_SECOND },
            offset_seconds: offset * 3_600,
        };
        assert!(time(10, 1) < time(10, 0));
        assert!(time(10, 1) > time(9, 0), "the same instant is ordered by offset");
    }

    #[test]
    fn durations_sort_by_average_length() {
        let month = Duration { months: 1, ..Duration::default() };
        let days = |days| Duration { days, ..Duration::default() };
        assert_eq!(month.order(&days(30)), Ordering::Greater);
        assert_eq!(month.order(&days(31)), Ordering::Less);
        assert_eq!(days(1).order(&Duration { seconds: 86_400, ..Duration::default() }), Ordering::Greater);
    }
}
