//! What the binder wants to know, answered by the catalogue and the registry of procedures.

use smol_str::SmolStr;

use crate::binder::{KnownNames, KnownProcedures, NameKind};
use crate::graph::Catalogue;
use crate::procedure::{Registry, Signature};

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
