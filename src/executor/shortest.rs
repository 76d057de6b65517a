//! Shortest paths: breadth first from one end, from both where both are known; every shortest path or the k shortest.
//!
//! A breadth-first search keeps for each node met the relationships over which a shortest path comes to it; paths are read off
//! backwards. With both ends known the search goes on from the side whose frontier is smaller and stops where they meet.

use rustc_hash::FxHashMap;

use crate::binder::bound::{PathMode, PathSelector};
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::vector::{Batch, Bitmap, NO_ID};

use super::context::{Context, Flow, Sink};
use super::expand::node_ids;
use super::expand_variable::{WalkBounds, admits};
use super::flood::{insert, path_between};
use super::guard::Charged;
use super::walk::{Taken, WalkedRows, Walker};
use super::{ExecutionError, Guard, run};

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
            // There may be more paths than there is time or room for: each is handed on as soon as it is read off.
            let mut give = |path: &[Taken]| {
                context.guard.tick(path.len())?;
                let end = path.last().map_or(start, |taken| taken.node);
                rows.push(row, end, path.iter().map(|taken| taken.relationship));
                if rows.is_full() { rows.give(&batch, sink) } else { Ok(Flow::Continue) }
            };
            if find(&mut walker, row, Ends { start, target }, bounds, *selector, &mut give)? == Flow::Stop {
                return Ok(Flow::Stop);
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

/// What takes the paths found, one by one.
type PathSink<'a> = dyn FnMut(&[Taken]) -> Result<Flow, ExecutionError> + 'a;

fn find(
    walker: &mut Walker<'_>,
    row: u32,
    ends: Ends,
    bounds: WalkBounds,
    selector: PathSelector,
    give: &mut PathSink<'_>,
) -> Result<Flow, ExecutionError> {
    let (all, count, groups) = match selector {
        PathSelector::AnyShortest | PathSelector::Any(1) | PathSelector::Shortest(1) => (false, 1, false),
        PathSelector::AllShortest | PathSelector::ShortestGroups(1) => (true, 1, true),
        PathSelector::Any(count) | PathSelector::Shortest(count) => (false, count, false),
        PathSelector::ShortestGroups(count) => (true, count, true),
    };
    // A breadth-first search finds the shortest paths unless more is asked: further lengths, a least length, a circle.
    let is_plain = count == 1 && bounds.min <= 1 && ends.target != Some(ends.start);
    if count == 1 && bounds.min == 1 && ends.target == Some(ends.start) {
        return circles(walker, row, ends.start, bounds, all, give);
    }
    if !is_plain {
        return enumerate(walker, row, ends, bounds, Wanted { count, groups }, give);
    }
    match ends.target {
        Some(target) if !all => match path_between(walker, row, ends.start, target, bounds.max)? {
            Some(path) => give(&path),
            None => Ok(Flow::Continue),
        },
        Some(target) => between(walker, row, (ends.start, target), bounds.max, give),
        None => {
            if bounds.min == 1 && circles(walker, row, ends.start, bounds, all, give)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
            match all {
                true => all_from_one(walker, row, ends.start, bounds, give),
                false => one_to_each(walker, row, ends.start, bounds, give),
            }
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
    give: &mut PathSink<'_>,
) -> Result<Flow, ExecutionError> {
    // Its length is found first, so that the search for all of them ends where there is none.
    match walker.circle_length(start, row, bounds.max)? {
        None => Ok(Flow::Continue),
        Some(length) => {
            let (ends, bounds) = (Ends { start, target: Some(start) }, WalkBounds { max: length, ..bounds });
            enumerate(walker, row, ends, bounds, Wanted { count: 1, groups: all }, give)
        }
    }
}

/// One side of a search for all shortest paths: the depth of each node met, and over which relationships it was met then.
struct Side<'a> {
    met: FxHashMap<u32, (u32, Vec<Taken>)>,
    frontier: Vec<u32>,
    depth: u32,
    charged: Charged<'a>,
}

impl<'a> Side<'a> {
    fn new(start: u32, guard: &'a Guard) -> Self {
        let met = FxHashMap::from_iter([(start, (0, Vec::new()))]);
        Side { met, frontier: vec![start], depth: 0, charged: Charged::new(guard) }
    }

    /// Goes one relationship further.
    fn advance(&mut self, walker: &mut Walker<'_>, row: u32) -> Result<(), ExecutionError> {
        self.depth += 1;
        let (mut next, mut steps) = (Vec::new(), Vec::new());
        const MET_BYTES: usize = size_of::<(u32, (u32, Vec<Taken>))>() + 4 * size_of::<Taken>();
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
                    Some((depth, from)) if *depth == self.depth => from.push(came),
                    Some(_) => {}
                }
            }
        }
        self.frontier = next;
        self.charged.add(self.frontier.len() * MET_BYTES)
    }

    /// Hands on the ways from this side's start to a node, in walking order, each step with the node that it leads to.
    fn ways(&self, node: u32, give: &mut PathSink<'_>) -> Result<Flow, ExecutionError> {
        let Some((depth, _)) = self.met.get(&node) else { return Ok(Flow::Continue) };
        let mut way = vec![Taken { node, relationship: NO_ID }; *depth as usize];
        // The nodes on the way back, each with which of the relationships that came to it is next: a way may be as long as there are
        // nodes, too long for a recursion.
        let mut back: Vec<(u32, usize)> = vec![(node, 0)];
        while let Some((at, next)) = back.last_mut() {
            let (depth, from) = &self.met[&*at];
            let Some(place) = depth.checked_sub(1) else {
                back.pop();
                if give(&way)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
                continue;
            };
            match from.get(*next) {
                Some(came) => {
                    way[place as usize] = Taken { node: *at, relationship: came.relationship };
                    *next += 1;
                    back.push((came.node, 0));
                }
                None => {
                    back.pop();
                }
            }
        }
        Ok(Flow::Continue)
    }
}

/// Finds every shortest way to each node that can be reached.
fn all_from_one(
    walker: &mut Walker<'_>,
    row: u32,
    start: u32,
    bounds: WalkBounds,
    give: &mut PathSink<'_>,
) -> Result<Flow, ExecutionError> {
    let mut side = Side::new(start, walker.guard());
    if bounds.min == 0 && give(&[])? == Flow::Stop {
        return Ok(Flow::Stop);
    }
    while !side.frontier.is_empty() && side.depth < bounds.max {
        side.advance(walker, row)?;
        for node in &side.frontier {
            if side.ways(*node, give)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
    }
    Ok(Flow::Continue)
}

/// Finds one shortest way to each node that can be reached.
fn one_to_each(
    walker: &mut Walker<'_>,
    row: u32,
    start: u32,
    bounds: WalkBounds,
    give: &mut PathSink<'_>,
) -> Result<Flow, ExecutionError> {
    if bounds.min == 0 && give(&[])? == Flow::Stop {
        return Ok(Flow::Stop);
    }
    let mut met = Bitmap::new(walker.node_limit().max(start as usize + 1));
    met.insert(start as usize);
    // The steps taken, in order of meeting, each with the place of the one before it.
    let mut order = vec![(0_u32, Taken { node: start, relationship: NO_ID })];
    let mut charged = Charged::new(walker.guard());
    let (mut steps, mut way) = (Vec::new(), Vec::new());
    let (mut level, mut depth) = (0..1, 0);
    while !level.is_empty() && depth < bounds.max {
        depth += 1;
        for place in level.clone() {
            steps.clear();
            walker.steps(order[place].1.node, row, &mut steps)?;
            let new = steps.iter().filter(|taken| insert(&mut met, taken.node));
            order.extend(new.map(|taken| (place as u32, *taken)));
        }
        level = level.end..order.len();
        charged.add(level.len() * size_of::<(u32, Taken)>())?;
        for last in level.clone() {
            way.clear();
            let mut place = last;
            while place > 0 {
                way.push(order[place].1);
                place = order[place].0 as usize;
            }
            way.reverse();
            if give(&way)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
    }
    Ok(Flow::Continue)
}

fn between(
    walker: &mut Walker<'_>,
    row: u32,
    (start, target): (u32, u32),
    max: u32,
    give: &mut PathSink<'_>,
) -> Result<Flow, ExecutionError> {
    let mut back = walker.reversed();
    let (mut left, mut right) = (Side::new(start, walker.guard()), Side::new(target, walker.guard()));
    loop {
        if left.frontier.is_empty() || right.frontier.is_empty() || left.depth + right.depth >= max {
            return Ok(Flow::Continue);
        }
        let from_left = left.frontier.len() <= right.frontier.len();
        let (near, far, steps) =
            if from_left { (&mut left, &mut right, &mut *walker) } else { (&mut right, &mut left, &mut back) };
        near.advance(steps, row)?;
        // Every shortest path crosses the new frontier once, at a node that the other side met at its own last depth or before.
        let meets: Vec<u32> = near.frontier.iter().copied().filter(|node| far.met.contains_key(node)).collect();
        if meets.is_empty() {
            continue;
        }
        let depth_of = |node: &u32| far.met.get(node).map_or(u32::MAX, |(depth, _)| *depth);
        let least = meets.iter().map(depth_of).min().unwrap_or(0);
        let mut meets: Vec<u32> = meets.into_iter().filter(|node| depth_of(node) == least).collect();
        meets.sort_unstable();
        for node in meets {
            let flow = left.ways(node, &mut |way| right.ways(node, &mut |back| give(&join(way, back, target))))?;
            if flow == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        return Ok(Flow::Continue);
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

/// How many paths are wanted of each end, or how many lengths.
#[derive(Clone, Copy)]
struct Wanted {
    count: u32,
    groups: bool,
}

/// Finds paths by ever greater length, until for each end enough lengths or paths are found.
fn enumerate(
    walker: &mut Walker<'_>,
    row: u32,
    ends: Ends,
    bounds: WalkBounds,
    wanted: Wanted,
    give: &mut PathSink<'_>,
) -> Result<Flow, ExecutionError> {
    let mode = if bounds.mode == PathMode::Walk && bounds.max == u32::MAX { PathMode::Trail } else { bounds.mode };
    // For each end, how many paths (or lengths) it has, and the last length found.
    let mut had: FxHashMap<u32, (u32, usize)> = FxHashMap::default();
    let mut layer: Vec<(PathFound, bool)> = vec![(Vec::new(), true)];
    let mut layer_charged = Charged::new(walker.guard());
    let mut steps = Vec::new();
    for length in 0..=bounds.max as usize {
        for (path, _) in &layer {
            let end = path.last().map_or(ends.start, |taken| taken.node);
            if length < bounds.min as usize || ends.target.is_some_and(|target| target != end) {
                continue;
            }
            let (number, last) = had.entry(end).or_insert((0, usize::MAX));
            let is_new = !wanted.groups || *last != length;
            if *number < wanted.count || (!is_new && *number == wanted.count) {
                *number += u32::from(is_new);
                *last = length;
                if give(path)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        let has_enough = |target: u32| had.get(&target).is_some_and(|(number, _)| *number >= wanted.count);
        if ends.target.is_some_and(has_enough) || length == bounds.max as usize {
            break;
        }
        let (mut next, mut next_charged) = (Vec::new(), Charged::new(walker.guard()));
        for (path, goes_on) in &layer {
            if !goes_on {
                continue;
            }
            steps.clear();
            walker.steps(path.last().map_or(ends.start, |taken| taken.node), row, &mut steps)?;
            walker.guard().tick(steps.len() * path.len())?;
            next_charged.add(steps.len() * (size_of::<(PathFound, bool)>() + (length + 1) * size_of::<Taken>()))?;
            for taken in &steps {
                if let Some(goes_on) = admits(path, ends.start, *taken, mode) {
                    let mut longer = Vec::with_capacity(length + 1);
                    longer.extend_from_slice(path);
                    longer.push(*taken);
                    next.push((longer, goes_on));
                }
            }
        }
        if next.is_empty() {
            break;
        }
        (layer, layer_charged) = (next, next_charged);
    }
    drop(layer_charged);
    Ok(Flow::Continue)
}
