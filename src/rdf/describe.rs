//! Which triples say which facts: for any subject, all that is said of it.
//!
//! Own terms carry the facts; the terms above them repeat what they can for whoever reads only those. The order is that of the graph's names
//! and slots; no triple comes twice.

use hashbrown::HashSet;

use crate::graph::{Direction, PropertyKeyId, RelationshipTypeId, Scratch, Snapshot};
use crate::knowledge::Subject;
use crate::value::order::order;
use crate::value::{NodeId, RelationshipId, Value};

use super::code::{Code, CodeTriple};
use super::literal::literal_of;
use super::mapping::{PropertyTerms, QuantityTerms, TermId};
use super::name::IRI_PROPERTY;
use super::term::{Literal, Term};
use super::view::View;
use super::vocabulary::{other, own, rdf, rdfs};
use super::{describe_claim, describe_schema};

/// How a claim is tied to the triple that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimForm {
    /// By `rdf:reifies` and a triple term (RDF 1.2).
    Reifier,
    /// By subject, predicate and object of an `rdf:Statement` (RDF 1.1).
    Statement,
    /// Claims are left out.
    None,
}

/// What is said of one subject.
#[derive(Debug, Default)]
pub(super) struct Description {
    statements: Vec<(TermId, Code)>,
    seen: HashSet<(TermId, Code)>,
}

impl Description {
    pub(super) fn say(&mut self, predicate: TermId, object: Code) {
        if self.seen.insert((predicate, object.clone())) {
            self.statements.push((predicate, object));
        }
    }

    pub(super) fn say_literal(&mut self, predicate: TermId, literal: Literal) {
        self.say(predicate, Code::Literal(literal));
    }
}

/// Returns all that is said of a subject, as predicates and objects.
pub fn describe(view: &View, subject: &Code, form: ClaimForm) -> Vec<(TermId, Code)> {
    let mut description = Description::default();
    match subject {
        Code::Term(term) => {
            describe_schema::describe_term(view, *term, &mut description);
            if let Some(node) = view.node_of_term(*term) {
                describe_node(view, node, &mut description);
            }
        }
        Code::Node(node) => describe_node(view, *node, &mut description),
        Code::Relationship(relationship) => describe_relationship(view, *relationship, form, &mut description),
        Code::Quantity(subject, key) => describe_quantity(view, *subject, *key, &mut description),
        Code::Sequence(subject, key) => describe_sequence(view, *subject, *key, &mut description),
        Code::Claim(claim) => describe_claim::describe_claim(view, *claim, form, &mut description),
        Code::Literal(_) | Code::Triple(_) | Code::Other(_) => {}
    }
    description.statements
}

/// Returns the facts that are said of a subject: no words about the vocabulary, nor what a name alone says already, a node's own IRI as a
/// property and the class of everything.
pub(super) fn facts_of(view: &View, subject: &Code, form: ClaimForm) -> Vec<(TermId, Code)> {
    let node = match subject {
        Code::Node(node) => Some(*node),
        Code::Term(term) => view.node_of_term(*term),
        other => return describe(view, other, form),
    };
    let Some(node) = node else { return Vec::new() };
    let mut description = Description::default();
    describe_node(view, node, &mut description);
    let mapping = view.mapping();
    let resource = (mapping.known(rdf::TYPE), Code::Term(mapping.known(rdfs::RESOURCE)));
    let mut statements = description.statements;
    if view.snapshot().labels(node).is_empty() {
        statements.retain(|statement| *statement != resource);
    }
    if let Some(own) = own_iri(view, node) {
        statements.retain(|statement| *statement != own);
    }
    statements
}

/// Returns what a node of an imported file says of its own IRI.
pub(super) fn own_iri(view: &View, node: NodeId) -> Option<(TermId, Code)> {
    let snapshot = view.snapshot();
    let key = snapshot.catalogue().property_key_id(IRI_PROPERTY)?;
    let Value::String(iri) = snapshot.node_property(node, key) else { return None };
    let predicate = view.mapping().property(key).predicate;
    let is_own = matches!(view.term(&view.node_code(node)), Term::Iri(own) if own == iri);
    is_own.then(|| (predicate, Code::Literal(Literal::plain(&iri))))
}

/// Returns the words about a term of the vocabulary.
pub(super) fn words_about(view: &View, term: TermId) -> Vec<(TermId, Code)> {
    let mut description = Description::default();
    describe_schema::describe_term(view, term, &mut description);
    description.statements
}

/// Returns the subjects whose names lie below a node's: values and lists, relationships that start there, claims on all of these.
pub fn parts_of(view: &View, node: NodeId, form: ClaimForm) -> Vec<Code> {
    let mut parts = Vec::new();
    let snapshot = view.snapshot();
    add_parts(view, Subject::Node(node), form, &mut parts);
    for kind in snapshot.relationship_types_of(node, Direction::Outgoing) {
        for relationship in outgoing(snapshot, kind, node) {
            if has_node(snapshot, relationship) {
                parts.push(Code::Relationship(relationship));
            }
            add_parts(view, Subject::Relationship(relationship), form, &mut parts);
        }
    }
    parts
}

fn add_parts(view: &View, subject: Subject, form: ClaimForm, parts: &mut Vec<Code>) {
    for (key, value) in properties_of(view.snapshot(), subject) {
        let terms = view.mapping().property(key);
        if quantity_of(terms, &value).is_some() {
            parts.push(Code::Quantity(subject, key));
        }
        if has_sequence(terms, &value) {
            parts.push(Code::Sequence(subject, key));
        }
    }
    if form != ClaimForm::None {
        parts.extend(view.snapshot().claims_of(subject).into_iter().map(Code::Claim));
    }
}

/// Says whether a relationship needs a node of its own: it has properties, claims on them, or parallels.
pub fn has_node(snapshot: &Snapshot, relationship: RelationshipId) -> bool {
    let subject = Subject::Relationship(relationship);
    !snapshot.relationship_properties(relationship).is_empty()
        || is_parallel(snapshot, relationship)
        || snapshot.claims_of(subject).into_iter().any(|claim| {
            let stated = snapshot.claim_record(claim).map(|claim| &claim.stated);
            stated.is_some_and(|stated| stated.key().is_some())
        })
}

/// Says whether other relationships of its type lead where a relationship leads.
pub(super) fn is_parallel(snapshot: &Snapshot, relationship: RelationshipId) -> bool {
    let Some(record) = snapshot.relationship(relationship) else { return false };
    snapshot.relationships_between(record.kind, record.start, record.end).len() > 1
}

/// Returns the relationships of a type that start at a node.
pub fn outgoing(snapshot: &Snapshot, kind: RelationshipTypeId, node: NodeId) -> Vec<RelationshipId> {
    let (mut scratch, mut slots) = (Scratch::default(), Vec::new());
    snapshot.neighbours(kind, Direction::Outgoing, node, &mut scratch).relationships_into(&mut slots);
    slots.into_iter().map(RelationshipId).collect()
}

fn describe_node(view: &View, node: NodeId, description: &mut Description) {
    let (snapshot, mapping) = (view.snapshot(), view.mapping());
    let kind = mapping.known(rdf::TYPE);
    if snapshot.labels(node).is_empty() {
        // Else a node without properties would be written nowhere.
        description.say(kind, Code::Term(mapping.known(rdfs::RESOURCE)));
    }
    for label in snapshot.labels(node) {
        let terms = mapping.label(*label);
        description.say(kind, Code::Term(terms.class));
        terms.above.iter().for_each(|class| description.say(kind, Code::Term(*class)));
    }
    describe_properties(view, Subject::Node(node), description);
    let mut scratch = Scratch::default();
    for (kind, _) in snapshot.catalogue().relationship_types() {
        let terms = mapping.relationship_type(kind);
        for end in snapshot.neighbours(kind, Direction::Outgoing, node, &mut scratch).nodes {
            let end = view.node_code(NodeId(*end));
            terms.above.iter().for_each(|predicate| description.say(*predicate, end.clone()));
            description.say(terms.predicate, end);
        }
        if terms.inverse.is_empty() {
            continue;
        }
        for start in snapshot.neighbours(kind, Direction::Incoming, node, &mut scratch).nodes {
            let start = view.node_code(NodeId(*start));
            terms.inverse.iter().for_each(|predicate| description.say(*predicate, start.clone()));
        }
    }
}

fn describe_relationship(view: &View, relationship: RelationshipId, form: ClaimForm, description: &mut Description) {
    let (snapshot, mapping) = (view.snapshot(), view.mapping());
    let Some(record) = snapshot.relationship(relationship).filter(|_| has_node(snapshot, relationship)) else { return };
    let terms = mapping.relationship_type(record.kind);
    let (start, end) = (view.node_code(record.start), view.node_code(record.end));
    description.say(mapping.known(rdf::TYPE), Code::Term(terms.node.class));
    description.say(terms.node.from, start.clone());
    if let Some(kind) = terms.node.kind {
        description.say(kind, Code::Term(terms.predicate));
    }
    description.say(terms.node.to, end.clone());
    if form == ClaimForm::Reifier {
        let triple = CodeTriple { subject: start, predicate: terms.predicate, object: end };
        description.say(mapping.known(rdf::REIFIES), Code::Triple(triple.into()));
    }
    describe_properties(view, Subject::Relationship(relationship), description);
}

fn describe_properties(view: &View, subject: Subject, description: &mut Description) {
    for (key, value) in properties_of(view.snapshot(), subject) {
        describe_value(view, subject, key, &value, description);
    }
}

fn describe_value(view: &View, subject: Subject, key: PropertyKeyId, value: &Value, description: &mut Description) {
    let mapping = view.mapping();
    let terms = mapping.property(key);
    let quantity = quantity_of(terms, value);
    let node = Code::Quantity(subject, key);
    for literal in literals_of(terms, value) {
        for predicate in &terms.above {
            match quantity {
                Some(quantity) if quantity.is_object => description.say(*predicate, node.clone()),
                _ => description.say_literal(*predicate, literal.clone()),
            }
        }
        description.say_literal(terms.predicate, literal);
    }
    if quantity.is_some() {
        description.say(mapping.known(own::QUANTITY), node);
    }
}

/// Returns what one property of an element is said to be.
pub(super) fn describe_key(view: &View, subject: Subject, key: PropertyKeyId) -> Vec<(TermId, Code)> {
    let mut description = Description::default();
    describe_value(view, subject, key, &property_of(view.snapshot(), subject, key), &mut description);
    description.statements
}

/// Returns the nodes that stand for an element's values with their units and for the order of its lists.
pub(super) fn values_of(view: &View, subject: Subject) -> Vec<Code> {
    let mut parts = Vec::new();
    add_parts(view, subject, ClaimForm::None, &mut parts);
    parts
}

fn describe_quantity(view: &View, subject: Subject, key: PropertyKeyId, description: &mut Description) {
    let (snapshot, mapping) = (view.snapshot(), view.mapping());
    let value = property_of(snapshot, subject, key);
    let terms = mapping.property(key);
    let Some(quantity) = quantity_of(terms, &value) else { return };
    description.say(mapping.known(rdf::TYPE), Code::Term(quantity.class));
    if let Some(literal) = literal_of(&value, terms.language.as_deref()) {
        description.say_literal(mapping.known(other::VALUE), literal);
    }
    let companion = |key: Option<PropertyKeyId>| key.map_or(Value::Null, |key| property_of(snapshot, subject, key));
    let unit = match companion(quantity.unit_key) {
        Value::String(unit) => Some(unit),
        _ => quantity.unit.clone(),
    };
    if let Some(unit) = unit {
        describe_schema::describe_unit(view, &unit, description);
    }
    if let Some(literal) = literal_of(&companion(quantity.comparator_key), None) {
        description.say_literal(mapping.known(own::STATED_COMPARATOR), literal);
    }
    if let Some(literal) = literal_of(&companion(quantity.as_of_key), None) {
        description.say_literal(mapping.known(own::AS_OF), literal);
    }
}

fn describe_sequence(view: &View, subject: Subject, key: PropertyKeyId, description: &mut Description) {
    let mapping = view.mapping();
    let value = property_of(view.snapshot(), subject, key);
    let terms = mapping.property(key);
    if !has_sequence(terms, &value) {
        return;
    }
    description.say(mapping.known(rdf::TYPE), Code::Term(mapping.known(own::ORDERED_LIST)));
    description.say(mapping.known(rdf::SUBJECT), view.subject_code(subject));
    description.say(mapping.known(rdf::PREDICATE), Code::Term(terms.predicate));
    if let Some(literal) = literal_of(&value, None) {
        description.say_literal(mapping.known(rdf::VALUE), literal);
    }
}

/// Returns an element's properties, in order of name.
pub(super) fn properties_of(snapshot: &Snapshot, subject: Subject) -> Vec<(PropertyKeyId, Value)> {
    match subject {
        Subject::Node(node) => snapshot.node_properties(node),
        Subject::Relationship(relationship) => snapshot.relationship_properties(relationship),
    }
}

fn property_of(snapshot: &Snapshot, subject: Subject, key: PropertyKeyId) -> Value {
    match subject {
        Subject::Node(node) => snapshot.node_property(node, key),
        Subject::Relationship(relationship) => snapshot.relationship_property(relationship, key),
    }
}

/// Returns the literals that state a value: one of each item where the property has several values, else one.
pub(super) fn literals_of(terms: &PropertyTerms, value: &Value) -> Vec<Literal> {
    let language = terms.language.as_deref();
    match value {
        Value::List(items) if terms.many && is_plain_list(items) => {
            items.iter().filter_map(|item| literal_of(item, language)).collect()
        }
        value => literal_of(value, language).into_iter().collect(),
    }
}

/// Says whether one triple an item says what the items are, if not their order.
fn is_plain_list(items: &[Value]) -> bool {
    items.iter().all(|item| !matches!(item, Value::Null | Value::List(_)))
}

/// Says whether items are in the order and number in which they are read back.
pub fn is_settled(items: &[Value]) -> bool {
    !items.is_empty() && items.windows(2).all(|pair| order(&pair[0], &pair[1]).is_lt())
}

/// Says whether a list needs its order told.
fn has_sequence(terms: &PropertyTerms, value: &Value) -> bool {
    matches!(value, Value::List(items) if terms.many && is_plain_list(items) && !is_settled(items))
}

fn quantity_of<'a>(terms: &'a PropertyTerms, value: &Value) -> Option<&'a QuantityTerms> {
    terms.quantity.as_ref().filter(|_| !matches!(value, Value::Null | Value::List(_)))
}
