//! PageRank: how often a walk that follows relationships at random comes by each node (Page, Brin, Motwani, Winograd 1999).
//!
//! All ranks start at 1/n. In each iteration, for all nodes at once,
//! `r(v) = (1 - d + d · D) / n + d · Σ r(u) / outdegree(u)` over the relationships u → v, where D is the sum of the ranks of nodes
//! without outgoing relationships.

use rayon::prelude::*;

use crate::graph::{Direction, Scratch};
use crate::value::Value;
use crate::vector::Column;

use super::options::Options;
use super::schema::builtin;
use super::view::View;
use super::{Field, FieldKind, Procedure, ProcedureContext, ProcedureError};
use crate::value::Kind;

/// How many nodes a thread takes at a time; the sums of a block do not depend on who computes it.
pub(super) const BLOCK: usize = 2048;

/// Below this many relationships a second thread costs more than it saves.
pub(super) const LEAST_PARALLEL: u64 = 50_000;

/// Returns the procedures of this file.
pub(super) fn procedures() -> Vec<Procedure> {
    vec![builtin(
        "algo.pagerank",
        &[options_field()],
        &[node_field(), Field::new("score", FieldKind::OneOf(vec![Kind::Float]))],
        "ranks nodes by how often a random walk comes by; options `labels`, `types`, `iterations`, `damping`",
        "CALL algo.pagerank({labels: ['Person'], types: ['FOLLOWS'], iterations: 20, damping: 0.85}) YIELD node, score",
        |arguments, context| {
            let options = Options::new(&arguments[0], &["labels", "types", "iterations", "damping"])?;
            let iterations = options.integer("iterations", 20, 1..=10_000)?;
            let damping = options.share("damping", 0.85)?;
            let view = View::new(&options, context)?;
            let scores = pagerank(&view, iterations, damping, context)?;
            Ok(vec![view.node_column(), Column::floats(scores)])
        },
    )]
}

/// Returns the field of an algorithm's options.
pub(super) fn options_field() -> Field {
    Field::new("options", FieldKind::OneOf(vec![Kind::Map])).or(Value::Null)
}

/// Returns the result field that holds the node.
pub(super) fn node_field() -> Field {
    Field::new("node", FieldKind::OneOf(vec![Kind::Node]))
}

fn pagerank(
    view: &View<'_>,
    iterations: i64,
    damping: f64,
    context: &ProcedureContext<'_>,
) -> Result<Vec<f64>, ProcedureError> {
    let count = view.len();
    let mut scratch = Scratch::default();
    let degrees: Vec<u32> =
        (0..count as u32).map(|place| view.degree(place, Direction::Outgoing, &mut scratch) as u32).collect();
    let mut ranks = vec![1.0 / count as f64; count];
    // What each node gives to each of its neighbours, by slot: neighbours are read as slots, and nodes outside give nothing.
    let mut shares = vec![0.0; view.places.len()];
    for _ in 0..iterations {
        context.tick(view.relationship_count() as usize)?;
        let mut dangling = 0.0;
        for (place, node) in view.nodes.iter().enumerate() {
            match degrees[place] {
                0 => dangling += ranks[place],
                degree => shares[*node as usize] = ranks[place] / f64::from(degree),
            }
        }
        let base = (1.0 - damping + damping * dangling) / count as f64;
        each_block(view, &mut ranks, context, |first, block| {
            let mut scratch = Scratch::default();
            for (place, rank) in (first as u32..).zip(block) {
                let mut sum = 0.0;
                view.for_each_list(place, Direction::Incoming, &mut scratch, |slots| {
                    sum += slots.iter().map(|slot| shares[*slot as usize]).sum::<f64>();
                });
                *rank = base + damping * sum;
            }
            Ok(())
        })?;
    }
    Ok(ranks)
}

/// Fills values block by block, on several threads where it is worth it; a block is told the place of its first value.
pub(super) fn each_block<T: Send>(
    view: &View<'_>,
    values: &mut [T],
    context: &ProcedureContext<'_>,
    fill: impl Fn(usize, &mut [T]) -> Result<(), ProcedureError> + Sync,
) -> Result<(), ProcedureError> {
    match context.threads.pool() {
        Some(threads) if view.relationship_count() >= LEAST_PARALLEL => threads.install(|| {
            let blocks = values.par_chunks_mut(BLOCK).enumerate();
            blocks.try_for_each(|(block, values)| fill(block * BLOCK, values))
        }),
        _ => {
            let mut blocks = values.chunks_mut(BLOCK).enumerate();
            blocks.try_for_each(|(block, values)| fill(block * BLOCK, values))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{ask, graph};

    #[test]
    fn ranks_follow_the_formula() {
        // 0 -> 1 -> 2, 2 gives to nobody: one iteration by hand with damping 0.5.
        let snapshot = graph(3, &[(0, 1, 1), (1, 2, 1)]);
        let rows = ask(&snapshot, "algo.pagerank", "{iterations: 1, damping: 0.5, types: ['T']}");
        let base = (0.5 + 0.5 / 3.0) / 3.0;
        let expected = [base, base + 0.5 / 3.0, base + 0.5 / 3.0];
        let scores: Vec<f64> = rows.expect("it runs").iter().map(|row| row[1].parse().expect("a number")).collect();
        for (score, expected) in scores.iter().zip(expected) {
            assert!((score - expected).abs() < 1e-12, "{scores:?}");
        }
    }

    #[test]
    fn nodes_of_other_labels_neither_give_nor_take() {
        let snapshot = graph(3, &[(0, 1, 1), (1, 2, 1), (2, 0, 1)]);
        let rows = ask(&snapshot, "algo.pagerank", "{labels: ['Even']}").expect("it runs");
        assert_eq!(rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["0", "2"]);
        assert!(rows[0][1] > rows[1][1], "2 leads to 0, and 0 to nobody of the label: {rows:?}");
    }

    #[test]
    fn slips_of_the_pen_are_errors() {
        let snapshot = graph(1, &[]);
        assert!(ask(&snapshot, "algo.pagerank", "{dampin: 0.5}").is_err());
        assert!(ask(&snapshot, "algo.pagerank", "{damping: 2}").is_err());
        assert!(ask(&snapshot, "algo.pagerank", "{labels: ['Evn']}").is_err());
        assert!(ask(&snapshot, "algo.pagerank", "{labels: 'Even'}").is_ok());
    }
}
