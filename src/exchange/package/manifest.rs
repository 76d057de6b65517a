//! `graph.toml` as a schema, and whether what it declares fits together.

use std::collections::BTreeMap;

use crate::diagnostic::{line_and_column, nearest};
use crate::exchange::{ExchangeError, Finding};
use crate::knowledge::Schema;

use super::files::MANIFEST;

/// Reads a schema.
///
/// # Errors
/// If the text is not TOML, or has something that a schema does not.
pub fn read_manifest(text: &str) -> Result<Schema, Finding> {
    toml::from_str(text).map_err(|error| {
        let message = error.message().trim().replace('\n', " ");
        let finding = Finding::in_file(MANIFEST, message);
        match error.span() {
            Some(span) => {
                let (line, column) = line_and_column(text, span.start);
                finding.at(line as u64, column as u64)
            }
            None => finding,
        }
    })
}

/// Returns what of a schema does not fit together: names used and not declared, names that stand for two things.
pub fn check_schema(text: &str, schema: &Schema) -> Vec<Finding> {
    let mut check = Check { text, schema, findings: Vec::new() };
    check.graph();
    check.labels();
    check.types();
    check.properties();
    check.names("labels", schema.labels.iter().map(|(name, label)| (name, &label.zh, &label.aliases)));
    check.names("types", schema.types.iter().map(|(name, kind)| (name, &kind.zh, &kind.aliases)));
    check.names("properties", schema.properties.iter().map(|(name, key)| (name, &key.zh, &key.aliases)));
    check.findings
}

/// Returns the text of a schema, without what is not said.
///
/// # Errors
/// If it cannot be written as TOML.
pub fn manifest_text(schema: &Schema) -> Result<String, ExchangeError> {
    let unwritable = |error: toml::ser::Error| ExchangeError::Unpackable(format!("the schema is no TOML: {error}"));
    let mut whole = toml::Table::try_from(schema).map_err(unwritable)?;
    for (section, value) in &mut whole {
        let toml::Value::Table(entries) = value else { continue };
        if ["labels", "types", "properties", "units"].contains(&section.as_str()) {
            // Those are declared by being there, even with nothing said of them; that a label has no properties is something said.
            let own = |entry: &toml::Value| entry.get("properties").filter(|_| section == "labels").cloned();
            for (_, entry) in entries.iter_mut() {
                let properties = own(entry);
                prune(entry);
                if let (toml::Value::Table(entry), Some(properties)) = (entry, properties) {
                    entry.insert("properties".to_owned(), properties);
                }
            }
        } else {
            entries.iter_mut().for_each(|(_, entry)| prune(entry));
            entries.retain(|_, entry| says_something(entry));
        }
    }
    whole.retain(|_, entry| says_something(entry));
    toml::to_string(&whole).map_err(unwritable)
}

fn prune(value: &mut toml::Value) {
    if let toml::Value::Table(entries) = value {
        entries.iter_mut().for_each(|(_, entry)| prune(entry));
        entries.retain(|_, entry| says_something(entry));
    }
}

fn says_something(value: &toml::Value) -> bool {
    match value {
        toml::Value::String(text) => !text.is_empty(),
        toml::Value::Array(items) => !items.is_empty(),
        toml::Value::Table(entries) => !entries.is_empty(),
        toml::Value::Boolean(truth) => *truth,
        _ => true,
    }
}

struct Check<'s> {
    text: &'s str,
    schema: &'s Schema,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn graph(&mut self) {
        let schema = self.schema;
        self.property("graph", "key", Some(&schema.graph.key));
        let Some(source) = &schema.source else {
            return;
        };
        self.label("source", "label", &source.label);
        for property in [&source.id, &source.title, &source.date, &source.kind] {
            self.property("source", "label", Some(property).filter(|name| !name.is_empty()));
        }
    }

    fn labels(&mut self) {
        let schema = self.schema;
        for (name, label) in &schema.labels {
            label.implies.iter().for_each(|implied| self.label("labels", name, implied));
            self.property("labels", name, label.key.as_ref());
        }
    }

    fn types(&mut self) {
        let schema = self.schema;
        for (name, kind) in &schema.types {
            kind.from.iter().chain(&kind.to).for_each(|label| self.label("types", name, label));
            kind.properties.iter().for_each(|property| self.property("types", name, Some(property)));
        }
    }

    fn properties(&mut self) {
        let schema = self.schema;
        for (name, property) in &schema.properties {
            if let Some(unit) = property.unit.as_ref().filter(|unit| !schema.units.contains_key(*unit)) {
                let known = schema.units.keys().map(String::as_str);
                self.add("properties", name, format!("unit `{unit}` is not declared"), nearest(unit, known));
            }
            for (column, companion) in &property.companions {
                if !["unit", "comparator", "as_of"].contains(&column.as_str()) {
                    self.add("properties", name, format!("column `{column}` has no companion property"), None);
                }
                self.property("properties", name, Some(companion));
            }
        }
    }

    /// Finds names that stand for two things of one sort.
    fn names<'a>(
        &mut self,
        section: &str,
        declared: impl Iterator<Item = (&'a String, &'a String, &'a Vec<String>)> + Clone,
    ) {
        let mut owners: BTreeMap<&str, &str> =
            declared.clone().map(|(name, ..)| (name.as_str(), name.as_str())).collect();
        for (name, zh, aliases) in declared {
            for alias in aliases.iter().chain([zh]).filter(|alias| !alias.is_empty()) {
                match owners.insert(alias, name) {
                    Some(owner) => {
                        self.add(section, name, format!("`{alias}` is a name of `{owner}` already"), None);
                        owners.insert(alias, owner);
                    }
                    None => continue,
                }
            }
        }
    }

    fn label(&mut self, section: &str, owner: &str, name: &str) {
        if !self.schema.labels.contains_key(name) {
            let near = nearest(name, self.schema.labels.keys().map(String::as_str));
            self.add(section, owner, format!("label `{name}` is not declared"), near);
        }
    }

    fn property(&mut self, section: &str, owner: &str, name: Option<&String>) {
        let Some(name) = name.filter(|name| !self.schema.properties.contains_key(*name)) else {
            return;
        };
        let near = nearest(name, self.schema.properties.keys().map(String::as_str));
        self.add(section, owner, format!("property `{name}` is not declared"), near);
    }

    fn add(&mut self, section: &str, owner: &str, message: String, near: Option<&str>) {
        let line = line_of(self.text, section, owner);
        let hint = near.map(|near| format!("did you mean `{near}`?"));
        self.findings.push(Finding::in_file(MANIFEST, message).at(line, 0).with_hint(hint));
    }
}

/// Returns the line on which a section says something of a name; 0 where it is written otherwise.
fn line_of(text: &str, section: &str, name: &str) -> u64 {
    let (header, own_header) = (format!("[{section}]"), format!("[{section}.{name}]"));
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if line.starts_with(&own_header) {
            return index as u64 + 1;
        }
        if line.starts_with('[') {
            inside = line.starts_with(&header);
        }
        let rest = line.strip_prefix(name).map(str::trim_start);
        if inside && rest.is_some_and(|rest| rest.starts_with('=')) {
            return index as u64 + 1;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_package_names_all_its_words_in_chinese_and_in_rdf() {
        let text = include_str!("../../../data/graph.toml");
        let schema = read_manifest(text).expect("it is well formed");
        assert_eq!(check_schema(text, &schema), []);
        let labels = schema.labels.iter().map(|(name, label)| (name, &label.zh, &label.iri));
        let types = schema.types.iter().map(|(name, kind)| (name, &kind.zh, &kind.iri));
        let properties = schema.properties.iter().map(|(name, key)| (name, &key.zh, &key.iri));
        let bare: Vec<&String> = labels
            .chain(types)
            .chain(properties)
            .filter(|(_, zh, iri)| zh.is_empty() || iri.is_empty())
            .map(|(name, ..)| name)
            .collect();
        assert!(bare.is_empty(), "{bare:?}");
    }

    #[test]
    fn what_is_written_reads_back_equal() {
        let schema = read_manifest(include_str!("../../../data/graph.toml")).expect("it is well formed");
        let text = manifest_text(&schema).expect("a schema is TOML");
        assert_eq!(read_manifest(&text).expect("it was written so"), schema);
        assert!(!text.contains("\"\"") && !text.contains("[]"), "nothing is said of what is not said");
    }

    #[test]
    fn a_wrong_key_is_found_at_its_place() {
        let finding = read_manifest("[graph]\nname = \"x\"\nkeey = \"id\"\n").expect_err("there is no such key");
        assert_eq!((finding.line, finding.column), (3, 1), "{finding}");
    }

    #[test]
    fn names_that_are_not_declared_or_stand_for_two_things_are_found() {
        let text = "[graph]\nkey = \"id\"\n[labels]\nPark = { zh = \"园\" }\nGarden = { zh = \"园\", implies = [\"Prak\"] }\n\
                    [properties]\nid = { unit = \"kg\" }\n";
        let schema = read_manifest(text).expect("it is well formed");
        let findings: Vec<String> = check_schema(text, &schema).iter().map(Finding::to_string).collect();
        assert_eq!(
            findings,
            [
                "graph.toml:5: label `Prak` is not declared; did you mean `Park`?",
                "graph.toml:7: unit `kg` is not declared",
                "graph.toml:4: `园` is a name of `Garden` already",
            ]
        );
    }
}
