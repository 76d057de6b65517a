//! What the binder wants to know, answered by the catalogue and the registry of procedures.

use smol_str::SmolStr;

use crate::binder::{KnownNames, KnownProcedures, NameKind, Type};
use crate::graph::Snapshot;
use crate::knowledge::ValueType;
use crate::procedure::{Registry, Signature};
use crate::value::Kind;

use super::Database;

/// The other names that a graph's schema declares, for completion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Aliases {
    /// Those of labels.
    pub(crate) labels: Vec<String>,
    /// Those of relationship types.
    pub(crate) types: Vec<String>,
    /// Those of properties.
    pub(crate) properties: Vec<String>,
}

impl Database {
    /// Returns the label that a name or alias stands for.
    pub(crate) fn stored_label(&self, name: &str) -> String {
        self.published().snapshot.catalogue().stored_label(name).to_owned()
    }

    /// Returns the other names of labels, types and properties.
    pub(crate) fn aliases(&self) -> Aliases {
        let published = self.published();
        let schema = published.snapshot.catalogue().schema();
        let all = |zh: &String, others: &Vec<String>| -> Vec<String> {
            std::iter::once(zh).chain(others).filter(|name| !name.is_empty()).cloned().collect()
        };
        Aliases {
            labels: schema.labels.values().flat_map(|declared| all(&declared.zh, &declared.aliases)).collect(),
            types: schema.types.values().flat_map(|declared| all(&declared.zh, &declared.aliases)).collect(),
            properties: schema.properties.values().flat_map(|declared| all(&declared.zh, &declared.aliases)).collect(),
        }
    }
}

/// The names of a graph, with the aliases that its schema declares.
pub(super) struct GraphNames<'a>(pub(super) &'a Snapshot);

impl KnownNames for GraphNames<'_> {
    fn resolve_alias(&self, kind: NameKind, name: &str) -> Option<SmolStr> {
        let stored = match kind {
            NameKind::Label => self.0.catalogue().stored_label(name),
            NameKind::RelationshipType => self.0.catalogue().stored_relationship_type(name),
            NameKind::PropertyKey => self.0.catalogue().stored_property_key(name),
        };
        (stored != name).then(|| SmolStr::new(stored))
    }

    fn knows(&self, kind: NameKind, name: &str) -> bool {
        match kind {
            NameKind::Label => self.0.catalogue().label_id(name).is_some(),
            NameKind::RelationshipType => self.0.catalogue().relationship_type_id(name).is_some(),
            NameKind::PropertyKey => self.0.catalogue().property_key_id(name).is_some(),
        }
    }

    fn property_type(&self, element: &Type, key: &str) -> Type {
        let Some(id) = self.0.catalogue().property_key_id(key) else { return Type::ANY };
        let (nodes, relationships) = (element.may_be(&Type::NODE), element.may_be(&Type::RELATIONSHIP));
        let declared = || self.0.catalogue().schema().properties.get(key).filter(|declared| !declared.many);
        match self.0.statistics().kinds_of(id, nodes, relationships) {
            (kinds, false) if !kinds.is_empty() => Type::of_all(&kinds),
            // Dates are not counted one by one, so what is declared counts.
            (kinds, true)
                if kinds.is_empty() && declared().is_some_and(|declared| declared.value == ValueType::Date) =>
            {
                Type::of_all(&[Kind::Date, Kind::PartialDate])
            }
            _ => Type::ANY,
        }
    }

    fn all(&self, kind: NameKind) -> Vec<SmolStr> {
        let schema = self.0.catalogue().schema();
        let (mut names, aliases): (Vec<SmolStr>, Vec<(&String, &Vec<String>)>) = match kind {
            NameKind::Label => (
                self.0.catalogue().labels().map(|(_, name)| name.clone()).collect(),
                schema.labels.values().map(|declared| (&declared.zh, &declared.aliases)).collect(),
            ),
            NameKind::RelationshipType => (
                self.0.catalogue().relationship_types().map(|(_, name)| name.clone()).collect(),
                schema.types.values().map(|declared| (&declared.zh, &declared.aliases)).collect(),
            ),
            NameKind::PropertyKey => (
                self.0.catalogue().property_keys().map(|(_, name)| name.clone()).collect(),
                schema.properties.values().map(|declared| (&declared.zh, &declared.aliases)).collect(),
            ),
        };
        for (zh, aliases) in aliases {
            names.extend(aliases.iter().chain([zh]).map(SmolStr::new));
        }
        names.retain(|name| !name.is_empty());
        names
    }
}

/// The procedures of a database.
pub(super) struct RegisteredProcedures<'a>(pub(super) &'a Registry);

impl KnownProcedures for RegisteredProcedures<'_> {
    fn signature(&self, name: &str) -> Option<Signature> {
        self.0.find(name).map(|procedure| procedure.signature.clone())
    }

    fn names(&self) -> Vec<SmolStr> {
        self.0.names().cloned().collect()
    }
}
