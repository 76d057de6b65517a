//! Shortest paths: breadth first from one end, from both where both are known; every shortest path or the k shortest.
//!
//! A breadth-first search keeps for each node met the relationships over which a shortest path comes to it; paths are read off
//! backwards. With both ends known the search goes on from the side whose frontier is smaller and stops where they meet.

use rustc_hash::FxHashMap;

use crate::binder::bound::{PathMode, PathSelector};
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::vector::{Batch, NO_ID};

use super::context::{Context, Flow, Sink};
use super::expand::node_ids;
use super::expand_variable::{WalkBounds, admits};
use super::flood::path_between;
use super::walk::{Taken, WalkedRows, Walker};
use super::{ExecutionError, run};

pub(super) fn run_shortest(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::ExpandVariable { step, into, min, max, predicate, mode, selector: Some(selector), reversed, .. } =
        &plan.operator
    else {
        unreachable!("a shortest path is run as one")
    };
    let bounds = WalkBounds { min: *min, max: max.unwrap_or(u32::MAX), mode: *mode };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        let mut walker = Walker::new(step, predicate.as_ref(), &snapshot, &batch, context);
        let mut rows = WalkedRows::new(step, &plan.live, *into, *reversed);
        let targets = if *into { Some(node_ids(&batch, step.to)) } else { None };
        for (row, start) in node_ids(&batch, step.from).into_iter().enumerate() {
            let target = targets.as_ref().map(|targets| targets[row]);
            if start == NO_ID || target == Some(NO_ID) {
                continue;
            }
            let row = row as u32;
            let paths = find(&mut walker, row, Ends { start, target }, bounds, *selector)?;
            for path in paths {
                let end = path.last().map_or(start, |taken| taken.node);
                rows.push(row, end, path.iter().map(|taken| taken.relationship));
                if rows.is_full() && rows.give(&batch, sink)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        rows.give(&batch, sink)
    })
}

/// Where paths begin, and where they must end if that is known.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    start: u32,
    target: Option<u32>,
}

type PathFound = Vec<Taken>;

fn find(
    walker: &mut Walker<'_>,
    row: u32,
    ends: Ends,
    bounds: WalkBounds,
    selector: PathSelector,
) -> Result<Vec<PathFound>, ExecutionError> {
    let (all, count, groups) = match selector {
        PathSelector::AnyShortest | PathSelector::Any(1) | PathSelector::Shortest(1) => (false, 1, false),
        PathSelector::AllShortest | PathSelector::ShortestGroups(1) => (true, 1, true),
        PathSelector::Any(count) | PathSelector::Shortest(count) => (false, count, false),
        PathSelector::ShortestGroups(count) => (true, count, true),
    };
    // A breadth-first search finds the shortest paths unless more is asked: further lengths, a least length, a circle.
    let is_plain = count == 1 && bounds.min <= 1 && ends.target != Some(ends.start);
    if count == 1 && bounds.min == 1 && ends.target == Some(ends.start) {
        return circles(walker, row, ends.start, bounds, all);
    }
    if !is_plain {
        return enumerate(walker, row, ends, bounds, count, groups);
    }
    match ends.target {
        Some(target) if !all => Ok(path_between(walker, row, ends.start, target, bounds.max)?.into_iter().collect()),
        Some(target) => between(walker, row, ends.start, target, bounds.max),
        None => {
            let mut found = if bounds.min == 1 { circles(walker, row, ends.start, bounds, all)? } else { Vec::new() };
            found.append(&mut from_one(walker, row, ends.start, bounds, all)?);
            Ok(found)
        }
    }
}

/// Finds the shortest ways back to where they began.
fn circles(
    walker: &mut Walker<'_>,
    row: u32,
    start: u32,
    bounds: WalkBounds,
    all: bool,
) -> Result<Vec<PathFound>, ExecutionError> {
    // Its length is found first, so that the search for all of them ends where there is none.
    match walker.circle_length(start, row, bounds.max)? {
        None => Ok(Vec::new()),
        Some(length) => {
            let (ends, bounds) = (Ends { start, target: Some(start) }, WalkBounds { max: length, ..bounds });
            enumerate(walker, row, ends, bounds, 1, all)
        }
    }
}

/// One side of a breadth-first search: the depth of each node met, and over which relationships it was met first.
struct Side {
    met: FxHashMap<u32, (u32, Vec<Taken>)>,
    frontier: Vec<u32>,
    depth: u32,
}

impl Side {
    fn new(start: u32) -> Self {
        Side { met: FxHashMap::from_iter([(start, (0, Vec::new()))]), frontier: vec![start], depth: 0 }
    }

    /// Goes one relationship further; `came` holds from where each node was met, one or all.
    fn advance(&mut self, walker: &mut Walker<'_>, row: u32, all: bool) -> Result<(), ExecutionError> {
        self.depth += 1;
        let (mut next, mut steps) = (Vec::new(), Vec::new());
        for node in std::mem::take(&mut self.frontier) {
            steps.clear();
            walker.steps(node, row, &mut steps)?;
            for taken in &steps {
                let came = Taken { node, relationship: taken.relationship };
                match self.met.get_mut(&taken.node) {
                    None => {
                        self.met.insert(taken.node, (self.depth, vec![came]));
                        next.push(taken.node);
                    }
                    Some((depth, from)) if all && *depth == self.depth => from.push(came),
                    Some(_) => {}
                }
            }
        }
        self.frontier = next;
        Ok(())
    }

    /// Returns the ways from this side's start to a node, in walking order, each step with the node that it leads to.
    fn ways(&self, node: u32, all: bool) -> Vec<PathFound> {
        let Some((depth, from)) = self.met.get(&node) else { return Vec::new() };
        if *depth == 0 {
            return vec![Vec::new()];
        }
        let mut ways = Vec::new();
        for came in from.iter().take(if all { usize::MAX } else { 1 }) {
            for mut way in self.ways(came.node, all) {
                way.push(Taken { node, relationship: came.relationship });
                ways.push(way);
            }
        }
        ways
    }
}

fn from_one(
    walker: &mut Walker<'_>,
    row: u32,
    start: u32,
    bounds: WalkBounds,
    all: bool,
) -> Result<Vec<PathFound>, ExecutionError> {
    let mut side = Side::new(start);
    let mut found = if bounds.min == 0 { vec![Vec::new()] } else { Vec::new() };
    while !side.frontier.is_empty() && side.depth < bounds.max {
        side.advance(walker, row, all)?;
        for node in &side.frontier {
            found.extend(side.ways(*node, all));
        }
    }
    Ok(found)
}

fn between(
    walker: &mut Walker<'_>,
    row: u32,
    start: u32,
    target: u32,
    max: u32,
) -> Result<Vec<PathFound>, ExecutionError> {
    let mut back = walker.reversed();
    let (mut left, mut right) = (Side::new(start), Side::new(target));
    loop {
        if left.frontier.is_empty() || right.frontier.is_empty() || left.depth + right.depth >= max {
            return Ok(Vec::new());
        }
        let from_left = left.frontier.len() <= right.frontier.len();
        let (near, far, steps) =
            if from_left { (&mut left, &mut right, &mut *walker) } else { (&mut right, &mut left, &mut back) };
        near.advance(steps, row, true)?;
        // Every shortest path crosses the new frontier once, at a node that the other side met at its own last depth or before.
        let meets: Vec<u32> = near.frontier.iter().copied().filter(|node| far.met.contains_key(node)).collect();
        if meets.is_empty() {
            continue;
        }
        let depth_of = |node: &u32| far.met.get(node).map_or(u32::MAX, |(depth, _)| *depth);
        let least = meets.iter().map(depth_of).min().unwrap_or(0);
        let mut meets: Vec<u32> = meets.into_iter().filter(|node| depth_of(node) == least).collect();
        meets.sort_unstable();
        let mut found = Vec::new();
        for node in meets {
            for way in left.ways(node, true) {
                for back in right.ways(node, true) {
                    found.push(join(&way, &back, target));
                }
            }
        }
        return Ok(found);
    }
}

/// Appends a way from the target to the meeting node, turned around.
fn join(way: &[Taken], back: &[Taken], target: u32) -> PathFound {
    let mut path = way.to_vec();
    for place in (0..back.len()).rev() {
        let node = if place == 0 { target } else { back[place - 1].node };
        path.push(Taken { node, relationship: back[place].relationship });
    }
    path
}

/// Finds paths by ever greater length, until for each end enough lengths or paths are found.
fn enumerate(
    walker: &mut Walker<'_>,
    row: u32,
    ends: Ends,
    bounds: WalkBounds,
    count: u32,
    groups: bool,
) -> Result<Vec<PathFound>, ExecutionError> {
    let mode = if bounds.mode == PathMode::Walk && bounds.max == u32::MAX { PathMode::Trail } else { bounds.mode };
    let mut found: Vec<PathFound> = Vec::new();
    // For each end, how many paths (or lengths) it has, and the last length found.
    let mut had: FxHashMap<u32, (u32, usize)> = FxHashMap::default();
    let mut layer: Vec<(PathFound, bool)> = vec![(Vec::new(), true)];
    let mut steps = Vec::new();
    for length in 0..=bounds.max as usize {
        for (path, _) in &layer {
            let end = path.last().map_or(ends.start, |taken| taken.node);
            if length < bounds.min as usize || ends.target.is_some_and(|target| target != end) {
                continue;
            }
            let (number, last) = had.entry(end).or_insert((0, usize::MAX));
            let is_new = !groups || *last != length;
            if *number < count || (!is_new && *number == count) {
                *number += u32::from(is_new);
                *last = length;
                found.push(path.clone());
            }
        }
        let is_done = ends.target.is_some_and(|target| had.get(&target).is_some_and(|(number, _)| *number >= count));
        if is_done || length == bounds.max as usize {
            break;
        }
        let mut next = Vec::new();
        for (path, goes_on) in layer {
            if !goes_on {
                continue;
            }
            steps.clear();
            walker.steps(path.last().map_or(ends.start, |taken| taken.node), row, &mut steps)?;
            for taken in &steps {
                if let Some(goes_on) = admits(&path, ends.start, *taken, mode) {
                    let mut longer = path.clone();
                    longer.push(*taken);
                    next.push((longer, goes_on));
                }
            }
        }
        if next.is_empty() {
            break;
        }
        layer = next;
    }
    Ok(found)
}
