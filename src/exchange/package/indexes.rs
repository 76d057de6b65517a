//! `indexes.csv`: the indexes and constraints of a package beside its labels' keys, which reading a package makes by itself.
//!
//! ```csv
//! name,kind,entity,label,properties,type
//! cities_by_name,range,node,City,name,
//! one_rank_each,unique,relationship,RANKED_IN,edition|rank,
//! stars_are_whole,type,node,City,stars,INTEGER NOT NULL
//! ```
//! Names, kinds and types are those that `SHOW INDEXES` and `SHOW CONSTRAINTS` print. They are made when all else of the package is in the
//! graph, in the order of their names; one that the graph keeps already is left as it is. The kind `none` says of a label's key that reading
//! the package does not make it unique.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use crate::diagnostic::nearest;
use crate::exchange::{ExchangeError, Finding};
use crate::graph::{GraphError, IndexDefinition, IndexKind, IndexTarget, PropertyTypes, Snapshot, Transaction};
use crate::knowledge::Schema;
use crate::tabular::{CsvOptions, CsvReader, CsvRow, escape_bar, split_list};

use super::csv_text::csv_text;
use super::files::{INDEXES, PackageFiles};
use super::rows::finding;

/// The columns of the file; the last may be missing.
const COLUMNS: [&str; 6] = ["name", "kind", "entity", "label", "properties", "type"];

/// The words for kinds, with a stand-in for the one that says more.
const KINDS: [(&str, Option<IndexKind>); 7] = [
    ("range", Some(IndexKind::Range)),
    ("text", Some(IndexKind::Text)),
    ("unique", Some(IndexKind::Unique)),
    ("key", Some(IndexKind::Key)),
    ("not null", Some(IndexKind::Exists)),
    ("type", Some(IndexKind::Typed(PropertyTypes { plain: 0, items: 0, required: false }))),
    (NONE, None),
];

const NONE: &str = "none";

const NODE: &str = "node";
const RELATIONSHIP: &str = "relationship";

/// An index or constraint.
#[derive(Clone, Debug)]
pub struct IndexFact {
    /// Its name.
    pub name: SmolStr,
    /// What it is for; nothing where a label's key is not to be made unique.
    pub kind: Option<IndexKind>,
    /// Whether it is over nodes; over relationships otherwise.
    pub is_on_nodes: bool,
    /// The label or type of its elements.
    pub label: SmolStr,
    /// Its properties, in order.
    pub properties: Vec<SmolStr>,
    /// The line that says so.
    line: u64,
}

/// Reads the indexes and constraints of a package, in order of name; there are none if it has no such file.
///
/// # Errors
/// All that is wrong with the file.
pub fn read_indexes(files: &PackageFiles, schema: &Schema) -> Result<Vec<IndexFact>, Vec<Finding>> {
    let Some(bytes) = files.get(INDEXES) else { return Ok(Vec::new()) };
    let mut reader = CsvReader::new(bytes, INDEXES, CsvOptions::default()).map_err(|error| vec![finding(&error)])?;
    let mut findings: Vec<Finding> =
        COLUMNS[..5].iter().filter_map(|column| reader.column(column).err()).map(|error| finding(&error)).collect();
    for unknown in reader.columns().iter().filter(|column| !COLUMNS.contains(&column.as_str())) {
        let message = format!("column `{unknown}` means nothing here");
        findings.push(Finding::in_file(INDEXES, message).at(1, 0).with_hint(meant(unknown, COLUMNS)));
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let places = COLUMNS.map(|column| reader.columns().iter().position(|known| known == column));
    let mut facts: BTreeMap<SmolStr, IndexFact> = BTreeMap::new();
    loop {
        match reader.next_row() {
            Ok(Some(row)) => match (Line { row: &row, places, schema }).fact() {
                Ok(fact) => match facts.get(&fact.name) {
                    Some(first) => {
                        let message = format!("line {} names one `{}` already", first.line, fact.name);
                        findings.push(Finding::in_file(INDEXES, message).at(fact.line, 0));
                    }
                    None => drop(facts.insert(fact.name.clone(), fact)),
                },
                Err(found) => findings.push(found),
            },
            Ok(None) => break,
            Err(error) => {
                findings.push(finding(&error));
                break;
            }
        }
    }
    if findings.is_empty() { Ok(facts.into_values().collect()) } else { Err(findings) }
}

/// Makes indexes and constraints over what a transaction holds.
///
/// # Errors
/// What keeps one from being made, at its line.
pub fn create_indexes(transaction: &mut Transaction, facts: &[IndexFact]) -> Result<(), ExchangeError> {
    for fact in facts {
        let Some(definition) = fact.definition(transaction)? else { continue };
        let mut existing = transaction.view().catalogue().indexes().iter();
        if existing.any(|other| other.is_same(&definition) && other.kind == definition.kind) {
            continue;
        }
        transaction.create_index(definition).map_err(|error| {
            ExchangeError::Findings(vec![Finding::in_file(INDEXES, error.to_string()).at(fact.line, 0)])
        })?;
    }
    Ok(())
}

/// Returns the text of the file for a graph; none if it keeps just what reading a package of this schema makes by itself.
pub fn indexes_text(graph: &Snapshot, schema: &Schema) -> Option<String> {
    let catalogue = graph.catalogue();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for index in catalogue.indexes().iter().filter(|index| !is_made_by_itself(graph, index)) {
        let is_same_kind = |kind: &Option<IndexKind>| kind.is_some_and(|kind| kind.code() == index.kind.code());
        let kind = KINDS.iter().find(|(_, kind)| is_same_kind(kind)).map_or("", |(word, _)| word);
        let entity = if matches!(index.target, IndexTarget::Node(_)) { NODE } else { RELATIONSHIP };
        let properties: Vec<String> =
            index.keys.iter().map(|key| escape_bar(catalogue.property_key_name(*key))).collect();
        let types = if let IndexKind::Typed(types) = index.kind { types.words() } else { String::new() };
        let (name, label) = (index.name.to_string(), catalogue.target_name(index.target).to_string());
        rows.push(vec![name, kind.to_owned(), entity.to_owned(), label, properties.join("|"), types]);
    }
    for (label, property) in schema.labels.keys().filter_map(|label| Some((label, schema.key_of(label)?))) {
        let is_unique = catalogue.indexes().iter().any(|index| is_key_constraint(graph, index, label, property));
        if !is_unique {
            let cells = [&key_name(label, property), NONE, NODE, label, &escape_bar(property), ""];
            rows.push(cells.map(str::to_owned).to_vec());
        }
    }
    rows.sort();
    (!rows.is_empty()).then(|| csv_text(&COLUMNS, &rows))
}

/// Says whether the key of a label is not to be made unique.
pub fn is_left_out(facts: &[IndexFact], label: &str) -> bool {
    facts.iter().any(|fact| fact.kind.is_none() && fact.label == label)
}

/// Returns the constraint that reading a package makes of a label's key.
pub fn key_constraint(
    transaction: &mut Transaction,
    label: &str,
    property: &str,
) -> Result<IndexDefinition, GraphError> {
    let (target, key) = (IndexTarget::Node(transaction.label(label)?), transaction.property_key(property)?);
    Ok(IndexDefinition::single(key_name(label, property), target, key, IndexKind::Unique))
}

fn key_name(label: &str, property: &str) -> SmolStr {
    format_smolstr!("{label}_{property}_key")
}

fn is_made_by_itself(graph: &Snapshot, index: &IndexDefinition) -> bool {
    let catalogue = graph.catalogue();
    let label = catalogue.target_name(index.target);
    catalogue.schema().key_of(label).is_some_and(|property| {
        is_key_constraint(graph, index, label, property) && index.name == key_name(label, property)
    })
}

/// Says whether a constraint makes a property of a label's nodes unique.
fn is_key_constraint(graph: &Snapshot, index: &IndexDefinition, label: &str, property: &str) -> bool {
    let catalogue = graph.catalogue();
    let (IndexTarget::Node(own), IndexKind::Unique, [key]) = (index.target, index.kind, index.keys.as_slice()) else {
        return false;
    };
    catalogue.label_name(own) == label && catalogue.property_key_name(*key) == property
}

impl IndexFact {
    fn definition(&self, transaction: &mut Transaction) -> Result<Option<IndexDefinition>, GraphError> {
        let Some(kind) = self.kind else { return Ok(None) };
        let target = match self.is_on_nodes {
            true => IndexTarget::Node(transaction.label(&self.label)?),
            false => IndexTarget::Relationship(transaction.relationship_type(&self.label)?),
        };
        let keys = self.properties.iter().map(|property| transaction.property_key(property));
        let keys = keys.collect::<Result<Vec<_>, GraphError>>()?;
        Ok(Some(IndexDefinition { name: self.name.clone(), target, keys, kind }))
    }
}

/// A row of the file.
struct Line<'l> {
    row: &'l CsvRow<'l>,
    places: [Option<usize>; COLUMNS.len()],
    schema: &'l Schema,
}

impl Line<'_> {
    fn fact(&self) -> Result<IndexFact, Finding> {
        let name = self.given(0)?;
        let word = self.given(1)?;
        let known = || KINDS.iter().map(|(word, _)| *word);
        let found = KINDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind);
        let kind = found.ok_or_else(|| self.refused(1, format!("there is no kind `{word}`"), meant(word, known())))?;
        let entity = self.given(2)?;
        if ![NODE, RELATIONSHIP].contains(&entity) {
            let hint = Some(format!("write `{NODE}` or `{RELATIONSHIP}`"));
            return Err(self.refused(2, format!("`{entity}` has no indexes"), hint));
        }
        let is_on_nodes = entity == NODE;
        let label = self.given(3)?;
        match is_on_nodes {
            true => self.declared(3, "label", label, self.schema.labels.keys())?,
            false => self.declared(3, "relationship type", label, self.schema.types.keys())?,
        }
        let properties = split_list(self.given(4)?).map_err(|error| self.refused(4, error.to_string(), None))?;
        for property in &properties {
            self.declared(4, "property", property, self.schema.properties.keys())?;
        }
        let is_key = is_on_nodes && properties.len() == 1 && self.schema.key_of(label) == Some(properties[0].as_str());
        if kind.is_none() && !is_key {
            return Err(self.refused(4, format!("it is not the key of `{label}`"), None));
        }
        let may_be_several = matches!(kind, Some(IndexKind::Range | IndexKind::Unique | IndexKind::Key));
        if properties.len() > 1 && !may_be_several {
            return Err(self.refused(4, format!("one of kind `{word}` is over one property"), None));
        }
        Ok(IndexFact {
            name: name.into(),
            kind: self.with_types(kind)?,
            is_on_nodes,
            label: label.into(),
            properties: properties.into_iter().map(SmolStr::from).collect(),
            line: self.row.position().line,
        })
    }

    fn with_types(&self, kind: Option<IndexKind>) -> Result<Option<IndexKind>, Finding> {
        let words = self.text(5);
        match kind {
            Some(IndexKind::Typed(_)) => {
                let words = self.given(5)?;
                let hint =
                    || Some("types are written like `INTEGER | FLOAT` or `LIST<STRING NOT NULL> NOT NULL`".into());
                let types = PropertyTypes::read(words);
                let types = types.ok_or_else(|| self.refused(5, format!("`{words}` is no type"), hint()))?;
                Ok(Some(IndexKind::Typed(types)))
            }
            other if words.is_empty() => Ok(other),
            _ => Err(self.refused(5, "only a constraint of kind `type` has a type".to_owned(), None)),
        }
    }

    fn text(&self, column: usize) -> &str {
        self.places[column].map_or("", |place| self.row.text(place))
    }

    fn given(&self, column: usize) -> Result<&str, Finding> {
        match self.text(column) {
            "" => Err(self.refused(column, format!("`{}` is empty", COLUMNS[column]), None)),
            text => Ok(text),
        }
    }

    fn declared<'n>(
        &self,
        column: usize,
        sort: &str,
        name: &str,
        known: impl Iterator<Item = &'n String> + Clone,
    ) -> Result<(), Finding> {
        if known.clone().any(|known| known == name) {
            return Ok(());
        }
        let hint = meant(name, known.map(String::as_str));
        Err(self.refused(column, format!("{sort} `{name}` is not declared"), hint))
    }

    fn refused(&self, column: usize, message: String, hint: Option<String>) -> Finding {
        let position = self.places[column].map_or(self.row.position(), |place| self.row.field(place).position);
        Finding::in_file(INDEXES, message).at(position.line, position.column).with_hint(hint)
    }
}

fn meant<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::package::manifest::read_manifest;

    fn read(text: &str) -> Result<Vec<IndexFact>, Vec<String>> {
        let manifest = "[graph]\nkey = \"id\"\n[labels]\nCity = {}\n[types]\nRANKED_IN = { properties = [\"rank\"] }\n[properties]\nid = {}\n\
                        rank = {}\nname = {}\n";
        let schema = read_manifest(manifest).expect("it is well formed");
        let mut files = PackageFiles::default();
        files.add(INDEXES, text);
        read_indexes(&files, &schema).map_err(|findings| findings.iter().map(Finding::to_string).collect())
    }

    #[test]
    fn rows_come_in_order_of_name() {
        let facts = read(
            "name,kind,entity,label,properties,type\nz,text,node,City,name,\na,key,node,City,name|rank,\n\
             t,type,relationship,RANKED_IN,rank,INTEGER | FLOAT\n",
        );
        let facts = facts.expect("all of it is declared");
        let shown: Vec<String> =
            facts.iter().map(|fact| format!("{} {} {:?}", fact.name, fact.label, fact.properties)).collect();
        assert_eq!(shown, ["a City [\"name\", \"rank\"]", "t RANKED_IN [\"rank\"]", "z City [\"name\"]"]);
    }

    #[test]
    fn what_fits_nothing_is_found_at_its_cell() {
        let bad = "name,kind,entity,label,properties,type\na,rnge,node,City,name,\n,range,node,City,name,\nb,range,edge,City,name,\n\
                   c,range,node,Cty,name,\nd,range,node,City,name|nme,\ne,text,node,City,name|rank,\nf,type,node,City,rank,NUMBER\n\
                   g,type,node,City,rank,\nh,range,node,City,rank,INTEGER\nj,none,node,City,name,\ni,range,node,City,rank,\ni,text,node,City,name,\nk,none,node,City,id,\n";
        assert_eq!(
            read(bad).expect_err("nothing of it fits"),
            [
                "indexes.csv:2:3: there is no kind `rnge`; did you mean `range`?",
                "indexes.csv:3:1: `name` is empty",
                "indexes.csv:4:9: `edge` has no indexes; write `node` or `relationship`",
                "indexes.csv:5:14: label `Cty` is not declared; did you mean `City`?",
                "indexes.csv:6:19: property `nme` is not declared; did you mean `name`?",
                "indexes.csv:7:18: one of kind `text` is over one property",
                "indexes.csv:8:23: `NUMBER` is no type; types are written like `INTEGER | FLOAT` or `LIST<STRING NOT NULL> NOT NULL`",
                "indexes.csv:9:23: `type` is empty",
                "indexes.csv:10:24: only a constraint of kind `type` has a type",
                "indexes.csv:11:18: it is not the key of `City`",
                "indexes.csv:13: line 12 names one `i` already",
            ]
        );
        assert_eq!(
            read("name,kind,entity,lable,properties\n").expect_err("a column is missing"),
            [
                "indexes.csv:1:1: column `label` is missing in the header",
                "indexes.csv:1: column `lable` means nothing here; did you mean `label`?"
            ]
        );
    }
}
