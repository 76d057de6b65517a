//! The temporal functions: constructors, clocks, truncation, durations between moments.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::value::construct::{self, Truncated};
use crate::value::temporal::{Duration, Moment, Offset, ZoneChoice, between, in_days, in_months, in_seconds};
use crate::value::{Map, Value, ValueError};

use super::table::{Answer, deterministic, integer, text};
use super::{Function, FunctionBody, FunctionContext, Kinds, Parameter};

/// What a constructor may be given; nothing means the statement's clock. Values of other kinds are found at run time.
const SOURCE: &[Parameter] = &[Parameter::optional("value", Kinds::ANY)];
const DURATION: &[Parameter] = &[Parameter::required("value", Kinds::ANY)];
const ZONE: &[Parameter] = &[Parameter::optional("timezone", Kinds::STRING)];
const TRUNCATE: &[Parameter] = &[
    Parameter::required("unit", Kinds::STRING),
    Parameter::required("moment", Kinds::MOMENT),
    Parameter::optional("fields", Kinds::MAP),
];
const BETWEEN: &[Parameter] = &[Parameter::required("from", Kinds::MOMENT), Parameter::required("to", Kinds::MOMENT)];
const EPOCH: &[Parameter] =
    &[Parameter::required("seconds", Kinds::NUMBER), Parameter::required("nanoseconds", Kinds::NUMBER)];
const EPOCH_MILLIS: &[Parameter] = &[Parameter::required("milliseconds", Kinds::NUMBER)];

const DATE: Kinds = Kinds::of(&[crate::value::Kind::Date]);
const LOCAL_TIME: Kinds = Kinds::of(&[crate::value::Kind::LocalTime]);
const TIME: Kinds = Kinds::of(&[crate::value::Kind::Time]);
const LOCAL_DATE_TIME: Kinds = Kinds::of(&[crate::value::Kind::LocalDateTime]);
const DATE_TIME: Kinds = Kinds::of(&[crate::value::Kind::DateTime]);
const PARTIAL_DATE: Kinds = Kinds::of(&[crate::value::Kind::PartialDate]);

/// The temporal functions.
pub const FUNCTIONS: &[Function] = &[
    deterministic(
        "date",
        SOURCE,
        DATE,
        date,
        "a date from text, a map or another moment, or today",
        "date('2015-07-21')",
    ),
    deterministic(
        "date.transaction",
        ZONE,
        DATE,
        date_transaction,
        "the date when the transaction began",
        "date.transaction()",
    ),
    deterministic(
        "date.statement",
        ZONE,
        DATE,
        date_statement,
        "the date when the statement began",
        "date.statement()",
    ),
    clock("date.realtime", DATE, date_realtime, "the date now", "date.realtime()"),
    deterministic(
        "date.truncate",
        TRUNCATE,
        DATE,
        date_truncate,
        "the first day of a unit",
        "date.truncate('month', date('2015-07-21'))",
    ),
    deterministic(
        "localtime",
        SOURCE,
        LOCAL_TIME,
        local_time,
        "a time of day from text, a map or a moment, or now",
        "localtime('21:40')",
    ),
    deterministic(
        "localtime.transaction",
        ZONE,
        LOCAL_TIME,
        local_time_transaction,
        "the time of day when the transaction began",
        "localtime.transaction()",
    ),
    deterministic(
        "localtime.statement",
        ZONE,
        LOCAL_TIME,
        local_time_statement,
        "the time of day when the statement began",
        "localtime.statement()",
    ),
    clock("localtime.realtime", LOCAL_TIME, local_time_realtime, "the time of day now", "localtime.realtime()"),
    deterministic(
        "localtime.truncate",
        TRUNCATE,
        LOCAL_TIME,
        local_time_truncate,
        "the beginning of a unit",
        "localtime.truncate('hour', localtime('21:40'))",
    ),
    deterministic(
        "time",
        SOURCE,
        TIME,
        time,
        "a time of day with offset from text, a map or a moment, or now",
        "time('21:40+01:00')",
    ),
    deterministic(
        "time.transaction",
        ZONE,
        TIME,
        time_transaction,
        "the time of day when the transaction began",
        "time.transaction()",
    ),
    deterministic(
        "time.statement",
        ZONE,
        TIME,
        time_statement,
        "the time of day when the statement began",
        "time.statement()",
    ),
    clock("time.realtime", TIME, time_realtime, "the time of day now", "time.realtime()"),
    deterministic(
        "time.truncate",
        TRUNCATE,
        TIME,
        time_truncate,
        "the beginning of a unit",
        "time.truncate('hour', time('21:40Z'))",
    ),
    deterministic(
        "localdatetime",
        SOURCE,
        LOCAL_DATE_TIME,
        local_date_time,
        "a date and time of day from text, a map or a moment, or now",
        "localdatetime('2015-07-21T21:40')",
    ),
    deterministic(
        "localdatetime.transaction",
        ZONE,
        LOCAL_DATE_TIME,
        local_date_time_transaction,
        "the local moment when the transaction began",
        "localdatetime.transaction()",
    ),
    deterministic(
        "localdatetime.statement",
        ZONE,
        LOCAL_DATE_TIME,
        local_date_time_statement,
        "the local moment when the statement began",
        "localdatetime.statement()",
    ),
    clock(
        "localdatetime.realtime",
        LOCAL_DATE_TIME,
        local_date_time_realtime,
        "the local moment now",
        "localdatetime.realtime()",
    ),
    deterministic(
        "localdatetime.truncate",
        TRUNCATE,
        LOCAL_DATE_TIME,
        local_date_time_truncate,
        "the beginning of a unit",
        "localdatetime.truncate('day', localdatetime('2015-07-21T21:40'))",
    ),
    deterministic(
        "datetime",
        SOURCE,
        DATE_TIME,
        date_time,
        "a moment with offset or zone from text, a map or a moment, or now",
        "datetime('2015-07-21T21:40+01:00')",
    ),
    deterministic(
        "datetime.transaction",
        ZONE,
        DATE_TIME,
        date_time_transaction,
        "the moment when the transaction began",
        "datetime.transaction()",
    ),
    deterministic(
        "datetime.statement",
        ZONE,
        DATE_TIME,
        date_time_statement,
        "the moment when the statement began",
        "datetime.statement()",
    ),
    clock("datetime.realtime", DATE_TIME, date_time_realtime, "the moment now", "datetime.realtime()"),
    deterministic(
        "datetime.truncate",
        TRUNCATE,
        DATE_TIME,
        date_time_truncate,
        "the beginning of a unit",
        "datetime.truncate('day', datetime('2015-07-21T21:40Z'))",
    ),
    deterministic(
        "datetime.fromEpoch",
        EPOCH,
        DATE_TIME,
        from_epoch,
        "the moment so many seconds and nanoseconds after 1970 began",
        "datetime.fromEpoch(0, 0)",
    ),
    deterministic(
        "datetime.fromEpochMillis",
        EPOCH_MILLIS,
        DATE_TIME,
        from_epoch_millis,
        "the moment so many milliseconds after 1970 began",
        "datetime.fromEpochMillis(0)",
    ),
    deterministic(
        "duration",
        DURATION,
        Kinds::DURATION,
        duration,
        "a duration from text or a map",
        "duration('P1Y2M')",
    ),
    deterministic(
        "duration.between",
        BETWEEN,
        Kinds::DURATION,
        duration_between,
        "months, days and time from one moment to another",
        "duration.between(date('2015-01-01'), date('2015-02-03'))",
    ),
    deterministic(
        "duration.inMonths",
        BETWEEN,
        Kinds::DURATION,
        duration_in_months,
        "the whole months from one moment to another",
        "duration.inMonths(date('2015-01-01'), date('2015-02-03'))",
    ),
    deterministic(
        "duration.inDays",
        BETWEEN,
        Kinds::DURATION,
        duration_in_days,
        "the whole days from one moment to another",
        "duration.inDays(date('2015-01-01'), date('2015-02-03'))",
    ),
    deterministic(
        "duration.inSeconds",
        BETWEEN,
        Kinds::DURATION,
        duration_in_seconds,
        "the time from one moment to another",
        "duration.inSeconds(localtime('10:00'), localtime('11:30'))",
    ),
    deterministic(
        "partialDate",
        DURATION,
        PARTIAL_DATE,
        partial_date,
        "a year, or a year and month, of which no more is known",
        "partialDate('2017-04')",
    ),
    deterministic(
        "timestamp",
        &[],
        Kinds::INTEGER,
        timestamp,
        "milliseconds since 1970 began, when the statement began",
        "timestamp() > 0",
    ),
];

/// A row for a function that reads the clock at each call.
const fn clock(
    name: &'static str,
    result: Kinds,
    body: FunctionBody,
    summary: &'static str,
    example: &'static str,
) -> Function {
    Function { deterministic: false, ..deterministic(name, ZONE, result, body, summary, example) }
}

/// Makes a value of one kind out of another.
type Constructor = fn(&Value) -> Answer;

/// The moment of an instant in a zone, UTC unless one is named.
fn seen_from(instant: i128, zone: Option<&str>, context: &FunctionContext<'_>) -> Answer {
    let moment = match zone {
        None => context.moment(instant),
        Some(name) => {
            let zone = ZoneChoice::parse(name);
            let zone = zone.ok_or_else(|| ValueError::bad_argument(format!("`{name}` is no time zone")))?;
            zone.at_instant(instant).unwrap_or_else(|| context.moment(instant))
        }
    };
    Ok(Value::DateTime(Arc::new(moment)))
}

/// Calls a constructor; without an argument, or with nothing but a zone, it means the statement's clock.
fn constructed(arguments: &[Value], context: &FunctionContext<'_>, constructor: Constructor) -> Answer {
    match arguments.first() {
        None => constructor(&seen_from(context.clock.statement, None, context)?),
        Some(Value::Map(map)) => match only_zone(map) {
            Some(zone) => constructor(&seen_from(context.clock.statement, Some(zone), context)?),
            None => constructor(&Value::Map(with_offset_of_now(map, context))),
        },
        Some(value) => constructor(value),
    }
}

/// The zone of a map that says nothing else.
fn only_zone(map: &Map) -> Option<&str> {
    match map.get("timezone") {
        Some(Value::String(zone)) if map.len() == 1 => Some(zone),
        _ => None,
    }
}

/// A map in which the zone of a time without a date has become the offset that holds there when the statement begins.
fn with_offset_of_now(map: &Map, context: &FunctionContext<'_>) -> Map {
    let dated = ["date", "datetime", "year", "epochSeconds", "epochMillis"].iter().any(|key| map.get(key).is_some());
    let zone = match map.get("timezone") {
        Some(Value::String(name)) if !dated => ZoneChoice::parse(name),
        _ => None,
    };
    let moment = match zone {
        Some(ZoneChoice::Named(zone)) => zone.at_instant(context.clock.statement),
        _ => None,
    };
    let Some(moment) = moment else { return map.clone() };
    let offset = Value::String(Offset(moment.offset_seconds).to_string().into());
    let entry = |(key, value): (&SmolStr, &Value)| {
        (key.clone(), if key == "timezone" { offset.clone() } else { value.clone() })
    };
    map.iter().map(entry).collect()
}

/// Calls a constructor with the moment of an instant, in the zone of the first argument.
fn clocked(arguments: &[Value], instant: i128, context: &FunctionContext<'_>, constructor: Constructor) -> Answer {
    let zone = if arguments.is_empty() { None } else { Some(text(arguments, 0)) };
    constructor(&seen_from(instant, zone, context)?)
}

/// Defines the five bodies that belong to a kind of moment.
macro_rules! moment_functions {
    ($($constructor:path, $truncated:ident: $name:ident $transaction:ident $statement:ident $realtime:ident $truncate:ident;)*) => {
        $(
            fn $name(arguments: &[Value], context: &FunctionContext<'_>) -> Answer {
                constructed(arguments, context, $constructor)
            }

            fn $transaction(arguments: &[Value], context: &FunctionContext<'_>) -> Answer {
                clocked(arguments, context.clock.transaction, context, $constructor)
            }

            fn $statement(arguments: &[Value], context: &FunctionContext<'_>) -> Answer {
                clocked(arguments, context.clock.statement, context, $constructor)
            }

            fn $realtime(arguments: &[Value], context: &FunctionContext<'_>) -> Answer {
                clocked(arguments, (context.clock.realtime)(), context, $constructor)
            }

            fn $truncate(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
                truncated(arguments, Truncated::$truncated)
            }
        )*
    };
}

moment_functions! {
    construct::date, Date: date date_transaction date_statement date_realtime date_truncate;
    construct::local_time, LocalTime:
        local_time local_time_transaction local_time_statement local_time_realtime local_time_truncate;
    construct::time, Time: time time_transaction time_statement time_realtime time_truncate;
    construct::local_date_time, LocalDateTime:
        local_date_time local_date_time_transaction local_date_time_statement local_date_time_realtime
        local_date_time_truncate;
    construct::date_time, DateTime:
        date_time date_time_transaction date_time_statement date_time_realtime date_time_truncate;
}

/// `….truncate(unit, moment, fields)`.
fn truncated(arguments: &[Value], made: Truncated) -> Answer {
    let fields = match arguments.get(2) {
        Some(Value::Map(map)) => Some(map),
        _ => None,
    };
    construct::truncate(made, text(arguments, 0), arguments.get(1).unwrap_or(&Value::Null), fields)
}

fn from_epoch(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    construct::date_time_from_epoch(whole(arguments, 0), whole(arguments, 1))
}

fn from_epoch_millis(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    let milliseconds = whole(arguments, 0);
    construct::date_time_from_epoch(milliseconds.div_euclid(1_000), milliseconds.rem_euclid(1_000) * 1_000_000)
}

/// The argument at a place as an integer, cut off.
fn whole(arguments: &[Value], index: usize) -> i64 {
    match arguments.get(index) {
        // The cast saturates; what is out of the years known is refused when the moment is made.
        Some(Value::Float(float)) => *float as i64,
        _ => integer(arguments, index),
    }
}

fn duration(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    construct::duration(arguments.first().unwrap_or(&Value::Null))
}

fn partial_date(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    construct::partial_date(arguments.first().unwrap_or(&Value::Null))
}

/// A duration from the first to the second argument.
fn spanned(arguments: &[Value], span: fn(&Moment, &Moment) -> Option<Duration>) -> Answer {
    let moment = |index: usize| arguments.get(index).and_then(construct::moment);
    let (Some(from), Some(to)) = (moment(0), moment(1)) else {
        return Ok(Value::Null);
    };
    let duration = span(&from, &to).ok_or_else(|| ValueError::out_of_range("the moments lie too far apart"))?;
    Ok(Value::Duration(Arc::new(duration)))
}

fn duration_between(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    spanned(arguments, between)
}

fn duration_in_months(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    spanned(arguments, in_months)
}

fn duration_in_days(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    spanned(arguments, in_days)
}

fn duration_in_seconds(arguments: &[Value], _: &FunctionContext<'_>) -> Answer {
    spanned(arguments, in_seconds)
}

fn timestamp(_: &[Value], context: &FunctionContext<'_>) -> Answer {
    let milliseconds = context.clock.statement.div_euclid(1_000_000);
    Ok(Value::Integer(i64::try_from(milliseconds).unwrap_or(i64::MAX)))
}
