//! The graph as everyone sees it: snapshots to read, one transaction to write.
//!
//! ```text
//!   Snapshot ── State ── nodes, relationships      chunks of 2,048 slots, shared between snapshots
//!                    ├── columns                   a property each: packed values and small deltas
//!                    ├── adjacency                 a type and direction each: sorted neighbours and small deltas
//!                    ├── counts                    exact, kept by every write
//!                    └── catalogue                 names, schema, indexes
//! ```

mod adjacency;
mod allocator;
mod bulk;
mod bulk_delete;
mod bulk_pack;
mod bulk_relationships;
mod catalogue;
mod change;
mod chunk_list;
mod chunk_values;
mod claim_lists;
mod claim_summary;
mod claiming;
mod claims;
mod correlation;
mod counts;
mod definition;
mod element_name;
mod error;
mod estimate;
mod gather;
mod id;
mod index;
mod index_chunk;
mod index_entries;
mod index_probe;
mod indexing;
mod key_map;
mod lens;
mod nodes;
mod ordered_set;
mod packed;
mod particulars;
mod piece;
mod piece_table;
mod property_chunk;
mod property_column;
mod relationships;
mod replay;
mod rules;
mod select;
mod settle;
mod slots;
mod snapshot;
mod state;
mod statistics;
mod stored;
mod texts;
mod transaction;
mod verify;
mod voice;
mod walk;
mod words;
mod write;
mod zone;

#[cfg(test)]
mod claim_test;
#[cfg(test)]
mod model_check;
#[cfg(test)]
mod model_test;

pub use adjacency::{Neighbours, Scratch};
pub use bulk::BulkLoader;
pub use catalogue::Catalogue;
pub use change::{Change, WriteCounters};
pub use chunk_values::ChunkValues;
pub use claim_lists::{ClaimEntry, ClaimReader};
pub use claims::Stated;
pub use correlation::Side;
pub use definition::{IndexDefinition, IndexKind, IndexTarget, PropertyTypes};
pub use error::GraphError;
pub use id::{Direction, LabelId, LabelSetId, PropertyKeyId, RelationshipTypeId};
pub use index_probe::{Bound, IndexProbe};
pub use key_map::KeyMap;
pub use particulars::Particulars;
pub use relationships::RelationshipRecord;
pub use select::{PropertyTest, Selected, Slots};
pub use slots::CHUNK_SLOTS;
pub use snapshot::Snapshot;
pub use stored::{Loader, OpenError, chunk_kind_name, encode_changes};
#[cfg(test)]
use transaction::Savepoint;
pub use transaction::{Transaction, check_storable};
pub use voice::Voice;
pub use walk::Walk;
