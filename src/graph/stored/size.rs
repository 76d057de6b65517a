//! How much memory a chunk takes that was read from a file.

use smol_str::SmolStr;

use crate::value::Value;

use super::super::claim_lists::Piece as ClaimPiece;
use super::super::claim_summary::Summary;
use super::super::claims::ClaimRecord;
use super::super::index_chunk::IndexChunk;
use super::super::index_entries::{Entry, IndexDelta};
use super::super::nodes::{ChunkLabels, NodeChunk};
use super::super::packed::{PackedIntegers, PackedValues};
use super::super::piece::{Piece, PieceSlots};
use super::super::property_chunk::PropertyChunk;
use super::super::relationships::{ChunkKinds, RelationshipChunk};
use super::super::slots::CHUNK_SLOTS;

/// What an allocation and the shared handle of a chunk cost beside its contents.
const OVERHEAD_BYTES: usize = 160;
/// Texts up to this length stand in the string itself.
const INLINE_TEXT_BYTES: usize = 23;

/// Something that is held in memory.
pub(super) trait HeldSize {
    /// Returns about how many bytes it takes.
    fn held_size_bytes(&self) -> usize;
}

impl HeldSize for NodeChunk {
    fn held_size_bytes(&self) -> usize {
        let labels = match &self.labels {
            ChunkLabels::Uniform(_) => 0,
            ChunkLabels::Each(sets) => size_of_val(sets.as_slice()),
        };
        OVERHEAD_BYTES + CHUNK_SLOTS / 8 + labels
    }
}

impl HeldSize for RelationshipChunk {
    fn held_size_bytes(&self) -> usize {
        let kinds = match &self.kinds {
            ChunkKinds::Uniform(_) => 0,
            ChunkKinds::Each(kinds) => size_of_val(kinds.as_slice()),
        };
        OVERHEAD_BYTES + CHUNK_SLOTS / 8 + kinds + 4 * (self.starts.len() + self.ends.len())
    }
}

impl HeldSize for PropertyChunk {
    fn held_size_bytes(&self) -> usize {
        let packed = self.packed();
        OVERHEAD_BYTES + packed_size_bytes(&packed.values) + packed.present.as_ref().map_or(0, |_| CHUNK_SLOTS / 8)
    }
}

impl HeldSize for Piece {
    fn held_size_bytes(&self) -> usize {
        let base = self.base();
        let slots = match &base.slots {
            PieceSlots::Listed(slots) => slots.len(),
            PieceSlots::Consecutive(_) | PieceSlots::Elsewhere => 0,
        };
        OVERHEAD_BYTES + 4 * (base.offsets.len() + base.neighbours.len() + slots)
    }
}

impl HeldSize for Vec<Option<ClaimRecord>> {
    fn held_size_bytes(&self) -> usize {
        OVERHEAD_BYTES + size_of_val(self.as_slice())
    }
}

impl HeldSize for ClaimPiece {
    fn held_size_bytes(&self) -> usize {
        OVERHEAD_BYTES + size_of_val(self.starts.as_slice()) + size_of_val(self.entries.as_slice())
    }
}

impl HeldSize for Summary {
    fn held_size_bytes(&self) -> usize {
        OVERHEAD_BYTES + size_of_val(self.of_sources.as_slice())
    }
}

impl HeldSize for IndexChunk {
    fn held_size_bytes(&self) -> usize {
        OVERHEAD_BYTES + packed_size_bytes(self.values()) + size_of_val(self.slots())
    }
}

impl HeldSize for IndexDelta {
    fn held_size_bytes(&self) -> usize {
        let entries = self.added.iter().chain(self.removed.iter());
        OVERHEAD_BYTES + entries.map(entry_size_bytes).sum::<usize>()
    }
}

fn packed_size_bytes(values: &PackedValues) -> usize {
    match values {
        PackedValues::Boolean(values) => values.len(),
        PackedValues::Integer(PackedIntegers::One(_, values)) => values.len(),
        PackedValues::Integer(PackedIntegers::Two(_, values)) => 2 * values.len(),
        PackedValues::Integer(PackedIntegers::Four(_, values)) => 4 * values.len(),
        PackedValues::Integer(PackedIntegers::Eight(values)) => 8 * values.len(),
        PackedValues::Float(values) => 8 * values.len(),
        PackedValues::Code(codes) => 2 * codes.len(),
        PackedValues::String(values) => values.held_size_bytes(),
        PackedValues::Mixed(values) => values.iter().map(value_size_bytes).sum(),
    }
}

fn entry_size_bytes(entry: &Entry) -> usize {
    size_of::<Entry>() - size_of::<Value>() + value_size_bytes(&entry.value)
}

fn text_size_bytes(text: &SmolStr) -> usize {
    size_of::<SmolStr>() + if text.len() > INLINE_TEXT_BYTES { text.len() + 16 } else { 0 }
}

fn value_size_bytes(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::String(text) => text_size_bytes(text) - size_of::<SmolStr>(),
            Value::List(values) => values.iter().map(value_size_bytes).sum(),
            _ => 0,
        }
}
