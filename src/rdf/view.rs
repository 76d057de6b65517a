//! A snapshot seen as RDF: codes to terms and terms to codes.
//!
//! Parts of a node are named below its IRI, in the fragment:
//!
//! | part | fragment |
//! | --- | --- |
//! | a relationship that starts there | type, `/`, the end's path below the base; `;2` for the second of several |
//! | a value with its unit | property, `=value` |
//! | the order of a list | property, `=list` |
//! | a claim | `claim=`, and a hash of all that it says |
//!
//! The same parts of a relationship follow its name after a semicolon.

use std::sync::Arc;

use hashbrown::HashMap;
use smol_str::{SmolStr, format_smolstr};

use crate::graph::{Direction, PropertyKeyId, Scratch, Snapshot};
use crate::knowledge::Subject;
use crate::value::{NodeId, RelationshipId};

use super::claim_name;
use super::code::{Code, CodeTriple};
use super::iri::{decode, encode};
use super::mapping::{Mapping, TermId};
use super::name::{NodeNames, below};
use super::term::{Term, Triple};

/// A snapshot seen as RDF. A clone shares everything.
#[derive(Clone, Debug)]
pub struct View {
    snapshot: Snapshot,
    mapping: Arc<Mapping>,
    names: Arc<NodeNames>,
    /// Nodes that are terms of the vocabulary too.
    vocabulary: Arc<HashMap<NodeId, TermId>>,
}

impl View {
    /// Returns a snapshot seen through a mapping of its own catalogue.
    pub fn new(snapshot: Snapshot, mapping: Arc<Mapping>) -> View {
        let names = Arc::new(NodeNames::of(&snapshot, &mapping));
        let vocabulary = mapping.terms().filter_map(|term| Some((names.node(mapping.iri(term))?, term))).collect();
        View { snapshot, mapping, names, vocabulary: Arc::new(vocabulary) }
    }

    /// Returns the snapshot.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Returns the mapping.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Returns the term that a code stands for.
    pub fn term(&self, code: &Code) -> Term {
        match code {
            Code::Term(term) => Term::Iri(self.mapping.iri(*term).clone()),
            Code::Node(node) => self.node_name(*node),
            Code::Relationship(relationship) => self.relationship_name(*relationship),
            Code::Claim(claim) => Term::Iri(claim_name::iri(self, *claim)),
            Code::Quantity(subject, key) => self.part_name(*subject, *key, "value"),
            Code::Sequence(subject, key) => self.part_name(*subject, *key, "list"),
            Code::Literal(literal) => Term::Literal(literal.clone()),
            Code::Triple(triple) => Term::Triple(Box::new(self.triple(triple))),
            Code::Other(term) => Term::clone(term),
        }
    }

    /// Returns the triple that codes stand for.
    pub fn triple(&self, triple: &CodeTriple) -> Triple {
        Triple {
            subject: self.term(&triple.subject),
            predicate: self.mapping.iri(triple.predicate).clone(),
            object: self.term(&triple.object),
        }
    }

    /// Returns the code of an element.
    pub fn subject_code(&self, subject: Subject) -> Code {
        match subject {
            Subject::Node(node) => self.node_code(node),
            Subject::Relationship(relationship) => Code::Relationship(relationship),
        }
    }

    fn node_name(&self, node: NodeId) -> Term {
        match self.names.iri(&self.snapshot, node) {
            Some(iri) => Term::Iri(iri),
            None => Term::Blank(format_smolstr!("n{}", node.0)),
        }
    }

    fn relationship_name(&self, relationship: RelationshipId) -> Term {
        let nameless = || Term::Blank(format_smolstr!("r{}", relationship.0));
        let Some(record) = self.snapshot.relationship(relationship) else { return nameless() };
        let (start, end) = (self.node_name(record.start), self.node_name(record.end));
        let (Term::Iri(start), Term::Iri(end)) = (start, end) else { return nameless() };
        let kind = encode(self.snapshot.catalogue().relationship_type_name(record.kind));
        let number = match claim_name::number_among_parallel(self, relationship) {
            1 => String::new(),
            number => format!(";{number}"),
        };
        Term::Iri(below(&start, &format!("{kind}/{}{number}", self.names.short(&end))))
    }

    fn part_name(&self, subject: Subject, key: PropertyKeyId, part: &str) -> Term {
        match self.term(&Code::of(subject)) {
            Term::Iri(iri) => {
                let property = encode(self.snapshot.catalogue().property_key_name(key));
                Term::Iri(below(&iri, &format!("{property}={part}")))
            }
            Term::Blank(label) => Term::Blank(format_smolstr!("{label}{}{}", &part[..1], key.0)),
            other => other,
        }
    }

    /// Returns the one code of a term.
    pub fn code(&self, term: Term) -> Code {
        match term {
            Term::Literal(literal) => Code::Literal(literal),
            Term::Iri(iri) => match self.mapping.term(&iri) {
                Some(term) => Code::Term(term),
                None => self.named(&iri).unwrap_or_else(|| Code::Other(Arc::new(Term::Iri(iri)))),
            },
            Term::Blank(label) => match self.nameless(&label) {
                Some(code) => code,
                None => Code::Other(Arc::new(Term::Blank(label))),
            },
            Term::Triple(triple) => match self.mapping.term(&triple.predicate) {
                Some(predicate) => {
                    let Triple { subject, object, .. } = *triple;
                    let (subject, object) = (self.code(subject), self.code(object));
                    Code::Triple(Arc::new(CodeTriple { subject, predicate, object }))
                }
                None => Code::Other(Arc::new(Term::Triple(triple))),
            },
        }
    }

    /// Returns the code of a node: a node that is a term of the vocabulary is that term.
    pub fn node_code(&self, node: NodeId) -> Code {
        self.vocabulary.get(&node).map_or(Code::Node(node), |term| Code::Term(*term))
    }

    /// Returns the node that a term of the vocabulary names, if there is one.
    pub fn node_of_term(&self, term: TermId) -> Option<NodeId> {
        self.names.node(self.mapping.iri(term))
    }

    fn named(&self, iri: &str) -> Option<Code> {
        if let Some(node) = self.names.node(iri) {
            return Some(Code::Node(node));
        }
        let joints = iri.match_indices(['#', ';']).map(|(place, _)| place);
        joints
            .filter_map(|place| Some((self.names.node(&iri[..place])?, &iri[place + 1..])))
            .find_map(|(node, part)| {
                let found = self.part(Subject::Node(node), part, iri).or_else(|| self.relationship(node, part, iri));
                found.filter(|code| matches!(self.term(code), Term::Iri(own) if own == iri))
            })
            .or_else(|| claim_name::find_nameless(self, iri).map(Code::Claim))
    }

    /// Returns what a name says of an element: a claim, a value or a list.
    fn part(&self, subject: Subject, part: &str, iri: &str) -> Option<Code> {
        let (name, what) = part.split_once('=')?;
        if name == "claim" {
            return claim_name::find(self, subject, iri).map(Code::Claim);
        }
        let key = self.snapshot.catalogue().property_key_id(&decode(name)?)?;
        match what {
            "value" => Some(Code::Quantity(subject, key)),
            "list" => Some(Code::Sequence(subject, key)),
            _ => None,
        }
    }

    fn relationship(&self, start: NodeId, part: &str, iri: &str) -> Option<Code> {
        let (kind, end) = part.split_once('/')?;
        let kind = self.snapshot.catalogue().relationship_type_id(&decode(kind)?)?;
        let mut scratch = Scratch::default();
        let mut slots = Vec::new();
        let neighbours = self.snapshot.neighbours(kind, Direction::Outgoing, start, &mut scratch);
        neighbours.relationships_into(&mut slots);
        slots.into_iter().map(RelationshipId).find_map(|relationship| {
            let Term::Iri(name) = self.relationship_name(relationship) else { return None };
            if name == iri {
                return Some(Code::Relationship(relationship));
            }
            let part = iri.strip_prefix(name.as_str())?.strip_prefix(';').filter(|_| !end.is_empty())?;
            self.part(Subject::Relationship(relationship), part, iri)
        })
    }

    /// Returns the code of one of our own blank nodes.
    fn nameless(&self, label: &SmolStr) -> Option<Code> {
        let (sort, rest) = label.split_at_checked(1)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (slot, part) = rest.split_at_checked(digits)?;
        let slot = slot.parse().ok()?;
        let subject = match sort {
            "n" if self.snapshot.node_exists(NodeId(slot)) => Subject::Node(NodeId(slot)),
            "r" if self.snapshot.relationship_exists(RelationshipId(slot)) => {
                Subject::Relationship(RelationshipId(slot))
            }
            _ => return None,
        };
        let key = |text: &str| text.parse().ok().map(PropertyKeyId);
        let code = match part.split_at_checked(1) {
            None => Code::of(subject),
            Some(("v", text)) => Code::Quantity(subject, key(text)?),
            Some(("l", text)) => Code::Sequence(subject, key(text)?),
            Some(_) => return None,
        };
        (self.term(&code) == Term::Blank(label.clone())).then_some(code)
    }
}
