//! What surrounds a statement: the names that the graph knows, the procedures, the parameters.

use smol_str::SmolStr;

use super::types::Type;
use crate::procedure::Signature;
use crate::value::Kind;

/// What a statement is bound against.
#[derive(Clone, Copy)]
pub struct Environment<'e> {
    /// The names that the graph knows, and their aliases.
    pub names: &'e dyn KnownNames,
    /// The procedures that can be called.
    pub procedures: &'e dyn KnownProcedures,
    /// The parameters given, with the kinds of their values; none if they are not known yet (then none is missed).
    pub parameters: Option<&'e [(SmolStr, Kind)]>,
}

/// Which of the three sets of names a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// Labels of nodes.
    Label,
    /// Types of relationships.
    RelationshipType,
    /// Keys of properties.
    PropertyKey,
}

/// The names of a graph, as the catalogue has them.
pub trait KnownNames {
    /// Returns the canonical name for a declared alias; nothing for any other name, canonical ones included.
    fn resolve_alias(&self, kind: NameKind, name: &str) -> Option<SmolStr>;

    /// Says whether the graph uses or declares this canonical name.
    fn knows(&self, kind: NameKind, name: &str) -> bool;

    /// Returns which kinds of values a property has in the graph, on nodes, relationships or both as the type of the element says.
    fn property_type(&self, element: &Type, key: &str) -> Type {
        let _ = (element, key);
        Type::ANY
    }

    /// Returns all names and aliases of a kind, to find the nearest among.
    fn all(&self, kind: NameKind) -> Vec<SmolStr>;
}

/// The procedures that can be called, built in or registered.
pub trait KnownProcedures {
    /// Returns the signature of a procedure; letter case does not count.
    fn signature(&self, name: &str) -> Option<Signature>;

    /// Returns the names of all procedures, to find the nearest among.
    fn names(&self) -> Vec<SmolStr>;
}
