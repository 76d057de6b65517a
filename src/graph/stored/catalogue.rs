//! The catalogue of a checkpoint as bytes: everything but chunks, in this order.
//!
//! ```text
//!   version · names of labels, types, keys · schema (JSON) · indexes · label sets
//!   nodes and relationships: how many live, open chunks and chunks with holes of each group
//!   counts: nodes by label set; each type's; values of nodes and of relationships by key
//!   columns of nodes and of relationships: key, values of each kind, whether it has a dictionary, estimate
//!   id of the next claim, how many claims there are
//!   for each index: how many entries its base has, the first of each chunk
//!   at most how many claims are known to be wrong; as many as there are claims where it is not said
//!   1 where the lists of claims are chunks; where it is not said they are made from the claims
//! ```

use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap;

use crate::knowledge::Schema;
use crate::value::Value;

use super::super::allocator::{Allocator, Groups};
use super::super::catalogue::Catalogue;
use super::super::claim_lists::ClaimLists;
use super::super::counts::{Counts, KindCount, ValueCounts};
use super::super::definition::IndexDefinition;
use super::super::estimate::Estimate;
use super::super::id::{LabelId, LabelSetId, PropertyKeyId};
use super::super::index_entries::IndexEntries;
use super::super::nodes::LabelSets;
use super::super::property_column::{KindCounts, PropertyColumn};
use super::super::state::{Columns, State};
use super::super::zone::Zone;
use super::bytes::{DecodeError, Decoder, Encoder, damaged};
use super::changes::{decode_index, encode_index};
use super::index_chunks::{decode_entry, encode_entry};
use super::values::{decode_value, encode_value};

/// Returns the bytes of all that is no chunk.
pub(super) fn encode_catalogue(state: &State) -> Vec<u8> {
    let mut to = Encoder::default();
    to.number(state.version);
    let catalogue = &state.catalogue;
    for names in [&catalogue.labels.names, &catalogue.relationship_types.names, &catalogue.property_keys.names] {
        to.list(names.iter(), |to, name| to.text(name));
    }
    to.bytes(&encode_schema(catalogue.schema()));
    to.list(catalogue.indexes().iter(), encode_index);
    let sets = 0..state.label_sets.len() as u32;
    to.list(sets, |to, set| {
        let labels = state.label_sets.labels(LabelSetId(set));
        to.list(labels.iter(), |to, label| to.number(label.0.into()));
    });
    to.number(state.nodes.live);
    encode_groups(&mut to, &state.nodes.allocator.groups);
    to.number(state.relationships.live);
    encode_groups(&mut to, &state.relationships.allocator.groups);
    encode_counts(&mut to, &state.counts);
    encode_columns(&mut to, &state.node_columns);
    encode_columns(&mut to, &state.relationship_columns);
    to.number(state.claims.next.into());
    to.number(state.claims.count);
    for definition in catalogue.indexes() {
        let entries = state.indexes.of_kind(definition).map(|index| &index.entries);
        to.number(entries.map_or(0, |entries| entries.base_len as u64));
        to.list(entries.map_or(&[][..], |entries| &entries.fences).iter(), encode_entry);
    }
    to.number(state.claims.deprecated_at_most);
    to.byte(1);
    to.0
}

/// An index as the catalogue knows it, without its chunks.
pub(super) struct StoredIndex {
    pub definition: IndexDefinition,
    pub entries: IndexEntries,
}

/// Reads what is no chunk.
pub(super) fn decode_catalogue(bytes: &[u8]) -> Result<(State, Vec<StoredIndex>), DecodeError> {
    let mut from = Decoder(bytes);
    let mut state = State { version: from.number()?, ..State::default() };
    let refused = |_| damaged("the list of names");
    let mut catalogue = Catalogue::default();
    let labels: Vec<&str> = from.list(|from| from.text())?;
    labels.iter().try_for_each(|name| catalogue.intern_label(name).map(drop)).map_err(refused)?;
    let kinds: Vec<&str> = from.list(|from| from.text())?;
    kinds.iter().try_for_each(|name| catalogue.intern_relationship_type(name).map(drop)).map_err(refused)?;
    let keys: Vec<&str> = from.list(|from| from.text())?;
    keys.iter().try_for_each(|name| catalogue.intern_property_key(name).map(drop)).map_err(refused)?;
    let schema = decode_schema(from.bytes()?)?;
    catalogue.declare(schema).map_err(refused)?;
    if [catalogue.labels().len(), catalogue.relationship_types().len(), catalogue.property_keys().len()]
        != [labels.len(), kinds.len(), keys.len()]
    {
        return Err(damaged("the list of names"));
    }
    for definition in from.list(decode_index)? {
        catalogue.add_index(definition).map_err(|_| damaged("the list of indexes"))?;
    }
    state.catalogue = Arc::new(catalogue);
    state.label_sets = Arc::new(decode_label_sets(&mut from, labels.len())?);
    state.nodes.live = from.number()?;
    state.nodes.allocator = decode_groups(&mut from)?;
    state.relationships.live = from.number()?;
    state.relationships.allocator = decode_groups(&mut from)?;
    state.counts = decode_counts(&mut from)?;
    state.node_columns = decode_columns(&mut from, keys.len())?;
    state.relationship_columns = decode_columns(&mut from, keys.len())?;
    state.claims.next = from.word()?;
    state.claims.count = from.number()?;
    let definitions = state.catalogue.indexes().iter();
    let indexes = definitions.map(|definition| decode_index_head(&mut from, definition)).collect::<Result<_, _>>()?;
    state.claims.deprecated_at_most = if from.0.is_empty() { state.claims.count } else { from.number()? };
    if !from.is_at_end() {
        match from.byte()? {
            1 => state.claims.lists = Arc::new(ClaimLists::default().into()),
            _ => return Err(damaged("the catalogue")),
        }
    }
    from.end("the catalogue")?;
    Ok((state, indexes))
}

fn decode_index_head(from: &mut Decoder<'_>, definition: &IndexDefinition) -> Result<StoredIndex, DecodeError> {
    let base_len = usize::try_from(from.number()?).map_err(|_| damaged("an index"))?;
    let fences = from.list(decode_entry)?;
    if !fences.is_sorted() {
        return Err(damaged("an index"));
    }
    let entries = IndexEntries { base_len, fences: Arc::new(fences), ..IndexEntries::default() };
    Ok(StoredIndex { definition: definition.clone(), entries })
}

/// Returns a schema as bytes that say what they mean, so that a later program may add to it.
pub(super) fn encode_schema(schema: &Schema) -> Vec<u8> {
    serde_json::to_vec(schema).expect("a schema is texts, numbers and lists of them")
}

/// Reads a schema.
pub(super) fn decode_schema(bytes: &[u8]) -> Result<Schema, DecodeError> {
    serde_json::from_slice(bytes).map_err(|_| damaged("the schema"))
}

fn decode_label_sets(from: &mut Decoder<'_>, label_count: usize) -> Result<LabelSets, DecodeError> {
    let mut sets = LabelSets::default();
    let read: Vec<Vec<LabelId>> = from.list(|from| from.list(|from| from.short().map(LabelId)))?;
    for (place, labels) in read.iter().enumerate() {
        let known = labels.iter().all(|label| (label.0 as usize) < label_count);
        if !known || sets.intern(labels) != LabelSetId(place as u32) {
            return Err(damaged("the list of label sets"));
        }
    }
    Ok(sets)
}

fn encode_groups(to: &mut Encoder, groups: &Groups) {
    let mut open: Vec<(u32, u32)> = groups.open.iter().map(|(group, chunk)| (*group, *chunk)).collect();
    open.sort_unstable();
    to.list(open.iter(), |to, (group, chunk)| {
        to.number((*group).into());
        to.number((*chunk).into());
    });
    let mut holes: Vec<u32> = groups.holes.keys().copied().collect();
    holes.sort_unstable();
    to.list(holes.iter(), |to, group| {
        to.number((*group).into());
        to.list(groups.holes[group].iter(), |to, chunk| to.number((*chunk).into()));
    });
}

fn decode_groups(from: &mut Decoder<'_>) -> Result<Allocator, DecodeError> {
    let open: FxHashMap<u32, u32> = from.list(|from| Ok((from.word()?, from.word()?)))?.into_iter().collect();
    let holes = from.list(|from| Ok((from.word()?, from.list(|from| from.word())?.into_iter().collect())))?;
    Ok(Allocator { groups: Arc::new(Groups { open, holes: holes.into_iter().collect() }) })
}

fn encode_counts(to: &mut Encoder, counts: &Counts) {
    to.list(counts.nodes().iter(), |to, count| to.number(*count));
    to.list(counts.kinds.iter(), |to, kind| {
        to.number(kind.total);
        to.number(kind.self_loops);
        to.number(kind.parallel);
        to.list(kind.ends.iter(), |to, ((start, end), count)| {
            to.number(start.0.into());
            to.number(end.0.into());
            to.number(*count);
        });
    });
    for values in [&counts.node_values, &counts.relationship_values] {
        to.list(values.0.iter(), |to, groups| {
            to.list(groups.iter(), |to, (group, count)| {
                to.number((*group).into());
                to.number(*count);
            });
        });
    }
}

fn decode_counts(from: &mut Decoder<'_>) -> Result<Counts, DecodeError> {
    let nodes = from.list(|from| from.number())?;
    let kinds = from.list(|from| {
        let (total, self_loops, parallel) = (from.number()?, from.number()?, from.number()?);
        let ends = from.list(|from| Ok(((LabelSetId(from.word()?), LabelSetId(from.word()?)), from.number()?)))?;
        Ok(Arc::new(KindCount { total, self_loops, parallel, ends }))
    })?;
    let values = |from: &mut Decoder<'_>| -> Result<ValueCounts, DecodeError> {
        let keys = from.list(|from| Ok(Arc::new(from.list(|from| Ok((from.word()?, from.number()?)))?)))?;
        Ok(ValueCounts(Arc::new(keys)))
    };
    let (node_values, relationship_values) = (values(from)?, values(from)?);
    Ok(Counts { nodes: Arc::new(nodes), kinds: Arc::new(kinds), node_values, relationship_values })
}

fn encode_columns(to: &mut Encoder, columns: &Columns) {
    let columns: Vec<(PropertyKeyId, &Arc<PropertyColumn>)> = columns.iter().collect();
    to.list(columns.into_iter(), |to, (key, column)| {
        let counts = column.counts();
        to.number(key.0.into());
        for count in [counts.booleans, counts.integers, counts.floats, counts.strings, counts.others] {
            to.number(count);
        }
        to.byte(u8::from(column.dictionary().is_some()));
        encode_estimate(to, &column.estimate());
    });
}

fn encode_estimate(to: &mut Encoder, estimate: &Estimate) {
    to.number(estimate.values);
    to.0.extend_from_slice(&estimate.distinct.to_bits().to_le_bytes());
    let ends = match &estimate.zone {
        Zone::Empty => None,
        Zone::Integers(least, greatest) => Some((Value::Integer(*least), Value::Integer(*greatest))),
        Zone::Floats(least, greatest) => Some((Value::Float(*least), Value::Float(*greatest))),
        Zone::Strings(least, greatest) => Some((Value::String(least.clone()), Value::String(greatest.clone()))),
        Zone::Any => Some((Value::Null, Value::Null)),
    };
    to.byte(u8::from(ends.is_some()));
    if let Some((least, greatest)) = ends {
        encode_value(to, &least);
        encode_value(to, &greatest);
    }
}

fn decode_estimate(from: &mut Decoder<'_>) -> Result<Estimate, DecodeError> {
    let values = from.number()?;
    let bits = from.take(8)?.try_into().map_err(|_| damaged("an estimate"))?;
    let distinct = f64::from_bits(u64::from_le_bytes(bits));
    if from.byte()? == 0 {
        return Ok(Estimate { values, distinct, zone: Zone::Empty });
    }
    let zone = match (decode_value(from)?, decode_value(from)?) {
        (Value::Integer(least), Value::Integer(greatest)) => Zone::Integers(least, greatest),
        (Value::Float(least), Value::Float(greatest)) => Zone::Floats(least, greatest),
        (Value::String(least), Value::String(greatest)) => Zone::Strings(least, greatest),
        _ => Zone::Any,
    };
    Ok(Estimate { values, distinct, zone })
}

fn decode_columns(from: &mut Decoder<'_>, key_count: usize) -> Result<Columns, DecodeError> {
    let mut columns = Columns::default();
    let read = from.list(|from| {
        let key = PropertyKeyId(from.word()?);
        let counts = KindCounts {
            booleans: from.number()?,
            integers: from.number()?,
            floats: from.number()?,
            strings: from.number()?,
            others: from.number()?,
        };
        Ok((key, counts, from.byte()? == 1, decode_estimate(from)?))
    })?;
    for (key, counts, coded, estimate) in read {
        if key.0 as usize >= key_count {
            return Err(damaged("the list of columns"));
        }
        let column = columns.make_mut(key);
        column.counts = counts;
        column.dictionary = coded.then(Arc::default);
        column.estimate = Arc::new(RwLock::new(Some(estimate)));
    }
    Ok(columns)
}
