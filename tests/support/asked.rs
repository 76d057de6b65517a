//! Rows with their claims, and graphs without some claims.

use std::collections::BTreeSet;

use crate::engine::{ClaimRecord, ClaimState, Database, Options};
use crate::graph::{Snapshot, Transaction};
use crate::knowledge::{ClaimId, Rank, Subject};
use crate::value::{NodeId, RelationshipId, ResultValue, Value};

/// The claims of a row, by number.
pub type Claims = BTreeSet<u32>;

/// A row as text, and what it is cited for.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its values, lists in an order of their own: nobody promised another.
    pub text: String,
    /// The claims that it is cited for.
    pub claims: Claims,
    /// How many elements and properties it says to be unsourced.
    pub unsourced: usize,
    /// Whether claims were left off.
    pub cut: bool,
    /// What else it says of its support: nothing found, absence, nothing.
    pub notes: BTreeSet<&'static str>,
}

/// Asks a query and returns its rows with what they are cited for.
///
/// # Errors
/// What the engine says.
pub fn ask(snapshot: &Snapshot, text: &str) -> Result<Vec<Row>, String> {
    let database = Database::from_snapshot(snapshot.clone(), Options::default());
    let answer = database.connect().run(&format!("CITE {text}"), ()).map_err(|error| error.to_string())?;
    let claims = answer.claims.unwrap_or_default();
    assert_eq!(claims.len(), answer.rows.len(), "each row comes with its claims: {text}");
    Ok(answer.rows.iter().zip(claims.iter()).map(|(row, claims)| row_of(row, &claims)).collect())
}

fn row_of(values: &[ResultValue], claims: &[ClaimRecord]) -> Row {
    let of_state = |wanted: ClaimState| claims.iter().filter(move |claim| claim.state == wanted).count();
    Row {
        text: values.iter().map(written).collect::<Vec<_>>().join(" | "),
        claims: claims.iter().filter_map(|claim| claim.claim).collect(),
        unsourced: of_state(ClaimState::Unsourced),
        cut: claims.iter().any(|claim| matches!(claim.state, ClaimState::More(_))),
        notes: claims.iter().filter(|claim| claim.claim.is_none()).map(|claim| claim.state.name()).collect(),
    }
}

fn written(value: &ResultValue) -> String {
    match value {
        ResultValue::List(items) => {
            let mut items: Vec<String> = items.iter().map(written).collect();
            items.sort();
            format!("[{}]", items.join(", "))
        }
        // The order in which floats are added shows in their last digits.
        ResultValue::Float(number) => format!("{number:.9e}"),
        other => format!("{other:?}"),
    }
}

/// Returns a graph without some claims. What is left without support goes, but for what speaks itself.
pub fn without(snapshot: &Snapshot, gone: &Claims) -> Snapshot {
    let before = supported(snapshot);
    let mut graph = Transaction::begin(snapshot.clone());
    for claim in gone {
        graph.retract_claim(ClaimId(*claim)).expect("the claim is there");
    }
    let after = supported(graph.view());
    let sources: BTreeSet<NodeId> = snapshot.claiming_sources().into_iter().collect();
    let lost = |subject: &&Subject| !after.contains(*subject);
    for subject in before.iter().filter(lost) {
        if let Subject::Relationship(relationship) = subject {
            graph.delete_relationship(*relationship).expect("it is there once");
        }
    }
    for subject in before.iter().filter(lost) {
        if let Subject::Node(node) = subject
            && !sources.contains(node)
        {
            graph.detach_delete_node(*node).expect("it is there once");
        }
    }
    graph.commit().expect("nothing is left hanging").0
}

/// Returns a graph with no claims but these and those on the sources themselves.
pub fn only(snapshot: &Snapshot, kept: &Claims) -> Snapshot {
    let sources: BTreeSet<NodeId> = snapshot.claiming_sources().into_iter().collect();
    let gone = all_claims(snapshot).into_iter().filter(|claim| {
        let of_source = snapshot.claim_record(ClaimId(*claim)).is_some_and(|record| match record.subject {
            Subject::Node(node) => sources.contains(&node),
            Subject::Relationship(_) => false,
        });
        !kept.contains(claim) && !of_source
    });
    without(snapshot, &gone.collect())
}

/// Returns the numbers of all claims.
pub fn all_claims(snapshot: &Snapshot) -> Claims {
    let sources = snapshot.claiming_sources();
    sources.into_iter().flat_map(|source| snapshot.claims_by_source(source)).map(|claim| claim.0).collect()
}

/// Returns the elements of which a claim says that they are there: on them, or for nodes on a relationship at them.
fn supported(snapshot: &Snapshot) -> BTreeSet<Subject> {
    let schema = snapshot.catalogue().schema();
    let kind = schema.source.as_ref().and_then(|source| snapshot.catalogue().property_key_id(&source.kind));
    let is_silent = |source: NodeId| match kind.map(|key| snapshot.node_property(source, key)) {
        Some(Value::String(kind)) => schema.is_silent(&kind),
        _ => false,
    };
    let mut found = BTreeSet::new();
    for claim in all_claims(snapshot) {
        let Some(record) = snapshot.claim_record(ClaimId(claim)) else { continue };
        if record.details.rank == Rank::Deprecated || is_silent(record.source) {
            continue;
        }
        found.insert(record.subject);
        if let Subject::Relationship(relationship) = record.subject
            && let Some(ends) = snapshot.relationship(relationship)
        {
            found.extend([Subject::Node(ends.start), Subject::Node(ends.end)]);
        }
    }
    found
}

/// Returns all elements of a graph.
pub fn elements(snapshot: &Snapshot) -> Vec<Subject> {
    let (mut nodes, mut relationships) = (Vec::new(), Vec::new());
    (0..snapshot.chunk_count()).for_each(|chunk| snapshot.scan_chunk(chunk, None, &mut nodes));
    (0..snapshot.relationship_chunk_count())
        .for_each(|chunk| snapshot.scan_relationships(None, chunk, &mut relationships));
    let nodes = nodes.into_iter().map(|node| Subject::Node(NodeId(node)));
    nodes.chain(relationships.into_iter().map(|one| Subject::Relationship(RelationshipId(one)))).collect()
}

/// How often a row is there, and how often it says that something of it is unsourced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    rows: usize,
    unsourced: usize,
}

impl Presence {
    fn of(rows: &[Row], text: &str) -> Presence {
        let same = rows.iter().filter(|row| row.text == text);
        Presence { rows: same.clone().count(), unsourced: same.map(|row| row.unsourced).sum() }
    }
}

/// The second law: what is cited carries the row. Returns how many claims were taken away until it was no longer as before.
///
/// # Errors
/// In words, where the row stays as it was and is cited for nothing.
pub fn check_that_cited_claims_carry(
    snapshot: &Snapshot,
    text: &str,
    rows: &[Row],
    row: &Row,
) -> Result<usize, String> {
    let before = Presence::of(rows, &row.text);
    let mut gone = Claims::new();
    let mut now: Vec<Row> = rows.to_vec();
    loop {
        // Equal rows stand for each other: what all of them are cited for goes.
        let cited: Claims =
            now.iter().filter(|other| other.text == row.text).flat_map(|row| row.claims.clone()).collect();
        if cited.is_empty() {
            // It stays, and says that it rests on no claim.
            return Ok(gone.len());
        }
        if let Some(known) = cited.intersection(&gone).next() {
            return Err(format!("claim {known} is cited although it is gone"));
        }
        gone.extend(cited);
        now = match ask(&without(snapshot, &gone), text) {
            Ok(rows) => rows,
            // Without its facts a query may even have no meaning: a list that is none.
            Err(_) => return Ok(gone.len()),
        };
        let left = Presence::of(&now, &row.text);
        if left.rows < before.rows || left.unsourced > before.unsourced {
            return Ok(gone.len());
        }
        let says_so = now
            .iter()
            .filter(|other| other.text == row.text)
            .all(|row| !row.claims.is_empty() || !row.notes.is_empty());
        if !says_so {
            return Err(format!("without {} claims the row is as before and says nothing of its support", gone.len()));
        }
    }
}

/// The third law: with nothing but what is cited the row is still there.
///
/// # Errors
/// In words, where it is not.
pub fn check_that_nothing_else_carries(snapshot: &Snapshot, text: &str, row: &Row) -> Result<(), String> {
    let alone = ask(&only(snapshot, &row.claims), text)?;
    if alone.iter().any(|other| other.text == row.text) {
        return Ok(());
    }
    let others: Vec<&str> = alone.iter().take(4).map(|row| row.text.as_str()).collect();
    Err(format!("with nothing but its {} claims the row is not there; there are {others:?}", row.claims.len()))
}
