//! Values and claims as bytes: a tag, then what the kind needs.

use std::sync::Arc;

use crate::knowledge::{ClaimDetails, Comparator, Rank, Subject};
use crate::value::temporal::{Date, DateTime, Duration, LocalDateTime, LocalTime, PartialDate, Time};
use crate::value::{NodeId, RdfLiteral, RelationshipId, Value};

use super::super::claims::{ClaimRecord, Stated};
use super::super::id::{LabelId, PropertyKeyId};
use super::bytes::{DecodeError, Decoder, Encoder, damaged};

/// Lists within lists deeper than this are no values of ours, which end at [`NESTING`](crate::value::limit::NESTING); deeper reading
/// could overflow the stack.
const DEEPEST: usize = 1000;

/// Appends a value. What no property can hold is written as null.
pub(super) fn encode_value(to: &mut Encoder, value: &Value) {
    match value {
        Value::Null | Value::Node(_) | Value::Relationship(_) | Value::Path(_) | Value::Map(_) => to.byte(0),
        Value::Boolean(false) => to.byte(1),
        Value::Boolean(true) => to.byte(2),
        Value::Integer(value) => {
            to.byte(3);
            to.signed(*value);
        }
        Value::Float(value) => {
            to.byte(4);
            to.0.extend_from_slice(&value.to_bits().to_le_bytes());
        }
        Value::String(text) => {
            to.byte(5);
            to.text(text);
        }
        Value::List(items) => {
            to.byte(6);
            to.list(items.iter(), encode_value);
        }
        Value::Date(date) => {
            to.byte(7);
            to.signed(date.days);
        }
        Value::LocalTime(time) => {
            to.byte(8);
            to.signed(time.nanoseconds);
        }
        Value::Time(time) => {
            to.byte(9);
            to.signed(time.local.nanoseconds);
            to.signed(time.offset_seconds.into());
        }
        Value::LocalDateTime(moment) => {
            to.byte(10);
            encode_moment(to, moment);
        }
        Value::DateTime(moment) => {
            to.byte(11);
            encode_moment(to, &moment.local);
            to.signed(moment.offset_seconds.into());
            to.text(moment.zone.as_deref().unwrap_or_default());
        }
        Value::Duration(duration) => {
            to.byte(12);
            to.signed(duration.months);
            to.signed(duration.days);
            to.signed(duration.seconds);
            to.signed(duration.nanoseconds.into());
        }
        Value::PartialDate(date) => {
            to.byte(13);
            to.signed(date.year.into());
            to.byte(date.month.unwrap_or(0));
        }
        Value::Literal(literal) => {
            to.byte(14);
            to.text(&literal.text);
            to.text(&literal.datatype);
            to.text(literal.language.as_deref().unwrap_or_default());
        }
    }
}

fn encode_moment(to: &mut Encoder, moment: &LocalDateTime) {
    to.signed(moment.date.days);
    to.signed(moment.time.nanoseconds);
}

/// Reads a value.
pub(super) fn decode_value(from: &mut Decoder<'_>) -> Result<Value, DecodeError> {
    decode_nested(from, 0)
}

fn decode_nested(from: &mut Decoder<'_>, depth: usize) -> Result<Value, DecodeError> {
    Ok(match from.byte()? {
        0 => Value::Null,
        1 => Value::Boolean(false),
        2 => Value::Boolean(true),
        3 => Value::Integer(from.signed()?),
        4 => {
            let bits = from.take(8)?.try_into().map_err(|_| damaged("a float"))?;
            Value::Float(f64::from_bits(u64::from_le_bytes(bits)))
        }
        5 => Value::String(from.string()?),
        6 if depth < DEEPEST => Value::list(from.list(|from| decode_nested(from, depth + 1))?),
        7 => Value::Date(Date { days: from.signed()? }),
        8 => Value::LocalTime(LocalTime { nanoseconds: from.signed()? }),
        9 => {
            let local = LocalTime { nanoseconds: from.signed()? };
            Value::Time(Time { local, offset_seconds: decode_int(from)? })
        }
        10 => Value::LocalDateTime(decode_moment(from)?),
        11 => {
            let (local, offset_seconds) = (decode_moment(from)?, decode_int(from)?);
            let zone = Some(from.string()?).filter(|zone| !zone.is_empty());
            Value::DateTime(Arc::new(DateTime { local, offset_seconds, zone }))
        }
        12 => {
            let (months, days, seconds) = (from.signed()?, from.signed()?, from.signed()?);
            Value::Duration(Arc::new(Duration { months, days, seconds, nanoseconds: decode_int(from)? }))
        }
        13 => {
            let year = decode_int(from)?;
            let month = Some(from.byte()?).filter(|month| *month > 0);
            Value::PartialDate(PartialDate { year, month })
        }
        14 => {
            let (text, datatype) = (from.string()?, from.string()?);
            let language = Some(from.string()?).filter(|language| !language.is_empty());
            Value::Literal(Arc::new(RdfLiteral { text, datatype, language }))
        }
        _ => return Err(damaged("a value")),
    })
}

fn decode_moment(from: &mut Decoder<'_>) -> Result<LocalDateTime, DecodeError> {
    let date = Date { days: from.signed()? };
    Ok(LocalDateTime { date, time: LocalTime { nanoseconds: from.signed()? } })
}

fn decode_int(from: &mut Decoder<'_>) -> Result<i32, DecodeError> {
    i32::try_from(from.signed()?).map_err(|_| damaged("a number"))
}

/// Appends a claim.
pub(super) fn encode_claim(to: &mut Encoder, claim: &ClaimRecord) {
    match claim.subject {
        Subject::Node(node) => {
            to.byte(0);
            to.number(node.0.into());
        }
        Subject::Relationship(relationship) => {
            to.byte(1);
            to.number(relationship.0.into());
        }
    }
    match &claim.stated {
        Stated::Existence(labels) => {
            to.byte(0);
            to.list(labels.iter(), |to, label| to.number(label.0.into()));
        }
        Stated::Property(key, value) => {
            to.byte(1);
            to.number(key.0.into());
            encode_value(to, value);
        }
    }
    to.number(claim.source.0.into());
    let details = &claim.details;
    for text in [&details.attributed_to, &details.locator, &details.as_printed, &details.note, &details.unit] {
        to.text(text);
    }
    encode_value(to, &details.as_of);
    to.text(details.rank.name());
    to.text(details.comparator.name());
}

/// Reads a claim.
pub(super) fn decode_claim(from: &mut Decoder<'_>) -> Result<ClaimRecord, DecodeError> {
    let subject = match from.byte()? {
        0 => Subject::Node(NodeId(from.word()?)),
        1 => Subject::Relationship(RelationshipId(from.word()?)),
        _ => return Err(damaged("a claim")),
    };
    let stated = match from.byte()? {
        0 => Stated::Existence(from.list(|from| from.short().map(LabelId))?),
        1 => Stated::Property(PropertyKeyId(from.word()?), decode_value(from)?),
        _ => return Err(damaged("a claim")),
    };
    let source = NodeId(from.word()?);
    let (attributed_to, locator, as_printed) = (from.string()?, from.string()?, from.string()?);
    let (note, unit) = (from.string()?, from.string()?);
    let as_of = decode_value(from)?;
    let rank = Rank::named(from.text()?).ok_or_else(|| damaged("a claim"))?;
    let comparator = Comparator::named(from.text()?).ok_or_else(|| damaged("a claim"))?;
    let details = ClaimDetails { attributed_to, locator, as_printed, as_of, rank, note, unit, comparator };
    Ok(ClaimRecord { subject, stated, source, details })
}
