//! The mapping: which term stands for which label, relationship type and property, as the schema declares or as the name gives.
//!
//! | shape | is written as | is read by |
//! | --- | --- | --- |
//! | label | class | own class |
//! | property | predicate with datatype or language | own predicate, literal |
//! | list | one triple a value | own predicate, several literals |
//! | relationship | predicate | own predicate, resource |
//! | relationship with properties | predicate, and a node with class and both ends | predicate to the start |
//! | value with unit | own predicate, and a node named after subject and property | own predicate |
//!
//! Each has one own term; the terms above it are written beside it and never read. Two declarations with one own term are refused.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use smol_str::{SmolStr, format_smolstr};

use crate::graph::{Catalogue, LabelId, PropertyKeyId, RelationshipTypeId};
use crate::knowledge::{PropertyDeclaration, Schema, TypeDeclaration};

use super::error::MappingError;
use super::iri::{encode, expand, is_iri};
use super::vocabulary::{self, OWN_TERMS, other, rdf, rdfs};

/// A vocabulary term's place in its mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(pub u32);

/// All terms of a graph.
#[derive(Clone, Debug)]
pub struct Mapping {
    schema: Arc<Schema>,
    base: SmolStr,
    iris: Vec<SmolStr>,
    ids: HashMap<SmolStr, TermId>,
    labels: Vec<LabelTerms>,
    types: Vec<TypeTerms>,
    properties: Vec<PropertyTerms>,
    label_of: HashMap<TermId, LabelId>,
    type_of: HashMap<TermId, RelationshipTypeId>,
    property_of: HashMap<TermId, PropertyKeyId>,
    /// The predicate from the node of a relationship to its start, and the type that has it.
    type_of_start: HashMap<TermId, RelationshipTypeId>,
}

/// The terms of a label.
#[derive(Clone, Debug)]
pub struct LabelTerms {
    /// The own class.
    pub class: TermId,
    /// The classes above it.
    pub above: Vec<TermId>,
}

/// The terms of a relationship type.
#[derive(Clone, Debug)]
pub struct TypeTerms {
    /// The own predicate.
    pub predicate: TermId,
    /// The predicates above it.
    pub above: Vec<TermId>,
    /// The predicates that say the same in the other direction.
    pub inverse: Vec<TermId>,
    /// How a node that stands for a relationship is written.
    pub node: NodeTerms,
}

/// The terms of a node that stands for a relationship.
#[derive(Clone, Debug)]
pub struct NodeTerms {
    /// Its class.
    pub class: TermId,
    /// The predicate to the start.
    pub from: TermId,
    /// The predicate to the end.
    pub to: TermId,
    /// The predicate to the relationship's own predicate, where class and ends do not tell the type.
    pub kind: Option<TermId>,
}

/// The terms of a property.
#[derive(Clone, Debug)]
pub struct PropertyTerms {
    /// The own predicate.
    pub predicate: TermId,
    /// The predicates above it.
    pub above: Vec<TermId>,
    /// The language of its texts.
    pub language: Option<SmolStr>,
    /// Says that it has several values at once.
    pub many: bool,
    /// How its values are written with their unit, if they are.
    pub quantity: Option<QuantityTerms>,
}

/// How a value is written together with its unit.
#[derive(Clone, Debug)]
pub struct QuantityTerms {
    /// The class of the node.
    pub class: TermId,
    /// Says that the predicates above the property lead to the node and not to the number.
    pub is_object: bool,
    /// The declared unit, by name.
    pub unit: Option<SmolStr>,
    /// The property that holds the unit.
    pub unit_key: Option<PropertyKeyId>,
    /// The property that holds the comparator.
    pub comparator_key: Option<PropertyKeyId>,
    /// The property that holds the date.
    pub as_of_key: Option<PropertyKeyId>,
}

impl Mapping {
    /// Returns the mapping of a graph's names.
    ///
    /// # Errors
    /// If a declared term is no IRI, or stands for two things.
    pub fn of(catalogue: &Catalogue) -> Result<Mapping, MappingError> {
        let schema = catalogue.schema().clone();
        let declared = schema.graph.base.as_str();
        let base =
            if is_iri(declared) { SmolStr::new(declared) } else { SmolStr::new_static(vocabulary::DEFAULT_BASE) };
        let mapping = Mapping {
            schema,
            base,
            iris: Vec::new(),
            ids: HashMap::new(),
            labels: Vec::new(),
            types: Vec::new(),
            properties: Vec::new(),
            label_of: HashMap::new(),
            type_of: HashMap::new(),
            property_of: HashMap::new(),
            type_of_start: HashMap::new(),
        };
        Builder { mapping, own: HashMap::new(), reserved: HashSet::new() }.build(catalogue)
    }

    /// Returns the declared schema.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Returns the IRI below which elements have theirs.
    pub fn base(&self) -> &SmolStr {
        &self.base
    }

    /// Returns the IRI of a term.
    pub fn iri(&self, term: TermId) -> &SmolStr {
        &self.iris[term.0 as usize]
    }

    /// Returns the term of an IRI, if it is one of the vocabulary.
    pub fn term(&self, iri: &str) -> Option<TermId> {
        self.ids.get(iri).copied()
    }

    /// Returns a term that every mapping has.
    pub fn known(&self, iri: &'static str) -> TermId {
        self.term(iri).expect("every mapping begins with the fixed terms")
    }

    /// Returns all terms.
    pub fn terms(&self) -> impl Iterator<Item = TermId> + use<> {
        (0..self.iris.len() as u32).map(TermId)
    }

    /// Returns the terms of a label.
    pub fn label(&self, label: LabelId) -> &LabelTerms {
        &self.labels[label.0 as usize]
    }

    /// Returns the terms of a relationship type.
    pub fn relationship_type(&self, kind: RelationshipTypeId) -> &TypeTerms {
        &self.types[kind.0 as usize]
    }

    /// Returns the terms of a property.
    pub fn property(&self, key: PropertyKeyId) -> &PropertyTerms {
        &self.properties[key.0 as usize]
    }

    /// Returns the label that a class stands for.
    pub fn label_of(&self, class: TermId) -> Option<LabelId> {
        self.label_of.get(&class).copied()
    }

    /// Returns the relationship type that a predicate stands for.
    pub fn type_of(&self, predicate: TermId) -> Option<RelationshipTypeId> {
        self.type_of.get(&predicate).copied()
    }

    /// Returns the property that a predicate stands for.
    pub fn property_of(&self, predicate: TermId) -> Option<PropertyKeyId> {
        self.property_of.get(&predicate).copied()
    }

    /// Returns the relationship type whose nodes have this predicate to their start.
    pub fn type_of_start(&self, predicate: TermId) -> Option<RelationshipTypeId> {
        self.type_of_start.get(&predicate).copied()
    }
}

/// The fixed terms of other vocabularies.
const FIXED: &[&str] = &[
    rdf::TYPE,
    rdf::PROPERTY,
    rdf::REIFIES,
    rdf::STATEMENT,
    rdf::SUBJECT,
    rdf::PREDICATE,
    rdf::OBJECT,
    rdf::VALUE,
    rdfs::CLASS,
    rdfs::RESOURCE,
    rdfs::LABEL,
    rdfs::COMMENT,
    rdfs::SUB_CLASS_OF,
    rdfs::SUB_PROPERTY_OF,
    other::HAD_PRIMARY_SOURCE,
    other::WAS_ATTRIBUTED_TO,
    other::ENTITY,
    other::RANK,
    other::PREFERRED,
    other::NORMAL,
    other::DEPRECATED,
    other::QUANTITATIVE_VALUE,
    other::VALUE,
    other::CURRENCY,
    other::UNIT_TEXT,
    other::DOMAIN_INCLUDES,
    other::RANGE_INCLUDES,
    other::INVERSE_OF,
    other::HAS_UNIT,
    other::ALT_LABEL,
    other::TITLE,
    other::LICENSE,
    other::DATASET,
    other::VERSION,
];

/// What a term stands for: a class is never read where a predicate stands, nor a literal where a resource does.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Sort {
    Label,
    Type,
    Property,
}

impl Sort {
    fn name(self) -> &'static str {
        match self {
            Sort::Label => "the label",
            Sort::Type => "the relationship type",
            Sort::Property => "the property",
        }
    }
}

struct Builder {
    mapping: Mapping,
    own: HashMap<(Sort, TermId), SmolStr>,
    reserved: HashSet<TermId>,
}

impl Builder {
    fn build(mut self, catalogue: &Catalogue) -> Result<Mapping, MappingError> {
        for iri in FIXED {
            self.intern(iri);
        }
        for (iri, ..) in OWN_TERMS {
            let term = self.intern(iri);
            self.reserved.insert(term);
        }
        let base = self.mapping.base.clone();
        self.intern(&base);
        let schema = self.mapping.schema.clone();
        self.add_labels(catalogue, &schema)?;
        self.add_types(catalogue, &schema)?;
        self.add_properties(catalogue, &schema)?;
        self.add_units(&schema)?;
        self.check_above()?;
        Ok(self.mapping)
    }

    fn intern(&mut self, iri: &str) -> TermId {
        if let Some(term) = self.mapping.ids.get(iri) {
            return *term;
        }
        let term = TermId(self.mapping.iris.len() as u32);
        let iri = SmolStr::new(iri);
        self.mapping.iris.push(iri.clone());
        self.mapping.ids.insert(iri, term);
        term
    }

    fn add_labels(&mut self, catalogue: &Catalogue, schema: &Schema) -> Result<(), MappingError> {
        let mut labels: Vec<(LabelId, SmolStr)> = catalogue.labels().map(|(id, name)| (id, name.clone())).collect();
        labels.sort_unstable();
        for (id, name) in labels {
            let declared = schema.labels.get(name.as_str());
            let (iri, above) = declared.map_or(("", &[][..]), |label| (label.iri.as_str(), label.sub_of.as_slice()));
            let class = self.own_term(Sort::Label, &name, iri)?;
            let above = self.terms(above, Sort::Label, &name)?;
            self.mapping.label_of.insert(class, id);
            self.mapping.labels.push(LabelTerms { class, above });
        }
        Ok(())
    }

    fn add_types(&mut self, catalogue: &Catalogue, schema: &Schema) -> Result<(), MappingError> {
        let names = catalogue.relationship_types();
        let mut types: Vec<(RelationshipTypeId, SmolStr)> = names.map(|(id, name)| (id, name.clone())).collect();
        types.sort_unstable();
        let nothing = TypeDeclaration::default();
        for (id, name) in types {
            let declared = schema.types.get(name.as_str()).unwrap_or(&nothing);
            let predicate = self.own_term(Sort::Type, &name, &declared.iri)?;
            let above = self.terms(&declared.sub_of, Sort::Type, &name)?;
            let inverse = self.terms(&declared.inverse_of, Sort::Type, &name)?;
            let node = self.node_terms(id, &name, declared)?;
            self.mapping.type_of.insert(predicate, id);
            self.mapping.types.push(TypeTerms { predicate, above, inverse, node });
        }
        Ok(())
    }

    /// Returns how nodes of a type are written: as declared, or as reified triples, which tell their predicate.
    fn node_terms(
        &mut self,
        id: RelationshipTypeId,
        name: &SmolStr,
        declared: &TypeDeclaration,
    ) -> Result<NodeTerms, MappingError> {
        let Some(node) = &declared.node else {
            let class = self.mapping.known(vocabulary::own::RELATIONSHIP);
            let (from, to) = (self.mapping.known(rdf::SUBJECT), self.mapping.known(rdf::OBJECT));
            return Ok(NodeTerms { class, from, to, kind: Some(self.mapping.known(rdf::PREDICATE)) });
        };
        let class = self.declared_term(&node.class, Sort::Type, name)?;
        let from = self.declared_term(&node.from, Sort::Type, name)?;
        let to = self.declared_term(&node.to, Sort::Type, name)?;
        if let Some(before) = self.mapping.type_of_start.insert(from, id) {
            let predicate = self.mapping.types[usize::from(before.0)].predicate;
            let other = self.own.get(&(Sort::Type, predicate)).cloned().unwrap_or_default();
            let other = format!("the node of {} `{other}`", Sort::Type.name());
            let owner = format!("the node of {} `{name}`", Sort::Type.name());
            return Err(MappingError::SameTerm { iri: self.mapping.iri(from).clone(), owner, other });
        }
        Ok(NodeTerms { class, from, to, kind: None })
    }

    fn add_properties(&mut self, catalogue: &Catalogue, schema: &Schema) -> Result<(), MappingError> {
        let names = catalogue.property_keys();
        let mut keys: Vec<(PropertyKeyId, SmolStr)> = names.map(|(id, name)| (id, name.clone())).collect();
        keys.sort_unstable();
        let nothing = PropertyDeclaration::default();
        for (id, name) in keys {
            let declared = schema.properties.get(name.as_str()).unwrap_or(&nothing);
            let predicate = self.own_term(Sort::Property, &name, &declared.iri)?;
            let above = self.terms(&declared.sub_of, Sort::Property, &name)?;
            let quantity = self.quantity_terms(catalogue, &name, declared)?;
            let language = declared.language.as_ref().map(SmolStr::new);
            self.mapping.property_of.insert(predicate, id);
            self.mapping.properties.push(PropertyTerms { predicate, above, language, many: declared.many, quantity });
        }
        Ok(())
    }

    fn quantity_terms(
        &mut self,
        catalogue: &Catalogue,
        name: &SmolStr,
        declared: &PropertyDeclaration,
    ) -> Result<Option<QuantityTerms>, MappingError> {
        if declared.value_class.is_none() && declared.companions.is_empty() {
            return Ok(None);
        }
        let class = match &declared.value_class {
            Some(class) => self.declared_term(class, Sort::Property, name)?,
            None => self.mapping.known(other::QUANTITATIVE_VALUE),
        };
        let companion = |column: &str| catalogue.property_key_id(declared.companions.get(column)?);
        Ok(Some(QuantityTerms {
            class,
            is_object: declared.value_class.is_some(),
            unit: declared.unit.as_ref().map(SmolStr::new),
            unit_key: companion("unit"),
            comparator_key: companion("comparator"),
            as_of_key: companion("as_of"),
        }))
    }

    fn add_units(&mut self, schema: &Schema) -> Result<(), MappingError> {
        for (name, unit) in &schema.units {
            if let Some(iri) = &unit.iri {
                self.declared_term(iri, Sort::Property, &SmolStr::new(name))?;
            }
        }
        Ok(())
    }

    /// Refuses terms above that are some other declaration's own: what is written beside would be read.
    fn check_above(&self) -> Result<(), MappingError> {
        let mapping = &self.mapping;
        let labels = mapping.labels.iter().map(|label| (Sort::Label, label.class, &label.above));
        let types = mapping.types.iter().map(|kind| (Sort::Type, kind.predicate, &kind.above));
        let inverse = mapping.types.iter().map(|kind| (Sort::Type, kind.predicate, &kind.inverse));
        let properties =
            mapping.properties.iter().map(|property| (Sort::Property, property.predicate, &property.above));
        for (sort, own, above) in labels.chain(types).chain(inverse).chain(properties) {
            for term in above {
                if let Some(other) = self.own.get(&(sort, *term)) {
                    let owner = self.own.get(&(sort, own)).cloned().unwrap_or_default();
                    let (owner, other) = (format!("{} `{owner}`", sort.name()), format!("{} `{other}`", sort.name()));
                    return Err(MappingError::SameTerm { iri: mapping.iri(*term).clone(), owner, other });
                }
            }
        }
        Ok(())
    }

    /// Returns the own term of a name: the declared one, else one that the name gives.
    fn own_term(&mut self, sort: Sort, name: &SmolStr, declared: &str) -> Result<TermId, MappingError> {
        if declared.is_empty() {
            return Ok(self.term_of_name(sort, name));
        }
        let term = self.declared_term(declared, sort, name)?;
        let other = match self.own.insert((sort, term), name.clone()) {
            Some(other) => format!("{} `{other}`", sort.name()),
            None if self.reserved.contains(&term) => "a term that every graph is written with".to_owned(),
            None => return Ok(term),
        };
        let owner = format!("{} `{name}`", sort.name());
        Err(MappingError::SameTerm { iri: self.mapping.iri(term).clone(), owner, other })
    }

    fn term_of_name(&mut self, sort: Sort, name: &SmolStr) -> TermId {
        let declared = self.mapping.schema.graph.vocabulary.clone();
        let namespaces = [declared.as_str(), vocabulary::NAMES].into_iter().filter(|namespace| is_iri(namespace));
        let candidates: Vec<SmolStr> =
            namespaces.map(|namespace| format_smolstr!("{namespace}{}", encode(name))).collect();
        // A name that another has taken there already goes below our own names, where only names of its sort are.
        for iri in candidates {
            let term = self.intern(&iri);
            if !self.reserved.contains(&term) && !self.own.contains_key(&(sort, term)) {
                self.own.insert((sort, term), name.clone());
                return term;
            }
        }
        let term = self.intern(&format_smolstr!("{}name/{}", vocabulary::NAMES, encode(name)));
        self.own.insert((sort, term), name.clone());
        term
    }

    fn terms(&mut self, declared: &[String], sort: Sort, name: &SmolStr) -> Result<Vec<TermId>, MappingError> {
        declared.iter().map(|term| self.declared_term(term, sort, name)).collect()
    }

    fn declared_term(&mut self, term: &str, sort: Sort, name: &SmolStr) -> Result<TermId, MappingError> {
        let iri = expand(term, &self.mapping.schema.prefixes);
        let prefix = term.split_once(':').map_or("", |(prefix, _)| prefix);
        // `urn:x` and `http://x` are IRIs as they are; a short unknown prefix is a slip of the pen.
        let known = iri != term || iri.contains("//") || matches!(prefix, "urn" | "tag" | "mailto" | "did");
        if !known || !is_iri(&iri) {
            return Err(MappingError::NoIri { term: SmolStr::new(term), owner: format!("{} `{name}`", sort.name()) });
        }
        Ok(self.intern(&iri))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Snapshot, Transaction};
    use crate::knowledge::LabelDeclaration;

    fn mapping(schema: Schema) -> Result<Mapping, MappingError> {
        let mut transaction = Transaction::begin(Snapshot::empty());
        transaction.declare_schema(schema).expect("a schema");
        transaction.label("Plain Name").expect("a label");
        let (snapshot, _) = transaction.commit().expect("a commit");
        Mapping::of(snapshot.catalogue())
    }

    fn label(iri: &str, sub_of: &[&str]) -> LabelDeclaration {
        let sub_of = sub_of.iter().map(|term| (*term).to_owned()).collect();
        LabelDeclaration { iri: iri.to_owned(), sub_of, ..Default::default() }
    }

    #[test]
    fn terms_are_declared_or_made_of_the_name() {
        let mut schema = Schema::default();
        schema.prefixes.insert("x".into(), "http://x.example/".into());
        schema.labels.insert("Lake".into(), label("x:Lake", &["http://y.example/Water"]));
        let mapping = mapping(schema).expect("a mapping");
        let lake =
            mapping.label(mapping.label_of(mapping.term("http://x.example/Lake").expect("a term")).expect("a label"));
        assert_eq!(mapping.iri(lake.above[0]), "http://y.example/Water");
        assert!(mapping.term("https://example.org/yuanpu/name/Plain%20Name").is_some());
    }

    #[test]
    fn two_rules_for_one_triple_are_refused() {
        let mut schema = Schema::default();
        schema.labels.insert("A".into(), label("http://x.example/A", &[]));
        schema.labels.insert("B".into(), label("http://x.example/A", &[]));
        assert!(matches!(mapping(schema.clone()), Err(MappingError::SameTerm { .. })));
        schema.labels.insert("B".into(), label("http://x.example/B", &["http://x.example/A"]));
        assert!(matches!(mapping(schema.clone()), Err(MappingError::SameTerm { .. })));
        schema.labels.insert("B".into(), label(vocabulary::own::CLAIM, &[]));
        assert!(matches!(mapping(schema.clone()), Err(MappingError::SameTerm { .. })));
        schema.labels.insert("B".into(), label("y:B", &[]));
        assert!(matches!(mapping(schema), Err(MappingError::NoIri { .. })));
    }
}
