//! Opening: from the catalogue and the log of a store, the snapshot that was last committed. Chunks are read when they are touched.

use std::sync::Arc;

use thiserror::Error;

use crate::storage::{ChunkKey, StorageError, Store, View};

use super::super::chunk_list::{ChunkList, ChunkSource};
use super::super::definition::IndexTarget;
use super::super::error::GraphError;
use super::super::id::{PropertyKeyId, RelationshipTypeId};
use super::super::index::Index;
use super::super::snapshot::Snapshot;
use super::super::state::{Columns, State};
use super::bytes::{DecodeError, damaged};
use super::catalogue::{StoredIndex, decode_catalogue};
use super::changes::decode_changes;
use super::checkpoint::{index_under, kind};
use super::chunks::{
    decode_claims, decode_dictionary, decode_nodes, decode_piece, decode_property, decode_relationships,
};
use super::index_chunks::{decode_delta, decode_entries};
use super::loader::{Loader, StoredChunks, Under};

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
    fn read(&self, catalogue: &[u8]) -> Result<Snapshot, OpenError> {
        let (mut state, indexes) = decode_catalogue(catalogue)?;
        state.loader = Some(Arc::clone(self.loader));
        let sets = state.label_sets.len();
        let nodes = Under::new(kind::NODES, []);
        self.list(&mut state.nodes.chunks, nodes, move |bytes| decode_nodes(bytes, sets))?;
        let kinds = state.catalogue.relationship_types().len();
        let relationships = Under::new(kind::RELATIONSHIPS, []);
        self.list(&mut state.relationships.chunks, relationships, move |bytes| decode_relationships(bytes, kinds))?;
        self.columns(&mut state.node_columns, kind::NODE_VALUES, kind::NODE_DICTIONARIES)?;
        let (values, dictionaries) = (kind::RELATIONSHIP_VALUES, kind::RELATIONSHIP_DICTIONARIES);
        self.columns(&mut state.relationship_columns, values, dictionaries)?;
        for id in 0..kinds as u32 {
            let (outgoing, incoming) = (Under::new(kind::OUTGOING, [id]), Under::new(kind::INCOMING, [id]));
            if self.is_empty(&outgoing) && self.is_empty(&incoming) {
                continue;
            }
            let adjacency = state.adjacency.make_mut(RelationshipTypeId(id as u16));
            self.list(&mut adjacency.outgoing, outgoing, decode_piece)?;
            self.list(&mut adjacency.incoming, incoming, decode_piece)?;
        }
        self.claims(&mut state)?;
        check_targets(&state)?;
        for stored in indexes {
            let index = self.index(stored)?;
            state.indexes.add(index);
        }
        Ok(Snapshot { state: Arc::new(state) })
    }

    fn is_empty(&self, under: &Under) -> bool {
        self.view.scan_under(under.prefix()).next().is_none()
    }

    /// Puts all stored chunks of a list in their places.
    fn list<T, Decode>(&self, list: &mut ChunkList<T>, under: Under, decode: Decode) -> Result<(), DecodeError>
    where
        T: Default + Send + Sync + std::fmt::Debug + 'static,
        Decode: Fn(&[u8]) -> Result<T, DecodeError> + Send + Sync + 'static,
    {
        self.list_that(list, under, false, decode)
    }

    fn list_that<T, Decode>(
        &self,
        list: &mut ChunkList<T>,
        under: Under,
        spoils: bool,
        decode: Decode,
    ) -> Result<(), DecodeError>
    where
        T: Default + Send + Sync + std::fmt::Debug + 'static,
        Decode: Fn(&[u8]) -> Result<T, DecodeError> + Send + Sync + 'static,
    {
        let loader = Arc::clone(self.loader);
        let source: Arc<dyn ChunkSource<T>> =
            Arc::new(StoredChunks { loader, under, decode, spoils, empty: T::default() });
        for key in self.view.scan_under(under.prefix()) {
            let place = key.parts().last().map_or(0, |place| place as usize);
            if key != under.key(place) {
                return Err(damaged("the key of a chunk"));
            }
            list.set_stored(place, Arc::clone(&source));
        }
        Ok(())
    }

    fn columns(&self, columns: &mut Columns, values: u8, dictionaries: u8) -> Result<(), OpenError> {
        let keys: Vec<PropertyKeyId> = columns.iter().map(|(key, _)| key).collect();
        for key in keys {
            let column = columns.make_mut(key);
            if column.dictionary.is_some() {
                let bytes = self.view.read(&ChunkKey::new(dictionaries, &[key.0]))?;
                let bytes = bytes.ok_or_else(|| damaged("the list of dictionaries"))?;
                column.dictionary = Some(Arc::new(decode_dictionary(&bytes)?));
            }
            let dictionary = column.dictionary.clone();
            let decode = move |bytes: &[u8]| decode_property(bytes, dictionary.as_deref());
            self.list(&mut column.chunks, Under::new(values, [key.0]), decode)?;
        }
        Ok(())
    }

    fn claims(&self, state: &mut State) -> Result<(), DecodeError> {
        let (labels, keys) = (state.catalogue.labels().len(), state.catalogue.property_keys().len());
        let decode = move |bytes: &[u8]| {
            let claims = decode_claims(bytes)?;
            let known = claims.iter().flatten().all(|claim| claim.fits(labels, keys));
            if known { Ok(claims) } else { Err(damaged("a chunk of claims")) }
        };
        self.list_that(&mut state.claims.chunks, Under::new(kind::CLAIMS, []), true, decode)
    }

    fn index(&self, stored: StoredIndex) -> Result<Index, DecodeError> {
        let StoredIndex { definition, mut entries } = stored;
        self.list(&mut entries.base, index_under(kind::INDEX_ENTRIES, &definition), decode_entries)?;
        self.list(&mut entries.delta, index_under(kind::INDEX_DELTAS, &definition), decode_delta)?;
        if entries.base.len() != entries.fences.len() {
            return Err(damaged("an index"));
        }
        Ok(Index::of(definition, entries))
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
