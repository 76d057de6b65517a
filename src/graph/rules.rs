//! What constraints and a closed schema ask of elements one by one: that properties are there, of what type, and that all names are known.
//!
//! ```text
//!   a write ── notes its element ── end of the clause ──> check_elements
//!   CREATE CONSTRAINT ──> check_rule over all elements      a schema is closed ──> check_closed over all elements
//! ```

use smol_str::{SmolStr, format_smolstr};

use crate::knowledge::{PropertyDeclaration, Schema, Subject, ValueType};
use crate::text::distance;
use crate::value::{Kind, NodeId, RelationshipId, Value, literal, quote_name};

use super::definition::{IndexDefinition, IndexKind, IndexTarget};
use super::error::GraphError;
use super::id::PropertyKeyId;
use super::slots::{PlaceSet, first_slot};
use super::state::State;

/// How many properties are shown of an element that breaks a rule.
const SHOWN_PROPERTIES: usize = 3;

/// How many characters are shown of a value.
const SHOWN_CHARACTERS: usize = 40;

impl State {
    /// Asserts that elements are as constraints and the closed schema want them; those that are gone are passed over.
    pub fn check_elements(&self, elements: &[Subject]) -> Result<(), GraphError> {
        let rules: Vec<&IndexDefinition> =
            self.catalogue.indexes().iter().filter(|definition| definition.kind.is_rule()).collect();
        let closed = self.catalogue.schema().graph.closed;
        for element in elements.iter().filter(|element| self.is_there(**element)) {
            for rule in rules.iter().filter(|rule| self.is_bound_by(rule.target, *element)) {
                self.check_against(rule, slot_of(*element))?;
            }
            if closed {
                self.check_in_schema(*element)?;
            }
        }
        Ok(())
    }

    /// Asserts that all elements are as a constraint wants them.
    pub fn check_rule(&self, rule: &IndexDefinition) -> Result<(), GraphError> {
        if !rule.kind.is_rule() {
            return Ok(());
        }
        let elements: Box<dyn Iterator<Item = Subject>> = match rule.target {
            IndexTarget::Node(_) => Box::new(self.all_nodes().map(Subject::Node)),
            IndexTarget::Relationship(_) => Box::new(self.all_relationships().map(Subject::Relationship)),
        };
        elements
            .filter(|element| self.is_bound_by(rule.target, *element))
            .try_for_each(|element| self.check_against(rule, slot_of(element)))
    }

    /// Asserts that an index is over what the schema knows, if it is closed.
    pub fn check_definition(&self, definition: &IndexDefinition) -> Result<(), GraphError> {
        let (schema, name) = (self.catalogue.schema(), self.catalogue.target_name(definition.target));
        let is_known = match definition.target {
            IndexTarget::Node(_) => schema.labels.contains_key(name.as_str()),
            IndexTarget::Relationship(_) => schema.types.contains_key(name.as_str()),
        };
        if !schema.graph.closed || is_known {
            return Ok(());
        }
        let (problem, hint) = match definition.target {
            IndexTarget::Node(_) => unknown("label", name, schema.labels.keys()),
            IndexTarget::Relationship(_) => unknown("relationship type", name, schema.types.keys()),
        };
        Err(GraphError::NotInSchema { problem, element: format!("index or constraint `{}`", definition.name), hint })
    }

    /// Asserts that all elements are as the schema says, if it is closed.
    pub fn check_closed(&self) -> Result<(), GraphError> {
        if !self.catalogue.schema().graph.closed {
            return Ok(());
        }
        let nodes = self.all_nodes().map(Subject::Node);
        nodes.chain(self.all_relationships().map(Subject::Relationship)).try_for_each(|one| self.check_in_schema(one))
    }

    fn all_nodes(&self) -> impl Iterator<Item = NodeId> {
        self.nodes.chunks.iter().flat_map(|(chunk, nodes)| slots_in(chunk, nodes.live()).into_iter().map(NodeId))
    }

    fn all_relationships(&self) -> impl Iterator<Item = RelationshipId> {
        let chunks = self.relationships.chunks.iter();
        chunks.flat_map(|(chunk, nodes)| slots_in(chunk, nodes.live()).into_iter().map(RelationshipId))
    }

    fn is_there(&self, element: Subject) -> bool {
        match element {
            Subject::Node(node) => self.nodes.contains(node),
            Subject::Relationship(relationship) => self.relationships.contains(relationship),
        }
    }

    fn is_bound_by(&self, target: IndexTarget, element: Subject) -> bool {
        match (target, element) {
            (IndexTarget::Node(_), Subject::Node(_)) | (IndexTarget::Relationship(_), Subject::Relationship(_)) => {
                self.is_target(target, slot_of(element))
            }
            _ => false,
        }
    }

    fn check_against(&self, rule: &IndexDefinition, slot: u32) -> Result<(), GraphError> {
        let columns = self.columns_of(rule.target);
        for key in &rule.keys {
            let value = columns.value(*key, slot);
            if rule.kind.is_required() && value.is_null() {
                return Err(GraphError::Missing {
                    constraint: rule.name.clone(),
                    name: self.catalogue.target_name(rule.target).clone(),
                    property: self.catalogue.property_key_name(*key).clone(),
                    element: self.in_words(subject_of(rule.target, slot)),
                });
            }
            if let IndexKind::Typed(types) = rule.kind
                && !types.allow(&value)
            {
                return Err(GraphError::WrongType {
                    constraint: rule.name.clone(),
                    name: self.catalogue.target_name(rule.target).clone(),
                    property: self.catalogue.property_key_name(*key).clone(),
                    types: types.words(),
                    element: self.in_words(subject_of(rule.target, slot)),
                    value: shortened(&literal(&value)),
                });
            }
        }
        Ok(())
    }

    fn check_in_schema(&self, element: Subject) -> Result<(), GraphError> {
        let schema = self.catalogue.schema();
        let found = match element {
            Subject::Node(node) => self.node_problem(schema, node),
            Subject::Relationship(relationship) => self.relationship_problem(schema, relationship),
        };
        match found {
            None => Ok(()),
            Some((problem, hint)) => Err(GraphError::NotInSchema { problem, element: self.in_words(element), hint }),
        }
    }

    fn node_problem(&self, schema: &Schema, node: NodeId) -> Option<Problem> {
        let labels = self.label_names(node);
        if labels.is_empty() {
            return Some(("wants every node to have a declared label".to_owned(), None));
        }
        for label in &labels {
            if !schema.labels.contains_key(label.as_str()) {
                return Some(unknown("label", label, schema.labels.keys()));
            }
        }
        let declared = labels.iter().filter_map(|label| schema.labels.get(label.as_str()));
        // A label that does not say which properties it has may have any that is declared.
        let lists: Option<Vec<&Vec<String>>> = declared.map(|label| label.properties.as_ref()).collect();
        for key in self.node_columns.keys_of(node.0) {
            let name = self.catalogue.property_key_name(key);
            let is_listed = |lists: &Vec<&Vec<String>>| lists.iter().any(|list| list.iter().any(|one| one == name));
            let is_key = labels.iter().any(|label| schema.key_of(label) == Some(name.as_str()));
            if lists.as_ref().is_some_and(|lists| !is_listed(lists)) && !is_key {
                let known = lists.iter().flatten().flat_map(|list| list.iter());
                return Some(unknown_of(&format!(":{}", labels.join(":")), name, known));
            }
            let value = self.node_columns.value(key, node.0);
            if let Some(problem) = value_problem(schema, name, &value) {
                return Some(problem);
            }
        }
        None
    }

    fn relationship_problem(&self, schema: &Schema, relationship: RelationshipId) -> Option<Problem> {
        let record = self.relationships.record(relationship)?;
        let kind = self.catalogue.relationship_type_name(record.kind);
        let Some(declared) = schema.types.get(kind.as_str()) else {
            return Some(unknown("relationship type", kind, schema.types.keys()));
        };
        for (word, node, allowed) in [("start", record.start, &declared.from), ("end", record.end, &declared.to)] {
            let labels = self.label_names(node);
            if !allowed.is_empty() && !labels.iter().any(|label| allowed.iter().any(|one| one == label)) {
                let problem = format!("wants the {word} of `{kind}` to be one of `{}`", allowed.join("`, `"));
                return Some((problem, None));
            }
        }
        for key in self.relationship_columns.keys_of(relationship.0) {
            let name = self.catalogue.property_key_name(key);
            if !declared.properties.iter().any(|one| one == name) {
                return Some(unknown_of(&format!(":{kind}"), name, declared.properties.iter()));
            }
            let value = self.relationship_columns.value(key, relationship.0);
            if let Some(problem) = value_problem(schema, name, &value) {
                return Some(problem);
            }
        }
        None
    }

    fn label_names(&self, node: NodeId) -> Vec<SmolStr> {
        let labels = self.label_sets.labels(self.nodes.label_set(node));
        labels.iter().map(|label| self.catalogue.label_name(*label).clone()).collect()
    }

    /// Returns an element as a query would write it, with its first properties.
    fn in_words(&self, element: Subject) -> String {
        let properties = |keys: Vec<PropertyKeyId>, columns: &super::state::Columns| {
            let shown = keys.iter().take(SHOWN_PROPERTIES).map(|key| {
                let name = quote_name(self.catalogue.property_key_name(*key));
                format!("{name}: {}", shortened(&literal(&columns.value(*key, slot_of(element)))))
            });
            let mut words = shown.collect::<Vec<_>>().join(", ");
            if keys.len() > SHOWN_PROPERTIES {
                words.push_str(", …");
            }
            if words.is_empty() { words } else { format!(" {{{words}}}") }
        };
        match element {
            Subject::Node(node) => {
                let labels = self.label_names(node).iter().map(|label| format!(":{}", quote_name(label))).collect();
                let labels: String = labels;
                let properties = properties(self.node_columns.keys_of(node.0).collect(), &self.node_columns);
                format!("({})", format!("{labels}{properties}").trim_start())
            }
            Subject::Relationship(relationship) => {
                let kind = self.relationships.record(relationship).map(|record| record.kind);
                let kind = kind.map_or_else(String::new, |kind| {
                    quote_name(self.catalogue.relationship_type_name(kind)).to_string()
                });
                let keys = self.relationship_columns.keys_of(relationship.0).collect();
                format!("()-[:{kind}{}]->()", properties(keys, &self.relationship_columns))
            }
        }
    }
}

/// What a closed schema does not know, and what to try.
type Problem = (String, Option<String>);

fn unknown<'a>(sort: &str, name: &str, known: impl Iterator<Item = &'a String>) -> Problem {
    (format!("does not know the {sort} `{name}`"), nearest(name, known))
}

fn unknown_of<'a>(owner: &str, name: &str, known: impl Iterator<Item = &'a String>) -> Problem {
    (format!("does not know the property `{name}` of `{owner}`"), nearest(name, known))
}

/// Says what is wrong with a property's value, if anything is.
fn value_problem(schema: &Schema, name: &str, value: &Value) -> Option<Problem> {
    let Some(declared) = schema.properties.get(name) else {
        return Some(unknown("property", name, schema.properties.keys()));
    };
    let fits = match value {
        Value::List(items) if declared.many => items.iter().all(|item| is_of_type(declared, item)),
        value => is_of_type(declared, value),
    };
    let of_list = if declared.many { "a list of " } else { "" };
    let wanted = format_smolstr!("{of_list}{}", declared.value.name());
    if !fits {
        let found = shortened(&literal(value));
        return Some((format!("wants `{name}` to be {wanted}, and it is {found}"), None));
    }
    None
}

fn is_of_type(declared: &PropertyDeclaration, value: &Value) -> bool {
    match declared.value {
        ValueType::Any => true,
        ValueType::Boolean => value.kind() == Kind::Boolean,
        ValueType::Integer => value.kind() == Kind::Integer,
        ValueType::Float => value.kind() == Kind::Float,
        ValueType::String => value.kind() == Kind::String,
        ValueType::Date => matches!(value.kind(), Kind::Date | Kind::PartialDate),
        ValueType::LocalTime => value.kind() == Kind::LocalTime,
        ValueType::Time => value.kind() == Kind::Time,
        ValueType::LocalDateTime => value.kind() == Kind::LocalDateTime,
        ValueType::DateTime => value.kind() == Kind::DateTime,
        ValueType::Duration => value.kind() == Kind::Duration,
        ValueType::Literal => value.kind() == Kind::Literal,
    }
}

/// Asks whether the known name that is nearest to one was meant, if it is near enough.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Option<String> {
    let far = |known: &String| distance(&known.to_lowercase(), &name.to_lowercase());
    let allowed = (name.chars().count() / 3).max(1);
    let near = known.map(|known| (far(known), known)).filter(|(distance, _)| *distance <= allowed);
    near.min().map(|(_, known)| format!("did you mean `{known}`?"))
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= SHOWN_CHARACTERS {
        return text.to_owned();
    }
    text.chars().take(SHOWN_CHARACTERS).chain(['…']).collect()
}

fn slots_in(chunk: usize, live: &PlaceSet) -> Vec<u32> {
    let mut slots = Vec::with_capacity(live.count());
    live.for_each(|place| slots.push(first_slot(chunk) + place as u32));
    slots
}

fn slot_of(element: Subject) -> u32 {
    match element {
        Subject::Node(node) => node.0,
        Subject::Relationship(relationship) => relationship.0,
    }
}

fn subject_of(target: IndexTarget, slot: u32) -> Subject {
    match target {
        IndexTarget::Node(_) => Subject::Node(NodeId(slot)),
        IndexTarget::Relationship(_) => Subject::Relationship(RelationshipId(slot)),
    }
}
