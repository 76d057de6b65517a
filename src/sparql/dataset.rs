//! The graph, lent to the SPARQL evaluator as a dataset: terms are codes, patterns are looked up in the graph.

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
}

type Found = Result<InternalQuad<Code>, ExecutionError>;

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
    type InternalTerm = Code;
    type Error = ExecutionError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&Code>,
        predicate: Option<&Code>,
        object: Option<&Code>,
        graph_name: Option<Option<&Code>>,
    ) -> impl Iterator<Item = Found> + use<> {
        let guard = self.guard.clone();
        let watched = move |(triple, graph_name): (CodeTriple, Option<Code>)| {
            guard.tick(1)?;
            let CodeTriple { subject, predicate, object } = triple;
            Ok(InternalQuad { subject, predicate: Code::Term(predicate), object, graph_name })
        };
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

    fn internal_named_graphs(&self) -> impl Iterator<Item = Result<Code, ExecutionError>> + use<> {
        self.graphs().into_iter().map(Ok)
    }

    fn contains_internal_graph_name(&self, graph_name: &Code) -> Result<bool, ExecutionError> {
        Ok(self.graphs().contains(graph_name))
    }

    fn internalize_term(&self, term: LibraryTerm) -> Result<Code, ExecutionError> {
        Ok(self.triples.view().code(term_from_library(&term)))
    }

    fn externalize_term(&self, term: Code) -> Result<LibraryTerm, ExecutionError> {
        let term = self.triples.view().term(&term);
        // Only a triple term with a literal as subject has no counterpart, and none is ever made.
        Ok(term_to_library(&term).unwrap_or_else(|| oxrdf::Literal::new_simple_literal(term.to_string()).into()))
    }
}
