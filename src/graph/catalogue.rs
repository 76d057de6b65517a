//! The catalogue: names and their ids, the declared schema with its aliases, definitions of indexes and constraints.
//!
//! Names are only ever added; an id keeps its name for the graph's life. An alias of the schema finds the id of the name it stands for.

use std::sync::Arc;

use hashbrown::HashMap;
use smol_str::SmolStr;

use crate::knowledge::Schema;

use super::definition::{IndexDefinition, IndexTarget};
use super::error::GraphError;
use super::id::{LabelId, PropertyKeyId, RelationshipTypeId};

/// All names and definitions of a graph.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    pub(super) labels: NameTable,
    pub(super) relationship_types: NameTable,
    pub(super) property_keys: NameTable,
    schema: Arc<Schema>,
    indexes: Vec<IndexDefinition>,
    /// Whether anything is asked of elements one by one.
    has_rules: bool,
}

/// One sort of names with their ids.
#[derive(Clone, Debug, Default)]
pub(super) struct NameTable {
    pub(super) names: Vec<SmolStr>,
    ids: HashMap<SmolStr, u32>,
    aliases: Arc<HashMap<SmolStr, SmolStr>>,
    /// Ids in order of name.
    sorted: Vec<u32>,
}

impl NameTable {
    fn id(&self, name: &str) -> Option<u32> {
        self.ids.get(name).or_else(|| self.ids.get(self.aliases.get(name)?)).copied()
    }

    /// Returns the name that is stored where this one is written.
    fn stored<'a>(&'a self, name: &'a str) -> &'a str {
        if self.ids.contains_key(name) {
            return name;
        }
        self.aliases.get(name).map_or(name, SmolStr::as_str)
    }

    fn intern(&mut self, name: &str, limit: usize, sort: &'static str) -> Result<u32, GraphError> {
        if let Some(id) = self.id(name) {
            return Ok(id);
        }
        let name = SmolStr::new(self.stored(name));
        if self.names.len() >= limit {
            return Err(GraphError::TooManyNames { sort, name });
        }
        let id = self.names.len() as u32;
        let place = self.sorted.partition_point(|other| self.names[*other as usize] < name);
        self.sorted.insert(place, id);
        self.ids.insert(name.clone(), id);
        self.names.push(name);
        Ok(id)
    }
}

impl Catalogue {
    /// Returns the id of a label, by name or alias.
    pub fn label_id(&self, name: &str) -> Option<LabelId> {
        self.labels.id(name).map(|id| LabelId(id as u16))
    }

    /// Returns the id of a relationship type, by name or alias.
    pub fn relationship_type_id(&self, name: &str) -> Option<RelationshipTypeId> {
        self.relationship_types.id(name).map(|id| RelationshipTypeId(id as u16))
    }

    /// Returns the id of a property key, by name or alias.
    pub fn property_key_id(&self, name: &str) -> Option<PropertyKeyId> {
        self.property_keys.id(name).map(PropertyKeyId)
    }

    /// Returns a label's name.
    pub fn label_name(&self, label: LabelId) -> &SmolStr {
        &self.labels.names[label.0 as usize]
    }

    /// Returns a relationship type's name.
    pub fn relationship_type_name(&self, kind: RelationshipTypeId) -> &SmolStr {
        &self.relationship_types.names[kind.0 as usize]
    }

    /// Returns a property key's name.
    pub fn property_key_name(&self, key: PropertyKeyId) -> &SmolStr {
        &self.property_keys.names[key.0 as usize]
    }

    /// Returns the name of the label or relationship type that an index is over.
    pub fn target_name(&self, target: IndexTarget) -> &SmolStr {
        match target {
            IndexTarget::Node(label) => self.label_name(label),
            IndexTarget::Relationship(kind) => self.relationship_type_name(kind),
        }
    }

    /// Returns the names of property keys, with commas between them.
    pub fn key_names(&self, keys: &[PropertyKeyId]) -> String {
        keys.iter().map(|key| self.property_key_name(*key).as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Returns the labels in order of name.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = (LabelId, &SmolStr)> {
        self.labels.sorted.iter().map(|id| (LabelId(*id as u16), &self.labels.names[*id as usize]))
    }

    /// Returns the relationship types in order of name.
    pub fn relationship_types(&self) -> impl ExactSizeIterator<Item = (RelationshipTypeId, &SmolStr)> {
        let names = &self.relationship_types.names;
        self.relationship_types.sorted.iter().map(|id| (RelationshipTypeId(*id as u16), &names[*id as usize]))
    }

    /// Returns the property keys in order of name.
    pub fn property_keys(&self) -> impl ExactSizeIterator<Item = (PropertyKeyId, &SmolStr)> {
        let names = &self.property_keys.names;
        self.property_keys.sorted.iter().map(|id| (PropertyKeyId(*id), &names[*id as usize]))
    }

    /// Returns the declared schema; an empty one where none was declared.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Returns the name that a label's name or alias stands for.
    pub fn stored_label<'a>(&'a self, name: &'a str) -> &'a str {
        self.labels.stored(name)
    }

    /// Returns the name that a relationship type's name or alias stands for.
    pub fn stored_relationship_type<'a>(&'a self, name: &'a str) -> &'a str {
        self.relationship_types.stored(name)
    }

    /// Returns the name that a property key's name or alias stands for.
    pub fn stored_property_key<'a>(&'a self, name: &'a str) -> &'a str {
        self.property_keys.stored(name)
    }

    /// Returns the definitions of indexes and constraints, in order of name.
    pub fn indexes(&self) -> &[IndexDefinition] {
        &self.indexes
    }

    /// Returns the definition of an index or constraint by name.
    pub fn index(&self, name: &str) -> Option<&IndexDefinition> {
        self.indexes.iter().find(|definition| definition.name == name)
    }

    /// Returns the id of a label, giving it one if it is new.
    pub(super) fn intern_label(&mut self, name: &str) -> Result<LabelId, GraphError> {
        self.labels.intern(name, u16::MAX as usize, "label").map(|id| LabelId(id as u16))
    }

    /// Returns the id of a relationship type, giving it one if it is new.
    pub(super) fn intern_relationship_type(&mut self, name: &str) -> Result<RelationshipTypeId, GraphError> {
        let id = self.relationship_types.intern(name, u16::MAX as usize, "relationship type")?;
        Ok(RelationshipTypeId(id as u16))
    }

    /// Returns the id of a property key, giving it one if it is new.
    pub(super) fn intern_property_key(&mut self, name: &str) -> Result<PropertyKeyId, GraphError> {
        self.property_keys.intern(name, 1 << 24, "property key").map(PropertyKeyId)
    }

    /// Declares a schema in place of the one before; what it names gets ids.
    pub(super) fn declare(&mut self, schema: Schema) -> Result<(), GraphError> {
        let labels = schema.labels.iter().map(|(name, label)| (name, &label.zh, &label.aliases));
        self.labels.aliases = aliases(labels);
        let types = schema.types.iter().map(|(name, kind)| (name, &kind.zh, &kind.aliases));
        self.relationship_types.aliases = aliases(types);
        let keys = schema.properties.iter().map(|(name, key)| (name, &key.zh, &key.aliases));
        self.property_keys.aliases = aliases(keys);
        for label in schema.labels.keys() {
            self.intern_label(label)?;
        }
        for kind in schema.types.keys() {
            self.intern_relationship_type(kind)?;
        }
        for key in schema.properties.keys() {
            self.intern_property_key(key)?;
        }
        self.schema = Arc::new(schema);
        self.look_for_rules();
        Ok(())
    }

    /// Says whether anything is asked of elements one by one: by a constraint, or because the graph is closed.
    #[inline]
    pub fn has_rules(&self) -> bool {
        self.has_rules
    }

    fn look_for_rules(&mut self) {
        let any_rule = self.indexes.iter().any(|definition| definition.kind.is_rule());
        self.has_rules = self.schema.graph.closed || any_rule;
    }

    /// Adds a definition.
    pub(super) fn add_index(&mut self, definition: IndexDefinition) -> Result<(), GraphError> {
        if self.index(&definition.name).is_some() {
            return Err(GraphError::IndexExists(definition.name));
        }
        let same = |other: &&IndexDefinition| {
            let alike = (other.target, other.keys.first(), other.sort());
            // The sum that tells indexes over several properties apart is no proof, so that what it confuses is refused too.
            other.is_same(&definition) || alike == (definition.target, definition.keys.first(), definition.sort())
        };
        if let Some(existing) = self.indexes.iter().find(same) {
            return Err(GraphError::SameIndexExists { existing: existing.name.clone() });
        }
        let place = self.indexes.partition_point(|other| other.name < definition.name);
        self.indexes.insert(place, definition);
        self.look_for_rules();
        Ok(())
    }

    /// Takes a definition out and returns it.
    pub(super) fn remove_index(&mut self, name: &str) -> Result<IndexDefinition, GraphError> {
        let place = self.indexes.iter().position(|definition| definition.name == name);
        let removed = place.map(|place| self.indexes.remove(place));
        self.look_for_rules();
        removed.ok_or_else(|| GraphError::NoSuchIndex(SmolStr::new(name)))
    }
}

/// Returns what each alias stands for.
fn aliases<'a>(
    declared: impl Iterator<Item = (&'a String, &'a String, &'a Vec<String>)>,
) -> Arc<HashMap<SmolStr, SmolStr>> {
    let pairs = declared.flat_map(|(name, zh, aliases)| {
        let other = aliases.iter().chain([zh]).filter(|alias| !alias.is_empty());
        other.map(move |alias| (SmolStr::new(alias), SmolStr::new(name)))
    });
    Arc::new(pairs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::LabelDeclaration;

    #[test]
    fn an_alias_finds_the_name_it_stands_for_and_is_never_stored() {
        let mut catalogue = Catalogue::default();
        let person = LabelDeclaration { zh: "人物".into(), aliases: vec!["P".into()], ..Default::default() };
        let schema = Schema { labels: [("Person".to_owned(), person)].into(), ..Default::default() };
        catalogue.declare(schema).expect("a schema of one label");
        let id = catalogue.label_id("Person");
        assert!(id.is_some());
        assert_eq!(catalogue.label_id("人物"), id);
        assert_eq!(catalogue.intern_label("P").ok(), id);
        assert_eq!(catalogue.labels().len(), 1);
        assert_eq!(catalogue.stored_label("人物"), "Person");
    }

    #[test]
    fn names_are_listed_in_order() {
        let mut catalogue = Catalogue::default();
        for name in ["b", "a", "c"] {
            catalogue.intern_property_key(name).expect("room for three");
        }
        let names: Vec<&str> = catalogue.property_keys().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(catalogue.property_key_id("a"), Some(PropertyKeyId(1)));
    }
}
