//! One value of a stored chunk of a property, without making the chunk: who asks for one name of two thousand has no use for the others.
//!
//! The bytes have been compared with their checksum as a whole. What does not read as it should here is left to the reading of the whole
//! chunk, which says what is wrong; so are kinds of values that cannot be told without reading all before them.

use crate::value::Value;

use super::super::slots::{CHUNK_SLOTS, PlaceSet};
use super::bytes::{DecodeError, Decoder};
use super::chunks::decode_places;

/// Returns the value at a place of a chunk, null if it is not set; none if the chunk must be read as a whole.
pub(super) fn peek_property(bytes: &[u8], place: usize) -> Option<Value> {
    peek(&mut Decoder(bytes), place).ok()?
}

fn peek(from: &mut Decoder<'_>, place: usize) -> Result<Option<Value>, DecodeError> {
    let present: Option<PlaceSet> = match from.byte()? {
        0 => None,
        _ => Some(decode_places(from)?),
    };
    let is_set = present.is_none_or(|present| present.contains(place));
    let kind = from.byte()?;
    let value = match kind {
        1 => from.bytes()?.get(place).map(|byte| Value::Boolean(*byte == 1)),
        2 => {
            let (least, bytes) = (from.signed()?, from.bytes()?);
            bytes.get(place).map(|distance| Value::Integer(least.wrapping_add(i64::from(*distance))))
        }
        3 => {
            let (least, shorts) = (from.signed()?, from.bytes()?.as_chunks::<2>().0);
            shorts.get(place).map(|bytes| Value::Integer(least.wrapping_add(i64::from(u16::from_le_bytes(*bytes)))))
        }
        4 => {
            let (least, words) = (from.signed()?, from.packed_words()?);
            (place < words.len()).then(|| Value::Integer(least.wrapping_add(i64::from(words.get(place)))))
        }
        5 => long_word(from, place)?.map(|word| Value::Integer(word as i64)),
        6 => long_word(from, place)?.map(|word| Value::Float(f64::from_bits(word))),
        8 => text(from, place)?,
        _ => return Ok(None),
    };
    Ok(Some(value.filter(|_| is_set && place < CHUNK_SLOTS).unwrap_or(Value::Null)))
}

fn long_word(from: &mut Decoder<'_>, place: usize) -> Result<Option<u64>, DecodeError> {
    let count = from.count()?;
    let words = from.take(count.min(CHUNK_SLOTS) * 8)?.as_chunks::<8>().0;
    Ok(words.get(place).map(|word| u64::from_le_bytes(*word)))
}

fn text(from: &mut Decoder<'_>, place: usize) -> Result<Option<Value>, DecodeError> {
    let lengths = from.packed_words()?;
    if place >= lengths.len() {
        return Ok(None);
    }
    let start: usize = (0..place).map(|before| lengths.get(before) as usize).sum();
    let mut text = Decoder(from.bytes()?);
    text.take(start)?;
    let bytes = text.take(lengths.get(place) as usize)?;
    let string = std::str::from_utf8(bytes).map_err(|_| super::bytes::damaged("a text"))?;
    Ok(Some(Value::String(string.into())))
}

#[cfg(test)]
mod tests {
    use super::super::super::property_chunk::PropertyChunk;
    use super::super::chunks::encode_property;
    use super::*;

    #[test]
    fn one_value_is_what_the_whole_chunk_says() {
        let kinds: [fn(usize) -> Value; 7] = [
            |place| Value::Boolean(place % 3 == 0),
            |place| Value::Integer(place as i64 % 200 - 7),
            |place| Value::Integer(place as i64 * 11 - 7),
            |place| Value::Integer(place as i64 * 1_000_003),
            |place| Value::Integer((place as i64) << 40),
            |place| Value::Float(place as f64 / 3.0),
            |place| Value::String("北京a".chars().cycle().take(place % 7).collect::<String>().into()),
        ];
        for (kind, make) in kinds.into_iter().enumerate() {
            for gap in [0, 5] {
                let is_gap = |place: usize| gap > 0 && place % gap == 2;
                let value = |place: usize| if is_gap(place) { Value::Null } else { make(place) };
                let chunk = PropertyChunk::new((0..1500).map(value).collect(), None);
                let bytes = encode_property(&chunk, None);
                for place in [0, 1, 2, 3, 7, 700, 1499, 1500, 2047] {
                    let peeked = peek_property(&bytes, place).map(|value| format!("{value:?}"));
                    let whole = format!("{:?}", chunk.value(place, None));
                    assert_eq!(peeked, Some(whole), "kind {kind}, place {place}, gap {gap}");
                }
                for size in 0..bytes.len() {
                    let _ = peek_property(&bytes[..size], 700);
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_told_alone_is_left_to_the_whole_chunk() {
        let mixed = PropertyChunk::new(vec![Value::Integer(1), Value::String("a".into())], None);
        assert!(peek_property(&encode_property(&mixed, None), 0).is_none());
        assert!(peek_property(&[77], 0).is_none() && peek_property(&[], 0).is_none());
    }
}
