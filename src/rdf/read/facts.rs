//! Own terms as facts: nodes with labels and properties, relationships.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::graph::{LabelId, PropertyKeyId, RelationshipTypeId};
use crate::knowledge::{Subject, ValueType};
use crate::rdf::code::Code;
use crate::rdf::iri::decode;
use crate::rdf::literal::value_of;
use crate::rdf::mapping::TermId;
use crate::rdf::name::IRI_PROPERTY;
use crate::rdf::term::{Literal, Term, Triple};
use crate::rdf::vocabulary::rdfs;
use crate::value::order::order;
use crate::value::{NodeId, RelationshipId, Value, equivalent};

use super::roles::Roles;
use super::triples::Triples;
use super::{ReadError, Reader};

/// What triples of own terms say, before any of it is in the graph.
#[derive(Debug, Default)]
struct Facts<'a> {
    nodes: BTreeSet<&'a Term>,
    labels: BTreeSet<(&'a Term, LabelId)>,
    properties: BTreeMap<(&'a Term, PropertyKeyId), Vec<&'a Literal>>,
    relationships: BTreeSet<(RelationshipTypeId, &'a Term, &'a Term)>,
}

impl Reader<'_> {
    /// Reads what the own terms say.
    pub(super) fn read_facts(&mut self, triples: &Triples) -> Result<(), ReadError> {
        let mapping = self.mapping.clone();
        let roles = Roles::of(triples, &mapping);
        let mut facts = Facts::default();
        for triple in triples.iter() {
            self.note(triple, &roles, &mut facts);
        }
        for role in roles.relationships.values() {
            facts.nodes.extend([&role.start, &role.end]);
        }
        self.note_of_claims(triples, &roles, &mut facts.nodes);
        let made = self.make_nodes(&facts)?;
        self.make_relationships(&facts, &roles)?;
        let claimed = self.claimed_matters(triples, &roles);
        self.set_properties(&facts, &roles, &claimed)?;
        match &mut self.long {
            // What names a node may stand in a later part.
            Some(long) => long.made.extend(made),
            None => self.name_nodes(&made)?,
        }
        self.make_claims(triples, &roles)
    }

    /// Notes what a triple says, if it is of an own term.
    fn note<'a>(&self, triple: &'a Triple, roles: &Roles, facts: &mut Facts<'a>) {
        let subject = &triple.subject;
        if roles.claims.contains(subject) || roles.repeating.contains(subject) {
            return;
        }
        let Some(predicate) = self.mapping.term(&triple.predicate) else { return };
        let is_node = !roles.is_taken(subject);
        match &triple.object {
            Term::Literal(literal) => {
                if let Some(key) = self.mapping.property_of(predicate) {
                    if is_node {
                        facts.nodes.insert(subject);
                    }
                    facts.properties.entry((subject, key)).or_default().push(literal);
                }
            }
            Term::Iri(class) if is_node && triple.predicate == crate::rdf::TYPE => {
                if class == rdfs::RESOURCE {
                    facts.nodes.insert(subject);
                } else if let Some(label) = self.mapping.term(class).and_then(|class| self.mapping.label_of(class)) {
                    facts.nodes.insert(subject);
                    facts.labels.insert((subject, label));
                }
            }
            object @ (Term::Iri(_) | Term::Blank(_)) if is_node && !roles.is_taken(object) => {
                if let Some(kind) = self.mapping.type_of(predicate) {
                    facts.nodes.extend([subject, object]);
                    facts.relationships.insert((kind, subject, object));
                }
            }
            _ => {}
        }
    }

    /// Makes the nodes that are not there; returns those, with the terms that they were made of.
    fn make_nodes(&mut self, facts: &Facts<'_>) -> Result<Vec<(Term, NodeId)>, ReadError> {
        let mut made = Vec::new();
        for term in &facts.nodes {
            let node = match self.node(term) {
                Some(node) => node,
                None => {
                    let node = self.transaction.create_node(&[])?;
                    self.codes.insert(Term::clone(term), Code::Node(node));
                    self.report.nodes += 1;
                    made.push((Term::clone(term), node));
                    node
                }
            };
            let least = (*term, LabelId(0));
            for (_, label) in facts.labels.range(least..).take_while(|(other, _)| other == term) {
                self.transaction.add_label(node, *label)?;
            }
        }
        Ok(made)
    }

    /// Returns the node that a term of the file stands for, if it is there.
    pub(super) fn node(&self, term: &Term) -> Option<NodeId> {
        match self.code(term) {
            Code::Node(node) => Some(node),
            Code::Term(term) => self.view.node_of_term(term),
            _ => None,
        }
    }

    fn make_relationships(&mut self, facts: &Facts<'_>, roles: &Roles) -> Result<(), ReadError> {
        let mut with_nodes = BTreeSet::new();
        for (term, role) in &roles.relationships {
            let (Some(start), Some(end)) = (self.node(&role.start), self.node(&role.end)) else { continue };
            with_nodes.insert((role.kind, start, end));
            if matches!(self.code(term), Code::Relationship(_)) {
                continue;
            }
            let relationship = self.transaction.create_relationship(role.kind, start, end)?;
            self.codes.insert(term.clone(), Code::Relationship(relationship));
            self.report.relationships += 1;
        }
        for (kind, start, end) in &facts.relationships {
            let (Some(start), Some(end)) = (self.node(start), self.node(end)) else { continue };
            if with_nodes.contains(&(*kind, start, end)) || self.transaction.view().has_edge(*kind, start, end) {
                continue;
            }
            self.transaction.create_relationship(*kind, start, end)?;
            self.report.relationships += 1;
        }
        Ok(())
    }

    fn set_properties(
        &mut self,
        facts: &Facts<'_>,
        roles: &Roles,
        claimed: &BTreeSet<(Term, TermId)>,
    ) -> Result<(), ReadError> {
        for ((subject, key), literals) in &facts.properties {
            let predicate = self.mapping.property(*key).predicate;
            if claimed.contains(&(Term::clone(subject), predicate)) {
                continue;
            }
            let mut value = self.value(*key, literals);
            let list = (Term::clone(subject), Term::Iri(self.mapping.iri(predicate).clone()));
            if let Some(items) = roles.lists.get(&list) {
                value = value_of(items, ValueType::Any, None);
            }
            let value = self.with_earlier_parts(subject, *key, value, literals.len());
            self.set_property(subject, *key, value)?;
        }
        // A list of nothing has no triple but its own.
        for ((subject, predicate), items) in &roles.lists {
            let term = predicate.as_iri().and_then(|iri| self.mapping.term(iri));
            let Some(key) = term.and_then(|term| self.mapping.property_of(term)) else { continue };
            if !facts.properties.contains_key(&(subject, key)) {
                self.set_property(subject, key, value_of(items, ValueType::Any, None))?;
            }
        }
        Ok(())
    }

    fn set_property(&mut self, subject: &Term, key: PropertyKeyId, value: Value) -> Result<(), ReadError> {
        match self.subject(subject) {
            Some(Subject::Node(node)) => self.transaction.set_node_property(node, key, value)?,
            Some(Subject::Relationship(relationship)) => {
                self.transaction.set_relationship_property(relationship, key, value)?;
            }
            None => {}
        }
        Ok(())
    }

    /// Returns the element that a term of the file stands for.
    pub(super) fn subject(&self, term: &Term) -> Option<Subject> {
        match self.code(term) {
            Code::Relationship(relationship) => Some(Subject::Relationship(relationship)),
            _ => self.node(term).map(Subject::Node),
        }
    }

    /// Returns the value that literals under one predicate are: a list where there are several, or may be.
    pub(super) fn value(&self, key: PropertyKeyId, literals: &[&Literal]) -> Value {
        let name = self.transaction.view().catalogue().property_key_name(key);
        let declared = self.mapping.schema().properties.get(name.as_str()).map_or(ValueType::Any, |own| own.value);
        let terms = self.mapping.property(key);
        let language = terms.language.as_deref();
        let mut values: Vec<Value> = literals.iter().map(|literal| value_of(literal, declared, language)).collect();
        match values.as_slice() {
            [only] if !terms.many || matches!(only, Value::List(_)) => only.clone(),
            _ => {
                values.sort_by(order);
                values.dedup_by(|lhs, rhs| equivalent(lhs, rhs));
                Value::list(values)
            }
        }
    }

    /// Gives new nodes the key or the IRI that their term has, where no property has said it.
    pub(super) fn name_nodes(&mut self, made: &[(Term, NodeId)]) -> Result<(), ReadError> {
        let schema = self.transaction.view().catalogue().schema().clone();
        let base = self.mapping.base().clone();
        for (term, node) in made {
            let Term::Iri(iri) = term else { continue };
            let view = self.transaction.view();
            let keys = schema.labels.values().filter_map(|label| label.key.as_deref());
            let mut keys = keys.chain([schema.graph.key.as_str(), IRI_PROPERTY]).filter(|key| !key.is_empty());
            let is_set = |key: &str| {
                let key = view.catalogue().property_key_id(key);
                key.is_some_and(|key| !view.node_property(*node, key).is_null())
            };
            if keys.any(is_set) {
                continue;
            }
            let below = iri.strip_prefix(base.as_str()).filter(|path| !path.is_empty() && !path.contains(['?', '#']));
            let (key, value) = match below.and_then(decode) {
                Some(id) if !schema.graph.key.is_empty() => (schema.graph.key.as_str(), SmolStr::new(id)),
                _ => (IRI_PROPERTY, iri.clone()),
            };
            let key = self.transaction.property_key(key)?;
            self.transaction.set_node_property(*node, key, Value::String(value))?;
        }
        Ok(())
    }

    /// Returns the one relationship of a type between two nodes.
    pub(super) fn relationship_between(
        &self,
        kind: RelationshipTypeId,
        start: NodeId,
        end: NodeId,
    ) -> Option<RelationshipId> {
        self.transaction.view().relationships_between(kind, start, end).first().copied()
    }
}
