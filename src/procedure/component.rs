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

/// Joins the sets of both ends of every relationship (union by least place, halving paths), then numbers the sets from 0 by their
/// first node.
fn weak_components(view: &View<'_>, context: &ProcedureContext<'_>) -> Result<Vec<i64>, ProcedureError> {
    let mut parents: Vec<u32> = (0..view.len() as u32).collect();
    let mut scratch = Scratch::default();
    for place in 0..view.len() as u32 {
        let mut work = 1;
        let mut own = root(&mut parents, place);
        view.for_each_list(place, Direction::Outgoing, &mut scratch, |slots| {
            work += slots.len();
            for slot in slots {
                let other = view.places[*slot as usize];
                if other == OUTSIDE {
                    continue;
                }
                let other = root(&mut parents, other);
                if other != own {
                    let (least, greatest) = (own.min(other), own.max(other));
                    parents[greatest as usize] = least;
                    own = least;
                }
            }
        });
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
}
