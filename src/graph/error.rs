//! What a write to the graph can be refused for.

use std::sync::Arc;

use smol_str::SmolStr;
use thiserror::Error;

use crate::storage::StorageError;
use crate::value::{Kind, NodeId, RelationshipId, Value};

/// Why a write was refused.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum GraphError {
    /// A value of this kind cannot be kept in a property.
    #[error("a property cannot hold a value of kind {kind}")]
    Unstorable {
        /// The kind refused: that of the value, or of an item of the list.
        kind: Kind,
    },
    /// Lists within lists deeper than a property can hold.
    #[error("a property cannot hold lists nested deeper than {} levels", crate::value::limit::NESTING)]
    TooDeep,
    /// The node is not in the graph.
    #[error("node {} is not in the graph", .0.0)]
    NoSuchNode(NodeId),
    /// The node was deleted by this transaction.
    #[error("node {} has been deleted in this transaction", .0.0)]
    DeletedNode(NodeId),
    /// The relationship is not in the graph.
    #[error("relationship {} is not in the graph", .0.0)]
    NoSuchRelationship(RelationshipId),
    /// The relationship was deleted by this transaction.
    #[error("relationship {} has been deleted in this transaction", .0.0)]
    DeletedRelationship(RelationshipId),
    /// There are as many nodes as 32 bits can number.
    #[error("the graph is full: it cannot number another node")]
    TooManyNodes,
    /// There are as many relationships as 32 bits can number.
    #[error("the graph is full: it cannot number another relationship")]
    TooManyRelationships,
    /// There are as many names of one sort as can be numbered.
    #[error("the graph is full: it cannot number another {sort}, so `{name}` is refused")]
    TooManyNames {
        /// `label`, `relationship type` or `property key`.
        sort: &'static str,
        /// The name refused.
        name: SmolStr,
    },
    /// Two elements would have one value where a constraint wants each to have its own.
    #[error("`{constraint}` wants every `{name}` to have its own `{property}`, and {value} is there twice")]
    NotUnique {
        /// The constraint's name.
        constraint: SmolStr,
        /// The label or relationship type.
        name: SmolStr,
        /// The property key.
        property: SmolStr,
        /// The value that is there twice.
        value: Value,
        /// The elements' slots, ascending.
        slots: Vec<u32>,
    },
    /// An element lacks a property that a constraint wants it to have.
    #[error("`{constraint}` wants every `{name}` to have `{property}`, and {element} has none")]
    Missing {
        /// The constraint's name.
        constraint: SmolStr,
        /// The label or relationship type.
        name: SmolStr,
        /// The property key.
        property: SmolStr,
        /// The element, in the words of the language.
        element: String,
    },
    /// A property is not of the type that a constraint wants.
    #[error("`{constraint}` wants `{property}` of every `{name}` to be {types}, and {element} has {value}")]
    WrongType {
        /// The constraint's name.
        constraint: SmolStr,
        /// The label or relationship type.
        name: SmolStr,
        /// The property key.
        property: SmolStr,
        /// The types that are allowed.
        types: String,
        /// The element, in the words of the language.
        element: String,
        /// The value that it has, in the words of the language.
        value: String,
    },
    /// The graph is closed, and an element is not as its schema says.
    #[error("the graph is closed and {problem}: {element}")]
    NotInSchema {
        /// What the schema does not know.
        problem: String,
        /// The element, in the words of the language.
        element: String,
        /// What to try.
        hint: Option<String>,
    },
    /// An index or constraint of this name is there already.
    #[error("an index or constraint named `{0}` is there already")]
    IndexExists(SmolStr),
    /// An index or constraint over this label and property is there already.
    #[error("`{existing}` is there already for this label or type and property")]
    SameIndexExists {
        /// The name of the one that is there.
        existing: SmolStr,
    },
    /// No index or constraint has this name.
    #[error("no index or constraint is named `{0}`")]
    NoSuchIndex(SmolStr),
    /// A graph type of this name is there already.
    #[error("a graph type named `{0}` is there already")]
    GraphTypeExists(SmolStr),
    /// No graph type has this name.
    #[error("no graph type is named `{0}`")]
    NoSuchGraphType(SmolStr),
    /// The property's value follows from claims and cannot be set beside them.
    #[error("`{property}` follows from claims here and cannot be set directly")]
    Claimed {
        /// The property key.
        property: SmolStr,
    },
    /// Claims state the label, and it cannot be taken away beside them.
    #[error("claims state the label `{label}` here, which cannot be taken away directly")]
    ClaimedLabel {
        /// The label.
        label: SmolStr,
    },
    /// The property names an element that claims are on.
    #[error("`{property}` names what claims are on here and cannot change")]
    ClaimedName {
        /// The property key.
        property: SmolStr,
    },
    /// The graph demands that a write names its source.
    #[error("this graph demands a source for what is written")]
    SourceRequired,
    /// No claim has this id.
    #[error("claim {0} is not in the graph")]
    NoSuchClaim(u32),
    /// A part of the database file could not be read.
    #[error(transparent)]
    Unreadable(Arc<StorageError>),
    /// Columns given to the loader differ in length.
    #[error("a column has {given} values where {wanted} are wanted")]
    UnevenColumns {
        /// The column's length.
        given: usize,
        /// The length of the others.
        wanted: usize,
    },
}
