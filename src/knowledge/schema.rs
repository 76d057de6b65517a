//! The declared schema: names in two languages, types, units and RDF terms of labels, relationship types and properties.
//!
//! A graph works without one. What is declared gives names their aliases, values their types and units, and facts their IRIs. Its fields
//! are those of a package's `graph.toml`, so that reading one is reading this type.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// All that a graph declares about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schema {
    /// What the graph is.
    pub graph: GraphDeclaration,
    /// Which nodes are sources; none where claims are not used.
    pub source: Option<SourceDeclaration>,
    /// Prefixes for IRIs, by name.
    pub prefixes: BTreeMap<String, String>,
    /// Units of numbers, by name.
    pub units: BTreeMap<String, UnitDeclaration>,
    /// The labels, by name.
    pub labels: BTreeMap<String, LabelDeclaration>,
    /// The relationship types, by name.
    pub types: BTreeMap<String, TypeDeclaration>,
    /// The properties, by name.
    pub properties: BTreeMap<String, PropertyDeclaration>,
    /// What elements a graph may have, as text, by the name under which it is kept.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub graph_types: BTreeMap<String, String>,
}

/// What a graph is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GraphDeclaration {
    /// Its name.
    pub name: String,
    /// What people call it, by language.
    pub title: BTreeMap<String, String>,
    /// The version of its contents.
    pub version: String,
    /// The licence of its contents.
    pub licence: String,
    /// The IRI below which elements have theirs.
    pub base: String,
    /// The IRI below which own terms have theirs.
    pub vocabulary: String,
    /// The property that holds a node's id: unique and indexed for every label.
    pub key: String,
    /// Says that a write must name its source.
    pub requires_sources: bool,
    /// Says that a write of what is not declared is refused.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}

/// Which nodes are sources, and where their particulars stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SourceDeclaration {
    /// The label of sources.
    pub label: String,
    /// The property that holds a source's id.
    pub id: String,
    /// The property that holds its title.
    pub title: String,
    /// The property that holds the date of publication.
    pub date: String,
    /// The property that holds the kind of source.
    pub kind: String,
    /// The relationship type from a source to one that it repeats; what both state is stated once.
    pub repeats: String,
    /// Kinds whose claims count under every lens that does not say `ONLY`.
    pub background: Vec<String>,
    /// Kinds whose claims count as values and never by themselves support that an element is there.
    pub silent: Vec<String>,
}

/// The terms of RDFS, SKOS, schema.org and FOAF that say of a property that it holds names.
const NAME_TERMS: [&str; 7] = [
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.w3.org/2004/02/skos/core#hiddenLabel",
    "https://schema.org/name",
    "https://schema.org/alternateName",
    "http://xmlns.com/foaf/0.1/name",
];

/// A unit of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnitDeclaration {
    /// The Chinese name.
    pub zh: String,
    /// The English name.
    pub en: String,
    /// The code of ISO 4217, for money.
    pub code: Option<String>,
    /// Its IRI.
    pub iri: Option<Term>,
}

/// An RDF term: an IRI, written out or with one of the schema's prefixes.
pub type Term = String;

/// What is declared of a label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LabelDeclaration {
    /// The Chinese name, which is an alias too.
    pub zh: String,
    /// The English name.
    pub en: String,
    /// Other names that queries may use.
    pub aliases: Vec<String>,
    /// A sentence on its meaning.
    pub comment: String,
    /// The property that names a node of it for good, where it is not the graph's.
    pub key: Option<String>,
    /// Labels that such a node has too.
    pub implies: Vec<String>,
    /// The properties that a node of it may carry; any that is declared where it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<Vec<String>>,
    /// The own RDF class.
    pub iri: Term,
    /// Classes of other vocabularies above it.
    pub sub_of: Vec<Term>,
}

/// What is declared of a relationship type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TypeDeclaration {
    /// The Chinese name, which is an alias too.
    pub zh: String,
    /// The English name.
    pub en: String,
    /// Other names that queries may use.
    pub aliases: Vec<String>,
    /// A sentence on its meaning.
    pub comment: String,
    /// The labels of which one must be at its start; any where empty.
    pub from: Vec<String>,
    /// The labels of which one must be at its end; any where empty.
    pub to: Vec<String>,
    /// The properties that it may carry.
    pub properties: Vec<String>,
    /// The own RDF predicate.
    pub iri: Term,
    /// Predicates of other vocabularies above it.
    pub sub_of: Vec<Term>,
    /// Predicates of other vocabularies that say the same in the other direction.
    pub inverse_of: Vec<Term>,
    /// The RDF node that carries its properties.
    pub node: Option<TypeNode>,
}

/// The RDF node that stands for a relationship with properties.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TypeNode {
    /// Its class.
    pub class: Term,
    /// The predicate to the relationship's start.
    pub from: Term,
    /// The predicate to the relationship's end.
    pub to: Term,
}

/// What is declared of a property.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PropertyDeclaration {
    /// The Chinese name, which is an alias too.
    pub zh: String,
    /// The English name.
    pub en: String,
    /// Other names that queries may use.
    pub aliases: Vec<String>,
    /// A sentence on its meaning.
    pub comment: String,
    /// The type of its values.
    #[serde(rename = "type")]
    pub value: ValueType,
    /// The unit of its numbers, by name.
    pub unit: Option<String>,
    /// The language of its texts (BCP 47).
    pub language: Option<String>,
    /// Says that it has several values at once, kept as a list.
    pub many: bool,
    /// Says that different values are variants of wording and no disagreement.
    pub variant: bool,
    /// The words allowed, with their Chinese names; any where empty.
    pub values: BTreeMap<String, String>,
    /// Columns of a statement that are claims of other properties: column to property.
    pub companions: BTreeMap<String, String>,
    /// The RDF class of the node that holds a value with its unit.
    pub value_class: Option<Term>,
    /// The own RDF predicate.
    pub iri: Term,
    /// Predicates of other vocabularies above it.
    pub sub_of: Vec<Term>,
    /// Predicates of other vocabularies that say the same in the other direction.
    pub inverse_of: Vec<Term>,
}

/// The type that a property's values are declared to have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueType {
    /// Whatever is given.
    #[default]
    Any,
    /// True or false.
    Boolean,
    /// A 64-bit integer.
    Integer,
    /// A 64-bit float.
    Float,
    /// Text.
    String,
    /// A date, or only its year, or year and month.
    Date,
    /// A local time of day.
    LocalTime,
    /// A time of day with offset.
    Time,
    /// A date and local time of day.
    LocalDateTime,
    /// A date and time of day with offset.
    DateTime,
    /// A duration.
    Duration,
    /// Text with a language or datatype.
    Literal,
}

impl ValueType {
    /// Returns the type in the words of the language.
    pub fn name(self) -> &'static str {
        match self {
            ValueType::Any => "ANY",
            ValueType::Boolean => "BOOLEAN",
            ValueType::Integer => "INTEGER",
            ValueType::Float => "FLOAT",
            ValueType::String => "STRING",
            ValueType::Date => "DATE",
            ValueType::LocalTime => "LOCAL TIME",
            ValueType::Time => "ZONED TIME",
            ValueType::LocalDateTime => "LOCAL DATETIME",
            ValueType::DateTime => "ZONED DATETIME",
            ValueType::Duration => "DURATION",
            ValueType::Literal => "LITERAL",
        }
    }
}

impl Schema {
    /// Says whether claims of a kind of source count under every lens that does not say `ONLY`.
    pub fn is_background(&self, kind: &str) -> bool {
        self.source.as_ref().is_some_and(|source| source.background.iter().any(|known| known == kind))
    }

    /// Says whether claims of a kind of source never by themselves support that an element is there.
    pub fn is_silent(&self, kind: &str) -> bool {
        self.source.as_ref().is_some_and(|source| source.silent.iter().any(|known| known == kind))
    }

    /// Says whether a property has several values at once.
    pub fn is_many(&self, property: &str) -> bool {
        self.properties.get(property).is_some_and(|declared| declared.many)
    }

    /// Returns the properties that hold names: those declared below a label of RDFS or SKOS, or a name of schema.org or FOAF.
    pub fn name_properties(&self) -> impl Iterator<Item = &str> {
        let is_name = |term: &Term| {
            let (prefix, rest) = term.split_once(':').unwrap_or_default();
            NAME_TERMS.iter().any(|known| match self.prefixes.get(prefix) {
                Some(start) => known.strip_prefix(start.as_str()) == Some(rest),
                None => known == term,
            })
        };
        let holds_names = move |declared: &PropertyDeclaration| declared.sub_of.iter().any(is_name);
        self.properties.iter().filter(move |(_, declared)| holds_names(declared)).map(|(name, _)| name.as_str())
    }

    /// Returns the property that names a node of a label for good, if one is declared.
    pub fn key_of(&self, label: &str) -> Option<&str> {
        let own = self.labels.get(label).and_then(|declared| declared.key.as_deref());
        own.or(Some(self.graph.key.as_str())).filter(|key| !key.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_package_reads_as_a_schema() {
        let text = include_str!("../../data/graph.toml");
        let schema: Schema = toml::from_str(text).expect("graph.toml has only what a schema declares");
        assert!(schema.labels.values().all(|label| !label.zh.is_empty()));
        assert!(schema.is_many("aliases") && !schema.is_many("name"));
        assert!(schema.is_background("gazetteer") && schema.is_silent("derivation"));
        assert_eq!(schema.key_of("Person"), Some("id"));
        let names: Vec<&str> = schema.name_properties().collect();
        assert_eq!(names, ["aliases", "aliases_en", "misprints", "name", "name_en", "nicknames", "pinyin"]);
    }
}
