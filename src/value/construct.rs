//! Makes temporal values from strings, maps and other temporal values, as the constructors of the language do.

use std::sync::Arc;

use super::fields::Fields;
use super::temporal::{
    Date, DateTime, Duration, DurationBuilder, Fraction, LocalDateTime, LocalTime, Moment, NANOS_PER_DAY,
    NANOS_PER_SECOND, PartialDate, Time, TruncationUnit, ZoneChoice,
};
use super::{Map, Value, ValueError};

/// The entries by which another moment is taken over.
const SELECTIONS: [&str; 4] = ["date", "time", "datetime", "timezone"];

/// What is made of the parts.
type Made = Result<Value, ValueError>;

/// Returns the parts of a moment; none of other values.
pub fn moment(value: &Value) -> Option<Moment> {
    let midnight = LocalTime { nanoseconds: 0 };
    Some(match value {
        Value::Date(date) => Moment { date: Some(*date), time: midnight, zone: None },
        Value::LocalTime(time) => Moment { date: None, time: *time, zone: None },
        Value::Time(time) => {
            Moment { date: None, time: time.local, zone: Some(ZoneChoice::Offset(time.offset_seconds)) }
        }
        Value::LocalDateTime(local) => Moment { date: Some(local.date), time: local.time, zone: None },
        Value::DateTime(moment) => {
            Moment { date: Some(moment.local.date), time: moment.local.time, zone: Some(ZoneChoice::of(moment)) }
        }
        _ => return None,
    })
}

/// `date(value)`.
pub fn date(value: &Value) -> Made {
    match value {
        Value::String(text) => parsed("date", text, Date::parse(text).map(Value::Date)),
        Value::Map(map) => {
            let fields = Fields::new(map, "date", true, false, &["date", "datetime"])?;
            if fields.has_null() {
                return Ok(Value::Null);
            }
            fields.date(selected(&fields, "date", &["date", "datetime"])?.and_then(|base| base.date)).map(Value::Date)
        }
        _ => moment(value).and_then(|moment| moment.date).map(Value::Date).ok_or_else(|| wrong("date", value)),
    }
}

/// `localtime(value)`.
pub fn local_time(value: &Value) -> Made {
    match value {
        Value::String(text) => parsed("localtime", text, LocalTime::parse(text).map(Value::LocalTime)),
        Value::Map(map) => {
            let fields = Fields::new(map, "localtime", false, true, &["time", "datetime"])?;
            if fields.has_null() {
                return Ok(Value::Null);
            }
            let base = selected(&fields, "localtime", &["time", "datetime"])?;
            require_time(&fields, base.is_some())?;
            fields.time(base.map(|base| base.time), None).map(Value::LocalTime)
        }
        Value::Date(_) => Err(wrong("localtime", value)),
        _ => moment(value).map(|moment| Value::LocalTime(moment.time)).ok_or_else(|| wrong("localtime", value)),
    }
}

/// `time(value)`.
pub fn time(value: &Value) -> Made {
    match value {
        Value::String(text) => parsed("time", text, Time::parse(text).map(Value::Time)),
        Value::Map(map) => {
            let fields = Fields::new(map, "time", false, true, &["time", "datetime", "timezone"])?;
            if fields.has_null() {
                return Ok(Value::Null);
            }
            let base = selected_value(&fields, &["time", "datetime"]);
            require_time(&fields, base.is_some())?;
            let base_moment = selected(&fields, "time", &["time", "datetime"])?;
            let local = fields.time(base_moment.as_ref().map(|base| base.time), None)?;
            let base_offset = base.and_then(offset_of);
            let Some(offset_seconds) = fixed_offset(&fields, base_moment)? else {
                return Ok(Value::Time(Time { local, offset_seconds: base_offset.unwrap_or(0) }));
            };
            let shift = i64::from(offset_seconds - base_offset.unwrap_or(offset_seconds)) * NANOS_PER_SECOND;
            let local = LocalTime { nanoseconds: (local.nanoseconds + shift).rem_euclid(NANOS_PER_DAY) };
            Ok(Value::Time(Time { local, offset_seconds }))
        }
        Value::Date(_) => Err(wrong("time", value)),
        _ => {
            let local = moment(value).ok_or_else(|| wrong("time", value))?.time;
            Ok(Value::Time(Time { local, offset_seconds: offset_of(value).unwrap_or(0) }))
        }
    }
}

/// `localdatetime(value)`.
pub fn local_date_time(value: &Value) -> Made {
    match value {
        Value::String(text) => parsed("localdatetime", text, LocalDateTime::parse(text).map(Value::LocalDateTime)),
        Value::Map(map) => {
            let fields = Fields::new(map, "localdatetime", true, true, &["date", "time", "datetime"])?;
            if fields.has_null() {
                return Ok(Value::Null);
            }
            local_parts(&fields, "localdatetime").map(Value::LocalDateTime)
        }
        _ => match moment(value) {
            Some(Moment { date: Some(date), time, .. }) => Ok(Value::LocalDateTime(LocalDateTime { date, time })),
            _ => Err(wrong("localdatetime", value)),
        },
    }
}

/// `datetime(value)`; without offset or zone it is UTC.
pub fn date_time(value: &Value) -> Made {
    let made = match value {
        Value::String(text) => {
            return parsed("datetime", text, DateTime::parse(text).map(|moment| Value::DateTime(Arc::new(moment))));
        }
        Value::DateTime(_) => return Ok(value.clone()),
        Value::Map(map) => {
            let keys = [SELECTIONS.as_slice(), &["epochSeconds", "epochMillis"]].concat();
            let fields = Fields::new(map, "datetime", true, true, &keys)?;
            if fields.has_null() {
                return Ok(Value::Null);
            }
            match epoch(&fields)? {
                Some(instant) => fields.zone()?.unwrap_or(ZoneChoice::Offset(0)).at_instant(instant),
                None => zoned_parts(&fields)?,
            }
        }
        _ => match moment(value) {
            Some(Moment { date: Some(date), time, zone }) => {
                zone.unwrap_or(ZoneChoice::Offset(0)).at_local(LocalDateTime { date, time })
            }
            _ => return Err(wrong("datetime", value)),
        },
    };
    made.map(|moment| Value::DateTime(Arc::new(moment))).ok_or_else(beyond_years)
}

/// `datetime.fromepoch(seconds, nanoseconds)`.
pub fn date_time_from_epoch(seconds: i64, nanoseconds: i64) -> Made {
    let instant = i128::from(seconds) * i128::from(NANOS_PER_SECOND) + i128::from(nanoseconds);
    let moment = DateTime::at_instant(instant, 0, None).ok_or_else(beyond_years)?;
    Ok(Value::DateTime(Arc::new(moment)))
}

/// `duration(value)`.
pub fn duration(value: &Value) -> Made {
    match value {
        Value::String(text) => {
            parsed("duration", text, Duration::parse(text).map(|duration| Value::Duration(Arc::new(duration))))
        }
        Value::Map(map) => duration_of_map(map),
        Value::Duration(_) => Ok(value.clone()),
        _ => Err(wrong("duration", value)),
    }
}

/// `partialdate(value)`: a year or a year and month, from text or from a map.
pub fn partial_date(value: &Value) -> Made {
    match value {
        Value::String(text) => parsed("partialdate", text, PartialDate::parse(text).map(Value::PartialDate)),
        Value::PartialDate(_) => Ok(value.clone()),
        Value::Map(map) => {
            let fields = Fields::new(map, "partialdate", false, false, &["year", "month"])?;
            let year = fields.integer("year")?.ok_or_else(|| fields.missing("year"))?;
            let date = PartialDate::new(year, fields.integer("month")?);
            date.map(Value::PartialDate).ok_or_else(|| ValueError::out_of_range("there is no such month"))
        }
        _ => Err(wrong("partialdate", value)),
    }
}

/// What `….truncate(unit, moment, fields)` makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truncated {
    /// `date.truncate`.
    Date,
    /// `localtime.truncate`.
    LocalTime,
    /// `time.truncate`.
    Time,
    /// `localdatetime.truncate`.
    LocalDateTime,
    /// `datetime.truncate`.
    DateTime,
}

/// Returns the beginning of the unit that a moment lies in, with the given fields set; a zone replaces the moment's.
pub fn truncate(made: Truncated, unit: &str, value: &Value, fields: Option<&Map>) -> Made {
    let unit = TruncationUnit::parse(unit).ok_or_else(|| unknown_unit(unit))?;
    let source = moment(value).ok_or_else(|| wrong("truncate", value))?;
    let (with_date, with_time) = match made {
        Truncated::Date => (true, false),
        Truncated::LocalTime | Truncated::Time => (false, true),
        Truncated::LocalDateTime | Truncated::DateTime => (true, true),
    };
    let misfit = || ValueError::wrong_value(format!("a {} cannot be truncated so", value.kind()));
    if made == Truncated::Date && unit > TruncationUnit::Day {
        let message = format!("a date has no {}", unit.name());
        let error = ValueError::wrong_value(message);
        return Err(error.with_hint("`localdatetime.truncate` and `datetime.truncate` keep the time of day"));
    }
    let zoned = matches!(made, Truncated::Time | Truncated::DateTime);
    let none = Map::default();
    let zone_key: &[&str] = if zoned { &["timezone"] } else { &[] };
    let fields = Fields::new(fields.unwrap_or(&none), "truncate", with_date, with_time, zone_key)?;
    let date = match source.date {
        Some(date) if with_date => fields.date(Some(date.truncated(unit).ok_or_else(beyond_years)?))?,
        None if with_date => return Err(misfit()),
        _ => Date { days: 0 },
    };
    let time = match source.time.truncated(unit) {
        Some(time) => time,
        None if with_date => LocalTime { nanoseconds: 0 },
        None => return Err(misfit()),
    };
    let kept = match unit {
        TruncationUnit::Millisecond => Some(1_000_000),
        TruncationUnit::Microsecond => Some(1_000),
        _ => None,
    };
    let time = if with_time { fields.time(Some(time), kept)? } else { time };
    let local = LocalDateTime { date, time };
    Ok(match made {
        Truncated::Date => Value::Date(date),
        Truncated::LocalTime => Value::LocalTime(time),
        Truncated::LocalDateTime => Value::LocalDateTime(local),
        Truncated::Time => {
            let offset_seconds = fixed_offset(&fields, moment(value))?.or(offset_of(value)).unwrap_or(0);
            Value::Time(Time { local: time, offset_seconds })
        }
        Truncated::DateTime => {
            let zone = fields.zone()?.or(source.zone).unwrap_or(ZoneChoice::Offset(0));
            Value::DateTime(Arc::new(zone.at_local(local).ok_or_else(beyond_years)?))
        }
    })
}

/// The first of these entries that is given.
fn selected_value<'a>(fields: &Fields<'a>, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().find_map(|key| fields.get(key))
}

/// The moment in the first of these entries that is given.
fn selected(fields: &Fields<'_>, constructor: &str, keys: &[&str]) -> Result<Option<Moment>, ValueError> {
    let Some(value) = selected_value(fields, keys) else {
        return Ok(None);
    };
    moment(value).map(Some).ok_or_else(|| wrong(constructor, value))
}

/// The base of date and time from the entries `datetime`, `date` and `time`.
fn bases(fields: &Fields<'_>, constructor: &str) -> Result<(Option<Date>, Option<Moment>), ValueError> {
    let date = selected(fields, constructor, &["datetime", "date"])?;
    let time = selected(fields, constructor, &["datetime", "time"])?;
    Ok((date.and_then(|base| base.date), time))
}

/// Date and time of day from a map.
fn local_parts(fields: &Fields<'_>, constructor: &str) -> Result<LocalDateTime, ValueError> {
    let (date, time) = bases(fields, constructor)?;
    Ok(LocalDateTime { date: fields.date(date)?, time: fields.time(time.map(|base| base.time), None)? })
}

/// A moment from a map; none if its year is beyond the limits. A zone converts a base that has one, else it is set.
fn zoned_parts(fields: &Fields<'_>) -> Result<Option<DateTime>, ValueError> {
    let local = local_parts(fields, "datetime")?;
    let base_zone = bases(fields, "datetime")?.1.and_then(|base| base.zone);
    let moment = |zone: &ZoneChoice| zone.at_local(local);
    Ok(match (fields.zone()?, base_zone) {
        (Some(zone), Some(base)) => moment(&base).and_then(|moment| zone.at_instant(moment.utc_nanoseconds())),
        (Some(zone), None) | (None, Some(zone)) => moment(&zone),
        (None, None) => moment(&ZoneChoice::Offset(0)),
    })
}

/// The instant that `epochSeconds` or `epochMillis` names, with `nanosecond` added.
fn epoch(fields: &Fields<'_>) -> Result<Option<i128>, ValueError> {
    let seconds = fields.integer("epochSeconds")?.map(|seconds| i128::from(seconds) * i128::from(NANOS_PER_SECOND));
    let milliseconds = fields.integer("epochMillis")?.map(|milliseconds| i128::from(milliseconds) * 1_000_000);
    let nanoseconds = i128::from(fields.integer("nanosecond")?.unwrap_or(0));
    Ok(seconds.or(milliseconds).map(|instant| instant + nanoseconds))
}

/// The offset of a time or moment.
fn offset_of(value: &Value) -> Option<i32> {
    match value {
        Value::Time(time) => Some(time.offset_seconds),
        Value::DateTime(moment) => Some(moment.offset_seconds),
        _ => None,
    }
}

/// The offset for a time of day; only a day, if there is one, tells a zone's.
fn fixed_offset(fields: &Fields<'_>, day: Option<Moment>) -> Result<Option<i32>, ValueError> {
    let shown = day.and_then(|day| Some(LocalDateTime { date: day.date?, time: day.time }));
    match fields.zone()? {
        None => Ok(None),
        Some(ZoneChoice::Offset(offset_seconds)) => Ok(Some(offset_seconds)),
        Some(ZoneChoice::Named(zone)) if shown.is_some() => {
            Ok(shown.and_then(|shown| zone.at_local(shown)).map(|moment| moment.offset_seconds))
        }
        Some(ZoneChoice::Named(zone)) => {
            let message = format!("a time of day needs an offset; that of `{}` depends on the date", zone.name);
            Err(ValueError::bad_argument(message).with_hint("use `datetime`, or an offset such as `+08:00`"))
        }
    }
}

/// A time of day needs an hour, or another moment to take it from.
fn require_time(fields: &Fields<'_>, has_base: bool) -> Result<(), ValueError> {
    if has_base || fields.has_time() { Ok(()) } else { Err(fields.missing("hour")) }
}

/// A duration from a map; each entry may be an integer or a float.
fn duration_of_map(map: &Map) -> Made {
    const MINUTE: i64 = 60 * NANOS_PER_SECOND;
    let keys = [
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
    ];
    Fields::new(map, "duration", false, false, &keys)?;
    let mut builder = DurationBuilder::default();
    for (key, value) in map.iter() {
        let count = match value {
            Value::Null => return Ok(Value::Null),
            Value::Integer(integer) => Some(Fraction::integer(*integer)),
            Value::Float(float) => Fraction::of_float(*float),
            _ => return Err(ValueError::wrong_kind(format!("`duration` takes numbers, not {}", value.kind()))),
        };
        let count = count.ok_or_else(|| ValueError::out_of_range(format!("`{key}` is out of range: {value}")))?;
        let times = |factor: i128| Fraction { numerator: count.numerator * factor, ..count };
        let added = match key.as_str() {
            "years" => builder.months(times(12)),
            "quarters" => builder.months(times(3)),
            "months" => builder.months(count),
            "weeks" => builder.days(times(7)),
            "days" => builder.days(count),
            "hours" => builder.time(count, 60 * MINUTE),
            "minutes" => builder.time(count, MINUTE),
            "seconds" => builder.time(count, NANOS_PER_SECOND),
            "milliseconds" => builder.time(count, 1_000_000),
            "microseconds" => builder.time(count, 1_000),
            _ => builder.time(count, 1),
        };
        added.ok_or_else(|| ValueError::out_of_range(format!("`{key}` is out of range: {value}")))?;
    }
    let duration = builder.finish();
    duration
        .map(|duration| Value::Duration(Arc::new(duration)))
        .ok_or_else(|| ValueError::out_of_range("the duration has a part that does not fit a 64-bit integer"))
}

/// The value read, or the error that the text is none.
fn parsed(constructor: &str, text: &str, value: Option<Value>) -> Made {
    let form = match constructor {
        "date" => "2019-12-31",
        "time" => "21:40:32+08:00",
        "localtime" => "21:40:32",
        "datetime" => "2019-12-31T21:40:32+08:00",
        "localdatetime" => "2019-12-31T21:40:32",
        _ => "P1Y2M3DT4H5M",
    };
    value.ok_or_else(|| {
        ValueError::bad_argument(format!("`{text}` is no text for `{constructor}`"))
            .with_hint(format!("write it as `{form}`"))
    })
}

/// The error of a value that a constructor does not take.
fn wrong(constructor: &str, value: &Value) -> ValueError {
    ValueError::wrong_kind(format!("`{constructor}` cannot be made from {}", value.kind()))
        .with_hint("give a text, or a map of parts such as `{year: 2019, month: 12, day: 31}`")
}

/// The error of a year that the language does not know.
fn beyond_years() -> ValueError {
    ValueError::out_of_range("the result lies outside of the years -999999999 to 999999999")
}

/// The error of a unit that is none.
fn unknown_unit(unit: &str) -> ValueError {
    let names: Vec<_> = TruncationUnit::ALL.iter().map(|(_, name)| *name).collect();
    ValueError::bad_argument(format!("`{unit}` is no unit of time")).with_hint(format!("one of {}", names.join(", ")))
}
