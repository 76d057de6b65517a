//! Named chunks of bytes, kept all or nothing; knows nothing of graphs or values.
//!
//! [`store::Store`] is what the room above sees: a view to read from, one log record a commit, a checkpoint now and
//! then. It stands on a file (`file/`, the one door to the store crate) or in memory, with the same frames and the same
//! checks: what is read is verified, and what should be there and is not is damage, never an empty answer.

pub mod error;
pub mod key;
pub mod frame;
pub mod directory;
pub mod view;
pub mod verify;
pub mod store;
#[cfg(test)]
pub mod memory;
#[cfg(feature = "redb")]
pub mod file;

pub use error::StorageError;
#[cfg(feature = "redb")]
pub use file::{FileStore, backup, check};
pub use key::ChunkKey;
#[cfg(test)]
pub use memory::MemoryStore;
pub use store::{ChunkWriter, OpenOptions, Statistics, Store, Sync};
pub use view::View;

#[cfg(test)]
mod tests;
