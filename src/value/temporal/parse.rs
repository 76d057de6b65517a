//! Reads the ISO 8601 forms of dates, times and moments, extended (`2015-07-21T21:40`) and basic (`20150721T2140`).
//!
//! Dates may be given by month, week (`2015-W30-2`), quarter (`2015-Q2-60`) or day of the year (`2015-202`); what is left out on
//! the right is the first. Nothing is left over: text behind the value is no value.

use super::order::NANOS_PER_SECOND;
use super::zone::{Zone, ZoneChoice};
use super::{Date, DateTime, LocalDateTime, LocalTime, PartialDate, Time};

/// Walks over ASCII text; every step says whether it could be made.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    text: &'a str,
}

impl<'a> Reader<'a> {
    /// Begins at the start of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Reader { text }
    }

    /// Says whether nothing is left.
    pub(super) fn at_end(&self) -> bool {
        self.text.is_empty()
    }

    /// Takes this character, if it is next.
    pub(super) fn eat(&mut self, character: char) -> bool {
        let rest = self.text.strip_prefix(character);
        self.text = rest.unwrap_or(self.text);
        rest.is_some()
    }

    /// Takes `+` or `-`, if one is next: the factor it means.
    pub(super) fn sign(&mut self) -> Option<i64> {
        if self.eat('+') {
            Some(1)
        } else if self.eat('-') {
            Some(-1)
        } else {
            None
        }
    }

    /// Takes all digits that are next; none is an empty text.
    pub(super) fn digits(&mut self) -> &'a str {
        let length = self.digit_count();
        let (digits, rest) = self.text.split_at(length);
        self.text = rest;
        digits
    }

    /// Takes exactly so many digits.
    pub(super) fn number(&mut self, length: usize) -> Option<i64> {
        if self.digit_count() < length {
            return None;
        }
        let (digits, rest) = self.text.split_at(length);
        self.text = rest;
        digits.parse().ok()
    }

    /// The number of digits that are next.
    fn digit_count(&self) -> usize {
        self.text.bytes().take_while(u8::is_ascii_digit).count()
    }
}

impl Date {
    /// Reads a date.
    pub fn parse(text: &str) -> Option<Date> {
        let mut reader = Reader::new(text);
        let date = read_date(&mut reader)?;
        reader.at_end().then_some(date)
    }
}

impl PartialDate {
    /// Reads a year (`2017`) or a year and month (`2017-04`).
    pub fn parse(text: &str) -> Option<PartialDate> {
        let mut reader = Reader::new(text);
        let year = read_year(&mut reader)?;
        let month = if reader.eat('-') { Some(reader.number(2)?) } else { None };
        if reader.at_end() { PartialDate::new(year, month) } else { None }
    }
}

impl LocalTime {
    /// Reads a time of day without offset.
    pub fn parse(text: &str) -> Option<LocalTime> {
        let mut reader = Reader::new(text);
        let time = read_time(&mut reader)?;
        reader.at_end().then_some(time)
    }

    /// Returns the time of day of these parts, if there is one.
    pub fn from_parts(hour: i64, minute: i64, second: i64, nanosecond: i64) -> Option<LocalTime> {
        let valid = (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second)
            && (0..NANOS_PER_SECOND).contains(&nanosecond);
        let seconds = hour.checked_mul(3_600)?.checked_add(minute.checked_mul(60)?)?.checked_add(second)?;
        valid.then(|| LocalTime { nanoseconds: seconds * NANOS_PER_SECOND + nanosecond })
    }
}

impl Time {
    /// Reads a time of day; without an offset it is UTC.
    pub fn parse(text: &str) -> Option<Time> {
        let mut reader = Reader::new(text);
        let local = read_time(&mut reader)?;
        let offset_seconds = if reader.at_end() { 0 } else { read_offset(&mut reader)? };
        reader.at_end().then_some(Time { local, offset_seconds })
    }
}

impl LocalDateTime {
    /// Reads a date and time of day without offset; without a time it is midnight.
    pub fn parse(text: &str) -> Option<LocalDateTime> {
        let mut reader = Reader::new(text);
        let local = read_local_date_time(&mut reader)?;
        reader.at_end().then_some(local)
    }
}

impl DateTime {
    /// Reads a date and time of day with an offset, a zone in brackets, or both; with neither it is UTC.
    pub fn parse(text: &str) -> Option<DateTime> {
        let (text, zone) = match text.strip_suffix(']') {
            Some(text) => {
                let (text, name) = text.split_once('[')?;
                (text, Some(Zone::find(name)?))
            }
            None => (text, None),
        };
        let mut reader = Reader::new(text);
        let local = read_local_date_time(&mut reader)?;
        let offset_seconds = if reader.at_end() { None } else { Some(read_offset(&mut reader)?) };
        match (zone, offset_seconds) {
            _ if !reader.at_end() => None,
            (None, offset_seconds) => Some(DateTime { local, offset_seconds: offset_seconds.unwrap_or(0), zone: None }),
            (Some(zone), None) => zone.at_local(local),
            (Some(zone), Some(offset_seconds)) => {
                // The offset tells apart the two readings of an hour that clocks show twice; one that the zone never has is refused.
                let moment = DateTime { local, offset_seconds, zone: Some(zone.name.clone()) };
                (zone.offset_at(moment.utc_seconds()) == offset_seconds).then_some(moment)
            }
        }
    }
}

impl ZoneChoice {
    /// Reads an offset (`Z`, `+01:00`, `+0100`, `+01`, `+00:53:28`) or a zone's name (`Europe/Stockholm`).
    pub fn parse(text: &str) -> Option<ZoneChoice> {
        let mut reader = Reader::new(text);
        match read_offset(&mut reader) {
            Some(offset_seconds) if reader.at_end() => Some(ZoneChoice::Offset(offset_seconds)),
            _ => Zone::find(text).map(ZoneChoice::Named),
        }
    }
}

/// Four digits, or a sign and up to nine.
fn read_year(reader: &mut Reader<'_>) -> Option<i64> {
    match reader.sign() {
        Some(sign) => {
            let digits = reader.digits();
            let year: i64 = if (4..=9).contains(&digits.len()) { digits.parse().ok()? } else { return None };
            Some(sign * year)
        }
        None => reader.number(4),
    }
}

/// A date in any of the forms.
fn read_date(reader: &mut Reader<'_>) -> Option<Date> {
    let year = read_year(reader)?;
    let extended = reader.eat('-');
    if reader.eat('W') {
        let week = reader.number(2)?;
        return Date::from_week(year, week, read_next(reader, extended, 1)?);
    }
    if reader.eat('Q') {
        let quarter = reader.number(1)?;
        return Date::from_quarter(year, quarter, read_next(reader, extended, 2)?);
    }
    match reader.digit_count() {
        0 if !extended => Date::from_ymd(year, 1, 1),
        3 => Date::from_ordinal(year, reader.number(3)?),
        2 => {
            let month = reader.number(2)?;
            let day = if extended && reader.eat('-') { reader.number(2)? } else { 1 };
            Date::from_ymd(year, month, day)
        }
        4 if !extended => {
            let month = reader.number(2)?;
            Date::from_ymd(year, month, reader.number(2)?)
        }
        _ => None,
    }
}

/// The next part of a date, behind a `-` in the extended form; the first if it is left out.
fn read_next(reader: &mut Reader<'_>, extended: bool, length: usize) -> Option<i64> {
    if extended {
        if reader.eat('-') { reader.number(length) } else { Some(1) }
    } else if reader.digit_count() > 0 {
        reader.number(length)
    } else {
        Some(1)
    }
}

/// A time of day: `21`, `21:40`, `2140`, with seconds and a fraction of them.
pub(super) fn read_time(reader: &mut Reader<'_>) -> Option<LocalTime> {
    let hour = reader.number(2)?;
    let extended = reader.eat(':');
    if !extended && reader.digit_count() == 0 {
        return LocalTime::from_parts(hour, 0, 0, 0);
    }
    let minute = reader.number(2)?;
    let with_seconds = if extended { reader.eat(':') } else { reader.digit_count() > 0 };
    if !with_seconds {
        return LocalTime::from_parts(hour, minute, 0, 0);
    }
    let second = reader.number(2)?;
    let nanosecond = if reader.eat('.') || reader.eat(',') { read_fraction(reader)? } else { 0 };
    LocalTime::from_parts(hour, minute, second, nanosecond)
}

/// A fraction of a second, one to nine digits, in nanoseconds.
fn read_fraction(reader: &mut Reader<'_>) -> Option<i64> {
    let digits = reader.digits();
    let scale = 9usize.checked_sub(digits.len()).and_then(|missing| u32::try_from(missing).ok())?;
    let number: i64 = digits.parse().ok()?;
    Some(number * 10i64.pow(scale))
}

/// An offset, at most 18 hours.
fn read_offset(reader: &mut Reader<'_>) -> Option<i32> {
    if reader.eat('Z') || reader.eat('z') {
        return Some(0);
    }
    let sign = reader.sign()?;
    let hours = reader.number(2)?;
    let mut seconds = hours * 3_600;
    for unit in [60, 1] {
        let separated = reader.eat(':');
        if !separated && reader.digit_count() == 0 {
            break;
        }
        let part = reader.number(2)?;
        if part >= 60 {
            return None;
        }
        seconds += part * unit;
    }
    if seconds <= 18 * 3_600 { i32::try_from(sign * seconds).ok() } else { None }
}

/// A date, and a time behind `T`.
fn read_local_date_time(reader: &mut Reader<'_>) -> Option<LocalDateTime> {
    let date = read_date(reader)?;
    if reader.eat('T') || reader.eat('t') {
        Some(LocalDateTime { date, time: read_time(reader)? })
    } else {
        Some(date.at_midnight())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_all_forms() {
        let cases = [
            ("2015-07-21", "2015-07-21"),
            ("20150721", "2015-07-21"),
            ("2015-07", "2015-07-01"),
            ("201507", "2015-07-01"),
            ("2015-W30-2", "2015-07-21"),
            ("2015W302", "2015-07-21"),
            ("2015-W30", "2015-07-20"),
            ("2015W30", "2015-07-20"),
            ("2015-202", "2015-07-21"),
            ("2015202", "2015-07-21"),
            ("2015-Q3-21", "2015-07-21"),
            ("2015Q321", "2015-07-21"),
            ("2015", "2015-01-01"),
            ("-999999999-01-01", "-999999999-01-01"),
            ("+999999999-12-31", "+999999999-12-31"),
        ];
        for (text, expected) in cases {
            assert_eq!(Date::parse(text).map(|date| date.to_string()).as_deref(), Some(expected), "{text}");
        }
        for wrong in
            ["", "201", "2015-", "2015-7-1", "2015-13-01", "2015-02-30", "2015-07-21x", "二〇一五", "+123-01-01"]
        {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_in_all_forms() {
        let cases = [
            ("21:40:32.142+0100", "21:40:32.142+01:00"),
            ("214032.142Z", "21:40:32.142Z"),
            ("214032-0100", "21:40:32-01:00"),
            ("2140-00:00", "21:40Z"),
            ("2140-02", "21:40-02:00"),
            ("22+18:00", "22:00+18:00"),
            ("12:34:56+02:05:59", "12:34:56+02:05:59"),
            ("21", "21:00Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(Time::parse(text).map(|time| time.to_string()).as_deref(), Some(expected), "{text}");
        }
        for wrong in ["24:00", "21:60", "21:", "2", "21:40:32.", "21+19:00", "21:40:32.1234567890"] {
            assert_eq!(Time::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn moments_in_all_forms() {
        let cases = [
            ("2015-W30-2T214032.142Z", "2015-07-21T21:40:32.142Z"),
            ("2015T214032-0100", "2015-01-01T21:40:32-01:00"),
            ("2015202T21+18:00", "2015-07-21T21:00+18:00"),
            ("2015-07-21T21:40:32.142-04[America/New_York]", "2015-07-21T21:40:32.142-04:00[America/New_York]"),
            ("2015-07-21T21:40:32.142[Europe/London]", "2015-07-21T21:40:32.142+01:00[Europe/London]"),
            ("1818-07-21T21:40:32.142[Europe/Stockholm]", "1818-07-21T21:40:32.142+00:53:28[Europe/Stockholm]"),
            ("2017-10-29T02:30+01:00[Europe/Stockholm]", "2017-10-29T02:30+01:00[Europe/Stockholm]"),
        ];
        for (text, expected) in cases {
            assert_eq!(DateTime::parse(text).map(|moment| moment.to_string()).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(DateTime::parse("2015-07-21T21:40+05:00[Europe/London]"), None);
        assert_eq!(DateTime::parse("2015-07-21T21:40[]"), None);
    }

    #[test]
    fn partial_dates_are_years_or_months() {
        assert_eq!(PartialDate::parse("2017-04"), PartialDate::new(2017, Some(4)));
        assert_eq!(PartialDate::parse("2017"), PartialDate::new(2017, None));
        assert_eq!(PartialDate::parse("2017-04-28"), None);
    }
}
