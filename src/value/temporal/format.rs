//! The ISO 8601 text of temporal values, as `toString()` gives it.
//!
//! Seconds and fraction are dropped when zero, a fraction has no trailing zeros, offset zero is `Z`, a zone's name stands in brackets.
//! Years beyond four digits carry a sign.

use std::fmt;

use super::order::NANOS_PER_SECOND;
use super::{Date, DateTime, Duration, LocalDateTime, LocalTime, PartialDate, Time};

/// Writes a year with at least four digits.
fn write_year(formatter: &mut fmt::Formatter<'_>, year: i64) -> fmt::Result {
    match year {
        0..=9_999 => write!(formatter, "{year:04}"),
        10_000.. => write!(formatter, "+{year}"),
        _ => write!(formatter, "-{:04}", year.unsigned_abs()),
    }
}

/// Writes a fraction of a second, without trailing zeros; nothing if it is zero.
fn write_fraction(formatter: &mut fmt::Formatter<'_>, nanoseconds: u64) -> fmt::Result {
    if nanoseconds == 0 {
        return Ok(());
    }
    let digits = format!("{nanoseconds:09}");
    write!(formatter, ".{}", digits.trim_end_matches('0'))
}

/// An offset from UTC, in seconds, that prints as `Z`, `+01:00` or `+00:53:28`.
#[derive(Clone, Copy, Debug)]
pub struct Offset(pub i32);

impl fmt::Display for Offset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return formatter.write_str("Z");
        }
        let sign = if self.0 < 0 { '-' } else { '+' };
        let size = self.0.unsigned_abs();
        write!(formatter, "{sign}{:02}:{:02}", size / 3_600, size / 60 % 60)?;
        if !size.is_multiple_of(60) { write!(formatter, ":{:02}", size % 60) } else { Ok(()) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write_year(formatter, year)?;
        write!(formatter, "-{month:02}-{day:02}")
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_year(formatter, i64::from(self.year))?;
        self.month.map_or(Ok(()), |month| write!(formatter, "-{month:02}"))
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.nanoseconds / NANOS_PER_SECOND;
        let fraction = (self.nanoseconds % NANOS_PER_SECOND).unsigned_abs();
        write!(formatter, "{:02}:{:02}", seconds / 3_600, seconds / 60 % 60)?;
        if seconds % 60 != 0 || fraction != 0 {
            write!(formatter, ":{:02}", seconds % 60)?;
        }
        write_fraction(formatter, fraction)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.local, Offset(self.offset_seconds))
    }
}

impl fmt::Display for LocalDateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}T{}", self.date, self.time)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.local, Offset(self.offset_seconds))?;
        self.zone.as_ref().map_or(Ok(()), |zone| write!(formatter, "[{zone}]"))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Duration::default() {
            return formatter.write_str("PT0S");
        }
        formatter.write_str("P")?;
        write_part(formatter, self.months / 12, "Y")?;
        write_part(formatter, self.months % 12, "M")?;
        write_part(formatter, self.days, "D")?;
        write_duration_time(formatter, self.time_nanoseconds())
    }
}

/// Writes a part of a duration; nothing if it is zero.
fn write_part(formatter: &mut fmt::Formatter<'_>, count: i64, unit: &str) -> fmt::Result {
    if count == 0 { Ok(()) } else { write!(formatter, "{count}{unit}") }
}

/// Writes the time of a duration; all its parts have the sign of the whole.
fn write_duration_time(formatter: &mut fmt::Formatter<'_>, nanoseconds: i128) -> fmt::Result {
    if nanoseconds == 0 {
        return Ok(());
    }
    let second = i128::from(NANOS_PER_SECOND);
    let seconds = i64::try_from(nanoseconds / second).unwrap_or(i64::MIN);
    let fraction = u64::try_from((nanoseconds % second).unsigned_abs()).unwrap_or(0);
    formatter.write_str("T")?;
    write_part(formatter, seconds / 3_600, "H")?;
    write_part(formatter, seconds / 60 % 60, "M")?;
    if seconds % 60 == 0 && fraction == 0 {
        return Ok(());
    }
    let sign = if nanoseconds < 0 { "-" } else { "" };
    write!(formatter, "{sign}{}", (seconds % 60).unsigned_abs())?;
    write_fraction(formatter, fraction)?;
    formatter.write_str("S")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_print_by_sign_of_the_time() {
        let text = |months, days, milliseconds: i128| {
            Duration::from_parts(months, days, milliseconds * 1_000_000).map(|duration| duration.to_string())
        };
        let cases = [
            (0, 0, 0, "PT0S"),
            (149, -14, 57_600_000, "P12Y5M-14DT16H"),
            (0, 0, -1_999, "PT-1.999S"),
            (0, 1, -1, "P1DT-0.001S"),
            (0, 0, -60_001, "PT-1M-0.001S"),
            (-20, 0, 0, "P-1Y-8M"),
            (0, 0, -86_399_900, "PT-23H-59M-59.9S"),
        ];
        for (months, days, milliseconds, expected) in cases {
            assert_eq!(text(months, days, milliseconds).as_deref(), Some(expected));
        }
    }

    #[test]
    fn moments_print_short() {
        let date = Date::from_ymd(28, 11, 1).expect("a real day");
        let time = |nanoseconds| LocalTime { nanoseconds };
        assert_eq!(date.to_string(), "0028-11-01");
        assert_eq!(time(12 * 3_600 * NANOS_PER_SECOND).to_string(), "12:00");
        assert_eq!(time(1_000_000).to_string(), "00:00:00.001");
        assert_eq!(Time { local: time(0), offset_seconds: -3_208 }.to_string(), "00:00-00:53:28");
        assert_eq!(Date::from_ymd(-999_999_999, 1, 1).expect("in range").to_string(), "-999999999-01-01");
        assert_eq!(PartialDate { year: 2017, month: Some(4) }.to_string(), "2017-04");
    }
}
