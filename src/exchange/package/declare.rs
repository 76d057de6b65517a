//! What an exported package declares: the graph's schema, and what the graph uses without having declared it.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::exchange::ExchangeError;
use crate::graph::{IndexTarget, LabelId, PropertyKeyId, Snapshot};
use crate::knowledge::{PropertyDeclaration, Schema, Statement, Subject, ValueType};
use crate::value::{NodeId, RelationshipId, Value};

use super::value_text::type_of;

/// Returns a schema that declares all that the graph uses.
///
/// # Errors
/// If the graph does not say which property names its nodes, or an undeclared property has values of several types.
pub fn declared_for(graph: &Snapshot) -> Result<Schema, ExchangeError> {
    let mut schema = Schema::clone(graph.catalogue().schema());
    if schema.graph.key.is_empty() {
        let what = "the graph does not declare a key, the property by which a package names its nodes";
        return Err(ExchangeError::Unpackable(what.to_owned()));
    }
    let mut uses = Uses { graph, labels: BTreeSet::new(), types: BTreeMap::new(), values: BTreeMap::new() };
    uses.collect();
    for label in uses.labels {
        schema.labels.entry(label.to_string()).or_default();
    }
    for (kind, properties) in uses.types {
        let declared = schema.types.entry(kind.to_string()).or_default();
        for property in properties {
            if !declared.properties.iter().any(|known| *known == property) {
                declared.properties.push(property.to_string());
            }
        }
    }
    let key = schema.graph.key.clone();
    uses.values.entry(SmolStr::new(key)).or_default();
    for (property, values) in uses.values {
        if !schema.properties.contains_key(property.as_str()) {
            schema.properties.insert(property.to_string(), inferred(&property, &values)?);
        }
    }
    Ok(schema)
}

/// What the values of an undeclared property are.
#[derive(Default)]
struct Kinds {
    many: bool,
    kinds: BTreeSet<&'static str>,
    types: Vec<ValueType>,
}

struct Uses<'g> {
    graph: &'g Snapshot,
    labels: BTreeSet<SmolStr>,
    types: BTreeMap<SmolStr, BTreeSet<SmolStr>>,
    values: BTreeMap<SmolStr, Kinds>,
}

impl Uses<'_> {
    fn collect(&mut self) {
        let mut slots = Vec::new();
        (0..self.graph.chunk_count()).for_each(|chunk| self.graph.scan_chunk(chunk, None, &mut slots));
        for node in slots.into_iter().map(NodeId) {
            let name = |label: &LabelId| self.graph.catalogue().label_name(*label).clone();
            let labels: Vec<SmolStr> = self.graph.labels(node).iter().map(name).collect();
            self.labels.extend(labels);
            self.element(Subject::Node(node), self.graph.node_properties(node));
        }
        let mut slots = Vec::new();
        for chunk in 0..self.graph.relationship_chunk_count() {
            self.graph.scan_relationships(None, chunk, &mut slots);
        }
        let catalogue = self.graph.catalogue();
        for index in catalogue.indexes() {
            let name = catalogue.target_name(index.target).clone();
            match index.target {
                IndexTarget::Node(_) => drop(self.labels.insert(name)),
                IndexTarget::Relationship(_) => drop(self.types.entry(name).or_default()),
            }
            for key in &index.keys {
                self.values.entry(catalogue.property_key_name(*key).clone()).or_default();
            }
        }
        for relationship in slots.into_iter().map(RelationshipId) {
            let Some(record) = self.graph.relationship(relationship) else { continue };
            let kind = self.graph.catalogue().relationship_type_name(record.kind).clone();
            let properties = self.graph.relationship_properties(relationship);
            let names = self.element(Subject::Relationship(relationship), properties);
            self.types.entry(kind).or_default().extend(names);
        }
    }

    /// Notes the properties of an element, those too of which only a losing claim speaks; returns their names.
    fn element(&mut self, subject: Subject, properties: Vec<(PropertyKeyId, Value)>) -> Vec<SmolStr> {
        let stored = properties.into_iter();
        let mut values: Vec<(SmolStr, Value)> =
            stored.map(|(key, value)| (self.graph.catalogue().property_key_name(key).clone(), value)).collect();
        for claim in self.graph.claims_of(subject).into_iter().filter_map(|id| self.graph.claim(id)) {
            if let Statement::Property { key, value } = claim.statement {
                values.push((key, value));
            }
        }
        for (name, value) in &values {
            let kinds = self.values.entry(name.clone()).or_default();
            let items = match value {
                Value::List(items) => {
                    kinds.many = true;
                    items.as_slice()
                }
                one => std::slice::from_ref(one),
            };
            for item in items {
                kinds.kinds.insert(item.kind().name());
                let found = type_of(item.kind()).unwrap_or_default();
                if !kinds.types.contains(&found) {
                    kinds.types.push(found);
                }
            }
        }
        values.into_iter().map(|(name, _)| name).collect()
    }
}

fn inferred(property: &str, kinds: &Kinds) -> Result<PropertyDeclaration, ExchangeError> {
    let value = match kinds.types.as_slice() {
        [] => ValueType::String,
        [only] => *only,
        _ => {
            let found = kinds.kinds.iter().copied().collect::<Vec<_>>().join(", ");
            let what = format!("property `{property}` is not declared and has values of several types: {found}");
            return Err(ExchangeError::Unpackable(what));
        }
    };
    Ok(PropertyDeclaration { value, many: kinds.many, ..PropertyDeclaration::default() })
}
