//! The graph as bytes: what stands in the chunks, the catalogue and the log of a store.
//!
//! A commit is one log record: its changes, encoded in order. A checkpoint is a snapshot: the chunks that differ from those of the
//! checkpoint before, with deltas folded in, and a catalogue of all that is small. Opening decodes the checkpoint and does the log's
//! changes again. `docs/file-format.md` says which bytes mean what.

mod ahead;
mod bytes;
mod catalogue;
mod changes;
mod checkpoint;
mod chunks;
mod claim_chunks;
mod index_chunks;
mod lists;
mod loader;
mod memory;
mod open;
mod peek;
mod size;
mod values;

pub use changes::encode_changes;
pub use checkpoint::chunk_kind_name;
pub use loader::Loader;
pub use open::OpenError;

#[cfg(test)]
mod tests;
