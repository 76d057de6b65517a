//! Where to look for the subjects of a predicate: along relationships, in indexes, among claims, else over all elements.
//!
//! Each list names every subject that may do, and none twice; whether it does is asked afterwards.

use hashbrown::HashSet;

use crate::graph::{Direction, PropertyKeyId, RelationshipTypeId, Scratch, Snapshot};
use crate::knowledge::{ClaimId, Subject, ValueType};
use crate::value::{NodeId, RelationshipId, Value};

use super::code::{Code, CodeTriple};
use super::describe::{has_node, outgoing, values_of};
use super::literal::value_of;
use super::term::Literal;
use super::uses::{ClassUse, PredicateUse, Uses};
use super::view::View;

/// A sequence of subjects, made as it is asked for.
type Codes = Box<dyn Iterator<Item = Code>>;

/// Lists subjects.
pub(super) struct Candidates<'a> {
    view: &'a View,
    uses: &'a Uses,
}

impl<'a> Candidates<'a> {
    /// Returns the lists of a graph.
    pub(super) fn new(view: &'a View, uses: &'a Uses) -> Candidates<'a> {
        Candidates { view, uses }
    }

    /// Returns the subjects, terms of the vocabulary aside, of which a predicate may say something, with the object if one is given.
    pub(super) fn of(&self, predicate: &PredicateUse, object: Option<&Code>) -> Codes {
        let nodes = self.nodes_with(predicate, object);
        let relationships = self.relationships_with(predicate, object);
        Box::new(
            nodes
                .chain(relationships)
                .chain(self.parts_with(predicate, object))
                .chain(self.claims_with(predicate, object).into_iter().map(Code::Claim)),
        )
    }

    /// Returns all nodes.
    pub(super) fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        let snapshot = self.view.snapshot().clone();
        (0..snapshot.chunk_count()).flat_map(move |chunk| {
            let mut slots = Vec::new();
            snapshot.scan_chunk(chunk, None, &mut slots);
            slots.into_iter().map(NodeId)
        })
    }

    fn relationships(&self, kinds: Vec<RelationshipTypeId>) -> impl Iterator<Item = RelationshipId> + use<> {
        let snapshot = self.view.snapshot().clone();
        kinds.into_iter().flat_map(move |kind| {
            let mut slots = Vec::new();
            (0..snapshot.relationship_chunk_count())
                .for_each(|chunk| snapshot.scan_relationships(Some(kind), chunk, &mut slots));
            slots.into_iter().map(RelationshipId)
        })
    }

    fn all_kinds(&self) -> Vec<RelationshipTypeId> {
        self.view.snapshot().catalogue().relationship_types().map(|(kind, _)| kind).collect()
    }

    fn as_subjects(&self, nodes: impl Iterator<Item = NodeId> + 'static) -> Codes {
        let view = self.view.clone();
        Box::new(nodes.map(move |node| view.node_code(node)))
    }

    /// Returns the node that a code stands for, be it a term too.
    fn node_of(&self, code: &Code) -> Option<NodeId> {
        match code {
            Code::Node(node) => Some(*node),
            Code::Term(term) => self.view.node_of_term(*term),
            _ => None,
        }
    }

    fn nodes_with(&self, predicate: &PredicateUse, object: Option<&Code>) -> Codes {
        let has_relationships = !predicate.forward.is_empty() || !predicate.inverse.is_empty();
        let Some(object) = object else {
            let has_any = has_relationships || !predicate.keys.is_empty() || predicate.quantities || predicate.is_type;
            return if has_any { self.as_subjects(self.nodes()) } else { none() };
        };
        if predicate.is_type {
            return self.nodes_of_class(object);
        }
        let mut found: HashSet<NodeId> = HashSet::new();
        if let Some(node) = self.node_of(object) {
            let mut scratch = Scratch::default();
            let ways = [(&predicate.forward, Direction::Incoming), (&predicate.inverse, Direction::Outgoing)];
            for (kinds, direction) in ways {
                for kind in kinds {
                    let others = self.view.snapshot().neighbours(*kind, direction, node, &mut scratch);
                    found.extend(others.nodes.iter().map(|other| NodeId(*other)));
                }
            }
        }
        if let Code::Quantity(Subject::Node(node), _) = object {
            found.insert(*node);
        }
        if let Code::Literal(literal) = object
            && !predicate.keys.is_empty()
        {
            match self.nodes_by_index(&predicate.keys, literal) {
                Some(nodes) => found.extend(nodes),
                None => return self.as_subjects(self.nodes()),
            }
        }
        let mut found: Vec<NodeId> = found.into_iter().collect();
        found.sort_unstable();
        self.as_subjects(found.into_iter())
    }

    fn nodes_of_class(&self, class: &Code) -> Codes {
        let Some(uses) = self.class_use(class) else { return none() };
        if uses.labels.is_empty() && !uses.of_unlabelled {
            return none();
        }
        let (snapshot, uses) = (self.view.snapshot().clone(), uses.clone());
        let of_class = move |node: &NodeId| {
            let labels = snapshot.labels(*node);
            labels.is_empty() && uses.of_unlabelled || labels.iter().any(|label| uses.labels.contains(label))
        };
        self.as_subjects(self.nodes().filter(of_class))
    }

    fn class_use(&self, class: &Code) -> Option<&'a ClassUse> {
        match class {
            Code::Term(term) => self.uses.class(*term),
            _ => None,
        }
    }

    /// Returns the nodes that have a literal as one of these properties, if indexes cover every label set that has nodes.
    fn nodes_by_index(&self, keys: &[PropertyKeyId], literal: &Literal) -> Option<Vec<NodeId>> {
        let (snapshot, mapping) = (self.view.snapshot(), self.view.mapping());
        let mut found = Vec::new();
        for key in keys {
            let terms = mapping.property(*key);
            if terms.many {
                return None;
            }
            let indexed: Vec<_> = snapshot
                .catalogue()
                .labels()
                .map(|(label, _)| label)
                .filter(|label| snapshot.has_index(*label, *key))
                .collect();
            let is_covered = |chunk| match snapshot.chunk_label_set(chunk) {
                Some(set) => snapshot.label_set(set).iter().any(|label| indexed.contains(label)),
                None => false,
            };
            if indexed.is_empty() || !(0..snapshot.chunk_count()).all(is_covered) {
                return None;
            }
            let value = value_of(literal, ValueType::Any, terms.language.as_deref());
            for label in indexed {
                found.extend(snapshot.index_seek(label, *key, &value).into_iter().map(NodeId));
            }
        }
        Some(found)
    }

    fn relationships_with(&self, predicate: &PredicateUse, object: Option<&Code>) -> Codes {
        let snapshot = self.view.snapshot();
        let kinds: Vec<RelationshipTypeId> = match object {
            Some(class) if predicate.is_type => self.class_use(class).map_or_else(Vec::new, |uses| uses.kinds.clone()),
            _ if predicate.is_type || predicate.kinds || predicate.is_reifies => self.all_kinds(),
            _ if !predicate.keys.is_empty() || predicate.quantities => self.all_kinds(),
            _ => predicate.starts.iter().chain(&predicate.ends).copied().collect::<HashSet<_>>().into_iter().collect(),
        };
        if kinds.is_empty() {
            return none();
        }
        let is_by_ends = predicate.keys.is_empty() && !predicate.is_type && !predicate.kinds && !predicate.quantities;
        let found: Vec<RelationshipId> = match object {
            Some(Code::Triple(triple)) if predicate.is_reifies => self.relationships_of_triple(triple),
            Some(Code::Quantity(Subject::Relationship(relationship), _)) => vec![*relationship],
            Some(object) if is_by_ends && !predicate.is_reifies => {
                let Some(node) = self.node_of(object) else { return none() };
                self.relationships_by_end(predicate, node)
            }
            _ => {
                let mut kinds = kinds;
                kinds.sort_unstable();
                let (snapshot, all) = (snapshot.clone(), self.relationships(kinds));
                let keys = predicate.keys.clone();
                let has_key = {
                    let (snapshot, is_by_key) = (snapshot.clone(), !keys.is_empty() && predicate.is_only_keys());
                    move |found: &RelationshipId| {
                        let is_null =
                            |key: &PropertyKeyId| matches!(snapshot.relationship_property(*found, *key), Value::Null);
                        !is_by_key || !keys.iter().all(is_null)
                    }
                };
                let subjects = all.filter(has_key).filter(move |found| has_node(&snapshot, *found));
                return Box::new(subjects.map(Code::Relationship));
            }
        };
        let with_node: Vec<Code> =
            found.into_iter().filter(|found| has_node(snapshot, *found)).map(Code::Relationship).collect();
        Box::new(with_node.into_iter())
    }

    fn relationships_by_end(&self, predicate: &PredicateUse, node: NodeId) -> Vec<RelationshipId> {
        let snapshot = self.view.snapshot();
        let starting = predicate.starts.iter().flat_map(|kind| outgoing(snapshot, *kind, node));
        let mut found: Vec<RelationshipId> = starting.collect();
        let (mut scratch, mut slots) = (Scratch::default(), Vec::new());
        for kind in &predicate.ends {
            snapshot.neighbours(*kind, Direction::Incoming, node, &mut scratch).relationships_into(&mut slots);
        }
        found.extend(slots.into_iter().map(RelationshipId));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Returns the relationships that a triple states.
    fn relationships_of_triple(&self, triple: &CodeTriple) -> Vec<RelationshipId> {
        let ends = (self.node_of(&triple.subject), self.node_of(&triple.object));
        match (self.view.mapping().type_of(triple.predicate), ends) {
            (Some(kind), (Some(start), Some(end))) => self.view.snapshot().relationships_between(kind, start, end),
            _ => Vec::new(),
        }
    }

    fn parts_with(&self, predicate: &PredicateUse, object: Option<&Code>) -> Codes {
        let class = object.filter(|_| predicate.is_type);
        let is_possible = class.is_none_or(|class| self.class_use(class).is_some_and(|uses| uses.of_parts));
        let mapping = self.view.mapping();
        let has_parts = |(key, _)| {
            let terms = mapping.property(key);
            terms.many || terms.quantity.is_some()
        };
        if !predicate.on_parts || !is_possible || !self.view.snapshot().catalogue().property_keys().any(has_parts) {
            return none();
        }
        let nodes = self.nodes().map(Subject::Node);
        let relationships = self.relationships(self.all_kinds()).map(Subject::Relationship);
        let view = self.view.clone();
        Box::new(nodes.chain(relationships).flat_map(move |subject| values_of(&view, subject)))
    }

    fn claims_with(&self, predicate: &PredicateUse, object: Option<&Code>) -> Vec<ClaimId> {
        let class = object.filter(|_| predicate.is_type);
        let is_possible = class.is_none_or(|class| self.class_use(class).is_some_and(|uses| uses.of_claims));
        if !predicate.on_claims || !is_possible {
            return Vec::new();
        }
        let snapshot = self.view.snapshot();
        match object {
            Some(Code::Triple(triple)) if predicate.is_reifies => self.claims_on_triple(triple),
            _ => all_claims(snapshot),
        }
    }

    /// Returns the claims that may be about a triple: those on its subject, and on the relationships between its ends.
    fn claims_on_triple(&self, triple: &CodeTriple) -> Vec<ClaimId> {
        let snapshot = self.view.snapshot();
        let mut claims = match &triple.subject {
            Code::Relationship(relationship) => snapshot.claims_of(Subject::Relationship(*relationship)),
            subject => self.node_of(subject).map_or_else(Vec::new, |node| snapshot.claims_of(Subject::Node(node))),
        };
        for relationship in self.relationships_of_triple(triple) {
            claims.extend(snapshot.claims_of(Subject::Relationship(relationship)));
        }
        claims
    }
}

impl PredicateUse {
    /// Says whether the predicate states properties and nothing else of a relationship.
    fn is_only_keys(&self) -> bool {
        let has_ends = !self.starts.is_empty() || !self.ends.is_empty();
        !(has_ends || self.kinds || self.quantities || self.is_type || self.is_reifies)
    }
}

fn all_claims(snapshot: &Snapshot) -> Vec<ClaimId> {
    snapshot.claiming_sources().into_iter().flat_map(|source| snapshot.claims_by_source(source)).collect()
}

fn none() -> Codes {
    Box::new(std::iter::empty())
}
