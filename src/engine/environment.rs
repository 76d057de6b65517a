//! What the binder wants to know, answered by the catalogue and the registry of procedures.

use smol_str::SmolStr;

use crate::binder::{KnownNames, KnownProcedures, NameKind};
use crate::graph::Catalogue;
use crate::procedure::{Registry, Signature};

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
pub(super) struct GraphNames<'a>(pub(super) &'a Catalogue);

impl KnownNames for GraphNames<'_> {
    fn resolve_alias(&self, kind: NameKind, name: &str) -> Option<SmolStr> {
        let stored = match kind {
            NameKind::Label => self.0.stored_label(name),
            NameKind::RelationshipType => self.0.stored_relationship_type(name),
            NameKind::PropertyKey => self.0.stored_property_key(name),
        };
        (stored != name).then(|| SmolStr::new(stored))
    }

    fn knows(&self, kind: NameKind, name: &str) -> bool {
        match kind {
            NameKind::Label => self.0.label_id(name).is_some(),
            NameKind::RelationshipType => self.0.relationship_type_id(name).is_some(),
            NameKind::PropertyKey => self.0.property_key_id(name).is_some(),
        }
    }

    fn all(&self, kind: NameKind) -> Vec<SmolStr> {
        let schema = self.0.schema();
        let (mut names, aliases): (Vec<SmolStr>, Vec<(&String, &Vec<String>)>) = match kind {
            NameKind::Label => (
                self.0.labels().map(|(_, name)| name.clone()).collect(),
                schema.labels.values().map(|declared| (&declared.zh, &declared.aliases)).collect(),
            ),
            NameKind::RelationshipType => (
                self.0.relationship_types().map(|(_, name)| name.clone()).collect(),
                schema.types.values().map(|declared| (&declared.zh, &declared.aliases)).collect(),
            ),
            NameKind::PropertyKey => (
                self.0.property_keys().map(|(_, name)| name.clone()).collect(),
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
