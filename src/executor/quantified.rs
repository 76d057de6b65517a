//! Quantified path patterns: an inner pattern walked several times in a row, breadth first (ISO GQL, quantified path patterns).
//!
//! The inner plan is run once for each number of walks, for all walks that are still growing together: each is a row of the inner
//! plan's argument, numbered, with the node where it stands as the pattern's first node.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::binder::bound::{PathMode, PathSelector};
use crate::graph::Snapshot;
use crate::planner::physical::{Operator, PhysicalPlan, StepDirection};
use crate::value::{RelationshipId, Value};
use crate::vector::{Batch, Column, NO_ID, Slot};

use super::apply::run_numbered;
use super::context::{Context, Flow, Sink};
use super::expand::node_ids;
use super::guard::Charged;
use super::{ExecutionError, run};

/// A walk that may grow.
#[derive(Clone)]
struct Walk {
    row: u32,
    start: u32,
    node: u32,
    /// How many times the pattern was walked.
    times: u32,
    relationships: Vec<u32>,
    /// For each group, the values collected so far.
    groups: Vec<Vec<Value>>,
}

impl Walk {
    fn size_bytes(&self) -> usize {
        let values: usize = self.groups.iter().map(Vec::len).sum();
        size_of::<Walk>()
            + self.relationships.len() * size_of::<u32>()
            + self.groups.len() * size_of::<Vec<Value>>()
            + values * size_of::<Value>()
    }
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
                times: 0,
                relationships: Vec::new(),
                groups: vec![Vec::new(); groups.len()],
            })
            .collect();
        let mut chosen = Chosen::new(plan);
        if chosen.by_length {
            return run_by_length(plan, &batch, layer, targets.as_deref(), chosen, context, sink);
        }
        let counts = |walk: &Walk| targets.as_ref().is_none_or(|targets| targets[walk.row as usize] == walk.node);
        // Where a later time can lead to shorter walks, all are found before any is chosen.
        let mut found: Vec<Walk> = Vec::new();
        let mut walked = 0;
        let mut layer_charged = Charged::new(context.guard);
        loop {
            if walked >= *min && chosen.waits {
                found.extend(layer.iter().filter(|walk| counts(walk)).cloned());
                context.guard.charge(layer.iter().map(Walk::size_bytes).sum())?;
            } else if walked >= *min {
                let ended: Vec<&Walk> =
                    layer.iter().filter(|walk| counts(walk)).filter(|walk| chosen.takes(walk)).collect();
                if give(plan, &batch, &ended, sink)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
            if walked >= *min {
                chosen.prune(&mut layer);
            }
            if layer.is_empty() || max.is_some_and(|max| walked >= max) {
                break;
            }
            walked += 1;
            layer = grow(plan, &batch, layer, context)?;
            let mut grown = Charged::new(context.guard);
            grown.add(layer.iter().map(Walk::size_bytes).sum())?;
            layer_charged = grown;
        }
        drop(layer_charged);
        found.sort_by_key(|walk| walk.relationships.len());
        let ended: Vec<&Walk> = found.iter().filter(|walk| chosen.takes(walk)).collect();
        give(plan, &batch, &ended, sink)
    })
}

/// Chooses among walks whose times differ in length, under WALK: the shortest grow first, so that each is come by in its turn, and those
/// that stand where enough others have stood need not grow, however often the pattern was walked until there.
fn run_by_length(
    plan: &PhysicalPlan,
    batch: &Batch,
    starts: Vec<Walk>,
    targets: Option<&[u32]>,
    mut chosen: Chosen,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::ExpandQuantified { min, max, .. } = &plan.operator else {
        unreachable!("called by a quantified pattern")
    };
    let mut waiting: BTreeMap<usize, Vec<Walk>> = BTreeMap::from([(0, starts)]);
    while let Some((_, mut layer)) = waiting.pop_first() {
        chosen.prune(&mut layer);
        let counts =
            |walk: &Walk| walk.times >= *min && targets.is_none_or(|targets| targets[walk.row as usize] == walk.node);
        let ended: Vec<&Walk> = layer.iter().filter(|walk| counts(walk)).filter(|walk| chosen.takes(walk)).collect();
        if give(plan, batch, &ended, sink)? == Flow::Stop {
            return Ok(Flow::Stop);
        }
        layer.retain(|walk| max.is_none_or(|max| walk.times < max));
        if layer.is_empty() {
            continue;
        }
        let grown = grow(plan, batch, layer, context)?;
        context.guard.charge(grown.iter().map(Walk::size_bytes).sum())?;
        for walk in grown {
            waiting.entry(walk.relationships.len()).or_default().push(walk);
        }
    }
    Ok(Flow::Continue)
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
            let mut walk = Walk { node: node.0, times: before.times.saturating_add(1), ..before.clone() };
            let mut more = Vec::new();
            for slot in relationships {
                add_relationships(&found.value(*slot, place), &mut more);
            }
            // The pattern is read from its first node, the walk may go from its last.
            if *reversed {
                more.reverse();
            }
            walk.relationships.append(&mut more);
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
                // Over a single relationship there and back the walk would repeat it.
                let repeats = || walk.relationships[..place].contains(relationship);
                let closes = mode == PathMode::Simple && place == last && node == walk.start && !repeats();
                met.insert(node) || closes
            })
        }
    }
}

/// The row, the node, and what else tells apart how walks may go on: the relationship that they began with, or how often they were walked.
type Place = (u32, u32, u32);

/// Which of the walks between two ends are given.
struct Chosen {
    selector: Option<PathSelector>,
    /// Whether walks come in no order of length, so that all must be there before one is taken.
    waits: bool,
    /// Whether walks grow by their length.
    by_length: bool,
    pruning: Pruning,
    /// For each row and end, how many walks or lengths were given, and the last length.
    had: FxHashMap<Place, (u32, usize)>,
    /// For each row and node, how many walks or lengths have stood there, and the last length.
    met: FxHashMap<Place, (u32, usize)>,
}

/// Which walks need not grow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pruning {
    /// None can be told.
    None,
    /// Those that stand where so many others have stood that as many are there to go on from: walks under WALK go on alike.
    Full {
        /// How many.
        count: u32,
        /// Whether lengths are counted instead of walks.
        groups: bool,
        /// Whether walks that began with different relationships are counted apart: under TRAIL the way back to the start is one that
        /// does not begin as it ends, and it comes by nodes that have a shorter way.
        by_first: bool,
    },
    /// The same where times differ in length: walks that were not walked often enough, or could be walked too often, are counted apart.
    FullByTimes {
        /// How many.
        count: u32,
        /// Whether lengths are counted instead of walks.
        groups: bool,
        /// From how many times on walks go on alike.
        alike_from: u32,
    },
}

/// Says whether a plan takes relationships against their direction too.
fn goes_both_ways(plan: &PhysicalPlan) -> bool {
    let own = matches!(&plan.operator, Operator::Expand { step, .. } if step.direction == StepDirection::Both);
    own || plan.children.iter().any(goes_both_ways)
}

/// Returns how many walks or lengths a selector takes, and whether it counts lengths.
fn taken(selector: PathSelector) -> (u32, bool) {
    match selector {
        PathSelector::AnyShortest => (1, false),
        PathSelector::Any(count) | PathSelector::Shortest(count) => (count, false),
        PathSelector::AllShortest => (1, true),
        PathSelector::ShortestGroups(count) => (count, true),
    }
}

impl Chosen {
    fn new(plan: &PhysicalPlan) -> Self {
        let Operator::ExpandQuantified { selector, min, max, mode, even, relationships, .. } = &plan.operator else {
            unreachable!("called by a quantified pattern")
        };
        let by_length = selector.is_some() && *mode == PathMode::Walk && !even;
        let pruning = match selector.map(taken) {
            Some((count, groups)) if by_length => {
                Pruning::FullByTimes { count, groups, alike_from: max.unwrap_or(*min) }
            }
            Some((count, groups)) if *mode == PathMode::Walk && *even => {
                Pruning::Full { count, groups, by_first: false }
            }
            // A shortest walk of single relationships has no shorter way to where it comes by, so under TRAIL none repeats.
            Some((1, groups)) if *mode == PathMode::Trail && *even && relationships.len() == 1 && *min <= 1 => {
                let by_first = *min == 1 && goes_both_ways(&plan.children[1]);
                Pruning::Full { count: 1, groups: groups || *min == 1, by_first }
            }
            _ => Pruning::None,
        };
        let waits = selector.is_some() && !even;
        Chosen { selector: *selector, waits, by_length, pruning, had: FxHashMap::default(), met: FxHashMap::default() }
    }

    fn takes(&mut self, walk: &Walk) -> bool {
        let Some((count, groups)) = self.selector.map(taken) else { return true };
        is_among_first(&mut self.had, (walk.row, walk.node, 0), walk.relationships.len(), count, groups)
    }

    /// Drops walks of a layer that none of the walks to be given can come from.
    fn prune(&mut self, layer: &mut Vec<Walk>) {
        let (count, groups) = match self.pruning {
            Pruning::None => return,
            Pruning::Full { count, groups, .. } | Pruning::FullByTimes { count, groups, .. } => (count, groups),
        };
        let apart = |walk: &Walk| match self.pruning {
            Pruning::Full { by_first: true, .. } => walk.relationships.first().copied().unwrap_or(NO_ID),
            Pruning::FullByTimes { alike_from, .. } => walk.times.min(alike_from),
            Pruning::Full { .. } | Pruning::None => 0,
        };
        let met = &mut self.met;
        layer.retain(|walk| {
            is_among_first(met, (walk.row, walk.node, apart(walk)), walk.relationships.len(), count, groups)
        });
    }
}

/// Says whether a walk is among the first so many, or of the first so many lengths, at its place, and counts it.
fn is_among_first(
    met: &mut FxHashMap<Place, (u32, usize)>,
    place: Place,
    length: usize,
    count: u32,
    groups: bool,
) -> bool {
    let (number, last) = met.entry(place).or_insert((0, usize::MAX));
    let is_new = !groups || *last != length;
    let is_first = *number < count || (!is_new && *number == count);
    if is_first {
        *number += u32::from(is_new);
        *last = length;
    }
    is_first
}

fn give(plan: &PhysicalPlan, batch: &Batch, walks: &[&Walk], sink: &mut Sink<'_>) -> Result<Flow, ExecutionError> {
    let Operator::ExpandQuantified { to, into, groups, once, walked, reversed, .. } = &plan.operator else {
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
        let column = match once {
            true => {
                Column::from_values(walks.iter().map(|walk| walk.groups[group].first().cloned().unwrap_or_default()))
            }
            false => Column::Any(walks.iter().map(|walk| Value::list(walk.groups[group].clone())).collect()),
        };
        given.set(*outer, column);
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
