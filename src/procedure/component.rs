//! Components: which nodes hang together, whatever the direction of the relationships between them.

use crate::graph::{Direction, Scratch};
use crate::vector::Column;

use super::options::Options;
use super::pagerank::{node_field, options_field};
use super::schema::{builtin, integer};
use super::view::{OUTSIDE, View};
use super::{Procedure, ProcedureContext, ProcedureError};

/// Returns the procedures of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    vec![builtin(
        "algo.wcc",
        &[options_field()],
        &[node_field(), integer("component")],
        "numbers the parts of the graph that hang together; options `labels`, `types`",
        "CALL algo.wcc({labels: ['Person'], types: ['FOLLOWS']}) YIELD node, component",
        |arguments, context| {
            let options = Options::new(&arguments[0], &["labels", "types"])?;
            let view = View::new(&options, context)?;
            let components = weak_components(&view, context)?;
            Ok(vec![view.node_column(), Column::integers(components)])
        },
    )]
}

/// How many relationships of each node are joined before the largest part is looked for.
const FIRST_RELATIONSHIPS: usize = 2;

/// How many nodes are asked to find the largest part.
const SAMPLE: usize = 1024;

/// Joins the sets of both ends of relationships (union by least place, halving paths), then numbers the sets from 0 by their first node.
///
/// After Sutton, Ben-Nun, Barak, "Optimizing parallel graph connectivity computation via subgraph sampling" (2018): a few relationships
/// of each node are joined first, which nearly always gathers the largest part; whatever leads out of it is found from its other end, so
/// that only the nodes outside look at all of their relationships.
fn weak_components(view: &View<'_>, context: &ProcedureContext<'_>) -> Result<Vec<i64>, ProcedureError> {
    let mut parents: Vec<u32> = (0..view.len() as u32).collect();
    let mut scratch = Scratch::default();
    context.tick(view.len() * FIRST_RELATIONSHIPS)?;
    for place in 0..view.len() as u32 {
        view.for_each_list(place, Direction::Outgoing, &mut scratch, |slots| {
            join(&mut parents, view, place, &slots[..slots.len().min(FIRST_RELATIONSHIPS)]);
        });
    }
    let largest = largest_set(&mut parents);
    for place in 0..view.len() as u32 {
        if root(&mut parents, place) == largest {
            continue;
        }
        let mut work = 1;
        for (direction, done) in [(Direction::Outgoing, FIRST_RELATIONSHIPS), (Direction::Incoming, 0)] {
            view.for_each_list(place, direction, &mut scratch, |slots| {
                work += slots.len();
                join(&mut parents, view, place, &slots[slots.len().min(done)..]);
            });
        }
        context.tick(work)?;
    }
    let mut numbers = vec![-1; view.len()];
    let mut next = 0;
    for place in 0..view.len() as u32 {
        let root = root(&mut parents, place) as usize;
        if numbers[root] < 0 {
            numbers[root] = next;
            next += 1;
        }
        numbers[place as usize] = numbers[root];
    }
    Ok(numbers)
}

/// Joins the set of a place with those of neighbours.
fn join(parents: &mut [u32], view: &View<'_>, place: u32, slots: &[u32]) {
    let mut own = root(parents, place);
    for slot in slots {
        let other = view.places[*slot as usize];
        if other == OUTSIDE {
            continue;
        }
        let other = root(parents, other);
        if other != own {
            let (least, greatest) = (own.min(other), own.max(other));
            parents[greatest as usize] = least;
            own = least;
        }
    }
}

/// Returns the root that most of the nodes asked have; the least of several.
fn largest_set(parents: &mut [u32]) -> u32 {
    let step = (parents.len() / SAMPLE).max(1);
    let mut roots: Vec<u32> = (0..parents.len() as u32).step_by(step).map(|place| root(parents, place)).collect();
    roots.sort_unstable();
    let mut best = (0, 0);
    for same in roots.chunk_by(|left, right| left == right) {
        if same.len() > best.0 {
            best = (same.len(), same[0]);
        }
    }
    best.1
}

fn root(parents: &mut [u32], mut place: u32) -> u32 {
    while parents[place as usize] != place {
        parents[place as usize] = parents[parents[place as usize] as usize];
        place = parents[place as usize];
    }
    place
}

#[cfg(test)]
mod tests {
    use super::super::sample::{ask, column, graph};

    #[test]
    fn components_are_numbered_by_their_first_node() {
        let snapshot = graph(6, &[(4, 1, 1), (1, 4, 1), (5, 2, 1), (2, 0, 1), (3, 3, 1)]);
        let rows = ask(&snapshot, "algo.wcc", "{types: ['T']}").expect("it runs");
        assert_eq!(column(&rows, 1), ["0", "1", "0", "2", "1", "0"]);
    }

    #[test]
    fn components_are_those_of_a_plain_search() {
        let mut random = 0x2545_F491_4F6C_DD1D_u64;
        let mut below = |bound: u32| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random >> 33) as u32 % bound
        };
        for round in 0..40 {
            let count = 2 + below(60);
            let relationships: Vec<(u32, u32, i64)> =
                (0..below(3 * count)).map(|_| (below(count), below(count), 1)).collect();
            let mut numbers: Vec<u32> = (0..count).collect();
            // Every end takes the least number among its neighbours until nothing changes.
            while let Some((from, to, _)) =
                relationships.iter().find(|(from, to, _)| numbers[*from as usize] != numbers[*to as usize])
            {
                let least = numbers[*from as usize].min(numbers[*to as usize]);
                (numbers[*from as usize], numbers[*to as usize]) = (least, least);
            }
            let mut firsts = numbers.clone();
            firsts.sort_unstable();
            firsts.dedup();
            let expected: Vec<String> = numbers
                .iter()
                .map(|number| firsts.binary_search(number).expect("each number is among them").to_string())
                .collect();
            let snapshot = graph(count, &relationships);
            if snapshot.catalogue().relationship_type_id("T").is_some() {
                let rows = ask(&snapshot, "algo.wcc", "{types: ['T']}").expect("it runs");
                assert_eq!(column(&rows, 1), expected, "round {round}: {relationships:?}");
            }
        }
    }
}
