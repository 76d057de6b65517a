//! All lists of chunks of a graph: under which keys each is stored and how its chunks are read, in one walk for whatever is done with them.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::value::Value;
use crate::vector::Dictionary;

use super::super::chunk_list::{ChunkList, ChunkSource};
use super::super::claim_lists::ClaimLists;
use super::super::definition::{IndexDefinition, IndexTarget};
use super::super::id::{PropertyKeyId, RelationshipTypeId};
use super::super::property_chunk::PropertyChunk;
use super::super::state::{Columns, State};
use super::bytes::{DecodeError, damaged};
use super::checkpoint::kind;
use super::chunks::{decode_claims, decode_nodes, decode_piece, decode_property, decode_relationships};
use super::claim_chunks::{decode_claim_piece, decode_claim_summary};
use super::index_chunks::{decode_delta, decode_entries};
use super::loader::{Loader, StoredChunks, Under};
use super::peek::peek_property;
use super::size::HeldSize;

/// What a list of chunks may hold.
pub(super) trait Stored: Clone + Default + Debug + HeldSize + Send + Sync + 'static {}

impl<T: Clone + Default + Debug + HeldSize + Send + Sync + 'static> Stored for T {}

/// Reads a chunk of one list.
pub(super) trait Decode<T>: Send + Sync + 'static {
    /// Reads the chunk.
    fn decode(&self, bytes: &[u8]) -> Result<T, DecodeError>;

    /// Reads one value of it; none where that is no less work.
    fn peek(&self, _bytes: &[u8], _inner: usize) -> Option<Value> {
        None
    }
}

impl<T, F: Fn(&[u8]) -> Result<T, DecodeError> + Send + Sync + 'static> Decode<T> for F {
    fn decode(&self, bytes: &[u8]) -> Result<T, DecodeError> {
        self(bytes)
    }
}

/// Reads the chunks of a column.
struct ColumnDecode {
    dictionary: Option<Arc<Dictionary>>,
}

impl Decode<PropertyChunk> for ColumnDecode {
    fn decode(&self, bytes: &[u8]) -> Result<PropertyChunk, DecodeError> {
        decode_property(bytes, self.dictionary.as_deref())
    }

    fn peek(&self, bytes: &[u8], inner: usize) -> Option<Value> {
        peek_property(bytes, inner)
    }
}

/// Does something with every list of a graph.
pub(super) trait ListVisitor {
    /// Does it with one list, whose chunks are stored under these keys and read so.
    fn visit<T: Stored>(
        &mut self,
        list: &mut ChunkList<T>,
        under: Under,
        decode: impl Decode<T>,
    ) -> Result<(), DecodeError>;
}

/// Returns the keys of an index's chunks.
pub(super) fn index_under(kind: u8, definition: &IndexDefinition) -> Under {
    let target = match definition.target {
        IndexTarget::Node(label) => u32::from(label.0) << 1,
        IndexTarget::Relationship(kind) => u32::from(kind.0) << 1 | 1,
    };
    let first = definition.keys.first().map_or(0, |key| key.0);
    Under::new(kind, [target, first, definition.sort()])
}

/// Visits every list of a graph. Its catalogue, dictionaries and indexes are there already.
pub(super) fn visit_lists(state: &mut State, visitor: &mut impl ListVisitor) -> Result<(), DecodeError> {
    let sets = state.label_sets.len();
    let kinds = state.catalogue.relationship_types().len();
    visitor
        .visit(&mut state.nodes.chunks, Under::new(kind::NODES, []), move |bytes: &[u8]| decode_nodes(bytes, sets))?;
    let under = Under::new(kind::RELATIONSHIPS, []);
    visitor.visit(&mut state.relationships.chunks, under, move |bytes: &[u8]| decode_relationships(bytes, kinds))?;
    visit_columns(&mut state.node_columns, kind::NODE_VALUES, visitor)?;
    visit_columns(&mut state.relationship_columns, kind::RELATIONSHIP_VALUES, visitor)?;
    for id in 0..kinds as u32 {
        let adjacency = state.adjacency.make_mut(RelationshipTypeId(id as u16));
        visitor.visit(&mut adjacency.outgoing, Under::new(kind::OUTGOING, [id]), decode_piece)?;
        visitor.visit(&mut adjacency.incoming, Under::new(kind::INCOMING, [id]), decode_piece)?;
    }
    let (labels, keys) = (state.catalogue.labels().len(), state.catalogue.property_keys().len());
    let decode = move |bytes: &[u8]| {
        let claims = decode_claims(bytes)?;
        let known = claims.iter().flatten().all(|claim| claim.fits(labels, keys));
        if known { Ok(claims) } else { Err(damaged("a chunk of claims")) }
    };
    visitor.visit(&mut state.claims.chunks, Under::new(kind::CLAIMS, []), decode)?;
    if state.claims.lists.get().is_some() {
        let lists = Arc::make_mut(&mut state.claims.lists);
        lists.get_mut().into_iter().try_for_each(|lists| visit_claim_lists(lists, keys, visitor))?;
    }
    for index in state.indexes.iter_mut() {
        let entries = index_under(kind::INDEX_ENTRIES, index.definition());
        let deltas = index_under(kind::INDEX_DELTAS, index.definition());
        visitor.visit(&mut index.entries.base, entries, decode_entries)?;
        visitor.visit(&mut index.entries.delta, deltas, decode_delta)?;
    }
    Ok(())
}

fn visit_claim_lists(lists: &mut ClaimLists, keys: usize, visitor: &mut impl ListVisitor) -> Result<(), DecodeError> {
    let kinds = [kind::CLAIMS_OF_NODES, kind::CLAIMS_OF_RELATIONSHIPS];
    let summaries = [kind::NODE_SUMMARIES, kind::RELATIONSHIP_SUMMARIES];
    let both = [&mut lists.nodes, &mut lists.relationships];
    for (own, (kind, summaries)) in both.into_iter().zip(kinds.into_iter().zip(summaries)) {
        let under = Under::new(kind, []);
        visitor.visit(&mut own.pieces, under, move |bytes: &[u8]| decode_claim_piece(bytes, keys))?;
        visitor.visit(&mut own.summaries, Under::new(summaries, []), decode_claim_summary)?;
    }
    Ok(())
}

fn visit_columns(columns: &mut Columns, values: u8, visitor: &mut impl ListVisitor) -> Result<(), DecodeError> {
    let keys: Vec<PropertyKeyId> = columns.iter().map(|(key, _)| key).collect();
    for key in keys {
        let column = columns.make_mut(key);
        let decode = ColumnDecode { dictionary: column.dictionary.clone() };
        visitor.visit(&mut column.chunks, Under::new(values, [key.0]), decode)?;
    }
    Ok(())
}

/// Returns what reads the chunks of a list.
pub(super) fn source<T: Stored>(loader: &Arc<Loader>, under: Under, decode: impl Decode<T>) -> Arc<dyn ChunkSource<T>> {
    let (loader, empty, begun) = (Arc::clone(loader), T::default(), AtomicBool::new(false));
    Arc::new(StoredChunks { loader, under, decode, empty, begun })
}
