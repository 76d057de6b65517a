//! The triples of a file, in order, found by subject.

use std::ops::Range;

use hashbrown::HashMap;

use crate::rdf::term::{Literal, Term, Triple};

/// A triple, and the graph that it stands in; none for the default graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quad {
    /// The graph's name.
    pub graph: Option<Term>,
    /// The triple.
    pub triple: Triple,
}

/// Triples sorted by subject, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Triples {
    all: Vec<Triple>,
    by_subject: HashMap<Term, Range<usize>>,
}

impl Triples {
    /// Returns the default graph's triples, and those of named graphs, sorted.
    pub(super) fn split(quads: Vec<Quad>) -> (Triples, Vec<(Term, Triple)>) {
        let (mut own, mut graphs) = (Vec::new(), Vec::new());
        for quad in quads {
            match quad.graph {
                None => own.push(quad.triple),
                Some(graph) => graphs.push((graph, quad.triple)),
            }
        }
        graphs.sort_unstable();
        graphs.dedup();
        (Triples::of(own), graphs)
    }

    pub(super) fn of(mut all: Vec<Triple>) -> Triples {
        all.sort_unstable();
        all.dedup();
        let mut by_subject = HashMap::new();
        let mut first = 0;
        for run in all.chunk_by(|lhs, rhs| lhs.subject == rhs.subject) {
            by_subject.insert(run[0].subject.clone(), first..first + run.len());
            first += run.len();
        }
        Triples { all, by_subject }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Triple> {
        self.all.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns the triples, a subject at a time.
    pub(super) fn subjects(&self) -> impl Iterator<Item = &[Triple]> {
        self.all.chunk_by(|lhs, rhs| lhs.subject == rhs.subject)
    }

    /// Returns what is said of a subject.
    pub(super) fn of_subject(&self, subject: &Term) -> &[Triple] {
        self.by_subject.get(subject).map_or(&[], |range| &self.all[range.clone()])
    }

    /// Returns the objects that a subject has under a predicate.
    pub(super) fn objects<'a>(&'a self, subject: &Term, predicate: &'a str) -> impl Iterator<Item = &'a Term> {
        self.of_subject(subject).iter().filter(move |triple| triple.predicate == predicate).map(|triple| &triple.object)
    }

    /// Returns the first literal that a subject has under a predicate.
    pub(super) fn literal(&self, subject: &Term, predicate: &str) -> Option<&Literal> {
        self.of_subject(subject).iter().filter(|triple| triple.predicate == predicate).find_map(|triple| match &triple
            .object
        {
            Term::Literal(literal) => Some(literal),
            _ => None,
        })
    }

    /// Says whether a subject is of a class.
    pub(super) fn is_a(&self, subject: &Term, class: &str) -> bool {
        self.objects(subject, crate::rdf::TYPE).any(|object| object.as_iri().is_some_and(|iri| iri == class))
    }
}
