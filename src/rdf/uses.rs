//! Which facts a predicate may state: the way back from a term to the names of the graph.

use hashbrown::HashMap;

use crate::graph::{Catalogue, LabelId, PropertyKeyId, RelationshipTypeId};

use super::mapping::{Mapping, TermId};
use super::vocabulary::{other, own, rdf, rdfs};

/// Predicates and classes, each with what it is written for.
#[derive(Debug)]
pub(super) struct Uses {
    predicates: HashMap<TermId, PredicateUse>,
    classes: HashMap<TermId, ClassUse>,
}

/// What a predicate is written for.
#[derive(Clone, Debug, Default)]
pub(super) struct PredicateUse {
    /// The types whose relationships it leads along.
    pub(super) forward: Vec<RelationshipTypeId>,
    /// The types whose relationships it leads along from the end to the start.
    pub(super) inverse: Vec<RelationshipTypeId>,
    /// The properties that it states, on nodes and on nodes of relationships.
    pub(super) keys: Vec<PropertyKeyId>,
    /// The types whose relationships' nodes have it to the start.
    pub(super) starts: Vec<RelationshipTypeId>,
    /// The types whose relationships' nodes have it to the end.
    pub(super) ends: Vec<RelationshipTypeId>,
    /// Leads from the node of a relationship to its predicate.
    pub(super) kinds: bool,
    /// Leads from an element to a value with its unit.
    pub(super) quantities: bool,
    /// Is on values with a unit or on ordered lists.
    pub(super) on_parts: bool,
    /// Is on claims.
    pub(super) on_claims: bool,
    /// Is `rdf:type`.
    pub(super) is_type: bool,
    /// Is `rdf:reifies`.
    pub(super) is_reifies: bool,
}

/// What a class is written for.
#[derive(Clone, Debug, Default)]
pub(super) struct ClassUse {
    /// The labels whose nodes have it.
    pub(super) labels: Vec<LabelId>,
    /// The types whose relationships' nodes have it.
    pub(super) kinds: Vec<RelationshipTypeId>,
    /// Nodes without a label have it.
    pub(super) of_unlabelled: bool,
    /// Values with a unit or ordered lists have it.
    pub(super) of_parts: bool,
    /// Claims have it.
    pub(super) of_claims: bool,
}

impl Uses {
    /// Returns what the terms of a mapping are written for.
    pub(super) fn of(mapping: &Mapping, catalogue: &Catalogue) -> Uses {
        let mut uses = Uses { predicates: HashMap::new(), classes: HashMap::new() };
        uses.add_labels(mapping, catalogue);
        uses.add_types(mapping, catalogue);
        uses.add_properties(mapping, catalogue);
        uses.add_fixed(mapping);
        uses
    }

    /// Returns what a predicate is written for.
    pub(super) fn predicate(&self, predicate: TermId) -> Option<&PredicateUse> {
        self.predicates.get(&predicate)
    }

    /// Returns what a class is written for.
    pub(super) fn class(&self, class: TermId) -> Option<&ClassUse> {
        self.classes.get(&class)
    }

    fn entry(&mut self, predicate: TermId) -> &mut PredicateUse {
        self.predicates.entry(predicate).or_default()
    }

    fn class_entry(&mut self, class: TermId) -> &mut ClassUse {
        self.classes.entry(class).or_default()
    }

    fn add_labels(&mut self, mapping: &Mapping, catalogue: &Catalogue) {
        for (label, _) in catalogue.labels() {
            let terms = mapping.label(label);
            for class in terms.above.iter().chain([&terms.class]) {
                self.class_entry(*class).labels.push(label);
            }
        }
        self.class_entry(mapping.known(rdfs::RESOURCE)).of_unlabelled = true;
    }

    fn add_types(&mut self, mapping: &Mapping, catalogue: &Catalogue) {
        for (kind, _) in catalogue.relationship_types() {
            let terms = mapping.relationship_type(kind);
            for predicate in terms.above.iter().chain([&terms.predicate]) {
                self.entry(*predicate).forward.push(kind);
            }
            for predicate in &terms.inverse {
                self.entry(*predicate).inverse.push(kind);
            }
            self.class_entry(terms.node.class).kinds.push(kind);
            self.entry(terms.node.from).starts.push(kind);
            self.entry(terms.node.to).ends.push(kind);
            if let Some(predicate) = terms.node.kind {
                self.entry(predicate).kinds = true;
            }
        }
    }

    fn add_properties(&mut self, mapping: &Mapping, catalogue: &Catalogue) {
        for (key, _) in catalogue.property_keys() {
            let terms = mapping.property(key);
            for predicate in terms.above.iter().chain([&terms.predicate]) {
                self.entry(*predicate).keys.push(key);
            }
            if let Some(quantity) = &terms.quantity {
                self.class_entry(quantity.class).of_parts = true;
            }
        }
    }

    fn add_fixed(&mut self, mapping: &Mapping) {
        self.entry(mapping.known(rdf::TYPE)).is_type = true;
        self.entry(mapping.known(rdf::REIFIES)).is_reifies = true;
        self.entry(mapping.known(own::QUANTITY)).quantities = true;
        for class in [own::CLAIM, other::ENTITY] {
            self.class_entry(mapping.known(class)).of_claims = true;
        }
        self.class_entry(mapping.known(own::ORDERED_LIST)).of_parts = true;
        let on_parts = [
            rdf::TYPE,
            rdf::SUBJECT,
            rdf::PREDICATE,
            rdf::VALUE,
            other::VALUE,
            other::CURRENCY,
            other::HAS_UNIT,
            other::UNIT_TEXT,
            own::STATED_UNIT,
            own::STATED_COMPARATOR,
            own::AS_OF,
        ];
        on_parts.into_iter().for_each(|predicate| self.entry(mapping.known(predicate)).on_parts = true);
        let on_claims = [
            rdf::TYPE,
            rdf::REIFIES,
            other::HAD_PRIMARY_SOURCE,
            other::RANK,
            other::WAS_ATTRIBUTED_TO,
            own::AS_OF,
            own::AS_PRINTED,
            own::LOCATOR,
            own::ATTRIBUTED_TO,
            own::REMARK,
            own::STATED_UNIT,
            own::STATED_COMPARATOR,
        ];
        on_claims.into_iter().for_each(|predicate| self.entry(mapping.known(predicate)).on_claims = true);
    }
}
