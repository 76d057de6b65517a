//! The lists of claims as bytes: which claims speak of 128 elements, and what is in 128 such pieces.
//!
//! | kind | key | holds |
//! | --- | --- | --- |
//! | 12, 13 | piece | on 128 nodes, on 128 relationships: entries of each; their properties and whether they are deprecated, claims, sources |
//! | 14, 15 | summary | of 128 pieces: of each source, how many claims in which pieces; pieces where claims meet; where some are deprecated |

use crate::knowledge::ClaimId;
use crate::value::NodeId;

use super::super::claim_lists::{ClaimEntry, Piece, SLOTS};
use super::super::claim_summary::{OfSource, Summary};
use super::super::id::PropertyKeyId;
use super::bytes::{DecodeError, Decoder, Encoder, damaged};

/// Returns the bytes of the claims on some elements.
pub(super) fn encode_claim_piece(piece: &Piece) -> Vec<u8> {
    let mut to = Encoder::default();
    to.words(&piece.starts.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<u32>>());
    let of_entries = |number: fn(&ClaimEntry) -> u32| piece.entries.iter().map(number).collect::<Vec<u32>>();
    // Twice zero is existence.
    to.words(&of_entries(|entry| entry.key.map_or(0, |key| key.0 + 1) << 1 | u32::from(entry.deprecated)));
    to.words(&of_entries(|entry| entry.claim.0));
    to.words(&of_entries(|entry| entry.source.0));
    to.0
}

/// Reads the claims on some elements; properties lie below `keys`.
pub(super) fn decode_claim_piece(bytes: &[u8], keys: usize) -> Result<Piece, DecodeError> {
    let wrong = || damaged("a list of claims");
    let mut from = Decoder(bytes);
    let (counts, stated) = (from.words()?, from.words()?);
    let (claims, sources) = (from.words()?, from.words()?);
    from.end("a list of claims")?;
    let total: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    if counts.len() != SLOTS || [stated.len(), claims.len(), sources.len()] != [total as usize; 3] {
        return Err(wrong());
    }
    let mut starts = vec![0];
    starts.extend(counts.iter().scan(0, |end, count| {
        *end += count;
        Some(*end)
    }));
    let rows = stated.into_iter().zip(claims).zip(sources);
    let entries = rows.map(|((stated, claim), source)| ClaimEntry {
        key: (stated >> 1).checked_sub(1).map(PropertyKeyId),
        claim: ClaimId(claim),
        source: NodeId(source),
        deprecated: stated & 1 == 1,
    });
    let piece = Piece { starts, entries: entries.collect() };
    let are_known = piece.entries.iter().all(|entry| entry.key.is_none_or(|key| (key.0 as usize) < keys));
    let in_order = piece.by_slot().all(|(_, entries)| entries.is_sorted_by(|lhs, rhs| lhs < rhs));
    if are_known && in_order { Ok(piece) } else { Err(wrong()) }
}

/// Returns the bytes of a summary.
pub(super) fn encode_claim_summary(summary: &Summary) -> Vec<u8> {
    let mut to = Encoder::default();
    to.words(&summary.of_sources.iter().map(|own| own.source.0).collect::<Vec<u32>>());
    to.words(&summary.of_sources.iter().map(|own| own.count).collect::<Vec<u32>>());
    let places = summary.of_sources.iter().map(|own| own.pieces).chain([summary.contested, summary.deprecated]);
    places.for_each(|places| to.0.extend_from_slice(&places.to_le_bytes()));
    to.0
}

/// Reads a summary.
pub(super) fn decode_claim_summary(bytes: &[u8]) -> Result<Summary, DecodeError> {
    let wrong = || damaged("a summary of claims");
    let mut from = Decoder(bytes);
    let (sources, counts) = (from.words()?, from.words()?);
    if sources.len() != counts.len() || !sources.is_sorted_by(|lhs, rhs| lhs < rhs) {
        return Err(wrong());
    }
    let mut places =
        || -> Result<u128, DecodeError> { Ok(u128::from_le_bytes(from.take(16)?.try_into().map_err(|_| wrong())?)) };
    let of_sources = sources.into_iter().zip(counts).map(|(source, count)| {
        let pieces = places()?;
        Ok(OfSource { source: NodeId(source), count, pieces })
    });
    let of_sources = of_sources.collect::<Result<Vec<OfSource>, DecodeError>>()?;
    let (contested, deprecated) = (places()?, places()?);
    from.end("a summary of claims")?;
    Ok(Summary { of_sources, contested, deprecated })
}
