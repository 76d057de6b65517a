//! Entries of indexes as bytes: chunks of the base, each slots and values in order, and the delta above it, two lists of entries.

use super::super::index_chunk::IndexChunk;
use super::super::index_entries::{Entry, IndexDelta};
use super::super::ordered_set::OrderedSet;
use super::bytes::{DecodeError, Decoder, Encoder, damaged};
use super::chunks::{decode_packed, encode_packed};
use super::values::{decode_value, encode_value};

/// Appends an entry.
pub(super) fn encode_entry(to: &mut Encoder, entry: &Entry) {
    encode_value(to, &entry.value);
    to.number(entry.slot.into());
}

/// Reads an entry.
pub(super) fn decode_entry(from: &mut Decoder<'_>) -> Result<Entry, DecodeError> {
    Ok(Entry { value: decode_value(from)?, slot: from.word()? })
}

/// Returns the bytes of a chunk of a base.
pub(super) fn encode_entries(chunk: &IndexChunk) -> Vec<u8> {
    let mut to = Encoder::default();
    to.words(chunk.slots());
    encode_packed(&mut to, chunk.values());
    to.0
}

/// Reads a chunk of a base.
pub(super) fn decode_entries(bytes: &[u8]) -> Result<IndexChunk, DecodeError> {
    let mut from = Decoder(bytes);
    let slots = from.words()?;
    let values = decode_packed(&mut from)?;
    from.end("a chunk of an index")?;
    IndexChunk::of_columns(values, slots).ok_or_else(|| damaged("a chunk of an index"))
}

/// Returns the bytes of a delta.
pub(super) fn encode_delta(delta: &IndexDelta) -> Vec<u8> {
    let mut to = Encoder::default();
    for entries in [&delta.added, &delta.removed] {
        let entries: Vec<&Entry> = entries.iter().collect();
        to.list(entries.into_iter(), encode_entry);
    }
    to.0
}

/// Reads a delta.
pub(super) fn decode_delta(bytes: &[u8]) -> Result<IndexDelta, DecodeError> {
    let mut from = Decoder(bytes);
    let (added, removed) = (from.list(decode_entry)?, from.list(decode_entry)?);
    from.end("the delta of an index")?;
    if !added.is_sorted() || !removed.is_sorted() {
        return Err(damaged("the delta of an index"));
    }
    Ok(IndexDelta { added: OrderedSet::from_sorted(added), removed: OrderedSet::from_sorted(removed) })
}
