//! What functions may ask of the world: the graph behind the ids, the clock, chance.

use std::cell::Cell;

use smol_str::SmolStr;

use crate::graph::{PropertyKeyId, Snapshot};
use crate::value::temporal::{DateTime, LocalDateTime};
use crate::value::{Map, NodeId, RelationshipId, Value};

/// The graph as functions see it: what is behind an id, as the statement sees it now.
///
/// `None` means that the element was deleted.
pub trait GraphReader {
    /// Returns the labels of a node, in the order in which the graph came to know them.
    fn labels(&self, node: NodeId) -> Option<Vec<SmolStr>>;
    /// Returns the type of a relationship; also of one deleted in this statement.
    fn relationship_type(&self, relationship: RelationshipId) -> Option<SmolStr>;
    /// Returns the start and end of a relationship.
    fn endpoints(&self, relationship: RelationshipId) -> Option<(NodeId, NodeId)>;
    /// Returns all properties of a node.
    fn node_properties(&self, node: NodeId) -> Option<Map>;
    /// Returns all properties of a relationship.
    fn relationship_properties(&self, relationship: RelationshipId) -> Option<Map>;
}

impl GraphReader for Snapshot {
    fn labels(&self, node: NodeId) -> Option<Vec<SmolStr>> {
        let name = |label: &_| self.catalogue().label_name(*label).clone();
        self.node_exists(node).then(|| Snapshot::labels(self, node).iter().map(name).collect())
    }

    fn relationship_type(&self, relationship: RelationshipId) -> Option<SmolStr> {
        let record = self.relationship(relationship)?;
        Some(self.catalogue().relationship_type_name(record.kind).clone())
    }

    fn endpoints(&self, relationship: RelationshipId) -> Option<(NodeId, NodeId)> {
        self.relationship(relationship).map(|record| (record.start, record.end))
    }

    fn node_properties(&self, node: NodeId) -> Option<Map> {
        self.node_exists(node).then(|| named(self, Snapshot::node_properties(self, node)))
    }

    fn relationship_properties(&self, relationship: RelationshipId) -> Option<Map> {
        let exists = self.relationship_exists(relationship);
        exists.then(|| named(self, Snapshot::relationship_properties(self, relationship)))
    }
}

/// Properties under the names of their keys.
fn named(snapshot: &Snapshot, properties: Vec<(PropertyKeyId, Value)>) -> Map {
    let name = |key: PropertyKeyId| snapshot.catalogue().property_key_name(key).clone();
    properties.into_iter().map(|(key, value)| (name(key), value)).collect()
}

/// A graph without elements.
#[cfg(test)]
#[derive(Clone, Copy, Debug, Default)]
pub struct NoGraph;

#[cfg(test)]
impl GraphReader for NoGraph {
    fn labels(&self, _: NodeId) -> Option<Vec<SmolStr>> {
        None
    }

    fn relationship_type(&self, _: RelationshipId) -> Option<SmolStr> {
        None
    }

    fn endpoints(&self, _: RelationshipId) -> Option<(NodeId, NodeId)> {
        None
    }

    fn node_properties(&self, _: NodeId) -> Option<Map> {
        None
    }

    fn relationship_properties(&self, _: RelationshipId) -> Option<Map> {
        None
    }
}

/// The instants that the temporal functions name, in nanoseconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// When the transaction began.
    pub transaction: i128,
    /// When the statement began; what `datetime()` means.
    pub statement: i128,
    /// Reads the clock again; what `datetime.realtime()` means.
    pub realtime: fn() -> i128,
}

impl Clock {
    /// Returns a clock that always shows one instant.
    pub fn fixed(instant: i128) -> Clock {
        Clock { transaction: instant, statement: instant, realtime: system_nanoseconds }
    }

    /// Returns a clock of this moment, for transaction and statement alike.
    pub fn now() -> Clock {
        Clock::fixed(system_nanoseconds())
    }
}

/// The system's clock, in nanoseconds since 1970-01-01T00:00Z.
pub fn system_nanoseconds() -> i128 {
    let now = std::time::SystemTime::now();
    match now.duration_since(std::time::UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(0),
        Err(error) => -i128::try_from(error.duration().as_nanos()).unwrap_or(0),
    }
}

/// What a function body may ask.
pub struct FunctionContext<'a> {
    /// The graph behind the ids.
    pub graph: &'a dyn GraphReader,
    /// The instants of transaction and statement.
    pub clock: Clock,
    /// The state of `rand()` and `randomUUID()`.
    random: Cell<u64>,
}

impl<'a> FunctionContext<'a> {
    /// Returns a context over a graph; `seed` starts the random numbers.
    pub fn new(graph: &'a dyn GraphReader, clock: Clock, seed: u64) -> Self {
        FunctionContext { graph, clock, random: Cell::new(seed) }
    }

    /// Returns the next 64 random bits (SplitMix64).
    pub fn random_bits(&self) -> u64 {
        let state = self.random.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.random.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns an instant as a moment in UTC.
    pub fn moment(&self, instant: i128) -> DateTime {
        let zero = LocalDateTime::from_nanoseconds(0).expect("the epoch is within the years known");
        let local = LocalDateTime::from_nanoseconds(instant).unwrap_or(zero);
        DateTime { local, offset_seconds: 0, zone: None }
    }
}

/// Returns a list of strings.
pub(super) fn strings(items: impl IntoIterator<Item = SmolStr>) -> Value {
    Value::list(items.into_iter().map(Value::String).collect())
}
