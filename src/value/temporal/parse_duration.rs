//! Reads the ISO 8601 forms of durations: `P1Y2M3W4DT5H6M7.8S`, and `P2012-02-02T14:37:21.545`.
//!
//! Each part may have a sign of its own and a fraction; a sign before the `P` turns all of them.

use super::order::NANOS_PER_SECOND;
use super::parse::{Reader, read_time};
use super::{Duration, DurationBuilder, Fraction};

/// Nanoseconds of a minute.
const MINUTE: i64 = 60 * NANOS_PER_SECOND;

impl Duration {
    /// Reads a duration.
    pub fn parse(text: &str) -> Option<Duration> {
        let mut reader = Reader::new(text);
        let sign = reader.sign();
        if !reader.eat('P') {
            return None;
        }
        let duration = read_units(reader).or_else(|| read_date_form(reader))?;
        if sign == Some(-1) { duration.negated() } else { Some(duration) }
    }
}

/// Parts with their units, biggest first; the units behind `T` are those of time.
fn read_units(mut reader: Reader<'_>) -> Option<Duration> {
    let mut builder = DurationBuilder::default();
    let mut units: &[char] = &['Y', 'M', 'W', 'D'];
    let mut time = false;
    let mut parts = 0;
    while !reader.at_end() {
        if !time && reader.eat('T') {
            time = true;
            units = &['H', 'M', 'S'];
            // A `T` announces at least one part.
            parts = 0;
            continue;
        }
        let count = read_decimal(&mut reader)?;
        let place = units.iter().position(|unit| reader.eat(*unit))?;
        let unit = units.get(place)?;
        match (time, unit) {
            (false, 'Y') => builder.months(Fraction { numerator: count.numerator.checked_mul(12)?, ..count })?,
            (false, 'M') => builder.months(count)?,
            (false, 'W') => builder.days(Fraction { numerator: count.numerator.checked_mul(7)?, ..count })?,
            (false, _) => builder.days(count)?,
            (true, 'H') => builder.time(count, 60 * MINUTE)?,
            (true, 'M') => builder.time(count, MINUTE)?,
            (true, _) => builder.time(count, NANOS_PER_SECOND)?,
        };
        units = units.get(place + 1..)?;
        parts += 1;
    }
    if parts > 0 { builder.finish() } else { None }
}

/// A number with sign and fraction, exactly.
fn read_decimal(reader: &mut Reader<'_>) -> Option<Fraction> {
    let sign = reader.sign().unwrap_or(1);
    let whole = reader.digits();
    let decimals = if reader.eat('.') || reader.eat(',') { reader.digits() } else { "" };
    if whole.is_empty() && decimals.is_empty() {
        return None;
    }
    let size = Fraction::of_decimal(whole, decimals, 0)?;
    Some(Fraction { numerator: size.numerator * i128::from(sign), ..size })
}

/// `2012-02-02T14:37:21.545`: years, months, days and a time of day.
fn read_date_form(mut reader: Reader<'_>) -> Option<Duration> {
    let years = reader.number(4)?;
    let extended = reader.eat('-');
    let months = reader.number(2)?;
    if extended && !reader.eat('-') {
        return None;
    }
    let days = reader.number(2)?;
    let time = if reader.eat('T') { read_time(&mut reader)?.nanoseconds } else { 0 };
    if months > 12 || days > 31 || !reader.at_end() {
        return None;
    }
    Duration::from_parts(years * 12 + months, days, i128::from(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_all_forms() {
        let cases = [
            ("P14DT16H12M", "P14DT16H12M"),
            ("P5M1.5D", "P5M1DT12H"),
            ("P0.75M", "P22DT19H51M49.5S"),
            ("PT0.75M", "PT45S"),
            ("P2.5W", "P17DT12H"),
            ("P12Y5M14DT16H12M70S", "P12Y5M14DT16H13M10S"),
            ("P2012-02-02T14:37:21.545", "P2012Y2M2DT14H37M21.545S"),
            ("P12Y5M-14DT16H", "P12Y5M-14DT16H"),
            ("PT-1M-0.001S", "PT-1M-0.001S"),
            ("-P1D", "P-1D"),
            ("PT0S", "PT0S"),
            ("P20120202T143721", "P2012Y2M2DT14H37M21S"),
        ];
        for (text, expected) in cases {
            assert_eq!(Duration::parse(text).map(|duration| duration.to_string()).as_deref(), Some(expected), "{text}");
        }
        for wrong in ["", "P", "PT", "P1DT", "1D", "P1D1Y", "PT1D", "P1", "P1D ", "P99999999999999999999Y", "P1Dx"] {
            assert_eq!(Duration::parse(wrong), None, "{wrong}");
        }
    }
}
