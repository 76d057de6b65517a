//! Writing a checkpoint: the chunks that differ from the checkpoint before, and the catalogue.

use std::sync::Arc;

use crate::storage::{ChunkKey, ChunkWriter, StorageError};

use super::super::chunk_list::ChunkList;
use super::super::claim_lists::ClaimLists;
use super::super::claims::Claims;
use super::super::id::RelationshipTypeId;
use super::super::index::Indexes;
use super::super::snapshot::Snapshot;
use super::super::state::Columns;
use super::catalogue::encode_catalogue;
use super::chunks::{
    encode_claims, encode_dictionary, encode_nodes, encode_piece, encode_property, encode_relationships,
};
use super::claim_chunks::{encode_claim_piece, encode_claim_summary};
use super::index_chunks::{encode_delta, encode_entries};
use super::lists::index_under;
use super::loader::Under;

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
    /// Entries of indexes.
    pub const INDEX_ENTRIES: u8 = 10;
    /// Deltas of indexes.
    pub const INDEX_DELTAS: u8 = 11;
    /// Which claims speak of nodes.
    pub const CLAIMS_OF_NODES: u8 = 12;
    /// Which claims speak of relationships.
    pub const CLAIMS_OF_RELATIONSHIPS: u8 = 13;
    /// What is in the lists of claims on nodes.
    pub const NODE_SUMMARIES: u8 = 14;
    /// What is in the lists of claims on relationships.
    pub const RELATIONSHIP_SUMMARIES: u8 = 15;

    /// Says whether chunks of a kind hold claims or lists of them.
    pub const fn is_of_claims(kind: u8) -> bool {
        matches!(kind, CLAIMS | CLAIMS_OF_NODES..=RELATIONSHIP_SUMMARIES)
    }
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
        kind::CLAIMS_OF_NODES..=kind::RELATIONSHIP_SUMMARIES => "lists of claims",
        kind::INDEX_ENTRIES | kind::INDEX_DELTAS => "indexes",
        _ => "others",
    }
}

impl Snapshot {
    /// Writes what the store does not have as it is, or everything if there was no checkpoint, and returns the catalogue. Chunks that are
    /// in the last one and not here are deleted.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_checkpoint(
        &self,
        last: Option<&Snapshot>,
        writer: &mut dyn ChunkWriter,
    ) -> Result<Vec<u8>, StorageError> {
        let failures = self.read_failures();
        if last.is_none() {
            writer.clear()?;
        }
        let (new, old) = (&self.state, last.map(|last| &last.state));
        let before = old.map(|old| &old.nodes.chunks);
        put_changed(&new.nodes.chunks, before, Under::new(kind::NODES, []), encode_nodes, writer)?;
        let before = old.map(|old| &old.relationships.chunks);
        put_changed(
            &new.relationships.chunks,
            before,
            Under::new(kind::RELATIONSHIPS, []),
            encode_relationships,
            writer,
        )?;
        let kinds = (kind::NODE_VALUES, kind::NODE_DICTIONARIES);
        put_columns(&new.node_columns, old.map(|old| &old.node_columns), kinds, writer)?;
        let kinds = (kind::RELATIONSHIP_VALUES, kind::RELATIONSHIP_DICTIONARIES);
        put_columns(&new.relationship_columns, old.map(|old| &old.relationship_columns), kinds, writer)?;
        for place in 0..new.adjacency.kind_count() {
            let id = RelationshipTypeId(place as u16);
            let (own, before) = (new.adjacency.of(id), old.and_then(|old| old.adjacency.of(id)));
            let Some(own) = own else { continue };
            let outgoing = before.map(|before| &before.outgoing);
            put_changed(&own.outgoing, outgoing, Under::new(kind::OUTGOING, [place as u32]), encode_piece, writer)?;
            let incoming = before.map(|before| &before.incoming);
            put_changed(&own.incoming, incoming, Under::new(kind::INCOMING, [place as u32]), encode_piece, writer)?;
        }
        let before = old.map(|old| &old.claims.chunks);
        put_changed(&new.claims.chunks, before, Under::new(kind::CLAIMS, []), |claims| encode_claims(claims), writer)?;
        put_claim_lists(&new.claims, old.map(|old| &old.claims), writer)?;
        put_indexes(&new.indexes, old.map(|old| &old.indexes), writer)?;
        match self.read_failure_since(failures) {
            // What could not be read must not be written as empty.
            Some(failure) => Err(failure.again()),
            None => Ok(encode_catalogue(new)),
        }
    }
}

fn put_claim_lists(new: &Claims, old: Option<&Claims>, writer: &mut dyn ChunkWriter) -> Result<(), StorageError> {
    let (new, none) = (new.lists(), ClaimLists::default());
    // An older program wrote none.
    let old = old.map(|old| old.lists.get().unwrap_or(&none));
    let (nodes, relationships) = (old.map(|old| &old.nodes), old.map(|old| &old.relationships));
    for (own, before, pieces, summaries) in [
        (&new.nodes, nodes, kind::CLAIMS_OF_NODES, kind::NODE_SUMMARIES),
        (&new.relationships, relationships, kind::CLAIMS_OF_RELATIONSHIPS, kind::RELATIONSHIP_SUMMARIES),
    ] {
        let (pieces, summaries) = (Under::new(pieces, []), Under::new(summaries, []));
        put_changed(&own.pieces, before.map(|before| &before.pieces), pieces, encode_claim_piece, writer)?;
        put_changed(&own.summaries, before.map(|before| &before.summaries), summaries, encode_claim_summary, writer)?;
    }
    Ok(())
}

fn put_indexes(new: &Indexes, old: Option<&Indexes>, writer: &mut dyn ChunkWriter) -> Result<(), StorageError> {
    let gone = old.into_iter().flat_map(Indexes::iter).filter(|index| new.of_kind(index.definition()).is_none());
    let (no_entries, no_delta) = (ChunkList::default(), ChunkList::default());
    for index in gone {
        let (definition, before) = (index.definition(), &index.entries);
        let under = index_under(kind::INDEX_ENTRIES, definition);
        put_changed(&no_entries, Some(&before.base), under, encode_entries, writer)?;
        put_changed(&no_delta, Some(&before.delta), index_under(kind::INDEX_DELTAS, definition), encode_delta, writer)?;
    }
    for index in new.iter() {
        let (definition, own) = (index.definition(), &index.entries);
        let before = old.and_then(|old| old.of_kind(definition)).map(|index| &index.entries);
        let under = index_under(kind::INDEX_ENTRIES, definition);
        put_changed(&own.base, before.map(|before| &before.base), under, encode_entries, writer)?;
        let under = index_under(kind::INDEX_DELTAS, definition);
        put_changed(&own.delta, before.map(|before| &before.delta), under, encode_delta, writer)?;
    }
    Ok(())
}

/// Puts the chunks that are not in the store as they are, or all if nothing was there before, and deletes those that are gone.
fn put_changed<T>(
    new: &ChunkList<T>,
    old: Option<&ChunkList<T>>,
    under: Under,
    encode: impl Fn(&T) -> Vec<u8>,
    writer: &mut dyn ChunkWriter,
) -> Result<(), StorageError> {
    let put = |place: usize, chunk: &T, writer: &mut dyn ChunkWriter| writer.put(under.key(place), &encode(chunk));
    match old {
        None => new.iter().try_for_each(|(place, chunk)| put(place, chunk, writer)),
        Some(old) => {
            new.unsaved().try_for_each(|(place, chunk)| put(place, chunk, writer))?;
            old.places().filter(|place| !new.has(*place)).try_for_each(|place| writer.delete(under.key(place)))
        }
    }
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
        put_changed(&column.chunks, before.map(|before| &before.chunks), Under::new(values, [key.0]), encode, writer)?;
    }
    Ok(())
}
