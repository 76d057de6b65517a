//! A moment moved by a duration: first the months, then the days, then the time.

use super::order::NANOS_PER_DAY;
use super::{Date, DateTime, Duration, LocalDateTime, LocalTime, Time};

impl Date {
    /// Returns the date later by a duration; only whole days of its time count.
    pub fn plus(self, duration: &Duration) -> Option<Date> {
        let days = i64::try_from(duration.time_nanoseconds() / i128::from(NANOS_PER_DAY)).ok()?;
        self.plus_months(duration.months)?.plus_days(duration.days.checked_add(days)?)
    }
}

impl LocalTime {
    /// Returns the time of day later by the time of a duration, going round at midnight; months and days do not count.
    pub fn plus(self, duration: &Duration) -> LocalTime {
        let day = i128::from(NANOS_PER_DAY);
        let nanoseconds = (i128::from(self.nanoseconds) + duration.time_nanoseconds()).rem_euclid(day);
        LocalTime { nanoseconds: i64::try_from(nanoseconds).expect("a remainder of a day fits") }
    }
}

impl Time {
    /// Returns the time of day later by the time of a duration, at the same offset.
    pub fn plus(self, duration: &Duration) -> Time {
        Time { local: self.local.plus(duration), ..self }
    }
}

impl LocalDateTime {
    /// Returns the moment later by a duration.
    pub fn plus(self, duration: &Duration) -> Option<LocalDateTime> {
        let local = self.plus_calendar(duration)?;
        LocalDateTime::from_nanoseconds(local.nanoseconds() + duration.time_nanoseconds())
    }

    /// Returns the moment later by the months and days of a duration.
    fn plus_calendar(self, duration: &Duration) -> Option<LocalDateTime> {
        let date = self.date.plus_months(duration.months)?.plus_days(duration.days)?;
        Some(LocalDateTime { date, ..self })
    }
}

impl DateTime {
    /// Returns the moment later by a duration: months and days by the calendar of its zone, time by the clock.
    pub fn plus(&self, duration: &Duration) -> Option<DateTime> {
        let moved = if duration.months == 0 && duration.days == 0 {
            self.clone()
        } else {
            self.with_local(self.local.plus_calendar(duration)?)?
        };
        moved.with_instant(moved.utc_nanoseconds() + duration.time_nanoseconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::temporal::Zone;

    #[test]
    fn only_whole_days_of_time_move_a_date() {
        let date = Date::from_ymd(1984, 10, 11).expect("a real day");
        let back = Duration { months: -1, days: 14, seconds: -56_950, nanoseconds: 0 };
        assert_eq!(date.plus(&back), Date::from_ymd(1984, 9, 25));
        let forth = Duration { months: 155, days: 29, seconds: 122_293, nanoseconds: 0 };
        assert_eq!(date.plus(&forth), Date::from_ymd(1997, 10, 11));
    }

    #[test]
    fn a_day_is_not_always_24_hours() {
        let date = Date::from_ymd(2017, 10, 28).expect("a real day");
        let noon = LocalDateTime { date, time: LocalTime { nanoseconds: NANOS_PER_DAY / 2 } };
        let start = Zone::find("Europe/Stockholm").and_then(|zone| zone.at_local(noon)).expect("a moment");
        let day = start.plus(&Duration { days: 1, ..Duration::default() }).expect("in range");
        let hours = start.plus(&Duration { seconds: 86_400, ..Duration::default() }).expect("in range");
        assert_eq!(day.local.time, noon.time);
        assert_eq!(hours.local.time.nanoseconds, NANOS_PER_DAY / 24 * 11);
    }
}
