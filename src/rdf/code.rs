//! Codes: a term of the graph as the ids that it is made of, and the text that only it has.
//!
//! Every RDF term has exactly one code, so that codes can be joined where terms would be.

use std::sync::Arc;

use crate::graph::PropertyKeyId;
use crate::knowledge::{ClaimId, Subject};
use crate::value::{NodeId, RelationshipId};

use super::mapping::TermId;
use super::term::{Literal, Term};

/// An RDF term, by what it stands for in the graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A term of the vocabulary.
    Term(TermId),
    /// A node.
    Node(NodeId),
    /// The node that stands for a relationship with properties.
    Relationship(RelationshipId),
    /// A claim.
    Claim(ClaimId),
    /// The node that holds a value with its unit.
    Quantity(Subject, PropertyKeyId),
    /// The node that keeps the order of a list.
    Sequence(Subject, PropertyKeyId),
    /// A literal.
    Literal(Literal),
    /// A triple as a term.
    Triple(Arc<CodeTriple>),
    /// A term that is nowhere in the graph.
    Other(Arc<Term>),
}

/// A triple of codes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CodeTriple {
    /// What is spoken of.
    pub subject: Code,
    /// The predicate.
    pub predicate: TermId,
    /// What is said of it.
    pub object: Code,
}

impl Code {
    /// Returns the code of the element that a claim or a property is of.
    pub fn of(subject: Subject) -> Code {
        match subject {
            Subject::Node(node) => Code::Node(node),
            Subject::Relationship(relationship) => Code::Relationship(relationship),
        }
    }
}
