//! Communities: cores that hold together, labels that neighbours share, triangles. Relationships count once a pair, in any direction.

use crate::value::Kind;
use crate::vector::Column;

use super::acquaintances::Acquaintances;
use super::options::Options;
use super::pagerank::{node_field, options_field};
use super::schema::{builtin, integer};
use super::view::View;
use super::{Field, FieldKind, Procedure, ProcedureContext, ProcedureError};

/// Returns the procedures of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    vec![
        builtin(
            "algo.kcore",
            &[options_field()],
            &[node_field(), integer("core")],
            "finds for each node the greatest k so that it belongs to a part whose nodes have k neighbours each there; options \
             `labels`, `types`",
            "CALL algo.kcore({types: ['FOLLOWS']}) YIELD node, core",
            |arguments, context| {
                let view = View::new(&Options::new(&arguments[0], &["labels", "types"])?, context)?;
                let cores = cores(&view, context)?;
                Ok(vec![view.node_column(), Column::integers(cores)])
            },
        ),
        builtin(
            "algo.labelPropagation",
            &[options_field()],
            &[node_field(), integer("community")],
            "lets each node take the community that most of its neighbours have; options `labels`, `types`, `iterations`",
            "CALL algo.labelPropagation({types: ['FOLLOWS'], iterations: 10}) YIELD node, community",
            |arguments, context| {
                let options = Options::new(&arguments[0], &["labels", "types", "iterations"])?;
                let iterations = options.integer("iterations", 10, 1..=10_000)?;
                let view = View::new(&options, context)?;
                let communities = propagate(&view, iterations, context)?;
                Ok(vec![view.node_column(), Column::integers(communities)])
            },
        ),
        builtin(
            "algo.triangles",
            &[options_field()],
            &[node_field(), integer("triangles"), Field::new("coefficient", FieldKind::OneOf(vec![Kind::Float]))],
            "counts the pairs of neighbours that are neighbours of each other, and their share of all pairs; options `labels`, \
             `types`",
            "CALL algo.triangles({types: ['FOLLOWS']}) YIELD node, triangles, coefficient",
            |arguments, context| {
                let view = View::new(&Options::new(&arguments[0], &["labels", "types"])?, context)?;
                let (triangles, coefficients) = triangles(&view, context)?;
                Ok(vec![view.node_column(), Column::integers(triangles), Column::floats(coefficients)])
            },
        ),
    ]
}

/// Takes away the node with the fewest neighbours left, again and again (Batagelj, Zaveršnik 2003): nodes stand in buckets by degree,
/// and move down one bucket when a neighbour goes.
fn cores(view: &View<'_>, context: &ProcedureContext<'_>) -> Result<Vec<i64>, ProcedureError> {
    let known = Acquaintances::new(view, context)?;
    let mut degrees: Vec<usize> = (0..view.len() as u32).map(|place| known.of(place).len()).collect();
    let greatest = degrees.iter().copied().max().unwrap_or(0);
    // `starts[d]` is where the nodes of degree d begin in `order`; `positions` says where each node stands.
    let mut starts = vec![0usize; greatest + 2];
    degrees.iter().for_each(|degree| starts[degree + 1] += 1);
    for degree in 1..starts.len() {
        starts[degree] += starts[degree - 1];
    }
    let mut next = starts.clone();
    let (mut order, mut positions) = (vec![0u32; view.len()], vec![0usize; view.len()]);
    for (place, degree) in degrees.iter().enumerate() {
        order[next[*degree]] = place as u32;
        positions[place] = next[*degree];
        next[*degree] += 1;
    }
    for position in 0..order.len() {
        let node = order[position];
        context.tick(known.of(node).len())?;
        for other in known.of(node) {
            let other = *other as usize;
            let degree = degrees[other];
            if degree <= degrees[node as usize] {
                continue;
            }
            // The neighbour changes places with the first of its bucket, whose border then moves past it.
            let (from, to) = (positions[other], starts[degree]);
            let first = order[to] as usize;
            order.swap(from, to);
            positions.swap(other, first);
            starts[degree] = to + 1;
            degrees[other] -= 1;
        }
    }
    Ok(degrees.into_iter().map(|degree| degree as i64).collect())
}

/// Nodes take the community most frequent among their neighbours, one after the other (Raghavan, Albert, Kumara 2007). Ties are settled
/// by a fixed mix of both numbers in place of chance: if the least always won, it would flood the graph.
fn propagate(view: &View<'_>, iterations: i64, context: &ProcedureContext<'_>) -> Result<Vec<i64>, ProcedureError> {
    let (known, mut found) = (Acquaintances::new(view, context)?, Vec::new());
    let mut communities: Vec<u32> = (0..view.len() as u32).collect();
    for _ in 0..iterations {
        let mut changed = false;
        for place in 0..view.len() as u32 {
            context.tick(known.of(place).len())?;
            found.clear();
            found.extend(known.of(place).iter().map(|other| communities[*other as usize]));
            found.sort_unstable();
            let held = communities[place as usize];
            let runs = found.chunk_by(|left, right| left == right);
            // A community that is held already stays as long as no other is more frequent.
            let best = runs.max_by_key(|run| (run.len(), run[0] == held, mix(place, run[0])));
            let taken = best.map_or(held, |run| run[0]);
            changed |= taken != held;
            communities[place as usize] = taken;
        }
        if !changed {
            break;
        }
    }
    Ok(renumber(&communities))
}

/// Mixes two numbers (the finalizer of MurmurHash3).
fn mix(place: u32, community: u32) -> u64 {
    let both = u64::from(place) << 32 | u64::from(community);
    let mixed = (both ^ both >> 33).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    let mixed = (mixed ^ mixed >> 33).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    mixed ^ mixed >> 33
}

/// Numbers from 0 in order of first appearance.
fn renumber(communities: &[u32]) -> Vec<i64> {
    let mut numbers = vec![-1; communities.len()];
    let mut next = 0;
    let number = |community: &u32| {
        let number = &mut numbers[*community as usize];
        if *number < 0 {
            *number = next;
            next += 1;
        }
        *number
    };
    communities.iter().map(number).collect()
}

/// Counts triangles: each is found once, from the node that comes first by number of neighbours, over the lists of those that come later
/// (Chiba, Nishizeki 1985; Schank, Wagner 2005).
fn triangles(view: &View<'_>, context: &ProcedureContext<'_>) -> Result<(Vec<i64>, Vec<f64>), ProcedureError> {
    let known = Acquaintances::new(view, context)?;
    let later = known.later();
    let mut counts = vec![0i64; view.len()];
    // Whose neighbour a node is, as the last to say so: the place of the node, and one.
    let mut neighbour_of = vec![0u32; view.len()];
    for first in 0..view.len() as u32 {
        later.of(first).iter().for_each(|other| neighbour_of[*other as usize] = first + 1);
        for second in later.of(first) {
            context.tick(later.of(*second).len())?;
            for third in later.of(*second).iter().filter(|third| neighbour_of[**third as usize] == first + 1) {
                [first, *second, *third].iter().for_each(|place| counts[*place as usize] += 1);
            }
        }
    }
    let share = |(place, triangles): (u32, &i64)| {
        let degree = known.of(place).len();
        let pairs = degree * degree.saturating_sub(1) / 2;
        if pairs == 0 { 0.0 } else { *triangles as f64 / pairs as f64 }
    };
    let coefficients = (0..).zip(&counts).map(share).collect();
    Ok((counts, coefficients))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{ask, column, graph};

    /// A square with both diagonals (0 to 3), a tail 3 - 4 - 5, and a node alone.
    const SQUARE: &[(u32, u32, i64)] =
        &[(0, 1, 1), (1, 2, 1), (2, 3, 1), (3, 0, 1), (0, 2, 1), (1, 3, 1), (3, 1, 1), (4, 3, 1), (4, 5, 1), (5, 5, 1)];

    #[test]
    fn cores_peel_from_the_outside() {
        let rows = ask(&graph(7, SQUARE), "algo.kcore", "null").expect("it runs");
        assert_eq!(column(&rows, 1), ["3", "3", "3", "3", "1", "1", "0"]);
    }

    #[test]
    fn neighbours_agree_on_a_community() {
        // Two parts in which everybody knows everybody, and one acquaintance between them.
        let known = |first: u32| {
            (first..first + 5).flat_map(move |node| (node + 1..first + 5).map(move |other| (node, other, 1)))
        };
        let two: Vec<(u32, u32, i64)> = known(0).chain(known(5)).chain([(4, 5, 1)]).collect();
        let rows = ask(&graph(10, &two), "algo.labelPropagation", "null").expect("it runs");
        assert_eq!(column(&rows, 1), ["0", "0", "0", "0", "0", "1", "1", "1", "1", "1"]);
    }

    #[test]
    fn triangles_count_pairs_once() {
        let rows = ask(&graph(7, SQUARE), "algo.triangles", "null").expect("it runs");
        assert_eq!(column(&rows, 1), ["3", "3", "3", "3", "0", "0", "0"]);
        assert_eq!(column(&rows, 2), ["1.0", "1.0", "1.0", "0.5", "0.0", "0.0", "0.0"]);
    }
}
