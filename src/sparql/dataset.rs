//! The graph, lent to the SPARQL evaluator as a dataset: terms are codes, patterns are looked up in the graph.

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use oxrdf::Term as LibraryTerm;
use spareval::{InternalQuad, QueryableDataset};

use crate::executor::{ExecutionError, Guard};
use crate::rdf::library::{term_from_library, term_to_library};
use crate::rdf::{Code, CodeTriple, Term, Triples, reified};
use crate::value::NodeId;

/// A graph as a dataset: the default graph holds what wins under the lens, each source's graph what that source says.
#[derive(Clone)]
pub(super) struct Dataset {
    pub(super) triples: Triples,
    pub(super) guard: Arc<Guard>,
    pub(super) held: Rc<Held>,
}

type Found = Result<InternalQuad<HeldCode>, ExecutionError>;

/// How many terms the evaluator holds. It keeps rows, to join, sort or group them, and tells nobody of it; but what it keeps are terms
/// that it was given, and clones of them.
#[derive(Debug, Default)]
pub(super) struct Held {
    terms: Cell<usize>,
    charged_bytes: Cell<usize>,
}

/// A term as the evaluator holds it.
#[derive(Debug)]
pub(super) struct HeldCode {
    code: Code,
    held: Rc<Held>,
}

impl HeldCode {
    fn new(code: Code, held: &Rc<Held>) -> Self {
        held.terms.set(held.terms.get() + 1);
        HeldCode { code, held: Rc::clone(held) }
    }
}

impl Clone for HeldCode {
    fn clone(&self) -> Self {
        HeldCode::new(self.code.clone(), &self.held)
    }
}

impl Drop for HeldCode {
    fn drop(&mut self) {
        self.held.terms.set(self.held.terms.get() - 1);
    }
}

impl PartialEq for HeldCode {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for HeldCode {}

impl Hash for HeldCode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code.hash(state);
    }
}

/// How much work a triple looked up stands for: each may lead to as many rows as were found so far, of which nobody tells.
const WORK_OF_A_TRIPLE: usize = 1 << 10;

impl Held {
    /// Charges what is held more than before, or gives back what is held less.
    fn charge(&self, guard: &Guard) -> Result<(), ExecutionError> {
        let (now, before) = (self.terms.get() * size_of::<Option<HeldCode>>(), self.charged_bytes.replace(0));
        guard.release(before);
        self.charged_bytes.set(now);
        guard.charge(now)
    }
}

impl Dataset {
    /// Returns what one source says, by its name as a graph; the graph with the name of the whole holds the words about the vocabulary.
    fn said_by(&self, graph: &Code) -> Vec<CodeTriple> {
        let view = self.triples.view();
        if *graph == self.whole() {
            return self.triples.words();
        }
        let source = match graph {
            Code::Node(node) => Some(*node),
            Code::Term(term) => view.node_of_term(*term),
            _ => None,
        };
        let claims = source.map_or_else(Vec::new, |source| view.snapshot().claims_by_source(source));
        let mut said: Vec<CodeTriple> = Vec::new();
        let mut seen = hashbrown::HashSet::new();
        for triple in claims.into_iter().flat_map(|claim| reified(view, claim)) {
            if seen.insert(triple.clone()) {
                said.push(triple);
            }
        }
        said
    }

    fn whole(&self) -> Code {
        let view = self.triples.view();
        view.code(Term::Iri(view.mapping().base().clone()))
    }

    /// Returns the names of all graphs: the sources, and the whole for the words about the vocabulary.
    fn graphs(&self) -> Vec<Code> {
        let view = self.triples.view();
        let node_code = |source: NodeId| view.node_code(source);
        let sources = view.snapshot().claiming_sources().into_iter().map(node_code);
        let whole = self.whole();
        let sources = sources.filter(|source| *source != whole);
        std::iter::once(whole.clone()).chain(sources.collect::<Vec<_>>()).collect()
    }
}

impl QueryableDataset<'static> for Dataset {
    type InternalTerm = HeldCode;
    type Error = ExecutionError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&HeldCode>,
        predicate: Option<&HeldCode>,
        object: Option<&HeldCode>,
        graph_name: Option<Option<&HeldCode>>,
    ) -> impl Iterator<Item = Found> + use<> {
        let guard = self.guard.clone();
        let held = Rc::clone(&self.held);
        let watched = move |(triple, graph_name): (CodeTriple, Option<Code>)| {
            guard.tick(WORK_OF_A_TRIPLE)?;
            held.charge(&guard)?;
            let CodeTriple { subject, predicate, object } = triple;
            let hold = |code: Code| HeldCode::new(code, &held);
            let predicate = hold(Code::Term(predicate));
            Ok(InternalQuad {
                subject: hold(subject),
                predicate,
                object: hold(object),
                graph_name: graph_name.map(hold),
            })
        };
        let [subject, predicate, object] = [subject, predicate, object].map(|term| term.map(|held| &held.code));
        let graph_name = graph_name.map(|graph| graph.map(|held| &held.code));
        let term = match predicate {
            None => None,
            Some(Code::Term(term)) => Some(*term),
            // What is no term of the vocabulary is no predicate.
            Some(_) => return Box::new(std::iter::empty()) as Box<dyn Iterator<Item = Found>>,
        };
        let graphs = match graph_name {
            Some(None) => {
                let found = self.triples.matching(subject, term, object);
                return Box::new(found.map(|triple| (triple, None)).map(watched));
            }
            Some(Some(graph)) => vec![graph.clone()],
            None => self.graphs(),
        };
        let (subject, object) = (subject.cloned(), object.cloned());
        let fits = move |triple: &CodeTriple| {
            subject.as_ref().is_none_or(|subject| *subject == triple.subject)
                && term.is_none_or(|predicate| predicate == triple.predicate)
                && object.as_ref().is_none_or(|object| *object == triple.object)
        };
        let dataset = self.clone();
        let quads = graphs.into_iter().flat_map(move |graph| {
            let said = dataset.said_by(&graph).into_iter();
            said.map(move |triple| (triple, Some(graph.clone())))
        });
        Box::new(quads.filter(move |(triple, _)| fits(triple)).map(watched))
    }

    fn internal_named_graphs(&self) -> impl Iterator<Item = Result<HeldCode, ExecutionError>> + use<> {
        let held = Rc::clone(&self.held);
        self.graphs().into_iter().map(move |graph| Ok(HeldCode::new(graph, &held)))
    }

    fn contains_internal_graph_name(&self, graph_name: &HeldCode) -> Result<bool, ExecutionError> {
        Ok(self.graphs().contains(&graph_name.code))
    }

    fn internalize_term(&self, term: LibraryTerm) -> Result<HeldCode, ExecutionError> {
        Ok(HeldCode::new(self.triples.view().code(term_from_library(&term)), &self.held))
    }

    fn externalize_term(&self, term: HeldCode) -> Result<LibraryTerm, ExecutionError> {
        // Never an error: the evaluator asks while it sorts, and an order that is not told twice alike would not be one.
        let term = self.triples.view().term(&term.code);
        // Only a triple term with a literal as subject has no counterpart, and none is ever made.
        Ok(term_to_library(&term).unwrap_or_else(|| oxrdf::Literal::new_simple_literal(term.to_string()).into()))
    }
}
