//! Finds triples by pattern: for any of subject, predicate and object given, all triples of the graph that have them.
//!
//! The triples are those of [`describe`]; what is given only says where to look. Nothing is copied: each triple is made when it is asked for.

use std::sync::Arc;

use hashbrown::HashSet;

use crate::graph::{Direction, Scratch};
use crate::knowledge::Subject;
use crate::value::NodeId;

use super::candidates::Candidates;
use super::code::{Code, CodeTriple};
use super::describe::{ClaimForm, describe_key, facts_of, own_iri, parts_of, words_about};
use super::mapping::TermId;
use super::uses::Uses;
use super::view::View;
use super::vocabulary::rdf;

/// The form of claims that a query sees.
const FORM: ClaimForm = ClaimForm::Reifier;

/// A graph's triples, to be found by pattern. A clone shares everything.
#[derive(Clone, Debug)]
pub struct Triples {
    view: View,
    uses: Arc<Uses>,
}

impl Triples {
    /// Returns the triples of a graph.
    pub fn of(view: View) -> Triples {
        let uses = Uses::of(view.mapping(), view.snapshot().catalogue());
        Triples { view, uses: Arc::new(uses) }
    }

    /// Returns the graph as it is seen.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Returns the words about the vocabulary: names, what lies above each term, what the schema declares. They make a graph of their own, under
    /// the name of the whole, so that a query over the facts counts facts.
    pub fn words(&self) -> Vec<CodeTriple> {
        let about = |term: TermId| {
            let triple = move |(predicate, object)| CodeTriple { subject: Code::Term(term), predicate, object };
            words_about(&self.view, term).into_iter().map(triple)
        };
        self.view.mapping().terms().flat_map(about).collect()
    }

    /// Returns the facts that have what is given, each once.
    pub fn matching(
        &self,
        subject: Option<&Code>,
        predicate: Option<TermId>,
        object: Option<&Code>,
    ) -> Box<dyn Iterator<Item = CodeTriple>> {
        if let Some(subject) = subject {
            return Box::new(self.about(subject, predicate, object).into_iter());
        }
        let subjects = match predicate {
            Some(predicate) => self.candidates(predicate, object),
            None => self.subjects(),
        };
        let (triples, object) = (self.clone(), object.cloned());
        Box::new(subjects.flat_map(move |subject| triples.about(&subject, predicate, object.as_ref())))
    }

    /// Returns what is said of a subject, as far as it has what else is given.
    fn about(&self, subject: &Code, predicate: Option<TermId>, object: Option<&Code>) -> Vec<CodeTriple> {
        let node = match subject {
            Code::Node(node) => Some(*node),
            Code::Term(term) => self.view.node_of_term(*term),
            _ => None,
        };
        let said = match (node, predicate) {
            (Some(node), Some(predicate)) => self.about_node(node, predicate),
            _ => facts_of(&self.view, subject, FORM),
        };
        let wanted = |(said, value): &(TermId, Code)| {
            predicate.is_none_or(|predicate| predicate == *said) && object.is_none_or(|object| object == value)
        };
        let triple = |(predicate, object)| CodeTriple { subject: subject.clone(), predicate, object };
        said.into_iter().filter(wanted).map(triple).collect()
    }

    /// Returns what one predicate says of a node: only what the predicate may state is read.
    fn about_node(&self, node: NodeId, predicate: TermId) -> Vec<(TermId, Code)> {
        let Some(uses) = self.uses.predicate(predicate) else { return Vec::new() };
        if uses.is_type || uses.quantities || predicate == self.view.mapping().known(rdf::VALUE) {
            return facts_of(&self.view, &Code::Node(node), FORM);
        }
        let mut said: Vec<(TermId, Code)> = Vec::new();
        let mut scratch = Scratch::default();
        let snapshot = self.view.snapshot();
        let ways = [(&uses.forward, Direction::Outgoing), (&uses.inverse, Direction::Incoming)];
        for (kinds, direction) in ways {
            for kind in kinds {
                let others = snapshot.neighbours(*kind, direction, node, &mut scratch);
                said.extend(others.nodes.iter().map(|other| (predicate, self.view.node_code(NodeId(*other)))));
            }
        }
        for key in &uses.keys {
            said.extend(describe_key(&self.view, Subject::Node(node), *key));
        }
        let mut seen = HashSet::with_capacity(said.len());
        let own = own_iri(&self.view, node);
        said.retain(|said| said.0 == predicate && Some(said) != own.as_ref() && seen.insert(said.1.clone()));
        said
    }

    /// Returns subjects that include all of which a predicate says something, with the object if one is given.
    fn candidates(&self, predicate: TermId, object: Option<&Code>) -> Box<dyn Iterator<Item = Code>> {
        match self.uses.predicate(predicate) {
            None => Box::new(std::iter::empty()),
            Some(uses) => Candidates::new(&self.view, &self.uses).of(uses, object),
        }
    }

    /// Returns all subjects.
    fn subjects(&self) -> Box<dyn Iterator<Item = Code>> {
        let view = self.view.clone();
        let nodes = Candidates::new(&self.view, &self.uses).nodes();
        Box::new(nodes.flat_map(move |node| {
            let own = std::iter::once(view.node_code(node));
            own.chain(parts_of(&view, node, FORM)).collect::<Vec<Code>>()
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::graph::{Snapshot, Transaction};
    use crate::knowledge::{Claim, ClaimDetails, Schema, Statement};
    use crate::rdf::Mapping;
    use crate::value::Value;

    fn triples_of(snapshot: Snapshot) -> Triples {
        let mapping = Mapping::of(snapshot.catalogue()).expect("a mapping");
        Triples::of(View::new(snapshot, Arc::new(mapping)))
    }

    /// A graph with every kind of subject: parallels, properties of relationships, claims, lists, quantities, a node without labels.
    fn graph() -> Triples {
        let schema = r#"{"properties": {"size": {"value_class": "http://x.example/Amount", "unit": "m2", "sub_of": ["http://x.example/amount"]},
            "names": {"many": true, "sub_of": ["http://x.example/label"]}, "name": {"sub_of": ["http://x.example/label"]}},
            "types": {"IN": {"sub_of": ["http://x.example/within"], "inverse_of": ["http://x.example/contains"]},
                      "NEAR": {"sub_of": ["http://x.example/within"]}},
            "labels": {"A": {"sub_of": ["http://x.example/Thing"]}, "B": {"sub_of": ["http://x.example/Thing"]}}}"#;
        let schema: Schema = serde_json::from_str(schema).expect("a schema");
        let mut transaction = Transaction::begin(Snapshot::empty());
        transaction.declare_schema(schema).expect("a schema");
        let labels = ["A", "B"].map(|name| transaction.label(name).expect("a label"));
        let kinds = ["IN", "NEAR"].map(|name| transaction.relationship_type(name).expect("a type"));
        let [name, names, size] = ["name", "names", "size"].map(|key| transaction.property_key(key).expect("a key"));
        let nodes: Vec<NodeId> = [&labels[..1], &labels[1..], &labels[..], &[]]
            .map(|labels| transaction.create_node(labels).expect("a node"))
            .to_vec();
        transaction.set_node_property(nodes[0], name, Value::string("x")).expect("a property");
        transaction.set_node_property(nodes[1], name, Value::string("x")).expect("a property");
        let list = Value::List(vec![Value::string("z"), Value::string("x")].into());
        transaction.set_node_property(nodes[2], names, list).expect("a property");
        transaction.set_node_property(nodes[2], size, Value::Integer(7)).expect("a property");
        for (kind, start, end) in [(0, 0, 1), (0, 0, 1), (1, 0, 1), (0, 1, 2), (1, 2, 0), (0, 3, 3)] {
            let made = transaction.create_relationship(kinds[kind], nodes[start], nodes[end]).expect("a relationship");
            if start == 2 {
                transaction.set_relationship_property(made, size, Value::Integer(9)).expect("a property");
                let statement = Statement::Existence { labels: Vec::new() };
                let details = ClaimDetails { locator: "L1".into(), ..ClaimDetails::default() };
                let claim = Claim { subject: Subject::Relationship(made), statement, source: nodes[1], details };
                transaction.add_claim(claim).expect("a claim");
            }
        }
        transaction.commit().map(|(snapshot, _)| triples_of(snapshot)).expect("a commit")
    }

    fn lines(triples: &Triples, found: impl Iterator<Item = CodeTriple>) -> (BTreeSet<String>, usize) {
        let all: Vec<String> = found.map(|triple| triples.view.triple(&triple).to_string()).collect();
        let count = all.len();
        (all.into_iter().collect(), count)
    }

    /// Asks for every triple by each of the patterns that it fits, and compares with a look at all triples.
    fn check(triples: &Triples) {
        let all: Vec<CodeTriple> = triples.matching(None, None, None).collect();
        for triple in &all {
            for shape in 1..8_u8 {
                let subject = Some(&triple.subject).filter(|_| shape & 1 != 0);
                let predicate = Some(triple.predicate).filter(|_| shape & 2 != 0);
                let object = Some(&triple.object).filter(|_| shape & 4 != 0);
                let fits = |other: &&CodeTriple| {
                    subject.is_none_or(|subject| *subject == other.subject)
                        && predicate.is_none_or(|predicate| predicate == other.predicate)
                        && object.is_none_or(|object| *object == other.object)
                };
                let (expected, _) = lines(triples, all.iter().filter(fits).cloned());
                let (found, count) = lines(triples, triples.matching(subject, predicate, object));
                assert_eq!(found, expected, "{shape} {}", triples.view.triple(triple));
                assert_eq!(count, expected.len(), "{shape}: each once");
            }
        }
    }

    #[test]
    fn every_pattern_finds_what_a_look_at_all_triples_finds() {
        check(&graph());
    }

    #[test]
    fn a_term_and_its_code_are_one_to_one() {
        let triples = graph();
        for triple in triples.matching(None, None, None) {
            for code in [triple.subject, triple.object] {
                assert_eq!(triples.view.code(triples.view.term(&code)), code);
            }
        }
    }
}
