//! A graph looked over as a whole: whether its parts can be read, and whether they say the same.
//!
//! Checksums find bytes that are not what was written; this finds what no write should ever have said.

use super::index::Index;
use super::nodes::LabelSets;
use super::snapshot::Snapshot;
use super::state::State;

impl Snapshot {
    /// Reads all of the graph and returns what is wrong with it, each thing in words; nothing for a sound graph.
    pub fn verify(&self) -> Vec<String> {
        let failures = self.read_failures();
        let state = &*self.state;
        let mut findings = Vec::new();
        verify_nodes(state, &state.label_sets, &mut findings);
        verify_relationships(state, &mut findings);
        verify_values(state, &mut findings);
        verify_indexes(state, &mut findings);
        verify_claims(state, &mut findings);
        match self.read_failure_since(failures) {
            // What follows from a part that cannot be read says nothing new.
            Some(failure) => vec![failure.to_string()],
            None => findings,
        }
    }
}

fn compare(what: &str, counted: u64, said: u64, findings: &mut Vec<String>) {
    if counted != said {
        findings.push(format!("there are {counted} {what} where {said} are counted"));
    }
}

fn verify_nodes(state: &State, sets: &LabelSets, findings: &mut Vec<String>) {
    let mut by_set = vec![0u64; sets.len()];
    for (_, chunk) in state.nodes.chunks.iter() {
        chunk.live().for_each(|place| {
            if let Some(count) = by_set.get_mut(chunk.label_set(place).0 as usize) {
                *count += 1;
            }
        });
    }
    compare("nodes", by_set.iter().sum(), state.nodes.count(), findings);
    let said = state.counts.nodes();
    for (set, counted) in by_set.into_iter().enumerate() {
        let what = format!("nodes of label set {set}");
        compare(&what, counted, said.get(set).copied().unwrap_or(0), findings);
    }
}

fn verify_relationships(state: &State, findings: &mut Vec<String>) {
    let mut by_kind = vec![0u64; state.catalogue.relationship_types().len()];
    for (_, chunk) in state.relationships.chunks.iter() {
        chunk.live().for_each(|place| {
            let Some(record) = chunk.record(place) else { return };
            if let Some(count) = by_kind.get_mut(record.kind.0 as usize) {
                *count += 1;
            }
            if !state.nodes.contains(record.start) || !state.nodes.contains(record.end) {
                findings.push(format!("a relationship of type {} has an end that is no node", record.kind.0));
            }
        });
    }
    compare("relationships", by_kind.iter().sum(), state.relationships.count(), findings);
    for (kind, name) in state.catalogue.relationship_types() {
        let counted = by_kind[kind.0 as usize];
        compare(
            &format!("relationships `{name}`"),
            counted,
            state.counts.kind(kind).map_or(0, |kind| kind.total),
            findings,
        );
        let Some(adjacency) = state.adjacency.of(kind) else { continue };
        for (side, pieces) in [("outgoing", &adjacency.outgoing), ("incoming", &adjacency.incoming)] {
            let listed = pieces.iter().map(|(_, piece)| piece.len() as u64).sum();
            compare(&format!("{side} neighbours `{name}`"), listed, counted, findings);
        }
    }
}

fn verify_values(state: &State, findings: &mut Vec<String>) {
    for (of, columns) in [("nodes", &state.node_columns), ("relationships", &state.relationship_columns)] {
        for (key, column) in columns.iter() {
            let name = state.catalogue.property_key_name(key);
            compare(
                &format!("values `{name}` of {of}"),
                column.iter().count() as u64,
                column.counts().total(),
                findings,
            );
        }
    }
}

fn verify_indexes(state: &State, findings: &mut Vec<String>) {
    for definition in state.catalogue.indexes() {
        let wanted = Index::build(definition.clone(), state.index_entries(definition));
        let same = state
            .indexes
            .of_kind(definition)
            .is_some_and(|index| index.entries.iter_from(|_| false).eq(wanted.entries.iter_from(|_| false)));
        if !same {
            findings.push(format!("index `{}` does not hold what the graph holds", definition.name));
        }
    }
}

fn verify_claims(state: &State, findings: &mut Vec<String>) {
    let counted = state.claims.chunks.iter().map(|(_, claims)| claims.iter().flatten().count() as u64).sum();
    compare("claims", counted, state.claims.len() as u64, findings);
    if !state.claims.are_listed() {
        findings.push("the lists of claims do not say what the claims say".to_owned());
    }
}
