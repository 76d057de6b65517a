//! The quads of a graph in the order in which they are written: the vocabulary, then node by node with all that lies below each.
//!
//! Subjects, predicates and objects are in order of their terms (classes first), so that the same graph is written in the same bytes
//! whatever the order in which it was loaded; only blank nodes bear slots.

use std::collections::{BTreeMap, BTreeSet};

use crate::rdf::{ClaimForm, Code, Term, Triple, View, describe, parts_of, reified};
use crate::value::NodeId;

/// Calls `write` for each triple of the default graph.
///
/// # Errors
/// What `write` fails for.
pub(super) fn each_triple<Failure>(
    view: &View,
    form: ClaimForm,
    mut write: impl FnMut(&Triple) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mapping = view.mapping();
    let mut terms: Vec<Code> = mapping.terms().map(Code::Term).collect();
    terms.sort_by_cached_key(|code| view.term(code));
    terms.iter().try_for_each(|code| each_of(view, code, form, &mut write))?;
    let mut nodes: Vec<(Term, NodeId)> = nodes_of(view);
    nodes.sort_unstable();
    for (_, node) in nodes {
        let code = view.node_code(node);
        // A node that is a term of the vocabulary has been written with it.
        if code == Code::Node(node) {
            each_of(view, &code, form, &mut write)?;
        }
        let mut parts = parts_of(view, node, form);
        parts.sort_by_cached_key(|part| view.term(part));
        parts.iter().try_for_each(|part| each_of(view, part, form, &mut write))?;
    }
    Ok(())
}

/// Returns what each source says, by the source's term.
pub(super) fn source_graphs(view: &View) -> BTreeMap<Term, BTreeSet<Triple>> {
    let snapshot = view.snapshot();
    let graph = |source: NodeId| {
        let claims = snapshot.claims_by_source(source);
        let triples = claims.into_iter().flat_map(|claim| reified(view, claim));
        let triples = triples.map(|triple| view.triple(&triple)).collect();
        (view.term(&view.node_code(source)), triples)
    };
    snapshot.claiming_sources().into_iter().map(graph).collect()
}

fn nodes_of(view: &View) -> Vec<(Term, NodeId)> {
    let snapshot = view.snapshot();
    let mut slots = Vec::new();
    (0..snapshot.chunk_count()).for_each(|chunk| snapshot.scan_chunk(chunk, None, &mut slots));
    slots.into_iter().map(|slot| (view.term(&Code::Node(NodeId(slot))), NodeId(slot))).collect()
}

fn each_of<Failure>(
    view: &View,
    subject: &Code,
    form: ClaimForm,
    write: &mut impl FnMut(&Triple) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mapping = view.mapping();
    let statements = describe(view, subject, form);
    if statements.is_empty() {
        return Ok(());
    }
    let term = view.term(subject);
    let mut triples: Vec<(bool, Triple)> = statements
        .into_iter()
        .map(|(predicate, object)| {
            let predicate = mapping.iri(predicate).clone();
            let is_class = predicate == crate::rdf::TYPE;
            (!is_class, Triple { subject: term.clone(), predicate, object: view.term(&object) })
        })
        .collect();
    triples.sort_unstable();
    triples.iter().try_for_each(|(_, triple)| write(triple))
}
