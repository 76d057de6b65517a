//! The terms of other vocabularies that every graph is written with, and our own few for claims and values.
//!
//! Own terms lie in one fixed namespace, so that a file read without its schema still says which of its triples are claims. A schema may use
//! the same namespace for its terms; [`super::Mapping`] refuses one that takes a term of this list.

/// Terms of RDF itself.
pub mod rdf {
    /// The namespace.
    pub const NAMESPACE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    /// Relates a thing to its class.
    pub const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
    /// The class of predicates.
    pub const PROPERTY: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property";
    /// Relates a reifier to the triple that it is about (RDF 1.2).
    pub const REIFIES: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies";
    /// The class of reified triples (RDF 1.1).
    pub const STATEMENT: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement";
    /// Relates a reified triple to its subject.
    pub const SUBJECT: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject";
    /// Relates a reified triple to its predicate.
    pub const PREDICATE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate";
    /// Relates a reified triple to its object.
    pub const OBJECT: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#object";
    /// Relates a node to the value that it stands for.
    pub const VALUE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#value";
    /// The datatype of JSON texts.
    pub const JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
    /// The datatype of text in a language.
    pub const LANG_STRING: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";
    /// The datatype of text in a language with a base direction.
    pub const DIR_LANG_STRING: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#dirLangString";
}

/// Terms of RDF Schema.
pub mod rdfs {
    /// The class of classes.
    pub const CLASS: &str = "http://www.w3.org/2000/01/rdf-schema#Class";
    /// The class of everything.
    pub const RESOURCE: &str = "http://www.w3.org/2000/01/rdf-schema#Resource";
    /// Relates a term to what people call it.
    pub const LABEL: &str = "http://www.w3.org/2000/01/rdf-schema#label";
    /// Relates a term to a sentence on its meaning.
    pub const COMMENT: &str = "http://www.w3.org/2000/01/rdf-schema#comment";
    /// Relates a class to one above it.
    pub const SUB_CLASS_OF: &str = "http://www.w3.org/2000/01/rdf-schema#subClassOf";
    /// Relates a predicate to one above it.
    pub const SUB_PROPERTY_OF: &str = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf";
}

/// Datatypes of XML Schema.
pub mod xsd {
    /// The namespace.
    pub const NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema#";
    /// Text.
    pub const STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
    /// True or false.
    pub const BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
    /// Integers.
    pub const INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
    /// 64-bit floats.
    pub const DOUBLE: &str = "http://www.w3.org/2001/XMLSchema#double";
    /// Dates.
    pub const DATE: &str = "http://www.w3.org/2001/XMLSchema#date";
    /// Years.
    pub const YEAR: &str = "http://www.w3.org/2001/XMLSchema#gYear";
    /// Years with months.
    pub const YEAR_MONTH: &str = "http://www.w3.org/2001/XMLSchema#gYearMonth";
    /// Times of day.
    pub const TIME: &str = "http://www.w3.org/2001/XMLSchema#time";
    /// Dates with times of day.
    pub const DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";
    /// Durations.
    pub const DURATION: &str = "http://www.w3.org/2001/XMLSchema#duration";
}

/// Terms of other vocabularies.
pub mod other {
    /// Relates a claim to the document that states it (PROV-O).
    pub const HAD_PRIMARY_SOURCE: &str = "http://www.w3.org/ns/prov#hadPrimarySource";
    /// Relates a claim to whom the source names (PROV-O).
    pub const WAS_ATTRIBUTED_TO: &str = "http://www.w3.org/ns/prov#wasAttributedTo";
    /// The class of things with a provenance (PROV-O).
    pub const ENTITY: &str = "http://www.w3.org/ns/prov#Entity";
    /// Relates a statement to its rank (Wikibase).
    pub const RANK: &str = "http://wikiba.se/ontology#rank";
    /// The best rank (Wikibase).
    pub const PREFERRED: &str = "http://wikiba.se/ontology#PreferredRank";
    /// The usual rank (Wikibase).
    pub const NORMAL: &str = "http://wikiba.se/ontology#NormalRank";
    /// The rank of what is known to be wrong (Wikibase).
    pub const DEPRECATED: &str = "http://wikiba.se/ontology#DeprecatedRank";
    /// The class of numbers with units (schema.org).
    pub const QUANTITATIVE_VALUE: &str = "https://schema.org/QuantitativeValue";
    /// Relates a quantity to its number (schema.org).
    pub const VALUE: &str = "https://schema.org/value";
    /// Relates an amount of money to the code of its currency (schema.org).
    pub const CURRENCY: &str = "https://schema.org/currency";
    /// Relates a quantity to the name of its unit (schema.org).
    pub const UNIT_TEXT: &str = "https://schema.org/unitText";
    /// Relates a term to a class of things that may bear it (schema.org).
    pub const DOMAIN_INCLUDES: &str = "https://schema.org/domainIncludes";
    /// Relates a term to a class of its values (schema.org).
    pub const RANGE_INCLUDES: &str = "https://schema.org/rangeIncludes";
    /// Relates a predicate to one that says the same in the other direction (schema.org).
    pub const INVERSE_OF: &str = "https://schema.org/inverseOf";
    /// Relates a quantity to its unit (QUDT).
    pub const HAS_UNIT: &str = "http://qudt.org/schema/qudt/hasUnit";
    /// Relates a term to another name of it (SKOS).
    pub const ALT_LABEL: &str = "http://www.w3.org/2004/02/skos/core#altLabel";
    /// Relates a work to its title (Dublin Core).
    pub const TITLE: &str = "http://purl.org/dc/terms/title";
    /// Relates a work to its licence (Dublin Core).
    pub const LICENSE: &str = "http://purl.org/dc/terms/license";
    /// The class of collections of triples (VoID).
    pub const DATASET: &str = "http://rdfs.org/ns/void#Dataset";
    /// Relates a work to its version (OWL).
    pub const VERSION: &str = "http://www.w3.org/2002/07/owl#versionInfo";
}

/// The namespace of the own terms.
pub const NAMESPACE: &str = "https://example.org/yuanpu/ns#";
/// Below which elements have their IRIs where the schema names no base.
pub const DEFAULT_BASE: &str = "https://example.org/yuanpu/id/";
/// Below which names have their IRIs where the schema gives them none.
pub const NAMES: &str = "https://example.org/yuanpu/name/";

/// The source of what a file's default graph alone says where its named graphs say otherwise.
pub const DEFAULT_GRAPH: &str = "https://example.org/yuanpu/ns#DefaultGraph";

/// Prefixes of the namespaces that every graph is written with.
pub const PREFIXES: &[(&str, &str)] = &[
    ("yp", NAMESPACE),
    ("rdf", rdf::NAMESPACE),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("xsd", xsd::NAMESPACE),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("wikibase", "http://wikiba.se/ontology#"),
    ("schema", "https://schema.org/"),
    ("qudt", "http://qudt.org/schema/qudt/"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("void", "http://rdfs.org/ns/void#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
];

/// The own terms.
pub mod own {
    /// The class of claims.
    pub const CLAIM: &str = "https://example.org/yuanpu/ns#Claim";
    /// The class of nodes that stand for a relationship whose type declares no class.
    pub const RELATIONSHIP: &str = "https://example.org/yuanpu/ns#Relationship";
    /// Relates a claim or a quantity to the date that it holds for.
    pub const AS_OF: &str = "https://example.org/yuanpu/ns#asOf";
    /// Relates a claim to the value in the source's own notation.
    pub const AS_PRINTED: &str = "https://example.org/yuanpu/ns#asPrinted";
    /// Relates a claim to its place in the source.
    pub const LOCATOR: &str = "https://example.org/yuanpu/ns#locator";
    /// Relates a claim to whom the source names, as it was recorded.
    pub const ATTRIBUTED_TO: &str = "https://example.org/yuanpu/ns#attributedTo";
    /// Relates a claim to a remark of whoever recorded it.
    pub const REMARK: &str = "https://example.org/yuanpu/ns#remark";
    /// Relates a claim or a quantity to the name of its unit.
    pub const STATED_UNIT: &str = "https://example.org/yuanpu/ns#statedUnit";
    /// Relates a claim or a quantity to how the number relates to the true one.
    pub const STATED_COMPARATOR: &str = "https://example.org/yuanpu/ns#statedComparator";
    /// Relates a thing to a value of it with its unit.
    pub const QUANTITY: &str = "https://example.org/yuanpu/ns#quantity";
    /// The class of lists whose order or repetitions count.
    pub const ORDERED_LIST: &str = "https://example.org/yuanpu/ns#OrderedList";
    /// Relates the graph or a term to its declaration.
    pub const DECLARATION: &str = "https://example.org/yuanpu/ns#declaration";
    /// The datatype of values that XML Schema has no datatype for, in the notation of openCypher.
    pub const TEMPORAL: &str = "https://example.org/yuanpu/ns#temporal";
}

/// Below which saved answers have their IRIs.
pub const ANSWERS: &str = "https://example.org/yuanpu/answer/";

/// The terms of saved answers: nanopublications, result sets as the tests of SPARQL write them, PROV-O, and own ones.
pub mod answer {
    pub use super::other::{HAD_PRIMARY_SOURCE, VERSION};
    pub use super::own::{AS_PRINTED, CLAIM, LOCATOR};
    pub use super::rdf::JSON;
    pub use super::xsd::{DATE_TIME, INTEGER};

    /// Prefixes of the namespaces used.
    pub const PREFIXES: &[(&str, &str)] = &[
        ("np", "http://www.nanopub.org/nschema#"),
        ("rs", "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"),
        ("prov", "http://www.w3.org/ns/prov#"),
        ("dcterms", "http://purl.org/dc/terms/"),
        ("owl", "http://www.w3.org/2002/07/owl#"),
        ("rdf", super::rdf::NAMESPACE),
        ("xsd", super::xsd::NAMESPACE),
        ("yp", super::NAMESPACE),
    ];
    /// The class of nanopublications.
    pub const NANOPUBLICATION: &str = "http://www.nanopub.org/nschema#Nanopublication";
    /// Relates a nanopublication to the graph of what it says.
    pub const HAS_ASSERTION: &str = "http://www.nanopub.org/nschema#hasAssertion";
    /// Relates a nanopublication to the graph of where that comes from.
    pub const HAS_PROVENANCE: &str = "http://www.nanopub.org/nschema#hasProvenance";
    /// Relates a nanopublication to the graph of how it was made.
    pub const HAS_PUBLICATION_INFO: &str = "http://www.nanopub.org/nschema#hasPublicationInfo";
    /// The class of rows of an answer.
    pub const RESULT_SET: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#ResultSet";
    /// Relates rows to the name of a column.
    pub const RESULT_VARIABLE: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#resultVariable";
    /// Relates rows to a row.
    pub const SOLUTION: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#solution";
    /// Relates a row to its place.
    pub const INDEX: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#index";
    /// Relates a row to a cell.
    pub const BINDING: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#binding";
    /// Relates a cell to the name of its column.
    pub const VARIABLE: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#variable";
    /// Relates a cell to its value.
    pub const VALUE: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#value";
    /// Relates what is said to what it comes from (PROV-O).
    pub const WAS_DERIVED_FROM: &str = "http://www.w3.org/ns/prov#wasDerivedFrom";
    /// Relates an answer to when it was asked (Dublin Core).
    pub const CREATED: &str = "http://purl.org/dc/terms/created";
    /// Relates rows, or a cell, to a column.
    pub const COLUMN: &str = "https://example.org/yuanpu/ns#column";
    /// Relates a column to its place.
    pub const PLACE: &str = "https://example.org/yuanpu/ns#place";
    /// Relates a row to a claim, or to a note that there is none.
    pub const RESTS_ON: &str = "https://example.org/yuanpu/ns#restsOn";
    /// Relates a claim to what it is to a row.
    pub const STATE: &str = "https://example.org/yuanpu/ns#state";
    /// Relates a claim to the name of what it speaks of.
    pub const ELEMENT: &str = "https://example.org/yuanpu/ns#element";
    /// Relates a claim to the name of the property that it speaks of.
    pub const PROPERTY: &str = "https://example.org/yuanpu/ns#property";
    /// Relates a claim to the value that it states.
    pub const STATED_VALUE: &str = "https://example.org/yuanpu/ns#statedValue";
    /// Relates a claim to the id of its source.
    pub const SOURCE_ID: &str = "https://example.org/yuanpu/ns#sourceId";
    /// Relates an answer to the text of its query.
    pub const QUERY: &str = "https://example.org/yuanpu/ns#query";
    /// Relates an answer to the values of its parameters.
    pub const PARAMETERS: &str = "https://example.org/yuanpu/ns#parameters";
    /// Relates an answer to the prefixes that its query was read through.
    pub const LENS: &str = "https://example.org/yuanpu/ns#lens";
    /// Relates an answer to the name of its graph.
    pub const GRAPH: &str = "https://example.org/yuanpu/ns#graph";
}

/// Every own term with what people call it and what it means.
pub const OWN_TERMS: &[(&str, &str, &str, &str)] = &[
    (own::CLAIM, "claim", "声明", "A statement that a source makes at a place."),
    (own::RELATIONSHIP, "relationship", "关系", "A relationship with properties of its own."),
    (own::AS_OF, "as of", "截至", "The date that a statement holds for."),
    (own::AS_PRINTED, "as printed", "原文写法", "The value in the source's own notation."),
    (own::LOCATOR, "locator", "出处位置", "The place in the source: section, table and row, or line."),
    (own::ATTRIBUTED_TO, "attributed to", "转引自", "Whom the source itself names as saying so."),
    (own::REMARK, "remark", "备注", "A remark of whoever recorded the claim."),
    (own::STATED_UNIT, "stated unit", "单位", "The unit of a number."),
    (own::STATED_COMPARATOR, "stated comparator", "口径", "How a stated number relates to the true one."),
    (own::QUANTITY, "quantity", "数值", "A value together with its unit."),
    (own::ORDERED_LIST, "ordered list", "有序列表", "The values of a property whose order or repetitions count."),
    (own::DECLARATION, "declaration", "定义", "What the schema of the graph declares, as JSON."),
    (own::TEMPORAL, "temporal value", "时间值", "A temporal value that no datatype of XML Schema carries."),
];
