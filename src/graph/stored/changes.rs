//! Changes as bytes: one log record a commit.

use std::sync::Arc;

use crate::knowledge::ClaimId;
use crate::value::{NodeId, RelationshipId};

use super::super::change::Change;
use super::super::definition::{IndexDefinition, IndexKind, IndexTarget, PropertyTypes};
use super::super::id::{LabelId, PropertyKeyId, RelationshipTypeId};
use super::bytes::{DecodeError, Decoder, Encoder, damaged};
use super::catalogue::{decode_schema, encode_schema};
use super::values::{decode_claim, decode_value, encode_claim, encode_value};

/// Returns the bytes of a transaction's changes.
pub fn encode_changes(changes: &[Change]) -> Vec<u8> {
    let mut to = Encoder::default();
    changes.iter().for_each(|change| encode_change(&mut to, change));
    to.0
}

/// Returns the changes that bytes say.
///
/// # Errors
/// If the bytes are not what [`encode_changes`] writes.
pub fn decode_changes(bytes: &[u8]) -> Result<Vec<Change>, DecodeError> {
    let mut from = Decoder(bytes);
    let mut changes = Vec::new();
    while !from.is_at_end() {
        changes.push(decode_change(&mut from)?);
    }
    Ok(changes)
}

fn encode_change(to: &mut Encoder, change: &Change) {
    match change {
        Change::Label(name) => tagged_text(to, 1, name),
        Change::RelationshipType(name) => tagged_text(to, 2, name),
        Change::PropertyKey(name) => tagged_text(to, 3, name),
        Change::Schema(schema) => {
            to.byte(4);
            to.bytes(&encode_schema(schema));
        }
        Change::CreateIndex(definition) => {
            to.byte(5);
            encode_index(to, definition);
        }
        Change::DropIndex(name) => tagged_text(to, 6, name),
        Change::CreateNode { node, labels } => {
            tagged(to, 7, &[node.0]);
            to.list(labels.iter(), |to, label| to.number(label.0.into()));
        }
        Change::DeleteNode(node) => tagged(to, 8, &[node.0]),
        Change::CreateRelationship { relationship, kind, start, end } => {
            tagged(to, 9, &[relationship.0, kind.0.into(), start.0, end.0]);
        }
        Change::DeleteRelationship(relationship) => tagged(to, 10, &[relationship.0]),
        Change::SetNodeProperty { node, key, value } => {
            tagged(to, 11, &[node.0, key.0]);
            encode_value(to, value);
        }
        Change::SetRelationshipProperty { relationship, key, value } => {
            tagged(to, 12, &[relationship.0, key.0]);
            encode_value(to, value);
        }
        Change::AddLabel { node, label } => tagged(to, 13, &[node.0, label.0.into()]),
        Change::RemoveLabel { node, label } => tagged(to, 14, &[node.0, label.0.into()]),
        Change::AddClaim { claim, record } => {
            tagged(to, 15, &[claim.0]);
            encode_claim(to, record);
        }
        Change::RetractClaim(claim) => tagged(to, 16, &[claim.0]),
    }
}

fn tagged(to: &mut Encoder, tag: u8, numbers: &[u32]) {
    to.byte(tag);
    numbers.iter().for_each(|number| to.number((*number).into()));
}

fn tagged_text(to: &mut Encoder, tag: u8, text: &str) {
    to.byte(tag);
    to.text(text);
}

fn decode_change(from: &mut Decoder<'_>) -> Result<Change, DecodeError> {
    Ok(match from.byte()? {
        1 => Change::Label(from.string()?),
        2 => Change::RelationshipType(from.string()?),
        3 => Change::PropertyKey(from.string()?),
        4 => Change::Schema(Arc::new(decode_schema(from.bytes()?)?)),
        5 => Change::CreateIndex(decode_index(from)?),
        6 => Change::DropIndex(from.string()?),
        7 => {
            let node = NodeId(from.word()?);
            Change::CreateNode { node, labels: from.list(|from| from.short().map(LabelId))? }
        }
        8 => Change::DeleteNode(NodeId(from.word()?)),
        9 => Change::CreateRelationship {
            relationship: RelationshipId(from.word()?),
            kind: RelationshipTypeId(from.short()?),
            start: NodeId(from.word()?),
            end: NodeId(from.word()?),
        },
        10 => Change::DeleteRelationship(RelationshipId(from.word()?)),
        11 => {
            let (node, key) = (NodeId(from.word()?), PropertyKeyId(from.word()?));
            Change::SetNodeProperty { node, key, value: decode_value(from)? }
        }
        12 => {
            let (relationship, key) = (RelationshipId(from.word()?), PropertyKeyId(from.word()?));
            Change::SetRelationshipProperty { relationship, key, value: decode_value(from)? }
        }
        13 => Change::AddLabel { node: NodeId(from.word()?), label: LabelId(from.short()?) },
        14 => Change::RemoveLabel { node: NodeId(from.word()?), label: LabelId(from.short()?) },
        15 => {
            let claim = ClaimId(from.word()?);
            Change::AddClaim { claim, record: Box::new(decode_claim(from)?) }
        }
        16 => Change::RetractClaim(ClaimId(from.word()?)),
        _ => return Err(damaged("a change")),
    })
}

/// Appends the definition of an index.
pub(super) fn encode_index(to: &mut Encoder, definition: &IndexDefinition) {
    to.text(&definition.name);
    match definition.target {
        IndexTarget::Node(label) => tagged(to, 0, &[label.0.into()]),
        IndexTarget::Relationship(kind) => tagged(to, 1, &[kind.0.into()]),
    }
    let (first, rest) = definition.keys.split_first().expect("an index is over a property");
    to.number(first.0.into());
    to.byte(definition.kind.code() | if rest.is_empty() { 0 } else { SEVERAL });
    if !rest.is_empty() {
        to.list(rest.iter(), |to, key| to.number(key.0.into()));
    }
    if let IndexKind::Typed(types) = definition.kind {
        to.number(types.plain.into());
        to.number(types.items.into());
        to.byte(u8::from(types.required));
    }
}

/// The bit of a kind's byte that says that more properties follow.
const SEVERAL: u8 = 0x80;

/// Reads the definition of an index.
pub(super) fn decode_index(from: &mut Decoder<'_>) -> Result<IndexDefinition, DecodeError> {
    let name = from.string()?;
    let target = match from.byte()? {
        0 => IndexTarget::Node(LabelId(from.short()?)),
        1 => IndexTarget::Relationship(RelationshipTypeId(from.short()?)),
        _ => return Err(damaged("an index")),
    };
    let mut keys = vec![PropertyKeyId(from.word()?)];
    let code = from.byte()?;
    if code & SEVERAL != 0 {
        keys.extend(from.list(|from| from.word().map(PropertyKeyId))?);
    }
    let kind = match code & !SEVERAL {
        0 => IndexKind::Range,
        1 => IndexKind::Unique,
        2 => IndexKind::Text,
        3 => IndexKind::Key,
        4 => IndexKind::Exists,
        5 => {
            IndexKind::Typed(PropertyTypes { plain: from.short()?, items: from.short()?, required: from.byte()? == 1 })
        }
        _ => return Err(damaged("an index")),
    };
    Ok(IndexDefinition { name, target, keys, kind })
}
