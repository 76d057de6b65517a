//! A package into a graph: one transaction, all or nothing.

use std::path::Path;

use crate::exchange::ExchangeError;
use crate::exchange::progress::ImportProgress;
use crate::graph::{GraphError, LabelId, Snapshot, Transaction};
use crate::knowledge::{Claim, Schema, Subject};
use crate::value::{NodeId, RelationshipId, Value};

use super::embedded;
use super::facts::Facts;
use super::files::PackageFiles;
use super::indexes::{IndexFact, create_indexes, is_left_out, key_constraint};
use super::rows::Package;
use super::telling::Telling;

/// Reads the package in a folder as a graph of its own.
///
/// # Errors
/// All that is wrong with its files.
pub fn load_package(folder: &Path) -> Result<Snapshot, ExchangeError> {
    let files = PackageFiles::read(folder)?;
    let facts = Facts::read(&files).map_err(ExchangeError::Findings)?;
    load_facts(facts)
}

/// Returns the built-in graph.
///
/// # Errors
/// None, if the program was built from a package that its own check found good.
pub fn load_builtin() -> Result<Snapshot, ExchangeError> {
    let package = embedded::builtin()?;
    let found = Facts::of(&package);
    let facts =
        found.map_err(|misfits| ExchangeError::Findings(misfits.located(&package, &PackageFiles::default())))?;
    load_facts(facts)
}

/// Writes the package in a folder into a transaction; after an error the transaction is to be given up.
///
/// # Errors
/// All that is wrong with its files; or if the graph declares something else, or has one of its nodes already.
pub fn import_package(
    transaction: &mut Transaction,
    folder: &Path,
    progress: &mut dyn FnMut(&ImportProgress),
) -> Result<(), ExchangeError> {
    let files = PackageFiles::read(folder)?;
    let mut telling = Telling::new(progress, folder, &files);
    let package = Package::read_telling(&files, Some(&mut telling)).map_err(ExchangeError::Findings)?;
    let facts = Facts::of_files(&package, &files).map_err(ExchangeError::Findings)?;
    drop((package, files));
    let declared = transaction.view().catalogue().schema();
    if **declared != Schema::default() && **declared != facts.schema {
        let (own, other) = (&declared.graph.name, &facts.schema.graph.name);
        let what = format!("the graph declares `{own}` already, and the package `{other}` declares something else");
        return Err(ExchangeError::Unpackable(what));
    }
    write_facts(transaction, facts, Some(&mut telling))
}

/// Returns a graph of nothing but these facts.
pub fn load_facts(facts: Facts) -> Result<Snapshot, ExchangeError> {
    let mut transaction = Transaction::begin_new();
    write_facts(&mut transaction, facts, None)?;
    let (snapshot, _) = transaction.commit()?;
    Ok(snapshot)
}

/// Writes facts into a transaction and tells how far that is.
///
/// # Errors
/// If the graph refuses one, or an index or constraint over them; the transaction is then to be given up.
pub fn write_facts(
    transaction: &mut Transaction,
    facts: Facts,
    mut telling: Option<&mut Telling<'_>>,
) -> Result<(), ExchangeError> {
    if let Some(telling) = &mut telling {
        let elements = facts.nodes.len() + facts.relationships.len();
        telling.begin_writing(elements + facts.claims.len() + facts.unsourced.len());
    }
    let mut written = || telling.iter_mut().for_each(|telling| telling.written());
    transaction.declare_schema(facts.schema.clone())?;
    let nodes = write_nodes(transaction, &facts, &mut written)?;
    let relationships = write_relationships(transaction, &facts, &nodes, &mut written)?;
    let subject_of = |subject: Subject| match subject {
        Subject::Node(number) => Subject::Node(nodes[number.0 as usize]),
        Subject::Relationship(number) => Subject::Relationship(relationships[number.0 as usize]),
    };
    let placed = facts.claims.into_iter().map(|claim| {
        let (subject, source) = (subject_of(claim.subject), nodes[claim.source.0 as usize]);
        written();
        Claim { subject, source, ..claim }
    });
    transaction.add_claims(placed)?;
    for (subject, name, value) in facts.unsourced {
        written();
        let key = transaction.property_key(&name)?;
        match subject_of(subject) {
            Subject::Node(node) => transaction.set_node_property(node, key, value)?,
            Subject::Relationship(relationship) => transaction.set_relationship_property(relationship, key, value)?,
        }
    }
    // One that is a label's key under a name of its own is made first, and then is there.
    create_indexes(transaction, &facts.indexes)?;
    Ok(make_keys_unique(transaction, &facts.schema, &facts.indexes)?)
}

fn write_nodes(
    transaction: &mut Transaction,
    facts: &Facts,
    written: &mut dyn FnMut(),
) -> Result<Vec<NodeId>, GraphError> {
    let mut nodes = Vec::with_capacity(facts.nodes.len());
    for fact in &facts.nodes {
        let labels: Result<Vec<LabelId>, GraphError> =
            fact.labels.iter().map(|label| transaction.label(label)).collect();
        let labels = labels?;
        let node = transaction.create_node(&labels)?;
        if !facts.schema.graph.key.is_empty() {
            let key = transaction.property_key(&facts.schema.graph.key)?;
            transaction.set_node_property(node, key, Value::String(fact.id.clone()))?;
        }
        for (name, value) in &fact.properties {
            let key = transaction.property_key(name)?;
            transaction.set_node_property(node, key, value.clone())?;
        }
        nodes.push(node);
        written();
    }
    Ok(nodes)
}

fn write_relationships(
    transaction: &mut Transaction,
    facts: &Facts,
    nodes: &[NodeId],
    written: &mut dyn FnMut(),
) -> Result<Vec<RelationshipId>, GraphError> {
    let mut relationships = Vec::with_capacity(facts.relationships.len());
    for fact in &facts.relationships {
        let kind = transaction.relationship_type(&fact.kind)?;
        let (start, end) = (nodes[fact.start as usize], nodes[fact.end as usize]);
        relationships.push(transaction.create_relationship(kind, start, end)?);
        written();
    }
    Ok(relationships)
}

/// Makes each label's key unique, which also indexes it, but where the package says otherwise.
fn make_keys_unique(transaction: &mut Transaction, schema: &Schema, indexes: &[IndexFact]) -> Result<(), GraphError> {
    for name in schema.labels.keys().filter(|name| !is_left_out(indexes, name)) {
        let Some(property) = schema.key_of(name) else { continue };
        let definition = key_constraint(transaction, name, property)?;
        if !transaction.view().catalogue().indexes().iter().any(|other| other.is_same(&definition)) {
            transaction.create_index(definition)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_taken_whole_or_not_at_all() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let mut transaction = Transaction::begin(Snapshot::empty());
        let mut told: Vec<ImportProgress> = Vec::new();
        import_package(&mut transaction, &folder, &mut |progress| told.push(progress.clone()))
            .expect("an empty graph takes it");
        assert!(told.len() > 10 && told.is_sorted_by_key(|told| (told.bytes_read, told.rows)));
        let last = told.last().expect("it was told");
        assert!(last.bytes_read == last.bytes_total && last.rows > 6_000, "{last:?}");
        let reading = told.iter().filter(|told| told.bytes_read < told.bytes_total / 2);
        assert!(reading.clone().count() > 5 && reading.clone().any(|told| told.file.starts_with("statements/")));
        let (graph, changes) = transaction.commit().expect("its constraints hold");
        assert!(changes.len() as u64 > graph.node_count());
        let mut again = Transaction::begin(graph.clone());
        let twice = import_package(&mut again, &folder, &mut |_| {});
        let refused = twice.is_err() || again.commit().is_err();
        assert!(refused, "its nodes are there already");
        assert_eq!(graph.node_count(), load_builtin().expect("the same package").node_count());
    }

    #[test]
    fn claims_settle_together_as_they_do_one_by_one() {
        let together = load_builtin().expect("the built-in package is good");
        let mut transaction = Transaction::begin(together.clone());
        let count = together.claim_count() as u32;
        // Each claim is taken out and added again, one after the other.
        for id in (0..count).map(crate::knowledge::ClaimId) {
            let claim = together.claim(id).expect("a claim");
            transaction.retract_claim(id).expect("it was there");
            transaction.add_claim(claim).expect("it is there again");
        }
        let (alone, _) = transaction.commit().expect("its constraints hold");
        assert_eq!(alone.claim_count(), together.claim_count());
        for chunk in 0..together.chunk_count() {
            let mut slots = Vec::new();
            together.scan_chunk(chunk, None, &mut slots);
            for node in slots.into_iter().map(NodeId) {
                let (lhs, rhs) = (together.node_properties(node), alone.node_properties(node));
                assert_eq!(format!("{lhs:?}"), format!("{rhs:?}"), "node {}", node.0);
            }
        }
    }

    #[test]
    fn the_built_in_graph_loads() {
        let snapshot = load_builtin().expect("the built-in package is good");
        assert!(snapshot.claim_count() > 6_000);
        let key = snapshot.catalogue().property_key_id("id").expect("ids are declared");
        let park = snapshot.catalogue().label_id("园区").expect("labels have aliases");
        assert_eq!(snapshot.index_seek(park, key, &Value::string("park/ganzhou")).len(), 1);
    }
}
