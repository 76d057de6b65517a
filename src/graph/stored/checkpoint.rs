//! Writing a checkpoint: the chunks that differ from the checkpoint before, and the catalogue.

use std::sync::Arc;

use crate::storage::{ChunkKey, ChunkWriter, StorageError};

use super::super::chunk_list::ChunkList;
use super::super::id::RelationshipTypeId;
use super::super::snapshot::Snapshot;
use super::super::state::Columns;
use super::catalogue::encode_catalogue;
use super::chunks::{
    encode_claims, encode_dictionary, encode_nodes, encode_piece, encode_property, encode_relationships,
};

/// The kinds of chunks in a store.
pub(super) mod kind {
    /// Nodes.
    pub const NODES: u8 = 1;
    /// Relationships.
    pub const RELATIONSHIPS: u8 = 2;
    /// Values of a property of nodes.
    pub const NODE_VALUES: u8 = 3;
    /// Values of a property of relationships.
    pub const RELATIONSHIP_VALUES: u8 = 4;
    /// Outgoing pieces.
    pub const OUTGOING: u8 = 5;
    /// Incoming pieces.
    pub const INCOMING: u8 = 6;
    /// Dictionaries of properties of nodes.
    pub const NODE_DICTIONARIES: u8 = 7;
    /// Dictionaries of properties of relationships.
    pub const RELATIONSHIP_DICTIONARIES: u8 = 8;
    /// Claims.
    pub const CLAIMS: u8 = 9;
}

/// Returns what the chunks of a kind hold, in words.
pub fn chunk_kind_name(kind: u8) -> &'static str {
    match kind {
        kind::NODES => "nodes",
        kind::RELATIONSHIPS => "relationships",
        kind::NODE_VALUES => "values of nodes",
        kind::RELATIONSHIP_VALUES => "values of relationships",
        kind::OUTGOING => "outgoing neighbours",
        kind::INCOMING => "incoming neighbours",
        kind::NODE_DICTIONARIES | kind::RELATIONSHIP_DICTIONARIES => "dictionaries",
        kind::CLAIMS => "claims",
        _ => "others",
    }
}

impl Snapshot {
    /// Writes what differs from the snapshot of the last checkpoint, or everything if there was none, and returns the catalogue.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_checkpoint(
        &self,
        last: Option<&Snapshot>,
        writer: &mut dyn ChunkWriter,
    ) -> Result<Vec<u8>, StorageError> {
        if last.is_none() {
            writer.clear()?;
        }
        let (new, old) = (&self.state, last.map(|last| &last.state));
        let before = old.map(|old| &old.nodes.chunks);
        put_changed(&new.nodes.chunks, before, (kind::NODES, None), encode_nodes, writer)?;
        let before = old.map(|old| &old.relationships.chunks);
        put_changed(&new.relationships.chunks, before, (kind::RELATIONSHIPS, None), encode_relationships, writer)?;
        let kinds = (kind::NODE_VALUES, kind::NODE_DICTIONARIES);
        put_columns(&new.node_columns, old.map(|old| &old.node_columns), kinds, writer)?;
        let kinds = (kind::RELATIONSHIP_VALUES, kind::RELATIONSHIP_DICTIONARIES);
        put_columns(&new.relationship_columns, old.map(|old| &old.relationship_columns), kinds, writer)?;
        for place in 0..new.adjacency.kind_count() {
            let id = RelationshipTypeId(place as u16);
            let (own, before) = (new.adjacency.of(id), old.and_then(|old| old.adjacency.of(id)));
            let Some(own) = own else { continue };
            let outgoing = before.map(|before| &before.outgoing);
            put_changed(&own.outgoing, outgoing, (kind::OUTGOING, Some(place as u32)), encode_piece, writer)?;
            let incoming = before.map(|before| &before.incoming);
            put_changed(&own.incoming, incoming, (kind::INCOMING, Some(place as u32)), encode_piece, writer)?;
        }
        let before = old.map(|old| &old.claims.chunks);
        put_changed(&new.claims.chunks, before, (kind::CLAIMS, None), |claims| encode_claims(claims), writer)?;
        Ok(encode_catalogue(new))
    }
}

fn key_of((kind, part): (u8, Option<u32>), chunk: usize) -> ChunkKey {
    match part {
        Some(part) => ChunkKey::new(kind, &[part, chunk as u32]),
        None => ChunkKey::new(kind, &[chunk as u32]),
    }
}

/// Puts the chunks that are not the very ones of before, and deletes those that are gone.
fn put_changed<T>(
    new: &ChunkList<T>,
    old: Option<&ChunkList<T>>,
    under: (u8, Option<u32>),
    encode: impl Fn(&T) -> Vec<u8>,
    writer: &mut dyn ChunkWriter,
) -> Result<(), StorageError> {
    for place in 0..new.len().max(old.map_or(0, ChunkList::len)) {
        match (new.shared(place), old.and_then(|old| old.shared(place))) {
            (Some(new), Some(old)) if Arc::ptr_eq(new, old) => {}
            (Some(new), _) => writer.put(key_of(under, place), &encode(new))?,
            (None, Some(_)) => writer.delete(key_of(under, place))?,
            (None, None) => {}
        }
    }
    Ok(())
}

fn put_columns(
    new: &Columns,
    old: Option<&Columns>,
    (values, dictionaries): (u8, u8),
    writer: &mut dyn ChunkWriter,
) -> Result<(), StorageError> {
    for (key, column) in new.iter() {
        let before = old.and_then(|old| old.get(key));
        let (own, other) = (column.dictionary(), before.and_then(|before| before.dictionary()));
        match (own, other) {
            (Some(own), Some(other)) if Arc::ptr_eq(own, other) => {}
            (Some(own), _) => writer.put(ChunkKey::new(dictionaries, &[key.0]), &encode_dictionary(own))?,
            (None, _) => writer.delete(ChunkKey::new(dictionaries, &[key.0]))?,
        }
        let encode = |chunk: &_| encode_property(chunk, own.map(|own| &**own));
        put_changed(&column.chunks, before.map(|before| &before.chunks), (values, Some(key.0)), encode, writer)?;
    }
    Ok(())
}
