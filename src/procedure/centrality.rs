//! Centralities: how many relationships a node has, how many shortest ways lead over it.

use rayon::prelude::*;

use crate::graph::{Direction, Scratch};
use crate::value::Kind;
use crate::vector::Column;

use super::options::Options;
use super::pagerank::{LEAST_PARALLEL, each_block, node_field, options_field};
use super::schema::{builtin, integer};
use super::view::View;
use super::{Field, FieldKind, Procedure, ProcedureContext, ProcedureError};

const DIRECTIONS: [&str; 3] = ["both", "outgoing", "incoming"];

/// Into how many parts the starts of all shortest ways are cut. The sums of the parts are added in order, so that the result does not
/// depend on the number of threads.
const PARTS: usize = 16;

/// Returns the procedures of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    vec![
        builtin(
            "algo.degree",
            &[options_field()],
            &[node_field(), integer("degree")],
            "counts the relationships of each node; options `labels`, `types`, `direction` (both, outgoing, incoming)",
            "CALL algo.degree({types: ['FOLLOWS'], direction: 'incoming'}) YIELD node, degree",
            |arguments, context| {
                let options = Options::new(&arguments[0], &["labels", "types", "direction"])?;
                let direction = direction(&options)?;
                let view = View::new(&options, context)?;
                let mut degrees = vec![0; view.len()];
                context.tick(view.relationship_count() as usize)?;
                each_block(&view, &mut degrees, context, |first, block| {
                    let mut scratch = Scratch::default();
                    for (place, degree) in (first as u32..).zip(block) {
                        *degree = view.degree(place, direction, &mut scratch) as i64;
                    }
                    Ok(())
                })?;
                Ok(vec![view.node_column(), Column::integers(degrees)])
            },
        ),
        builtin(
            "algo.betweenness",
            &[options_field()],
            &[node_field(), Field::new("score", FieldKind::OneOf(vec![Kind::Float]))],
            "counts the shortest ways that lead over each node; options `labels`, `types`, `direction` (outgoing, both)",
            "CALL algo.betweenness({types: ['FOLLOWS'], direction: 'both'}) YIELD node, score",
            |arguments, context| {
                let options = Options::new(&arguments[0], &["labels", "types", "direction"])?;
                let is_directed = options.choice("direction", &["outgoing", "both"])? == "outgoing";
                let view = View::new(&options, context)?;
                let scores = betweenness(&view, is_directed, context)?;
                Ok(vec![view.node_column(), Column::floats(scores)])
            },
        ),
    ]
}

/// Reads the option `direction`.
fn direction(options: &Options<'_>) -> Result<Direction, ProcedureError> {
    Ok(match options.choice("direction", &DIRECTIONS)? {
        "outgoing" => Direction::Outgoing,
        "incoming" => Direction::Incoming,
        _ => Direction::Both,
    })
}

/// Brandes' algorithm ("A faster algorithm for betweenness centrality", 2001): a breadth-first search from every node counts shortest
/// ways forwards, then shares them out backwards. Without direction every way is found from both ends, so sums are halved.
fn betweenness(view: &View<'_>, is_directed: bool, context: &ProcedureContext<'_>) -> Result<Vec<f64>, ProcedureError> {
    let part_len = view.len().div_ceil(PARTS).max(1);
    let parts: Vec<std::ops::Range<usize>> =
        (0..PARTS).map(|part| part * part_len..((part + 1) * part_len).min(view.len())).collect();
    let run = |part: &std::ops::Range<usize>| {
        let mut search = Search::new(view, is_directed);
        for start in part.clone() {
            context.tick(1)?;
            search.run(start as u32, context)?;
        }
        Ok::<_, ProcedureError>(search.scores)
    };
    let sums: Vec<Vec<f64>> = match context.threads.pool() {
        Some(threads) if view.relationship_count() * view.len() as u64 >= LEAST_PARALLEL => {
            threads.install(|| parts.par_iter().map(run).collect::<Result<_, _>>())?
        }
        _ => parts.iter().map(run).collect::<Result<_, _>>()?,
    };
    let factor = if is_directed { 1.0 } else { 0.5 };
    let mut scores = vec![0.0; view.len()];
    for sum in sums {
        for (score, share) in scores.iter_mut().zip(sum) {
            *score += share * factor;
        }
    }
    Ok(scores)
}

/// The state of the searches of one part.
struct Search<'a, 'graph> {
    view: &'a View<'graph>,
    direction: Direction,
    scores: Vec<f64>,
    /// How many shortest ways lead from the start to each node.
    ways: Vec<f64>,
    /// How far each node is from the start.
    distances: Vec<u32>,
    /// What each node passes on.
    shares: Vec<f64>,
    /// The nodes in order of distance.
    order: Vec<u32>,
    scratch: Scratch,
    found: Vec<u32>,
}

impl<'a, 'graph> Search<'a, 'graph> {
    fn new(view: &'a View<'graph>, is_directed: bool) -> Search<'a, 'graph> {
        let count = view.len();
        Search {
            view,
            direction: if is_directed { Direction::Outgoing } else { Direction::Both },
            scores: vec![0.0; count],
            ways: vec![0.0; count],
            distances: vec![u32::MAX; count],
            shares: vec![0.0; count],
            order: Vec::with_capacity(count),
            scratch: Scratch::default(),
            found: Vec::new(),
        }
    }

    fn run(&mut self, start: u32, context: &ProcedureContext<'_>) -> Result<(), ProcedureError> {
        self.order.push(start);
        self.ways[start as usize] = 1.0;
        self.distances[start as usize] = 0;
        let mut next = 0;
        while let Some(node) = self.order.get(next).copied() {
            next += 1;
            self.view.neighbours(node, self.direction, &mut self.scratch, &mut self.found);
            context.tick(self.found.len())?;
            let distance = self.distances[node as usize] + 1;
            for other in &self.found {
                let other = *other as usize;
                if self.distances[other] == u32::MAX {
                    self.distances[other] = distance;
                    self.order.push(other as u32);
                }
                if self.distances[other] == distance {
                    self.ways[other] += self.ways[node as usize];
                }
            }
        }
        self.share_out(start);
        Ok(())
    }

    /// Goes back from the farthest nodes, and leaves the arrays as they were.
    fn share_out(&mut self, start: u32) {
        for place in (0..self.order.len()).rev() {
            let node = self.order[place];
            self.view.neighbours(node, self.direction, &mut self.scratch, &mut self.found);
            let further = self.distances[node as usize] + 1;
            let mut share = 0.0;
            for other in &self.found {
                let other = *other as usize;
                if self.distances[other] == further {
                    share += self.ways[node as usize] / self.ways[other] * (1.0 + self.shares[other]);
                }
            }
            self.shares[node as usize] = share;
            if node != start {
                self.scores[node as usize] += share;
            }
        }
        for node in self.order.drain(..) {
            self.ways[node as usize] = 0.0;
            self.distances[node as usize] = u32::MAX;
            self.shares[node as usize] = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{ask, column, graph};

    #[test]
    fn degrees_count_relationships_by_direction() {
        let snapshot = graph(3, &[(0, 1, 1), (0, 1, 1), (1, 1, 1), (2, 0, 1)]);
        let degrees = |options: &str| column(&ask(&snapshot, "algo.degree", options).expect("it runs"), 1);
        assert_eq!(degrees("{direction: 'outgoing'}"), ["2", "1", "1"]);
        assert_eq!(degrees("{direction: 'incoming'}"), ["1", "3", "0"]);
        assert_eq!(degrees("null"), ["3", "3", "1"]);
        assert_eq!(degrees("{labels: ['Even']}"), ["1", "1"]);
    }

    #[test]
    fn the_middle_of_a_chain_and_of_a_diamond_lies_between() {
        let chain = graph(4, &[(0, 1, 1), (1, 2, 1), (2, 3, 1)]);
        let scores = |snapshot, options: &str| column(&ask(snapshot, "algo.betweenness", options).expect("it runs"), 1);
        assert_eq!(scores(&chain, "null"), ["0.0", "2.0", "2.0", "0.0"]);
        assert_eq!(scores(&chain, "{direction: 'both'}"), ["0.0", "2.0", "2.0", "0.0"]);
        let diamond = graph(4, &[(0, 1, 1), (0, 2, 1), (1, 3, 1), (2, 3, 1)]);
        assert_eq!(scores(&diamond, "null"), ["0.0", "0.5", "0.5", "0.0"]);
    }
}
