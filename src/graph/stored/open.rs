//! Opening: from the chunks, the catalogue and the log of a store, the snapshot that was last committed.

use std::sync::Arc;

use thiserror::Error;

use crate::knowledge::ClaimId;
use crate::storage::{ChunkKey, StorageError, View};

use super::super::catalogue::IndexTarget;
use super::super::error::GraphError;
use super::super::id::{PropertyKeyId, RelationshipTypeId};
use super::super::snapshot::Snapshot;
use super::super::state::{Columns, State};
use super::bytes::{DecodeError, damaged};
use super::catalogue::decode_catalogue;
use super::changes::decode_changes;
use super::checkpoint::kind;
use super::chunks::{
    decode_claims, decode_dictionary, decode_nodes, decode_piece, decode_property, decode_relationships,
};

/// Fewer chunks than this are decoded where we are.
const WORTH_THREADS: usize = 64;

/// Why a database could not be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The store could not be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What the store holds is not a graph that this program writes.
    #[error("the database is damaged: {0}")]
    Damaged(#[from] DecodeError),
    /// The log does not fit the checkpoint.
    #[error("the database is damaged: its log does not fit: {0}")]
    Log(#[source] GraphError),
}

impl Snapshot {
    /// Returns the snapshot of the last checkpoint, and the one that the log makes of it.
    ///
    /// The first is what the next checkpoint is to be compared with; it is none if there was no checkpoint.
    ///
    /// # Errors
    /// If the store cannot be read, or holds what this program does not write.
    pub fn open(view: &View) -> Result<(Option<Snapshot>, Snapshot), OpenError> {
        let checkpoint = match view.catalogue()? {
            Some(catalogue) => Some(read_checkpoint(view, &catalogue)?),
            None => None,
        };
        let mut current = checkpoint.clone().unwrap_or_default();
        for record in view.log()? {
            current = current.replay(&decode_changes(&record.bytes)?).map_err(OpenError::Log)?;
        }
        Ok((checkpoint, current))
    }
}

fn read_checkpoint(view: &View, catalogue: &[u8]) -> Result<Snapshot, OpenError> {
    let mut state = decode_catalogue(catalogue)?;
    let sets = state.label_sets.len();
    for (key, chunk) in read_all(view, kind::NODES, |_, bytes| decode_nodes(bytes, sets))? {
        state.nodes.chunks.set(part(&key, 0)?, Some(Arc::new(chunk)));
    }
    let kinds = state.catalogue.relationship_types().len();
    for (key, chunk) in read_all(view, kind::RELATIONSHIPS, |_, bytes| decode_relationships(bytes, kinds))? {
        state.relationships.chunks.set(part(&key, 0)?, Some(Arc::new(chunk)));
    }
    read_columns(view, &mut state.node_columns, kind::NODE_VALUES, kind::NODE_DICTIONARIES)?;
    let (values, dictionaries) = (kind::RELATIONSHIP_VALUES, kind::RELATIONSHIP_DICTIONARIES);
    read_columns(view, &mut state.relationship_columns, values, dictionaries)?;
    for (which, outgoing) in [(kind::OUTGOING, true), (kind::INCOMING, false)] {
        for (key, piece) in read_all(view, which, |_, bytes| decode_piece(bytes))? {
            let id = part(&key, 0)?;
            if id >= kinds {
                return Err(damaged("a piece of adjacency").into());
            }
            let adjacency = state.adjacency.make_mut(RelationshipTypeId(id as u16));
            let side = if outgoing { &mut adjacency.outgoing } else { &mut adjacency.incoming };
            side.set(part(&key, 1)?, Some(Arc::new(piece)));
        }
    }
    read_claims(view, &mut state)?;
    check_totals(&state)?;
    state.rebuild_indexes().map_err(|_| damaged("a unique index"))?;
    Ok(Snapshot { state: Arc::new(state) })
}

fn read_columns(view: &View, columns: &mut Columns, values: u8, dictionaries: u8) -> Result<(), OpenError> {
    for (key, dictionary) in read_all(view, dictionaries, |_, bytes| decode_dictionary(bytes))? {
        let id = PropertyKeyId(part(&key, 0)? as u32);
        if columns.get(id).is_none_or(|column| column.dictionary().is_none()) {
            return Err(damaged("a dictionary").into());
        }
        columns.make_mut(id).dictionary = Some(Arc::new(dictionary));
    }
    let known = columns.clone();
    let decode = |key: &ChunkKey, bytes: &[u8]| {
        let column = key.part(0).and_then(|id| known.get(PropertyKeyId(id)));
        let column = column.ok_or_else(|| damaged("a chunk of values"))?;
        decode_property(bytes, column.dictionary().map(|dictionary| &**dictionary))
    };
    for (key, chunk) in read_all(view, values, decode)? {
        let column = columns.make_mut(PropertyKeyId(part(&key, 0)? as u32));
        column.chunks.set(part(&key, 1)?, Some(Arc::new(chunk)));
    }
    Ok(())
}

fn read_claims(view: &View, state: &mut State) -> Result<(), OpenError> {
    let next = state.claims.next;
    let mut all = Vec::new();
    for (key, chunk) in read_all(view, kind::CLAIMS, |_, bytes| decode_claims(bytes))? {
        let first = part(&key, 0)? * super::super::claims::CHUNK;
        let claims = chunk.into_iter().enumerate();
        all.extend(claims.filter_map(|(place, claim)| Some((ClaimId((first + place) as u32), claim?))));
    }
    let (labels, keys) = (state.catalogue.labels().len(), state.catalogue.property_keys().len());
    let known = all.iter().all(|(id, claim)| id.0 < next && claim.fits(labels, keys));
    if !known {
        return Err(damaged("a chunk of claims").into());
    }
    state.claims.load(all);
    state.claims.next = next;
    Ok(())
}

fn part(key: &ChunkKey, index: usize) -> Result<usize, DecodeError> {
    key.part(index).map(|part| part as usize).ok_or_else(|| damaged("the key of a chunk"))
}

/// Asserts that the chunks hold as many elements as the catalogue says.
fn check_totals(state: &State) -> Result<(), DecodeError> {
    let nodes: u64 = state.nodes.chunks.iter().map(|(_, chunk)| chunk.live().count() as u64).sum();
    let relationships: u64 = state.relationships.chunks.iter().map(|(_, chunk)| chunk.live().count() as u64).sum();
    let indexed = state.catalogue.indexes().iter().all(|index| match index.target {
        IndexTarget::Node(label) => (label.0 as usize) < state.catalogue.labels().len(),
        IndexTarget::Relationship(kind) => (kind.0 as usize) < state.catalogue.relationship_types().len(),
    });
    if nodes != state.nodes.live || relationships != state.relationships.live || !indexed {
        return Err(damaged("the catalogue"));
    }
    Ok(())
}

/// Reads and decodes all chunks of a kind, on several threads where they are many.
fn read_all<T: Send>(
    view: &View,
    kind: u8,
    decode: impl Fn(&ChunkKey, &[u8]) -> Result<T, DecodeError> + Sync,
) -> Result<Vec<(ChunkKey, T)>, OpenError> {
    let keys: Vec<ChunkKey> = view.scan(kind).collect();
    let read = |keys: &[ChunkKey]| -> Result<Vec<(ChunkKey, T)>, OpenError> {
        let one = |key: &ChunkKey| -> Result<(ChunkKey, T), OpenError> {
            let bytes = view.read(key)?.ok_or_else(|| damaged("the directory of chunks"))?;
            Ok((*key, decode(key, &bytes)?))
        };
        keys.iter().map(one).collect()
    };
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(8));
    if keys.len() < WORTH_THREADS || threads == 1 {
        return read(&keys);
    }
    let parts = std::thread::scope(|scope| {
        let read = &read;
        let parts = keys.chunks(keys.len().div_ceil(threads));
        let running: Vec<_> = parts.map(|part| scope.spawn(move || read(part))).collect();
        running.into_iter().map(|one| one.join()).collect::<Vec<_>>()
    });
    let mut all = Vec::with_capacity(keys.len());
    for part in parts {
        // A thread that panicked has met a bug of ours, which must not pass for an empty part.
        all.extend(part.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
    }
    Ok(all)
}
