//! Named graphs as claims: what a graph says is claimed by the source that has its name; what the default graph alone says goes on to hold.

use std::collections::BTreeSet;

use crate::graph::PropertyKeyId;
use crate::knowledge::{Claim, ClaimDetails, Rank, Statement, Subject};
use crate::rdf::code::Code;
use crate::rdf::term::{Term, Triple};
use crate::rdf::vocabulary::{DEFAULT_GRAPH, rdf};
use crate::value::{Value, equivalent};

use super::foreign::Use;
use super::triples::Triples;
use super::{ReadError, Reader};

/// A value that no source has stated.
struct Unsourced {
    subject: Subject,
    key: PropertyKeyId,
    value: Value,
}

impl Reader<'_> {
    /// Reads named graphs: what a graph says becomes claims of the source that has its name, unless those are there.
    pub(super) fn read_graphs(&mut self, graphs: Vec<(Term, Triple)>) -> Result<(), ReadError> {
        let mut rest: Vec<(Term, Triple)> = Vec::new();
        for (graph, triple) in graphs {
            if !self.is_claimed(&graph, &triple) {
                rest.push((graph, triple));
            }
        }
        if rest.is_empty() {
            return Ok(());
        }
        // What the graphs say is read as facts first; then each fact is claimed.
        let facts = Triples::of(rest.iter().map(|(_, triple)| triple.clone()).collect());
        let unsourced = self.unsourced_values(&facts);
        self.read_facts(&facts)?;
        let rest_of_facts = self.not_repeated(facts);
        self.read_foreign(rest_of_facts)?;
        for (graph, triple) in rest {
            let source = self.source_of(&graph)?;
            match self.fact_of(&self.translated(&triple)) {
                Some((subject, statement)) => self.claim_in_graph(source, subject, statement)?,
                None => self.leave(&triple, "no fact of the graph that a source could state"),
            }
        }
        self.keep_unsourced(unsourced)
    }

    /// Returns the values that no source has stated so far of the properties that triples speak of.
    fn unsourced_values(&self, facts: &Triples) -> Vec<Unsourced> {
        let view = self.transaction.view();
        let mut matters = BTreeSet::new();
        for triple in facts.iter().filter(|triple| matches!(triple.object, Term::Literal(_))) {
            let key = self.own_term(Use::Property, &triple.predicate).and_then(|own| self.mapping.term(&own));
            let key = key.and_then(|term| self.mapping.property_of(term));
            if let (Some(subject), Some(key)) = (self.subject(&triple.subject), key) {
                matters.insert((subject, key));
            }
        }
        let unsourced = matters.into_iter().filter(|(subject, key)| view.claims_on(*subject, Some(*key)).is_empty());
        let valued = unsourced.map(|(subject, key)| Unsourced { subject, key, value: self.value_now(subject, key) });
        valued.filter(|unsourced| !unsourced.value.is_null()).collect()
    }

    fn value_now(&self, subject: Subject, key: PropertyKeyId) -> Value {
        match subject {
            Subject::Node(node) => self.transaction.view().node_property(node, key),
            Subject::Relationship(relationship) => self.transaction.view().relationship_property(relationship, key),
        }
    }

    /// Claims add up to the value of a property: one that no source stated goes on to hold as a claim of its own, above the others.
    fn keep_unsourced(&mut self, unsourced: Vec<Unsourced>) -> Result<(), ReadError> {
        for Unsourced { subject, key, value } in unsourced {
            if holds(&self.value_now(subject, key), &value) {
                continue;
            }
            let key = self.transaction.view().catalogue().property_key_name(key).clone();
            let source = self.source_of(&Term::Iri(DEFAULT_GRAPH.into()))?;
            let details = ClaimDetails { rank: Rank::Preferred, ..ClaimDetails::default() };
            let statement = Statement::Property { key, value };
            self.transaction.add_claim(Claim { details, ..Claim::new(subject, statement, source) })?;
            self.report.claims += 1;
        }
        Ok(())
    }

    /// Returns the node of the source that a graph is named after.
    fn source_of(&mut self, graph: &Term) -> Result<crate::value::NodeId, ReadError> {
        if let Some(node) = self.node(graph) {
            return Ok(node);
        }
        let declared = self.mapping.schema().source.as_ref().map(|source| source.label.clone());
        let label = self.transaction.label(declared.as_deref().unwrap_or("Source"))?;
        let node = self.transaction.create_node(&[label])?;
        self.codes.insert(graph.clone(), Code::Node(node));
        self.report.nodes += 1;
        self.name_nodes(&[(graph.clone(), node)])?;
        Ok(node)
    }

    /// Says whether a claim of a graph's source is about a triple.
    fn is_claimed(&self, graph: &Term, triple: &Triple) -> bool {
        let Some(source) = self.node(graph) else { return false };
        let object = self.code(&triple.object);
        let subject = self.code(&triple.subject);
        let Some(predicate) = self.mapping.term(&triple.predicate) else { return false };
        let claims = self.claims_on(&subject);
        claims.into_iter().any(|claim| {
            self.view.snapshot().claim_record(claim).is_some_and(|record| record.source == source)
                && crate::rdf::reified(&self.view, claim)
                    .iter()
                    .any(|about| about.predicate == predicate && about.subject == subject && about.object == object)
        })
    }

    fn claims_on(&self, subject: &Code) -> Vec<crate::knowledge::ClaimId> {
        let snapshot = self.view.snapshot();
        match subject {
            Code::Relationship(relationship) => snapshot.claims_of(Subject::Relationship(*relationship)),
            Code::Node(node) => {
                let kinds = snapshot.relationship_types_of(*node, crate::graph::Direction::Outgoing);
                let relationships = kinds.into_iter().flat_map(|kind| crate::rdf::outgoing(snapshot, kind, *node));
                let of_relationships = relationships.flat_map(|own| snapshot.claims_of(Subject::Relationship(own)));
                snapshot.claims_of(Subject::Node(*node)).into_iter().chain(of_relationships).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Returns the fact that a triple of own terms states.
    fn fact_of(&self, triple: &Triple) -> Option<(Subject, Statement)> {
        let subject = self.subject(&triple.subject)?;
        let predicate = self.mapping.term(&triple.predicate)?;
        let catalogue = self.transaction.view().catalogue();
        match &triple.object {
            Term::Literal(literal) => {
                let key = self.mapping.property_of(predicate)?;
                let value = self.single(key, literal);
                Some((subject, Statement::Property { key: catalogue.property_key_name(key).clone(), value }))
            }
            Term::Iri(class) if triple.predicate == rdf::TYPE => {
                let label = self.mapping.label_of(self.mapping.term(class)?)?;
                let labels = vec![catalogue.label_name(label).clone()];
                Some((subject, Statement::Existence { labels }))
            }
            object => {
                let Subject::Node(start) = subject else { return None };
                let kind = self.mapping.type_of(predicate)?;
                let relationship = self.relationship_between(kind, start, self.node(object)?)?;
                Some((Subject::Relationship(relationship), Statement::Existence { labels: Vec::new() }))
            }
        }
    }
}

/// Says whether a value is another, or a list that has all of it.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::List(items), Value::List(parts)) => {
            parts.iter().all(|part| items.iter().any(|item| equivalent(item, part)))
        }
        (Value::List(items), part) => items.iter().any(|item| equivalent(item, part)),
        (whole, part) => equivalent(whole, part),
    }
}
