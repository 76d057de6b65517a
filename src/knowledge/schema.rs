//! The declared schema: names in two languages, types, units and RDF terms of labels, relationship types and properties.
//!
//! A graph works without one. What is declared gives names their aliases, values their types and units, and facts their IRIs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// All that a graph declares about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schema {
    /// The graph's name.
    pub name: String,
    /// The version of its contents.
    pub version: String,
    /// The licence of its contents.
    pub licence: String,
    /// A sentence on what it holds.
    pub description: String,
    /// The IRI that elements' own IRIs begin with.
    pub base: String,
    /// Prefixes for IRIs, by name.
    pub prefixes: BTreeMap<String, String>,
    /// Which nodes are sources; none where claims are not used.
    pub source: Option<SourceDeclaration>,
    /// Says that a write must name its source.
    pub requires_sources: bool,
    /// The labels.
    pub labels: Vec<TermDeclaration>,
    /// The relationship types.
    pub relationship_types: Vec<TermDeclaration>,
    /// The property keys.
    pub properties: Vec<PropertyDeclaration>,
}

/// Which nodes are sources, and where their particulars stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SourceDeclaration {
    /// The label of sources.
    pub label: String,
    /// The property that holds a source's id.
    pub id: String,
    /// The property that holds the date of publication.
    pub date: String,
    /// The property that holds the kind of source, see [`SourceKind`].
    pub kind: String,
}

/// What a source is, as far as counting its claims goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A document: counts where the lens names it or names none.
    #[default]
    Document,
    /// General knowledge: counts under every lens that does not say `ONLY`.
    Gazetteer,
    /// Computed from other claims: counts under every lens that does not say `ONLY`.
    Derivation,
}

impl SourceKind {
    /// Returns the kind that a source's property names; anything unknown is a document.
    pub fn named(name: &str) -> SourceKind {
        match name {
            "gazetteer" => SourceKind::Gazetteer,
            "derivation" => SourceKind::Derivation,
            _ => SourceKind::Document,
        }
    }

    /// Says whether claims of such sources count where a lens names other sources without `ONLY`.
    pub fn counts_always(self) -> bool {
        self != SourceKind::Document
    }
}

/// Names that people read, by language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Names {
    /// The Chinese name.
    pub zh: String,
    /// The English name.
    pub en: String,
}

/// An RDF term: an IRI, written out or with one of the schema's prefixes.
pub type Term = String;

/// What is declared of a label or a relationship type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TermDeclaration {
    /// The name in the graph.
    pub name: String,
    /// The names that people read.
    pub names: Names,
    /// Other names that queries may use.
    pub aliases: Vec<String>,
    /// A sentence on its meaning.
    pub comment: String,
    /// The label's key: the property that names a node of it for good. Relationship types have none.
    pub key: Option<String>,
    /// The labels that a relationship of this type may start at; any where empty. Labels have none.
    pub start: Vec<String>,
    /// The labels that a relationship of this type may end at; any where empty. Labels have none.
    pub end: Vec<String>,
    /// The own RDF class or predicate.
    pub iri: Term,
    /// Terms of other vocabularies that the own one specialises.
    pub broader: Vec<Term>,
    /// Terms of other vocabularies that say the same the other way round.
    pub inverse: Vec<Term>,
}

/// What is declared of a property.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PropertyDeclaration {
    /// The name in the graph.
    pub name: String,
    /// The names that people read.
    pub names: Names,
    /// Other names that queries may use.
    pub aliases: Vec<String>,
    /// A sentence on its meaning.
    pub comment: String,
    /// The labels or relationship types that it stands on; any where empty.
    pub on: Vec<String>,
    /// The kind of value.
    pub value: ValueType,
    /// The unit of its numbers, such as `CNY` or `m²`.
    pub unit: Option<String>,
    /// Says that it has several values at once, kept as a list.
    pub many: bool,
    /// Says that its values carry a comparator (about, at least, …).
    pub comparator: bool,
    /// The values allowed; any where empty.
    pub values: Vec<String>,
    /// The language of its strings (BCP 47), where they have one.
    pub language: Option<String>,
    /// The own RDF predicate.
    pub iri: Term,
    /// Terms of other vocabularies that the own one specialises.
    pub broader: Vec<Term>,
}

/// The kind of value that a property is declared to have.
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
    /// A calendar date.
    Date,
    /// A date, or only its year, or year and month.
    PartialDate,
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

impl Schema {
    /// Returns what is declared of a label, by its name in the graph.
    pub fn label(&self, name: &str) -> Option<&TermDeclaration> {
        self.labels.iter().find(|declared| declared.name == name)
    }

    /// Returns what is declared of a relationship type, by its name in the graph.
    pub fn relationship_type(&self, name: &str) -> Option<&TermDeclaration> {
        self.relationship_types.iter().find(|declared| declared.name == name)
    }

    /// Returns what is declared of a property, by its name in the graph.
    pub fn property(&self, name: &str) -> Option<&PropertyDeclaration> {
        self.properties.iter().find(|declared| declared.name == name)
    }
}
