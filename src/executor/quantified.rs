//! Quantified path patterns: an inner pattern walked several times in a row, breadth first (ISO GQL, quantified path patterns).
//!
//! The inner plan is run once for each number of walks, for all walks that are still growing together: each is a row of the inner
//! plan's argument, numbered, with the node where it stands as the pattern's first node.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::binder::bound::{PathMode, PathSelector};
use crate::graph::Snapshot;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::value::{RelationshipId, Value};
use crate::vector::{Batch, Column, NO_ID, Slot};

use super::apply::run_numbered;
use super::context::{Context, Flow, Sink};
use super::expand::node_ids;
use super::{ExecutionError, run};

/// A walk that may grow.
#[derive(Clone)]
struct Walk {
    row: u32,
    start: u32,
    node: u32,
    relationships: Vec<u32>,
    /// For each group, the values collected so far.
    groups: Vec<Vec<Value>>,
}

pub(super) fn run_quantified(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::ExpandQuantified { from, to, into, min, max, groups, .. } = &plan.operator else {
        unreachable!("a quantified pattern is run as one")
    };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let targets = if *into { Some(node_ids(&batch, *to)) } else { None };
        let starts = node_ids(&batch, *from).into_iter().enumerate().filter(|(_, node)| *node != NO_ID);
        let mut layer: Vec<Walk> = starts
            .map(|(row, node)| Walk {
                row: row as u32,
                start: node,
                node,
                relationships: Vec::new(),
                groups: vec![Vec::new(); groups.len()],
            })
            .collect();
        let mut chosen = Chosen::new(plan);
        let mut walked = 0;
        loop {
            if walked >= *min {
                let counts =
                    |walk: &Walk| targets.as_ref().is_none_or(|targets| targets[walk.row as usize] == walk.node);
                let ended: Vec<&Walk> =
                    layer.iter().filter(|walk| counts(walk)).filter(|walk| chosen.takes(walk)).collect();
                if give(plan, &batch, &ended, sink)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
            if layer.is_empty() || max.is_some_and(|max| walked >= max) {
                return Ok(Flow::Continue);
            }
            walked += 1;
            layer = grow(plan, &batch, layer, context)?;
            chosen.prune(&mut layer);
            context.guard.charge(layer.len() * 64)?;
        }
    })
}

/// Walks every walk once more.
fn grow(
    plan: &PhysicalPlan,
    batch: &Batch,
    layer: Vec<Walk>,
    context: &Context<'_>,
) -> Result<Vec<Walk>, ExecutionError> {
    let Operator::ExpandQuantified { first, last, groups, relationships, row, mode, reversed, .. } = &plan.operator
    else {
        unreachable!("called by a quantified pattern")
    };
    let snapshot = context.graph();
    let rows: Vec<u32> = layer.iter().map(|walk| walk.row).collect();
    let mut inner = batch.gather(&rows);
    inner.set(*first, Column::Node(layer.iter().map(|walk| walk.node).collect()));
    let mut grown = Vec::new();
    let batched = crate::planner::is_batchable(&plan.children[1]);
    run_numbered(&plan.children[1], &inner, *row, batched, context, &mut |found, numbers| {
        context.guard.tick(found.rows())?;
        for (place, number) in numbers.iter().enumerate() {
            let before = &layer[*number as usize];
            let Value::Node(node) = found.value(*last, place) else { continue };
            let mut walk = Walk { node: node.0, ..before.clone() };
            for slot in relationships {
                add_relationships(&found.value(*slot, place), &mut walk.relationships);
            }
            if !counts(&walk, *mode, &snapshot) {
                continue;
            }
            for (group, (slot, _)) in groups.iter().enumerate() {
                let value = found.value(*slot, place);
                if *reversed { walk.groups[group].insert(0, value) } else { walk.groups[group].push(value) }
            }
            grown.push(walk);
        }
        Ok(Flow::Continue)
    })?;
    Ok(grown)
}

fn add_relationships(value: &Value, out: &mut Vec<u32>) {
    match value {
        Value::Relationship(id) => out.push(id.0),
        Value::List(items) => items.iter().for_each(|item| add_relationships(item, out)),
        _ => {}
    }
}

/// Says whether a walk counts under a mode, looking at its relationships and the nodes between them.
fn counts(walk: &Walk, mode: PathMode, snapshot: &Snapshot) -> bool {
    match mode {
        PathMode::Walk => true,
        PathMode::Trail => {
            let mut met = FxHashSet::default();
            walk.relationships.iter().all(|relationship| met.insert(*relationship))
        }
        PathMode::Acyclic | PathMode::Simple => {
            let (mut met, mut node) = (FxHashSet::from_iter([walk.start]), walk.start);
            let last = walk.relationships.len().saturating_sub(1);
            walk.relationships.iter().enumerate().all(|(place, relationship)| {
                let Some(record) = snapshot.relationship(RelationshipId(*relationship)) else { return false };
                node = if record.start.0 == node { record.end.0 } else { record.start.0 };
                let closes = mode == PathMode::Simple && place == last && node == walk.start;
                met.insert(node) || closes
            })
        }
    }
}

/// Which of the walks between two ends are given.
struct Chosen {
    selector: Option<PathSelector>,
    may_prune: bool,
    /// For each row and end, how many walks or lengths were given, and the last length.
    had: FxHashMap<(u32, u32), (u32, usize)>,
    met: FxHashMap<(u32, u32), usize>,
}

impl Chosen {
    fn new(plan: &PhysicalPlan) -> Self {
        let Operator::ExpandQuantified { selector, min, .. } = &plan.operator else {
            unreachable!("called by a quantified pattern")
        };
        let is_shortest = matches!(selector, Some(PathSelector::AnyShortest | PathSelector::AllShortest));
        let may_prune = is_shortest && *min <= 1;
        Chosen { selector: *selector, may_prune, had: FxHashMap::default(), met: FxHashMap::default() }
    }

    fn takes(&mut self, walk: &Walk) -> bool {
        let (count, groups) = match self.selector {
            None => return true,
            Some(PathSelector::AnyShortest) => (1, false),
            Some(PathSelector::Any(count) | PathSelector::Shortest(count)) => (count, false),
            Some(PathSelector::AllShortest) => (1, true),
            Some(PathSelector::ShortestGroups(count)) => (count, true),
        };
        let length = walk.relationships.len();
        let (number, last) = self.had.entry((walk.row, walk.node)).or_insert((0, usize::MAX));
        let is_new = !groups || *last != length;
        let taken = *number < count || (!is_new && *number == count);
        if taken {
            *number += u32::from(is_new);
            *last = length;
        }
        taken
    }

    /// Drops walks that stand where a shorter one has stood: none of their continuations can be shortest.
    fn prune(&mut self, layer: &mut Vec<Walk>) {
        if self.may_prune {
            layer.retain(|walk| {
                let length = walk.relationships.len();
                *self.met.entry((walk.row, walk.node)).or_insert(length) >= length
            });
        }
    }
}

fn give(plan: &PhysicalPlan, batch: &Batch, walks: &[&Walk], sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
    let Operator::ExpandQuantified { to, into, groups, walked, reversed, .. } = &plan.operator else {
        unreachable!("called by a quantified pattern")
    };
    if walks.is_empty() {
        return Ok(Flow::Continue);
    }
    let rows: Vec<u32> = walks.iter().map(|walk| walk.row).collect();
    let own = |slot: &Slot| groups.iter().any(|(_, outer)| outer == slot) || slot == walked || (!into && slot == to);
    let kept: Vec<Slot> = plan.live.iter().copied().filter(|slot| !own(slot)).collect();
    let mut given = batch.gather_slots(&rows, &kept);
    if !into {
        given.set(*to, Column::Node(walks.iter().map(|walk| walk.node).collect()));
    }
    for (group, (_, outer)) in groups.iter().enumerate() {
        let lists = walks.iter().map(|walk| Value::list(walk.groups[group].clone()));
        given.set(*outer, Column::Any(lists.collect()));
    }
    if plan.live.contains(walked) {
        let list = |walk: &&Walk| {
            let value = |id: &u32| Value::Relationship(RelationshipId(*id));
            let list: Vec<Value> = if *reversed {
                walk.relationships.iter().rev().map(value).collect()
            } else {
                walk.relationships.iter().map(value).collect()
            };
            Value::list(list)
        };
        given.set(*walked, Column::Any(walks.iter().map(list).collect()));
    }
    sink(given)
}
