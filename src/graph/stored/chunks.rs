//! Chunks as bytes: nodes, relationships, properties, pieces of adjacency, claims.
//!
//! | kind | key | holds |
//! | --- | --- | --- |
//! | 1 | chunk | nodes: places used, live words, label sets (one, or one a place) |
//! | 2 | chunk | relationships: live words, types (one, or one a place), starts, ends |
//! | 3, 4 | property key, chunk | values of nodes, of relationships: form, places set, values |
//! | 5, 6 | type, piece | outgoing, incoming piece: offsets, neighbours, slots |
//! | 7, 8 | property key | dictionary of a property of nodes, of relationships |
//! | 9 | chunk | claims, one a place |

use smol_str::SmolStr;

use crate::vector::Dictionary;

use super::super::claims::ClaimRecord;
use super::super::id::{LabelSetId, RelationshipTypeId};
use super::super::nodes::{ChunkLabels, NodeChunk};
use super::super::packed::{Packed, PackedIntegers, PackedValues};
use super::super::piece::{PIECE_NODES, Piece, PieceBase, PieceSlots};
use super::super::property_chunk::PropertyChunk;
use super::super::relationships::{ChunkKinds, RelationshipChunk};
use super::super::slots::{CHUNK_SLOTS, PlaceSet};
use super::super::texts::Texts;
use super::super::words::Words;
use super::bytes::{DecodeError, Decoder, Encoder, damaged};
use super::values::{decode_claim, decode_value, encode_claim, encode_value};

/// Appends places: one more than how many of the first, if it is those; else 0 and a bit for each.
fn encode_places(to: &mut Encoder, places: &PlaceSet) {
    let count = places.first_absent(0, CHUNK_SLOTS).unwrap_or(CHUNK_SLOTS);
    let mut first = PlaceSet::default();
    first.insert_first(count);
    if first.words() == places.words() {
        return to.number(count as u64 + 1);
    }
    to.number(0);
    to.long_words(places.words().iter().copied());
}

/// Reads places.
pub(super) fn decode_places(from: &mut Decoder<'_>) -> Result<PlaceSet, DecodeError> {
    match from.number()? {
        0 => {
            let words = from.long_words()?;
            if words.len() != CHUNK_SLOTS / 64 { Err(damaged("a chunk")) } else { Ok(PlaceSet::from_words(&words)) }
        }
        count if count <= CHUNK_SLOTS as u64 + 1 => {
            let mut places = PlaceSet::default();
            places.insert_first(count as usize - 1);
            Ok(places)
        }
        _ => Err(damaged("a chunk")),
    }
}

/// Returns the bytes of nodes.
pub(super) fn encode_nodes(chunk: &NodeChunk) -> Vec<u8> {
    let mut to = Encoder::default();
    to.number(chunk.used.into());
    encode_places(&mut to, &chunk.live);
    match &chunk.labels {
        ChunkLabels::Uniform(set) => to.words(&[set.0]),
        ChunkLabels::Each(sets) => {
            // A second number tells a set for each place from one for all.
            to.words(&sets.iter().map(|set| set.0).collect::<Vec<_>>());
            to.byte(1);
        }
    }
    to.0
}

/// Reads nodes; label sets lie below `set_count`.
pub(super) fn decode_nodes(bytes: &[u8], set_count: usize) -> Result<NodeChunk, DecodeError> {
    let mut from = Decoder(bytes);
    let used = from.short()?;
    let live = decode_places(&mut from)?;
    let sets = from.words()?;
    if used as usize > CHUNK_SLOTS || sets.is_empty() || sets.iter().any(|set| *set as usize >= set_count) {
        return Err(damaged("a chunk of nodes"));
    }
    let labels = if from.is_at_end() {
        ChunkLabels::Uniform(LabelSetId(sets[0]))
    } else {
        from.byte()?;
        ChunkLabels::Each(sets.into_iter().map(LabelSetId).collect())
    };
    from.end("a chunk of nodes")?;
    Ok(NodeChunk { live, used, labels })
}

/// Returns the bytes of relationships.
pub(super) fn encode_relationships(chunk: &RelationshipChunk) -> Vec<u8> {
    let mut to = Encoder::default();
    encode_places(&mut to, &chunk.live);
    to.words(&chunk.starts);
    to.words(&chunk.ends);
    match &chunk.kinds {
        ChunkKinds::Uniform(kind) => to.number(kind.0.into()),
        ChunkKinds::Each(kinds) => kinds.iter().for_each(|kind| to.0.extend_from_slice(&kind.0.to_le_bytes())),
    }
    to.byte(u8::from(matches!(chunk.kinds, ChunkKinds::Each(_))));
    to.0
}

/// Reads relationships; types lie below `kind_count`.
pub(super) fn decode_relationships(bytes: &[u8], kind_count: usize) -> Result<RelationshipChunk, DecodeError> {
    let wrong = || damaged("a chunk of relationships");
    let (each, rest) = bytes.split_last().ok_or_else(wrong)?;
    let mut from = Decoder(rest);
    let live = decode_places(&mut from)?;
    let (starts, ends) = (from.words()?, from.words()?);
    if starts.len() != ends.len() || starts.len() > CHUNK_SLOTS {
        return Err(wrong());
    }
    let kinds: Vec<RelationshipTypeId> = if *each == 1 {
        let bytes = from.take(starts.len() * 2)?;
        bytes.as_chunks::<2>().0.iter().map(|kind| RelationshipTypeId(u16::from_le_bytes(*kind))).collect()
    } else {
        vec![RelationshipTypeId(from.short()?)]
    };
    from.end("a chunk of relationships")?;
    if kinds.iter().any(|kind| kind.0 as usize >= kind_count.max(1)) {
        return Err(wrong());
    }
    let kinds = if *each == 1 { ChunkKinds::Each(kinds) } else { ChunkKinds::Uniform(kinds[0]) };
    Ok(RelationshipChunk { live, kinds, starts, ends })
}

/// Returns the bytes of a property's values, with the delta folded in.
pub(super) fn encode_property(chunk: &PropertyChunk, dictionary: Option<&Dictionary>) -> Vec<u8> {
    let mut folded = chunk.clone();
    if folded.plain().is_none() {
        folded.fold(dictionary);
    }
    let mut to = Encoder::default();
    let packed = folded.packed();
    match &packed.present {
        Some(present) => {
            to.byte(1);
            encode_places(&mut to, present);
        }
        None => to.byte(0),
    }
    encode_packed(&mut to, &packed.values);
    to.0
}

/// Appends values of one kind, or of any.
pub(super) fn encode_packed(to: &mut Encoder, values: &PackedValues) {
    match values {
        PackedValues::Boolean(values) => {
            to.byte(1);
            to.bytes(&values.iter().map(|value| u8::from(*value)).collect::<Vec<_>>());
        }
        PackedValues::Integer(PackedIntegers::One(least, values)) => {
            to.byte(2);
            to.signed(*least);
            to.bytes(values);
        }
        PackedValues::Integer(PackedIntegers::Two(least, values)) => {
            to.byte(3);
            to.signed(*least);
            encode_shorts(to, values);
        }
        PackedValues::Integer(PackedIntegers::Four(least, values)) => {
            to.byte(4);
            to.signed(*least);
            to.words(values);
        }
        PackedValues::Integer(PackedIntegers::Eight(values)) => {
            to.byte(5);
            to.long_words(values.iter().map(|value| *value as u64));
        }
        PackedValues::Float(values) => {
            to.byte(6);
            to.long_words(values.iter().map(|value| value.to_bits()));
        }
        PackedValues::Code(codes) => {
            to.byte(7);
            encode_shorts(to, codes);
        }
        PackedValues::String(values) => {
            to.byte(8);
            to.words(&values.lengths());
            to.text(values.text());
        }
        PackedValues::Mixed(values) => {
            to.byte(9);
            to.list(values.iter(), encode_value);
        }
    }
}

fn encode_shorts(to: &mut Encoder, values: &[u16]) {
    to.bytes(&values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>());
}

fn decode_shorts(from: &mut Decoder<'_>) -> Result<Vec<u16>, DecodeError> {
    Ok(from.bytes()?.as_chunks::<2>().0.iter().map(|value| u16::from_le_bytes(*value)).collect())
}

/// Reads values of one kind, or of any; codes may be any.
pub(super) fn decode_packed(from: &mut Decoder<'_>) -> Result<PackedValues, DecodeError> {
    Ok(match from.byte()? {
        1 => PackedValues::Boolean(from.bytes()?.iter().map(|value| *value == 1).collect()),
        2 => PackedValues::Integer(PackedIntegers::One(from.signed()?, from.bytes()?.to_vec())),
        3 => PackedValues::Integer(PackedIntegers::Two(from.signed()?, decode_shorts(from)?)),
        4 => PackedValues::Integer(PackedIntegers::Four(from.signed()?, from.words()?)),
        5 => {
            let values = from.long_words()?.into_iter().map(|value| value as i64);
            PackedValues::Integer(PackedIntegers::Eight(values.collect()))
        }
        6 => PackedValues::Float(from.long_words()?.into_iter().map(f64::from_bits).collect()),
        7 => PackedValues::Code(decode_shorts(from)?),
        8 => {
            let lengths = from.words()?;
            let texts = Texts::cut(from.text()?.to_owned(), &lengths);
            PackedValues::String(texts.ok_or_else(|| damaged("a chunk of values"))?)
        }
        9 => PackedValues::Mixed(from.list(decode_value)?),
        _ => return Err(damaged("a chunk of values")),
    })
}

/// Reads a property's values; codes are those of its dictionary.
pub(super) fn decode_property(bytes: &[u8], dictionary: Option<&Dictionary>) -> Result<PropertyChunk, DecodeError> {
    let mut from = Decoder(bytes);
    let present = match from.byte()? {
        0 => None,
        1 => Some(Box::new(decode_places(&mut from)?)),
        _ => return Err(damaged("a chunk of values")),
    };
    let values = decode_packed(&mut from)?;
    from.end("a chunk of values")?;
    let packed = Packed { values, present };
    let code_count = dictionary.map_or(0, Dictionary::len);
    let wrong_code = |codes: &[u16]| codes.iter().max().is_some_and(|code| *code as usize >= code_count);
    if packed.len() > CHUNK_SLOTS || matches!(&packed.values, PackedValues::Code(codes) if wrong_code(codes)) {
        return Err(damaged("a chunk of values"));
    }
    Ok(PropertyChunk::from_packed(packed, None))
}

/// Returns the bytes of a piece of adjacency, with the delta folded in.
pub(super) fn encode_piece(piece: &Piece) -> Vec<u8> {
    let mut folded = piece.clone();
    if folded.has_delta() {
        folded.fold();
    }
    let base = folded.base();
    let mut to = Encoder::default();
    to.words(&base.offsets);
    to.words(base.neighbours.as_slice());
    match &base.slots {
        PieceSlots::Consecutive(first) => {
            to.byte(0);
            to.number((*first).into());
        }
        PieceSlots::Listed(slots) => {
            to.byte(1);
            to.words(slots.as_slice());
        }
        PieceSlots::Elsewhere => to.byte(2),
    }
    to.0
}

/// Reads a piece of adjacency.
pub(super) fn decode_piece(bytes: &[u8]) -> Result<Piece, DecodeError> {
    let wrong = || damaged("a piece of adjacency");
    let mut from = Decoder(bytes);
    let (offsets, neighbours) = (from.words()?, Words::from(from.packed_words()?));
    let slots = match from.byte()? {
        0 => PieceSlots::Consecutive(from.word()?),
        1 => PieceSlots::Listed(from.packed_words()?.into()),
        2 => PieceSlots::Elsewhere,
        _ => return Err(wrong()),
    };
    from.end("a piece of adjacency")?;
    let total = offsets.last().copied().unwrap_or(0) as usize;
    let fits = match &slots {
        PieceSlots::Listed(slots) => slots.len() == neighbours.len(),
        PieceSlots::Consecutive(first) => u32::MAX - first >= neighbours.len() as u32,
        PieceSlots::Elsewhere => true,
    };
    if !fits || !offsets.is_sorted() || total != neighbours.len() || offsets.len() > PIECE_NODES + 1 {
        return Err(wrong());
    }
    Ok(Piece::new(PieceBase { offsets: offsets.into(), neighbours, slots }))
}

/// Returns the bytes of a dictionary.
pub(super) fn encode_dictionary(dictionary: &Dictionary) -> Vec<u8> {
    let mut to = Encoder::default();
    to.list(dictionary.strings().iter(), |to, text| to.text(text));
    to.0
}

/// Reads a dictionary.
pub(super) fn decode_dictionary(bytes: &[u8]) -> Result<Dictionary, DecodeError> {
    let mut from = Decoder(bytes);
    let strings: Vec<SmolStr> = from.list(|from| from.string())?;
    from.end("a dictionary")?;
    let mut dictionary = Dictionary::default();
    strings.iter().for_each(|text| {
        dictionary.intern(text);
    });
    if dictionary.len() == strings.len() { Ok(dictionary) } else { Err(damaged("a dictionary")) }
}

/// Returns the bytes of claims.
pub(super) fn encode_claims(claims: &[Option<ClaimRecord>]) -> Vec<u8> {
    let mut to = Encoder::default();
    to.list(claims.iter(), |to, claim| match claim {
        Some(claim) => {
            to.byte(1);
            encode_claim(to, claim);
        }
        None => to.byte(0),
    });
    to.0
}

/// Reads claims.
pub(super) fn decode_claims(bytes: &[u8]) -> Result<Vec<Option<ClaimRecord>>, DecodeError> {
    let mut from = Decoder(bytes);
    let claims = from.list(|from| match from.byte()? {
        0 => Ok(None),
        _ => decode_claim(from).map(Some),
    })?;
    from.end("a chunk of claims")?;
    Ok(claims)
}
