//! Opening: from the catalogue and the log of a store, the snapshot that was last committed. Chunks are read when they are touched.

use std::sync::Arc;

use thiserror::Error;

use crate::storage::{ChunkKey, StorageError, Store, View};

use super::super::chunk_list::ChunkList;
use super::super::definition::IndexTarget;
use super::super::error::GraphError;
use super::super::id::PropertyKeyId;
use super::super::index::Index;
use super::super::snapshot::Snapshot;
use super::super::state::{Columns, State};
use super::bytes::{DecodeError, damaged};
use super::catalogue::{StoredIndex, decode_catalogue};
use super::changes::decode_changes;
use super::checkpoint::kind;
use super::chunks::decode_dictionary;
use super::lists::{Decode, ListVisitor, Stored, source, visit_lists};
use super::loader::{Loader, Under};

/// Why a database could not be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The store could not be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What the store holds is not a graph that this program writes.
    #[error("{0}")]
    Damaged(#[from] DecodeError),
    /// The log does not fit the checkpoint.
    #[error("its log does not fit: {0}")]
    Log(#[source] GraphError),
}

impl Snapshot {
    /// Returns the snapshot of the last checkpoint, and the one that the log makes of it.
    ///
    /// The first is what the next checkpoint is to be compared with; it is none if there was no checkpoint.
    ///
    /// # Errors
    /// If the store cannot be read, or holds what this program does not write.
    pub fn open(store: Arc<dyn Store>) -> Result<(Option<Snapshot>, Snapshot), OpenError> {
        let loader = Arc::new(Loader::new(store));
        let view = loader.view()?;
        let checkpoint = match view.catalogue()? {
            Some(catalogue) => Some(Opening { view: &view, loader: &loader }.read(&catalogue)?),
            None => None,
        };
        let empty = || Snapshot { state: Arc::new(State { loader: Some(Arc::clone(&loader)), ..State::default() }) };
        let mut current = checkpoint.clone().unwrap_or_else(empty);
        for record in view.log()? {
            current = current.replay(&decode_changes(&record.bytes)?).map_err(|error| match error {
                // Nothing is wrong with the log where a chunk cannot be read.
                GraphError::Unreadable(error) => OpenError::Damaged(DecodeError(error.to_string())),
                error => OpenError::Log(error),
            })?;
        }
        Ok((checkpoint, current))
    }
}

/// What a checkpoint is read from.
struct Opening<'a> {
    view: &'a View,
    loader: &'a Arc<Loader>,
}

impl Opening<'_> {
    fn read(&mut self, catalogue: &[u8]) -> Result<Snapshot, OpenError> {
        let (mut state, indexes) = decode_catalogue(catalogue)?;
        state.loader = Some(Arc::clone(self.loader));
        self.dictionaries(&mut state.node_columns, kind::NODE_DICTIONARIES)?;
        self.dictionaries(&mut state.relationship_columns, kind::RELATIONSHIP_DICTIONARIES)?;
        check_targets(&state)?;
        for StoredIndex { definition, entries } in indexes {
            state.indexes.add(Index::of(definition, entries));
        }
        visit_lists(&mut state, self)?;
        if state.indexes.iter().any(|index| index.entries.base.len() != index.entries.fences.len()) {
            return Err(damaged("an index").into());
        }
        Ok(Snapshot { state: Arc::new(state) })
    }

    fn dictionaries(&self, columns: &mut Columns, dictionaries: u8) -> Result<(), OpenError> {
        let keys: Vec<PropertyKeyId> = columns.iter().map(|(key, _)| key).collect();
        for key in keys {
            let column = columns.make_mut(key);
            if column.dictionary.is_some() {
                let bytes = self.view.read(&ChunkKey::new(dictionaries, &[key.0]))?;
                let bytes = bytes.ok_or_else(|| damaged("the list of dictionaries"))?;
                column.dictionary = Some(Arc::new(decode_dictionary(&bytes)?));
            }
        }
        Ok(())
    }
}

impl ListVisitor for Opening<'_> {
    fn visit<T: Stored>(
        &mut self,
        list: &mut ChunkList<T>,
        under: Under,
        decode: impl Decode<T>,
    ) -> Result<(), DecodeError> {
        let mut places = Vec::new();
        for key in self.view.scan_under(under.prefix()) {
            let place = key.last_part().map_or(0, |place| place as usize);
            if *key != under.key(place) {
                return Err(damaged("the key of a chunk"));
            }
            places.push(place);
        }
        *list = ChunkList::of_stored(places.into_iter(), &source(self.loader, under, decode));
        Ok(())
    }
}

/// Asserts that indexes are over labels and types that there are.
fn check_targets(state: &State) -> Result<(), DecodeError> {
    let catalogue = &state.catalogue;
    let known = catalogue.indexes().iter().all(|index| match index.target {
        IndexTarget::Node(label) => (label.0 as usize) < catalogue.labels().len(),
        IndexTarget::Relationship(kind) => (kind.0 as usize) < catalogue.relationship_types().len(),
    });
    let mut keys = catalogue.indexes().iter().flat_map(|index| &index.keys);
    let known = known && keys.all(|key| (key.0 as usize) < catalogue.property_keys().len());
    if known { Ok(()) } else { Err(damaged("the list of indexes")) }
}
