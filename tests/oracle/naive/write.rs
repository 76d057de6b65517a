//! Writing clauses, a row at a time on the plain maps.

use smol_str::SmolStr;

use super::{Failure, Naive, Outcome, Row};
use crate::binder::bound::{CreatePattern, Merge, RemoveItem, SetItem};
use crate::expression::{Expression, MapEntry};
use crate::function::GraphReader;
use crate::graph::check_storable;
use crate::value::{NodeId, RelationshipId, Value};

/// A node or a relationship that is there.
#[derive(Clone, Copy)]
enum Element {
    Node(NodeId),
    Relationship(RelationshipId),
}

impl Naive<'_> {
    pub(super) fn create(&self, pattern: &CreatePattern, row: &Row) -> Outcome<Row> {
        let mut made = row.clone();
        for node in &pattern.nodes {
            let properties = self.properties(&node.properties, &made)?;
            let id = self.model.borrow_mut().create_node(&node.labels);
            made.set(node.slot, Value::Node(id));
            for (key, value) in properties {
                self.set_property(Element::Node(id), key, value)?;
            }
        }
        for step in &pattern.relationships {
            let properties = self.properties(&step.properties, &made)?;
            let (Value::Node(start), Value::Node(end)) = (made.read(step.from)?, made.read(step.to)?) else {
                return Err(Failure::Error("an end of a relationship is null".to_owned()));
            };
            let id = self.model.borrow_mut().create_relationship(&step.label, start, end);
            let Some(id) = id else { return Err(Failure::Error("an end of a relationship is gone".to_owned())) };
            made.set(step.slot, Value::Relationship(id));
            for (key, value) in properties {
                self.set_property(Element::Relationship(id), key, value)?;
            }
        }
        for (slot, path) in &pattern.paths {
            let path = self.value(path, &made)?;
            made.set(*slot, path);
        }
        Ok(made)
    }

    fn properties(&self, expression: &Option<Expression>, row: &Row) -> Outcome<Vec<(SmolStr, Value)>> {
        match expression.as_ref().map(|expression| self.value(expression, row)).transpose()? {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Map(map)) => Ok(map.iter().map(|(key, value)| (key.clone(), value.clone())).collect()),
            Some(_) => Err(Failure::Error("properties are given by a map".to_owned())),
        }
    }

    pub(super) fn merge(&self, merge: &Merge, row: &Row) -> Outcome<Vec<Row>> {
        let nodes = merge.create.nodes.iter().map(|node| &node.properties);
        let relationships = merge.create.relationships.iter().map(|step| &step.properties);
        for properties in nodes.chain(relationships).flatten() {
            let Expression::Map(entries) = properties else { continue };
            for entry in entries {
                if let MapEntry::Pair(_, value) = entry
                    && value.slots().iter().all(|slot| row.get(*slot).is_some())
                    && self.value(value, row)?.is_null()
                {
                    return Err(Failure::Error("MERGE cannot look for null".to_owned()));
                }
            }
        }
        let found = self.matches(&merge.pattern, &merge.predicates, row)?;
        if found.is_empty() {
            let made = self.create(&merge.create, row)?;
            self.set(&merge.on_create, &made)?;
            return Ok(vec![made]);
        }
        for row in &found {
            self.set(&merge.on_match, row)?;
        }
        Ok(found)
    }

    pub(super) fn set(&self, items: &[SetItem], row: &Row) -> Outcome<()> {
        for item in items {
            match item {
                SetItem::Property { target, key, value } => {
                    if let Some(target) = self.element(target, row)? {
                        self.set_property(target, key.clone(), self.value(value, row)?)?;
                    }
                }
                SetItem::Replace { target, value } => self.set_all(target, value, true, row)?,
                SetItem::Merge { target, value } => self.set_all(target, value, false, row)?,
                SetItem::Labels { target, labels } => self.change_labels(target, labels, true, row)?,
            }
        }
        Ok(())
    }

    pub(super) fn remove(&self, items: &[RemoveItem], row: &Row) -> Outcome<()> {
        for item in items {
            match item {
                RemoveItem::Property { target, key } => {
                    if let Some(target) = self.element(target, row)? {
                        self.set_property(target, key.clone(), Value::Null)?;
                    }
                }
                RemoveItem::Labels { target, labels } => self.change_labels(target, labels, false, row)?,
            }
        }
        Ok(())
    }

    pub(super) fn delete(&self, targets: &[Expression], detach: bool, rows: Vec<Row>) -> Outcome<Vec<Row>> {
        let mut found = Vec::new();
        for row in &rows {
            for target in targets {
                found.push(self.value(target, row)?);
            }
        }
        let mut model = self.model.borrow_mut();
        for value in found {
            match value {
                Value::Null => {}
                Value::Node(id) => model.delete_node(id, detach),
                Value::Relationship(id) => model.delete_relationship(id),
                Value::Path(path) => {
                    path.relationships.iter().for_each(|id| model.delete_relationship(*id));
                    path.nodes.iter().for_each(|id| model.delete_node(*id, detach));
                }
                _ => return Err(Failure::Error("this cannot be deleted".to_owned())),
            }
        }
        drop(model);
        Ok(rows)
    }

    fn element(&self, target: &Expression, row: &Row) -> Outcome<Option<Element>> {
        match self.value(target, row)? {
            Value::Null => Ok(None),
            Value::Node(id) => Ok(Some(Element::Node(id))),
            Value::Relationship(id) => Ok(Some(Element::Relationship(id))),
            _ => Err(Failure::Error("an element is needed".to_owned())),
        }
    }

    fn set_property(&self, target: Element, key: SmolStr, value: Value) -> Outcome<()> {
        if check_storable(&value).is_err() {
            return Err(Failure::Error("the value cannot be stored".to_owned()));
        }
        let mut model = self.model.borrow_mut();
        let properties = match target {
            Element::Node(id) => model.nodes.get_mut(&id.0).map(|node| &mut node.properties),
            Element::Relationship(id) => model.relationships.get_mut(&id.0).map(|held| &mut held.properties),
        };
        let Some(properties) = properties else { return Err(Failure::Error("the element was deleted".to_owned())) };
        if value.is_null() {
            properties.remove(&key);
        } else {
            properties.insert(key, value);
        }
        Ok(())
    }

    fn set_all(&self, target: &Expression, value: &Expression, replace: bool, row: &Row) -> Outcome<()> {
        let Some(target) = self.element(target, row)? else { return Ok(()) };
        let properties_of = |element: Element| match element {
            Element::Node(id) => self.model.borrow().node_properties(id),
            Element::Relationship(id) => self.model.borrow().relationship_properties(id),
        };
        let given = match self.value(value, row)? {
            Value::Null => None,
            Value::Map(map) => Some(map),
            Value::Node(id) => properties_of(Element::Node(id)),
            Value::Relationship(id) => properties_of(Element::Relationship(id)),
            _ => return Err(Failure::Error("properties are given by a map".to_owned())),
        };
        if replace {
            for (key, _) in properties_of(target).iter().flat_map(|map| map.iter()) {
                self.set_property(target, key.clone(), Value::Null)?;
            }
        }
        for (key, value) in given.iter().flat_map(|map| map.iter()) {
            self.set_property(target, key.clone(), value.clone())?;
        }
        Ok(())
    }

    fn change_labels(&self, target: &Expression, labels: &[SmolStr], add: bool, row: &Row) -> Outcome<()> {
        match self.element(target, row)? {
            None => Ok(()),
            Some(Element::Relationship(_)) => Err(Failure::Error("a relationship has no labels".to_owned())),
            Some(Element::Node(id)) => {
                let mut model = self.model.borrow_mut();
                if add {
                    labels.iter().for_each(|label| model.know_label(label));
                }
                let Some(node) = model.nodes.get_mut(&id.0) else {
                    return Err(Failure::Error("the node was deleted".to_owned()));
                };
                for label in labels {
                    if add {
                        node.labels.insert(label.clone());
                    } else {
                        node.labels.remove(label);
                    }
                }
                Ok(())
            }
        }
    }
}
