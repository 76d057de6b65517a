//! The door to petgraph: a view of the graph with its visit traits, and what its algorithms compute, in our own types.
//!
//! Nothing is copied: a node is its place in the [`View`], and each step reads the neighbours of one node from the snapshot. petgraph's
//! algorithms know no way to stop, so once the statement is to stop the view yields nothing more, and the call ends as an error.
//! Every iterator knows its exact length; some algorithms rely on it.

use std::cell::RefCell;
use std::cmp::Ordering;

use petgraph::algo;
use petgraph::data::Element;
use petgraph::visit::{
    Data, EdgeRef, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges, IntoNeighbors, IntoNeighborsDirected,
    IntoNodeIdentifiers, IntoNodeReferences, NodeIndexable, VisitMap, Visitable,
};

use crate::graph::{Direction, PropertyKeyId, Scratch};
use crate::value::RelationshipId;
use crate::vector::Bitmap;

use super::view::View;
use super::{ProcedureContext, ProcedureError};

/// A view as petgraph walks it: with or without direction, with weights or each relationship as 1.
struct Walked<'a, 'graph> {
    view: &'a View<'graph>,
    is_directed: bool,
    weight: Option<PropertyKeyId>,
    context: &'a ProcedureContext<'a>,
    scratch: RefCell<Scratch>,
    failure: RefCell<Option<ProcedureError>>,
}

impl<'a, 'graph> Walked<'a, 'graph> {
    fn new(
        view: &'a View<'graph>,
        is_directed: bool,
        weight: Option<PropertyKeyId>,
        context: &'a ProcedureContext<'a>,
    ) -> Walked<'a, 'graph> {
        Walked { view, is_directed, weight, context, scratch: RefCell::default(), failure: RefCell::new(None) }
    }

    /// Returns the result, unless something stopped the walk that led to it.
    fn finish<T>(self, result: T) -> Result<T, ProcedureError> {
        match self.failure.into_inner() {
            Some(failure) => Err(failure),
            None => Ok(result),
        }
    }

    /// Says whether the walk may go on, and keeps the reason if not.
    fn goes_on(&self, work: usize) -> bool {
        let mut failure = self.failure.borrow_mut();
        if failure.is_none() {
            *failure = self.context.tick(work + 1).err();
        }
        failure.is_none()
    }

    fn direction(&self, reversed: bool) -> Direction {
        match (self.is_directed, reversed) {
            (false, _) => Direction::Both,
            (true, false) => Direction::Outgoing,
            (true, true) => Direction::Incoming,
        }
    }

    fn neighbours(&self, place: u32, direction: Direction) -> Vec<u32> {
        let mut found = Vec::new();
        self.view.neighbours(place, direction, &mut self.scratch.borrow_mut(), &mut found);
        if self.goes_on(found.len()) { found } else { Vec::new() }
    }

    fn edges(&self, place: u32, direction: Direction) -> Vec<Edge> {
        let mut found = Vec::new();
        self.view.for_each_relationship(place, direction, &mut self.scratch.borrow_mut(), |other, relationship| {
            found.push(Edge { source: place, target: other, cost: Cost { weight: 1.0, relationship: relationship.0 } });
        });
        if !self.goes_on(found.len()) {
            return Vec::new();
        }
        if let Some(key) = self.weight {
            for edge in &mut found {
                match self.view.weight(RelationshipId(edge.cost.relationship), key) {
                    Ok(weight) => edge.cost.weight = weight,
                    Err(error) => {
                        self.failure.borrow_mut().get_or_insert(error.into());
                        return Vec::new();
                    }
                }
            }
        }
        found
    }
}

/// What petgraph takes: a handle that can be copied.
#[derive(Clone, Copy)]
struct Handle<'a, 'graph>(&'a Walked<'a, 'graph>);

/// A relationship as petgraph sees it.
#[derive(Clone, Copy)]
struct Edge {
    source: u32,
    target: u32,
    cost: Cost,
}

/// A weight, and the relationship that has it; of equal weights the older relationship comes first.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cost {
    weight: f64,
    relationship: u32,
}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let by_weight = self.weight.partial_cmp(&other.weight)?;
        Some(by_weight.then(self.relationship.cmp(&other.relationship)))
    }
}

impl EdgeRef for Edge {
    type NodeId = u32;
    type EdgeId = u32;
    type Weight = Cost;

    fn source(&self) -> u32 {
        self.source
    }

    fn target(&self) -> u32 {
        self.target
    }

    fn weight(&self) -> &Cost {
        &self.cost
    }

    fn id(&self) -> u32 {
        self.cost.relationship
    }
}

impl GraphBase for Handle<'_, '_> {
    type NodeId = u32;
    type EdgeId = u32;
}

impl GraphRef for Handle<'_, '_> {}

impl Data for Handle<'_, '_> {
    type NodeWeight = ();
    type EdgeWeight = Cost;
}

/// Only the algorithms that disregard direction ask.
impl GraphProp for Handle<'_, '_> {
    type EdgeType = petgraph::Undirected;
}

impl NodeIndexable for Handle<'_, '_> {
    fn node_bound(&self) -> usize {
        self.0.view.len()
    }

    fn to_index(&self, place: u32) -> usize {
        place as usize
    }

    fn from_index(&self, index: usize) -> u32 {
        index as u32
    }
}

impl IntoNodeIdentifiers for Handle<'_, '_> {
    type NodeIdentifiers = std::ops::Range<u32>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        0..self.0.view.len() as u32
    }
}

impl IntoNodeReferences for Handle<'_, '_> {
    type NodeRef = (u32, ());
    type NodeReferences = std::iter::Map<std::ops::Range<u32>, fn(u32) -> (u32, ())>;

    fn node_references(self) -> Self::NodeReferences {
        self.node_identifiers().map(|place| (place, ()))
    }
}

impl IntoNeighbors for Handle<'_, '_> {
    type Neighbors = std::vec::IntoIter<u32>;

    fn neighbors(self, place: u32) -> Self::Neighbors {
        self.0.neighbours(place, self.0.direction(false)).into_iter()
    }
}

impl IntoNeighborsDirected for Handle<'_, '_> {
    type NeighborsDirected = std::vec::IntoIter<u32>;

    fn neighbors_directed(self, place: u32, direction: petgraph::Direction) -> Self::NeighborsDirected {
        self.0.neighbours(place, self.0.direction(direction == petgraph::Direction::Incoming)).into_iter()
    }
}

impl IntoEdgeReferences for Handle<'_, '_> {
    type EdgeRef = Edge;
    type EdgeReferences = std::vec::IntoIter<Edge>;

    fn edge_references(self) -> Self::EdgeReferences {
        let all = self.node_identifiers().flat_map(|place| self.0.edges(place, Direction::Outgoing));
        all.collect::<Vec<_>>().into_iter()
    }
}

impl IntoEdges for Handle<'_, '_> {
    type Edges = std::vec::IntoIter<Edge>;

    fn edges(self, place: u32) -> Self::Edges {
        self.0.edges(place, self.0.direction(false)).into_iter()
    }
}

/// Which places were visited.
struct Visited(Bitmap);

impl VisitMap<u32> for Visited {
    fn visit(&mut self, place: u32) -> bool {
        self.0.insert(place as usize)
    }

    fn is_visited(&self, place: &u32) -> bool {
        self.0.contains(*place as usize)
    }

    fn unvisit(&mut self, place: u32) -> bool {
        let was = self.0.contains(place as usize);
        self.0.remove(place as usize);
        was
    }
}

impl Visitable for Handle<'_, '_> {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited(Bitmap::new(self.0.view.len()))
    }

    fn reset_map(&self, map: &mut Visited) {
        map.0.clear();
    }
}

/// Returns the parts in which every node reaches every other along the direction of relationships.
pub(super) fn strong_components(
    view: &View<'_>,
    context: &ProcedureContext<'_>,
) -> Result<Vec<Vec<u32>>, ProcedureError> {
    let walked = Walked::new(view, true, None, context);
    let components = algo::kosaraju_scc(Handle(&walked));
    walked.finish(components)
}

/// Returns the least sum of weights of a way from one place to another, and the places on it; none if there is no way.
pub(super) fn shortest_way(
    view: &View<'_>,
    (start, end): (u32, u32),
    (is_directed, weight): (bool, Option<PropertyKeyId>),
    context: &ProcedureContext<'_>,
) -> Result<Option<(f64, Vec<u32>)>, ProcedureError> {
    let walked = Walked::new(view, is_directed, weight, context);
    let way = algo::astar(Handle(&walked), start, |place| place == end, |edge| edge.cost.weight, |_| 0.0);
    walked.finish(way)
}

/// Returns for each place the least sum of weights of a way from `start`; none where there is no way.
pub(super) fn distances(
    view: &View<'_>,
    start: u32,
    (is_directed, weight): (bool, Option<PropertyKeyId>),
    context: &ProcedureContext<'_>,
) -> Result<Vec<Option<f64>>, ProcedureError> {
    let walked = Walked::new(view, is_directed, weight, context);
    let costs = algo::dijkstra(Handle(&walked), start, None, |edge| edge.cost.weight);
    let found = (0..view.len() as u32).map(|place| costs.get(&place).copied()).collect();
    walked.finish(found)
}

/// Returns the relationships that hold all parts together at the least sum of weights, ascending by weight.
pub(super) fn spanning_tree(
    view: &View<'_>,
    weight: Option<PropertyKeyId>,
    context: &ProcedureContext<'_>,
) -> Result<Vec<(RelationshipId, f64)>, ProcedureError> {
    let walked = Walked::new(view, false, weight, context);
    let elements = algo::min_spanning_tree(Handle(&walked)).filter_map(|element| match element {
        Element::Edge { weight: Cost { weight, relationship }, .. } => Some((RelationshipId(relationship), weight)),
        Element::Node { .. } => None,
    });
    let tree = elements.collect();
    walked.finish(tree)
}

/// Returns the places without which more parts would fall apart, ascending.
pub(super) fn cut_places(view: &View<'_>, context: &ProcedureContext<'_>) -> Result<Vec<u32>, ProcedureError> {
    let walked = Walked::new(view, false, None, context);
    let mut places: Vec<u32> = algo::articulation_points::articulation_points(Handle(&walked)).into_iter().collect();
    places.sort_unstable();
    walked.finish(places)
}
