//! Values as literals and back.
//!
//! | value | literal |
//! | --- | --- |
//! | boolean, integer, float | `xsd:boolean`, `xsd:integer`, `xsd:double` |
//! | string | plain, or in the language that its property declares |
//! | date, partial date | `xsd:date`, `xsd:gYearMonth`, `xsd:gYear` |
//! | local time and time, local date-time and date-time | `xsd:time`, `xsd:dateTime`, with an offset or without |
//! | duration | `xsd:duration` |
//! | list | `rdf:JSON` |
//! | literal | itself |
//!
//! What XML Schema cannot say (an offset with seconds, a named zone, a duration of mixed signs) has the own datatype for temporal values. A
//! literal is read as a value only if the value is written as the same literal again, or if the property's declared type asks for it.

use smol_str::SmolStr;

use crate::knowledge::ValueType;
use crate::text::{has_han, is_traditional};
use crate::value::temporal::{Date, DateTime, Duration, LocalDateTime, LocalTime, Offset, PartialDate, Time};
use crate::value::{RdfLiteral, Value, literal as literal_form};

use super::list;
use super::term::Literal;
use super::vocabulary::{own, rdf, xsd};

/// The widest offset that XML Schema knows, in seconds.
const WIDEST_OFFSET_SECONDS: i32 = 14 * 3_600;

/// Returns a value as a literal, text in a language if one is given; none of null, maps, elements and paths.
pub fn literal_of(value: &Value, language: Option<&str>) -> Option<Literal> {
    Some(match value {
        Value::Boolean(truth) => Literal::typed(truth.to_string(), xsd::BOOLEAN),
        Value::Integer(integer) => Literal::typed(integer.to_string(), xsd::INTEGER),
        Value::Float(float) => Literal::typed(double_text(*float), xsd::DOUBLE),
        Value::String(text) => match language {
            Some(language) => Literal::tagged(text, tag_of(text, language)),
            None => Literal::plain(text),
        },
        Value::List(items) => Literal::typed(list::json_of(items)?, rdf::JSON),
        Value::Literal(literal) => match &literal.language {
            Some(language) => Literal::tagged(&literal.text, language),
            None => Literal { text: literal.text.clone(), datatype: literal.datatype.clone(), language: None },
        },
        Value::Null | Value::Map(_) | Value::Node(_) | Value::Relationship(_) | Value::Path(_) => return None,
        temporal => temporal_literal(temporal),
    })
}

/// Returns the tag of a text whose property declares a language: Chinese says in which script it is written.
pub fn tag_of<'a>(text: &str, language: &'a str) -> &'a str {
    match language {
        "zh" if !has_han(text) => "zh",
        "zh" if is_traditional(text) => "zh-Hant",
        "zh" => "zh-Hans",
        language => language,
    }
}

/// Returns the value of a literal that a property has.
pub fn value_of(literal: &Literal, declared: ValueType, language: Option<&str>) -> Value {
    if let Some(value) = declared_value(literal, declared) {
        return value;
    }
    let read = read(literal, language);
    let exact = read.filter(|value| {
        literal_of(value, language).is_some_and(|written| {
            written.text == literal.text && written.datatype == literal.datatype && same_tag(&written, literal)
        })
    });
    exact.unwrap_or_else(|| as_literal(literal))
}

/// Returns the literal as a value that is nothing else.
fn as_literal(literal: &Literal) -> Value {
    let language = literal.language.as_ref().map(|tag| SmolStr::new(tag.to_ascii_lowercase()));
    let (text, datatype) = (literal.text.clone(), literal.datatype.clone());
    Value::Literal(std::sync::Arc::new(RdfLiteral { text, datatype, language }))
}

/// Returns the value that the declared type makes of a literal written in another way: `1.50` for a float, `01` for an integer.
fn declared_value(literal: &Literal, declared: ValueType) -> Option<Value> {
    let text = literal.text.trim();
    match declared {
        _ if literal.language.is_some() || !literal.datatype.starts_with(xsd::NAMESPACE) => None,
        ValueType::Float if literal.datatype != xsd::STRING => double_of(text).map(Value::Float),
        ValueType::Integer if literal.datatype != xsd::STRING => {
            text.strip_prefix('+').unwrap_or(text).parse().ok().map(Value::Integer)
        }
        ValueType::Boolean if literal.datatype == xsd::BOOLEAN => match text {
            "true" | "1" => Some(Value::Boolean(true)),
            "false" | "0" => Some(Value::Boolean(false)),
            _ => None,
        },
        _ => None,
    }
}

/// Reads a literal by its datatype, whatever form it is written in.
fn read(literal: &Literal, language: Option<&str>) -> Option<Value> {
    let text = literal.text.as_str();
    match literal.datatype.as_str() {
        xsd::STRING => Some(Value::String(literal.text.clone())),
        rdf::LANG_STRING => language.map(|_| Value::String(literal.text.clone())),
        xsd::BOOLEAN => text.parse().ok().map(Value::Boolean),
        xsd::INTEGER => text.parse().ok().map(Value::Integer),
        xsd::DOUBLE => double_of(text).map(Value::Float),
        xsd::DATE => Date::parse(&with_sign(text)).map(Value::Date),
        xsd::YEAR | xsd::YEAR_MONTH => PartialDate::parse(&with_sign(text)).map(Value::PartialDate),
        xsd::TIME => match Time::parse(text).filter(|_| has_offset(text)) {
            Some(time) => Some(Value::Time(time)),
            None => LocalTime::parse(text).map(Value::LocalTime),
        },
        xsd::DATE_TIME => match DateTime::parse(&with_sign(text)).filter(|_| has_offset(text)) {
            Some(moment) => Some(Value::DateTime(moment.into())),
            None => LocalDateTime::parse(&with_sign(text)).map(Value::LocalDateTime),
        },
        xsd::DURATION => duration_of(text).map(|duration| Value::Duration(duration.into())),
        rdf::JSON => list::value_of(text),
        own::TEMPORAL => temporal_of(text),
        _ => None,
    }
}

fn same_tag(lhs: &Literal, rhs: &Literal) -> bool {
    match (&lhs.language, &rhs.language) {
        (Some(lhs), Some(rhs)) => lhs.eq_ignore_ascii_case(rhs),
        (None, None) => true,
        _ => false,
    }
}

/// Returns a float in the canonical form of `xsd:double`.
fn double_text(float: f64) -> String {
    if float.is_nan() {
        return "NaN".to_owned();
    }
    if float.is_infinite() {
        return if float > 0.0 { "INF" } else { "-INF" }.to_owned();
    }
    let text = format!("{float:E}");
    match text.split_once('E') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0E{exponent}"),
        _ => text,
    }
}

fn double_of(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "INF" | "+INF" => Some(f64::INFINITY),
        "-INF" => Some(f64::NEG_INFINITY),
        // Rust reads `inf` and `nan` in any case, XML Schema does not.
        _ if text.bytes().any(|byte| byte.is_ascii_alphabetic() && !byte.eq_ignore_ascii_case(&b'e')) => None,
        _ => text.parse().ok(),
    }
}

fn temporal_literal(value: &Value) -> Literal {
    match value {
        Value::Date(date) => Literal::typed(date_text(date.to_string()), xsd::DATE),
        Value::PartialDate(date) => {
            let datatype = if date.month.is_some() { xsd::YEAR_MONTH } else { xsd::YEAR };
            Literal::typed(date_text(date.to_string()), datatype)
        }
        Value::LocalTime(time) => Literal::typed(time_text(*time), xsd::TIME),
        Value::Time(time) if is_offset(time.offset_seconds) => {
            let text = format!("{}{}", time_text(time.local), Offset(time.offset_seconds));
            Literal::typed(text, xsd::TIME)
        }
        Value::LocalDateTime(moment) => Literal::typed(moment_text(*moment), xsd::DATE_TIME),
        Value::DateTime(moment) if moment.zone.is_none() && is_offset(moment.offset_seconds) => {
            let text = format!("{}{}", moment_text(moment.local), Offset(moment.offset_seconds));
            Literal::typed(text, xsd::DATE_TIME)
        }
        Value::Duration(duration) => match duration_text(duration) {
            Some(text) => Literal::typed(text, xsd::DURATION),
            None => Literal::typed(literal_form(value), own::TEMPORAL),
        },
        other => Literal::typed(literal_form(other), own::TEMPORAL),
    }
}

/// Returns a date without the plus sign of long years, which XML Schema does not write.
fn date_text(text: String) -> String {
    text.strip_prefix('+').map(str::to_owned).unwrap_or(text)
}

/// Returns a date with the plus sign that long years have with us.
fn with_sign(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 4 { format!("+{text}") } else { text.to_owned() }
}

/// Returns a time of day with its seconds, which XML Schema always writes.
fn time_text(time: LocalTime) -> String {
    let text = time.to_string();
    if text.matches(':').count() == 1 { format!("{text}:00") } else { text }
}

fn moment_text(moment: LocalDateTime) -> String {
    format!("{}T{}", date_text(moment.date.to_string()), time_text(moment.time))
}

fn is_offset(seconds: i32) -> bool {
    seconds % 60 == 0 && seconds.abs() <= WIDEST_OFFSET_SECONDS
}

fn has_offset(text: &str) -> bool {
    let time = text.split_once('T').map_or(text, |(_, time)| time);
    time.ends_with('Z') || time.contains(['+', '-'])
}

/// Returns a duration as XML Schema writes it, if its parts have one sign.
fn duration_text(duration: &Duration) -> Option<String> {
    let seconds = duration.time_nanoseconds().signum();
    let signs = [i128::from(duration.months.signum()), i128::from(duration.days.signum()), seconds];
    if signs.iter().all(|sign| *sign >= 0) {
        return Some(duration.to_string());
    }
    if signs.iter().any(|sign| *sign > 0) {
        return None;
    }
    Some(format!("-{}", duration.negated()?))
}

fn duration_of(text: &str) -> Option<Duration> {
    match text.strip_prefix('-') {
        Some(size) => Duration::parse(size)?.negated(),
        None => Duration::parse(text),
    }
}

/// Reads a temporal value as a query writes it: `datetime('…')`.
fn temporal_of(text: &str) -> Option<Value> {
    let (name, rest) = text.split_once("('")?;
    let inner = rest.strip_suffix("')")?;
    match name {
        "date" => Date::parse(inner).map(Value::Date),
        "time" => Time::parse(inner).map(Value::Time),
        "localtime" => LocalTime::parse(inner).map(Value::LocalTime),
        "localdatetime" => LocalDateTime::parse(inner).map(Value::LocalDateTime),
        "datetime" => DateTime::parse(inner).map(|moment| Value::DateTime(moment.into())),
        "duration" => Duration::parse(inner).map(|duration| Value::Duration(duration.into())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(value: &Value, language: Option<&str>) -> String {
        let literal = literal_of(value, language).expect("a value that has a literal");
        let back = value_of(&literal, ValueType::Any, language);
        assert_eq!(literal_form(&back), literal_form(value), "{literal}");
        literal.to_string()
    }

    fn short(value: &Value) -> String {
        there_and_back(value, None).replace(xsd::NAMESPACE, "")
    }

    #[test]
    fn numbers_keep_their_kind() {
        assert_eq!(short(&Value::Integer(7)), "\"7\"^^<integer>");
        assert_eq!(short(&Value::Float(7.0)), "\"7.0E0\"^^<double>");
        assert_eq!(short(&Value::Float(1.5e300)), "\"1.5E300\"^^<double>");
        assert_eq!(short(&Value::Float(-0.0)), "\"-0.0E0\"^^<double>");
        assert_eq!(short(&Value::Float(f64::NEG_INFINITY)), "\"-INF\"^^<double>");
        assert_eq!(short(&Value::Float(f64::NAN)), "\"NaN\"^^<double>");
        assert_eq!(short(&Value::Boolean(true)), "\"true\"^^<boolean>");
    }

    #[test]
    fn temporal_values_keep_all_they_say() {
        let local = LocalDateTime::parse("2018-04-09T08:00").expect("a date-time");
        assert_eq!(short(&Value::LocalDateTime(local)), "\"2018-04-09T08:00:00\"^^<dateTime>");
        for (text, written) in [
            ("2018-04-09T08:00+08:00", "\"2018-04-09T08:00:00+08:00\"^^<dateTime>"),
            (
                "1818-07-21T21:40:32.142+00:53:28",
                "\"datetime('1818-07-21T21:40:32.142+00:53:28')\"^^<https://example.org/yuanpu/ns#temporal>",
            ),
        ] {
            let moment = DateTime::parse(text).expect("a date-time");
            assert_eq!(short(&Value::DateTime(moment.into())), written);
        }
        let date = |text| Value::Date(Date::parse(text).expect("a date"));
        assert_eq!(short(&date("2017-04-28")), "\"2017-04-28\"^^<date>");
        assert_eq!(short(&date("+12017-04-28")), "\"12017-04-28\"^^<date>");
        assert_eq!(short(&date("-0044-03-15")), "\"-0044-03-15\"^^<date>");
        let partial = |text| Value::PartialDate(PartialDate::parse(text).expect("a partial date"));
        assert_eq!(short(&partial("2017")), "\"2017\"^^<gYear>");
        assert_eq!(short(&partial("2017-04")), "\"2017-04\"^^<gYearMonth>");
        let time = Time::parse("10:30Z").expect("a time");
        assert_eq!(short(&Value::Time(time)), "\"10:30:00Z\"^^<time>");
        assert_eq!(short(&Value::LocalTime(time.local)), "\"10:30:00\"^^<time>");
    }

    #[test]
    fn durations_have_one_sign_or_their_own_datatype() {
        let duration = |text| Value::Duration(Duration::parse(text).expect("a duration").into());
        assert_eq!(short(&duration("P1Y2M3DT4H5M6.5S")), "\"P1Y2M3DT4H5M6.5S\"^^<duration>");
        assert_eq!(short(&duration("P-1DT-2H")), "\"-P1DT2H\"^^<duration>");
        assert!(short(&duration("P1DT-2H")).ends_with("#temporal>"));
    }

    #[test]
    fn text_has_the_language_of_its_property() {
        assert_eq!(there_and_back(&Value::string("杭州"), Some("zh")), "\"杭州\"@zh-Hans");
        assert_eq!(there_and_back(&Value::string("杭州西溪谷區塊鏈"), Some("zh")), "\"杭州西溪谷區塊鏈\"@zh-Hant");
        assert_eq!(there_and_back(&Value::string("IBM"), Some("zh")), "\"IBM\"@zh");
        assert_eq!(there_and_back(&Value::string("a\n\"b\""), None), "\"a\\n\\\"b\\\"\"");
    }

    #[test]
    fn other_literals_stay_what_they_are() {
        for literal in [
            Literal::typed("01", xsd::INTEGER),
            Literal::typed("1.5", "http://www.w3.org/2001/XMLSchema#decimal"),
            Literal::tagged("chat", "fr"),
            Literal::typed("soon", xsd::DATE),
            Literal::tagged("x", "ar--rtl"),
        ] {
            let value = value_of(&literal, ValueType::Any, None);
            assert!(matches!(value, Value::Literal(_)), "{literal}");
            assert_eq!(literal_of(&value, None), Some(literal));
        }
        let decimal = Literal::typed("1.50", "http://www.w3.org/2001/XMLSchema#decimal");
        assert!(matches!(value_of(&decimal, ValueType::Float, None), Value::Float(float) if float == 1.5));
    }
}
