//! What the subjects of a file are: claims, nodes that stand for relationships, ordered lists, quantities; all others are nodes.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::RelationshipTypeId;
use crate::rdf::mapping::Mapping;
use crate::rdf::term::{Literal, Term};
use crate::rdf::vocabulary::{own, rdf};

use super::triples::Triples;

/// A relationship that a node stands for.
#[derive(Clone, Debug)]
pub(super) struct RelationshipRole {
    pub(super) kind: RelationshipTypeId,
    pub(super) start: Term,
    pub(super) end: Term,
}

/// What the subjects of a file are.
#[derive(Clone, Debug, Default)]
pub(super) struct Roles {
    /// The claims.
    pub(super) claims: BTreeSet<Term>,
    /// The relationships, by the node that stands for each.
    pub(super) relationships: BTreeMap<Term, RelationshipRole>,
    /// Lists whose order counts, by subject and predicate.
    pub(super) lists: BTreeMap<(Term, Term), Literal>,
    /// Subjects that repeat what others say.
    pub(super) repeating: BTreeSet<Term>,
}

impl Roles {
    /// Returns the roles in a file.
    pub(super) fn of(triples: &Triples, mapping: &Mapping) -> Roles {
        let mut roles = Roles::default();
        for triple in triples.iter() {
            if triple.predicate == own::QUANTITY && !matches!(triple.object, Term::Literal(_)) {
                roles.repeating.insert(triple.object.clone());
            }
        }
        for statements in triples.subjects() {
            let subject = &statements[0].subject;
            if triples.is_a(subject, own::CLAIM) {
                roles.claims.insert(subject.clone());
            } else if triples.is_a(subject, own::ORDERED_LIST) {
                roles.add_list(triples, subject);
            } else if let Some(role) = relationship_role(triples, mapping, subject) {
                roles.relationships.insert(subject.clone(), role);
            }
        }
        roles
    }

    /// Says whether a term is something else than a node.
    pub(super) fn is_taken(&self, term: &Term) -> bool {
        self.claims.contains(term) || self.relationships.contains_key(term) || self.repeating.contains(term)
    }

    fn add_list(&mut self, triples: &Triples, subject: &Term) {
        let of = triples.objects(subject, rdf::SUBJECT).next();
        let under = triples.objects(subject, rdf::PREDICATE).next();
        if let (Some(of), Some(under), Some(items)) = (of, under, triples.literal(subject, rdf::VALUE)) {
            self.lists.insert((of.clone(), under.clone()), items.clone());
            self.repeating.insert(subject.clone());
        }
    }
}

/// Returns the relationship that a subject stands for, by the predicates to its ends.
fn relationship_role(triples: &Triples, mapping: &Mapping, subject: &Term) -> Option<RelationshipRole> {
    let resource = |predicate: &str| {
        triples.objects(subject, predicate).find(|object| matches!(object, Term::Iri(_) | Term::Blank(_))).cloned()
    };
    let kind = if triples.is_a(subject, own::RELATIONSHIP) {
        let predicate = resource(rdf::PREDICATE)?;
        mapping.type_of(mapping.term(predicate.as_iri()?)?)?
    } else {
        let statements = triples.of_subject(subject).iter();
        statements
            .filter_map(|triple| mapping.type_of_start(mapping.term(&triple.predicate)?))
            .find(|kind| triples.is_a(subject, mapping.iri(mapping.relationship_type(*kind).node.class)))?
    };
    let terms = &mapping.relationship_type(kind).node;
    let (start, end) = (resource(mapping.iri(terms.from))?, resource(mapping.iri(terms.to))?);
    Some(RelationshipRole { kind, start, end })
}
