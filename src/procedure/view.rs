//! The part of the graph that an algorithm looks at: nodes of some labels, relationships of some types between them.
//!
//! It holds which nodes belong and where each stands among them; neighbours are read from the snapshot itself.

use crate::graph::{CHUNK_SLOTS, Direction, LabelId, PropertyKeyId, RelationshipTypeId, Scratch, Snapshot, Walk};
use crate::text::distance;
use crate::value::{NodeId, RelationshipId, Value, ValueError};
use crate::vector::Column;

use super::options::Options;
use super::{ProcedureContext, ProcedureError};

/// The place of a slot whose node does not belong.
pub(super) const OUTSIDE: u32 = u32::MAX;

/// A part of a snapshot, for one call.
pub(super) struct View<'a> {
    snapshot: &'a Snapshot,
    kinds: Vec<RelationshipTypeId>,
    /// A walk for each type, by direction.
    walks: [Vec<Walk<'a>>; 3],
    /// The nodes that belong, ascending.
    pub(super) nodes: Vec<u32>,
    /// For each slot the place of its node in `nodes`, or [`OUTSIDE`].
    pub(super) places: Vec<u32>,
    /// Whether no neighbour lies outside: because every node of the snapshot belongs, or by the counts.
    is_whole: bool,
}

/// Says whether all relationships of a type lead from nodes with a label to nodes with it, by the exact counts.
fn stays_within(kind: RelationshipTypeId, label: LabelId, snapshot: &Snapshot) -> bool {
    let statistics = snapshot.statistics();
    let all = statistics.relationships_of(kind);
    let ends = [(Some(label), None), (None, Some(label))];
    ends.into_iter().all(|(start, end)| statistics.relationships_between(Some(kind), start, end) == all)
}

impl<'a> View<'a> {
    /// Returns the view that the options `labels` and `types` describe; all of the graph without them.
    pub(super) fn new(options: &Options<'_>, context: &ProcedureContext<'a>) -> Result<View<'a>, ProcedureError> {
        let snapshot = context.snapshot;
        let catalogue = snapshot.catalogue();
        let labels: Option<Vec<LabelId>> = match options.texts("labels")? {
            None => None,
            Some(names) => Some(find_all(
                &names,
                "label",
                |name| catalogue.label_id(name),
                || catalogue.labels().map(|(_, name)| name.to_string()).collect(),
            )?),
        };
        let kinds = match options.texts("types")? {
            None => catalogue.relationship_types().map(|(id, _)| id).collect(),
            Some(names) => find_all(
                &names,
                "relationship type",
                |name| catalogue.relationship_type_id(name),
                || catalogue.relationship_types().map(|(_, name)| name.to_string()).collect(),
            )?,
        };
        let mut view = View::of_nodes(snapshot, labels.as_deref());
        view.kinds = kinds;
        view.kinds.sort();
        view.kinds.dedup();
        if let Some([label]) = labels.as_deref() {
            view.is_whole |= view.kinds.iter().all(|kind| stays_within(*kind, *label, snapshot));
        }
        for direction in [Direction::Outgoing, Direction::Incoming, Direction::Both] {
            view.walks[direction as usize] = view.kinds.iter().map(|kind| snapshot.walk(*kind, direction)).collect();
        }
        context.tick(view.nodes.len())?;
        Ok(view)
    }

    fn of_nodes(snapshot: &'a Snapshot, labels: Option<&[LabelId]>) -> View<'a> {
        let mut nodes = Vec::new();
        for chunk in 0..snapshot.chunk_count() {
            match labels {
                None => snapshot.scan_chunk(chunk, None, &mut nodes),
                Some(labels) => {
                    let wanted = |label: &LabelId| labels.contains(label);
                    snapshot.scan_chunk_where(chunk, |set| snapshot.label_set(set).iter().any(wanted), &mut nodes);
                }
            }
        }
        let mut places = vec![OUTSIDE; snapshot.chunk_count() * CHUNK_SLOTS];
        for (place, node) in nodes.iter().enumerate() {
            places[*node as usize] = place as u32;
        }
        let is_whole = nodes.len() as u64 == snapshot.node_count();
        View { snapshot, kinds: Vec::new(), walks: Default::default(), nodes, places, is_whole }
    }

    /// Returns the number of nodes.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns the nodes as a column.
    pub(super) fn node_column(&self) -> Column {
        Column::Node(self.nodes.clone())
    }

    /// Returns the place of a node.
    ///
    /// # Errors
    /// If the node does not belong.
    pub(super) fn place(&self, node: NodeId, option: &str) -> Result<u32, ValueError> {
        match self.places.get(node.0 as usize) {
            Some(place) if *place != OUTSIDE => Ok(*place),
            _ => {
                Err(ValueError::bad_argument(format!("the node given as `{option}` has none of the labels asked for")))
            }
        }
    }

    /// Calls `visit` with the slots of the neighbours of the node at a place, type by type; some may lie outside.
    #[inline]
    pub(super) fn for_each_list(
        &self,
        place: u32,
        direction: Direction,
        scratch: &mut Scratch,
        mut visit: impl FnMut(&[u32]),
    ) {
        for walk in &self.walks[direction as usize] {
            visit(walk.nodes(self.nodes[place as usize], scratch));
        }
    }

    /// Returns the places of the neighbours of the node at a place, one for each relationship.
    pub(super) fn neighbours(&self, place: u32, direction: Direction, scratch: &mut Scratch, found: &mut Vec<u32>) {
        found.clear();
        self.for_each_list(place, direction, scratch, |slots| {
            let places = slots.iter().map(|slot| self.places[*slot as usize]);
            if self.is_whole { found.extend(places) } else { found.extend(places.filter(|place| *place != OUTSIDE)) }
        });
    }

    /// Returns the places of the distinct neighbours of the node at a place, whatever the direction, without itself; ascending.
    pub(super) fn distinct_neighbours(&self, place: u32, scratch: &mut Scratch, found: &mut Vec<u32>) {
        self.neighbours(place, Direction::Both, scratch, found);
        found.sort_unstable();
        found.dedup();
        found.retain(|other| *other != place);
    }

    /// Calls `visit` with the place of the neighbour and the relationship, for each relationship of the node at a place.
    pub(super) fn for_each_relationship(
        &self,
        place: u32,
        direction: Direction,
        scratch: &mut Scratch,
        mut visit: impl FnMut(u32, RelationshipId),
    ) {
        let mut relationships = Vec::new();
        for walk in &self.walks[direction as usize] {
            let neighbours = walk.neighbours(self.nodes[place as usize], scratch);
            relationships.clear();
            neighbours.relationships_into(&mut relationships);
            for (slot, relationship) in neighbours.nodes.iter().zip(&relationships) {
                let other = self.places[*slot as usize];
                if other != OUTSIDE {
                    visit(other, RelationshipId(*relationship));
                }
            }
        }
    }

    /// Returns how many relationships lead from the node at a place to nodes that belong.
    pub(super) fn degree(&self, place: u32, direction: Direction, scratch: &mut Scratch) -> usize {
        if self.is_whole {
            return self.walks[direction as usize].iter().map(|walk| walk.degree(self.nodes[place as usize])).sum();
        }
        let mut degree = 0;
        self.for_each_list(place, direction, scratch, |slots| {
            degree += slots.iter().filter(|slot| self.places[**slot as usize] != OUTSIDE).count();
        });
        degree
    }

    /// Returns about how many relationships belong, from the graph's exact counts.
    pub(super) fn relationship_count(&self) -> u64 {
        let statistics = self.snapshot.statistics();
        self.kinds.iter().map(|kind| statistics.relationships_of(*kind)).sum()
    }

    /// Returns the number that a relationship has under a key.
    ///
    /// # Errors
    /// If it has none, or one that no path can add up.
    pub(super) fn weight(&self, relationship: RelationshipId, key: PropertyKeyId) -> Result<f64, ValueError> {
        let name = self.snapshot.catalogue().property_key_name(key);
        match self.snapshot.relationship_property(relationship, key) {
            Value::Integer(integer) if integer >= 0 => Ok(integer as f64),
            Value::Float(float) if float >= 0.0 => Ok(float),
            Value::Integer(_) | Value::Float(_) => Err(ValueError::out_of_range(format!(
                "the weight `{name}` of a relationship is negative or not a number"
            ))),
            other => Err(ValueError::wrong_kind(format!("the weight `{name}` of a relationship is {}", other.kind()))
                .with_hint("every relationship of these types needs a number there")),
        }
    }

    /// Returns the keys that an option names; nothing without it.
    pub(super) fn property_keys(
        &self,
        options: &Options<'_>,
        option: &str,
    ) -> Result<Option<Vec<PropertyKeyId>>, ValueError> {
        options.texts(option)?.map(|names| self.find_keys(&names)).transpose()
    }

    /// Returns the key that the option `weight` names.
    pub(super) fn weight_key(&self, options: &Options<'_>) -> Result<Option<PropertyKeyId>, ValueError> {
        let Some(name) = options.text("weight")? else { return Ok(None) };
        Ok(self.find_keys(&[name])?.first().copied())
    }

    fn find_keys(&self, names: &[&str]) -> Result<Vec<PropertyKeyId>, ValueError> {
        let catalogue = self.snapshot.catalogue();
        let known = || catalogue.property_keys().map(|(_, name)| name.to_string()).collect();
        find_all(names, "property", |name| catalogue.property_key_id(name), known)
    }
}

/// Looks up names; an unknown one is an error that tells the nearest known one.
fn find_all<T>(
    names: &[&str],
    what: &str,
    find: impl Fn(&str) -> Option<T>,
    known: impl Fn() -> Vec<String>,
) -> Result<Vec<T>, ValueError> {
    let one = |name: &&str| {
        find(name).ok_or_else(|| {
            let error = ValueError::bad_argument(format!("the graph has no {what} `{name}`"));
            match known().into_iter().min_by_key(|known| distance(known, name)) {
                Some(nearest) if distance(&nearest, name) <= 2 + name.chars().count() / 4 => {
                    error.with_hint(format!("did you mean `{nearest}`?"))
                }
                _ => error,
            }
        })
    };
    names.iter().map(one).collect()
}
