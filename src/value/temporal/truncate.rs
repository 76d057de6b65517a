//! Truncation: the beginning of the century, the quarter, the hour that a moment lies in.

use super::order::{NANOS_PER_DAY, NANOS_PER_SECOND};
use super::{Date, LocalDateTime, LocalTime};

/// A unit to which moments are truncated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TruncationUnit {
    /// 1000 years.
    Millennium,
    /// 100 years.
    Century,
    /// 10 years.
    Decade,
    /// A calendar year.
    Year,
    /// A year of ISO weeks.
    WeekYear,
    /// Three months.
    Quarter,
    /// A calendar month.
    Month,
    /// An ISO week.
    Week,
    /// A day.
    Day,
    /// An hour.
    Hour,
    /// A minute.
    Minute,
    /// A second.
    Second,
    /// A thousandth of a second.
    Millisecond,
    /// A millionth of a second.
    Microsecond,
}

impl TruncationUnit {
    /// All units with their names, biggest first.
    pub const ALL: [(TruncationUnit, &'static str); 14] = [
        (TruncationUnit::Millennium, "millennium"),
        (TruncationUnit::Century, "century"),
        (TruncationUnit::Decade, "decade"),
        (TruncationUnit::Year, "year"),
        (TruncationUnit::WeekYear, "weekYear"),
        (TruncationUnit::Quarter, "quarter"),
        (TruncationUnit::Month, "month"),
        (TruncationUnit::Week, "week"),
        (TruncationUnit::Day, "day"),
        (TruncationUnit::Hour, "hour"),
        (TruncationUnit::Minute, "minute"),
        (TruncationUnit::Second, "second"),
        (TruncationUnit::Millisecond, "millisecond"),
        (TruncationUnit::Microsecond, "microsecond"),
    ];

    /// Returns the unit of this name, in any case of letters.
    pub fn parse(name: &str) -> Option<TruncationUnit> {
        TruncationUnit::ALL.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(unit, _)| *unit)
    }

    /// Returns the name.
    pub fn name(self) -> &'static str {
        TruncationUnit::ALL.iter().find(|(unit, _)| *unit == self).map_or("unit", |(_, name)| name)
    }

    /// The length of the units that are shorter than a day, in nanoseconds.
    fn nanoseconds(self) -> Option<i64> {
        match self {
            TruncationUnit::Day => Some(NANOS_PER_DAY),
            TruncationUnit::Hour => Some(3_600 * NANOS_PER_SECOND),
            TruncationUnit::Minute => Some(60 * NANOS_PER_SECOND),
            TruncationUnit::Second => Some(NANOS_PER_SECOND),
            TruncationUnit::Millisecond => Some(1_000_000),
            TruncationUnit::Microsecond => Some(1_000),
            _ => None,
        }
    }
}

impl Date {
    /// Returns the first day of the unit; the day itself for units of a day or less.
    pub fn truncated(self, unit: TruncationUnit) -> Option<Date> {
        let (year, month, _) = self.ymd();
        let first_of_year = |length: i64| Date::from_ymd(year - year.rem_euclid(length), 1, 1);
        match unit {
            TruncationUnit::Millennium => first_of_year(1_000),
            TruncationUnit::Century => first_of_year(100),
            TruncationUnit::Decade => first_of_year(10),
            TruncationUnit::Year => first_of_year(1),
            TruncationUnit::WeekYear => Date::from_week(self.week().0, 1, 1),
            TruncationUnit::Quarter => Date::from_ymd(year, (month - 1) / 3 * 3 + 1, 1),
            TruncationUnit::Month => Date::from_ymd(year, month, 1),
            TruncationUnit::Week => self.plus_days(1 - self.day_of_week()),
            _ => Some(self),
        }
    }
}

impl LocalTime {
    /// Returns the beginning of the unit; midnight for a day, none for longer units.
    pub fn truncated(self, unit: TruncationUnit) -> Option<LocalTime> {
        let length = unit.nanoseconds()?;
        Some(LocalTime { nanoseconds: self.nanoseconds - self.nanoseconds % length })
    }
}

impl LocalDateTime {
    /// Returns the beginning of the unit.
    pub fn truncated(self, unit: TruncationUnit) -> Option<LocalDateTime> {
        let date = self.date.truncated(unit)?;
        let time = self.time.truncated(unit).unwrap_or(LocalTime { nanoseconds: 0 });
        Some(LocalDateTime { date, time })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_truncated_to_the_beginning_of_their_unit() {
        let local = LocalDateTime::parse("1984-02-01T12:31:14.645876123").expect("a moment");
        let cases = [
            ("millennium", "1000-01-01T00:00"),
            ("century", "1900-01-01T00:00"),
            ("decade", "1980-01-01T00:00"),
            ("year", "1984-01-01T00:00"),
            ("weekYear", "1984-01-02T00:00"),
            ("quarter", "1984-01-01T00:00"),
            ("month", "1984-02-01T00:00"),
            ("week", "1984-01-30T00:00"),
            ("day", "1984-02-01T00:00"),
            ("hour", "1984-02-01T12:00"),
            ("minute", "1984-02-01T12:31"),
            ("second", "1984-02-01T12:31:14"),
            ("millisecond", "1984-02-01T12:31:14.645"),
            ("microsecond", "1984-02-01T12:31:14.645876"),
        ];
        for (name, expected) in cases {
            let unit = TruncationUnit::parse(name).expect("a unit");
            assert_eq!(local.truncated(unit).map(|local| local.to_string()).as_deref(), Some(expected));
        }
        assert_eq!(TruncationUnit::parse("fortnight"), None);
    }
}
