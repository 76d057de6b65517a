//! Ways through the graph: the shortest by weight, the distances from a node, what holds the graph together.

use std::sync::Arc;

use crate::graph::{Direction, PropertyKeyId, Scratch};
use crate::value::{Kind, NodeId, Path, RelationshipId, Value};
use crate::vector::Column;

use super::algorithm::{cut_places, distances, shortest_way, spanning_tree, strong_components};
use super::options::Options;
use super::pagerank::{node_field, options_field};
use super::schema::{builtin, integer};
use super::view::View;
use super::{Field, FieldKind, Procedure, ProcedureContext, ProcedureError};

/// Returns the procedures of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    let field = |name: &str, kind| Field::new(name, FieldKind::OneOf(vec![kind]));
    vec![
        builtin(
            "algo.shortestPath",
            &[options_field()],
            &[field("path", Kind::Path), field("cost", Kind::Float)],
            "finds the way with the least sum of weights; options `source`, `target`, `labels`, `types`, `weight`, `direction` \
             (outgoing, both)",
            "CALL algo.shortestPath({source: a, target: b, types: ['ROAD'], weight: 'km'}) YIELD path, cost",
            |arguments, context| find_way(&arguments[0], context),
        ),
        builtin(
            "algo.distances",
            &[options_field()],
            &[node_field(), field("distance", Kind::Float)],
            "gives the least sum of weights of a way to each node that can be reached; options `source`, `labels`, `types`, \
             `weight`, `direction` (outgoing, both)",
            "CALL algo.distances({source: a, types: ['ROAD'], weight: 'km'}) YIELD node, distance",
            |arguments, context| measure(&arguments[0], context),
        ),
        builtin(
            "algo.spanningTree",
            &[options_field()],
            &[field("relationship", Kind::Relationship), field("weight", Kind::Float)],
            "lists the relationships that hold all together at the least sum of weights; options `labels`, `types`, `weight`",
            "CALL algo.spanningTree({types: ['ROAD'], weight: 'km'}) YIELD relationship, weight",
            |arguments, context| {
                let options = Options::new(&arguments[0], &["labels", "types", "weight"])?;
                let view = View::new(&options, context)?;
                let tree = spanning_tree(&view, view.weight_key(&options)?, context)?;
                let (relationships, weights) =
                    tree.into_iter().map(|(relationship, weight)| (relationship.0, weight)).unzip();
                Ok(vec![Column::Relationship(relationships), Column::floats(weights)])
            },
        ),
        builtin(
            "algo.scc",
            &[options_field()],
            &[node_field(), integer("component")],
            "numbers the parts in which each node reaches each other along the direction; options `labels`, `types`",
            "CALL algo.scc({types: ['FOLLOWS']}) YIELD node, component",
            |arguments, context| number_strong(&arguments[0], context),
        ),
        builtin(
            "algo.articulationPoints",
            &[options_field()],
            &[node_field()],
            "lists the nodes without which the graph would fall into more parts; options `labels`, `types`",
            "CALL algo.articulationPoints({types: ['ROAD']}) YIELD node",
            |arguments, context| {
                let view = View::new(&Options::new(&arguments[0], &["labels", "types"])?, context)?;
                let places = cut_places(&view, context)?;
                Ok(vec![Column::Node(places.into_iter().map(|place| view.nodes[place as usize]).collect())])
            },
        ),
    ]
}

fn measure(options: &Value, context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
    let options = Options::new(options, &["source", "labels", "types", "weight", "direction"])?;
    let view = View::new(&options, context)?;
    let start = view.place(options.node("source")?, "source")?;
    let found = distances(&view, start, manner(&options, &view)?, context)?;
    let reached = found.iter().zip(&view.nodes).filter_map(|(cost, node)| Some((*node, (*cost)?)));
    let (nodes, costs) = reached.unzip();
    Ok(vec![Column::Node(nodes), Column::floats(costs)])
}

fn number_strong(options: &Value, context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
    let view = View::new(&Options::new(options, &["labels", "types"])?, context)?;
    let mut components = strong_components(&view, context)?;
    // In order of their first node, whatever order they were found in.
    components.iter_mut().for_each(|component| component.sort_unstable());
    components.sort_unstable();
    let mut numbers = vec![0; view.len()];
    for (number, component) in components.iter().enumerate() {
        component.iter().for_each(|place| numbers[*place as usize] = number as i64);
    }
    Ok(vec![view.node_column(), Column::integers(numbers)])
}

/// Reads the options `direction` and `weight`.
fn manner(options: &Options<'_>, view: &View<'_>) -> Result<(bool, Option<PropertyKeyId>), ProcedureError> {
    let is_directed = options.choice("direction", &["outgoing", "both"])? == "outgoing";
    Ok((is_directed, view.weight_key(options)?))
}

fn find_way(options: &Value, context: &ProcedureContext<'_>) -> Result<Vec<Column>, ProcedureError> {
    let options = Options::new(options, &["source", "target", "labels", "types", "weight", "direction"])?;
    let view = View::new(&options, context)?;
    let start = view.place(options.node("source")?, "source")?;
    let end = view.place(options.node("target")?, "target")?;
    let manner = manner(&options, &view)?;
    let Some((cost, places)) = shortest_way(&view, (start, end), manner, context)? else {
        return Ok(vec![Column::nulls(0), Column::nulls(0)]);
    };
    let mut relationships = Vec::with_capacity(places.len());
    for step in places.windows(2) {
        relationships.push(lightest(&view, (step[0], step[1]), manner)?);
    }
    let nodes = places.iter().map(|place| NodeId(view.nodes[*place as usize])).collect();
    let path = Value::Path(Arc::new(Path::new(nodes, relationships)));
    Ok(vec![Column::Any(vec![path]), Column::floats(vec![cost])])
}

/// Returns the relationship of least weight between two neighbours on a way; of several the oldest.
fn lightest(
    view: &View<'_>,
    (from, to): (u32, u32),
    (is_directed, weight): (bool, Option<PropertyKeyId>),
) -> Result<RelationshipId, ProcedureError> {
    let direction = if is_directed { Direction::Outgoing } else { Direction::Both };
    let mut between = Vec::new();
    view.for_each_relationship(from, direction, &mut Scratch::default(), |other, relationship| {
        if other == to {
            between.push(relationship);
        }
    });
    between.sort_unstable();
    let mut best: Option<(f64, RelationshipId)> = None;
    for relationship in between {
        let weight = weight.map_or(Ok(1.0), |key| view.weight(relationship, key))?;
        if best.is_none_or(|(least, _)| weight < least) {
            best = Some((weight, relationship));
        }
    }
    Ok(best.expect("a way leads over relationships of the view").1)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{ask, column, graph};

    /// 0 leads to 3 directly for 10, over 1 for 3 (twice, for 2 and 1), and 4 stands apart.
    const ROADS: &[(u32, u32, i64)] = &[(0, 3, 10), (0, 1, 2), (1, 3, 2), (1, 3, 1), (2, 0, 1), (3, 1, 1)];

    #[test]
    fn the_cheapest_way_is_found() {
        let snapshot = graph(5, ROADS);
        let way = |options: &str| ask(&snapshot, "algo.shortestPath", options);
        assert_eq!(way("{source: #0, target: #3, weight: 'w'}"), Ok(vec![vec!["0-1-3".into(), "3.0".into()]]));
        assert_eq!(way("{source: #0, target: #3}"), Ok(vec![vec!["0-3".into(), "1.0".into()]]));
        assert_eq!(way("{source: #0, target: #2}"), Ok(vec![]));
        let both = "{source: #0, target: #2, direction: 'both', weight: 'w'}";
        assert_eq!(way(both), Ok(vec![vec!["0-2".into(), "1.0".into()]]));
        assert_eq!(way("{source: #1, target: #1}"), Ok(vec![vec!["1".into(), "0.0".into()]]));
        assert!(way("{source: #0}").is_err());
        assert!(way("{source: #0, target: #3, labels: ['Even']}").is_err());
        assert!(ask(&graph(2, &[(0, 1, -1)]), "algo.shortestPath", "{source: #0, target: #1, weight: 'w'}").is_err());
    }

    #[test]
    fn distances_reach_what_can_be_reached() {
        let rows = ask(&graph(5, ROADS), "algo.distances", "{source: #0, weight: 'w'}").expect("it runs");
        assert_eq!(column(&rows, 0), ["0", "1", "3"]);
        assert_eq!(column(&rows, 1), ["0.0", "2.0", "3.0"]);
    }

    #[test]
    fn a_spanning_tree_takes_the_lightest_relationships() {
        let rows = ask(&graph(5, ROADS), "algo.spanningTree", "{weight: 'w'}").expect("it runs");
        assert_eq!(column(&rows, 1), ["1.0", "1.0", "2.0"]);
        assert_eq!(column(&rows, 0), ["r3", "r4", "r1"]);
    }

    #[test]
    fn strong_components_follow_the_direction() {
        let rows = ask(&graph(5, ROADS), "algo.scc", "null").expect("it runs");
        assert_eq!(column(&rows, 1), ["0", "1", "2", "1", "3"]);
    }

    #[test]
    fn cut_points_hold_parts_together() {
        let rows = ask(&graph(5, &[(0, 1, 1), (1, 2, 1), (2, 0, 1), (2, 3, 1)]), "algo.articulationPoints", "null");
        assert_eq!(column(&rows.expect("it runs"), 0), ["2"]);
    }
}
