//! The duration between two moments: in months, days and time, or in one of them.
//!
//! What one side lacks it borrows from the other (openCypher CIP2015-08-06): a time of day the other's date, a date or a local time
//! the other's zone; a date without a time is midnight. So a day on which clocks change has 23 or 25 hours if either side knows.

use super::{Date, DateTime, Duration, LocalDateTime, LocalTime, ZoneChoice};

/// A moment of which parts may be missing.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The date, unless it is a time of day.
    pub date: Option<Date>,
    /// The time of day; midnight of a date.
    pub time: LocalTime,
    /// The offset or zone, unless it is local.
    pub zone: Option<ZoneChoice>,
}

/// Two moments made whole.
struct Span {
    from: DateTime,
    to: DateTime,
    zone: ZoneChoice,
}

impl Span {
    /// Fills in what either lacks, and sees both in the zone of the first.
    fn new(from: &Moment, to: &Moment) -> Option<Span> {
        let some_day = Date { days: 0 };
        let date = |one: &Moment, other: &Moment| one.date.or(other.date).unwrap_or(some_day);
        let utc = ZoneChoice::Offset(0);
        let zone = from.zone.clone().or_else(|| to.zone.clone()).unwrap_or_else(|| utc.clone());
        let to_zone = to.zone.clone().unwrap_or_else(|| zone.clone());
        let start = zone.at_local(LocalDateTime { date: date(from, to), time: from.time })?;
        let end = to_zone.at_local(LocalDateTime { date: date(to, from), time: to.time })?;
        let end = zone.at_instant(end.utc_nanoseconds())?;
        Some(Span { from: start, to: end, zone })
    }

    /// The whole months between.
    fn months(&self) -> i64 {
        let key = |moment: &DateTime| {
            let (year, month, day) = moment.local.date.ymd();
            (year * 12 + month, (day, moment.local.time))
        };
        let ((from, from_rest), (to, to_rest)) = (key(&self.from), key(&self.to));
        let months = to - from;
        if months > 0 && to_rest < from_rest {
            months - 1
        } else if months < 0 && to_rest > from_rest {
            months + 1
        } else {
            months
        }
    }

    /// The whole days from a date (with the start's time of day) to the end.
    fn days_from(&self, date: Date) -> i64 {
        let days = self.to.local.date.days - date.days;
        let (from, to) = (self.from.local.time, self.to.local.time);
        if days > 0 && to < from {
            days - 1
        } else if days < 0 && to > from {
            days + 1
        } else {
            days
        }
    }

    /// The time from a date (with the start's time of day) to the end, in nanoseconds.
    fn time_from(&self, date: Date) -> Option<i128> {
        let start = if date == self.from.local.date {
            self.from.utc_nanoseconds()
        } else {
            self.zone.at_local(LocalDateTime { date, time: self.from.local.time })?.utc_nanoseconds()
        };
        Some(self.to.utc_nanoseconds() - start)
    }
}

/// Returns the duration in months, then days, then time.
pub fn between(from: &Moment, to: &Moment) -> Option<Duration> {
    let span = Span::new(from, to)?;
    let months = span.months();
    let later = span.from.local.date.plus_months(months)?;
    let days = span.days_from(later);
    let time = span.time_from(later.plus_days(days)?)?;
    Duration::from_parts(months, days, time)
}

/// Returns the whole months between.
pub fn in_months(from: &Moment, to: &Moment) -> Option<Duration> {
    Duration::from_parts(Span::new(from, to)?.months(), 0, 0)
}

/// Returns the whole days between.
pub fn in_days(from: &Moment, to: &Moment) -> Option<Duration> {
    let span = Span::new(from, to)?;
    Duration::from_parts(0, span.days_from(span.from.local.date), 0)
}

/// Returns the time between.
pub fn in_seconds(from: &Moment, to: &Moment) -> Option<Duration> {
    let span = Span::new(from, to)?;
    Duration::from_parts(0, 0, span.to.utc_nanoseconds() - span.from.utc_nanoseconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::temporal::Time;

    fn moment(text: &str) -> Moment {
        if let Some(date) = Date::parse(text) {
            return Moment { date: Some(date), time: LocalTime { nanoseconds: 0 }, zone: None };
        }
        if let Some(time) = LocalTime::parse(text) {
            return Moment { date: None, time, zone: None };
        }
        if let Some(time) = Time::parse(text) {
            return Moment { date: None, time: time.local, zone: Some(ZoneChoice::Offset(time.offset_seconds)) };
        }
        if let Some(local) = LocalDateTime::parse(text) {
            return Moment { date: Some(local.date), time: local.time, zone: None };
        }
        let moment = DateTime::parse(text).expect("a moment");
        Moment { date: Some(moment.local.date), time: moment.local.time, zone: Some(ZoneChoice::of(&moment)) }
    }

    fn check(compute: fn(&Moment, &Moment) -> Option<Duration>, cases: &[(&str, &str, &str)]) {
        for (from, to, expected) in cases {
            let duration = compute(&moment(from), &moment(to)).map(|duration| duration.to_string());
            assert_eq!(duration.as_deref(), Some(*expected), "{from} to {to}");
        }
    }

    #[test]
    fn between_uses_months_then_days_then_time() {
        check(
            between,
            &[
                ("2018-01-02T10:00", "2018-01-01T12:00", "PT-22H"),
                ("2018-01-02T10:00:00.1", "2018-01-01T10:00:00.2", "PT-23H-59M-59.9S"),
                ("2017-10-28T23:00+02:00[Europe/Stockholm]", "2017-10-29T04:00+01:00[Europe/Stockholm]", "PT6H"),
                ("1984-10-11", "2015-06-24", "P30Y8M13D"),
                ("1984-10-11", "2015-07-21T21:40:32.142+0100", "P30Y9M10DT21H40M32.142S"),
                ("14:30", "2015-06-24", "PT-14H-30M"),
                ("14:30Z", "2015-07-21T21:40:32.142+0100", "PT6H10M32.142S"),
                ("2015-07-21T21:40:32.142", "2015-06-24", "P-27DT-21H-40M-32.142S"),
                ("2014-07-21T21:40:36.143+0200", "2015-06-24", "P11M2DT2H19M23.857S"),
                ("2014-07-21T21:40:36.143+0200", "16:30+0100", "PT-4H-10M-36.143S"),
                ("-999999999-01-01", "+999999999-12-31", "P1999999998Y11M30D"),
            ],
        );
    }

    #[test]
    fn one_unit_at_a_time() {
        check(in_months, &[("2018-07-21T21:40:36.143+0500", "1984-07-21T22:40:36.143+0200", "P-33Y-11M")]);
        check(in_days, &[("2015-07-21T21:40:32.142", "2015-06-24", "P-27D"), ("1984-10-11", "16:30", "PT0S")]);
        check(
            in_seconds,
            &[
                ("2017-10-29T00:00[Europe/Stockholm]", "2017-10-29T04:00", "PT5H"),
                ("2017-10-29T00:00[Europe/Stockholm]", "2017-10-30", "PT25H"),
                ("00:00", "2017-10-29T04:00[Europe/Stockholm]", "PT5H"),
                ("12:44:56", "12:34:55.7", "PT-10M-0.3S"),
                ("-999999999-01-01T00:00", "+999999999-12-31T23:59:59", "PT17531639991215H59M59S"),
            ],
        );
    }
}
