//! Breadth-first search with one bit a node: the nodes that can be reached, and one shortest path between two.
//!
//! What was met is a bitmap over all nodes; how it was reached is a list in order of meeting, each with the place of the one before it.

use crate::vector::Bitmap;

use super::ExecutionError;
use super::walk::{Taken, Walker};

/// One side of a search.
struct Side {
    met: Bitmap,
    /// The nodes met, each with the place of the one from which it was met.
    order: Vec<(u32, u32)>,
    /// Where the nodes of the last depth begin.
    frontier: usize,
    depth: u32,
}

impl Side {
    fn new(start: u32, nodes: usize) -> Self {
        let mut met = Bitmap::new(nodes.max(start as usize + 1));
        met.insert(start as usize);
        Side { met, order: vec![(start, 0)], frontier: 0, depth: 0 }
    }

    fn frontier_len(&self) -> usize {
        self.order.len() - self.frontier
    }

    /// Goes one relationship further; returns where it met the other side, if it did: the place it came from and the node.
    fn advance(
        &mut self,
        walker: &mut Walker<'_>,
        row: u32,
        other: &Bitmap,
    ) -> Result<Option<(u32, u32)>, ExecutionError> {
        let level = self.frontier..self.order.len();
        self.frontier = level.end;
        self.depth += 1;
        let mut meeting = None;
        for place in level {
            let Side { met, order, .. } = self;
            walker.for_each_end(order[place].0, row, |end| {
                if other.contains(end as usize) {
                    meeting = Some((place as u32, end));
                    return false;
                }
                if insert(met, end) {
                    order.push((end, place as u32));
                }
                true
            })?;
            if meeting.is_some() {
                break;
            }
        }
        Ok(meeting)
    }

    /// Returns the nodes from a place back to where the side began.
    fn way_back(&self, mut place: u32) -> Vec<u32> {
        let mut nodes = vec![self.order[place as usize].0];
        while place > 0 {
            place = self.order[place as usize].1;
            nodes.push(self.order[place as usize].0);
        }
        nodes
    }

    fn place_of(&self, node: u32) -> Option<u32> {
        self.order.iter().position(|(met, _)| *met == node).map(|place| place as u32)
    }
}

/// Puts a node among those that were met; says whether it was not there yet.
pub(super) fn insert(met: &mut Bitmap, node: u32) -> bool {
    if node as usize >= met.len() {
        met.resize((node as usize + 1).next_power_of_two());
    }
    met.insert(node as usize)
}

/// Appends the nodes that are not in the set yet, and puts them in.
fn meet(met: &mut Bitmap, nodes: &[u32], new: &mut Vec<u32>) {
    let greatest = nodes.iter().fold(0, |greatest, node| greatest.max(*node)) as usize;
    if greatest >= met.len() {
        met.resize((greatest + 1).next_power_of_two());
    }
    // Every node is written, and kept only if it is new: no branch hangs on what was met.
    let mut kept = new.len();
    new.resize(kept + nodes.len(), 0);
    for node in nodes {
        new[kept] = *node;
        kept += usize::from(met.insert(*node as usize));
    }
    new.truncate(kept);
}

/// Returns one shortest path between two different nodes, if there is one that is not longer than `max`.
pub(super) fn path_between(
    walker: &mut Walker<'_>,
    row: u32,
    start: u32,
    target: u32,
    max: u32,
) -> Result<Option<Vec<Taken>>, ExecutionError> {
    let mut back = walker.reversed();
    let nodes = walker.node_limit();
    let (mut left, mut right) = (Side::new(start, nodes), Side::new(target, nodes));
    loop {
        if left.frontier_len() == 0 || right.frontier_len() == 0 || left.depth + right.depth >= max {
            return Ok(None);
        }
        let from_left = left.frontier_len() <= right.frontier_len();
        let meeting = match from_left {
            true => left.advance(walker, row, &right.met)?,
            false => right.advance(&mut back, row, &left.met)?,
        };
        let Some((place, end)) = meeting else { continue };
        let far = if from_left { right.place_of(end) } else { left.place_of(end) };
        let far = far.expect("what a side has met stands in its order");
        let (left_place, right_place) = if from_left { (place, far) } else { (far, place) };
        let mut path = left.way_back(left_place);
        path.reverse();
        path.extend(right.way_back(right_place));
        return taken(walker, row, &path).map(Some);
    }
}

/// Returns the relationships over which a path goes, one for each pair of nodes that follow each other.
fn taken(walker: &mut Walker<'_>, row: u32, path: &[u32]) -> Result<Vec<Taken>, ExecutionError> {
    let (mut found, mut steps) = (Vec::new(), Vec::new());
    for pair in path.windows(2) {
        steps.clear();
        walker.steps(pair[0], row, &mut steps)?;
        let step = steps.iter().find(|taken| taken.node == pair[1]);
        found.push(*step.expect("a search goes from a node to a neighbour"));
    }
    Ok(found)
}

/// Returns the nodes that walks of at least one and at most `max` relationships lead to; the start only where a directed walk leads back.
pub(super) fn reached(walker: &mut Walker<'_>, start: u32, row: u32, max: u32) -> Result<Vec<u32>, ExecutionError> {
    let directed = walker.is_directed();
    let mut met = Bitmap::new(walker.node_limit().max(start as usize + 1));
    if !directed {
        met.insert(start as usize);
    }
    let mut ends: Vec<u32> = Vec::new();
    let (mut depth, mut frontier) = (0, 0..0);
    while depth < max {
        let before = ends.len();
        if depth == 0 {
            walker.for_each_list(start, row, |nodes| meet(&mut met, nodes, &mut ends))?;
        }
        for place in frontier {
            if ends[place] == start {
                continue;
            }
            walker.for_each_list(ends[place], row, |nodes| meet(&mut met, nodes, &mut ends))?;
        }
        frontier = before..ends.len();
        if frontier.is_empty() {
            break;
        }
        depth += 1;
    }
    // Many are given in order of their slots, as their properties lie.
    if ends.len() > met.len() / 64 {
        let found = met.iter().map(|node| node as u32).filter(|node| directed || *node != start);
        ends.clear();
        ends.extend(found);
    }
    Ok(ends)
}
