//! The components of temporal values and literals: `d.year`, `t.offset`, `x.daysOfWeek`.

use smol_str::format_smolstr;

use super::temporal::{Date, DateTime, Duration, LocalTime, NANOS_PER_SECOND, Offset, PartialDate};
use super::{Kind, RdfLiteral, Value, ValueError};

/// The components of a date.
const DATE: &[&str] =
    &["year", "quarter", "month", "week", "weekYear", "day", "ordinalDay", "weekDay", "dayOfWeek", "dayOfQuarter"];
/// The components of a local time.
const LOCAL_TIME: &[&str] = &["hour", "minute", "second", "millisecond", "microsecond", "nanosecond"];
/// The components of a time.
const TIME: &[&str] = &[
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "nanosecond",
    "timezone",
    "offset",
    "offsetMinutes",
    "offsetSeconds",
];
/// The components of a local date-time.
const LOCAL_DATE_TIME: &[&str] = &[
    "year",
    "quarter",
    "month",
    "week",
    "weekYear",
    "day",
    "ordinalDay",
    "weekDay",
    "dayOfWeek",
    "dayOfQuarter",
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "nanosecond",
];
/// The components of a date-time.
const DATE_TIME: &[&str] = &[
    "year",
    "quarter",
    "month",
    "week",
    "weekYear",
    "day",
    "ordinalDay",
    "weekDay",
    "dayOfWeek",
    "dayOfQuarter",
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "nanosecond",
    "timezone",
    "offset",
    "offsetMinutes",
    "offsetSeconds",
    "epochSeconds",
    "epochMillis",
];
/// The components of a duration.
const DURATION: &[&str] = &[
    "years",
    "quarters",
    "months",
    "weeks",
    "days",
    "hours",
    "minutes",
    "seconds",
    "milliseconds",
    "microseconds",
    "nanoseconds",
    "quartersOfYear",
    "monthsOfQuarter",
    "monthsOfYear",
    "daysOfWeek",
    "minutesOfHour",
    "secondsOfMinute",
    "millisecondsOfSecond",
    "microsecondsOfSecond",
    "nanosecondsOfSecond",
];
/// The components of a partial date.
const PARTIAL_DATE: &[&str] = &["year", "quarter", "month", "firstDay", "lastDay"];

/// The components of an RDF literal.
const LITERAL: &[&str] = &["text", "datatype", "language"];

/// Returns the names of the components that values of a kind have; none for kinds without components.
pub fn component_names(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Date => DATE,
        Kind::LocalTime => LOCAL_TIME,
        Kind::Time => TIME,
        Kind::LocalDateTime => LOCAL_DATE_TIME,
        Kind::DateTime => DATE_TIME,
        Kind::Duration => DURATION,
        Kind::PartialDate => PARTIAL_DATE,
        Kind::Literal => LITERAL,
        _ => &[],
    }
}

/// Returns a component of a temporal value or literal, if it has one of this name.
pub fn component(value: &Value, name: &str) -> Option<Result<Value, ValueError>> {
    let found = match value {
        Value::Date(date) => of_date(*date, name),
        Value::LocalTime(time) => of_time(*time, name),
        Value::Time(time) => of_time(time.local, name).or_else(|| of_offset(time.offset_seconds, None, name)),
        Value::LocalDateTime(local) => of_date(local.date, name).or_else(|| of_time(local.time, name)),
        Value::DateTime(moment) => of_moment(moment, name),
        Value::Duration(duration) => return of_duration(duration, name),
        Value::PartialDate(date) => of_partial_date(*date, name),
        Value::Literal(literal) => of_literal(literal, name),
        _ => None,
    };
    found.map(Ok)
}

fn of_literal(literal: &RdfLiteral, name: &str) -> Option<Value> {
    match name {
        "text" => Some(Value::String(literal.text.clone())),
        "datatype" => Some(Value::String(literal.datatype.clone())),
        "language" => Some(literal.language.clone().map_or(Value::Null, Value::String)),
        _ => None,
    }
}

fn of_date(date: Date, name: &str) -> Option<Value> {
    let number = match name {
        "year" => date.year(),
        "quarter" => date.quarter(),
        "month" => date.month(),
        "week" => date.week().1,
        "weekYear" => date.week().0,
        "day" => date.day(),
        "ordinalDay" => date.ordinal_day(),
        "weekDay" | "dayOfWeek" => date.day_of_week(),
        "dayOfQuarter" => date.day_of_quarter(),
        _ => return None,
    };
    Some(Value::Integer(number))
}

fn of_time(time: LocalTime, name: &str) -> Option<Value> {
    let seconds = time.nanoseconds / NANOS_PER_SECOND;
    let fraction = time.nanoseconds % NANOS_PER_SECOND;
    let number = match name {
        "hour" => seconds / 3_600,
        "minute" => seconds / 60 % 60,
        "second" => seconds % 60,
        "millisecond" => fraction / 1_000_000,
        "microsecond" => fraction / 1_000,
        "nanosecond" => fraction,
        _ => return None,
    };
    Some(Value::Integer(number))
}

fn of_offset(offset_seconds: i32, zone: Option<&str>, name: &str) -> Option<Value> {
    match name {
        "offsetMinutes" => Some(Value::Integer(i64::from(offset_seconds / 60))),
        "offsetSeconds" => Some(Value::Integer(i64::from(offset_seconds))),
        "offset" => Some(Value::String(format_smolstr!("{}", Offset(offset_seconds)))),
        "timezone" => {
            Some(zone.map_or_else(|| Value::String(format_smolstr!("{}", Offset(offset_seconds))), Value::string))
        }
        _ => None,
    }
}

fn of_moment(moment: &DateTime, name: &str) -> Option<Value> {
    match name {
        "epochSeconds" => Some(Value::Integer(moment.utc_seconds())),
        "epochMillis" => {
            let milliseconds = moment.utc_nanoseconds().div_euclid(1_000_000);
            i64::try_from(milliseconds).ok().map(Value::Integer)
        }
        _ => of_date(moment.local.date, name)
            .or_else(|| of_time(moment.local.time, name))
            .or_else(|| of_offset(moment.offset_seconds, moment.zone.as_deref(), name)),
    }
}

fn of_partial_date(date: PartialDate, name: &str) -> Option<Value> {
    let month = date.month.map(i64::from);
    match name {
        "year" => Some(Value::Integer(i64::from(date.year))),
        "month" => Some(month.map_or(Value::Null, Value::Integer)),
        "quarter" => Some(month.map_or(Value::Null, |month| Value::Integer((month + 2) / 3))),
        "firstDay" => Some(Value::Date(date.first_day())),
        "lastDay" => Some(Value::Date(date.last_day())),
        _ => None,
    }
}

/// Totals such as `minutes` count whole units; `…Of…` is what a bigger unit leaves.
fn of_duration(duration: &Duration, name: &str) -> Option<Result<Value, ValueError>> {
    let Duration { months, days, seconds, nanoseconds } = *duration;
    let nanoseconds = i64::from(nanoseconds);
    let number = match name {
        "years" => months / 12,
        "quarters" => months / 3,
        "months" => months,
        "weeks" => days / 7,
        "days" => days,
        "hours" => seconds / 3_600,
        "minutes" => seconds / 60,
        "seconds" => seconds,
        "milliseconds" | "microseconds" | "nanoseconds" => {
            let unit = match name {
                "milliseconds" => 1_000_000,
                "microseconds" => 1_000,
                _ => 1,
            };
            let total = i64::try_from(duration.time_nanoseconds().div_euclid(unit));
            let overflow = || ValueError::integer_overflow(format!("{duration}.{name}"));
            return Some(total.map(Value::Integer).map_err(|_| overflow()));
        }
        "quartersOfYear" => months / 3 % 4,
        "monthsOfQuarter" => months % 3,
        "monthsOfYear" => months % 12,
        "daysOfWeek" => days % 7,
        "minutesOfHour" => seconds / 60 % 60,
        "secondsOfMinute" => seconds % 60,
        "millisecondsOfSecond" => nanoseconds / 1_000_000,
        "microsecondsOfSecond" => nanoseconds / 1_000,
        "nanosecondsOfSecond" => nanoseconds,
        _ => return None,
    };
    Some(Ok(Value::Integer(number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::construct;

    fn all(value: &Value) -> String {
        let names = component_names(value.kind());
        let components = names.iter().map(|name| match component(value, name) {
            Some(Ok(component)) => format!("{name} {component}"),
            other => panic!("{name}: {other:?}"),
        });
        components.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn every_component_listed_is_there() {
        let moment = construct::date_time(&Value::string("1984-11-11T12:31:14.645876123[Europe/Stockholm]"));
        let expected = "year 1984, quarter 4, month 11, week 45, weekYear 1984, day 11, ordinalDay 316, weekDay 7, \
            dayOfWeek 7, dayOfQuarter 42, hour 12, minute 31, second 14, millisecond 645, microsecond 645876, \
            nanosecond 645876123, timezone Europe/Stockholm, offset +01:00, offsetMinutes 60, offsetSeconds 3600, \
            epochSeconds 469020674, epochMillis 469020674645";
        assert_eq!(moment.map(|moment| all(&moment)), Ok(expected.to_string()));
        let duration = construct::duration(&Value::string("P1Y4M10DT1H1M1.111111111S"));
        let expected = "years 1, quarters 5, months 16, weeks 1, days 10, hours 1, minutes 61, seconds 3661, \
            milliseconds 3661111, microseconds 3661111111, nanoseconds 3661111111111, quartersOfYear 1, monthsOfQuarter 1, \
            monthsOfYear 4, daysOfWeek 3, minutesOfHour 1, secondsOfMinute 1, millisecondsOfSecond 111, \
            microsecondsOfSecond 111111, nanosecondsOfSecond 111111111";
        assert_eq!(duration.map(|duration| all(&duration)), Ok(expected.to_string()));
        for text in ["2017-04", "2017"] {
            assert!(construct::partial_date(&Value::string(text)).is_ok_and(|date| all(&date).contains("year 2017")));
        }
        assert!(
            construct::time(&Value::string("12:00+01:00")).is_ok_and(|time| all(&time).contains("timezone +01:00"))
        );
    }
}
