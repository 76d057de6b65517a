//! A graph as a package: the same graph gives the same bytes, and reading them gives the same graph.
//!
//! ```text
//!   graph.toml            what the graph declares, and the labels, types and properties that it uses undeclared
//!   sources.csv           the nodes of the source label
//!   entities.csv          the other nodes
//!   indexes.csv           the indexes and constraints beside the labels' keys
//!   statements/<id>.csv   the claims of a source; statements/unsourced.csv: what nobody claims
//! ```
//! Claims of a companion property that follow from another row are left to it. Parallel relationships are numbered in the order of what is
//! said of them. A node without an id, and a value that no declared type writes, cannot be exported.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use smol_str::SmolStr;

use crate::exchange::ExchangeError;
use crate::graph::{LabelId, Snapshot};
use crate::knowledge::{Claim, Rank, Schema, Statement, Subject};
use crate::tabular::escape_bar;
use crate::value::{NodeId, RelationshipId, Value};

use super::csv_text::csv_text;
use super::declare::declared_for;
use super::files::{INDEXES, MANIFEST, PackageFiles, SOURCES};
use super::indexes::indexes_text;
use super::manifest::manifest_text;
use super::sources::source_column;
use super::value_text::value_text;

/// The columns of exported statements, in the order of their files.
const COLUMNS: [&str; 14] = [
    "subject",
    "predicate",
    "value",
    "object",
    "key",
    "unit",
    "comparator",
    "as_printed",
    "source",
    "attributed_to",
    "locator",
    "as_of",
    "rank",
    "note",
];

/// A row of exported statements: its cells by column.
type Cells = BTreeMap<&'static str, String>;

/// Returns the files of a package that says what the graph says.
///
/// # Errors
/// If something in the graph cannot be said by a package.
pub fn export_package(graph: &Snapshot) -> Result<PackageFiles, ExchangeError> {
    let schema = declared_for(graph)?;
    let mut export = Export { graph, schema, ids: BTreeMap::new(), nodes: Vec::new(), relationships: Vec::new() };
    export.collect()?;
    let mut files = PackageFiles::default();
    files.add(MANIFEST, manifest_text(&export.schema)?);
    export.write_nodes(&mut files)?;
    export.write_statements(&mut files)?;
    if let Some(text) = indexes_text(graph, &export.schema) {
        files.add(INDEXES, text);
    }
    Ok(files)
}

/// Writes a package that says what the graph says into a folder that is empty or not there.
///
/// # Errors
/// If something in the graph cannot be said by a package, the folder holds anything, or a file cannot be written.
pub fn write_package(graph: &Snapshot, folder: &Path) -> Result<(), ExchangeError> {
    // Files of another package would become part of this one.
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ExchangeError::NotEmpty(folder.to_owned()));
    }
    export_package(graph)?.write(folder)
}

struct Export<'g> {
    graph: &'g Snapshot,
    schema: Schema,
    ids: BTreeMap<NodeId, SmolStr>,
    /// The nodes in order of id.
    nodes: Vec<NodeId>,
    relationships: Vec<RelationshipId>,
}

impl Export<'_> {
    /// Finds all elements, and the ids of nodes.
    fn collect(&mut self) -> Result<(), ExchangeError> {
        let key = self.graph.catalogue().property_key_id(&self.schema.graph.key);
        let mut slots = Vec::new();
        (0..self.graph.chunk_count()).for_each(|chunk| self.graph.scan_chunk(chunk, None, &mut slots));
        for slot in slots.iter().map(|slot| NodeId(*slot)) {
            let id = key.map_or(Value::Null, |key| self.graph.node_property(slot, key));
            let Value::String(id) = id else {
                let labels = self.labels(slot).join("`, `");
                let what =
                    format!("a node with the labels `{labels}` has no `{}` to name it by", self.schema.graph.key);
                return Err(ExchangeError::Unpackable(what));
            };
            self.ids.insert(slot, id);
        }
        let mut named: Vec<(&SmolStr, NodeId)> = self.ids.iter().map(|(node, id)| (id, *node)).collect();
        named.sort();
        if let Some(twice) = named.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(ExchangeError::Unpackable(format!("two nodes have the id `{}`", twice[0].0)));
        }
        self.nodes = named.into_iter().map(|(_, node)| node).collect();
        let mut slots = Vec::new();
        for chunk in 0..self.graph.relationship_chunk_count() {
            self.graph.scan_relationships(None, chunk, &mut slots);
        }
        self.relationships = slots.into_iter().map(RelationshipId).collect();
        Ok(())
    }

    fn labels(&self, node: NodeId) -> Vec<String> {
        let name = |label: &LabelId| self.graph.catalogue().label_name(*label).to_string();
        let mut labels: Vec<String> = self.graph.labels(node).iter().map(name).collect();
        labels.sort();
        labels
    }

    fn is_source(&self, node: NodeId) -> bool {
        let Some(declared) = &self.schema.source else { return false };
        self.labels(node) == [declared.label.clone()]
    }

    /// Returns the properties of an element that no claim speaks of, but for its key.
    fn unclaimed(&self, subject: Subject) -> Vec<(SmolStr, Value)> {
        let properties = match subject {
            Subject::Node(node) => self.graph.node_properties(node),
            Subject::Relationship(relationship) => self.graph.relationship_properties(relationship),
        };
        let mut unclaimed: Vec<(SmolStr, Value)> = Vec::new();
        for (key, value) in properties {
            let name = self.graph.catalogue().property_key_name(key);
            let is_key = matches!(subject, Subject::Node(_)) && *name == self.schema.graph.key;
            if !is_key && self.graph.claims_on(subject, Some(key)).is_empty() {
                unclaimed.push((name.clone(), value));
            }
        }
        unclaimed.sort_by(|lhs, rhs| lhs.0.cmp(&rhs.0));
        unclaimed
    }

    fn write_nodes(&self, files: &mut PackageFiles) -> Result<(), ExchangeError> {
        let mut entities = Vec::new();
        let mut sources: Vec<BTreeMap<SmolStr, String>> = Vec::new();
        for node in &self.nodes {
            let id = self.ids[node].to_string();
            if !self.is_source(*node) {
                entities.push(vec![id, joined(&self.labels(*node))]);
                continue;
            }
            let mut cells = BTreeMap::from([(SmolStr::new_static("id"), id)]);
            for (name, value) in self.unclaimed(Subject::Node(*node)) {
                let column =
                    self.schema.source.as_ref().map_or(name.clone(), |declared| source_column(&name, declared));
                cells.insert(column, self.text(&name, &value)?);
            }
            sources.push(cells);
        }
        files.add("entities.csv", csv_text(&["id", "labels"], &entities));
        if !sources.is_empty() {
            let used: BTreeSet<&SmolStr> = sources.iter().flat_map(BTreeMap::keys).collect();
            let first = ["id", "title", "published", "kind"];
            let rest = used.iter().map(|column| column.as_str()).filter(|column| !first.contains(column));
            let columns: Vec<&str> =
                first.into_iter().filter(|column| used.contains(&SmolStr::new(*column))).chain(rest).collect();
            let cell = |row: &BTreeMap<SmolStr, String>, column: &&str| row.get(*column).cloned().unwrap_or_default();
            let rows: Vec<Vec<String>> =
                sources.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect();
            files.add(SOURCES, csv_text(&columns, &rows));
        }
        Ok(())
    }

    fn write_statements(&self, files: &mut PackageFiles) -> Result<(), ExchangeError> {
        let mut rows: Vec<Cells> = Vec::new();
        for node in &self.nodes {
            self.statements_of(Subject::Node(*node), &mut rows)?;
        }
        rows.extend(self.relationship_rows()?);
        let mut by_file: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for row in &rows {
            let source = row.get("source").map(|id| id.replace('/', "-")).unwrap_or("unsourced".to_owned());
            let cells = COLUMNS.iter().map(|column| row.get(column).cloned().unwrap_or_default());
            by_file.entry(format!("statements/{source}.csv")).or_default().push(cells.collect());
        }
        for (path, mut rows) in by_file {
            rows.sort();
            files.add(path, csv_text(&COLUMNS, &rows));
        }
        Ok(())
    }

    /// Returns the rows of relationships; parallel ones are numbered in the order of their rows.
    fn relationship_rows(&self) -> Result<Vec<Cells>, ExchangeError> {
        let mut parallel: BTreeMap<(SmolStr, SmolStr, SmolStr), Vec<Vec<Cells>>> = BTreeMap::new();
        for relationship in &self.relationships {
            let Some(record) = self.graph.relationship(*relationship) else { continue };
            let kind = self.graph.catalogue().relationship_type_name(record.kind).clone();
            let mut rows = Vec::new();
            self.statements_of(Subject::Relationship(*relationship), &mut rows)?;
            rows.sort();
            let ends = (self.ids[&record.start].clone(), kind, self.ids[&record.end].clone());
            parallel.entry(ends).or_default().push(rows);
        }
        let mut all = Vec::new();
        for mut group in parallel.into_values() {
            group.sort();
            let is_alone = group.len() == 1;
            for (index, rows) in group.into_iter().enumerate() {
                all.extend(rows.into_iter().map(|mut row| {
                    if !is_alone {
                        row.insert("key", (index + 1).to_string());
                    }
                    row
                }));
            }
        }
        Ok(all)
    }

    /// Adds the rows of one element: its claims, and what nobody claims.
    fn statements_of(&self, subject: Subject, rows: &mut Vec<Cells>) -> Result<(), ExchangeError> {
        let claims: Vec<Claim> =
            self.graph.claims_of(subject).into_iter().filter_map(|id| self.graph.claim(id)).collect();
        let mut companions: BTreeSet<Cells> = BTreeSet::new();
        let mut own: Vec<(Cells, &Claim)> = Vec::new();
        for claim in &claims {
            own.push((self.claim_row(claim)?, claim));
        }
        let stated: BTreeSet<Cells> = own.iter().map(|(row, _)| row.clone()).collect();
        for (row, claim) in &mut own {
            self.take_companions(row, claim, &stated, &mut companions)?;
        }
        let is_silent = own.is_empty();
        let is_left = |row: &Cells| companions.contains(row);
        rows.extend(own.into_iter().map(|(row, _)| row).filter(|row| !is_left(row)));
        let plain = match subject {
            Subject::Node(node) if self.is_source(node) => Vec::new(),
            _ => self.unclaimed(subject),
        };
        let says_nothing = is_silent && plain.is_empty();
        for (name, value) in plain {
            let mut row = self.head(subject, Some(&name));
            row.insert("value", self.text(&name, &value)?);
            rows.push(row);
        }
        if says_nothing && matches!(subject, Subject::Relationship(_)) {
            rows.push(self.head(subject, None));
        }
        Ok(())
    }

    /// Returns the cells that say what a row is about.
    fn head(&self, subject: Subject, property: Option<&str>) -> Cells {
        let mut row = Cells::new();
        match subject {
            Subject::Node(node) => {
                row.insert("subject", self.ids[&node].to_string());
                row.insert("predicate", property.unwrap_or("a").to_owned());
            }
            Subject::Relationship(relationship) => {
                let Some(record) = self.graph.relationship(relationship) else { return row };
                let kind = self.graph.catalogue().relationship_type_name(record.kind);
                row.insert("subject", self.ids[&record.start].to_string());
                row.insert("object", self.ids[&record.end].to_string());
                row.insert("predicate", property.map_or(kind.to_string(), |property| format!("{kind}.{property}")));
            }
        }
        row
    }

    fn claim_row(&self, claim: &Claim) -> Result<Cells, ExchangeError> {
        let mut row = match &claim.statement {
            Statement::Existence { labels } => {
                let mut row = self.head(claim.subject, None);
                row.insert("value", joined(labels));
                row
            }
            Statement::Property { key, value } => {
                let mut row = self.head(claim.subject, Some(key));
                row.insert("value", self.text(key, value)?);
                row
            }
        };
        let details = &claim.details;
        row.insert("source", self.ids[&claim.source].to_string());
        for (column, text) in [
            ("attributed_to", &details.attributed_to),
            ("locator", &details.locator),
            ("as_printed", &details.as_printed),
            ("note", &details.note),
            ("unit", &details.unit),
        ] {
            row.insert(column, text.to_string());
        }
        if !details.as_of.is_null() {
            row.insert("as_of", details.as_of.to_string());
        }
        if details.rank != Rank::Normal {
            row.insert("rank", details.rank.name().to_owned());
        }
        if details.comparator != crate::knowledge::Comparator::Exact {
            row.insert("comparator", details.comparator.name().to_owned());
        }
        row.retain(|_, text| !text.is_empty());
        Ok(row)
    }

    /// Finds the claims that follow from a row's further columns; says `exact` where only they tell that it was said.
    fn take_companions(
        &self,
        row: &mut Cells,
        claim: &Claim,
        stated: &BTreeSet<Cells>,
        companions: &mut BTreeSet<Cells>,
    ) -> Result<(), ExchangeError> {
        let Some(declared) = claim_key(claim).and_then(|key| self.schema.properties.get(key.as_str())) else {
            return Ok(());
        };
        for (column, companion) in &declared.companions {
            let (cell, value) = match column.as_str() {
                "unit" => ("unit", row.get("unit").cloned().unwrap_or_default()),
                "comparator" => ("comparator", claim.details.comparator.name().to_owned()),
                _ => ("as_of", row.get("as_of").cloned().unwrap_or_default()),
            };
            let mut follows = self.head(claim.subject, Some(companion));
            follows.insert("value", value.clone());
            for kept in ["source", "attributed_to", "locator", "as_of", "rank"] {
                follows.extend(row.get(kept).map(|text| (kept, text.clone())));
            }
            if stated.contains(&follows) {
                row.insert(cell, value);
                companions.insert(follows);
            }
        }
        Ok(())
    }

    fn text(&self, property: &str, value: &Value) -> Result<String, ExchangeError> {
        let declared = self.schema.properties.get(property);
        declared.and_then(|declared| value_text(value, declared)).ok_or_else(|| {
            ExchangeError::Unpackable(format!(
                "property `{property}` has the value {value}, which its type does not write"
            ))
        })
    }
}

fn claim_key(claim: &Claim) -> Option<&SmolStr> {
    match &claim.statement {
        Statement::Property { key, .. } => Some(key),
        Statement::Existence { .. } => None,
    }
}

/// Returns labels as one cell.
fn joined(labels: &[impl AsRef<str>]) -> String {
    labels.iter().map(|label| escape_bar(label.as_ref())).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::package::facts::Facts;
    use crate::exchange::package::load::{load_builtin, load_facts};

    fn read(files: &PackageFiles) -> Snapshot {
        let facts = Facts::read(files).unwrap_or_else(|findings| panic!("{findings:#?}"));
        load_facts(facts).expect("the graph takes what it gave")
    }

    fn text(files: &PackageFiles) -> String {
        let shown = |(path, bytes): (&SmolStr, &[u8])| format!("== {path}\n{}", String::from_utf8_lossy(bytes));
        files.iter().map(shown).collect()
    }

    #[test]
    fn the_built_in_graph_comes_back_equal_and_to_the_byte() {
        let first = load_builtin().expect("the built-in package is good");
        let exported = export_package(&first).expect("all of it can be said");
        let second = read(&exported);
        let counts = |graph: &Snapshot| (graph.node_count(), graph.relationship_count(), graph.claim_count());
        assert_eq!(counts(&first), counts(&second));
        assert_eq!(first.catalogue().schema(), second.catalogue().schema());
        let again = export_package(&second).expect("all of it can be said");
        assert!(text(&exported) == text(&again), "the same graph gives the same bytes");
    }

    #[test]
    fn what_nobody_claims_and_nobody_declared_comes_back_too() {
        let mut files = PackageFiles::default();
        files.add(MANIFEST, "[graph]\nkey = \"id\"\n[labels]\nA = {}\n[types]\nR = { properties = [\"since\"] }\n[properties]\nid = { type = \"string\" }\n\
                             since = { type = \"date\" }\nwords = { type = \"string\", many = true }\n");
        files.add("entities.csv", "id,labels\na,A\nb,A\n");
        let statements = "subject,predicate,value,object,key,source\na,R,,b,1,\na,R,,b,2,\na,R.since,2019-04,b,2,\na,words,z|b\\|c,,,\n";
        files.add("statements.csv", statements);
        let graph = read(&files);
        let exported = export_package(&graph).expect("all of it can be said");
        assert!(text(&exported).contains(",words,z|b\\|c,"), "{}", text(&exported));
        assert!(text(&exported).contains("a,R.since,2019-04,b,"), "{}", text(&exported));
        assert_eq!(text(&export_package(&read(&exported)).expect("it can be said")), text(&exported));
    }
}
