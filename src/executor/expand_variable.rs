//! Chains of relationships of variable length, every walk of them: depth first, with the walk's own relationships at hand.

use crate::binder::bound::PathMode;
use crate::planner::physical::{Operator, PhysicalPlan};
use crate::planner::shortcut::WAY_BACK;
use crate::vector::{Batch, NO_ID};

use super::context::{Context, Flow, Sink};
use super::expand::node_ids;
use super::flood::reached;
use super::walk::{Taken, WalkedRows, Walker};
use super::way_back::{WayBack, WaysBack};
use super::{ExecutionError, run};

/// How long walks may be, which count, and where they must end.
#[derive(Clone, Copy)]
pub(super) struct WalkBounds {
    /// The least number of relationships.
    pub min: u32,
    /// The greatest number.
    pub max: u32,
    /// Which walks count.
    pub mode: PathMode,
}

pub(super) fn run_expand_variable(
    plan: &PhysicalPlan,
    argument: &Batch,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Flow, ExecutionError> {
    let Operator::ExpandVariable { step, into, min, max, predicate, mode, distinct_ends, reversed, .. } =
        &plan.operator
    else {
        unreachable!("a chain is run as a chain")
    };
    let bounds = WalkBounds { min: *min, max: max.unwrap_or(u32::MAX), mode: *mode };
    run(plan.input(), argument, context, &mut |batch: Batch| {
        let snapshot = context.graph();
        let mut walker = Walker::new(step, predicate.as_ref(), &snapshot, &batch, context);
        let mut rows = WalkedRows::new(step, &plan.live, *into, *reversed);
        let targets = if *into { Some(node_ids(&batch, step.to)) } else { None };
        let mut ways_back = WaysBack::new(&walker, max.filter(|_| *into && context.has(WAY_BACK)));
        for (row, start) in node_ids(&batch, step.from).into_iter().enumerate() {
            let target = targets.as_ref().map(|targets| targets[row]);
            if start == NO_ID || target == Some(NO_ID) {
                continue;
            }
            let mut flow = Flow::Continue;
            let row = row as u32;
            let ends_only = target.is_none() && !rows.wants_lists();
            let mut give = |end: u32, walk: &[Taken], sink: &mut Sink<'_>| {
                if target.is_none_or(|target| target == end) {
                    rows.push(row, end, walk.iter().map(|taken| taken.relationship));
                }
                if rows.is_full() { rows.give(&batch, sink) } else { Ok(Flow::Continue) }
            };
            if *distinct_ends && bounds.min <= 1 && *mode == PathMode::Trail {
                let ends = reachable(&mut walker, start, row, bounds)?;
                if ends_only {
                    for ends in ends.chunks(Batch::TARGET_ROWS * 2) {
                        rows.push_ends(row, ends);
                        if rows.is_full() {
                            flow = rows.give(&batch, sink)?;
                        }
                        if flow == Flow::Stop {
                            break;
                        }
                    }
                } else {
                    for end in ends {
                        flow = give(end, &[], sink)?;
                        if flow == Flow::Stop {
                            break;
                        }
                    }
                }
            } else {
                let way_back = match target {
                    Some(target) => ways_back.to(target)?,
                    None => None,
                };
                walk(&mut walker, (start, row), bounds, way_back, &mut |end, walk| {
                    flow = give(end, walk, sink)?;
                    Ok(flow)
                })?;
            }
            if flow == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        rows.give(&batch, sink)
    })
}

/// What takes walks: the end of each, and its steps.
type WalkSink<'a> = dyn FnMut(u32, &[Taken]) -> Result<Flow, ExecutionError> + 'a;

/// Gives every walk from `start` that counts, with its end.
fn walk(
    walker: &mut Walker<'_>,
    (start, row): (u32, u32),
    bounds: WalkBounds,
    way_back: Option<&WayBack>,
    found: &mut WalkSink<'_>,
) -> Result<(), ExecutionError> {
    let mut path: Vec<Taken> = Vec::new();
    if bounds.min == 0 && found(start, &path)? == Flow::Stop {
        return Ok(());
    }
    if bounds.max == 0 {
        return Ok(());
    }
    // For each depth, the steps that can be taken there and how many of them have been.
    let mut stack: Vec<(Vec<Taken>, usize)> = Vec::new();
    let mut steps = Vec::new();
    walker.steps(start, row, &mut steps)?;
    stack.push((steps, 0));
    while let Some((steps, next)) = stack.last_mut() {
        let Some(taken) = steps.get(*next).copied() else {
            stack.pop();
            path.pop();
            continue;
        };
        *next += 1;
        let length = path.len() as u32 + 1;
        if way_back.is_some_and(|way_back| !way_back.may_reach(taken.node, bounds.max - length)) {
            continue;
        }
        let Some(goes_on) = admits(&path, start, taken, bounds.mode) else { continue };
        path.push(taken);
        if length >= bounds.min && found(taken.node, &path)? == Flow::Stop {
            return Ok(());
        }
        if length < bounds.max && goes_on {
            let mut steps = Vec::new();
            walker.steps(taken.node, row, &mut steps)?;
            stack.push((steps, 0));
        } else {
            path.pop();
        }
    }
    Ok(())
}

/// Says whether a walk may take a step, and if so whether it may go on after it.
pub(super) fn admits(path: &[Taken], start: u32, taken: Taken, mode: PathMode) -> Option<bool> {
    let visited = || path.iter().any(|before| before.node == taken.node);
    match mode {
        PathMode::Walk => Some(true),
        PathMode::Trail => {
            let repeats = path.iter().any(|before| before.relationship == taken.relationship);
            (!repeats).then_some(true)
        }
        PathMode::Acyclic => (taken.node != start && !visited()).then_some(true),
        PathMode::Simple if taken.node == start => {
            // Over a single relationship there and back the walk would repeat it.
            let repeats = path.iter().any(|before| before.relationship == taken.relationship);
            (!repeats).then_some(false)
        }
        PathMode::Simple => (!visited()).then_some(true),
    }
}

/// Returns the distinct ends of the walks from a node: whoever is reached by any walk is reached by one without a repetition, except
/// for the start itself, to which a walk there and back does not count.
fn reachable(walker: &mut Walker<'_>, start: u32, row: u32, bounds: WalkBounds) -> Result<Vec<u32>, ExecutionError> {
    let mut ends = reached(walker, start, row, bounds.max)?;
    // Against a direction nobody walks back, so that a directed search finds the way back by itself.
    let is_found = walker.is_directed() && ends.contains(&start);
    if !is_found
        && (bounds.min == 0 || (!walker.is_directed() && walker.circle_length(start, row, bounds.max)?.is_some()))
    {
        ends.push(start);
    }
    Ok(ends)
}
